/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-http"

#include "cloud-http-headers.h"

#include <string.h>

/* The header fields of a request or an answer. */

typedef struct
{
  char *name;
  char *value;
} Field;

struct _CloudHttpHeaders
{
  GArray *fields;
};

/* Fields whose value is no list: joining two of them would make a third thing. */
static const char *const singletons[] = {
  "age",  "content-length", "content-location", "content-range", "content-type", "date",          "etag",       "expires",
  "host", "last-modified",  "location",         "retry-after",   "server",       "authorization", "user-agent", NULL,
};

static void
field_clear (gpointer data)
{
  Field *field = data;

  g_free (field->name);
  g_free (field->value);
}

static Field *
find (const CloudHttpHeaders *self, const char *name)
{
  for (guint i = 0; i < self->fields->len; i++)
    {
      Field *field = &g_array_index (self->fields, Field, i);

      if (g_ascii_strcasecmp (field->name, name) == 0)
        return field;
    }
  return NULL;
}

CloudHttpHeaders *
cloud_http_headers_new (void)
{
  CloudHttpHeaders *self = g_new0 (CloudHttpHeaders, 1);

  self->fields = g_array_new (FALSE, FALSE, sizeof (Field));
  g_array_set_clear_func (self->fields, field_clear);
  return self;
}

static void
append (CloudHttpHeaders *self, const char *name, const char *value)
{
  Field field = { g_strdup (name), g_strdup (value) };

  g_array_append_val (self->fields, field);
}

CloudHttpHeaders *
cloud_http_headers_copy (const CloudHttpHeaders *self)
{
  CloudHttpHeaders *copy = cloud_http_headers_new ();

  for (guint i = 0; i < self->fields->len; i++)
    append (copy, cloud_http_headers_get_name (self, i), cloud_http_headers_get_value (self, i));
  return copy;
}

void
cloud_http_headers_free (CloudHttpHeaders *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->fields);
  g_free (self);
}

guint
cloud_http_headers_get_n (const CloudHttpHeaders *self)
{
  return self->fields->len;
}

const char *
cloud_http_headers_get_name (const CloudHttpHeaders *self, guint index)
{
  return g_array_index (self->fields, Field, index).name;
}

const char *
cloud_http_headers_get_value (const CloudHttpHeaders *self, guint index)
{
  return g_array_index (self->fields, Field, index).value;
}

const char *
cloud_http_headers_get (const CloudHttpHeaders *self, const char *name)
{
  Field *field = find (self, name);

  return field != NULL ? field->value : NULL;
}

void
cloud_http_headers_set (CloudHttpHeaders *self, const char *name, const char *value)
{
  cloud_http_headers_remove (self, name);
  append (self, name, value);
}

void
cloud_http_headers_remove (CloudHttpHeaders *self, const char *name)
{
  for (guint i = self->fields->len; i > 0; i--)
    if (g_ascii_strcasecmp (g_array_index (self->fields, Field, i - 1).name, name) == 0)
      g_array_remove_index (self->fields, i - 1);
}

void
cloud_http_headers_add (CloudHttpHeaders *self, const char *name, const char *value)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);
  Field *there;
  char *joined;

  if (strcmp (lower, "set-cookie") == 0 || strcmp (lower, "set-cookie2") == 0)
    return;
  there = find (self, name);
  if (there == NULL)
    append (self, name, value);
  else if (!g_strv_contains (singletons, lower) && *value != '\0')
    {
      joined = *there->value == '\0' ? g_strdup (value) : g_strconcat (there->value, ", ", value, NULL);
      g_free (there->value);
      there->value = joined;
    }
}

static gboolean
is_token (const char *text)
{
  if (*text == '\0')
    return FALSE;
  for (; *text != '\0'; text++)
    if (!g_ascii_isalnum (*text) && strchr ("!#$%&'*+-.^_`|~", *text) == NULL)
      return FALSE;
  return TRUE;
}

gboolean
cloud_http_header_is_valid (const char *name, const char *value)
{
  if (!is_token (name))
    return FALSE;
  for (; *value != '\0'; value++)
    if ((guchar) *value < 0x20 && *value != '\t')
      return FALSE;
  return TRUE;
}

gboolean
cloud_http_headers_add_line (CloudHttpHeaders *self, const char *line, gsize length)
{
  g_autofree char *copy = NULL;
  char *colon;
  char *value;

  if (memchr (line, '\0', length) != NULL)
    return FALSE;
  copy = g_strndup (line, length);
  colon = strchr (copy, ':');
  if (colon == NULL)
    return FALSE;
  *colon = '\0';
  value = g_strstrip (colon + 1);
  if (!cloud_http_header_is_valid (copy, value))
    return FALSE;
  cloud_http_headers_add (self, copy, value);
  return TRUE;
}

char *
cloud_http_headers_to_text (const CloudHttpHeaders *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->fields->len; i++)
    g_string_append_printf (text, "%s: %s\n", cloud_http_headers_get_name (self, i), cloud_http_headers_get_value (self, i));
  return g_string_free (text, FALSE);
}

CloudHttpHeaders *
cloud_http_headers_from_text (const char *text)
{
  CloudHttpHeaders *self = cloud_http_headers_new ();
  g_auto (GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0')
      cloud_http_headers_add_line (self, lines[i], strlen (lines[i]));
  return self;
}

static int
compare_strings (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

GStrv
cloud_http_headers_get_tokens (const CloudHttpHeaders *self, const char *name)
{
  const char *value = cloud_http_headers_get (self, name);
  g_auto (GStrv) parts = g_strsplit (value != NULL ? value : "", ",", -1);
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();
  GStrvBuilder *builder = g_strv_builder_new ();
  GStrv tokens;

  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *token = g_strstrip (parts[i]);

      for (char *c = token; *c != '\0'; c++)
        *c = g_ascii_tolower (*c);
      if (*token != '\0')
        g_ptr_array_add (sorted, token);
    }
  g_ptr_array_sort (sorted, compare_strings);
  for (guint i = 0; i < sorted->len; i++)
    if (i == 0 || strcmp (sorted->pdata[i - 1], sorted->pdata[i]) != 0)
      g_strv_builder_add (builder, sorted->pdata[i]);
  tokens = g_strv_builder_end (builder);
  g_strv_builder_unref (builder);
  return tokens;
}

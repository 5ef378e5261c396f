/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-row.h"

#include <string.h>

/* Tables of fields. */

static gboolean
get_bit (const guint *flags, const MailerField *field)
{
  return ((*flags & field->bit) != 0) == (field->kind == MAILER_FIELD_FLAG);
}

static void
make_property (const MailerField *field, GParamSpec **pspec)
{
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  switch (field->kind)
    {
    case MAILER_FIELD_STRING:
      *pspec = g_param_spec_string (field->name, NULL, NULL, "", flags);
      break;
    case MAILER_FIELD_INT64:
      *pspec = g_param_spec_int64 (field->name, NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);
      break;
    case MAILER_FIELD_UINT:
      *pspec = g_param_spec_uint (field->name, NULL, NULL, 0, G_MAXUINT, 0, flags);
      break;
    case MAILER_FIELD_BOOLEAN:
    case MAILER_FIELD_FLAG:
    case MAILER_FIELD_NO_FLAG:
      *pspec = g_param_spec_boolean (field->name, NULL, NULL, FALSE, flags);
      break;
    }
}

void
mailer_row_make_properties (const MailerField *fields, guint n_fields, GParamSpec **props)
{
  for (guint i = 0; i < n_fields; i++)
    make_property (&fields[i], &props[i + 1]);
}

void
mailer_row_get (gconstpointer row, const MailerField *field, GValue *value)
{
  gconstpointer at = G_STRUCT_MEMBER_P (row, field->offset);

  switch (field->kind)
    {
    case MAILER_FIELD_STRING:
      g_value_set_string (value, *(const char *const *) at);
      break;
    case MAILER_FIELD_INT64:
      g_value_set_int64 (value, *(const gint64 *) at);
      break;
    case MAILER_FIELD_UINT:
      g_value_set_uint (value, *(const guint *) at);
      break;
    case MAILER_FIELD_BOOLEAN:
      g_value_set_boolean (value, *(const gboolean *) at);
      break;
    case MAILER_FIELD_FLAG:
    case MAILER_FIELD_NO_FLAG:
      g_value_set_boolean (value, get_bit (at, field));
      break;
    }
}

static gboolean
differs (gconstpointer one, gconstpointer other, const MailerField *field)
{
  gconstpointer a = G_STRUCT_MEMBER_P (one, field->offset);
  gconstpointer b = G_STRUCT_MEMBER_P (other, field->offset);

  switch (field->kind)
    {
    case MAILER_FIELD_STRING:
      return g_strcmp0 (*(const char *const *) a, *(const char *const *) b) != 0;
    case MAILER_FIELD_INT64:
      return *(const gint64 *) a != *(const gint64 *) b;
    case MAILER_FIELD_UINT:
      return *(const guint *) a != *(const guint *) b;
    case MAILER_FIELD_BOOLEAN:
      return !*(const gboolean *) a != !*(const gboolean *) b;
    case MAILER_FIELD_FLAG:
    case MAILER_FIELD_NO_FLAG:
      return get_bit (a, field) != get_bit (b, field);
    }
  return FALSE;
}

void
mailer_row_take (GObject *object, gpointer row, gconstpointer from, gsize size, const MailerField *fields, guint n_fields, GParamSpec **props)
{
  g_autofree guint8 *old = g_memdup2 (row, size);

  memcpy (row, from, size);
  for (guint i = 0; i < n_fields; i++)
    if (fields[i].kind == MAILER_FIELD_STRING)
      {
        char **text = G_STRUCT_MEMBER_P (row, fields[i].offset);

        *text = g_strdup (*text);
      }
  g_object_freeze_notify (object);
  for (guint i = 0; i < n_fields; i++)
    if (differs (old, row, &fields[i]))
      g_object_notify_by_pspec (object, props[i + 1]);
  mailer_row_clear (old, fields, n_fields);
  g_object_thaw_notify (object);
}

void
mailer_row_clear (gpointer row, const MailerField *fields, guint n_fields)
{
  for (guint i = 0; i < n_fields; i++)
    if (fields[i].kind == MAILER_FIELD_STRING)
      g_clear_pointer ((char **) G_STRUCT_MEMBER_P (row, fields[i].offset), g_free);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-guard.h"

#include <string.h>

/* Line by line over the source; nothing is copied unless something must change. */

#define MAX_ADDRESS_FIELD_BYTES (64 * 1024)
#define MAX_FIELDS 5000
#define MAX_BOUNDARY_LINES 20000

typedef struct
{
  GBytes *source;
  const char *data;
  gsize length;
  GByteArray *copy;      /* (nullable): made when the first byte must change */
  gboolean has_inner;    /* messages inside: header fields may stand anywhere */
  gboolean in_top;       /* still in the first header */
  guint n_fields;        /* in this run of header fields */
  gsize address_field;   /* where an address field started, +1; 0: not in one */
  guint n_boundaries;
  gsize cut;             /* the source ends here */
} Guard;

static char *
writable (Guard *self)
{
  if (self->copy == NULL)
    {
      self->copy = g_byte_array_sized_new (self->length);
      g_byte_array_append (self->copy, (const guint8 *) self->data, self->length);
    }
  return (char *) self->copy->data;
}

static gboolean
is_field (const char *line, gsize length, gboolean *address)
{
  static const char *const names[] = { "from", "to", "cc", "bcc", "reply-to", "sender", "resent-from", "resent-to", "resent-cc", "resent-bcc",
                                       "resent-sender", "resent-reply-to", "mail-followup-to", "disposition-notification-to" };
  const char *colon = memchr (line, ':', MIN (length, 80));
  gsize n = colon != NULL ? (gsize) (colon - line) : 0;

  *address = FALSE;
  if (n == 0)
    return FALSE;
  while (n > 0 && (line[n - 1] == ' ' || line[n - 1] == '\t'))
    n--;
  for (gsize i = 0; i < n; i++)
    if (line[i] <= ' ' || line[i] == 0x7f)
      return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    *address |= n == strlen (names[i]) && g_ascii_strncasecmp (line, names[i], n) == 0;
  return TRUE;
}

/* An address field that went on too long becomes an unknown one. */
static void
check_address_field (Guard *self, gsize end)
{
  if (self->address_field != 0 && end - self->address_field > MAX_ADDRESS_FIELD_BYTES)
    writable (self)[self->address_field - 1] = 'X';
  self->address_field = 0;
}

static void
take_field (Guard *self, gsize at, gboolean address)
{
  self->n_fields++;
  if (self->n_fields == MAX_FIELDS)
    writable (self)[at] = 'X';
  else if (self->n_fields > MAX_FIELDS)
    writable (self)[at] = ' ';
  else if (address)
    self->address_field = at + 1;
}

/* FALSE when the source is cut here. */
static gboolean
take_line (Guard *self, gsize at, gsize length)
{
  const char *line = self->data + at;
  gboolean address;

  if (length > 2 && line[0] == '-' && line[1] == '-' && ++self->n_boundaries > MAX_BOUNDARY_LINES)
    {
      self->cut = at;
      return FALSE;
    }
  if (length > 0 && (line[0] == ' ' || line[0] == '\t') && line[0] != '\r')
    return TRUE;
  check_address_field (self, at);
  if ((self->in_top || self->has_inner) && length > 0 && is_field (line, length, &address))
    {
      take_field (self, at, address);
      return TRUE;
    }
  if (length == 0 || (length == 1 && line[0] == '\r'))
    self->in_top = FALSE;
  if (!self->in_top)
    self->n_fields = 0;
  return TRUE;
}

static gboolean
mentions_inner_message (const char *data, gsize length)
{
  const char *end = data + length;

  for (const char *p = data; (p = memchr (p, '/', end - p)) != NULL; p++)
    if (p - data >= 7 && end - p > 7 && g_ascii_strncasecmp (p - 7, "message", 7) == 0)
      return TRUE;
  return FALSE;
}

GBytes *
mailer_guard_source (GBytes *source, gboolean *truncated)
{
  Guard self = { .source = source, .in_top = TRUE };
  gsize at = 0;

  self.data = g_bytes_get_data (source, &self.length);
  self.cut = self.length;
  self.has_inner = self.length > 0 && mentions_inner_message (self.data, self.length);
  while (at < self.length)
    {
      const char *eol = memchr (self.data + at, '\n', self.length - at);
      gsize length = eol != NULL ? (gsize) (eol - self.data - at) : self.length - at;

      if (!take_line (&self, at, length))
        break;
      at += length + 1;
    }
  check_address_field (&self, MIN (at, self.length));
  if (self.copy == NULL && self.cut == self.length)
    return g_bytes_ref (source);
  *truncated = TRUE;
  if (self.copy == NULL)
    return g_bytes_new_from_bytes (source, 0, self.cut);
  g_byte_array_set_size (self.copy, self.cut);
  return g_byte_array_free_to_bytes (self.copy);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Objects whose read-only properties are the fields of a struct that the store fills: a table says which property is which field, and these functions do the
 * rest: the properties themselves, taking over a newer row, telling of what differs.
 *
 * A class has such a row, a table of MailerField, and props[1...] for them in the table's order.
 *
 * Threading: as the object.  Ownership: a row that was taken over owns copies of its strings. */

typedef enum
{
  MAILER_FIELD_STRING,
  MAILER_FIELD_INT64,
  MAILER_FIELD_UINT,
  MAILER_FIELD_BOOLEAN,
  MAILER_FIELD_FLAG,    /* boolean: a bit of an unsigned number is set */
  MAILER_FIELD_NO_FLAG, /* boolean: it is not */
} MailerFieldKind;

typedef struct
{
  const char *name;
  MailerFieldKind kind;
  gsize offset;
  guint bit;
} MailerField;

#define MAILER_FIELD(name, kind, type, member) { name, MAILER_FIELD_##kind, G_STRUCT_OFFSET (type, member), 0 }
#define MAILER_FIELD_BIT(name, kind, type, member, bit) { name, MAILER_FIELD_##kind, G_STRUCT_OFFSET (type, member), bit }

/* Fills props[1] to props[@n_fields]; the class installs them. */
void mailer_row_make_properties (const MailerField *fields, guint n_fields, GParamSpec **props);
void mailer_row_get (gconstpointer row, const MailerField *field, GValue *value);
/* Makes @row (of @size bytes) what @from is, and notifies of each difference.  @row: owned strings, or all zero. */
void mailer_row_take (GObject *object, gpointer row, gconstpointer from, gsize size, const MailerField *fields, guint n_fields, GParamSpec **props);
/* Frees the strings. */
void mailer_row_clear (gpointer row, const MailerField *fields, guint n_fields);

G_END_DECLS

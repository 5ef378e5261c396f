/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-change.h"

#include "cloud-error.h"

#define FORMAT "(iuubxa(xs))"

GBytes *
mailer_change_pack (const MailerChange *self)
{
  g_auto (GVariantBuilder) places = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(xs)"));
  g_autoptr (GVariant) whole = NULL;

  for (guint i = 0; i < self->targets->len; i++)
    {
      const MailerTarget *target = &g_array_index (self->targets, MailerTarget, i);

      g_variant_builder_add (&places, "(xs)", target->location, target->message_id);
    }
  whole = g_variant_ref_sink (
      g_variant_new (FORMAT, (gint32) self->action, (guint32) self->add, (guint32) self->remove, self->moves, self->target, &places));
  return g_variant_get_data_as_bytes (whole);
}

gboolean
mailer_change_unpack (GBytes *payload, MailerChange *self, GError **error)
{
  g_autoptr (GVariant) whole = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (FORMAT), payload, FALSE));
  g_autoptr (GVariantIter) places = NULL;
  MailerTarget target = { 0 };
  gint32 action;
  guint32 add, remove;

  if (!g_variant_is_normal_form (whole))
    {
      g_set_error_literal (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "The journal's note of this change cannot be read");
      return FALSE;
    }
  g_variant_get (whole, FORMAT, &action, &add, &remove, &self->moves, &self->target, &places);
  self->action = action;
  self->add = add;
  self->remove = remove;
  self->targets = g_array_new (FALSE, FALSE, sizeof (MailerTarget));
  g_array_set_clear_func (self->targets, (GDestroyNotify) mailer_target_clear);
  while (g_variant_iter_next (places, "(xs)", &target.location, &target.message_id))
    g_array_append_val (self->targets, target);
  return TRUE;
}

void
mailer_change_clear (MailerChange *self)
{
  g_clear_pointer (&self->targets, g_array_unref);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-status.h"
#include "mailer-conversation.h"

#include "cloud-status.h"

/* The home screen's line about the mail.  The first rows of all inboxes are watched; what they say is written a moment after the last change. */

#define N_WATCHED 12
#define SETTLE_MS 400

struct _MailerStatus
{
  MailerEngine *engine;
  GListModel *inbox;
  GPtrArray *rows; /* MailerConversation */
  guint timer;
};

static MailerConversation *
find_unread (MailerStatus *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      MailerConversation *row = g_ptr_array_index (self->rows, i);

      if (mailer_conversation_is_loaded (row) && mailer_conversation_is_unread (row))
        return row;
    }
  return NULL;
}

static gboolean
on_settled (gpointer user_data)
{
  MailerStatus *self = user_data;
  guint unread = mailer_engine_get_unread (self->engine);
  MailerConversation *row = unread > 0 ? find_unread (self) : NULL;
  GVariantDict parameters;

  self->timer = 0;
  if (g_list_model_get_n_items (mailer_engine_get_accounts (self->engine)) == 0)
    {
      cloud_status_write ("mail", "no-account", NULL, NULL);
      return G_SOURCE_REMOVE;
    }
  g_variant_dict_init (&parameters, NULL);
  g_variant_dict_insert (&parameters, "count", "i", (int) unread);
  if (row != NULL)
    {
      g_variant_dict_insert (&parameters, "sender", "s", mailer_conversation_get_senders (row));
      g_variant_dict_insert (&parameters, "subject", "s", mailer_conversation_get_subject (row));
    }
  cloud_status_write ("mail", "unread", g_variant_dict_end (&parameters), NULL);
  return G_SOURCE_REMOVE;
}

static void
schedule (MailerStatus *self)
{
  if (self->timer == 0)
    self->timer = g_timeout_add (SETTLE_MS, on_settled, self);
}

static void
forget (MailerStatus *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->rows, i), self);
  g_ptr_array_set_size (self->rows, 0);
}

static void
watch (MailerStatus *self)
{
  guint n = MIN (g_list_model_get_n_items (self->inbox), N_WATCHED);

  forget (self);
  for (guint i = 0; i < n; i++)
    {
      MailerConversation *row = g_list_model_get_item (self->inbox, i);

      g_signal_connect_swapped (row, "notify", G_CALLBACK (schedule), self);
      g_ptr_array_add (self->rows, row);
    }
  schedule (self);
}

MailerStatus *
mailer_status_new (MailerEngine *engine)
{
  MailerStatus *self = g_new0 (MailerStatus, 1);

  self->engine = g_object_ref (engine);
  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
  self->inbox = G_LIST_MODEL (mailer_engine_list_inbox (engine));
  g_signal_connect_swapped (self->inbox, "items-changed", G_CALLBACK (watch), self);
  g_signal_connect_swapped (engine, "notify::unread", G_CALLBACK (schedule), self);
  watch (self);
  return self;
}

void
mailer_status_free (MailerStatus *self)
{
  g_return_if_fail (self != NULL);

  if (self->timer != 0)
    {
      g_source_remove (self->timer);
      on_settled (self);
    }
  forget (self);
  g_signal_handlers_disconnect_by_data (self->inbox, self);
  g_signal_handlers_disconnect_by_data (self->engine, self);
  g_ptr_array_unref (self->rows);
  g_object_unref (self->inbox);
  g_object_unref (self->engine);
  g_free (self);
}

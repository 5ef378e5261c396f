/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-draft-private.h"

#include "cloud-error.h"
#include "cloud-time.h"

#include <string.h>

/* Sending a draft: into the journal, or, from an account without a server, into its own Sent folder. */

/* ---- The journal's payload ---- */

void
mailer_outgoing_clear (MailerOutgoing *self)
{
  g_clear_pointer (&self->from, g_free);
  g_clear_pointer (&self->message_id, g_free);
  g_clear_pointer (&self->recipients, g_strfreev);
  g_clear_pointer (&self->source, g_bytes_unref);
  g_clear_pointer (&self->draft, g_bytes_unref);
}

GBytes *
mailer_outgoing_pack (const MailerOutgoing *self)
{
  g_autoptr (GVariant) whole =
    g_variant_ref_sink (g_variant_new ("(ss^as@ay@ay)", self->from, self->message_id, self->recipients,
                                       g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, self->source, TRUE),
                                       g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, self->draft, TRUE)));

  return g_variant_get_data_as_bytes (whole);
}

gboolean
mailer_outgoing_unpack (GBytes *payload, MailerOutgoing *self)
{
  g_autoptr (GVariant) whole = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE ("(ssasayay)"), payload, FALSE));
  g_autoptr (GVariant) source = NULL;
  g_autoptr (GVariant) draft = NULL;

  if (!g_variant_is_normal_form (whole))
    return FALSE;
  g_variant_get (whole, "(ss^as@ay@ay)", &self->from, &self->message_id, &self->recipients, &source, &draft);
  self->source = g_variant_get_data_as_bytes (source);
  self->draft = g_variant_get_data_as_bytes (draft);
  return TRUE;
}

/* ---- Sending ---- */

typedef struct
{
  MailerStore *store;
  MailerOutgoing outgoing;
} LocalSend;

static void
local_send_free (LocalSend *self)
{
  g_object_unref (self->store);
  mailer_outgoing_clear (&self->outgoing);
  g_free (self);
}

static void
send_locally (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  LocalSend *job = data;
  GError *error = NULL;

  if (mailer_store_add_local (job->store, MAILER_ROLE_SENT, MAILER_FLAG_SEEN, job->outgoing.source, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_discarded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  MailerDraft *self = MAILER_DRAFT (source);

  /* The message is journalled: that its draft could not be forgotten must not look as if it had not been sent. */
  mailer_draft_discard_finish (self, result, NULL);
  mailer_engine_sync (mailer_draft_get_engine (self), mailer_draft_get_account (self));
  g_task_return_boolean (task, TRUE);
}

static void
on_journalled (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autofree char *uuid = cloud_outbox_append_finish (CLOUD_OUTBOX (source), result, &error);

  if (uuid == NULL)
    g_task_return_error (task, error);
  else
    mailer_draft_discard_async (g_task_get_source_object (task), NULL, on_discarded, g_object_ref (task));
}

static void
on_marked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (!mailer_engine_mark_answered_finish (MAILER_ENGINE (source), result, &error))
    g_warning ("Marking what was answered: %s", error->message);
  mailer_draft_discard_async (g_task_get_source_object (task), NULL, on_discarded, g_object_ref (task));
}

static void
on_sent_locally (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  LocalSend *job = g_task_get_task_data (G_TASK (result));
  MailerDraft *self = MAILER_DRAFT (source);
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    g_task_return_error (task, error);
  else
    mailer_engine_mark_answered_async (mailer_draft_get_engine (self), mailer_draft_get_account (self), job->outgoing.draft, on_marked, g_object_ref (task));
}

void
mailer_draft_send_async (MailerDraft *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  MailerAccount *account = mailer_draft_get_account (self);
  g_autofree char *uuid = g_uuid_string_random ();
  g_autoptr (GBytes) payload = NULL;
  g_autofree char *lane = NULL;
  MailerOutgoing outgoing = { 0 };
  GError *error = NULL;

  g_return_if_fail (MAILER_IS_DRAFT (self));

  if (account == NULL || mailer_account_get_store (account) == NULL)
    {
      g_task_return_new_error (task, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "There is no account to send from");
      return;
    }
  payload = mailer_draft_finish (self, uuid, &outgoing, &error);
  if (payload == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (mailer_account_is_local (account))
    {
      g_autoptr (GTask) step = g_task_new (self, NULL, on_sent_locally, g_object_ref (task));
      LocalSend *job = g_new0 (LocalSend, 1);

      job->store = g_object_ref (mailer_account_get_store (account));
      job->outgoing = outgoing;
      g_task_set_task_data (step, job, (GDestroyNotify) local_send_free);
      g_task_run_in_thread (step, send_locally);
      return;
    }
  mailer_outgoing_clear (&outgoing);
  lane = g_strdup_printf ("%s/smtp", mailer_account_get_id (account));
  cloud_outbox_append_async (mailer_engine_get_journal (mailer_draft_get_engine (self)), uuid, lane, MAILER_KIND_SEND, payload, mailer_draft_get_subject (self), 0, NULL,
                             on_journalled, g_object_ref (task));
}

gboolean
mailer_draft_send_finish (MailerDraft *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- Saved drafts ---- */

typedef struct
{
  GPtrArray *accounts;
  GPtrArray *stores;
  GPtrArray *found; /* an array of GBytes an account */
} DraftsJob;

static void
drafts_job_free (DraftsJob *job)
{
  g_clear_pointer (&job->accounts, g_ptr_array_unref);
  g_ptr_array_unref (job->stores);
  g_ptr_array_unref (job->found);
  g_free (job);
}

static void
list_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  DraftsJob *job = data;

  for (guint i = 0; i < job->stores->len; i++)
    {
      GPtrArray *found = mailer_store_list_drafts (g_ptr_array_index (job->stores, i), NULL);

      g_ptr_array_add (job->found, found != NULL ? found : g_ptr_array_new ());
    }
  g_task_return_boolean (task, TRUE);
}

void
mailer_draft_list_async (MailerEngine *engine, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (engine, cancellable, callback, user_data);
  GListModel *accounts = mailer_engine_get_accounts (engine);
  guint n = g_list_model_get_n_items (accounts);
  DraftsJob *job = g_new0 (DraftsJob, 1);

  job->accounts = g_ptr_array_new_with_free_func (g_object_unref);
  job->stores = g_ptr_array_new_with_free_func (g_object_unref);
  job->found = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  for (guint i = 0; i < n; i++)
    {
      MailerAccount *account = g_list_model_get_item (accounts, i);

      g_ptr_array_add (job->accounts, account);
      g_ptr_array_add (job->stores, g_object_ref (mailer_account_get_store (account)));
    }
  g_task_set_task_data (task, job, (GDestroyNotify) drafts_job_free);
  g_task_run_in_thread (task, list_in_thread);
}

GPtrArray *
mailer_draft_list_finish (MailerEngine *engine, GAsyncResult *result, GError **error)
{
  DraftsJob *job = g_task_get_task_data (G_TASK (result));
  GPtrArray *drafts;

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  drafts = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < job->found->len; i++)
    {
      GPtrArray *found = g_ptr_array_index (job->found, i);

      for (guint d = 0; d < found->len; d++)
        {
          MailerDraft *draft = mailer_draft_deserialize (engine, g_ptr_array_index (job->accounts, i), g_ptr_array_index (found, d));

          if (draft != NULL)
            g_ptr_array_add (drafts, draft);
        }
    }
  g_clear_pointer (&job->accounts, g_ptr_array_unref);
  return drafts;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-agent-private.h"

#include "mailer-sync.h"

#include "cloud-error.h"
#include "cloud-smtp.h"
#include "cloud-time.h"

#include <string.h>

/* Carrying out what the user did: changes of messages by IMAP, sends by SMTP and a copy in Sent.
 *
 * A send notes how far it came: nothing (it may be begun), "handing over" (the server may have it: only the user can decide), "accepted"
 * (the server has it; only the copy in Sent is missing, and that is looked for before it is made). */

#define NOTE_HANDING_OVER "handing over"
#define NOTE_ACCEPTED "accepted"

static MailerAccount *
account_of (MailerAgent *self, CloudOutboxEntry *entry)
{
  g_auto (GStrv) lane = g_strsplit (cloud_outbox_entry_get_target (entry), "/", 2);

  return mailer_engine_find_account (mailer_agent_get_engine (self), lane[0]);
}

/* ---- Changes ---- */

typedef struct
{
  MailerAgent *agent;
  MailerAccount *account;
  MailerStore *store;
  char *token;
  GTask *task;
} Change;

static void
change_free (Change *self)
{
  mailer_agent_release (self->agent);
  g_object_unref (self->account);
  g_clear_object (&self->store);
  g_clear_object (&self->task);
  g_free (self->token);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Change, change_free)

/* Those of @pending from @from on that lie in one folder and want the same. */
static guint
same_run (const GArray *pending, guint from)
{
  const MailerPending *first = &g_array_index (pending, MailerPending, from);
  guint n = 1;

  while (from + n < pending->len)
    {
      const MailerPending *one = &g_array_index (pending, MailerPending, from + n);

      if (one->folder != first->folder || one->target != first->target || one->moves != first->moves || one->add != first->add || one->remove != first->remove)
        break;
      n++;
    }
  return n;
}

static gboolean
carry_out (MailerImap *imap, const MailerPending *first, const GArray *uids, GArray **new_uids, GError **error)
{
  MailerImapState state;

  *new_uids = NULL;
  if (uids->len == 0)
    return TRUE;
  if (!mailer_imap_select (imap, first->wire, &state, error))
    return FALSE;
  /* The folder was made anew: these UIDs mean other messages now, and the next sync tells what became of ours. */
  if (first->uidvalidity != 0 && state.uidvalidity != first->uidvalidity)
    return TRUE;
  if (first->moves && first->target_wire != NULL)
    return mailer_imap_move (imap, uids, first->target_wire, new_uids, error);
  if (first->moves)
    return mailer_imap_expunge (imap, uids, error);
  return (first->add == 0 || mailer_imap_store_flags (imap, uids, TRUE, first->add, error)) &&
         (first->remove == 0 || mailer_imap_store_flags (imap, uids, FALSE, first->remove, error));
}

/* Messages that the user acted on before the server had told where they are: their folders are synced first. */
static gboolean
resolve (MailerImap *imap, MailerStore *store, const char *token, GArray **pending, GError **error)
{
  g_autoptr (GPtrArray) folders = NULL;
  gboolean unknown = FALSE;

  *pending = mailer_store_list_pending (store, token, error);
  if (*pending == NULL)
    return FALSE;
  for (guint i = 0; i < (*pending)->len; i++)
    unknown |= g_array_index (*pending, MailerPending, i).uid == 0;
  if (!unknown)
    return TRUE;
  folders = mailer_store_list_folders (store, error);
  for (guint f = 0; folders != NULL && f < folders->len; f++)
    for (guint i = 0; i < (*pending)->len; i++)
      {
        MailerFolderRow *folder = g_ptr_array_index (folders, f);
        const MailerPending *one = &g_array_index (*pending, MailerPending, i);

        if (one->uid != 0 || one->folder != folder->id)
          continue;
        if (!mailer_sync_folder (imap, store, folder, NULL, NULL, error))
          return FALSE;
        break;
      }
  g_array_unref (*pending);
  *pending = mailer_store_list_pending (store, token, error);
  return *pending != NULL;
}

static gboolean
job_change (MailerImap *imap, MailerStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  const char *token = data;
  GArray *pending = NULL;
  g_autoptr (GArray) locations = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) settled_uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  gboolean ok = resolve (imap, store, token, &pending, error);

  for (guint i = 0; ok && i < pending->len;)
    {
      guint n = same_run (pending, i);
      g_autoptr (GArray) uids = g_array_new (FALSE, FALSE, sizeof (guint32));
      g_autoptr (GArray) new_uids = NULL;
      guint known = 0;

      for (guint k = i; k < i + n; k++)
        if (g_array_index (pending, MailerPending, k).uid != 0)
          g_array_append_val (uids, g_array_index (pending, MailerPending, k).uid);
      ok = carry_out (imap, &g_array_index (pending, MailerPending, i), uids, &new_uids, error);
      for (guint k = i; ok && k < i + n; k++)
        {
          const MailerPending *one = &g_array_index (pending, MailerPending, k);
          guint32 new_uid = one->uid != 0 && new_uids != NULL ? g_array_index (new_uids, guint32, known++) : 0;

          g_array_append_val (locations, one->location);
          g_array_append_val (settled_uids, new_uid);
        }
      i += n;
    }
  g_clear_pointer (&pending, g_array_unref);
  return ok && mailer_store_settle (store, token, locations, settled_uids, error);
}

static void
revert_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Change *change = data;
  g_autoptr (GError) error = NULL;

  if (!mailer_store_revert (change->store, change->token, &error))
    g_warning ("Undoing what the server refused: %s", error->message);
  g_task_return_boolean (task, TRUE);
}

/* For good: refused by the server, not merely out of reach. */
static gboolean
is_final (const GError *error)
{
  return g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_DENIED) || g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND) ||
         g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_INVALID);
}

static void
on_reverted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Change) change = user_data;

  g_task_return_error (change->task, g_error_copy (g_object_get_data (G_OBJECT (change->task), "refusal")));
}

static void
on_changed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Change) change = user_data;
  g_autoptr (GError) error = NULL;

  if (mailer_worker_run_finish (NULL, result, &error))
    cloud_outbox_task_return_done (change->task);
  else if (is_final (error))
    {
      /* What is shown must again be what the server has. */
      g_autoptr (GTask) step = g_task_new (NULL, NULL, on_reverted, change);

      g_object_set_data_full (G_OBJECT (change->task), "refusal", g_steal_pointer (&error), (GDestroyNotify) g_error_free);
      g_task_set_task_data (step, g_steal_pointer (&change), NULL);
      g_task_run_in_thread (step, revert_in_thread);
    }
  else
    g_task_return_error (change->task, g_steal_pointer (&error));
}

static void
on_change_prepared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Change *change = user_data;
  GError *error = NULL;
  MailerWorker *worker = mailer_agent_get_worker (change->agent, change->account);

  if (!mailer_agent_prepare_finish (MAILER_AGENT (source), result, &error) || worker == NULL)
    {
      g_task_return_error (change->task, error != NULL ? error : g_error_new (CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "The account is gone"));
      change_free (change);
      return;
    }
  mailer_worker_run_async (worker, job_change, g_strdup (change->token), g_free, g_task_get_cancellable (change->task), on_changed, change);
}

static Change *
change_new (MailerAgent *agent, CloudOutboxEntry *entry, GTask *task)
{
  MailerAccount *account = account_of (agent, entry);
  Change *change;

  if (account == NULL || mailer_account_get_store (account) == NULL)
    {
      g_task_return_new_error (task, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "The account is gone");
      g_object_unref (task);
      return NULL;
    }
  change = g_new0 (Change, 1);
  change->agent = agent;
  mailer_agent_hold (agent);
  change->account = g_object_ref (account);
  change->store = g_object_ref (mailer_account_get_store (account));
  change->token = g_strdup (cloud_outbox_entry_get_uuid (entry));
  change->task = task;
  return change;
}

static void
execute_change (CloudOutbox *outbox, CloudOutboxEntry *entry, GTask *task, gpointer user_data)
{
  Change *change = change_new (user_data, entry, task);

  if (change != NULL)
    mailer_agent_prepare_async (change->agent, change->account, on_change_prepared, change);
}

/* ---- Sends ---- */

typedef struct
{
  Change base;
  CloudOutbox *outbox;
  CloudOutboxEntry *entry;
  MailerOutgoing outgoing;
  CloudSmtp *smtp;
} Send;

static void
send_free (Send *self)
{
  mailer_agent_release (self->base.agent);
  g_object_unref (self->base.account);
  g_clear_object (&self->base.store);
  g_clear_object (&self->base.task);
  g_free (self->base.token);
  g_object_unref (self->outbox);
  g_object_unref (self->entry);
  g_clear_object (&self->smtp);
  mailer_outgoing_clear (&self->outgoing);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Send, send_free)

static void
send_fail (Send *self, GError *error)
{
  g_task_return_error (self->base.task, error);
  send_free (self);
}

static gboolean
has_note (CloudOutboxEntry *entry, const char *note)
{
  GBytes *progress = cloud_outbox_entry_get_progress (entry);

  return progress != NULL && g_bytes_get_size (progress) == strlen (note) && memcmp (g_bytes_get_data (progress, NULL), note, strlen (note)) == 0;
}

/* The copy in Sent: looked for by its Message-ID, made if it is not there.  Then the folder is synced, so that it is seen here. */
typedef struct
{
  GBytes *source;
  char *message_id;
} Copy;

static void
copy_free (gpointer data)
{
  Copy *self = data;

  g_bytes_unref (self->source);
  g_free (self->message_id);
  g_free (self);
}

static MailerFolderRow *
find_sent (MailerImap *imap, MailerStore *store, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  MailerFolderRow *sent = mailer_store_find_role (store, MAILER_ROLE_SENT, &local_error);

  if (sent != NULL || local_error != NULL)
    {
      if (local_error != NULL)
        g_propagate_error (error, g_steal_pointer (&local_error));
      return sent;
    }
  if (!mailer_sync_folder_list (imap, store, error))
    return NULL;
  sent = mailer_store_find_role (store, MAILER_ROLE_SENT, error);
  if (sent == NULL && (error == NULL || *error == NULL) && mailer_imap_create (imap, "Sent", error) && mailer_sync_folder_list (imap, store, error))
    sent = mailer_store_find_role (store, MAILER_ROLE_SENT, error);
  return sent;
}

static gboolean
job_copy (MailerImap *imap, MailerStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  Copy *copy = data;
  g_autoptr (MailerFolderRow) sent = find_sent (imap, store, error);
  g_autoptr (GArray) there = NULL;
  g_autoptr (GError) sync_error = NULL;
  MailerImapState state;

  if (sent == NULL)
    {
      if (error != NULL && *error == NULL)
        g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "The account has no folder for sent mail");
      return FALSE;
    }
  if (!mailer_imap_select (imap, sent->wire, &state, error))
    return FALSE;
  there = mailer_imap_search_message_id (imap, copy->message_id, error);
  if (there == NULL)
    return FALSE;
  if (there->len == 0 && !mailer_imap_append (imap, sent->wire, MAILER_FLAG_SEEN, cloud_time_now_unix_us (), copy->source, NULL, error))
    return FALSE;
  /* The send is done; that it is not seen here yet is the next sync's affair. */
  if (!mailer_sync_folder (imap, store, sent, NULL, NULL, &sync_error))
    g_message ("Sent folder: %s", sync_error->message);
  return TRUE;
}

static void
on_copied (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Send) send = user_data;
  GError *error = NULL;

  if (mailer_worker_run_finish (NULL, result, &error))
    cloud_outbox_task_return_done (send->base.task);
  else
    g_task_return_error (send->base.task, error);
}

static void
on_copy_prepared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Send *send = user_data;
  GError *error = NULL;
  MailerWorker *worker = mailer_agent_get_worker (send->base.agent, send->base.account);
  Copy *copy;

  if (!mailer_agent_prepare_finish (MAILER_AGENT (source), result, &error) || worker == NULL)
    {
      send_fail (send, error != NULL ? error : g_error_new (CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "The account is gone"));
      return;
    }
  copy = g_new0 (Copy, 1);
  copy->source = g_bytes_ref (send->outgoing.source);
  copy->message_id = g_strdup (send->outgoing.message_id);
  mailer_worker_run_async (worker, job_copy, copy, copy_free, g_task_get_cancellable (send->base.task), on_copied, send);
}

static void
copy_to_sent (Send *send)
{
  mailer_agent_prepare_async (send->base.agent, send->base.account, on_copy_prepared, send);
}

static void
on_noted_accepted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Send *send = user_data;
  g_autoptr (GError) error = NULL;

  /* Without the note a death from here on asks the user, who finds the message sent: bad, but not wrong. */
  if (!cloud_outbox_set_progress_finish (CLOUD_OUTBOX (source), result, &error))
    g_warning ("Note of a send: %s", error->message);
  copy_to_sent (send);
}

static void
on_noted_not_sent (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Send *send = user_data;

  cloud_outbox_set_progress_finish (CLOUD_OUTBOX (source), result, NULL);
  send_fail (send, g_error_copy (g_object_get_data (G_OBJECT (send->base.task), "refusal")));
}

static void
note (Send *send, const char *text, GAsyncReadyCallback callback)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));

  cloud_outbox_set_progress_async (send->outbox, send->entry, bytes, callback, send);
}

static void
on_handed_over (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Send *send = user_data;
  g_autoptr (CloudSmtpResult) smtp = cloud_smtp_send_finish (CLOUD_SMTP (source), result);

  switch (smtp->outcome)
    {
    case CLOUD_SMTP_ACCEPTED:
      note (send, NOTE_ACCEPTED, on_noted_accepted);
      return;
    case CLOUD_SMTP_UNCERTAIN:
      cloud_outbox_task_return_uncertain (send->base.task);
      send_free (send);
      return;
    case CLOUD_SMTP_NOT_SENT:
    case CLOUD_SMTP_REJECTED_PERMANENT:
    case CLOUD_SMTP_TRY_LATER:
      break;
    }
  /* The server certainly does not have it: that must be known even if this process dies now. */
  g_object_set_data_full (G_OBJECT (send->base.task), "refusal",
                          smtp->error != NULL ? g_error_copy (smtp->error)
                                              : g_error_new (CLOUD_ERROR, CLOUD_ERROR_TRY_LATER, "%s", smtp->reply != NULL ? smtp->reply : "not sent"),
                          (GDestroyNotify) g_error_free);
  note (send, "", on_noted_not_sent);
}

static void
on_noted_handing_over (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Send *send = user_data;
  GError *error = NULL;

  /* What is not noted is not begun. */
  if (!cloud_outbox_set_progress_finish (CLOUD_OUTBOX (source), result, &error))
    {
      send_fail (send, error);
      return;
    }
  cloud_smtp_send_async (send->smtp, send->outgoing.from, (const char *const *) send->outgoing.recipients, send->outgoing.source, NULL,
                         g_task_get_cancellable (send->base.task), on_handed_over, send);
}

static void
on_smtp_secret (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Send *send = user_data;
  const CloudEndpoint *endpoint = cloud_account_get_endpoint (mailer_account_get_config (send->base.account), CLOUD_ENDPOINT_SMTP);
  GError *error = NULL;
  char *secret = cloud_secrets_lookup_finish (CLOUD_SECRETS (source), result, &error);

  if (secret == NULL)
    {
      if (g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND))
        error->code = CLOUD_ERROR_AUTH_REQUIRED;
      send_fail (send, error);
      return;
    }
  send->smtp = cloud_smtp_new (endpoint->host, endpoint->port, endpoint->security == CLOUD_SECURITY_TLS ? CLOUD_SMTP_TLS : CLOUD_SMTP_STARTTLS);
  if (endpoint->method == CLOUD_AUTH_OAUTH2)
    cloud_smtp_set_bearer (send->smtp, endpoint->user, secret);
  else
    cloud_smtp_set_password (send->smtp, endpoint->user, secret);
  cloud_secret_free (secret);
  note (send, NOTE_HANDING_OVER, on_noted_handing_over);
}

static void
execute_send (CloudOutbox *outbox, CloudOutboxEntry *entry, GTask *task, gpointer user_data)
{
  MailerAgent *agent = user_data;
  Change *change = change_new (agent, entry, task);
  const CloudEndpoint *endpoint;
  Send *send;

  if (change == NULL)
    return;
  send = g_new0 (Send, 1);
  send->base = *change;
  g_free (change);
  send->outbox = g_object_ref (outbox);
  send->entry = g_object_ref (entry);
  endpoint = cloud_account_get_endpoint (mailer_account_get_config (send->base.account), CLOUD_ENDPOINT_SMTP);
  if (cloud_outbox_entry_get_payload (entry) == NULL || !mailer_outgoing_unpack (cloud_outbox_entry_get_payload (entry), &send->outgoing))
    send_fail (send, g_error_new (CLOUD_ERROR, CLOUD_ERROR_CORRUPT, "The stored message is damaged"));
  else if (has_note (entry, NOTE_ACCEPTED))
    copy_to_sent (send);
  else if (endpoint == NULL)
    send_fail (send, g_error_new (CLOUD_ERROR, CLOUD_ERROR_UNSUPPORTED, "The account has no server to send by"));
  else
    cloud_secrets_lookup_async (mailer_engine_get_secrets (mailer_agent_get_engine (agent)), endpoint->credential, NULL, on_smtp_secret, send);
}

static CloudOutboxVerdict
resume_send (CloudOutboxEntry *entry, gpointer user_data)
{
  return has_note (entry, NOTE_HANDING_OVER) ? CLOUD_OUTBOX_UNCERTAIN : CLOUD_OUTBOX_REPEAT;
}

void
mailer_agent_add_kinds (MailerAgent *self, CloudOutbox *outbox)
{
  static const CloudOutboxKind change = { execute_change, cloud_outbox_resume_repeat };
  static const CloudOutboxKind send = { execute_send, resume_send };

  cloud_outbox_add_kind (outbox, "mail.change", &change, self);
  cloud_outbox_add_kind (outbox, "mail.send", &send, self);
}

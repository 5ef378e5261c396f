/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-agent-private.h"

#include "mailer-sync.h"

#include "cloud-error.h"
#include "cloud-smtp.h"
#include "cloud-time.h"

#include <string.h>

/* Sends: by SMTP, with a copy in Sent.
 *
 * A send notes how far it came: nothing (it may be begun), "handing over" (the server may have it), "accepted" (the server has it; only the copy in Sent is
 * missing, and that is looked for before it is made).
 *
 * What may have been handed over is never handed over again by itself: it is looked for by its Message-ID, at once and after every sync, where the server
 * keeps what was sent and what arrived.  Found, it is done; not found, the user is asked (it may be with its recipients all the same).  Only the user's
 * "once more" (cloud_outbox_retry_async of an uncertain entry) takes the note away. */

#define NOTE_HANDING_OVER "handing over"
#define NOTE_ACCEPTED "accepted"

typedef struct
{
  MailerAgent *agent;
  MailerAccount *account;
  CloudOutbox *outbox;
  CloudOutboxEntry *entry;
  MailerOutgoing outgoing;
  CloudSmtp *smtp;
  GTask *task;
  GError *refusal;
  gboolean unnoted; /* the server has it, and the disk did not take the note of that */
} Send;

static void
send_free (Send *self)
{
  mailer_agent_release (self->agent);
  g_object_unref (self->account);
  g_object_unref (self->outbox);
  g_object_unref (self->entry);
  mailer_outgoing_clear (&self->outgoing);
  g_clear_object (&self->smtp);
  g_clear_object (&self->task);
  g_clear_error (&self->refusal);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Send, send_free)

static void
send_fail (Send *self, GError *error)
{
  g_task_return_error (self->task, error);
  send_free (self);
}

/* Unless it is found, the user is asked. */
static void
send_uncertain (Send *self, const GError *error)
{
  g_message ("A send of unknown outcome: %s", error->message);
  cloud_outbox_task_return_uncertain (self->task);
  mailer_agent_sync_later (self->agent, self->account);
  send_free (self);
}

static gboolean
has_note (CloudOutboxEntry *entry, const char *note)
{
  GBytes *progress = cloud_outbox_entry_get_progress (entry);

  return progress != NULL && g_bytes_get_size (progress) == strlen (note) && memcmp (g_bytes_get_data (progress, NULL), note, strlen (note)) == 0;
}

MailerTaken
mailer_agent_judge_send (CloudOutboxEntry *entry)
{
  if (has_note (entry, NOTE_ACCEPTED))
    return MAILER_TAKEN_SENT;
  if (has_note (entry, NOTE_HANDING_OVER) || cloud_outbox_entry_get_state (entry) == CLOUD_OUTBOX_STATE_UNCERTAIN)
    return MAILER_TAKEN_PERHAPS_SENT;
  return MAILER_TAKEN_UNSENT;
}

static void
note (Send *send, const char *text, GAsyncReadyCallback callback)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));

  cloud_outbox_set_progress_async (send->outbox, send->entry, bytes, callback, send);
}

/* ---- Looking for it, and the copy in Sent ---- */

typedef struct
{
  GBytes *source;
  char *message_id;
  gboolean only_if_known; /* no copy is made of what nobody has seen: NOT_FOUND */
} Copy;

static Copy *
copy_new (const MailerOutgoing *outgoing, gboolean only_if_known)
{
  Copy *self = g_new0 (Copy, 1);

  self->source = g_bytes_ref (outgoing->source);
  self->message_id = g_strdup (outgoing->message_id);
  self->only_if_known = only_if_known;
  return self;
}

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
is_in_folder (MailerImap *imap, const MailerFolderRow *folder, const char *message_id, gboolean *found, GError **error)
{
  g_autoptr (GArray) uids = NULL;
  MailerImapState state;

  if (!mailer_imap_select (imap, folder->wire, &state, error))
    return FALSE;
  uids = mailer_imap_search_message_id (imap, message_id, error);
  *found = uids != NULL && uids->len > 0;
  return uids != NULL;
}

/* Is it anywhere?  What the last sync brought (a filter may have moved it), then the server's own words on Sent and the inbox. */
static gboolean
is_anywhere (MailerImap *imap, MailerStore *store, const char *message_id, gboolean *found, GError **error)
{
  static const MailerRole roles[] = { MAILER_ROLE_SENT, MAILER_ROLE_INBOX };
  MailerMessageRow *known = mailer_store_find_message (store, message_id, NULL);

  *found = known != NULL;
  mailer_message_row_free (known);
  for (gsize i = 0; !*found && i < G_N_ELEMENTS (roles); i++)
    {
      g_autoptr (GError) local_error = NULL;
      g_autoptr (MailerFolderRow) folder = mailer_store_find_role (store, roles[i], &local_error);

      if (local_error == NULL && (folder == NULL || is_in_folder (imap, folder, message_id, found, &local_error)))
        continue;
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  return TRUE;
}

/* Looked for by its Message-ID, made if it is not there.  Then the folder is synced, so that it is seen here. */
static gboolean
job_copy (MailerImap *imap, MailerStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  Copy *copy = data;
  g_autoptr (MailerFolderRow) sent = NULL;
  g_autoptr (GError) sync_error = NULL;
  gboolean there = FALSE;

  if (copy->only_if_known)
    {
      if (!is_anywhere (imap, store, copy->message_id, &there, error))
        return FALSE;
      if (!there)
        {
          g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "The server knows no message %s", copy->message_id);
          return FALSE;
        }
    }
  sent = find_sent (imap, store, error);
  if (sent == NULL)
    {
      if (error != NULL && *error == NULL)
        g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "The account has no folder for sent mail");
      return FALSE;
    }
  if (!is_in_folder (imap, sent, copy->message_id, &there, error))
    return FALSE;
  if (!there && !mailer_imap_append (imap, sent->wire, MAILER_FLAG_SEEN, cloud_time_now_unix_us (), copy->source, NULL, error))
    return FALSE;
  /* The send is done; that it is not seen here yet is the next sync's affair. */
  if (!mailer_sync_folder (imap, store, sent, NULL, NULL, &sync_error))
    g_message ("Sent folder: %s", sync_error->message);
  return TRUE;
}

static void
on_marked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Send) send = user_data;
  g_autoptr (GError) error = NULL;

  if (mailer_engine_mark_answered_finish (MAILER_ENGINE (source), result, &error))
    cloud_outbox_task_return_done (send->task);
  /* Comes back later and finds the copy there. */
  else if (g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_NO_SPACE) || g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_BUSY))
    g_task_return_error (send->task, g_steal_pointer (&error));
  else
    {
      g_warning ("Marking what was answered: %s", error->message);
      cloud_outbox_task_return_done (send->task);
    }
}

/* It has gone out: what it answers or forwards says so. */
static void
finish_sent (Send *send)
{
  mailer_engine_mark_answered_async (mailer_agent_get_engine (send->agent), send->account, send->outgoing.draft, on_marked, send);
}

static void
on_copied (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Send *send = user_data;
  g_autoptr (GError) error = NULL;

  if (mailer_agent_run_finish (MAILER_AGENT (source), result, &error))
    finish_sent (send);
  else if (send->unnoted)
    send_uncertain (send, error);
  else
    send_fail (send, g_steal_pointer (&error));
}

static void
copy_to_sent (Send *send)
{
  mailer_agent_run_async (send->agent, send->account, job_copy, copy_new (&send->outgoing, FALSE), copy_free, g_task_get_cancellable (send->task), on_copied, send);
}

/* ---- Handed over or not? ---- */

static void
on_noted_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Send *send = user_data;
  g_autoptr (GError) error = NULL;

  /* Without the note it is looked for once more, should it come back. */
  if (!cloud_outbox_set_progress_finish (CLOUD_OUTBOX (source), result, &error))
    g_warning ("Note of a send: %s", error->message);
  finish_sent (send);
}

static void
on_looked_for (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Send *send = user_data;
  g_autoptr (GError) error = NULL;

  if (mailer_agent_run_finish (MAILER_AGENT (source), result, &error))
    note (send, NOTE_ACCEPTED, on_noted_found);
  else
    send_uncertain (send, error);
}

static void
look_for_it (Send *send)
{
  mailer_agent_run_async (send->agent, send->account, job_copy, copy_new (&send->outgoing, TRUE), copy_free, g_task_get_cancellable (send->task), on_looked_for, send);
}

/* An uncertain entry that is being looked for after a sync. */
typedef struct
{
  MailerAgent *agent;
  MailerAccount *account;
  char *uuid;
  GBytes *draft; /* (nullable) */
} Inquiry;

/* The uuids that are being asked for now: syncs may end faster than they are answered. */
static GHashTable *
get_inquiries (MailerAgent *agent)
{
  GHashTable *inquiries = g_object_get_data (G_OBJECT (agent), "mailer-inquiries");

  if (inquiries == NULL)
    {
      inquiries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_object_set_data_full (G_OBJECT (agent), "mailer-inquiries", inquiries, (GDestroyNotify) g_hash_table_unref);
    }
  return inquiries;
}

static void
inquiry_free (Inquiry *self)
{
  g_hash_table_remove (get_inquiries (self->agent), self->uuid);
  mailer_agent_release (self->agent);
  g_object_unref (self->account);
  g_free (self->uuid);
  g_clear_pointer (&self->draft, g_bytes_unref);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Inquiry, inquiry_free)

static void
on_confirmed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Inquiry) inquiry = user_data;
  g_autoptr (GError) error = NULL;

  /* INVALID: the user was quicker. */
  if (!cloud_outbox_change_finish (CLOUD_OUTBOX (source), result, &error))
    g_message ("Settling a send: %s", error->message);
}

static void
on_found_one_marked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Inquiry) inquiry = user_data;
  CloudOutbox *journal = mailer_engine_get_journal (MAILER_ENGINE (source));
  const char *uuid = inquiry->uuid;
  g_autoptr (GError) error = NULL;

  if (!mailer_engine_mark_answered_finish (MAILER_ENGINE (source), result, &error))
    g_message ("Marking what was answered: %s", error->message);
  if (journal != NULL)
    cloud_outbox_confirm_async (journal, uuid, NULL, on_confirmed, g_steal_pointer (&inquiry));
}

static void
on_inquired (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Inquiry) inquiry = user_data;
  MailerEngine *engine = mailer_agent_get_engine (inquiry->agent);
  MailerAccount *account = inquiry->account;
  GBytes *draft = inquiry->draft;

  if (mailer_agent_run_finish (MAILER_AGENT (source), result, NULL) && mailer_engine_get_journal (engine) != NULL)
    mailer_engine_mark_answered_async (engine, account, draft, on_found_one_marked, g_steal_pointer (&inquiry));
}

static void
on_entry_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Inquiry) inquiry = user_data;
  g_autoptr (CloudOutboxEntry) entry = cloud_outbox_lookup_finish (CLOUD_OUTBOX (source), result, NULL);
  MailerOutgoing outgoing = { 0 };
  MailerAgent *agent = inquiry->agent;
  MailerAccount *account = inquiry->account;

  if (entry == NULL || cloud_outbox_entry_get_state (entry) != CLOUD_OUTBOX_STATE_UNCERTAIN || cloud_outbox_entry_get_payload (entry) == NULL ||
      !mailer_outgoing_unpack (cloud_outbox_entry_get_payload (entry), &outgoing))
    return;
  inquiry->draft = g_bytes_ref (outgoing.draft);
  mailer_agent_run_async (agent, account, job_copy, copy_new (&outgoing, TRUE), copy_free, NULL, on_inquired, g_steal_pointer (&inquiry));
  mailer_outgoing_clear (&outgoing);
}

void
mailer_agent_settle_sends (MailerAgent *self, MailerAccount *account)
{
  CloudOutbox *journal = mailer_engine_get_journal (mailer_agent_get_engine (self));
  GListModel *entries = journal != NULL ? cloud_outbox_get_entries (journal) : NULL;

  for (guint i = 0; entries != NULL && i < g_list_model_get_n_items (entries); i++)
    {
      g_autoptr (CloudOutboxEntry) entry = g_list_model_get_item (entries, i);
      Inquiry *inquiry;

      if (cloud_outbox_entry_get_state (entry) != CLOUD_OUTBOX_STATE_UNCERTAIN || strcmp (cloud_outbox_entry_get_kind (entry), MAILER_KIND_SEND) != 0 ||
          mailer_agent_account_of (self, entry) != account ||
          !g_hash_table_add (get_inquiries (self), g_strdup (cloud_outbox_entry_get_uuid (entry))))
        continue;
      inquiry = g_new0 (Inquiry, 1);
      inquiry->agent = self;
      mailer_agent_hold (self);
      inquiry->account = g_object_ref (account);
      inquiry->uuid = g_strdup (cloud_outbox_entry_get_uuid (entry));
      cloud_outbox_lookup_async (journal, inquiry->uuid, NULL, on_entry_read, inquiry);
    }
}

/* ---- Handing over ---- */

static void
on_noted_accepted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Send *send = user_data;
  g_autoptr (GError) error = NULL;

  /* Without the note a death from here on asks the user, who finds the message sent: bad, but not wrong. */
  send->unnoted = !cloud_outbox_set_progress_finish (CLOUD_OUTBOX (source), result, &error);
  if (send->unnoted)
    g_warning ("Note of a send: %s", error->message);
  copy_to_sent (send);
}

static void
on_noted_not_sent (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Send *send = user_data;
  g_autoptr (GError) error = NULL;

  /* Then it counts as possibly handed over: the safe side. */
  if (!cloud_outbox_set_progress_finish (CLOUD_OUTBOX (source), result, &error))
    g_warning ("Note of a send: %s", error->message);
  send_fail (send, g_steal_pointer (&send->refusal));
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
      look_for_it (send);
      return;
    case CLOUD_SMTP_NOT_SENT:
    case CLOUD_SMTP_REJECTED_PERMANENT:
    case CLOUD_SMTP_TRY_LATER:
      break;
    }
  /* The server certainly does not have it: that must be known even if this process dies now. */
  send->refusal = smtp->error != NULL ? g_error_copy (smtp->error)
                                      : g_error_new (CLOUD_ERROR, CLOUD_ERROR_TRY_LATER, "%s", smtp->reply != NULL ? smtp->reply : "not sent");
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
                         g_task_get_cancellable (send->task), on_handed_over, send);
}

static void
on_smtp_secret (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Send *send = user_data;
  const CloudEndpoint *endpoint = cloud_account_get_endpoint (mailer_account_get_config (send->account), CLOUD_ENDPOINT_SMTP);
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
  MailerAccount *account = mailer_agent_account_of (agent, entry);
  const CloudEndpoint *endpoint;
  Send *send;

  if (account == NULL || mailer_account_get_store (account) == NULL)
    {
      if (has_note (entry, NOTE_HANDING_OVER))
        cloud_outbox_task_return_uncertain (task);
      else
        g_task_return_new_error (task, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "The account is gone");
      g_object_unref (task);
      return;
    }
  send = g_new0 (Send, 1);
  send->agent = agent;
  mailer_agent_hold (agent);
  send->account = g_object_ref (account);
  send->task = task;
  send->outbox = g_object_ref (outbox);
  send->entry = g_object_ref (entry);
  endpoint = cloud_account_get_endpoint (mailer_account_get_config (account), CLOUD_ENDPOINT_SMTP);
  if (cloud_outbox_entry_get_payload (entry) == NULL || !mailer_outgoing_unpack (cloud_outbox_entry_get_payload (entry), &send->outgoing))
    send_fail (send, g_error_new (CLOUD_ERROR, CLOUD_ERROR_CORRUPT, "The stored message is damaged"));
  else if (has_note (entry, NOTE_ACCEPTED))
    copy_to_sent (send);
  else if (has_note (entry, NOTE_HANDING_OVER))
    look_for_it (send);
  else if (endpoint == NULL)
    send_fail (send, g_error_new (CLOUD_ERROR, CLOUD_ERROR_UNSUPPORTED, "The account has no server to send by"));
  else
    cloud_secrets_lookup_async (mailer_engine_get_secrets (mailer_agent_get_engine (agent)), endpoint->credential, NULL, on_smtp_secret, send);
}

const CloudOutboxKind mailer_agent_send_kind = { execute_send, cloud_outbox_resume_repeat };

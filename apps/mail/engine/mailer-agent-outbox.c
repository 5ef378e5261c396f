/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-agent-private.h"

#include "mailer-change.h"
#include "mailer-sync.h"

#include "cloud-error.h"

#include <string.h>

/* Carrying out what the user did to messages that the server has: flags, moves, deletions.  Sends are in mailer-agent-send.c. */

MailerAccount *
mailer_agent_account_of (MailerAgent *self, CloudOutboxEntry *entry)
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
  if (first->moves && first->target != 0 && first->target_wire == NULL)
    {
      g_set_error_literal (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "The folder to move to is gone");
      return FALSE;
    }
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

/* Shows it, should the process of the user not have come to that. */
static gboolean
show_change (MailerStore *store, CloudOutboxEntry *entry, GError **error)
{
  g_auto (MailerChange) change = { 0 };

  return mailer_change_unpack (cloud_outbox_entry_get_payload (entry), &change, error) &&
         mailer_store_apply (store, cloud_outbox_entry_get_uuid (entry), change.targets, change.add, change.remove, change.moves, change.target, error);
}

static gboolean
job_change (MailerImap *imap, MailerStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  CloudOutboxEntry *entry = data;
  const char *token = cloud_outbox_entry_get_uuid (entry);
  GArray *pending = NULL;
  g_autoptr (GArray) locations = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) settled_uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  gboolean ok = show_change (store, entry, error) && resolve (imap, store, token, &pending, error);

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

  if (!mailer_store_revert (change->store, change->token, TRUE, &error))
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

  if (mailer_agent_run_finish (MAILER_AGENT (source), result, &error))
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

static Change *
change_new (MailerAgent *agent, CloudOutboxEntry *entry, GTask *task)
{
  MailerAccount *account = mailer_agent_account_of (agent, entry);
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
    mailer_agent_run_async (change->agent, change->account, job_change, g_object_ref (entry), g_object_unref, g_task_get_cancellable (task), on_changed, change);
}

/* ---- Taken back, and still shown ---- */

typedef struct
{
  MailerAgent *agent;
  MailerStore *store;
  char **tokens;
  guint next;
} Settling;

static void
settling_free (Settling *self)
{
  mailer_agent_release (self->agent);
  g_object_unref (self->agent);
  g_object_unref (self->store);
  g_strfreev (self->tokens);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Settling, settling_free)

static void settle_next (Settling *self);

static void
unshow_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Settling *settling = data;
  g_autoptr (GError) error = NULL;

  if (!mailer_store_revert (settling->store, settling->tokens[settling->next], FALSE, &error))
    g_warning ("Unshowing what was taken back: %s", error->message);
  g_task_return_boolean (task, TRUE);
}

static void
on_unshown (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Settling *settling = user_data;

  settling->next++;
  settle_next (settling);
}

static void
on_token_looked_up (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Settling *settling = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CloudOutboxEntry) entry = cloud_outbox_lookup_finish (CLOUD_OUTBOX (source), result, &error);
  g_autoptr (GTask) step = NULL;

  /* The journal always comes before the store: one that it does not know has been forgotten since. */
  if (entry != NULL ? cloud_outbox_entry_get_state (entry) != CLOUD_OUTBOX_STATE_CANCELLED : !g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND))
    {
      settling->next++;
      settle_next (settling);
      return;
    }
  step = g_task_new (NULL, NULL, on_unshown, settling);
  g_task_set_task_data (step, settling, NULL);
  g_task_run_in_thread (step, unshow_in_thread);
}

static void
settle_next (Settling *self)
{
  g_autoptr (Settling) settling = self;
  CloudOutbox *journal = mailer_engine_get_journal (mailer_agent_get_engine (self->agent));

  if (journal == NULL || self->tokens[self->next] == NULL)
    return;
  cloud_outbox_lookup_async (journal, self->tokens[self->next], NULL, on_token_looked_up, g_steal_pointer (&settling));
}

static void
list_tokens_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Settling *settling = data;

  settling->tokens = mailer_store_list_pending_tokens (settling->store, NULL);
  g_task_return_boolean (task, TRUE);
}

static void
on_tokens_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Settling) settling = user_data;

  if (settling->tokens != NULL)
    settle_next (g_steal_pointer (&settling));
}

void
mailer_agent_settle_changes (MailerAgent *self, MailerAccount *account)
{
  MailerStore *store = mailer_account_get_store (account);
  g_autoptr (GTask) task = NULL;
  Settling *settling;

  if (store == NULL)
    return;
  settling = g_new0 (Settling, 1);
  settling->agent = g_object_ref (self);
  mailer_agent_hold (self);
  settling->store = g_object_ref (store);
  task = g_task_new (NULL, NULL, on_tokens_listed, settling);
  g_task_set_task_data (task, settling, NULL);
  g_task_run_in_thread (task, list_tokens_in_thread);
}

void
mailer_agent_add_kinds (MailerAgent *self, CloudOutbox *outbox)
{
  static const CloudOutboxKind change = { execute_change, cloud_outbox_resume_repeat };

  cloud_outbox_add_kind (outbox, MAILER_KIND_CHANGE, &change, self);
  cloud_outbox_add_kind (outbox, MAILER_KIND_SEND, &mailer_agent_send_kind, self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-draft-private.h"

#include "mailer-change.h"

#include "cloud-error.h"

#include <string.h>

/* What the user does with messages: found out on a worker thread, journalled, then shown; and taken back.
 *
 * A job goes through its groups (one an account and list) one after another: find the messages' places, append to the journal, change the
 * store.  A process that dies between the last two, or is slower there than the one that carries out the journal, has journalled what it has not shown:
 * the executor shows it then before it does it (mailer-change.h). */

typedef struct
{
  MailerAccount *account;
  GArray *threads, *messages;
  GArray *folders;     /* (nullable) */
  MailerAction action;
  gint64 target;       /* folder; 0: for good */
  gboolean moves;
  MailerFlags add, remove;
  GArray *targets;
  char *token;
} Group;

typedef struct
{
  GPtrArray *groups;
  guint next;
  GVariantBuilder undo;
  guint n_done;
} ActJob;

static void advance (GTask *task);

static void
group_free (gpointer data)
{
  Group *self = data;

  g_object_unref (self->account);
  g_array_unref (self->threads);
  g_array_unref (self->messages);
  g_clear_pointer (&self->folders, g_array_unref);
  g_clear_pointer (&self->targets, g_array_unref);
  g_free (self->token);
  g_free (self);
}

static void
act_job_free (ActJob *job)
{
  g_ptr_array_unref (job->groups);
  g_variant_builder_clear (&job->undo);
  g_free (job);
}

static ActJob *
act_job_new (void)
{
  ActJob *job = g_new0 (ActJob, 1);

  job->groups = g_ptr_array_new_with_free_func (group_free);
  g_variant_builder_init (&job->undo, G_VARIANT_TYPE ("a(ssixa(xxx))"));
  return job;
}

static Group *
group_new (MailerAccount *account, const GArray *folders)
{
  Group *group = g_new0 (Group, 1);

  group->account = g_object_ref (account);
  group->threads = g_array_new (FALSE, FALSE, sizeof (gint64));
  group->messages = g_array_new (FALSE, FALSE, sizeof (gint64));
  group->folders = folders != NULL ? g_array_ref ((GArray *) folders) : NULL;
  return group;
}

/* ---- What an action means ---- */

static gint64
role_folder (MailerAccount *account, MailerRole role)
{
  MailerFolder *folder = mailer_account_find_folder_by_role (account, role);

  return folder != NULL ? mailer_folder_get_id (folder) : 0;
}

/* FALSE if the account has no folder for it. */
static gboolean
define (Group *group, MailerAction action, gint64 target, GError **error)
{
  group->action = action;
  group->moves = action >= MAILER_ACTION_ARCHIVE;
  group->target = target;
  switch (action)
    {
    case MAILER_ACTION_MARK_READ:
      group->add = MAILER_FLAG_SEEN;
      return TRUE;
    case MAILER_ACTION_MARK_UNREAD:
      group->remove = MAILER_FLAG_SEEN;
      return TRUE;
    case MAILER_ACTION_STAR:
      group->add = MAILER_FLAG_FLAGGED;
      return TRUE;
    case MAILER_ACTION_UNSTAR:
      group->remove = MAILER_FLAG_FLAGGED;
      return TRUE;
    case MAILER_ACTION_MARK_ANSWERED:
      group->add = MAILER_FLAG_ANSWERED;
      return TRUE;
    case MAILER_ACTION_MARK_FORWARDED:
      group->add = MAILER_FLAG_FORWARDED;
      return TRUE;
    case MAILER_ACTION_ARCHIVE:
      group->target = role_folder (group->account, MAILER_ROLE_ARCHIVE);
      break;
    case MAILER_ACTION_JUNK:
      group->target = role_folder (group->account, MAILER_ROLE_JUNK);
      break;
    case MAILER_ACTION_DELETE:
      group->target = role_folder (group->account, MAILER_ROLE_TRASH);
      break;
    case MAILER_ACTION_MOVE:
      break;
    }
  if (group->target != 0)
    return TRUE;
  g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_UNSUPPORTED, "%s has no folder for that", mailer_account_get_name (group->account));
  return FALSE;
}

/* Leaves out what is so already.  Deleting what lies in the trash is for good. */
static void
drop_unneeded (Group *group)
{
  gint64 trash = role_folder (group->account, MAILER_ROLE_TRASH);

  for (guint i = group->targets->len; i-- > 0;)
    {
      const MailerTarget *target = &g_array_index (group->targets, MailerTarget, i);
      gboolean needed = group->moves ? target->folder != group->target || (group->action == MAILER_ACTION_DELETE && target->folder == trash)
                                     : (target->flags & group->add) != group->add || (target->flags & group->remove) != 0;

      if (!needed)
        g_array_remove_index (group->targets, i);
    }
  if (group->action == MAILER_ACTION_DELETE && group->targets->len > 0 && g_array_index (group->targets, MailerTarget, 0).folder == trash)
    group->target = 0;
}

/* ---- Steps ---- */

static void
on_applied (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ActJob *job = g_task_get_task_data (task);
  Group *group = g_ptr_array_index (job->groups, job->next);
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (!(group->moves && group->target == 0) && group->action != MAILER_ACTION_MARK_ANSWERED && group->action != MAILER_ACTION_MARK_FORWARDED)
    {
      g_variant_builder_open (&job->undo, G_VARIANT_TYPE ("(ssixa(xxx))"));
      g_variant_builder_add (&job->undo, "s", mailer_account_get_id (group->account));
      g_variant_builder_add (&job->undo, "s", group->token);
      g_variant_builder_add (&job->undo, "i", (gint32) group->action);
      g_variant_builder_add (&job->undo, "x", group->target);
      g_variant_builder_open (&job->undo, G_VARIANT_TYPE ("a(xxx)"));
      for (guint i = 0; i < group->targets->len; i++)
        {
          const MailerTarget *target = &g_array_index (group->targets, MailerTarget, i);

          g_variant_builder_add (&job->undo, "(xxx)", target->location, target->message, target->folder);
        }
      g_variant_builder_close (&job->undo);
      g_variant_builder_close (&job->undo);
      job->n_done++;
    }
  job->next++;
  advance (task);
}

static void
apply_in_thread (GTask *step, gpointer source, gpointer data, GCancellable *cancellable)
{
  Group *group = data;
  MailerStore *store = mailer_account_get_store (group->account);
  GError *error = NULL;
  gboolean ok;

  if (mailer_account_is_local (group->account))
    ok = mailer_store_apply_local (store, group->targets, group->add, group->remove, group->moves, group->target, &error);
  else
    ok = mailer_store_apply (store, group->token, group->targets, group->add, group->remove, group->moves, group->target, &error);
  if (ok)
    g_task_return_boolean (step, TRUE);
  else
    g_task_return_error (step, error);
}

static void
apply (GTask *task)
{
  ActJob *job = g_task_get_task_data (task);
  g_autoptr (GTask) step = g_task_new (NULL, NULL, on_applied, task);

  g_task_set_task_data (step, g_ptr_array_index (job->groups, job->next), NULL);
  g_task_run_in_thread (step, apply_in_thread);
}

static void
on_journalled (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;
  g_autofree char *uuid = cloud_outbox_append_finish (CLOUD_OUTBOX (source), result, &error);

  if (uuid != NULL)
    {
      apply (task);
      return;
    }
  g_task_return_error (task, error);
  g_object_unref (task);
}

static void
on_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ActJob *job = g_task_get_task_data (task);
  Group *group = g_ptr_array_index (job->groups, job->next);
  MailerEngine *engine = g_task_get_source_object (task);
  g_autofree char *lane = NULL;
  g_autoptr (GBytes) payload = NULL;
  GError *error = NULL;

  group->targets = g_task_propagate_pointer (G_TASK (result), &error);
  if (group->targets == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  drop_unneeded (group);
  group->token = g_uuid_string_random ();
  if (group->targets->len == 0)
    {
      job->next++;
      advance (task);
      g_object_unref (task);
      return;
    }
  if (mailer_account_is_local (group->account))
    {
      apply (task);
      return;
    }
  lane = g_strdup_printf ("%s/imap", mailer_account_get_id (group->account));
  payload = mailer_change_pack (&(MailerChange){ .action = group->action,
                                                 .add = group->add,
                                                 .remove = group->remove,
                                                 .moves = group->moves,
                                                 .target = group->target,
                                                 .targets = group->targets });
  cloud_outbox_append_async (mailer_engine_get_journal (engine), group->token, lane, MAILER_KIND_CHANGE, payload, "", 0, NULL, on_journalled, task);
}

static void
find_in_thread (GTask *step, gpointer source, gpointer data, GCancellable *cancellable)
{
  Group *group = data;
  GError *error = NULL;
  GArray *targets = mailer_store_find_targets (mailer_account_get_store (group->account), group->threads, group->messages, group->folders, &error);

  if (targets != NULL)
    g_task_return_pointer (step, targets, (GDestroyNotify) g_array_unref);
  else
    g_task_return_error (step, error);
}

/* On to the next group, or the end. */
static void
advance (GTask *task)
{
  ActJob *job = g_task_get_task_data (task);
  g_autoptr (GTask) step = NULL;

  while (job->next < job->groups->len && mailer_account_get_store (((Group *) g_ptr_array_index (job->groups, job->next))->account) == NULL)
    job->next++;
  if (job->next == job->groups->len)
    {
      GVariant *undo = job->n_done > 0 ? g_variant_ref_sink (g_variant_builder_end (&job->undo)) : NULL;

      g_task_return_pointer (task, undo, (GDestroyNotify) g_variant_unref);
      return;
    }
  step = g_task_new (NULL, NULL, on_found, g_object_ref (task));
  g_task_set_task_data (step, g_ptr_array_index (job->groups, job->next), NULL);
  g_task_run_in_thread (step, find_in_thread);
}

/* ---- Acting ---- */

static Group *
find_group (ActJob *job, MailerAccount *account, const GArray *folders)
{
  Group *group;

  for (guint i = 0; i < job->groups->len; i++)
    {
      group = g_ptr_array_index (job->groups, i);
      if (group->account == account && group->folders == folders)
        return group;
    }
  group = group_new (account, folders);
  g_ptr_array_add (job->groups, group);
  return group;
}

static void
take_item (ActJob *job, gpointer item)
{
  if (MAILER_IS_CONVERSATION (item))
    {
      Group *group = find_group (job, mailer_conversation_get_account (item), mailer_conversation_get_folders (item));
      gint64 thread = mailer_conversation_get_thread (item);

      g_array_append_val (group->threads, thread);
    }
  else if (MAILER_IS_MESSAGE_ITEM (item))
    {
      g_autoptr (GArray) folders = g_array_new (FALSE, FALSE, sizeof (gint64));
      Group *group = group_new (mailer_message_item_get_account (item), folders);
      gint64 message = mailer_message_item_get_id (item);
      gint64 folder = mailer_message_item_get_folder (item);

      g_array_append_val (folders, folder);
      g_array_append_val (group->messages, message);
      g_ptr_array_add (job->groups, group);
    }
}

void
mailer_engine_act_async (MailerEngine *self, GPtrArray *items, MailerAction action, MailerFolder *target, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  ActJob *job = act_job_new ();
  GError *error = NULL;

  g_return_if_fail (MAILER_IS_ENGINE (self) && items != NULL);

  g_task_set_task_data (task, job, (GDestroyNotify) act_job_free);
  for (guint i = 0; i < items->len; i++)
    take_item (job, g_ptr_array_index (items, i));
  for (guint i = 0; i < job->groups->len; i++)
    {
      Group *group = g_ptr_array_index (job->groups, i);

      if (action == MAILER_ACTION_MOVE && (target == NULL || mailer_folder_get_account (target) != group->account))
        {
          g_task_return_new_error (task, CLOUD_ERROR, CLOUD_ERROR_UNSUPPORTED, "A message moves only within its account");
          return;
        }
      if (!define (group, action, target != NULL ? mailer_folder_get_id (target) : 0, &error))
        {
          g_task_return_error (task, error);
          return;
        }
    }
  advance (task);
}

GVariant *
mailer_engine_act_finish (MailerEngine *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- What an answer does to its message ---- */

typedef struct
{
  MailerAccount *account;
  MailerStore *store;
  char *message_id;
  MailerAction action;
} AnswerJob;

static void
answer_job_free (AnswerJob *job)
{
  g_clear_object (&job->account);
  g_object_unref (job->store);
  g_free (job->message_id);
  g_free (job);
}

static void
find_answered_in_thread (GTask *step, gpointer source, gpointer data, GCancellable *cancellable)
{
  AnswerJob *job = data;
  GError *error = NULL;
  MailerMessageRow *row = mailer_store_find_message (job->store, job->message_id, &error);

  if (row != NULL)
    g_task_return_pointer (step, row, (GDestroyNotify) mailer_message_row_free);
  else
    g_task_return_error (step, error);
}

static void
on_answer_marked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) undo = mailer_engine_act_finish (MAILER_ENGINE (source), result, &error);

  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
on_answered_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  AnswerJob *job = g_task_get_task_data (task);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (MailerAccount) account = g_steal_pointer (&job->account);
  GError *error = NULL;
  MailerMessageRow *row = g_task_propagate_pointer (G_TASK (result), &error);

  if (row == NULL && !g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND))
    {
      g_task_return_error (task, error);
      return;
    }
  if (row == NULL)
    {
      g_error_free (error);
      g_task_return_boolean (task, TRUE);
      return;
    }
  g_ptr_array_add (items, mailer_message_item_new (account, row));
  mailer_message_row_free (row);
  mailer_engine_act_async (MAILER_ENGINE (source), items, job->action, NULL, NULL, on_answer_marked, g_steal_pointer (&task));
}

void
mailer_engine_mark_answered_async (MailerEngine *self, MailerAccount *account, GBytes *draft, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  MailerStore *store = mailer_account_get_store (account);
  g_autoptr (GTask) step = NULL;
  MailerAction action;
  char *message_id = mailer_draft_dup_answered (draft, &action);
  AnswerJob *job;

  if (message_id == NULL || store == NULL)
    {
      g_free (message_id);
      g_task_return_boolean (task, TRUE);
      return;
    }
  job = g_new0 (AnswerJob, 1);
  job->account = g_object_ref (account);
  job->store = g_object_ref (store);
  job->message_id = message_id;
  job->action = action;
  g_task_set_task_data (task, job, (GDestroyNotify) answer_job_free);
  step = g_task_new (self, NULL, on_answered_found, g_object_ref (task));
  g_task_set_task_data (step, job, NULL);
  g_task_run_in_thread (step, find_answered_in_thread);
}

gboolean
mailer_engine_mark_answered_finish (MailerEngine *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- Taking back ---- */

typedef struct
{
  GVariant *undo;
  gsize next;
  ActJob *inverse; /* what the server had done already */
} UndoJob;

static void undo_next (GTask *task);

static void
undo_job_free (UndoJob *job)
{
  g_variant_unref (job->undo);
  g_clear_pointer (&job->inverse, act_job_free);
  g_free (job);
}

/* The opposite of entry @index, as an action of its own. */
static void
add_inverse (MailerEngine *engine, UndoJob *job, gsize index)
{
  static const MailerAction opposite[] = { [MAILER_ACTION_MARK_READ] = MAILER_ACTION_MARK_UNREAD, [MAILER_ACTION_MARK_UNREAD] = MAILER_ACTION_MARK_READ,
                                           [MAILER_ACTION_STAR] = MAILER_ACTION_UNSTAR, [MAILER_ACTION_UNSTAR] = MAILER_ACTION_STAR };
  g_autoptr (GVariantIter) places = NULL;
  const char *id, *token;
  gint32 action;
  gint64 target, location, message, folder;
  MailerAccount *account;

  g_variant_get_child (job->undo, index, "(&s&sixa(xxx))", &id, &token, &action, &target, &places);
  account = mailer_engine_find_account (engine, id);
  while (account != NULL && g_variant_iter_next (places, "(xxx)", &location, &message, &folder))
    {
      g_autoptr (GArray) folders = g_array_new (FALSE, FALSE, sizeof (gint64));
      gint64 lies_in = action >= MAILER_ACTION_ARCHIVE ? target : folder;
      Group *group = group_new (account, folders);

      g_array_append_val (folders, lies_in);
      g_array_append_val (group->messages, message);
      if (action >= MAILER_ACTION_ARCHIVE)
        define (group, MAILER_ACTION_MOVE, folder, NULL);
      else
        define (group, opposite[action], 0, NULL);
      g_ptr_array_add (job->inverse->groups, group);
    }
}

static void
on_inverted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GVariant) ignored = NULL;
  GError *error = NULL;

  ignored = g_task_propagate_pointer (G_TASK (result), &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
revert_in_thread (GTask *step, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;

  if (!mailer_store_revert (source, data, FALSE, &error))
    g_warning ("Undo: %s", error->message);
  g_task_return_boolean (step, TRUE);
}

static void
on_reverted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  UndoJob *job = g_task_get_task_data (task);

  job->next++;
  undo_next (task);
}

static void
on_cancelled (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  UndoJob *job = g_task_get_task_data (task);
  MailerEngine *engine = g_task_get_source_object (task);
  g_autoptr (CloudOutboxEntry) entry = cloud_outbox_cancel_finish (CLOUD_OUTBOX (source), result, NULL);
  const char *id, *token;
  MailerAccount *account;
  g_autoptr (GTask) step = NULL;

  g_variant_get_child (job->undo, job->next, "(&s&sixa(xxx))", &id, &token, NULL, NULL, NULL);
  account = mailer_engine_find_account (engine, id);
  if (entry == NULL || account == NULL || mailer_account_get_store (account) == NULL)
    {
      add_inverse (engine, job, job->next++);
      undo_next (task);
      return;
    }
  step = g_task_new (mailer_account_get_store (account), NULL, on_reverted, g_object_ref (task));
  g_task_set_task_data (step, g_strdup (token), g_free);
  g_task_run_in_thread (step, revert_in_thread);
}

static void
undo_next (GTask *task)
{
  UndoJob *job = g_task_get_task_data (task);
  MailerEngine *engine = g_task_get_source_object (task);
  const char *id, *token;
  MailerAccount *account;

  while (job->next < g_variant_n_children (job->undo))
    {
      g_variant_get_child (job->undo, job->next, "(&s&sixa(xxx))", &id, &token, NULL, NULL, NULL);
      account = mailer_engine_find_account (engine, id);
      if (account != NULL && !mailer_account_is_local (account))
        {
          cloud_outbox_cancel_async (mailer_engine_get_journal (engine), token, NULL, on_cancelled, g_object_ref (task));
          return;
        }
      add_inverse (engine, job, job->next++);
    }
  {
    g_autoptr (GTask) inverse = g_task_new (engine, NULL, on_inverted, g_object_ref (task));

    g_task_set_task_data (inverse, g_steal_pointer (&job->inverse), (GDestroyNotify) act_job_free);
    advance (inverse);
  }
}

void
mailer_engine_undo_async (MailerEngine *self, GVariant *undo, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  UndoJob *job;

  g_return_if_fail (MAILER_IS_ENGINE (self) && g_variant_is_of_type (undo, G_VARIANT_TYPE ("a(ssixa(xxx))")));

  job = g_new0 (UndoJob, 1);
  job->undo = g_variant_ref (undo);
  job->inverse = act_job_new ();
  g_task_set_task_data (task, job, (GDestroyNotify) undo_job_free);
  undo_next (task);
}

gboolean
mailer_engine_undo_finish (MailerEngine *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

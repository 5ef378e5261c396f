/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-engine-private.h"

#include "cloud-error.h"

#include <string.h>

/* Looking through the databases of all accounts, on a worker thread: for one message, for people. */

typedef struct
{
  char *text;
  GPtrArray *accounts;
  GPtrArray *stores;
  guint found_in;
  gint64 folder;
} LookJob;

static void
look_job_free (LookJob *job)
{
  g_free (job->text);
  g_clear_pointer (&job->accounts, g_ptr_array_unref);
  g_ptr_array_unref (job->stores);
  g_free (job);
}

static LookJob *
look_job_new (MailerEngine *self, char *text)
{
  LookJob *job = g_new0 (LookJob, 1);
  GListModel *accounts = mailer_engine_get_accounts (self);

  job->text = text;
  job->accounts = g_ptr_array_new_with_free_func (g_object_unref);
  job->stores = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      MailerAccount *account = g_list_model_get_item (accounts, i);

      g_ptr_array_add (job->accounts, account);
      g_ptr_array_add (job->stores, g_object_ref (mailer_account_get_store (account)));
    }
  return job;
}

static void
find_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  LookJob *job = data;

  for (guint i = 0; i < job->stores->len; i++)
    {
      MailerMessageRow *row = mailer_store_find_message (g_ptr_array_index (job->stores, i), job->text, NULL);

      if (row != NULL)
        {
          job->found_in = i;
          job->folder = row->folder;
          g_task_return_int (task, row->thread);
          mailer_message_row_free (row);
          return;
        }
    }
  g_task_return_new_error (task, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "There is no message %s", job->text);
}

void
mailer_engine_find_message_async (MailerEngine *self, const char *mid, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  const char *start = g_ascii_strncasecmp (mid, "mid:", 4) == 0 ? mid + 4 : mid;
  g_autofree char *first = g_strndup (start, start == mid ? strlen (start) : strcspn (start, "/"));
  char *id = start == mid ? g_strdup (first) : g_uri_unescape_string (first, NULL);

  if (id == NULL)
    {
      g_task_return_new_error (task, CLOUD_ERROR, CLOUD_ERROR_INVALID, "%s names no message", mid);
      return;
    }
  g_strdelimit (id, "<>", ' ');
  g_strstrip (id);
  g_task_set_task_data (task, look_job_new (self, id), (GDestroyNotify) look_job_free);
  g_task_run_in_thread (task, find_in_thread);
}

MailerConversation *
mailer_engine_find_message_finish (MailerEngine *self, GAsyncResult *result, GError **error)
{
  LookJob *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) local_error = NULL;
  gint64 thread = g_task_propagate_int (G_TASK (result), &local_error);
  g_autoptr (GArray) folders = g_array_new (FALSE, FALSE, sizeof (gint64));
  MailerConversation *conversation;

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  g_array_append_val (folders, job->folder);
  conversation = mailer_conversation_new (g_ptr_array_index (job->accounts, job->found_in), thread, folders);
  g_clear_pointer (&job->accounts, g_ptr_array_unref);
  return conversation;
}

static void
suggest_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  LookJob *job = data;
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify) mailer_address_free);

  for (guint i = 0; i < job->stores->len; i++)
    {
      g_autoptr (GPtrArray) found = mailer_store_suggest (g_ptr_array_index (job->stores, i), job->text, 10, NULL);

      for (guint k = 0; found != NULL && k < found->len; k++)
        {
          const MailerAddress *one = g_ptr_array_index (found, k);
          gboolean known = FALSE;

          for (guint a = 0; a < all->len; a++)
            known |= g_ascii_strcasecmp (((MailerAddress *) g_ptr_array_index (all, a))->address, one->address) == 0;
          if (!known)
            g_ptr_array_add (all, mailer_address_copy (one));
        }
    }
  g_task_return_pointer (task, all, (GDestroyNotify) g_ptr_array_unref);
}

void
mailer_engine_suggest_async (MailerEngine *self, const char *prefix, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_task_data (task, look_job_new (self, g_strdup (prefix)), (GDestroyNotify) look_job_free);
  g_task_run_in_thread (task, suggest_in_thread);
}

GPtrArray *
mailer_engine_suggest_finish (MailerEngine *self, GAsyncResult *result, GError **error)
{
  LookJob *job = g_task_get_task_data (G_TASK (result));

  g_clear_pointer (&job->accounts, g_ptr_array_unref);
  return g_task_propagate_pointer (G_TASK (result), error);
}

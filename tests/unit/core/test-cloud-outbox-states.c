/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud-error.h"
#include "cloud-outbox.h"

#include <glib/gstdio.h>

/* The life of an outbox's entries, with an executor that answers only when the test says so, and a clock that only the test moves.
 *
 * "Nothing more begins now" is proved without waiting: entries are begun in the order in which they were appended, so once an entry of a
 * fresh target, appended last, has begun, no earlier one was allowed to. */

#define NOW_S G_GINT64_CONSTANT (1780000000)
#define DEADLINE_S 20

typedef struct
{
  char *dir;
  char *path;
  CloudOutbox *outbox;
  GPtrArray *begun;      /* every execution's uuid, in order */
  GHashTable *in_flight; /* uuid -> GTask */
  gint64 now_s;
  guint n_barriers;
  guint deadline;
  CloudOutboxKind kind;
} Fixture;

/* ---- The clock and the executor ---- */

static void
set_clock (Fixture *f, gint64 now_s)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, now_s);

  f->now_s = now_s;
  g_setenv ("CIRRUS_FAKE_TIME", text, TRUE);
}

static void
execute (CloudOutbox *outbox, CloudOutboxEntry *entry, GTask *task, gpointer user_data)
{
  Fixture *f = user_data;
  const char *uuid = cloud_outbox_entry_get_uuid (entry);

  g_assert_false (g_hash_table_contains (f->in_flight, uuid));
  g_ptr_array_add (f->begun, g_strdup (uuid));
  g_hash_table_insert (f->in_flight, g_strdup (uuid), task);
}

static guint
n_begun (Fixture *f, const char *uuid)
{
  guint n = 0;

  for (guint i = 0; i < f->begun->len; i++)
    n += g_str_equal (f->begun->pdata[i], uuid);
  return n;
}

static void
await_begun (Fixture *f, const char *uuid)
{
  while (!g_hash_table_contains (f->in_flight, uuid))
    g_main_context_iteration (NULL, TRUE);
}

/* ---- Calls, awaited ---- */

static void
on_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
await_result (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static void
append_at (Fixture *f, const char *uuid, const char *target, gint64 not_before_s)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) payload = g_bytes_new (uuid, strlen (uuid));
  g_autofree char *key = NULL;

  cloud_outbox_append_async (f->outbox, uuid, target, "message", payload, "Message to Anna", not_before_s * G_USEC_PER_SEC, NULL, on_result,
                             &result);
  key = cloud_outbox_append_finish (f->outbox, await_result (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (key, ==, uuid);
}

static void
append (Fixture *f, const char *uuid, const char *target)
{
  append_at (f, uuid, target, 0);
}

static CloudOutboxEntry *
lookup (Fixture *f, const char *uuid)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  CloudOutboxEntry *entry;

  cloud_outbox_lookup_async (f->outbox, uuid, NULL, on_result, &result);
  entry = cloud_outbox_lookup_finish (f->outbox, await_result (&result), &error);
  g_assert_no_error (error);
  return entry;
}

static CloudOutboxState
state_of (Fixture *f, const char *uuid)
{
  g_autoptr (CloudOutboxEntry) entry = lookup (f, uuid);

  return cloud_outbox_entry_get_state (entry);
}

/* Ends the execution of @uuid, with CLOUD_OUTBOX_DONE or CLOUD_OUTBOX_UNCERTAIN, and waits until the journal knows. */
static void
answer (Fixture *f, const char *uuid, CloudOutboxVerdict verdict)
{
  GTask *task;

  await_begun (f, uuid);
  task = g_hash_table_lookup (f->in_flight, uuid);
  g_hash_table_remove (f->in_flight, uuid);
  if (verdict == CLOUD_OUTBOX_DONE)
    cloud_outbox_task_return_done (task);
  else
    cloud_outbox_task_return_uncertain (task);
  g_object_unref (task);
  while (state_of (f, uuid) == CLOUD_OUTBOX_STATE_SENDING)
    g_main_context_iteration (NULL, FALSE);
}

/* The same with an error; an entry that is begun again at once counts as settled. */
static void
answer_error (Fixture *f, const char *uuid, GQuark domain, int code)
{
  GTask *task;
  guint n;

  await_begun (f, uuid);
  n = n_begun (f, uuid);
  task = g_hash_table_lookup (f->in_flight, uuid);
  g_hash_table_remove (f->in_flight, uuid);
  g_task_return_new_error (task, domain, code, "The server said so");
  g_object_unref (task);
  while (n_begun (f, uuid) == n && state_of (f, uuid) == CLOUD_OUTBOX_STATE_SENDING)
    g_main_context_iteration (NULL, FALSE);
}

static void
barrier (Fixture *f)
{
  g_autofree char *uuid = g_strdup_printf ("barrier-%u", f->n_barriers++);
  g_autofree char *target = g_strconcat (uuid, "/smtp", NULL);

  append (f, uuid, target);
  answer (f, uuid, CLOUD_OUTBOX_DONE);
}

static CloudOutboxEntry *
cancel (Fixture *f, const char *uuid, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cloud_outbox_cancel_async (f->outbox, uuid, NULL, on_result, &result);
  return cloud_outbox_cancel_finish (f->outbox, await_result (&result), error);
}

static void
assert_cancels (Fixture *f, const char *uuid)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CloudOutboxEntry) entry = cancel (f, uuid, &error);
  g_autoptr (GBytes) expected = g_bytes_new (uuid, strlen (uuid));

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (cloud_outbox_entry_get_payload (entry), expected));
  g_assert_cmpint (state_of (f, uuid), ==, CLOUD_OUTBOX_STATE_CANCELLED);
}

static void
assert_cancel_refused (Fixture *f, const char *uuid, CloudError code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CloudOutboxEntry) entry = cancel (f, uuid, &error);

  g_assert_null (entry);
  g_assert_error (error, CLOUD_ERROR, (int) code);
}

typedef void (*Change) (CloudOutbox *, const char *, GCancellable *, GAsyncReadyCallback, gpointer);

static void
change (Fixture *f, Change func, const char *text)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  func (f->outbox, text, NULL, on_result, &result);
  g_assert_true (cloud_outbox_change_finish (f->outbox, await_result (&result), &error));
  g_assert_no_error (error);
}

static void
assert_change_refused (Fixture *f, Change func, const char *uuid, CloudError code)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  func (f->outbox, uuid, NULL, on_result, &result);
  g_assert_false (cloud_outbox_change_finish (f->outbox, await_result (&result), &error));
  g_assert_error (error, CLOUD_ERROR, (int) code);
}

/* ---- The fixture ---- */

static void
open_and_run (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  f->outbox = cloud_outbox_open (f->path, &error);
  g_assert_no_error (error);
  cloud_outbox_add_kind (f->outbox, "message", &f->kind, f);
  cloud_outbox_run (f->outbox);
}

/* What is in flight stays "sending" in the journal, as after a death: its late answer changes nothing. */
static void
close_outbox (Fixture *f)
{
  GHashTableIter iter;
  gpointer task;

  cloud_outbox_close (f->outbox);
  g_hash_table_iter_init (&iter, f->in_flight);
  while (g_hash_table_iter_next (&iter, NULL, &task))
    {
      cloud_outbox_task_return_done (task);
      g_object_unref (task);
      g_hash_table_iter_remove (&iter);
    }
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&f->outbox);
}

static gboolean
on_deadline (gpointer user_data)
{
  g_error ("waited %d s for what did not come", DEADLINE_S);
  return G_SOURCE_REMOVE;
}

static void
set_up (Fixture *f, gconstpointer unused)
{
  f->deadline = g_timeout_add_seconds (DEADLINE_S, on_deadline, NULL);
  f->dir = g_dir_make_tmp ("cloud-outbox-XXXXXX", NULL);
  f->path = g_build_filename (f->dir, "outbox.db", NULL);
  f->begun = g_ptr_array_new_with_free_func (g_free);
  f->in_flight = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  f->kind = (CloudOutboxKind){ execute, cloud_outbox_resume_repeat };
  set_clock (f, NOW_S);
  open_and_run (f);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  g_source_remove (f->deadline);
  close_outbox (f);
  dir = g_dir_open (f->dir, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (f->dir, name, NULL);

      g_unlink (file);
    }
  g_assert_cmpint (g_rmdir (f->dir), ==, 0);
  g_ptr_array_unref (f->begun);
  g_hash_table_unref (f->in_flight);
  g_free (f->dir);
  g_free (f->path);
}

/* ---- Order ---- */

static void
test_order (Fixture *f, gconstpointer unused)
{
  append (f, "a1", "a/smtp");
  append (f, "a2", "a/smtp");
  append (f, "b1", "b/smtp");
  append (f, "a3", "a/smtp");
  await_begun (f, "a1");
  await_begun (f, "b1");
  g_assert_cmpuint (n_begun (f, "a2"), ==, 0);
  barrier (f);
  /* Targets side by side; of one target one at a time. */
  g_assert_cmpuint (g_hash_table_size (f->in_flight), ==, 2);
  g_assert_true (cloud_outbox_get_busy (f->outbox));
  g_assert_cmpuint (n_begun (f, "a2"), ==, 0);
  answer (f, "b1", CLOUD_OUTBOX_DONE);
  barrier (f);
  g_assert_cmpuint (n_begun (f, "a2"), ==, 0);
  answer (f, "a1", CLOUD_OUTBOX_DONE);
  await_begun (f, "a2");
  barrier (f);
  g_assert_cmpuint (n_begun (f, "a3"), ==, 0);
  answer (f, "a2", CLOUD_OUTBOX_DONE);
  answer (f, "a3", CLOUD_OUTBOX_DONE);
  g_assert_cmpuint (n_begun (f, "a1") + n_begun (f, "a2") + n_begun (f, "a3"), ==, 3);
}

static void
test_order_while_pausing (Fixture *f, gconstpointer unused)
{
  append (f, "a1", "a/smtp");
  append (f, "a2", "a/smtp");
  answer_error (f, "a1", CLOUD_ERROR, CLOUD_ERROR_OFFLINE);
  barrier (f);
  /* a1 comes first also after its pause. */
  g_assert_cmpuint (n_begun (f, "a2"), ==, 0);
  set_clock (f, NOW_S + 10);
  barrier (f);
  g_assert_cmpuint (n_begun (f, "a1"), ==, 2);
  g_assert_cmpuint (n_begun (f, "a2"), ==, 0);
  answer (f, "a1", CLOUD_OUTBOX_DONE);
  answer (f, "a2", CLOUD_OUTBOX_DONE);
}

static void
test_appended_twice (Fixture *f, gconstpointer unused)
{
  append (f, "a1", "a/smtp");
  append (f, "a1", "a/smtp");
  answer (f, "a1", CLOUD_OUTBOX_DONE);
  append (f, "a1", "a/smtp");
  barrier (f);
  g_assert_cmpuint (n_begun (f, "a1"), ==, 1);
}

/* ---- Cancel and undo ---- */

static void
test_cancel (Fixture *f, gconstpointer unused)
{
  append (f, "a1", "a/smtp");
  append (f, "a2", "a/smtp");
  await_begun (f, "a1");
  assert_cancel_refused (f, "a1", CLOUD_ERROR_BUSY);
  assert_cancels (f, "a2");
  assert_cancel_refused (f, "a2", CLOUD_ERROR_INVALID);
  assert_cancel_refused (f, "never-appended", CLOUD_ERROR_NOT_FOUND);
  answer (f, "a1", CLOUD_OUTBOX_DONE);
  assert_cancel_refused (f, "a1", CLOUD_ERROR_INVALID);
  barrier (f);
  g_assert_cmpuint (n_begun (f, "a2"), ==, 0);
  assert_change_refused (f, cloud_outbox_retry_async, "a2", CLOUD_ERROR_INVALID);
}

static void
test_cancel_of_pausing_frees_the_target (Fixture *f, gconstpointer unused)
{
  append (f, "a1", "a/smtp");
  append (f, "a2", "a/smtp");
  answer_error (f, "a1", CLOUD_ERROR, CLOUD_ERROR_TRY_LATER);
  assert_cancels (f, "a1");
  answer (f, "a2", CLOUD_OUTBOX_DONE);
  set_clock (f, NOW_S + 100);
  barrier (f);
  g_assert_cmpuint (n_begun (f, "a1"), ==, 1);
}

static void
test_undo (Fixture *f, gconstpointer unused)
{
  append_at (f, "a1", "a/smtp", NOW_S + 10);
  barrier (f);
  assert_cancels (f, "a1");
  set_clock (f, NOW_S + 20);
  barrier (f);
  g_assert_cmpuint (n_begun (f, "a1"), ==, 0);
}

/* ---- Time ---- */

static void
test_not_before (Fixture *f, gconstpointer unused)
{
  append_at (f, "later", "a/smtp", NOW_S + 10);
  append (f, "now", "a/smtp");
  answer (f, "now", CLOUD_OUTBOX_DONE);
  barrier (f);
  g_assert_cmpuint (n_begun (f, "later"), ==, 0);
  while (cloud_outbox_get_next_due_unix_us (f->outbox) != (NOW_S + 10) * G_USEC_PER_SEC)
    g_main_context_iteration (NULL, TRUE);
  set_clock (f, NOW_S + 9);
  barrier (f);
  g_assert_cmpuint (n_begun (f, "later"), ==, 0);
  set_clock (f, NOW_S + 10);
  barrier (f);
  g_assert_cmpuint (n_begun (f, "later"), ==, 1);
  answer (f, "later", CLOUD_OUTBOX_DONE);
}

#define FIRST_S 8
#define LONGEST_S 200
#define N_FAILURES 9

static void
test_backoff (Fixture *f, gconstpointer unused)
{
  gboolean spread = FALSE;

  cloud_outbox_set_backoff_ms (f->outbox, FIRST_S * 1000, LONGEST_S * 1000);
  append (f, "a1", "a/smtp");
  for (guint i = 0; i < N_FAILURES; i++)
    {
      gint64 whole_us = MIN ((gint64) FIRST_S << i, LONGEST_S) * G_USEC_PER_SEC, pause_us, due_us;
      g_autoptr (CloudOutboxEntry) entry = NULL;

      answer_error (f, "a1", CLOUD_ERROR, CLOUD_ERROR_OFFLINE);
      entry = lookup (f, "a1");
      g_assert_cmpint (cloud_outbox_entry_get_state (entry), ==, CLOUD_OUTBOX_STATE_WAITING);
      g_assert_cmpint (cloud_outbox_entry_get_attempts (entry), ==, (int) i + 1);
      g_assert_cmpint (cloud_outbox_entry_get_error_code (entry), ==, CLOUD_ERROR_OFFLINE);
      g_assert_cmpstr (cloud_outbox_entry_get_error_message (entry), ==, "The server said so");
      due_us = cloud_outbox_entry_get_next_attempt_unix_us (entry);
      pause_us = due_us - f->now_s * G_USEC_PER_SEC;
      g_assert_cmpint (pause_us, >=, whole_us / 2);
      g_assert_cmpint (pause_us, <=, whole_us);
      spread = spread || pause_us < whole_us * 99 / 100;
      set_clock (f, (due_us - 1) / G_USEC_PER_SEC);
      barrier (f);
      g_assert_cmpuint (n_begun (f, "a1"), ==, i + 1);
      set_clock (f, due_us / G_USEC_PER_SEC + 1);
      barrier (f);
      g_assert_cmpuint (n_begun (f, "a1"), ==, i + 2);
    }
  g_assert_true (spread);
  answer (f, "a1", CLOUD_OUTBOX_DONE);
}

/* ---- Errors, retry ---- */

static void
test_which_errors_pause (Fixture *f, gconstpointer unused)
{
  static const CloudError codes[] = { CLOUD_ERROR_OFFLINE, CLOUD_ERROR_TRY_LATER, CLOUD_ERROR_BUSY, CLOUD_ERROR_NO_SPACE };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autofree char *uuid = g_strdup_printf ("a%u", i);
      g_autofree char *target = g_strdup_printf ("%u/smtp", i);
      g_autoptr (CloudOutboxEntry) entry = NULL;

      append (f, uuid, target);
      answer_error (f, uuid, CLOUD_ERROR, codes[i]);
      entry = lookup (f, uuid);
      g_assert_cmpint (cloud_outbox_entry_get_state (entry), ==, CLOUD_OUTBOX_STATE_WAITING);
      g_assert_cmpint (cloud_outbox_entry_get_next_attempt_unix_us (entry), >, NOW_S * G_USEC_PER_SEC);
      g_assert_false (cloud_outbox_entry_get_stopped (entry));
    }
}

static void
test_failed_and_retried (Fixture *f, gconstpointer unused)
{
  g_autoptr (CloudOutboxEntry) entry = NULL;

  append (f, "a1", "a/smtp");
  append (f, "a2", "a/smtp");
  append (f, "a3", "a/smtp");
  answer_error (f, "a1", CLOUD_ERROR, CLOUD_ERROR_INVALID);
  answer_error (f, "a2", G_IO_ERROR, G_IO_ERROR_FAILED);
  answer (f, "a3", CLOUD_OUTBOX_DONE);
  entry = lookup (f, "a1");
  g_assert_cmpint (cloud_outbox_entry_get_state (entry), ==, CLOUD_OUTBOX_STATE_FAILED);
  g_assert_cmpint (cloud_outbox_entry_get_error_code (entry), ==, CLOUD_ERROR_INVALID);
  g_assert_cmpint (state_of (f, "a2"), ==, CLOUD_OUTBOX_STATE_FAILED);
  set_clock (f, NOW_S + 100000);
  barrier (f);
  g_assert_cmpuint (n_begun (f, "a1"), ==, 1);
  assert_cancels (f, "a2");
  change (f, cloud_outbox_retry_async, "a1");
  await_begun (f, "a1");
  assert_change_refused (f, cloud_outbox_retry_async, "a1", CLOUD_ERROR_BUSY);
  answer (f, "a1", CLOUD_OUTBOX_DONE);
  assert_change_refused (f, cloud_outbox_retry_async, "a1", CLOUD_ERROR_INVALID);
  assert_change_refused (f, cloud_outbox_retry_async, "never-appended", CLOUD_ERROR_NOT_FOUND);
}

static void
test_retry_ends_pauses (Fixture *f, gconstpointer unused)
{
  g_autoptr (CloudOutboxEntry) entry = NULL;

  append (f, "a1", "a/smtp");
  append_at (f, "later", "b/smtp", NOW_S + 1000);
  answer_error (f, "a1", CLOUD_ERROR, CLOUD_ERROR_OFFLINE);
  change (f, cloud_outbox_retry_async, "a1");
  await_begun (f, "a1");
  entry = lookup (f, "a1");
  g_assert_cmpint (cloud_outbox_entry_get_attempts (entry), ==, 0);
  answer (f, "a1", CLOUD_OUTBOX_DONE);
  change (f, cloud_outbox_retry_async, "later");
  answer (f, "later", CLOUD_OUTBOX_DONE);
}

static void
test_cancelled_by_us (Fixture *f, gconstpointer unused)
{
  g_autoptr (CloudOutboxEntry) entry = NULL;

  append (f, "a1", "a/smtp");
  answer_error (f, "a1", G_IO_ERROR, G_IO_ERROR_CANCELLED);
  await_begun (f, "a1");
  entry = lookup (f, "a1");
  g_assert_cmpint (cloud_outbox_entry_get_attempts (entry), ==, 0);
  answer (f, "a1", CLOUD_OUTBOX_DONE);
  g_assert_cmpuint (n_begun (f, "a1"), ==, 2);
}

/* ---- Stopped targets ---- */

static void
assert_stopped (Fixture *f, const char *uuid, gboolean stopped)
{
  g_autoptr (CloudOutboxEntry) entry = lookup (f, uuid);

  g_assert_cmpint (cloud_outbox_entry_get_stopped (entry), ==, stopped);
  if (stopped)
    g_assert_cmpint (cloud_outbox_entry_get_state (entry), ==, CLOUD_OUTBOX_STATE_WAITING);
}

static void
test_stop_and_resume (Fixture *f, gconstpointer data)
{
  int code = GPOINTER_TO_INT (data);

  append (f, "a1", "a/smtp");
  append (f, "a2", "a/smtp");
  append (f, "i1", "a/imap");
  append (f, "b1", "b/smtp");
  answer_error (f, "a1", CLOUD_ERROR, code);
  answer_error (f, "i1", CLOUD_ERROR, code);
  answer_error (f, "b1", CLOUD_ERROR, code);
  assert_stopped (f, "a1", TRUE);
  assert_stopped (f, "a2", TRUE);
  set_clock (f, NOW_S + 100000);
  barrier (f);
  change (f, cloud_outbox_resume_target_async, "no-such-account");
  barrier (f);
  g_assert_cmpuint (n_begun (f, "a1"), ==, 1);
  g_assert_cmpuint (n_begun (f, "a2"), ==, 0);
  /* It stays stopped when the program is begun anew. */
  close_outbox (f);
  open_and_run (f);
  barrier (f);
  assert_stopped (f, "a1", TRUE);
  g_assert_cmpuint (n_begun (f, "a1"), ==, 1);
  change (f, cloud_outbox_resume_target_async, "a");
  await_begun (f, "a1");
  answer (f, "i1", CLOUD_OUTBOX_DONE);
  barrier (f);
  assert_stopped (f, "b1", TRUE);
  g_assert_cmpuint (n_begun (f, "b1"), ==, 1);
  g_assert_cmpuint (n_begun (f, "a2"), ==, 0);
  assert_stopped (f, "a2", FALSE);
  answer (f, "a1", CLOUD_OUTBOX_DONE);
  answer (f, "a2", CLOUD_OUTBOX_DONE);
  change (f, cloud_outbox_resume_target_async, "");
  answer (f, "b1", CLOUD_OUTBOX_DONE);
}

static void
test_resume_ends_pauses (Fixture *f, gconstpointer unused)
{
  append (f, "a1", "a/smtp");
  append (f, "b1", "b/smtp");
  answer_error (f, "a1", CLOUD_ERROR, CLOUD_ERROR_OFFLINE);
  answer_error (f, "b1", CLOUD_ERROR, CLOUD_ERROR_OFFLINE);
  change (f, cloud_outbox_resume_target_async, "a");
  answer (f, "a1", CLOUD_OUTBOX_DONE);
  barrier (f);
  g_assert_cmpuint (n_begun (f, "b1"), ==, 1);
}

/* ---- Uncertain ---- */

static void
test_uncertain (Fixture *f, gconstpointer unused)
{
  static const char *const uuids[] = { "a1", "a2", "a3" };

  for (guint i = 0; i < G_N_ELEMENTS (uuids); i++)
    append (f, uuids[i], "a/smtp");
  append (f, "a4", "a/smtp");
  for (guint i = 0; i < G_N_ELEMENTS (uuids); i++)
    {
      answer (f, uuids[i], CLOUD_OUTBOX_UNCERTAIN);
      g_assert_cmpint (state_of (f, uuids[i]), ==, CLOUD_OUTBOX_STATE_UNCERTAIN);
    }
  /* Those behind go on, and no time brings an uncertain one out again. */
  await_begun (f, "a4");
  assert_change_refused (f, cloud_outbox_confirm_async, "a4", CLOUD_ERROR_BUSY);
  answer (f, "a4", CLOUD_OUTBOX_DONE);
  set_clock (f, NOW_S + 100000);
  barrier (f);
  g_assert_cmpuint (n_begun (f, "a1"), ==, 1);
  change (f, cloud_outbox_confirm_async, "a1");
  g_assert_cmpint (state_of (f, "a1"), ==, CLOUD_OUTBOX_STATE_DONE);
  assert_change_refused (f, cloud_outbox_confirm_async, "a1", CLOUD_ERROR_INVALID);
  change (f, cloud_outbox_retry_async, "a2");
  answer (f, "a2", CLOUD_OUTBOX_DONE);
  assert_cancels (f, "a3");
  barrier (f);
  g_assert_cmpuint (n_begun (f, "a1"), ==, 1);
  g_assert_cmpuint (n_begun (f, "a2"), ==, 2);
  g_assert_cmpuint (n_begun (f, "a3"), ==, 1);
  while (g_list_model_get_n_items (cloud_outbox_get_entries (f->outbox)) > 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
note (Fixture *f, const char *uuid, const char *text)
{
  g_autoptr (CloudOutboxEntry) entry = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  await_begun (f, uuid);
  entry = lookup (f, uuid);
  cloud_outbox_set_progress_async (f->outbox, entry, bytes, on_result, &result);
  g_assert_true (cloud_outbox_set_progress_finish (f->outbox, await_result (&result), &error));
  g_assert_no_error (error);
}

/* Whether @uuid, which is begun again, comes with its note. */
static gboolean
begins_with_note (Fixture *f, const char *uuid)
{
  g_autoptr (CloudOutboxEntry) entry = NULL;

  await_begun (f, uuid);
  entry = lookup (f, uuid);
  return cloud_outbox_entry_get_progress (entry) != NULL;
}

/* Only who was asked whether it happened, and wants it once more, begins anew. */
static void
test_note_and_retry (Fixture *f, gconstpointer unused)
{
  append (f, "a1", "a/smtp");
  note (f, "a1", "handing over");
  answer_error (f, "a1", CLOUD_ERROR, CLOUD_ERROR_NO_SPACE);
  change (f, cloud_outbox_retry_async, "a1");
  g_assert_true (begins_with_note (f, "a1"));
  answer_error (f, "a1", CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND);
  change (f, cloud_outbox_retry_async, "a1");
  g_assert_true (begins_with_note (f, "a1"));
  answer (f, "a1", CLOUD_OUTBOX_UNCERTAIN);
  change (f, cloud_outbox_retry_async, "a1");
  g_assert_false (begins_with_note (f, "a1"));
  answer (f, "a1", CLOUD_OUTBOX_DONE);
}

static CloudOutboxVerdict
resume_done (CloudOutboxEntry *entry, gpointer user_data)
{
  g_assert_true (cloud_outbox_entry_get_interrupted (entry));
  return CLOUD_OUTBOX_DONE;
}

static void
interrupt (Fixture *f, CloudOutboxVerdict (*resume) (CloudOutboxEntry *, gpointer))
{
  append (f, "a1", "a/smtp");
  append (f, "a2", "a/smtp");
  await_begun (f, "a1");
  close_outbox (f);
  f->kind.resume = resume;
  open_and_run (f);
}

static void
test_interrupted_unknown (Fixture *f, gconstpointer unused)
{
  interrupt (f, NULL);
  answer (f, "a2", CLOUD_OUTBOX_DONE);
  g_assert_cmpint (state_of (f, "a1"), ==, CLOUD_OUTBOX_STATE_UNCERTAIN);
  g_assert_cmpuint (n_begun (f, "a1"), ==, 1);
}

static void
test_interrupted_done (Fixture *f, gconstpointer unused)
{
  interrupt (f, resume_done);
  answer (f, "a2", CLOUD_OUTBOX_DONE);
  g_assert_cmpint (state_of (f, "a1"), ==, CLOUD_OUTBOX_STATE_DONE);
  g_assert_cmpuint (n_begun (f, "a1"), ==, 1);
}

static void
test_interrupted_repeated (Fixture *f, gconstpointer unused)
{
  interrupt (f, cloud_outbox_resume_repeat);
  await_begun (f, "a1");
  barrier (f);
  g_assert_cmpuint (n_begun (f, "a2"), ==, 0);
  answer (f, "a1", CLOUD_OUTBOX_DONE);
  answer (f, "a2", CLOUD_OUTBOX_DONE);
  g_assert_cmpuint (n_begun (f, "a1"), ==, 2);
}

#define ADD(name, func) g_test_add ("/cloud/outbox-states/" name, Fixture, NULL, set_up, func, tear_down)
#define ADD_STOP(name, code) \
  g_test_add ("/cloud/outbox-states/" name, Fixture, GINT_TO_POINTER (code), set_up, test_stop_and_resume, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* There before the first thread is: later only its value is exchanged. */
  g_setenv ("CIRRUS_FAKE_TIME", "0", TRUE);
  ADD ("one-of-a-target-at-a-time-in-order", test_order);
  ADD ("pausing-entry-keeps-its-place", test_order_while_pausing);
  ADD ("appended-twice-is-sent-once", test_appended_twice);
  ADD ("cancel-gives-back-what-was-not-sent", test_cancel);
  ADD ("cancel-of-a-pausing-entry-frees-its-target", test_cancel_of_pausing_frees_the_target);
  ADD ("undo-before-its-time", test_undo);
  ADD ("not-before-its-time-and-holding-nobody-back", test_not_before);
  ADD ("pauses-grow-to-the-longest-and-are-spread", test_backoff);
  ADD ("passing-errors-pause", test_which_errors_pause);
  ADD ("failed-waits-for-the-user-and-is-retried", test_failed_and_retried);
  ADD ("retry-ends-a-pause-and-a-not-before", test_retry_ends_pauses);
  ADD ("cancelled-by-us-is-as-if-not-begun", test_cancelled_by_us);
  ADD_STOP ("auth-required-stops-the-target-until-resumed", CLOUD_ERROR_AUTH_REQUIRED);
  ADD_STOP ("locked-stops-the-target-until-resumed", CLOUD_ERROR_LOCKED);
  ADD_STOP ("untrusted-stops-the-target-until-resumed", CLOUD_ERROR_UNTRUSTED);
  ADD ("resume-of-a-target-ends-its-pauses", test_resume_ends_pauses);
  ADD ("uncertain-is-confirmed-retried-or-cancelled", test_uncertain);
  ADD ("note-stays-until-an-uncertain-one-is-retried", test_note_and_retry);
  ADD ("interrupted-without-a-rule-is-uncertain", test_interrupted_unknown);
  ADD ("interrupted-but-done-is-done", test_interrupted_done);
  ADD ("interrupted-and-repeatable-is-repeated-in-order", test_interrupted_repeated);
  return g_test_run ();
}

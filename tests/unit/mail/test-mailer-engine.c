/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailer-engine.h"
#include "mailer-opened.h"
#include "mailer-store.h"

#include "cloud-accounts.h"
#include "cloud-paths.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <utime.h>

/* The engine on a local account in a profile of its own; a second handle on the store plays another process. */

typedef struct
{
  char *dir;
  char *id;
  MailerStore *store;
  MailerEngine *engine;
} Fixture;

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_tree (child);
      else
        g_remove (child);
    }
  g_rmdir (path);
}

static void
add_account (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CloudAccounts) accounts = cloud_accounts_new (NULL, &error);
  g_autoptr (CloudAccount) account = cloud_account_new (f->id, "Me", "Me", "me@example.test");
  g_autoptr (CloudEndpoint) local = cloud_endpoint_new (CLOUD_ENDPOINT_LOCAL, "", 0, CLOUD_SECURITY_TLS, "");

  cloud_account_set_endpoint (account, local);
  cloud_accounts_save_sync (accounts, account, &error);
  g_assert_no_error (error);
}

static void
add_folders (MailerStore *store)
{
  static MailerImapFolder inbox = { (char *) "INBOX", (char *) "INBOX", MAILER_ROLE_INBOX, TRUE };
  static MailerImapFolder sent = { (char *) "Sent", (char *) "Sent", MAILER_ROLE_SENT, TRUE };
  g_autoptr (GPtrArray) folders = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (folders, &inbox);
  g_ptr_array_add (folders, &sent);
  mailer_store_set_folders (store, folders, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->dir = g_dir_make_tmp ("cirrus-mail-test-XXXXXX", NULL);
  g_setenv ("CIRRUS_PROFILE", f->dir, TRUE);
  f->id = g_uuid_string_random ();
  add_account (f);
  if (data == NULL)
    {
      f->store = mailer_store_open (f->id, "me@example.test", &error);
      g_assert_no_error (error);
      add_folders (f->store);
    }
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  if (f->engine != NULL)
    mailer_engine_close (f->engine);
  g_clear_object (&f->engine);
  g_clear_object (&f->store);
  remove_tree (f->dir);
  g_free (f->dir);
  g_free (f->id);
}

static void
open_engine (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  f->engine = mailer_engine_open_sync (&error);
  g_assert_no_error (error);
}

static void
add_message (Fixture *f, const char *id, const char *subject, const char *references)
{
  g_autofree char *source = g_strdup_printf ("From: Other <other@example.test>\r\nTo: me@example.test\r\nSubject: %s\r\nDate: Mon, 02 Nov 2026 10:00:00 +0000\r\n"
                                             "Message-ID: <%s@example.test>\r\n%s%s%s\r\nThe text of %s.\r\n",
                                             subject, id, references != NULL ? "References: " : "", references != NULL ? references : "",
                                             references != NULL ? "\r\n" : "", id);
  g_autoptr (GBytes) bytes = g_bytes_new (source, strlen (source));
  g_autoptr (GError) error = NULL;

  mailer_store_add_local (f->store, MAILER_ROLE_INBOX, 0, bytes, &error);
  g_assert_no_error (error);
}

static gboolean
on_patience_end (gpointer user_data)
{
  g_error ("Waited in vain for %s", (const char *) user_data);
  return G_SOURCE_REMOVE;
}

#define WAIT_FOR(condition)                                                    \
  G_STMT_START                                                                 \
  {                                                                            \
    guint patience = g_timeout_add_seconds (20, on_patience_end, #condition);  \
    guint tick = g_timeout_add (50, on_tick, NULL);                            \
                                                                               \
    while (!(condition))                                                       \
      g_main_context_iteration (NULL, TRUE);                                   \
    g_source_remove (patience);                                                \
    g_source_remove (tick);                                                    \
  }                                                                            \
  G_STMT_END

static gboolean
on_tick (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static void
on_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static MailerConversation *
find_conversation (Fixture *f, const char *id)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *mid = g_strdup_printf ("mid:%s%%40example.test", id);
  MailerConversation *conversation;

  mailer_engine_find_message_async (f->engine, mid, NULL, on_ready, &result);
  WAIT_FOR (result != NULL);
  conversation = mailer_engine_find_message_finish (f->engine, result, &error);
  g_assert_no_error (error);
  return conversation;
}

static gboolean
is_starred (GListModel *messages, guint index)
{
  g_autoptr (MailerMessageItem) item = g_list_model_get_item (messages, index);

  return mailer_message_item_is_starred (item);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *f = user_data;
  g_autoptr (GError) error = NULL;

  f->engine = mailer_engine_open_finish (result, &error);
  g_assert_no_error (error);
}

/* What is given out is complete: nobody sees an account without its folders. */
static void
test_open_async (Fixture *f, gconstpointer data)
{
  g_autoptr (MailerAccount) account = NULL;
  MailerFolder *inbox;

  add_message (f, "one", "River", NULL);
  mailer_engine_open_async (NULL, on_opened, f);
  g_assert_null (f->engine);
  WAIT_FOR (f->engine != NULL);
  g_assert_cmpuint (g_list_model_get_n_items (mailer_engine_get_accounts (f->engine)), ==, 1);
  account = g_list_model_get_item (mailer_engine_get_accounts (f->engine), 0);
  inbox = mailer_account_find_folder_by_role (account, MAILER_ROLE_INBOX);
  g_assert_nonnull (inbox);
  g_assert_cmpuint (mailer_folder_get_total (inbox), ==, 1);
  g_assert_cmpuint (mailer_engine_get_unread (f->engine), ==, 1);
  add_message (f, "two", "Mountain", NULL);
  WAIT_FOR (mailer_folder_get_total (inbox) == 2);
}

/* A database that cannot be opened is tried once, says so once, and costs no other account; one that comes later is complete too. */
static void
test_broken_store (Fixture *f, gconstpointer data)
{
  g_autofree char *broken = g_steal_pointer (&f->id);
  g_autofree char *dir = mailer_store_dup_dir (broken);
  g_autofree char *path = g_build_filename (dir, "mail.db", NULL);
  g_autoptr (MailerAccount) account = NULL;
  g_autoptr (GError) error = NULL;
  GListModel *accounts;

  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
  g_test_expect_message ("mailer", G_LOG_LEVEL_WARNING, "Mail*");
  mailer_engine_open_async (NULL, on_opened, f);
  WAIT_FOR (f->engine != NULL);
  g_test_assert_expected_messages ();
  accounts = mailer_engine_get_accounts (f->engine);
  g_assert_cmpuint (g_list_model_get_n_items (accounts), ==, 0);
  f->id = g_uuid_string_random ();
  f->store = mailer_store_open (f->id, "me@example.test", &error);
  g_assert_no_error (error);
  add_folders (f->store);
  add_account (f);
  WAIT_FOR (g_list_model_get_n_items (accounts) == 1);
  account = g_list_model_get_item (accounts, 0);
  g_assert_cmpstr (mailer_account_get_id (account), ==, f->id);
  g_assert_nonnull (mailer_account_find_folder_by_role (account, MAILER_ROLE_INBOX));
}

/* Two conversations turn out to be one while the later one is open. */
static void
test_merge (Fixture *f, gconstpointer data)
{
  g_autoptr (MailerConversation) open = NULL;
  g_autoptr (MailerConversation) fourth = NULL;
  g_autoptr (GListModel) messages = NULL;
  g_autoptr (GListModel) other = NULL;
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GVariant) undo = NULL;
  g_autoptr (GError) error = NULL;

  add_message (f, "one", "River", NULL);
  add_message (f, "two", "Mountain", NULL);
  open_engine (f);
  open = find_conversation (f, "two");
  messages = mailer_conversation_list_messages (open);
  WAIT_FOR (g_list_model_get_n_items (messages) == 1);
  add_message (f, "three", "Both", "<one@example.test> <two@example.test>");
  WAIT_FOR (g_list_model_get_n_items (messages) == 3);
  /* Nor is its number given to another one. */
  add_message (f, "four", "Something else", NULL);
  fourth = find_conversation (f, "four");
  other = mailer_conversation_list_messages (fourth);
  WAIT_FOR (g_list_model_get_n_items (other) == 1);
  g_assert_cmpuint (g_list_model_get_n_items (messages), ==, 3);
  /* What is done to it is done to what it is now. */
  g_ptr_array_add (items, open);
  mailer_engine_act_async (f->engine, items, MAILER_ACTION_STAR, NULL, NULL, on_ready, &result);
  WAIT_FOR (result != NULL);
  undo = mailer_engine_act_finish (f->engine, result, &error);
  g_assert_no_error (error);
  WAIT_FOR (is_starred (messages, 0) && is_starred (messages, 1) && is_starred (messages, 2));
}

/* ---- Attachments that other programs show ---- */

static const char with_attachment[] =
  "From: Other <other@example.test>\r\nTo: me@example.test\r\nSubject: With a file\r\nMessage-ID: <file@example.test>\r\nMIME-Version: 1.0\r\n"
  "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\ntext\r\n--b\r\nContent-Type: text/plain\r\n"
  "Content-Disposition: attachment; filename=\"../../notes.txt\"\r\n\r\nsecret notes\r\n--b--\r\n";

static GFile *
open_copy (MailerAttachment *attachment)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GFile *copy;

  mailer_opened_copy_async (attachment, NULL, on_ready, &result);
  WAIT_FOR (result != NULL);
  copy = mailer_opened_copy_finish (attachment, result, &error);
  g_assert_no_error (error);
  return copy;
}

static void
assert_mode (const char *path, guint mode)
{
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 07777, ==, mode);
}

static void
make_old (const char *path)
{
  struct utimbuf times = { 1000000000, 1000000000 };

  g_assert_cmpint (g_utime (path, &times), ==, 0);
}

static MailerAttachment *
load_attachment (Fixture *f)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (with_attachment, strlen (with_attachment));
  g_autoptr (MailerConversation) conversation = NULL;
  g_autoptr (GListModel) messages = NULL;
  g_autoptr (MailerMessageItem) item = NULL;
  g_autoptr (MailerBody) body = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  mailer_store_add_local (f->store, MAILER_ROLE_INBOX, 0, bytes, NULL);
  open_engine (f);
  conversation = find_conversation (f, "file");
  messages = mailer_conversation_list_messages (conversation);
  WAIT_FOR (g_list_model_get_n_items (messages) == 1);
  item = g_list_model_get_item (messages, 0);
  mailer_message_item_load_body_async (item, NULL, on_ready, &result);
  WAIT_FOR (result != NULL);
  body = mailer_message_item_load_body_finish (item, result, NULL);
  g_assert_true (g_bytes_equal (mailer_body_get_source (body), bytes));
  return g_list_model_get_item (mailer_body_get_attachments (body), 0);
}

static void
test_opened (Fixture *f, gconstpointer data)
{
  g_autoptr (MailerAttachment) attachment = load_attachment (f);
  g_autoptr (GFile) first = NULL;
  g_autoptr (GFile) second = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *root = NULL;
  g_autofree char *text = NULL;
  g_autofree char *name = NULL;
  mode_t mask = umask (0);

  first = open_copy (attachment);
  umask (mask);
  folder = g_path_get_dirname (g_file_peek_path (first));
  root = g_path_get_dirname (folder);
  name = g_file_get_basename (first);
  g_assert_true (g_str_has_prefix (root, f->dir));
  g_assert_cmpstr (name, ==, "notes.txt");
  g_assert_true (g_file_get_contents (g_file_peek_path (first), &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "secret notes"));
  assert_mode (g_file_peek_path (first), 0400);
  assert_mode (folder, 0700);
  assert_mode (root, 0700);
  make_old (folder);
  second = open_copy (attachment);
  g_assert_false (g_file_query_exists (first, NULL));
  g_assert_true (g_file_query_exists (second, NULL));
  mailer_opened_remove_all ();
  WAIT_FOR (!g_file_query_exists (second, NULL));
}

/* ---- The index, and former schemas ---- */

static char *
dup_database_path (Fixture *f)
{
  g_autofree char *dir = mailer_store_dup_dir (f->id);

  return g_build_filename (dir, "mail.db", NULL);
}

static void
exec (const char *path, const char *sql)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

static guint
count_hits (Fixture *f, const char *query)
{
  g_autoptr (MailerSearch) search = mailer_engine_search (f->engine, query);

  WAIT_FOR (!mailer_search_is_loading (search));
  return g_list_model_get_n_items (G_LIST_MODEL (search));
}

/* The index of an older pipeline does not know a word that the rows have. */
static void
test_index_version (Fixture *f, gconstpointer data)
{
  g_autofree char *path = dup_database_path (f);

  add_message (f, "one", "River", NULL);
  add_message (f, "two", "Mountain", NULL);
  g_clear_object (&f->store);
  exec (path, "UPDATE message SET subject = 'Waterfall' WHERE subject = 'River'");
  open_engine (f);
  g_assert_cmpuint (count_hits (f, "waterfall"), ==, 0);
  g_assert_cmpuint (count_hits (f, "river"), ==, 1);
  mailer_engine_close (f->engine);
  g_clear_object (&f->engine);
  exec (path, "UPDATE cloud_index SET version = version - 1");
  open_engine (f);
  WAIT_FOR (count_hits (f, "waterfall") == 1);
  WAIT_FOR (count_hits (f, "mountain") == 1);
  g_assert_cmpuint (count_hits (f, "river"), ==, 0);
}

static void
test_schema_1 (Fixture *f, gconstpointer data)
{
  g_autofree char *file = g_test_build_filename (G_TEST_DIST, "data", "mail", "mail-v1.sql", NULL);
  g_autofree char *path = dup_database_path (f);
  g_autofree char *dir = g_path_get_dirname (path);
  g_autofree char *sql = NULL;
  g_autoptr (MailerConversation) conversation = NULL;
  g_autoptr (GListModel) messages = NULL;
  g_autoptr (MailerMessageItem) item = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (MailerBody) body = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (file, &sql, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_mkdir_with_parents (dir, 0700), ==, 0);
  exec (path, sql);
  open_engine (f);
  conversation = find_conversation (f, "second");
  messages = mailer_conversation_list_messages (conversation);
  WAIT_FOR (g_list_model_get_n_items (messages) == 2);
  g_assert_cmpuint (count_hits (f, "山"), ==, 1);
  g_assert_cmpuint (count_hits (f, "文字"), ==, 3);
  item = g_list_model_get_item (messages, 0);
  mailer_message_item_load_body_async (item, NULL, on_ready, &result);
  WAIT_FOR (result != NULL);
  body = mailer_message_item_load_body_finish (item, result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (mailer_body_get_text (body), ==, "The text of first 文字.\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
  g_test_add ("/mail/engine/opens-in-the-background-and-complete", Fixture, NULL, set_up, test_open_async, tear_down);
  g_test_add ("/mail/engine/database-that-does-not-open-is-tried-once", Fixture, "bare", set_up, test_broken_store, tear_down);
  g_test_add ("/mail/engine/open-conversation-follows-its-merge", Fixture, NULL, set_up, test_merge, tear_down);
  g_test_add ("/mail/engine/opened-attachments-are-the-users-alone-and-go", Fixture, NULL, set_up, test_opened, tear_down);
  g_test_add ("/mail/engine/index-of-another-pipeline-is-made-anew", Fixture, NULL, set_up, test_index_version, tear_down);
  g_test_add ("/mail/engine/former-schema-1", Fixture, "bare", set_up, test_schema_1, tear_down);
  return g_test_run ();
}

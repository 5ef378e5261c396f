/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud-error.h"
#include "cloud-http.h"
#include "peer.h"

#include <string.h>

/* Answers into files and files into requests, broken off and taken up again. */

#define FILE_BYTES (3 << 20)

typedef struct
{
  Peer *server;
  char *folder;
  char *path;
  GFile *file;
  CloudHttpClient *client;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  const char *const argv[] = { "hostile_http.py", NULL };

  fixture->server = peer_start (argv);
  fixture->folder = peer_make_folder ();
  fixture->path = g_build_filename (fixture->folder, "file", NULL);
  fixture->file = g_file_new_for_path (fixture->path);
  fixture->client = cloud_http_client_new (NULL, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->client);
  g_clear_object (&fixture->file);
  peer_stop (fixture->server);
  peer_remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static CloudHttpResponse *
download (Fixture *fixture, const char *path, gboolean resume, guint retries, GError **error)
{
  g_autofree char *url = peer_url (fixture->server, path);
  g_autoptr (CloudHttpRequest) request = cloud_http_request_new ("GET", url);

  cloud_http_request_set_download_file (request, fixture->file, resume);
  cloud_http_request_set_max_retries (request, retries);
  return cloud_http_client_send_sync (fixture->client, request, NULL, error);
}

/* The content that hostile_http.py serves under /file. */
static void
assert_file_is_whole (Fixture *fixture)
{
  g_autofree char *data = NULL;
  g_autoptr (GDir) dir = NULL;
  gsize length;
  guint n = 0;

  g_assert_true (g_file_get_contents (fixture->path, &data, &length, NULL));
  g_assert_cmpuint (length, ==, FILE_BYTES);
  for (gsize i = 0; i < length; i++)
    if ((guint8) data[i] != (guint8) (i * 7 + (i >> 8)))
      g_error ("byte %" G_GSIZE_FORMAT " is wrong", i);
  dir = g_dir_open (fixture->folder, 0, NULL);
  while (g_dir_read_name (dir) != NULL)
    n++;
  g_assert_cmpuint (n, ==, 1);
}

static char *
asked (Fixture *fixture, const char *path)
{
  g_autofree char *escaped = g_uri_escape_string (path, NULL, FALSE);
  g_autofree char *question = g_strconcat ("/log?", escaped, NULL);
  g_autofree char *url = peer_url (fixture->server, question);
  g_autoptr (CloudHttpRequest) request = cloud_http_request_new ("GET", url);
  g_autoptr (CloudHttpResponse) response = cloud_http_client_send_sync (fixture->client, request, NULL, NULL);
  gsize length;
  const char *data = g_bytes_get_data (cloud_http_response_get_body (response), &length);

  return g_strndup (data, length);
}

static void
test_download (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CloudHttpResponse) response = download (fixture, "/file", FALSE, 0, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (cloud_http_response_get_body (response)), ==, 0);
  assert_file_is_whole (fixture);
}

static void
test_repeats_with_the_rest (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CloudHttpResponse) response = download (fixture, "/file?cut=1500000", FALSE, 2, &error);
  g_autofree char *log = NULL;

  g_assert_no_error (error);
  assert_file_is_whole (fixture);
  log = asked (fixture, "/file?cut=1500000");
  g_assert_nonnull (strstr (log, "\"range\": \"bytes="));
  g_assert_nonnull (strstr (log, "\"if-range\": \"\\\"f1\\\"\""));
}

static void
test_resumes_later (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) broken = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CloudHttpResponse) response = NULL;
  g_autofree char *log = NULL;

  g_assert_null (download (fixture, "/file?cut=2000000", FALSE, 0, &broken));
  g_assert_nonnull (broken);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  g_clear_object (&fixture->client);
  fixture->client = cloud_http_client_new (NULL, 0);
  response = download (fixture, "/file?cut=2000000", TRUE, 0, &error);
  g_assert_no_error (error);
  assert_file_is_whole (fixture);
  log = asked (fixture, "/file?cut=2000000");
  g_assert_nonnull (strstr (log, "\"range\""));
}

/* What is there is of another version: all of it comes again. */
static void
test_changed_meanwhile (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CloudHttpResponse) response = NULL;

  g_assert_null (download (fixture, "/file?changed&cut=1000000", FALSE, 0, NULL));
  response = download (fixture, "/file?changed&cut=1000000", TRUE, 0, &error);
  g_assert_no_error (error);
  assert_file_is_whole (fixture);
}

static void
test_wrong_range (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (download (fixture, "/wrong-range", FALSE, 0, NULL));
  g_assert_null (download (fixture, "/wrong-range", TRUE, 0, &error));
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_PROTOCOL);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}

/* An error's text is no content. */
static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (fixture->path, "what was there", -1, NULL));
  g_assert_null (download (fixture, "/echo?status=404", FALSE, 0, &error));
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND);
  {
    g_autofree char *text = NULL;

    g_assert_true (g_file_get_contents (fixture->path, &text, NULL, NULL));
    g_assert_cmpstr (text, ==, "what was there");
  }
}

static void
test_empty (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CloudHttpResponse) response = download (fixture, "/sized?fill=a&n=0", FALSE, 0, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (fixture->path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "");
}

static void
test_disk_full (Fixture *fixture, gconstpointer data)
{
  g_autofree char *url = peer_url (fixture->server, "/file");
  g_autoptr (CloudHttpRequest) request = cloud_http_request_new ("GET", url);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_strconcat (fixture->path, ".part", NULL);
  g_autoptr (GFile) part = g_file_new_for_path (path);

  /* /dev/full takes no byte. */
  g_assert_true (g_file_make_symbolic_link (part, "/dev/full", NULL, NULL));
  cloud_http_request_set_download_file (request, fixture->file, FALSE);
  g_assert_null (cloud_http_client_send_sync (fixture->client, request, NULL, &error));
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_NO_SPACE);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}

static char *
upload (Fixture *fixture, const char *path, gint64 offset, gint64 length, GError **error)
{
  g_autofree char *url = peer_url (fixture->server, path);
  g_autoptr (CloudHttpRequest) request = cloud_http_request_new ("PUT", url);
  g_autoptr (CloudHttpResponse) response = NULL;
  gsize n;
  const char *data;

  cloud_http_request_set_upload_file (request, fixture->file, offset, length, "text/plain");
  response = cloud_http_client_send_sync (fixture->client, request, NULL, error);
  if (response == NULL)
    return NULL;
  data = g_bytes_get_data (cloud_http_response_get_body (response), &n);
  return g_strndup (data, n);
}

static void
test_upload (Fixture *fixture, gconstpointer data)
{
  g_autofree char *large = g_strnfill (5000000, 'u');
  g_autoptr (GError) error = NULL;
  g_autofree char *all = NULL;
  g_autofree char *part = NULL;

  memcpy (large + 1000, "MARK", 4);
  g_assert_true (g_file_set_contents (fixture->path, large, -1, NULL));
  all = upload (fixture, "/echo?all", 0, -1, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (all, large));
  part = upload (fixture, "/echo?part", 1000, 6, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (part, "\"body\": \"MARKuu\""));
}

static void
test_upload_of_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) missing = NULL;
  g_autoptr (GError) shorter = NULL;

  g_assert_null (upload (fixture, "/echo", 0, -1, &missing));
  g_assert_error (missing, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND);
  g_assert_true (g_file_set_contents (fixture->path, "abc", -1, NULL));
  g_assert_null (upload (fixture, "/echo", 1, 5, &shorter));
  g_assert_error (shorter, CLOUD_ERROR, CLOUD_ERROR_INVALID);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    { "download", test_download },
    { "repeats-with-the-rest", test_repeats_with_the_rest },
    { "resumes-later", test_resumes_later },
    { "changed-meanwhile", test_changed_meanwhile },
    { "wrong-range", test_wrong_range },
    { "refused", test_refused },
    { "empty", test_empty },
    { "disk-full", test_disk_full },
    { "upload", test_upload },
    { "upload-of-nothing", test_upload_of_nothing },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *name = g_strconcat ("/cloud/http-file/", tests[i].name, NULL);

      g_test_add (name, Fixture, NULL, set_up, tests[i].test, tear_down);
    }
  return g_test_run ();
}

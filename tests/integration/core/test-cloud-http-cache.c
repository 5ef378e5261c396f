/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud-error.h"
#include "cloud-http.h"
#include "peer.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The cache, seen from outside: what the server was asked, and what came back. */

typedef struct
{
  Peer *server;
  char *folder;
  char *path;
  CloudHttpClient *client;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  const char *const argv[] = { "hostile_http.py", NULL };

  fixture->server = peer_start (argv);
  fixture->folder = peer_make_folder ();
  fixture->path = g_build_filename (fixture->folder, "http.db", NULL);
  fixture->client = cloud_http_client_new (fixture->path, 4 << 20);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->client);
  g_clear_pointer (&fixture->server, peer_stop);
  peer_remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static CloudHttpRequest *
question (Fixture *fixture, const char *path, CloudHttpCacheMode mode)
{
  g_autofree char *url = peer_url (fixture->server, path);
  CloudHttpRequest *request = cloud_http_request_new ("GET", url);

  cloud_http_request_set_cache_mode (request, mode);
  cloud_http_request_set_max_retries (request, 0);
  return request;
}

static CloudHttpResponse *
ask (Fixture *fixture, const char *path, CloudHttpCacheMode mode, GError **error)
{
  g_autoptr (CloudHttpRequest) request = question (fixture, path, mode);

  return cloud_http_client_send_sync (fixture->client, request, NULL, error);
}

static void
expect (Fixture *fixture, const char *path, CloudHttpCacheMode mode, CloudHttpOrigin origin, const char *body)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CloudHttpResponse) response = ask (fixture, path, mode, &error);
  g_autofree char *text = NULL;
  gsize length;

  g_assert_no_error (error);
  g_assert_cmpint (cloud_http_response_get_origin (response), ==, origin);
  if (body != NULL)
    {
      const char *data = g_bytes_get_data (cloud_http_response_get_body (response), &length);

      text = g_strndup (data != NULL ? data : "", length);
      g_assert_cmpstr (text, ==, body);
    }
}

static void
expect_error (Fixture *fixture, const char *path, CloudHttpCacheMode mode, CloudError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ask (fixture, path, mode, &error));
  g_assert_error (error, CLOUD_ERROR, (int) code);
}

static guint
count (Fixture *fixture, const char *path)
{
  g_autofree char *escaped = g_uri_escape_string (path, NULL, FALSE);
  g_autofree char *asked = g_strconcat ("/count?", escaped, NULL);
  g_autoptr (CloudHttpResponse) response = ask (fixture, asked, CLOUD_HTTP_CACHE_PRIVATE, NULL);
  gsize length;
  const char *data = g_bytes_get_data (cloud_http_response_get_body (response), &length);
  g_autofree char *text = g_strndup (data, length);

  return (guint) g_ascii_strtoull (text, NULL, 10);
}

static void
test_fresh (Fixture *fixture, gconstpointer data)
{
  expect (fixture, "/gzipped", CLOUD_HTTP_CACHE_DEFAULT, CLOUD_HTTP_ORIGIN_NETWORK, NULL);
  expect (fixture, "/gzipped", CLOUD_HTTP_CACHE_DEFAULT, CLOUD_HTTP_ORIGIN_CACHE, NULL);
  g_assert_cmpuint (count (fixture, "/gzipped"), ==, 1);
  expect (fixture, "/gzipped", CLOUD_HTTP_CACHE_NETWORK, CLOUD_HTTP_ORIGIN_NETWORK, NULL);
  expect (fixture, "/gzipped", CLOUD_HTTP_CACHE_PRIVATE, CLOUD_HTTP_ORIGIN_NETWORK, NULL);
  g_assert_cmpuint (count (fixture, "/gzipped"), ==, 3);
}

static void
test_survives_the_program (Fixture *fixture, gconstpointer data)
{
  expect (fixture, "/vary", CLOUD_HTTP_CACHE_DEFAULT, CLOUD_HTTP_ORIGIN_NETWORK, "in ?");
  g_clear_object (&fixture->client);
  fixture->client = cloud_http_client_new (fixture->path, 4 << 20);
  expect (fixture, "/vary", CLOUD_HTTP_CACHE_DEFAULT, CLOUD_HTTP_ORIGIN_CACHE, "in ?");
}

/* The first answer is stored stale (Age: 3600); the 304 brings a fresh Age and another X-Count, the body stays. */
static void
test_304_merges (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CloudHttpResponse) first = ask (fixture, "/etag", CLOUD_HTTP_CACHE_DEFAULT, NULL);
  g_autoptr (CloudHttpResponse) second = ask (fixture, "/etag", CLOUD_HTTP_CACHE_DEFAULT, NULL);
  g_autoptr (CloudHttpResponse) third = ask (fixture, "/etag", CLOUD_HTTP_CACHE_DEFAULT, NULL);

  g_assert_cmpint (cloud_http_response_get_age_s (first), >=, 3600);
  g_assert_cmpint (cloud_http_response_get_expires_unix_us (first), ==, 0);
  g_assert_cmpint (cloud_http_response_get_origin (second), ==, CLOUD_HTTP_ORIGIN_REVALIDATED);
  g_assert_cmpstr (cloud_http_response_get_header (second, "X-Count"), ==, "2");
  g_assert_cmpstr (cloud_http_response_get_header (second, "Content-Type"), ==, "text/plain");
  g_assert_true (g_bytes_equal (cloud_http_response_get_body (first), cloud_http_response_get_body (second)));
  g_assert_cmpint (cloud_http_response_get_age_s (second), <, 10);
  g_assert_cmpint (cloud_http_response_get_expires_unix_us (second), >, g_get_real_time ());
  g_assert_cmpint (cloud_http_response_get_origin (third), ==, CLOUD_HTTP_ORIGIN_CACHE);
  g_assert_cmpstr (cloud_http_response_get_header (third, "X-Count"), ==, "2");
  g_assert_cmpuint (count (fixture, "/etag"), ==, 2);
  expect (fixture, "/etag", CLOUD_HTTP_CACHE_REVALIDATE, CLOUD_HTTP_ORIGIN_REVALIDATED, "tagged");
}

static void
test_304_of_another (Fixture *fixture, gconstpointer data)
{
  expect (fixture, "/wrong-etag", CLOUD_HTTP_CACHE_DEFAULT, CLOUD_HTTP_ORIGIN_NETWORK, "n1");
  expect (fixture, "/wrong-etag", CLOUD_HTTP_CACHE_DEFAULT, CLOUD_HTTP_ORIGIN_NETWORK, "n3");
}

static char *
ask_with (Fixture *fixture, const char *path, const char *language, const char *account, CloudHttpOrigin *origin)
{
  g_autoptr (CloudHttpRequest) request = question (fixture, path, CLOUD_HTTP_CACHE_DEFAULT);
  g_autoptr (CloudHttpResponse) response = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;
  const char *data;

  if (language != NULL)
    cloud_http_request_set_header (request, "Accept-Language", language);
  if (account != NULL)
    cloud_http_request_set_basic_auth (request, account, account, "secret");
  response = cloud_http_client_send_sync (fixture->client, request, NULL, &error);
  g_assert_no_error (error);
  *origin = cloud_http_response_get_origin (response);
  data = g_bytes_get_data (cloud_http_response_get_body (response), &length);
  return g_strndup (data, length);
}

static void
test_vary (Fixture *fixture, gconstpointer data)
{
  static const char *const languages[] = { "zh", "en", "zh", "en" };

  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    {
      CloudHttpOrigin origin;
      g_autofree char *text = ask_with (fixture, "/vary", languages[i], NULL, &origin);
      g_autofree char *expected = g_strconcat ("in ", languages[i], NULL);

      g_assert_cmpstr (text, ==, expected);
      g_assert_cmpint (origin, ==, i < 2 ? CLOUD_HTTP_ORIGIN_NETWORK : CLOUD_HTTP_ORIGIN_CACHE);
    }
}

static void
test_accounts_apart (Fixture *fixture, gconstpointer data)
{
  static const char *const accounts[] = { "alice", "bob", NULL, "alice", "bob", NULL };
  g_autofree char *texts[6] = { NULL };

  for (guint i = 0; i < G_N_ELEMENTS (accounts); i++)
    {
      CloudHttpOrigin origin;

      texts[i] = ask_with (fixture, "/who", NULL, accounts[i], &origin);
      g_assert_cmpint (origin, ==, i < 3 ? CLOUD_HTTP_ORIGIN_NETWORK : CLOUD_HTTP_ORIGIN_CACHE);
      if (i >= 3)
        g_assert_cmpstr (texts[i], ==, texts[i - 3]);
    }
  g_assert_cmpstr (texts[0], !=, texts[1]);
  g_assert_cmpstr (texts[2], ==, "you are nobody");
  for (guint i = 0; i < 6; i++)
    g_clear_pointer (&texts[i], g_free);
}

/* Without an account's name an authorized answer has no place in the cache. */
static void
test_nameless_secrets (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (CloudHttpRequest) request = question (fixture, "/who?x", CLOUD_HTTP_CACHE_DEFAULT);
      g_autoptr (CloudHttpResponse) response = NULL;

      cloud_http_request_set_bearer (request, NULL, "token");
      response = cloud_http_client_send_sync (fixture->client, request, NULL, NULL);
      g_assert_cmpint (cloud_http_response_get_origin (response), ==, CLOUD_HTTP_ORIGIN_NETWORK);
    }
}

static void
test_not_stored (Fixture *fixture, gconstpointer data)
{
  static const char *const paths[] = {
    "/echo?h=Cache-Control:no-store",
    "/echo?h=Cache-Control:max-age%3D60,%20No-Store",
    "/echo?h=Vary:*",
    "/echo?status=202",
  };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      expect (fixture, paths[i], CLOUD_HTTP_CACHE_DEFAULT, CLOUD_HTTP_ORIGIN_NETWORK, NULL);
      expect_error (fixture, paths[i], CLOUD_HTTP_CACHE_ONLY, CLOUD_ERROR_NOT_FOUND);
    }
}

static void
test_only_from_cache (Fixture *fixture, gconstpointer data)
{
  expect_error (fixture, "/etag?v=2", CLOUD_HTTP_CACHE_ONLY, CLOUD_ERROR_NOT_FOUND);
  expect (fixture, "/etag?v=2", CLOUD_HTTP_CACHE_DEFAULT, CLOUD_HTTP_ORIGIN_NETWORK, "tagged");
  expect (fixture, "/etag?v=2", CLOUD_HTTP_CACHE_ONLY, CLOUD_HTTP_ORIGIN_STALE, "tagged");
  g_assert_cmpuint (count (fixture, "/etag?v=2"), ==, 1);
}

static void
test_offline (Fixture *fixture, gconstpointer data)
{
  g_autofree char *url = peer_url (fixture->server, "");

  expect (fixture, "/etag", CLOUD_HTTP_CACHE_DEFAULT, CLOUD_HTTP_ORIGIN_NETWORK, "tagged");
  expect (fixture, "/flaky?status=500&cc=must-revalidate,max-age%3D1&age=9", CLOUD_HTTP_CACHE_DEFAULT, CLOUD_HTTP_ORIGIN_NETWORK,
          "once good");
  expect (fixture, "/vary", CLOUD_HTTP_CACHE_DEFAULT, CLOUD_HTTP_ORIGIN_NETWORK, NULL);
  /* The server goes, its address stays. */
  g_output_stream_close (g_subprocess_get_stdin_pipe (fixture->server->process), NULL, NULL);
  g_subprocess_wait (fixture->server->process, NULL, NULL);
  expect (fixture, "/etag", CLOUD_HTTP_CACHE_DEFAULT, CLOUD_HTTP_ORIGIN_STALE, "tagged");
  expect (fixture, "/etag", CLOUD_HTTP_CACHE_REVALIDATE, CLOUD_HTTP_ORIGIN_STALE, "tagged");
  expect (fixture, "/vary", CLOUD_HTTP_CACHE_DEFAULT, CLOUD_HTTP_ORIGIN_CACHE, NULL);
  expect (fixture, "/vary", CLOUD_HTTP_CACHE_REVALIDATE, CLOUD_HTTP_ORIGIN_STALE, NULL);
  expect_error (fixture, "/flaky?status=500&cc=must-revalidate,max-age%3D1&age=9", CLOUD_HTTP_CACHE_DEFAULT, CLOUD_ERROR_OFFLINE);
  expect_error (fixture, "/plain", CLOUD_HTTP_CACHE_DEFAULT, CLOUD_ERROR_OFFLINE);
  expect_error (fixture, "/etag", CLOUD_HTTP_CACHE_NETWORK, CLOUD_ERROR_OFFLINE);
}

static void
test_stale_if_error (Fixture *fixture, gconstpointer data)
{
  static const char *const shown[] = {
    "/flaky?status=500&age=9",
    "/flaky?status=503&age=9",
    "/flaky?status=reset&age=9",
    "/flaky?status=502&age=9&cc=max-age%3D1,stale-if-error%3D600",
  };
  static const char *const refused[] = {
    "/flaky?status=500&age=9&cc=max-age%3D1,stale-if-error%3D2",
    "/flaky?status=500&age=9&cc=max-age%3D1,must-revalidate",
    "/flaky?status=500&cc=no-cache",
  };

  for (guint i = 0; i < G_N_ELEMENTS (shown); i++)
    {
      expect (fixture, shown[i], CLOUD_HTTP_CACHE_DEFAULT, CLOUD_HTTP_ORIGIN_NETWORK, "once good");
      expect (fixture, shown[i], CLOUD_HTTP_CACHE_DEFAULT, CLOUD_HTTP_ORIGIN_STALE, "once good");
    }
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      expect (fixture, refused[i], CLOUD_HTTP_CACHE_DEFAULT, CLOUD_HTTP_ORIGIN_NETWORK, "once good");
      expect_error (fixture, refused[i], CLOUD_HTTP_CACHE_DEFAULT, CLOUD_ERROR_PROTOCOL);
    }
}

static void
test_unsafe_methods (Fixture *fixture, gconstpointer data)
{
  static const char path[] = "/echo?h=Cache-Control:max-age%3D600";
  static const char *const methods[] = { "POST", "PUT", "DELETE", "PATCH" };

  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    {
      g_autofree char *url = peer_url (fixture->server, path);
      g_autoptr (CloudHttpRequest) request = cloud_http_request_new (methods[i], url);
      g_autoptr (CloudHttpResponse) response = NULL;

      expect (fixture, path, CLOUD_HTTP_CACHE_DEFAULT, CLOUD_HTTP_ORIGIN_NETWORK, NULL);
      expect (fixture, path, CLOUD_HTTP_CACHE_DEFAULT, CLOUD_HTTP_ORIGIN_CACHE, NULL);
      response = cloud_http_client_send_sync (fixture->client, request, NULL, NULL);
      g_assert_nonnull (response);
    }
  expect (fixture, path, CLOUD_HTTP_CACHE_DEFAULT, CLOUD_HTTP_ORIGIN_NETWORK, NULL);
}

static void
test_redirect_is_kept (Fixture *fixture, gconstpointer data)
{
  static const char path[] = "/redirect?status=301&to=/vary";

  expect (fixture, path, CLOUD_HTTP_CACHE_DEFAULT, CLOUD_HTTP_ORIGIN_NETWORK, "in ?");
  expect (fixture, path, CLOUD_HTTP_CACHE_DEFAULT, CLOUD_HTTP_ORIGIN_CACHE, "in ?");
  g_assert_cmpuint (count (fixture, path), ==, 1);
}

/* Cut short, an answer is none: it is not stored. */
static void
test_truncated_is_not_stored (Fixture *fixture, gconstpointer data)
{
  expect_error (fixture, "/truncated", CLOUD_HTTP_CACHE_DEFAULT, CLOUD_ERROR_PROTOCOL);
  expect_error (fixture, "/truncated", CLOUD_HTTP_CACHE_ONLY, CLOUD_ERROR_NOT_FOUND);
}

#define THIRD "400000"

static void
test_bound (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->client);
  fixture->client = cloud_http_client_new (fixture->path, 1000000);
  expect (fixture, "/sized?fill=a&n=" THIRD, CLOUD_HTTP_CACHE_DEFAULT, CLOUD_HTTP_ORIGIN_NETWORK, NULL);
  expect (fixture, "/sized?fill=b&n=" THIRD, CLOUD_HTTP_CACHE_DEFAULT, CLOUD_HTTP_ORIGIN_NETWORK, NULL);
  /* a was used after b: b goes. */
  expect (fixture, "/sized?fill=a&n=" THIRD, CLOUD_HTTP_CACHE_DEFAULT, CLOUD_HTTP_ORIGIN_CACHE, NULL);
  expect (fixture, "/sized?fill=c&n=" THIRD, CLOUD_HTTP_CACHE_DEFAULT, CLOUD_HTTP_ORIGIN_NETWORK, NULL);
  g_assert_cmpint (cloud_http_client_get_cache_bytes (fixture->client), >, 800000);
  g_assert_cmpint (cloud_http_client_get_cache_bytes (fixture->client), <=, 1000000);
  expect (fixture, "/sized?fill=a&n=" THIRD, CLOUD_HTTP_CACHE_ONLY, CLOUD_HTTP_ORIGIN_CACHE, NULL);
  expect (fixture, "/sized?fill=c&n=" THIRD, CLOUD_HTTP_CACHE_ONLY, CLOUD_HTTP_ORIGIN_CACHE, NULL);
  expect_error (fixture, "/sized?fill=b&n=" THIRD, CLOUD_HTTP_CACHE_ONLY, CLOUD_ERROR_NOT_FOUND);
  /* What is larger than all of it is not stored, and drives nothing out. */
  expect (fixture, "/sized?fill=d&n=2000000", CLOUD_HTTP_CACHE_DEFAULT, CLOUD_HTTP_ORIGIN_NETWORK, NULL);
  expect (fixture, "/sized?fill=a&n=" THIRD, CLOUD_HTTP_CACHE_ONLY, CLOUD_HTTP_ORIGIN_CACHE, NULL);
}

static void
on_cleared (GObject *source, GAsyncResult *result, gpointer data)
{
  g_assert_true (cloud_http_client_clear_cache_finish (CLOUD_HTTP_CLIENT (source), result, NULL));
  *(gboolean *) data = TRUE;
}

static void
clear_cache (CloudHttpClient *client)
{
  gboolean done = FALSE;

  cloud_http_client_clear_cache_async (client, NULL, on_cleared, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (cloud_http_client_get_cache_bytes (client), ==, 0);
}

static void
test_clear (Fixture *fixture, gconstpointer data)
{
  expect (fixture, "/vary", CLOUD_HTTP_CACHE_DEFAULT, CLOUD_HTTP_ORIGIN_NETWORK, NULL);
  g_assert_cmpint (cloud_http_client_get_cache_bytes (fixture->client), >, 0);
  clear_cache (fixture->client);
  expect_error (fixture, "/vary", CLOUD_HTTP_CACHE_ONLY, CLOUD_ERROR_NOT_FOUND);
}

static guint64
disk_usage (Fixture *fixture)
{
  g_autoptr (GFile) folder = g_file_new_for_path (fixture->folder);
  g_autoptr (GError) error = NULL;
  guint64 bytes = 0;

  g_file_measure_disk_usage (folder, G_FILE_MEASURE_NONE, NULL, NULL, NULL, &bytes, NULL, NULL, &error);
  g_assert_no_error (error);
  return bytes;
}

static void
fill_cache (Fixture *fixture)
{
  expect (fixture, "/sized?fill=a&n=1000000", CLOUD_HTTP_CACHE_NETWORK, CLOUD_HTTP_ORIGIN_NETWORK, NULL);
  expect (fixture, "/sized?fill=b&n=1000000", CLOUD_HTTP_CACHE_NETWORK, CLOUD_HTTP_ORIGIN_NETWORK, NULL);
}

/* The disk has its room back, with another process (the service) at the same file, which goes on. */
static void
test_clear_frees_the_disk (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CloudHttpClient) other = cloud_http_client_new (fixture->path, 4 << 20);
  g_autoptr (CloudHttpClient) mine = g_object_ref (fixture->client);

  for (guint i = 0; i < 2; i++)
    {
      fill_cache (fixture);
      g_assert_cmpuint (disk_usage (fixture), >, 2000000);
      g_set_object (&fixture->client, other);
      expect (fixture, "/sized?fill=a&n=1000000", CLOUD_HTTP_CACHE_ONLY, CLOUD_HTTP_ORIGIN_CACHE, NULL);
      clear_cache (mine);
      g_assert_cmpuint (disk_usage (fixture), <, 200000);
      expect_error (fixture, "/sized?fill=a&n=1000000", CLOUD_HTTP_CACHE_ONLY, CLOUD_ERROR_NOT_FOUND);
    }
}

static gboolean
folder_contains (const char *folder, const char *text)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *data = NULL;
      gsize length;

      if (g_file_get_contents (path, &data, &length, NULL) && memmem (data, length, text, strlen (text)) != NULL)
        return TRUE;
    }
  return FALSE;
}

static void
test_private_mode (Fixture *fixture, gconstpointer data)
{
  static const char path[] = "/sized?fill=privatewords&n=3";

  cloud_http_client_set_private (fixture->client, TRUE);
  expect (fixture, path, CLOUD_HTTP_CACHE_DEFAULT, CLOUD_HTTP_ORIGIN_NETWORK, NULL);
  expect (fixture, path, CLOUD_HTTP_CACHE_DEFAULT, CLOUD_HTTP_ORIGIN_NETWORK, NULL);
  g_assert_false (folder_contains (fixture->folder, "privatewords"));
  cloud_http_client_set_private (fixture->client, FALSE);
  expect (fixture, path, CLOUD_HTTP_CACHE_DEFAULT, CLOUD_HTTP_ORIGIN_NETWORK, NULL);
  g_assert_true (folder_contains (fixture->folder, "privatewords"));
}

static void
test_secrets_stay_out (Fixture *fixture, gconstpointer data)
{
  CloudHttpOrigin origin;
  g_autofree char *text = ask_with (fixture, "/vary", NULL, "carol", &origin);

  g_assert_nonnull (text);
  g_assert_false (folder_contains (fixture->folder, "Y2Fyb2w6c2VjcmV0")); /* carol:secret */
  g_assert_true (folder_contains (fixture->folder, "carol"));
}

static void
test_no_cache_at_all (Fixture *fixture, gconstpointer data)
{
  g_autofree char *nowhere = g_build_filename (fixture->folder, "http.db", "below-a-file", NULL);

  expect (fixture, "/vary", CLOUD_HTTP_CACHE_DEFAULT, CLOUD_HTTP_ORIGIN_NETWORK, NULL);
  g_clear_object (&fixture->client);
  fixture->client = cloud_http_client_new (nowhere, 4 << 20);
  expect (fixture, "/vary", CLOUD_HTTP_CACHE_DEFAULT, CLOUD_HTTP_ORIGIN_NETWORK, NULL);
}

/* A child fetches and stores as fast as it can, and is killed; whatever is found afterwards is whole. */

static int
fetch_until_killed (const char *base, const char *path)
{
  g_autoptr (CloudHttpClient) client = cloud_http_client_new (path, 2 << 20);

  for (guint i = 0;; i++)
    {
      g_autofree char *url = g_strdup_printf ("%s%u", base, i % 40);
      g_autoptr (CloudHttpRequest) request = cloud_http_request_new ("GET", url);
      g_autoptr (CloudHttpResponse) response = NULL;

      cloud_http_request_set_cache_mode (request, CLOUD_HTTP_CACHE_NETWORK);
      response = cloud_http_client_send_sync (client, request, NULL, NULL);
      if (response != NULL && write (STDOUT_FILENO, ".", 1) != 1)
        return 1;
    }
}

static void
assert_whole (CloudHttpResponse *response)
{
  gsize length;
  const char *data = g_bytes_get_data (cloud_http_response_get_body (response), &length);
  g_autofree char *sum = NULL;

  g_assert_cmpuint (length, ==, 20065);
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) data + 65, length - 65);
  g_assert_cmpint (strncmp (sum, data, 64), ==, 0);
}

static int
clear_until_killed (const char *path)
{
  g_autoptr (CloudHttpClient) client = cloud_http_client_new (path, 4 << 20);

  if (write (STDOUT_FILENO, ".", 1) != 1)
    return 1;
  clear_cache (client);
  return 0;
}

static void
kill_once (Fixture *fixture, const char *base, guint after)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) child
      = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, g_get_prgname (), "--fetch", base, fixture->path, NULL);
  char dots[512];
  gsize n;

  g_assert_no_error (error);
  g_input_stream_read_all (g_subprocess_get_stdout_pipe (child), dots, after, &n, NULL, NULL);
  g_assert_cmpuint (n, ==, after);
  /* Anywhere in the next exchange. */
  g_usleep (g_test_rand_int_range (0, 5000));
  g_subprocess_force_exit (child);
  g_subprocess_wait (child, NULL, NULL);
}

static void
test_killed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *base = peer_url (fixture->server, "/checked?");
  guint found = 0;

  g_clear_object (&fixture->client);
  for (guint round = 0; round < 25; round++)
    {
      kill_once (fixture, base, (guint) g_test_rand_int_range (1, 30));
      fixture->client = cloud_http_client_new (fixture->path, 2 << 20);
      for (guint i = 0; i < 40; i++)
        {
          g_autofree char *path = g_strdup_printf ("/checked?%u", i);
          g_autoptr (CloudHttpResponse) response = ask (fixture, path, CLOUD_HTTP_CACHE_ONLY, NULL);

          if (response == NULL)
            continue;
          assert_whole (response);
          found++;
        }
      g_clear_object (&fixture->client);
    }
  g_assert_cmpuint (found, >, 100);
}

/* All answers are there and whole, or none; the next clearing gives back what is left, also if it finds nothing to delete. */
static void
test_killed_while_clearing (Fixture *fixture, gconstpointer data)
{
  for (guint round = 0; round < 10; round++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GSubprocess) child = NULL;
      char dot;
      guint found = 0;

      for (guint i = 0; i < 40; i++)
        {
          g_autofree char *path = g_strdup_printf ("/checked?%u", i);

          expect (fixture, path, CLOUD_HTTP_CACHE_NETWORK, CLOUD_HTTP_ORIGIN_NETWORK, NULL);
        }
      child = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, g_get_prgname (), "--clear", fixture->path, NULL);
      g_assert_no_error (error);
      g_assert_cmpint (g_input_stream_read (g_subprocess_get_stdout_pipe (child), &dot, 1, NULL, NULL), ==, 1);
      g_usleep (g_test_rand_int_range (0, 20000));
      g_subprocess_force_exit (child);
      g_subprocess_wait (child, NULL, NULL);
      for (guint i = 0; i < 40; i++)
        {
          g_autofree char *path = g_strdup_printf ("/checked?%u", i);
          g_autoptr (CloudHttpResponse) response = ask (fixture, path, CLOUD_HTTP_CACHE_ONLY, NULL);

          if (response == NULL)
            continue;
          assert_whole (response);
          found++;
        }
      g_assert_true (found == 0 || found == 40);
      clear_cache (fixture->client);
      g_assert_cmpuint (disk_usage (fixture), <, 200000);
    }
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    { "fresh-answers-need-no-server", test_fresh },
    { "survives-the-program", test_survives_the_program },
    { "304-merges", test_304_merges },
    { "304-of-another-answer", test_304_of_another },
    { "vary", test_vary },
    { "accounts-apart", test_accounts_apart },
    { "secrets-without-an-account", test_nameless_secrets },
    { "not-stored", test_not_stored },
    { "only-from-the-cache", test_only_from_cache },
    { "offline", test_offline },
    { "stale-if-error", test_stale_if_error },
    { "unsafe-methods-invalidate", test_unsafe_methods },
    { "redirects-are-kept", test_redirect_is_kept },
    { "truncated-is-not-stored", test_truncated_is_not_stored },
    { "bound", test_bound },
    { "clear", test_clear },
    { "clear-frees-the-disk", test_clear_frees_the_disk },
    { "killed-while-clearing", test_killed_while_clearing },
    { "private-mode-leaves-nothing", test_private_mode },
    { "secrets-stay-out", test_secrets_stay_out },
    { "no-cache-at-all", test_no_cache_at_all },
    { "killed-while-storing", test_killed },
  };

  if (argc == 4 && strcmp (argv[1], "--fetch") == 0)
    return fetch_until_killed (argv[2], argv[3]);
  if (argc == 3 && strcmp (argv[1], "--clear") == 0)
    return clear_until_killed (argv[2]);
  g_set_prgname (argv[0]);
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *name = g_strconcat ("/cloud/http-cache/", tests[i].name, NULL);

      g_test_add (name, Fixture, NULL, set_up, tests[i].test, tear_down);
    }
  return g_test_run ();
}

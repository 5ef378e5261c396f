/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../slowness.h"
#include "cloud-error.h"
#include "cloud-http.h"
#include "peer.h"

#include <string.h>

/* The client against a server that breaks its word. */

static Peer *server;

static CloudHttpResponse *
fetch_full (CloudHttpClient *client, const char *method, const char *path, void (*prepare) (CloudHttpRequest *), GError **error)
{
  g_autofree char *url = peer_url (server, path);
  g_autoptr (CloudHttpRequest) request = cloud_http_request_new (method, url);

  cloud_http_request_set_deadline_ms (request, 30000);
  cloud_http_request_set_max_retries (request, 0);
  if (prepare != NULL)
    prepare (request);
  return cloud_http_client_send_sync (client, request, NULL, error);
}

static CloudHttpResponse *
fetch (const char *path, void (*prepare) (CloudHttpRequest *), GError **error)
{
  g_autoptr (CloudHttpClient) client = cloud_http_client_new (NULL, 0);

  return fetch_full (client, "GET", path, prepare, error);
}

static char *
body_text (CloudHttpResponse *response)
{
  gsize length;
  const char *data = g_bytes_get_data (cloud_http_response_get_body (response), &length);

  return g_strndup (data != NULL ? data : "", length);
}

static void
assert_body (CloudHttpResponse *response, const char *expected)
{
  g_autofree char *text = body_text (response);

  g_assert_cmpstr (text, ==, expected);
}

static guint
count (const char *path)
{
  g_autofree char *escaped = g_uri_escape_string (path, NULL, FALSE);
  g_autofree char *question = g_strconcat ("/count?", escaped, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (CloudHttpResponse) response = fetch (question, NULL, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = body_text (response);
  return (guint) g_ascii_strtoull (text, NULL, 10);
}

static gboolean
has_curl (void)
{
  g_autofree char *maps = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/maps", &maps, NULL, NULL));
  return strstr (maps, "libcurl") != NULL;
}

/* A program that only might speak to servers does not load what that takes.  The first test: what is loaded stays. */
static void
test_loads_curl_when_needed (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CloudHttpResponse) response = NULL;

  g_object_unref (cloud_http_client_new (NULL, 0));
  g_assert_false (has_curl ());
  response = fetch ("/plain", NULL, &error);
  g_assert_no_error (error);
  g_assert_true (has_curl ());
}

static void
test_plain (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CloudHttpResponse) response = fetch ("/plain", NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (cloud_http_response_get_status (response), ==, 200);
  g_assert_cmpint (cloud_http_response_get_origin (response), ==, CLOUD_HTTP_ORIGIN_NETWORK);
  g_assert_cmpstr (cloud_http_response_get_header (response, "content-type"), ==, "text/plain");
  assert_body (response, "hello\n");
}

static void
test_says_who_it_is (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CloudHttpResponse) response = fetch ("/echo", NULL, &error);
  g_autofree char *text = body_text (response);

  g_assert_no_error (error);
  g_assert_true (g_regex_match_simple ("\"user-agent\": \"Cirrus/[0-9.]+ \\(\\+[^)]+\\)\"", text, 0, 0));
  g_assert_nonnull (strstr (text, "gzip"));
}

/* Each is refused with its code, within the deadline, and within bounded memory. */
static void
test_hostile (gconstpointer data)
{
  const char *path = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CloudHttpResponse) response = fetch (path, NULL, &error);

  g_assert_null (response);
  if (strstr (path, "bomb") != NULL || strstr (path, "endless-body") != NULL)
    g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_TOO_LARGE);
  else if (strstr (path, "reset") != NULL || strstr (path, "no-answer") != NULL)
    g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_OFFLINE);
  else
    g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_PROTOCOL);
}

static void
short_deadline (CloudHttpRequest *request)
{
  cloud_http_request_set_deadline_ms (request, 3000);
}

static void
test_slow (gconstpointer path)
{
  g_autoptr (GError) error = NULL;
  gint64 begin_us = g_get_monotonic_time ();
  g_autoptr (CloudHttpResponse) response = fetch (path, short_deadline, &error);

  g_assert_null (response);
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_OFFLINE);
  g_assert_cmpint (g_get_monotonic_time () - begin_us, <, 3 * G_USEC_PER_SEC + test_seconds_us (3));
}

static void
test_overlong_is_cut (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CloudHttpResponse) response = fetch ("/overlong", NULL, &error);

  g_assert_no_error (error);
  assert_body (response, "short");
}

static void
test_gzip (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CloudHttpResponse) response = fetch ("/gzipped", NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (cloud_http_response_get_body (response)), ==, 9000);
  g_assert_null (cloud_http_response_get_header (response, "Content-Encoding"));
}

static void
test_statuses (void)
{
  static const struct
  {
    const char *path;
    CloudError code;
  } cases[] = {
    { "/echo?status=401", CLOUD_ERROR_AUTH_REQUIRED }, { "/echo?status=403", CLOUD_ERROR_DENIED },
    { "/echo?status=451", CLOUD_ERROR_DENIED },        { "/echo?status=404", CLOUD_ERROR_NOT_FOUND },
    { "/echo?status=410", CLOUD_ERROR_NOT_FOUND },     { "/echo?status=429", CLOUD_ERROR_TRY_LATER },
    { "/echo?status=503", CLOUD_ERROR_TRY_LATER },     { "/echo?status=500", CLOUD_ERROR_PROTOCOL },
    { "/echo?status=418", CLOUD_ERROR_PROTOCOL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (fetch (cases[i].path, NULL, &error));
      g_assert_error (error, CLOUD_ERROR, (int) cases[i].code);
    }
}

static void
raw (CloudHttpRequest *request)
{
  cloud_http_request_set_raw_status (request, TRUE);
}

static void
test_raw_status (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CloudHttpResponse) response = fetch ("/echo?status=400", raw, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (cloud_http_response_get_status (response), ==, 400);
  g_assert_cmpuint (g_bytes_get_size (cloud_http_response_get_body (response)), >, 0);
}

static void
three_retries (CloudHttpRequest *request)
{
  cloud_http_request_set_max_retries (request, 3);
}

static void
test_storm_passes (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CloudHttpResponse) response = fetch ("/storm?status=503&n=2", three_retries, &error);

  g_assert_no_error (error);
  assert_body (response, "served at 3");
}

static void
test_storm_waits_as_told (void)
{
  g_autoptr (GError) error = NULL;
  gint64 begin_us = g_get_monotonic_time ();
  g_autoptr (CloudHttpResponse) response = fetch ("/storm?status=429&n=1&after=1", three_retries, &error);

  g_assert_no_error (error);
  assert_body (response, "served at 2");
  g_assert_cmpint (g_get_monotonic_time () - begin_us, >=, G_USEC_PER_SEC);
}

static void
test_storm_is_left_alone (void)
{
  g_autoptr (GError) seconds = NULL;
  g_autoptr (GError) date = NULL;
  gint64 begin_us = g_get_monotonic_time ();

  g_assert_null (fetch ("/storm?status=503&after=7200", three_retries, &seconds));
  g_assert_error (seconds, CLOUD_ERROR, CLOUD_ERROR_TRY_LATER);
  g_assert_cmpuint (cloud_http_error_get_retry_s (seconds), ==, 7200);
  g_assert_null (fetch ("/storm?status=429&after=DATE", three_retries, &date));
  g_assert_error (date, CLOUD_ERROR, CLOUD_ERROR_TRY_LATER);
  g_assert_cmpuint (cloud_http_error_get_retry_s (date), >=, 7140);
  g_assert_cmpuint (cloud_http_error_get_retry_s (date), <=, 7200);
  g_assert_cmpuint (count ("/storm?status=503&after=7200"), ==, 1);
  g_assert_cmpint (g_get_monotonic_time () - begin_us, <, test_seconds_us (5));
}

static void
test_endless_storm_ends (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (fetch ("/storm?status=503&n=99", three_retries, &error));
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_TRY_LATER);
  g_assert_cmpuint (cloud_http_error_get_retry_s (error), ==, 0);
  g_assert_cmpuint (count ("/storm?status=503&n=99"), ==, 4);
}

static void
test_resets_are_repeated (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CloudHttpResponse) response = fetch ("/reset-early?2", three_retries, &error);

  g_assert_no_error (error);
  assert_body (response, "at last");
}

static void
test_post_is_not_repeated (void)
{
  g_autoptr (CloudHttpClient) client = cloud_http_client_new (NULL, 0);
  g_autoptr (GError) error = NULL;

  g_assert_null (fetch_full (client, "POST", "/reset-early?1", three_retries, &error));
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_OFFLINE);
  g_assert_cmpuint (count ("/reset-early?1"), ==, 1);
}

static void
test_refused (void)
{
  g_autoptr (CloudHttpClient) client = cloud_http_client_new (NULL, 0);
  const char *const argv[] = { "hostile_http.py", NULL };
  Peer *gone = peer_start (argv);
  g_autofree char *url = peer_url (gone, "/plain");
  g_autoptr (CloudHttpRequest) request = cloud_http_request_new ("GET", url);
  g_autoptr (GError) error = NULL;

  peer_stop (gone);
  g_assert_null (cloud_http_client_send_sync (client, request, NULL, &error));
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_OFFLINE);
}

static void
with_password (CloudHttpRequest *request)
{
  cloud_http_request_set_basic_auth (request, "account-1", "alice", "secret");
  cloud_http_request_set_header (request, "X-Subscription-Token", "key");
  cloud_http_request_set_header (request, "Accept-Language", "zh");
}

static void
test_redirects (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CloudHttpResponse) response = fetch ("/redirect?to=/echo", with_password, &error);
  g_autofree char *text = body_text (response);

  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (cloud_http_response_get_url (response), "/echo"));
  g_assert_nonnull (strstr (text, "Basic YWxpY2U6c2VjcmV0"));
  g_assert_nonnull (strstr (text, "x-subscription-token"));
}

static void
test_no_secrets_to_others (void)
{
  const char *const argv[] = { "hostile_http.py", NULL };
  g_autoptr (Peer) other = peer_start (argv);
  g_autofree char *target = peer_url (other, "/echo");
  g_autofree char *path = g_strdup_printf ("/redirect?to=%s", target);
  g_autoptr (GError) error = NULL;
  g_autoptr (CloudHttpResponse) response = fetch (path, with_password, &error);
  g_autofree char *text = body_text (response);

  g_assert_no_error (error);
  g_assert_cmpstr (cloud_http_response_get_url (response), ==, target);
  g_assert_null (strstr (text, "authorization"));
  g_assert_null (strstr (text, "x-subscription-token"));
  g_assert_nonnull (strstr (text, "accept-language"));
}

static void
with_body (CloudHttpRequest *request)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("question", 8);

  cloud_http_request_set_body (request, body, "text/plain");
}

static void
test_redirected_post (void)
{
  static const struct
  {
    const char *path, *method;
  } cases[] = {
    { "/redirect?status=302&to=/echo", "\"method\": \"GET\"" },
    { "/redirect?status=303&to=/echo", "\"method\": \"GET\"" },
    { "/redirect?status=307&to=/echo", "\"method\": \"POST\"" },
    { "/redirect?status=308&to=/echo", "\"method\": \"POST\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CloudHttpClient) client = cloud_http_client_new (NULL, 0);
      g_autoptr (GError) error = NULL;
      g_autoptr (CloudHttpResponse) response = fetch_full (client, "POST", cases[i].path, with_body, &error);
      g_autofree char *text = body_text (response);

      g_assert_no_error (error);
      g_assert_nonnull (strstr (text, cases[i].method));
      g_assert_true ((strstr (text, "question") != NULL) == (i >= 2));
    }
}

static void
test_invalid (void)
{
  static const char *const urls[]
      = { "ftp://127.0.0.1/", "file:///etc/passwd", "http://user:pw@127.0.0.1/", "nonsense://", "http://" };
  g_autoptr (CloudHttpClient) client = cloud_http_client_new (NULL, 0);

  for (guint i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      g_autoptr (CloudHttpRequest) request = cloud_http_request_new ("GET", urls[i]);
      g_autoptr (GError) error = NULL;

      g_assert_null (cloud_http_client_send_sync (client, request, NULL, &error));
      g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID);
    }
}

static void
smuggle (CloudHttpRequest *request)
{
  cloud_http_request_set_header (request, "X-A", "b\r\nX-Smuggled: c");
}

static void
test_no_smuggling (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (fetch ("/echo", smuggle, &error));
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID);
}

typedef struct
{
  CloudHttpResponse *response;
  GError *error;
  gboolean done;
} Outcome;

static void
on_sent (GObject *source, GAsyncResult *result, gpointer data)
{
  Outcome *outcome = data;

  outcome->response = cloud_http_client_send_finish (CLOUD_HTTP_CLIENT (source), result, &outcome->error);
  outcome->done = TRUE;
}

static void
outcome_clear (Outcome *outcome)
{
  g_clear_pointer (&outcome->response, cloud_http_response_unref);
  g_clear_error (&outcome->error);
}

static void
test_cancel (void)
{
  g_autoptr (CloudHttpClient) client = cloud_http_client_new (NULL, 0);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *url = peer_url (server, "/silent");
  g_autoptr (CloudHttpRequest) request = cloud_http_request_new ("GET", url);
  Outcome outcome = { 0 };

  cloud_http_client_send_async (client, request, cancellable, on_sent, &outcome);
  while (count ("/silent") == 0)
    g_main_context_iteration (NULL, FALSE);
  g_cancellable_cancel (cancellable);
  while (!outcome.done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  outcome_clear (&outcome);
}

#define CROWD 12

static void
send_crowd (CloudHttpClient *client, Outcome *outcomes, gboolean identical)
{
  for (guint i = 0; i < CROWD; i++)
    {
      g_autofree char *path = g_strdup_printf ("/held?%u", identical ? 0 : i + 1);
      g_autofree char *url = peer_url (server, path);
      g_autoptr (CloudHttpRequest) request = cloud_http_request_new ("GET", url);

      cloud_http_client_send_async (client, request, NULL, on_sent, &outcomes[i]);
    }
}

static void
finish_crowd (Outcome *outcomes)
{
  for (guint i = 0; i < CROWD; i++)
    {
      while (!outcomes[i].done)
        g_main_context_iteration (NULL, TRUE);
      g_assert_no_error (outcomes[i].error);
      assert_body (outcomes[i].response, "held");
      outcome_clear (&outcomes[i]);
    }
}

static void
on_started (gint64 sent, gint64 received, gint64 total, gpointer data)
{
  if (received > 0)
    *(gint64 *) data = received;
}

static void
test_crowd_is_one_request (void)
{
  g_autoptr (CloudHttpClient) client = cloud_http_client_new (NULL, 0);
  g_autoptr (CloudHttpResponse) released = NULL;
  Outcome outcomes[CROWD] = { 0 };

  send_crowd (client, outcomes, TRUE);
  while (count ("/held?0") == 0)
    g_main_context_iteration (NULL, FALSE);
  released = fetch ("/release", NULL, NULL);
  finish_crowd (outcomes);
  g_assert_cmpuint (count ("/held?0"), ==, 1);
}

/* The waiters of one shared request leave it one by one. */
static void
test_one_of_a_crowd_leaves (void)
{
  g_autoptr (CloudHttpClient) client = cloud_http_client_new (NULL, 0);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *url = peer_url (server, "/storm?status=503&n=1&after=1");
  g_autoptr (CloudHttpRequest) request = cloud_http_request_new ("GET", url);
  Outcome leaver = { 0 };
  Outcome stayer = { 0 };

  cloud_http_client_send_async (client, request, cancellable, on_sent, &leaver);
  cloud_http_client_send_async (client, request, NULL, on_sent, &stayer);
  g_cancellable_cancel (cancellable);
  while (!leaver.done || !stayer.done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (leaver.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_no_error (stayer.error);
  assert_body (stayer.response, "served at 2");
  outcome_clear (&leaver);
  outcome_clear (&stayer);
}

/* Its own server: no other test may have let it go before. */
static void
test_six_at_a_time (void)
{
  const char *const argv[] = { "hostile_http.py", NULL };
  Peer *shared = server;
  g_autoptr (CloudHttpClient) client = cloud_http_client_new (NULL, 0);
  g_autoptr (CloudHttpResponse) released = NULL;
  g_autoptr (CloudHttpResponse) most = NULL;
  Outcome outcomes[CROWD] = { 0 };
  guint arrived = 0;

  server = peer_start (argv);
  send_crowd (client, outcomes, FALSE);
  while (arrived < 6)
    {
      arrived = 0;
      for (guint i = 0; i < CROWD; i++)
        {
          g_autofree char *path = g_strdup_printf ("/held?%u", i + 1);

          arrived += count (path);
        }
      g_main_context_iteration (NULL, FALSE);
    }
  released = fetch ("/release", NULL, NULL);
  finish_crowd (outcomes);
  most = fetch ("/most?/held", NULL, NULL);
  assert_body (most, "6");
  peer_stop (server);
  server = shared;
}

static void
test_progress (void)
{
  g_autoptr (CloudHttpClient) client = cloud_http_client_new (NULL, 0);
  g_autofree char *url = peer_url (server, "/file");
  g_autoptr (CloudHttpRequest) request = cloud_http_request_new ("GET", url);
  g_autoptr (CloudHttpResponse) response = NULL;
  g_autoptr (GError) error = NULL;
  gint64 seen = 0;

  cloud_http_request_set_progress (request, on_started, &seen, NULL);
  response = cloud_http_client_send_sync (client, request, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (seen, >, 0);
  g_assert_cmpint (seen, <=, 3 << 20);
}

int
main (int argc, char **argv)
{
  static const char *const hostile[] = {
    "/truncated",    "/truncated-chunk", "/two-lengths",  "/bad-length", "/endless-headers",
    "/endless-line", "/endless-interim", "/endless-body", "/gzip-bomb",  "/bad-gzip",
    "/loop",         "/nonsense",        "/no-answer",    "/reset-body", "/redirect?to=http://[",
  };
  static const char *const slow[] = { "/drip", "/drip-header", "/silent" };
  const char *const command[] = { "hostile_http.py", NULL };
  int result;

  g_test_init (&argc, &argv, NULL);
  server = peer_start (command);
  g_test_add_func ("/cloud/http/loads-curl-when-needed", test_loads_curl_when_needed);
  g_test_add_func ("/cloud/http/plain", test_plain);
  g_test_add_func ("/cloud/http/says-who-it-is", test_says_who_it_is);
  for (guint i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      g_autofree char *name = g_strconcat ("/cloud/http/refuses", hostile[i], NULL);

      g_test_add_data_func (name, hostile[i], test_hostile);
    }
  for (guint i = 0; i < G_N_ELEMENTS (slow); i++)
    {
      g_autofree char *name = g_strconcat ("/cloud/http/gives-up-on", slow[i], NULL);

      g_test_add_data_func (name, slow[i], test_slow);
    }
  g_test_add_func ("/cloud/http/cuts-what-exceeds-its-length", test_overlong_is_cut);
  g_test_add_func ("/cloud/http/unpacks-gzip", test_gzip);
  g_test_add_func ("/cloud/http/status-to-error", test_statuses);
  g_test_add_func ("/cloud/http/raw-status", test_raw_status);
  g_test_add_func ("/cloud/http/storm-passes", test_storm_passes);
  g_test_add_func ("/cloud/http/storm-waits-as-told", test_storm_waits_as_told);
  g_test_add_func ("/cloud/http/storm-beyond-the-deadline-is-left-alone", test_storm_is_left_alone);
  g_test_add_func ("/cloud/http/endless-storm-ends", test_endless_storm_ends);
  g_test_add_func ("/cloud/http/resets-are-repeated", test_resets_are_repeated);
  g_test_add_func ("/cloud/http/post-is-not-repeated", test_post_is_not_repeated);
  g_test_add_func ("/cloud/http/refused-is-offline", test_refused);
  g_test_add_func ("/cloud/http/redirects", test_redirects);
  g_test_add_func ("/cloud/http/no-secrets-to-other-hosts", test_no_secrets_to_others);
  g_test_add_func ("/cloud/http/redirected-post", test_redirected_post);
  g_test_add_func ("/cloud/http/refuses-other-schemes-and-passwords-in-addresses", test_invalid);
  g_test_add_func ("/cloud/http/refuses-smuggled-fields", test_no_smuggling);
  g_test_add_func ("/cloud/http/cancel", test_cancel);
  g_test_add_func ("/cloud/http/identical-requests-are-one", test_crowd_is_one_request);
  g_test_add_func ("/cloud/http/one-of-several-leaves", test_one_of_a_crowd_leaves);
  g_test_add_func ("/cloud/http/six-at-a-time", test_six_at_a_time);
  g_test_add_func ("/cloud/http/progress", test_progress);
  result = g_test_run ();
  peer_stop (server);
  return result;
}

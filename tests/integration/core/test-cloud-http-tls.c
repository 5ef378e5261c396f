/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud-error.h"
#include "cloud-http.h"
#include "peer.h"

#include <string.h>

/* Who the server is must be proved, always; and what else happens on an https connection: redirects down, HTTP/2. */

static Peer *
start_with (const char *name)
{
  g_autofree char *pem = g_strdup_printf ("%s/%s.pem", peer_certs (), name);
  g_autofree char *key = g_strdup_printf ("%s/%s.key", peer_certs (), name);
  const char *const argv[] = { "hostile_http.py", "--tls", pem, key, NULL };

  return peer_start (argv);
}

static CloudHttpClient *
client_with_ca (void)
{
  g_autofree char *ca = g_build_filename (peer_certs (), "ca.pem", NULL);
  CloudHttpClient *client = cloud_http_client_new (NULL, 0);

  cloud_http_client_set_ca_file (client, ca);
  return client;
}

static CloudHttpResponse *
get (CloudHttpClient *client, const char *url, GError **error)
{
  g_autoptr (CloudHttpRequest) request = cloud_http_request_new ("GET", url);

  return cloud_http_client_send_sync (client, request, NULL, error);
}

static void
test_good (void)
{
  g_autoptr (Peer) server = start_with ("good");
  g_autoptr (CloudHttpClient) client = client_with_ca ();
  g_autofree char *by_name = peer_https_url (server, "localhost", "/plain");
  g_autofree char *by_address = peer_https_url (server, "127.0.0.1", "/plain");
  g_autoptr (GError) error = NULL;
  g_autoptr (CloudHttpResponse) first = get (client, by_name, &error);
  g_autoptr (CloudHttpResponse) second = NULL;

  g_assert_no_error (error);
  second = get (client, by_address, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (cloud_http_response_get_status (second), ==, 200);
}

/* Not even the request may be sent: the server counts none. */
static void
test_bad (gconstpointer data)
{
  g_autoptr (Peer) server = start_with (data);
  g_autoptr (CloudHttpClient) client = client_with_ca ();
  g_autofree char *url = peer_https_url (server, "localhost", "/plain");
  g_autoptr (GError) error = NULL;

  g_assert_null (get (client, url, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_UNTRUSTED);
}

static void
test_unknown_ca (void)
{
  g_autoptr (Peer) server = start_with ("good");
  g_autoptr (CloudHttpClient) client = cloud_http_client_new (NULL, 0);
  g_autofree char *url = peer_https_url (server, "localhost", "/plain");
  g_autoptr (GError) error = NULL;

  g_assert_null (get (client, url, &error));
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_UNTRUSTED);
}

/* Trust that is withdrawn counts for the next request, kept connection or not. */
static void
test_trust_withdrawn (void)
{
  g_autoptr (Peer) server = start_with ("good");
  g_autoptr (CloudHttpClient) client = client_with_ca ();
  g_autofree char *url = peer_https_url (server, "localhost", "/plain");
  g_autoptr (GError) error = NULL;
  g_autoptr (CloudHttpResponse) response = get (client, url, &error);

  g_assert_no_error (error);
  cloud_http_client_set_ca_file (client, NULL);
  g_assert_null (get (client, url, &error));
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_UNTRUSTED);
}

static void
test_environment (void)
{
  g_autoptr (Peer) server = start_with ("good");
  g_autofree char *ca = g_build_filename (peer_certs (), "ca.pem", NULL);
  g_autofree char *url = peer_https_url (server, "localhost", "/plain");
  g_autoptr (CloudHttpClient) client = NULL;
  g_autoptr (CloudHttpResponse) response = NULL;
  g_autoptr (GError) error = NULL;

  g_setenv ("CIRRUS_CA_FILE", ca, TRUE);
  client = cloud_http_client_new (NULL, 0);
  g_unsetenv ("CIRRUS_CA_FILE");
  response = get (client, url, &error);
  g_assert_no_error (error);
}

static void
test_not_tls (void)
{
  const char *const argv[] = { "hostile_http.py", NULL };
  g_autoptr (Peer) server = peer_start (argv);
  g_autoptr (CloudHttpClient) client = client_with_ca ();
  g_autofree char *url = peer_https_url (server, "localhost", "/plain");
  g_autoptr (GError) error = NULL;

  g_assert_null (get (client, url, &error));
  g_assert_true (error->domain == CLOUD_ERROR);
}

static void
test_no_step_down (void)
{
  const char *const argv[] = { "hostile_http.py", NULL };
  g_autoptr (Peer) plain = peer_start (argv);
  g_autoptr (Peer) secure = start_with ("good");
  g_autoptr (CloudHttpClient) client = client_with_ca ();
  g_autofree char *target = peer_url (plain, "/plain");
  g_autofree char *path = g_strconcat ("/redirect?to=", target, NULL);
  g_autofree char *url = peer_https_url (secure, "localhost", path);
  g_autofree char *count_url = peer_url (plain, "/count?/plain");
  g_autoptr (GError) error = NULL;
  g_autoptr (CloudHttpResponse) count = NULL;

  g_assert_null (get (client, url, &error));
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_PROTOCOL);
  count = get (client, count_url, NULL);
  g_assert_cmpmem (g_bytes_get_data (cloud_http_response_get_body (count), NULL), 1, "0", 1);
}

static void
test_step_up (void)
{
  const char *const argv[] = { "hostile_http.py", NULL };
  g_autoptr (Peer) plain = peer_start (argv);
  g_autoptr (Peer) secure = start_with ("good");
  g_autoptr (CloudHttpClient) client = client_with_ca ();
  g_autofree char *target = peer_https_url (secure, "localhost", "/plain");
  g_autofree char *path = g_strconcat ("/redirect?to=", target, NULL);
  g_autofree char *url = peer_url (plain, path);
  g_autoptr (GError) error = NULL;
  g_autoptr (CloudHttpResponse) response = get (client, url, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (cloud_http_response_get_url (response), ==, target);
}

/* ---- HTTP/2: a real nghttpd ---- */

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

/* A port that nobody has: nghttpd does not tell which one it took. */
static guint
free_port (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();

  return g_socket_listener_add_any_inet_port (listener, NULL, NULL);
}

static void
test_http2 (void)
{
  g_autofree char *folder = peer_make_folder ();
  g_autofree char *file = g_build_filename (folder, "page.txt", NULL);
  g_autofree char *pem = g_build_filename (peer_certs (), "good.pem", NULL);
  g_autofree char *key = g_build_filename (peer_certs (), "good.key", NULL);
  g_autofree char *port = g_strdup_printf ("%u", free_port ());
  g_autoptr (GSubprocess) server = NULL;
  g_autoptr (GDataInputStream) lines = NULL;
  g_autoptr (CloudHttpClient) client = client_with_ca ();
  g_autoptr (GError) error = NULL;
  g_autofree char *log = NULL;
  Outcome outcomes[8] = { 0 };

  g_assert_true (g_file_set_contents (file, "over two\n", -1, NULL));
  server = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "nghttpd", "-v", "-a", "127.0.0.1", "-d", folder, port, key,
                             pem, NULL);
  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (server));
  log = g_data_input_stream_read_line (lines, NULL, NULL, NULL);
  g_assert_nonnull (log); /* "IPv4: listen 127.0.0.1:PORT" */
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      g_autofree char *url = g_strdup_printf ("https://localhost:%s/page.txt?%u", port, i);
      g_autoptr (CloudHttpRequest) request = cloud_http_request_new ("GET", url);

      cloud_http_client_send_async (client, request, NULL, on_sent, &outcomes[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      while (!outcomes[i].done)
        g_main_context_iteration (NULL, TRUE);
      g_assert_no_error (outcomes[i].error);
      g_assert_cmpuint (cloud_http_response_get_status (outcomes[i].response), ==, 200);
      g_assert_cmpuint (g_bytes_get_size (cloud_http_response_get_body (outcomes[i].response)), ==, 9);
      cloud_http_response_unref (outcomes[i].response);
    }
  g_subprocess_force_exit (server);
  g_subprocess_wait (server, NULL, NULL);
  /* Its log names the protocol it spoke and one connection (id=1) for all. */
  g_clear_pointer (&log, g_free);
  log = g_data_input_stream_read_upto (lines, "", 0, NULL, NULL, NULL);
  g_assert_nonnull (strstr (log, "The negotiated protocol: h2"));
  g_assert_nonnull (strstr (log, "[id=1]"));
  g_assert_null (strstr (log, "[id=2]"));
  peer_remove_folder (folder);
}

int
main (int argc, char **argv)
{
  static const char *const bad[] = { "expired", "wronghost", "selfsigned" };
  int result;

  g_test_init (&argc, &argv, NULL);
  g_unsetenv ("CIRRUS_CA_FILE");
  g_test_add_func ("/cloud/http-tls/good", test_good);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *name = g_strconcat ("/cloud/http-tls/refuses/", bad[i], NULL);

      g_test_add_data_func (name, bad[i], test_bad);
    }
  g_test_add_func ("/cloud/http-tls/refuses/unknown-authority", test_unknown_ca);
  g_test_add_func ("/cloud/http-tls/trust-withdrawn", test_trust_withdrawn);
  g_test_add_func ("/cloud/http-tls/authority-from-the-environment", test_environment);
  g_test_add_func ("/cloud/http-tls/no-tls-at-all", test_not_tls);
  g_test_add_func ("/cloud/http-tls/no-redirect-from-https-to-http", test_no_step_down);
  g_test_add_func ("/cloud/http-tls/redirect-from-http-to-https", test_step_up);
  g_test_add_func ("/cloud/http-tls/http2", test_http2);
  result = g_test_run ();
  peer_remove_certs ();
  return result;
}

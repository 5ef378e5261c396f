/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-http"

#include "cloud-curl.h"

#include "cloud-error.h"

#include <glib-unix.h>
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

/* curl tells which sockets and which time it waits for; here they become GSources.  Finished transfers are collected after each
 * call into curl, never inside one. */

#define CONNECT_TIMEOUT_S 15L
#define CONNECTIONS_TOTAL 32L
#define CONNECTIONS_KEPT 12L

typedef struct
{
  CloudCurlDone done;
  gpointer data;
} Handle;

struct _CloudCurlLoop
{
  GMainContext *context;
  CURLM *multi;
  GSource *timer;
  GHashTable *sockets; /* fd -> GSource */
  GHashTable *handles; /* CURL -> Handle */
};

static void
collect (CloudCurlLoop *self)
{
  CURLMsg *message;
  int left;

  while ((message = curl_multi_info_read (self->multi, &left)) != NULL)
    {
      CURL *easy = message->easy_handle;
      CURLcode code = message->data.result;
      Handle *handle;
      Handle copy;

      if (message->msg != CURLMSG_DONE)
        continue;
      handle = g_hash_table_lookup (self->handles, easy);
      curl_multi_remove_handle (self->multi, easy);
      if (handle == NULL)
        continue;
      copy = *handle;
      g_hash_table_remove (self->handles, easy);
      copy.done (easy, code, copy.data);
    }
}

static gboolean
on_socket_ready (int fd, GIOCondition condition, gpointer data)
{
  CloudCurlLoop *self = data;
  int mask = 0;
  int running;

  if (condition & G_IO_IN)
    mask |= CURL_CSELECT_IN;
  if (condition & G_IO_OUT)
    mask |= CURL_CSELECT_OUT;
  if (condition & (G_IO_ERR | G_IO_HUP | G_IO_NVAL))
    mask |= CURL_CSELECT_ERR | CURL_CSELECT_IN;
  curl_multi_socket_action (self->multi, fd, mask, &running);
  collect (self);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_timer (gpointer data)
{
  CloudCurlLoop *self = data;
  int running;

  g_source_set_ready_time (self->timer, -1);
  curl_multi_socket_action (self->multi, CURL_SOCKET_TIMEOUT, 0, &running);
  collect (self);
  return G_SOURCE_CONTINUE;
}

static void
destroy_source (gpointer data)
{
  g_source_destroy (data);
  g_source_unref (data);
}

static int
on_curl_socket (CURL *easy, curl_socket_t fd, int what, void *data, void *socket_data)
{
  CloudCurlLoop *self = data;
  GIOCondition condition = G_IO_ERR | G_IO_HUP;
  GSource *source;

  g_hash_table_remove (self->sockets, GINT_TO_POINTER (fd));
  if (what == CURL_POLL_REMOVE || what == CURL_POLL_NONE)
    return 0;
  if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
    condition |= G_IO_IN;
  if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
    condition |= G_IO_OUT;
  source = g_unix_fd_source_new (fd, condition);
  g_source_set_static_name (source, "cloud-curl socket");
  g_source_set_callback (source, G_SOURCE_FUNC (on_socket_ready), self, NULL);
  g_source_attach (source, self->context);
  g_hash_table_insert (self->sockets, GINT_TO_POINTER (fd), source);
  return 0;
}

static int
on_curl_timer (CURLM *multi, long timeout_ms, void *data)
{
  CloudCurlLoop *self = data;

  g_source_set_ready_time (self->timer, timeout_ms < 0 ? -1 : g_get_monotonic_time () + timeout_ms * 1000);
  return 0;
}

static gboolean
dispatch_timer (GSource *source, GSourceFunc callback, gpointer data)
{
  return callback (data);
}

static GSourceFuncs timer_funcs = { .dispatch = dispatch_timer };

CloudCurlLoop *
cloud_curl_loop_new (GMainContext *context)
{
  CloudCurlLoop *self = g_new0 (CloudCurlLoop, 1);

  self->context = context != NULL ? g_main_context_ref (context) : NULL;
  self->sockets = g_hash_table_new_full (NULL, NULL, NULL, destroy_source);
  self->handles = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->timer = g_source_new (&timer_funcs, sizeof (GSource));
  g_source_set_static_name (self->timer, "cloud-curl timer");
  g_source_set_callback (self->timer, on_timer, self, NULL);
  g_source_attach (self->timer, self->context);
  self->multi = curl_multi_init ();
  curl_multi_setopt (self->multi, CURLMOPT_SOCKETFUNCTION, on_curl_socket);
  curl_multi_setopt (self->multi, CURLMOPT_SOCKETDATA, self);
  curl_multi_setopt (self->multi, CURLMOPT_TIMERFUNCTION, on_curl_timer);
  curl_multi_setopt (self->multi, CURLMOPT_TIMERDATA, self);
  curl_multi_setopt (self->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, CONNECTIONS_TOTAL);
  curl_multi_setopt (self->multi, CURLMOPT_MAXCONNECTS, CONNECTIONS_KEPT);
  return self;
}

void
cloud_curl_loop_free (CloudCurlLoop *self)
{
  if (self == NULL)
    return;
  g_assert (g_hash_table_size (self->handles) == 0);
  curl_multi_cleanup (self->multi);
  destroy_source (self->timer);
  g_hash_table_unref (self->sockets);
  g_hash_table_unref (self->handles);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_free (self);
}

gboolean
cloud_curl_loop_add (CloudCurlLoop *self, CURL *easy, CloudCurlDone done, gpointer data)
{
  Handle *handle = g_new (Handle, 1);

  *handle = (Handle){ done, data };
  g_hash_table_insert (self->handles, easy, handle);
  if (curl_multi_add_handle (self->multi, easy) == CURLM_OK)
    return TRUE;
  g_hash_table_remove (self->handles, easy);
  return FALSE;
}

void
cloud_curl_loop_remove (CloudCurlLoop *self, CURL *easy)
{
  if (g_hash_table_remove (self->handles, easy))
    curl_multi_remove_handle (self->multi, easy);
}

static gboolean
is_ca_path_named (void)
{
  const char *path = g_getenv ("SSL_CERT_FILE"); /* as for OpenSSL and the curl program */

  return path != NULL && *path != '\0';
}

static char *
system_ca_path (void)
{
  const char *path = g_getenv ("SSL_CERT_FILE");

  if (!is_ca_path_named ())
    path = curl_version_info (CURLVERSION_NOW)->cainfo;
  return g_strdup (path != NULL ? path : "/etc/ssl/certs/ca-certificates.crt");
}

void
cloud_curl_setup (CURL *easy, int ca_fd)
{
  g_autofree char *path = NULL;

  curl_easy_setopt (easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt (easy, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt (easy, CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt (easy, CURLOPT_CONNECTTIMEOUT, CONNECT_TIMEOUT_S);
  curl_easy_setopt (easy, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt (easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  path = ca_fd >= 0 ? g_strdup_printf ("/proc/self/fd/%d", ca_fd) : system_ca_path ();
  /* A bundle that somebody named and that is not there must fail, never be made up for by all the authorities that curl knows. */
  if (ca_fd >= 0 || is_ca_path_named () || g_file_test (path, G_FILE_TEST_EXISTS))
    {
      /* One bundle, and not its certificates once more (on Debian twice more) from the folder of single files, at each connection:
       * an authority of one's own is added as the system wants it, by update-ca-certificates. */
      curl_easy_setopt (easy, CURLOPT_CAINFO, path);
      curl_easy_setopt (easy, CURLOPT_CAPATH, NULL);
    }
}

static gboolean
write_all (int fd, const char *data, gsize length)
{
  while (length > 0)
    {
      gssize n = write (fd, data, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      data += n;
      length -= (gsize) n;
    }
  return TRUE;
}

int
cloud_curl_open_ca (const char *path, GError **error)
{
  g_autofree char *system_path = NULL;
  g_autofree char *system_pem = NULL;
  g_autofree char *own_pem = NULL;
  gsize system_length = 0;
  gsize own_length;
  int fd;

  if (path == NULL || *path == '\0')
    path = g_getenv ("CIRRUS_CA_FILE");
  if (path == NULL || *path == '\0')
    return -1;
  if (!g_file_get_contents (path, &own_pem, &own_length, error))
    {
      cloud_error_convert_gio (error);
      return -1;
    }
  system_path = system_ca_path ();
  g_file_get_contents (system_path, &system_pem, &system_length, NULL);
  fd = memfd_create ("cirrus-ca", MFD_CLOEXEC);
  if (fd < 0 || !write_all (fd, system_pem != NULL ? system_pem : "", system_length) || !write_all (fd, "\n", 1)
      || !write_all (fd, own_pem, own_length))
    {
      g_set_error (error, CLOUD_ERROR, cloud_error_code_from_errno (errno), "Cannot gather the certificates to trust: %s",
                   g_strerror (errno));
      if (fd >= 0)
        close (fd);
      return -1;
    }
  return fd;
}

gboolean
cloud_curl_code_is_unreachable (CURLcode code)
{
  return code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY || code == CURLE_COULDNT_CONNECT;
}

gboolean
cloud_curl_code_is_transient (CURLcode code)
{
  switch (code)
    {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SEND_FAIL_REWIND:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return TRUE;
    default:
      return FALSE;
    }
}

static CloudError
error_code (CURLcode code)
{
  switch ((int) code)
    {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SEND_FAIL_REWIND:
      return CLOUD_ERROR_OFFLINE;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_USE_SSL_FAILED:
      return CLOUD_ERROR_UNTRUSTED;
    case CURLE_LOGIN_DENIED:
    case CURLE_AUTH_ERROR:
      return CLOUD_ERROR_AUTH_REQUIRED;
    case CURLE_FILESIZE_EXCEEDED:
      return CLOUD_ERROR_TOO_LARGE;
    case CURLE_URL_MALFORMAT:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_READ_ERROR:
      return CLOUD_ERROR_INVALID;
    default:
      return CLOUD_ERROR_PROTOCOL;
    }
}

GError *
cloud_curl_error (CURLcode code, const char *host, const char *detail)
{
  return g_error_new (CLOUD_ERROR, error_code (code), "%s: %s", host,
                      detail != NULL && *detail != '\0' ? detail : curl_easy_strerror (code));
}

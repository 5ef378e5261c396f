/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* CloudHttpClient: HTTP for the apps, through a private cache that makes what was seen once readable offline.
 *
 * libcurl's multi interface on the GMainContext that is the thread's default when the client is made.  HTTP/2 and compression where
 * offered; TLS always verified, host name included; redirects bounded (10), never from https to http, credentials never carried to
 * another host.  A private cache in the sense of RFC 9111 in one SQLite file: freshness, heuristics, validators, Vary, 304, no-store,
 * must-revalidate, stale-if-error (RFC 5861), invalidation by unsafe methods; keyed by account where a request is authorized;
 * bounded, least recently used out first.  Identical cacheable requests in flight are one request.  Idempotent requests are retried with
 * exponential backoff and jitter, Retry-After (seconds or date) obeyed within the request's deadline; beyond that the caller gets TRY_LATER.
 * "Offline" is what a request finds: when the peer cannot be reached, a stale stored answer is given and says so.
 *
 * Threading: everything from the one thread that made the client; file work happens elsewhere.
 * Ownership: a request may be dropped once sent; responses are immutable and reference counted.
 * Errors: OFFLINE (unreachable and nothing stored), TRY_LATER (429, 503, with Retry-After in cloud_http_error_get_retry_s()), AUTH_REQUIRED
 * (401), DENIED (403, 407, 451), NOT_FOUND (404, 410), UNTRUSTED (certificate), TOO_LARGE, PROTOCOL (truncated, endless, looping, nonsense;
 * other 4xx and 5xx), NO_SPACE never (a full disk only disables the cache).  With cloud_http_request_set_raw_status() any status
 * is an answer and not an error.
 * Source: RFC 9110, RFC 9111, RFC 5861, RFC 6585 (429), RFC 8246. */

typedef enum
{
  CLOUD_HTTP_CACHE_DEFAULT,     /* RFC 9111; a stale answer if the network fails and none forbids it */
  CLOUD_HTTP_CACHE_REVALIDATE,  /* ask the server even if fresh; a stale answer if the network fails */
  CLOUD_HTTP_CACHE_ONLY,        /* never the network: NOT_FOUND if nothing is stored; any age */
  CLOUD_HTTP_CACHE_NETWORK,     /* never an answer from the cache; the reply is stored */
  CLOUD_HTTP_CACHE_PRIVATE,     /* neither read nor written: private mode, secrets */
} CloudHttpCacheMode;

typedef enum
{
  CLOUD_HTTP_ORIGIN_NETWORK,     /* just transferred */
  CLOUD_HTTP_ORIGIN_CACHE,       /* stored and fresh */
  CLOUD_HTTP_ORIGIN_REVALIDATED, /* stored, the server said 304 */
  CLOUD_HTTP_ORIGIN_STALE,       /* stored, too old by its own words, the network failed */
} CloudHttpOrigin;

#define CLOUD_TYPE_HTTP_CLIENT (cloud_http_client_get_type ())
G_DECLARE_FINAL_TYPE (CloudHttpClient, cloud_http_client, CLOUD, HTTP_CLIENT, GObject)

typedef struct _CloudHttpRequest CloudHttpRequest;
typedef struct _CloudHttpResponse CloudHttpResponse;

/* ---- Client ---- */

/* @cache_path: (nullable): the cache's SQLite file; NULL for a client that never stores.
 * @cache_max_bytes: its bound. */
CloudHttpClient *cloud_http_client_new (const char *cache_path, gint64 cache_max_bytes);

/* Trusts the CA certificates of this PEM file besides the system's (a company's or a test's own CA); NULL goes back.  The environment
 * variable CIRRUS_CA_FILE does the same for a whole program; SSL_CERT_FILE names another file in place of the system's. */
void cloud_http_client_set_ca_file (CloudHttpClient *self, const char *path);

/* Private mode: while on, every request behaves as CLOUD_HTTP_CACHE_PRIVATE. */
void cloud_http_client_set_private (CloudHttpClient *self, gboolean is_private);

void cloud_http_client_send_async (CloudHttpClient *self, CloudHttpRequest *request, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);
/* Returns: (transfer full) */
CloudHttpResponse *cloud_http_client_send_finish (CloudHttpClient *self, GAsyncResult *result, GError **error);

/* For programs without a main loop of their own (the command line, tests): runs the client's context until the answer is there. */
CloudHttpResponse *cloud_http_client_send_sync (CloudHttpClient *self, CloudHttpRequest *request, GCancellable *cancellable,
                                                GError **error);

/* Bytes in the cache; and forget everything stored, which gives the disk its room back. */
gint64 cloud_http_client_get_cache_bytes (CloudHttpClient *self);
void cloud_http_client_clear_cache_async (CloudHttpClient *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean cloud_http_client_clear_cache_finish (CloudHttpClient *self, GAsyncResult *result, GError **error);

/* Seconds the server asked to wait, from the last TRY_LATER error that this request got; 0 if none was named. */
guint cloud_http_error_get_retry_s (const GError *error);

/* ---- Request: a small mutable description, reference counted ---- */

CloudHttpRequest *cloud_http_request_new (const char *method, const char *url);
CloudHttpRequest *cloud_http_request_ref (CloudHttpRequest *self);
void cloud_http_request_unref (CloudHttpRequest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CloudHttpRequest, cloud_http_request_unref)

void cloud_http_request_set_header (CloudHttpRequest *self, const char *name, const char *value);
void cloud_http_request_set_body (CloudHttpRequest *self, GBytes *body, const char *content_type);
/* The body is read from (the answer's body written to) a file, in pieces, however large.  Such answers bypass the cache. */
void cloud_http_request_set_upload_file (CloudHttpRequest *self, GFile *file, gint64 offset_bytes, gint64 length_bytes, const char *content_type);
void cloud_http_request_set_download_file (CloudHttpRequest *self, GFile *file, gboolean resume);
/* @account: (nullable): the account's UUID, part of the cache key.  Credentials are kept out of the URL and of every log. */
void cloud_http_request_set_basic_auth (CloudHttpRequest *self, const char *account, const char *user, const char *password);
void cloud_http_request_set_bearer (CloudHttpRequest *self, const char *account, const char *token);
void cloud_http_request_set_cache_mode (CloudHttpRequest *self, CloudHttpCacheMode mode);
void cloud_http_request_set_max_bytes (CloudHttpRequest *self, gint64 max_bytes); /* of the decoded body; 16 MiB unless told */
void cloud_http_request_set_deadline_ms (CloudHttpRequest *self, guint ms);       /* retries and waits included; 30 s unless told */
void cloud_http_request_set_max_retries (CloudHttpRequest *self, guint retries);  /* 3 unless told; only idempotent methods */
void cloud_http_request_set_raw_status (CloudHttpRequest *self, gboolean raw);

typedef void (*CloudHttpProgress) (gint64 sent_bytes, gint64 received_bytes, gint64 total_bytes, gpointer user_data); /* total -1: unknown */
void cloud_http_request_set_progress (CloudHttpRequest *self, CloudHttpProgress progress, gpointer user_data, GDestroyNotify destroy);

/* ---- Response ---- */

CloudHttpResponse *cloud_http_response_ref (CloudHttpResponse *self);
void cloud_http_response_unref (CloudHttpResponse *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CloudHttpResponse, cloud_http_response_unref)

guint cloud_http_response_get_status (const CloudHttpResponse *self);
const char *cloud_http_response_get_url (const CloudHttpResponse *self);                      /* after redirects */
const char *cloud_http_response_get_header (const CloudHttpResponse *self, const char *name); /* (nullable) */
GBytes *cloud_http_response_get_body (const CloudHttpResponse *self);                         /* (transfer none) */
CloudHttpOrigin cloud_http_response_get_origin (const CloudHttpResponse *self);
gint64 cloud_http_response_get_fetched_unix_us (const CloudHttpResponse *self); /* when the server last vouched for it */
gint64 cloud_http_response_get_age_s (const CloudHttpResponse *self);           /* RFC 9111 current_age, now */
gint64 cloud_http_response_get_expires_unix_us (const CloudHttpResponse *self); /* when it stops being fresh; 0: at once */

G_END_DECLS

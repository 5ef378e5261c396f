/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cloud-curl-api.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* CloudCurlLoop: libcurl's multi interface, driven by sources on one GMainContext; with what all that speak through curl share: the
 * certificates to trust, and the one mapping of curl's codes to CloudError.
 *
 * Private to libcloudcore/http.  Threading: one thread, the context's.
 * Ownership: the easy handles stay the caller's; one must be removed before it is cleaned up.
 * Source: curl_multi_socket_action(3). */

typedef struct _CloudCurlLoop CloudCurlLoop;

/* Called outside of curl, after the handle was removed from the loop; it may add and remove others. */
typedef void (*CloudCurlDone) (CURL *easy, CURLcode code, gpointer data);

CloudCurlLoop *cloud_curl_loop_new (GMainContext *context);
/* No handle may be in it any more. */
void cloud_curl_loop_free (CloudCurlLoop *self);
gboolean cloud_curl_loop_add (CloudCurlLoop *self, CURL *easy, CloudCurlDone done, gpointer data);
/* Drops it without a call of its CloudCurlDone; does nothing if it is not in the loop. */
void cloud_curl_loop_remove (CloudCurlLoop *self, CURL *easy);

/* What every transfer has in common: verified TLS with host name, no signals, connect time-out, no proxies' headers. */
void cloud_curl_setup (CURL *easy, int ca_fd);

/* The system's certificates and those of @path in one anonymous file that curl can read as CURLOPT_CAINFO.
 * @path: (nullable): then that of CIRRUS_CA_FILE.  Returns its descriptor, or -1: only the system's, or @error. */
int cloud_curl_open_ca (const char *path, GError **error);

/* TRUE if @code is a failure of the network that may pass by itself. */
gboolean cloud_curl_code_is_transient (CURLcode code);
/* TRUE if the peer could not be reached at all. */
gboolean cloud_curl_code_is_unreachable (CURLcode code);
/* The one place where a CURLcode becomes a CloudError; @host and @detail go into the message. */
GError *cloud_curl_error (CURLcode code, const char *host, const char *detail);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cloud-curl.h"
#include "cloud-http-file.h"
#include "cloud-http-private.h"
#include "cloud-http-url.h"

G_BEGIN_DECLS

/* CloudHttpTransfer: one exchange with one server, no redirects, no retries, every bound enforced while the bytes arrive.
 *
 * Private to libcloudcore/http.  Threading: the loop's.  Ownership: free it in or after its done callback, or before, to abort it. */

typedef struct _CloudHttpTransfer CloudHttpTransfer;
typedef void (*CloudHttpTransferDone) (CloudHttpTransfer *self, gpointer data);
typedef void (*CloudHttpTransferProgress) (gint64 sent, gint64 received, gint64 total, gpointer data);

typedef struct
{
  const CloudHttpRequest *request; /* bounds, files, credentials */
  const char *method;
  const CloudHttpUrl *url;
  const CloudHttpHeaders *headers; /* all to be sent */
  GBytes *body;                    /* (nullable) */
  CloudHttpUpload *upload;         /* (nullable) (transfer full) */
  CloudHttpDownload *download;     /* (nullable) (transfer full): its bytes go there instead of to memory */
  gboolean with_secrets;           /* this server may see the request's credentials */
  const char *user_agent;
  int ca_fd;
  gint64 timeout_ms;
  guint stall_s; /* so long may next to nothing move */
} CloudHttpExchange;

CloudHttpTransfer *cloud_http_transfer_start (CloudCurlLoop *loop, const CloudHttpExchange *exchange,
                                              CloudHttpTransferProgress progress, CloudHttpTransferDone done, gpointer data);
void cloud_http_transfer_free (CloudHttpTransfer *self);

/* After it is done: NULL or what failed (transfer none). */
const GError *cloud_http_transfer_get_error (CloudHttpTransfer *self);
gboolean cloud_http_transfer_is_transient (CloudHttpTransfer *self);   /* the failure may pass by itself */
gboolean cloud_http_transfer_is_unreachable (CloudHttpTransfer *self); /* nobody answered the call */
guint cloud_http_transfer_get_status (CloudHttpTransfer *self);
CloudHttpHeaders *cloud_http_transfer_get_headers (CloudHttpTransfer *self);
GBytes *cloud_http_transfer_get_body (CloudHttpTransfer *self); /* (transfer full) */
gint64 cloud_http_transfer_get_request_us (CloudHttpTransfer *self);
gint64 cloud_http_transfer_get_response_us (CloudHttpTransfer *self);

G_END_DECLS

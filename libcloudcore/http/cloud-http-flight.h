/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cloud-curl.h"
#include "cloud-http-cache.h"
#include "cloud-http-private.h"

G_BEGIN_DECLS

/* CloudHttpFlight: one question on its way to its answer: the cache, the queue of the host, exchanges, redirects, repetitions, the cache again.
 * One flight may serve several requests that are identical.
 *
 * Private to libcloudcore/http.  Threading: the client's thread.  Ownership: reference counted; aborting it keeps `done` from being called. */

/* What all flights of a client share. */
typedef struct
{
  GMainContext *context;
  CloudCurlLoop *loop;   /* NULL before the first exchange */
  CloudHttpCache *cache; /* (nullable) */
  GHashTable *hosts;     /* origin -> its queue */
  char *user_agent;
  int ca_fd;
} CloudHttpEngine;

typedef struct _CloudHttpFlight CloudHttpFlight;
typedef void (*CloudHttpFlightDone) (CloudHttpFlight *self, CloudHttpResponse *response, GError *error, gpointer data); /* one is NULL; transfer none */
typedef void (*CloudHttpFlightProgress) (CloudHttpFlight *self, gint64 sent, gint64 received, gint64 total, gpointer data);

/* The mode that counts for @request: what it asked for, narrowed by its own fields (Range, If-*, Authorization, Cache-Control...) and method. */
CloudHttpCacheMode cloud_http_flight_mode (const CloudHttpRequest *request);

CloudHttpFlight *cloud_http_flight_new (CloudHttpEngine *engine, CloudHttpRequest *request, CloudHttpCacheMode mode,
                                        CloudHttpFlightProgress progress, CloudHttpFlightDone done, gpointer data);
CloudHttpFlight *cloud_http_flight_ref (CloudHttpFlight *self);
void cloud_http_flight_unref (CloudHttpFlight *self);
void cloud_http_flight_start (CloudHttpFlight *self);
void cloud_http_flight_abort (CloudHttpFlight *self);
/* No repetition begins that could not end before (monotonic). */
void cloud_http_flight_set_deadline (CloudHttpFlight *self, gint64 deadline_us);
/* For one whose own time is up: a stale answer if one may be given (transfer full) (nullable). */
CloudHttpResponse *cloud_http_flight_get_stale (CloudHttpFlight *self);

GHashTable *cloud_http_hosts_new (void);

G_END_DECLS

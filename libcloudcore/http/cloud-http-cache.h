/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cloud-http-headers.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* CloudHttpCache: the answers kept in one SQLite file, by account, address and the request fields that their Vary names.  An answer is one row,
 * written whole in one transaction.  What was used longest ago goes first when the bound is passed.
 *
 * It never fails its caller: a cache that cannot be opened or written is a cache without answers, said once in the log.
 *
 * Private to libcloudcore/http.  Threading: the client's thread; the work happens on the store's threads.
 * Source: RFC 9111 sections 2 and 4.1. */

typedef struct _CloudHttpCache CloudHttpCache;

typedef struct
{
  gint64 id;
  guint status;
  CloudHttpHeaders *headers;
  GBytes *body;
  gint64 request_us;
  gint64 response_us;
} CloudHttpStored;

void cloud_http_stored_free (CloudHttpStored *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CloudHttpStored, cloud_http_stored_free)

typedef void (*CloudHttpCacheFound) (CloudHttpStored *stored, gpointer data); /* (transfer full) (nullable) */
typedef void (*CloudHttpCacheDone) (gpointer data);

CloudHttpCache *cloud_http_cache_new (const char *path, gint64 max_bytes);
void cloud_http_cache_free (CloudHttpCache *self);

/* Each callback comes exactly once, later, in the caller's context; also after cloud_http_cache_free(). */
void cloud_http_cache_lookup (CloudHttpCache *self, const char *account, const char *url, const CloudHttpHeaders *request_headers,
                              CloudHttpCacheFound found, gpointer data);
/* Stores it in place of one with the same key; @stored's id is ignored. */
void cloud_http_cache_put (CloudHttpCache *self, const char *account, const char *url, const CloudHttpHeaders *request_headers,
                           const CloudHttpStored *stored, CloudHttpCacheDone done, gpointer data);
/* New fields and instants for the row @stored->id, after a 304. */
void cloud_http_cache_freshen (CloudHttpCache *self, const CloudHttpStored *stored, CloudHttpCacheDone done, gpointer data);
/* Drops what any account has stored of @urls. */
void cloud_http_cache_invalidate (CloudHttpCache *self, const char *const *urls, CloudHttpCacheDone done, gpointer data);
/* Remembers that row @id was used; written with the next change. */
void cloud_http_cache_touch (CloudHttpCache *self, gint64 id);
gint64 cloud_http_cache_get_bytes (CloudHttpCache *self);

/* @callback: a GTask's, whose result is a boolean. */
void cloud_http_cache_clear_async (CloudHttpCache *self, GTask *task);

G_END_DECLS

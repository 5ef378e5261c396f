/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "search-page.h"
#include "search-provider.h"
#include "search-result.h"

G_BEGIN_DECLS

/* SearchStore: what Search keeps: saved pages with their index, history, providers, and the last answers of providers for when they cannot be
 * reached.
 *
 * Threading: that of CloudStore: async calls from the thread that opened it.  @callback's source object is not of interest; hand the result
 * to the finish function named.
 * Ownership: lists are (transfer full) with a free function.  Errors: those of CloudStore. */

typedef struct _SearchStore SearchStore;

/* @path: the database's file.  Returns: (transfer full) */
SearchStore *search_store_open (const char *path, GError **error);
void search_store_open_async (const char *path, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
SearchStore *search_store_open_finish (GAsyncResult *result, GError **error);
void search_store_close (SearchStore *self); /* frees it, but for what others hold: their calls fail from then on */
SearchStore *search_store_ref (SearchStore *self);
void search_store_unref (SearchStore *self); /* in the thread that opened it */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SearchStore, search_store_unref)

/* Bytes on disk. */
gint64 search_store_get_size_bytes (SearchStore *self);
/* How many of these are answers of providers, about; 0 if that cannot be read.  Blocks; any thread. */
gint64 search_store_measure_answers_sync (SearchStore *self);

/* Finishes every call below that gives a list, an object or nothing. */
GPtrArray *search_store_list_finish (SearchStore *self, GAsyncResult *result, GError **error);
GObject *search_store_object_finish (SearchStore *self, GAsyncResult *result, GError **error); /* (nullable) without an error: none */
gboolean search_store_done_finish (SearchStore *self, GAsyncResult *result, GError **error);

/* Brings the index up to the text pipeline's version, in the background, now and after a rescue of the database. */
void search_store_rebuild_index (SearchStore *self, GCancellable *cancellable);

/* ---- Saved pages ---- */

/* Keeps @page (its id is ignored; one of the same address is replaced).  object_finish: the page as it is kept. */
void search_store_save_page_async (SearchStore *self, SearchPage *page, GAsyncReadyCallback callback, gpointer user_data);
void search_store_remove_page_async (SearchStore *self, gint64 id, GAsyncReadyCallback callback, gpointer user_data); /* done_finish */
/* Removes all of them, and gives the disk their room back.  done_finish */
void search_store_clear_pages_async (SearchStore *self, GAsyncReadyCallback callback, gpointer user_data);
void search_store_load_page_async (SearchStore *self, gint64 id, GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data); /* object_finish: SearchPage */
/* list_finish: SearchPage without text, the latest first. */
void search_store_list_pages_async (SearchStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* list_finish: SearchResult.  @typing: the last word may be unfinished. */
void search_store_search_pages_async (SearchStore *self, const char *text, gboolean typing, guint limit, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);

/* ---- History ---- */

void search_store_add_history_async (SearchStore *self, const char *text, GAsyncReadyCallback callback, gpointer user_data);    /* done_finish */
void search_store_remove_history_async (SearchStore *self, const char *text, GAsyncReadyCallback callback, gpointer user_data); /* done_finish */
/* @since_unix_us: only what was asked since then; 0 for all.  done_finish */
void search_store_clear_history_async (SearchStore *self, gint64 since_unix_us, GAsyncReadyCallback callback, gpointer user_data);
/* list_finish: char *, the latest first; those that begin with @prefix (also in pinyin or its initials), all if that is "". */
void search_store_list_history_async (SearchStore *self, const char *prefix, guint limit, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);

/* ---- Providers ---- */

/* list_finish: SearchProvider, in the user's order. */
void search_store_list_providers_async (SearchStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* object_finish: the provider as it is kept, with its id; one of the same address is replaced. */
void search_store_add_provider_async (SearchStore *self, SearchProvider *provider, GAsyncReadyCallback callback, gpointer user_data);
void search_store_remove_provider_async (SearchStore *self, gint64 id, GAsyncReadyCallback callback, gpointer user_data); /* done_finish */
void search_store_enable_provider_async (SearchStore *self, gint64 id, gboolean enabled, GAsyncReadyCallback callback,
                                         gpointer user_data); /* done_finish */

/* ---- Answers of providers ---- */

void search_store_keep_answer_async (SearchStore *self, gint64 provider_id, const char *text, const GPtrArray *results);
/* list_finish: SearchResult; fails with NOT_FOUND if none is kept.  @fetched_unix_us is set before the callback. */
void search_store_load_answer_async (SearchStore *self, SearchProvider *provider, const char *text, gint64 *fetched_unix_us,
                                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* Removes all of them, and gives the disk their room back.  done_finish */
void search_store_clear_answers_async (SearchStore *self, GAsyncReadyCallback callback, gpointer user_data);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "cloud-search-provider-client.h"

G_BEGIN_DECLS

/* SearchResult: one thing that was found, wherever it comes from.
 *
 * Threading: made in any thread, immutable once it is in a list (only the folding of duplicates adds source names, on the main thread).
 * Ownership: GObject; getters are transfer none. */

typedef enum
{
  SEARCH_RESULT_WEB,   /* from a provider on the network */
  SEARCH_RESULT_SAVED, /* a page kept on this device */
  SEARCH_RESULT_APP,   /* another app's answer: a message, a place, the weather */
} SearchResultKind;

#define SEARCH_TYPE_RESULT (search_result_get_type ())
G_DECLARE_FINAL_TYPE (SearchResult, search_result, SEARCH, RESULT, GObject)

/* Properties, all read-only: "kind" (int), "title", "snippet", "url", "source-name", "icon-name" (strings). */

/* @url: (nullable): what opens it; a result of an app may have none.  Strings are made valid and are plain text. */
SearchResult *search_result_new (SearchResultKind kind, const char *title, const char *snippet, const char *url, const char *source_name);

SearchResultKind search_result_get_kind (SearchResult *self);
const char *search_result_get_title (SearchResult *self);
const char *search_result_get_snippet (SearchResult *self);     /* "" if there is none */
const char *search_result_get_url (SearchResult *self);         /* (nullable) */
const char *search_result_get_source_name (SearchResult *self); /* "Wikipedia", or "Wikipedia, Example" once folded; the app's name */
const char *search_result_get_provider_name (SearchResult *self); /* as it was made, before folding */
const char *search_result_get_icon_name (SearchResult *self);   /* (nullable): as g_icon_new_for_string() reads it */
const char *search_result_get_image_url (SearchResult *self);   /* (nullable) */
gint64 search_result_get_page_id (SearchResult *self);          /* of a saved page, else 0 */
gboolean search_result_get_position (SearchResult *self, double *lat_deg, double *lon_deg);
CloudSearchProviderInfo *search_result_get_app (SearchResult *self); /* (nullable) */
const char *search_result_get_app_id (SearchResult *self);           /* (nullable): the app's own id of it */

/* For those who make results, before anybody else sees them. */
void search_result_set_icon_name (SearchResult *self, const char *icon_name);
void search_result_set_image_url (SearchResult *self, const char *image_url);
void search_result_set_page_id (SearchResult *self, gint64 page_id);
void search_result_set_position (SearchResult *self, double lat_deg, double lon_deg);
void search_result_set_app (SearchResult *self, CloudSearchProviderInfo *app, const char *app_id);
void search_result_set_source_name (SearchResult *self, const char *source_name);

/* The results' content as one value, and back: how answers are kept for offline (element-type SearchResult; WEB only). */
GBytes *search_results_to_bytes (const GPtrArray *results);
GPtrArray *search_results_from_bytes (GBytes *bytes, const char *source_name); /* (nullable): no such bytes */

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-search"

#include "search-engine.h"

#include "cloud-error.h"
#include "search-extract.h"
#include "search-opensearch.h"
#include "search-url.h"

#include <string.h>

/* How a site is searched, found out from what the user gave: at most two documents are fetched, a page and the description that it names. */

#define DOCUMENT_MAX_BYTES (2 * 1024 * 1024)

typedef struct
{
  char *url;  /* what is fetched now */
  char *name; /* (nullable): what the user, or the page, calls it */
  gboolean followed;
} Finding;

static void
finding_free (gpointer data)
{
  Finding *finding = data;

  g_free (finding->url);
  g_free (finding->name);
  g_free (finding);
}

static void
on_added (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GObject *provider = search_store_object_finish (NULL, result, &error);

  if (provider != NULL)
    g_task_return_pointer (task, provider, g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
add (GTask *task, SearchProviderKind kind, const char *found_name, const char *url, int index_offset, int page_offset)
{
  Finding *finding = g_task_get_task_data (task);
  SearchStore *store = search_engine_get_store (g_task_get_source_object (task));
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_PARSE_RELAXED | G_URI_FLAGS_ENCODED, NULL);
  const char *host = uri != NULL && g_uri_get_host (uri) != NULL ? g_uri_get_host (uri) : url;
  g_autoptr (SearchProvider) provider = NULL;

  if (store == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Closed");
      return;
    }
  provider = search_provider_new (0, kind, finding->name != NULL ? finding->name : found_name != NULL ? found_name : host, url, index_offset,
                                  page_offset, TRUE);
  search_store_add_provider_async (store, provider, on_added, g_object_ref (task));
}

static void
add_searx (GTask *task, const char *found_name, const char *url)
{
  g_autofree char *search = g_str_has_suffix (url, "/search") ? g_strdup (url) : search_url_resolve (url, "search");

  add (task, SEARCH_PROVIDER_SEARXNG, found_name, search != NULL ? search : url, 1, 1);
}

static void fetch (GTask *task);

/* TRUE: the task goes on or has ended. */
static gboolean
take_description (GTask *task, const char *body, gsize length)
{
  Finding *finding = g_task_get_task_data (task);
  g_autoptr (SearchOpenSearch) description = NULL;

  if (g_strstr_len (body, MIN (length, 4096), "OpenSearchDescription") == NULL)
    return FALSE;
  description = search_opensearch_parse (body, length, finding->url, NULL);
  if (description == NULL)
    return FALSE;
  if (description->results_template == NULL)
    g_task_return_new_error (task, CLOUD_ERROR, CLOUD_ERROR_UNSUPPORTED, "%s answers only in a browser", description->name);
  else
    add (task, SEARCH_PROVIDER_OPENSEARCH, description->name, description->results_template, description->index_offset,
         description->page_offset);
  return TRUE;
}

static void
on_page_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Finding *finding = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (SearchExtract) page = search_extract_page_finish (result, &error);

  if (page == NULL)
    g_task_return_error (task, error);
  else if (page->is_searx)
    add_searx (task, page->title, finding->url);
  else if (page->mediawiki_api != NULL)
    add (task, SEARCH_PROVIDER_MEDIAWIKI, page->title, page->mediawiki_api, 1, 1);
  else if (page->opensearch_url != NULL && !finding->followed)
    {
      finding->followed = TRUE;
      g_free (finding->url);
      finding->url = g_strdup (page->opensearch_url);
      fetch (task);
    }
  else
    g_task_return_new_error (task, CLOUD_ERROR, CLOUD_ERROR_UNSUPPORTED, "The site does not say how it can be searched");
}

static void
on_fetched (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Finding *finding = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (CloudHttpResponse) response = cloud_http_client_send_finish (CLOUD_HTTP_CLIENT (source), result, &error);
  GBytes *body;
  gsize length;
  const char *data;

  if (response == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  body = cloud_http_response_get_body (response);
  data = g_bytes_get_data (body, &length);
  g_free (finding->url);
  finding->url = g_strdup (cloud_http_response_get_url (response));
  if (!take_description (task, data, length))
    search_extract_page_async (body, cloud_http_response_get_header (response, "Content-Type"), finding->url, g_task_get_cancellable (task),
                               on_page_read, g_object_ref (task));
}

static void
fetch (GTask *task)
{
  Finding *finding = g_task_get_task_data (task);
  g_autoptr (CloudHttpRequest) request = cloud_http_request_new ("GET", finding->url);
  CloudHttpClient *http = search_engine_get_http (g_task_get_source_object (task));

  cloud_http_request_set_header (request, "Accept", "application/opensearchdescription+xml,text/html,application/xhtml+xml,*/*;q=0.5");
  cloud_http_request_set_max_bytes (request, DOCUMENT_MAX_BYTES);
  cloud_http_client_send_async (http, request, g_task_get_cancellable (task), on_fetched, g_object_ref (task));
}

static void
add_told (GTask *task, SearchProviderKind kind)
{
  Finding *finding = g_task_get_task_data (task);

  if (kind == SEARCH_PROVIDER_SEARXNG)
    add_searx (task, NULL, finding->url);
  else if (kind == SEARCH_PROVIDER_OPENSEARCH && strstr (finding->url, "{searchTerms}") == NULL)
    fetch (task); /* a description, not a template */
  else
    add (task, kind, NULL, finding->url, 1, 1);
}

void
search_engine_add_provider_async (SearchEngine *self, const char *url, const char *kind, const char *name, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Finding *finding;
  SearchProviderKind told;

  g_return_if_fail (SEARCH_IS_ENGINE (self) && url != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  finding = g_new0 (Finding, 1);
  finding->name = g_strdup (name);
  g_task_set_task_data (task, finding, finding_free);
  finding->url = strstr (url, "{searchTerms}") != NULL ? g_strdup (url) : search_url_clean_or_typed (url);
  if (finding->url == NULL || (!g_str_has_prefix (finding->url, "https://") && !g_str_has_prefix (finding->url, "http://")))
    g_task_return_new_error (task, CLOUD_ERROR, CLOUD_ERROR_INVALID, "\"%s\" is no address of a site", url);
  else if (search_provider_kind_from_name (kind, &told))
    add_told (task, told);
  else if (strstr (finding->url, "{searchTerms}") != NULL)
    add (task, SEARCH_PROVIDER_OPENSEARCH, NULL, finding->url, 1, 1);
  else if (g_str_has_suffix (finding->url, "/api.php"))
    add (task, SEARCH_PROVIDER_MEDIAWIKI, NULL, finding->url, 1, 1);
  else
    fetch (task);
}

SearchProvider *
search_engine_add_provider_finish (SearchEngine *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

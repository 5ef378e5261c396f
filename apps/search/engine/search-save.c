/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-search"

#include "search-engine.h"

#include "cloud-error.h"
#include "cloud-time.h"
#include "search-extract.h"
#include "search-url.h"

/* Saving a page: fetched once, its text taken out on a worker thread, kept. */

#define PAGE_MAX_BYTES (8 * 1024 * 1024)

typedef struct
{
  char *url;
} Saving;

static void
saving_free (gpointer data)
{
  Saving *saving = data;

  g_free (saving->url);
  g_free (saving);
}

static void
on_page_kept (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GObject *page = search_store_object_finish (NULL, result, &error);

  if (page != NULL)
    g_task_return_pointer (task, page, g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
on_extracted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Saving *saving = g_task_get_task_data (task);
  SearchStore *store = search_engine_get_store (g_task_get_source_object (task));
  g_autoptr (SearchExtract) extract = NULL;
  g_autoptr (SearchPage) page = NULL;
  const char *url;
  GError *error = NULL;

  extract = search_extract_page_finish (result, &error);
  if (extract != NULL && store == NULL)
    g_set_error (&error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Closed");
  else if (extract != NULL && extract->text[0] == '\0')
    g_set_error (&error, CLOUD_ERROR, CLOUD_ERROR_UNSUPPORTED, "The page holds no text");
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  /* A file is a copy of the page that it names. */
  url = g_str_has_prefix (saving->url, "file:") && extract->canonical_url != NULL ? extract->canonical_url : saving->url;
  page = search_page_new (0, url, extract->title, extract->text, extract->kinds, extract->language, cloud_time_now_unix_us ());
  search_store_save_page_async (store, page, on_page_kept, g_object_ref (task));
}

static void
extract (GTask *task, GBytes *bytes, const char *content_type)
{
  Saving *saving = g_task_get_task_data (task);

  search_extract_page_async (bytes, content_type, saving->url, g_task_get_cancellable (task), on_extracted, g_object_ref (task));
}

static void
on_fetched (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Saving *saving = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (CloudHttpResponse) response = cloud_http_client_send_finish (CLOUD_HTTP_CLIENT (source), result, &error);
  g_autofree char *final = NULL;

  if (response == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  final = search_url_clean (cloud_http_response_get_url (response));
  if (final != NULL)
    {
      g_free (saving->url);
      saving->url = g_steal_pointer (&final);
    }
  extract (task, cloud_http_response_get_body (response), cloud_http_response_get_header (response, "Content-Type"));
}

static void
on_file_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Saving *saving = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) bytes = g_file_load_bytes_finish (G_FILE (source), result, NULL, &error);

  if (bytes == NULL)
    {
      cloud_error_convert_gio (&error);
      g_task_return_error (task, error);
      return;
    }
  if (g_bytes_get_size (bytes) > PAGE_MAX_BYTES)
    {
      g_task_return_new_error (task, CLOUD_ERROR, CLOUD_ERROR_TOO_LARGE, "The file is too large for a page");
      return;
    }
  extract (task, bytes, g_str_has_suffix (saving->url, ".txt") ? "text/plain" : "text/html");
}

void
search_engine_save_url_async (SearchEngine *self, const char *url, GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  GTask *task;
  Saving *saving;

  g_return_if_fail (SEARCH_IS_ENGINE (self) && url != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  saving = g_new0 (Saving, 1);
  g_task_set_task_data (task, saving, saving_free);
  if (g_str_has_prefix (url, "file:"))
    {
      g_autoptr (GFile) file = g_file_new_for_uri (url);

      saving->url = g_file_get_uri (file);
      g_file_load_bytes_async (file, cancellable, on_file_loaded, task);
      return;
    }
  saving->url = search_url_clean_or_typed (url);
  if (saving->url == NULL)
    {
      g_task_return_new_error (task, CLOUD_ERROR, CLOUD_ERROR_INVALID, "\"%s\" is no address of a page", url);
      g_object_unref (task);
      return;
    }
  {
    g_autoptr (CloudHttpRequest) request = cloud_http_request_new ("GET", saving->url);

    cloud_http_request_set_header (request, "Accept", "text/html,application/xhtml+xml,text/plain;q=0.8");
    cloud_http_request_set_max_bytes (request, PAGE_MAX_BYTES);
    cloud_http_client_send_async (search_engine_get_http (self), request, cancellable, on_fetched, task);
  }
}

SearchPage *
search_engine_save_url_finish (SearchEngine *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

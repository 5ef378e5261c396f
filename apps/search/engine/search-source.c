/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-search"

#include "search-source.h"

/* From a question to a request, from an answer to results. */

#define ANSWER_MAX_BYTES (4 * 1024 * 1024)
#define DEADLINE_MS 15000

typedef struct
{
  SearchReply *reply;
  gint64 stale_since_unix_us;
} Answer;

G_DEFINE_INTERFACE (SearchSource, search_source, G_TYPE_OBJECT)

static void
search_source_default_init (SearchSourceInterface *iface)
{
}

static void
answer_free (gpointer data)
{
  Answer *answer = data;

  search_reply_free (answer->reply);
  g_free (answer);
}

SearchSource *
search_source_new (SearchProvider *provider)
{
  switch (search_provider_get_kind (provider))
    {
    case SEARCH_PROVIDER_MEDIAWIKI:
      return search_source_mediawiki_new (provider);
    case SEARCH_PROVIDER_SEARXNG:
      return search_source_searxng_new (provider);
    case SEARCH_PROVIDER_OPENSEARCH:
    default:
      return search_source_opensearch_new (provider);
    }
}

static void
on_response_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  SearchSource *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (CloudHttpResponse) response = cloud_http_client_send_finish (CLOUD_HTTP_CLIENT (source), result, &error);
  Answer *answer;
  gsize length;
  const char *body;

  if (response == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  answer = g_new0 (Answer, 1);
  body = g_bytes_get_data (cloud_http_response_get_body (response), &length);
  answer->reply = SEARCH_SOURCE_GET_IFACE (self)->decode (self, body, length, cloud_http_response_get_url (response), &error);
  if (cloud_http_response_get_origin (response) == CLOUD_HTTP_ORIGIN_STALE)
    answer->stale_since_unix_us = cloud_http_response_get_fetched_unix_us (response);
  if (answer->reply != NULL)
    {
      g_task_return_pointer (task, answer, answer_free);
      return;
    }
  answer_free (answer);
  g_task_return_error (task, error);
}

void
search_source_search_async (SearchSource *self, CloudHttpClient *client, const char *text, guint page, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;
  GError *error = NULL;
  g_autofree char *url = NULL;
  g_autoptr (CloudHttpRequest) request = NULL;

  g_return_if_fail (SEARCH_IS_SOURCE (self) && text != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  url = SEARCH_SOURCE_GET_IFACE (self)->make_url (self, text, page, &error);
  if (url == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  request = cloud_http_request_new ("GET", url);
  cloud_http_request_set_max_bytes (request, ANSWER_MAX_BYTES);
  cloud_http_request_set_deadline_ms (request, DEADLINE_MS);
  cloud_http_request_set_max_retries (request, 1);
  cloud_http_client_send_async (client, request, cancellable, on_response_ready, task);
}

SearchReply *
search_source_search_finish (SearchSource *self, GAsyncResult *result, gint64 *stale_since_unix_us, GError **error)
{
  Answer *answer = g_task_propagate_pointer (G_TASK (result), error);
  SearchReply *reply;

  if (answer == NULL)
    return NULL;
  reply = g_steal_pointer (&answer->reply);
  *stale_since_unix_us = answer->stale_since_unix_us;
  answer_free (answer);
  return reply;
}

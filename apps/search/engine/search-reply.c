/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-search"

#include "search-reply.h"
#include "search-plain.h"
#include "search-url.h"

/* Every decoder adds its results through one function, so that bad addresses and markup are met in one place. */

SearchReply *
search_reply_new (void)
{
  SearchReply *self = g_new0 (SearchReply, 1);

  self->results = g_ptr_array_new_with_free_func (g_object_unref);
  self->notices = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
search_reply_free (SearchReply *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->results);
  g_ptr_array_unref (self->notices);
  g_free (self);
}

SearchResult *
search_reply_add (SearchReply *self, const char *title_html, const char *snippet_html, const char *url, const char *source_name)
{
  g_autofree char *clean = search_url_clean (url);
  g_autofree char *title = NULL;
  g_autofree char *snippet = NULL;
  SearchResult *result;

  g_return_val_if_fail (self != NULL, NULL);

  if (clean == NULL || self->results->len >= SEARCH_REPLY_MAX)
    return NULL;
  title = search_plain_from_html (title_html);
  snippet = search_plain_from_html (snippet_html);
  result = search_result_new (SEARCH_RESULT_WEB, title, snippet, clean, source_name);
  g_ptr_array_add (self->results, result);
  return result;
}

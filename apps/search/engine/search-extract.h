/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* SearchExtract: what a page says, without what surrounds it: its title and main text as paragraphs, and where it tells how to be searched.
 *
 * The main text is the <article> or <main> if there is one, else the element whose own paragraphs hold most text outside links; menus,
 * forms, scripts, asides and hidden parts are left out.  Encodings come from the server's word, a byte order mark or the page itself.
 *
 * Threading: a pure function, any thread; some milliseconds for a large page, which the _async form spends on a worker thread.
 * Ownership: the holder's.
 * Errors: UNSUPPORTED (neither HTML nor plain text), CORRUPT (nothing readable in it). */

typedef enum
{
  SEARCH_PARAGRAPH_TEXT = 'p',
  SEARCH_PARAGRAPH_HEADING = 'h',
  SEARCH_PARAGRAPH_ITEM = 'l',
  SEARCH_PARAGRAPH_QUOTE = 'q',
  SEARCH_PARAGRAPH_CODE = 'c',
} SearchParagraph;

typedef struct
{
  char *title;
  char *text;            /* paragraphs parted by one empty line */
  char *kinds;           /* a SearchParagraph for each of them */
  char *language;        /* (nullable): "en", "zh-CN" */
  char *canonical_url;   /* (nullable) */
  char *opensearch_url;  /* (nullable): <link rel="search"> */
  char *mediawiki_api;   /* (nullable): found by <link rel="EditURI"> */
  gboolean is_searx;     /* a SearXNG or searx instance */
} SearchExtract;

/* @content_type: (nullable): as the server says, with its charset; @url: of the page, for relative links. */
SearchExtract *search_extract_page (GBytes *bytes, const char *content_type, const char *url, GError **error);
void search_extract_page_async (GBytes *bytes, const char *content_type, const char *url, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
SearchExtract *search_extract_page_finish (GAsyncResult *result, GError **error);
void search_extract_free (SearchExtract *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SearchExtract, search_extract_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* OpenSearch descriptions: what a site says about how to search it.
 *
 * Sloppy documents (not well-formed, old or missing namespaces, relative templates) are read as far as they make sense.
 *
 * Threading: pure functions, any thread.  Ownership: the holder's.
 * Errors: PROTOCOL (no OpenSearch description at all).
 * Source: OpenSearch 1.1 draft 6, OpenSearch description document and URL template syntax. */

typedef struct
{
  char *name;             /* ShortName */
  char *results_template; /* (nullable): RSS or Atom answers */
  char *results_type;     /* (nullable): application/rss+xml or application/atom+xml */
  char *html_template;    /* (nullable): for a browser */
  char *suggest_template; /* (nullable): application/x-suggestions+json */
  int index_offset;
  int page_offset;
} SearchOpenSearch;

/* @base_url: where it was found, for relative templates. */
SearchOpenSearch *search_opensearch_parse (const char *xml, gsize length, const char *base_url, GError **error);
void search_opensearch_free (SearchOpenSearch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SearchOpenSearch, search_opensearch_free)

/* (nullable): the address that asks for @text; @page counts from 0.  Unknown optional parameters are left out; NULL if an unknown one is required.
 * @language: (nullable): "zh-CN". */
char *search_opensearch_expand (const char *url_template, const char *text, guint count, guint page, int index_offset, int page_offset,
                                const char *language);

G_END_DECLS

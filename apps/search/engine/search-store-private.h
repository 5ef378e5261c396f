/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cloud-index-store.h"
#include "cloud-store.h"
#include "search-store.h"

G_BEGIN_DECLS

/* What the parts of SearchStore share: the data of a job, and how names are spelled by ear. */

/* (transfer none) */
CloudStore *search_store_get_store (SearchStore *self);

typedef struct
{
  char *text;     /* (nullable) */
  gint64 a;
  gint64 b;
  gpointer object; /* (nullable): a GObject */
  GBytes *bytes;  /* (nullable) */
  gint64 *out;    /* (nullable): the caller's */
} SearchJob;

SearchJob *search_job_new (const char *text, gint64 a, gint64 b);
void search_job_free (gpointer job);

/* What a write that gives nothing back returns. */
#define SEARCH_DONE GINT_TO_POINTER (1)

/* (transfer full): "lindengnao ldn", or "" without Chinese in it. */
char *search_store_sounds (const char *text);

/* (transfer full): how a page's title may be typed in pinyin from any of its Chinese characters on ("林德河渡轮" also as "dulun" and "dl"), or "". */
char *search_pages_sounds (const char *title);

/* Part of a migration: sounds and index of all pages are made anew, in the background, batch by batch (search_store_rebuild_index()). */
gboolean search_pages_outdate (sqlite3 *db, GError **error);

extern const CloudIndexSpec search_pages_index;

G_END_DECLS

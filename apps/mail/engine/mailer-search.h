/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-conversation.h"
#include "mailer-message-item.h"

G_BEGIN_DECLS

/* MailerSearch: a GListModel of MailerHit, as one types.
 *
 * Set the query as often as keys are pressed: answers of older queries never arrive after newer ones.  Properties: "query" (read-write), "loading".
 * MailerHit properties: "item" (MailerMessageItem), "snippet" (string: plain text).
 *
 * Threading: the engine's thread. */

#define MAILER_TYPE_HIT (mailer_hit_get_type ())
G_DECLARE_FINAL_TYPE (MailerHit, mailer_hit, MAILER, HIT, GObject)

MailerMessageItem *mailer_hit_get_item (MailerHit *self);
const char *mailer_hit_get_snippet (MailerHit *self);

/* What matched in a snippet, as PangoAttribute counts. */
typedef struct
{
  guint start_byte;
  guint end_byte;
} MailerRange;

/* (transfer none) (element-type MailerRange): sorted, not overlapping. */
const GArray *mailer_hit_get_ranges (MailerHit *self);

#define MAILER_TYPE_SEARCH (mailer_search_get_type ())
G_DECLARE_FINAL_TYPE (MailerSearch, mailer_search, MAILER, SEARCH, GObject)

void mailer_search_set_query (MailerSearch *self, const char *query);
const char *mailer_search_get_query (MailerSearch *self);
gboolean mailer_search_is_loading (MailerSearch *self);

G_END_DECLS

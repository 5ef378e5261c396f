/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "search-provider.h"
#include "search-session.h"

G_BEGIN_DECLS

/* The inside of SearchSourceState, for the session that fills it. */

struct _SearchSourceState
{
  GObject parent_instance;

  SearchProvider *provider;
  SearchSourceOutcome outcome;
  GPtrArray *results; /* (nullable) SearchResult */
  GPtrArray *notices; /* (nullable) char * */
  GError *error;
  guint retry_s;
  gint64 fetched_unix_us;
};

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "search-engine.h"
#include "search-result.h"

G_BEGIN_DECLS

/* SearchSession: one question, asked of this device and, if wanted, of the Web; answers join the lists as they arrive.
 *
 * Saved pages and the other apps answer at once; each Web provider for itself.  A provider that cannot be reached gives what it answered last time,
 * and says so.
 *
 * Threading: the engine's thread.  Ownership: GObject; dropping it cancels what still runs.
 *
 * Properties, read-only: "running" (boolean).
 * Signal "changed" (SearchSession *): a list or a source changed. */

#define SEARCH_TYPE_SESSION (search_session_get_type ())
G_DECLARE_FINAL_TYPE (SearchSession, search_session, SEARCH, SESSION, GObject)

/* @web: FALSE while typing: then nothing leaves the device.  Begins at once; the first answer comes after this returned. */
SearchSession *search_session_new (SearchEngine *engine, const char *text, gboolean web);

void search_session_cancel (SearchSession *self);

const char *search_session_get_text (SearchSession *self);
gboolean search_session_get_running (SearchSession *self);

/* (transfer none): SearchResult: saved pages, then the apps, each app's together. */
GListModel *search_session_get_device (SearchSession *self);
/* (transfer none): SearchResult: merged from all Web providers. */
GListModel *search_session_get_web (SearchSession *self);

/* ---- Who was asked ---- */

typedef enum
{
  SEARCH_SOURCE_WAITING,
  SEARCH_SOURCE_ANSWERED,
  SEARCH_SOURCE_STALE,  /* could not be reached; shows what it answered before */
  SEARCH_SOURCE_FAILED,
} SearchSourceOutcome;

#define SEARCH_TYPE_SOURCE_STATE (search_source_state_get_type ())
G_DECLARE_FINAL_TYPE (SearchSourceState, search_source_state, SEARCH, SOURCE_STATE, GObject)

/* (transfer none): SearchSourceState, the Web providers in the user's order. */
GListModel *search_session_get_sources (SearchSession *self);

const char *search_source_state_get_name (SearchSourceState *self);
SearchSourceOutcome search_source_state_get_outcome (SearchSourceState *self);
guint search_source_state_get_n_results (SearchSourceState *self);
/* (nullable) (transfer none): why, if it failed or is stale */
const GError *search_source_state_get_error (SearchSourceState *self);
/* Seconds after which it may be asked again, as it said itself; 0: it did not say. */
guint search_source_state_get_retry_s (SearchSourceState *self);
/* When the answer was fetched, if it is stale; else 0. */
gint64 search_source_state_get_fetched_unix_us (SearchSourceState *self);
/* What the provider itself says did not work.  (transfer none) (nullable) (element-type utf8) */
const GPtrArray *search_source_state_get_notices (SearchSourceState *self);

G_END_DECLS

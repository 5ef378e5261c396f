/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "search-engine.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* The pages that Search adds to the preferences window: Web searches, the browser's, history; storage.
 *
 * Threading: the main thread. */

void search_preferences_fill (AdwPreferencesWindow *window, SearchEngine *engine, GSettings *settings);

G_END_DECLS

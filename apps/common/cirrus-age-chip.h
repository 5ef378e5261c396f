/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* CirrusAgeChip: how old the data on screen are, in words ("Updated 5 minutes ago").  It wakes up at most once a minute, less often
 * as the age grows, and only while it is on screen.
 *
 * Properties: "time" (gint64, UTC microseconds; 0 hides the chip), "stale" (gboolean: shown with the offline sign).
 *
 * Threading: the main thread.  Ownership: GtkWidget's. */

#define CIRRUS_TYPE_AGE_CHIP (cirrus_age_chip_get_type ())
G_DECLARE_FINAL_TYPE (CirrusAgeChip, cirrus_age_chip, CIRRUS, AGE_CHIP, GtkWidget)

GtkWidget *cirrus_age_chip_new (void);
void cirrus_age_chip_set_time (CirrusAgeChip *self, gint64 time_unix_us);
void cirrus_age_chip_set_stale (CirrusAgeChip *self, gboolean stale);

/* A chip that says "Sample data" in the sample profile and is invisible elsewhere. Returns: (transfer floating) */
GtkWidget *cirrus_sample_chip_new (void);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hal-source.h"

G_BEGIN_DECLS

/* HalSourceReplay: a recording (NMEA or GPX) played back as if it happened now: the fixes come in the recording's rhythm, times
 * the speed, and bear the present time.
 *
 * Threading, Ownership: as HalSource; the file is read by a worker.  Errors: NOT_FOUND when there is no such file and at the end
 * of a recording that is not repeated; CORRUPT or INVALID for a file that holds no positions.
 * Source: hal-track.h */

#define HAL_TYPE_SOURCE_REPLAY (hal_source_replay_get_type ())
G_DECLARE_FINAL_TYPE (HalSourceReplay, hal_source_replay, HAL, SOURCE_REPLAY, GObject)

/* @speed: 1 as recorded, 10 ten times as fast.  Returns: (transfer full) */
HalSource *hal_source_replay_new (const char *path, double speed, gboolean loop);

G_END_DECLS

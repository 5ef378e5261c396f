/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A look over a message's source before the MIME parser sees it, for what would make that parser take time or memory out of all proportion:
 * endless address fields, endless header fields, boundaries without end.
 *
 * Threading: pure function, any thread.  Ownership: results are the caller's. */

/* Returns: (transfer full): @source itself if it is sane, else a copy with the excess defused or cut off; *@truncated is set to TRUE then. */
GBytes *mailer_guard_source (GBytes *source, gboolean *truncated);

G_END_DECLS

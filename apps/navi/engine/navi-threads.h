/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How many threads the engine's longest computations (partition, customization) use: two unless somebody says otherwise; what they compute does
 * not depend on it.
 *
 * Threading: any thread; what runs already is not concerned. */

guint navi_threads (void);

/* @n: 1 to 16; 0: as if nobody had said anything. */
void navi_set_threads (guint n);

G_END_DECLS

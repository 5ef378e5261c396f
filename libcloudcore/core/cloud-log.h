/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Logging is GLib's structured logging; this only sets up a program the same way everywhere: messages to stderr (stdout belongs to
 * results), the locale and the text domain of translations.  Secrets, message texts, positions and queries are never logged above debug
 * level, and secrets not at all.
 *
 * Threading: call once, first thing in main. */

/* @program: the name that g_get_prgname() shall give (an application id for a window). */
void cloud_log_init (const char *program);

G_END_DECLS

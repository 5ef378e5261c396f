/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Settings of an app: plain GSettings, except that an explicit profile (see cloud-paths.h) keeps them in a key file of its own
 * instead of the user's dconf, so that a sample or a test never touches what the user chose.
 *
 * Threading: as GSettings, the thread whose main context watches for changes.  Errors: a schema that is not installed ends the
 * program, as GSettings does.
 * Source: GSettings, GKeyfileSettingsBackend (GIO 2.74). */

/* @name: "Mail", "Search", "Weather", "Navi", "HalBridge" or "Suite"; the schema is <id prefix>.<name>.
 * Returns: (transfer full) */
GSettings *cloud_settings_new (const char *name);

G_END_DECLS

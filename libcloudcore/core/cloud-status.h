/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* CloudStatus: the one line that an app shows of itself while it is closed (the home window's live line).
 *
 * An app, or its service, writes a small file into its own data folder of the profile whenever the line would change; others read
 * it and watch it.  What is written is a kind and parameters, not a sentence: the reader puts it into words in its own language and
 * at its own time ("in 20 minutes").
 *
 * Kinds and parameters (a{sv}); unknown ones are ignored by readers:
 *   mail     "unread"     count i; sender s and subject s of the newest unread (left out when count is 0)
 *            "no-account"
 *   weather  "now"        place s, temperature d, unit s ("C" or "F"), icon s (a symbolic icon's name), condition s (a stable word:
 *                         clear, few-clouds, overcast, fog, drizzle, rain, showers, snow, storm), high d, low d
 *            "no-place"
 *   navi     "guiding"    name s (destination), distance_m d, arrival_unix_us x
 *            "next-stop"  name s, name-en s and name-zh s (what readers of that language are shown, where it is another), distance_m d (left
 *                         out when not known): a route that is ready, not driven yet
 *            "region"     name s: a map is here and nothing is planned
 *            "no-region"
 *   search   "last"       query s; never written in private mode
 *            "nothing"
 *
 * Example, from Weather's service after a refresh:
 *   cloud_status_write ("weather", "now", g_variant_new_parsed ("{'place': <%s>, 'temperature': <%d>, 'unit': <'C'>}", name, t), &error);
 *
 * Threading: any thread.  Ownership: as said below.  Errors: NO_SPACE, DENIED (CLOUD_ERROR): tell nobody, the line is a comfort. */

typedef struct _CloudStatus CloudStatus;

/* Replaces the status of @app ("mail", ...) in one atomic step (0600); does nothing when it says so already.
 * @parameters: (nullable): an a{sv}; a floating reference is taken. */
gboolean cloud_status_write (const char *app, const char *kind, GVariant *parameters, GError **error);

/* Forgets it (history cleared, account removed). */
void cloud_status_remove (const char *app);

/* (nullable) (transfer full): what @app wrote last, or NULL if there is nothing (or nothing readable). */
CloudStatus *cloud_status_read (const char *app);
void cloud_status_free (CloudStatus *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CloudStatus, cloud_status_free)

/* (transfer none) */
const char *cloud_status_get_kind (const CloudStatus *self);

/* When it was written. */
gint64 cloud_status_get_time_unix_us (const CloudStatus *self);

/* A parameter, or the fallback when it is missing or of another type. (transfer none) */
const char *cloud_status_get_string (const CloudStatus *self, const char *key, const char *fallback);
double cloud_status_get_double (const CloudStatus *self, const char *key, double fallback);
int cloud_status_get_int (const CloudStatus *self, const char *key, int fallback);
gint64 cloud_status_get_int64 (const CloudStatus *self, const char *key, gint64 fallback);

/* (transfer full): tells of changes to the status of @app, in the caller's main context. */
GFileMonitor *cloud_status_watch (const char *app);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where an app keeps its files.
 *
 * A profile is one person's set of folders.  The user's own follows the XDG Base Directory Specification 0.8
 * (<XDG_DATA_HOME>/cirrus/<app>, the same below the cache and config homes).  When the environment variable CIRRUS_PROFILE names an
 * absolute folder (`./run` and the tests set it), everything lies below that folder instead (data/<app>, cache/<app>,
 * config/<app>) and nothing of the user's own is read or written.  Window, command line and service of an app inherit the
 * variable and so share a profile.
 *
 * Threading: any thread.  Ownership: returned strings are the caller's.  Errors: a folder that cannot be made is reported by
 * whoever opens a file in it; the functions only warn.  Folders are created 0700. */

/* (nullable) (transfer none): the folder of an explicit profile, or NULL for the user's own. */
const char *cloud_paths_get_profile (void);

/* TRUE in the embedded sample profile (a file named "sample" marks it): the UI then says that the data are made up. */
gboolean cloud_paths_is_sample_profile (void);

/* @app: "mail", "search", "weather", "navi", or "common" for what all share (accounts).
 * Each returns (transfer full) the absolute path of an existing folder. */
char *cloud_paths_data_dir (const char *app);
char *cloud_paths_cache_dir (const char *app);
char *cloud_paths_config_dir (const char *app);

/* (transfer full): where this build's read-only files lie (<prefix>/share/cirrus); CIRRUS_PKGDATADIR overrides it. */
char *cloud_paths_pkgdata_dir (void);

G_END_DECLS

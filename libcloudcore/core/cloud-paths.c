/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-core"

#include "cloud-paths.h"
#include "config.h"

#include <errno.h>

/* The folders of a profile. */

const char *
cloud_paths_get_profile (void)
{
  const char *profile = g_getenv ("CIRRUS_PROFILE");

  return profile != NULL && g_path_is_absolute (profile) ? profile : NULL;
}

gboolean
cloud_paths_is_sample_profile (void)
{
  const char *profile = cloud_paths_get_profile ();
  g_autofree char *mark = NULL;

  if (profile == NULL)
    return FALSE;
  mark = g_build_filename (profile, "sample", NULL);
  return g_file_test (mark, G_FILE_TEST_EXISTS);
}

static char *
existing_dir (const char *kind, const char *user_base, const char *app)
{
  const char *profile = cloud_paths_get_profile ();
  char *dir = profile != NULL ? g_build_filename (profile, kind, app, NULL)
                              : g_build_filename (user_base, "cirrus", app, NULL);

  if (g_mkdir_with_parents (dir, 0700) != 0)
    g_warning ("Cannot create %s: %s", dir, g_strerror (errno));
  return dir;
}

char *
cloud_paths_data_dir (const char *app)
{
  g_return_val_if_fail (app != NULL, NULL);
  return existing_dir ("data", g_get_user_data_dir (), app);
}

char *
cloud_paths_cache_dir (const char *app)
{
  g_return_val_if_fail (app != NULL, NULL);
  return existing_dir ("cache", g_get_user_cache_dir (), app);
}

char *
cloud_paths_config_dir (const char *app)
{
  g_return_val_if_fail (app != NULL, NULL);
  return existing_dir ("config", g_get_user_config_dir (), app);
}

char *
cloud_paths_pkgdata_dir (void)
{
  const char *override = g_getenv ("CIRRUS_PKGDATADIR");

  return g_strdup (override != NULL ? override : CIRRUS_PKGDATADIR);
}

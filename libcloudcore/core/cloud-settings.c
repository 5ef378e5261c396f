/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-core"

#include "cloud-settings.h"
#include "cloud-paths.h"
#include "config.h"

#define G_SETTINGS_ENABLE_BACKEND
#include <gio/gsettingsbackend.h>

/* One GSettings per schema, in the user's dconf or in the profile's key file. */

GSettings *
cloud_settings_new (const char *name)
{
  g_autofree char *schema_id = NULL;
  g_autofree char *dir = NULL;
  g_autofree char *file = NULL;
  g_autoptr (GSettingsBackend) backend = NULL;

  g_return_val_if_fail (name != NULL, NULL);

  schema_id = g_strconcat (CIRRUS_ID_PREFIX ".", name, NULL);
  if (cloud_paths_get_profile () == NULL)
    return g_settings_new (schema_id);
  dir = cloud_paths_config_dir ("common");
  file = g_build_filename (dir, "settings.ini", NULL);
  backend = g_keyfile_settings_backend_new (file, CIRRUS_ID_PATH "/", "Cirrus");
  return g_settings_new_with_backend (schema_id, backend);
}

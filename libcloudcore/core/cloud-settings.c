/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-core"

#include "cloud-settings.h"
#include "cloud-paths.h"
#include "config.h"

#define G_SETTINGS_ENABLE_BACKEND
#include <gio/gsettingsbackend.h>

/* One GSettings per schema, in the user's dconf or in the profile's key file. */

/* The schema where GSettings looks for it, or where this build installed it: programs are also run from a prefix of their own. */
static GSettingsSchema *
find_schema (const char *schema_id)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  GSettingsSchema *schema = source != NULL ? g_settings_schema_source_lookup (source, schema_id, TRUE) : NULL;
  g_autoptr (GSettingsSchemaSource) own = NULL;

  if (schema == NULL)
    {
      own = g_settings_schema_source_new_from_directory (CIRRUS_PKGDATADIR "/../glib-2.0/schemas", source, TRUE, NULL);
      schema = own != NULL ? g_settings_schema_source_lookup (own, schema_id, FALSE) : NULL;
    }
  if (schema == NULL)
    g_error ("Settings schema '%s' is not installed", schema_id);
  return schema;
}

GSettings *
cloud_settings_new (const char *name)
{
  g_autofree char *schema_id = NULL;
  g_autofree char *dir = NULL;
  g_autofree char *file = NULL;
  g_autoptr (GSettingsBackend) backend = NULL;
  g_autoptr (GSettingsSchema) schema = NULL;

  g_return_val_if_fail (name != NULL, NULL);

  schema_id = g_strconcat (CIRRUS_ID_PREFIX ".", name, NULL);
  schema = find_schema (schema_id);
  if (cloud_paths_get_profile () == NULL)
    return g_settings_new_full (schema, NULL, NULL);
  dir = cloud_paths_config_dir ("common");
  file = g_build_filename (dir, "settings.ini", NULL);
  backend = g_keyfile_settings_backend_new (file, CIRRUS_ID_PATH "/", "Cirrus");
  return g_settings_new_full (schema, backend, NULL);
}

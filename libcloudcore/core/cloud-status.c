/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-core"

#include "cloud-status.h"

#include "cloud-error.h"
#include "cloud-paths.h"
#include "cloud-time.h"

#include <glib/gstdio.h>

#include <string.h>

/* One GVariant in text form, (kind, time, parameters), a file an app. */

#define STATUS_TYPE G_VARIANT_TYPE ("(sxa{sv})")
#define MAX_SIZE_BYTES 16384

struct _CloudStatus
{
  char *kind;
  gint64 time_unix_us;
  GVariantDict *parameters;
};

static char *
status_path (const char *app)
{
  g_autofree char *dir = cloud_paths_data_dir (app);

  return g_build_filename (dir, "status", NULL);
}

static GVariant *
load (const char *app)
{
  g_autofree char *path = status_path (app);
  g_autofree char *text = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &text, &length, NULL) || length > MAX_SIZE_BYTES)
    return NULL;
  return g_variant_parse (STATUS_TYPE, text, text + length, NULL, NULL);
}

gboolean
cloud_status_write (const char *app, const char *kind, GVariant *parameters, GError **error)
{
  g_autoptr (GVariant) old = NULL;
  g_autoptr (GVariant) sunk = NULL;
  g_autoptr (GVariant) status = NULL;
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;

  g_return_val_if_fail (app != NULL && kind != NULL, FALSE);

  sunk = g_variant_ref_sink (parameters != NULL ? parameters : g_variant_new ("a{sv}", NULL));
  g_return_val_if_fail (g_variant_is_of_type (sunk, G_VARIANT_TYPE_VARDICT), FALSE);

  old = load (app);
  if (old != NULL)
    {
      const char *old_kind = NULL;
      g_autoptr (GVariant) old_parameters = NULL;

      g_variant_get (old, "(&sx@a{sv})", &old_kind, NULL, &old_parameters);
      if (strcmp (old_kind, kind) == 0 && g_variant_equal (old_parameters, sunk))
        return TRUE;
    }
  path = status_path (app);
  status = g_variant_ref_sink (g_variant_new ("(sx@a{sv})", kind, cloud_time_now_unix_us (), sunk));
  text = g_variant_print (status, TRUE);
  if (!g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error))
    {
      cloud_error_convert_gio (error);
      return FALSE;
    }
  return TRUE;
}

void
cloud_status_remove (const char *app)
{
  g_autofree char *path = NULL;

  g_return_if_fail (app != NULL);

  path = status_path (app);
  g_unlink (path);
}

CloudStatus *
cloud_status_read (const char *app)
{
  g_autoptr (GVariant) status = NULL;
  g_autoptr (GVariant) parameters = NULL;
  CloudStatus *self = NULL;

  g_return_val_if_fail (app != NULL, NULL);

  status = load (app);
  if (status == NULL)
    return NULL;
  self = g_new0 (CloudStatus, 1);
  g_variant_get (status, "(sx@a{sv})", &self->kind, &self->time_unix_us, &parameters);
  self->parameters = g_variant_dict_new (parameters);
  return self;
}

void
cloud_status_free (CloudStatus *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->kind);
  g_variant_dict_unref (self->parameters);
  g_free (self);
}

const char *
cloud_status_get_kind (const CloudStatus *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->kind;
}

gint64
cloud_status_get_time_unix_us (const CloudStatus *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->time_unix_us;
}

const char *
cloud_status_get_string (const CloudStatus *self, const char *key, const char *fallback)
{
  const char *value = NULL;

  g_return_val_if_fail (self != NULL && key != NULL, fallback);
  return g_variant_dict_lookup (self->parameters, key, "&s", &value) ? value : fallback;
}

double
cloud_status_get_double (const CloudStatus *self, const char *key, double fallback)
{
  double value = 0;

  g_return_val_if_fail (self != NULL && key != NULL, fallback);
  return g_variant_dict_lookup (self->parameters, key, "d", &value) ? value : fallback;
}

int
cloud_status_get_int (const CloudStatus *self, const char *key, int fallback)
{
  gint32 value = 0;

  g_return_val_if_fail (self != NULL && key != NULL, fallback);
  return g_variant_dict_lookup (self->parameters, key, "i", &value) ? value : fallback;
}

gint64
cloud_status_get_int64 (const CloudStatus *self, const char *key, gint64 fallback)
{
  gint64 value = 0;

  g_return_val_if_fail (self != NULL && key != NULL, fallback);
  return g_variant_dict_lookup (self->parameters, key, "x", &value) ? value : fallback;
}

GFileMonitor *
cloud_status_watch (const char *app)
{
  g_autofree char *path = NULL;
  g_autoptr (GFile) file = NULL;

  g_return_val_if_fail (app != NULL, NULL);

  path = status_path (app);
  file = g_file_new_for_path (path);
  return g_file_monitor_file (file, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);
}

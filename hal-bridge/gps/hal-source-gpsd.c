/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "hal-gps"

#include "hal-source-gpsd.h"
#include "hal-gpsd-report.h"

#include "cloud-error.h"
#include "cloud-time.h"

/* A client of gpsd: connects when started, watches, and reads line after line.
 *
 * Until gpsd has learnt which sentence ends a receiver's cycle it reports an instant several times; only the first and a
 * later one that adds the altitude are passed on. */

#define DEFAULT_PORT 2947
#define LINE_MAX_BYTES (64 * 1024)

struct _HalSourceGpsd
{
  GObject parent_instance;

  char *address;
  gboolean running;
  gboolean watches_nmea;
  gboolean wants_nmea;
  gboolean greeted;
  GCancellable *cancellable;
  GSocketConnection *connection;
  GDataInputStream *input;
  gint64 last_time_us;
  guint last_mode;
  int n_used;
  int n_seen;
};

static void iface_init (HalSourceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (HalSourceGpsd, hal_source_gpsd, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (HAL_TYPE_SOURCE, iface_init))

static void read_next (HalSourceGpsd *self);

static void
disconnect (HalSourceGpsd *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->input);
  g_clear_object (&self->connection);
}

static void
fail (HalSourceGpsd *self, CloudError code, const char *why)
{
  g_autoptr (GError) error = g_error_new (CLOUD_ERROR, code, "gpsd at %s: %s", self->address, why);

  self->running = FALSE;
  disconnect (self);
  hal_source_emit_failed (HAL_SOURCE (self), error);
}

static void
take_fix (HalSourceGpsd *self, const CloudFix *reported)
{
  CloudFix values = *reported;
  g_autoptr (CloudFix) fix = NULL;

  if (values.time_unix_us != 0 && values.time_unix_us == self->last_time_us && values.mode <= self->last_mode)
    return;
  self->last_time_us = values.time_unix_us;
  self->last_mode = values.mode;
  if (values.time_unix_us == 0)
    values.time_unix_us = cloud_time_now_unix_us ();
  values.satellites_used = self->n_used;
  values.satellites_in_view = self->n_seen;
  fix = cloud_fix_new (&values);
  hal_source_emit_fix (HAL_SOURCE (self), fix);
}

static void
take_line (HalSourceGpsd *self, const char *line, gsize length)
{
  g_auto (HalGpsdReport) report = { 0 };

  if (line[0] == '$' || line[0] == '!')
    {
      if (self->wants_nmea && g_utf8_validate (line, length, NULL))
        hal_source_emit_nmea (HAL_SOURCE (self), line);
      return;
    }
  hal_gpsd_report_parse (&report, line, length);
  if (report.kind == HAL_GPSD_VERSION)
    self->greeted = TRUE;
  else if (report.kind == HAL_GPSD_DEVICES && report.n_devices == 0)
    fail (self, CLOUD_ERROR_TRY_LATER, "it has no receiver");
  else if (report.kind == HAL_GPSD_FIX)
    take_fix (self, report.fix);
  else if (report.kind == HAL_GPSD_SATELLITES)
    {
      self->n_used = report.n_used;
      self->n_seen = (int) report.satellites->len;
      hal_source_emit_satellites (HAL_SOURCE (self), report.satellites);
    }
}

static void
on_line (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (HalSourceGpsd) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *line = NULL;
  gsize length = 0;

  line = g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (source), result, &length, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->input != G_DATA_INPUT_STREAM (source))
    return;
  if (line == NULL)
    {
      fail (self, CLOUD_ERROR_OFFLINE, error != NULL ? error->message : "it closed the connection");
      return;
    }
  if (length > LINE_MAX_BYTES)
    {
      fail (self, CLOUD_ERROR_PROTOCOL, "a line is too long");
      return;
    }
  take_line (self, line, length);
  if (self->running && self->input == G_DATA_INPUT_STREAM (source))
    {
      if (!self->greeted)
        fail (self, CLOUD_ERROR_PROTOCOL, "it does not greet as gpsd does");
      else
        read_next (self);
    }
}

static void
read_next (HalSourceGpsd *self)
{
  g_data_input_stream_read_line_async (self->input, G_PRIORITY_DEFAULT, self->cancellable, on_line, g_object_ref (self));
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree char *command = data;
  g_autoptr (GError) error = NULL;

  /* A lost connection shows itself to the reader. */
  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    g_debug ("gpsd takes no command: %s", error->message);
}

static void
watch (HalSourceGpsd *self)
{
  char *command = g_strdup_printf ("?WATCH={\"enable\":true,\"json\":true,\"nmea\":%s};\n", self->wants_nmea ? "true" : "false");

  self->watches_nmea = self->wants_nmea;
  g_output_stream_write_all_async (g_io_stream_get_output_stream (G_IO_STREAM (self->connection)), command, strlen (command),
                                   G_PRIORITY_DEFAULT, self->cancellable, on_written, command);
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (HalSourceGpsd) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) connection = g_socket_client_connect_to_host_finish (G_SOCKET_CLIENT (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || !self->running)
    return;
  if (connection == NULL)
    {
      fail (self, CLOUD_ERROR_OFFLINE, error->message);
      return;
    }
  self->connection = g_steal_pointer (&connection);
  self->input = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (self->connection)));
  g_data_input_stream_set_newline_type (self->input, G_DATA_STREAM_NEWLINE_TYPE_ANY);
  self->greeted = FALSE;
  watch (self);
  read_next (self);
}

static void
hal_source_gpsd_start (HalSource *source, const HalSourceDemand *demand)
{
  HalSourceGpsd *self = HAL_SOURCE_GPSD (source);
  g_autoptr (GSocketClient) client = NULL;

  self->wants_nmea = demand->nmea;
  if (self->running)
    {
      if (self->connection != NULL && self->wants_nmea != self->watches_nmea)
        watch (self);
      return;
    }
  self->running = TRUE;
  self->last_time_us = 0;
  self->last_mode = 0;
  self->n_used = self->n_seen = -1;
  self->cancellable = g_cancellable_new ();
  client = g_socket_client_new ();
  g_socket_client_connect_to_host_async (client, self->address, DEFAULT_PORT, self->cancellable, on_connected,
                                         g_object_ref (self));
}

static void
hal_source_gpsd_stop (HalSource *source)
{
  HalSourceGpsd *self = HAL_SOURCE_GPSD (source);

  self->running = FALSE;
  disconnect (self);
}

static const char *
hal_source_gpsd_get_name (HalSource *source)
{
  return "gpsd";
}

static HalSourceCapabilities
hal_source_gpsd_get_capabilities (HalSource *source)
{
  return HAL_SOURCE_ALTITUDE | HAL_SOURCE_SPEED | HAL_SOURCE_SATELLITES | HAL_SOURCE_NMEA | HAL_SOURCE_TIME;
}

static void
iface_init (HalSourceInterface *iface)
{
  iface->get_name = hal_source_gpsd_get_name;
  iface->get_capabilities = hal_source_gpsd_get_capabilities;
  iface->start = hal_source_gpsd_start;
  iface->stop = hal_source_gpsd_stop;
}

static void
hal_source_gpsd_dispose (GObject *object)
{
  hal_source_gpsd_stop (HAL_SOURCE (object));
  G_OBJECT_CLASS (hal_source_gpsd_parent_class)->dispose (object);
}

static void
hal_source_gpsd_finalize (GObject *object)
{
  g_clear_pointer (&HAL_SOURCE_GPSD (object)->address, g_free);
  G_OBJECT_CLASS (hal_source_gpsd_parent_class)->finalize (object);
}

static void
hal_source_gpsd_class_init (HalSourceGpsdClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = hal_source_gpsd_dispose;
  G_OBJECT_CLASS (klass)->finalize = hal_source_gpsd_finalize;
}

static void
hal_source_gpsd_init (HalSourceGpsd *self)
{
}

HalSource *
hal_source_gpsd_new (const char *address)
{
  HalSourceGpsd *self;

  g_return_val_if_fail (address != NULL, NULL);

  self = g_object_new (HAL_TYPE_SOURCE_GPSD, NULL);
  self->address = g_strdup (address);
  return HAL_SOURCE (self);
}

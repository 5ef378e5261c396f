/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "hal-bridge"

#include "hal-bridge-service.h"
#include "hal-dbus.h"

#include "cloud-time.h"
#include "config.h"

#include <math.h>

/* Keeps the needs of the clients, each watched on the bus, and sends every fix to those whose turn it is. */

#define OBJECT_PATH CIRRUS_ID_PATH "/HalBridge"
#define INTERFACE "org.cirrussuite.HalBridge.Gps"
#define NEEDS_MAX 256
/* A fix this much before its time is sent: sources are not punctual. */
#define INTERVAL_SLACK 0.9
#define FRESH_US (2 * G_USEC_PER_SEC)

typedef struct
{
  char *owner;
  guint number;
  guint watch_id;
  char *name;
  guint pid;
  guint interval_ms;
  double accuracy_m;
  gboolean one_shot;
  gboolean satellites;
  gboolean nmea;
  gint64 since_us;
  gint64 sent_us; /* monotonic, 0: nothing sent yet */
} Need;

struct _HalBridgeService
{
  GObject parent_instance;

  HalGps *gps;
  HalDBusGps *skeleton;
  GDBusConnection *connection;
  GPtrArray *needs;
  guint idle_s;
  guint idle_id;
};

G_DEFINE_FINAL_TYPE (HalBridgeService, hal_bridge_service, G_TYPE_OBJECT)

enum
{
  SIGNAL_IDLE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
need_free (Need *need)
{
  g_clear_handle_id (&need->watch_id, g_bus_unwatch_name);
  g_free (need->owner);
  g_free (need->name);
  g_free (need);
}

static gboolean
on_idle_time (gpointer data)
{
  HalBridgeService *self = data;

  self->idle_id = 0;
  g_signal_emit (self, signals[SIGNAL_IDLE], 0);
  return G_SOURCE_REMOVE;
}

/* Somebody asked something: the idle time begins anew, if nobody needs anything. */
static void
touch (HalBridgeService *self)
{
  g_clear_handle_id (&self->idle_id, g_source_remove);
  if (self->needs->len == 0)
    self->idle_id = g_timeout_add_seconds (self->idle_s, on_idle_time, self);
}

/* What serves everybody, at the slowest. */
static void
update_demand (HalBridgeService *self)
{
  HalSourceDemand demand = { .interval_ms = G_MAXUINT, .accuracy_m = INFINITY };

  for (guint i = 0; i < self->needs->len; i++)
    {
      const Need *need = self->needs->pdata[i];

      demand.interval_ms = MIN (demand.interval_ms, need->interval_ms);
      demand.accuracy_m = MIN (demand.accuracy_m, need->accuracy_m);
      demand.satellites = demand.satellites || need->satellites;
      demand.nmea = demand.nmea || need->nmea;
    }
  hal_gps_set_demand (self->gps, self->needs->len > 0 ? &demand : NULL);
  touch (self);
}

static Need *
find_need (HalBridgeService *self, const char *owner, guint number)
{
  for (guint i = 0; i < self->needs->len; i++)
    {
      Need *need = self->needs->pdata[i];

      if (need->number == number && strcmp (need->owner, owner) == 0)
        return need;
    }
  return NULL;
}

static void
send_to (HalBridgeService *self, const Need *need, const char *signal, GVariant *parameters)
{
  g_autoptr (GError) error = NULL;

  if (!g_dbus_connection_emit_signal (self->connection, need->owner, OBJECT_PATH, INTERFACE, signal, parameters, &error))
    g_debug ("%s: %s", need->owner, error->message);
}

static gboolean
is_due (const Need *need, gint64 now_us)
{
  return need->sent_us == 0 || now_us - need->sent_us >= (gint64) (need->interval_ms * 1000.0 * INTERVAL_SLACK);
}

static gboolean
is_met (const Need *need, const CloudFix *fix)
{
  return need->one_shot && (need->accuracy_m <= 0 || isnan (fix->accuracy_m) || fix->accuracy_m <= need->accuracy_m);
}

/* TRUE if that was the one fix it wanted. */
static gboolean
send_fix (HalBridgeService *self, Need *need, const CloudFix *fix)
{
  need->sent_us = g_get_monotonic_time ();
  send_to (self, need, "Fix", g_variant_new ("(u@a{sv})", need->number, cloud_fix_to_variant (fix)));
  if (!is_met (need, fix))
    return FALSE;
  send_to (self, need, "NeedMet", g_variant_new ("(u)", need->number));
  return TRUE;
}

static void
on_fix (HalGps *gps, CloudFix *fix, gpointer data)
{
  HalBridgeService *self = data;
  gint64 now_us = g_get_monotonic_time ();
  gboolean changed = FALSE;

  for (guint i = self->needs->len; i-- > 0;)
    {
      Need *need = self->needs->pdata[i];

      if (!is_due (need, now_us) || !send_fix (self, need, fix))
        continue;
      g_ptr_array_remove_index (self->needs, i);
      changed = TRUE;
    }
  if (changed)
    update_demand (self);
}

static void
on_satellites (HalGps *gps, GArray *satellites, gpointer data)
{
  HalBridgeService *self = data;
  g_autoptr (GVariant) value
      = g_variant_ref_sink (cloud_satellites_to_variant ((CloudSatellite *) satellites->data, satellites->len));

  for (guint i = 0; i < self->needs->len; i++)
    {
      Need *need = self->needs->pdata[i];

      if (need->satellites)
        send_to (self, need, "SatellitesSeen", g_variant_new ("(u@a(uudddb))", need->number, value));
    }
}

static void
on_nmea (HalGps *gps, const char *sentence, gpointer data)
{
  HalBridgeService *self = data;

  for (guint i = 0; i < self->needs->len; i++)
    {
      Need *need = self->needs->pdata[i];

      if (need->nmea)
        send_to (self, need, "Nmea", g_variant_new ("(us)", need->number, sentence));
    }
}

static void
on_gps_changed (HalGps *gps, gpointer data)
{
  HalBridgeService *self = data;

  g_object_set (self->skeleton, "state", hal_gps_get_state_name (gps), "state-since", hal_gps_get_state_since (gps), "why",
                hal_gps_get_why (gps), "why-text", hal_gps_get_why_text (gps), "source", hal_gps_get_source_name (gps),
                "sources", hal_gps_get_sources (gps), NULL);
}

static void
on_client_vanished (GDBusConnection *connection, const char *owner, gpointer data)
{
  HalBridgeService *self = data;

  for (guint i = self->needs->len; i-- > 0;)
    if (strcmp (((Need *) self->needs->pdata[i])->owner, owner) == 0)
      g_ptr_array_remove_index (self->needs, i);
  update_demand (self);
}

typedef struct
{
  HalBridgeService *self;
  char *owner;
} PidQuery;

static void
on_pid (GObject *source, GAsyncResult *result, gpointer data)
{
  PidQuery *query = data;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  guint pid = 0;

  if (reply != NULL)
    g_variant_get (reply, "(u)", &pid);
  for (guint i = 0; i < query->self->needs->len; i++)
    {
      Need *need = query->self->needs->pdata[i];

      if (strcmp (need->owner, query->owner) == 0)
        need->pid = pid;
    }
  g_object_unref (query->self);
  g_free (query->owner);
  g_free (query);
}

static Need *
add_need (HalBridgeService *self, const char *owner, guint number)
{
  Need *need = g_new0 (Need, 1);
  PidQuery *query = g_new0 (PidQuery, 1);

  need->owner = g_strdup (owner);
  need->number = number;
  need->since_us = cloud_time_now_unix_us ();
  g_ptr_array_add (self->needs, need);
  query->self = g_object_ref (self);
  query->owner = g_strdup (owner);
  g_dbus_connection_call (self->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                          "GetConnectionUnixProcessID", g_variant_new ("(s)", owner), G_VARIANT_TYPE ("(u)"),
                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_pid, query);
  return need;
}

static void
read_need (Need *need, GVariant *wish)
{
  const char *name = "";

  need->interval_ms = 0;
  need->accuracy_m = 0;
  need->one_shot = need->satellites = need->nmea = FALSE;
  need->sent_us = 0;
  g_variant_lookup (wish, "interval", "u", &need->interval_ms);
  g_variant_lookup (wish, "accuracy", "d", &need->accuracy_m);
  g_variant_lookup (wish, "one-shot", "b", &need->one_shot);
  g_variant_lookup (wish, "satellites", "b", &need->satellites);
  g_variant_lookup (wish, "nmea", "b", &need->nmea);
  g_variant_lookup (wish, "name", "&s", &name);
  if (!(need->accuracy_m >= 0))
    need->accuracy_m = 0;
  g_free (need->name);
  need->name = g_utf8_substring (name, 0, MIN (100, g_utf8_strlen (name, -1)));
}

static gboolean
on_set_need (HalDBusGps *skeleton, GDBusMethodInvocation *invocation, guint number, GVariant *wish, gpointer data)
{
  HalBridgeService *self = data;
  const char *owner = g_dbus_method_invocation_get_sender (invocation);
  Need *need = find_need (self, owner, number);
  CloudFix *fix = hal_gps_get_fix (self->gps);
  gboolean is_new = need == NULL;

  if (is_new && self->needs->len >= NEEDS_MAX)
    {
      g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_LIMITS_EXCEEDED, "too many clients");
      return TRUE;
    }
  if (is_new)
    need = add_need (self, owner, number);
  read_need (need, wish);
  /* Watched last: one that is gone already is forgotten when the main loop hears of it. */
  if (is_new)
    need->watch_id = g_bus_watch_name_on_connection (self->connection, owner, G_BUS_NAME_WATCHER_FLAGS_NONE, NULL,
                                                     on_client_vanished, self, NULL);
  update_demand (self);
  hal_dbus_gps_complete_set_need (skeleton, invocation, hal_gps_get_state_name (self->gps), hal_gps_get_why (self->gps));
  if (fix != NULL && hal_gps_get_state (self->gps) == HAL_GPS_FIX && cloud_fix_get_age_us (fix) < FRESH_US
      && send_fix (self, need, fix))
    {
      g_ptr_array_remove (self->needs, need);
      update_demand (self);
    }
  return TRUE;
}

static gboolean
on_remove_need (HalDBusGps *skeleton, GDBusMethodInvocation *invocation, guint number, gpointer data)
{
  HalBridgeService *self = data;
  Need *need = find_need (self, g_dbus_method_invocation_get_sender (invocation), number);

  if (need != NULL)
    g_ptr_array_remove (self->needs, need);
  update_demand (self);
  hal_dbus_gps_complete_remove_need (skeleton, invocation);
  return TRUE;
}

static gboolean
on_get_position (HalDBusGps *skeleton, GDBusMethodInvocation *invocation, gpointer data)
{
  HalBridgeService *self = data;
  CloudFix *fix = hal_gps_get_fix (self->gps);

  touch (self);
  hal_dbus_gps_complete_get_position (skeleton, invocation,
                                      fix != NULL ? cloud_fix_to_variant (fix) : g_variant_new ("a{sv}", NULL));
  return TRUE;
}

static gboolean
on_get_satellites (HalDBusGps *skeleton, GDBusMethodInvocation *invocation, gpointer data)
{
  HalBridgeService *self = data;
  GArray *satellites = hal_gps_get_satellites (self->gps);

  touch (self);
  hal_dbus_gps_complete_get_satellites (
      skeleton, invocation,
      satellites != NULL ? cloud_satellites_to_variant ((CloudSatellite *) satellites->data, satellites->len)
                         : cloud_satellites_to_variant (NULL, 0));
  return TRUE;
}

static gboolean
on_get_clients (HalDBusGps *skeleton, GDBusMethodInvocation *invocation, gpointer data)
{
  HalBridgeService *self = data;
  GVariantBuilder builder;

  touch (self);
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < self->needs->len; i++)
    {
      const Need *need = self->needs->pdata[i];

      g_variant_builder_open (&builder, G_VARIANT_TYPE_VARDICT);
      g_variant_builder_add (&builder, "{sv}", "name", g_variant_new_string (need->name));
      g_variant_builder_add (&builder, "{sv}", "bus-name", g_variant_new_string (need->owner));
      g_variant_builder_add (&builder, "{sv}", "pid", g_variant_new_uint32 (need->pid));
      g_variant_builder_add (&builder, "{sv}", "interval", g_variant_new_uint32 (need->interval_ms));
      g_variant_builder_add (&builder, "{sv}", "accuracy", g_variant_new_double (need->accuracy_m));
      g_variant_builder_add (&builder, "{sv}", "one-shot", g_variant_new_boolean (need->one_shot));
      g_variant_builder_add (&builder, "{sv}", "since", g_variant_new_int64 (need->since_us));
      g_variant_builder_close (&builder);
    }
  hal_dbus_gps_complete_get_clients (skeleton, invocation, g_variant_builder_end (&builder));
  return TRUE;
}

static void
hal_bridge_service_dispose (GObject *object)
{
  HalBridgeService *self = HAL_BRIDGE_SERVICE (object);

  g_clear_handle_id (&self->idle_id, g_source_remove);
  g_ptr_array_set_size (self->needs, 0);
  if (self->gps != NULL)
    {
      hal_gps_set_demand (self->gps, NULL);
      g_signal_handlers_disconnect_by_data (self->gps, self);
    }
  if (self->skeleton != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->skeleton, self);
      g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (self->skeleton));
    }
  g_clear_object (&self->skeleton);
  g_clear_object (&self->gps);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (hal_bridge_service_parent_class)->dispose (object);
}

static void
hal_bridge_service_finalize (GObject *object)
{
  g_clear_pointer (&HAL_BRIDGE_SERVICE (object)->needs, g_ptr_array_unref);
  G_OBJECT_CLASS (hal_bridge_service_parent_class)->finalize (object);
}

static void
hal_bridge_service_class_init (HalBridgeServiceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = hal_bridge_service_dispose;
  G_OBJECT_CLASS (klass)->finalize = hal_bridge_service_finalize;
  signals[SIGNAL_IDLE]
      = g_signal_new ("idle", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
hal_bridge_service_init (HalBridgeService *self)
{
  self->needs = g_ptr_array_new_with_free_func ((GDestroyNotify) need_free);
}

HalBridgeService *
hal_bridge_service_new (HalGps *gps, guint idle_s)
{
  HalBridgeService *self;

  g_return_val_if_fail (HAL_IS_GPS (gps), NULL);

  self = g_object_new (HAL_TYPE_BRIDGE_SERVICE, NULL);
  self->gps = g_object_ref (gps);
  self->idle_s = idle_s;
  self->skeleton = hal_dbus_gps_skeleton_new ();
  g_signal_connect (gps, "fix", G_CALLBACK (on_fix), self);
  g_signal_connect (gps, "satellites", G_CALLBACK (on_satellites), self);
  g_signal_connect (gps, "nmea", G_CALLBACK (on_nmea), self);
  g_signal_connect (gps, "changed", G_CALLBACK (on_gps_changed), self);
  g_signal_connect (self->skeleton, "handle-set-need", G_CALLBACK (on_set_need), self);
  g_signal_connect (self->skeleton, "handle-remove-need", G_CALLBACK (on_remove_need), self);
  g_signal_connect (self->skeleton, "handle-get-position", G_CALLBACK (on_get_position), self);
  g_signal_connect (self->skeleton, "handle-get-satellites", G_CALLBACK (on_get_satellites), self);
  g_signal_connect (self->skeleton, "handle-get-clients", G_CALLBACK (on_get_clients), self);
  on_gps_changed (gps, self);
  return self;
}

gboolean
hal_bridge_service_export (HalBridgeService *self, GDBusConnection *connection, GError **error)
{
  g_return_val_if_fail (HAL_IS_BRIDGE_SERVICE (self), FALSE);
  g_return_val_if_fail (self->connection == NULL, FALSE);

  self->connection = g_object_ref (connection);
  touch (self);
  return g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->skeleton), connection, OBJECT_PATH, error);
}

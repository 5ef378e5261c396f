/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-location"

#include "cloud-location.h"
#include "cloud-time.h"
#include "config.h"

/* The client side of hal-bridge: one need on the bus, kept alive over the bridge's restarts.
 *
 * The need's number is chosen here, so that a fix can never arrive before its number is known. */

#define BUS_NAME CIRRUS_ID_PREFIX ".HalBridge"
#define OBJECT_PATH CIRRUS_ID_PATH "/HalBridge"
#define INTERFACE "org.cirrussuite.HalBridge.Gps"
#define RETRY_FIRST_MS 250
#define RETRY_LAST_MS 30000

struct _CloudLocation
{
  GObject parent_instance;

  GDBusConnection *connection;
  GCancellable *cancellable;
  char *app_name;
  guint number;
  guint signal_id;
  guint properties_id;
  guint watch_id;
  guint retry_id;
  guint retry_ms;

  gboolean wanted;
  gboolean asked;
  gboolean bridge_runs;
  CloudLocationNeed need;
  CloudLocationState state;
  CloudLocationReason reason;
  gint64 state_since_us;
  CloudFix *fix;
  GArray *satellites;
};

G_DEFINE_FINAL_TYPE (CloudLocation, cloud_location, G_TYPE_OBJECT)

enum
{
  PROP_FIX = 1,
  PROP_STATE,
  PROP_REASON,
  N_PROPS
};

enum
{
  SIGNAL_FIX_RECEIVED,
  SIGNAL_SATELLITES_RECEIVED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void ask (CloudLocation *self);

static void
set_state (CloudLocation *self, CloudLocationState state, CloudLocationReason reason)
{
  gboolean new_state = self->state != state;
  gboolean new_reason = self->reason != reason;

  self->state = state;
  self->reason = reason;
  if (new_state)
    self->state_since_us = cloud_time_now_unix_us ();
  if (new_reason)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REASON]);
  if (new_state)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static gboolean
on_retry (gpointer data)
{
  CloudLocation *self = data;

  self->retry_id = 0;
  ask (self);
  return G_SOURCE_REMOVE;
}

static void
retry_later (CloudLocation *self)
{
  if (!self->wanted || self->retry_id != 0)
    return;
  self->retry_id = g_timeout_add (self->retry_ms, on_retry, self);
  self->retry_ms = MIN (self->retry_ms * 2, RETRY_LAST_MS);
}

static void
take_bridge_state (CloudLocation *self, const char *state, const char *why)
{
  if (!self->wanted)
    return;
  if (g_strcmp0 (state, "fix") == 0)
    set_state (self, CLOUD_LOCATION_FIX, CLOUD_LOCATION_REASON_NONE);
  else if (g_strcmp0 (state, "failed") == 0)
    set_state (self, CLOUD_LOCATION_UNAVAILABLE,
               g_strcmp0 (why, "no-source") == 0 ? CLOUD_LOCATION_REASON_NO_SOURCE : CLOUD_LOCATION_REASON_SOURCE_FAILED);
  else
    set_state (self, CLOUD_LOCATION_SEARCHING, CLOUD_LOCATION_REASON_NONE);
}

static void
on_properties_changed (GDBusConnection *connection, const char *sender, const char *path, const char *interface,
                       const char *signal, GVariant *parameters, gpointer data)
{
  CloudLocation *self = data;
  g_autoptr (GVariant) changed = NULL;
  const char *state = NULL;
  const char *why = NULL;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(sa{sv}as)")))
    return;
  changed = g_variant_get_child_value (parameters, 1);
  g_variant_lookup (changed, "Why", "&s", &why);
  if (g_variant_lookup (changed, "State", "&s", &state))
    take_bridge_state (self, state, why);
}

static void
take_fix (CloudLocation *self, GVariant *variant)
{
  g_autoptr (CloudFix) fix = cloud_fix_from_variant (variant);

  if (fix == NULL)
    return;
  g_clear_pointer (&self->fix, cloud_fix_unref);
  self->fix = cloud_fix_ref (fix);
  set_state (self, CLOUD_LOCATION_FIX, CLOUD_LOCATION_REASON_NONE);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FIX]);
  g_signal_emit (self, signals[SIGNAL_FIX_RECEIVED], 0, fix);
}

static void
on_bridge_signal (GDBusConnection *connection, const char *sender, const char *path, const char *interface,
                  const char *signal, GVariant *parameters, gpointer data)
{
  g_autoptr (CloudLocation) self = g_object_ref (data);
  g_autoptr (GVariant) value = NULL;
  guint number = 0;

  if (!self->wanted)
    return;
  if (g_strcmp0 (signal, "Fix") == 0 && g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ua{sv})")))
    {
      g_variant_get (parameters, "(u@a{sv})", &number, &value);
      if (number == self->number)
        take_fix (self, value);
    }
  else if (g_strcmp0 (signal, "SatellitesSeen") == 0 && g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ua(uudddb))")))
    {
      g_variant_get (parameters, "(u@a(uudddb))", &number, &value);
      if (number != self->number)
        return;
      g_clear_pointer (&self->satellites, g_array_unref);
      self->satellites = cloud_satellites_from_variant (value);
      g_signal_emit (self, signals[SIGNAL_SATELLITES_RECEIVED], 0);
    }
  else if (g_strcmp0 (signal, "NeedMet") == 0 && g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(u)")))
    {
      g_variant_get (parameters, "(u)", &number);
      if (number != self->number)
        return;
      self->wanted = self->asked = FALSE;
      set_state (self, CLOUD_LOCATION_OFF, CLOUD_LOCATION_REASON_NONE);
    }
}

static void
on_asked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (CloudLocation) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  const char *state = NULL;
  const char *why = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (reply == NULL)
    {
      g_debug ("hal-bridge does not answer: %s", error->message);
      self->asked = FALSE;
      if (self->wanted)
        set_state (self, CLOUD_LOCATION_UNAVAILABLE, CLOUD_LOCATION_REASON_NO_BRIDGE);
      retry_later (self);
      return;
    }
  self->retry_ms = RETRY_FIRST_MS;
  g_variant_get (reply, "(&s&s)", &state, &why);
  if (self->state != CLOUD_LOCATION_FIX)
    take_bridge_state (self, state, why);
}

static GVariant *
need_to_variant (CloudLocation *self)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", "interval", g_variant_new_uint32 (self->need.interval_ms));
  g_variant_builder_add (&builder, "{sv}", "accuracy", g_variant_new_double (self->need.accuracy_m));
  g_variant_builder_add (&builder, "{sv}", "one-shot", g_variant_new_boolean (self->need.one_shot));
  g_variant_builder_add (&builder, "{sv}", "satellites", g_variant_new_boolean (self->need.satellites));
  g_variant_builder_add (&builder, "{sv}", "name", g_variant_new_string (self->app_name));
  return g_variant_builder_end (&builder);
}

static void
ask (CloudLocation *self)
{
  if (!self->wanted || self->connection == NULL)
    return;
  self->asked = TRUE;
  g_dbus_connection_call (self->connection, BUS_NAME, OBJECT_PATH, INTERFACE, "SetNeed",
                          g_variant_new ("(u@a{sv})", self->number, need_to_variant (self)), G_VARIANT_TYPE ("(ss)"),
                          G_DBUS_CALL_FLAGS_NONE, -1, self->cancellable, on_asked, g_object_ref (self));
}

static void
on_bridge_appeared (GDBusConnection *connection, const char *name, const char *owner, gpointer data)
{
  CloudLocation *self = data;

  self->bridge_runs = TRUE;
  if (!self->wanted || self->asked)
    return;
  g_clear_handle_id (&self->retry_id, g_source_remove);
  ask (self);
}

static void
on_bridge_vanished (GDBusConnection *connection, const char *name, gpointer data)
{
  CloudLocation *self = data;
  gboolean ran = self->bridge_runs;

  self->bridge_runs = FALSE;
  if (!ran || !self->wanted)
    return;
  self->asked = FALSE;
  set_state (self, CLOUD_LOCATION_SEARCHING, CLOUD_LOCATION_REASON_NONE);
  retry_later (self);
}

static void
attach (CloudLocation *self, GDBusConnection *connection)
{
  self->connection = g_object_ref (connection);
  self->signal_id = g_dbus_connection_signal_subscribe (connection, BUS_NAME, INTERFACE, NULL, OBJECT_PATH, NULL,
                                                        G_DBUS_SIGNAL_FLAGS_NONE, on_bridge_signal, self, NULL);
  self->properties_id = g_dbus_connection_signal_subscribe (connection, BUS_NAME, "org.freedesktop.DBus.Properties",
                                                            "PropertiesChanged", OBJECT_PATH, INTERFACE,
                                                            G_DBUS_SIGNAL_FLAGS_NONE, on_properties_changed, self, NULL);
  self->watch_id = g_bus_watch_name_on_connection (connection, BUS_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                                   on_bridge_appeared, on_bridge_vanished, self, NULL);
  ask (self);
}

static void
on_bus_ready (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (CloudLocation) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) connection = g_bus_get_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (connection == NULL)
    set_state (self, CLOUD_LOCATION_UNAVAILABLE, CLOUD_LOCATION_REASON_NO_BUS);
  else
    attach (self, connection);
}

static void
cloud_location_dispose (GObject *object)
{
  CloudLocation *self = CLOUD_LOCATION (object);

  cloud_location_stop (self);
  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->watch_id, g_bus_unwatch_name);
  if (self->connection != NULL)
    {
      g_dbus_connection_signal_unsubscribe (self->connection, self->signal_id);
      g_dbus_connection_signal_unsubscribe (self->connection, self->properties_id);
    }
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (cloud_location_parent_class)->dispose (object);
}

static void
cloud_location_finalize (GObject *object)
{
  CloudLocation *self = CLOUD_LOCATION (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->app_name, g_free);
  g_clear_pointer (&self->fix, cloud_fix_unref);
  g_clear_pointer (&self->satellites, g_array_unref);
  G_OBJECT_CLASS (cloud_location_parent_class)->finalize (object);
}

static void
cloud_location_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CloudLocation *self = CLOUD_LOCATION (object);

  switch (id)
    {
    case PROP_FIX:
      g_value_set_boxed (value, self->fix);
      break;
    case PROP_STATE:
      g_value_set_int (value, self->state);
      break;
    case PROP_REASON:
      g_value_set_int (value, self->reason);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
cloud_location_class_init (CloudLocationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = cloud_location_dispose;
  object_class->finalize = cloud_location_finalize;
  object_class->get_property = cloud_location_get_property;
  properties[PROP_FIX] = g_param_spec_boxed ("fix", NULL, NULL, CLOUD_TYPE_FIX, flags);
  properties[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0, CLOUD_LOCATION_UNAVAILABLE, 0, flags);
  properties[PROP_REASON] = g_param_spec_int ("reason", NULL, NULL, 0, CLOUD_LOCATION_REASON_SOURCE_FAILED, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SIGNAL_FIX_RECEIVED] = g_signal_new ("fix-received", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                               NULL, G_TYPE_NONE, 1, CLOUD_TYPE_FIX | G_SIGNAL_TYPE_STATIC_SCOPE);
  signals[SIGNAL_SATELLITES_RECEIVED] = g_signal_new ("satellites-received", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                                      NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cloud_location_init (CloudLocation *self)
{
  static int last_number;

  self->number = (guint) g_atomic_int_add (&last_number, 1) + 1;
  self->cancellable = g_cancellable_new ();
  self->retry_ms = RETRY_FIRST_MS;
  self->state_since_us = cloud_time_now_unix_us ();
}

static CloudLocation *
create (const char *app_name)
{
  CloudLocation *self = g_object_new (CLOUD_TYPE_LOCATION, NULL);

  self->app_name = g_strdup (app_name != NULL ? app_name : g_get_prgname ());
  if (self->app_name == NULL)
    self->app_name = g_strdup ("");
  return self;
}

CloudLocation *
cloud_location_new (const char *app_name)
{
  CloudLocation *self = create (app_name);

  g_bus_get (G_BUS_TYPE_SESSION, self->cancellable, on_bus_ready, g_object_ref (self));
  return self;
}

CloudLocation *
cloud_location_new_for_connection (GDBusConnection *connection, const char *app_name)
{
  CloudLocation *self;

  g_return_val_if_fail (G_IS_DBUS_CONNECTION (connection), NULL);

  self = create (app_name);
  attach (self, connection);
  return self;
}

void
cloud_location_start (CloudLocation *self, const CloudLocationNeed *need)
{
  g_return_if_fail (CLOUD_IS_LOCATION (self));
  g_return_if_fail (need != NULL);

  self->need = *need;
  if (!self->wanted)
    {
      self->wanted = TRUE;
      self->retry_ms = RETRY_FIRST_MS;
      if (self->reason != CLOUD_LOCATION_REASON_NO_BUS)
        set_state (self, CLOUD_LOCATION_SEARCHING, CLOUD_LOCATION_REASON_NONE);
    }
  ask (self);
}

void
cloud_location_stop (CloudLocation *self)
{
  g_return_if_fail (CLOUD_IS_LOCATION (self));

  g_clear_handle_id (&self->retry_id, g_source_remove);
  if (self->asked && self->connection != NULL)
    g_dbus_connection_call (self->connection, BUS_NAME, OBJECT_PATH, INTERFACE, "RemoveNeed",
                            g_variant_new ("(u)", self->number), NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, NULL, NULL);
  self->wanted = self->asked = FALSE;
  set_state (self, CLOUD_LOCATION_OFF, CLOUD_LOCATION_REASON_NONE);
}

CloudFix *
cloud_location_get_fix (CloudLocation *self)
{
  g_return_val_if_fail (CLOUD_IS_LOCATION (self), NULL);

  return self->fix;
}

CloudLocationState
cloud_location_get_state (CloudLocation *self)
{
  g_return_val_if_fail (CLOUD_IS_LOCATION (self), CLOUD_LOCATION_OFF);

  return self->state;
}

CloudLocationReason
cloud_location_get_reason (CloudLocation *self)
{
  g_return_val_if_fail (CLOUD_IS_LOCATION (self), CLOUD_LOCATION_REASON_NONE);

  return self->reason;
}

gint64
cloud_location_get_state_since (CloudLocation *self)
{
  g_return_val_if_fail (CLOUD_IS_LOCATION (self), 0);

  return self->state_since_us;
}

const CloudSatellite *
cloud_location_get_satellites (CloudLocation *self, guint *n_satellites)
{
  g_return_val_if_fail (CLOUD_IS_LOCATION (self), NULL);
  g_return_val_if_fail (n_satellites != NULL, NULL);

  *n_satellites = self->satellites != NULL ? self->satellites->len : 0;
  return *n_satellites > 0 ? (const CloudSatellite *) self->satellites->data : NULL;
}

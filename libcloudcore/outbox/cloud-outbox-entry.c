/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-outbox"

#include "cloud-outbox-private.h"

/* A row of the outbox, as the windows bind to it. */

G_DEFINE_FINAL_TYPE (CloudOutboxEntry, cloud_outbox_entry, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_UUID,
  PROP_TARGET,
  PROP_KIND,
  PROP_LABEL,
  PROP_STATE,
  PROP_ATTEMPTS,
  PROP_ERROR_CODE,
  PROP_STOPPED,
  PROP_NEXT_ATTEMPT_UNIX_US,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static const char *const state_names[] = {
  "waiting", "sending", "interrupted", "failed", "uncertain", "done", "cancelled",
};

const char *
cloud_outbox_state_name (CloudOutboxState state)
{
  g_return_val_if_fail ((guint) state < G_N_ELEMENTS (state_names), "unknown");
  return state_names[state];
}

static void
cloud_outbox_entry_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CloudOutboxEntry *self = CLOUD_OUTBOX_ENTRY (object);

  switch (id)
    {
    case PROP_UUID:
      g_value_set_string (value, self->uuid);
      break;
    case PROP_TARGET:
      g_value_set_string (value, self->target);
      break;
    case PROP_KIND:
      g_value_set_string (value, self->kind);
      break;
    case PROP_LABEL:
      g_value_set_string (value, self->label);
      break;
    case PROP_STATE:
      g_value_set_int (value, self->state);
      break;
    case PROP_ATTEMPTS:
      g_value_set_int (value, self->attempts);
      break;
    case PROP_ERROR_CODE:
      g_value_set_int (value, self->error_code);
      break;
    case PROP_STOPPED:
      g_value_set_boolean (value, self->stopped);
      break;
    case PROP_NEXT_ATTEMPT_UNIX_US:
      g_value_set_int64 (value, self->next_attempt_unix_us);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
cloud_outbox_entry_finalize (GObject *object)
{
  CloudOutboxEntry *self = CLOUD_OUTBOX_ENTRY (object);

  g_free (self->uuid);
  g_free (self->target);
  g_free (self->kind);
  g_free (self->label);
  g_free (self->error_message);
  g_clear_pointer (&self->payload, g_bytes_unref);
  g_clear_pointer (&self->progress, g_bytes_unref);
  G_OBJECT_CLASS (cloud_outbox_entry_parent_class)->finalize (object);
}

static GParamSpec *
string_prop (const char *name)
{
  return g_param_spec_string (name, NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
}

static GParamSpec *
int_prop (const char *name)
{
  return g_param_spec_int (name, NULL, NULL, G_MININT, G_MAXINT, 0, G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
}

static void
cloud_outbox_entry_class_init (CloudOutboxEntryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = cloud_outbox_entry_get_property;
  object_class->finalize = cloud_outbox_entry_finalize;
  props[PROP_UUID] = string_prop ("uuid");
  props[PROP_TARGET] = string_prop ("target");
  props[PROP_KIND] = string_prop ("kind");
  props[PROP_LABEL] = string_prop ("label");
  props[PROP_STATE] = int_prop ("state");
  props[PROP_ATTEMPTS] = int_prop ("attempts");
  props[PROP_ERROR_CODE] = int_prop ("error-code");
  props[PROP_STOPPED] = g_param_spec_boolean ("stopped", NULL, NULL, FALSE,
                                              G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  props[PROP_NEXT_ATTEMPT_UNIX_US] = g_param_spec_int64 ("next-attempt-unix-us", NULL, NULL, G_MININT64, G_MAXINT64, 0,
                                                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
cloud_outbox_entry_init (CloudOutboxEntry *self)
{
  self->error_code = -1;
}

void
cloud_outbox_entry_update (CloudOutboxEntry *self, CloudOutboxEntry *from)
{
  GObject *object = G_OBJECT (self);

  g_object_freeze_notify (object);
  if (self->state != from->state)
    g_object_notify_by_pspec (object, props[PROP_STATE]);
  if (self->attempts != from->attempts)
    g_object_notify_by_pspec (object, props[PROP_ATTEMPTS]);
  if (self->error_code != from->error_code)
    g_object_notify_by_pspec (object, props[PROP_ERROR_CODE]);
  if (self->stopped != from->stopped)
    g_object_notify_by_pspec (object, props[PROP_STOPPED]);
  if (self->next_attempt_unix_us != from->next_attempt_unix_us)
    g_object_notify_by_pspec (object, props[PROP_NEXT_ATTEMPT_UNIX_US]);
  self->state = from->state;
  self->attempts = from->attempts;
  self->error_code = from->error_code;
  self->stopped = from->stopped;
  self->next_attempt_unix_us = from->next_attempt_unix_us;
  g_free (self->error_message);
  self->error_message = g_strdup (from->error_message);
  g_object_thaw_notify (object);
}

#define GETTER(type, name, field, none)                                                                                                    \
  type cloud_outbox_entry_get_##name (CloudOutboxEntry *self)                                                                              \
  {                                                                                                                                        \
    g_return_val_if_fail (CLOUD_IS_OUTBOX_ENTRY (self), none);                                                                             \
    return self->field;                                                                                                                    \
  }

GETTER (const char *, uuid, uuid, NULL)
GETTER (const char *, target, target, NULL)
GETTER (const char *, kind, kind, NULL)
GETTER (const char *, label, label, NULL)
GETTER (gint64, created_unix_us, created_unix_us, 0)
GETTER (gint64, not_before_unix_us, not_before_unix_us, 0)
GETTER (CloudOutboxState, state, state, CLOUD_OUTBOX_STATE_WAITING)
GETTER (int, attempts, attempts, 0)
GETTER (gint64, next_attempt_unix_us, next_attempt_unix_us, 0)
GETTER (int, error_code, error_code, -1)
GETTER (const char *, error_message, error_message, NULL)
GETTER (gboolean, stopped, stopped, FALSE)
GETTER (gboolean, interrupted, interrupted, FALSE)
GETTER (GBytes *, payload, payload, NULL)
GETTER (GBytes *, progress, progress, NULL)

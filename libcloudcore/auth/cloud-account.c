/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-auth"

#include "cloud-account.h"

#include <string.h>

/* An account: four words about a person and at most one service of each kind. */

enum
{
  PROP_UUID = 1,
  PROP_NAME,
  PROP_DISPLAY_NAME,
  PROP_ADDRESS,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];
static guint changed_signal;

struct _CloudAccount
{
  GObject parent_instance;
  char *uuid;
  char *name;
  char *display_name;
  char *address;
  CloudEndpoint *services[CLOUD_ENDPOINT_N_KINDS];
};

G_DEFINE_FINAL_TYPE (CloudAccount, cloud_account, G_TYPE_OBJECT)

static const char *const kind_names[CLOUD_ENDPOINT_N_KINDS] = { "imap", "smtp", "webdav", "s3", "carddav", "local" };

const char *
cloud_endpoint_kind_name (CloudEndpointKind kind)
{
  g_return_val_if_fail ((guint) kind < CLOUD_ENDPOINT_N_KINDS, "");
  return kind_names[kind];
}

gboolean
cloud_endpoint_kind_parse (const char *name, CloudEndpointKind *kind)
{
  for (guint i = 0; name != NULL && i < CLOUD_ENDPOINT_N_KINDS; i++)
    if (strcmp (name, kind_names[i]) == 0)
      {
        *kind = (CloudEndpointKind) i;
        return TRUE;
      }
  return FALSE;
}

CloudEndpoint *
cloud_endpoint_new (CloudEndpointKind kind, const char *host, guint port, CloudSecurity security, const char *user)
{
  CloudEndpoint *service = g_new0 (CloudEndpoint, 1);

  service->kind = kind;
  service->host = g_strdup (host != NULL ? host : "");
  service->port = port;
  service->security = security;
  service->user = g_strdup (user != NULL ? user : "");
  service->credential = g_strdup ("");
  return service;
}

CloudEndpoint *
cloud_endpoint_copy (const CloudEndpoint *service)
{
  CloudEndpoint *copy = g_new (CloudEndpoint, 1);

  *copy = *service;
  copy->host = g_strdup (service->host);
  copy->user = g_strdup (service->user);
  copy->credential = g_strdup (service->credential);
  copy->path = g_strdup (service->path);
  return copy;
}

void
cloud_endpoint_free (CloudEndpoint *service)
{
  if (service == NULL)
    return;
  g_free (service->host);
  g_free (service->user);
  g_free (service->credential);
  g_free (service->path);
  g_free (service);
}

static void
cloud_account_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  CloudAccount *self = CLOUD_ACCOUNT (object);

  switch (id)
    {
    case PROP_UUID:
      g_value_set_string (value, self->uuid);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_DISPLAY_NAME:
      g_value_set_string (value, self->display_name);
      break;
    case PROP_ADDRESS:
      g_value_set_string (value, self->address);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
    }
}

static void
set_text (CloudAccount *self, char **field, const char *value, guint id)
{
  if (g_strcmp0 (*field, value) == 0)
    return;
  g_free (*field);
  *field = g_strdup (value != NULL ? value : "");
  g_object_notify_by_pspec (G_OBJECT (self), props[id]);
}

static void
cloud_account_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  CloudAccount *self = CLOUD_ACCOUNT (object);

  switch (id)
    {
    case PROP_UUID:
      self->uuid = g_value_get_string (value) != NULL ? g_value_dup_string (value) : g_uuid_string_random ();
      break;
    case PROP_NAME:
      set_text (self, &self->name, g_value_get_string (value), PROP_NAME);
      break;
    case PROP_DISPLAY_NAME:
      set_text (self, &self->display_name, g_value_get_string (value), PROP_DISPLAY_NAME);
      break;
    case PROP_ADDRESS:
      set_text (self, &self->address, g_value_get_string (value), PROP_ADDRESS);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
    }
}

static void
cloud_account_finalize (GObject *object)
{
  CloudAccount *self = CLOUD_ACCOUNT (object);

  for (guint i = 0; i < CLOUD_ENDPOINT_N_KINDS; i++)
    cloud_endpoint_free (self->services[i]);
  g_free (self->uuid);
  g_free (self->name);
  g_free (self->display_name);
  g_free (self->address);
  G_OBJECT_CLASS (cloud_account_parent_class)->finalize (object);
}

static void
cloud_account_class_init (CloudAccountClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = cloud_account_get_property;
  object_class->set_property = cloud_account_set_property;
  object_class->finalize = cloud_account_finalize;
  props[PROP_UUID]
      = g_param_spec_string ("uuid", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, "", flags | G_PARAM_CONSTRUCT);
  props[PROP_DISPLAY_NAME] = g_param_spec_string ("display-name", NULL, NULL, "", flags | G_PARAM_CONSTRUCT);
  props[PROP_ADDRESS] = g_param_spec_string ("address", NULL, NULL, "", flags | G_PARAM_CONSTRUCT);
  g_object_class_install_properties (object_class, N_PROPS, props);
  changed_signal = g_signal_new ("changed", CLOUD_TYPE_ACCOUNT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cloud_account_init (CloudAccount *self)
{
}

CloudAccount *
cloud_account_new (const char *uuid, const char *name, const char *display_name, const char *address)
{
  return g_object_new (CLOUD_TYPE_ACCOUNT, "uuid", uuid, "name", name, "display-name", display_name, "address", address, NULL);
}

const char *
cloud_account_get_uuid (CloudAccount *self)
{
  g_return_val_if_fail (CLOUD_IS_ACCOUNT (self), NULL);
  return self->uuid;
}

const char *
cloud_account_get_name (CloudAccount *self)
{
  g_return_val_if_fail (CLOUD_IS_ACCOUNT (self), NULL);
  return self->name;
}

const char *
cloud_account_get_display_name (CloudAccount *self)
{
  g_return_val_if_fail (CLOUD_IS_ACCOUNT (self), NULL);
  return self->display_name;
}

const char *
cloud_account_get_address (CloudAccount *self)
{
  g_return_val_if_fail (CLOUD_IS_ACCOUNT (self), NULL);
  return self->address;
}

void
cloud_account_set_name (CloudAccount *self, const char *name)
{
  g_return_if_fail (CLOUD_IS_ACCOUNT (self));
  set_text (self, &self->name, name, PROP_NAME);
}

void
cloud_account_set_display_name (CloudAccount *self, const char *display_name)
{
  g_return_if_fail (CLOUD_IS_ACCOUNT (self));
  set_text (self, &self->display_name, display_name, PROP_DISPLAY_NAME);
}

void
cloud_account_set_address (CloudAccount *self, const char *address)
{
  g_return_if_fail (CLOUD_IS_ACCOUNT (self));
  set_text (self, &self->address, address, PROP_ADDRESS);
}

const CloudEndpoint *
cloud_account_get_endpoint (CloudAccount *self, CloudEndpointKind kind)
{
  g_return_val_if_fail (CLOUD_IS_ACCOUNT (self) && (guint) kind < CLOUD_ENDPOINT_N_KINDS, NULL);
  return self->services[kind];
}

static gboolean
endpoints_equal (const CloudEndpoint *a, const CloudEndpoint *b)
{
  return a->port == b->port && a->security == b->security && a->method == b->method && g_strcmp0 (a->host, b->host) == 0
         && g_strcmp0 (a->user, b->user) == 0 && g_strcmp0 (a->credential, b->credential) == 0
         && g_strcmp0 (a->path, b->path) == 0;
}

void
cloud_account_set_endpoint (CloudAccount *self, const CloudEndpoint *service)
{
  CloudEndpoint *copy;

  g_return_if_fail (CLOUD_IS_ACCOUNT (self) && service != NULL && (guint) service->kind < CLOUD_ENDPOINT_N_KINDS);

  copy = cloud_endpoint_copy (service);
  if ((copy->credential == NULL || *copy->credential == '\0') && copy->kind != CLOUD_ENDPOINT_LOCAL)
    {
      g_free (copy->credential);
      copy->credential = g_strconcat (self->uuid, "/", kind_names[copy->kind], NULL);
    }
  if (self->services[copy->kind] != NULL && endpoints_equal (self->services[copy->kind], copy))
    {
      cloud_endpoint_free (copy);
      return;
    }
  cloud_endpoint_free (self->services[copy->kind]);
  self->services[copy->kind] = copy;
  g_signal_emit (self, changed_signal, 0);
}

void
cloud_account_remove_endpoint (CloudAccount *self, CloudEndpointKind kind)
{
  g_return_if_fail (CLOUD_IS_ACCOUNT (self) && (guint) kind < CLOUD_ENDPOINT_N_KINDS);

  if (self->services[kind] == NULL)
    return;
  g_clear_pointer (&self->services[kind], cloud_endpoint_free);
  g_signal_emit (self, changed_signal, 0);
}

CloudAccount *
cloud_account_copy (CloudAccount *self)
{
  CloudAccount *copy;

  g_return_val_if_fail (CLOUD_IS_ACCOUNT (self), NULL);

  copy = cloud_account_new (self->uuid, self->name, self->display_name, self->address);
  for (guint i = 0; i < CLOUD_ENDPOINT_N_KINDS; i++)
    if (self->services[i] != NULL)
      cloud_account_set_endpoint (copy, self->services[i]);
  return copy;
}

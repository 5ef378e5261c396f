/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* CloudAccount: one account of the user: who they are there, and which services it has, each by its endpoint.  It holds no secret, only the reference by which
 * CloudSecrets finds it.
 *
 * Threading: one thread, that of the list it belongs to.  Ownership: endpoints are copied in; what getters give is the account's.
 * Properties: uuid (never changes), name ("Work"), display-name ("Alice Li"), address ("alice@example.org").  Changes reach the disk only by
 * cloud_accounts_save_async(). */

typedef enum
{
  CLOUD_ENDPOINT_IMAP,
  CLOUD_ENDPOINT_SMTP,
  CLOUD_ENDPOINT_WEBDAV,
  CLOUD_ENDPOINT_S3,
  CLOUD_ENDPOINT_CARDDAV,
  CLOUD_ENDPOINT_LOCAL, /* a folder of this machine: a sample, an import */
  CLOUD_ENDPOINT_N_KINDS,
} CloudEndpointKind;

typedef enum
{
  CLOUD_SECURITY_TLS,      /* from the first byte on */
  CLOUD_SECURITY_STARTTLS, /* required, never skipped */
} CloudSecurity;

typedef enum
{
  CLOUD_AUTH_PASSWORD,
  CLOUD_AUTH_OAUTH2,
} CloudAuthMethod;

typedef struct
{
  CloudEndpointKind kind;
  char *host;       /* "" for local */
  guint port;
  CloudSecurity security;
  char *user;
  CloudAuthMethod method;
  char *credential; /* reference for CloudSecrets; "" if there is no secret */
  char *path;       /* (nullable): the address's path (WebDAV, CardDAV), the bucket (S3), the folder (local) */
} CloudEndpoint;

CloudEndpoint *cloud_endpoint_new (CloudEndpointKind kind, const char *host, guint port, CloudSecurity security, const char *user);
CloudEndpoint *cloud_endpoint_copy (const CloudEndpoint *service);
void cloud_endpoint_free (CloudEndpoint *service);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CloudEndpoint, cloud_endpoint_free)

/* "imap", "smtp", ... and back (FALSE: no such kind). */
const char *cloud_endpoint_kind_name (CloudEndpointKind kind);
gboolean cloud_endpoint_kind_parse (const char *name, CloudEndpointKind *kind);

#define CLOUD_TYPE_ACCOUNT (cloud_account_get_type ())
G_DECLARE_FINAL_TYPE (CloudAccount, cloud_account, CLOUD, ACCOUNT, GObject)

/* @uuid: (nullable): a new random one. */
CloudAccount *cloud_account_new (const char *uuid, const char *name, const char *display_name, const char *address);
/* (transfer full): the same account as a second object, for editing. */
CloudAccount *cloud_account_copy (CloudAccount *self);
const char *cloud_account_get_uuid (CloudAccount *self);
const char *cloud_account_get_name (CloudAccount *self);
const char *cloud_account_get_display_name (CloudAccount *self);
const char *cloud_account_get_address (CloudAccount *self);
void cloud_account_set_name (CloudAccount *self, const char *name);
void cloud_account_set_display_name (CloudAccount *self, const char *display_name);
void cloud_account_set_address (CloudAccount *self, const char *address);

/* (transfer none) (nullable): valid until the service is changed. */
const CloudEndpoint *cloud_account_get_endpoint (CloudAccount *self, CloudEndpointKind kind);
/* Copied, in place of the one of its kind; without a credential reference it gets "UUID/KIND". */
void cloud_account_set_endpoint (CloudAccount *self, const CloudEndpoint *service);
void cloud_account_remove_endpoint (CloudAccount *self, CloudEndpointKind kind);

/* Signal "changed": a service changed (properties have notify). */

G_END_DECLS

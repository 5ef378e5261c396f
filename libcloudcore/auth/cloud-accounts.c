/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-auth"

#include "cloud-accounts.h"

#include "cloud-error.h"
#include "cloud-paths.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <jansson.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* One JSON file and the list made of it. */

#define FORMAT_VERSION 1
#define FILE_MAX_BYTES (4 * 1024 * 1024)
#define UNUSED "unused_credentials"

struct _CloudAccounts
{
  GObject parent_instance;
  char *path;
  char *damaged_path;
  GPtrArray *list; /* CloudAccount */
  GStrv unused;    /* references of secrets that no account names any more */
  GFileMonitor *monitor;
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CloudAccounts, cloud_accounts, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

/* ---- JSON ---- */

static const char *
text_of (json_t *object, const char *key)
{
  const char *text = json_string_value (json_object_get (object, key));

  return text != NULL ? text : "";
}

static gboolean
parse_service (json_t *json, CloudAccount *account)
{
  const char *path = json_string_value (json_object_get (json, "path"));
  json_int_t port = json_integer_value (json_object_get (json, "port"));
  g_autoptr (CloudEndpoint) service = NULL;
  CloudEndpointKind kind;

  if (!json_is_object (json) || port < 0 || port > 65535)
    return FALSE;
  if (!cloud_endpoint_kind_parse (text_of (json, "kind"), &kind))
    return TRUE; /* a kind of a later version: not ours to use */
  service
      = cloud_endpoint_new (kind, text_of (json, "host"), (guint) port,
                            strcmp (text_of (json, "security"), "starttls") == 0 ? CLOUD_SECURITY_STARTTLS : CLOUD_SECURITY_TLS,
                            text_of (json, "user"));
  service->method = strcmp (text_of (json, "method"), "oauth2") == 0 ? CLOUD_AUTH_OAUTH2 : CLOUD_AUTH_PASSWORD;
  service->path = g_strdup (path);
  g_free (service->credential);
  service->credential = g_strdup (text_of (json, "credential"));
  cloud_account_set_endpoint (account, service);
  return TRUE;
}

static CloudAccount *
parse_account (json_t *json)
{
  g_autoptr (CloudAccount) account = NULL;
  json_t *services = json_object_get (json, "services");
  const char *uuid = text_of (json, "uuid");
  json_t *service;
  size_t i;

  if (!json_is_object (json) || !g_uuid_string_is_valid (uuid) || (services != NULL && !json_is_array (services)))
    return NULL;
  account = cloud_account_new (uuid, text_of (json, "name"), text_of (json, "display_name"), text_of (json, "address"));
  json_array_foreach (services, i, service) if (!parse_service (service, account)) return NULL;
  return g_steal_pointer (&account);
}

static json_t *
parse_root (const char *text, gsize length, GError **error)
{
  json_error_t why;
  json_t *root = json_loadb (text, length, JSON_REJECT_DUPLICATES, &why);

  if (root == NULL || !json_is_array (json_object_get (root, "accounts")) || !json_is_integer (json_object_get (root, "version")))
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT, "The accounts file is damaged: %s",
                   root == NULL ? why.text : "no accounts in it");
      json_decref (root);
      return NULL;
    }
  if (json_integer_value (json_object_get (root, "version")) > FORMAT_VERSION)
    {
      g_set_error_literal (error, CLOUD_ERROR, CLOUD_ERROR_UNSUPPORTED, "The accounts file was written by a newer version");
      json_decref (root);
      return NULL;
    }
  return root;
}

static gboolean
is_among (GPtrArray *list, const char *uuid)
{
  for (guint i = 0; i < list->len; i++)
    if (strcmp (cloud_account_get_uuid (list->pdata[i]), uuid) == 0)
      return TRUE;
  return FALSE;
}

static GStrv
parse_unused (json_t *root)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  json_t *json;
  size_t i;

  json_array_foreach (json_object_get (root, UNUSED), i, json) if (json_is_string (json)) g_strv_builder_add (builder, json_string_value (json));
  return g_strv_builder_end (builder);
}

/* @unused: (out) (transfer full) (optional) */
static GPtrArray *
parse_file (const char *text, gsize length, GStrv *unused, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_object_unref);
  json_t *root, *json;
  size_t i;

  root = parse_root (text, length, error);
  if (root == NULL)
    return NULL;
  json_array_foreach (json_object_get (root, "accounts"), i, json)
  {
    CloudAccount *account = parse_account (json);

    if (account == NULL || is_among (list, cloud_account_get_uuid (account)))
      {
        g_set_error_literal (error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT, "The accounts file is damaged: one account makes no sense");
        g_clear_object (&account);
        json_decref (root);
        return NULL;
      }
    g_ptr_array_add (list, account);
  }
  if (unused != NULL)
    *unused = parse_unused (root);
  json_decref (root);
  return g_steal_pointer (&list);
}

GPtrArray *
cloud_accounts_parse (const char *text, gsize length, GError **error)
{
  g_return_val_if_fail (text != NULL, NULL);
  return parse_file (text, length, NULL, error);
}

static json_t *
service_to_json (const CloudEndpoint *service)
{
  json_t *json = json_object ();

  json_object_set_new (json, "kind", json_string (cloud_endpoint_kind_name (service->kind)));
  json_object_set_new (json, "host", json_string (service->host));
  json_object_set_new (json, "port", json_integer (service->port));
  json_object_set_new (json, "security", json_string (service->security == CLOUD_SECURITY_STARTTLS ? "starttls" : "tls"));
  json_object_set_new (json, "user", json_string (service->user));
  json_object_set_new (json, "method", json_string (service->method == CLOUD_AUTH_OAUTH2 ? "oauth2" : "password"));
  json_object_set_new (json, "credential", json_string (service->credential));
  if (service->path != NULL)
    json_object_set_new (json, "path", json_string (service->path));
  return json;
}

static json_t *
account_to_json (CloudAccount *account)
{
  json_t *json = json_object ();
  json_t *services = json_array ();

  json_object_set_new (json, "uuid", json_string (cloud_account_get_uuid (account)));
  json_object_set_new (json, "name", json_string (cloud_account_get_name (account)));
  json_object_set_new (json, "display_name", json_string (cloud_account_get_display_name (account)));
  json_object_set_new (json, "address", json_string (cloud_account_get_address (account)));
  for (guint i = 0; i < CLOUD_ENDPOINT_N_KINDS; i++)
    {
      const CloudEndpoint *service = cloud_account_get_endpoint (account, (CloudEndpointKind) i);

      if (service != NULL)
        json_array_append_new (services, service_to_json (service));
    }
  json_object_set_new (json, "services", services);
  return json;
}

/* ---- The file ---- */

static int
lock_file (const char *path, GError **error)
{
  g_autofree char *lock_path = g_strconcat (path, ".lock", NULL);
  int fd = open (lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  int rc;

  if (fd >= 0)
    {
      do
        rc = flock (fd, LOCK_EX);
      while (rc != 0 && errno == EINTR);
      if (rc == 0)
        return fd;
    }
  g_set_error (error, CLOUD_ERROR, cloud_error_code_from_errno (errno), "The accounts file cannot be locked: %s",
               g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return -1;
}

/* (transfer full): the file's text; "" if there is no file. */
static char *
read_file (const char *path, gsize *length, GError **error)
{
  g_autoptr (GError) read_error = NULL;
  char *text = NULL;
  GStatBuf info;

  if (g_stat (path, &info) == 0 && info.st_size > FILE_MAX_BYTES)
    {
      g_set_error_literal (error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT, "The accounts file is damaged: it is far too large");
      return NULL;
    }
  if (g_file_get_contents (path, &text, length, &read_error))
    return text;
  if (g_error_matches (read_error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      *length = 0;
      return g_strdup ("");
    }
  cloud_error_convert_gio (&read_error);
  g_propagate_error (error, g_steal_pointer (&read_error));
  return NULL;
}

typedef struct
{
  char *path;
  char *uuid;      /* NULL: no account changes */
  json_t *account; /* NULL: remove */
  GStrv forgotten; /* (nullable): references whose secrets are gone */
} Change;

static void
change_free (gpointer data)
{
  Change *change = data;

  g_free (change->path);
  g_free (change->uuid);
  json_decref (change->account);
  g_strfreev (change->forgotten);
  g_free (change);
}

/* Adds to @names the references that the account @uuid (NULL: any) names; a folder of this machine has no secret. */
static void
collect_references (json_t *root, const char *uuid, GHashTable *names)
{
  json_t *account, *service;
  size_t i, j;

  json_array_foreach (json_object_get (root, "accounts"), i, account)
  {
    if (uuid != NULL && strcmp (text_of (account, "uuid"), uuid) != 0)
      continue;
    json_array_foreach (json_object_get (account, "services"), j, service)
    {
      if (*text_of (service, "credential") != '\0' && strcmp (text_of (service, "kind"), cloud_endpoint_kind_name (CLOUD_ENDPOINT_LOCAL)) != 0)
        g_hash_table_add (names, g_strdup (text_of (service, "credential")));
    }
  }
}

/* The list of what nothing names any more: what it had and @former, without what is named now and what is gone. */
static void
note_unused (json_t *root, GHashTable *former, const char *const *forgotten)
{
  g_autoptr (GHashTable) named = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (GStrv) had = parse_unused (root);
  json_t *unused = json_array ();
  GHashTableIter iter;
  gpointer reference;

  collect_references (root, NULL, named);
  for (guint i = 0; had[i] != NULL; i++)
    g_hash_table_add (former, g_strdup (had[i]));
  g_hash_table_iter_init (&iter, former);
  while (g_hash_table_iter_next (&iter, &reference, NULL))
    if (!g_hash_table_contains (named, reference) && (forgotten == NULL || !g_strv_contains (forgotten, reference)))
      json_array_append_new (unused, json_string (reference));
  if (json_array_size (unused) > 0)
    json_object_set (root, UNUSED, unused);
  else
    json_object_del (root, UNUSED);
  json_decref (unused);
}

static void
apply_account (json_t *root, Change *change)
{
  json_t *accounts = json_object_get (root, "accounts");
  gboolean replaced = FALSE;

  for (size_t i = json_array_size (accounts); i > 0; i--)
    {
      json_t *account = json_array_get (accounts, i - 1);

      if (strcmp (text_of (account, "uuid"), change->uuid) != 0)
        continue;
      if (change->account == NULL)
        json_array_remove (accounts, i - 1);
      else
        {
          json_object_update (account, change->account);
          replaced = TRUE;
        }
    }
  if (change->account != NULL && !replaced)
    json_array_append (accounts, change->account);
}

/* Puts the change into @root as it is now; what this version doesn't know of other accounts stays. */
static void
apply (json_t *root, Change *change)
{
  g_autoptr (GHashTable) former = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (change->uuid != NULL)
    {
      collect_references (root, change->uuid, former);
      apply_account (root, change);
    }
  note_unused (root, former, (const char *const *) change->forgotten);
}

static gboolean
write_change (Change *change, GError **error)
{
  g_autofree char *text = NULL;
  gsize length;
  json_t *root = NULL;
  char *out = NULL;
  gboolean done = FALSE;
  int lock = lock_file (change->path, error);

  if (lock < 0)
    return FALSE;
  text = read_file (change->path, &length, error);
  if (text != NULL)
    root = length > 0 ? parse_root (text, length, error) : json_pack ("{s:i, s:[]}", "version", FORMAT_VERSION, "accounts");
  if (root != NULL)
    {
      apply (root, change);
      out = json_dumps (root, JSON_INDENT (2) | JSON_PRESERVE_ORDER);
      done = g_file_set_contents_full (change->path, out, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                       error);
      if (!done)
        cloud_error_convert_gio (error);
    }
  free (out);
  json_decref (root);
  close (lock);
  return done;
}

/* ---- The list ---- */

static GType
get_item_type (GListModel *model)
{
  return CLOUD_TYPE_ACCOUNT;
}

static guint
get_n_items (GListModel *model)
{
  return CLOUD_ACCOUNTS (model)->list->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  GPtrArray *list = CLOUD_ACCOUNTS (model)->list;

  return position < list->len ? g_object_ref (list->pdata[position]) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
take_over (CloudAccount *account, CloudAccount *from)
{
  cloud_account_set_name (account, cloud_account_get_name (from));
  cloud_account_set_display_name (account, cloud_account_get_display_name (from));
  cloud_account_set_address (account, cloud_account_get_address (from));
  for (guint i = 0; i < CLOUD_ENDPOINT_N_KINDS; i++)
    {
      const CloudEndpoint *service = cloud_account_get_endpoint (from, (CloudEndpointKind) i);

      if (service != NULL)
        cloud_account_set_endpoint (account, service);
      else
        cloud_account_remove_endpoint (account, (CloudEndpointKind) i);
    }
}

/* The list becomes @fresh with as few signals as possible: accounts that stay keep their objects and places. */
static void
update_list (CloudAccounts *self, GPtrArray *fresh)
{
  for (guint i = self->list->len; i > 0; i--)
    if (!is_among (fresh, cloud_account_get_uuid (self->list->pdata[i - 1])))
      {
        g_ptr_array_remove_index (self->list, i - 1);
        g_list_model_items_changed (G_LIST_MODEL (self), i - 1, 1, 0);
      }
  for (guint i = 0; i < fresh->len; i++)
    {
      CloudAccount *known = cloud_accounts_lookup (self, cloud_account_get_uuid (fresh->pdata[i]));

      if (known != NULL)
        take_over (known, fresh->pdata[i]);
      else
        {
          g_ptr_array_add (self->list, g_object_ref (fresh->pdata[i]));
          g_list_model_items_changed (G_LIST_MODEL (self), self->list->len - 1, 0, 1);
        }
    }
}

static void
set_aside (CloudAccounts *self)
{
  gint64 now_s = g_get_real_time () / G_USEC_PER_SEC;

  g_free (self->damaged_path);
  self->damaged_path = g_strdup_printf ("%s.damaged-%" G_GINT64_FORMAT, self->path, now_s);
  if (g_rename (self->path, self->damaged_path) != 0)
    g_warning ("The damaged accounts file cannot be set aside: %s", g_strerror (errno));
}

gboolean
cloud_accounts_reload (CloudAccounts *self, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GPtrArray) fresh = NULL;
  g_auto (GStrv) unused = NULL;
  g_autoptr (GError) why = NULL;
  gsize length;

  g_return_val_if_fail (CLOUD_IS_ACCOUNTS (self), FALSE);

  text = read_file (self->path, &length, &why);
  if (text != NULL && length == 0)
    fresh = g_ptr_array_new ();
  else if (text != NULL)
    fresh = parse_file (text, length, &unused, &why);
  if (fresh == NULL)
    {
      if (g_error_matches (why, CLOUD_ERROR, CLOUD_ERROR_CORRUPT))
        set_aside (self);
      g_propagate_error (error, g_steal_pointer (&why));
      return FALSE;
    }
  g_strfreev (self->unused);
  self->unused = unused != NULL ? g_steal_pointer (&unused) : g_new0 (char *, 1);
  update_list (self, fresh);
  return TRUE;
}

static void
on_file_changed (GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (event == G_FILE_MONITOR_EVENT_CHANGED || event == G_FILE_MONITOR_EVENT_ATTRIBUTE_CHANGED)
    return; /* it is only ever replaced */
  if (!cloud_accounts_reload (data, &error))
    g_warning ("%s", error->message);
}

/* ---- Lifecycle ---- */

static void
cloud_accounts_finalize (GObject *object)
{
  CloudAccounts *self = CLOUD_ACCOUNTS (object);

  if (self->monitor != NULL)
    g_file_monitor_cancel (self->monitor);
  g_clear_object (&self->monitor);
  g_ptr_array_unref (self->list);
  g_strfreev (self->unused);
  g_free (self->path);
  g_free (self->damaged_path);
  G_OBJECT_CLASS (cloud_accounts_parent_class)->finalize (object);
}

static void
cloud_accounts_class_init (CloudAccountsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cloud_accounts_finalize;
}

static void
cloud_accounts_init (CloudAccounts *self)
{
  self->list = g_ptr_array_new_with_free_func (g_object_unref);
  self->unused = g_new0 (char *, 1);
}

CloudAccounts *
cloud_accounts_new (const char *path, GError **error)
{
  CloudAccounts *self = g_object_new (CLOUD_TYPE_ACCOUNTS, NULL);
  g_autofree char *folder = path == NULL ? cloud_paths_data_dir ("common") : NULL;
  g_autoptr (GFile) file = NULL;

  self->path = path != NULL ? g_strdup (path) : g_build_filename (folder, "accounts.json", NULL);
  file = g_file_new_for_path (self->path);
  self->monitor = g_file_monitor_file (file, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);
  if (self->monitor != NULL)
    {
      g_file_monitor_set_rate_limit (self->monitor, 100);
      g_signal_connect (self->monitor, "changed", G_CALLBACK (on_file_changed), self);
    }
  cloud_accounts_reload (self, error);
  return self;
}

CloudAccount *
cloud_accounts_lookup (CloudAccounts *self, const char *uuid)
{
  g_return_val_if_fail (CLOUD_IS_ACCOUNTS (self) && uuid != NULL, NULL);

  for (guint i = 0; i < self->list->len; i++)
    if (strcmp (cloud_account_get_uuid (self->list->pdata[i]), uuid) == 0)
      return self->list->pdata[i];
  return NULL;
}

CloudAccount *
cloud_accounts_find (CloudAccounts *self, const char *text)
{
  g_return_val_if_fail (CLOUD_IS_ACCOUNTS (self) && text != NULL, NULL);

  for (guint i = 0; i < self->list->len; i++)
    {
      CloudAccount *account = self->list->pdata[i];

      if (strcmp (cloud_account_get_uuid (account), text) == 0 || strcmp (cloud_account_get_name (account), text) == 0
          || g_ascii_strcasecmp (cloud_account_get_address (account), text) == 0)
        return g_object_ref (account);
    }
  return NULL;
}

const char *
cloud_accounts_get_damaged_path (CloudAccounts *self)
{
  g_return_val_if_fail (CLOUD_IS_ACCOUNTS (self), NULL);
  return self->damaged_path;
}

const char *const *
cloud_accounts_get_unused_credentials (CloudAccounts *self)
{
  g_return_val_if_fail (CLOUD_IS_ACCOUNTS (self), NULL);
  return (const char *const *) self->unused;
}

static Change *
change_new (CloudAccounts *self, const char *uuid, json_t *account)
{
  Change *change = g_new (Change, 1);

  *change = (Change){ g_strdup (self->path), g_strdup (uuid), account, NULL };
  return change;
}

static void
change_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (write_change (data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
start_change (CloudAccounts *self, Change *change, gpointer tag, GCancellable *cancellable, GAsyncReadyCallback callback,
              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_check_cancellable (task, FALSE); /* an accepted change is carried out */
  g_task_set_task_data (task, change, change_free);
  g_task_run_in_thread (task, change_thread);
}

static gboolean
finish_change (CloudAccounts *self, GAsyncResult *result, GError **error)
{
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  return cloud_accounts_reload (self, error);
}

static gboolean
change_now (CloudAccounts *self, Change *change, GError **error)
{
  gboolean done = write_change (change, error) && cloud_accounts_reload (self, error);

  change_free (change);
  return done;
}

void
cloud_accounts_save_async (CloudAccounts *self, CloudAccount *account, GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (CLOUD_IS_ACCOUNTS (self) && CLOUD_IS_ACCOUNT (account));
  start_change (self, change_new (self, cloud_account_get_uuid (account), account_to_json (account)), cloud_accounts_save_async,
                cancellable, callback, user_data);
}

gboolean
cloud_accounts_save_finish (CloudAccounts *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return finish_change (self, result, error);
}

gboolean
cloud_accounts_save_sync (CloudAccounts *self, CloudAccount *account, GError **error)
{
  g_return_val_if_fail (CLOUD_IS_ACCOUNTS (self) && CLOUD_IS_ACCOUNT (account), FALSE);
  return change_now (self, change_new (self, cloud_account_get_uuid (account), account_to_json (account)), error);
}

void
cloud_accounts_remove_async (CloudAccounts *self, const char *uuid, GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_return_if_fail (CLOUD_IS_ACCOUNTS (self) && uuid != NULL);
  start_change (self, change_new (self, uuid, NULL), cloud_accounts_remove_async, cancellable, callback, user_data);
}

gboolean
cloud_accounts_remove_finish (CloudAccounts *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return finish_change (self, result, error);
}

gboolean
cloud_accounts_remove_sync (CloudAccounts *self, const char *uuid, GError **error)
{
  g_return_val_if_fail (CLOUD_IS_ACCOUNTS (self) && uuid != NULL, FALSE);
  return change_now (self, change_new (self, uuid, NULL), error);
}

void
cloud_accounts_forget_credentials_async (CloudAccounts *self, const char *const *references, GCancellable *cancellable, GAsyncReadyCallback callback,
                                         gpointer user_data)
{
  Change *change;

  g_return_if_fail (CLOUD_IS_ACCOUNTS (self) && references != NULL);

  change = change_new (self, NULL, NULL);
  change->forgotten = g_strdupv ((char **) references);
  start_change (self, change, cloud_accounts_forget_credentials_async, cancellable, callback, user_data);
}

gboolean
cloud_accounts_forget_credentials_finish (CloudAccounts *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return finish_change (self, result, error);
}

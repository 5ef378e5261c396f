/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-engine-private.h"

#include <string.h>

/* A folder in a list. */

enum
{
  PROP_0,
  PROP_ID,
  PROP_NAME,
  PROP_PATH,
  PROP_ROLE,
  PROP_DEPTH,
  PROP_UNREAD,
  PROP_TOTAL,
  PROP_SELECTABLE,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

struct _MailerFolder
{
  GObject parent_instance;
  MailerAccount *account; /* (unowned): it owns its folders */
  gint64 id;
  char *path;
  char *name;
  MailerRole role;
  guint depth, unread, total;
  gboolean selectable;
};

G_DEFINE_FINAL_TYPE (MailerFolder, mailer_folder, G_TYPE_OBJECT)

static void
mailer_folder_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MailerFolder *self = MAILER_FOLDER (object);

  switch (id)
    {
    case PROP_ID:
      g_value_set_int64 (value, self->id);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_PATH:
      g_value_set_string (value, self->path);
      break;
    case PROP_ROLE:
      g_value_set_int (value, self->role);
      break;
    case PROP_DEPTH:
      g_value_set_uint (value, self->depth);
      break;
    case PROP_UNREAD:
      g_value_set_uint (value, self->unread);
      break;
    case PROP_TOTAL:
      g_value_set_uint (value, self->total);
      break;
    case PROP_SELECTABLE:
      g_value_set_boolean (value, self->selectable);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
mailer_folder_finalize (GObject *object)
{
  MailerFolder *self = MAILER_FOLDER (object);

  g_free (self->path);
  g_free (self->name);
  G_OBJECT_CLASS (mailer_folder_parent_class)->finalize (object);
}

static void
mailer_folder_class_init (MailerFolderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = mailer_folder_get_property;
  object_class->finalize = mailer_folder_finalize;
  props[PROP_ID] = g_param_spec_int64 ("id", NULL, NULL, 0, G_MAXINT64, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, "", G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, "", G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_ROLE] = g_param_spec_int ("role", NULL, NULL, 0, G_MAXINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_DEPTH] = g_param_spec_uint ("depth", NULL, NULL, 0, G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_UNREAD] = g_param_spec_uint ("unread", NULL, NULL, 0, G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_TOTAL] = g_param_spec_uint ("total", NULL, NULL, 0, G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_SELECTABLE] = g_param_spec_boolean ("selectable", NULL, NULL, TRUE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
mailer_folder_init (MailerFolder *self)
{
}

MailerFolder *
mailer_folder_new (MailerAccount *account, const MailerFolderRow *row)
{
  MailerFolder *self = g_object_new (MAILER_TYPE_FOLDER, NULL);

  self->account = account;
  self->id = row->id;
  mailer_folder_update (self, row);
  return self;
}

void
mailer_folder_update (MailerFolder *self, const MailerFolderRow *row)
{
  GObject *object = G_OBJECT (self);

  g_object_freeze_notify (object);
  if (g_strcmp0 (self->path, row->path) != 0)
    {
      const char *slash = strrchr (row->path, '/');

      g_free (self->path);
      self->path = g_strdup (row->path);
      g_free (self->name);
      self->name = g_strdup (slash != NULL && slash[1] != '\0' ? slash + 1 : row->path);
      self->depth = 0;
      for (const char *p = row->path; *p != '\0'; p++)
        self->depth += *p == '/';
      g_object_notify_by_pspec (object, props[PROP_PATH]);
      g_object_notify_by_pspec (object, props[PROP_NAME]);
      g_object_notify_by_pspec (object, props[PROP_DEPTH]);
    }
  if (self->role != row->role)
    {
      self->role = row->role;
      g_object_notify_by_pspec (object, props[PROP_ROLE]);
    }
  if (self->unread != row->unread)
    {
      self->unread = row->unread;
      g_object_notify_by_pspec (object, props[PROP_UNREAD]);
    }
  if (self->total != row->total)
    {
      self->total = row->total;
      g_object_notify_by_pspec (object, props[PROP_TOTAL]);
    }
  if (self->selectable != row->selectable)
    {
      self->selectable = row->selectable;
      g_object_notify_by_pspec (object, props[PROP_SELECTABLE]);
    }
  g_object_thaw_notify (object);
}

gint64
mailer_folder_get_id (MailerFolder *self)
{
  g_return_val_if_fail (MAILER_IS_FOLDER (self), 0);
  return self->id;
}

MailerAccount *
mailer_folder_get_account (MailerFolder *self)
{
  g_return_val_if_fail (MAILER_IS_FOLDER (self), NULL);
  return self->account;
}

const char *
mailer_folder_get_name (MailerFolder *self)
{
  g_return_val_if_fail (MAILER_IS_FOLDER (self), NULL);
  return self->name;
}

const char *
mailer_folder_get_path (MailerFolder *self)
{
  g_return_val_if_fail (MAILER_IS_FOLDER (self), NULL);
  return self->path;
}

MailerRole
mailer_folder_get_role (MailerFolder *self)
{
  g_return_val_if_fail (MAILER_IS_FOLDER (self), MAILER_ROLE_NONE);
  return self->role;
}

guint
mailer_folder_get_depth (MailerFolder *self)
{
  g_return_val_if_fail (MAILER_IS_FOLDER (self), 0);
  return self->depth;
}

guint
mailer_folder_get_unread (MailerFolder *self)
{
  g_return_val_if_fail (MAILER_IS_FOLDER (self), 0);
  return self->unread;
}

guint
mailer_folder_get_total (MailerFolder *self)
{
  g_return_val_if_fail (MAILER_IS_FOLDER (self), 0);
  return self->total;
}

gboolean
mailer_folder_is_selectable (MailerFolder *self)
{
  g_return_val_if_fail (MAILER_IS_FOLDER (self), FALSE);
  return self->selectable;
}

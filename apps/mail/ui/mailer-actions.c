/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer-ui"

#include "mailer-actions.h"

#include "cirrus-common.h"

#include <glib/gi18n.h>

#define LAST_UNDO "mailer-last-undo" /* on the engine */

/* From a button to the engine and to the toast that takes it back. */

typedef struct
{
  GWeakRef widget;
  MailerEngine *engine;
  MailerAction action;
  char *folder; /* (nullable): the target's name */
  GVariant *undo;
} Deed;

static void
deed_free (gpointer data)
{
  Deed *self = data;

  g_weak_ref_clear (&self->widget);
  g_object_unref (self->engine);
  g_free (self->folder);
  g_clear_pointer (&self->undo, g_variant_unref);
  g_free (self);
}

/* ---- Taking back ---- */

static void
on_undone (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) widget = user_data;
  g_autoptr (GError) error = NULL;

  if (!mailer_engine_undo_finish (MAILER_ENGINE (source), result, &error) && cirrus_error_sentence (error) != NULL
      && gtk_widget_get_root (widget) != NULL)
    cirrus_toast (widget, cirrus_error_sentence (error));
}

static void
on_undo_clicked (Deed *self)
{
  g_autoptr (GtkWidget) widget = g_weak_ref_get (&self->widget);

  if (g_object_get_data (G_OBJECT (self->engine), LAST_UNDO) == self->undo)
    g_object_set_data (G_OBJECT (self->engine), LAST_UNDO, NULL);
  if (widget != NULL)
    mailer_engine_undo_async (self->engine, self->undo, NULL, on_undone, g_steal_pointer (&widget));
}

void
mailer_actions_undo_last (GtkWidget *widget, MailerEngine *engine)
{
  g_autoptr (GVariant) undo = NULL;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (MAILER_IS_ENGINE (engine));

  undo = g_object_steal_data (G_OBJECT (engine), LAST_UNDO);
  if (undo != NULL)
    mailer_engine_undo_async (engine, undo, NULL, on_undone, g_object_ref (widget));
}

/* ---- Doing ---- */

/* (transfer full) (nullable): nothing is said where the screen shows it anyway. */
static char *
describe (const Deed *self)
{
  switch (self->action)
    {
    case MAILER_ACTION_ARCHIVE:
      return g_strdup (_ ("Archived"));
    case MAILER_ACTION_JUNK:
      return g_strdup (_ ("Moved to Junk"));
    case MAILER_ACTION_DELETE:
      return g_strdup (_ ("Deleted"));
    case MAILER_ACTION_MOVE:
      return g_strdup_printf (_ ("Moved to %s"), self->folder);
    case MAILER_ACTION_MARK_UNREAD:
      return g_strdup (_ ("Marked as unread"));
    default:
      return NULL;
    }
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Deed *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) undo = mailer_engine_act_finish (MAILER_ENGINE (source), result, &error);
  g_autoptr (GtkWidget) widget = g_weak_ref_get (&self->widget);
  g_autofree char *sentence = describe (self);

  if (widget == NULL || gtk_widget_get_root (widget) == NULL)
    deed_free (self);
  else if (error != NULL)
    {
      if (cirrus_error_sentence (error) != NULL)
        cirrus_toast (widget, cirrus_error_sentence (error));
      deed_free (self);
    }
  else if (undo != NULL && sentence != NULL)
    {
      self->undo = g_steal_pointer (&undo);
      g_object_set_data_full (G_OBJECT (self->engine), LAST_UNDO, g_variant_ref (self->undo), (GDestroyNotify) g_variant_unref);
      cirrus_toast_with_button (widget, sentence, _ ("Undo"), G_CALLBACK (on_undo_clicked), G_CALLBACK (deed_free), self);
    }
  else
    deed_free (self);
}

gboolean
mailer_actions_takes_away (MailerAction action)
{
  return action == MAILER_ACTION_ARCHIVE || action == MAILER_ACTION_JUNK || action == MAILER_ACTION_DELETE || action == MAILER_ACTION_MOVE;
}

void
mailer_actions_run (GtkWidget *widget, MailerEngine *engine, gpointer item, MailerAction action, MailerFolder *target)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  Deed *deed = NULL;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (MAILER_IS_CONVERSATION (item) || MAILER_IS_MESSAGE_ITEM (item));
  g_return_if_fail ((action == MAILER_ACTION_MOVE) == (target != NULL));

  deed = g_new0 (Deed, 1);
  g_weak_ref_init (&deed->widget, widget);
  deed->engine = g_object_ref (engine);
  deed->action = action;
  deed->folder = target != NULL ? g_strdup (mailer_actions_folder_title (target)) : NULL;
  g_ptr_array_add (items, g_object_ref (item));
  mailer_engine_act_async (engine, items, action, target, NULL, on_done, deed);
}

/* ---- Names ---- */

const char *
mailer_actions_folder_title (MailerFolder *folder)
{
  switch (mailer_folder_get_role (folder))
    {
    case MAILER_ROLE_INBOX:
      return _ ("Inbox");
    case MAILER_ROLE_DRAFTS:
      return _ ("Drafts");
    case MAILER_ROLE_SENT:
      return _ ("Sent");
    case MAILER_ROLE_ARCHIVE:
      return _ ("Archive");
    case MAILER_ROLE_JUNK:
      return _ ("Junk");
    case MAILER_ROLE_TRASH:
      return _ ("Trash");
    case MAILER_ROLE_ALL:
      return _ ("All Mail");
    default:
      return mailer_folder_get_name (folder);
    }
}

const char *
mailer_actions_folder_icon (MailerRole role)
{
  switch (role)
    {
    case MAILER_ROLE_INBOX:
      return "cirrus-inbox-symbolic";
    case MAILER_ROLE_DRAFTS:
      return "cirrus-draft-symbolic";
    case MAILER_ROLE_SENT:
      return "mail-send-symbolic";
    case MAILER_ROLE_ARCHIVE:
    case MAILER_ROLE_ALL:
      return "cirrus-archive-symbolic";
    case MAILER_ROLE_JUNK:
      return "mail-mark-junk-symbolic";
    case MAILER_ROLE_TRASH:
      return "user-trash-symbolic";
    default:
      return "folder-symbolic";
    }
}

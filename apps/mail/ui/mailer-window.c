/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer-ui"

#include "mailer-window.h"

#include "mailer-account-page.h"
#include "mailer-actions.h"
#include "mailer-composer.h"
#include "mailer-drafts-page.h"
#include "mailer-engine.h"
#include "mailer-folder-list.h"
#include "mailer-message-list.h"
#include "mailer-message-view.h"
#include "mailer-move-page.h"
#include "mailer-outbox-page.h"

#include <glib/gi18n.h>

/* Mail's window: opens the engine and brings folders, list and message together. */

#define FOLDERS_WIDTH 230
#define LIST_WIDTH 340

struct _MailerWindow
{
  CirrusWindow parent_instance;
  MailerEngine *engine;
  GCancellable *cancellable;
  char *waiting_uri; /* until the mail is open */

  CirrusShell *shell;   /* around everything: forms are pushed here */
  CirrusShell *panes;   /* "lists" | "message" */
  CirrusShell *lists;   /* "folders" | "list" */
  CirrusPage *starting; /* until the engine is open */
  GtkWidget *menu_button;
  GtkStack *stack; /* "starting", "welcome", "mail" */
  MailerMessageList *list;
  MailerMessageView *view;
};

G_DEFINE_FINAL_TYPE (MailerWindow, mailer_window, CIRRUS_TYPE_WINDOW)

static void open_mail (MailerWindow *self);

/* ---- One conversation ---- */

static void
update_actions (MailerWindow *self)
{
  static const char *const names[] = { "win.archive", "win.delete", "win.junk", "win.move", "win.star", "win.unread",
                                       "win.reply", "win.reply-all", "win.forward" };
  gboolean is_open = self->view != NULL && mailer_message_view_get_item (self->view) != NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), names[i], is_open);
}

static void
show_item (MailerWindow *self, gpointer item)
{
  gboolean unread = FALSE;

  mailer_message_view_show (self->view, item);
  update_actions (self);
  if (item == NULL)
    return;
  cirrus_shell_pop_all (self->shell);
  cirrus_shell_show_pane (self->panes, "message");
  g_object_get (item, "unread", &unread, NULL);
  if (unread)
    mailer_actions_run (GTK_WIDGET (self), self->engine, item, MAILER_ACTION_MARK_READ, NULL);
}

static void
on_message_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MailerWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MailerConversation) conversation = mailer_engine_find_message_finish (MAILER_ENGINE (source), result, &error);

  if (conversation != NULL)
    show_item (self, conversation);
  else if (cirrus_error_sentence (error) != NULL)
    cirrus_toast (GTK_WIDGET (self), cirrus_error_sentence (error));
}

/* A hit stands for the conversation around it; where it cannot be named it is shown alone. */
static void
on_opened (MailerWindow *self, GObject *item)
{
  if (MAILER_IS_CONVERSATION (item))
    {
      if (mailer_message_view_get_item (self->view) != item || cirrus_shell_get_folded (self->panes))
        show_item (self, item);
      return;
    }
  item = G_OBJECT (mailer_hit_get_item (MAILER_HIT (item)));
  if (*mailer_message_item_get_message_id (MAILER_MESSAGE_ITEM (item)) == '\0')
    show_item (self, item);
  else
    mailer_engine_find_message_async (self->engine, mailer_message_item_get_message_id (MAILER_MESSAGE_ITEM (item)), self->cancellable,
                                      on_message_found, g_object_ref (self));
}

static void
on_folder_chosen (MailerWindow *self, MailerFolder *folder)
{
  mailer_message_list_show_folder (self->list, folder);
  cirrus_shell_show_pane (self->lists, "list");
}

/* On a phone a message that was left is not the open one any more. */
static void
on_layout_changed (MailerWindow *self)
{
  if (!cirrus_shell_get_folded (self->panes) || g_strcmp0 (cirrus_shell_get_visible_pane (self->panes), "message") == 0)
    return;
  mailer_message_list_unselect (self->list);
}

/* The message goes from the list: the next one takes its place, on a phone the list. */
static void
leave_item (MailerWindow *self)
{
  gpointer item = mailer_message_view_get_item (self->view);

  if (cirrus_shell_get_folded (self->panes) || !mailer_message_list_select_next (self->list, item))
    {
      cirrus_shell_show_pane (self->panes, "lists");
      mailer_message_list_unselect (self->list);
      show_item (self, NULL);
    }
}

static void
run_action (MailerWindow *self, MailerAction action, MailerFolder *target)
{
  g_autoptr (GObject) item = NULL;

  if (mailer_message_view_get_item (self->view) == NULL)
    return;
  item = g_object_ref (mailer_message_view_get_item (self->view));
  mailer_actions_run (GTK_WIDGET (self), self->engine, item, action, target);
  if (mailer_actions_takes_away (action) || action == MAILER_ACTION_MARK_UNREAD)
    leave_item (self);
}

/* ---- Actions ---- */

static void
act_archive (GtkWidget *widget, const char *action, GVariant *parameter)
{
  run_action (MAILER_WINDOW (widget), MAILER_ACTION_ARCHIVE, NULL);
}

static void
act_junk (GtkWidget *widget, const char *action, GVariant *parameter)
{
  run_action (MAILER_WINDOW (widget), MAILER_ACTION_JUNK, NULL);
}

/* Another message may have been opened, by a link, while the question stood: only what it was about is deleted. */
static void
on_delete_answer (gboolean yes, gpointer user_data)
{
  g_autoptr (MailerWindow) self = user_data;
  g_autoptr (GObject) asked = g_object_steal_data (G_OBJECT (self), "mailer-asked");

  if (yes && asked == mailer_message_view_get_item (self->view))
    run_action (self, MAILER_ACTION_DELETE, NULL);
}

static void
act_delete (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MailerWindow *self = MAILER_WINDOW (widget);
  MailerFolder *folder = mailer_message_list_get_folder (self->list);

  if (folder != NULL && mailer_folder_get_role (folder) == MAILER_ROLE_TRASH && mailer_message_view_get_item (self->view) != NULL)
    {
      g_object_set_data_full (G_OBJECT (self), "mailer-asked", g_object_ref (mailer_message_view_get_item (self->view)), g_object_unref);
      cirrus_ask (widget, _ ("Delete for Good?"), _ ("It is in the trash already and cannot be brought back afterwards."), _ ("Delete"), TRUE,
                  on_delete_answer, g_object_ref (self));
    }
  else
    run_action (self, MAILER_ACTION_DELETE, NULL);
}

static void
act_unread (GtkWidget *widget, const char *action, GVariant *parameter)
{
  run_action (MAILER_WINDOW (widget), MAILER_ACTION_MARK_UNREAD, NULL);
}

static void
act_star (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MailerWindow *self = MAILER_WINDOW (widget);
  gboolean starred = FALSE;

  if (mailer_message_view_get_item (self->view) == NULL)
    return;
  g_object_get (mailer_message_view_get_item (self->view), "starred", &starred, NULL);
  run_action (self, starred ? MAILER_ACTION_UNSTAR : MAILER_ACTION_STAR, NULL);
}

static void
on_target_chosen (MailerFolder *folder, gpointer user_data)
{
  run_action (user_data, MAILER_ACTION_MOVE, folder);
}

static void
act_undo (GtkWidget *widget, const char *action, GVariant *parameter)
{
  if (MAILER_WINDOW (widget)->engine != NULL)
    mailer_actions_undo_last (widget, MAILER_WINDOW (widget)->engine);
}

static void
act_move (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MailerWindow *self = MAILER_WINDOW (widget);
  g_autoptr (MailerAccount) account = NULL;

  if (mailer_message_view_get_item (self->view) == NULL)
    return;
  g_object_get (mailer_message_view_get_item (self->view), "account", &account, NULL);
  cirrus_shell_push (self->shell, mailer_move_page_new (account, on_target_chosen, self));
}

static void
act_search (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MailerWindow *self = MAILER_WINDOW (widget);

  if (self->list == NULL)
    return;
  cirrus_shell_pop_all (self->shell);
  cirrus_shell_show_pane (self->panes, "lists");
  cirrus_shell_show_pane (self->lists, "list");
  mailer_message_list_begin_search (self->list);
}

static void
act_sync (GtkWidget *widget, const char *action, GVariant *parameter)
{
  if (MAILER_WINDOW (widget)->engine != NULL)
    mailer_engine_sync (MAILER_WINDOW (widget)->engine, NULL);
}

/* ---- Writing and accounts ---- */

static void
push_draft (MailerWindow *self, MailerDraft *draft)
{
  GtkWidget *composer = mailer_composer_new (self->engine, draft);

  cirrus_shell_push (self->shell, composer);
  mailer_composer_focus (composer);
}

static void
act_compose (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MailerWindow *self = MAILER_WINDOW (widget);
  MailerFolder *folder = NULL;
  g_autoptr (MailerAccount) account = NULL;
  g_autoptr (MailerDraft) draft = NULL;

  if (self->list == NULL)
    return;
  folder = mailer_message_list_get_folder (self->list);
  account = folder != NULL ? g_object_ref (mailer_folder_get_account (folder))
                           : g_list_model_get_item (mailer_engine_get_accounts (self->engine), 0);
  if (account == NULL)
    return;
  draft = mailer_draft_new (self->engine, account);
  push_draft (self, draft);
}

static void
act_answer (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MailerWindow *self = MAILER_WINDOW (widget);
  MailerMessageItem *item = NULL;
  MailerBody *body = NULL;
  g_autoptr (MailerDraft) draft = NULL;

  if (!mailer_message_view_get_latest (self->view, &item, &body))
    {
      cirrus_toast (widget, _ ("The message is not here yet"));
      return;
    }
  if (g_str_equal (action, "win.forward"))
    draft = mailer_draft_new_forward (self->engine, item, body);
  else
    draft = mailer_draft_new_reply (self->engine, item, body, g_str_equal (action, "win.reply-all"));
  push_draft (self, draft);
}

static void
on_draft_chosen (MailerDraft *chosen, gpointer user_data)
{
  MailerWindow *self = user_data;
  g_autoptr (MailerDraft) draft = g_object_ref (chosen);

  cirrus_shell_pop_all (self->shell);
  push_draft (self, draft);
}

static void
act_drafts (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MailerWindow *self = MAILER_WINDOW (widget);

  if (self->engine != NULL)
    cirrus_shell_push (self->shell, mailer_drafts_page_new (self->engine, on_draft_chosen, self));
}

static void
act_outbox (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MailerWindow *self = MAILER_WINDOW (widget);

  if (self->engine != NULL)
    cirrus_shell_push (self->shell, mailer_outbox_page_new (self->engine));
}

static void
act_account (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MailerWindow *self = MAILER_WINDOW (widget);

  if (self->engine != NULL)
    cirrus_shell_push (self->shell, mailer_account_page_new (self->engine, mailer_engine_find_account (self->engine, g_variant_get_string (parameter, NULL))));
}

static void
act_add_account (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MailerWindow *self = MAILER_WINDOW (widget);

  if (self->engine != NULL)
    cirrus_shell_push (self->shell, mailer_account_page_new (self->engine, NULL));
}

static void
act_open (GtkWidget *widget, const char *action, GVariant *parameter)
{
  mailer_window_open_uri (MAILER_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

/* ---- Starting ---- */

static void
on_accounts_changed (MailerWindow *self)
{
  gboolean has_any = g_list_model_get_n_items (mailer_engine_get_accounts (self->engine)) > 0;

  gtk_stack_set_visible_child_name (self->stack, has_any ? "mail" : "welcome");
}

static GtkWidget *
create_mail (MailerWindow *self)
{
  GtkWidget *folders = mailer_folder_list_new (self->engine, self->menu_button);

  self->list = MAILER_MESSAGE_LIST (mailer_message_list_new (self->engine));
  self->view = MAILER_MESSAGE_VIEW (mailer_message_view_new ());
  self->panes = CIRRUS_SHELL (cirrus_shell_new ());
  self->lists = CIRRUS_SHELL (cirrus_shell_new ());
  cirrus_shell_add_pane (self->lists, "folders", folders, FOLDERS_WIDTH);
  cirrus_shell_add_pane (self->lists, "list", GTK_WIDGET (self->list), LIST_WIDTH);
  cirrus_shell_show_pane (self->lists, "list");
  cirrus_shell_add_pane (self->panes, "lists", GTK_WIDGET (self->lists), FOLDERS_WIDTH + LIST_WIDTH);
  cirrus_shell_add_pane (self->panes, "message", GTK_WIDGET (self->view), 0);
  g_signal_connect_swapped (folders, "chosen", G_CALLBACK (on_folder_chosen), self);
  g_signal_connect_swapped (self->list, "opened", G_CALLBACK (on_opened), self);
  g_signal_connect_swapped (self->panes, "layout-changed", G_CALLBACK (on_layout_changed), self);
  return GTK_WIDGET (self->panes);
}

static GtkWidget *
create_welcome (void)
{
  GtkWidget *view = cirrus_status_view_new ("mail", _ ("Welcome to Mail"),
                                            _ ("Add an account. Its messages are kept on this device, to be read and searched without a network."),
                                            _ ("Add an Account"));

  cirrus_status_view_set_action_name (CIRRUS_STATUS_VIEW (view), "win.add-account");
  return cirrus_page_new (_ ("Mail"), view);
}

static void
on_engine_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MailerWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MailerEngine) engine = mailer_engine_open_finish (result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (engine == NULL)
    {
      GtkWidget *view = cirrus_status_view_new ("error", "", "", NULL);

      cirrus_status_view_set_error (CIRRUS_STATUS_VIEW (view), error);
      g_signal_connect_swapped (view, "activated", G_CALLBACK (open_mail), self);
      cirrus_page_set_content (self->starting, view);
      return;
    }
  self->engine = g_steal_pointer (&engine);
  gtk_stack_add_named (self->stack, create_mail (self), "mail");
  g_signal_connect_object (mailer_engine_get_accounts (self->engine), "items-changed", G_CALLBACK (on_accounts_changed), self, G_CONNECT_SWAPPED);
  on_accounts_changed (self);
  update_actions (self);
  mailer_engine_sync (self->engine, NULL);
  if (self->waiting_uri != NULL)
    {
      g_autofree char *uri = g_steal_pointer (&self->waiting_uri);

      mailer_window_open_uri (self, uri);
    }
}

static void
open_mail (MailerWindow *self)
{
  cirrus_page_set_content (self->starting, cirrus_skeleton_list_new (10, 72, TRUE));
  mailer_engine_open_async (self->cancellable, on_engine_opened, g_object_ref (self));
}

static void
mailer_window_dispose (GObject *object)
{
  MailerWindow *self = MAILER_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->menu_button);
  g_clear_pointer (&self->waiting_uri, g_free);
  G_OBJECT_CLASS (mailer_window_parent_class)->dispose (object);
}

static void
mailer_window_finalize (GObject *object)
{
  MailerWindow *self = MAILER_WINDOW (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->engine);
  G_OBJECT_CLASS (mailer_window_parent_class)->finalize (object);
}

static void
mailer_window_class_init (MailerWindowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = mailer_window_dispose;
  G_OBJECT_CLASS (class)->finalize = mailer_window_finalize;
  gtk_widget_class_install_action (widget_class, "win.archive", NULL, act_archive);
  gtk_widget_class_install_action (widget_class, "win.junk", NULL, act_junk);
  gtk_widget_class_install_action (widget_class, "win.delete", NULL, act_delete);
  gtk_widget_class_install_action (widget_class, "win.unread", NULL, act_unread);
  gtk_widget_class_install_action (widget_class, "win.star", NULL, act_star);
  gtk_widget_class_install_action (widget_class, "win.move", NULL, act_move);
  gtk_widget_class_install_action (widget_class, "win.undo", NULL, act_undo);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, act_search);
  gtk_widget_class_install_action (widget_class, "win.sync", NULL, act_sync);
  gtk_widget_class_install_action (widget_class, "win.compose", NULL, act_compose);
  gtk_widget_class_install_action (widget_class, "win.reply", NULL, act_answer);
  gtk_widget_class_install_action (widget_class, "win.reply-all", NULL, act_answer);
  gtk_widget_class_install_action (widget_class, "win.forward", NULL, act_answer);
  gtk_widget_class_install_action (widget_class, "win.outbox", NULL, act_outbox);
  gtk_widget_class_install_action (widget_class, "win.drafts", NULL, act_drafts);
  gtk_widget_class_install_action (widget_class, "win.account", "s", act_account);
  gtk_widget_class_install_action (widget_class, "win.add-account", NULL, act_add_account);
  gtk_widget_class_install_action (widget_class, "win.open", "s", act_open);
}

static void
mailer_window_init (MailerWindow *self)
{
  self->cancellable = g_cancellable_new ();
}

MailerWindow *
mailer_window_new (CirrusApplication *application)
{
  MailerWindow *self = g_object_new (MAILER_TYPE_WINDOW, "application", application, "title", cirrus_application_get_title (application), NULL);
  g_autoptr (GMenu) menu = g_menu_new ();

  g_menu_append (menu, _ ("Look for New Mail"), "win.sync");
  g_menu_append (menu, _ ("Unsent Drafts"), "win.drafts");
  g_menu_append (menu, _ ("Outbox"), "win.outbox");
  g_menu_append (menu, _ ("Add an Account"), "win.add-account");
  self->menu_button = g_object_ref_sink (cirrus_application_create_menu_button (application, G_MENU_MODEL (menu)));
  self->stack = GTK_STACK (gtk_stack_new ());
  self->starting = CIRRUS_PAGE (cirrus_page_new (_ ("Mail"), NULL));
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->starting), "starting");
  gtk_stack_add_named (self->stack, create_welcome (), "welcome");
  self->shell = CIRRUS_SHELL (cirrus_shell_new ());
  cirrus_shell_add_pane (self->shell, "mail", GTK_WIDGET (self->stack), 0);
  cirrus_window_set_body (CIRRUS_WINDOW (self), GTK_WIDGET (self->shell));
  update_actions (self);
  open_mail (self);
  return self;
}

void
mailer_window_open_uri (MailerWindow *self, const char *uri)
{
  g_return_if_fail (MAILER_IS_WINDOW (self));
  g_return_if_fail (uri != NULL);

  if (self->engine == NULL)
    {
      g_free (self->waiting_uri);
      self->waiting_uri = g_strdup (uri);
    }
  else if (g_ascii_strncasecmp (uri, "mailto:", 7) == 0 && g_list_model_get_n_items (mailer_engine_get_accounts (self->engine)) > 0)
    {
      g_autoptr (MailerDraft) draft = mailer_draft_new_for_uri (self->engine, NULL, uri);

      push_draft (self, draft);
    }
  else if (g_ascii_strncasecmp (uri, "mid:", 4) == 0)
    mailer_engine_find_message_async (self->engine, uri, self->cancellable, on_message_found, g_object_ref (self));
  else
    cirrus_toast (GTK_WIDGET (self), _ ("This link cannot be opened here"));
}

MailerEngine *
mailer_window_get_engine (MailerWindow *self)
{
  g_return_val_if_fail (MAILER_IS_WINDOW (self), NULL);
  return self->engine;
}

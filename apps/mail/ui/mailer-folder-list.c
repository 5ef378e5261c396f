/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer-ui"

#include "mailer-folder-list.h"

#include "mailer-actions.h"

#include "cirrus-common.h"

#include <glib/gi18n.h>

/* Folders.  Each account has a list box of its own, bound to its model; choosing a row in one takes the mark off the others. */

enum
{
  CHOSEN,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

struct _MailerFolderList
{
  GtkWidget parent_instance;
  MailerEngine *engine;
  GtkWidget *page;
  GtkBox *column;
  GtkListBox *all;
  GtkBox *accounts;
  GtkListBox *outbox;
  GtkLabel *outbox_count;
  CirrusAgeChip *age;
};

G_DEFINE_FINAL_TYPE (MailerFolderList, mailer_folder_list, GTK_TYPE_WIDGET)

/* ---- Choosing ---- */

static void
unselect_others (GtkWidget *child, GtkListBox *but)
{
  for (; child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      if (GTK_IS_LIST_BOX (child) && GTK_LIST_BOX (child) != but)
        gtk_list_box_unselect_all (GTK_LIST_BOX (child));
      else if (GTK_IS_BOX (child))
        unselect_others (gtk_widget_get_first_child (child), but);
    }
}

static void
on_row_activated (GtkListBox *list, GtkListBoxRow *row, MailerFolderList *self)
{
  MailerFolder *folder = g_object_get_data (G_OBJECT (row), "folder");

  unselect_others (gtk_widget_get_first_child (GTK_WIDGET (self->column)), list);
  if (list == self->outbox)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.outbox", NULL);
  else
    g_signal_emit (self, signals[CHOSEN], 0, folder);
}

/* ---- Rows ---- */

static GtkWidget *
create_row (const char *icon, const char *title, GtkLabel **unread)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new (title);
  GtkWidget *count = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (count, "unread");
  gtk_widget_add_css_class (count, "numeric");
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (icon));
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), count);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  *unread = GTK_LABEL (count);
  return row;
}

static void
show_count (GtkWidget *row, GtkLabel *label, const char *title, guint n)
{
  g_autofree char *text = n > 0 ? g_strdup_printf ("%u", n) : g_strdup ("");
  g_autofree char *name = n > 0 ? g_strdup_printf (ngettext ("%s, %u unread", "%s, %u unread", n), title, n) : g_strdup (title);

  gtk_label_set_text (label, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
on_folder_changed (GtkWidget *row, GParamSpec *pspec, MailerFolder *folder)
{
  show_count (row, g_object_get_data (G_OBJECT (row), "unread"), mailer_actions_folder_title (folder), mailer_folder_get_unread (folder));
}

static GtkWidget *
create_folder_row (gpointer item, gpointer user_data)
{
  MailerFolder *folder = item;
  GtkLabel *unread = NULL;
  GtkWidget *row = create_row (mailer_actions_folder_icon (mailer_folder_get_role (folder)), mailer_actions_folder_title (folder), &unread);

  gtk_widget_set_margin_start (gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (row)), 18 * MIN (mailer_folder_get_depth (folder), 6));
  gtk_widget_set_sensitive (row, mailer_folder_is_selectable (folder));
  g_object_set_data_full (G_OBJECT (row), "folder", g_object_ref (folder), g_object_unref);
  g_object_set_data (G_OBJECT (row), "unread", unread);
  g_signal_connect_object (folder, "notify::unread", G_CALLBACK (on_folder_changed), row, G_CONNECT_SWAPPED);
  on_folder_changed (row, NULL, folder);
  return row;
}

static GtkWidget *
create_list (MailerFolderList *self, const char *label)
{
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_SINGLE);
  gtk_widget_add_css_class (list, "navigation-sidebar");
  gtk_widget_add_css_class (list, "mail-folders");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect (list, "row-activated", G_CALLBACK (on_row_activated), self);
  return list;
}

/* ---- Accounts ---- */

static GtkWidget *
create_account_title (MailerAccount *account)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (mailer_account_get_name (account));

  g_object_bind_property (account, "name", label, "label", G_BINDING_DEFAULT);
  gtk_widget_add_css_class (label, "section-title");
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), label);
  if (!mailer_account_is_local (account))
    {
      g_autofree char *name = g_strdup_printf (_ ("Settings of %s"), mailer_account_get_name (account));
      GtkWidget *button = cirrus_icon_button_new ("emblem-system-symbolic", name, NULL);

      gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", mailer_account_get_id (account));
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.account");
      gtk_widget_set_margin_end (button, 6);
      gtk_box_append (GTK_BOX (box), button);
    }
  return box;
}

static GtkWidget *
create_account (MailerFolderList *self, MailerAccount *account)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *list = create_list (self, mailer_account_get_name (account));

  gtk_list_box_bind_model (GTK_LIST_BOX (list), mailer_account_get_folders (account), create_folder_row, self, NULL);
  gtk_box_append (GTK_BOX (box), create_account_title (account));
  gtk_box_append (GTK_BOX (box), list);
  return box;
}

static void
update_age (MailerFolderList *self)
{
  GListModel *accounts = mailer_engine_get_accounts (self->engine);
  gint64 oldest = 0;
  gboolean stale = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr (MailerAccount) account = g_list_model_get_item (accounts, i);
      gint64 last = mailer_account_get_last_sync (account);

      if (mailer_account_is_local (account) || last == 0)
        continue;
      oldest = oldest == 0 ? last : MIN (oldest, last);
      stale = stale || mailer_account_get_error (account) != NULL;
    }
  cirrus_age_chip_set_time (self->age, oldest);
  cirrus_age_chip_set_stale (self->age, stale);
}

static void
on_accounts_changed (MailerFolderList *self)
{
  GListModel *accounts = mailer_engine_get_accounts (self->engine);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->accounts))) != NULL)
    gtk_box_remove (self->accounts, child);
  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr (MailerAccount) account = g_list_model_get_item (accounts, i);

      gtk_box_append (self->accounts, create_account (self, account));
      g_signal_handlers_disconnect_by_func (account, update_age, self);
      g_signal_connect_object (account, "notify::last-sync", G_CALLBACK (update_age), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (account, "notify::error", G_CALLBACK (update_age), self, G_CONNECT_SWAPPED);
    }
  update_age (self);
}

static void
on_unread_changed (MailerFolderList *self)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->all, 0);

  show_count (GTK_WIDGET (row), g_object_get_data (G_OBJECT (row), "unread"), _ ("All Inboxes"), mailer_engine_get_unread (self->engine));
}

static void
on_outbox_changed (MailerFolderList *self)
{
  guint n = g_list_model_get_n_items (mailer_engine_get_outbox (self->engine));
  g_autofree char *text = g_strdup_printf ("%u", n);

  gtk_label_set_text (self->outbox_count, text);
  gtk_widget_set_visible (GTK_WIDGET (self->outbox), n > 0);
}

/* ---- Making it ---- */

static void
fill_fixed_rows (MailerFolderList *self)
{
  GtkLabel *unread = NULL;
  GtkWidget *row = create_row ("cirrus-inbox-symbolic", _ ("All Inboxes"), &unread);
  GtkWidget *outbox = create_row ("cirrus-outbox-symbolic", _ ("Outbox"), &self->outbox_count);

  g_object_set_data (G_OBJECT (row), "unread", unread);
  gtk_list_box_append (self->all, row);
  gtk_list_box_select_row (self->all, GTK_LIST_BOX_ROW (row));
  gtk_accessible_update_property (GTK_ACCESSIBLE (outbox), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Outbox"), -1);
  gtk_list_box_append (self->outbox, outbox);
}

static void
mailer_folder_list_dispose (GObject *object)
{
  MailerFolderList *self = MAILER_FOLDER_LIST (object);

  g_clear_pointer (&self->page, gtk_widget_unparent);
  g_clear_object (&self->engine);
  G_OBJECT_CLASS (mailer_folder_list_parent_class)->dispose (object);
}

static void
mailer_folder_list_class_init (MailerFolderListClass *class)
{
  G_OBJECT_CLASS (class)->dispose = mailer_folder_list_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);

  signals[CHOSEN] = g_signal_new ("chosen", MAILER_TYPE_FOLDER_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, MAILER_TYPE_FOLDER);
}

static void
mailer_folder_list_init (MailerFolderList *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *chips = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->column = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  self->all = GTK_LIST_BOX (create_list (self, _ ("All Inboxes")));
  self->accounts = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  self->outbox = GTK_LIST_BOX (create_list (self, _ ("Outbox")));
  self->age = CIRRUS_AGE_CHIP (cirrus_age_chip_new ());
  gtk_list_box_set_selection_mode (self->outbox, GTK_SELECTION_NONE);
  gtk_box_append (GTK_BOX (chips), cirrus_sample_chip_new ());
  gtk_box_append (GTK_BOX (chips), GTK_WIDGET (self->age));
  gtk_widget_set_halign (chips, GTK_ALIGN_START);
  gtk_widget_set_margin_start (chips, 18);
  gtk_widget_set_margin_top (chips, 12);
  gtk_widget_set_margin_bottom (chips, 12);
  gtk_box_append (self->column, GTK_WIDGET (self->all));
  gtk_box_append (self->column, GTK_WIDGET (self->outbox));
  gtk_box_append (self->column, GTK_WIDGET (self->accounts));
  gtk_box_append (self->column, chips);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->column));
  gtk_widget_set_vexpand (scrolled, TRUE);
  self->page = cirrus_page_new (_ ("Mail"), scrolled);
  gtk_widget_set_parent (self->page, GTK_WIDGET (self));
}

GtkWidget *
mailer_folder_list_new (MailerEngine *engine, GtkWidget *menu_button)
{
  MailerFolderList *self = g_object_new (MAILER_TYPE_FOLDER_LIST, NULL);

  self->engine = g_object_ref (engine);
  fill_fixed_rows (self);
  cirrus_page_pack_end (CIRRUS_PAGE (self->page), menu_button);
  g_signal_connect_object (mailer_engine_get_accounts (engine), "items-changed", G_CALLBACK (on_accounts_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (mailer_engine_get_outbox (engine), "items-changed", G_CALLBACK (on_outbox_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (engine, "notify::unread", G_CALLBACK (on_unread_changed), self, G_CONNECT_SWAPPED);
  on_accounts_changed (self);
  on_outbox_changed (self);
  on_unread_changed (self);
  return GTK_WIDGET (self);
}

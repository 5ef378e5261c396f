/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer-ui"

#include "mailer-drafts-page.h"

#include "mailer-list-page.h"

#include "cirrus-common.h"

#include <glib/gi18n.h>

/* The drafts.  They are read again each time the page comes on screen: one may have been sent or discarded meanwhile. */

typedef struct
{
  MailerEngine *engine;
  GtkListBox *list;
  MailerDraftChosen chosen;
  gpointer user_data;
} Drafts;

static void
drafts_free (gpointer data)
{
  Drafts *self = data;

  g_object_unref (self->engine);
  g_free (self);
}

static GtkWidget *
create_row (MailerDraft *draft)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *subject = NULL;
  g_autofree char *to = NULL;

  g_object_get (draft, "subject", &subject, "to", &to, NULL);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), subject != NULL && *subject != '\0' ? subject : _ ("No subject"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), to != NULL ? to : "");
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 1);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "mailer-draft", g_object_ref (draft), g_object_unref);
  return row;
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) page = user_data;
  Drafts *self = g_object_get_data (G_OBJECT (page), "mailer-drafts");
  g_autoptr (GPtrArray) drafts = mailer_draft_list_finish (MAILER_ENGINE (source), result, NULL);
  GtkListBoxRow *row;

  if (drafts == NULL)
    return;
  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  for (guint i = 0; i < drafts->len; i++)
    gtk_list_box_append (self->list, create_row (g_ptr_array_index (drafts, i)));
  mailer_list_page_set_empty (page, drafts->len == 0);
}

static void
on_map (GtkWidget *page, Drafts *self)
{
  mailer_draft_list_async (self->engine, NULL, on_listed, g_object_ref (page));
}

static void
on_row_activated (Drafts *self, GtkListBoxRow *row)
{
  self->chosen (g_object_get_data (G_OBJECT (row), "mailer-draft"), self->user_data);
}

GtkWidget *
mailer_drafts_page_new (MailerEngine *engine, MailerDraftChosen chosen, gpointer user_data)
{
  Drafts *self = g_new0 (Drafts, 1);
  GtkWidget *page;

  g_return_val_if_fail (MAILER_IS_ENGINE (engine) && chosen != NULL, NULL);

  self->engine = g_object_ref (engine);
  self->chosen = chosen;
  self->user_data = user_data;
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  page = mailer_list_page_new (_ ("Unsent Drafts"), self->list, _ ("No Drafts"), _ ("What you begin and do not send is kept here."));
  g_object_set_data_full (G_OBJECT (page), "mailer-drafts", self, drafts_free);
  g_signal_connect_swapped (self->list, "row-activated", G_CALLBACK (on_row_activated), self);
  g_signal_connect (page, "map", G_CALLBACK (on_map), self);
  return page;
}

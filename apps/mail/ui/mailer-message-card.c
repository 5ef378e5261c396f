/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer-ui"

#include "mailer-message-card.h"

#include "mailer-attachment-row.h"
#include "mailer-rich-text-view.h"

#include "cirrus-common.h"
#include "cloud-error.h"
#include "cloud-time.h"

#include <glib/gi18n.h>

/* A message as a card that folds. */

#define STATUS_HEIGHT 340

struct _MailerMessageCard
{
  GtkWidget parent_instance;
  MailerMessageItem *item;
  MailerBody *body;
  GCancellable *cancellable; /* while the body is being read */

  GtkWidget *box;
  GtkWidget *header; /* a button */
  GtkLabel *line;    /* preview when folded, recipients when not */
  GtkLabel *time;
  GtkRevealer *revealer;
  GtkBox *content;
  gboolean expanded;
  gboolean is_filled;
};

G_DEFINE_FINAL_TYPE (MailerMessageCard, mailer_message_card, GTK_TYPE_WIDGET)

static void load_body (MailerMessageCard *self);

/* ---- What the message says ---- */

static void
clear_content (MailerMessageCard *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->content))) != NULL)
    gtk_box_remove (self->content, child);
}

static void
append_note (MailerMessageCard *self, const char *icon, const char *text, gboolean is_warning)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (icon));
  gtk_box_append (GTK_BOX (box), label);
  gtk_widget_add_css_class (box, "mail-note");
  if (is_warning)
    gtk_widget_add_css_class (box, "warning");
  gtk_box_append (self->content, box);
}

static gboolean
has_deceptive_link (const MailerRichText *text)
{
  for (guint i = 0; i < mailer_rich_text_get_n_blocks (text); i++)
    {
      const MailerBlock *block = mailer_rich_text_get_block (text, i);

      for (guint j = 0; j < block->n_spans; j++)
        if ((block->spans[j].flags & MAILER_SPAN_DECEPTIVE) != 0)
          return TRUE;
    }
  return FALSE;
}

static void
append_notes (MailerMessageCard *self)
{
  const MailerRichText *text = mailer_body_get_rich_text (self->body);
  guint n_remote = mailer_rich_text_get_n_remote (text);
  guint n_trackers = mailer_rich_text_get_n_trackers (text);

  if (mailer_body_is_encrypted (self->body))
    append_note (self, "channel-secure-symbolic", _ ("This message is encrypted and cannot be read here."), TRUE);
  if (has_deceptive_link (text))
    append_note (self, "dialog-warning-symbolic", _ ("A link in this message leads elsewhere than it says."), TRUE);
  if (n_remote > 0)
    {
      g_autofree char *remote = g_strdup_printf (ngettext ("%u thing from the network was not loaded", "%u things from the network were not loaded", n_remote),
                                                 n_remote);
      g_autofree char *trackers = g_strdup_printf (ngettext ("%u of them reports that you read this", "%u of them report that you read this", n_trackers),
                                                   n_trackers);
      /* Translators: two remarks in one sentence, and one alone: only the punctuation is yours */
      g_autofree char *note = n_trackers > 0 ? g_strdup_printf (_ ("%s; %s."), remote, trackers) : g_strdup_printf (_ ("%s."), remote);

      append_note (self, "cirrus-private-symbolic", note, FALSE);
    }
}

static void
append_attachments (MailerMessageCard *self)
{
  GListModel *attachments = mailer_body_get_attachments (self->body);
  GtkWidget *list = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (attachments); i++)
    {
      g_autoptr (MailerAttachment) attachment = g_list_model_get_item (attachments, i);

      if (mailer_attachment_is_inline (attachment))
        continue;
      if (list == NULL)
        {
          list = gtk_list_box_new ();
          gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
          gtk_widget_add_css_class (list, "boxed-list");
          gtk_widget_set_margin_top (list, 6);
          gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Attachments"), -1);
          gtk_box_append (self->content, list);
        }
      gtk_list_box_append (GTK_LIST_BOX (list), mailer_attachment_row_new (attachment));
    }
}

static void
show_body (MailerMessageCard *self)
{
  clear_content (self);
  append_notes (self);
  gtk_box_append (self->content, mailer_rich_text_view_new (self->body));
  append_attachments (self);
  self->is_filled = TRUE;
}

static void
show_error (MailerMessageCard *self, const GError *error)
{
  GtkWidget *view = NULL;

  clear_content (self);
  if (g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_OFFLINE))
    view = cirrus_status_view_new ("offline", _ ("Not Here Yet"), _ ("This message is fetched as soon as there is a network."), _ ("Try Again"));
  else
    {
      view = cirrus_status_view_new ("error", "", "", NULL);
      cirrus_status_view_set_error (CIRRUS_STATUS_VIEW (view), error);
    }
  cirrus_status_view_set_compact (CIRRUS_STATUS_VIEW (view), TRUE);
  /* It scrolls by itself and would take no room. */
  gtk_widget_set_size_request (view, -1, STATUS_HEIGHT);
  g_signal_connect_swapped (view, "activated", G_CALLBACK (load_body), self);
  gtk_box_append (self->content, view);
}

static void
on_body_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MailerMessageCard) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MailerBody) body = mailer_message_item_load_body_finish (MAILER_MESSAGE_ITEM (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->box == NULL)
    return;
  g_clear_object (&self->cancellable);
  if (body == NULL)
    {
      show_error (self, error);
      return;
    }
  self->body = g_steal_pointer (&body);
  show_body (self);
}

static void
load_body (MailerMessageCard *self)
{
  if (self->cancellable != NULL || self->body != NULL)
    return;
  clear_content (self);
  gtk_box_append (self->content, cirrus_skeleton_list_new (3, 36, FALSE));
  self->cancellable = g_cancellable_new ();
  mailer_message_item_load_body_async (self->item, self->cancellable, on_body_loaded, g_object_ref (self));
}

/* It was fetched meanwhile. */
static void
on_has_body_changed (MailerMessageCard *self)
{
  if (self->expanded && self->body == NULL && mailer_message_item_has_body (self->item))
    load_body (self);
}

/* ---- The header ---- */

static const char *
sender_of (MailerMessageItem *item)
{
  const char *name = mailer_message_item_get_from_name (item);

  return name != NULL && *name != '\0' ? name : mailer_message_item_get_from_address (item);
}

static char *
format_recipients (MailerMessageItem *item)
{
  const char *to = mailer_message_item_get_to (item);
  const char *cc = mailer_message_item_get_cc (item);
  gboolean has_cc = cc != NULL && *cc != '\0';

  if (to == NULL || *to == '\0')
    return has_cc ? g_strdup_printf (_ ("copy to %s"), cc) : g_strdup (mailer_message_item_get_from_address (item));
  return has_cc ? g_strdup_printf (_ ("to %s, copy to %s"), to, cc) : g_strdup_printf (_ ("to %s"), to);
}

static char *
format_full_time (gint64 unix_us)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (unix_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  /* Translators: the date and time of a message, in the forms of g_date_time_format() */
  return local != NULL ? g_date_time_format (local, _ ("%e %B %Y, %H:%M")) : g_strdup ("");
}

static void
update_header (MailerMessageCard *self)
{
  g_autofree char *recipients = format_recipients (self->item);
  g_autofree char *time = cirrus_format_list_time (mailer_message_item_get_date (self->item), cloud_time_now_unix_us ());
  g_autofree char *full_time = format_full_time (mailer_message_item_get_date (self->item));
  g_autofree char *name = g_strdup_printf ("%s, %s", sender_of (self->item), full_time);

  gtk_label_set_text (self->line, self->expanded ? recipients : mailer_message_item_get_preview (self->item));
  gtk_label_set_text (self->time, time);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->time), full_time);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->header), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->header), GTK_ACCESSIBLE_STATE_EXPANDED, self->expanded, -1);
}

static void
on_header_clicked (MailerMessageCard *self)
{
  mailer_message_card_set_expanded (self, !self->expanded);
}

static GtkLabel *
create_label (const char *text, const char *class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  if (class != NULL)
    gtk_widget_add_css_class (label, class);
  return GTK_LABEL (label);
}

static GtkWidget *
create_header (MailerMessageCard *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *avatar = adw_avatar_new (36, sender_of (self->item), TRUE);
  g_autofree char *address = g_strdup_printf ("%s <%s>", sender_of (self->item), mailer_message_item_get_from_address (self->item));
  GtkLabel *sender = create_label (sender_of (self->item), "heading");

  gtk_widget_set_tooltip_text (GTK_WIDGET (sender), address);
  self->line = create_label (NULL, "caption");
  self->time = create_label (NULL, "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->line), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->time), "dim-label");
  gtk_widget_set_hexpand (GTK_WIDGET (self->time), FALSE);
  gtk_widget_set_valign (GTK_WIDGET (self->time), GTK_ALIGN_START);
  gtk_widget_set_margin_top (GTK_WIDGET (self->time), 3);
  gtk_box_append (GTK_BOX (column), GTK_WIDGET (sender));
  gtk_box_append (GTK_BOX (column), GTK_WIDGET (self->line));
  gtk_box_append (GTK_BOX (box), avatar);
  gtk_box_append (GTK_BOX (box), column);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->time));
  self->header = gtk_button_new ();
  gtk_button_set_child (GTK_BUTTON (self->header), box);
  gtk_widget_add_css_class (self->header, "flat");
  gtk_widget_add_css_class (self->header, "mail-card-header");
  g_signal_connect_swapped (self->header, "clicked", G_CALLBACK (on_header_clicked), self);
  return self->header;
}

/* ---- Lifecycle ---- */

static void
mailer_message_card_dispose (GObject *object)
{
  MailerMessageCard *self = MAILER_MESSAGE_CARD (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->body);
  g_clear_object (&self->item);
  G_OBJECT_CLASS (mailer_message_card_parent_class)->dispose (object);
}

static void
mailer_message_card_class_init (MailerMessageCardClass *class)
{
  G_OBJECT_CLASS (class)->dispose = mailer_message_card_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
}

static void
mailer_message_card_init (MailerMessageCard *self)
{
}

GtkWidget *
mailer_message_card_new (MailerMessageItem *item)
{
  MailerMessageCard *self = NULL;

  g_return_val_if_fail (MAILER_IS_MESSAGE_ITEM (item), NULL);

  self = g_object_new (MAILER_TYPE_MESSAGE_CARD, NULL);
  self->item = g_object_ref (item);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  self->content = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 9));
  gtk_widget_add_css_class (GTK_WIDGET (self->content), "mail-card");
  self->revealer = GTK_REVEALER (gtk_revealer_new ());
  gtk_revealer_set_transition_duration (self->revealer, 200);
  gtk_revealer_set_child (self->revealer, GTK_WIDGET (self->content));
  gtk_box_append (GTK_BOX (self->box), create_header (self));
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->revealer));
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  g_signal_connect_object (item, "notify::has-body", G_CALLBACK (on_has_body_changed), self, G_CONNECT_SWAPPED);
  update_header (self);
  return GTK_WIDGET (self);
}

void
mailer_message_card_set_expanded (MailerMessageCard *self, gboolean expanded)
{
  g_return_if_fail (MAILER_IS_MESSAGE_CARD (self));

  self->expanded = expanded;
  gtk_revealer_set_reveal_child (self->revealer, expanded);
  update_header (self);
  if (expanded && !self->is_filled)
    load_body (self);
}

MailerMessageItem *
mailer_message_card_get_item (MailerMessageCard *self)
{
  g_return_val_if_fail (MAILER_IS_MESSAGE_CARD (self), NULL);

  return self->item;
}

MailerBody *
mailer_message_card_get_body (MailerMessageCard *self)
{
  g_return_val_if_fail (MAILER_IS_MESSAGE_CARD (self), NULL);

  return self->body;
}

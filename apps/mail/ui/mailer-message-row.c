/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer-ui"

#include "mailer-message-row.h"

#include "mailer-conversation.h"
#include "mailer-search.h"

#include "cirrus-common.h"
#include "cloud-time.h"

#include <glib/gi18n.h>
#include <string.h>

/* One row of the list.  What it shows is read from the item whenever the item says that it changed. */

enum
{
  STAR_TOGGLED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

struct _MailerMessageRow
{
  GtkWidget parent_instance;
  GObject *item;    /* MailerConversation, MailerHit */
  GObject *watched; /* whose notify is connected */
  gulong notify_id;

  AdwAvatar *avatar;
  GtkLabel *sender, *time, *count, *subject, *preview;
  GtkWidget *answered;
  GtkWidget *attachment;
  GtkWidget *star;
};

G_DEFINE_FINAL_TYPE (MailerMessageRow, mailer_message_row, GTK_TYPE_WIDGET)

/* What a row shows, wherever it came from; nothing is owned. */
typedef struct
{
  const char *sender, *subject, *preview;
  gint64 date_unix_us;
  guint count;
  const GArray *ranges; /* (nullable): of the preview, to stand out */
  gboolean unread, starred, answered, forwarded, has_attachment;
} Shown;

static Shown
read_conversation (MailerConversation *conversation)
{
  return (Shown){
    .sender = mailer_conversation_get_senders (conversation),
    .subject = mailer_conversation_get_subject (conversation),
    .preview = mailer_conversation_get_preview (conversation),
    .date_unix_us = mailer_conversation_get_date (conversation),
    .count = mailer_conversation_get_count (conversation),
    .unread = mailer_conversation_is_unread (conversation),
    .starred = mailer_conversation_is_starred (conversation),
    .answered = mailer_conversation_is_answered (conversation),
    .forwarded = mailer_conversation_is_forwarded (conversation),
    .has_attachment = mailer_conversation_has_attachment (conversation),
  };
}

static Shown
read_hit (MailerHit *hit)
{
  MailerMessageItem *item = mailer_hit_get_item (hit);
  const char *name = mailer_message_item_get_from_name (item);
  Shown shown = {
    .sender = name != NULL && *name != '\0' ? name : mailer_message_item_get_from_address (item),
    .subject = mailer_message_item_get_subject (item),
    .preview = mailer_hit_get_snippet (hit),
    .date_unix_us = mailer_message_item_get_date (item),
    .count = 1,
    .unread = mailer_message_item_is_unread (item),
    .starred = mailer_message_item_is_starred (item),
    .answered = mailer_message_item_is_answered (item),
    .forwarded = mailer_message_item_is_forwarded (item),
    .has_attachment = mailer_message_item_has_attachment (item),
    .ranges = mailer_hit_get_ranges (hit),
  };

  if (shown.preview == NULL || *shown.preview == '\0')
    {
      shown.preview = mailer_message_item_get_preview (item);
      shown.ranges = NULL;
    }
  return shown;
}

static void
set_preview (MailerMessageRow *self, const Shown *shown)
{
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  for (guint i = 0; shown->ranges != NULL && i < shown->ranges->len; i++)
    {
      const MailerRange *range = &g_array_index (shown->ranges, MailerRange, i);
      PangoAttribute *bold = pango_attr_weight_new (PANGO_WEIGHT_BOLD);

      bold->start_index = range->start_byte;
      bold->end_index = range->end_byte;
      pango_attr_list_insert (attributes, bold);
    }
  gtk_label_set_text (self->preview, shown->preview != NULL ? shown->preview : "");
  gtk_label_set_attributes (self->preview, attributes);
}

/* One mark, the reply before the forward. */
static void
show_answered (MailerMessageRow *self, const Shown *shown)
{
  const char *what = shown->answered ? _ ("Answered") : _ ("Forwarded");

  gtk_widget_set_visible (self->answered, shown->answered || shown->forwarded);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->answered), shown->answered ? "mail-reply-sender-symbolic" : "mail-forward-symbolic");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->answered), GTK_ACCESSIBLE_PROPERTY_LABEL, what, -1);
}

static void
set_name (MailerMessageRow *self, const Shown *shown, const char *time)
{
  const char *answered = shown->answered ? _ ("Answered") : shown->forwarded ? _ ("Forwarded") : NULL;
  g_autofree char *said = g_strdup_printf (shown->unread ? _ ("Unread, %s, %s, %s") : "%s, %s, %s", shown->sender != NULL ? shown->sender : "",
                                           shown->subject != NULL ? shown->subject : "", time);
  g_autofree char *name = answered != NULL ? g_strdup_printf ("%s, %s", said, answered) : g_steal_pointer (&said);

  /* The list's own widget around the row takes the focus, so it is the one to be named. */
  if (gtk_widget_get_parent (GTK_WIDGET (self)) != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_parent (GTK_WIDGET (self))), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
show_star (MailerMessageRow *self, gboolean starred)
{
  gtk_button_set_icon_name (GTK_BUTTON (self->star), starred ? "starred-symbolic" : "non-starred-symbolic");
  if (starred)
    gtk_widget_add_css_class (self->star, "on");
  else
    gtk_widget_remove_css_class (self->star, "on");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->star), GTK_ACCESSIBLE_PROPERTY_LABEL, starred ? _ ("Remove the Star") : _ ("Star"), -1);
}

static void
update (MailerMessageRow *self)
{
  Shown shown = MAILER_IS_HIT (self->item) ? read_hit (MAILER_HIT (self->item)) : read_conversation (MAILER_CONVERSATION (self->item));
  g_autofree char *time = shown.date_unix_us > 0 ? cirrus_format_list_time (shown.date_unix_us, cloud_time_now_unix_us ()) : g_strdup ("");
  g_autofree char *count = g_strdup_printf ("%u", shown.count);
  const char *comma = shown.sender != NULL ? strchr (shown.sender, ',') : NULL;
  g_autofree char *first = comma != NULL ? g_strndup (shown.sender, comma - shown.sender) : g_strdup (shown.sender); /* for colour and initials */

  adw_avatar_set_text (self->avatar, first);
  gtk_label_set_text (self->sender, shown.sender != NULL ? shown.sender : "");
  gtk_label_set_text (self->subject, shown.subject != NULL && *shown.subject != '\0' ? shown.subject : _ ("No subject"));
  gtk_label_set_text (self->time, time);
  gtk_label_set_text (self->count, count);
  gtk_widget_set_visible (GTK_WIDGET (self->count), shown.count > 1);
  gtk_widget_set_visible (self->attachment, shown.has_attachment);
  set_preview (self, &shown);
  show_answered (self, &shown);
  show_star (self, shown.starred);
  if (shown.unread)
    gtk_widget_add_css_class (GTK_WIDGET (self), "unread");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "unread");
  set_name (self, &shown, time);
}

/* A conversation that is still being read has no words yet: the row stays empty rather than say "No subject". */
static void
on_item_changed (MailerMessageRow *self)
{
  gboolean is_loaded = !MAILER_IS_CONVERSATION (self->item) || mailer_conversation_is_loaded (MAILER_CONVERSATION (self->item));

  gtk_widget_set_opacity (gtk_widget_get_first_child (GTK_WIDGET (self)), is_loaded ? 1 : 0);
  if (is_loaded)
    update (self);
}

static void
on_star_clicked (MailerMessageRow *self)
{
  g_signal_emit (self, signals[STAR_TOGGLED], 0);
}

/* ---- Making it ---- */

static GtkLabel *
create_label (const char *class, gboolean expands)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_widget_add_css_class (label, class);
  gtk_label_set_ellipsize (GTK_LABEL (label), expands ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, expands);
  return GTK_LABEL (label);
}

static GtkWidget *
create_line (GtkWidget *first, GtkWidget *second, GtkWidget *third)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  gtk_box_append (GTK_BOX (line), first);
  gtk_box_append (GTK_BOX (line), second);
  if (third != NULL)
    gtk_box_append (GTK_BOX (line), third);
  return line;
}

static GtkWidget *
create_text (MailerMessageRow *self)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *top = NULL;
  GtkWidget *bottom = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->sender = create_label ("sender", TRUE);
  self->count = create_label ("count", FALSE);
  self->time = create_label ("time", FALSE);
  self->subject = create_label ("subject", TRUE);
  self->preview = create_label ("preview", TRUE);
  self->attachment = gtk_image_new_from_icon_name ("mail-attachment-symbolic");
  self->answered = gtk_image_new ();
  self->star = gtk_button_new ();
  gtk_widget_add_css_class (GTK_WIDGET (self->time), "numeric");
  gtk_widget_add_css_class (GTK_WIDGET (self->count), "numeric");
  gtk_widget_set_valign (GTK_WIDGET (self->count), GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->attachment, "mark");
  gtk_widget_add_css_class (self->answered, "mark");
  gtk_widget_add_css_class (self->star, "flat");
  gtk_widget_add_css_class (self->star, "star");
  gtk_widget_set_valign (self->star, GTK_ALIGN_CENTER);
  gtk_widget_set_focus_on_click (self->star, FALSE);
  g_signal_connect_swapped (self->star, "clicked", G_CALLBACK (on_star_clicked), self);

  top = create_line (GTK_WIDGET (self->sender), GTK_WIDGET (self->count), self->answered);
  gtk_box_append (GTK_BOX (top), self->attachment);
  gtk_box_append (GTK_BOX (top), GTK_WIDGET (self->time));
  gtk_widget_set_margin_end (top, 6);
  gtk_box_append (GTK_BOX (column), top);
  gtk_box_append (GTK_BOX (lines), GTK_WIDGET (self->subject));
  gtk_box_append (GTK_BOX (lines), GTK_WIDGET (self->preview));
  gtk_box_append (GTK_BOX (bottom), lines);
  gtk_box_append (GTK_BOX (bottom), self->star);
  gtk_box_append (GTK_BOX (column), bottom);
  gtk_widget_set_valign (column, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (column, TRUE);
  return column;
}

static void
mailer_message_row_dispose (GObject *object)
{
  MailerMessageRow *self = MAILER_MESSAGE_ROW (object);

  mailer_message_row_bind (self, NULL);
  g_clear_pointer ((GtkWidget **) &self->avatar, gtk_widget_unparent);
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self)); child != NULL; child = gtk_widget_get_first_child (GTK_WIDGET (self)))
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (mailer_message_row_parent_class)->dispose (object);
}

static void
mailer_message_row_class_init (MailerMessageRowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = mailer_message_row_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "mailrow");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);

  signals[STAR_TOGGLED] = g_signal_new ("star-toggled", MAILER_TYPE_MESSAGE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mailer_message_row_init (MailerMessageRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  gtk_widget_add_css_class (GTK_WIDGET (self), "mail-row");
  self->avatar = ADW_AVATAR (adw_avatar_new (40, NULL, TRUE));
  gtk_widget_set_valign (GTK_WIDGET (self->avatar), GTK_ALIGN_CENTER);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->avatar), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->avatar));
  gtk_box_append (GTK_BOX (box), create_text (self));
  gtk_widget_set_parent (box, GTK_WIDGET (self));
}

GtkWidget *
mailer_message_row_new (void)
{
  return g_object_new (MAILER_TYPE_MESSAGE_ROW, NULL);
}

void
mailer_message_row_bind (MailerMessageRow *self, GObject *item)
{
  g_return_if_fail (MAILER_IS_MESSAGE_ROW (self));
  g_return_if_fail (item == NULL || MAILER_IS_CONVERSATION (item) || MAILER_IS_HIT (item));

  if (self->watched != NULL)
    g_clear_signal_handler (&self->notify_id, self->watched);
  g_clear_object (&self->watched);
  g_set_object (&self->item, item);
  if (item == NULL)
    return;
  self->watched = g_object_ref (MAILER_IS_HIT (item) ? G_OBJECT (mailer_hit_get_item (MAILER_HIT (item))) : item);
  self->notify_id = g_signal_connect_swapped (self->watched, "notify", G_CALLBACK (on_item_changed), self);
  on_item_changed (self);
}

GObject *
mailer_message_row_get_item (MailerMessageRow *self)
{
  g_return_val_if_fail (MAILER_IS_MESSAGE_ROW (self), NULL);

  return self->item;
}

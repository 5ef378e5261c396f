/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer-ui"

#include "mailer-rich-text-view.h"

#include "mailer-picture.h"

#include "cirrus-common.h"

#include <glib/gi18n.h>
#include <string.h>

/* Blocks to widgets. */

#define PART_BLOCKS 150
#define SHORT_QUOTE_BLOCKS 3
#define MAX_QUOTE_BARS 4

struct _MailerRichTextView
{
  GtkWidget parent_instance;
  MailerBody *body;
  GtkBox *column;
  GtkWidget *more; /* (nullable) */
  guint next;      /* the first block that is not drawn yet */
};

G_DEFINE_FINAL_TYPE (MailerRichTextView, mailer_rich_text_view, GTK_TYPE_WIDGET)

/* ---- Links ---- */

typedef struct
{
  GtkWidget *widget;
  char *uri;
} Link;

static void
open_link (GtkWidget *widget, const char *uri)
{
  if (g_str_has_prefix (uri, "mailto:") || g_str_has_prefix (uri, "mid:"))
    gtk_widget_activate_action (widget, "win.open", "s", uri);
  else
    cirrus_open_uri (widget, uri);
}

static void
on_link_answer (gboolean yes, gpointer user_data)
{
  Link *link = user_data;

  if (yes && gtk_widget_get_root (link->widget) != NULL)
    open_link (link->widget, link->uri);
  g_object_unref (link->widget);
  g_free (link->uri);
  g_free (link);
}

static gboolean
is_deceptive (const MailerBlock *block, const char *uri)
{
  for (guint i = 0; i < block->n_spans; i++)
    if ((block->spans[i].flags & MAILER_SPAN_DECEPTIVE) != 0 && g_strcmp0 (block->spans[i].link, uri) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
on_link_activated (GtkLabel *label, const char *uri, const MailerBlock *block)
{
  if (is_deceptive (block, uri))
    {
      Link *link = g_new0 (Link, 1);

      link->widget = GTK_WIDGET (g_object_ref (label));
      link->uri = g_strdup (uri);
      cirrus_ask (GTK_WIDGET (label), _ ("This Link Leads Elsewhere"), uri, _ ("Open"), TRUE, on_link_answer, link);
    }
  else
    open_link (GTK_WIDGET (label), uri);
  return TRUE;
}

/* ---- Blocks ---- */

static char *
block_markup (const MailerBlock *block)
{
  g_autofree char *markup = mailer_block_to_markup (block);

  if (block->kind == MAILER_BLOCK_ROW)
    {
      g_auto (GStrv) cells = g_strsplit (markup, "\t", -1);

      return g_strjoinv ("  ·  ", cells);
    }
  return g_steal_pointer (&markup);
}

/* The block outlives the label: both belong to the body that the view holds. */
static GtkWidget *
create_label (const MailerBlock *block)
{
  GtkWidget *label = gtk_label_new (NULL);
  g_autofree char *markup = block_markup (block);

  if (pango_parse_markup (markup, -1, 0, NULL, NULL, NULL, NULL) || block->n_spans > 0)
    gtk_label_set_markup (GTK_LABEL (label), markup);
  else
    gtk_label_set_text (GTK_LABEL (label), block->text);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_set_hexpand (label, TRUE);
  g_signal_connect (label, "activate-link", G_CALLBACK (on_link_activated), (gpointer) block);
  return label;
}

static GtkWidget *
create_list_item (const MailerBlock *block)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  g_autofree char *text = block->number > 0 ? g_strdup_printf ("%u.", block->number) : g_strdup ("•");
  GtkWidget *mark = gtk_label_new (text);

  gtk_widget_set_valign (mark, GTK_ALIGN_START);
  gtk_widget_add_css_class (mark, "numeric");
  gtk_widget_set_margin_start (box, 18 * (CLAMP (block->level, 1, 6) - 1) + 6);
  gtk_box_append (GTK_BOX (box), mark);
  gtk_box_append (GTK_BOX (box), create_label (block));
  return box;
}

static GtkWidget *
create_heading (const MailerBlock *block)
{
  GtkWidget *label = create_label (block);

  gtk_widget_add_css_class (label, block->level <= 1 ? "mail-h1" : block->level == 2 ? "mail-h2" : "mail-h3");
  gtk_widget_set_margin_top (label, 6);
  return label;
}

static MailerAttachment *
find_inline (MailerBody *body, const char *content_id)
{
  GListModel *attachments = mailer_body_get_attachments (body);

  for (guint i = 0; content_id != NULL && i < g_list_model_get_n_items (attachments); i++)
    {
      g_autoptr (MailerAttachment) attachment = g_list_model_get_item (attachments, i);

      if (g_strcmp0 (mailer_attachment_get_content_id (attachment), content_id) == 0)
        return attachment;
    }
  return NULL;
}

static GtkWidget *
create_image (MailerRichTextView *self, const MailerBlock *block)
{
  MailerAttachment *attachment = find_inline (self->body, block->content_id);
  GtkWidget *box = NULL;
  GtkWidget *label = NULL;
  g_autofree char *text = NULL;

  if (attachment != NULL)
    return mailer_picture_new (attachment, block->text);
  text = *block->text != '\0' ? g_strdup_printf (_ ("Picture not loaded: %s"), block->text) : g_strdup (_ ("Picture not loaded"));
  box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  label = gtk_label_new (text);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("image-x-generic-symbolic"));
  gtk_box_append (GTK_BOX (box), label);
  gtk_widget_add_css_class (box, "mail-picture");
  gtk_widget_set_halign (box, GTK_ALIGN_START);
  return box;
}

static GtkWidget *
create_block (MailerRichTextView *self, const MailerBlock *block)
{
  GtkWidget *widget = NULL;

  switch (block->kind)
    {
    case MAILER_BLOCK_HEADING:
      return create_heading (block);
    case MAILER_BLOCK_LIST_ITEM:
      return create_list_item (block);
    case MAILER_BLOCK_RULE:
      return gtk_separator_new (GTK_ORIENTATION_HORIZONTAL);
    case MAILER_BLOCK_IMAGE:
      return create_image (self, block);
    case MAILER_BLOCK_PREFORMATTED:
      widget = create_label (block);
      gtk_widget_add_css_class (widget, "mail-pre");
      return widget;
    case MAILER_BLOCK_ROW:
      widget = create_label (block);
      if (strchr (block->text, '\t') != NULL)
        gtk_widget_add_css_class (widget, "mail-table-row"); /* one cell alone is there for its layout */
      return widget;
    case MAILER_BLOCK_PARAGRAPH:
    default:
      return create_label (block);
    }
}

/* Bars at the side, one for each level of quotation. */
static GtkWidget *
wrap_quote (GtkWidget *widget, guint depth)
{
  for (guint i = 0; i < MIN (depth, MAX_QUOTE_BARS); i++)
    {
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

      gtk_widget_add_css_class (box, "mail-quote");
      gtk_widget_set_hexpand (widget, TRUE);
      gtk_box_append (GTK_BOX (box), widget);
      widget = box;
    }
  return widget;
}

/* ---- Runs ---- */

static GtkWidget *
create_fold (GtkWidget *content)
{
  GtkWidget *expander = gtk_expander_new (_ ("Quoted text"));

  gtk_expander_set_child (GTK_EXPANDER (expander), content);
  gtk_widget_add_css_class (expander, "dim-label");
  gtk_accessible_update_property (GTK_ACCESSIBLE (expander), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Quoted text"), -1);
  return expander;
}

static gboolean
is_item (const MailerRichText *text, guint index)
{
  const MailerBlock *block = mailer_rich_text_get_block (text, index);

  return block->kind == MAILER_BLOCK_LIST_ITEM && block->quote_depth == 0;
}

/* The items of a list stand closer than paragraphs; returns the first block that is none. */
static guint
append_list (MailerRichTextView *self, const MailerRichText *text, guint from, guint to)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);

  for (; from < to && is_item (text, from); from++)
    gtk_box_append (GTK_BOX (box), create_block (self, mailer_rich_text_get_block (text, from)));
  gtk_box_append (self->column, box);
  return from;
}

/* Blocks from @from that are quoted; returns the first that is not. */
static guint
append_quote (MailerRichTextView *self, const MailerRichText *text, guint from, guint to)
{
  guint end = from;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  while (end < to && mailer_rich_text_get_block (text, end)->quote_depth > 0)
    end++;
  for (guint i = from; i < end; i++)
    {
      const MailerBlock *block = mailer_rich_text_get_block (text, i);
      GtkWidget *widget = create_block (self, block);

      gtk_widget_set_margin_bottom (widget, i + 1 < end ? 6 : 0);
      gtk_box_append (GTK_BOX (box), wrap_quote (widget, block->quote_depth));
    }
  if (end - from > SHORT_QUOTE_BLOCKS || (end == mailer_rich_text_get_n_blocks (text) && from > 0))
    box = create_fold (box);
  gtk_box_append (self->column, box);
  return end;
}

static void draw_part (MailerRichTextView *self);

static void
append_more_button (MailerRichTextView *self)
{
  self->more = gtk_button_new_with_label (_ ("Show More"));
  gtk_widget_add_css_class (self->more, "pill");
  gtk_widget_set_halign (self->more, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (self->more, "clicked", G_CALLBACK (draw_part), self);
  gtk_box_append (self->column, self->more);
}

static void
draw_part (MailerRichTextView *self)
{
  const MailerRichText *text = mailer_body_get_rich_text (self->body);
  guint n = mailer_rich_text_get_n_blocks (text);
  guint end = MIN (n, self->next + PART_BLOCKS);

  if (self->more != NULL)
    gtk_box_remove (self->column, self->more);
  self->more = NULL;
  while (self->next < end)
    {
      const MailerBlock *block = mailer_rich_text_get_block (text, self->next);

      if (block->quote_depth > 0)
        self->next = append_quote (self, text, self->next, end);
      else if (is_item (text, self->next))
        self->next = append_list (self, text, self->next, end);
      else
        {
          gtk_box_append (self->column, create_block (self, block));
          self->next++;
        }
    }
  if (self->next < n)
    append_more_button (self);
  else if (mailer_rich_text_is_truncated (text))
    {
      GtkWidget *label = gtk_label_new (_ ("The rest of this very long message is not shown."));

      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      gtk_widget_add_css_class (label, "dim-label");
      gtk_box_append (self->column, label);
    }
}

/* ---- Lifecycle ---- */

static void
mailer_rich_text_view_dispose (GObject *object)
{
  MailerRichTextView *self = MAILER_RICH_TEXT_VIEW (object);

  g_clear_pointer ((GtkWidget **) &self->column, gtk_widget_unparent);
  G_OBJECT_CLASS (mailer_rich_text_view_parent_class)->dispose (object);
}

static void
mailer_rich_text_view_finalize (GObject *object)
{
  g_clear_object (&MAILER_RICH_TEXT_VIEW (object)->body);
  G_OBJECT_CLASS (mailer_rich_text_view_parent_class)->finalize (object);
}

static void
mailer_rich_text_view_class_init (MailerRichTextViewClass *class)
{
  G_OBJECT_CLASS (class)->dispose = mailer_rich_text_view_dispose;
  G_OBJECT_CLASS (class)->finalize = mailer_rich_text_view_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
}

static void
mailer_rich_text_view_init (MailerRichTextView *self)
{
  self->column = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 9));
  gtk_widget_set_parent (GTK_WIDGET (self->column), GTK_WIDGET (self));
}

GtkWidget *
mailer_rich_text_view_new (MailerBody *body)
{
  MailerRichTextView *self = NULL;

  g_return_val_if_fail (MAILER_IS_BODY (body), NULL);

  self = g_object_new (MAILER_TYPE_RICH_TEXT_VIEW, NULL);
  self->body = g_object_ref (body);
  draw_part (self);
  return GTK_WIDGET (self);
}

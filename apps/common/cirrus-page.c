/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-ui"

#include "cirrus-page.h"

#include "cirrus-shell.h"
#include "cirrus-theme.h"
#include "cirrus-window.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* One header bar for all: title, back button, window buttons where they belong. */

enum
{
  PROP_TITLE = 1,
  PROP_SUBTITLE,
  PROP_FLAT,
  PROP_CONTENT,
  PROP_HEADER_VISIBLE,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

struct _CirrusPage
{
  GtkWidget parent;

  GtkWidget *box;
  AdwHeaderBar *header;
  AdwWindowTitle *title;
  GtkWidget *back;
  GtkWidget *top;
  GtkWidget *content;
  GtkWidget *bottom;
  GPtrArray *shells; /* those around us, whose layout we follow while rooted */
};

static GtkBuildableIface *parent_buildable;
static void cirrus_page_buildable_init (GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CirrusPage, cirrus_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, cirrus_page_buildable_init))

/* Private functions */

static void
update (CirrusPage *self)
{
  /* On a phone the shell closes apps and the room is for the app's own buttons; dialogs keep theirs. */
  gboolean phone = cirrus_theme_is_small_screen () && CIRRUS_IS_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));

  gtk_widget_set_visible (self->back, cirrus_shell_can_go_back_from (GTK_WIDGET (self)));
  adw_header_bar_set_show_start_title_buttons (self->header, !phone && cirrus_shell_shows_window_buttons (GTK_WIDGET (self), TRUE));
  adw_header_bar_set_show_end_title_buttons (self->header, !phone && cirrus_shell_shows_window_buttons (GTK_WIDGET (self), FALSE));
}

static void
on_back (CirrusPage *self)
{
  cirrus_shell_go_back_from (GTK_WIDGET (self));
}

static void
forget_shells (CirrusPage *self)
{
  for (guint i = 0; i < self->shells->len; i++)
    g_signal_handlers_disconnect_by_func (g_ptr_array_index (self->shells, i), update, self);
  g_ptr_array_set_size (self->shells, 0);
}

static void
cirrus_page_root (GtkWidget *widget)
{
  CirrusPage *self = CIRRUS_PAGE (widget);

  GTK_WIDGET_CLASS (cirrus_page_parent_class)->root (widget);
  for (GtkWidget *up = gtk_widget_get_parent (widget); up != NULL; up = gtk_widget_get_parent (up))
    if (CIRRUS_IS_SHELL (up))
      {
        g_ptr_array_add (self->shells, g_object_ref (up));
        g_signal_connect_swapped (up, "layout-changed", G_CALLBACK (update), self);
      }
  update (self);
}

static void
cirrus_page_unroot (GtkWidget *widget)
{
  forget_shells (CIRRUS_PAGE (widget));
  GTK_WIDGET_CLASS (cirrus_page_parent_class)->unroot (widget);
}

static void
cirrus_page_buildable_add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
  CirrusPage *self = CIRRUS_PAGE (buildable);

  if (!GTK_IS_WIDGET (child) || (GTK_WIDGET (child) == self->box))
    parent_buildable->add_child (buildable, builder, child, type);
  else if (g_strcmp0 (type, "start") == 0)
    cirrus_page_pack_start (self, GTK_WIDGET (child));
  else if (g_strcmp0 (type, "end") == 0)
    cirrus_page_pack_end (self, GTK_WIDGET (child));
  else if (g_strcmp0 (type, "title") == 0)
    cirrus_page_set_title_widget (self, GTK_WIDGET (child));
  else if (g_strcmp0 (type, "top") == 0)
    cirrus_page_add_top (self, GTK_WIDGET (child));
  else if (g_strcmp0 (type, "bottom") == 0)
    cirrus_page_add_bottom (self, GTK_WIDGET (child));
  else
    cirrus_page_set_content (self, GTK_WIDGET (child));
}

/* Lifecycle */

static void
cirrus_page_buildable_init (GtkBuildableIface *iface)
{
  parent_buildable = g_type_interface_peek_parent (iface);
  iface->add_child = cirrus_page_buildable_add_child;
}

static void
cirrus_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CirrusPage *self = CIRRUS_PAGE (object);

  switch (id)
    {
    case PROP_TITLE:
      g_value_set_string (value, adw_window_title_get_title (self->title));
      break;
    case PROP_SUBTITLE:
      g_value_set_string (value, adw_window_title_get_subtitle (self->title));
      break;
    case PROP_FLAT:
      g_value_set_boolean (value, gtk_widget_has_css_class (GTK_WIDGET (self->header), "flat"));
      break;
    case PROP_CONTENT:
      g_value_set_object (value, self->content);
      break;
    case PROP_HEADER_VISIBLE:
      g_value_set_boolean (value, gtk_widget_get_visible (GTK_WIDGET (self->header)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
cirrus_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  CirrusPage *self = CIRRUS_PAGE (object);

  switch (id)
    {
    case PROP_TITLE:
      cirrus_page_set_title (self, g_value_get_string (value));
      break;
    case PROP_SUBTITLE:
      cirrus_page_set_subtitle (self, g_value_get_string (value));
      break;
    case PROP_FLAT:
      cirrus_page_set_flat (self, g_value_get_boolean (value));
      break;
    case PROP_CONTENT:
      cirrus_page_set_content (self, g_value_get_object (value));
      break;
    case PROP_HEADER_VISIBLE:
      cirrus_page_set_header_visible (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
cirrus_page_dispose (GObject *object)
{
  CirrusPage *self = CIRRUS_PAGE (object);

  if (self->shells != NULL)
    forget_shells (self);
  g_clear_pointer (&self->shells, g_ptr_array_unref);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (cirrus_page_parent_class)->dispose (object);
}

static void
cirrus_page_class_init (CirrusPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = cirrus_page_get_property;
  object_class->set_property = cirrus_page_set_property;
  object_class->dispose = cirrus_page_dispose;
  widget_class->root = cirrus_page_root;
  widget_class->unroot = cirrus_page_unroot;
  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  props[PROP_SUBTITLE] = g_param_spec_string ("subtitle", NULL, NULL, NULL, flags);
  props[PROP_FLAT] = g_param_spec_boolean ("flat", NULL, NULL, FALSE, flags);
  props[PROP_CONTENT] = g_param_spec_object ("content", NULL, NULL, GTK_TYPE_WIDGET, flags);
  props[PROP_HEADER_VISIBLE] = g_param_spec_boolean ("header-visible", NULL, NULL, TRUE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "cirruspage");
}

static void
cirrus_page_init (CirrusPage *self)
{
  self->shells = g_ptr_array_new_with_free_func (g_object_unref);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  self->header = ADW_HEADER_BAR (adw_header_bar_new ());
  self->title = ADW_WINDOW_TITLE (adw_window_title_new ("", ""));
  self->top = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  self->bottom = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  self->back = cirrus_icon_button_new ("go-previous-symbolic", _ ("Back"), NULL);
  gtk_widget_set_visible (self->back, FALSE);
  g_signal_connect_swapped (self->back, "clicked", G_CALLBACK (on_back), self);
  adw_header_bar_set_title_widget (self->header, GTK_WIDGET (self->title));
  adw_header_bar_pack_start (self->header, self->back);
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->header));
  gtk_box_append (GTK_BOX (self->box), self->top);
  gtk_box_append (GTK_BOX (self->box), self->bottom);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

/* Public functions */

GtkWidget *
cirrus_page_new (const char *title, GtkWidget *content)
{
  CirrusPage *self = g_object_new (CIRRUS_TYPE_PAGE, "title", title, NULL);

  if (content != NULL)
    cirrus_page_set_content (self, content);
  return GTK_WIDGET (self);
}

void
cirrus_page_set_title (CirrusPage *self, const char *title)
{
  g_return_if_fail (CIRRUS_IS_PAGE (self));
  adw_window_title_set_title (self->title, title != NULL ? title : "");
}

void
cirrus_page_set_subtitle (CirrusPage *self, const char *subtitle)
{
  g_return_if_fail (CIRRUS_IS_PAGE (self));
  adw_window_title_set_subtitle (self->title, subtitle != NULL ? subtitle : "");
}

void
cirrus_page_set_content (CirrusPage *self, GtkWidget *content)
{
  g_return_if_fail (CIRRUS_IS_PAGE (self));
  g_return_if_fail (content == NULL || GTK_IS_WIDGET (content));

  if (self->content == content)
    return;
  if (self->content != NULL)
    gtk_box_remove (GTK_BOX (self->box), self->content);
  self->content = content;
  if (content == NULL)
    return;
  gtk_widget_set_vexpand (content, TRUE);
  gtk_box_insert_child_after (GTK_BOX (self->box), content, self->top);
}

void
cirrus_page_set_flat (CirrusPage *self, gboolean flat)
{
  g_return_if_fail (CIRRUS_IS_PAGE (self));

  if (flat)
    gtk_widget_add_css_class (GTK_WIDGET (self->header), "flat");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->header), "flat");
}

void
cirrus_page_set_header_visible (CirrusPage *self, gboolean visible)
{
  g_return_if_fail (CIRRUS_IS_PAGE (self));
  gtk_widget_set_visible (GTK_WIDGET (self->header), visible);
}

void
cirrus_page_set_title_widget (CirrusPage *self, GtkWidget *widget)
{
  g_return_if_fail (CIRRUS_IS_PAGE (self));
  adw_header_bar_set_title_widget (self->header, widget);
}

void
cirrus_page_pack_start (CirrusPage *self, GtkWidget *widget)
{
  g_return_if_fail (CIRRUS_IS_PAGE (self));
  adw_header_bar_pack_start (self->header, widget);
}

void
cirrus_page_pack_end (CirrusPage *self, GtkWidget *widget)
{
  g_return_if_fail (CIRRUS_IS_PAGE (self));
  adw_header_bar_pack_end (self->header, widget);
}

void
cirrus_page_add_top (CirrusPage *self, GtkWidget *widget)
{
  g_return_if_fail (CIRRUS_IS_PAGE (self));
  gtk_box_append (GTK_BOX (self->top), widget);
}

void
cirrus_page_add_bottom (CirrusPage *self, GtkWidget *widget)
{
  g_return_if_fail (CIRRUS_IS_PAGE (self));
  gtk_box_append (GTK_BOX (self->bottom), widget);
}

GtkWidget *
cirrus_icon_button_new (const char *icon_name, const char *label, const char *action_name)
{
  GtkWidget *button = NULL;

  g_return_val_if_fail (icon_name != NULL && label != NULL, NULL);

  button = gtk_button_new_from_icon_name (icon_name);
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  if (action_name != NULL)
    gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (button), action_name);
  return button;
}

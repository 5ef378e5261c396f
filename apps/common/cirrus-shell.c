/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-ui"

#include "cirrus-shell.h"

#include <adwaita.h>

/* Two leaflets, one in the other: the outer never unfolds and is the stack of pushed pages; its first page holds either the panes
 * (the inner leaflet) or the views (a view stack with its switcher). */

enum
{
  PROP_FOLDED = 1,
  PROP_VISIBLE_PANE,
  PROP_VISIBLE_VIEW,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

enum
{
  LAYOUT_CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

struct _CirrusShell
{
  GtkWidget parent;

  AdwLeaflet *pages;
  GtkWidget *base;
  AdwLeaflet *panes;
  AdwViewStack *views;
  AdwViewSwitcherBar *bar;

  /* In order.  A leaflet's own children include its shadows, so they are no list of what was added. */
  GPtrArray *pane_widgets;
  GPtrArray *pushed;
  guint drop_source;
};

G_DEFINE_FINAL_TYPE (CirrusShell, cirrus_shell, GTK_TYPE_WIDGET)

/* Private functions */

static void
set_hidden (GtkWidget *widget, gboolean hidden)
{
  gtk_accessible_update_state (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_STATE_HIDDEN, hidden, -1);
}

/* What is behind another page is not read to those who listen to the screen. */
static void
update_hidden (CirrusShell *self)
{
  GtkWidget *page = adw_leaflet_get_visible_child (self->pages);
  gboolean folded = self->panes != NULL && adw_leaflet_get_folded (self->panes);

  set_hidden (self->base, page != self->base);
  for (guint i = 0; i < self->pushed->len; i++)
    set_hidden (g_ptr_array_index (self->pushed, i), page != g_ptr_array_index (self->pushed, i));
  for (guint i = 0; i < self->pane_widgets->len; i++)
    set_hidden (g_ptr_array_index (self->pane_widgets, i),
                folded && adw_leaflet_get_visible_child (self->panes) != g_ptr_array_index (self->pane_widgets, i));
}

static void
emit_layout_changed (CirrusShell *self)
{
  update_hidden (self);
  g_signal_emit (self, signals[LAYOUT_CHANGED], 0);
}

static void
on_panes_changed (CirrusShell *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FOLDED]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_VISIBLE_PANE]);
  emit_layout_changed (self);
}

static void
on_view_changed (CirrusShell *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_VISIBLE_VIEW]);
  emit_layout_changed (self);
}

static gboolean
drop_left_pages (gpointer user_data)
{
  CirrusShell *self = user_data;
  GtkWidget *visible = adw_leaflet_get_visible_child (self->pages);

  self->drop_source = 0;
  if (!adw_leaflet_get_child_transition_running (self->pages))
    while (self->pushed->len > 0 && g_ptr_array_index (self->pushed, self->pushed->len - 1) != visible)
      adw_leaflet_remove (self->pages, g_ptr_array_steal_index (self->pushed, self->pushed->len - 1));
  return G_SOURCE_REMOVE;
}

/* Pages behind the visible one were left: forget them once they are out of sight.  Not from within the leaflet's own signals, during
 * which it still refers to them. */
static void
on_pages_changed (CirrusShell *self)
{
  if (self->drop_source == 0 && !adw_leaflet_get_child_transition_running (self->pages))
    self->drop_source = g_idle_add (drop_left_pages, self);
  emit_layout_changed (self);
}

static AdwLeaflet *
ensure_panes (CirrusShell *self)
{
  if (self->panes == NULL)
    {
      self->panes = ADW_LEAFLET (adw_leaflet_new ());
      adw_leaflet_set_can_navigate_back (self->panes, TRUE);
      /* Panes fold at once, as in the views that follow the leaflet: else every start on a phone shows one of them sliding away. */
      adw_leaflet_set_mode_transition_duration (self->panes, 0);
      gtk_widget_set_vexpand (GTK_WIDGET (self->panes), TRUE);
      gtk_box_append (GTK_BOX (self->base), GTK_WIDGET (self->panes));
      g_signal_connect_swapped (self->panes, "notify::folded", G_CALLBACK (on_panes_changed), self);
      g_signal_connect_swapped (self->panes, "notify::visible-child", G_CALLBACK (on_panes_changed), self);
    }
  return self->panes;
}

static AdwViewStack *
ensure_views (CirrusShell *self)
{
  if (self->views == NULL)
    {
      self->views = ADW_VIEW_STACK (adw_view_stack_new ());
      self->bar = ADW_VIEW_SWITCHER_BAR (adw_view_switcher_bar_new ());
      gtk_widget_set_vexpand (GTK_WIDGET (self->views), TRUE);
      adw_view_stack_set_hhomogeneous (self->views, TRUE);
      adw_view_switcher_bar_set_stack (self->bar, self->views);
      gtk_box_append (GTK_BOX (self->base), GTK_WIDGET (self->views));
      gtk_box_append (GTK_BOX (self->base), GTK_WIDGET (self->bar));
      g_signal_connect_swapped (self->views, "notify::visible-child", G_CALLBACK (on_view_changed), self);
    }
  return self->views;
}

static GtkWidget *
child_holding (GtkWidget *parent, GtkWidget *widget)
{
  while (widget != NULL && gtk_widget_get_parent (widget) != parent)
    widget = gtk_widget_get_parent (widget);
  return widget;
}

static GtkWidget *
outer_pane (CirrusShell *self, gboolean first)
{
  return self->pane_widgets->len > 0 ? g_ptr_array_index (self->pane_widgets, first ? 0 : self->pane_widgets->len - 1) : NULL;
}

/* TRUE if going back from @widget, inside @self, means something; does it when @act. */
static gboolean
step_back (CirrusShell *self, GtkWidget *widget, gboolean act)
{
  GtkWidget *page = child_holding (GTK_WIDGET (self->pages), widget);

  if (page != NULL && page != self->base)
    {
      if (act)
        adw_leaflet_navigate (self->pages, ADW_NAVIGATION_DIRECTION_BACK);
      return TRUE;
    }
  if (self->panes != NULL && adw_leaflet_get_folded (self->panes))
    {
      GtkWidget *pane = child_holding (GTK_WIDGET (self->panes), widget);

      if (pane != NULL && pane != outer_pane (self, TRUE))
        {
          if (act)
            adw_leaflet_navigate (self->panes, ADW_NAVIGATION_DIRECTION_BACK);
          return TRUE;
        }
    }
  return FALSE;
}

/* Lifecycle */

static void
cirrus_shell_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CirrusShell *self = CIRRUS_SHELL (object);

  switch (id)
    {
    case PROP_FOLDED:
      g_value_set_boolean (value, cirrus_shell_get_folded (self));
      break;
    case PROP_VISIBLE_PANE:
      g_value_set_string (value, cirrus_shell_get_visible_pane (self));
      break;
    case PROP_VISIBLE_VIEW:
      g_value_set_string (value, cirrus_shell_get_visible_view (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
cirrus_shell_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_VISIBLE_VIEW)
    cirrus_shell_show_view (CIRRUS_SHELL (object), g_value_get_string (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
cirrus_shell_dispose (GObject *object)
{
  CirrusShell *self = CIRRUS_SHELL (object);

  g_clear_handle_id (&self->drop_source, g_source_remove);
  if (self->panes != NULL)
    g_signal_handlers_disconnect_by_data (self->panes, self);
  if (self->views != NULL)
    g_signal_handlers_disconnect_by_data (self->views, self);
  if (self->pages != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->pages, self);
      gtk_widget_unparent (GTK_WIDGET (self->pages));
    }
  self->pages = NULL;
  self->panes = NULL;
  self->views = NULL;
  G_OBJECT_CLASS (cirrus_shell_parent_class)->dispose (object);
}

static void
cirrus_shell_finalize (GObject *object)
{
  CirrusShell *self = CIRRUS_SHELL (object);

  g_ptr_array_unref (self->pane_widgets);
  g_ptr_array_unref (self->pushed);
  G_OBJECT_CLASS (cirrus_shell_parent_class)->finalize (object);
}

static void
cirrus_shell_class_init (CirrusShellClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = cirrus_shell_get_property;
  object_class->set_property = cirrus_shell_set_property;
  object_class->dispose = cirrus_shell_dispose;
  object_class->finalize = cirrus_shell_finalize;
  props[PROP_FOLDED] = g_param_spec_boolean ("folded", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_VISIBLE_PANE] = g_param_spec_string ("visible-pane", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_VISIBLE_VIEW] = g_param_spec_string ("visible-view", NULL, NULL, NULL,
                                                  G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[LAYOUT_CHANGED] = g_signal_new ("layout-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "cirrusshell");
}

static void
cirrus_shell_init (CirrusShell *self)
{
  self->pane_widgets = g_ptr_array_new ();
  self->pushed = g_ptr_array_new ();
  self->pages = ADW_LEAFLET (adw_leaflet_new ());
  self->base = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  adw_leaflet_set_can_unfold (self->pages, FALSE);
  adw_leaflet_set_can_navigate_back (self->pages, TRUE);
  adw_leaflet_append (self->pages, self->base);
  gtk_widget_set_parent (GTK_WIDGET (self->pages), GTK_WIDGET (self));
  g_signal_connect_swapped (self->pages, "notify::visible-child", G_CALLBACK (on_pages_changed), self);
  g_signal_connect_swapped (self->pages, "notify::child-transition-running", G_CALLBACK (on_pages_changed), self);
}

/* Public functions */

GtkWidget *
cirrus_shell_new (void)
{
  return g_object_new (CIRRUS_TYPE_SHELL, NULL);
}

void
cirrus_shell_add_pane (CirrusShell *self, const char *name, GtkWidget *pane, int width)
{
  AdwLeaflet *panes = NULL;

  g_return_if_fail (CIRRUS_IS_SHELL (self));
  g_return_if_fail (name != NULL && GTK_IS_WIDGET (pane));

  panes = ensure_panes (self);
  if (self->pane_widgets->len > 0)
    {
      GtkWidget *line = gtk_separator_new (GTK_ORIENTATION_VERTICAL);

      gtk_widget_add_css_class (line, "sidebar");
      adw_leaflet_page_set_navigatable (adw_leaflet_append (panes, line), FALSE);
    }
  if (width > 0)
    {
      /* Room for the phone: a pane never asks for more than the narrowest screen when it is alone. */
      gtk_widget_set_size_request (pane, MIN (width, 360), -1);
      gtk_widget_set_hexpand (pane, FALSE);
    }
  else
    gtk_widget_set_hexpand (pane, TRUE);
  adw_leaflet_page_set_name (adw_leaflet_append (panes, pane), name);
  g_ptr_array_add (self->pane_widgets, pane);
  emit_layout_changed (self);
}

void
cirrus_shell_show_pane (CirrusShell *self, const char *name)
{
  g_return_if_fail (CIRRUS_IS_SHELL (self));
  g_return_if_fail (self->panes != NULL && name != NULL);

  adw_leaflet_set_visible_child_name (self->panes, name);
}

const char *
cirrus_shell_get_visible_pane (CirrusShell *self)
{
  g_return_val_if_fail (CIRRUS_IS_SHELL (self), NULL);
  return self->panes != NULL ? adw_leaflet_get_visible_child_name (self->panes) : NULL;
}

gboolean
cirrus_shell_get_folded (CirrusShell *self)
{
  g_return_val_if_fail (CIRRUS_IS_SHELL (self), FALSE);
  return self->panes != NULL && adw_leaflet_get_folded (self->panes);
}

void
cirrus_shell_add_view (CirrusShell *self, const char *name, const char *title, const char *icon_name, GtkWidget *view)
{
  g_return_if_fail (CIRRUS_IS_SHELL (self));
  g_return_if_fail (name != NULL && title != NULL && icon_name != NULL && GTK_IS_WIDGET (view));

  adw_view_stack_add_titled_with_icon (ensure_views (self), view, name, title, icon_name);
  adw_view_switcher_bar_set_reveal (self->bar, gtk_widget_get_width (GTK_WIDGET (self)) < 550);
}

void
cirrus_shell_show_view (CirrusShell *self, const char *name)
{
  g_return_if_fail (CIRRUS_IS_SHELL (self));
  g_return_if_fail (self->views != NULL && name != NULL);

  adw_view_stack_set_visible_child_name (self->views, name);
}

const char *
cirrus_shell_get_visible_view (CirrusShell *self)
{
  g_return_val_if_fail (CIRRUS_IS_SHELL (self), NULL);
  return self->views != NULL ? adw_view_stack_get_visible_child_name (self->views) : NULL;
}

GtkWidget *
cirrus_shell_create_switcher (CirrusShell *self, const char *title)
{
  GtkWidget *switcher = NULL;

  g_return_val_if_fail (CIRRUS_IS_SHELL (self), NULL);
  g_return_val_if_fail (title != NULL, NULL);

  switcher = adw_view_switcher_title_new ();
  adw_view_switcher_title_set_stack (ADW_VIEW_SWITCHER_TITLE (switcher), ensure_views (self));
  adw_view_switcher_title_set_title (ADW_VIEW_SWITCHER_TITLE (switcher), title);
  g_object_bind_property (switcher, "title-visible", self->bar, "reveal", G_BINDING_SYNC_CREATE);
  return switcher;
}

void
cirrus_shell_push (CirrusShell *self, GtkWidget *page)
{
  GtkWidget *visible = NULL;
  guint position = 0;

  g_return_if_fail (CIRRUS_IS_SHELL (self));
  g_return_if_fail (GTK_IS_WIDGET (page));

  /* Pages that are just leaving stay behind it until they are gone. */
  visible = adw_leaflet_get_visible_child (self->pages);
  adw_leaflet_insert_child_after (self->pages, page, visible);
  if (visible != self->base && g_ptr_array_find (self->pushed, visible, &position))
    position++;
  g_ptr_array_insert (self->pushed, (int) position, page);
  adw_leaflet_set_visible_child (self->pages, page);
}

void
cirrus_shell_pop (CirrusShell *self)
{
  g_return_if_fail (CIRRUS_IS_SHELL (self));

  adw_leaflet_navigate (self->pages, ADW_NAVIGATION_DIRECTION_BACK);
}

void
cirrus_shell_pop_all (CirrusShell *self)
{
  g_return_if_fail (CIRRUS_IS_SHELL (self));

  adw_leaflet_set_visible_child (self->pages, self->base);
}

gboolean
cirrus_shell_can_go_back_from (GtkWidget *widget)
{
  g_return_val_if_fail (GTK_IS_WIDGET (widget), FALSE);

  for (GtkWidget *up = widget; up != NULL; up = gtk_widget_get_parent (up))
    if (CIRRUS_IS_SHELL (up) && step_back (CIRRUS_SHELL (up), widget, FALSE))
      return TRUE;
  return FALSE;
}

gboolean
cirrus_shell_go_back_from (GtkWidget *widget)
{
  g_return_val_if_fail (GTK_IS_WIDGET (widget), FALSE);

  for (GtkWidget *up = widget; up != NULL; up = gtk_widget_get_parent (up))
    if (CIRRUS_IS_SHELL (up) && step_back (CIRRUS_SHELL (up), widget, TRUE))
      return TRUE;
  return FALSE;
}

CirrusShell *
cirrus_shell_get_for (GtkWidget *widget)
{
  g_return_val_if_fail (GTK_IS_WIDGET (widget), NULL);
  return CIRRUS_SHELL (gtk_widget_get_ancestor (widget, CIRRUS_TYPE_SHELL));
}

gboolean
cirrus_shell_shows_window_buttons (GtkWidget *widget, gboolean start)
{
  g_return_val_if_fail (GTK_IS_WIDGET (widget), TRUE);

  for (GtkWidget *up = widget; up != NULL; up = gtk_widget_get_parent (up))
    {
      CirrusShell *self = CIRRUS_IS_SHELL (up) ? CIRRUS_SHELL (up) : NULL;
      GtkWidget *pane = NULL;

      if (self == NULL || self->panes == NULL || adw_leaflet_get_folded (self->panes))
        continue;
      pane = child_holding (GTK_WIDGET (self->panes), widget);
      if (pane != NULL && pane != outer_pane (self, start))
        return FALSE;
    }
  return TRUE;
}

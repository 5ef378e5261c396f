/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-ui"

#include "cirrus-status-view.h"

#include "cirrus-text.h"

#include "cloud-error.h"

#include <adwaita.h>

/* An AdwStatusPage with one of our pictures and one pill button.  Most of them are never seen: the page is made, and its picture drawn,
 * when this first comes on the screen. */

enum
{
  PROP_ILLUSTRATION = 1,
  PROP_TITLE,
  PROP_DESCRIPTION,
  PROP_BUTTON_LABEL,
  PROP_ACTION_NAME,
  PROP_COMPACT,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

enum
{
  ACTIVATED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

struct _CirrusStatusView
{
  GtkWidget parent;

  AdwStatusPage *page; /* NULL until it is seen */
  GtkButton *button;   /* in the page */
  char *illustration;
  char *title;
  char *description;
  char *button_label;
  char *action_name;
  gboolean compact;
};

G_DEFINE_FINAL_TYPE (CirrusStatusView, cirrus_status_view, GTK_TYPE_WIDGET)

static void
on_clicked (CirrusStatusView *self)
{
  g_signal_emit (self, signals[ACTIVATED], 0);
}

/* Writes what was set into the page, if there is one. */
static void
fill (CirrusStatusView *self)
{
  g_autofree char *icon = self->illustration != NULL ? g_strconcat ("cirrus-picture-", self->illustration, "-symbolic", NULL) : NULL;
  g_autofree char *description = self->description != NULL ? g_markup_escape_text (self->description, -1) : NULL;

  if (self->page == NULL)
    return;
  adw_status_page_set_icon_name (self->page, icon);
  adw_status_page_set_title (self->page, self->title != NULL ? self->title : "");
  adw_status_page_set_description (self->page, description);
  gtk_button_set_label (self->button, self->button_label != NULL ? self->button_label : "");
  gtk_widget_set_visible (GTK_WIDGET (self->button), self->button_label != NULL && self->button_label[0] != '\0');
  gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (self->button), self->action_name);
  if (self->compact)
    gtk_widget_add_css_class (GTK_WIDGET (self->page), "compact");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->page), "compact");
}

static void
set_text (CirrusStatusView *self, char **text, const char *value)
{
  if (g_strcmp0 (*text, value) == 0)
    return;
  g_free (*text);
  *text = g_strdup (value);
  fill (self);
}

/* Lifecycle */

static void
cirrus_status_view_map (GtkWidget *widget)
{
  CirrusStatusView *self = CIRRUS_STATUS_VIEW (widget);

  if (self->page == NULL)
    {
      self->page = ADW_STATUS_PAGE (adw_status_page_new ());
      self->button = GTK_BUTTON (gtk_button_new ());
      gtk_widget_add_css_class (GTK_WIDGET (self->button), "pill");
      gtk_widget_add_css_class (GTK_WIDGET (self->button), "suggested-action");
      gtk_widget_set_halign (GTK_WIDGET (self->button), GTK_ALIGN_CENTER);
      g_signal_connect_swapped (self->button, "clicked", G_CALLBACK (on_clicked), self);
      adw_status_page_set_child (self->page, GTK_WIDGET (self->button));
      fill (self);
      gtk_widget_set_parent (GTK_WIDGET (self->page), widget);
    }
  GTK_WIDGET_CLASS (cirrus_status_view_parent_class)->map (widget);
}

static void
cirrus_status_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CirrusStatusView *self = CIRRUS_STATUS_VIEW (object);

  switch (id)
    {
    case PROP_ILLUSTRATION:
      g_value_set_string (value, self->illustration);
      break;
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_DESCRIPTION:
      g_value_set_string (value, self->description);
      break;
    case PROP_BUTTON_LABEL:
      g_value_set_string (value, self->button_label);
      break;
    case PROP_ACTION_NAME:
      g_value_set_string (value, self->action_name);
      break;
    case PROP_COMPACT:
      g_value_set_boolean (value, self->compact);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
cirrus_status_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  CirrusStatusView *self = CIRRUS_STATUS_VIEW (object);

  switch (id)
    {
    case PROP_ILLUSTRATION:
      set_text (self, &self->illustration, g_value_get_string (value));
      break;
    case PROP_TITLE:
      set_text (self, &self->title, g_value_get_string (value));
      break;
    case PROP_DESCRIPTION:
      set_text (self, &self->description, g_value_get_string (value));
      break;
    case PROP_BUTTON_LABEL:
      set_text (self, &self->button_label, g_value_get_string (value));
      break;
    case PROP_ACTION_NAME:
      cirrus_status_view_set_action_name (self, g_value_get_string (value));
      break;
    case PROP_COMPACT:
      cirrus_status_view_set_compact (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
cirrus_status_view_dispose (GObject *object)
{
  CirrusStatusView *self = CIRRUS_STATUS_VIEW (object);

  if (self->page != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->page));
  self->page = NULL;
  G_OBJECT_CLASS (cirrus_status_view_parent_class)->dispose (object);
}

static void
cirrus_status_view_finalize (GObject *object)
{
  CirrusStatusView *self = CIRRUS_STATUS_VIEW (object);

  g_free (self->illustration);
  g_free (self->title);
  g_free (self->description);
  g_free (self->button_label);
  g_free (self->action_name);
  G_OBJECT_CLASS (cirrus_status_view_parent_class)->finalize (object);
}

static void
cirrus_status_view_class_init (CirrusStatusViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = cirrus_status_view_get_property;
  object_class->set_property = cirrus_status_view_set_property;
  object_class->dispose = cirrus_status_view_dispose;
  object_class->finalize = cirrus_status_view_finalize;
  GTK_WIDGET_CLASS (klass)->map = cirrus_status_view_map;
  props[PROP_ILLUSTRATION] = g_param_spec_string ("illustration", NULL, NULL, NULL, flags);
  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  props[PROP_DESCRIPTION] = g_param_spec_string ("description", NULL, NULL, NULL, flags);
  props[PROP_BUTTON_LABEL] = g_param_spec_string ("button-label", NULL, NULL, NULL, flags);
  props[PROP_ACTION_NAME] = g_param_spec_string ("action-name", NULL, NULL, NULL, flags);
  props[PROP_COMPACT] = g_param_spec_boolean ("compact", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[ACTIVATED] = g_signal_new ("activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "cirrusstatus");
}

static void
cirrus_status_view_init (CirrusStatusView *self)
{
  gtk_widget_set_vexpand (GTK_WIDGET (self), TRUE);
}

/* Public functions */

GtkWidget *
cirrus_status_view_new (const char *illustration, const char *title, const char *description, const char *button_label)
{
  return g_object_new (CIRRUS_TYPE_STATUS_VIEW, "illustration", illustration, "title", title, "description", description,
                       "button-label", button_label, NULL);
}

void
cirrus_status_view_set (CirrusStatusView *self, const char *illustration, const char *title, const char *description,
                        const char *button_label)
{
  g_return_if_fail (CIRRUS_IS_STATUS_VIEW (self));

  g_object_set (self, "illustration", illustration, "title", title, "description", description, "button-label", button_label, NULL);
}

void
cirrus_status_view_set_error (CirrusStatusView *self, const GError *error)
{
  g_return_if_fail (CIRRUS_IS_STATUS_VIEW (self));
  g_return_if_fail (error != NULL);

  if (cirrus_error_sentence (error) == NULL)
    return;
  cirrus_status_view_set (self, g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_OFFLINE) ? "offline" : "error",
                          cirrus_error_title (error), cirrus_error_sentence (error),
                          cirrus_remedy_label (cirrus_error_remedy (error)));
}

void
cirrus_status_view_set_action_name (CirrusStatusView *self, const char *action_name)
{
  g_return_if_fail (CIRRUS_IS_STATUS_VIEW (self));

  set_text (self, &self->action_name, action_name);
}

void
cirrus_status_view_set_compact (CirrusStatusView *self, gboolean compact)
{
  g_return_if_fail (CIRRUS_IS_STATUS_VIEW (self));

  self->compact = compact;
  fill (self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-ui"

#include "cirrus-offline-banner.h"

#include "cirrus-text.h"

#include "cloud-error.h"

#include <glib/gi18n.h>

/* What AdwBanner is from libadwaita 1.3 on. */

enum
{
  PROP_TEXT = 1,
  PROP_BUTTON_LABEL,
  PROP_REVEALED,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

enum
{
  RETRY,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

struct _CirrusOfflineBanner
{
  GtkWidget parent;

  GtkRevealer *revealer;
  GtkLabel *label;
  GtkButton *button;
};

G_DEFINE_FINAL_TYPE (CirrusOfflineBanner, cirrus_offline_banner, GTK_TYPE_WIDGET)

static void
on_clicked (CirrusOfflineBanner *self)
{
  g_signal_emit (self, signals[RETRY], 0);
}

static void
set_button_label (CirrusOfflineBanner *self, const char *label)
{
  gtk_button_set_label (self->button, label != NULL ? label : "");
  gtk_widget_set_visible (GTK_WIDGET (self->button), label != NULL);
}

static void
cirrus_offline_banner_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CirrusOfflineBanner *self = CIRRUS_OFFLINE_BANNER (object);

  switch (id)
    {
    case PROP_TEXT:
      g_value_set_string (value, gtk_label_get_label (self->label));
      break;
    case PROP_BUTTON_LABEL:
      g_value_set_string (value, gtk_button_get_label (self->button));
      break;
    case PROP_REVEALED:
      g_value_set_boolean (value, gtk_revealer_get_reveal_child (self->revealer));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
cirrus_offline_banner_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  CirrusOfflineBanner *self = CIRRUS_OFFLINE_BANNER (object);

  switch (id)
    {
    case PROP_TEXT:
      gtk_label_set_label (self->label, g_value_get_string (value));
      break;
    case PROP_BUTTON_LABEL:
      set_button_label (self, g_value_get_string (value));
      break;
    case PROP_REVEALED:
      gtk_revealer_set_reveal_child (self->revealer, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
cirrus_offline_banner_dispose (GObject *object)
{
  CirrusOfflineBanner *self = CIRRUS_OFFLINE_BANNER (object);

  if (self->revealer != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->revealer));
  self->revealer = NULL;
  G_OBJECT_CLASS (cirrus_offline_banner_parent_class)->dispose (object);
}

static void
cirrus_offline_banner_class_init (CirrusOfflineBannerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = cirrus_offline_banner_get_property;
  object_class->set_property = cirrus_offline_banner_set_property;
  object_class->dispose = cirrus_offline_banner_dispose;
  props[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, flags);
  props[PROP_BUTTON_LABEL] = g_param_spec_string ("button-label", NULL, NULL, NULL, flags);
  props[PROP_REVEALED] = g_param_spec_boolean ("revealed", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[RETRY] = g_signal_new ("retry", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
cirrus_offline_banner_init (CirrusOfflineBanner *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->revealer = GTK_REVEALER (gtk_revealer_new ());
  self->label = GTK_LABEL (gtk_label_new (_ ("Offline. Showing what was stored.")));
  self->button = GTK_BUTTON (gtk_button_new_with_label (_ ("Try Again")));
  gtk_label_set_wrap (self->label, TRUE);
  gtk_label_set_xalign (self->label, 0);
  gtk_widget_set_hexpand (GTK_WIDGET (self->label), TRUE);
  gtk_widget_set_valign (GTK_WIDGET (self->button), GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (GTK_WIDGET (self->button), "banner-button");
  gtk_widget_add_css_class (box, "offline-banner");
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("cirrus-offline-symbolic"));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->label));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->button));
  gtk_revealer_set_child (self->revealer, box);
  gtk_widget_set_parent (GTK_WIDGET (self->revealer), GTK_WIDGET (self));
  g_signal_connect_swapped (self->button, "clicked", G_CALLBACK (on_clicked), self);
}

/* Public functions */

GtkWidget *
cirrus_offline_banner_new (void)
{
  return g_object_new (CIRRUS_TYPE_OFFLINE_BANNER, NULL);
}

void
cirrus_offline_banner_set_revealed (CirrusOfflineBanner *self, gboolean revealed)
{
  g_return_if_fail (CIRRUS_IS_OFFLINE_BANNER (self));
  gtk_revealer_set_reveal_child (self->revealer, revealed);
}

void
cirrus_offline_banner_set_text (CirrusOfflineBanner *self, const char *text, const char *button_label)
{
  g_return_if_fail (CIRRUS_IS_OFFLINE_BANNER (self));
  g_return_if_fail (text != NULL);

  gtk_label_set_label (self->label, text);
  set_button_label (self, button_label);
}

void
cirrus_offline_banner_set_error (CirrusOfflineBanner *self, const GError *error)
{
  const char *sentence = NULL;

  g_return_if_fail (CIRRUS_IS_OFFLINE_BANNER (self));

  sentence = error != NULL ? cirrus_error_sentence (error) : NULL;
  if (sentence != NULL && g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_OFFLINE))
    sentence = _ ("Offline. Showing what was stored.");
  if (sentence != NULL)
    cirrus_offline_banner_set_text (self, sentence, cirrus_remedy_label (cirrus_error_remedy (error)));
  gtk_revealer_set_reveal_child (self->revealer, sentence != NULL);
}

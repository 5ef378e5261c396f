/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-ui"

#include "cirrus-age-chip.h"

#include "cirrus-text.h"

#include "cloud-paths.h"
#include "cloud-time.h"

#include <glib/gi18n.h>

/* Quiet chips: the age of data, and that data are made up. */

enum
{
  PROP_TIME = 1,
  PROP_STALE,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

struct _CirrusAgeChip
{
  GtkWidget parent;

  GtkWidget *box;
  GtkWidget *icon;
  GtkLabel *label;
  gint64 time_unix_us;
  guint timer;
};

G_DEFINE_FINAL_TYPE (CirrusAgeChip, cirrus_age_chip, GTK_TYPE_WIDGET)

static void update (CirrusAgeChip *self);

static gboolean
on_timer (gpointer user_data)
{
  CirrusAgeChip *self = user_data;

  self->timer = 0;
  update (self);
  return G_SOURCE_REMOVE;
}

/* Until the words change: the rest of the minute, of the quarter of an hour, of the hour. */
static guint
seconds_to_next (gint64 age_us)
{
  gint64 age_s = MAX (0, age_us / G_USEC_PER_SEC);

  if (age_s < 3600)
    return (guint) (60 + 1);
  return age_s < 24 * 3600 ? 15 * 60 : 3600;
}

static void
update (CirrusAgeChip *self)
{
  gint64 now = cloud_time_now_unix_us ();
  g_autofree char *age = NULL;
  g_autofree char *text = NULL;

  g_clear_handle_id (&self->timer, g_source_remove);
  gtk_widget_set_visible (self->box, self->time_unix_us != 0);
  if (self->time_unix_us == 0)
    return;
  age = cirrus_format_age (self->time_unix_us, now);
  /* Translators: %s is an age: "5 minutes ago", "yesterday" */
  text = g_strdup_printf (_ ("Updated %s"), age);
  gtk_label_set_label (self->label, text);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->timer = g_timeout_add_seconds (seconds_to_next (now - self->time_unix_us), on_timer, self);
}

static void
cirrus_age_chip_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (cirrus_age_chip_parent_class)->map (widget);
  update (CIRRUS_AGE_CHIP (widget));
}

static void
cirrus_age_chip_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&CIRRUS_AGE_CHIP (widget)->timer, g_source_remove);
  GTK_WIDGET_CLASS (cirrus_age_chip_parent_class)->unmap (widget);
}

static void
cirrus_age_chip_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CirrusAgeChip *self = CIRRUS_AGE_CHIP (object);

  if (id == PROP_TIME)
    g_value_set_int64 (value, self->time_unix_us);
  else if (id == PROP_STALE)
    g_value_set_boolean (value, gtk_widget_get_visible (self->icon));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
cirrus_age_chip_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_TIME)
    cirrus_age_chip_set_time (CIRRUS_AGE_CHIP (object), g_value_get_int64 (value));
  else if (id == PROP_STALE)
    cirrus_age_chip_set_stale (CIRRUS_AGE_CHIP (object), g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
cirrus_age_chip_dispose (GObject *object)
{
  CirrusAgeChip *self = CIRRUS_AGE_CHIP (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (cirrus_age_chip_parent_class)->dispose (object);
}

static void
cirrus_age_chip_class_init (CirrusAgeChipClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = cirrus_age_chip_get_property;
  object_class->set_property = cirrus_age_chip_set_property;
  object_class->dispose = cirrus_age_chip_dispose;
  widget_class->map = cirrus_age_chip_map;
  widget_class->unmap = cirrus_age_chip_unmap;
  props[PROP_TIME] = g_param_spec_int64 ("time", NULL, NULL, G_MININT64, G_MAXINT64, 0, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_STALE] = g_param_spec_boolean ("stale", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
cirrus_age_chip_init (CirrusAgeChip *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  self->icon = gtk_image_new_from_icon_name ("cirrus-offline-symbolic");
  self->label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_ellipsize (self->label, PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (self->box, "chip");
  gtk_widget_set_visible (self->icon, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->icon), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Offline"), -1);
  gtk_box_append (GTK_BOX (self->box), self->icon);
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->label));
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  gtk_widget_set_visible (self->box, FALSE);
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}

/* Public functions */

GtkWidget *
cirrus_age_chip_new (void)
{
  return g_object_new (CIRRUS_TYPE_AGE_CHIP, NULL);
}

void
cirrus_age_chip_set_time (CirrusAgeChip *self, gint64 time_unix_us)
{
  g_return_if_fail (CIRRUS_IS_AGE_CHIP (self));

  self->time_unix_us = time_unix_us;
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TIME]);
}

void
cirrus_age_chip_set_stale (CirrusAgeChip *self, gboolean stale)
{
  g_return_if_fail (CIRRUS_IS_AGE_CHIP (self));

  gtk_widget_set_visible (self->icon, stale);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STALE]);
}

GtkWidget *
cirrus_sample_chip_new (void)
{
  GtkWidget *label = gtk_label_new (_ ("Sample data"));

  gtk_widget_add_css_class (label, "chip");
  gtk_widget_set_halign (label, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (label, GTK_ALIGN_CENTER);
  gtk_widget_set_visible (label, cloud_paths_is_sample_profile ());
  return label;
}

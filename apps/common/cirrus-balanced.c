/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-ui"

#include "cirrus-balanced.h"

/* The label asks for its height as it always does; of the widths that need no more, it gets the least. */

struct _CirrusBalanced
{
  GtkWidget parent_instance;

  GtkWidget *label;
};

G_DEFINE_FINAL_TYPE (CirrusBalanced, cirrus_balanced, GTK_TYPE_WIDGET)

static int
height_for (CirrusBalanced *self, int width)
{
  int height;

  gtk_widget_measure (self->label, GTK_ORIENTATION_VERTICAL, width, NULL, &height, NULL, NULL);
  return height;
}

static int
narrowest_width (CirrusBalanced *self, int width)
{
  int wanted = height_for (self, width);
  int low; /* may need more lines */
  int high = width;

  gtk_widget_measure (self->label, GTK_ORIENTATION_HORIZONTAL, -1, &low, NULL, NULL, NULL);
  while (low < high)
    {
      int middle = (low + high) / 2;

      if (height_for (self, middle) > wanted)
        low = middle + 1;
      else
        high = middle;
    }
  return high;
}

static GtkSizeRequestMode
cirrus_balanced_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
cirrus_balanced_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  gtk_widget_measure (CIRRUS_BALANCED (widget)->label, orientation, for_size, minimum, natural, NULL, NULL);
}

static void
cirrus_balanced_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  CirrusBalanced *self = CIRRUS_BALANCED (widget);
  int narrow = narrowest_width (self, width);

  gtk_widget_size_allocate (self->label, &(GtkAllocation){ (width - narrow) / 2, 0, narrow, height }, -1);
}

static void
cirrus_balanced_dispose (GObject *object)
{
  g_clear_pointer (&CIRRUS_BALANCED (object)->label, gtk_widget_unparent);
  G_OBJECT_CLASS (cirrus_balanced_parent_class)->dispose (object);
}

static void
cirrus_balanced_class_init (CirrusBalancedClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cirrus_balanced_dispose;
  widget_class->get_request_mode = cirrus_balanced_get_request_mode;
  widget_class->measure = cirrus_balanced_measure;
  widget_class->size_allocate = cirrus_balanced_size_allocate;
}

static void
cirrus_balanced_init (CirrusBalanced *self)
{
}

GtkWidget *
cirrus_balanced_new (GtkWidget *label)
{
  CirrusBalanced *self = g_object_new (CIRRUS_TYPE_BALANCED, NULL);

  g_return_val_if_fail (GTK_IS_LABEL (label), GTK_WIDGET (self));

  gtk_widget_set_parent (label, GTK_WIDGET (self));
  self->label = label;
  return GTK_WIDGET (self);
}

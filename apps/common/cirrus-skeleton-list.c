/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-ui"

#include "cirrus-skeleton-list.h"

#include <glib/gi18n.h>

/* Drawn in one snapshot: rounded boxes in the skeleton colour of the theme, each row a little different. */

struct _CirrusSkeletonList
{
  GtkWidget parent;

  guint n_rows;
  int row_height;
  gboolean with_avatar;
};

G_DEFINE_FINAL_TYPE (CirrusSkeletonList, cirrus_skeleton_list, GTK_TYPE_WIDGET)

static void
append_box (GtkSnapshot *snapshot, const GdkRGBA *colour, float x, float y, float width, float height, float radius)
{
  GskRoundedRect box;

  gsk_rounded_rect_init_from_rect (&box, &GRAPHENE_RECT_INIT (x, y, width, height), radius);
  gtk_snapshot_push_rounded_clip (snapshot, &box);
  gtk_snapshot_append_color (snapshot, colour, &box.bounds);
  gtk_snapshot_pop (snapshot);
}

static void
cirrus_skeleton_list_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  static const float lengths[][2] = { { .42f, .84f }, { .30f, .70f }, { .55f, .92f }, { .36f, .78f }, { .48f, .62f } };
  CirrusSkeletonList *self = CIRRUS_SKELETON_LIST (widget);
  float width = gtk_widget_get_width (widget);
  float avatar = self->with_avatar ? MIN (40, self->row_height - 16) : 0;
  float start = 12 + (self->with_avatar ? avatar + 12 : 0);
  float room = MAX (40, width - start - 12);
  GdkRGBA colour;

  if (!gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), "cirrus_skeleton_color", &colour))
    colour = (GdkRGBA){ .5f, .5f, .5f, .15f };
  for (guint i = 0; i < self->n_rows; i++)
    {
      float top = (float) i * self->row_height;
      float middle = top + self->row_height / 2.f;
      const float *length = lengths[i % G_N_ELEMENTS (lengths)];

      if (top > gtk_widget_get_height (widget))
        break;
      if (self->with_avatar)
        append_box (snapshot, &colour, 12, middle - avatar / 2, avatar, avatar, avatar / 2);
      append_box (snapshot, &colour, start, middle - 16, room * length[0], 12, 6);
      append_box (snapshot, &colour, start, middle + 4, room * length[1], 10, 5);
    }
}

static void
cirrus_skeleton_list_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                              int *minimum_baseline, int *natural_baseline)
{
  CirrusSkeletonList *self = CIRRUS_SKELETON_LIST (widget);

  *minimum = orientation == GTK_ORIENTATION_VERTICAL ? self->row_height : 120;
  *natural = orientation == GTK_ORIENTATION_VERTICAL ? self->row_height * (int) self->n_rows : 320;
}

static void
cirrus_skeleton_list_class_init (CirrusSkeletonListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = cirrus_skeleton_list_snapshot;
  widget_class->measure = cirrus_skeleton_list_measure;
  gtk_widget_class_set_css_name (widget_class, "cirrusskeleton");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
cirrus_skeleton_list_init (CirrusSkeletonList *self)
{
  self->n_rows = 8;
  self->row_height = 72;
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Loading"), -1);
}

GtkWidget *
cirrus_skeleton_list_new (guint n_rows, int row_height, gboolean with_avatar)
{
  CirrusSkeletonList *self = g_object_new (CIRRUS_TYPE_SKELETON_LIST, NULL);

  self->n_rows = MAX (1, n_rows);
  self->row_height = MAX (32, row_height);
  self->with_avatar = with_avatar;
  return GTK_WIDGET (self);
}

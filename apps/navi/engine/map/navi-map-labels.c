/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-map"

#include "navi-map-labels.h"
#include "navi-map-render.h"
#include "navi-map-sprite.h"

#include <math.h>
#include <string.h>

/* Choosing, placing and drawing the labels of a view: candidates by importance, each placed where it overlaps nothing yet. */

#define SAME_NAME_EVERY_PX 340.0
#define SAME_SHIELD_EVERY_PX 240.0
#define COLLISION_PAD_PX 3.0
#define MAX_LABELS 260

typedef struct
{
  NaviMapSprite *sprite;
  double ux; /* where it stands in the world, 0 to 1 */
  double uy;
  double angle_rad; /* of the street in an unturned map; upright signs have along FALSE */
  gboolean along;
  int kind;
  NaviNames *names; /* (nullable) */
} Label;

struct _NaviMapLabels
{
  gatomicrefcount ref_count;
  GArray *labels; /* Label */
};

struct _NaviMapLabeler
{
  NaviMapSpriteMaker *sprites;
  char *language;
};

typedef struct
{
  double x0, y0, x1, y1;
} Box;

typedef struct
{
  double x;
  double y;
} Pixel;

/* One thing that wants a label. */
typedef struct
{
  double priority; /* the lowest first */
  int kind;
  guint rank;
  Pixel at;       /* points and shields */
  GArray *points; /* (nullable): Pixel, a street's course */
  char *text;
  NaviNames *names; /* (nullable): of a point */
} Candidate;

typedef struct
{
  NaviMapLabeler *labeler;
  const NaviMapView *view;
  const NaviMapStyle *style;
  gboolean dark;
  int margin;
  double zoom;
  double cos_r, sin_r;
  GPtrArray *cells;
  GPtrArray *candidates; /* Candidate */
  GHashTable *streets;   /* name -> GPtrArray of Street */
  GArray *boxes;         /* Box */
  GPtrArray *shields;    /* placed Candidates with shields, borrowed */
  NaviMapLabels *out;
} Layout;

typedef struct
{
  int kind;
  GArray *points; /* Pixel */
} Street;

/* ---- From the world to the view ---- */

static double
world_px (const NaviMapView *view)
{
  return 256 * pow (2, view->zoom);
}

static Pixel
turn (const NaviMapView *view, double dx, double dy, double cos_r, double sin_r)
{
  return (Pixel){ view->width / 2.0 + dx * cos_r - dy * sin_r, view->height / 2.0 + dx * sin_r + dy * cos_r };
}

/* The unturned frame around the view from which cells are projected; its centre is the view's. */
static NaviMapFrame
frame_of (const NaviMapView *view, int margin)
{
  double world = world_px (view);
  int reach = (int) ceil (hypot (view->width, view->height));
  int width = (view->rotation_rad != 0 ? reach : view->width) + 2 * margin;
  int height = (view->rotation_rad != 0 ? reach : view->height) + 2 * margin;

  return (NaviMapFrame){ navi_map_world_x (view->lon_deg, world) - width / 2.0, navi_map_world_y (view->lat_deg, world) - height / 2.0,
                         width, height, view->zoom, 1 };
}

static Pixel
place (const Layout *layout, const NaviMapFrame *frame, const NaviMapProjection *projection, NaviMapXY xy)
{
  return turn (layout->view, navi_map_project_x (projection, xy.x) - frame->width / 2.0,
               navi_map_project_y (projection, xy.y) - frame->height / 2.0, layout->cos_r, layout->sin_r);
}

/* ---- Which things want a label ---- */

static gboolean
point_is_shown (int kind, guint rank, double zoom)
{
  switch (kind)
    {
    case NAVI_MAP_PLACE_COUNTRY:
      return zoom < 8;
    case NAVI_MAP_PLACE_CITY:
      return zoom < 15;
    case NAVI_MAP_PLACE_TOWN:
      return zoom >= 8 && zoom < 16;
    case NAVI_MAP_PLACE_VILLAGE:
      return zoom >= 10.5 && zoom < 17;
    case NAVI_MAP_PLACE_ISLAND:
      return zoom >= 12;
    case NAVI_MAP_PLACE_SUBURB:
      return zoom >= 12.5 && zoom < 17;
    case NAVI_MAP_PLACE_HAMLET:
      return zoom >= 13;
    case NAVI_MAP_PLACE_LOCALITY:
      return zoom >= 14.5;
    case NAVI_MAP_LABEL_WATER:
      return zoom >= 13;
    case NAVI_MAP_LABEL_GREEN:
      return zoom >= 14.5 + rank * 0.5;
    case NAVI_MAP_LABEL_AREA:
      return zoom >= 15.5;
    case NAVI_MAP_HOUSE_NUMBER:
      return zoom >= 17;
    case NAVI_MAP_JUNCTION:
      return zoom >= 13;
    case NAVI_MAP_PEAK:
      return zoom >= 12.5;
    case NAVI_MAP_POI_STATION:
      return zoom >= 13;
    case NAVI_MAP_POI_AIRPORT:
      return zoom >= 11;
    case NAVI_MAP_POI_HOSPITAL:
      return zoom >= 14;
    default:
      return zoom >= 15 + rank * 0.8;
    }
}

static double
point_priority (int kind, guint rank)
{
  switch (kind)
    {
    case NAVI_MAP_PLACE_COUNTRY:
      return 0;
    case NAVI_MAP_PLACE_CITY:
      return 1;
    case NAVI_MAP_PLACE_TOWN:
      return 2;
    case NAVI_MAP_PLACE_VILLAGE:
      return 4;
    case NAVI_MAP_PLACE_ISLAND:
    case NAVI_MAP_PLACE_SUBURB:
      return 5 + rank * 0.1;
    case NAVI_MAP_POI_STATION:
    case NAVI_MAP_JUNCTION:
      return 6;
    case NAVI_MAP_POI_HOSPITAL:
    case NAVI_MAP_POI_AIRPORT:
      return 7;
    case NAVI_MAP_LABEL_WATER:
      return 8;
    case NAVI_MAP_PLACE_HAMLET:
      return 9;
    case NAVI_MAP_PEAK:
      return 12.5;
    case NAVI_MAP_LABEL_GREEN:
      return 13;
    case NAVI_MAP_PLACE_LOCALITY:
      return 14;
    case NAVI_MAP_LABEL_AREA:
      return 16;
    case NAVI_MAP_HOUSE_NUMBER:
      return 20;
    default:
      return 11 + rank * 3;
    }
}

static double
street_zoom (int kind)
{
  if (kind >= NAVI_MAP_ROAD_SECONDARY)
    return 13;
  if (kind >= NAVI_MAP_ROAD_TERTIARY)
    return 14;
  return kind >= NAVI_MAP_ROAD_PEDESTRIAN ? 15 : 16;
}

static double
street_priority (int kind)
{
  if (kind >= NAVI_MAP_ROAD_SECONDARY)
    return 7.5;
  if (kind >= NAVI_MAP_ROAD_TERTIARY)
    return 10;
  return kind >= NAVI_MAP_ROAD_PEDESTRIAN ? 12 : 18;
}

static void
candidate_free (gpointer data)
{
  Candidate *candidate = data;

  g_clear_pointer (&candidate->points, g_array_unref);
  g_free (candidate->text);
  g_clear_pointer (&candidate->names, navi_names_unref);
  g_free (candidate);
}

static gboolean
is_near (const Layout *layout, Pixel p)
{
  return p.x > -layout->margin && p.y > -layout->margin && p.x < layout->view->width + layout->margin &&
         p.y < layout->view->height + layout->margin;
}

static Candidate *
add_candidate (Layout *layout, int kind, guint rank, double priority)
{
  Candidate *candidate = g_new0 (Candidate, 1);

  candidate->kind = kind;
  candidate->rank = rank;
  candidate->priority = priority;
  g_ptr_array_add (layout->candidates, candidate);
  return candidate;
}

/* What is written on the map, the signs' name below or behind the reader's; (transfer full). */
static char *
label_text (const Layout *layout, const NaviNames *names, char between)
{
  const char *beside, *name = navi_names_pick (names, layout->labeler->language, &beside);

  return beside != NULL ? g_strdup_printf ("%s%c%s", name, between, beside) : g_strdup (name);
}

static void
collect_point (Layout *layout, const NaviMapFrame *frame, const NaviMapCell *cell, const NaviMapProjection *projection,
               const NaviMapFeature *feature)
{
  Pixel at;
  Candidate *candidate;

  if (!point_is_shown (feature->kind, feature->rank, layout->zoom))
    return;
  at = place (layout, frame, projection, cell->points[feature->first_ring]);
  if (!is_near (layout, at))
    return;
  candidate = add_candidate (layout, feature->kind, feature->rank, point_priority (feature->kind, feature->rank));
  candidate->at = at;
  candidate->names = navi_map_cell_get_names (cell, feature->name);
  candidate->text = candidate->names != NULL ? label_text (layout, candidate->names, '\n') : NULL;
}

static void
street_free (gpointer data)
{
  Street *street = data;

  g_array_unref (street->points);
  g_free (street);
}

static void
add_street (Layout *layout, int kind, const char *name, GArray *points)
{
  GPtrArray *streets = g_hash_table_lookup (layout->streets, name);
  Street *street = g_new0 (Street, 1);

  street->kind = kind;
  street->points = points;
  if (streets == NULL)
    {
      streets = g_ptr_array_new_with_free_func (street_free);
      g_hash_table_insert (layout->streets, g_strdup (name), streets);
    }
  g_ptr_array_add (streets, street);
}

/* A ring's points up to the cell's true edge: its margin is the neighbour's. */
static void
collect_street_ring (Layout *layout, const NaviMapFrame *frame, const NaviMapCell *cell, const NaviMapProjection *projection,
                     const NaviMapRing *ring, int kind, const char *name)
{
  GArray *points = g_array_new (FALSE, FALSE, sizeof (Pixel));

  for (guint i = 0; i < ring->n_points; i++)
    {
      NaviMapXY xy = cell->points[ring->first_point + i];
      Pixel p;

      if (xy.x < 0 || xy.y < 0 || xy.x > NAVI_MAP_CELL_UNITS || xy.y > NAVI_MAP_CELL_UNITS)
        {
          if (points->len > 1)
            {
              add_street (layout, kind, name, points);
              points = g_array_new (FALSE, FALSE, sizeof (Pixel));
            }
          else
            g_array_set_size (points, 0);
          continue;
        }
      p = place (layout, frame, projection, xy);
      g_array_append_val (points, p);
    }
  if (points->len > 1)
    add_street (layout, kind, name, points);
  else
    g_array_unref (points);
}

static void
collect_shield (Layout *layout, const NaviMapFrame *frame, const NaviMapCell *cell, const NaviMapProjection *projection,
                const NaviMapFeature *feature)
{
  static const double from_zoom[] = { 12.5, 10, 9, 8 }; /* secondary, primary, trunk, motorway */
  const NaviMapRing *ring = &cell->rings[feature->first_ring];
  g_autoptr (NaviNames) names = NULL;
  g_autofree char *ref = NULL;
  Candidate *candidate;
  Pixel at, before;

  if (feature->kind < NAVI_MAP_ROAD_SECONDARY || layout->zoom < from_zoom[feature->kind - NAVI_MAP_ROAD_SECONDARY] ||
      feature->n_rings == 0 || ring->n_points < 2 || feature->flags & NAVI_MAP_FLAG_LINK)
    return;
  before = place (layout, frame, projection, cell->points[ring->first_point + ring->n_points / 2 - 1]);
  at = place (layout, frame, projection, cell->points[ring->first_point + ring->n_points / 2]);
  at = (Pixel){ (at.x + before.x) / 2, (at.y + before.y) / 2 };
  if (!is_near (layout, at))
    return;
  names = navi_map_cell_get_names (cell, feature->ref);
  ref = g_strdup (names->local);
  ref[strcspn (ref, ";")] = '\0';
  if (g_utf8_strlen (ref, -1) > 8 || *ref == '\0')
    return;
  candidate = add_candidate (layout, feature->kind, 0, 3 + (NAVI_MAP_ROAD_MOTORWAY - feature->kind) * 0.1);
  candidate->at = at;
  candidate->text = g_steal_pointer (&ref);
}

static void
collect (Layout *layout, const NaviMapFrame *frame)
{
  for (guint c = 0; c < layout->cells->len; c++)
    {
      const NaviMapCell *cell = g_ptr_array_index (layout->cells, c);
      NaviMapProjection projection;

      navi_map_projection_init (&projection, cell, frame);
      for (guint i = 0; i < cell->n_features; i++)
        {
          const NaviMapFeature *feature = &cell->features[i];

          if (navi_map_kind_is_point (feature->kind))
            collect_point (layout, frame, cell, &projection, feature);
          if (!navi_map_kind_is_road (feature->kind))
            continue;
          if (feature->ref != 0)
            collect_shield (layout, frame, cell, &projection, feature);
          if (feature->name != 0 && layout->zoom >= street_zoom (feature->kind))
            {
              g_autoptr (NaviNames) names = navi_map_cell_get_names (cell, feature->name);
              g_autofree char *name = label_text (layout, names, ' ');

              for (guint r = 0; r < feature->n_rings; r++)
                collect_street_ring (layout, frame, cell, &projection, &cell->rings[feature->first_ring + r], feature->kind, name);
            }
        }
    }
}

/* ---- Streets come in pieces: join those whose ends meet ---- */

static Pixel
end_of (const Street *street, gboolean last)
{
  return g_array_index (street->points, Pixel, last ? street->points->len - 1 : 0);
}

static gboolean
meet (Pixel a, Pixel b)
{
  return fabs (a.x - b.x) < 0.6 && fabs (a.y - b.y) < 0.6;
}

static void
reverse (GArray *points)
{
  for (guint i = 0; i < points->len / 2; i++)
    {
      Pixel *a = &g_array_index (points, Pixel, i);
      Pixel *b = &g_array_index (points, Pixel, points->len - 1 - i);
      Pixel swap = *a;

      *a = *b;
      *b = swap;
    }
}

/* Appends @other to @street if their ends meet; then @other is used up. */
static gboolean
join (Street *street, Street *other)
{
  if (meet (end_of (street, FALSE), end_of (other, FALSE)) || meet (end_of (street, FALSE), end_of (other, TRUE)))
    reverse (street->points);
  if (meet (end_of (street, TRUE), end_of (other, TRUE)))
    reverse (other->points);
  if (!meet (end_of (street, TRUE), end_of (other, FALSE)))
    return FALSE;
  g_array_append_vals (street->points, &g_array_index (other->points, Pixel, 1), other->points->len - 1);
  street->kind = MAX (street->kind, other->kind);
  return TRUE;
}

static void
join_streets (GPtrArray *streets)
{
  for (guint i = 0; i < streets->len; i++)
    for (guint k = i + 1; k < streets->len;)
      if (join (g_ptr_array_index (streets, i), g_ptr_array_index (streets, k)))
        {
          g_ptr_array_remove_index (streets, k);
          k = i + 1;
        }
      else
        k++;
}

static void
add_street_candidates (Layout *layout)
{
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, layout->streets);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      GPtrArray *streets = value;

      join_streets (streets);
      for (guint i = 0; i < streets->len; i++)
        {
          Street *street = g_ptr_array_index (streets, i);
          Candidate *candidate = add_candidate (layout, street->kind, 0, street_priority (street->kind));

          candidate->points = g_array_ref (street->points);
          candidate->at = g_array_index (street->points, Pixel, 0);
          candidate->text = g_strdup (name);
        }
    }
}

/* ---- Placing ---- */

static int
compare_candidates (gconstpointer a, gconstpointer b)
{
  const Candidate *x = *(const Candidate *const *) a;
  const Candidate *y = *(const Candidate *const *) b;

  if (x->priority != y->priority)
    return x->priority < y->priority ? -1 : 1;
  if (x->at.y != y->at.y)
    return x->at.y < y->at.y ? -1 : 1;
  if (x->at.x != y->at.x)
    return x->at.x < y->at.x ? -1 : 1;
  return g_strcmp0 (x->text, y->text);
}

static gboolean
is_free (const Layout *layout, const Box *box)
{
  for (guint i = 0; i < layout->boxes->len; i++)
    {
      const Box *taken = &g_array_index (layout->boxes, Box, i);

      if (box->x0 < taken->x1 && box->x1 > taken->x0 && box->y0 < taken->y1 && box->y1 > taken->y0)
        return FALSE;
    }
  return TRUE;
}

/* A label is wholly in the view or wholly out of it: none is cut by the edge. */
static gboolean
is_uncut (const Layout *layout, const Box *box)
{
  double w = layout->view->width;
  double h = layout->view->height;
  gboolean in = box->x0 >= 0 && box->y0 >= 0 && box->x1 <= w && box->y1 <= h;
  gboolean out = box->x1 <= 0 || box->y1 <= 0 || box->x0 >= w || box->y0 >= h;

  return in || out;
}

static void
take (Layout *layout, Box box)
{
  box.x0 -= COLLISION_PAD_PX;
  box.y0 -= COLLISION_PAD_PX;
  box.x1 += COLLISION_PAD_PX;
  box.y1 += COLLISION_PAD_PX;
  g_array_append_val (layout->boxes, box);
}

static void
add_label (Layout *layout, const Candidate *candidate, NaviMapSprite *sprite, Pixel at, double screen_angle)
{
  double dx = at.x - layout->view->width / 2.0;
  double dy = at.y - layout->view->height / 2.0;
  double world = world_px (layout->view);
  Label label = { .kind = candidate->kind, .along = candidate->points != NULL };

  label.sprite = navi_map_sprite_ref (sprite);
  label.ux = (navi_map_world_x (layout->view->lon_deg, world) + dx * layout->cos_r + dy * layout->sin_r) / world;
  label.uy = (navi_map_world_y (layout->view->lat_deg, world) - dx * layout->sin_r + dy * layout->cos_r) / world;
  label.angle_rad = screen_angle - layout->view->rotation_rad;
  label.names = candidate->names != NULL ? navi_names_ref (candidate->names) : NULL;
  g_array_append_val (layout->out->labels, label);
}

static NaviMapTextStyle
point_style (const Layout *layout, const Candidate *candidate)
{
  const NaviMapStyle *style = layout->style;
  NaviMapTextStyle text = { .size_px = 11, .color = style->text, .halo = style->halo, .wrap_px = 110, .shield = NAVI_MAP_NO_COLOR };

  switch (candidate->kind)
    {
    case NAVI_MAP_PLACE_COUNTRY:
    case NAVI_MAP_PLACE_CITY:
      text.size_px = CLAMP (13.5 + (layout->zoom - 7) * 0.7, 13.5, 19);
      text.bold = TRUE;
      text.wrap_px = 0;
      break;
    case NAVI_MAP_PLACE_TOWN:
      text.size_px = CLAMP (12 + (layout->zoom - 9) * 0.6, 12, 16);
      text.bold = TRUE;
      text.wrap_px = 0;
      break;
    case NAVI_MAP_PLACE_VILLAGE:
      text.size_px = CLAMP (11 + (layout->zoom - 11) * 0.6, 11, 14);
      text.bold = TRUE;
      break;
    case NAVI_MAP_PLACE_SUBURB:
    case NAVI_MAP_PLACE_HAMLET:
      text.size_px = 12;
      text.bold = TRUE;
      text.color = style->text_quiet;
      break;
    case NAVI_MAP_LABEL_WATER:
      text.size_px = 12;
      text.italic = TRUE;
      text.color = style->text_water;
      break;
    case NAVI_MAP_LABEL_GREEN:
      text.color = style->text_green;
      break;
    case NAVI_MAP_PLACE_LOCALITY:
    case NAVI_MAP_LABEL_AREA:
    case NAVI_MAP_PLACE_ISLAND:
      text.color = style->text_quiet;
      break;
    case NAVI_MAP_HOUSE_NUMBER:
      text.size_px = 9.5;
      text.color = style->text_quiet;
      break;
    case NAVI_MAP_PEAK:
      text.icon = NAVI_MAP_PEAK;
      text.color = style->text_quiet;
      break;
    case NAVI_MAP_JUNCTION:
      text.size_px = 10;
      text.color = 0xffffff;
      text.shield = 0x7c8798;
      break;
    default:
      text.icon = candidate->kind;
      text.wrap_px = 96;
      text.color = navi_map_kind_is_poi (candidate->kind) ? style->text : style->text_quiet;
      break;
    }
  return text;
}

static gboolean
try_point (Layout *layout, const Candidate *candidate, const char *words, const NaviMapTextStyle *text)
{
  NaviMapSprite *sprite = navi_map_sprite_maker_get (layout->labeler->sprites, words, text, layout->dark);
  Box box = { candidate->at.x - sprite->anchor_x, candidate->at.y - sprite->anchor_y, 0, 0 };

  box.x1 = box.x0 + sprite->width;
  box.y1 = box.y0 + sprite->height;
  if (!is_uncut (layout, &box) || !is_free (layout, &box))
    return FALSE;
  take (layout, box);
  add_label (layout, candidate, sprite, candidate->at, 0);
  return TRUE;
}

static void
place_point (Layout *layout, const Candidate *candidate)
{
  NaviMapTextStyle text = point_style (layout, candidate);
  const char *words = candidate->text != NULL ? candidate->text : "";
  gboolean quiet_sign = candidate->rank >= 2 && layout->zoom < 17;

  if (*words == '\0' && text.icon == 0)
    return;
  /* Lesser signs go without their names until there is room; a badge is better than nothing where the name does not fit. */
  if (!quiet_sign && try_point (layout, candidate, words, &text))
    return;
  if (navi_map_kind_is_poi (candidate->kind))
    try_point (layout, candidate, "", &text);
}

static void
place_shield (Layout *layout, Candidate *candidate)
{
  static const NaviMapColor colors[] = { 0x8a7a3a, 0xa97c1f, 0xb8722a, 0xc15a28 };
  NaviMapTextStyle text = { .size_px = 9.5, .bold = TRUE, .color = 0xffffff, .halo = 0 };

  for (guint i = 0; i < layout->shields->len; i++)
    {
      const Candidate *placed = g_ptr_array_index (layout->shields, i);

      if (strcmp (placed->text, candidate->text) == 0 &&
          hypot (placed->at.x - candidate->at.x, placed->at.y - candidate->at.y) < SAME_SHIELD_EVERY_PX)
        return;
    }
  text.shield = colors[candidate->kind - NAVI_MAP_ROAD_SECONDARY];
  if (try_point (layout, candidate, candidate->text, &text))
    g_ptr_array_add (layout->shields, candidate);
}

typedef struct
{
  const Pixel *points;
  guint n;
  double *along; /* distance from the start of each point */
  double length;
} Course;

static Pixel
course_at (const Course *course, double s, guint *segment)
{
  guint i = 1;
  double t;

  while (i + 1 < course->n && course->along[i] < s)
    i++;
  if (segment != NULL)
    *segment = i;
  t = course->along[i] > course->along[i - 1] ? (s - course->along[i - 1]) / (course->along[i] - course->along[i - 1]) : 0;
  return (Pixel){ course->points[i - 1].x + (course->points[i].x - course->points[i - 1].x) * t,
                  course->points[i - 1].y + (course->points[i].y - course->points[i - 1].y) * t };
}

/* TRUE if the street is nearly straight from @s to @s + @width. */
static gboolean
is_straight (const Course *course, double s, double width, Pixel *from, Pixel *to)
{
  guint first, last;
  double dx, dy, length;

  *from = course_at (course, s, &first);
  *to = course_at (course, s + width, &last);
  dx = to->x - from->x;
  dy = to->y - from->y;
  length = hypot (dx, dy);
  if (length < width * 0.93)
    return FALSE;
  for (guint i = first; i < last; i++)
    if (fabs ((course->points[i].x - from->x) * dy - (course->points[i].y - from->y) * dx) / length > 3.5)
      return FALSE;
  return TRUE;
}

/* Text along a slanting street is covered by a row of small boxes. */
static gboolean
try_street (Layout *layout, const Candidate *candidate, NaviMapSprite *sprite, const Course *course, double s)
{
  Pixel from, to;
  double angle;
  int n = MAX (2, (int) ceil (sprite->width / sprite->height));
  double half = sprite->height / 2;

  if (s < 0 || s + sprite->width > course->length || !is_straight (course, s, sprite->width, &from, &to))
    return FALSE;
  for (int pass = 0; pass < 2; pass++)
    for (int i = 0; i < n; i++)
      {
        double t = (i + 0.5) / n;
        Box box = { from.x + (to.x - from.x) * t - half, from.y + (to.y - from.y) * t - half, 0, 0 };

        box.x1 = box.x0 + 2 * half;
        box.y1 = box.y0 + 2 * half;
        if (pass == 0 && (!is_uncut (layout, &box) || !is_free (layout, &box)))
          return FALSE;
        if (pass == 1)
          take (layout, box);
      }
  angle = atan2 (to.y - from.y, to.x - from.x);
  add_label (layout, candidate, sprite, (Pixel){ (from.x + to.x) / 2, (from.y + to.y) / 2 }, angle);
  return TRUE;
}

static void
place_along (Layout *layout, const Candidate *candidate, NaviMapSprite *sprite, const Course *course)
{
  int n_slots = MAX (1, (int) (course->length / SAME_NAME_EVERY_PX));
  double slot = course->length / n_slots;

  for (int k = 0; k < n_slots && layout->out->labels->len < MAX_LABELS; k++)
    {
      double middle = (k + 0.5) * slot - sprite->width / 2;
      double room = MAX (0, (slot - sprite->width) / 2);

      if (!is_near (layout, course_at (course, (k + 0.5) * slot, NULL)) && slot < 2 * layout->margin)
        continue;
      for (double off = 0; off <= room; off += 18)
        if (try_street (layout, candidate, sprite, course, middle + off) ||
            (off > 0 && try_street (layout, candidate, sprite, course, middle - off)))
          break;
    }
}

static void
place_street (Layout *layout, const Candidate *candidate)
{
  double width = navi_map_style_line_width (candidate->kind, 0, layout->zoom);
  NaviMapTextStyle text = {
    .size_px = CLAMP (width * 0.95, 10, candidate->kind >= NAVI_MAP_ROAD_TERTIARY ? 13 : 12),
    .color = layout->style->text,
    .halo = layout->style->halo,
    .shield = NAVI_MAP_NO_COLOR,
  };
  NaviMapSprite *sprite = navi_map_sprite_maker_get (layout->labeler->sprites, candidate->text, &text, layout->dark);
  Course course = { (const Pixel *) (void *) candidate->points->data, candidate->points->len, NULL, 0 };

  course.along = g_new (double, course.n);
  course.along[0] = 0;
  for (guint i = 1; i < course.n; i++)
    course.along[i] = course.along[i - 1] +
                      hypot (course.points[i].x - course.points[i - 1].x, course.points[i].y - course.points[i - 1].y);
  course.length = course.along[course.n - 1];
  if (course.length >= sprite->width)
    place_along (layout, candidate, sprite, &course);
  g_free (course.along);
}

static void
place_all (Layout *layout)
{
  g_ptr_array_sort (layout->candidates, compare_candidates);
  for (guint i = 0; i < layout->candidates->len && layout->out->labels->len < MAX_LABELS; i++)
    {
      Candidate *candidate = g_ptr_array_index (layout->candidates, i);

      if (candidate->points != NULL)
        place_street (layout, candidate);
      else if (navi_map_kind_is_road (candidate->kind))
        place_shield (layout, candidate);
      else
        place_point (layout, candidate);
    }
}

/* ---- Public ---- */

NaviMapLabeler *
navi_map_labeler_new (const char *language, double scale)
{
  NaviMapLabeler *self = g_new0 (NaviMapLabeler, 1);

  self->sprites = navi_map_sprite_maker_new (scale);
  self->language = g_strdup (language);
  return self;
}

void
navi_map_labeler_free (NaviMapLabeler *self)
{
  if (self == NULL)
    return;
  navi_map_sprite_maker_free (self->sprites);
  g_free (self->language);
  g_free (self);
}

static void
label_clear (gpointer data)
{
  Label *label = data;

  navi_map_sprite_unref (label->sprite);
  g_clear_pointer (&label->names, navi_names_unref);
}

NaviMapLabels *
navi_map_labeler_layout (NaviMapLabeler *self, GPtrArray *regions, const NaviMapView *view, int margin, gboolean dark)
{
  Layout layout = { .labeler = self, .view = view, .style = navi_map_style_get (dark), .dark = dark, .margin = margin };
  NaviMapFrame frame;

  g_return_val_if_fail (self != NULL && regions != NULL && view != NULL, NULL);

  frame = frame_of (view, margin);
  layout.zoom = view->zoom;
  layout.cos_r = cos (view->rotation_rad);
  layout.sin_r = sin (view->rotation_rad);
  layout.cells = navi_map_frame_cells (regions, &frame, 0);
  layout.candidates = g_ptr_array_new_with_free_func (candidate_free);
  layout.streets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  layout.boxes = g_array_new (FALSE, FALSE, sizeof (Box));
  layout.shields = g_ptr_array_new ();
  layout.out = g_new0 (NaviMapLabels, 1);
  g_atomic_ref_count_init (&layout.out->ref_count);
  layout.out->labels = g_array_new (FALSE, FALSE, sizeof (Label));
  g_array_set_clear_func (layout.out->labels, label_clear);

  collect (&layout, &frame);
  add_street_candidates (&layout);
  place_all (&layout);

  g_ptr_array_unref (layout.shields);
  g_array_unref (layout.boxes);
  g_hash_table_unref (layout.streets);
  g_ptr_array_unref (layout.candidates);
  g_ptr_array_unref (layout.cells);
  return layout.out;
}

NaviMapLabels *
navi_map_labels_ref (NaviMapLabels *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
navi_map_labels_unref (NaviMapLabels *self)
{
  g_return_if_fail (self != NULL);
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_array_unref (self->labels);
  g_free (self);
}

guint
navi_map_labels_get_n (NaviMapLabels *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->labels->len;
}

static Pixel
label_position (const Label *label, const NaviMapView *view)
{
  double world = world_px (view);

  return turn (view, label->ux * world - navi_map_world_x (view->lon_deg, world), label->uy * world - navi_map_world_y (view->lat_deg, world),
               cos (view->rotation_rad), sin (view->rotation_rad));
}

void
navi_map_labels_draw (NaviMapLabels *self, cairo_t *cr, const NaviMapView *view)
{
  g_return_if_fail (self != NULL && cr != NULL && view != NULL);

  for (guint i = 0; i < self->labels->len; i++)
    {
      const Label *label = &g_array_index (self->labels, Label, i);
      const NaviMapSprite *sprite = label->sprite;
      Pixel at = label_position (label, view);

      if (at.x < -sprite->width || at.y < -sprite->width || at.x > view->width + sprite->width || at.y > view->height + sprite->width)
        continue;
      cairo_save (cr);
      if (label->along)
        {
          double angle = remainder (label->angle_rad + view->rotation_rad, 2 * G_PI);

          if (fabs (angle) > G_PI / 2)
            angle += G_PI;
          cairo_translate (cr, at.x, at.y);
          cairo_rotate (cr, angle);
          cairo_translate (cr, -sprite->anchor_x, -sprite->anchor_y);
        }
      else
        cairo_translate (cr, floor (at.x - sprite->anchor_x + 0.5), floor (at.y - sprite->anchor_y + 0.5));
      cairo_set_source_surface (cr, sprite->surface, 0, 0);
      cairo_paint (cr);
      cairo_restore (cr);
    }
}

gboolean
navi_map_labels_pick (NaviMapLabels *self, const NaviMapView *view, double x, double y, int *kind, NaviNames **names,
                      double *lat_deg, double *lon_deg)
{
  g_return_val_if_fail (self != NULL && view != NULL, FALSE);

  for (guint i = 0; i < self->labels->len; i++)
    {
      const Label *label = &g_array_index (self->labels, Label, i);
      Pixel at = label_position (label, view);

      if (label->along || !navi_map_kind_is_point (label->kind))
        continue;
      if (fabs (x - at.x) > MAX (label->sprite->width / 2, 16) || y < at.y - label->sprite->anchor_y - 4 ||
          y > at.y + label->sprite->height - label->sprite->anchor_y + 4)
        continue;
      *kind = label->kind;
      *names = label->names != NULL ? navi_names_ref (label->names) : NULL;
      *lon_deg = navi_map_world_lon_deg (label->ux, 1);
      *lat_deg = navi_map_world_lat_deg (label->uy, 1);
      return TRUE;
    }
  return FALSE;
}

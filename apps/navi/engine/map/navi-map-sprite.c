/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-map"

#include "navi-map-sprite.h"
#include "navi-map-icons.h"

#include <math.h>
#include <pango/pangocairo.h>

/* Text, badges and shields as small pictures. */

#define FONT_FAMILIES "Cantarell, WenQuanYi Micro Hei, Noto Sans CJK SC, Sans"
#define HALO_PX 1.6
#define MAX_SPRITES 1500

struct _NaviMapSpriteMaker
{
  double scale;
  PangoContext *context;
  PangoLayout *layout;
  GHashTable *sprites; /* key string -> NaviMapSprite */
};

NaviMapSprite *
navi_map_sprite_ref (NaviMapSprite *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
navi_map_sprite_unref (NaviMapSprite *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  cairo_surface_destroy (self->surface);
  g_free (self);
}

NaviMapSpriteMaker *
navi_map_sprite_maker_new (double scale)
{
  NaviMapSpriteMaker *self = g_new0 (NaviMapSpriteMaker, 1);
  g_autoptr (PangoFontMap) fonts = pango_cairo_font_map_new ();

  self->scale = scale;
  self->context = pango_font_map_create_context (fonts);
  /* Without this, Chinese is drawn with the glyphs of whatever font comes first, mostly a Japanese one. */
  pango_context_set_language (self->context, pango_language_from_string ("zh-cn"));
  self->layout = pango_layout_new (self->context);
  pango_layout_set_alignment (self->layout, PANGO_ALIGN_CENTER);
  pango_layout_set_wrap (self->layout, PANGO_WRAP_WORD_CHAR);
  self->sprites = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) navi_map_sprite_unref);
  return self;
}

void
navi_map_sprite_maker_free (NaviMapSpriteMaker *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->sprites);
  g_object_unref (self->layout);
  g_object_unref (self->context);
  g_free (self);
}

static void
set_color (cairo_t *cr, NaviMapColor color)
{
  cairo_set_source_rgb (cr, (color >> 16 & 0xff) / 255.0, (color >> 8 & 0xff) / 255.0, (color & 0xff) / 255.0);
}

static void
set_text (NaviMapSpriteMaker *self, const char *text, const NaviMapTextStyle *style)
{
  PangoFontDescription *font = pango_font_description_from_string (FONT_FAMILIES);

  pango_font_description_set_absolute_size (font, style->size_px * PANGO_SCALE);
  pango_font_description_set_weight (font, style->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_MEDIUM);
  pango_font_description_set_style (font, style->italic ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL);
  pango_layout_set_font_description (self->layout, font);
  pango_layout_set_width (self->layout, style->wrap_px > 0 ? style->wrap_px * PANGO_SCALE : -1);
  pango_layout_set_text (self->layout, text, -1);
  pango_font_description_free (font);
}

static void
draw_shield (cairo_t *cr, double width, double height, NaviMapColor color)
{
  double r = 3;

  cairo_new_path (cr);
  cairo_arc (cr, width - r - 0.5, r + 0.5, r, -G_PI / 2, 0);
  cairo_arc (cr, width - r - 0.5, height - r - 0.5, r, 0, G_PI / 2);
  cairo_arc (cr, r + 0.5, height - r - 0.5, r, G_PI / 2, G_PI);
  cairo_arc (cr, r + 0.5, r + 0.5, r, G_PI, 1.5 * G_PI);
  cairo_close_path (cr);
  set_color (cr, color);
  cairo_fill_preserve (cr);
  cairo_set_source_rgba (cr, 1, 1, 1, 0.9);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
}

static void
draw_text (NaviMapSpriteMaker *self, cairo_t *cr, double x, double y, const NaviMapTextStyle *style)
{
  cairo_move_to (cr, x, y);
  if (style->shield == NAVI_MAP_NO_COLOR)
    {
      pango_cairo_layout_path (cr, self->layout);
      set_color (cr, style->halo);
      cairo_set_line_width (cr, 2 * HALO_PX);
      cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
      cairo_stroke (cr);
      cairo_move_to (cr, x, y);
    }
  set_color (cr, style->color);
  pango_cairo_show_layout (cr, self->layout);
}

static double
icon_height (int icon)
{
  return icon == 0 ? 0 : icon == NAVI_MAP_PEAK ? 9 : NAVI_MAP_ICON_SIZE;
}

static void
draw_icon (cairo_t *cr, const NaviMapTextStyle *style, double center_x, gboolean dark)
{
  if (style->icon == NAVI_MAP_PEAK)
    {
      cairo_move_to (cr, center_x, 1);
      cairo_line_to (cr, center_x + 4.5, 8.5);
      cairo_line_to (cr, center_x - 4.5, 8.5);
      cairo_close_path (cr);
      set_color (cr, style->color);
      cairo_fill (cr);
      return;
    }
  cairo_save (cr);
  cairo_translate (cr, center_x, NAVI_MAP_ICON_SIZE / 2.0);
  navi_map_icon_draw (cr, style->icon, dark);
  cairo_restore (cr);
}

static NaviMapSprite *
make (NaviMapSpriteMaker *self, const char *text, const NaviMapTextStyle *style, gboolean dark)
{
  NaviMapSprite *sprite = g_new0 (NaviMapSprite, 1);
  PangoRectangle logical = { 0 };
  double text_x, pad_x = style->shield != NAVI_MAP_NO_COLOR ? 4 : HALO_PX + 0.5, pad_y = style->shield != NAVI_MAP_NO_COLOR ? 1.5 : HALO_PX;
  double icon = icon_height (style->icon);
  cairo_t *cr;

  g_atomic_ref_count_init (&sprite->ref_count);
  if (*text != '\0')
    {
      set_text (self, text, style);
      pango_layout_get_pixel_extents (self->layout, NULL, &logical);
      sprite->width = logical.width + 2 * pad_x;
      sprite->height = logical.height + 2 * pad_y + icon;
    }
  else
    sprite->height = icon;
  sprite->width = ceil (MAX (sprite->width, icon));
  sprite->height = ceil (sprite->height);
  sprite->anchor_x = sprite->width / 2;
  sprite->anchor_y = style->icon != 0 ? icon / 2 : sprite->height / 2;
  sprite->surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, (int) ceil (sprite->width * self->scale),
                                                (int) ceil (sprite->height * self->scale));
  cairo_surface_set_device_scale (sprite->surface, self->scale, self->scale);
  cr = cairo_create (sprite->surface);
  if (style->shield != NAVI_MAP_NO_COLOR)
    draw_shield (cr, sprite->width, sprite->height, style->shield);
  text_x = (sprite->width - logical.width) / 2 - logical.x;
  if (*text != '\0')
    draw_text (self, cr, text_x, icon + pad_y, style);
  if (style->icon != 0)
    draw_icon (cr, style, sprite->width / 2, dark);
  cairo_destroy (cr);
  return sprite;
}

NaviMapSprite *
navi_map_sprite_maker_get (NaviMapSpriteMaker *self, const char *text, const NaviMapTextStyle *style, gboolean dark)
{
  g_autofree char *key = g_strdup_printf ("%.1f|%d%d%d|%x|%d|%d|%x|%s", style->size_px, style->bold, style->italic, dark, style->color,
                                          style->wrap_px, style->icon, style->shield, text);
  NaviMapSprite *sprite = g_hash_table_lookup (self->sprites, key);

  if (sprite != NULL)
    return sprite;
  /* Labels in use have their own references: forgetting all at once costs only the making of the next screen's. */
  if (g_hash_table_size (self->sprites) >= MAX_SPRITES)
    g_hash_table_remove_all (self->sprites);
  sprite = make (self, text, style, dark);
  g_hash_table_insert (self->sprites, g_steal_pointer (&key), sprite);
  return sprite;
}

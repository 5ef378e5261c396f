/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-route"

#include "navi-sentence.h"
#include "navi-lanes.h"
#include "navi-tagging.h"

#include <math.h>
#include <string.h>

/* Sentences from plain tables: %s is the road's name.  Each maneuver has a form with and one without a name. */

typedef struct
{
  const char *named;
  const char *unnamed;
} Form;

/* The maneuvers that are said with a direction, by modifier. */
static const Form turns[NAVI_N_LANGUAGES][NAVI_N_MODIFIERS] = {
  { { "Go straight on onto %s.", "Go straight on." },
    { "Bear right onto %s.", "Bear right." },
    { "Turn right onto %s.", "Turn right." },
    { "Turn sharp right onto %s.", "Turn sharp right." },
    { "Make a U-turn onto %s.", "Make a U-turn." },
    { "Turn sharp left onto %s.", "Turn sharp left." },
    { "Turn left onto %s.", "Turn left." },
    { "Bear left onto %s.", "Bear left." } },
  { { "直行进入%s。", "直行。" },
    { "稍向右转进入%s。", "稍向右转。" },
    { "右转进入%s。", "右转。" },
    { "向右后方转弯进入%s。", "向右后方转弯。" },
    { "掉头进入%s。", "掉头。" },
    { "向左后方转弯进入%s。", "向左后方转弯。" },
    { "左转进入%s。", "左转。" },
    { "稍向左转进入%s。", "稍向左转。" } },
};

static const Form end_of_road[NAVI_N_LANGUAGES][2] = {
  { { "At the end of the road turn left onto %s.", "At the end of the road turn left." },
    { "At the end of the road turn right onto %s.", "At the end of the road turn right." } },
  { { "在道路尽头左转进入%s。", "在道路尽头左转。" }, { "在道路尽头右转进入%s。", "在道路尽头右转。" } },
};

static const Form forks[NAVI_N_LANGUAGES][2] = {
  { { "Keep left onto %s.", "Keep left." }, { "Keep right onto %s.", "Keep right." } },
  { { "靠左进入%s。", "靠左行驶。" }, { "靠右进入%s。", "靠右行驶。" } },
};

static const Form on_ramps[NAVI_N_LANGUAGES][2] = {
  { { "Take the ramp on the left towards %s.", "Take the ramp on the left." },
    { "Take the ramp on the right towards %s.", "Take the ramp on the right." } },
  { { "从左侧匝道驶入，前往%s。", "从左侧匝道驶入。" }, { "从右侧匝道驶入，前往%s。", "从右侧匝道驶入。" } },
};

static const Form off_ramps[NAVI_N_LANGUAGES][2] = {
  { { "Take the exit on the left towards %s.", "Take the exit on the left." },
    { "Take the exit on the right towards %s.", "Take the exit on the right." } },
  { { "从左侧出口驶出，前往%s。", "从左侧出口驶出。" }, { "从右侧出口驶出，前往%s。", "从右侧出口驶出。" } },
};

/* The first %s is the number of the exit. */
static const Form numbered_exits[NAVI_N_LANGUAGES][2] = {
  { { "Take exit %s on the left towards %s.", "Take exit %s on the left." },
    { "Take exit %s on the right towards %s.", "Take exit %s on the right." } },
  { { "从左侧%s号出口驶出，前往%s。", "从左侧%s号出口驶出。" }, { "从右侧%s号出口驶出，前往%s。", "从右侧%s号出口驶出。" } },
};

static const Form departs[NAVI_N_LANGUAGES][8] = {
  { { "Head north on %s.", "Head north." },
    { "Head northeast on %s.", "Head northeast." },
    { "Head east on %s.", "Head east." },
    { "Head southeast on %s.", "Head southeast." },
    { "Head south on %s.", "Head south." },
    { "Head southwest on %s.", "Head southwest." },
    { "Head west on %s.", "Head west." },
    { "Head northwest on %s.", "Head northwest." } },
  { { "沿%s向北出发。", "向北出发。" },
    { "沿%s向东北出发。", "向东北出发。" },
    { "沿%s向东出发。", "向东出发。" },
    { "沿%s向东南出发。", "向东南出发。" },
    { "沿%s向南出发。", "向南出发。" },
    { "沿%s向西南出发。", "向西南出发。" },
    { "沿%s向西出发。", "向西出发。" },
    { "沿%s向西北出发。", "向西北出发。" } },
};

static const Form arrivals[NAVI_N_LANGUAGES][3] = {
  { { "You have arrived: %s is your destination.", "You have arrived." },
    { "Your destination is on the left, on %s.", "Your destination is on the left." },
    { "Your destination is on the right, on %s.", "Your destination is on the right." } },
  { { "您已到达目的地%s。", "您已到达目的地。" }, { "目的地在%s左侧。", "目的地在左侧。" }, { "目的地在%s右侧。", "目的地在右侧。" } },
};

static const Form new_names[NAVI_N_LANGUAGES] = {
  { "Continue onto %s.", "Continue along the road." },
  { "继续沿%s行驶。", "继续沿路行驶。" },
};

static const Form merges[NAVI_N_LANGUAGES] = {
  { "Merge onto %s.", "Merge." },
  { "汇入%s。", "汇入主路。" },
};

static const Form ferries[NAVI_N_LANGUAGES] = {
  { "Take the ferry %s.", "Take the ferry." },
  { "乘坐渡轮%s。", "乘坐渡轮。" },
};

static const Form roundabouts[NAVI_N_LANGUAGES] = {
  { "At the roundabout take the %s exit onto %s.", "At the roundabout take the %s exit." },
  { "在环岛%s进入%s。", "在环岛%s。" },
};

NaviLanguage
navi_language_from_string (const char *name, gboolean *known)
{
  gboolean is_zh = name != NULL && g_str_has_prefix (name, "zh");

  if (known != NULL)
    *known = is_zh || (name != NULL && g_str_has_prefix (name, "en"));
  return is_zh ? NAVI_LANGUAGE_ZH : NAVI_LANGUAGE_EN;
}

static const char *const language_names[NAVI_N_LANGUAGES] = { "en", "zh" };

/* (transfer full) */
static char *
road_name (const NaviStepData *data, NaviLanguage language)
{
  const NaviNames names = { *data->name != '\0' ? data->name : data->ref, data->name_en, data->name_zh };

  return navi_names_to_text (&names, language_names[language]);
}

/* Puts @text in the place of the first %s of a form. */
static char *
fill (const char *form, const char *text)
{
  const char *place = strstr (form, "%s");
  GString *out;

  if (place == NULL)
    return g_strdup (form);
  out = g_string_new_len (form, place - form);
  g_string_append (out, text);
  g_string_append (out, place + 2);
  return g_string_free (out, FALSE);
}

static char *
say (const Form *form, const char *name)
{
  return *name != '\0' ? fill (form->named, name) : g_strdup (form->unnamed);
}

/* "Keep left to stay on Ring Road.": of a form without a name that ends in a full stop. */
static char *
say_stay (const Form *form, const char *name, NaviLanguage language)
{
  static const char *const stays[NAVI_N_LANGUAGES] = { " to stay on %s.", "，沿%s继续前行。" };
  static const char *const stops[NAVI_N_LANGUAGES] = { ".", "。" };
  g_autofree char *head = g_strndup (form->unnamed, strlen (form->unnamed) - strlen (stops[language]));
  g_autofree char *tail = fill (stays[language], name);

  return g_strconcat (head, tail, NULL);
}

static char *
say_way (const Form *form, const NaviStepData *data, const char *name, NaviLanguage language)
{
  return data->stays && *name != '\0' ? say_stay (form, name, language) : say (form, name);
}

static gboolean
is_left (NaviModifier modifier)
{
  return modifier >= NAVI_MODIFIER_SHARP_LEFT;
}

static char *
exit_words (guint exit, NaviLanguage language)
{
  static const char *const ordinals[] = { "next", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth" };

  if (language == NAVI_LANGUAGE_ZH)
    return exit > 0 ? g_strdup_printf ("从第%u个出口驶出", exit) : g_strdup ("驶出");
  if (exit < G_N_ELEMENTS (ordinals))
    return g_strdup (ordinals[exit]);
  return g_strdup_printf ("%u%s", exit, exit % 10 == 1 && exit != 11 ? "st" : exit % 10 == 2 && exit != 12 ? "nd" : exit % 10 == 3 && exit != 13 ? "rd" : "th");
}

static char *
say_roundabout (const NaviStepData *data, const char *name, NaviLanguage language)
{
  g_autofree char *words = exit_words (data->exit, language);
  g_autofree char *half = NULL;

  half = fill (*name != '\0' ? roundabouts[language].named : roundabouts[language].unnamed, words);
  return *name != '\0' ? fill (half, name) : g_steal_pointer (&half);
}

/* What the signs say, numbers first: "A 13, Vaduz, Chur"; "" if there is none. */
static char *
sign_words (const NaviStepData *data, NaviLanguage language)
{
  static const char *const separators[NAVI_N_LANGUAGES] = { ", ", "、" };
  g_autofree char *both = g_strjoin (";", data->destination_ref, data->destination, NULL);
  g_auto (GStrv) parts = g_strsplit (both, ";", -1);
  GString *out = g_string_new (NULL);

  for (guint i = 0; parts[i] != NULL; i++)
    if (*g_strstrip (parts[i]) != '\0')
      g_string_append_printf (out, "%s%s", out->len > 0 ? separators[language] : "", parts[i]);
  return g_string_free (out, FALSE);
}

/* Where a ramp leads: what the signs say, else the road that it is. */
static char *
say_ramp (const Form *forms, const NaviStepData *data, const char *name, NaviLanguage language)
{
  g_autofree char *sign = sign_words (data, language);
  const Form *form = &forms[is_left (data->modifier) ? 0 : 1];
  const char *to = *sign != '\0' ? sign : name;
  g_autofree char *head = NULL;
  g_autofree char *tail = NULL;
  const char *text, *number;

  if (*data->exit_ref == '\0' || data->maneuver != NAVI_MANEUVER_OFF_RAMP)
    return say (form, to);
  form = &numbered_exits[language][is_left (data->modifier) ? 0 : 1];
  text = *to != '\0' ? form->named : form->unnamed;
  number = strstr (text, "%s");
  head = g_strndup (text, number - text);
  tail = fill (number + 2, to);
  return g_strconcat (head, data->exit_ref, tail, NULL);
}

char *
navi_sentence_for_step (NaviStep *step, NaviLanguage language)
{
  const NaviStepData *data = navi_step_get_data (step);
  g_autofree char *name = NULL;
  guint side;

  g_return_val_if_fail (data != NULL && language < NAVI_N_LANGUAGES, NULL);

  name = road_name (data, language);
  side = is_left (data->modifier) ? 0 : 1;
  if ((data->flags & NAVI_STEP_HAS_FERRY) != 0 && data->road_class == NAVI_ROAD_FERRY && data->maneuver != NAVI_MANEUVER_ARRIVE)
    return say (&ferries[language], name);
  switch (data->maneuver)
    {
    case NAVI_MANEUVER_DEPART:
      return say (&departs[language][(data->bearing_deg + 22) / 45 % 8], name);
    case NAVI_MANEUVER_ARRIVE:
      return say (&arrivals[language][data->modifier == NAVI_MODIFIER_STRAIGHT ? 0 : side + 1], name);
    case NAVI_MANEUVER_NEW_NAME:
      return say (&new_names[language], name);
    case NAVI_MANEUVER_MERGE:
      return say (&merges[language], name);
    case NAVI_MANEUVER_ON_RAMP:
      return say_ramp (on_ramps[language], data, name, language);
    case NAVI_MANEUVER_OFF_RAMP:
      return say_ramp (off_ramps[language], data, name, language);
    case NAVI_MANEUVER_FORK:
      return say_way (&forks[language][side], data, name, language);
    case NAVI_MANEUVER_END_OF_ROAD:
      return say_way (&end_of_road[language][side], data, name, language);
    case NAVI_MANEUVER_ROUNDABOUT:
    case NAVI_MANEUVER_ROTARY:
      return say_roundabout (data, name, language);
    default:
      return say_way (&turns[language][MIN (data->modifier, NAVI_N_MODIFIERS - 1)], data, name, language);
    }
}

/* As one speaks of distances: to 10 m, to 50 m from 200 m on, then tenths of kilometres up to 10. */
/* @n lanes at the left or right edge. */
static char *
say_edge_lanes (guint n, gboolean is_right, NaviLanguage language)
{
  static const char *const one[NAVI_N_LANGUAGES][2] = { { "Use the left lane.", "Use the right lane." }, { "请走最左侧车道。", "请走最右侧车道。" } };
  static const char *const several[NAVI_N_LANGUAGES][2]
      = { { "Use one of the %s left lanes.", "Use one of the %s right lanes." }, { "请走左侧%s条车道。", "请走右侧%s条车道。" } };
  static const char *const numbers[NAVI_N_LANGUAGES][5] = { { "two", "three", "four", "five", "six" }, { "两", "三", "四", "五", "六" } };
  g_autofree char *digits = g_strdup_printf ("%u", n);

  if (n == 1)
    return g_strdup (one[language][is_right]);
  return fill (several[language][is_right], n - 2 < G_N_ELEMENTS (numbers[0]) ? numbers[language][n - 2] : digits);
}

char *
navi_sentence_for_lanes (NaviStep *step, NaviLanguage language)
{
  static const char *const middle[NAVI_N_LANGUAGES][2] = { { "Use the middle lane.", "Use one of the middle lanes." }, { "请走中间车道。", "请走中间的车道。" } };
  const NaviStepData *data = navi_step_get_data (step);
  NaviLane lanes[NAVI_MAX_LANES];
  guint n, first = 0, n_usable = 0, last = 0;

  g_return_val_if_fail (data != NULL && language < NAVI_N_LANGUAGES, NULL);

  n = navi_lanes_read (data->turn_lanes, data->modifier, lanes);
  for (guint i = 0; i < n; i++)
    if (lanes[i].is_usable)
      {
        first = n_usable == 0 ? i : first;
        last = i;
        n_usable++;
      }
  if (n_usable == n || last - first + 1 != n_usable)
    return NULL;
  if (first == 0 || last == n - 1)
    return say_edge_lanes (n_usable, first > 0, language);
  return g_strdup (middle[language][n_usable == 1 && n == 3 ? 0 : 1]);
}

char *
navi_sentence_distance (double distance_m, NaviLanguage language)
{
  static const char *const units[NAVI_N_LANGUAGES][2] = { { " m", " km" }, { "米", "公里" } };
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  double step = distance_m < 200 ? 10 : 50;
  gboolean is_km = distance_m >= 975;

  g_return_val_if_fail (language < NAVI_N_LANGUAGES, NULL);

  if (is_km)
    g_ascii_formatd (number, sizeof number, distance_m < 9950 ? "%.1f" : "%.0f", distance_m / 1000);
  else
    g_ascii_formatd (number, sizeof number, "%.0f", round (distance_m / step) * step);
  return g_strconcat (number, units[language][is_km ? 1 : 0], NULL);
}

/* As the windows round them. */
static int
whole_minutes (double duration_s)
{
  return (int) MAX (lround (duration_s / 60), 1);
}

char *
navi_sentence_duration (double duration_s, NaviLanguage language)
{
  static const char *const minutes_only[NAVI_N_LANGUAGES] = { "%d min", "%d分钟" };
  static const char *const both[NAVI_N_LANGUAGES] = { "%d h %d min", "%d小时%d分钟" };
  int minutes = whole_minutes (duration_s);

  g_return_val_if_fail (language < NAVI_N_LANGUAGES, NULL);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  if (minutes < 60)
    return g_strdup_printf (minutes_only[language], minutes);
  return g_strdup_printf (both[language], minutes / 60, minutes % 60);
#pragma GCC diagnostic pop
}

char *
navi_sentence_for_alternative (NaviRoute *best, NaviRoute *other, NaviLanguage language)
{
  static const char *const vias[NAVI_N_LANGUAGES][NAVI_N_SIDES]
      = { { "via %s", "via %s in the north", "via %s in the east", "via %s in the south", "via %s in the west" },
          { "经%s", "经北边的%s", "经东边的%s", "经南边的%s", "经西边的%s" } };
  static const char *const longer[NAVI_N_LANGUAGES] = { "%s longer", "多%s" };
  static const char *const as_long[NAVI_N_LANGUAGES] = { "as long", "用时相同" };
  static const char *const separators[NAVI_N_LANGUAGES] = { ", ", "，" };
  static const char *const without[NAVI_N_LANGUAGES][NAVI_N_AVOIDS]
      = { { "no toll", "no ferry", "no motorway", "no unpaved road", "no tunnel", "no border" }, { "无收费路段", "无轮渡", "无高速公路", "无未铺装路段", "无隧道", "不出入境" } };
  static const char *const with[NAVI_N_LANGUAGES][NAVI_N_AVOIDS]
      = { { "with toll", "with a ferry", "with motorways", "with unpaved roads", "with a tunnel", "across a border" },
          { "有收费路段", "有轮渡", "有高速公路", "有未铺装路段", "有隧道", "需出入境" } };
  /* The difference of what is shown beside the two. */
  int longer_min = whole_minutes (navi_route_get_duration_s (other)) - whole_minutes (navi_route_get_duration_s (best));
  guint ours = navi_route_get_traits (other), theirs = navi_route_get_traits (best);
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

  if (!navi_names_are_empty (navi_route_get_via (other)))
    {
      g_autofree char *via = navi_names_to_text (navi_route_get_via (other), language_names[language]);
      g_ptr_array_add (parts, fill (vias[language][navi_route_get_via_side (other)], via));
    }
  if (longer_min > 0)
    {
      g_autofree char *duration = navi_sentence_duration (longer_min * 60.0, language);
      g_ptr_array_add (parts, g_strdup_printf (longer[language], duration));
    }
  else
    g_ptr_array_add (parts, g_strdup (as_long[language]));
  for (guint i = 0; i < NAVI_N_AVOIDS; i++)
    if (((ours ^ theirs) >> i & 1) != 0)
      g_ptr_array_add (parts, g_strdup ((ours >> i & 1) != 0 ? with[language][i] : without[language][i]));
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (separators[language], (char **) parts->pdata);
}

/* ---- Wishes that could not be met ---- */

static const char *const kinds[NAVI_N_LANGUAGES][NAVI_N_AVOIDS]
    = { { "a toll road", "a ferry", "a motorway", "an unpaved road", "a tunnel" }, { "收费路段", "轮渡", "高速公路", "未铺装路段", "隧道" } };

/* "A1, 3.1 km" of the stretches of a kind: the name of the longest, the length of all. */
static char *
describe_stretches (const NaviRemained *remained, guint n_remained, NaviAvoid what, NaviLanguage language, double *longer_s)
{
  static const char *const separators[NAVI_N_LANGUAGES] = { ", ", "，" };
  const NaviRemained *longest = NULL;
  g_autofree char *distance = NULL;
  const char *name, *beside;
  double all_m = 0;

  for (guint i = 0; i < n_remained; i++)
    {
      if (remained[i].what != what)
        continue;
      all_m += remained[i].distance_m;
      longest = longest == NULL || remained[i].distance_m > longest->distance_m ? &remained[i] : longest;
    }
  if (longest == NULL)
    return NULL;
  *longer_s = longest->longer_s;
  distance = navi_sentence_distance (all_m, language);
  name = navi_names_pick (longest->names, language_names[language], &beside);
  return g_strconcat (name, beside != NULL ? " " : "", beside != NULL ? beside : "", *name != '\0' ? separators[language] : "", distance, NULL);
}

GStrv
navi_sentence_for_remained (NaviRoute *route, NaviLanguage language)
{
  static const char *const only_way[NAVI_N_LANGUAGES] = { "Takes %s (%s): there is no other way.", "途经%s（%s）：没有其他路线。" };
  static const char *const shorter[NAVI_N_LANGUAGES] = { "Takes %s (%s): the way without takes %s longer.", "途经%s（%s）：绕开要多花%s。" };
  g_autoptr (GStrvBuilder) sentences = g_strv_builder_new ();
  const NaviRemained *remained;
  guint n_remained;

  g_return_val_if_fail (NAVI_IS_ROUTE (route) && language < NAVI_N_LANGUAGES, NULL);

  remained = navi_route_get_remained (route, &n_remained);
  for (guint i = 0; i < NAVI_N_AVOIDS; i++)
    {
      double longer_s = 0;
      g_autofree char *stretches = describe_stretches (remained, n_remained, (NaviAvoid) (1u << i), language, &longer_s);
      g_autofree char *longer = longer_s >= 0 ? navi_sentence_duration (longer_s, language) : NULL;
      g_autofree char *sentence = NULL;
      if (stretches == NULL)
        continue;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
      if (longer != NULL)
        sentence = g_strdup_printf (shorter[language], kinds[language][i], stretches, longer);
      else
        sentence = g_strdup_printf (only_way[language], kinds[language][i], stretches);
#pragma GCC diagnostic pop
      g_strv_builder_add (sentences, sentence);
    }
  return g_strv_builder_end (sentences);
}

char *
navi_sentence_for_obstacles (guint obstacles, NaviLanguage language)
{
  static const char *const forms[NAVI_N_LANGUAGES] = { "There is no way there without %s.", "没有不经过%s的路线。" };
  static const char *const separators[NAVI_N_LANGUAGES] = { " and ", "、" };
  g_autoptr (GString) list = g_string_new (NULL);

  g_return_val_if_fail (language < NAVI_N_LANGUAGES, NULL);

  for (guint i = 0; i < NAVI_N_AVOIDS; i++)
    if ((obstacles >> i & 1) != 0)
      g_string_append_printf (list, "%s%s", list->len > 0 ? separators[language] : "", kinds[language][i]);
  return fill (forms[language], list->str);
}

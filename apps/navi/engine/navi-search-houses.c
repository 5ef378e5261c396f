/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-search"

#include "navi-search-houses.h"
#include "navi-geo.h"

#include "cloud-text.h"

#include <string.h>

/* Finds houses by their numbers. */

enum
{
  MAX_EXACT = 4,
  MAX_BEGUN = 5, /* shown while a number is being typed */
  MAX_GAP = 60,  /* numbers, between two that are known */
  MAX_GAP_M = 1500,
};

/* A number as typed: "12", "12a", or "12 a" */
typedef struct
{
  guint32 bits;
  guint32 number;
  char *suffix;      /* folded, without blanks */
  const char *shown; /* the suffix as it was typed, "" if it stands apart */
  gboolean goes_on;
} Wanted;

static void
wanted_clear (gpointer data)
{
  g_free (((Wanted *) data)->suffix);
}

/* Folded, without blanks. */
static char *
squeeze (const char *text)
{
  char *folded = cloud_text_fold (text, -1), *out = folded;

  for (const char *at = folded; *at != '\0'; at++)
    if (*at != ' ')
      *out++ = *at;
  *out = '\0';
  return folded;
}

static GArray *
list_wanted (const NaviSearchWords *words, guint32 numbers)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (Wanted));

  g_array_set_clear_func (all, wanted_clear);
  for (guint i = 0; i < words->words->len; i++)
    {
      const NaviSearchWord *word = navi_search_words_get (words, i);
      const NaviSearchWord *next = i + 1 < words->words->len ? navi_search_words_get (words, i + 1) : NULL;
      gsize digits = strspn (word->text, "0123456789");
      Wanted wanted = { 1u << i, 0, NULL, word->text + digits, word->goes_on };
      if ((numbers & wanted.bits) == 0 || digits == 0 || digits > 9)
        continue;
      wanted.number = (guint32) g_ascii_strtoull (word->text, NULL, 10);
      if (next != NULL && (numbers & (2u << i)) != 0 && word->text[digits] == '\0')
        {
          Wanted both = { 3u << i, wanted.number, g_strdup (next->text), next->text, FALSE };
          g_array_append_val (all, both);
        }
      wanted.suffix = g_strdup (word->text + digits);
      g_array_append_val (all, wanted);
    }
  return all;
}

/* "12-14" is 13 too. */
static gboolean
is_in_range (const NaviHouse *house, const Wanted *wanted)
{
  const char *at = house->suffix + strspn (house->suffix, " ");

  if ((*at != '-' && *at != '/' && !g_str_has_prefix (at, "–")) || *wanted->suffix != '\0' || wanted->number <= house->number)
    return FALSE;
  at += strcspn (at, "0123456789");
  return g_ascii_strtoull (at, NULL, 10) >= wanted->number && (wanted->number - house->number) % 2 == 0;
}

typedef enum
{
  FIT_NONE,
  FIT_BEGUN, /* what is typed may become it */
  FIT_RANGE,
  FIT_EXACT,
} Fit;

static Fit
fit_of (const NaviHouse *house, const Wanted *wanted)
{
  g_autofree char *suffix = NULL;

  if (house->number != wanted->number)
    {
      char begun[16], number[16];
      if (is_in_range (house, wanted))
        return FIT_RANGE;
      g_snprintf (begun, sizeof begun, "%u", wanted->number);
      g_snprintf (number, sizeof number, "%u", house->number);
      return wanted->goes_on && *wanted->suffix == '\0' && g_str_has_prefix (number, begun) ? FIT_BEGUN : FIT_NONE;
    }
  if (*house->suffix == '\0')
    return *wanted->suffix == '\0' ? FIT_EXACT : FIT_NONE;
  suffix = squeeze (house->suffix);
  if (strcmp (suffix, wanted->suffix) == 0)
    return FIT_EXACT;
  if (*wanted->suffix == '\0' && !g_ascii_isalpha (*suffix))
    return FIT_RANGE;
  return wanted->goes_on && g_str_has_prefix (suffix, wanted->suffix) ? FIT_BEGUN : FIT_NONE;
}

/* TRUE if city and postcode have the words that neither street nor number has. */
static gboolean
rest_fits (const NaviHouse *house, const NaviSearchWords *words, guint32 rest)
{
  g_autofree char *postcode = NULL;
  g_auto (GStrv) parts = NULL;

  if (rest == 0)
    return TRUE;
  postcode = cloud_text_fold (house->postcode, -1);
  parts = g_strsplit (postcode, " ", -1);
  for (guint i = 0; i < words->words->len; i++)
    if ((rest & (1u << i)) != 0 && !g_strv_contains ((const char *const *) parts, navi_search_words_get (words, i)->text))
      return FALSE;
  return TRUE;
}

typedef struct
{
  NaviPlacesReader *places;
  guint32 street;
  const NaviSearchWords *words;
  guint32 missing;
  NaviCityWordsFunc city_words;
  NaviHouseFunc func;
  gpointer user_data;
} Lookup;

static guint
report_fitting (const Lookup *self, const Wanted *wanted, Fit fit, guint most)
{
  static const gint bonuses[] = { 0, 10, 20, 28 };
  NaviHouseIter iter;
  const NaviHouse *house;
  guint n = 0;

  navi_house_iter_init (&iter, self->places, self->street);
  while (n < most && (house = navi_house_iter_next (&iter)) != NULL)
    if (fit_of (house, wanted) == fit
        && rest_fits (house, self->words, self->missing & ~wanted->bits & ~self->city_words (house->city, self->user_data)))
      {
        self->func (house, bonuses[fit] - (house->is_approximate ? 5 : 0), self->user_data);
        n++;
      }
  return n;
}

/* The known numbers next to the one wanted, on its side of the street if @same_side. */
static gboolean
find_neighbours (const Lookup *self, guint32 number, gboolean same_side, NaviHouse *below, NaviHouse *above)
{
  NaviHouseIter iter;
  const NaviHouse *house;
  gboolean has_below = FALSE;

  navi_house_iter_init (&iter, self->places, self->street);
  while ((house = navi_house_iter_next (&iter)) != NULL)
    {
      if (house->number == 0 || (same_side && (house->number ^ number) % 2 != 0))
        continue;
      if (house->number <= number)
        {
          *below = *house;
          has_below = TRUE;
          continue;
        }
      *above = *house;
      /* "12b" where only 12 is known stands there. */
      return has_below;
    }
  *above = *below;
  return has_below && below->number == number;
}

static gboolean
guess (const Lookup *self, const Wanted *wanted)
{
  NaviHouse below, above, between;
  gint64 span, part;

  if (!find_neighbours (self, wanted->number, TRUE, &below, &above)
      && !find_neighbours (self, wanted->number, FALSE, &below, &above))
    return FALSE;
  span = (gint64) above.number - below.number;
  part = (gint64) wanted->number - below.number;
  if (part > 0
      && (span > MAX_GAP
          || navi_geo_distance_mm (below.lat_e6 * 10, below.lon_e6 * 10, above.lat_e6 * 10, above.lon_e6 * 10)
                 > (guint64) MAX_GAP_M * 1000))
    return FALSE;
  between = below;
  between.number = wanted->number;
  between.suffix = wanted->shown;
  between.is_approximate = TRUE;
  if (part > 0)
    {
      between.lat_e6 += (gint32) ((above.lat_e6 - (gint64) below.lat_e6) * part / span);
      between.lon_e6 += (gint32) ((above.lon_e6 - (gint64) below.lon_e6) * part / span);
    }
  if (!rest_fits (&between, self->words, self->missing & ~wanted->bits & ~self->city_words (between.city, self->user_data)))
    return FALSE;
  self->func (&between, 15, self->user_data);
  return TRUE;
}

gboolean
navi_search_find_houses (NaviPlacesReader *places, guint32 street, const NaviSearchWords *words, guint32 numbers, guint32 others,
                         NaviCityWordsFunc city_words, NaviHouseFunc func, gpointer user_data)
{
  const Lookup lookup = { places, street, words, numbers | others, city_words, func, user_data };
  g_autoptr (GArray) all = list_wanted (words, numbers);
  const Fit fits[] = { FIT_EXACT, FIT_RANGE };
  guint n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (fits) && n == 0; i++)
    for (guint k = 0; k < all->len && n == 0; k++)
      n += report_fitting (&lookup, &g_array_index (all, Wanted, k), fits[i], MAX_EXACT);
  for (guint k = 0; k < all->len; k++)
    if (g_array_index (all, Wanted, k).goes_on)
      n += report_fitting (&lookup, &g_array_index (all, Wanted, k), FIT_BEGUN, MAX_BEGUN);
  for (guint k = 0; k < all->len && n == 0; k++)
    n += guess (&lookup, &g_array_index (all, Wanted, k)) ? 1 : 0;
  return n > 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-search"

#include "navi-search.h"
#include "navi-coordinates.h"
#include "navi-geo.h"
#include "navi-search-match.h"
#include "navi-search-place.h"
#include "navi-search-reverse.h"
#include "navi-terms.h"

#include "cloud-error.h"
#include "cloud-text.h"

#include <math.h>
#include <string.h>

/* Looks words up in the region's index, and ranks the places that have them all by how well the text fits, by importance and by
 * nearness. */

struct _NaviSearch
{
  GObject parent_instance;

  NaviRegion *region;
  NaviTerms terms;
  GMutex lock; /* guards what follows */
  NaviPlacesReader *places;
  NaviGraph *graph; /* when first needed; (nullable) */
  gboolean has_tried_graph;
};

G_DEFINE_FINAL_TYPE (NaviSearch, navi_search, G_TYPE_OBJECT)

enum
{
  MAX_RANKED = 400, /* looked at closely; more come only from words that say nothing */
  DEFAULT_LIMIT = 20,
  ENOUGH = 5, /* while typing, fewer than that call for mistakes to be forgiven */
};

static void
navi_search_finalize (GObject *object)
{
  NaviSearch *self = NAVI_SEARCH (object);

  g_clear_pointer (&self->places, navi_places_reader_free);
  g_clear_pointer (&self->graph, navi_graph_free);
  g_clear_object (&self->region);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (navi_search_parent_class)->finalize (object);
}

static void
navi_search_class_init (NaviSearchClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = navi_search_finalize;
}

static void
navi_search_init (NaviSearch *self)
{
  g_mutex_init (&self->lock);
}

NaviSearch *
navi_search_new (NaviRegion *region, GError **error)
{
  g_autoptr (NaviSearch) self = NULL;
  const char *version;

  g_return_val_if_fail (NAVI_IS_REGION (region), NULL);

  self = g_object_new (NAVI_TYPE_SEARCH, NULL);
  self->region = g_object_ref (region);
  version = navi_region_get_meta (region, NAVI_META_TEXT_VERSION);
  if (version != NULL && g_ascii_strtoll (version, NULL, 10) != CLOUD_TEXT_VERSION)
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_UNSUPPORTED,
                   "The search index of %s was made by another version: import again", navi_region_get_path (region));
      return NULL;
    }
  self->places = navi_places_reader_new (region, error);
  if (self->places == NULL)
    return NULL;
  navi_terms_init (&self->terms, region);
  return g_steal_pointer (&self);
}

/* ---- Rank ---- */

typedef struct
{
  NaviSearch *search;
  const NaviSearchQuery *query;
  const NaviSearchWords *words;
  gboolean has_near;
  gboolean nearby;
  gint32 lat_e7;
  gint32 lon_e7;
} Ranking;

static gint
compare_candidates (gconstpointer a, gconstpointer b)
{
  const NaviSearchCandidate *left = a, *right = b;

  if (left->tier != right->tier)
    return left->tier < right->tier ? -1 : 1;
  if (left->score != right->score)
    return left->score > right->score ? -1 : 1;
  if (left->distance_m != right->distance_m)
    return left->distance_m < right->distance_m ? -1 : 1;
  if (left->place != right->place)
    return left->place < right->place ? -1 : 1;
  return left->house.number < right->house.number ? -1 : left->house.number > right->house.number;
}

static void
add_importance (const Ranking *self, GArray *candidates)
{
  const double weight = self->nearby ? 16 : 8, most = self->nearby ? 200 : 45;

  for (guint i = 0; i < candidates->len; i++)
    {
      NaviSearchCandidate *candidate = &g_array_index (candidates, NaviSearchCandidate, i);
      const NaviPlaceEntry *entry = navi_places_reader_get (self->search->places, candidate->place);
      gint32 lat_e6 = candidate->has_house ? candidate->house.lat_e6 : entry->lat_e6;
      gint32 lon_e6 = candidate->has_house ? candidate->house.lon_e6 : entry->lon_e6;
      candidate->score += entry->importance;
      candidate->distance_m = -1;
      if (!self->has_near)
        continue;
      candidate->distance_m = (float) navi_geo_distance_mm (self->lat_e7, self->lon_e7, lat_e6 * 10, lon_e6 * 10) / 1000.0f;
      candidate->score -= (gint) MIN (weight * log2 (1.0 + candidate->distance_m / 1000.0), most);
    }
}

/* The words that the place's names have, as they would stand in one; what is short for another is that. */
static char *
core_of (const Ranking *self, guint32 name_words, gboolean spelled_out)
{
  GString *core = g_string_new (NULL);
  guint run = 0;

  for (guint i = 0; i < self->words->words->len; i++)
    {
      const NaviSearchWord *word = navi_search_words_get (self->words, i);
      if ((name_words & (1u << i)) == 0 || (spelled_out && word->is_optional))
        continue;
      if (core->len > 0 && (word->run == 0 || word->run != run))
        g_string_append_c (core, ' ');
      g_string_append (core, !spelled_out                ? word->text
                             : word->other != NULL       ? word->other
                             : word->spelled_out != NULL ? word->spelled_out
                                                         : word->text);
      run = word->run;
    }
  return g_string_free (core, FALSE);
}

static gint
fit_of_name (const char *name, const char *core, gint whole)
{
  gsize core_bytes = strlen (core), name_bytes = strlen (name);
  gint fit;

  if (core_bytes == 0 || name_bytes == 0)
    return 0;
  if (strcmp (name, core) == 0)
    return whole;
  fit = (gint) (10 * MIN (core_bytes, name_bytes) / name_bytes);
  if (g_str_has_prefix (name, core))
    fit += name[core_bytes] == ' ' ? 10 : 8;
  return fit;
}

/* How much of a name the words are: a name that is just them is what was meant.  Who asks for a kind means all of
 * that kind before those that are called by it. */
static gint
fit_of (const Ranking *self, const NaviSearchCandidate *candidate, const char *core, const char *spelled_out)
{
  const NaviPlaceEntry *entry = navi_places_reader_get (self->search->places, candidate->place);
  const char *names[] = { entry->name, entry->name_en, entry->name_zh };
  gint best = 0;

  if (candidate->kind_words != 0 && candidate->kind_words == candidate->name_words)
    return 25;
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *name = NULL;
      g_autofree char *short_name = NULL;
      if (*names[i] == '\0')
        continue;
      name = cloud_text_fold (names[i], -1);
      best = MAX (best, fit_of_name (name, core, 45));
      short_name = navi_search_words_drop_optional (name);
      best = MAX (best, fit_of_name (short_name, spelled_out, 43));
    }
  return best;
}

enum
{
  HALF = 512, /* of the scores that are told apart */
  N_TIERS = 3,
};

/* The better, the higher. */
static guint
level_of (const NaviSearchCandidate *candidate)
{
  return (guint) CLAMP (candidate->score + HALF, 0, 2 * HALF - 1)
         + (N_TIERS - 1u - MIN (candidate->tier, N_TIERS - 1)) * 2 * HALF;
}

/* Keeps the best, without sorting the rest. */
static void
keep_best (GArray *candidates)
{
  NaviSearchCandidate *all = (NaviSearchCandidate *) candidates->data;
  guint counts[N_TIERS * 2 * HALF] = { 0 }, least = N_TIERS * 2 * HALF, sum = 0, kept = 0;

  if (candidates->len <= MAX_RANKED)
    return;
  for (guint i = 0; i < candidates->len; i++)
    counts[level_of (&all[i])]++;
  while (least > 0 && sum < MAX_RANKED)
    sum += counts[--least];
  for (guint i = 0; i < candidates->len; i++)
    if (level_of (&all[i]) >= least)
      all[kept++] = all[i];
  g_array_set_size (candidates, kept);
}

static void
rank (const Ranking *self, GArray *candidates)
{
  g_autofree char *core = NULL, *spelled_out = NULL;
  guint32 name_words = 0;

  add_importance (self, candidates);
  keep_best (candidates);
  g_array_sort (candidates, compare_candidates);
  g_array_set_size (candidates, MIN (candidates->len, MAX_RANKED));
  for (guint i = 0; i < candidates->len; i++)
    {
      NaviSearchCandidate *candidate = &g_array_index (candidates, NaviSearchCandidate, i);
      /* Most have the same words as the one before. */
      if (core == NULL || candidate->name_words != name_words)
        {
          g_free (core);
          g_free (spelled_out);
          name_words = candidate->name_words;
          core = core_of (self, name_words, FALSE);
          spelled_out = core_of (self, name_words, TRUE);
        }
      candidate->score += fit_of (self, candidate, core, spelled_out);
    }
  g_array_sort (candidates, compare_candidates);
}

/* ---- Find ---- */

/* What was found as it was typed stays before what was found with mistakes. */
static void
append_relaxed (GArray *candidates, GArray *relaxed)
{
  g_autoptr (GHashTable) known = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < candidates->len; i++)
    g_hash_table_add (known, GUINT_TO_POINTER (g_array_index (candidates, NaviSearchCandidate, i).place));
  for (guint i = 0; i < relaxed->len; i++)
    {
      NaviSearchCandidate *candidate = &g_array_index (relaxed, NaviSearchCandidate, i);
      candidate->tier = 1;
      if (!g_hash_table_contains (known, GUINT_TO_POINTER (candidate->place)))
        g_array_append_val (candidates, *candidate);
    }
}

/* Both sides of a stop, the pieces of a street, the entrances of a house: one name at one spot is shown once. */
static gboolean
is_double (NaviSearch *self, const NaviSearchCandidate *a, const NaviSearchCandidate *b)
{
  const NaviPlaceEntry *left = navi_places_reader_get (self->places, a->place),
                       *right = navi_places_reader_get (self->places, b->place);
  guint reach_m = left->type == NAVI_PLACE_STREET && !a->has_house ? 3000 : 300;

  if (a->has_house != b->has_house || left->type != right->type || left->kind != right->kind || left->city != right->city
      || *left->name == '\0' || strcmp (left->name, right->name) != 0)
    return FALSE;
  if (a->has_house)
    return a->house.number == b->house.number && strcmp (a->house.suffix, b->house.suffix) == 0
           && navi_geo_distance_mm (a->house.lat_e6 * 10, a->house.lon_e6 * 10, b->house.lat_e6 * 10, b->house.lon_e6 * 10)
                  < reach_m * 1000;
  return navi_geo_distance_mm (left->lat_e6 * 10, left->lon_e6 * 10, right->lat_e6 * 10, right->lon_e6 * 10) < reach_m * 1000;
}

static gboolean
is_shown (NaviSearch *self, const GArray *candidates, const GArray *shown, const NaviSearchCandidate *candidate)
{
  for (guint i = 0; i < shown->len; i++)
    if (is_double (self, &g_array_index (candidates, NaviSearchCandidate, g_array_index (shown, guint, i)), candidate))
      return TRUE;
  return FALSE;
}

static void
show (const Ranking *self, GArray *candidates, GListStore *found)
{
  g_autoptr (GArray) shown = g_array_new (FALSE, FALSE, sizeof (guint));
  guint limit = self->query->limit > 0 ? self->query->limit : DEFAULT_LIMIT;

  for (guint i = 0; i < candidates->len && shown->len < limit; i++)
    {
      const NaviSearchCandidate *candidate = &g_array_index (candidates, NaviSearchCandidate, i);
      g_autoptr (NaviPlace) place = NULL;
      if (is_shown (self->search, candidates, shown, candidate))
        continue;
      place = navi_search_make_place (self->search->places, candidate);
      g_list_store_append (found, place);
      g_array_append_val (shown, i);
    }
}

static NaviLocalTime
device_time (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  return (NaviLocalTime){ g_date_time_get_year (now), g_date_time_get_month (now), g_date_time_get_day_of_month (now),
                          g_date_time_get_hour (now) * 60 + g_date_time_get_minute (now) };
}

/* What is closed is no answer; what does not say when it is open comes last. */
static void
keep_open (NaviSearch *self, GArray *candidates, const NaviLocalTime *now)
{
  NaviSearchCandidate *all = (NaviSearchCandidate *) candidates->data;
  const NaviLocalTime here = now != NULL ? *now : device_time ();
  guint kept = 0;

  for (guint i = 0; i < candidates->len; i++)
    {
      const NaviPlaceEntry *entry = navi_places_reader_get (self->places, all[i].place);
      g_autoptr (NaviOpeningHours) hours = NULL;
      NaviHoursState state = NAVI_HOURS_UNKNOWN;
      if (entry->type != NAVI_PLACE_POI)
        continue;
      hours = navi_opening_hours_parse (entry->details[NAVI_DETAIL_OPENING_HOURS]);
      if (hours != NULL)
        state = navi_opening_hours_at (hours, &here);
      if (state == NAVI_HOURS_CLOSED)
        continue;
      all[kept] = all[i];
      all[kept++].tier += state == NAVI_HOURS_OPEN ? 0 : 1;
    }
  g_array_set_size (candidates, kept);
}

static void
find_words (NaviSearch *self, const NaviSearchQuery *query, const NaviSearchWords *words, GListStore *found,
            GCancellable *cancellable)
{
  Ranking ranking = { self, query, words, query->has_near, words->nearby, 0, 0 };
  g_autoptr (GArray) candidates = NULL;

  if (words->words->len == 0 || navi_places_reader_get_n_places (self->places) == 0)
    return;
  ranking.lat_e7 = (gint32) lround (query->near_lat_deg * 1e7);
  ranking.lon_e7 = (gint32) lround (query->near_lon_deg * 1e7);
  candidates = navi_search_match (self->places, &self->terms, words, FALSE, cancellable);
  if (candidates->len < (query->typing ? ENOUGH : 1))
    {
      g_autoptr (GArray) relaxed = navi_search_match (self->places, &self->terms, words, TRUE, cancellable);
      append_relaxed (candidates, relaxed);
    }
  if (g_cancellable_is_cancelled (cancellable))
    return;
  if (query->open_now || words->open_now)
    keep_open (self, candidates, query->now);
  rank (&ranking, candidates);
  show (&ranking, candidates, found);
}

/* "... near X": X first, then what is near its best answer.  FALSE if there is no X. */
static gboolean
find_anchor (NaviSearch *self, const char *text, NaviSearchQuery *query, GCancellable *cancellable)
{
  const NaviSearchQuery asked = { text, query->has_near, query->near_lat_deg, query->near_lon_deg, 1, query->typing };
  g_autoptr (NaviSearchWords) words = navi_search_words_new (text, query->typing, FALSE);
  g_autoptr (GListStore) found = g_list_store_new (NAVI_TYPE_PLACE);
  g_autoptr (NaviPlace) place = NULL;

  find_words (self, &asked, words, found, cancellable);
  place = g_list_model_get_item (G_LIST_MODEL (found), 0);
  if (place == NULL)
    return FALSE;
  query->has_near = TRUE;
  query->near_lat_deg = navi_place_get_data (place)->lat_deg;
  query->near_lon_deg = navi_place_get_data (place)->lon_deg;
  return TRUE;
}

static void
find_wished (NaviSearch *self, const NaviSearchQuery *query, GListStore *found, GCancellable *cancellable)
{
  g_autoptr (NaviSearchWords) words = navi_search_words_new (query->text, query->typing, TRUE);
  g_autoptr (NaviSearchWords) plain = NULL;
  NaviSearchQuery asked = *query;

  if (words->anchor == NULL || find_anchor (self, words->anchor, &asked, cancellable))
    find_words (self, &asked, words, found, cancellable);
  /* Names may have such words too. */
  if (g_list_model_get_n_items (G_LIST_MODEL (found)) > 0 || (!words->nearby && !words->open_now))
    return;
  plain = navi_search_words_new (query->text, query->typing, FALSE);
  find_words (self, query, plain, found, cancellable);
}

/* A pair of coordinates as typed is its own name. */
static NaviPlace *
make_coordinate (const char *text)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  NaviPlaceData data = { .type = NAVI_PLACE_COORDINATE, .kind = "coordinate", .name = trimmed, .distance_m = -1 };

  if (!navi_coordinates_parse (trimmed, &data.lat_deg, &data.lon_deg))
    return NULL;
  return navi_place_new (&data);
}

GListModel *
navi_search_find (NaviSearch *self, const NaviSearchQuery *query, GCancellable *cancellable, GError **error)
{
  g_autoptr (GListStore) found = g_list_store_new (NAVI_TYPE_PLACE);
  g_autoptr (NaviPlace) coordinate = NULL;
  g_auto (NaviGeoUri) uri = { 0 };
  NaviSearchQuery asked;

  g_return_val_if_fail (NAVI_IS_SEARCH (self), NULL);
  g_return_val_if_fail (query != NULL && query->text != NULL, NULL);

  asked = *query;
  if (navi_geo_uri_parse (query->text + strspn (query->text, " "), &uri))
    {
      if (uri.text == NULL)
        coordinate = navi_place_new_from_uri (query->text + strspn (query->text, " "));
      else
        asked = (NaviSearchQuery){ uri.text, uri.has_position, uri.lat_deg, uri.lon_deg, query->limit,
                                   FALSE,    query->open_now,  query->now };
    }
  else
    coordinate = make_coordinate (query->text);
  if (coordinate != NULL)
    g_list_store_append (found, coordinate);
  else
    {
      g_mutex_lock (&self->lock);
      find_wished (self, &asked, found, cancellable);
      navi_places_reader_trim (self->places);
      g_mutex_unlock (&self->lock);
    }
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  return G_LIST_MODEL (g_steal_pointer (&found));
}

typedef struct
{
  NaviSearchQuery query;
  char *text;
  NaviLocalTime now;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->text);
  g_free (job);
}

static void
find_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  GError *error = NULL;
  GListModel *found = navi_search_find (source, &job->query, cancellable, &error);

  if (found != NULL)
    g_task_return_pointer (task, found, g_object_unref);
  else
    g_task_return_error (task, error);
}

void
navi_search_find_async (NaviSearch *self, const NaviSearchQuery *query, GCancellable *cancellable, GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Job *job;

  g_return_if_fail (NAVI_IS_SEARCH (self));
  g_return_if_fail (query != NULL && query->text != NULL);

  job = g_new0 (Job, 1);
  job->query = *query;
  job->query.text = job->text = g_strdup (query->text);
  if (query->now != NULL)
    {
      job->now = *query->now;
      job->query.now = &job->now;
    }
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, navi_search_find_async);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, find_in_thread);
}

GListModel *
navi_search_find_finish (NaviSearch *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- The other way round ---- */

/* A region without roads has addresses all the same. */
static NaviGraph *
get_graph (NaviSearch *self)
{
  g_autoptr (GError) error = NULL;

  if (!self->has_tried_graph)
    self->graph = navi_graph_new (self->region, &error);
  if (error != NULL && !g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND))
    g_debug ("%s", error->message);
  self->has_tried_graph = TRUE;
  return self->graph;
}

GListModel *
navi_search_reverse (NaviSearch *self, double lat_deg, double lon_deg, GError **error)
{
  g_autoptr (GListStore) found = g_list_store_new (NAVI_TYPE_PLACE);

  g_return_val_if_fail (NAVI_IS_SEARCH (self), NULL);

  if (!(fabs (lat_deg) <= 90 && fabs (lon_deg) <= 180))
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "There is no such point on the globe");
      return NULL;
    }
  g_mutex_lock (&self->lock);
  navi_search_describe (self->places, get_graph (self), lat_deg, lon_deg, found);
  navi_places_reader_trim (self->places);
  g_mutex_unlock (&self->lock);
  return G_LIST_MODEL (g_steal_pointer (&found));
}

static void
reverse_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const double *point = task_data;
  GError *error = NULL;
  GListModel *found = navi_search_reverse (source, point[0], point[1], &error);

  if (found != NULL)
    g_task_return_pointer (task, found, g_object_unref);
  else
    g_task_return_error (task, error);
}

void
navi_search_reverse_async (NaviSearch *self, double lat_deg, double lon_deg, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  const double point[] = { lat_deg, lon_deg };

  g_return_if_fail (NAVI_IS_SEARCH (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, navi_search_reverse_async);
  g_task_set_task_data (task, g_memdup2 (point, sizeof point), g_free);
  g_task_run_in_thread (task, reverse_in_thread);
}

GListModel *
navi_search_reverse_finish (NaviSearch *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

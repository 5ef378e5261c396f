/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-search"

#include "navi-search.h"
#include "navi-coordinates.h"
#include "navi-geo.h"
#include "navi-search-format.h"
#include "navi-varint.h"

#include "cloud-error.h"
#include "cloud-query.h"
#include "cloud-text.h"

#include <math.h>

/* Looks words up in the region's sorted terms, keeps the places that have them all, and ranks those by how well the text fits, by importance and
 * by nearness. */

struct _NaviSearch
{
  GObject parent_instance;

  NaviRegion *region;
  const NaviPlaceRecord *places;
  gsize n_places;
  const char *strings;
  gsize strings_bytes;
  const NaviTermRecord *terms; /* one more than there are terms */
  gsize n_terms;
  const char *term_bytes;
  gsize term_bytes_length;
  const guint8 *postings;
  gsize postings_bytes;
};

G_DEFINE_FINAL_TYPE (NaviSearch, navi_search, G_TYPE_OBJECT)

/* How a word was found in a place, the better the higher. */
enum
{
  HIT_NONE,
  HIT_PREFIX,
  HIT_WHOLE,
  HIT_NAME_PREFIX,
  HIT_NAME_WHOLE,
};

static const guint8 hit_scores[] = { 0, 1, 3, 6, 10 };

enum
{
  MAX_RANKED = 3000, /* looked at closely; more come only from words that say nothing */
  DEFAULT_LIMIT = 20,
};

typedef struct
{
  guint32 place;
  gint score;
  float distance_m;
} Candidate;

static void
navi_search_finalize (GObject *object)
{
  g_clear_object (&NAVI_SEARCH (object)->region);
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
}

static const char *
string_at (NaviSearch *self, guint32 offset)
{
  return offset < self->strings_bytes ? self->strings + offset : "";
}

static gboolean
view_sections (NaviSearch *self)
{
  gsize n_terms;

  self->places = navi_region_get_array (self->region, NAVI_SECTION_PLACES, sizeof (NaviPlaceRecord), &self->n_places);
  self->strings = navi_region_get_section (self->region, NAVI_SECTION_PLACE_STRINGS, &self->strings_bytes);
  self->terms = navi_region_get_array (self->region, NAVI_SECTION_TERMS, sizeof (NaviTermRecord), &n_terms);
  self->term_bytes = navi_region_get_section (self->region, NAVI_SECTION_TERM_BYTES, &self->term_bytes_length);
  self->postings = navi_region_get_section (self->region, NAVI_SECTION_POSTINGS, &self->postings_bytes);
  self->n_terms = MAX (n_terms, 1) - 1;
  return self->n_places < G_MAXUINT32 / 2 && (self->strings_bytes == 0 || self->strings[self->strings_bytes - 1] == '\0');
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
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_UNSUPPORTED, "The search index of %s was made by another version: import again",
                   navi_region_get_path (region));
      return NULL;
    }
  if (!view_sections (self))
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT, "%s is damaged (places): import it again", navi_region_get_path (region));
      return NULL;
    }
  return g_steal_pointer (&self);
}

static const char *
term_at (NaviSearch *self, gsize index, gsize *bytes)
{
  guint32 end = (guint32) MIN (self->terms[index + 1].bytes, self->term_bytes_length);
  guint32 begin = MIN (self->terms[index].bytes, end);

  *bytes = end - begin;
  return *bytes > 0 ? self->term_bytes + begin : "";
}

/* The first term that is not before @wanted. */
static gsize
find_term (NaviSearch *self, const char *wanted)
{
  gsize wanted_bytes = strlen (wanted), low = 0, high = self->n_terms;

  while (low < high)
    {
      gsize middle = low + (high - low) / 2, bytes;
      const char *term = term_at (self, middle, &bytes);
      int order = memcmp (term, wanted, MIN (bytes, wanted_bytes));
      if (order < 0 || (order == 0 && bytes < wanted_bytes))
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static void
mark_postings (NaviSearch *self, gsize term, gboolean is_whole, guint8 *marks)
{
  guint32 end_at = (guint32) MIN (self->terms[term + 1].postings, self->postings_bytes);
  const guint8 *at, *end;
  guint64 posting = 0, difference;

  if (end_at == 0)
    return;
  at = self->postings + MIN (self->terms[term].postings, end_at);
  end = self->postings + end_at;
  while (navi_varint_read (&at, end, &difference))
    {
      guint8 hit;
      posting += difference;
      if (posting >> 1 >= self->n_places)
        return;
      hit = (posting & 1) != 0 ? (is_whole ? HIT_NAME_WHOLE : HIT_NAME_PREFIX) : (is_whole ? HIT_WHOLE : HIT_PREFIX);
      marks[posting >> 1] = MAX (marks[posting >> 1], hit);
    }
}

static void
mark_word (NaviSearch *self, const char *word, gboolean is_prefix, guint8 *marks)
{
  gsize word_bytes = strlen (word);

  for (gsize term = find_term (self, word); term < self->n_terms; term++)
    {
      gsize bytes;
      const char *text = term_at (self, term, &bytes);
      if (bytes < word_bytes || memcmp (text, word, word_bytes) != 0 || (!is_prefix && bytes != word_bytes))
        return;
      mark_postings (self, term, bytes == word_bytes, marks);
    }
}

/* The places that have all words of all phrases; @skip_numbers: but phrases that begin with a digit. */
static GArray *
collect (NaviSearch *self, const CloudQuery *query, gboolean skip_numbers, GCancellable *cancellable)
{
  GArray *candidates = g_array_new (FALSE, FALSE, sizeof (Candidate));
  g_autofree guint8 *marks = g_malloc (self->n_places + 1);
  gboolean is_first = TRUE;

  for (guint i = 0; i < cloud_query_get_n_phrases (query); i++)
    {
      gboolean goes_on;
      const char *const *words = cloud_query_get_phrase (query, i, &goes_on);
      if (skip_numbers && words[0] != NULL && g_ascii_isdigit (words[0][0]))
        continue;
      for (guint j = 0; words[j] != NULL && !g_cancellable_is_cancelled (cancellable); j++)
        {
          guint kept = 0;
          memset (marks, 0, self->n_places);
          mark_word (self, words[j], goes_on && words[j + 1] == NULL, marks);
          for (guint32 place = 0; is_first && place < self->n_places; place++)
            {
              Candidate candidate = { .place = place };
              if (marks[place] != HIT_NONE)
                g_array_append_val (candidates, candidate);
            }
          is_first = FALSE;
          for (guint k = 0; k < candidates->len; k++)
            {
              Candidate *candidate = &g_array_index (candidates, Candidate, k);
              if (marks[candidate->place] == HIT_NONE)
                continue;
              candidate->score += hit_scores[marks[candidate->place]];
              g_array_index (candidates, Candidate, kept++) = *candidate;
            }
          g_array_set_size (candidates, kept);
        }
    }
  return candidates;
}

static void
add_importance (NaviSearch *self, const NaviSearchQuery *query, GArray *candidates)
{
  gint32 lat_e7 = (gint32) lround (query->near_lat_deg * 1e7), lon_e7 = (gint32) lround (query->near_lon_deg * 1e7);

  for (guint i = 0; i < candidates->len; i++)
    {
      Candidate *candidate = &g_array_index (candidates, Candidate, i);
      const NaviPlaceRecord *place = &self->places[candidate->place];
      candidate->score += place->importance;
      candidate->distance_m = -1;
      if (!query->has_near)
        continue;
      candidate->distance_m = (float) navi_geo_distance_mm (lat_e7, lon_e7, place->lat_e7, place->lon_e7) / 1000.0f;
      candidate->score -= (gint) MIN (8.0 * log2 (1.0 + candidate->distance_m / 1000.0), 45.0);
    }
}

static gint
compare_candidates (gconstpointer a, gconstpointer b)
{
  const Candidate *left = a, *right = b;

  if (left->score != right->score)
    return left->score > right->score ? -1 : 1;
  if (left->distance_m != right->distance_m)
    return left->distance_m < right->distance_m ? -1 : 1;
  return left->place < right->place ? -1 : left->place > right->place;
}

/* How well the whole of what was typed fits the names, beyond its words one by one. */
static gint
fit_of (NaviSearch *self, const NaviPlaceRecord *place, const CloudQuery *query, const char *folded)
{
  const guint32 names[] = { place->name, place->name_en, place->name_zh };
  gint best = 0;
  gboolean together = FALSE, has_phrases = FALSE;

  if (place->type == NAVI_PLACE_HOUSE)
    {
      /* Houses are for those who type a number. */
      g_autofree char *number = cloud_text_fold (string_at (self, place->number), -1);
      g_auto (GStrv) words = g_strsplit (folded, " ", -1);
      return g_strv_contains ((const char *const *) words, number) ? 25 : -45;
    }
  for (guint i = 0; i < cloud_query_get_n_phrases (query) && !has_phrases; i++)
    {
      gboolean goes_on;
      const char *const *words = cloud_query_get_phrase (query, i, &goes_on);
      has_phrases = words[0] != NULL && words[1] != NULL;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *name = NULL;
      if (names[i] == 0)
        continue;
      name = cloud_text_fold (string_at (self, names[i]), -1);
      if (strcmp (name, folded) == 0)
        best = MAX (best, 35);
      else if (g_str_has_prefix (name, folded))
        best = MAX (best, 15);
      together |= has_phrases && cloud_query_matches (query, string_at (self, names[i]), -1);
    }
  return best - (has_phrases && !together && best == 0 ? 30 : 0);
}

static void
rank (NaviSearch *self, const NaviSearchQuery *search, const CloudQuery *query, GArray *candidates)
{
  g_autofree char *folded = cloud_text_fold (search->text, -1);

  add_importance (self, search, candidates);
  g_array_sort (candidates, compare_candidates);
  g_array_set_size (candidates, MIN (candidates->len, MAX_RANKED));
  for (guint i = 0; i < candidates->len; i++)
    {
      Candidate *candidate = &g_array_index (candidates, Candidate, i);
      candidate->score += fit_of (self, &self->places[candidate->place], query, folded);
    }
  g_array_sort (candidates, compare_candidates);
}

static void
set_details (NaviSearch *self, guint32 offset, NaviPlaceData *data)
{
  const char **fields[NAVI_N_PLACE_DETAILS]
      = { &data->postcode, &data->opening_hours, &data->phone, &data->website, &data->wheelchair, &data->cuisine };

  for (guint i = 0; offset != 0 && i < NAVI_N_PLACE_DETAILS && offset < self->strings_bytes; i++)
    {
      *fields[i] = self->strings + offset;
      offset += (guint32) strlen (*fields[i]) + 1;
    }
}

static NaviPlace *
make_place (NaviSearch *self, const Candidate *candidate)
{
  const NaviPlaceRecord *record = &self->places[candidate->place];
  g_autofree char *house = NULL;
  NaviPlaceData data = {
    .type = (NaviPlaceType) MIN (record->type, NAVI_N_PLACE_TYPES - 1),
    .kind = string_at (self, record->kind),
    .name = string_at (self, record->name),
    .name_en = string_at (self, record->name_en),
    .name_zh = string_at (self, record->name_zh),
    .street = string_at (self, record->street),
    .number = string_at (self, record->number),
    .city = string_at (self, record->city),
    .lat_deg = record->lat_e7 / 1e7,
    .lon_deg = record->lon_e7 / 1e7,
    .distance_m = (double) candidate->distance_m,
    .importance = record->importance,
  };

  set_details (self, record->details, &data);
  if (data.type == NAVI_PLACE_HOUSE)
    data.name = house = g_strdup_printf ("%s %s", data.street, data.number);
  return navi_place_new (&data);
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

static void
find_words (NaviSearch *self, const NaviSearchQuery *query, GListStore *found, GCancellable *cancellable)
{
  g_autoptr (CloudQuery) words = cloud_query_new (query->text, query->typing);
  g_autoptr (GArray) candidates = NULL;
  guint limit = query->limit > 0 ? query->limit : DEFAULT_LIMIT;

  if (cloud_query_is_empty (words) || self->n_places == 0)
    return;
  candidates = collect (self, words, FALSE, cancellable);
  if (candidates->len == 0 && cloud_query_get_n_phrases (words) > 1)
    {
      /* The house is not on the map, but perhaps its street is. */
      g_array_unref (candidates);
      candidates = collect (self, words, TRUE, cancellable);
    }
  if (g_cancellable_is_cancelled (cancellable))
    return;
  rank (self, query, words, candidates);
  for (guint i = 0; i < MIN (candidates->len, limit); i++)
    {
      g_autoptr (NaviPlace) place = make_place (self, &g_array_index (candidates, Candidate, i));
      g_list_store_append (found, place);
    }
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
        asked = (NaviSearchQuery){ uri.text, uri.has_position, uri.lat_deg, uri.lon_deg, query->limit, FALSE };
    }
  else
    coordinate = make_coordinate (query->text);
  if (coordinate != NULL)
    g_list_store_append (found, coordinate);
  else
    find_words (self, &asked, found, cancellable);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  return G_LIST_MODEL (g_steal_pointer (&found));
}

typedef struct
{
  NaviSearchQuery query;
  char *text;
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
navi_search_find_async (NaviSearch *self, const NaviSearchQuery *query, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Job *job;

  g_return_if_fail (NAVI_IS_SEARCH (self));
  g_return_if_fail (query != NULL && query->text != NULL);

  job = g_new0 (Job, 1);
  job->query = *query;
  job->query.text = job->text = g_strdup (query->text);
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

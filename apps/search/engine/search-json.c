/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-search"

#include "search-json.h"
#include "cloud-error.h"
#include "search-url.h"

#include <jansson.h>
#include <string.h>

/* Whatever is missing or of another type than expected is left out; only an answer that is no answer is an error. */

static json_t *
load (const char *json, gsize length, GError **error)
{
  json_t *root = json_loadb (json != NULL ? json : "", length, 0, NULL);

  if (root == NULL)
    g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_PROTOCOL, "The answer is not JSON");
  return root;
}

static const char *
string_of (const json_t *object, const char *key)
{
  return json_string_value (json_object_get (object, key));
}

/* ---- MediaWiki ---- */

/* Old and new error formats: {"error": {"code"}} and {"errors": [{"code"}]}. */
static gboolean
check_mediawiki_error (const json_t *root, GError **error)
{
  const json_t *problem = json_object_get (root, "error");
  const char *code;

  if (problem == NULL)
    problem = json_array_get (json_object_get (root, "errors"), 0);
  if (problem == NULL)
    return TRUE;
  code = string_of (problem, "code");
  if (g_strcmp0 (code, "maxlag") == 0 || g_strcmp0 (code, "ratelimited") == 0 || g_strcmp0 (code, "readonly") == 0)
    g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_TRY_LATER, "The wiki asks to wait (%s)", code);
  else
    g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_DENIED, "The wiki refuses the question (%s)", code != NULL ? code : "no reason");
  return FALSE;
}

/* https://host/w/api.php and a title give https://host/wiki/Title, as most wikis have it. */
static char *
page_url (const char *api_url, const char *title)
{
  g_autofree char *underscored = g_strdelimit (g_strdup (title), " ", '_');
  g_autofree char *encoded = g_uri_escape_string (underscored, "/:(),!", FALSE);
  g_autofree char *relative = g_strdup_printf ("/wiki/%s", encoded);

  return search_url_resolve (api_url, relative);
}

static const char *
first_term (const json_t *page, const char *name)
{
  return json_string_value (json_array_get (json_object_get (json_object_get (page, "terms"), name), 0));
}

static void
add_wiki_page (SearchReply *reply, const json_t *page, const char *api_url, const char *source_name)
{
  const char *title = string_of (page, "title");
  const char *url = string_of (page, "fullurl");
  const char *snippet = string_of (page, "extract");
  const json_t *place = json_array_get (json_object_get (page, "coordinates"), 0);
  const json_t *thumbnail = json_object_get (page, "thumbnail");
  const char *image;
  g_autofree char *made_url = NULL;
  SearchResult *result;

  if (title == NULL)
    return;
  if (url == NULL)
    url = made_url = page_url (api_url, string_of (page, "key") != NULL ? string_of (page, "key") : title);
  if (snippet == NULL || snippet[0] == '\0')
    snippet = string_of (page, "description");
  if (snippet == NULL)
    snippet = first_term (page, "description");
  if (snippet == NULL)
    snippet = string_of (page, "snippet") != NULL ? string_of (page, "snippet") : string_of (page, "excerpt");
  result = search_reply_add (reply, title, snippet, url, source_name);
  if (result == NULL)
    return;
  image = string_of (thumbnail, "source") != NULL ? string_of (thumbnail, "source") : string_of (thumbnail, "url");
  if (image != NULL)
    {
      g_autofree char *image_url = search_url_resolve (api_url, image);

      search_result_set_image_url (result, image_url);
    }
  if (place != NULL && json_is_number (json_object_get (place, "lat")) && json_is_number (json_object_get (place, "lon")))
    search_result_set_position (result, json_number_value (json_object_get (place, "lat")), json_number_value (json_object_get (place, "lon")));
}

static int
compare_index (gconstpointer a, gconstpointer b)
{
  json_int_t ia = json_integer_value (json_object_get (*(json_t *const *) a, "index"));
  json_int_t ib = json_integer_value (json_object_get (*(json_t *const *) b, "index"));

  return ia < ib ? -1 : ia > ib;
}

/* The pages of a generator come in any order, as an array or by id; "index" says the rank. */
static void
add_generated (SearchReply *reply, json_t *pages, const char *api_url, const char *source_name)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();
  const char *key;
  json_t *page;
  gsize i;

  if (json_is_array (pages))
    json_array_foreach (pages, i, page) g_ptr_array_add (sorted, page);
  else
    json_object_foreach (pages, key, page) g_ptr_array_add (sorted, page);
  g_ptr_array_sort (sorted, compare_index);
  for (i = 0; i < sorted->len; i++)
    add_wiki_page (reply, g_ptr_array_index (sorted, i), api_url, source_name);
}

SearchReply *
search_json_decode_mediawiki (const char *json, gsize length, const char *api_url, const char *source_name, GError **error)
{
  json_t *root = load (json, length, error);
  g_autoptr (SearchReply) reply = NULL;
  json_t *query;
  json_t *list;
  json_t *page;
  gsize i;

  if (root == NULL)
    return NULL;
  if (!json_is_object (root))
    g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_PROTOCOL, "The answer is not a wiki's");
  else if (check_mediawiki_error (root, error))
    {
      reply = search_reply_new ();
      query = json_object_get (root, "query");
      list = json_object_get (query, "search");
      if (list == NULL)
        list = json_object_get (root, "pages");
      add_generated (reply, json_object_get (query, "pages"), api_url, source_name);
      json_array_foreach (list, i, page) add_wiki_page (reply, page, api_url, source_name);
      if (query == NULL && list == NULL && json_object_get (root, "batchcomplete") == NULL)
        {
          g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_PROTOCOL, "The answer is not a wiki's");
          g_clear_pointer (&reply, search_reply_free);
        }
    }
  json_decref (root);
  return g_steal_pointer (&reply);
}

/* ---- SearXNG ---- */

static void
add_unresponsive (SearchReply *reply, const json_t *list)
{
  gsize i;
  json_t *entry;

  json_array_foreach (list, i, entry)
    {
      const char *name = json_string_value (json_array_get (entry, 0));
      const char *reason = json_string_value (json_array_get (entry, 1));

      if (name != NULL && i < SEARCH_REPLY_MAX)
        g_ptr_array_add (reply->notices, reason != NULL ? g_strdup_printf ("%s: %s", name, reason) : g_strdup (name));
    }
}

SearchReply *
search_json_decode_searxng (const char *json, gsize length, const char *source_name, GError **error)
{
  json_t *root = load (json, length, error);
  g_autoptr (SearchReply) reply = NULL;
  const json_t *results;
  json_t *entry;
  gsize i;

  if (root == NULL)
    return NULL;
  results = json_object_get (root, "results");
  if (json_is_array (results))
    {
      reply = search_reply_new ();
      json_array_foreach (results, i, entry)
        {
          SearchResult *result = search_reply_add (reply, string_of (entry, "title"), string_of (entry, "content"), string_of (entry, "url"),
                                                   source_name);
          const char *image = string_of (entry, "thumbnail") != NULL ? string_of (entry, "thumbnail") : string_of (entry, "img_src");

          if (result != NULL && image != NULL && image[0] != '\0')
            search_result_set_image_url (result, image);
        }
      add_unresponsive (reply, json_object_get (root, "unresponsive_engines"));
    }
  else
    g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_PROTOCOL, "The answer is not SearXNG's");
  json_decref (root);
  return g_steal_pointer (&reply);
}

/* ---- Suggestions ---- */

char **
search_json_decode_suggestions (const char *json, gsize length, GError **error)
{
  json_t *root = load (json, length, error);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  const json_t *list = json_array_get (root, 1);
  json_t *entry;
  gsize i;

  if (root == NULL)
    return NULL;
  if (!json_is_array (list))
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_PROTOCOL, "The answer holds no suggestions");
      json_decref (root);
      return NULL;
    }
  json_array_foreach (list, i, entry) if (json_is_string (entry) && i < SEARCH_REPLY_MAX) g_strv_builder_add (builder, json_string_value (entry));
  json_decref (root);
  return g_strv_builder_end (builder);
}

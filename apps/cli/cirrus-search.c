/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus"

#include "cirrus-cli.h"

#include "search-session.h"
#include "search-url.h"

#include "cloud-error.h"
#include "cloud-settings.h"
#include "cloud-time.h"

#include <stdio.h>
#include <string.h>

/* `cirrus search`: the search engine from a terminal. */

#define USAGE \
  "usage: cirrus search query [--device] [--json] TEXT   answers of this device and of the Web\n" \
  "       cirrus search suggest [--json] TEXT             completions from history and saved pages\n" \
  "       cirrus search save URL                          keeps a page (http, https, file)\n" \
  "       cirrus search import FOLDER                     keeps every .html and .txt file of a folder\n" \
  "       cirrus search pages [remove ID]                 the kept pages\n" \
  "       cirrus search show ID                           one of them, with its text\n" \
  "       cirrus search provider list\n" \
  "       cirrus search provider add [--kind mediawiki|searxng|opensearch] [--name NAME] URL\n" \
  "       cirrus search provider remove ID\n" \
  "       cirrus search history [clear | add TEXT | remove TEXT]\n"

/* One asynchronous answer, waited for. */
typedef struct
{
  GAsyncResult *result;
} Wait;

static void
on_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ((Wait *) user_data)->result = g_object_ref (result);
}

static GAsyncResult *
wait_for (Wait *wait)
{
  while (wait->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return wait->result;
}

static void
wait_clear (Wait *wait)
{
  g_clear_object (&wait->result);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wait, wait_clear)

static SearchEngine *
open_engine (GError **error)
{
  g_auto (Wait) wait = { NULL };

  search_engine_open_async (NULL, NULL, on_ready, &wait);
  return search_engine_open_finish (wait_for (&wait), error);
}

/* ---- query ---- */

static json_t *
string_or_null (const char *text)
{
  return text != NULL ? json_string (text) : json_null ();
}

static json_t *
result_to_json (SearchResult *result)
{
  static const char *const kinds[] = { "web", "saved", "app" };
  json_t *json = json_pack ("{s:s, s:s, s:s, s:o, s:s}", "kind", kinds[search_result_get_kind (result)], "title", search_result_get_title (result),
                            "snippet", search_result_get_snippet (result), "url", string_or_null (search_result_get_url (result)), "source",
                            search_result_get_source_name (result));
  double lat_deg;
  double lon_deg;

  if (search_result_get_page_id (result) != 0)
    json_object_set_new (json, "page", json_integer (search_result_get_page_id (result)));
  if (search_result_get_image_url (result) != NULL)
    json_object_set_new (json, "image", json_string (search_result_get_image_url (result)));
  if (search_result_get_position (result, &lat_deg, &lon_deg))
    {
      json_object_set_new (json, "lat", json_real (lat_deg));
      json_object_set_new (json, "lon", json_real (lon_deg));
    }
  return json;
}

static json_t *
results_to_json (GListModel *results)
{
  json_t *array = json_array ();

  for (guint i = 0; i < g_list_model_get_n_items (results); i++)
    {
      g_autoptr (SearchResult) result = g_list_model_get_item (results, i);

      json_array_append_new (array, result_to_json (result));
    }
  return array;
}

static json_t *
source_to_json (SearchSourceState *state)
{
  static const char *const outcomes[] = { "waiting", "answered", "stale", "failed" };
  const GError *error = search_source_state_get_error (state);
  const GPtrArray *notices = search_source_state_get_notices (state);
  json_t *json = json_pack ("{s:s, s:s, s:i}", "name", search_source_state_get_name (state), "outcome",
                            outcomes[search_source_state_get_outcome (state)], "results", search_source_state_get_n_results (state));

  if (error != NULL)
    json_object_set_new (json, "error", json_string (error->domain == CLOUD_ERROR ? cloud_error_code_name (error->code) : "failed"));
  if (search_source_state_get_retry_s (state) > 0)
    json_object_set_new (json, "retry_s", json_integer (search_source_state_get_retry_s (state)));
  if (search_source_state_get_fetched_unix_us (state) != 0)
    {
      g_autofree char *fetched = cloud_time_format_utc (search_source_state_get_fetched_unix_us (state));

      json_object_set_new (json, "fetched", json_string (fetched));
    }
  for (guint i = 0; notices != NULL && i < notices->len; i++)
    {
      if (i == 0)
        json_object_set_new (json, "notices", json_array ());
      json_array_append_new (json_object_get (json, "notices"), json_string (g_ptr_array_index (notices, i)));
    }
  return json;
}

static int
print_session (SearchSession *session)
{
  g_autoptr (GSettings) settings = cloud_settings_new ("Search");
  g_autofree char *engine = g_settings_get_string (settings, "browser-search");
  g_autofree char *address = search_url_from_typed (search_session_get_text (session));
  g_autofree char *browser = search_url_for_browser (engine, search_session_get_text (session), NULL);
  GListModel *sources = search_session_get_sources (session);
  guint n = g_list_model_get_n_items (search_session_get_device (session)) + g_list_model_get_n_items (search_session_get_web (session));
  json_t *asked = json_array ();

  for (guint i = 0; i < g_list_model_get_n_items (sources); i++)
    {
      g_autoptr (SearchSourceState) state = g_list_model_get_item (sources, i);

      json_array_append_new (asked, source_to_json (state));
    }
  cirrus_print_json (json_pack ("{s:s, s:o, s:o, s:o, s:o, s:s}", "query", search_session_get_text (session), "address",
                                string_or_null (address), "device", results_to_json (search_session_get_device (session)), "web",
                                results_to_json (search_session_get_web (session)), "sources", asked, "browser", browser));
  return n > 0 ? CIRRUS_EXIT_DONE : CIRRUS_EXIT_NO_ANSWER;
}

static int
run_query (int argc, char **argv)
{
  g_autoptr (SearchEngine) engine = NULL;
  g_autoptr (SearchSession) session = NULL;
  g_autoptr (GError) error = NULL;
  gboolean device = FALSE;
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "device", 0, 0, G_OPTION_ARG_NONE, &device, NULL, NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, NULL, NULL },
    { NULL },
  };

  if (!cirrus_parse (entries, &argc, &argv, "TEXT", &error))
    return cirrus_usage_error (USAGE, error);
  engine = open_engine (&error);
  if (engine == NULL)
    return cirrus_fail (error);
  session = search_session_new (engine, argv[1], !device);
  while (search_session_get_running (session))
    g_main_context_iteration (NULL, TRUE);
  return print_session (session);
}

/* ---- suggest ---- */

static int
run_suggest (int argc, char **argv)
{
  static const char *const kinds[] = { "history", "saved" };
  g_autoptr (SearchEngine) engine = NULL;
  g_autoptr (GPtrArray) suggestions = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Wait) wait = { NULL };
  gboolean json = FALSE;
  json_t *array = NULL;
  const GOptionEntry entries[] = { { "json", 0, 0, G_OPTION_ARG_NONE, &json, NULL, NULL }, { NULL } };

  if (!cirrus_parse (entries, &argc, &argv, "TEXT", &error))
    return cirrus_usage_error (USAGE, error);
  engine = open_engine (&error);
  if (engine == NULL)
    return cirrus_fail (error);
  search_engine_suggest_async (engine, argv[1], 10, NULL, on_ready, &wait);
  suggestions = search_engine_suggest_finish (engine, wait_for (&wait), &error);
  if (suggestions == NULL)
    return cirrus_fail (error);
  array = json_array ();
  for (guint i = 0; i < suggestions->len; i++)
    {
      const SearchSuggestion *suggestion = g_ptr_array_index (suggestions, i);

      json_array_append_new (array, json_pack ("{s:s, s:s, s:o}", "kind", kinds[suggestion->kind], "text", suggestion->text, "url",
                                               string_or_null (suggestion->url)));
    }
  cirrus_print_json (json_pack ("{s:s, s:o}", "query", argv[1], "suggestions", array));
  return suggestions->len > 0 ? CIRRUS_EXIT_DONE : CIRRUS_EXIT_NO_ANSWER;
}

/* ---- pages ---- */

static json_t *
page_to_json (SearchPage *page, gboolean with_text)
{
  g_autofree char *saved = cloud_time_format_utc (search_page_get_saved_unix_us (page));
  json_t *json = json_pack ("{s:I, s:s, s:s, s:s}", "page", (json_int_t) search_page_get_id (page), "url", search_page_get_url (page), "title",
                            search_page_get_title (page), "saved", saved);

  if (with_text)
    json_object_set_new (json, "text", string_or_null (search_page_get_text (page)));
  return json;
}

static SearchPage *
save (SearchEngine *engine, const char *url, GError **error)
{
  g_auto (Wait) wait = { NULL };

  search_engine_save_url_async (engine, url, NULL, on_ready, &wait);
  return search_engine_save_url_finish (engine, wait_for (&wait), error);
}

static int
run_save (int argc, char **argv)
{
  g_autoptr (SearchEngine) engine = NULL;
  g_autoptr (SearchPage) page = NULL;
  g_autoptr (GError) error = NULL;

  if (!cirrus_parse (NULL, &argc, &argv, "URL", &error))
    return cirrus_usage_error (USAGE, error);
  engine = open_engine (&error);
  page = engine != NULL ? save (engine, argv[1], &error) : NULL;
  if (page == NULL)
    return g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND) ? cirrus_no_answer ("no-page", error->message) : cirrus_fail (error);
  cirrus_print_json (page_to_json (page, FALSE));
  return CIRRUS_EXIT_DONE;
}

static int
compare_strings (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static GPtrArray *
list_page_files (const char *folder, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, error);
  GPtrArray *files;
  const char *name;

  if (dir == NULL)
    return NULL;
  files = g_ptr_array_new_with_free_func (g_free);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".html") || g_str_has_suffix (name, ".txt"))
      g_ptr_array_add (files, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (files, compare_strings);
  return files;
}

static int
run_import (int argc, char **argv)
{
  g_autoptr (SearchEngine) engine = NULL;
  g_autoptr (GPtrArray) files = NULL;
  g_autoptr (GError) error = NULL;
  guint saved = 0;

  if (!cirrus_parse (NULL, &argc, &argv, "FOLDER", &error))
    return cirrus_usage_error (USAGE, error);
  files = list_page_files (argv[1], &error);
  engine = files != NULL ? open_engine (&error) : NULL;
  if (engine == NULL)
    {
      fprintf (stderr, "cirrus: %s\n", error->message);
      return CIRRUS_EXIT_FAILED;
    }
  for (guint i = 0; i < files->len; i++)
    {
      g_autoptr (GFile) file = g_file_new_for_path (g_ptr_array_index (files, i));
      g_autofree char *uri = g_file_get_uri (file);
      g_autoptr (GError) reason = NULL;
      g_autoptr (SearchPage) page = save (engine, uri, &reason);

      if (page != NULL)
        saved++;
      else
        fprintf (stderr, "cirrus: %s: %s\n", (char *) g_ptr_array_index (files, i), reason->message);
    }
  cirrus_print_json (json_pack ("{s:i, s:i}", "saved_count", saved, "failed_count", files->len - saved));
  return saved == files->len ? CIRRUS_EXIT_DONE : CIRRUS_EXIT_FAILED;
}

static int
print_pages (SearchEngine *engine)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) pages = NULL;
  g_auto (Wait) wait = { NULL };
  json_t *array;

  search_store_list_pages_async (search_engine_get_store (engine), NULL, on_ready, &wait);
  pages = search_store_list_finish (NULL, wait_for (&wait), &error);
  if (pages == NULL)
    return cirrus_fail (error);
  array = json_array ();
  for (guint i = 0; i < pages->len; i++)
    json_array_append_new (array, page_to_json (g_ptr_array_index (pages, i), FALSE));
  cirrus_print_json (json_pack ("{s:o}", "pages", array));
  return CIRRUS_EXIT_DONE;
}

static int
run_pages (int argc, char **argv)
{
  gint64 id = 0;
  g_autoptr (SearchEngine) engine = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Wait) wait = { NULL };

  if (argc > 1 && strcmp (argv[1], "remove") != 0)
    return cirrus_usage_verb (USAGE, argc, argv);
  if (argc > 1 && (!cirrus_check_words ((const char *const *) argv + 2, "ID", &error) ||
                   !cirrus_parse_number (argv[2], "ID", 1, G_MAXINT64, &id, &error)))
    return cirrus_usage_error (USAGE, error);
  engine = open_engine (&error);
  if (engine == NULL)
    return cirrus_fail (error);
  if (argc == 1)
    return print_pages (engine);
  search_store_remove_page_async (search_engine_get_store (engine), id, on_ready, &wait);
  if (!search_store_done_finish (NULL, wait_for (&wait), &error))
    return cirrus_fail (error);
  cirrus_print_json (json_pack ("{s:I}", "removed", (json_int_t) id));
  return CIRRUS_EXIT_DONE;
}

static int
run_show (int argc, char **argv)
{
  gint64 id;
  g_autoptr (SearchEngine) engine = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) page = NULL;
  g_auto (Wait) wait = { NULL };

  if (!cirrus_check_words ((const char *const *) argv + 1, "ID", &error) ||
      !cirrus_parse_number (argv[1], "ID", 1, G_MAXINT64, &id, &error))
    return cirrus_usage_error (USAGE, error);
  engine = open_engine (&error);
  if (engine == NULL)
    return cirrus_fail (error);
  search_store_load_page_async (search_engine_get_store (engine), id, NULL, on_ready, &wait);
  page = search_store_object_finish (NULL, wait_for (&wait), &error);
  if (page == NULL)
    return error != NULL ? cirrus_fail (error) : cirrus_no_answer ("no-page", "there is no such page; `cirrus search pages` lists them");
  cirrus_print_json (page_to_json (SEARCH_PAGE (page), TRUE));
  return CIRRUS_EXIT_DONE;
}

/* ---- provider ---- */

static json_t *
provider_to_json (SearchProvider *provider)
{
  return json_pack ("{s:I, s:s, s:s, s:s, s:b}", "id", (json_int_t) search_provider_get_id (provider), "kind",
                    search_provider_kind_name (search_provider_get_kind (provider)), "name", search_provider_get_name (provider), "url",
                    search_provider_get_url (provider), "enabled", search_provider_get_enabled (provider));
}

static int
list_providers (SearchEngine *engine)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) providers = NULL;
  g_auto (Wait) wait = { NULL };
  json_t *array;

  search_store_list_providers_async (search_engine_get_store (engine), NULL, on_ready, &wait);
  providers = search_store_list_finish (NULL, wait_for (&wait), &error);
  if (providers == NULL)
    return cirrus_fail (error);
  array = json_array ();
  for (guint i = 0; i < providers->len; i++)
    json_array_append_new (array, provider_to_json (g_ptr_array_index (providers, i)));
  cirrus_print_json (json_pack ("{s:o}", "providers", array));
  return CIRRUS_EXIT_DONE;
}

static int
add_provider (SearchEngine *engine, int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SearchProvider) provider = NULL;
  g_auto (Wait) wait = { NULL };
  g_autofree char *kind = NULL;
  g_autofree char *name = NULL;
  SearchProviderKind known;
  const GOptionEntry entries[] = {
    { "kind", 0, 0, G_OPTION_ARG_STRING, &kind, NULL, NULL },
    { "name", 0, 0, G_OPTION_ARG_STRING, &name, NULL, NULL },
    { NULL },
  };

  if (!cirrus_parse (entries, &argc, &argv, "URL", &error))
    return cirrus_usage_error (USAGE, error);
  if (kind != NULL && !search_provider_kind_from_name (kind, &known))
    return cirrus_usage (USAGE, "--kind must be mediawiki, searxng or opensearch, not \"%s\"", kind);
  search_engine_add_provider_async (engine, argv[1], kind, name, NULL, on_ready, &wait);
  provider = search_engine_add_provider_finish (engine, wait_for (&wait), &error);
  if (provider == NULL)
    return cirrus_fail (error);
  cirrus_print_json (provider_to_json (provider));
  return CIRRUS_EXIT_DONE;
}

static int
run_provider (int argc, char **argv)
{
  g_autoptr (SearchEngine) engine = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Wait) wait = { NULL };
  const char *verb = argc >= 2 ? argv[1] : "";
  gint64 id = 0;

  if (strcmp (verb, "list") != 0 && strcmp (verb, "add") != 0 && strcmp (verb, "remove") != 0)
    return cirrus_usage_verb (USAGE, argc, argv);
  if ((strcmp (verb, "list") == 0 && !cirrus_check_words ((const char *const *) argv + 2, "", &error)) ||
      (strcmp (verb, "remove") == 0 && (!cirrus_check_words ((const char *const *) argv + 2, "ID", &error) ||
                                        !cirrus_parse_number (argv[2], "ID", 1, G_MAXINT64, &id, &error))))
    return cirrus_usage_error (USAGE, error);
  engine = open_engine (&error);
  if (engine == NULL)
    return cirrus_fail (error);
  if (strcmp (verb, "list") == 0)
    return list_providers (engine);
  if (strcmp (verb, "add") == 0)
    return add_provider (engine, argc - 1, argv + 1);
  search_store_remove_provider_async (search_engine_get_store (engine), id, on_ready, &wait);
  if (!search_store_done_finish (NULL, wait_for (&wait), &error))
    return cirrus_fail (error);
  cirrus_print_json (json_pack ("{s:I}", "removed", (json_int_t) id));
  return CIRRUS_EXIT_DONE;
}

/* ---- history ---- */

static int
print_history (SearchEngine *engine)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) texts = NULL;
  g_auto (Wait) wait = { NULL };
  json_t *array;

  search_store_list_history_async (search_engine_get_store (engine), "", 1000, NULL, on_ready, &wait);
  texts = search_store_list_finish (NULL, wait_for (&wait), &error);
  if (texts == NULL)
    return cirrus_fail (error);
  array = json_array ();
  for (guint i = 0; i < texts->len; i++)
    json_array_append_new (array, json_string (g_ptr_array_index (texts, i)));
  cirrus_print_json (json_pack ("{s:o}", "history", array));
  return CIRRUS_EXIT_DONE;
}

static int
run_history (int argc, char **argv)
{
  g_autoptr (SearchEngine) engine = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Wait) wait = { NULL };

  if (argc > 1 && strcmp (argv[1], "clear") != 0 && strcmp (argv[1], "add") != 0 && strcmp (argv[1], "remove") != 0)
    return cirrus_usage_verb (USAGE, argc, argv);
  if (argc > 1 && !cirrus_check_words ((const char *const *) argv + 2, strcmp (argv[1], "clear") == 0 ? "" : "TEXT", &error))
    return cirrus_usage_error (USAGE, error);
  engine = open_engine (&error);
  if (engine == NULL)
    return cirrus_fail (error);
  if (argc == 1)
    return print_history (engine);
  if (argc == 3 && strcmp (argv[1], "add") == 0)
    {
      search_engine_note_asked (engine, argv[2]); /* closing the engine waits for it */
      cirrus_print_json (json_pack ("{s:s}", "added", argv[2]));
      return CIRRUS_EXIT_DONE;
    }
  search_engine_forget_async (engine, argc == 3 ? argv[2] : NULL, 0, on_ready, &wait);
  if (!search_engine_forget_finish (engine, wait_for (&wait), &error))
    return cirrus_fail (error);
  cirrus_print_json (json_pack ("{s:s?}", "removed", argc == 3 ? argv[2] : NULL));
  return CIRRUS_EXIT_DONE;
}

int
cirrus_search_main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    CirrusArea run;
  } verbs[] = {
    { "query", run_query }, { "suggest", run_suggest },   { "save", run_save },       { "import", run_import },
    { "pages", run_pages }, { "show", run_show },         { "provider", run_provider }, { "history", run_history },
  };

  if (argc >= 2 && strcmp (argv[1], "--help") == 0)
    {
      fputs (USAGE, stdout);
      return CIRRUS_EXIT_DONE;
    }
  for (gsize i = 0; argc >= 2 && i < G_N_ELEMENTS (verbs); i++)
    if (strcmp (argv[1], verbs[i].name) == 0)
      return verbs[i].run (argc - 1, argv + 1);
  return cirrus_usage_verb (USAGE, argc, argv);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-search"

#include "search-results.h"

#include "cirrus-common.h"
#include "search-row.h"
#include "search-url.h"

#include "cloud-error.h"

#include <glib/gi18n.h>
#include <string.h>

/* From top to bottom: what to do with the text while it is typed, this device's groups, the Web, who did not answer, the browser. */

struct _SearchResults
{
  GtkWidget parent_instance;

  SearchSession *session;
  CloudQuery *query;
  gboolean typing;
  char *browser_engine;

  GtkWidget *box;
  GtkWidget *quick;
  GtkListBox *quick_list;
  GtkWidget *device; /* a box of sections */
  GtkWidget *web;
  GtkListBox *web_list;
  GtkWidget *web_waiting;
  GtkWidget *sources;
  GtkListBox *sources_list;
  GtkWidget *retry;
  GtkWidget *nothing;
  GtkWidget *browser;
  GtkListBox *browser_list;
};

enum
{
  ASK,
  OPENED,
  KEEP,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SearchResults, search_results, GTK_TYPE_WIDGET)

static void
clear_list (GtkListBox *list)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (list, 0)) != NULL)
    gtk_list_box_remove (list, GTK_WIDGET (row));
}

static void
on_result_activated (GtkListBox *list, GtkListBoxRow *row, SearchResults *self)
{
  SearchResult *result = search_row_get_result (row);

  if (result != NULL)
    g_signal_emit (self, signals[OPENED], 0, result);
}

/* ---- This device ---- */

static const char *
group_of (SearchResult *result)
{
  return search_result_get_kind (result) == SEARCH_RESULT_SAVED ? _ ("Saved Pages") : search_result_get_source_name (result);
}

static void
show_device (SearchResults *self)
{
  GListModel *results = search_session_get_device (self->session);
  GtkListBox *list = NULL;
  const char *group = NULL;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->device)) != NULL)
    gtk_box_remove (GTK_BOX (self->device), child);
  for (guint i = 0; i < g_list_model_get_n_items (results); i++)
    {
      g_autoptr (SearchResult) result = g_list_model_get_item (results, i);

      if (group == NULL || strcmp (group, group_of (result)) != 0)
        {
          group = group_of (result);
          gtk_box_append (GTK_BOX (self->device), search_section_new (group, NULL, &list));
          g_signal_connect_object (list, "row-activated", G_CALLBACK (on_result_activated), self, 0);
        }
      gtk_list_box_append (list, search_row_new_for_result (result, self->query, NULL));
    }
  gtk_widget_set_visible (self->device, group != NULL);
}

/* ---- The Web ---- */

static void
on_keep_clicked (GtkButton *button, SearchResults *self)
{
  GtkWidget *row = gtk_widget_get_ancestor (GTK_WIDGET (button), GTK_TYPE_LIST_BOX_ROW);

  if (row != NULL && search_row_get_result (GTK_LIST_BOX_ROW (row)) != NULL)
    g_signal_emit (self, signals[KEEP], 0, search_row_get_result (GTK_LIST_BOX_ROW (row)));
}

static void
show_web (SearchResults *self)
{
  GListModel *results = search_session_get_web (self->session);
  guint n = g_list_model_get_n_items (results);

  clear_list (self->web_list);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (SearchResult) result = g_list_model_get_item (results, i);
      GtkWidget *keep = cirrus_icon_button_new ("bookmark-new-symbolic", _ ("Save for reading offline"), NULL);

      g_signal_connect_object (keep, "clicked", G_CALLBACK (on_keep_clicked), self, 0);
      gtk_list_box_append (self->web_list, search_row_new_for_result (result, self->query, keep));
    }
}

/* ---- Who did not answer, and who did ---- */

static char *
trouble_of (SearchSourceState *state)
{
  const GError *error = search_source_state_get_error (state);
  guint retry_s = search_source_state_get_retry_s (state);
  /* That what was seen before is still here is said by showing it. */
  const char *sentence
      = g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_OFFLINE) ? cirrus_error_title (error) : cirrus_error_sentence (error);
  g_autofree char *age = NULL;
  g_autofree char *words = NULL;

  if (search_source_state_get_outcome (state) == SEARCH_SOURCE_STALE)
    {
      age = cirrus_format_age (search_source_state_get_fetched_unix_us (state), g_get_real_time ());
      /* Translators: a Web search cannot be reached; %s is an age ("2 hours ago") */
      words = g_strdup_printf (_ ("Not reachable. This is its answer from %s."), age);
      return cirrus_space_scripts (words);
    }
  if (retry_s > 0)
    return g_strdup_printf (ngettext ("%s Again in %u second.", "%s Again in %u seconds.", retry_s), sentence != NULL ? sentence : "", retry_s);
  return g_strdup (sentence != NULL ? sentence : "");
}

static guint
append_source (SearchResults *self, SearchSourceState *state)
{
  const GPtrArray *notices = search_source_state_get_notices (state);
  SearchSourceOutcome outcome = search_source_state_get_outcome (state);
  g_autofree char *trouble = NULL;

  if (outcome == SEARCH_SOURCE_FAILED || outcome == SEARCH_SOURCE_STALE)
    {
      trouble = trouble_of (state);
      gtk_list_box_append (self->sources_list, search_row_new ("cirrus-offline-symbolic", search_source_state_get_name (state), trouble, NULL));
      return 1;
    }
  if (notices != NULL && notices->len > 0)
    {
      g_autoptr (GPtrArray) lines = g_ptr_array_copy ((GPtrArray *) notices, NULL, NULL);

      g_ptr_array_set_free_func (lines, NULL);
      g_ptr_array_add (lines, NULL);
      trouble = g_strjoinv ("\n", (char **) lines->pdata);
      gtk_list_box_append (self->sources_list, search_row_new ("dialog-information-symbolic", search_source_state_get_name (state), trouble, NULL));
      return 1;
    }
  return 0;
}

typedef enum
{
  WEB_ANSWERED, /* some of it, or it was not asked */
  WEB_FAILED,
  WEB_OFFLINE, /* all failed, for the one reason that there is no network */
} WebOutcome;

static WebOutcome
get_web_outcome (SearchResults *self)
{
  GListModel *sources = search_session_get_sources (self->session);
  guint n = g_list_model_get_n_items (sources);
  WebOutcome outcome = n > 0 ? WEB_OFFLINE : WEB_ANSWERED;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (SearchSourceState) state = g_list_model_get_item (sources, i);

      if (search_source_state_get_outcome (state) != SEARCH_SOURCE_FAILED)
        return WEB_ANSWERED;
      if (!g_error_matches (search_source_state_get_error (state), CLOUD_ERROR, CLOUD_ERROR_OFFLINE))
        outcome = WEB_FAILED;
    }
  return outcome;
}

static void
show_nothing (SearchResults *self, WebOutcome web)
{
  CirrusStatusView *view = CIRRUS_STATUS_VIEW (self->nothing);

  if (web == WEB_OFFLINE)
    cirrus_status_view_set (view, "offline", _ ("No Connection"), _ ("The Web cannot be asked, and nothing on this device matches."), _ ("Try Again"));
  else if (web == WEB_FAILED)
    cirrus_status_view_set (view, "error", _ ("No Answer from the Web"), _ ("Nothing on this device matches either."), NULL);
  else
    cirrus_status_view_set (view, "empty", _ ("Nothing Found"), _ ("Try fewer or other words."), NULL);
}

/* @told: that the Web cannot be reached is said already. */
static void
show_sources (SearchResults *self, WebOutcome web, gboolean told)
{
  GListModel *sources = search_session_get_sources (self->session);
  guint n_troubles = 0;

  clear_list (self->sources_list);
  for (guint i = 0; i < g_list_model_get_n_items (sources); i++)
    {
      g_autoptr (SearchSourceState) state = g_list_model_get_item (sources, i);

      n_troubles += append_source (self, state);
    }
  search_section_set_title (self->sources, web == WEB_ANSWERED ? _ ("Not Every Source Answered") : _ ("No Answer from the Web"));
  gtk_widget_set_visible (self->sources, n_troubles > 0 && !(told && web == WEB_OFFLINE));
}

static void
update (SearchResults *self)
{
  gboolean running = search_session_get_running (self->session);
  guint n_device = g_list_model_get_n_items (search_session_get_device (self->session));
  guint n_web = g_list_model_get_n_items (search_session_get_web (self->session));
  gboolean nothing = !running && !self->typing && n_web == 0 && n_device == 0;
  WebOutcome web = get_web_outcome (self);

  show_sources (self, web, nothing);
  if (!running && n_device == 0)
    show_device (self);
  gtk_widget_set_visible (self->web_waiting, running && !self->typing && n_web == 0);
  gtk_widget_set_visible (GTK_WIDGET (self->web_list), n_web > 0);
  gtk_widget_set_visible (self->web, n_web > 0 || (running && !self->typing));
  show_nothing (self, web);
  gtk_widget_set_visible (self->nothing, nothing);
}

/* ---- What to do with the text ---- */

static void
append_quick (SearchResults *self, GtkListBox *list, const char *icon_name, const char *title, const char *subtitle, const char *key, const char *value)
{
  GtkWidget *row = search_row_new (icon_name, title, subtitle, NULL);

  g_object_set_data_full (G_OBJECT (row), key, g_strdup (value), g_free);
  gtk_list_box_append (list, row);
}

static void
append_browser_row (SearchResults *self, GtkListBox *list)
{
  const char *text = search_session_get_text (self->session);
  g_autofree char *url = search_url_for_browser (self->browser_engine, text, NULL);
  /* Translators: %s is a Web search's name, "DuckDuckGo" */
  g_autofree char *words = g_strdup_printf (_ ("Search with %s in the Browser"), search_url_browser_name (self->browser_engine, NULL));
  g_autofree char *title = cirrus_space_scripts (words);

  append_quick (self, list, "web-browser-symbolic", title, NULL, "url", url);
}

static void
show_quick (SearchResults *self, const GPtrArray *suggestions)
{
  const char *text = search_session_get_text (self->session);
  g_autofree char *address = search_url_from_typed (text);

  clear_list (self->quick_list);
  clear_list (self->browser_list);
  gtk_widget_set_visible (self->quick, self->typing || address != NULL);
  if (address != NULL)
    {
      /* Translators: %s is an address, "example.org" */
      g_autofree char *title = g_strdup_printf (_ ("Open %s"), text);

      append_quick (self, self->quick_list, "go-jump-symbolic", title, NULL, "url", address);
    }
  if (self->typing)
    {
      /* Translators: %s is what was typed */
      g_autofree char *title = g_strdup_printf (_ ("Search the Web for “%s”"), text);

      append_quick (self, self->quick_list, "system-search-symbolic", title, NULL, "text", text);
      for (guint i = 0; suggestions != NULL && i < suggestions->len; i++)
        {
          const SearchSuggestion *suggestion = g_ptr_array_index (suggestions, i);

          if (suggestion->kind == SEARCH_SUGGESTION_HISTORY && strcmp (suggestion->text, text) != 0)
            append_quick (self, self->quick_list, "document-open-recent-symbolic", suggestion->text, NULL, "text", suggestion->text);
        }
    }
  append_browser_row (self, self->browser_list);
}

static void
on_quick_activated (GtkListBox *list, GtkListBoxRow *row, SearchResults *self)
{
  const char *url = g_object_get_data (G_OBJECT (row), "url");
  g_autofree char *text = g_strdup (g_object_get_data (G_OBJECT (row), "text"));

  if (url != NULL)
    cirrus_open_uri (GTK_WIDGET (self), url);
  else if (text != NULL)
    g_signal_emit (self, signals[ASK], 0, text);
}

static void
on_retry (GtkWidget *widget, SearchResults *self)
{
  g_autofree char *text = g_strdup (search_session_get_text (self->session));

  g_signal_emit (self, signals[ASK], 0, text);
}

/* ---- The widget ---- */

static void
drop_session (SearchResults *self)
{
  if (self->session == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->session, self);
  g_signal_handlers_disconnect_by_data (search_session_get_device (self->session), self);
  g_signal_handlers_disconnect_by_data (search_session_get_web (self->session), self);
  search_session_cancel (self->session);
  g_clear_object (&self->session);
  g_clear_pointer (&self->query, cloud_query_unref);
}

static void
search_results_dispose (GObject *object)
{
  SearchResults *self = SEARCH_RESULTS (object);

  drop_session (self);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (search_results_parent_class)->dispose (object);
}

static void
search_results_finalize (GObject *object)
{
  g_free (SEARCH_RESULTS (object)->browser_engine);
  G_OBJECT_CLASS (search_results_parent_class)->finalize (object);
}

static void
search_results_class_init (SearchResultsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = search_results_dispose;
  G_OBJECT_CLASS (klass)->finalize = search_results_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  signals[ASK] = g_signal_new ("ask", SEARCH_TYPE_RESULTS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[OPENED] = g_signal_new ("opened", SEARCH_TYPE_RESULTS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, SEARCH_TYPE_RESULT);
  signals[KEEP] = g_signal_new ("keep", SEARCH_TYPE_RESULTS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, SEARCH_TYPE_RESULT);
}

static void
search_results_init (SearchResults *self)
{
  self->browser_engine = g_strdup ("auto");
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));

  self->quick = search_section_new (NULL, NULL, &self->quick_list);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->quick_list), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Suggestions"), -1);
  g_signal_connect_object (self->quick_list, "row-activated", G_CALLBACK (on_quick_activated), self, 0);
  self->device = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  self->web = search_section_new (_ ("Web"), NULL, &self->web_list);
  g_signal_connect_object (self->web_list, "row-activated", G_CALLBACK (on_result_activated), self, 0);
  self->web_waiting = cirrus_skeleton_list_new (3, 88, FALSE);
  gtk_box_append (GTK_BOX (self->web), self->web_waiting);
  self->retry = gtk_button_new_with_label (_ ("Try Again"));
  gtk_widget_add_css_class (self->retry, "flat");
  gtk_widget_add_css_class (self->retry, "search-clear");
  g_signal_connect_object (self->retry, "clicked", G_CALLBACK (on_retry), self, 0);
  self->sources = search_section_new (_ ("Not Every Source Answered"), self->retry, &self->sources_list);
  self->nothing = cirrus_status_view_new ("empty", _ ("Nothing Found"), _ ("Try fewer or other words."), NULL);
  cirrus_status_view_set_compact (CIRRUS_STATUS_VIEW (self->nothing), TRUE);
  g_signal_connect_object (self->nothing, "activated", G_CALLBACK (on_retry), self, 0);
  self->browser = search_section_new (NULL, NULL, &self->browser_list);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->browser_list), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("In the Browser"), -1);
  g_signal_connect_object (self->browser_list, "row-activated", G_CALLBACK (on_quick_activated), self, 0);

  gtk_box_append (GTK_BOX (self->box), self->quick);
  gtk_box_append (GTK_BOX (self->box), self->device);
  gtk_box_append (GTK_BOX (self->box), self->web);
  gtk_box_append (GTK_BOX (self->box), self->nothing);
  gtk_box_append (GTK_BOX (self->box), self->sources);
  gtk_box_append (GTK_BOX (self->box), self->browser);
}

GtkWidget *
search_results_new (void)
{
  return g_object_new (SEARCH_TYPE_RESULTS, NULL);
}

void
search_results_set_session (SearchResults *self, SearchSession *session, gboolean typing)
{
  g_return_if_fail (SEARCH_IS_RESULTS (self) && SEARCH_IS_SESSION (session));

  drop_session (self);
  self->session = g_object_ref (session);
  self->typing = typing;
  self->query = cloud_query_new (search_session_get_text (session), typing);
  g_signal_connect_swapped (session, "changed", G_CALLBACK (update), self);
  g_signal_connect_swapped (search_session_get_device (session), "items-changed", G_CALLBACK (show_device), self);
  g_signal_connect_swapped (search_session_get_web (session), "items-changed", G_CALLBACK (show_web), self);
  /* While typing it is made with the suggestions, so that no row moves away from under a finger. */
  if (!typing)
    show_quick (self, NULL);
  /* While typing the former answers stay until there are new ones: less flicker. */
  if (!typing || g_list_model_get_n_items (search_session_get_device (session)) > 0)
    show_device (self);
  show_web (self);
  update (self);
}

void
search_results_set_suggestions (SearchResults *self, const GPtrArray *suggestions)
{
  g_return_if_fail (SEARCH_IS_RESULTS (self));
  if (self->session != NULL && self->typing)
    show_quick (self, suggestions);
}

void
search_results_set_browser_search (SearchResults *self, const char *engine)
{
  g_return_if_fail (SEARCH_IS_RESULTS (self) && engine != NULL);
  g_free (self->browser_engine);
  self->browser_engine = g_strdup (engine);
}

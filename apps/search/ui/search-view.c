/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-search"

#include "search-view.h"

#include "cirrus-common.h"
#include "search-results.h"
#include "search-session.h"
#include "search-start.h"
#include "search-url.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* While somebody types only this device is asked; Enter asks the Web too, or opens an address. */

#define SUGGESTIONS_MAX 4

struct _SearchView
{
  GtkWidget parent_instance;

  GSettings *settings;
  SearchEngine *engine; /* NULL until it is open */
  GCancellable *suggesting;
  char *waiting; /* to be asked when the engine is there */
  gboolean quiet; /* the text is changed by us */

  GtkWidget *box;
  GtkEntry *text;
  GtkWidget *clear;
  GtkWidget *stack;
  GtkWidget *scrolled;
  GtkWidget *start;
  GtkWidget *results;
  GtkWidget *status;
};

G_DEFINE_FINAL_TYPE (SearchView, search_view, GTK_TYPE_WIDGET)

static void
set_text (SearchView *self, const char *text)
{
  self->quiet = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->text), text);
  gtk_editable_set_position (GTK_EDITABLE (self->text), -1);
  self->quiet = FALSE;
  gtk_widget_set_visible (self->clear, text[0] != '\0');
}

static void
scroll_to_top (SearchView *self)
{
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scrolled)), 0);
}

static char *
stripped_text (SearchView *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->text))));
}

/* ---- Typing ---- */

static void
on_suggested (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SearchView) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) suggestions = search_engine_suggest_finish (SEARCH_ENGINE (source), result, &error);

  if (self->box != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    search_results_set_suggestions (SEARCH_RESULTS (self->results), suggestions);
}

static void
stop_suggesting (SearchView *self)
{
  if (self->suggesting != NULL)
    g_cancellable_cancel (self->suggesting);
  g_clear_object (&self->suggesting);
}

static void
ask_device (SearchView *self, const char *text)
{
  g_autoptr (SearchSession) session = search_session_new (self->engine, text, FALSE);

  stop_suggesting (self);
  search_results_set_session (SEARCH_RESULTS (self->results), session, TRUE);
  gtk_stack_set_visible_child (GTK_STACK (self->stack), self->results);
  scroll_to_top (self);
  self->suggesting = g_cancellable_new ();
  search_engine_suggest_async (self->engine, text, SUGGESTIONS_MAX, self->suggesting, on_suggested, g_object_ref (self));
}

static void
on_text_changed (GtkEditable *editable, SearchView *self)
{
  g_autofree char *text = NULL;

  if (self->quiet)
    return;
  text = stripped_text (self);
  gtk_widget_set_visible (self->clear, gtk_editable_get_text (editable)[0] != '\0');
  if (self->engine == NULL)
    return;
  if (text[0] != '\0')
    ask_device (self, text);
  else
    {
      stop_suggesting (self);
      gtk_stack_set_visible_child (GTK_STACK (self->stack), self->start);
      scroll_to_top (self);
    }
}

/* ---- Asking ---- */

static void
on_text_activated (GtkEntry *entry, SearchView *self)
{
  g_autofree char *text = stripped_text (self);
  g_autofree char *address = search_url_from_typed (text);

  if (address != NULL)
    cirrus_open_uri (GTK_WIDGET (self), address);
  else if (text[0] != '\0')
    search_view_ask (self, text);
}

void
search_view_ask (SearchView *self, const char *text)
{
  g_autoptr (SearchSession) session = NULL;
  g_autofree char *copy = g_strdup (text);

  g_return_if_fail (SEARCH_IS_VIEW (self) && text != NULL);

  set_text (self, copy);
  if (self->engine == NULL)
    {
      g_free (self->waiting);
      self->waiting = g_steal_pointer (&copy);
      return;
    }
  stop_suggesting (self);
  search_engine_note_asked (self->engine, copy);
  session = search_session_new (self->engine, copy, TRUE);
  search_results_set_session (SEARCH_RESULTS (self->results), session, FALSE);
  gtk_stack_set_visible_child (GTK_STACK (self->stack), self->results);
  scroll_to_top (self);
}

static void
on_ask (GtkWidget *widget, const char *text, SearchView *self)
{
  search_view_ask (self, text);
}

/* ---- Results ---- */

static void
on_opened (SearchResults *results, SearchResult *result, SearchView *self)
{
  const char *url = search_result_get_url (result);

  if (search_result_get_page_id (result) != 0)
    gtk_widget_activate_action (GTK_WIDGET (self), "app.show-page", "x", search_result_get_page_id (result));
  else if (url != NULL)
    cirrus_open_uri (GTK_WIDGET (self), url);
  else if (search_result_get_app (result) != NULL)
    cloud_search_provider_client_activate (search_engine_get_apps (self->engine), search_result_get_app (result),
                                           search_result_get_app_id (result), gtk_editable_get_text (GTK_EDITABLE (self->text)));
}

static void
on_kept (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SearchView) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SearchPage) page = search_engine_save_url_finish (SEARCH_ENGINE (source), result, &error);

  if (self->box == NULL)
    return;
  if (page != NULL)
    cirrus_toast (GTK_WIDGET (self), _ ("Saved for reading offline"));
  else if (cirrus_error_sentence (error) != NULL)
    cirrus_toast (GTK_WIDGET (self), cirrus_error_sentence (error));
}

static void
on_keep (SearchResults *results, SearchResult *result, SearchView *self)
{
  search_engine_save_url_async (self->engine, search_result_get_url (result), NULL, on_kept, g_object_ref (self));
}

/* ---- The widget ---- */

/* What nobody else wanted is typed into the box, wherever the focus is. */
static gboolean
on_key_pressed (GtkEventControllerKey *keys, guint keyval, guint keycode, GdkModifierType state, SearchView *self)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));

  if (gdk_keyval_to_unicode (keyval) <= ' ' || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK | GDK_META_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)) || (focus != NULL && gtk_widget_get_ancestor (focus, GTK_TYPE_POPOVER) != NULL))
    return GDK_EVENT_PROPAGATE;
  gtk_entry_grab_focus_without_selecting (self->text);
  return gtk_event_controller_key_forward (keys, GTK_WIDGET (gtk_editable_get_delegate (GTK_EDITABLE (self->text))));
}

static void
on_clear_clicked (GtkButton *button, SearchView *self)
{
  search_view_reset (self);
}

static GtkWidget *
create_pill (SearchView *self)
{
  GtkWidget *pill = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *image = gtk_image_new_from_icon_name ("system-search-symbolic");

  self->text = GTK_ENTRY (gtk_entry_new ());
  self->clear = cirrus_icon_button_new ("edit-clear-symbolic", _ ("Clear"), NULL);
  gtk_widget_set_visible (self->clear, FALSE);
  gtk_widget_set_valign (self->clear, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (pill, "search-pill");
  gtk_widget_add_css_class (image, "search-pill-icon");
  gtk_widget_set_hexpand (GTK_WIDGET (self->text), TRUE);
  gtk_entry_set_placeholder_text (self->text, _ ("Search or type an address"));
  gtk_entry_set_input_hints (self->text, GTK_INPUT_HINT_NO_SPELLCHECK);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->text), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Search or type an address"), -1);
  g_signal_connect_object (self->text, "changed", G_CALLBACK (on_text_changed), self, 0);
  g_signal_connect_object (self->text, "activate", G_CALLBACK (on_text_activated), self, 0);
  g_signal_connect_object (self->clear, "clicked", G_CALLBACK (on_clear_clicked), self, 0);
  gtk_box_append (GTK_BOX (pill), image);
  gtk_box_append (GTK_BOX (pill), GTK_WIDGET (self->text));
  gtk_box_append (GTK_BOX (pill), self->clear);
  return pill;
}

static GtkWidget *
clamp_new (GtkWidget *child, const char *css_class)
{
  GtkWidget *clamp = adw_clamp_new ();

  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 680);
  adw_clamp_set_child (ADW_CLAMP (clamp), child);
  gtk_widget_add_css_class (clamp, css_class);
  return clamp;
}

static void
search_view_dispose (GObject *object)
{
  SearchView *self = SEARCH_VIEW (object);

  stop_suggesting (self);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->engine);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (search_view_parent_class)->dispose (object);
}

static void
search_view_finalize (GObject *object)
{
  g_free (SEARCH_VIEW (object)->waiting);
  G_OBJECT_CLASS (search_view_parent_class)->finalize (object);
}

static void
search_view_class_init (SearchViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = search_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = search_view_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
search_view_init (SearchView *self)
{
  GtkWidget *chip = cirrus_sample_chip_new ();
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  self->stack = gtk_stack_new ();
  self->start = search_start_new ();
  self->results = search_results_new ();
  self->status = cirrus_status_view_new ("error", "", "", NULL);
  gtk_stack_set_vhomogeneous (GTK_STACK (self->stack), FALSE);
  gtk_stack_add_child (GTK_STACK (self->stack), self->start);
  gtk_stack_add_child (GTK_STACK (self->stack), self->results);
  gtk_stack_add_child (GTK_STACK (self->stack), self->status);
  g_signal_connect_object (self->start, "ask", G_CALLBACK (on_ask), self, 0);
  g_signal_connect_object (self->results, "ask", G_CALLBACK (on_ask), self, 0);
  g_signal_connect_object (self->results, "opened", G_CALLBACK (on_opened), self, 0);
  g_signal_connect_object (self->results, "keep", G_CALLBACK (on_keep), self, 0);

  gtk_widget_set_halign (chip, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (content), chip);
  gtk_box_append (GTK_BOX (content), self->stack);
  self->scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), clamp_new (content, "search-content"));
  gtk_widget_set_vexpand (self->scrolled, TRUE);
  gtk_box_append (GTK_BOX (self->box), clamp_new (create_pill (self), "search-box"));
  gtk_box_append (GTK_BOX (self->box), self->scrolled);
}

static void
on_browser_search_changed (GSettings *settings, const char *key, SearchView *self)
{
  g_autofree char *engine = g_settings_get_string (settings, "browser-search");

  search_results_set_browser_search (SEARCH_RESULTS (self->results), engine);
}

GtkWidget *
search_view_new (GSettings *settings)
{
  SearchView *self = g_object_new (SEARCH_TYPE_VIEW, NULL);

  self->settings = g_object_ref (settings);
  g_signal_connect_object (settings, "changed::browser-search", G_CALLBACK (on_browser_search_changed), self, 0);
  on_browser_search_changed (settings, NULL, self);
  return GTK_WIDGET (self);
}

void
search_view_set_engine (SearchView *self, SearchEngine *engine)
{
  g_autofree char *waiting = NULL;

  g_return_if_fail (SEARCH_IS_VIEW (self) && SEARCH_IS_ENGINE (engine));

  g_set_object (&self->engine, engine);
  search_start_set_engine (SEARCH_START (self->start), engine);
  waiting = g_steal_pointer (&self->waiting);
  if (waiting != NULL)
    search_view_ask (self, waiting);
  else
    on_text_changed (GTK_EDITABLE (self->text), self);
}

void
search_view_set_error (SearchView *self, const GError *error)
{
  g_return_if_fail (SEARCH_IS_VIEW (self));
  cirrus_status_view_set_error (CIRRUS_STATUS_VIEW (self->status), error);
  gtk_stack_set_visible_child (GTK_STACK (self->stack), self->status);
}

void
search_view_reset (SearchView *self)
{
  g_return_if_fail (SEARCH_IS_VIEW (self));
  gtk_editable_set_text (GTK_EDITABLE (self->text), "");
  search_view_focus (self);
}

void
search_view_capture_keys (SearchView *self, GtkWidget *widget)
{
  GtkEventController *keys = NULL;

  g_return_if_fail (SEARCH_IS_VIEW (self) && GTK_IS_WIDGET (widget));

  keys = gtk_event_controller_key_new ();
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (on_key_pressed), self, 0);
  gtk_widget_add_controller (widget, keys);
}

void
search_view_focus (SearchView *self)
{
  g_return_if_fail (SEARCH_IS_VIEW (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->text));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer-ui"

#include "mailer-composer.h"
#include "mailer-account.h"
#include "mailer-body.h"
#include "mailer-engine.h"
#include "mailer-header.h"

#include "cirrus-common.h"
#include "cloud-error.h"

#include <glib/gi18n.h>
#include <string.h>

/* Writing a message. */

#define SAVE_AFTER_MS 3000
#define MAX_SUGGESTIONS 5
#define MAX_WIDTH 760 /* as where messages are read */

typedef struct
{
  MailerEngine *engine;
  MailerDraft *draft;
  GtkWidget *page;
  GtkEntry *to;
  GtkEntry *cc;
  GtkEntry *bcc;
  GtkWidget *more; /* shows Cc and Bcc */
  GtkEntry *subject;
  GtkBox *fields;
  GtkSizeGroup *captions; /* (nullable): while the fields are made */
  GtkTextView *text;
  GtkWidget *text_hint;
  GtkWidget *send;
  GtkListBox *attachments;
  GtkListBox *suggestions;
  GtkEntry *suggesting_for;
  GCancellable *suggest_cancellable;
  guint save_source;
  gboolean sending; /* what is sent is not a draft any more */
  gboolean sent;
} Composer;

/* ---- Keeping the draft ---- */

/* Closing the window must not end the process before the last words are on disk. */
static void
hold_application (void)
{
  if (g_application_get_default () != NULL)
    g_application_hold (g_application_get_default ());
}

static void
release_application (void)
{
  if (g_application_get_default () != NULL)
    g_application_release (g_application_get_default ());
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!mailer_draft_save_finish (MAILER_DRAFT (source), result, &error))
    g_message ("The draft was not kept: %s", error->message);
  release_application ();
}

static void
save_draft (Composer *self)
{
  hold_application ();
  mailer_draft_save_async (self->draft, NULL, on_saved, NULL);
}

static gboolean
on_save_time (gpointer user_data)
{
  Composer *self = user_data;

  self->save_source = 0;
  if (!self->sending && !self->sent)
    save_draft (self);
  return G_SOURCE_REMOVE;
}

static void
touch (Composer *self)
{
  if (self->save_source == 0)
    self->save_source = g_timeout_add (SAVE_AFTER_MS, on_save_time, self);
}

static void
on_discarded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  mailer_draft_discard_finish (MAILER_DRAFT (source), result, NULL);
  release_application ();
}

/* The page is left: what was written stays as a draft, what is empty goes. */
static void
composer_free (gpointer data)
{
  Composer *self = data;

  g_clear_handle_id (&self->save_source, g_source_remove);
  g_signal_handlers_disconnect_by_data (mailer_draft_get_attachments (self->draft), self);
  g_cancellable_cancel (self->suggest_cancellable);
  g_clear_object (&self->suggest_cancellable);
  if (!self->sent && mailer_draft_is_empty (self->draft))
    {
      hold_application ();
      mailer_draft_discard_async (self->draft, NULL, on_discarded, NULL);
    }
  else if (!self->sent)
    save_draft (self);
  g_object_unref (self->draft);
  g_object_unref (self->engine);
  g_free (self);
}

/* ---- Sending ---- */

static void
on_sent (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) page = user_data;
  Composer *self = g_object_get_data (G_OBJECT (page), "mailer-composer");
  g_autoptr (GError) error = NULL;

  release_application ();
  self->sending = FALSE;
  if (mailer_draft_send_finish (MAILER_DRAFT (source), result, &error))
    {
      self->sent = TRUE;
      cirrus_toast (page, _ ("On its way: the outbox sends it as soon as there is a network"));
      mailer_engine_sync (self->engine, NULL);
      cirrus_shell_go_back_from (page);
      return;
    }
  gtk_widget_set_sensitive (self->send, TRUE);
  if (g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_INVALID))
    {
      cirrus_toast (page, _ ("There is no recipient, or an address is not complete"));
      gtk_widget_grab_focus (GTK_WIDGET (self->to));
    }
  else
    cirrus_toast (page, cirrus_error_sentence (error));
}

static void
send_now (Composer *self)
{
  gtk_widget_set_sensitive (self->send, FALSE);
  self->sending = TRUE;
  hold_application ();
  mailer_draft_send_async (self->draft, NULL, on_sent, g_object_ref (self->page));
}

static void
on_forgot_answer (gboolean yes, gpointer user_data)
{
  g_autoptr (GtkWidget) page = user_data;
  Composer *self = g_object_get_data (G_OBJECT (page), "mailer-composer");

  if (yes && self != NULL)
    send_now (self);
}

static void
on_send (Composer *self)
{
  if (mailer_draft_forgot_attachment (self->draft))
    cirrus_ask (self->page, _ ("No Attachment"), _ ("The text speaks of an attachment, but there is none."), _ ("Send Anyway"), FALSE,
                on_forgot_answer, g_object_ref (self->page));
  else
    send_now (self);
}

/* ---- Attachments ---- */

static void
on_detach (GtkWidget *button, MailerAttachment *attachment)
{
  mailer_draft_detach (g_object_get_data (G_OBJECT (button), "mailer-draft"), attachment);
}

static GtkWidget *
create_attachment_row (gpointer item, gpointer user_data)
{
  Composer *self = user_data;
  MailerAttachment *attachment = item;
  g_autofree char *size = cirrus_format_size (MAX (0, mailer_attachment_get_size (attachment)));
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *remove = cirrus_icon_button_new ("edit-delete-symbolic", _ ("Remove"), NULL);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), mailer_attachment_get_filename (attachment));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), size);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("mail-attachment-symbolic"));
  gtk_widget_set_valign (remove, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), remove);
  g_object_set_data (G_OBJECT (remove), "mailer-draft", self->draft);
  g_signal_connect_data (remove, "clicked", G_CALLBACK (on_detach), g_object_ref (attachment), (GClosureNotify) g_object_unref, 0);
  return row;
}

static void
on_attachments_changed (Composer *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->attachments), g_list_model_get_n_items (mailer_draft_get_attachments (self->draft)) > 0);
  touch (self);
}

static void
on_attached (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) page = user_data;
  g_autoptr (GError) error = NULL;

  if (!mailer_draft_attach_finish (MAILER_DRAFT (source), result, &error))
    cirrus_toast (page, g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_TOO_LARGE) ? _ ("The file is too large for a message")
                                                                                    : cirrus_error_sentence (error));
}

static void
on_files_chosen (GListModel *files, gpointer user_data)
{
  g_autoptr (GtkWidget) page = user_data;
  Composer *self = g_object_get_data (G_OBJECT (page), "mailer-composer");

  for (guint i = 0; self != NULL && i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);

      mailer_draft_attach_async (self->draft, file, NULL, on_attached, g_object_ref (page));
    }
}

static void
on_attach (Composer *self)
{
  cirrus_choose_files (self->page, _ ("Attach Files"), on_files_chosen, g_object_ref (self->page));
}

/* ---- Recipients ---- */

/* Where the address that is being typed begins: behind the last comma. */
static const char *
last_word (const char *text)
{
  const char *comma = strrchr (text, ',');

  text = comma != NULL ? comma + 1 : text;
  while (*text == ' ')
    text++;
  return text;
}

static void
clear_suggestions (Composer *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->suggestions))) != NULL)
    gtk_list_box_remove (self->suggestions, child);
  gtk_widget_set_visible (GTK_WIDGET (self->suggestions), FALSE);
}

static void
on_suggested (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) page = user_data;
  Composer *self = g_object_get_data (G_OBJECT (page), "mailer-composer");
  g_autoptr (GPtrArray) people = mailer_engine_suggest_finish (MAILER_ENGINE (source), result, NULL);

  if (self == NULL || people == NULL)
    return;
  clear_suggestions (self);
  for (guint i = 0; i < people->len && i < MAX_SUGGESTIONS; i++)
    {
      MailerAddress *person = g_ptr_array_index (people, i);
      const char *name = person->name;
      const char *address = person->address;
      GtkWidget *row = adw_action_row_new ();

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name != NULL && *name != '\0' ? name : address);
      if (name != NULL && *name != '\0')
        adw_action_row_set_subtitle (ADW_ACTION_ROW (row), address);
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
      g_object_set_data_full (G_OBJECT (row), "mailer-address", g_strdup (address), g_free);
      gtk_list_box_append (self->suggestions, row);
    }
  gtk_box_reorder_child_after (self->fields, GTK_WIDGET (self->suggestions), gtk_widget_get_parent (GTK_WIDGET (self->suggesting_for)));
  gtk_widget_set_visible (GTK_WIDGET (self->suggestions), people->len > 0);
}

static void
on_recipients_changed (GtkEntry *entry, Composer *self)
{
  const char *word = last_word (gtk_editable_get_text (GTK_EDITABLE (entry)));

  touch (self);
  g_cancellable_cancel (self->suggest_cancellable);
  g_clear_object (&self->suggest_cancellable);
  /* Only what is typed asks; what the page was opened with is complete. */
  if (*word == '\0' || strchr (word, '@') != NULL || !gtk_widget_get_mapped (self->page))
    {
      clear_suggestions (self);
      return;
    }
  self->suggesting_for = entry;
  self->suggest_cancellable = g_cancellable_new ();
  mailer_engine_suggest_async (self->engine, word, self->suggest_cancellable, on_suggested, g_object_ref (self->page));
}

static void
on_suggestion_activated (Composer *self, GtkListBoxRow *row)
{
  const char *address = g_object_get_data (G_OBJECT (row), "mailer-address");
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->suggesting_for));
  g_autofree char *before = g_strndup (text, last_word (text) - text);
  g_autofree char *all = g_strconcat (before, address, ", ", NULL);

  gtk_editable_set_text (GTK_EDITABLE (self->suggesting_for), all);
  gtk_widget_grab_focus (GTK_WIDGET (self->suggesting_for));
  gtk_editable_set_position (GTK_EDITABLE (self->suggesting_for), -1);
  clear_suggestions (self);
}

/* Offers are for the field that one is in. */
static void
on_left_for (GtkEventController *controller, Composer *self)
{
  if (gtk_event_controller_get_widget (controller) != GTK_WIDGET (self->suggesting_for))
    clear_suggestions (self);
}

static void
clear_suggestions_at (Composer *self, GtkWidget *widget)
{
  GtkEventController *controller = gtk_event_controller_focus_new ();

  g_signal_connect (controller, "enter", G_CALLBACK (on_left_for), self);
  gtk_widget_add_controller (widget, controller);
}

/* ---- Making it ---- */

/* A row of the head: what it is, and what fills it. */
static GtkWidget *
add_row (Composer *self, const char *label, GtkWidget *content)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *caption = gtk_label_new (label);

  gtk_label_set_xalign (GTK_LABEL (caption), 0);
  gtk_size_group_add_widget (self->captions, caption);
  gtk_widget_set_hexpand (content, TRUE);
  gtk_widget_set_valign (content, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (content), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_add_css_class (row, "mail-field");
  gtk_box_append (GTK_BOX (row), caption);
  gtk_box_append (GTK_BOX (row), content);
  gtk_box_append (self->fields, row);
  return row;
}

static GtkEntry *
add_field (Composer *self, const char *label, const char *property, gboolean recipients)
{
  GtkWidget *entry = gtk_entry_new ();

  gtk_entry_set_has_frame (GTK_ENTRY (entry), FALSE);
  clear_suggestions_at (self, entry);
  add_row (self, label, entry);
  g_object_bind_property (self->draft, property, entry, "text", G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  if (recipients)
    {
      gtk_entry_set_input_purpose (GTK_ENTRY (entry), GTK_INPUT_PURPOSE_EMAIL);
      gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _ ("Name or address"));
      g_signal_connect (entry, "changed", G_CALLBACK (on_recipients_changed), self);
    }
  else
    g_signal_connect_swapped (entry, "changed", G_CALLBACK (touch), self);
  return GTK_ENTRY (entry);
}

static GtkWidget *
row_of (GtkEntry *entry)
{
  return gtk_widget_get_parent (GTK_WIDGET (entry));
}

static void
on_more (GtkToggleButton *button, Composer *self)
{
  gtk_widget_set_visible (row_of (self->cc), gtk_toggle_button_get_active (button));
  gtk_widget_set_visible (row_of (self->bcc), gtk_toggle_button_get_active (button));
}

static void
on_account_chosen (GtkDropDown *drop_down, GParamSpec *pspec, Composer *self)
{
  GObject *account = gtk_drop_down_get_selected_item (drop_down);

  if (account != NULL)
    g_object_set (self->draft, "account", account, NULL);
}

static void
add_sender (Composer *self)
{
  GListModel *accounts = mailer_engine_get_accounts (self->engine);
  g_autoptr (MailerAccount) account = NULL;
  GtkWidget *drop_down;

  if (g_list_model_get_n_items (accounts) < 2)
    return;
  drop_down = gtk_drop_down_new (g_object_ref (accounts), gtk_property_expression_new (MAILER_TYPE_ACCOUNT, NULL, "address"));
  gtk_widget_add_css_class (drop_down, "flat");
  g_object_get (self->draft, "account", &account, NULL);
  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr (MailerAccount) candidate = g_list_model_get_item (accounts, i);

      if (candidate == account)
        gtk_drop_down_set_selected (GTK_DROP_DOWN (drop_down), i);
    }
  add_row (self, _ ("From"), drop_down);
  g_signal_connect (drop_down, "notify::selected", G_CALLBACK (on_account_chosen), self);
}

static GtkWidget *
create_fields (Composer *self)
{
  g_autoptr (GtkSizeGroup) captions = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
  gboolean has_copies;

  self->fields = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  self->captions = captions;
  add_sender (self);
  self->to = add_field (self, _ ("To"), "to", TRUE);
  self->cc = add_field (self, _ ("Cc"), "cc", TRUE);
  self->bcc = add_field (self, _ ("Bcc"), "bcc", TRUE);
  self->subject = add_field (self, _ ("Subject"), "subject", FALSE);
  self->captions = NULL;
  self->more = gtk_toggle_button_new ();
  gtk_button_set_icon_name (GTK_BUTTON (self->more), "pan-down-symbolic");
  gtk_widget_add_css_class (self->more, "flat");
  gtk_widget_add_css_class (self->more, "circular");
  gtk_widget_set_valign (self->more, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (self->more, _ ("Show Cc and Bcc"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->more), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Show Cc and Bcc"), -1);
  gtk_box_append (GTK_BOX (row_of (self->to)), self->more);
  has_copies = gtk_entry_get_text_length (self->cc) + gtk_entry_get_text_length (self->bcc) > 0;
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->more), has_copies);
  on_more (GTK_TOGGLE_BUTTON (self->more), self);
  g_signal_connect (self->more, "toggled", G_CALLBACK (on_more), self);
  gtk_box_append (self->fields, GTK_WIDGET (self->suggestions));
  return GTK_WIDGET (self->fields);
}

static void
on_text_changed (Composer *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text);

  gtk_widget_set_visible (self->text_hint, gtk_text_buffer_get_char_count (buffer) == 0);
  touch (self);
}

/* A text view has no placeholder of its own. */
static GtkWidget *
create_text_hint (void)
{
  GtkWidget *label = gtk_label_new (_ ("Your message"));

  gtk_widget_add_css_class (label, "mail-text-hint");
  gtk_widget_set_halign (label, GTK_ALIGN_START);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_widget_set_can_target (label, FALSE);
  return label;
}

static GtkWidget *
create_text (Composer *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *overlay = gtk_overlay_new ();
  GtkTextBuffer *buffer;

  self->text = GTK_TEXT_VIEW (gtk_text_view_new ());
  self->text_hint = create_text_hint ();
  clear_suggestions_at (self, GTK_WIDGET (self->text));
  buffer = gtk_text_view_get_buffer (self->text);
  gtk_text_view_set_wrap_mode (self->text, GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_left_margin (self->text, 12);
  gtk_text_view_set_right_margin (self->text, 12);
  gtk_text_view_set_top_margin (self->text, 12);
  gtk_text_view_set_bottom_margin (self->text, 12);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->text), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Message"), -1);
  g_object_bind_property (self->draft, "text", buffer, "text", G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  gtk_widget_set_visible (self->text_hint, gtk_text_buffer_get_char_count (buffer) == 0);
  g_signal_connect_swapped (buffer, "changed", G_CALLBACK (on_text_changed), self);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->text));
  gtk_overlay_set_child (GTK_OVERLAY (overlay), scrolled);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), self->text_hint);
  gtk_widget_set_vexpand (overlay, TRUE);
  return overlay;
}

static GtkListBox *
create_list (const char *label)
{
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_visible (list, FALSE);
  return GTK_LIST_BOX (list);
}

GtkWidget *
mailer_composer_new (MailerEngine *engine, MailerDraft *draft)
{
  Composer *self = g_new0 (Composer, 1);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *attach = cirrus_icon_button_new ("mail-attachment-symbolic", _ ("Attach Files"), NULL);

  self->engine = g_object_ref (engine);
  self->draft = g_object_ref (draft);
  self->page = cirrus_page_new (_ ("New Message"), clamp);
  self->send = gtk_button_new_with_label (_ ("Send"));
  gtk_widget_add_css_class (self->send, "suggested-action");
  self->suggestions = create_list (_ ("Suggested recipients"));
  gtk_widget_add_css_class (GTK_WIDGET (self->suggestions), "mail-suggestions");
  self->attachments = create_list (_ ("Attachments"));
  gtk_list_box_bind_model (self->attachments, mailer_draft_get_attachments (draft), create_attachment_row, self, NULL);
  gtk_box_append (GTK_BOX (box), create_fields (self));
  gtk_box_append (GTK_BOX (box), create_text (self));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->attachments));
  gtk_widget_add_css_class (clamp, "mail-composer");
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), MAX_WIDTH);
  adw_clamp_set_child (ADW_CLAMP (clamp), box);
  cirrus_page_pack_end (CIRRUS_PAGE (self->page), self->send);
  cirrus_page_pack_end (CIRRUS_PAGE (self->page), attach);
  g_object_set_data_full (G_OBJECT (self->page), "mailer-composer", self, composer_free);
  g_signal_connect_swapped (self->send, "clicked", G_CALLBACK (on_send), self);
  g_signal_connect_swapped (attach, "clicked", G_CALLBACK (on_attach), self);
  g_signal_connect_swapped (self->suggestions, "row-activated", G_CALLBACK (on_suggestion_activated), self);
  g_signal_connect_swapped (mailer_draft_get_attachments (draft), "items-changed", G_CALLBACK (on_attachments_changed), self);
  gtk_widget_set_visible (GTK_WIDGET (self->attachments), g_list_model_get_n_items (mailer_draft_get_attachments (draft)) > 0);
  return self->page;
}

void
mailer_composer_focus (GtkWidget *composer)
{
  Composer *self = g_object_get_data (G_OBJECT (composer), "mailer-composer");
  GtkTextIter start;

  g_return_if_fail (self != NULL);

  if (gtk_entry_get_text_length (self->to) == 0)
    {
      gtk_widget_grab_focus (GTK_WIDGET (self->to));
      return;
    }
  gtk_text_buffer_get_start_iter (gtk_text_view_get_buffer (self->text), &start);
  gtk_text_buffer_place_cursor (gtk_text_view_get_buffer (self->text), &start);
  gtk_widget_grab_focus (GTK_WIDGET (self->text));
}

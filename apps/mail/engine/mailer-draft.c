/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-draft-private.h"

#include "mailer-builder.h"
#include "mailer-text.h"

#include "cloud-error.h"
#include "cloud-time.h"

#include <string.h>

/* A message being written. */

#define MAX_ATTACHMENT_BYTES (40 * 1024 * 1024)
#define MAX_RECIPIENTS 500
#define DRAFT_FORMAT 2
#define DRAFT_TYPE_1 "(ssssssssasa(ssay))"
#define DRAFT_TYPE "(yssssssssasa(ssay)s)"

enum
{
  PROP_0,
  PROP_ACCOUNT,
  PROP_TO,
  PROP_CC,
  PROP_BCC,
  PROP_SUBJECT,
  PROP_TEXT,
  PROP_ATTACHMENTS,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

struct _MailerDraft
{
  GObject parent_instance;
  MailerEngine *engine;
  MailerAccount *account;
  char *id;
  char *fields[N_PROPS]; /* to, cc, bcc, subject, text */
  char *initial_text;
  char *in_reply_to;
  char *forwarded; /* (nullable): the message that it passes on */
  char **references;
  GListStore *attachments;
  guint n_asked;        /* how often it was to be kept or deleted */
  GMutex lock;          /* for what follows, between the worker threads that do it */
  guint n_kept;         /* the latest that was done */
  MailerStore *kept_in; /* (nullable): where it was last kept: another account may have been chosen since */
};

G_DEFINE_FINAL_TYPE (MailerDraft, mailer_draft, G_TYPE_OBJECT)

/* ---- Object ---- */

static void
mailer_draft_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MailerDraft *self = MAILER_DRAFT (object);

  if (id == PROP_ACCOUNT)
    g_value_set_object (value, self->account);
  else if (id == PROP_ATTACHMENTS)
    g_value_set_object (value, self->attachments);
  else
    g_value_set_string (value, self->fields[id]);
}

static void
mailer_draft_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  MailerDraft *self = MAILER_DRAFT (object);

  if (id == PROP_ACCOUNT)
    {
      if (!g_set_object (&self->account, g_value_get_object (value)))
        return;
    }
  else
    {
      const char *text = g_value_get_string (value);

      if (g_strcmp0 (self->fields[id], text != NULL ? text : "") == 0)
        return;
      g_free (self->fields[id]);
      self->fields[id] = g_strdup (text != NULL ? text : "");
    }
  g_object_notify_by_pspec (object, props[id]);
}

static void
mailer_draft_finalize (GObject *object)
{
  MailerDraft *self = MAILER_DRAFT (object);

  g_clear_object (&self->engine);
  g_clear_object (&self->account);
  g_clear_object (&self->attachments);
  for (guint i = 0; i < N_PROPS; i++)
    g_free (self->fields[i]);
  g_free (self->id);
  g_free (self->initial_text);
  g_free (self->in_reply_to);
  g_free (self->forwarded);
  g_strfreev (self->references);
  g_clear_object (&self->kept_in);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (mailer_draft_parent_class)->finalize (object);
}

static void
mailer_draft_class_init (MailerDraftClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = mailer_draft_get_property;
  object_class->set_property = mailer_draft_set_property;
  object_class->finalize = mailer_draft_finalize;
  props[PROP_ACCOUNT] = g_param_spec_object ("account", NULL, NULL, MAILER_TYPE_ACCOUNT, flags);
  props[PROP_TO] = g_param_spec_string ("to", NULL, NULL, "", flags);
  props[PROP_CC] = g_param_spec_string ("cc", NULL, NULL, "", flags);
  props[PROP_BCC] = g_param_spec_string ("bcc", NULL, NULL, "", flags);
  props[PROP_SUBJECT] = g_param_spec_string ("subject", NULL, NULL, "", flags);
  props[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, "", flags);
  props[PROP_ATTACHMENTS] = g_param_spec_object ("attachments", NULL, NULL, G_TYPE_LIST_MODEL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
mailer_draft_init (MailerDraft *self)
{
  g_mutex_init (&self->lock);
  self->attachments = g_list_store_new (MAILER_TYPE_ATTACHMENT);
  self->id = g_uuid_string_random ();
  for (guint i = PROP_TO; i <= PROP_TEXT; i++)
    self->fields[i] = g_strdup ("");
  self->initial_text = g_strdup ("");
}

static void
set_field (MailerDraft *self, guint prop, const char *text)
{
  g_free (self->fields[prop]);
  self->fields[prop] = g_strdup (text != NULL ? text : "");
}

/* ---- Making ---- */

MailerDraft *
mailer_draft_new (MailerEngine *engine, MailerAccount *account)
{
  MailerDraft *self = g_object_new (MAILER_TYPE_DRAFT, NULL);

  self->engine = g_object_ref (engine);
  if (account != NULL)
    self->account = g_object_ref (account);
  else
    self->account = g_list_model_get_item (mailer_engine_get_accounts (engine), 0);
  return self;
}

/* Joins a further address list to a field. */
static void
join_field (MailerDraft *self, guint prop, const char *more)
{
  g_autofree char *joined = *self->fields[prop] != '\0' ? g_strconcat (self->fields[prop], ", ", more, NULL) : g_strdup (more);

  set_field (self, prop, joined);
}

MailerDraft *
mailer_draft_new_for_uri (MailerEngine *engine, MailerAccount *account, const char *uri)
{
  MailerDraft *self = mailer_draft_new (engine, account);
  const char *query = strchr (uri, '?');
  const char *start = g_ascii_strncasecmp (uri, "mailto:", 7) == 0 ? uri + 7 : uri;
  g_autofree char *to = g_uri_unescape_segment (start, query, NULL);
  g_auto (GStrv) pairs = g_strsplit (query != NULL ? query + 1 : "", "&", 50);

  if (to != NULL && g_utf8_validate (to, -1, NULL))
    set_field (self, PROP_TO, to);
  for (guint i = 0; pairs[i] != NULL; i++)
    {
      char *equals = strchr (pairs[i], '=');
      g_autofree char *value = equals != NULL ? g_uri_unescape_string (equals + 1, NULL) : NULL;

      if (value == NULL || !g_utf8_validate (value, -1, NULL))
        continue;
      *equals = '\0';
      if (g_ascii_strcasecmp (pairs[i], "to") == 0)
        join_field (self, PROP_TO, value);
      else if (g_ascii_strcasecmp (pairs[i], "cc") == 0)
        join_field (self, PROP_CC, value);
      else if (g_ascii_strcasecmp (pairs[i], "bcc") == 0)
        join_field (self, PROP_BCC, value);
      else if (g_ascii_strcasecmp (pairs[i], "subject") == 0)
        set_field (self, PROP_SUBJECT, g_strdelimit (value, "\r\n", ' '));
      else if (g_ascii_strcasecmp (pairs[i], "body") == 0)
        {
          g_autofree char *text = mailer_text_normalize (value);

          set_field (self, PROP_TEXT, text);
        }
    }
  return self;
}

static gboolean
is_own (MailerDraft *self, const MailerAddress *address)
{
  return g_ascii_strcasecmp (address->address, mailer_account_get_address (self->account)) == 0;
}

/* @addresses without the writer's own. */
static char *
format_others (MailerDraft *self, const GPtrArray *addresses, const GPtrArray *more)
{
  g_autoptr (GPtrArray) others = g_ptr_array_new ();
  const GPtrArray *lists[] = { addresses, more };

  for (guint l = 0; l < G_N_ELEMENTS (lists); l++)
    for (guint i = 0; lists[l] != NULL && i < lists[l]->len; i++)
      if (!is_own (self, g_ptr_array_index (lists[l], i)))
        g_ptr_array_add (others, g_ptr_array_index (lists[l], i));
  return mailer_addresses_format (others);
}

static char *
quote_body (MailerMessageItem *item, MailerBody *body)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_local (mailer_message_item_get_date (item) / G_USEC_PER_SEC);
  g_autofree char *day = g_date_time_format (date, "%Y-%m-%d %H:%M");
  g_autofree char *quoted = mailer_text_quote (mailer_body_get_text (body));
  const char *name = *mailer_message_item_get_from_name (item) != '\0' ? mailer_message_item_get_from_name (item) : mailer_message_item_get_from_address (item);

  return g_strdup_printf ("\n\n%s, %s:\n%s", day, name, quoted);
}

static void
set_subject (MailerDraft *self, MailerMessageItem *item, const char *mark)
{
  const char *subject = mailer_message_item_get_subject (item);
  gboolean marked = g_ascii_strncasecmp (subject, mark, strlen (mark)) == 0;
  g_autofree char *text = marked ? g_strdup (subject) : g_strdup_printf ("%s %s", mark, subject);

  set_field (self, PROP_SUBJECT, text);
}

MailerDraft *
mailer_draft_new_reply (MailerEngine *engine, MailerMessageItem *item, MailerBody *body, gboolean all)
{
  MailerDraft *self = mailer_draft_new (engine, mailer_message_item_get_account (item));
  g_autoptr (MailerMessage) message = mailer_message_new_from_bytes (mailer_body_get_source (body));
  const GPtrArray *reply_to = mailer_body_get_reply_to (body);
  gboolean outgoing = mailer_message_item_is_outgoing (item);
  const GPtrArray *first = outgoing ? mailer_body_get_to (body) : reply_to->len > 0 ? reply_to : mailer_body_get_from (body);
  g_autofree char *to = outgoing ? mailer_addresses_format (first) : format_others (self, first, all ? mailer_body_get_to (body) : NULL);
  g_autofree char *alone = mailer_addresses_format (first);
  g_autofree char *cc = all ? format_others (self, mailer_body_get_cc (body), NULL) : NULL;
  g_autofree char *text = quote_body (item, body);

  set_field (self, PROP_TO, *to != '\0' ? to : alone);
  set_field (self, PROP_CC, cc);
  set_field (self, PROP_TEXT, text);
  set_subject (self, item, "Re:");
  g_free (self->initial_text);
  self->initial_text = g_steal_pointer (&text);
  if (mailer_message_get_id (message) != NULL)
    {
      self->in_reply_to = g_strdup (mailer_message_get_id (message));
      self->references = g_strdupv ((char **) mailer_message_get_references (message));
    }
  return self;
}

MailerDraft *
mailer_draft_new_forward (MailerEngine *engine, MailerMessageItem *item, MailerBody *body)
{
  MailerDraft *self = mailer_draft_new (engine, mailer_message_item_get_account (item));
  GListModel *attachments = mailer_body_get_attachments (body);
  guint n = g_list_model_get_n_items (attachments);
  g_autofree char *text = quote_body (item, body);

  self->forwarded = g_strdup (mailer_message_item_get_message_id (item));
  set_field (self, PROP_TEXT, text);
  set_subject (self, item, "Fwd:");
  g_free (self->initial_text);
  self->initial_text = g_steal_pointer (&text);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MailerAttachment) attachment = g_list_model_get_item (attachments, i);

      g_list_store_append (self->attachments, attachment);
    }
  return self;
}

/* ---- Content ---- */

GListModel *
mailer_draft_get_attachments (MailerDraft *self)
{
  g_return_val_if_fail (MAILER_IS_DRAFT (self), NULL);
  return G_LIST_MODEL (self->attachments);
}

static void
attach_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  g_autoptr (GFileInfo) info = g_file_query_info (data, "standard::size,standard::content-type,standard::display-name", 0, cancellable, &error);
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *mime_type = NULL;

  if (info != NULL && g_file_info_get_size (info) > MAX_ATTACHMENT_BYTES)
    {
      g_task_return_new_error (task, CLOUD_ERROR, CLOUD_ERROR_TOO_LARGE, "%s is too large to be sent by mail", g_file_info_get_display_name (info));
      return;
    }
  bytes = info != NULL ? g_file_load_bytes (data, cancellable, NULL, &error) : NULL;
  if (bytes == NULL)
    {
      cloud_error_convert_gio (&error);
      g_task_return_error (task, error);
      return;
    }
  mime_type = g_file_info_get_content_type (info) != NULL ? g_content_type_get_mime_type (g_file_info_get_content_type (info)) : NULL;
  g_task_return_pointer (task,
                         mailer_attachment_new_for_bytes (g_file_info_get_display_name (info), mime_type != NULL ? mime_type : "application/octet-stream", bytes),
                         g_object_unref);
}

void
mailer_draft_attach_async (MailerDraft *self, GFile *file, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  g_task_run_in_thread (task, attach_in_thread);
}

gboolean
mailer_draft_attach_finish (MailerDraft *self, GAsyncResult *result, GError **error)
{
  g_autoptr (MailerAttachment) attachment = g_task_propagate_pointer (G_TASK (result), error);

  if (attachment == NULL)
    return FALSE;
  g_list_store_append (self->attachments, attachment);
  return TRUE;
}

void
mailer_draft_detach (MailerDraft *self, MailerAttachment *attachment)
{
  guint position;

  g_return_if_fail (MAILER_IS_DRAFT (self));

  if (g_list_store_find (self->attachments, attachment, &position))
    g_list_store_remove (self->attachments, position);
}

gboolean
mailer_draft_is_empty (MailerDraft *self)
{
  g_return_val_if_fail (MAILER_IS_DRAFT (self), TRUE);

  return (*self->fields[PROP_SUBJECT] == '\0' || self->in_reply_to != NULL) && strcmp (self->fields[PROP_TEXT], self->initial_text) == 0 &&
         (g_list_model_get_n_items (G_LIST_MODEL (self->attachments)) == 0 || *self->initial_text != '\0') &&
         (*self->fields[PROP_TO] == '\0' || self->in_reply_to != NULL);
}

gboolean
mailer_draft_forgot_attachment (MailerDraft *self)
{
  static const char *const words[] = { "attach", "enclosed", "附件", "附上", "添付" };
  g_autoptr (GString) own = g_string_new (NULL);
  g_autofree char *folded = NULL;

  if (g_list_model_get_n_items (G_LIST_MODEL (self->attachments)) > 0)
    return FALSE;
  /* Only in what was written now, not in what is quoted. */
  for (const char *p = self->fields[PROP_TEXT]; *p != '\0';)
    {
      const char *eol = strchrnul (p, '\n');

      if (*p != '>')
        g_string_append_len (own, p, eol - p + (*eol != '\0'));
      p = *eol != '\0' ? eol + 1 : eol;
    }
  folded = g_utf8_casefold (own->str, -1);
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (strstr (folded, words[i]) != NULL)
      return TRUE;
  return FALSE;
}

/* ---- Keeping ---- */

/* Attachments that are parts of a received message become bytes of their own. */
static GBytes *
attachment_bytes (MailerAttachment *attachment)
{
  GBytes *bytes = mailer_attachment_peek_bytes (attachment);

  return bytes != NULL ? g_bytes_ref (bytes) : mailer_attachment_dup_bytes (attachment);
}

/* A kept draft begins with the number of its form; the first form began with the letters of its id.  (transfer full) (nullable): NULL if it is damaged. */
static GVariant *
open_kept (GBytes *data)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (data, &length);
  gboolean is_first = length > 0 && bytes[0] != DRAFT_FORMAT;
  g_autoptr (GVariant) whole = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (is_first ? DRAFT_TYPE_1 : DRAFT_TYPE), data, FALSE));

  return g_variant_is_normal_form (whole) ? g_steal_pointer (&whole) : NULL;
}

char *
mailer_draft_dup_answered (GBytes *data, MailerAction *action)
{
  g_autoptr (GVariant) whole = open_kept (data);
  gboolean is_first = whole != NULL && g_variant_is_of_type (whole, G_VARIANT_TYPE (DRAFT_TYPE_1));
  const char *in_reply_to = "";
  const char *forwarded = "";

  if (whole == NULL)
    return NULL;
  g_variant_get_child (whole, is_first ? 7 : 8, "&s", &in_reply_to);
  if (!is_first)
    g_variant_get_child (whole, 11, "&s", &forwarded);
  *action = *in_reply_to != '\0' ? MAILER_ACTION_MARK_ANSWERED : MAILER_ACTION_MARK_FORWARDED;
  if (*in_reply_to != '\0')
    return g_strdup (in_reply_to);
  return *forwarded != '\0' ? g_strdup (forwarded) : NULL;
}

GBytes *
mailer_draft_serialize (MailerDraft *self)
{
  g_auto (GVariantBuilder) parts = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ssay)"));
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->attachments));
  static const char *const none[] = { NULL };
  g_autoptr (GVariant) whole = NULL;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MailerAttachment) attachment = g_list_model_get_item (G_LIST_MODEL (self->attachments), i);
      g_autoptr (GBytes) bytes = attachment_bytes (attachment);

      g_variant_builder_add (&parts, "(ss@ay)", mailer_attachment_get_filename (attachment), mailer_attachment_get_mime_type (attachment),
                             g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE));
    }
  whole = g_variant_ref_sink (g_variant_new ("(yssssssss^asa(ssay)s)", DRAFT_FORMAT, self->id, self->fields[PROP_TO], self->fields[PROP_CC], self->fields[PROP_BCC],
                                             self->fields[PROP_SUBJECT], self->fields[PROP_TEXT], self->initial_text, self->in_reply_to != NULL ? self->in_reply_to : "",
                                             self->references != NULL ? (const char *const *) self->references : none, &parts, self->forwarded != NULL ? self->forwarded : ""));
  return g_variant_get_data_as_bytes (whole);
}

MailerDraft *
mailer_draft_deserialize (MailerEngine *engine, MailerAccount *account, GBytes *data)
{
  g_autoptr (GVariant) whole = open_kept (data);
  g_autoptr (GVariantIter) parts = NULL;
  g_auto (GStrv) references = NULL;
  const char *id, *to, *cc, *bcc, *subject, *text, *initial, *in_reply_to, *filename, *mime_type;
  const char *forwarded = "";
  GVariant *bytes;
  MailerDraft *self;

  if (whole == NULL)
    return NULL;
  self = mailer_draft_new (engine, account);
  if (g_variant_is_of_type (whole, G_VARIANT_TYPE (DRAFT_TYPE_1)))
    g_variant_get (whole, "(&s&s&s&s&s&s&s&s^asa(ssay))", &id, &to, &cc, &bcc, &subject, &text, &initial, &in_reply_to, &references, &parts);
  else
    g_variant_get (whole, "(y&s&s&s&s&s&s&s&s^asa(ssay)&s)", NULL, &id, &to, &cc, &bcc, &subject, &text, &initial, &in_reply_to, &references, &parts, &forwarded);
  g_free (self->id);
  self->id = g_strdup (id);
  g_set_object (&self->kept_in, mailer_account_get_store (self->account));
  set_field (self, PROP_TO, to);
  set_field (self, PROP_CC, cc);
  set_field (self, PROP_BCC, bcc);
  set_field (self, PROP_SUBJECT, subject);
  set_field (self, PROP_TEXT, text);
  g_free (self->initial_text);
  self->initial_text = g_strdup (initial);
  self->in_reply_to = *in_reply_to != '\0' ? g_strdup (in_reply_to) : NULL;
  self->forwarded = *forwarded != '\0' ? g_strdup (forwarded) : NULL;
  self->references = g_steal_pointer (&references);
  while (g_variant_iter_next (parts, "(&s&s@ay)", &filename, &mime_type, &bytes))
    {
      g_autoptr (GBytes) content = g_variant_get_data_as_bytes (bytes);
      g_autoptr (MailerAttachment) attachment = mailer_attachment_new_for_bytes (filename, mime_type, content);

      g_list_store_append (self->attachments, attachment);
      g_variant_unref (bytes);
    }
  return self;
}

typedef struct
{
  MailerStore *store;
  char *id;
  GBytes *data; /* (nullable): to delete it */
  guint number;
} KeepJob;

static void
keep_job_free (KeepJob *job)
{
  g_object_unref (job->store);
  g_free (job->id);
  g_clear_pointer (&job->data, g_bytes_unref);
  g_free (job);
}

/* Under the lock of the draft. */
static gboolean
keep_or_delete (MailerDraft *self, KeepJob *job, GError **error)
{
  gboolean ok = job->data != NULL ? mailer_store_save_draft (job->store, job->id, job->data, error) : mailer_store_delete_draft (job->store, job->id, error);

  if (ok && self->kept_in != NULL && self->kept_in != job->store)
    ok = mailer_store_delete_draft (self->kept_in, job->id, error);
  if (ok)
    g_set_object (&self->kept_in, job->store);
  return ok;
}

/* Threads of a pool come in any order: what is older than what is kept already must not undo it. */
static void
keep_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  MailerDraft *self = source;
  KeepJob *job = data;
  GError *error = NULL;
  gboolean ok = TRUE;

  g_mutex_lock (&self->lock);
  if (job->number > self->n_kept)
    ok = keep_or_delete (self, job, &error);
  if (ok && job->number > self->n_kept)
    self->n_kept = job->number;
  g_mutex_unlock (&self->lock);
  if (ok)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
keep (MailerDraft *self, GBytes *data, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  MailerStore *store = self->account != NULL ? mailer_account_get_store (self->account) : NULL;
  KeepJob *job;

  if (store == NULL)
    {
      g_clear_pointer (&data, g_bytes_unref);
      g_task_return_new_error (task, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "The account is gone");
      return;
    }
  job = g_new0 (KeepJob, 1);
  job->store = g_object_ref (store);
  job->id = g_strdup (self->id);
  job->data = data;
  job->number = ++self->n_asked;
  g_task_set_task_data (task, job, (GDestroyNotify) keep_job_free);
  g_task_run_in_thread (task, keep_in_thread);
}

void
mailer_draft_save_async (MailerDraft *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (MAILER_IS_DRAFT (self));
  keep (self, mailer_draft_serialize (self), cancellable, callback, user_data);
}

gboolean
mailer_draft_save_finish (MailerDraft *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
mailer_draft_discard_async (MailerDraft *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (MAILER_IS_DRAFT (self));
  keep (self, NULL, cancellable, callback, user_data);
}

gboolean
mailer_draft_discard_finish (MailerDraft *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- Finishing ---- */

static gboolean
collect_recipients (const char *field, GPtrArray *all, GPtrArray **list, GError **error)
{
  *list = mailer_header_parse_addresses (field, NULL, MAX_RECIPIENTS);
  for (guint i = 0; i < (*list)->len; i++)
    {
      const MailerAddress *address = g_ptr_array_index (*list, i);
      const char *at = strrchr (address->address, '@');

      if (at == NULL || at == address->address || at[1] == '\0' || strpbrk (address->address, " \t<>,;\"") != NULL)
        {
          g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "\"%s\" is no complete mail address", *address->address != '\0' ? address->address : address->name);
          return FALSE;
        }
      g_ptr_array_add (all, g_strdup (address->address));
    }
  return TRUE;
}

/* The finished message and the payload of its journal entry. */
GBytes *
mailer_draft_finish (MailerDraft *self, const char *uuid, MailerOutgoing *outgoing, GError **error)
{
  g_autoptr (GPtrArray) to = NULL;
  g_autoptr (GPtrArray) cc = NULL;
  g_autoptr (GPtrArray) bcc = NULL;
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_free);
  CloudAccount *config = mailer_account_get_config (self->account);
  MailerAddress from = { (char *) cloud_account_get_display_name (config), (char *) cloud_account_get_address (config) };
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->attachments));
  g_autofree MailerBuilderPart *parts = g_new0 (MailerBuilderPart, n + 1);
  g_autofree char *message_id = mailer_builder_make_id (uuid, from.address);
  MailerBuilderInput input = { .from = &from, .subject = self->fields[PROP_SUBJECT], .text = self->fields[PROP_TEXT], .message_id = message_id,
                               .in_reply_to = self->in_reply_to, .references = (const char *const *) self->references,
                               .date_unix_us = cloud_time_now_unix_us (), .parts = parts, .n_parts = n };
  g_autoptr (GBytes) source = NULL;
  g_autoptr (GBytes) draft = NULL;

  if (from.name == NULL)
    from.name = (char *) "";
  if (!collect_recipients (self->fields[PROP_TO], all, &to, error) || !collect_recipients (self->fields[PROP_CC], all, &cc, error) ||
      !collect_recipients (self->fields[PROP_BCC], all, &bcc, error))
    return NULL;
  if (all->len == 0)
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "The message has no recipient");
      return NULL;
    }
  input.to = to;
  input.cc = cc;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MailerAttachment) attachment = g_list_model_get_item (G_LIST_MODEL (self->attachments), i);

      parts[i] = (MailerBuilderPart){ mailer_attachment_get_filename (attachment), mailer_attachment_get_mime_type (attachment), attachment_bytes (attachment) };
    }
  source = mailer_builder_build (&input);
  for (guint i = 0; i < n; i++)
    g_bytes_unref (parts[i].bytes);
  draft = mailer_draft_serialize (self);
  g_ptr_array_add (all, NULL);
  *outgoing = (MailerOutgoing){ g_strdup (from.address), g_steal_pointer (&message_id), (char **) g_ptr_array_free (g_steal_pointer (&all), FALSE),
                                g_bytes_ref (source), g_bytes_ref (draft) };
  return mailer_outgoing_pack (outgoing);
}

MailerAccount *
mailer_draft_get_account (MailerDraft *self)
{
  return self->account;
}

MailerEngine *
mailer_draft_get_engine (MailerDraft *self)
{
  return self->engine;
}

const char *
mailer_draft_get_subject (MailerDraft *self)
{
  return self->fields[PROP_SUBJECT];
}

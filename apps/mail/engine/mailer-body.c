/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-engine-private.h"
#include "mailer-html.h"

#include "cloud-error.h"

#include <string.h>

/* What a message says, and its attachments. */

#define MAX_LOAD_BYTES (32 * 1024 * 1024)

struct _MailerBody
{
  GObject parent_instance;
  MailerMessage *message;
  GBytes *source;
  MailerRichText *rich_text;
  GListStore *attachments;
};

struct _MailerAttachment
{
  GObject parent_instance;
  MailerMessage *message; /* (nullable) */
  guint index;
  GBytes *bytes;          /* (nullable) */
  char *filename;
  char *mime_type;
  char *content_id;
  gint64 size;
  gboolean is_inline;
};

G_DEFINE_FINAL_TYPE (MailerBody, mailer_body, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE (MailerAttachment, mailer_attachment, G_TYPE_OBJECT)

/* ---- Attachments ---- */

enum
{
  PROP_0,
  PROP_FILENAME,
  PROP_MIME_TYPE,
  PROP_SIZE,
  PROP_IS_INLINE,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static void
mailer_attachment_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MailerAttachment *self = MAILER_ATTACHMENT (object);

  switch (id)
    {
    case PROP_FILENAME:
      g_value_set_string (value, self->filename);
      break;
    case PROP_MIME_TYPE:
      g_value_set_string (value, self->mime_type);
      break;
    case PROP_SIZE:
      g_value_set_int64 (value, self->size);
      break;
    case PROP_IS_INLINE:
      g_value_set_boolean (value, self->is_inline);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
mailer_attachment_finalize (GObject *object)
{
  MailerAttachment *self = MAILER_ATTACHMENT (object);

  g_clear_pointer (&self->message, mailer_message_unref);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self->filename);
  g_free (self->mime_type);
  g_free (self->content_id);
  G_OBJECT_CLASS (mailer_attachment_parent_class)->finalize (object);
}

static void
mailer_attachment_class_init (MailerAttachmentClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = mailer_attachment_get_property;
  object_class->finalize = mailer_attachment_finalize;
  props[PROP_FILENAME] = g_param_spec_string ("filename", NULL, NULL, "", flags);
  props[PROP_MIME_TYPE] = g_param_spec_string ("mime-type", NULL, NULL, "", flags);
  props[PROP_SIZE] = g_param_spec_int64 ("size", NULL, NULL, 0, G_MAXINT64, 0, flags);
  props[PROP_IS_INLINE] = g_param_spec_boolean ("is-inline", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
mailer_attachment_init (MailerAttachment *self)
{
}

static char *
invent_filename (const char *mime_type, guint index)
{
  static const struct
  {
    const char *mime_type;
    const char *extension;
  } kinds[] = { { "image/jpeg", ".jpg" }, { "image/png", ".png" }, { "image/gif", ".gif" }, { "application/pdf", ".pdf" },
                { "text/calendar", ".ics" }, { "text/plain", ".txt" }, { "text/html", ".html" }, { "message/rfc822", ".eml" } };
  const char *extension = "";

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (kinds[i].mime_type, mime_type) == 0)
      extension = kinds[i].extension;
  return g_strdup_printf ("attachment-%u%s", index + 1, extension);
}

MailerAttachment *
mailer_attachment_new_for_part (MailerMessage *message, guint index)
{
  MailerAttachment *self = g_object_new (MAILER_TYPE_ATTACHMENT, NULL);
  MailerPart *part = mailer_message_get_part (message, index);
  const char *filename = mailer_part_get_filename (part);

  self->message = mailer_message_ref (message);
  self->index = index;
  self->mime_type = g_strdup (mailer_part_get_mime_type (part));
  self->filename = filename != NULL ? g_strdup (filename) : invent_filename (self->mime_type, index);
  self->content_id = g_strdup (mailer_part_get_content_id (part));
  self->size = mailer_part_get_size (part);
  self->is_inline = mailer_part_is_inline (part);
  return self;
}

MailerAttachment *
mailer_attachment_new_for_bytes (const char *filename, const char *mime_type, GBytes *bytes)
{
  MailerAttachment *self = g_object_new (MAILER_TYPE_ATTACHMENT, NULL);

  self->bytes = g_bytes_ref (bytes);
  self->filename = g_strdup (filename);
  self->mime_type = g_strdup (mime_type);
  self->size = g_bytes_get_size (bytes);
  return self;
}

GBytes *
mailer_attachment_peek_bytes (MailerAttachment *self)
{
  return self->bytes;
}

const char *
mailer_attachment_get_filename (MailerAttachment *self)
{
  g_return_val_if_fail (MAILER_IS_ATTACHMENT (self), NULL);
  return self->filename;
}

const char *
mailer_attachment_get_mime_type (MailerAttachment *self)
{
  g_return_val_if_fail (MAILER_IS_ATTACHMENT (self), NULL);
  return self->mime_type;
}

const char *
mailer_attachment_get_content_id (MailerAttachment *self)
{
  g_return_val_if_fail (MAILER_IS_ATTACHMENT (self), NULL);
  return self->content_id;
}

gint64
mailer_attachment_get_size (MailerAttachment *self)
{
  g_return_val_if_fail (MAILER_IS_ATTACHMENT (self), 0);
  return self->size;
}

gboolean
mailer_attachment_is_inline (MailerAttachment *self)
{
  g_return_val_if_fail (MAILER_IS_ATTACHMENT (self), FALSE);
  return self->is_inline;
}

/* A message's parts share one parser: one at a time. */
static GMutex decode_lock;

static gboolean
write_bytes (MailerAttachment *self, GOutputStream *out, GCancellable *cancellable, GError **error)
{
  gboolean ok;

  if (self->bytes != NULL)
    {
      gsize length;
      const void *data = g_bytes_get_data (self->bytes, &length);

      return g_output_stream_write_all (out, data, length, NULL, cancellable, error);
    }
  g_mutex_lock (&decode_lock);
  ok = mailer_part_write (mailer_message_get_part (self->message, self->index), out, cancellable, error);
  g_mutex_unlock (&decode_lock);
  return ok;
}

gboolean
mailer_attachment_save (MailerAttachment *self, GFile *file, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GFileOutputStream) out =
    g_file_replace (file, NULL, FALSE, G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION, cancellable, &local_error);
  g_autoptr (GCancellable) aborted = NULL;

  if (out != NULL && write_bytes (self, G_OUTPUT_STREAM (out), cancellable, &local_error) &&
      g_output_stream_close (G_OUTPUT_STREAM (out), cancellable, &local_error))
    return TRUE;
  /* Closing under a cancelled cancellable leaves the file as it was before. */
  aborted = g_cancellable_new ();
  g_cancellable_cancel (aborted);
  if (out != NULL)
    g_output_stream_close (G_OUTPUT_STREAM (out), aborted, NULL);
  cloud_error_convert_gio (&local_error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static void
save_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (mailer_attachment_save (source, data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
mailer_attachment_save_async (MailerAttachment *self, GFile *file, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  g_task_run_in_thread (task, save_in_thread);
}

gboolean
mailer_attachment_save_finish (MailerAttachment *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
load_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  MailerAttachment *self = source;
  g_autoptr (GOutputStream) out = NULL;
  GError *error = NULL;

  if (self->size > MAX_LOAD_BYTES)
    {
      g_task_return_new_error (task, CLOUD_ERROR, CLOUD_ERROR_TOO_LARGE, "%s is too large to be shown", self->filename);
      return;
    }
  out = g_memory_output_stream_new_resizable ();
  if (write_bytes (self, out, cancellable, &error) && g_output_stream_close (out, NULL, &error))
    g_task_return_pointer (task, g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (out)), (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

void
mailer_attachment_load_async (MailerAttachment *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_run_in_thread (task, load_in_thread);
}

GBytes *
mailer_attachment_load_finish (MailerAttachment *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

GBytes *
mailer_attachment_dup_bytes (MailerAttachment *self)
{
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();

  write_bytes (self, out, NULL, NULL);
  g_output_stream_close (out, NULL, NULL);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (out));
}

/* ---- Body ---- */

static void
mailer_body_finalize (GObject *object)
{
  MailerBody *self = MAILER_BODY (object);

  g_clear_pointer (&self->message, mailer_message_unref);
  g_clear_pointer (&self->source, g_bytes_unref);
  g_clear_pointer (&self->rich_text, mailer_rich_text_unref);
  g_clear_object (&self->attachments);
  G_OBJECT_CLASS (mailer_body_parent_class)->finalize (object);
}

static void
mailer_body_class_init (MailerBodyClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mailer_body_finalize;
}

static void
mailer_body_init (MailerBody *self)
{
  self->attachments = g_list_store_new (MAILER_TYPE_ATTACHMENT);
}

MailerBody *
mailer_body_new (MailerMessage *message, GBytes *source)
{
  MailerBody *self = g_object_new (MAILER_TYPE_BODY, NULL);
  const char *html = mailer_message_get_html (message);

  self->message = mailer_message_ref (message);
  self->source = g_bytes_ref (source);
  if (html != NULL)
    self->rich_text = mailer_html_parse (html);
  /* HTML that says nothing (only images that are not loaded) may come with text that does. */
  if (self->rich_text == NULL || mailer_rich_text_get_n_blocks (self->rich_text) == 0)
    {
      g_clear_pointer (&self->rich_text, mailer_rich_text_unref);
      self->rich_text = mailer_rich_text_new_from_text (mailer_message_get_text (message));
    }
  for (guint i = 0; i < mailer_message_get_n_parts (message); i++)
    {
      g_autoptr (MailerAttachment) attachment = mailer_attachment_new_for_part (message, i);

      g_list_store_append (self->attachments, attachment);
    }
  return self;
}

MailerRichText *
mailer_body_get_rich_text (MailerBody *self)
{
  g_return_val_if_fail (MAILER_IS_BODY (self), NULL);
  return self->rich_text;
}

const char *
mailer_body_get_text (MailerBody *self)
{
  g_return_val_if_fail (MAILER_IS_BODY (self), NULL);
  return mailer_message_get_text (self->message);
}

gboolean
mailer_body_is_html (MailerBody *self)
{
  g_return_val_if_fail (MAILER_IS_BODY (self), FALSE);
  return mailer_message_get_html (self->message) != NULL;
}

gboolean
mailer_body_is_encrypted (MailerBody *self)
{
  g_return_val_if_fail (MAILER_IS_BODY (self), FALSE);
  return mailer_message_is_encrypted (self->message);
}

gboolean
mailer_body_is_signed (MailerBody *self)
{
  g_return_val_if_fail (MAILER_IS_BODY (self), FALSE);
  return mailer_message_is_signed (self->message);
}

const GPtrArray *
mailer_body_get_from (MailerBody *self)
{
  return mailer_message_get_from (self->message);
}

const GPtrArray *
mailer_body_get_to (MailerBody *self)
{
  return mailer_message_get_to (self->message);
}

const GPtrArray *
mailer_body_get_cc (MailerBody *self)
{
  return mailer_message_get_cc (self->message);
}

const GPtrArray *
mailer_body_get_reply_to (MailerBody *self)
{
  return mailer_message_get_reply_to (self->message);
}

GListModel *
mailer_body_get_attachments (MailerBody *self)
{
  g_return_val_if_fail (MAILER_IS_BODY (self), NULL);
  return G_LIST_MODEL (self->attachments);
}

GBytes *
mailer_body_get_source (MailerBody *self)
{
  g_return_val_if_fail (MAILER_IS_BODY (self), NULL);
  return self->source;
}

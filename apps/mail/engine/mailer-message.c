/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-message.h"

#include "mailer-charset.h"
#include "mailer-guard.h"
#include "mailer-html.h"
#include "mailer-text.h"

#include "cloud-error.h"

#include <gmime/gmime.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* GMime gives the structure and undoes transfer encodings; header values and charsets are read by our own tolerant code. */

#define MAX_DEPTH 32
#define MAX_PARTS 1000
#define MAX_ADDRESSES 2000
#define MAX_IDS 500
#define MAX_TEXT_BYTES (8 * 1024 * 1024)
#define CHUNK_BYTES 65536

struct _MailerMessage
{
  gatomicrefcount ref_count;
  GMimeMessage *mime;
  GBytes *bytes;    /* what @mime was read from; parts are decoded out of it */
  GByteArray array; /* @bytes in the only form in which GMime reads memory without copying it */
  char *fallback_charset;
  char *subject;
  GPtrArray *from, *to, *cc, *bcc, *reply_to;
  gboolean has_date;
  gint64 date_unix_us;
  char *id;
  char *in_reply_to;
  char **references;
  GString *text_draft;
  GString *html_draft;
  char *text;
  char *html;
  GPtrArray *parts;
  guint n_seen;
  gboolean truncated, is_encrypted, is_signed;
};

struct _MailerPart
{
  GMimeObject *object; /* (unowned): lives as long as the message */
  char *filename;
  char *mime_type;
  char *content_id;
  gboolean is_inline;
  gint64 size; /* -1: not yet counted */
};

static void
ensure_gmime (void)
{
  static gsize once = 0;

  if (g_once_init_enter (&once))
    {
      g_mime_init ();
      g_once_init_leave (&once, 1);
    }
}

/* ---- Decoding ---- */

typedef gboolean (*ChunkFunc) (const char *bytes, gsize length, gpointer user_data);

/* The decoded bytes of @object, piece by piece, until @func says stop.  An embedded message gives its source. */
static void
read_decoded (GMimeObject *object, ChunkFunc func, gpointer user_data)
{
  g_autofree char *buffer = g_malloc (CHUNK_BYTES);
  GMimeStream *source = NULL;
  GMimeStream *stream;
  ssize_t n;

  if (GMIME_IS_PART (object))
    {
      GMimeDataWrapper *content = g_mime_part_get_content (GMIME_PART (object));
      GMimeFilter *filter;

      if (content == NULL)
        return;
      source = g_object_ref (g_mime_data_wrapper_get_stream (content));
      g_mime_stream_reset (source);
      stream = g_mime_stream_filter_new (source);
      filter = g_mime_filter_basic_new (g_mime_data_wrapper_get_encoding (content), FALSE);
      g_mime_stream_filter_add (GMIME_STREAM_FILTER (stream), filter);
      g_object_unref (filter);
    }
  else
    {
      GMimeMessage *inner = GMIME_IS_MESSAGE_PART (object) ? g_mime_message_part_get_message (GMIME_MESSAGE_PART (object)) : NULL;

      stream = g_mime_stream_mem_new ();
      if (inner != NULL)
        g_mime_object_write_to_stream (GMIME_OBJECT (inner), NULL, stream);
      else
        g_mime_object_write_content_to_stream (object, NULL, stream);
      g_mime_stream_reset (stream);
    }
  while ((n = g_mime_stream_read (stream, buffer, CHUNK_BYTES)) > 0)
    if (!func (buffer, n, user_data))
      break;
  g_object_unref (stream);
  g_clear_object (&source);
}

static gboolean
take_text_chunk (const char *bytes, gsize length, gpointer user_data)
{
  GString *out = user_data;

  g_string_append_len (out, bytes, MIN (length, MAX_TEXT_BYTES - out->len));
  return out->len < MAX_TEXT_BYTES;
}

static const char *
raw_header (GMimeObject *object, const char *name)
{
  GMimeHeader *header = g_mime_header_list_get_header (g_mime_object_get_header_list (object), name);

  return header != NULL ? g_mime_header_get_raw_value (header) : NULL;
}

/* The text of a leaf as normalized UTF-8. */
static char *
read_text (MailerMessage *self, GMimeObject *object)
{
  const char *type = raw_header (object, "Content-Type");
  g_autoptr (GString) bytes = g_string_new (NULL);
  g_autofree char *charset = mailer_header_get_param (type, "charset", NULL);
  g_autofree char *format = mailer_header_get_param (type, "format", NULL);
  g_autofree char *delsp = mailer_header_get_param (type, "delsp", NULL);
  g_autofree char *utf8 = NULL;
  g_autofree char *text = NULL;

  read_decoded (object, take_text_chunk, bytes);
  if (bytes->len >= MAX_TEXT_BYTES)
    self->truncated = TRUE;
  utf8 = mailer_charset_to_utf8 (bytes->str, bytes->len, charset);
  text = mailer_text_normalize (utf8);
  if (format != NULL && g_ascii_strcasecmp (format, "flowed") == 0)
    return mailer_text_unflow (text, delsp != NULL && g_ascii_strcasecmp (delsp, "yes") == 0);
  return g_steal_pointer (&text);
}

/* ---- Structure ---- */

/* A name that is safe as a file's name: the last component, without control characters, not hidden, at most 200 bytes. */
static char *
safe_filename (const char *name)
{
  const char *base = name;
  char *safe;

  for (const char *p = name; *p != '\0'; p++)
    if (*p == '/' || *p == '\\')
      base = p + 1;
  while (*base == '.' || *base == ' ')
    base++;
  if (*base == '\0')
    return NULL;
  safe = g_strdup (base);
  if (strlen (safe) > 200)
    {
      const char *dot = strrchr (base, '.');
      g_autofree char *extension = dot != NULL && strlen (dot) <= 12 ? g_strdup (dot) : g_strdup ("");
      char *cut = g_utf8_find_prev_char (safe, safe + 200 - strlen (extension));
      char *joined;

      *cut = '\0';
      joined = g_strconcat (safe, extension, NULL);
      g_free (safe);
      safe = joined;
    }
  return safe;
}

static void
part_free (gpointer data)
{
  MailerPart *self = data;

  g_free (self->filename);
  g_free (self->mime_type);
  g_free (self->content_id);
  g_free (self);
}

static char *
find_filename (MailerMessage *self, GMimeObject *object)
{
  g_autofree char *name = mailer_header_get_param (raw_header (object, "Content-Disposition"), "filename", self->fallback_charset);

  if (name == NULL || *name == '\0')
    {
      g_free (name);
      name = mailer_header_get_param (raw_header (object, "Content-Type"), "name", self->fallback_charset);
    }
  return name != NULL ? safe_filename (name) : NULL;
}

static void
add_part (MailerMessage *self, GMimeObject *object, const char *filename, gboolean in_related)
{
  GMimeContentType *type = g_mime_object_get_content_type (object);
  g_autofree char *mime_type = g_mime_content_type_get_mime_type (type);
  g_auto (GStrv) ids = mailer_header_parse_ids (raw_header (object, "Content-ID"), 1);
  const char *disposition = g_mime_object_get_disposition (object);
  MailerPart *part = g_new0 (MailerPart, 1);

  part->object = object;
  part->filename = g_strdup (filename);
  part->mime_type = g_utf8_make_valid (mime_type, -1);
  g_free (mime_type);
  mime_type = part->mime_type;
  part->mime_type = g_ascii_strdown (mime_type, -1);
  part->content_id = g_strdup (ids[0]);
  part->is_inline = ids[0] != NULL && (in_related || disposition == NULL || g_ascii_strcasecmp (disposition, "inline") == 0) &&
                    g_str_has_prefix (part->mime_type, "image/");
  part->size = -1;
  if (part->filename == NULL && GMIME_IS_MESSAGE_PART (object))
    {
      GMimeMessage *inner = g_mime_message_part_get_message (GMIME_MESSAGE_PART (object));
      g_autofree char *subject = inner != NULL ? mailer_header_decode (raw_header (GMIME_OBJECT (inner), "Subject"), NULL) : NULL;
      g_autofree char *name = subject != NULL && *subject != '\0' ? g_strconcat (subject, ".eml", NULL) : NULL;

      part->filename = name != NULL ? safe_filename (g_strdelimit (name, "/\\:", ' ')) : NULL;
    }
  g_ptr_array_add (self->parts, part);
}

static void
append_text (GString **draft, const char *text)
{
  if (*draft == NULL)
    *draft = g_string_new (NULL);
  if ((*draft)->len > 0 && (*draft)->str[(*draft)->len - 1] != '\n')
    g_string_append_c (*draft, '\n');
  if ((*draft)->len + strlen (text) <= MAX_TEXT_BYTES)
    g_string_append (*draft, text);
}

static void
take_leaf (MailerMessage *self, GMimeObject *object, gboolean in_alternative, gboolean in_related)
{
  GMimeContentType *type = g_mime_object_get_content_type (object);
  const char *disposition = g_mime_object_get_disposition (object);
  gboolean attached = disposition != NULL && g_ascii_strcasecmp (disposition, "attachment") == 0;
  g_autofree char *filename = find_filename (self, object);
  gboolean plain = g_mime_content_type_is_type (type, "text", "plain");
  gboolean html = g_mime_content_type_is_type (type, "text", "html");
  GString **draft = plain ? &self->text_draft : &self->html_draft;

  if (GMIME_IS_PART (object) && (plain || html) && !attached && (filename == NULL || *draft == NULL) &&
      !(in_alternative && *draft != NULL) && !(in_related && *draft != NULL))
    {
      g_autofree char *text = read_text (self, object);

      append_text (draft, text);
      return;
    }
  add_part (self, object, filename, in_related);
}

static void
walk (MailerMessage *self, GMimeObject *object, int depth, gboolean in_alternative, gboolean in_related)
{
  GMimeContentType *type;
  int n;

  if (object == NULL)
    return;
  if (depth > MAX_DEPTH || self->n_seen >= MAX_PARTS)
    {
      self->truncated = TRUE;
      return;
    }
  self->n_seen++;
  if (!GMIME_IS_MULTIPART (object))
    {
      take_leaf (self, object, in_alternative, in_related);
      return;
    }
  type = g_mime_object_get_content_type (object);
  if (GMIME_IS_MULTIPART_SIGNED (object))
    self->is_signed = TRUE;
  if (GMIME_IS_MULTIPART_ENCRYPTED (object))
    self->is_encrypted = TRUE;
  in_alternative |= g_mime_content_type_is_type (type, "multipart", "alternative");
  in_related |= g_mime_content_type_is_type (type, "multipart", "related");
  if (g_mime_content_type_is_type (type, "multipart", "mixed"))
    in_alternative = in_related = FALSE;
  n = g_mime_multipart_get_count (GMIME_MULTIPART (object));
  for (int i = 0; i < n && self->n_seen < MAX_PARTS; i++)
    walk (self, g_mime_multipart_get_part (GMIME_MULTIPART (object), i), depth + 1, in_alternative, in_related);
  if (self->n_seen >= MAX_PARTS)
    self->truncated = TRUE;
}

/* The charset that the first text names: what raw bytes in the headers most likely are. */
static char *
find_charset (GMimeObject *object, int depth)
{
  if (object == NULL || depth > MAX_DEPTH)
    return NULL;
  if (GMIME_IS_MULTIPART (object))
    {
      int n = MIN (g_mime_multipart_get_count (GMIME_MULTIPART (object)), 20);

      for (int i = 0; i < n; i++)
        {
          char *found = find_charset (g_mime_multipart_get_part (GMIME_MULTIPART (object), i), depth + 1);

          if (found != NULL)
            return found;
        }
      return NULL;
    }
  return mailer_header_get_param (raw_header (object, "Content-Type"), "charset", NULL);
}

/* ---- Headers ---- */

static GPtrArray *
read_addresses (MailerMessage *self, const char *name)
{
  return mailer_header_parse_addresses (raw_header (GMIME_OBJECT (self->mime), name), self->fallback_charset, MAX_ADDRESSES);
}

static void
read_references (MailerMessage *self)
{
  g_auto (GStrv) older = mailer_header_parse_ids (raw_header (GMIME_OBJECT (self->mime), "References"), MAX_IDS);
  g_auto (GStrv) direct = mailer_header_parse_ids (raw_header (GMIME_OBJECT (self->mime), "In-Reply-To"), 1);
  GPtrArray *all = g_ptr_array_new ();

  for (guint i = 0; older[i] != NULL; i++)
    g_ptr_array_add (all, g_strdup (older[i]));
  if (direct[0] != NULL && strchr (direct[0], '@') != NULL)
    {
      self->in_reply_to = g_strdup (direct[0]);
      if (!g_strv_contains ((const char *const *) older, direct[0]))
        g_ptr_array_add (all, g_strdup (direct[0]));
    }
  g_ptr_array_add (all, NULL);
  self->references = (char **) g_ptr_array_free (all, FALSE);
}

static void
read_headers (MailerMessage *self)
{
  GMimeObject *object = GMIME_OBJECT (self->mime);
  const char *raw_date = raw_header (object, "Date");
  g_autoptr (GDateTime) date = raw_date != NULL ? g_mime_utils_header_decode_date (raw_date) : NULL;
  g_auto (GStrv) ids = mailer_header_parse_ids (raw_header (object, "Message-ID"), 1);

  self->subject = mailer_header_decode (raw_header (object, "Subject"), self->fallback_charset);
  self->from = read_addresses (self, "From");
  self->to = read_addresses (self, "To");
  self->cc = read_addresses (self, "Cc");
  self->bcc = read_addresses (self, "Bcc");
  self->reply_to = read_addresses (self, "Reply-To");
  self->id = g_strdup (ids[0]);
  if (date != NULL)
    {
      self->has_date = TRUE;
      self->date_unix_us = g_date_time_to_unix (date) * G_USEC_PER_SEC;
    }
  read_references (self);
}

static char *
steal_draft (GString **draft)
{
  char *text = *draft != NULL ? g_string_free (*draft, FALSE) : NULL;

  *draft = NULL;
  return text;
}

MailerMessage *
mailer_message_new_from_bytes (GBytes *bytes)
{
  MailerMessage *self = g_new0 (MailerMessage, 1);
  GMimeStream *stream;
  GMimeParser *parser;

  g_return_val_if_fail (bytes != NULL, NULL);

  ensure_gmime ();
  g_atomic_ref_count_init (&self->ref_count);
  self->bytes = mailer_guard_source (bytes, &self->truncated);
  self->parts = g_ptr_array_new_with_free_func (part_free);
  self->array.data = (guint8 *) g_bytes_get_data (self->bytes, NULL);
  self->array.len = MIN (g_bytes_get_size (self->bytes), G_MAXUINT);
  stream = g_mime_stream_mem_new_with_byte_array (&self->array);
  g_mime_stream_mem_set_owner (GMIME_STREAM_MEM (stream), FALSE);
  parser = g_mime_parser_new_with_stream (stream);
  self->mime = self->array.len > 0 ? g_mime_parser_construct_message (parser, NULL) : NULL;
  g_object_unref (parser);
  g_object_unref (stream);
  if (self->mime == NULL)
    self->mime = g_mime_message_new (FALSE);
  self->fallback_charset = find_charset (g_mime_message_get_mime_part (self->mime), 0);
  read_headers (self);
  walk (self, g_mime_message_get_mime_part (self->mime), 0, FALSE, FALSE);
  self->text = steal_draft (&self->text_draft);
  self->html = steal_draft (&self->html_draft);
  if (self->text == NULL || (*self->text == '\0' && self->html != NULL))
    {
      g_free (self->text);
      self->text = self->html != NULL ? mailer_html_to_text (self->html) : g_strdup ("");
    }
  return self;
}

MailerMessage *
mailer_message_new_from_fd (int fd, GError **error)
{
  g_autoptr (GMappedFile) map = NULL;
  g_autoptr (GBytes) bytes = NULL;
  GError *local_error = NULL;

  g_return_val_if_fail (fd >= 0, NULL);

  map = g_mapped_file_new_from_fd (fd, FALSE, &local_error);
  close (fd);
  if (map == NULL)
    {
      cloud_error_convert_gio (&local_error);
      g_propagate_error (error, local_error);
      return NULL;
    }
  bytes = g_mapped_file_get_bytes (map);
  return mailer_message_new_from_bytes (bytes);
}

MailerMessage *
mailer_message_new_from_file (const char *path, GError **error)
{
  int fd;

  g_return_val_if_fail (path != NULL, NULL);

  fd = open (path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    {
      int why = errno;

      g_set_error (error, CLOUD_ERROR, cloud_error_code_from_errno (why), "%s: %s", path, g_strerror (why));
      return NULL;
    }
  return mailer_message_new_from_fd (fd, error);
}

MailerMessage *
mailer_message_ref (MailerMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
mailer_message_unref (MailerMessage *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_ptr_array_unref (self->parts);
  g_object_unref (self->mime);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_ptr_array_unref (self->from);
  g_ptr_array_unref (self->to);
  g_ptr_array_unref (self->cc);
  g_ptr_array_unref (self->bcc);
  g_ptr_array_unref (self->reply_to);
  g_strfreev (self->references);
  g_free (self->fallback_charset);
  g_free (self->subject);
  g_free (self->id);
  g_free (self->in_reply_to);
  g_free (self->text);
  g_free (self->html);
  g_free (self);
}

/* ---- Getters ---- */

const char *
mailer_message_get_subject (const MailerMessage *self)
{
  return self->subject;
}

const GPtrArray *
mailer_message_get_from (const MailerMessage *self)
{
  return self->from;
}

const GPtrArray *
mailer_message_get_to (const MailerMessage *self)
{
  return self->to;
}

const GPtrArray *
mailer_message_get_cc (const MailerMessage *self)
{
  return self->cc;
}

const GPtrArray *
mailer_message_get_bcc (const MailerMessage *self)
{
  return self->bcc;
}

const GPtrArray *
mailer_message_get_reply_to (const MailerMessage *self)
{
  return self->reply_to;
}

gboolean
mailer_message_get_date (const MailerMessage *self, gint64 *unix_us)
{
  if (self->has_date && unix_us != NULL)
    *unix_us = self->date_unix_us;
  return self->has_date;
}

const char *
mailer_message_get_id (const MailerMessage *self)
{
  return self->id;
}

const char *const *
mailer_message_get_references (const MailerMessage *self)
{
  return (const char *const *) self->references;
}

const char *
mailer_message_get_in_reply_to (const MailerMessage *self)
{
  return self->in_reply_to;
}

const char *
mailer_message_get_text (const MailerMessage *self)
{
  return self->text;
}

const char *
mailer_message_get_html (const MailerMessage *self)
{
  return self->html;
}

gboolean
mailer_message_is_truncated (const MailerMessage *self)
{
  return self->truncated;
}

gboolean
mailer_message_is_encrypted (const MailerMessage *self)
{
  return self->is_encrypted;
}

gboolean
mailer_message_is_signed (const MailerMessage *self)
{
  return self->is_signed;
}

char *
mailer_message_dup_header (const MailerMessage *self, const char *name)
{
  const char *raw = raw_header (GMIME_OBJECT (self->mime), name);

  return raw != NULL ? mailer_header_decode (raw, self->fallback_charset) : NULL;
}

guint
mailer_message_get_n_parts (const MailerMessage *self)
{
  return self->parts->len;
}

MailerPart *
mailer_message_get_part (const MailerMessage *self, guint index)
{
  g_return_val_if_fail (index < self->parts->len, NULL);
  return g_ptr_array_index (self->parts, index);
}

const char *
mailer_part_get_filename (const MailerPart *self)
{
  return self->filename;
}

const char *
mailer_part_get_mime_type (const MailerPart *self)
{
  return self->mime_type;
}

const char *
mailer_part_get_content_id (const MailerPart *self)
{
  return self->content_id;
}

gboolean
mailer_part_is_inline (const MailerPart *self)
{
  return self->is_inline;
}

static gboolean
count_chunk (const char *bytes, gsize length, gpointer user_data)
{
  *(gint64 *) user_data += length;
  return TRUE;
}

gint64
mailer_part_get_size (MailerPart *self)
{
  if (self->size < 0)
    {
      self->size = 0;
      read_decoded (self->object, count_chunk, &self->size);
    }
  return self->size;
}

static gboolean
hash_chunk (const char *bytes, gsize length, gpointer user_data)
{
  g_checksum_update (user_data, (const guchar *) bytes, length);
  return TRUE;
}

char *
mailer_part_dup_sha256 (MailerPart *self)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  read_decoded (self->object, hash_chunk, checksum);
  return g_strdup (g_checksum_get_string (checksum));
}

typedef struct
{
  GOutputStream *out;
  GCancellable *cancellable;
  GError *error;
} WriteJob;

static gboolean
write_chunk (const char *bytes, gsize length, gpointer user_data)
{
  WriteJob *job = user_data;

  return g_output_stream_write_all (job->out, bytes, length, NULL, job->cancellable, &job->error);
}

gboolean
mailer_part_write (MailerPart *self, GOutputStream *out, GCancellable *cancellable, GError **error)
{
  WriteJob job = { out, cancellable, NULL };

  read_decoded (self->object, write_chunk, &job);
  if (job.error == NULL)
    return TRUE;
  cloud_error_convert_gio (&job.error);
  g_propagate_error (error, job.error);
  return FALSE;
}

typedef struct
{
  GByteArray *bytes;
  gsize max;
  gboolean too_large;
} BytesJob;

static gboolean
keep_chunk (const char *bytes, gsize length, gpointer user_data)
{
  BytesJob *job = user_data;

  job->too_large = job->bytes->len + length > job->max;
  if (!job->too_large)
    g_byte_array_append (job->bytes, (const guint8 *) bytes, length);
  return !job->too_large;
}

GBytes *
mailer_part_dup_bytes (MailerPart *self, gsize max_bytes)
{
  BytesJob job = { g_byte_array_new (), max_bytes, FALSE };

  read_decoded (self->object, keep_chunk, &job);
  if (!job.too_large)
    return g_byte_array_free_to_bytes (job.bytes);
  g_byte_array_unref (job.bytes);
  return NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-builder.h"

#include <gmime/gmime.h>

#include <string.h>

/* Composing with GMime. */

static void
add_addresses (GMimeMessage *message, GMimeAddressType type, const GPtrArray *addresses)
{
  InternetAddressList *list = g_mime_message_get_addresses (message, type);

  for (guint i = 0; addresses != NULL && i < addresses->len; i++)
    {
      const MailerAddress *address = g_ptr_array_index (addresses, i);
      InternetAddress *mailbox = internet_address_mailbox_new (*address->name != '\0' ? address->name : NULL, address->address);

      internet_address_set_charset (mailbox, "utf-8");
      internet_address_list_add (list, mailbox);
      g_object_unref (mailbox);
    }
}

static GMimeObject *
make_text (const char *text)
{
  GMimeTextPart *part = g_mime_text_part_new_with_subtype ("plain");

  g_mime_text_part_set_charset (part, "utf-8");
  g_mime_text_part_set_text (part, text);
  g_mime_part_set_content_encoding (GMIME_PART (part), g_mime_part_get_best_content_encoding (GMIME_PART (part), GMIME_ENCODING_CONSTRAINT_7BIT));
  return GMIME_OBJECT (part);
}

static GMimeObject *
make_part (const MailerBuilderPart *input)
{
  g_auto (GStrv) type = g_strsplit (input->mime_type, "/", 2);
  GMimePart *part = g_mime_part_new_with_type (type[0], type[0] != NULL && type[1] != NULL ? type[1] : "octet-stream");
  gsize length;
  const char *bytes = g_bytes_get_data (input->bytes, &length);
  GMimeStream *stream = g_mime_stream_mem_new_with_buffer (bytes != NULL ? bytes : "", length);
  GMimeDataWrapper *content = g_mime_data_wrapper_new_with_stream (stream, GMIME_CONTENT_ENCODING_DEFAULT);

  g_mime_part_set_content (part, content);
  g_mime_part_set_content_encoding (part, GMIME_CONTENT_ENCODING_BASE64);
  g_mime_object_set_disposition (GMIME_OBJECT (part), "attachment");
  g_mime_part_set_filename (part, input->filename);
  g_object_unref (content);
  g_object_unref (stream);
  return GMIME_OBJECT (part);
}

static void
set_thread (GMimeMessage *message, const MailerBuilderInput *input)
{
  g_autoptr (GString) references = g_string_new (NULL);

  if (input->in_reply_to == NULL)
    return;
  for (guint i = 0; input->references != NULL && input->references[i] != NULL; i++)
    g_string_append_printf (references, "%s<%s>", i > 0 ? " " : "", input->references[i]);
  if (input->references == NULL || !g_strv_contains (input->references, input->in_reply_to))
    g_string_append_printf (references, "%s<%s>", references->len > 0 ? " " : "", input->in_reply_to);
  {
    g_autofree char *direct = g_strdup_printf ("<%s>", input->in_reply_to);

    g_mime_object_set_header (GMIME_OBJECT (message), "In-Reply-To", direct, NULL);
    g_mime_object_set_header (GMIME_OBJECT (message), "References", references->str, NULL);
  }
}

static GMimeObject *
make_content (const MailerBuilderInput *input)
{
  GMimeObject *text = make_text (input->text != NULL ? input->text : "");
  GMimeMultipart *mixed;

  if (input->n_parts == 0)
    return text;
  mixed = g_mime_multipart_new_with_subtype ("mixed");
  g_mime_multipart_add (mixed, text);
  g_object_unref (text);
  for (guint i = 0; i < input->n_parts; i++)
    {
      GMimeObject *part = make_part (&input->parts[i]);

      g_mime_multipart_add (mixed, part);
      g_object_unref (part);
    }
  return GMIME_OBJECT (mixed);
}

GBytes *
mailer_builder_build (const MailerBuilderInput *input)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_local (input->date_unix_us / G_USEC_PER_SEC);
  g_autoptr (GPtrArray) from = g_ptr_array_new ();
  GMimeFormatOptions *format;
  GMimeMessage *message;
  GMimeObject *content;
  GMimeStream *stream;
  GByteArray *bytes = g_byte_array_new ();

  g_mime_init ();
  format = g_mime_format_options_new ();
  g_mime_format_options_set_newline_format (format, GMIME_NEWLINE_FORMAT_DOS);
  message = g_mime_message_new (TRUE);
  g_ptr_array_add (from, (gpointer) input->from);
  add_addresses (message, GMIME_ADDRESS_TYPE_FROM, from);
  add_addresses (message, GMIME_ADDRESS_TYPE_TO, input->to);
  add_addresses (message, GMIME_ADDRESS_TYPE_CC, input->cc);
  g_mime_message_set_subject (message, input->subject != NULL ? input->subject : "", "utf-8");
  g_mime_message_set_date (message, date);
  g_mime_message_set_message_id (message, input->message_id);
  set_thread (message, input);
  content = make_content (input);
  g_mime_message_set_mime_part (message, content);
  g_object_unref (content);
  stream = g_mime_stream_mem_new_with_byte_array (bytes);
  g_mime_stream_mem_set_owner (GMIME_STREAM_MEM (stream), FALSE);
  g_mime_object_write_to_stream (GMIME_OBJECT (message), format, stream);
  g_object_unref (stream);
  g_object_unref (message);
  g_mime_format_options_free (format);
  return g_byte_array_free_to_bytes (bytes);
}

char *
mailer_builder_make_id (const char *key, const char *address)
{
  const char *at = strrchr (address, '@');

  return g_strdup_printf ("%s@%s", key, at != NULL && at[1] != '\0' ? at + 1 : "localhost");
}

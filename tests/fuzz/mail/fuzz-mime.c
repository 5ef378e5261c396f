/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailer-message.h"
#include "mailer-text.h"

#include <stdint.h>
#include <string.h>

/* A message is anything: whatever the bytes, all that is said of it is valid UTF-8 and every part can be decoded. */

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
check_addresses (const GPtrArray *addresses)
{
  for (guint i = 0; i < addresses->len; i++)
    {
      const MailerAddress *address = g_ptr_array_index (addresses, i);

      g_assert_true (g_utf8_validate (address->name, -1, NULL));
      g_assert_true (g_utf8_validate (address->address, -1, NULL));
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (MailerMessage) message = mailer_message_new_from_bytes (bytes);
  const char *text = mailer_message_get_text (message);
  g_autofree char *preview = NULL;
  g_autofree char *base = NULL;
  g_autofree char *flowed = NULL;

  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_true (g_utf8_validate (mailer_message_get_subject (message), -1, NULL));
  g_assert_true (mailer_message_get_html (message) == NULL || g_utf8_validate (mailer_message_get_html (message), -1, NULL));
  check_addresses (mailer_message_get_from (message));
  check_addresses (mailer_message_get_to (message));
  check_addresses (mailer_message_get_cc (message));
  preview = mailer_text_preview (text, 100);
  base = mailer_text_base_subject (mailer_message_get_subject (message), NULL);
  flowed = mailer_text_unflow (text, TRUE);
  g_assert_true (g_utf8_validate (preview, -1, NULL));
  for (guint i = 0; i < mailer_message_get_n_parts (message); i++)
    {
      MailerPart *part = mailer_message_get_part (message, i);
      const char *filename = mailer_part_get_filename (part);
      g_autofree char *sha256 = mailer_part_dup_sha256 (part);

      g_assert_true (g_utf8_validate (mailer_part_get_mime_type (part), -1, NULL));
      g_assert_true (filename == NULL || (g_utf8_validate (filename, -1, NULL) && strchr (filename, '/') == NULL && *filename != '\0'));
      g_assert_cmpint (mailer_part_get_size (part), >=, 0);
    }
  return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud-query.h"
#include "cloud-snippet.h"
#include "cloud-text.h"

#include <stdint.h>
#include <string.h>

/* Any bytes as text and as what somebody typed: terms stand where they say, folding twice changes nothing, ranges lie in their snippet. */

typedef struct
{
  gsize length;
  gsize last_start;
  guint position;
} Check;

static gboolean
check_term (const char *term, gsize term_bytes, gsize start_byte, gsize end_byte, guint position, gpointer user_data)
{
  Check *check = user_data;

  g_assert_cmpuint (term_bytes, >, 0);
  g_assert_true (g_utf8_validate (term, term_bytes, NULL));
  g_assert_cmpuint (start_byte, >=, check->last_start);
  g_assert_cmpuint (start_byte, <, end_byte);
  g_assert_cmpuint (end_byte, <=, check->length);
  g_assert_cmpuint (position, ==, check->position++);
  check->last_start = start_byte;
  return TRUE;
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const char *text = (const char *) data;
  Check check = { size, 0, 0 };
  g_autofree char *typed = g_strndup (text != NULL ? text : "", MIN (size, 40));
  g_autofree char *once = cloud_text_fold (text, size);
  g_autofree char *twice = cloud_text_fold (once, -1);
  g_autofree char *full = NULL;
  g_autofree char *initials = NULL;
  g_autoptr (CloudQuery) query = cloud_query_new (typed, size % 2 == 0);
  g_autofree char *match = cloud_query_to_match (query, NULL);
  g_autoptr (GArray) ranges = NULL;
  g_autofree char *snippet = NULL;
  g_autofree char *markup = NULL;

  cloud_text_tokenize (text, size, CLOUD_TEXT_DOCUMENT, check_term, &check);
  g_assert_cmpstr (once, ==, twice);
  if (cloud_text_pinyin (text, size, &full, &initials))
    g_assert_cmpuint (strlen (full), >=, strlen (initials));
  if (size == 0)
    return 0;
  snippet = cloud_snippet_new (text, size, query, 60, &ranges);
  g_assert_true (g_utf8_validate (snippet, -1, NULL));
  markup = cloud_snippet_to_markup (snippet, ranges, "<b>", "</b>");
  g_assert_nonnull (markup);
  return 0;
}

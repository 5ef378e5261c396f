/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search-extract.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const char *const types[] = { NULL, "text/html; charset=gb18030", "text/plain", "text/html; charset=utf-8" };
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (SearchExtract) page = search_extract_page (bytes, types[size % G_N_ELEMENTS (types)], "https://example.org/a", NULL);
  gsize paragraphs = 0;

  if (page == NULL)
    return 0;
  g_assert_true (g_utf8_validate (page->text, -1, NULL));
  g_assert_true (g_utf8_validate (page->title, -1, NULL));
  /* Every paragraph has its kind. */
  for (const char *p = page->text; p != NULL && *p != '\0'; p = strstr (p, "\n\n") != NULL ? strstr (p, "\n\n") + 2 : NULL)
    paragraphs++;
  g_assert_cmpuint (paragraphs, ==, strlen (page->kinds));
  return 0;
}

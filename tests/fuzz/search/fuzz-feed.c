/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search-feed.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (SearchReply) reply = search_feed_decode ((const char *) data, size, "http://example.org/search", "F", NULL);

  for (guint i = 0; reply != NULL && i < reply->results->len; i++)
    {
      SearchResult *result = g_ptr_array_index (reply->results, i);

      g_assert_true (g_utf8_validate (search_result_get_title (result), -1, NULL));
      g_assert_true (g_utf8_validate (search_result_get_snippet (result), -1, NULL));
      g_assert_true (g_str_has_prefix (search_result_get_url (result), "http"));
    }
  return 0;
}

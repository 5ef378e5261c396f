/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search-json.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const char *json = (const char *) data;
  g_autoptr (SearchReply) wiki = search_json_decode_mediawiki (json, size, "https://example.org/w/api.php", "W", NULL);
  g_autoptr (SearchReply) searxng = search_json_decode_searxng (json, size, "S", NULL);
  g_auto (GStrv) words = search_json_decode_suggestions (json, size, NULL);

  if (wiki != NULL)
    {
      g_autoptr (GBytes) bytes = search_results_to_bytes (wiki->results);
      g_autoptr (GPtrArray) back = search_results_from_bytes (bytes, "W");

      g_assert_cmpuint (back->len, ==, wiki->results->len);
    }
  return 0;
}

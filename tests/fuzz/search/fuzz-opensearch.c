/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search-opensearch.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (SearchOpenSearch) description = search_opensearch_parse ((const char *) data, size, "http://example.org/osd.xml", NULL);

  if (description != NULL && description->results_template != NULL)
    g_free (search_opensearch_expand (description->results_template, "a b", 20, 3, description->index_offset, description->page_offset, NULL));
  return 0;
}

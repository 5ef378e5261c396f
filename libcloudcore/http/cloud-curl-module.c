/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-http"

#define CLOUD_CURL_DIRECT
#include "cloud-curl-api.h"

/* The whole of the module: where libcurl's functions are. */

const CloudCurlApi cloud_curl_api_table = {
  .size = sizeof (CloudCurlApi),
#define CLOUD_CURL_ENTRY(name) .name = curl_##name,
  CLOUD_CURL_FUNCTIONS (CLOUD_CURL_ENTRY)
#undef CLOUD_CURL_ENTRY
};

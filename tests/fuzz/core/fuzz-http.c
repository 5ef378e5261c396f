/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud-http-rules.h"

#include <stdint.h>
#include <string.h>

/* Header fields as a server may send them: read, reckoned with, written and read again. */

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
add_lines (CloudHttpHeaders *headers, const char *data, gsize size)
{
  while (size > 0)
    {
      const char *end = memchr (data, '\n', size);
      gsize length = end != NULL ? (gsize) (end - data) + 1 : size;

      cloud_http_headers_add_line (headers, data, length);
      data += length;
      size -= length;
    }
}

static void
check_date (const char *value)
{
  gint64 unix_us, again_us;

  if (!cloud_http_date_parse (value, &unix_us))
    return;
  g_assert_cmpint (unix_us % G_USEC_PER_SEC, ==, 0);
  /* Four digits of a year are what the format has room for. */
  if (unix_us < G_GINT64_CONSTANT (-62135596800) * G_USEC_PER_SEC || unix_us > G_GINT64_CONSTANT (253402300799) * G_USEC_PER_SEC)
    return;
  {
    g_autofree char *text = cloud_http_date_format (unix_us);

    if (strlen (text) == strlen ("Sun, 06 Nov 1994 08:49:37 GMT") && strncmp (text + 12, "00", 2) != 0)
      {
        g_assert_true (cloud_http_date_parse (text, &again_us));
        g_assert_cmpint (again_us, ==, unix_us);
      }
  }
}

static void
check_rules (const CloudHttpHeaders *headers, guint status)
{
  const gint64 now_us = G_GINT64_CONSTANT (1795464900000000);
  gint64 age_s = cloud_http_rules_age_s (headers, now_us - 2000000, now_us - 1000000, now_us);
  gint64 lifetime_s = cloud_http_rules_lifetime_s (status, headers, now_us - 1000000);
  gboolean fresh = cloud_http_rules_is_fresh (status, headers, now_us - 2000000, now_us - 1000000, now_us);
  CloudHttpCacheControl control;

  cloud_http_cache_control_parse (cloud_http_headers_get (headers, "Cache-Control"), &control);
  g_assert_cmpint (age_s, >=, 0);
  g_assert_cmpint (lifetime_s, >=, 0);
  g_assert_true (!fresh || (lifetime_s > age_s && !control.no_cache));
  g_assert_false (control.no_store && cloud_http_rules_may_store (status, headers));
  g_assert_false (control.must_revalidate && cloud_http_rules_may_serve_stale (status, headers, now_us, now_us, now_us, TRUE));
  cloud_http_retry_after_s (headers, now_us);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (CloudHttpHeaders) headers = cloud_http_headers_new ();
  g_autoptr (CloudHttpHeaders) again = NULL;
  g_autoptr (CloudHttpHeaders) merged = NULL;
  g_autofree char *text = NULL;
  g_autofree char *second = NULL;
  guint status = size > 0 ? 200 + data[0] % 2 * 4 * 51 : 200; /* 200 or 404 */

  add_lines (headers, (const char *) data, size);
  text = cloud_http_headers_to_text (headers);
  again = cloud_http_headers_from_text (text);
  second = cloud_http_headers_to_text (again);
  g_assert_cmpstr (text, ==, second);
  for (guint i = 0; i < cloud_http_headers_get_n (headers); i++)
    {
      g_auto (GStrv) tokens = cloud_http_headers_get_tokens (headers, cloud_http_headers_get_name (headers, i));

      g_assert_nonnull (tokens);
      check_date (cloud_http_headers_get_value (headers, i));
    }
  check_rules (headers, status);
  merged = cloud_http_rules_merge (headers, again);
  check_rules (merged, status);
  cloud_http_rules_strip (merged, TRUE);
  g_assert_null (cloud_http_headers_get (merged, "Connection"));
  g_assert_null (cloud_http_headers_get (merged, "Content-Encoding"));
  return 0;
}

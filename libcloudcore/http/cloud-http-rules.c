/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-http"

#include "cloud-http-rules.h"

#include <stdio.h>
#include <string.h>

/* RFC 9111 as arithmetic. */

#define HEURISTIC_MAX_S (7 * 24 * 3600)            /* 4.2.2: a tenth of the age since Last-Modified, but no more than a week */
#define DELTA_MAX_S G_GINT64_CONSTANT (2147483648) /* 1.2.2: what does not fit counts as this */
#define CLOCK_SLACK_US (60 * G_USEC_PER_SEC)

static const char *const hop_by_hop[] = {
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authentication-info",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  NULL,
};

static gint64
parse_delta (const char *text)
{
  gint64 value = 0;

  if (text == NULL || !g_ascii_isdigit (*text))
    return -1;
  for (; g_ascii_isdigit (*text); text++)
    value = MIN (value * 10 + (*text - '0'), DELTA_MAX_S);
  return *text == '\0' ? value : -1;
}

/* The directive's own seconds; unreadable ones mean "stale already". */
static void
take_delta (gint64 *target, const char *argument)
{
  gint64 value = MAX (parse_delta (argument), 0);

  *target = *target < 0 ? value : MIN (*target, value);
}

static void
take_directive (CloudHttpCacheControl *control, const char *name, const char *argument)
{
  if (g_ascii_strcasecmp (name, "no-store") == 0)
    control->no_store = TRUE;
  else if (g_ascii_strcasecmp (name, "no-cache") == 0)
    control->no_cache = TRUE;
  else if (g_ascii_strcasecmp (name, "must-revalidate") == 0)
    control->must_revalidate = TRUE;
  else if (g_ascii_strcasecmp (name, "public") == 0)
    control->is_public = TRUE;
  else if (g_ascii_strcasecmp (name, "private") == 0)
    control->is_private = TRUE;
  else if (g_ascii_strcasecmp (name, "immutable") == 0)
    control->immutable = TRUE;
  else if (g_ascii_strcasecmp (name, "only-if-cached") == 0)
    control->only_if_cached = TRUE;
  else if (g_ascii_strcasecmp (name, "max-age") == 0)
    take_delta (&control->max_age_s, argument);
  else if (g_ascii_strcasecmp (name, "stale-if-error") == 0)
    take_delta (&control->stale_if_error_s, argument);
}

/* Reads one token or quoted string at *@text and moves behind it. */
static char *
take_word (const char **text)
{
  GString *word = g_string_new (NULL);
  const char *c = *text;

  if (*c == '"')
    {
      for (c++; *c != '\0' && *c != '"'; c++)
        {
          if (*c == '\\' && c[1] != '\0')
            c++;
          g_string_append_c (word, *c);
        }
      if (*c == '"')
        c++;
    }
  else
    for (; *c != '\0' && strchr (",= \t\"", *c) == NULL; c++)
      g_string_append_c (word, *c);
  *text = c;
  return g_string_free (word, FALSE);
}

void
cloud_http_cache_control_parse (const char *value, CloudHttpCacheControl *control)
{
  *control = (CloudHttpCacheControl){ .max_age_s = -1, .stale_if_error_s = -1 };
  while (value != NULL && *value != '\0')
    {
      g_autofree char *name = NULL;
      g_autofree char *argument = NULL;

      value += strspn (value, ", \t");
      name = take_word (&value);
      value += strspn (value, " \t");
      if (*value == '=')
        {
          value++;
          value += strspn (value, " \t");
          argument = take_word (&value);
        }
      take_directive (control, name, argument);
      /* Whatever else stands before the next comma is no part of the grammar. */
      value += strcspn (value, ",");
    }
}

static int
month_number (const char *name)
{
  static const char *const months[] = { "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec" };

  for (guint i = 0; i < G_N_ELEMENTS (months); i++)
    if (g_ascii_strncasecmp (name, months[i], 3) == 0)
      return (int) i + 1;
  return 0;
}

/* RFC 9110 5.6.7: a year of two digits that would lie more than 50 years ahead is of the past century. */
static int
full_year (int year)
{
  gint64 now_s = g_get_real_time () / G_USEC_PER_SEC;
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (now_s);
  int this_year = g_date_time_get_year (now);

  if (year > 99)
    return year;
  year += this_year - this_year % 100;
  return year > this_year + 50 ? year - 100 : year;
}

static gboolean
zone_offset_s (const char *zone, int *offset_s)
{
  int hours, minutes;
  char sign;

  *offset_s = 0;
  if (*zone == '\0' || g_ascii_strcasecmp (zone, "GMT") == 0 || g_ascii_strcasecmp (zone, "UTC") == 0
      || g_ascii_strcasecmp (zone, "Z") == 0)
    return TRUE;
  if (sscanf (zone, "%c%2d%2d", &sign, &hours, &minutes) != 3 || (sign != '+' && sign != '-') || hours < 0 || hours > 23
      || minutes < 0 || minutes > 59)
    return FALSE;
  *offset_s = (hours * 60 + minutes) * 60 * (sign == '-' ? -1 : 1);
  return TRUE;
}

gboolean
cloud_http_date_parse (const char *text, gint64 *unix_us)
{
  g_autoptr (GDateTime) time = NULL;
  char month[4] = "";
  char zone[8] = "";
  const char *rest;
  int day, year, hour, minute, second, offset_s;

  if (text == NULL)
    return FALSE;
  rest = strchr (text, ',');
  if (rest != NULL)
    {
      /* "Sun, 06 Nov 1994 08:49:37 GMT" and "Sunday, 06-Nov-94 08:49:37 GMT" */
      if (sscanf (rest + 1, " %2d%*1[- ]%3[A-Za-z]%*1[- ]%4d %2d:%2d:%2d %7s", &day, month, &year, &hour, &minute, &second, zone)
          < 6)
        return FALSE;
    }
  else if (sscanf (text, "%*3s %3[A-Za-z] %2d %2d:%2d:%2d %4d", month, &day, &hour, &minute, &second, &year) != 6)
    return FALSE;
  if (year < 0 || !zone_offset_s (zone, &offset_s))
    return FALSE;
  second = MIN (second, 59); /* a leap second */
  time = g_date_time_new_utc (full_year (year), month_number (month), day, hour, minute, second);
  if (time == NULL)
    return FALSE;
  *unix_us = (g_date_time_to_unix (time) - offset_s) * G_USEC_PER_SEC;
  return TRUE;
}

char *
cloud_http_date_format (gint64 unix_us)
{
  static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
  static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (unix_us / G_USEC_PER_SEC);

  if (time == NULL)
    return g_strdup ("Thu, 01 Jan 1970 00:00:00 GMT");
  return g_strdup_printf ("%s, %02d %s %04d %02d:%02d:%02d GMT", days[g_date_time_get_day_of_week (time) - 1],
                          g_date_time_get_day_of_month (time), months[g_date_time_get_month (time) - 1],
                          g_date_time_get_year (time), g_date_time_get_hour (time), g_date_time_get_minute (time),
                          g_date_time_get_second (time));
}

guint
cloud_http_retry_after_s (const CloudHttpHeaders *headers, gint64 now_us)
{
  const char *value = cloud_http_headers_get (headers, "Retry-After");
  gint64 seconds = parse_delta (value);
  gint64 when_us;

  if (seconds < 0 && cloud_http_date_parse (value, &when_us))
    seconds = (when_us - now_us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;
  return (guint) CLAMP (seconds, 0, G_MAXINT);
}

gboolean
cloud_http_method_is_safe (const char *method)
{
  static const char *const safe[] = { "GET", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "REPORT", "SEARCH", NULL };

  return g_strv_contains (safe, method);
}

gboolean
cloud_http_method_is_idempotent (const char *method)
{
  /* MOVE, COPY, MKCOL are idempotent by name, but a repetition after a success answers with an error: left to the caller. */
  return cloud_http_method_is_safe (method) || strcmp (method, "PUT") == 0 || strcmp (method, "DELETE") == 0;
}

gint64
cloud_http_rules_age_s (const CloudHttpHeaders *headers, gint64 request_us, gint64 response_us, gint64 now_us)
{
  gint64 apparent_us = 0;
  gint64 corrected_us;
  gint64 date_us;

  if (cloud_http_date_parse (cloud_http_headers_get (headers, "Date"), &date_us))
    apparent_us = MAX (0, response_us - date_us);
  corrected_us
      = MAX (parse_delta (cloud_http_headers_get (headers, "Age")), 0) * G_USEC_PER_SEC + MAX (0, response_us - request_us);
  return (MAX (apparent_us, corrected_us) + MAX (0, now_us - response_us)) / G_USEC_PER_SEC;
}

static gboolean
status_is_heuristically_cacheable (guint status)
{
  static const guint list[] = { 200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501 };

  for (guint i = 0; i < G_N_ELEMENTS (list); i++)
    if (list[i] == status)
      return TRUE;
  return FALSE;
}

gint64
cloud_http_rules_lifetime_s (guint status, const CloudHttpHeaders *headers, gint64 response_us)
{
  const char *expires = cloud_http_headers_get (headers, "Expires");
  CloudHttpCacheControl control;
  gint64 date_us, expires_us, modified_us;

  cloud_http_cache_control_parse (cloud_http_headers_get (headers, "Cache-Control"), &control);
  if (control.max_age_s >= 0)
    return control.max_age_s;
  if (!cloud_http_date_parse (cloud_http_headers_get (headers, "Date"), &date_us))
    date_us = response_us;
  if (expires != NULL)
    return cloud_http_date_parse (expires, &expires_us) ? MAX (0, expires_us - date_us) / G_USEC_PER_SEC : 0;
  if ((status_is_heuristically_cacheable (status) || control.is_public)
      && cloud_http_date_parse (cloud_http_headers_get (headers, "Last-Modified"), &modified_us))
    return CLAMP ((date_us - modified_us) / 10 / G_USEC_PER_SEC, 0, HEURISTIC_MAX_S);
  return 0;
}

gboolean
cloud_http_rules_is_fresh (guint status, const CloudHttpHeaders *headers, gint64 request_us, gint64 response_us, gint64 now_us)
{
  CloudHttpCacheControl control;

  cloud_http_cache_control_parse (cloud_http_headers_get (headers, "Cache-Control"), &control);
  /* A clock that went back would keep an answer fresh for as long as it went. */
  if (control.no_cache || now_us < response_us - CLOCK_SLACK_US)
    return FALSE;
  return cloud_http_rules_lifetime_s (status, headers, response_us)
         > cloud_http_rules_age_s (headers, request_us, response_us, now_us);
}

gboolean
cloud_http_rules_may_store (guint status, const CloudHttpHeaders *headers)
{
  const char *vary = cloud_http_headers_get (headers, "Vary");
  CloudHttpCacheControl control;

  if (status < 200 || status == 206 || status == 304 || (vary != NULL && strchr (vary, '*') != NULL))
    return FALSE;
  cloud_http_cache_control_parse (cloud_http_headers_get (headers, "Cache-Control"), &control);
  if (control.no_store)
    return FALSE;
  return status_is_heuristically_cacheable (status) || control.max_age_s >= 0 || control.is_public || control.is_private
         || cloud_http_headers_get (headers, "Expires") != NULL;
}

gboolean
cloud_http_rules_may_serve_stale (guint status, const CloudHttpHeaders *headers, gint64 request_us, gint64 response_us,
                                  gint64 now_us, gboolean unreachable)
{
  CloudHttpCacheControl control;
  gint64 overdue_s;

  cloud_http_cache_control_parse (cloud_http_headers_get (headers, "Cache-Control"), &control);
  if (control.must_revalidate || control.no_cache)
    return FALSE;
  if (unreachable || control.stale_if_error_s < 0)
    return TRUE;
  overdue_s = cloud_http_rules_age_s (headers, request_us, response_us, now_us)
              - cloud_http_rules_lifetime_s (status, headers, response_us);
  return overdue_s <= control.stale_if_error_s;
}

void
cloud_http_rules_strip (CloudHttpHeaders *headers, gboolean decoded)
{
  g_auto (GStrv) named = cloud_http_headers_get_tokens (headers, "Connection");

  for (guint i = 0; named[i] != NULL; i++)
    cloud_http_headers_remove (headers, named[i]);
  for (guint i = 0; hop_by_hop[i] != NULL; i++)
    cloud_http_headers_remove (headers, hop_by_hop[i]);
  if (decoded && cloud_http_headers_get (headers, "Content-Encoding") != NULL)
    {
      cloud_http_headers_remove (headers, "Content-Encoding");
      cloud_http_headers_remove (headers, "Content-Length");
    }
}

CloudHttpHeaders *
cloud_http_rules_merge (const CloudHttpHeaders *stored, const CloudHttpHeaders *received)
{
  static const char *const kept[] = { "content-length", "content-encoding", "content-range", "content-type", "vary", NULL };
  CloudHttpHeaders *merged = cloud_http_headers_copy (stored);
  g_autoptr (CloudHttpHeaders) update = cloud_http_headers_copy (received);

  cloud_http_rules_strip (update, FALSE);
  /* Age was counted up to the former answer. */
  cloud_http_headers_remove (merged, "Age");
  for (guint i = 0; i < cloud_http_headers_get_n (update); i++)
    {
      g_autofree char *lower = g_ascii_strdown (cloud_http_headers_get_name (update, i), -1);

      if (!g_strv_contains (kept, lower))
        cloud_http_headers_set (merged, cloud_http_headers_get_name (update, i), cloud_http_headers_get_value (update, i));
    }
  return merged;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-home"

#include "home-lines.h"

#include "cirrus-text.h"

#include <glib/gi18n.h>

#include <math.h>
#include <string.h>

/* Kinds and parameters into one short sentence each. */

static char *
mail_line (const CloudStatus *status)
{
  int count = cloud_status_get_int (status, "count", 0);
  const char *sender = cloud_status_get_string (status, "sender", NULL);
  const char *subject = cloud_status_get_string (status, "subject", NULL);

  if (strcmp (cloud_status_get_kind (status), "no-account") == 0)
    return g_strdup (_ ("Add an account to get started"));
  if (strcmp (cloud_status_get_kind (status), "unread") != 0)
    return NULL;
  if (count <= 0)
    return g_strdup (_ ("All read"));
  if (sender == NULL || subject == NULL)
    return g_strdup_printf (ngettext ("%d unread", "%d unread", (gulong) count), count);
  /* Translators: number of unread messages, sender, subject */
  return g_strdup_printf (ngettext ("%d unread · %s: %s", "%d unread · %s: %s", (gulong) count), count, sender, subject);
}

static const char *
condition_word (const char *condition)
{
  static const struct
  {
    const char *condition;
    const char *word;
  } words[] = {
    { "clear", N_ ("Clear") }, { "few-clouds", N_ ("Partly cloudy") }, { "overcast", N_ ("Cloudy") }, { "fog", N_ ("Fog") },
    { "drizzle", N_ ("Drizzle") }, { "rain", N_ ("Rain") }, { "showers", N_ ("Showers") }, { "snow", N_ ("Snow") },
    { "storm", N_ ("Thunderstorm") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_strcmp0 (words[i].condition, condition) == 0)
      return _ (words[i].word);
  return NULL;
}

/* The line may have been written in English, by the command line or before the language was changed: libgweather's cities are
 * messages of its gettext domain, and stay what they are where that is not installed. */
static const char *
localized_place (const char *name)
{
  return name != NULL && *name != '\0' ? dgettext ("libgweather-4.0-locations", name) : NULL;
}

static char *
weather_line (const CloudStatus *status)
{
  const char *place = localized_place (cloud_status_get_string (status, "place", NULL));
  const char *word = condition_word (cloud_status_get_string (status, "condition", NULL));
  double temperature = cloud_status_get_double (status, "temperature", NAN);
  double whole = round (temperature) + 0.0; /* no "-0°" */

  if (strcmp (cloud_status_get_kind (status), "no-place") == 0)
    return g_strdup (_ ("Add a place to see its weather"));
  if (strcmp (cloud_status_get_kind (status), "now") != 0 || place == NULL || isnan (temperature))
    return NULL;
  if (word == NULL)
    /* Translators: temperature, place */
    return g_strdup_printf (_ ("%.0f° in %s"), whole, place);
  /* Translators: temperature, condition ("Partly cloudy"), place */
  return g_strdup_printf (_ ("%.0f° · %s · %s"), whole, word, place);
}

/* What the reader calls it, where that is another name than the signs'. (nullable) */
static const char *
name_of_stop (const CloudStatus *status)
{
  const char *language = g_get_language_names ()[0];
  const char *name = cloud_status_get_string (status, g_str_has_prefix (language, "zh") ? "name-zh" : "name-en", NULL);

  return name != NULL && *name != '\0' ? name : cloud_status_get_string (status, "name", NULL);
}

static char *
navi_line (const CloudStatus *status, gint64 now_unix_us)
{
  const char *kind = cloud_status_get_kind (status);
  const char *name = name_of_stop (status);
  double distance_m = cloud_status_get_double (status, "distance_m", -1);
  gint64 arrival = cloud_status_get_int64 (status, "arrival_unix_us", 0);
  g_autofree char *distance = distance_m >= 0 ? cirrus_format_distance (distance_m) : NULL;

  if (strcmp (kind, "no-region") == 0)
    return g_strdup (_ ("Add a map to get started"));
  if (name == NULL)
    return NULL;
  if (strcmp (kind, "guiding") == 0 && arrival > now_unix_us)
    {
      g_autofree char *rest = cirrus_format_duration ((double) (arrival - now_unix_us) / G_USEC_PER_SEC);

      /* Translators: destination, remaining time ("20 min") */
      return g_strdup_printf (_ ("To %s · %s left"), name, rest);
    }
  if (strcmp (kind, "guiding") == 0 || strcmp (kind, "next-stop") == 0)
    /* Translators: the next destination, how far it is */
    return distance != NULL ? g_strdup_printf (_ ("Next: %s · %s"), name, distance) : g_strdup_printf (_ ("Next: %s"), name);
  if (strcmp (kind, "region") == 0)
    /* Translators: the name of a map region */
    return g_strdup_printf (_ ("Map of %s, offline"), name);
  return NULL;
}

static char *
search_line (const CloudStatus *status)
{
  const char *query = cloud_status_get_string (status, "query", NULL);

  if (strcmp (cloud_status_get_kind (status), "last") != 0 || query == NULL)
    return NULL;
  /* Translators: what was searched last */
  return g_strdup_printf (_ ("Last: “%s”"), query);
}

char *
home_line_for (const char *app, const CloudStatus *status, gint64 now_unix_us)
{
  static const struct
  {
    const char *app;
    const char *line;
  } fallbacks[] = {
    { "mail", N_ ("Your mail, here even offline") },
    { "weather", N_ ("The weather, now and for ten days") },
    { "navi", N_ ("Maps and routes without a network") },
    { "search", N_ ("The Web and this device in one box") },
  };
  char *line = NULL;

  g_return_val_if_fail (app != NULL, NULL);

  if (status != NULL)
    {
      if (strcmp (app, "mail") == 0)
        line = mail_line (status);
      else if (strcmp (app, "weather") == 0)
        line = weather_line (status);
      else if (strcmp (app, "navi") == 0)
        line = navi_line (status, now_unix_us);
      else if (strcmp (app, "search") == 0)
        line = search_line (status);
    }
  for (gsize i = 0; line == NULL && i < G_N_ELEMENTS (fallbacks); i++)
    if (strcmp (fallbacks[i].app, app) == 0)
      line = g_strdup (_ (fallbacks[i].line));
  return line;
}

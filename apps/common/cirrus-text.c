/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-ui"

#include "cirrus-text.h"

#include "cloud-error.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

#include <langinfo.h>
#include <math.h>

/* Codes and numbers into words. */

static const struct
{
  CloudError code;
  const char *title;
  const char *sentence;
  CirrusRemedy remedy;
} words[] = {
  { CLOUD_ERROR_OFFLINE, N_ ("No Connection"),
    N_ ("The network cannot be reached. What you have seen before is still here."), CIRRUS_REMEDY_RETRY },
  { CLOUD_ERROR_TRY_LATER, N_ ("Busy at the Moment"),
    N_ ("The server asks to wait. It will be asked again in a while."), CIRRUS_REMEDY_RETRY },
  { CLOUD_ERROR_AUTH_REQUIRED, N_ ("Sign In Again"),
    N_ ("The server did not accept the name or password. Enter them again to go on."), CIRRUS_REMEDY_SIGN_IN },
  { CLOUD_ERROR_LOCKED, N_ ("Passwords Are Locked"),
    N_ ("Unlock your passwords to go on. Nothing is lost while they are locked."), CIRRUS_REMEDY_UNLOCK },
  { CLOUD_ERROR_UNTRUSTED, N_ ("Connection Not Safe"),
    N_ ("The server could not prove who it is, so nothing was sent. Check the address and the date of this device."),
    CIRRUS_REMEDY_RETRY },
  { CLOUD_ERROR_NOT_FOUND, N_ ("Not Found"),
    N_ ("This is no longer there. It may have been moved or deleted."), CIRRUS_REMEDY_NONE },
  { CLOUD_ERROR_CORRUPT, N_ ("Damaged Data"),
    N_ ("The data were damaged and have been set aside. Try again to fetch them anew."), CIRRUS_REMEDY_RETRY },
  { CLOUD_ERROR_PROTOCOL, N_ ("Answer Not Understood"),
    N_ ("The server gave an answer that makes no sense. Try again later."), CIRRUS_REMEDY_RETRY },
  { CLOUD_ERROR_DENIED, N_ ("Not Allowed"),
    N_ ("Access was refused. Check the permissions for it."), CIRRUS_REMEDY_NONE },
  { CLOUD_ERROR_NO_SPACE, N_ ("No Space Left"),
    N_ ("The storage is full. Nothing was lost: free some space and try again."), CIRRUS_REMEDY_STORAGE },
  { CLOUD_ERROR_TOO_LARGE, N_ ("Too Large"),
    N_ ("This is larger than can be handled here."), CIRRUS_REMEDY_NONE },
  { CLOUD_ERROR_INVALID, N_ ("Not Usable"),
    N_ ("This cannot be used as it is. Check what was entered or chosen."), CIRRUS_REMEDY_NONE },
  { CLOUD_ERROR_UNSUPPORTED, N_ ("Not Supported"),
    N_ ("This kind or version cannot be opened here."), CIRRUS_REMEDY_NONE },
  { CLOUD_ERROR_BUSY, N_ ("Already at Work"),
    N_ ("Another part of the app is doing this now. It will be done in a moment."), CIRRUS_REMEDY_RETRY },
};

static int
find_words (const GError *error)
{
  if (error->domain == CLOUD_ERROR)
    for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
      if (error->code == (int) words[i].code)
        return (int) i;
  return -1;
}

const char *
cirrus_error_title (const GError *error)
{
  int i = 0;

  g_return_val_if_fail (error != NULL, NULL);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return NULL;
  i = find_words (error);
  return i >= 0 ? _ (words[i].title) : _ ("That Did Not Work");
}

const char *
cirrus_error_sentence (const GError *error)
{
  int i = 0;

  g_return_val_if_fail (error != NULL, NULL);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return NULL;
  i = find_words (error);
  return i >= 0 ? _ (words[i].sentence) : _ ("Something unexpected went wrong. Try again.");
}

CirrusRemedy
cirrus_error_remedy (const GError *error)
{
  int i = 0;

  g_return_val_if_fail (error != NULL, CIRRUS_REMEDY_NONE);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return CIRRUS_REMEDY_NONE;
  i = find_words (error);
  return i >= 0 ? words[i].remedy : CIRRUS_REMEDY_RETRY;
}

const char *
cirrus_remedy_label (CirrusRemedy remedy)
{
  switch (remedy)
    {
    case CIRRUS_REMEDY_RETRY:
      return _ ("Try Again");
    case CIRRUS_REMEDY_SIGN_IN:
      return _ ("Sign In");
    case CIRRUS_REMEDY_UNLOCK:
      return _ ("Unlock");
    case CIRRUS_REMEDY_STORAGE:
      return _ ("Free Up Space");
    case CIRRUS_REMEDY_NONE:
    default:
      return NULL;
    }
}

/* Times */

static GDateTime *
local_time (gint64 unix_us)
{
  return g_date_time_new_from_unix_local (unix_us / G_USEC_PER_SEC);
}

/* Whole calendar days from @then to @now, in local time. */
static int
days_between (GDateTime *then, GDateTime *now)
{
  GDate a, b;

  g_date_set_dmy (&a, g_date_time_get_day_of_month (then), g_date_time_get_month (then), g_date_time_get_year (then));
  g_date_set_dmy (&b, g_date_time_get_day_of_month (now), g_date_time_get_month (now), g_date_time_get_year (now));
  return g_date_days_between (&a, &b);
}

char *
cirrus_format_age (gint64 then_unix_us, gint64 now_unix_us)
{
  gint64 minutes = (now_unix_us - then_unix_us) / G_USEC_PER_SEC / 60;
  gint64 hours = minutes / 60;
  g_autoptr (GDateTime) then = local_time (then_unix_us);
  g_autoptr (GDateTime) now = local_time (now_unix_us);
  int days = 0;

  if (then == NULL || now == NULL)
    return g_strdup ("");
  if (minutes < 1)
    return g_strdup (_ ("just now"));
  if (minutes < 60)
    return g_strdup_printf (ngettext ("%d minute ago", "%d minutes ago", (gulong) minutes), (int) minutes);
  days = days_between (then, now);
  if (days == 0 || hours < 12)
    return g_strdup_printf (ngettext ("%d hour ago", "%d hours ago", (gulong) hours), (int) hours);
  if (days == 1)
    return g_strdup (_ ("yesterday"));
  if (days < 7)
    return g_strdup_printf (ngettext ("%d day ago", "%d days ago", (gulong) days), days);
  /* Translators: a date with its year, for g_date_time_format */
  return g_date_time_format (then, _ ("%-d %b %Y"));
}

char *
cirrus_format_list_time (gint64 then_unix_us, gint64 now_unix_us)
{
  g_autoptr (GDateTime) then = local_time (then_unix_us);
  g_autoptr (GDateTime) now = local_time (now_unix_us);
  int days = 0;

  if (then == NULL || now == NULL)
    return g_strdup ("");
  days = days_between (then, now);
  if (days == 0)
    return g_date_time_format (then, "%H:%M");
  if (days > 0 && days < 7)
    return g_date_time_format (then, C_ ("short weekday", "%a"));
  if (g_date_time_get_year (then) == g_date_time_get_year (now))
    /* Translators: a date without its year, for g_date_time_format */
    return g_date_time_format (then, _ ("%-d %b"));
  return g_date_time_format (then, _ ("%-d %b %Y"));
}

char *
cirrus_format_duration (double duration_s)
{
  int minutes = (int) MAX (1, lround (duration_s / 60));

  if (minutes < 60)
    /* Translators: minutes, short */
    return g_strdup_printf (_ ("%d min"), minutes);
  if (minutes % 60 == 0)
    /* Translators: hours, short */
    return g_strdup_printf (_ ("%d h"), minutes / 60);
  /* Translators: hours and minutes, short */
  return g_strdup_printf (_ ("%d h %d min"), minutes / 60, minutes % 60);
}

/* Two scripts in one line */

char *
cirrus_space_scripts (const char *text)
{
  g_autoptr (GRegex) seams = g_regex_new ("(?<=\\p{Han})(?=[\\p{Latin}\\d])|(?<=[\\p{Latin}\\d])(?=\\p{Han})", 0, 0, NULL);

  g_return_val_if_fail (text != NULL, NULL);
  return g_regex_replace_literal (seams, text, -1, 0, " ", 0, NULL);
}

/* Lengths and sizes */

gboolean
cirrus_measures_in_miles (void)
{
  const char *measurement = nl_langinfo (_NL_MEASUREMENT_MEASUREMENT);

  return measurement != NULL && *measurement == 2;
}

static double
round_to (double value, double step)
{
  return round (value / step) * step;
}

char *
cirrus_format_distance (double distance_m)
{
  gboolean miles = cirrus_measures_in_miles ();
  double small = miles ? distance_m * 3.28084 : distance_m;
  double large = miles ? distance_m / 1609.344 : distance_m / 1000;

  if (!(distance_m >= 0))
    distance_m = small = large = 0;
  if (miles ? large < 0.1 : round_to (small, small < 300 ? 10 : 50) < 1000)
    {
      double value = small < 20 ? round (small) : round_to (small, small < 300 ? 10 : 50);

      return g_strdup_printf (miles ? _ ("%.0f ft") : _ ("%.0f m"), value);
    }
  if (large < 9.95)
    return g_strdup_printf (miles ? _ ("%.1f mi") : _ ("%.1f km"), large);
  return g_strdup_printf (miles ? _ ("%.0f mi") : _ ("%.0f km"), large);
}

char *
cirrus_format_size (guint64 size_bytes)
{
  return g_format_size (size_bytes);
}

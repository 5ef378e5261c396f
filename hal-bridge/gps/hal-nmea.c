/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "hal-gps"

#include "hal-nmea.h"
#include "hal-nmea-sky.h"

#include <math.h>

/* Three layers: bytes to sentences (framing and checksum), a sentence's fields to the instant being collected, and the closing of
 * an instant into a fix.
 *
 * Only GGA, RMC, GLL and GNS carry the time of a position and so open an instant; some receivers' ZDA is ahead of
 * it by the leap seconds, so that ZDA only tells the date. */

#define SENTENCE_MAX 255
#define FIELDS_MAX 40
#define DAY_US (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)
#define ROLLOVER_US (1024 * 7 * DAY_US)
#define KNOTS_TO_MPS (1852.0 / 3600.0)
/* One sigma of the range error of a plain receiver without corrections; times the dilution it is the accuracy. */
#define RANGE_ERROR_M 4.0

typedef struct
{
  gboolean open;
  gint64 time_of_day_us;
  gint64 day; /* since 1970, or -1 */
  gboolean has_position;
  gboolean is_void;
  gboolean has_altitude;
  int gsa_mode; /* 0: none came */
  double hdop;
  double vdop;
  double geoid_separation_m;
  double gst_horizontal_m;
  CloudFix values;
} Instant;

struct _HalNmea
{
  HalNmeaCallbacks callbacks;
  gpointer data;
  gint64 reference_us;

  char line[SENTENCE_MAX + 1];
  gsize length;
  gboolean in_sentence;
  gboolean checksums_seen;

  Instant now;
  gint64 day;
  gint64 day_time_us; /* the time of day at which @day held */
  gboolean has_last;
  gint64 last_time_us;
  HalNmeaSky sky;
};

typedef struct
{
  char *field[FIELDS_MAX];
  guint n;
} Fields;

static const char *
get_field (const Fields *fields, guint i)
{
  return i < fields->n ? fields->field[i] : "";
}

static gboolean
parse_number (const char *text, double *value)
{
  char *end = NULL;
  double number;

  if (!g_ascii_isdigit (text[0]) && text[0] != '-' && text[0] != '.' && text[0] != '+')
    return FALSE;
  number = g_ascii_strtod (text, &end);
  if (end == text || *end != '\0' || !isfinite (number))
    return FALSE;
  *value = number;
  return TRUE;
}

/* -1 if the @n characters are not all digits. */
static int
parse_digits (const char *text, int n)
{
  int value = 0;

  for (int i = 0; i < n; i++)
    {
      if (!g_ascii_isdigit (text[i]))
        return -1;
      value = value * 10 + (text[i] - '0');
    }
  return value;
}

/* hhmmss[.fraction] */
static gboolean
parse_time (const char *text, gint64 *time_of_day_us)
{
  int hours, minutes, seconds;
  double fraction = 0;

  hours = parse_digits (text, 2);
  minutes = hours < 0 ? -1 : parse_digits (text + 2, 2);
  seconds = minutes < 0 ? -1 : parse_digits (text + 4, 2);
  if (seconds < 0 || hours > 23 || minutes > 59 || seconds > 60)
    return FALSE;
  if (text[6] != '\0' && (text[6] != '.' || (text[7] != '\0' && !parse_number (text + 6, &fraction))))
    return FALSE;
  *time_of_day_us = ((gint64) hours * 3600 + minutes * 60 + seconds) * G_USEC_PER_SEC
                    + (gint64) llround (CLAMP (fraction, 0, 0.999999) * G_USEC_PER_SEC);
  return TRUE;
}

/* -1 if there is no such day. */
static gint64
day_number (int year, int month, int day)
{
  g_autoptr (GDate) date = NULL;

  if (year < 1980 || month < 1 || month > 12 || day < 1 || !g_date_valid_dmy (day, month, year))
    return -1;
  date = g_date_new_dmy (day, month, year);
  return (gint64) g_date_get_julian (date) - 719163;
}

/* [d]ddmm.mmmm and its hemisphere. */
static gboolean
parse_angle (const char *text, const char *hemisphere, const char *signs, double limit, double *degrees)
{
  double number;
  double whole;

  if (hemisphere[0] == '\0' || hemisphere[1] != '\0' || (hemisphere[0] != signs[0] && hemisphere[0] != signs[1]))
    return FALSE;
  if (!parse_number (text, &number) || number < 0)
    return FALSE;
  whole = floor (number / 100);
  number -= whole * 100;
  if (number >= 60)
    return FALSE;
  number = whole + number / 60;
  if (number > limit)
    return FALSE;
  *degrees = hemisphere[0] == signs[1] ? -number : number;
  return TRUE;
}

static gboolean
parse_position (const Fields *fields, guint first, double *latitude, double *longitude)
{
  return parse_angle (get_field (fields, first), get_field (fields, first + 1), "NS", 90, latitude)
         && parse_angle (get_field (fields, first + 2), get_field (fields, first + 3), "EW", 180, longitude);
}

static void
start_instant (HalNmea *nmea, gint64 time_of_day_us)
{
  nmea->now = (Instant){ .open = TRUE,
                         .time_of_day_us = time_of_day_us,
                         .day = -1,
                         .hdop = NAN,
                         .vdop = NAN,
                         .geoid_separation_m = NAN,
                         .gst_horizontal_m = NAN };
  cloud_fix_values_init (&nmea->now.values);
  nmea->now.values.monotonic_us = g_get_monotonic_time ();
}

/* The day of an instant that named none: the last known one, over midnight if the clock jumped back by half a day. */
static gint64
carry_day (const HalNmea *nmea, gint64 time_of_day_us)
{
  if (nmea->day < 0)
    return -1;
  if (time_of_day_us < nmea->day_time_us - DAY_US / 2)
    return nmea->day + 1;
  if (time_of_day_us > nmea->day_time_us + DAY_US / 2)
    return nmea->day - 1;
  return nmea->day;
}

static gint64
resolve_time (const HalNmea *nmea, gint64 day, gint64 time_of_day_us)
{
  gint64 time;

  if (day >= 0)
    {
      time = day * DAY_US + time_of_day_us;
      /* Never beyond the reference, give or take a day: a date is early by whole rollovers, not late. */
      if (nmea->reference_us > 0 && time < nmea->reference_us - ROLLOVER_US / 2)
        time += (nmea->reference_us + DAY_US - time) / ROLLOVER_US * ROLLOVER_US;
      return time;
    }
  if (nmea->reference_us <= 0)
    return time_of_day_us;
  time = nmea->reference_us / DAY_US * DAY_US + time_of_day_us;
  if (time > nmea->reference_us + DAY_US / 2)
    time -= DAY_US;
  else if (time < nmea->reference_us - DAY_US / 2)
    time += DAY_US;
  return time;
}

static void
complete_accuracy (Instant *now)
{
  CloudFix *values = &now->values;

  if (isfinite (now->gst_horizontal_m))
    values->accuracy_m = now->gst_horizontal_m;
  else if (now->hdop > 0 && now->hdop < 99)
    values->accuracy_m = now->hdop * RANGE_ERROR_M;
  if (isnan (values->vertical_accuracy_m) && now->vdop > 0 && now->vdop < 99)
    values->vertical_accuracy_m = now->vdop * RANGE_ERROR_M;
  if (isfinite (values->altitude_sea_m) && isfinite (now->geoid_separation_m))
    values->altitude_ellipsoid_m = values->altitude_sea_m + now->geoid_separation_m;
}

static void
finish_instant (HalNmea *nmea)
{
  Instant *now = &nmea->now;
  g_autoptr (CloudFix) fix = NULL;
  gint64 day;

  if (!now->open)
    return;
  now->open = FALSE;
  day = now->day >= 0 ? now->day : carry_day (nmea, now->time_of_day_us);
  if (day >= 0)
    {
      nmea->day = day;
      nmea->day_time_us = now->time_of_day_us;
    }
  if (hal_nmea_sky_is_changed (&nmea->sky) && nmea->callbacks.satellites != NULL)
    {
      CloudSatellite satellites[CLOUD_SATELLITES_MAX];
      guint n = hal_nmea_sky_collect (&nmea->sky, satellites);

      nmea->callbacks.satellites (satellites, n, nmea->data);
    }
  if (!now->has_position || now->is_void || now->gsa_mode == 1)
    return;
  now->values.time_unix_us = resolve_time (nmea, day, now->time_of_day_us);
  if (nmea->has_last && nmea->last_time_us == now->values.time_unix_us)
    return;
  nmea->has_last = TRUE;
  nmea->last_time_us = now->values.time_unix_us;
  complete_accuracy (now);
  hal_nmea_sky_count (&nmea->sky, &now->values.satellites_used, &now->values.satellites_in_view);
  now->values.mode = now->gsa_mode >= 2 ? now->gsa_mode : now->has_altitude ? 3 : 2;
  fix = cloud_fix_new (&now->values);
  if (nmea->callbacks.fix != NULL)
    nmea->callbacks.fix (fix, nmea->data);
}

/* A sentence of a position names its time: another one closes the present instant. */
static void
enter_instant (HalNmea *nmea, const char *time_text)
{
  gint64 time_of_day_us;

  if (!parse_time (time_text, &time_of_day_us))
    {
      if (time_text[0] == '\0' && !nmea->now.open)
        return;
      if (time_text[0] != '\0')
        finish_instant (nmea);
      return;
    }
  if (nmea->now.open && nmea->now.time_of_day_us == time_of_day_us)
    return;
  finish_instant (nmea);
  start_instant (nmea, time_of_day_us);
}

static void
take_position (HalNmea *nmea, const Fields *fields, guint first, gboolean valid)
{
  double latitude, longitude;

  if (!nmea->now.open)
    return;
  if (!valid)
    nmea->now.is_void = TRUE;
  else if (parse_position (fields, first, &latitude, &longitude))
    {
      nmea->now.has_position = TRUE;
      nmea->now.values.latitude_deg = latitude;
      nmea->now.values.longitude_deg = longitude;
    }
}

static void
take_number (const Fields *fields, guint i, double *value)
{
  parse_number (get_field (fields, i), value);
}

static void
take_altitude (Instant *now, const Fields *fields, guint altitude, guint separation)
{
  if (parse_number (get_field (fields, altitude), &now->values.altitude_sea_m))
    now->has_altitude = TRUE;
  take_number (fields, separation, &now->geoid_separation_m);
}

static void
take_course (Instant *now, const char *speed, const char *unit_is_kmh, const char *bearing)
{
  double number;

  if (parse_number (speed, &number) && number >= 0)
    now->values.speed_mps = unit_is_kmh != NULL ? number / 3.6 : number * KNOTS_TO_MPS;
  if (parse_number (bearing, &number) && number >= 0 && number <= 360)
    now->values.bearing_deg = number == 360 ? 0 : number;
}

static void
read_gga (HalNmea *nmea, const Fields *fields)
{
  const char *quality = get_field (fields, 6);
  double used;

  enter_instant (nmea, get_field (fields, 1));
  if (!nmea->now.open)
    return;
  take_position (nmea, fields, 2, quality[0] >= '1' && quality[0] <= '9');
  if (parse_number (get_field (fields, 7), &used) && used >= 0 && used <= CLOUD_SATELLITES_MAX)
    nmea->now.values.satellites_used = (int) used;
  take_number (fields, 8, &nmea->now.hdop);
  take_altitude (&nmea->now, fields, 9, 11);
}

static void
read_gns (HalNmea *nmea, const Fields *fields)
{
  const char *modes = get_field (fields, 6);
  double used;

  enter_instant (nmea, get_field (fields, 1));
  if (!nmea->now.open)
    return;
  take_position (nmea, fields, 2, modes[strspn (modes, "N")] != '\0');
  if (parse_number (get_field (fields, 7), &used) && used >= 0 && used <= CLOUD_SATELLITES_MAX)
    nmea->now.values.satellites_used = (int) used;
  take_number (fields, 8, &nmea->now.hdop);
  take_altitude (&nmea->now, fields, 9, 10);
}

static void
read_rmc (HalNmea *nmea, const Fields *fields)
{
  const char *date = get_field (fields, 9);
  const char *mode = get_field (fields, 12);

  enter_instant (nmea, get_field (fields, 1));
  if (!nmea->now.open)
    return;
  take_position (nmea, fields, 3, strcmp (get_field (fields, 2), "A") == 0 && mode[0] != 'N');
  take_course (&nmea->now, get_field (fields, 7), NULL, get_field (fields, 8));
  if (strlen (date) == 6 && parse_digits (date, 6) >= 0)
    {
      int year = parse_digits (date + 4, 2);

      nmea->now.day = day_number (year < 80 ? 2000 + year : 1900 + year, parse_digits (date + 2, 2), parse_digits (date, 2));
    }
}

static void
read_gll (HalNmea *nmea, const Fields *fields)
{
  const char *status = get_field (fields, 6);
  const char *mode = get_field (fields, 7);

  enter_instant (nmea, get_field (fields, 5));
  take_position (nmea, fields, 1, (status[0] == 'A' || fields->n <= 6) && mode[0] != 'N');
}

static void
read_vtg (HalNmea *nmea, const Fields *fields)
{
  const char *knots = get_field (fields, 5);

  if (!nmea->now.open || strcmp (get_field (fields, 9), "N") == 0)
    return;
  if (knots[0] != '\0')
    take_course (&nmea->now, knots, NULL, get_field (fields, 1));
  else
    take_course (&nmea->now, get_field (fields, 7), "km/h", get_field (fields, 1));
}

/* The date only; it holds for the instants around that time. */
static void
read_zda (HalNmea *nmea, const Fields *fields)
{
  gint64 time_of_day_us, day;

  if (!parse_time (get_field (fields, 1), &time_of_day_us) || strlen (get_field (fields, 4)) != 4)
    return;
  day = day_number (parse_digits (get_field (fields, 4), 4), parse_digits (get_field (fields, 3), 2),
                    parse_digits (get_field (fields, 2), 2));
  if (day < 0)
    return;
  nmea->day = day;
  nmea->day_time_us = time_of_day_us;
}

static void
read_gst (HalNmea *nmea, const Fields *fields)
{
  double latitude_m, longitude_m;

  if (!nmea->now.open)
    return;
  if (parse_number (get_field (fields, 6), &latitude_m) && parse_number (get_field (fields, 7), &longitude_m))
    nmea->now.gst_horizontal_m = hypot (latitude_m, longitude_m);
  take_number (fields, 8, &nmea->now.values.vertical_accuracy_m);
}

static void
read_gsa (HalNmea *nmea, const Fields *fields)
{
  const char *mode = get_field (fields, 2);
  double system = 0;

  if (!nmea->now.open || mode[0] < '1' || mode[0] > '3')
    return;
  if (nmea->now.gsa_mode == 0)
    hal_nmea_sky_clear_used (&nmea->sky);
  /* Of several, one for each constellation, the best tells the fix. */
  nmea->now.gsa_mode = MAX (nmea->now.gsa_mode, mode[0] - '0');
  take_number (fields, 16, &nmea->now.hdop);
  take_number (fields, 17, &nmea->now.vdop);
  parse_number (get_field (fields, 18), &system);
  for (guint i = 3; i <= 14; i++)
    {
      double number;

      if (parse_number (get_field (fields, i), &number) && number >= 1 && number < 1000)
        hal_nmea_sky_use (&nmea->sky, fields->field[0], system >= 1 && system <= 6 ? (int) system : 0, (guint) number);
    }
}

static void
read_gsv (HalNmea *nmea, const Fields *fields)
{
  double total, index, number;
  int signal = 0;

  if (!parse_number (get_field (fields, 1), &total) || !parse_number (get_field (fields, 2), &index))
    return;
  /* Four fields a satellite; one field more is the signal (NMEA 4.10). */
  if ((fields->n - 4) % 4 == 1 && parse_number (fields->field[fields->n - 1], &number))
    signal = (int) CLAMP (number, 0, 99);
  if (index == 1)
    hal_nmea_sky_begin (&nmea->sky, fields->field[0], signal);
  for (guint i = 4; i + 2 < fields->n; i += 4)
    {
      CloudSatellite satellite = { .elevation_deg = NAN, .azimuth_deg = NAN, .cn0_dbhz = NAN };

      if (!parse_number (fields->field[i], &number) || number < 1 || number >= 1000)
        continue;
      satellite.number = (guint) number;
      take_number (fields, i + 1, &satellite.elevation_deg);
      take_number (fields, i + 2, &satellite.azimuth_deg);
      take_number (fields, i + 3, &satellite.cn0_dbhz);
      hal_nmea_sky_add (&nmea->sky, fields->field[0], signal, &satellite);
    }
  if (index == total)
    hal_nmea_sky_end (&nmea->sky);
}

static const struct
{
  char name[4];
  guint n_fields;
  void (*read) (HalNmea *nmea, const Fields *fields);
} sentences[] = {
  { "GGA", 10, read_gga }, { "RMC", 10, read_rmc }, { "GLL", 6, read_gll }, { "GNS", 10, read_gns }, { "VTG", 8, read_vtg },
  { "ZDA", 5, read_zda },  { "GST", 9, read_gst },  { "GSA", 18, read_gsa }, { "GSV", 4, read_gsv },
};

static void
read_sentence (HalNmea *nmea, char *body)
{
  Fields fields = { 0 };

  for (char *start = body; start != NULL && fields.n < FIELDS_MAX;)
    {
      char *comma = strchr (start, ',');

      fields.field[fields.n++] = start;
      if (comma != NULL)
        *comma++ = '\0';
      start = comma;
    }
  /* Two letters of the talker and three of the kind; a proprietary one begins with P. */
  if (strlen (fields.field[0]) != 5 || fields.field[0][0] == 'P')
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (sentences); i++)
    if (strcmp (fields.field[0] + 2, sentences[i].name) == 0 && fields.n >= sentences[i].n_fields)
      sentences[i].read (nmea, &fields);
}

/* TRUE if @line (from '$' on, whole) may be believed; cuts the checksum off. */
static gboolean
check_sentence (HalNmea *nmea, char *line)
{
  char *star = strrchr (line, '*');
  guint8 sum = 0;

  if (star == NULL)
    return !nmea->checksums_seen;
  if (!g_ascii_isxdigit (star[1]) || !g_ascii_isxdigit (star[2]) || (star[3] != '\0' && star[3] != ' '))
    return FALSE;
  for (const char *p = line + 1; p < star; p++)
    sum ^= (guint8) *p;
  if (sum != g_ascii_xdigit_value (star[1]) * 16 + g_ascii_xdigit_value (star[2]))
    return FALSE;
  nmea->checksums_seen = TRUE;
  *star = '\0';
  return TRUE;
}

static void
end_sentence (HalNmea *nmea)
{
  g_autofree char *whole = NULL;

  nmea->in_sentence = FALSE;
  nmea->line[nmea->length] = '\0';
  if (nmea->line[0] != '$')
    return;
  if (nmea->callbacks.sentence != NULL)
    whole = g_strdup (nmea->line);
  if (!check_sentence (nmea, nmea->line))
    return;
  if (whole != NULL)
    nmea->callbacks.sentence (whole, nmea->data);
  read_sentence (nmea, nmea->line + 1);
}

HalNmea *
hal_nmea_new (const HalNmeaCallbacks *callbacks, gpointer data)
{
  HalNmea *nmea;

  g_return_val_if_fail (callbacks != NULL, NULL);

  nmea = g_new0 (HalNmea, 1);
  nmea->callbacks = *callbacks;
  nmea->data = data;
  nmea->day = -1;
  return nmea;
}

void
hal_nmea_free (HalNmea *nmea)
{
  g_free (nmea);
}

void
hal_nmea_set_reference_time (HalNmea *nmea, gint64 unix_us)
{
  g_return_if_fail (nmea != NULL);

  nmea->reference_us = unix_us;
}

void
hal_nmea_feed (HalNmea *nmea, const void *bytes, gsize length)
{
  const char *p = bytes;

  g_return_if_fail (nmea != NULL);
  g_return_if_fail (bytes != NULL || length == 0);

  for (gsize i = 0; i < length; i++)
    {
      char c = p[i];

      if (c == '$' || c == '!')
        {
          nmea->in_sentence = TRUE;
          nmea->length = 0;
        }
      if (!nmea->in_sentence)
        continue;
      if (c == '\r' || c == '\n')
        end_sentence (nmea);
      else if (!g_ascii_isprint (c) || nmea->length == SENTENCE_MAX)
        nmea->in_sentence = FALSE;
      else
        nmea->line[nmea->length++] = c;
    }
}

void
hal_nmea_flush (HalNmea *nmea)
{
  g_return_if_fail (nmea != NULL);

  finish_instant (nmea);
}

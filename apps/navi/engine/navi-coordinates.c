/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-search"

#include "navi-coordinates.h"

#include <math.h>
#include <string.h>

/* Reads positions: the text becomes a few tokens (numbers, signs of degrees, minutes and seconds, letters of the hemispheres,
 * marks between the two), and those two angles. */

enum
{
  MAX_TOKENS = 24,
  MAX_TEXT_BYTES = 400, /* nobody writes a position longer than that */
};

typedef enum
{
  TOKEN_NUMBER,
  TOKEN_DEGREES,
  TOKEN_MINUTES,
  TOKEN_SECONDS,
  TOKEN_LATITUDE,  /* value 1 north, -1 south, 0 only a word for it */
  TOKEN_LONGITUDE, /* value 1 east, -1 west, 0 */
  TOKEN_BREAK,     /* comma or the like */
} TokenType;

typedef struct
{
  TokenType type;
  double value;
  gboolean has_decimals;
  gboolean is_negative;
} Token;

typedef struct
{
  Token items[MAX_TOKENS];
  guint n;
  guint n_numbers;
  gboolean has_marks; /* any sign or letter */
  gboolean decimal_comma;
} Tokens;

/* What stands for what, the longer first. */
static const struct
{
  const char *text;
  TokenType type;
  gint8 value;
} words[] = {
  { "latitude", TOKEN_LATITUDE, 0 }, { "longitude", TOKEN_LONGITUDE, 0 }, { "north", TOKEN_LATITUDE, 1 },
  { "south", TOKEN_LATITUDE, -1 },   { "east", TOKEN_LONGITUDE, 1 },      { "west", TOKEN_LONGITUDE, -1 },
  { "lat", TOKEN_LATITUDE, 0 },      { "lon", TOKEN_LONGITUDE, 0 },       { "lng", TOKEN_LONGITUDE, 0 },
  { "long", TOKEN_LONGITUDE, 0 },    { "deg", TOKEN_DEGREES, 0 },         { "min", TOKEN_MINUTES, 0 },
  { "sec", TOKEN_SECONDS, 0 },       { "n", TOKEN_LATITUDE, 1 },          { "s", TOKEN_LATITUDE, -1 },
  { "e", TOKEN_LONGITUDE, 1 },       { "w", TOKEN_LONGITUDE, -1 },        { "d", TOKEN_DEGREES, 0 },
  { "m", TOKEN_MINUTES, 0 },
};

static const struct
{
  const char *text;
  TokenType type;
  gint8 value;
} signs[] = {
  { "北纬", TOKEN_LATITUDE, 1 },   { "北緯", TOKEN_LATITUDE, 1 },   { "南纬", TOKEN_LATITUDE, -1 },
  { "南緯", TOKEN_LATITUDE, -1 },  { "东经", TOKEN_LONGITUDE, 1 },  { "東經", TOKEN_LONGITUDE, 1 },
  { "西经", TOKEN_LONGITUDE, -1 }, { "西經", TOKEN_LONGITUDE, -1 }, { "纬度", TOKEN_LATITUDE, 0 },
  { "緯度", TOKEN_LATITUDE, 0 },   { "经度", TOKEN_LONGITUDE, 0 },  { "經度", TOKEN_LONGITUDE, 0 },
  { "°", TOKEN_DEGREES, 0 },       { "º", TOKEN_DEGREES, 0 },       { "˚", TOKEN_DEGREES, 0 },
  { "度", TOKEN_DEGREES, 0 },      { "''", TOKEN_SECONDS, 0 },      { "′′", TOKEN_SECONDS, 0 },
  { "’’", TOKEN_SECONDS, 0 },      { "\"", TOKEN_SECONDS, 0 },      { "″", TOKEN_SECONDS, 0 },
  { "”", TOKEN_SECONDS, 0 },       { "“", TOKEN_SECONDS, 0 },       { "秒", TOKEN_SECONDS, 0 },
  { "'", TOKEN_MINUTES, 0 },       { "′", TOKEN_MINUTES, 0 },       { "’", TOKEN_MINUTES, 0 },
  { "‘", TOKEN_MINUTES, 0 },       { "`", TOKEN_MINUTES, 0 },       { "´", TOKEN_MINUTES, 0 },
  { "分", TOKEN_MINUTES, 0 },      { ",", TOKEN_BREAK, 0 },         { ";", TOKEN_BREAK, 0 },
  { "/", TOKEN_BREAK, 0 },         { "、", TOKEN_BREAK, 0 },        { "|", TOKEN_BREAK, 0 },
};

/* Full-width digits, letters and punctuation as their half-width forms; the kinds of minus signs as one. */
static char *
fold (const char *text)
{
  GString *out = g_string_new (NULL);

  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);
      if (c >= 0xFF01 && c <= 0xFF5E)
        c -= 0xFEE0;
      else if (c == 0x3002)
        c = '.';
      else if (c == 0x2212 || (c >= 0x2010 && c <= 0x2014))
        c = '-';
      else if (g_unichar_isspace (c))
        c = ' ';
      g_string_append_unichar (out, c < 0x80 ? (gunichar) g_ascii_tolower ((gchar) c) : c);
    }
  return g_string_free (out, FALSE);
}

/* "47,141 9,521": there is no point, and just two commas stand between digits. */
static gboolean
has_decimal_commas (const char *text)
{
  guint n = 0;

  if (strchr (text, '.') != NULL)
    return FALSE;
  for (const char *at = text + 1; text[0] != '\0' && *at != '\0'; at++)
    n += *at == ',' && g_ascii_isdigit (at[-1]) && g_ascii_isdigit (at[1]);
  return n == 2;
}

/* Digits with decimals, nothing else that C calls a number. */
static gboolean
read_number (const char **at, gboolean decimal_comma, Token *token)
{
  const char *end = *at;
  char buffer[32];
  gsize length;

  *token = (Token){ .type = TOKEN_NUMBER };
  if (*end == '-' || *end == '+')
    token->is_negative = *end++ == '-';
  length = strspn (end, "0123456789");
  if (length == 0 || length > 10)
    return FALSE;
  memcpy (buffer, end, length);
  end += length;
  if ((*end == '.' || (decimal_comma && *end == ',')) && g_ascii_isdigit (end[1]))
    {
      gsize decimals = strspn (end + 1, "0123456789"), kept = MIN (decimals, 12);
      buffer[length] = '.';
      memcpy (buffer + length + 1, end + 1, kept);
      length += 1 + kept;
      end += 1 + decimals;
      token->has_decimals = TRUE;
    }
  buffer[length] = '\0';
  token->value = g_ascii_strtod (buffer, NULL);
  *at = end;
  return TRUE;
}

static gboolean
read_sign (const char **at, Token *token)
{
  for (gsize i = 0; i < G_N_ELEMENTS (signs); i++)
    if (g_str_has_prefix (*at, signs[i].text))
      {
        *token = (Token){ .type = signs[i].type, .value = signs[i].value };
        *at += strlen (signs[i].text);
        return TRUE;
      }
  return FALSE;
}

static gboolean
read_word (const char **at, gboolean after_minutes, Token *token)
{
  gsize length = strspn (*at, "abcdefghijklmnopqrstuvwxyz");

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (length == strlen (words[i].text) && strncmp (*at, words[i].text, length) == 0)
      {
        *token = (Token){ .type = words[i].type, .value = words[i].value };
        *at += length;
        /* "9d31m15s": the last letter is no south. */
        if (after_minutes && words[i].text[0] == 's' && length == 1)
          *token = (Token){ .type = TOKEN_SECONDS };
        return TRUE;
      }
  return FALSE;
}

static gboolean
tokenize (const char *text, Tokens *tokens)
{
  gboolean after_minutes = FALSE;

  while (*text != '\0')
    {
      Token token;
      if (strchr (" ()[]{}:=&", *text) != NULL)
        {
          text++;
          continue;
        }
      if (tokens->n == MAX_TOKENS)
        return FALSE;
      if (!read_number (&text, tokens->decimal_comma, &token) && !read_sign (&text, &token)
          && !read_word (&text, after_minutes, &token))
        return FALSE;
      if (token.type == TOKEN_NUMBER)
        tokens->n_numbers++;
      else if (token.type != TOKEN_BREAK)
        tokens->has_marks = TRUE;
      /* A letter m says that seconds may be a letter too. */
      if (token.type == TOKEN_MINUTES)
        after_minutes = g_ascii_isalpha (text[-1]) != 0;
      else if (token.type != TOKEN_NUMBER)
        after_minutes = FALSE;
      tokens->items[tokens->n++] = token;
    }
  return tokens->n_numbers >= 2 && tokens->n_numbers <= 6;
}

typedef struct
{
  double parts[3];
  guint n_parts;
  gboolean is_negative;
  gboolean has_decimals;
  TokenType axis; /* TOKEN_BREAK while unknown */
  gint8 hemisphere;
  gboolean is_signed; /* by degree signs or letters */
} Angle;

static gboolean
finish_angle (const Angle *angle, double *deg)
{
  double value = angle->parts[0] + angle->parts[1] / 60 + angle->parts[2] / 3600;

  if (angle->n_parts == 0 || angle->parts[1] >= 60 || angle->parts[2] >= 60 || (angle->is_negative && angle->hemisphere != 0))
    return FALSE;
  *deg = angle->is_negative || angle->hemisphere < 0 ? -value : value;
  return TRUE;
}

/* Which part of an angle the number is: by the sign after it, else by what came before. */
static guint
part_of (const Tokens *tokens, guint at, const Angle *angle)
{
  if (at + 1 < tokens->n)
    switch (tokens->items[at + 1].type)
      {
      case TOKEN_DEGREES:
        return 0;
      case TOKEN_MINUTES:
        return 1;
      case TOKEN_SECONDS:
        return 2;
      default:
        break;
      }
  return angle->n_parts;
}

/* TRUE if the token at @at begins the second angle. */
static gboolean
is_turn (const Tokens *tokens, guint at, const Angle *angle, gboolean letters_lead, guint parts_each)
{
  const Token *token = &tokens->items[at];

  if (angle->n_parts == 0)
    return FALSE;
  if (token->type == TOKEN_NUMBER)
    return (parts_each > 0 && angle->n_parts >= parts_each) || part_of (tokens, at, angle) < angle->n_parts || angle->n_parts == 3
           || (angle->axis != TOKEN_BREAK && !letters_lead) || tokens->items[at - 1].type == TOKEN_BREAK || token->is_negative;
  return (token->type == TOKEN_LATITUDE || token->type == TOKEN_LONGITUDE) && letters_lead && token->type != angle->axis;
}

static gboolean
take_token (const Tokens *tokens, guint at, Angle *angle)
{
  const Token *token = &tokens->items[at];
  guint part;

  switch (token->type)
    {
    case TOKEN_NUMBER:
      part = part_of (tokens, at, angle);
      if (part != angle->n_parts || part > 2 || (part > 0 && token->is_negative))
        return FALSE;
      angle->parts[angle->n_parts++] = token->value;
      angle->is_negative |= token->is_negative;
      angle->has_decimals |= token->has_decimals;
      return TRUE;
    case TOKEN_LATITUDE:
    case TOKEN_LONGITUDE:
      if (angle->axis != TOKEN_BREAK && angle->axis != token->type)
        return FALSE;
      angle->axis = token->type;
      if (token->value != 0)
        angle->hemisphere = (gint8) token->value;
      angle->is_signed = TRUE;
      return TRUE;
    case TOKEN_DEGREES:
    case TOKEN_MINUTES:
    case TOKEN_SECONDS:
      angle->is_signed = TRUE;
      return at > 0 && tokens->items[at - 1].type == TOKEN_NUMBER;
    case TOKEN_BREAK:
    default:
      return TRUE;
    }
}

static gboolean
read_angles (const Tokens *tokens, Angle angles[2])
{
  gboolean letters_lead = tokens->items[0].type == TOKEN_LATITUDE || tokens->items[0].type == TOKEN_LONGITUDE;
  gboolean has_parts_marked = FALSE;
  guint parts_each, at_angle = 0;

  for (guint i = 0; i < tokens->n; i++)
    has_parts_marked |= tokens->items[i].type >= TOKEN_DEGREES && tokens->items[i].type <= TOKEN_SECONDS;
  parts_each = has_parts_marked ? 0 : tokens->n_numbers / 2;
  if (parts_each > 0 && tokens->n_numbers % 2 != 0)
    return FALSE;
  for (guint i = 0; i < tokens->n; i++)
    {
      if (is_turn (tokens, i, &angles[at_angle], letters_lead, parts_each) && ++at_angle > 1)
        return FALSE;
      if (!take_token (tokens, i, &angles[at_angle]))
        return FALSE;
    }
  return at_angle == 1;
}

static gboolean
is_on_globe (double lat_deg, double lon_deg)
{
  return fabs (lat_deg) <= 90 && fabs (lon_deg) <= 180;
}

static gboolean
parse_angles (const char *folded, double *lat_deg, double *lon_deg)
{
  Tokens tokens = { .decimal_comma = has_decimal_commas (folded) };
  Angle angles[2] = { { .axis = TOKEN_BREAK }, { .axis = TOKEN_BREAK } };
  double first, second;
  gboolean swapped;

  if (!tokenize (folded, &tokens) || !read_angles (&tokens, angles) || !finish_angle (&angles[0], &first)
      || !finish_angle (&angles[1], &second))
    return FALSE;
  for (guint i = 0; i < 2; i++)
    if (!angles[i].is_signed && !angles[i].has_decimals)
      return FALSE;
  /* A trailing word could be anything; two of one axis are nothing. */
  if (angles[0].axis != TOKEN_BREAK && angles[0].axis == angles[1].axis)
    return FALSE;
  swapped = angles[0].axis == TOKEN_LONGITUDE || angles[1].axis == TOKEN_LATITUDE;
  if (angles[0].axis == TOKEN_BREAK && angles[1].axis == TOKEN_BREAK)
    swapped = !is_on_globe (first, second);
  *lat_deg = swapped ? second : first;
  *lon_deg = swapped ? first : second;
  return is_on_globe (*lat_deg, *lon_deg);
}

/* ---- Plus codes ---- */

/* A full code: eight digits before the plus, none, two or more after it. */
static gboolean
parse_plus_code (const char *folded, double *lat_deg, double *lon_deg)
{
  static const char digits[] = "23456789cfghjmpqrvwx";
  double lat = -90, lon = -180, size_lat = 20 * 20, size_lon = 20 * 20;
  gsize length = strlen (folded);

  if (length < 9 || length > 16 || folded[8] != '+' || length == 10)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    {
      const char *digit = strchr (digits, folded[i]);
      gint value;
      if (i == 8)
        continue;
      if (digit == NULL)
        return FALSE;
      value = (gint) (digit - digits);
      if (i > 10)
        {
          size_lat /= 5;
          size_lon /= 4;
          lat += size_lat * (value / 4);
          lon += size_lon * (value % 4);
        }
      else if ((i < 8 ? i : i - 1) % 2 == 0)
        lat += (size_lat /= 20) * value;
      else
        lon += (size_lon /= 20) * value;
    }
  *lat_deg = lat + size_lat / 2;
  *lon_deg = lon + size_lon / 2;
  return is_on_globe (*lat_deg, *lon_deg);
}

/* ---- Addresses of maps ---- */

static gboolean
read_pair (const char *at, char between, double *lat_deg, double *lon_deg, const char **end)
{
  Token lat, lon;

  if (!read_number (&at, FALSE, &lat) || *at++ != between || !read_number (&at, FALSE, &lon))
    return FALSE;
  *lat_deg = lat.is_negative ? -lat.value : lat.value;
  *lon_deg = lon.is_negative ? -lon.value : lon.value;
  if (end != NULL)
    *end = at;
  return is_on_globe (*lat_deg, *lon_deg);
}

static gboolean
parse_map_address (const char *folded, double *lat_deg, double *lon_deg)
{
  static const char *const pairs[] = { "q=", "ll=", "query=", "destination=", "center=", "@" };
  const char *at = strstr (folded, "mlat=");
  Token lat, lon;

  if (!g_str_has_prefix (folded, "http://") && !g_str_has_prefix (folded, "https://"))
    return FALSE;
  if (at != NULL && (at += 5) != NULL && read_number (&at, FALSE, &lat) && (at = strstr (folded, "mlon=")) != NULL
      && (at += 5) != NULL && read_number (&at, FALSE, &lon))
    {
      *lat_deg = lat.is_negative ? -lat.value : lat.value;
      *lon_deg = lon.is_negative ? -lon.value : lon.value;
      return is_on_globe (*lat_deg, *lon_deg);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    if ((at = strstr (folded, pairs[i])) != NULL && read_pair (at + strlen (pairs[i]), ',', lat_deg, lon_deg, NULL))
      return TRUE;
  at = strstr (folded, "map=");
  at = at != NULL ? strchr (at, '/') : NULL;
  return at != NULL && read_pair (at + 1, '/', lat_deg, lon_deg, NULL);
}

gboolean
navi_coordinates_parse (const char *text, double *lat_deg, double *lon_deg)
{
  g_autofree char *folded = NULL;

  g_return_val_if_fail (text != NULL && lat_deg != NULL && lon_deg != NULL, FALSE);

  if (strlen (text) > MAX_TEXT_BYTES || !g_utf8_validate (text, -1, NULL))
    return FALSE;
  folded = g_strstrip (fold (text));
  return parse_map_address (folded, lat_deg, lon_deg) || parse_plus_code (folded, lat_deg, lon_deg)
         || parse_angles (folded, lat_deg, lon_deg);
}

/* ---- geo: URIs ---- */

/* "47.1,9.5" or "47.1,9.5,440": what stands after it is left in @end. */
static gboolean
read_geo_point (const char *at, NaviGeoUri *parsed, const char **end)
{
  Token altitude;

  if (!read_pair (at, ',', &parsed->lat_deg, &parsed->lon_deg, end))
    return FALSE;
  if (**end == ',')
    {
      (*end)++;
      return read_number (end, FALSE, &altitude);
    }
  return TRUE;
}

/* ";crs=wgs84;u=10": parameters; only another reference system is refused. */
static gboolean
read_parameters (const char *at, gsize length, NaviGeoUri *parsed)
{
  g_autofree char *text = g_ascii_strdown (at, (gssize) length);
  g_auto (GStrv) items = g_strsplit (text, ";", -1);

  for (guint i = 0; items[i] != NULL; i++)
    {
      Token uncertainty;
      const char *value = items[i] + 2;
      if (g_str_has_prefix (items[i], "crs=") && strcmp (items[i] + 4, "wgs84") != 0)
        return FALSE;
      if (g_str_has_prefix (items[i], "u=") && read_number (&value, FALSE, &uncertainty) && !uncertainty.is_negative)
        parsed->uncertainty_m = uncertainty.value;
    }
  return TRUE;
}

static char *
unescape_query (const char *text, gsize length)
{
  g_autofree char *spaced = g_strndup (text, length);
  g_autofree char *plain = NULL;

  plain = g_uri_unescape_string (g_strdelimit (spaced, "+", ' '), NULL);
  return plain != NULL && g_utf8_validate (plain, -1, NULL) ? g_steal_pointer (&plain) : NULL;
}

/* "q=47.1,9.5(Name)" or "q=words" */
static void
read_question (const char *query, NaviGeoUri *parsed)
{
  g_autofree char *text = NULL;
  const char *at = query, *end;
  double lat_deg, lon_deg;

  while (at != NULL && !g_str_has_prefix (at, "q="))
    {
      at = strchr (at, '&');
      at = at != NULL ? at + 1 : NULL;
    }
  if (at == NULL || (text = unescape_query (at + 2, strcspn (at + 2, "&#"))) == NULL || *g_strstrip (text) == '\0')
    return;
  if (!read_pair (text, ',', &lat_deg, &lon_deg, &end) || (*end != '\0' && *end != '(' && *end != ' '))
    {
      /* The convention "0,0" says that there is only a text. */
      parsed->has_position = parsed->lat_deg != 0 || parsed->lon_deg != 0;
      parsed->text = g_steal_pointer (&text);
      return;
    }
  parsed->lat_deg = lat_deg;
  parsed->lon_deg = lon_deg;
  end += strspn (end, " ");
  if (*end == '(')
    {
      const char *close = strrchr (end, ')');
      parsed->label = close != NULL ? g_strndup (end + 1, (gsize) (close - end - 1)) : g_strdup (end + 1);
    }
}

gboolean
navi_geo_uri_parse (const char *uri, NaviGeoUri *parsed)
{
  const char *end;
  gsize length;

  g_return_val_if_fail (uri != NULL && parsed != NULL, FALSE);

  *parsed = (NaviGeoUri){ .has_position = TRUE, .uncertainty_m = -1 };
  if (g_ascii_strncasecmp (uri, "geo:", 4) != 0 || !read_geo_point (uri + 4, parsed, &end))
    return FALSE;
  length = strcspn (end, "?#");
  if ((length > 0 && *end != ';') || !read_parameters (end, length, parsed))
    return FALSE;
  end += length;
  if (*end == '?')
    read_question (end + 1, parsed);
  return TRUE;
}

void
navi_geo_uri_clear (NaviGeoUri *parsed)
{
  g_clear_pointer (&parsed->label, g_free);
  g_clear_pointer (&parsed->text, g_free);
}

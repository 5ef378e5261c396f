/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-charset.h"

#include <errno.h>
#include <string.h>

/* The charset chain: valid UTF-8, declared, guess. */

#define GUESS_SAMPLE_BYTES 16384
#define ISO_2022_JP "ISO-2022-JP"
#define REPLACEMENT "\357\277\275"

static const struct
{
  const char *label;
  const char *iconv_name;
} labels[] = {
  { "gb2312", "GB18030" },        { "gb_2312-80", "GB18030" },     { "gbk", "GB18030" },           { "x-gbk", "GB18030" },
  { "cp936", "GB18030" },         { "euc-cn", "GB18030" },         { "chinese", "GB18030" },       { "gb18030", "GB18030" },
  { "big5", "BIG5-HKSCS" },       { "x-big5", "BIG5-HKSCS" },      { "cn-big5", "BIG5-HKSCS" },    { "big5-hkscs", "BIG5-HKSCS" },
  { "ks_c_5601-1987", "CP949" },  { "ks_c_5601", "CP949" },        { "ks_c_5601-1989", "CP949" },  { "euc-kr", "CP949" },
  { "iso-2022-jp", ISO_2022_JP },   { "csiso2022jp", ISO_2022_JP },    { "shift_jis", "CP932" },       { "shift-jis", "CP932" },
  { "sjis", "CP932" },            { "x-sjis", "CP932" },           { "windows-31j", "CP932" },     { "euc-jp", "EUC-JP-MS" },
  { "x-euc-jp", "EUC-JP-MS" },    { "iso-8859-1", "CP1252" },      { "iso8859-1", "CP1252" },      { "latin1", "CP1252" },
  { "us-ascii", "CP1252" },       { "ascii", "CP1252" },           { "x-unknown", "CP1252" },      { "iso-8859-9", "CP1254" },
  { "iso-8859-8-i", "CP1255" },   { "tis-620", "CP874" },          { "iso-8859-11", "CP874" },     { "utf8", "UTF-8" },
  { "unicode-1-1-utf-7", "UTF-7" },
};

/* Characters that text of a language can hardly do without; what a wrong charset yields is mostly not among them. */
static const char common_han[] =
  "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还发成"
  "事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几"
  "很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市眼体别处总才场师书比住员九笑性通目华报立马命张活难神"
  "您请谢件邮收付款合数据项会议发票单账户安排附箱查收祝顺"
  "這來個說們為時會對後還發當開經頭從動兩長現將與進實點種聲話給間電門東氣關並產員報馬張難請謝郵數據項議單賬戶應該請問開會聯絡資料附檔感謝";

const char *
mailer_charset_canonical (const char *declared)
{
  if (declared == NULL || *declared == '\0')
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
    if (g_ascii_strcasecmp (labels[i].label, declared) == 0)
      return labels[i].iconv_name;
  return declared;
}

/* ISO-2022-JP as its senders write it (with the NEC and IBM characters that iconv's own form refuses): the same bytes as EUC-JP. */
static char *
euc_from_iso_2022_jp (const char *bytes, gsize length, gsize *euc_length)
{
  GString *euc = g_string_sized_new (length + length / 4 + 4);
  char set = 'B';

  for (gsize i = 0; i < length; i++)
    {
      guchar c = bytes[i];

      if (c == 033 && i + 2 < length && bytes[i + 1] == '$' && (bytes[i + 2] == 'B' || bytes[i + 2] == '@'))
        set = '$', i += 2;
      else if (c == 033 && i + 3 < length && memcmp (bytes + i + 1, "$(D", 3) == 0)
        set = 'D', i += 3;
      else if (c == 033 && i + 2 < length && bytes[i + 1] == '(')
        set = bytes[i + 2], i += 2;
      else if (c == '\n' || c == '\r')
        set = 'B', g_string_append_c (euc, c);
      else if (c > 0x20 && c < 0x7f && set == 'I')
        g_string_append_printf (euc, "\216%c", c | 0x80);
      else if (c > 0x20 && c < 0x7f && (set == '$' || set == 'D') && i + 1 < length && (guchar) bytes[i + 1] > 0x20)
        {
          if (set == 'D')
            g_string_append_c (euc, '\217');
          g_string_append_c (euc, c | 0x80);
          g_string_append_c (euc, bytes[++i] | 0x80);
        }
      else
        g_string_append_c (euc, c);
    }
  *euc_length = euc->len;
  return g_string_free (euc, FALSE);
}

/* iconv with U+FFFD for each byte that has no meaning; counts those.  NULL if there is no such charset. */
static char *
convert_lossy (const char *bytes, gsize length, const char *charset, gsize *n_bad)
{
  gboolean jis = strcmp (charset, ISO_2022_JP) == 0;
  GIConv cd = g_iconv_open ("UTF-8", jis ? "EUC-JP-MS" : charset);
  g_autofree char *euc = NULL;
  GString *out;
  char *in = (char *) bytes;
  gsize left = length;

  *n_bad = 0;
  if (cd == (GIConv) -1)
    return NULL;
  if (jis)
    in = euc = euc_from_iso_2022_jp (bytes, length, &left);
  out = g_string_sized_new (length + length / 2 + 16);
  while (left > 0)
    {
      char buffer[4096];
      char *to = buffer;
      gsize room = sizeof buffer;
      gsize rc = g_iconv (cd, &in, &left, &to, &room);
      int why = errno;

      g_string_append_len (out, buffer, to - buffer);
      if (rc != (gsize) -1 || why == E2BIG)
        continue;
      g_string_append (out, REPLACEMENT);
      *n_bad += 1;
      if (left > 0)
        {
          in++;
          left--;
        }
    }
  g_iconv_close (cd);
  return g_string_free (out, FALSE);
}

static gboolean
is_seven_bit (const char *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (bytes[i] & 0x80)
      return FALSE;
  return TRUE;
}

static gboolean
is_wide (const char *name)
{
  return name != NULL && (g_ascii_strncasecmp (name, "UTF-16", 6) == 0 || g_ascii_strncasecmp (name, "UTF-32", 6) == 0 ||
                          g_ascii_strncasecmp (name, "UCS-", 4) == 0);
}

static GHashTable *
get_common_set (void)
{
  static gsize once = 0;
  static GHashTable *set = NULL;

  if (g_once_init_enter (&once))
    {
      GHashTable *table = g_hash_table_new (NULL, NULL);

      for (const char *p = common_han; *p != '\0'; p = g_utf8_next_char (p))
        g_hash_table_add (table, GUINT_TO_POINTER (g_utf8_get_char (p)));
      set = table;
      g_once_init_leave (&once, 1);
    }
  return set;
}

/* How much @text looks like text that somebody wrote: points per 1000 characters outside ASCII. */
static int
plausibility (const char *text)
{
  GHashTable *common = get_common_set ();
  gint64 n = 0;
  gint64 points = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c < 0x80)
        continue;
      n++;
      if (c == 0xfffd)
        points -= 20;
      else if ((c >= 0x3041 && c <= 0x30fe) || g_hash_table_contains (common, GUINT_TO_POINTER (c)))
        points += 3;
      else if ((c >= 0xac00 && c <= 0xd7a3) || (c >= 0x3000 && c <= 0x3011) || (c >= 0xff01 && c <= 0xff1f))
        points += 2;
      else if (c >= 0x4e00 && c <= 0x9fff)
        points += 1;
      else if ((c >= 0xe000 && c <= 0xf8ff) || (c >= 0x80 && c < 0xa0) || c > 0xffff || (c >= 0xff61 && c <= 0xff9f))
        points -= 5;
    }
  return n == 0 ? 0 : (int) (points * 1000 / n);
}

/* A Latin text has its letters outside ASCII alone among ASCII letters; a CJK text has them in runs. */
static gboolean
looks_western (const char *bytes, gsize length)
{
  gsize high = 0;
  gsize runs = 0;

  for (gsize i = 0; i < length; i++)
    if (bytes[i] & 0x80)
      {
        high++;
        if (i == 0 || !(bytes[i - 1] & 0x80))
          runs++;
      }
  return high * 2 < runs * 5;
}

/* Short Chinese words in GBK may happen to be valid UTF-8; they then read as accents and marks that nobody writes. */
static gboolean
is_doubtful_utf8 (const char *text, gsize length)
{
  guint n = 0;
  guint n_odd = 0;

  for (const char *p = text; p < text + length; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      GUnicodeScript script;

      if (c < 0x80)
        continue;
      if (c >= 0x800)
        return FALSE;
      script = g_unichar_get_script (c);
      n++;
      n_odd += !g_unichar_isalpha (c) || (script != G_UNICODE_SCRIPT_LATIN && script != G_UNICODE_SCRIPT_GREEK && script != G_UNICODE_SCRIPT_CYRILLIC);
    }
  return n >= 2 && n_odd * 3 >= n;
}

static char *
guess (const char *bytes, gsize length)
{
  static const char *const candidates[] = { "GB18030", "BIG5-HKSCS", "CP932", "EUC-JP-MS", "CP949" };
  const char *best = "CP1252";
  gsize sample = MIN (length, GUESS_SAMPLE_BYTES);
  int best_points = looks_western (bytes, sample) ? 2500 : 400; /* against the look of it, only the most common characters count */
  gsize n_bad;

  for (gsize i = 0; i < G_N_ELEMENTS (candidates); i++)
    {
      g_autofree char *text = convert_lossy (bytes, sample, candidates[i], &n_bad);
      int points = text != NULL ? plausibility (text) : G_MININT;

      if (points > best_points)
        {
          best_points = points;
          best = candidates[i];
        }
    }
  return convert_lossy (bytes, length, best, &n_bad);
}

/* NUL bytes end no text; they are dropped. */
static char *
without_nul (char *text, gsize length)
{
  gsize to = 0;

  for (gsize from = 0; from < length; from++)
    if (text[from] != '\0')
      text[to++] = text[from];
  text[to] = '\0';
  return text;
}

static char *
convert (const char *bytes, gsize length, const char *declared)
{
  const char *name = mailer_charset_canonical (declared);
  gboolean stateful = name != NULL && (g_ascii_strncasecmp (name, "ISO-2022", 8) == 0 ||
                                       g_ascii_strncasecmp (name, "HZ", 2) == 0 || g_ascii_strncasecmp (name, "UTF-7", 5) == 0);
  gboolean wide = is_wide (name);
  g_autofree char *text = NULL;
  gsize n_bad = 0;
  gsize n_high = 0;

  if (is_seven_bit (bytes, length) && !stateful && !wide && g_strstr_len (bytes, length, "\033$") != NULL)
    stateful = TRUE, name = ISO_2022_JP;
  if (!stateful && !wide && g_utf8_validate_len (bytes, length, NULL))
    {
      g_autofree char *other = is_doubtful_utf8 (bytes, length) ? convert_lossy (bytes, length, "GB18030", &n_bad) : NULL;

      if (other != NULL && n_bad == 0 && plausibility (other) >= 1500)
        return g_steal_pointer (&other);
      return g_strndup (bytes, length);
    }
  for (gsize i = 0; i < length; i++)
    n_high += (bytes[i] & 0x80) != 0;
  if (name != NULL && g_ascii_strcasecmp (name, "CP1252") != 0)
    {
      text = convert_lossy (bytes, length, name, &n_bad);
      if (text != NULL && (stateful || wide || n_bad * 20 <= n_high + 19))
        return g_steal_pointer (&text);
    }
  return guess (bytes, length);
}

char *
mailer_charset_to_utf8 (const char *bytes, gsize length, const char *declared)
{
  g_autofree char *clean = NULL;
  char *text;

  g_return_val_if_fail (bytes != NULL || length == 0, NULL);

  if (length == 0)
    return g_strdup ("");
  if (length >= 3 && memcmp (bytes, "\357\273\277", 3) == 0)
    {
      bytes += 3;
      length -= 3;
    }
  if (memchr (bytes, '\0', length) != NULL && !is_wide (mailer_charset_canonical (declared)))
    {
      clean = g_malloc (length + 1);
      memcpy (clean, bytes, length);
      without_nul (clean, length);
      bytes = clean;
      length = strlen (clean);
    }
  text = convert (bytes, length, declared);
  if (text == NULL)
    return g_strdup ("");
  if (!g_utf8_validate (text, -1, NULL))
    {
      char *valid = g_utf8_make_valid (text, -1);

      g_free (text);
      text = valid;
    }
  return text;
}

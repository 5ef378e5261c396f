/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-index"

#include "cloud-text.h"
#include "cloud-han.h"

#include <string.h>

/* Text becomes terms in one pass: each character is decomposed and folded, then joins the word at hand or ends it.
 *
 * Scripts written without blanks (Chinese, Japanese, Korean, Thai...) give one term a character.  A word of any length is then found as a phrase, one
 * character as a plain term, and an index takes less room than with pairs of characters.  All else gives words. */

/* A longer word (base64, mostly) is cut, in texts and in questions alike. */
#define TERM_BYTES_MAX 96

typedef enum
{
  KIND_BREAK,  /* between words */
  KIND_IGNORE, /* folded to nothing, inside a word */
  KIND_WORD,   /* part of a word */
  KIND_SINGLE, /* a term by itself */
  KIND_MARK,   /* belongs to the character before it, whatever that is */
} Kind;

typedef struct
{
  CloudTextFunc func;
  gpointer user_data;
  guint position;
  gboolean stopped;

  char term[TERM_BYTES_MAX + 8];
  gsize term_bytes;
  gsize start_byte;
  gsize end_byte;
  GUnicodeScript script; /* of the word at hand; COMMON while only digits came */
  gboolean single;
  gunichar single_char;  /* for voiced marks and jamo that compose with it */
} Tokenizer;

/* Letters that are another letter with a stroke, or two letters, without Unicode decomposing them. */
static const struct
{
  gunichar from;
  const char *to;
} letters[] = {
  { 0x00DF, "ss" }, { 0x00E6, "ae" }, { 0x00F0, "d" },  { 0x00F8, "o" },  { 0x00FE, "th" }, { 0x0111, "d" },
  { 0x0127, "h" },  { 0x0131, "i" },  { 0x0138, "k" },  { 0x0142, "l" },  { 0x014B, "n" },  { 0x0153, "oe" },
  { 0x0167, "t" },  { 0x0180, "b" },  { 0x0188, "c" },  { 0x0199, "k" },  { 0x01A5, "p" },  { 0x01AD, "t" },
  { 0x01B4, "y" },  { 0x01B6, "z" },  { 0x0253, "b" },  { 0x0257, "d" },  { 0x0260, "g" },  { 0x03C2, "\317\203" },
};

static gboolean
is_ignored (gunichar c)
{
  return c == 0x00AD || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x2064) ||
         c == 0xFEFF || c == 0x0640 || (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF);
}

/* Accents and points that readers leave out; the vowel signs of Indic scripts are marks too, but are the word. */
static gboolean
is_diacritic (gunichar c)
{
  return (c >= 0x0300 && c <= 0x036F) || (c >= 0x0591 && c <= 0x05C7) || (c >= 0x0610 && c <= 0x061A) ||
         (c >= 0x064B && c <= 0x065F) || c == 0x0670 || (c >= 0x06D6 && c <= 0x06ED) || (c >= 0x1AB0 && c <= 0x1AFF) ||
         (c >= 0x1DC0 && c <= 0x1DFF) || (c >= 0x20D0 && c <= 0x20FF) || (c >= 0x3099 && c <= 0x309A) ||
         (c >= 0xFE20 && c <= 0xFE2F);
}

static gboolean
is_unspaced (gunichar c, GUnicodeScript script)
{
  switch (script)
    {
    case G_UNICODE_SCRIPT_HAN:
    case G_UNICODE_SCRIPT_HIRAGANA:
    case G_UNICODE_SCRIPT_KATAKANA:
    case G_UNICODE_SCRIPT_HANGUL:
    case G_UNICODE_SCRIPT_BOPOMOFO:
    case G_UNICODE_SCRIPT_YI:
    case G_UNICODE_SCRIPT_THAI:
    case G_UNICODE_SCRIPT_LAO:
    case G_UNICODE_SCRIPT_KHMER:
    case G_UNICODE_SCRIPT_MYANMAR:
      return TRUE;
    default:
      return c == 0x30FC; /* the long vowel of both kana */
    }
}

static Kind
kind_of (gunichar c, GUnicodeScript *script)
{
  *script = G_UNICODE_SCRIPT_COMMON;
  if (is_ignored (c) || is_diacritic (c))
    return KIND_IGNORE;
  if (!g_unichar_isalnum (c))
    return g_unichar_ismark (c) ? KIND_MARK : KIND_BREAK;
  *script = g_unichar_get_script (c);
  if (*script == G_UNICODE_SCRIPT_INHERITED)
    *script = G_UNICODE_SCRIPT_COMMON;
  return is_unspaced (c, *script) ? KIND_SINGLE : KIND_WORD;
}

static void
flush (Tokenizer *self)
{
  if (self->term_bytes > 0 && !self->stopped)
    {
      self->stopped = !self->func (self->term, self->term_bytes, self->start_byte, self->end_byte, self->position, self->user_data);
      self->position++;
    }
  self->term_bytes = 0;
  self->single = FALSE;
  self->script = G_UNICODE_SCRIPT_COMMON;
}

static void
append (Tokenizer *self, gunichar c, gsize start_byte, gsize end_byte)
{
  if (self->term_bytes == 0)
    self->start_byte = start_byte;
  self->end_byte = end_byte;
  if (self->term_bytes < TERM_BYTES_MAX)
    self->term_bytes += g_unichar_to_utf8 (c, self->term + self->term_bytes);
}

static void
add_single (Tokenizer *self, gunichar c, gsize start_byte, gsize end_byte)
{
  gunichar composed;

  if (self->single && ((c >= 0x1161 && c <= 0x1175) || (c >= 0x11A8 && c <= 0x11C2)) &&
      g_unichar_compose (self->single_char, c, &composed))
    {
      self->term_bytes = g_unichar_to_utf8 (composed, self->term);
      self->end_byte = end_byte;
      self->single_char = composed;
      return;
    }
  flush (self);
  self->single = TRUE;
  self->single_char = c;
  append (self, cloud_han_fold (c), start_byte, end_byte);
}

/* One folded letter or digit of a word. */
static void
add_word_char (Tokenizer *self, gunichar c, GUnicodeScript script, gsize start_byte, gsize end_byte)
{
  if (self->single ||
      (script != G_UNICODE_SCRIPT_COMMON && self->script != G_UNICODE_SCRIPT_COMMON && script != self->script))
    flush (self);
  if (script != G_UNICODE_SCRIPT_COMMON)
    self->script = script;
  c = g_unichar_tolower (c);
  if (c > 0x7F)
    for (gsize i = 0; i < G_N_ELEMENTS (letters); i++)
      if (letters[i].from == c)
        {
          for (const char *p = letters[i].to; *p != '\0'; p = g_utf8_next_char (p))
            append (self, g_utf8_get_char (p), start_byte, end_byte);
          return;
        }
  append (self, c, start_byte, end_byte);
}

static void
add_ignored (Tokenizer *self, gunichar c, gsize end_byte)
{
  gunichar composed;

  if (self->term_bytes == 0)
    return;
  self->end_byte = end_byte;
  if (self->single && (c == 0x3099 || c == 0x309A) && g_unichar_compose (self->single_char, c, &composed))
    {
      self->term_bytes = g_unichar_to_utf8 (composed, self->term);
      self->single_char = composed;
    }
}

static void
add_folded (Tokenizer *self, gunichar c, gsize start_byte, gsize end_byte)
{
  GUnicodeScript script;

  switch (kind_of (c, &script))
    {
    case KIND_BREAK:
      flush (self);
      break;
    case KIND_IGNORE:
      add_ignored (self, c, end_byte);
      break;
    case KIND_MARK:
      if (self->term_bytes > 0)
        append (self, c, start_byte, end_byte);
      break;
    case KIND_SINGLE:
      add_single (self, c, start_byte, end_byte);
      break;
    case KIND_WORD:
      add_word_char (self, c, script, start_byte, end_byte);
      break;
    }
}

static void
add_char (Tokenizer *self, gunichar c, gsize start_byte, gsize end_byte)
{
  gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
  gsize n;

  /* These decompose to nothing else: the common characters of Chinese and Korean, and kana, whose voiced forms are letters of their own. */
  if ((c >= 0x3400 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0x3041 && c <= 0x30FE))
    {
      add_folded (self, c, start_byte, end_byte);
      return;
    }
  n = g_unichar_fully_decompose (c, TRUE, parts, G_N_ELEMENTS (parts));
  for (gsize i = 0; i < n; i++)
    add_folded (self, parts[i], start_byte, end_byte);
}

void
cloud_text_tokenize (const char *text, gssize length_bytes, CloudTextMode mode, CloudTextFunc func, gpointer user_data)
{
  Tokenizer self = { .func = func, .user_data = user_data, .script = G_UNICODE_SCRIPT_COMMON };
  gsize length = length_bytes < 0 ? (text != NULL ? strlen (text) : 0) : (gsize) length_bytes;
  gsize at = 0;

  g_return_if_fail (text != NULL || length == 0);
  g_return_if_fail (func != NULL);

  while (at < length && !self.stopped)
    {
      guchar byte = text[at];
      gunichar c;
      gsize next;

      if (byte < 0x80)
        {
          if (g_ascii_isalnum (byte))
            add_word_char (&self, byte, g_ascii_isdigit (byte) ? G_UNICODE_SCRIPT_COMMON : G_UNICODE_SCRIPT_LATIN, at, at + 1);
          else
            flush (&self);
          at++;
          continue;
        }
      c = g_utf8_get_char_validated (text + at, length - at);
      if (c >= (gunichar) -2)
        {
          flush (&self);
          at++;
          continue;
        }
      next = at + g_unichar_to_utf8 (c, NULL);
      add_char (&self, c, at, next);
      at = next;
    }
  flush (&self);
}

/* ---- What two spellings have in common ---- */

typedef struct
{
  GString *out;
  gsize last_end;
  gboolean last_single;
} Folding;

static gboolean
is_single_term (const char *term, gsize term_bytes)
{
  gunichar c = g_utf8_get_char_validated (term, term_bytes);

  return c < (gunichar) -2 && is_unspaced (c, g_unichar_get_script (c));
}

static gboolean
fold_term (const char *term, gsize term_bytes, gsize start_byte, gsize end_byte, guint position, gpointer user_data)
{
  Folding *folding = user_data;
  gboolean single = is_single_term (term, term_bytes);

  if (folding->out->len > 0 && !(single && folding->last_single && start_byte <= folding->last_end))
    g_string_append_c (folding->out, ' ');
  g_string_append_len (folding->out, term, term_bytes);
  folding->last_end = end_byte;
  folding->last_single = single;
  return TRUE;
}

char *
cloud_text_fold (const char *text, gssize length_bytes)
{
  Folding folding = { .out = g_string_new (NULL) };

  cloud_text_tokenize (text, length_bytes, CLOUD_TEXT_DOCUMENT, fold_term, &folding);
  return g_string_free (folding.out, FALSE);
}

/* ---- Pinyin ---- */

gboolean
cloud_text_pinyin (const char *text, gssize length_bytes, char **full, char **initials)
{
  g_autofree char *folded = NULL;
  g_autofree gunichar *chars = NULL;
  g_autoptr (GString) sounds = g_string_new (NULL);
  g_autoptr (GString) firsts = g_string_new (NULL);
  gboolean any = FALSE;
  glong n = 0;

  if (full != NULL)
    *full = NULL;
  if (initials != NULL)
    *initials = NULL;
  folded = cloud_text_fold (text, length_bytes);
  chars = g_utf8_to_ucs4_fast (folded, -1, &n);
  for (glong i = 0; i < n;)
    {
      const char *syllables[CLOUD_HAN_WORD_MAX];
      guint known = cloud_han_word (chars + i, n - i, syllables);

      if (known == 0 && (syllables[0] = cloud_han_pinyin (chars[i])) != NULL)
        known = 1;
      for (guint k = 0; k < known; k++)
        {
          g_string_append (sounds, syllables[k]);
          g_string_append_c (firsts, syllables[k][0]);
        }
      if (known == 0)
        {
          g_string_append_unichar (sounds, chars[i]);
          g_string_append_unichar (firsts, chars[i]);
        }
      any |= known > 0;
      i += MAX (known, 1);
    }
  if (!any)
    return FALSE;
  if (full != NULL)
    *full = g_string_free (g_steal_pointer (&sounds), FALSE);
  if (initials != NULL)
    *initials = g_string_free (g_steal_pointer (&firsts), FALSE);
  return TRUE;
}

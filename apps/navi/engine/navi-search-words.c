/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-search"

#include "navi-search-words.h"

#include "cloud-text.h"

#include <string.h>

/* Takes typed text apart. */

typedef struct
{
  char *text;
  gsize start;
  gsize end;
  gboolean is_single; /* of a script without blanks */
} Token;

static void
token_clear (gpointer data)
{
  g_free (((Token *) data)->text);
}

static gboolean
on_term (const char *term, gsize term_bytes, gsize start_byte, gsize end_byte, guint position, gpointer user_data)
{
  GArray *tokens = user_data;
  Token token = { g_strndup (term, term_bytes), start_byte, end_byte, FALSE };
  gunichar c = g_utf8_get_char (token.text);
  GUnicodeScript script = g_unichar_get_script (c);

  token.is_single = script == G_UNICODE_SCRIPT_HAN || script == G_UNICODE_SCRIPT_HIRAGANA || script == G_UNICODE_SCRIPT_KATAKANA
                    || script == G_UNICODE_SCRIPT_HANGUL || script == G_UNICODE_SCRIPT_THAI;
  g_array_append_val (tokens, token);
  return tokens->len < NAVI_SEARCH_MAX_WORDS;
}

static GArray *
tokenize (const char *text)
{
  GArray *tokens = g_array_new (FALSE, FALSE, sizeof (Token));

  g_array_set_clear_func (tokens, token_clear);
  cloud_text_tokenize (text, -1, CLOUD_TEXT_QUERY, on_term, tokens);
  return tokens;
}

static const Token *
token_at (const GArray *tokens, guint index)
{
  return &g_array_index (tokens, Token, index);
}

/* ---- Wishes ---- */

typedef enum
{
  WISH_OPEN_NOW,
  WISH_NEARBY,
  WISH_NEAR_NEXT,     /* what follows is the anchor: "fuel near Vaduz" */
  WISH_NEAR_PREVIOUS, /* what comes before is: "瓦杜兹附近的加油站"; nothing before it: nearby */
} Wish;

/* The longer before those they begin with. */
static const struct
{
  const char *text;
  Wish wish;
} wishes[] = {
  { "open now", WISH_OPEN_NOW },
  { "now open", WISH_OPEN_NOW },
  { "jetzt geöffnet", WISH_OPEN_NOW },
  { "jetzt offen", WISH_OPEN_NOW },
  { "aberto agora", WISH_OPEN_NOW },
  { "ouvert maintenant", WISH_OPEN_NOW },
  { "正在营业", WISH_OPEN_NOW },
  { "现在营业", WISH_OPEN_NOW },
  { "营业中的", WISH_OPEN_NOW },
  { "营业中", WISH_OPEN_NOW },
  { "near me", WISH_NEARBY },
  { "close to me", WISH_NEARBY },
  { "around here", WISH_NEARBY },
  { "near here", WISH_NEARBY },
  { "nearby", WISH_NEARBY },
  { "nearest", WISH_NEARBY },
  { "in der nähe von", WISH_NEAR_NEXT },
  { "in der nähe", WISH_NEARBY },
  { "perto de mim", WISH_NEARBY },
  { "perto de", WISH_NEAR_NEXT },
  { "près de moi", WISH_NEARBY },
  { "près de", WISH_NEAR_NEXT },
  { "close to", WISH_NEAR_NEXT },
  { "near", WISH_NEAR_NEXT },
  { "我附近的", WISH_NEARBY },
  { "我附近", WISH_NEARBY },
  { "附近的", WISH_NEAR_PREVIOUS },
  { "附近", WISH_NEAR_PREVIOUS },
  { "最近的", WISH_NEARBY },
};

static gboolean
begins_at (const GArray *tokens, guint at, const GArray *phrase)
{
  if (phrase->len == 0 || at + phrase->len > tokens->len)
    return FALSE;
  for (guint i = 0; i < phrase->len; i++)
    if (strcmp (token_at (tokens, at + i)->text, token_at (phrase, i)->text) != 0)
      return FALSE;
  return TRUE;
}

static char *
text_between (const char *text, const GArray *tokens, guint first, guint end)
{
  gsize from = token_at (tokens, first)->start, to = token_at (tokens, end - 1)->end;

  return g_strndup (text + from, to - from);
}

/* Takes the wish at @at out of the tokens, with its anchor; FALSE if too little were left. */
static gboolean
grant (NaviSearchWords *self, const char *text, GArray *tokens, guint at, guint length, Wish wish)
{
  guint after = at + length;

  if (length == tokens->len)
    return FALSE;
  if (wish == WISH_OPEN_NOW)
    self->open_now = TRUE;
  else
    self->nearby = TRUE;
  if (wish == WISH_NEAR_NEXT && at > 0 && after < tokens->len && self->anchor == NULL)
    {
      self->anchor = text_between (text, tokens, after, tokens->len);
      g_array_set_size (tokens, at);
    }
  else if (wish == WISH_NEAR_PREVIOUS && at > 0 && after < tokens->len && self->anchor == NULL)
    {
      self->anchor = text_between (text, tokens, 0, at);
      g_array_remove_range (tokens, 0, after);
    }
  else
    g_array_remove_range (tokens, at, length);
  return TRUE;
}

static void
take_wishes (NaviSearchWords *self, const char *text, GArray *tokens)
{
  for (gsize i = 0; i < G_N_ELEMENTS (wishes); i++)
    {
      g_autoptr (GArray) phrase = tokenize (wishes[i].text);
      for (guint at = 0; at < tokens->len; at++)
        if (begins_at (tokens, at, phrase) && grant (self, text, tokens, at, phrase->len, wishes[i].wish))
          break;
    }
}

/* ---- Words ---- */

static const struct
{
  const char *text;
  const char *stands_for;
} short_forms[] = {
  { "st", "street" },      { "rd", "road" },      { "ave", "avenue" },       { "av", "avenida" }, { "avda", "avenida" },
  { "blvd", "boulevard" }, { "bd", "boulevard" }, { "str", "strasse" },      { "r", "rua" },      { "tv", "travessa" },
  { "trav", "travessa" },  { "lg", "largo" },     { "lgo", "largo" },        { "pc", "praca" },   { "pca", "praca" },
  { "pl", "platz" },       { "sq", "square" },    { "ln", "lane" },          { "dr", "doutor" },  { "eng", "engenheiro" },
  { "prof", "professor" }, { "sto", "santo" },    { "sta", "santa" },        { "s", "sao" },      { "hwy", "highway" },
  { "ch", "chemin" },      { "bhf", "bahnhof" },  { "hbf", "hauptbahnhof" },
};

static const char *const optional_words[]
    = { "in", "at",  "the", "of", "de", "da", "do", "dos", "das", "der", "die", "von", "bei", "im", "am", "le", "la",
        "du", "des", "les", "em", "no", "na", "um", "to",  "a",   "的",  "市",  "区",  "县",  "省", "镇", "村", "号" };

static gboolean
is_optional_word (const char *text)
{
  for (gsize i = 0; i < G_N_ELEMENTS (optional_words); i++)
    if (strcmp (text, optional_words[i]) == 0)
      return TRUE;
  return FALSE;
}

char *
navi_search_words_drop_optional (const char *folded)
{
  g_auto (GStrv) words = g_strsplit (folded, " ", -1);
  guint kept = 0;

  for (guint i = 0; words[i] != NULL; i++)
    if (is_optional_word (words[i]))
      g_free (words[i]);
    else
      words[kept++] = words[i];
  words[kept] = NULL;
  return g_strjoinv (" ", words);
}

static void
set_forms (NaviSearchWord *word)
{
  gsize length = strlen (word->text);

  for (gsize i = 0; i < G_N_ELEMENTS (short_forms); i++)
    if (strcmp (word->text, short_forms[i].text) == 0)
      word->other = short_forms[i].stands_for;
  if (length > 4 && g_str_has_suffix (word->text, "str"))
    word->spelled_out = g_strconcat (word->text, "asse", NULL);
  else if (length > 4 && g_str_has_suffix (word->text, "ies"))
    word->spelled_out = g_strdup_printf ("%.*sy", (int) length - 3, word->text);
  else if (length > 3 && g_str_has_suffix (word->text, "s"))
    word->spelled_out = g_strndup (word->text, length - 1);
}

/* "12", "12a", and the letter of "12 a" */
static gboolean
is_number (const GArray *tokens, guint at)
{
  const Token *token = token_at (tokens, at);

  if (g_ascii_isdigit (token->text[0]))
    return TRUE;
  return at > 0 && g_ascii_isalpha (token->text[0]) && token->text[1] == '\0'
         && g_ascii_isdigit (token_at (tokens, at - 1)->text[0]);
}

static void
word_clear (gpointer data)
{
  NaviSearchWord *word = data;

  g_free (word->text);
  g_free (word->spelled_out);
}

NaviSearchWords *
navi_search_words_new (const char *text, gboolean typing, gboolean with_wishes)
{
  NaviSearchWords *self = g_new0 (NaviSearchWords, 1);
  g_autoptr (GArray) tokens = tokenize (text);
  gsize length = strlen (text);
  guint run = 0;

  self->words = g_array_new (FALSE, FALSE, sizeof (NaviSearchWord));
  g_array_set_clear_func (self->words, word_clear);
  if (with_wishes)
    take_wishes (self, text, tokens);
  for (guint i = 0; i < tokens->len; i++)
    {
      const Token *token = token_at (tokens, i);
      gboolean touches
          = i > 0 && token->is_single && token_at (tokens, i - 1)->is_single && token_at (tokens, i - 1)->end == token->start;
      NaviSearchWord word = { .text = g_strdup (token->text), .is_number = is_number (tokens, i) };
      /* What follows a house number in Chinese is no word. */
      if (i > 0 && (strcmp (token->text, "号") == 0 || strcmp (token->text, "弄") == 0) && is_number (tokens, i - 1))
        {
          g_free (word.text);
          continue;
        }
      if (token->is_single)
        word.run = touches ? run : ++run;
      word.goes_on = typing && !token->is_single && i + 1 == tokens->len && token->end == length;
      word.is_optional = is_optional_word (word.text) && tokens->len > 1 && !word.goes_on && !word.is_number;
      if (!token->is_single)
        set_forms (&word);
      g_array_append_val (self->words, word);
    }
  return self;
}

void
navi_search_words_free (NaviSearchWords *self)
{
  g_array_unref (self->words);
  g_free (self->anchor);
  g_free (self);
}

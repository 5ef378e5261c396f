/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-index"

#include "cloud-han.h"
#include "cloud-han-tables.h"

/* Lookups in the generated tables: an array index for the common block, bisection in the short lists of rare characters. */

G_STATIC_ASSERT (HAN_WORD_MAX <= CLOUD_HAN_WORD_MAX);

gunichar
cloud_han_fold (gunichar c)
{
  gsize low = 0;
  gsize high = G_N_ELEMENTS (han_fold_rare);

  if (c >= HAN_FIRST && c <= HAN_LAST)
    {
      guint16 to = han_fold_pages[han_fold_index[(c - HAN_FIRST) / HAN_PAGE] * HAN_PAGE + (c - HAN_FIRST) % HAN_PAGE];

      if (to != 0)
        return to;
    }
  while (low < high)
    {
      gsize middle = (low + high) / 2;

      if (han_fold_rare[middle].from == c)
        return han_fold_rare[middle].to;
      if (han_fold_rare[middle].from < c)
        low = middle + 1;
      else
        high = middle;
    }
  return c;
}

const char *
cloud_han_pinyin (gunichar c)
{
  gsize low = 0;
  gsize high = G_N_ELEMENTS (han_pinyin_rare);

  if (c >= HAN_FIRST && c <= HAN_LAST)
    {
      guint16 number = han_pinyin_pages[han_pinyin_index[(c - HAN_FIRST) / HAN_PAGE] * HAN_PAGE + (c - HAN_FIRST) % HAN_PAGE];

      return number != 0 ? han_syllables[number] : NULL;
    }
  while (low < high)
    {
      gsize middle = (low + high) / 2;

      if (han_pinyin_rare[middle].from == c)
        return han_syllables[han_pinyin_rare[middle].to];
      if (han_pinyin_rare[middle].from < c)
        low = middle + 1;
      else
        high = middle;
    }
  return NULL;
}

/* The words are sorted by their first character, the longer ones of a character first. */
static gsize
first_word_of (gunichar c)
{
  gsize low = 0;
  gsize high = G_N_ELEMENTS (han_words);

  while (low < high)
    {
      gsize middle = (low + high) / 2;

      if (han_words[middle].word[0] < c)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

guint
cloud_han_word (const gunichar *text, guint length, const char *syllables[CLOUD_HAN_WORD_MAX])
{
  g_return_val_if_fail (text != NULL && length > 0, 0);

  for (gsize i = first_word_of (text[0]); i < G_N_ELEMENTS (han_words) && han_words[i].word[0] == text[0]; i++)
    {
      guint n = 0;

      while (han_words[i].word[n] != 0 && n < length && han_words[i].word[n] == text[n])
        n++;
      if (han_words[i].word[n] != 0)
        continue;
      for (guint k = 0; k < n; k++)
        syllables[k] = han_syllables[han_words[i].syllables[k]];
      return n;
    }
  return 0;
}

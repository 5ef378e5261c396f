/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The one text pipeline of the suite: how text becomes the terms that are stored and looked for, the same in the mail index, the saved pages and
 * Navi's region search.
 *
 * Case, diacritics and full and half width are folded, variant Chinese characters (traditional, simplified, compatibility) are made equal,
 * text is split where the script changes ("重跑gen" gives two runs), Latin runs give words, CJK runs give one term a character: a word of two or
 * more characters is the phrase of them.  Chinese names have a second form in pinyin, whole and as initials.
 *
 * Threading: pure functions, any thread.  Errors: none; bytes that are no UTF-8 separate words.
 * Source: UAX #29 (word boundaries), UAX #15 (NFKD), Unihan (kSimplifiedVariant, kMandarin). */

/* Changes whenever the same text would give other terms; an index stores it and is rebuilt when it differs. */
#define CLOUD_TEXT_VERSION 1

typedef enum
{
  CLOUD_TEXT_DOCUMENT, /* the terms to store */
  CLOUD_TEXT_QUERY,    /* the terms that must follow one another in a document for it to match */
} CloudTextMode;

/* @term: UTF-8, not NUL-terminated; @start_byte, @end_byte: where it stands in the text; @position: terms that follow one another
 * have positions one apart; the same position twice means two forms of one word.  Return FALSE to stop. */
typedef gboolean (*CloudTextFunc) (const char *term, gsize term_bytes, gsize start_byte, gsize end_byte, guint position, gpointer user_data);

/* Calls @func for each term.  Both modes give the same terms today; a caller still says which it wants.
 * @length_bytes: -1 if NUL-terminated. */
void cloud_text_tokenize (const char *text, gssize length_bytes, CloudTextMode mode, CloudTextFunc func, gpointer user_data);

/* (transfer full): the text with everything folded that the pipeline folds, words separated by one space: what two spellings of one thing
 * have in common. */
char *cloud_text_fold (const char *text, gssize length_bytes);

/* Pinyin without tones of the Chinese characters in @text ("上海" gives "shanghai" and "sh"; characters with several readings use the most
 * common one, except in well-known names: "重庆" gives "chongqing"; u with diaeresis is v, as it is typed).  Other folded text stays.  FALSE, and NULLs, if there is no Chinese in it.  (transfer full) both. */
gboolean cloud_text_pinyin (const char *text, gssize length_bytes, char **full, char **initials);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is known of single Chinese characters: tables made from Unihan when the project is built.
 *
 * Threading: pure functions over constant data, any thread.
 * Source: UAX #38 (kSimplifiedVariant, kSemanticVariant, kZVariant, kMandarin). */

/* The character that @c and its variants have in common; @c itself if it has none. */
gunichar cloud_han_fold (gunichar c);

/* (nullable): the reading of @c without tone. */
const char *cloud_han_pinyin (gunichar c);

/* The readings of the longest known word that begins at @text[0] (folded characters); 0 if there is none, else how many characters it has, each
 * with its entry in @syllables. */
#define CLOUD_HAN_WORD_MAX 8
guint cloud_han_word (const gunichar *text, guint length, const char *syllables[CLOUD_HAN_WORD_MAX]);

G_END_DECLS

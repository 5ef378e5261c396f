/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud-text.h"

#include <string.h>

typedef struct
{
  GString *out;
  guint stop_after;
  guint position;
} Collector;

static gboolean
collect (const char *term, gsize term_bytes, gsize start_byte, gsize end_byte, guint position, gpointer user_data)
{
  Collector *collector = user_data;

  g_assert_cmpuint (start_byte, <, end_byte);
  g_assert_cmpuint (position, ==, collector->position++);
  if (collector->out->len > 0)
    g_string_append_c (collector->out, '|');
  g_string_append_len (collector->out, term, term_bytes);
  g_string_append_printf (collector->out, "@%" G_GSIZE_FORMAT "-%" G_GSIZE_FORMAT, start_byte, end_byte);
  return collector->stop_after == 0 || collector->position < collector->stop_after;
}

static char *
terms_of (const char *text, gssize length, guint stop_after)
{
  Collector collector = { g_string_new (NULL), stop_after, 0 };

  cloud_text_tokenize (text, length, CLOUD_TEXT_DOCUMENT, collect, &collector);
  return g_string_free (collector.out, FALSE);
}

static void
test_terms (void)
{
  static const struct
  {
    const char *text;
    const char *terms;
  } cases[] = {
    { "Hello, World", "hello@0-5|world@7-12" },
    { "重跑gen", "重@0-3|跑@3-6|gen@6-9" },
    { "W700手机", "w700@0-4|手@4-7|机@7-10" },
    { "Ａｂｃ１２", "abc12@0-15" },
    { "naïve Straße", "naive@0-6|strasse@7-14" },
    { "e\u0301tude", "etude@0-7" },
    { "Москва3Moscow", "москва3@0-13|moscow@13-19" },
    { "㈱名", "株@0-3|名@3-6" },
    { "ｶﾞ", "ガ@0-6" },
    { "\u1112\u1161\u11ab", "한@0-9" },
    { "", "" },
    { " \t,.!", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *terms = terms_of (cases[i].text, -1, 0);

      g_assert_cmpstr (terms, ==, cases[i].terms);
    }
}

static void
test_folds_alike (void)
{
  static const char *const pairs[][2] = {
    { "Ｇｒüßｅ", "GRUSSE" },      { "圖書館", "图书馆" },     { "重慶", "重庆" },           { "臺灣", "台湾" },
    { "裏面裡", "里面里" },        { "峯", "峰" },             { "戶", "户" },               { "\uf900", "豈" },
    { "ﬁne", "fine" },             { "Łódź", "lodz" },         { "Øresund", "oresund" },     { "İstanbul", "istanbul" },
    { "ΣΊΣΥΦΟΣ", "σισυφος" },      { "Ёлка", "елка" },         { "co\u00adoperate", "cooperate" }, { "①号", "1号" },
    { "ㄱ", "\u1100" },            { "が", "か\u3099" },       { "שָׁלוֹם", "שלום" },          { "A  b\n\nC", "a-b c" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *a = cloud_text_fold (pairs[i][0], -1);
      g_autofree char *b = cloud_text_fold (pairs[i][1], -1);

      g_assert_cmpstr (a, ==, b);
      g_assert_cmpuint (strlen (a), >, 0);
    }
}

static void
test_fold_keeps_words_apart (void)
{
  g_autofree char *folded = cloud_text_fold ("重跑gen 2025年，ガラス", -1);

  g_assert_cmpstr (folded, ==, "重跑 gen 2025 年 ガラス");
}

static void
test_different_stays_different (void)
{
  static const char *const pairs[][2] = { { "大", "太" }, { "か", "が" }, { "की", "का" }, { "未", "末" }, { "แก", "แม" } };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *a = cloud_text_fold (pairs[i][0], -1);
      g_autofree char *b = cloud_text_fold (pairs[i][1], -1);

      g_assert_cmpstr (a, !=, b);
    }
}

static void
test_pinyin (void)
{
  static const struct
  {
    const char *text;
    const char *full;
    const char *initials;
  } cases[] = {
    { "上海", "shanghai", "sh" },
    { "重庆", "chongqing", "cq" },
    { "重慶", "chongqing", "cq" },
    { "長沙", "changsha", "cs" },
    { "厦门", "xiamen", "xm" },
    { "西藏", "xizang", "xz" },
    { "旅顺", "lvshun", "ls" },
    { "成都市", "chengdushi", "cds" },
    { "林登瑙 Lindenau", "lindengnao lindenau", "ldn lindenau" },
  };
  char *full;
  char *initials;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_true (cloud_text_pinyin (cases[i].text, -1, &full, &initials));
      g_assert_cmpstr (full, ==, cases[i].full);
      g_assert_cmpstr (initials, ==, cases[i].initials);
      g_free (full);
      g_free (initials);
    }
  g_assert_false (cloud_text_pinyin ("Lindenau", -1, &full, &initials));
  g_assert_null (full);
  g_assert_null (initials);
}

static void
test_hostile_bytes (void)
{
  g_autofree char *terms = terms_of ("ab\377cd\0ef\xe9\x87", 10, 0);
  g_autofree char *first = terms_of ("one two three", -1, 1);
  g_autofree char *longest = NULL;
  g_autofree char *word = g_strnfill (5000, 'x');
  g_autofree char *short_word = NULL;

  g_assert_cmpstr (terms, ==, "ab@0-2|cd@3-5|ef@6-8");
  g_assert_cmpstr (first, ==, "one@0-3");
  longest = cloud_text_fold (word, -1);
  g_assert_cmpuint (strlen (longest), <, 200);
  short_word = cloud_text_fold (word, 4000);
  g_assert_cmpstr (longest, ==, short_word);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cloud/text/terms-and-where-they-stand", test_terms);
  g_test_add_func ("/cloud/text/spellings-fold-alike", test_folds_alike);
  g_test_add_func ("/cloud/text/fold-keeps-words-apart", test_fold_keeps_words_apart);
  g_test_add_func ("/cloud/text/different-words-stay-different", test_different_stays_different);
  g_test_add_func ("/cloud/text/pinyin-of-names", test_pinyin);
  g_test_add_func ("/cloud/text/bytes-that-are-no-text", test_hostile_bytes);
  return g_test_run ();
}

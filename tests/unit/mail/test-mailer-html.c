/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailer-html.h"

#include <string.h>

static const MailerBlock *
find_block (MailerRichText *rich, MailerBlockKind kind, guint nth)
{
  for (guint i = 0; i < mailer_rich_text_get_n_blocks (rich); i++)
    {
      const MailerBlock *block = mailer_rich_text_get_block (rich, i);

      if (block->kind == kind && nth-- == 0)
        return block;
    }
  return NULL;
}

static void
test_structure (void)
{
  g_autoptr (MailerRichText) rich =
    mailer_html_parse ("<h2>Notice</h2><p>Dear <b>all</b>,<br>see   below</p><ol start=3><li>one<li>two</ol><ul><li>dot</ul>"
                       "<blockquote>old <blockquote>older</blockquote></blockquote><table><tr><td>A<td>B</tr><tr><td>C<td>D</table><pre>  x\n y</pre>");
  const MailerBlock *block = find_block (rich, MAILER_BLOCK_HEADING, 0);

  g_assert_cmpstr (block->text, ==, "Notice");
  g_assert_cmpuint (block->level, ==, 2);
  block = find_block (rich, MAILER_BLOCK_PARAGRAPH, 0);
  g_assert_cmpstr (block->text, ==, "Dear all,\nsee below");
  g_assert_cmpuint (block->n_spans, ==, 1);
  g_assert_cmpuint (block->spans[0].flags, ==, MAILER_SPAN_BOLD);
  g_assert_cmpuint (find_block (rich, MAILER_BLOCK_LIST_ITEM, 0)->number, ==, 3);
  g_assert_cmpuint (find_block (rich, MAILER_BLOCK_LIST_ITEM, 1)->number, ==, 4);
  g_assert_cmpuint (find_block (rich, MAILER_BLOCK_LIST_ITEM, 2)->number, ==, 0);
  g_assert_cmpuint (find_block (rich, MAILER_BLOCK_PARAGRAPH, 1)->quote_depth, ==, 1);
  g_assert_cmpuint (find_block (rich, MAILER_BLOCK_PARAGRAPH, 2)->quote_depth, ==, 2);
  g_assert_cmpstr (find_block (rich, MAILER_BLOCK_ROW, 1)->text, ==, "C\tD");
  g_assert_cmpstr (find_block (rich, MAILER_BLOCK_PREFORMATTED, 0)->text, ==, "  x\n y");
}

/* What is underlined is the link, without the blanks around it; blanks stay one each. */
static void
test_blanks_around_links (void)
{
  g_autoptr (MailerRichText) rich = mailer_html_parse ("<p>You  asked. <a href='https://l.example/'> Leave <b>the</b> list </a> or <i> not</i>.</p>");
  const MailerBlock *block = find_block (rich, MAILER_BLOCK_PARAGRAPH, 0);
  g_autoptr (GString) links = g_string_new (NULL);

  g_assert_cmpstr (block->text, ==, "You asked. Leave the list or not.");
  for (guint i = 0; i < block->n_spans; i++)
    if (block->spans[i].link != NULL)
      g_string_append_len (links, block->text + block->spans[i].start_byte, block->spans[i].end_byte - block->spans[i].start_byte);
  g_assert_cmpstr (links->str, ==, "Leave the list");
}

static void
test_hostile_markup (void)
{
  g_autoptr (MailerRichText) rich =
    mailer_html_parse ("<script>alert(1)</script><style>p{}</style><p onclick=x()>shown<span style='display: none'>hidden</span></p>"
                       "<a href='javascript:alert(1)'>js</a> <a href=' data:text/html,x'>data</a> <a href='https://evil.example/'>www.bank.example</a>"
                       "<img src=https://t.example/p.gif width=1 height=1><img src='https://t.example/photo.jpg' alt='A photo'><img src='cid:logo@x' alt=logo>"
                       "<iframe src=https://t.example/></iframe><svg><text>drawn</text></svg><form><input value=secret></form>"
                       "<p>abc\342\200\256fdp.exe</p>");
  g_autofree char *text = mailer_rich_text_to_text (rich);
  g_autofree char *markup = NULL;
  guint n_links = 0;

  g_assert_null (strstr (text, "alert"));
  g_assert_null (strstr (text, "hidden"));
  g_assert_null (strstr (text, "drawn"));
  g_assert_null (strstr (text, "\342\200\256"));
  g_assert_nonnull (strstr (text, "shown"));
  for (guint i = 0; i < mailer_rich_text_get_n_blocks (rich); i++)
    {
      const MailerBlock *block = mailer_rich_text_get_block (rich, i);

      for (guint s = 0; s < block->n_spans; s++)
        if (block->spans[s].link != NULL)
          {
            n_links++;
            g_assert_cmpstr (block->spans[s].link, ==, "https://evil.example/");
            g_assert_true (block->spans[s].flags & MAILER_SPAN_DECEPTIVE);
            markup = mailer_block_to_markup (block);
            g_assert_nonnull (strstr (markup, "[evil.example]"));
          }
    }
  g_assert_cmpuint (n_links, ==, 1);
  g_assert_cmpuint (mailer_rich_text_get_n_remote (rich), ==, 3);
  g_assert_cmpuint (mailer_rich_text_get_n_trackers (rich), ==, 1);
  g_assert_cmpstr (find_block (rich, MAILER_BLOCK_IMAGE, 0)->text, ==, "A photo");
  g_assert_null (find_block (rich, MAILER_BLOCK_IMAGE, 0)->content_id);
  g_assert_cmpstr (find_block (rich, MAILER_BLOCK_IMAGE, 1)->content_id, ==, "logo@x");
}

typedef struct
{
  const char *name, *unit;
} Hostile;

static const Hostile hostile[] = {
  { "tables", "<table><tr><td>" }, { "bold", "<b>x" }, { "divisions", "<div>y</div>" }, { "lists", "<ul><li>" },
  { "links", "<a href=https://e.example/>z" }, { "ends", "</i>" }, { "paragraphs", "<p>w" },
};

/* The address sanitizer walks the stack at every allocation. */
#ifdef __SANITIZE_ADDRESS__
#define HOSTILE_BYTES (512 * 1024)
#else
#define HOSTILE_BYTES (10 * 1024 * 1024)
#endif

/* Megabytes of each kind of nesting end, with what text there is and a bound on what is kept; whoever takes hours instead is
 * stopped by the runner. */
static void
test_hostile_size (gconstpointer data)
{
  const Hostile *kind = data;
  g_autoptr (GString) html = g_string_new ("<p>first<b><b><b><b>");
  g_autoptr (MailerRichText) rich = NULL;

  while (html->len < HOSTILE_BYTES)
    g_string_append (html, kind->unit);
  rich = mailer_html_parse (html->str);
  g_assert_cmpuint (mailer_rich_text_get_n_blocks (rich), <=, 20000);
  g_assert_true (g_str_has_prefix (mailer_rich_text_get_block (rich, 0)->text, "first"));
}

static void
test_plain_text (void)
{
  g_autoptr (MailerRichText) rich = mailer_rich_text_new_from_text ("See https://a.example/x(1). Mail li@b.example!\n> quoted\n>> deep\n\nend");
  const MailerBlock *block = mailer_rich_text_get_block (rich, 0);

  g_assert_cmpuint (mailer_rich_text_get_n_blocks (rich), ==, 4);
  g_assert_cmpuint (block->n_spans, ==, 2);
  g_assert_cmpstr (block->spans[0].link, ==, "https://a.example/x(1)");
  g_assert_cmpstr (block->spans[1].link, ==, "mailto:li@b.example");
  g_assert_cmpuint (mailer_rich_text_get_block (rich, 1)->quote_depth, ==, 1);
  g_assert_cmpuint (mailer_rich_text_get_block (rich, 2)->quote_depth, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mailer/html/keeps-structure", test_structure);
  g_test_add_func ("/mailer/html/blanks-around-links", test_blanks_around_links);
  g_test_add_func ("/mailer/html/disarms-hostile-markup", test_hostile_markup);
  for (gsize i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      g_autofree char *path = g_strconcat ("/mailer/html/bounded-for-megabytes-of-", hostile[i].name, NULL);

      g_test_add_data_func (path, &hostile[i], test_hostile_size);
    }
  g_test_add_func ("/mailer/rich-text/links-and-quotes-in-plain-text", test_plain_text);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailer-charset.h"
#include "mailer-html.h"

#include <stdint.h>
#include <string.h>

/* Whatever the markup: valid text, spans in order within it, links of harmless schemes, markup that parses. */

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
ignore_text (GMarkupParseContext *context, const char *text, gsize length, gpointer user_data, GError **error)
{
}

static void
check_link (const char *link)
{
  static const char *const schemes[] = { "http:", "https:", "mailto:", "tel:", "geo:", "mid:" };
  gboolean good = FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (schemes); i++)
    good |= g_ascii_strncasecmp (link, schemes[i], strlen (schemes[i])) == 0;
  g_assert_true (good);
}

static void
check_block (const MailerBlock *block)
{
  static const GMarkupParser parser = { .text = ignore_text };
  GMarkupParseContext *context = g_markup_parse_context_new (&parser, 0, NULL, NULL);
  g_autofree char *markup = mailer_block_to_markup (block);
  g_autofree char *whole = g_strconcat ("<m>", markup, "</m>", NULL);
  g_autoptr (GError) error = NULL;
  guint at = 0;

  g_assert_true (g_utf8_validate (block->text, -1, NULL));
  for (guint i = 0; i < block->n_spans; i++)
    {
      g_assert_cmpuint (block->spans[i].start_byte, >=, at);
      g_assert_cmpuint (block->spans[i].end_byte, >=, block->spans[i].start_byte);
      at = block->spans[i].end_byte;
      g_assert_cmpuint (at, <=, strlen (block->text));
      if (block->spans[i].link != NULL)
        check_link (block->spans[i].link);
    }
  g_markup_parse_context_parse (context, whole, -1, &error);
  g_assert_no_error (error);
  g_markup_parse_context_free (context);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *html = mailer_charset_to_utf8 ((const char *) data, size, "utf-8");
  g_autoptr (MailerRichText) rich = mailer_html_parse (html);
  g_autoptr (MailerRichText) plain = mailer_rich_text_new_from_text (html);
  g_autofree char *text = mailer_rich_text_to_text (rich);

  for (guint i = 0; i < mailer_rich_text_get_n_blocks (rich); i++)
    check_block (mailer_rich_text_get_block (rich, i));
  for (guint i = 0; i < mailer_rich_text_get_n_blocks (plain); i++)
    check_block (mailer_rich_text_get_block (plain, i));
  return 0;
}

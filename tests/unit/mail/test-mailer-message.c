/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailer-charset.h"
#include "mailer-message.h"
#include "mailer-text.h"

#include <string.h>

static MailerMessage *
parse (const char *source, gssize length)
{
  g_autoptr (GBytes) bytes = g_bytes_new (source, length < 0 ? strlen (source) : (gsize) length);

  return mailer_message_new_from_bytes (bytes);
}

static void
test_headers (void)
{
  g_autoptr (MailerMessage) message =
    parse ("From: =?gb2312?B?1cXI/Q==?= <zhang@example.org>\r\n"
           "To: Doe, John <j@example.org>, \"Li, Mei\" <mei@example.org>, friends: a@example.org, b@example.org;\r\n"
           "Subject: =?utf-8?B?5Lya6A==?= =?utf-8?B?rq4=?= =?utf-8?Q?_caf=C3=A9?=\r\n"
           "Date: Mon, 23 Nov 2026 20:15:00 +0800\r\nMessage-ID: <one@example.org>\r\n"
           "References: <r1@example.org>\r\n\t<r2@example.org>\r\nIn-Reply-To: <r3@example.org>\r\n\r\nbody\r\n", -1);
  const GPtrArray *to = mailer_message_get_to (message);
  gint64 unix_us = 0;

  g_assert_cmpstr (((MailerAddress *) g_ptr_array_index (mailer_message_get_from (message), 0))->name, ==, "张三");
  g_assert_cmpuint (to->len, ==, 4);
  g_assert_cmpstr (((MailerAddress *) g_ptr_array_index (to, 0))->name, ==, "Doe, John");
  g_assert_cmpstr (((MailerAddress *) g_ptr_array_index (to, 1))->name, ==, "Li, Mei");
  g_assert_cmpstr (((MailerAddress *) g_ptr_array_index (to, 3))->address, ==, "b@example.org");
  g_assert_cmpstr (mailer_message_get_subject (message), ==, "会议 café");
  g_assert_true (mailer_message_get_date (message, &unix_us));
  g_assert_cmpint (unix_us, ==, G_GINT64_CONSTANT (1795436100000000));
  g_assert_cmpstr (mailer_message_get_id (message), ==, "one@example.org");
  g_assert_cmpuint (g_strv_length ((char **) mailer_message_get_references (message)), ==, 3);
  g_assert_cmpstr (mailer_message_get_text (message), ==, "body\n");
  g_assert_null (mailer_message_get_html (message));
}

static void
test_charsets (void)
{
  static const struct
  {
    const char *bytes;
    const char *declared;
    const char *text;
  } cases[] = {
    { "\xc4\xfa\xba\xc3\xa3\xac\xc7\xeb\xb2\xe9\xca\xd5\xb8\xbd\xbc\xfe", NULL, "您好，请查收附件" },
    { "\xe9\x46\xbb\xf9", "gb2312", "镕基" },
    { "\xb1\x7a\xa6\x6e\xa1\x41\xc1\xc2\xc1\xc2", "big5", "您好，謝謝" },
    { "\x1b$B5D;vO?\x1b(B", "iso-2022-jp", "議事録" },
    { "\x1b$B-!\x1b(B", "ISO-2022-JP", "①" },
    { "Gr\xfc\xdf" "e", "iso-8859-1", "Grüße" },
    { "\x93quoted\x94", "us-ascii", "“quoted”" },
    { "Gr\xc3\xbc\xc3\x9f" "e", "iso-8859-1", "Grüße" },
    { "caf\xe9 na\xefve", NULL, "café naïve" },
    { "\xcd\xa3\xcb\xae\xcd\xa8\xd6\xaa", NULL, "停水通知" },
    { "\xd0\x94\xd0\xbe\xd0\xb3\xd0\xbe\xd0\xb2\xd0\xbe\xd1\x80", NULL, "Договор" },
    { "\xd5\xc5\xc8\xfd\xff ok", "gb2312", "张三\xef\xbf\xbd ok" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = mailer_charset_to_utf8 (cases[i].bytes, strlen (cases[i].bytes), cases[i].declared);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_filenames (void)
{
  static const struct
  {
    const char *disposition;
    const char *filename;
  } cases[] = {
    { "attachment; filename*0*=gb2312''%D5%C5%C8; filename*1*=%FD;\r\n filename*2=.txt", "张三.txt" },
    { "attachment; filename*=UTF-8''%E4%BC%9A%E8%AE%AE.pdf; filename=\"x.pdf\"", "会议.pdf" },
    { "attachment; filename=\"=?utf-8?B?5Lya6K6u?=.pdf\"", "会议.pdf" },
    { "attachment; filename=a b.pdf", "a b.pdf" },
    { "attachment; filename=\"../../etc/passwd\"", "passwd" },
    { "attachment; filename=\"C:\\\\dir\\\\x.doc\"", "x.doc" },
    { "attachment; size=3; foo; filename=\"long\"; filename=\"second\"", "long" },
    { "attachment", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *source = g_strdup_printf ("Content-Type: application/octet-stream\r\nContent-Disposition: %s\r\n"
                                                 "Content-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n", cases[i].disposition);
      g_autoptr (MailerMessage) message = parse (source, -1);
      MailerPart *part = mailer_message_get_part (message, 0);
      g_autofree char *sha256 = mailer_part_dup_sha256 (part);

      g_assert_cmpuint (mailer_message_get_n_parts (message), ==, 1);
      g_assert_cmpstr (mailer_part_get_filename (part), ==, cases[i].filename);
      g_assert_cmpint (mailer_part_get_size (part), ==, 5);
      g_assert_cmpstr (sha256, ==, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
    }
}

static void
test_flowed (void)
{
  g_autofree char *joined = mailer_text_unflow ("> quoted \n> on\nHello \nworld\n-- \nme\n", FALSE);
  g_autofree char *delsp = mailer_text_unflow ("会议 \n纪要\n", TRUE);

  g_assert_cmpstr (joined, ==, "> quoted on\nHello world\n-- \nme\n");
  g_assert_cmpstr (delsp, ==, "会议纪要\n");
}

static void
test_bodies (void)
{
  g_autoptr (MailerMessage) message =
    parse ("Content-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: multipart/related; boundary=r\n\n"
           "--r\nContent-Type: multipart/alternative; boundary=a\n\n--a\nContent-Type: text/plain; charset=utf-8\n\nplain\n"
           "--a\nContent-Type: text/html\n\n<p>rich<img src=cid:i1>\n--a--\n"
           "--r\nContent-Type: image/png\nContent-ID: <i1>\n\npng\n--r--\n"
           "--m\nContent-Type: text/plain; name=notes.txt\nContent-Disposition: attachment\n\nnotes\n"
           "--m\nContent-Type: message/rfc822\n\nSubject: inner\n\ninner body\n--m--\n", -1);

  g_assert_cmpstr (mailer_message_get_text (message), ==, "plain");
  g_assert_nonnull (strstr (mailer_message_get_html (message), "rich"));
  g_assert_cmpuint (mailer_message_get_n_parts (message), ==, 3);
  g_assert_true (mailer_part_is_inline (mailer_message_get_part (message, 0)));
  g_assert_cmpstr (mailer_part_get_content_id (mailer_message_get_part (message, 0)), ==, "i1");
  g_assert_cmpstr (mailer_part_get_filename (mailer_message_get_part (message, 1)), ==, "notes.txt");
  g_assert_cmpstr (mailer_part_get_filename (mailer_message_get_part (message, 2)), ==, "inner.eml");
}

typedef struct
{
  const char *name, *start, *unit;
} Hostile;

static const Hostile hostile[] = {
  { "addresses", "To: ", "a," },
  { "encoded-words", "Subject: ", "=?x?Q?" },
  { "header-fields", "", "X: y\n" },
  { "parts", "Content-Type: multipart/mixed; boundary=b\n\n", "--b\n\nx\n" },
  { "nested-messages", "Content-Type: message/rfc822\n\n", "Content-Type: message/rfc822\n\n" },
  { "parameters", "Content-Type: x; ", "a=b;" },
};

/* The address sanitizer copies at every realloc and walks the stack at every allocation. */
#ifdef __SANITIZE_ADDRESS__
#define HOSTILE_BYTES (256 * 1024)
#else
#define HOSTILE_BYTES (4 * 1024 * 1024)
#endif

/* Megabytes of what would take a parser hours or gigabytes end, within the bounds on what is kept; whoever takes hours instead is
 * stopped by the runner. */
static void
test_hostile (gconstpointer data)
{
  const Hostile *kind = data;
  g_autoptr (GString) source = g_string_new (kind->start);
  g_autoptr (MailerMessage) message = NULL;

  while (source->len < HOSTILE_BYTES)
    g_string_append (source, kind->unit);
  g_string_append (source, "\n\nend");
  message = parse (source->str, source->len);
  g_assert_nonnull (mailer_message_get_text (message));
  g_assert_cmpuint (mailer_message_get_n_parts (message), <=, 1000);
  g_assert_cmpuint (mailer_message_get_to (message)->len, <=, 2000);
}

static void
test_subjects (void)
{
  gboolean reply;
  g_autofree char *base = mailer_text_base_subject ("Re: [list] RE[2]: 回复：会议 Plan", &reply);
  g_autofree char *preview = mailer_text_preview ("On Monday, Li wrote:\n> old\n\nNew  words\nhere\n-- \nsig", 50);

  g_assert_cmpstr (base, ==, "会议 plan");
  g_assert_true (reply);
  g_assert_cmpstr (preview, ==, "New words here");
}

/* Who is quoted stands above the quotation, in whatever words: it is no part of what the sender says. */
static void
test_attributions (void)
{
  static const char *const texts[] = {
    "I can do it.\n\nMia\n\nJonas Weber:\n> Hello all,\n",
    "I can do it.\n\nMia\n\nAm 3. März schrieb Jonas Weber <jonas@example.org>:\n\n> Hello all,\n",
    "I can do it.\n\nMia\n\nOn Tue, 3 Mar 2026 at 18:02, Jonas Weber <jonas@example.org>\nwrote:\n> Hello all,\n",
    "I can do it.\n\nMia\n\n王伟：\n> 你好\n",
    "王伟 于 2026年3月3日写道：\n> 你好\nI can do it.\n\nMia\n",
  };
  g_autofree char *list = mailer_text_preview ("Please bring:\nbread\n\n\n> a quotation", 50);

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *preview = mailer_text_preview (texts[i], 50);

      g_assert_cmpstr (preview, ==, "I can do it. Mia");
    }
  g_assert_cmpstr (list, ==, "Please bring: bread");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mailer/message/reads-headers", test_headers);
  g_test_add_func ("/mailer/charset/chain", test_charsets);
  g_test_add_func ("/mailer/message/filenames-in-every-form", test_filenames);
  g_test_add_func ("/mailer/text/joins-flowed-lines", test_flowed);
  g_test_add_func ("/mailer/message/chooses-bodies-and-attachments", test_bodies);
  for (gsize i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      g_autofree char *path = g_strconcat ("/mailer/message/bounded-for-hostile-", hostile[i].name, NULL);

      g_test_add_data_func (path, &hostile[i], test_hostile);
    }
  g_test_add_func ("/mailer/text/base-subject-and-preview", test_subjects);
  g_test_add_func ("/mailer/text/preview-without-who-is-quoted", test_attributions);
  return g_test_run ();
}

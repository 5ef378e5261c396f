/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The text of a scrap of HTML, as search services put it into titles and snippets: tags dropped, entities resolved, blanks squeezed, escaped once too
 * often or not.
 *
 * Threading: pure function, any thread.  Errors: none, whatever the bytes. */

/* @html: (nullable).  Returns: (transfer full): valid UTF-8, "" for NULL */
char *search_plain_from_html (const char *html);

G_END_DECLS

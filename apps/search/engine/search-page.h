/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* SearchPage: a page kept on this device: where it came from, its title and main text (see search-extract.h).
 *
 * Threading: immutable, any thread.  Ownership: GObject; getters are transfer none. */

#define SEARCH_TYPE_PAGE (search_page_get_type ())
G_DECLARE_FINAL_TYPE (SearchPage, search_page, SEARCH, PAGE, GObject)

/* Properties, read-only: "title", "url" (strings).
 * @text, @kinds: (nullable): a list of pages is loaded without them. */
SearchPage *search_page_new (gint64 id, const char *url, const char *title, const char *text, const char *kinds, const char *language,
                             gint64 saved_unix_us);

gint64 search_page_get_id (SearchPage *self);
const char *search_page_get_url (SearchPage *self);
const char *search_page_get_title (SearchPage *self);
const char *search_page_get_text (SearchPage *self);     /* (nullable) */
const char *search_page_get_kinds (SearchPage *self);    /* (nullable) */
const char *search_page_get_language (SearchPage *self); /* (nullable) */
gint64 search_page_get_saved_unix_us (SearchPage *self);

G_END_DECLS

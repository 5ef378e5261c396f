/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What windows say about errors, ages, distances and sizes, translated, the same in every app.
 *
 * Threading: any thread after cloud_log_init.  Ownership: as each function says. */

/* What may be offered beside an error. */
typedef enum
{
  CIRRUS_REMEDY_NONE,     /* nothing that a button could do */
  CIRRUS_REMEDY_RETRY,    /* "Try Again" */
  CIRRUS_REMEDY_SIGN_IN,  /* "Sign In": open the account's page */
  CIRRUS_REMEDY_UNLOCK,   /* "Unlock": ask for the passphrase */
  CIRRUS_REMEDY_STORAGE,  /* "Free Up Space": open the storage page */
} CirrusRemedy;

/* A headline of two to five words ("No Connection") and one sentence that says what it means and what to do, chosen by the code of
 * @error (CLOUD_ERROR; anything else is told as damage we have no words for).  NULL for G_IO_ERROR_CANCELLED, which is no error.
 * The message of @error is never part of it.  (transfer none) (nullable) */
const char *cirrus_error_title (const GError *error);
const char *cirrus_error_sentence (const GError *error);

CirrusRemedy cirrus_error_remedy (const GError *error);

/* The button's label, or NULL for CIRRUS_REMEDY_NONE. (transfer none) (nullable) */
const char *cirrus_remedy_label (CirrusRemedy remedy);

/* "just now", "5 minutes ago", "3 hours ago", "yesterday", "4 days ago", then the date.  A moment ahead of @now_unix_us (a clock
 * that was set) is "just now".  (transfer full) */
char *cirrus_format_age (gint64 then_unix_us, gint64 now_unix_us);

/* For a list: "14:05" today, "Mon" within a week, "3 Nov" this year, "3 Nov 2024" before, in local time. (transfer full) */
char *cirrus_format_list_time (gint64 then_unix_us, gint64 now_unix_us);

/* "40 m", "350 m", "1.2 km", "87 km"; feet and miles where the locale measures so. (transfer full) */
char *cirrus_format_distance (double distance_m);

/* "5 min", "1 h 20 min"; at least "1 min". (transfer full) */
char *cirrus_format_duration (double duration_s);

/* @text with the space that Chinese typography wants between its characters and Latin letters or figures, for sentences that are put together
 * from parts in either: "用DuckDuckGo搜索" becomes "用 DuckDuckGo 搜索", "用百度搜索" stays. (transfer full) */
char *cirrus_space_scripts (const char *text);

/* "12 kB", "3.4 MB". (transfer full) */
char *cirrus_format_size (guint64 size_bytes);

/* TRUE where LC_MEASUREMENT says miles. */
gboolean cirrus_measures_in_miles (void);

G_END_DECLS

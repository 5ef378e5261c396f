/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-search.h"

G_BEGIN_DECLS

/* What tests of searching share: a region made of an extract in a folder of its own, and its answers as one line.
 *
 * Threading: the test's thread.  Ownership: the case owns its fields.  Errors: a failed step ends the test. */

typedef struct
{
  char *folder;
  char *osm;  /* the made-up extract, if that is what it is made of */
  char *path; /* of the region */
  NaviRegion *region;
  NaviSearch *search;
} NaviSearchCase;

/* @text: the extract itself.  @file: (nullable): an extract to import instead. */
void navi_search_case_open (NaviSearchCase *self, const char *text, const char *file);
void navi_search_case_close (NaviSearchCase *self);

/* (transfer full): "kind:name|kind:name~" of the first @most answers; a house whose place is guessed ends with "~". */
char *navi_search_case_ask (NaviSearchCase *self, const NaviSearchQuery *query, guint most);

G_END_DECLS

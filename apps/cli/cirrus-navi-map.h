/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cirrus-cli.h"

G_BEGIN_DECLS

/* The verbs of `cirrus navi` that have to do with the window's map: a picture of it, and the plan that it shows. */
/* "9.52,47.14"; @name says of which argument a message speaks.  Errors: INVALID. */
gboolean cirrus_navi_parse_point (const char *text, const char *name, double *lat_deg, double *lon_deg, GError **error);

int cirrus_navi_render (int argc, char **argv);
int cirrus_navi_plan (int argc, char **argv);

/* A recording laid on the roads (cirrus-navi-match.c). */
int cirrus_navi_match (int argc, char **argv);

G_END_DECLS

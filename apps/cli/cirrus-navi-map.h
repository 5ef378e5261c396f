/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cirrus-cli.h"

G_BEGIN_DECLS

/* The verbs of `cirrus navi` that have to do with the window's map: a picture of it, and the plan that it shows. */
int cirrus_navi_render (int argc, char **argv);
int cirrus_navi_plan (int argc, char **argv);

G_END_DECLS

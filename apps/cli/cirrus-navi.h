/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cirrus-cli.h"

G_BEGIN_DECLS

/* `cirrus navi ...`: regions, routes and places. */
int cirrus_navi (int argc, char **argv);

G_END_DECLS

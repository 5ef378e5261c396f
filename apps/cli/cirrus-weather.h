/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cirrus-cli.h"

G_BEGIN_DECLS

/* `cirrus weather ...` */
int cirrus_weather (int argc, char **argv);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Asks for a secret at the terminal, unseen, or reads the first line of @fd (if >= 0).
 *
 * Threading: blocks; the command line only.  Ownership: (transfer full), to be dropped by cloud_secret_free().
 * Errors: INVALID: there is no terminal and no descriptor, or it gave nothing. */
char *cirrus_secret_input (const char *prompt, int fd, GError **error);

G_END_DECLS

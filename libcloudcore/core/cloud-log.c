/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-core"

#include "cloud-log.h"
#include "config.h"

#include <glib/gi18n-lib.h>
#include <locale.h>

/* The same start for every program of the suite. */

void
cloud_log_init (const char *program)
{
  g_return_if_fail (program != NULL);

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, CIRRUS_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_prgname (program);
  g_log_writer_default_set_use_stderr (TRUE);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Limits of time in tests: what is enough on an ordinary machine, CIRRUS_TEST_SLOWNESS times as long (under sanitizers, on a slow one). */
static inline guint
test_seconds (guint seconds)
{
  const char *slowness = g_getenv ("CIRRUS_TEST_SLOWNESS");

  return seconds * (slowness != NULL ? (guint) CLAMP (g_ascii_strtoull (slowness, NULL, 10), 1, 100) : 1);
}

static inline gint64
test_seconds_us (guint seconds)
{
  return test_seconds (seconds) * (gint64) G_USEC_PER_SEC;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "hal-gps"

#include "hal-source.h"

/* The interface's signals and the calls through it. */

G_DEFINE_INTERFACE (HalSource, hal_source, G_TYPE_OBJECT)

enum
{
  SIGNAL_FIX,
  SIGNAL_SATELLITES,
  SIGNAL_NMEA,
  SIGNAL_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
hal_source_default_init (HalSourceInterface *iface)
{
  GType type = HAL_TYPE_SOURCE;

  signals[SIGNAL_FIX] = g_signal_new ("fix", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                      CLOUD_TYPE_FIX | G_SIGNAL_TYPE_STATIC_SCOPE);
  signals[SIGNAL_SATELLITES] = g_signal_new ("satellites", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                             G_TYPE_ARRAY | G_SIGNAL_TYPE_STATIC_SCOPE);
  signals[SIGNAL_NMEA] = g_signal_new ("nmea", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                       G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                         G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
}

const char *
hal_source_get_name (HalSource *self)
{
  g_return_val_if_fail (HAL_IS_SOURCE (self), NULL);

  return HAL_SOURCE_GET_IFACE (self)->get_name (self);
}

HalSourceCapabilities
hal_source_get_capabilities (HalSource *self)
{
  g_return_val_if_fail (HAL_IS_SOURCE (self), 0);

  return HAL_SOURCE_GET_IFACE (self)->get_capabilities (self);
}

void
hal_source_start (HalSource *self, const HalSourceDemand *demand)
{
  g_return_if_fail (HAL_IS_SOURCE (self));
  g_return_if_fail (demand != NULL);

  HAL_SOURCE_GET_IFACE (self)->start (self, demand);
}

void
hal_source_stop (HalSource *self)
{
  g_return_if_fail (HAL_IS_SOURCE (self));

  HAL_SOURCE_GET_IFACE (self)->stop (self);
}

void
hal_source_emit_fix (HalSource *self, CloudFix *fix)
{
  g_signal_emit (self, signals[SIGNAL_FIX], 0, fix);
}

void
hal_source_emit_satellites (HalSource *self, GArray *satellites)
{
  g_signal_emit (self, signals[SIGNAL_SATELLITES], 0, satellites);
}

void
hal_source_emit_nmea (HalSource *self, const char *sentence)
{
  g_signal_emit (self, signals[SIGNAL_NMEA], 0, sentence);
}

void
hal_source_emit_failed (HalSource *self, const GError *error)
{
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
}

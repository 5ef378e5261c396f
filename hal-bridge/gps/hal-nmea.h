/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cloud-fix.h"

G_BEGIN_DECLS

/* HalNmea: NMEA 0183 bytes in, fixes out: one fix for each instant, made of all sentences that bear that instant.
 *
 * Understands GGA, RMC, GSA, GSV, GLL, GNS, VTG, ZDA and GST of any talker; ignores all else, proprietary sentences too.
 * Bytes may come in pieces of any size, with binary noise between and inside.  A sentence with a wrong checksum is dropped, and
 * one without a checksum too once the stream has shown that it uses them.  An instant in which any sentence says "void" (RMC or
 * GLL status V, GGA quality 0, GNS all N, GSA without a fix) gives no fix.
 *
 * The date comes from RMC or ZDA and is carried over midnight; before the first date a fix lies on 1970-01-01.  Receivers whose
 * week counter rolled over report dates 1,024 weeks early: with a reference time these are moved forward.
 *
 * Threading: one thread at a time.  Ownership: what callbacks are given belongs to the parser.  Errors: none; what cannot be
 * read is not a fix.
 * Source: NMEA 0183 as documented in gpsd's "NMEA Revealed"; IS-GPS-200 (week number modulo 1,024). */

typedef struct _HalNmea HalNmea;

/**
 * HalNmeaCallbacks:
 * @fix: an instant is complete; monotonic_us is when its first sentence came, source is ""
 * @satellites: (nullable): the sky as a whole, at most once an instant
 * @sentence: (nullable): a whole sentence with a right checksum, from '$' on, known or not
 */
typedef struct
{
  void (*fix) (CloudFix *fix, gpointer data);
  void (*satellites) (const CloudSatellite *satellites, guint n_satellites, gpointer data);
  void (*sentence) (const char *sentence, gpointer data);
} HalNmeaCallbacks;

/* Returns: (transfer full) */
HalNmea *hal_nmea_new (const HalNmeaCallbacks *callbacks, gpointer data);
void hal_nmea_free (HalNmea *nmea);

/* About when the data are from, for live receivers: resolves the week rollover and a missing date.  0: don't. */
void hal_nmea_set_reference_time (HalNmea *nmea, gint64 unix_us);

void hal_nmea_feed (HalNmea *nmea, const void *bytes, gsize length);

/* The stream has ended or pauses: what was collected of the present instant is all there is. */
void hal_nmea_flush (HalNmea *nmea);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HalNmea, hal_nmea_free)

G_END_DECLS

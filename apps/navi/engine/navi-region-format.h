/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The bytes of a region file's frame, shared by its reader and its writer; navi-region.h describes them. */

#define NAVI_REGION_MAGIC "\x89NAVIRG\n"
#define NAVI_REGION_HEADER_BYTES 64
#define NAVI_REGION_ALIGN 8

typedef struct
{
  guint8 magic[8];
  guint32 version;
  guint32 n_sections;
  guint64 file_bytes;
  guint64 table_offset;
  guint32 table_crc;
  guint32 zero_1[6];
  guint32 header_crc;
} NaviRegionHeader;

typedef struct
{
  guint32 id;
  guint32 item_bytes;
  guint64 offset;
  guint64 length;
  guint64 crcs_offset;
  guint32 crcs_crc;
  guint32 zero;
} NaviRegionEntry;

G_STATIC_ASSERT (sizeof (NaviRegionHeader) == NAVI_REGION_HEADER_BYTES);
G_STATIC_ASSERT (sizeof (NaviRegionEntry) == 40);
/* The file is used as it lies in memory. */
G_STATIC_ASSERT (G_BYTE_ORDER == G_LITTLE_ENDIAN);

G_END_DECLS

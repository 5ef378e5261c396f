/* SPDX-License-Identifier: GPL-3.0-or-later */
#error "wall: curl is spoken only in libcloudcore/http (ARCHITECTURE.md, Walls)"

/* SPDX-License-Identifier: GPL-3.0-or-later */
#error "wall: libetpan is spoken only in apps/mail/engine (ARCHITECTURE.md, Walls)"

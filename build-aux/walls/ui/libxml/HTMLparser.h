/* SPDX-License-Identifier: GPL-3.0-or-later */
#error "wall: a UI sees an engine's GObjects only (ARCHITECTURE.md, Walls)"

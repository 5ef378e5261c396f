/* SPDX-License-Identifier: GPL-3.0-or-later */
#error "wall: engines, libcloudcore and hal-bridge build without GTK (ARCHITECTURE.md, Walls)"

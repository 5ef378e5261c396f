/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* All of apps/common in one include.
 *
 * Style classes of style.css, beside libadwaita's (title-1, title-2, heading, body, caption, caption-heading, dim-label, numeric,
 * pill, circular, card, boxed-list, flat, suggested-action, destructive-action):
 *   .chip            a quiet rounded label
 *   .round-button    a round 48 px button over a map or picture (with .accent: filled with the app's colour)
 *   .search-pill     a floating, rounded box that holds an entry and buttons, 48 px high
 *   .sheet           a bottom sheet: rounded at the top, on the window's colour, with a shadow; .sheet-handle its grip
 *   .floating        a shadow under anything that lies over content
 *   .figure          the one large number of a screen (56 px, light, tabular); .figure-small 28 px
 *   .avatar-row      a list row of 72 px with 12 px sides
 *   .section-title   the caption over a group of rows
 *   .accent          the app's colour as text
 * Space: 6, 12, 18, 24 px.
 *
 * Icons of our own, by name, in every window (Adwaita's are there too; maneuvers are Navi's, conditions Weather's):
 *   cirrus-X-symbolic            swap outbox inbox archive draft reader globe private appearance storage offline
 *   cirrus-picture-X-symbolic    the illustrations of CirrusStatusView
 * Draw a symbolic icon with filled shapes: GTK 4.8 fills every path, circle and rect, also those that have only a stroke. */

#include "cirrus-about.h"
#include "cirrus-age-chip.h"
#include "cirrus-application.h"
#include "cirrus-balanced.h"
#include "cirrus-compat.h"
#include "cirrus-offline-banner.h"
#include "cirrus-page.h"
#include "cirrus-shell.h"
#include "cirrus-skeleton-list.h"
#include "cirrus-status-view.h"
#include "cirrus-storage-page.h"
#include "cirrus-text.h"
#include "cirrus-theme.h"
#include "cirrus-window.h"

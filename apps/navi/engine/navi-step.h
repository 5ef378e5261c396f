/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* NaviStep: one instruction of a route: what to do at a point, and the road that follows.
 *
 * Threading: immutable after the route is made; any thread.
 * Ownership: strings belong to the step; never NULL, "" where there is none. */

typedef enum
{
  NAVI_MANEUVER_DEPART,
  NAVI_MANEUVER_TURN,
  NAVI_MANEUVER_NEW_NAME,
  NAVI_MANEUVER_CONTINUE,
  NAVI_MANEUVER_MERGE,
  NAVI_MANEUVER_ON_RAMP,
  NAVI_MANEUVER_OFF_RAMP,
  NAVI_MANEUVER_FORK,
  NAVI_MANEUVER_END_OF_ROAD,
  NAVI_MANEUVER_ROUNDABOUT,
  NAVI_MANEUVER_ROTARY, /* a roundabout that has a name */
  NAVI_MANEUVER_ARRIVE,
  NAVI_N_MANEUVERS,
} NaviManeuver;

typedef enum
{
  NAVI_MODIFIER_STRAIGHT,
  NAVI_MODIFIER_SLIGHT_RIGHT,
  NAVI_MODIFIER_RIGHT,
  NAVI_MODIFIER_SHARP_RIGHT,
  NAVI_MODIFIER_UTURN,
  NAVI_MODIFIER_SHARP_LEFT,
  NAVI_MODIFIER_LEFT,
  NAVI_MODIFIER_SLIGHT_LEFT,
  NAVI_N_MODIFIERS,
} NaviModifier;

typedef enum
{
  NAVI_STEP_HAS_FERRY = 1 << 0,
  NAVI_STEP_HAS_TOLL = 1 << 1,
  NAVI_STEP_HAS_TUNNEL = 1 << 2,
  NAVI_STEP_HAS_UNPAVED = 1 << 3,
} NaviStepFlags;

/* What a step is made of; navi_step_new() copies it. */
typedef struct
{
  NaviManeuver maneuver;
  NaviModifier modifier;
  const char *name;        /* of the road that follows; on arrival of the last road */
  const char *name_en;
  const char *name_zh;
  const char *ref;
  const char *destination; /* what the signs say: places, with semicolons between */
  const char *destination_ref; /* and numbers of roads */
  const char *exit_ref;    /* the number of the exit of a motorway */
  const char *turn_lanes;  /* of the road before the maneuver, as OpenStreetMap writes them */
  double lat_deg;
  double lon_deg;
  guint bearing_deg;       /* of the road that follows, at its beginning */
  gboolean stays;          /* the road that follows is the one before: "to stay on" */
  guint exit;              /* of a roundabout, 1 for the first; 0: none */
  guint flags;             /* NaviStepFlags: of the road that follows */
  guint road_class;        /* NaviRoadClass of the road that follows */
  guint limit_kmh;         /* at the beginning of the road that follows; 0: not known, 255: none */
  double distance_m;       /* along the road that follows, to the next step */
  double duration_s;
  guint first_point;       /* index of the maneuver's point in the route's geometry */
} NaviStepData;

#define NAVI_TYPE_STEP (navi_step_get_type ())
G_DECLARE_FINAL_TYPE (NaviStep, navi_step, NAVI, STEP, GObject)

NaviStep *navi_step_new (const NaviStepData *data);

/* (transfer none) */
const NaviStepData *navi_step_get_data (NaviStep *self);

/* The words of the command line: "turn", "new name", ...; "slight left", ... */
const char *navi_maneuver_to_string (NaviManeuver maneuver);
const char *navi_modifier_to_string (NaviModifier modifier);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-route"

#include "navi-step.h"

/* One instruction of a route. */

struct _NaviStep
{
  GObject parent_instance;

  NaviStepData data;
};

G_DEFINE_FINAL_TYPE (NaviStep, navi_step, G_TYPE_OBJECT)

static void
navi_step_finalize (GObject *object)
{
  NaviStepData *data = &NAVI_STEP (object)->data;

  g_free ((char *) data->name);
  g_free ((char *) data->name_en);
  g_free ((char *) data->name_zh);
  g_free ((char *) data->ref);
  g_free ((char *) data->destination);
  g_free ((char *) data->destination_ref);
  g_free ((char *) data->exit_ref);
  g_free ((char *) data->turn_lanes);
  G_OBJECT_CLASS (navi_step_parent_class)->finalize (object);
}

static void
navi_step_class_init (NaviStepClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = navi_step_finalize;
}

static void
navi_step_init (NaviStep *self)
{
}

static char *
copy (const char *text)
{
  return g_strdup (text != NULL ? text : "");
}

NaviStep *
navi_step_new (const NaviStepData *data)
{
  NaviStep *self;

  g_return_val_if_fail (data != NULL, NULL);

  self = g_object_new (NAVI_TYPE_STEP, NULL);
  self->data = *data;
  self->data.name = copy (data->name);
  self->data.name_en = copy (data->name_en);
  self->data.name_zh = copy (data->name_zh);
  self->data.ref = copy (data->ref);
  self->data.destination = copy (data->destination);
  self->data.destination_ref = copy (data->destination_ref);
  self->data.exit_ref = copy (data->exit_ref);
  self->data.turn_lanes = copy (data->turn_lanes);
  return self;
}

const NaviStepData *
navi_step_get_data (NaviStep *self)
{
  g_return_val_if_fail (NAVI_IS_STEP (self), NULL);
  return &self->data;
}

const char *
navi_maneuver_to_string (NaviManeuver maneuver)
{
  static const char *const names[NAVI_N_MANEUVERS]
      = { "depart", "turn", "new name", "continue", "merge", "on ramp", "off ramp", "fork", "end of road", "roundabout", "rotary", "arrive" };

  g_return_val_if_fail (maneuver < NAVI_N_MANEUVERS, NULL);
  return names[maneuver];
}

const char *
navi_modifier_to_string (NaviModifier modifier)
{
  static const char *const names[NAVI_N_MODIFIERS]
      = { "straight", "slight right", "right", "sharp right", "uturn", "sharp left", "left", "slight left" };

  g_return_val_if_fail (modifier < NAVI_N_MODIFIERS, NULL);
  return names[modifier];
}

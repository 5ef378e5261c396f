/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-map"

#include "navi-names.h"

#include <string.h>

/* Which name is shown to whom. */

G_DEFINE_BOXED_TYPE (NaviNames, navi_names, navi_names_ref, navi_names_unref)

static const char *
copy (const char *text)
{
  return g_strdup (text != NULL ? text : "");
}

NaviNames *
navi_names_new (const char *local, const char *en, const char *zh)
{
  NaviNames *self = g_atomic_rc_box_new (NaviNames);

  *self = (NaviNames){ copy (local), copy (en), copy (zh) };
  return self;
}

NaviNames *
navi_names_ref (const NaviNames *self)
{
  return g_atomic_rc_box_acquire ((gpointer) self);
}

static void
clear (gpointer data)
{
  NaviNames *self = data;

  g_free ((char *) self->local);
  g_free ((char *) self->en);
  g_free ((char *) self->zh);
}

void
navi_names_unref (NaviNames *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

gboolean
navi_names_are_empty (const NaviNames *self)
{
  g_return_val_if_fail (self != NULL, TRUE);
  return *self->local == '\0' && *self->en == '\0' && *self->zh == '\0';
}

static gboolean
is_zh (const char *language)
{
  return g_str_has_prefix (language, "zh");
}

static gboolean
is_readable (const char *text, const char *language)
{
  gboolean has_letters = FALSE;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);
      if (!g_unichar_isalpha (c))
        continue;
      if (g_unichar_get_script (c) == (is_zh (language) ? G_UNICODE_SCRIPT_HAN : G_UNICODE_SCRIPT_LATIN))
        return TRUE;
      has_letters = TRUE;
    }
  return !has_letters;
}

const char *
navi_names_pick (const NaviNames *self, const char *language, const char **beside)
{
  const char *own;

  g_return_val_if_fail (self != NULL, "");

  if (beside != NULL)
    *beside = NULL;
  if (language == NULL)
    return self->local;
  own = is_zh (language) ? self->zh : self->en;
  if (*self->local == '\0')
    return *own != '\0' ? own : *self->en != '\0' ? self->en : self->zh;
  if (*own == '\0' || strcmp (own, self->local) == 0 || is_readable (self->local, language))
    return self->local;
  if (beside != NULL)
    *beside = self->local;
  return own;
}

char *
navi_names_to_text (const NaviNames *self, const char *language)
{
  const char *beside, *name = navi_names_pick (self, language, &beside);

  if (beside == NULL)
    return g_strdup (name);
  return g_strdup_printf (is_zh (language) ? "%s（%s）" : "%s (%s)", name, beside);
}

const char *
navi_names_get_other (const NaviNames *self, const char *language)
{
  const char *beside, *name = navi_names_pick (self, language, &beside);
  const char *own;

  if (beside != NULL || language == NULL)
    return beside;
  own = is_zh (language) ? self->zh : self->en;
  return *own != '\0' && strcmp (own, name) != 0 ? own : NULL;
}

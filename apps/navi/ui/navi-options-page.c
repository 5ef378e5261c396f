/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-ui"

#include "navi-options-page.h"
#include "navi-mode-bar.h"
#include "navi-text.h"

#include <glib/gi18n.h>

/* A row for each kind of road that is of concern to who travels so, and one for the detour. */

#define CAR (1 << NAVI_CAR)
#define ALL (1 << NAVI_CAR | 1 << NAVI_BICYCLE | 1 << NAVI_FOOT)

static const struct
{
  const char *title;
  const char *words; /* inside a sentence */
  guint profiles;
} kinds[NAVI_N_AVOIDS] = {
  { N_ ("Toll Roads"), N_ ("toll roads"), CAR },
  { N_ ("Ferries"), N_ ("ferries"), ALL },
  { N_ ("Motorways"), N_ ("motorways"), CAR },
  { N_ ("Unpaved Roads"), N_ ("unpaved roads"), ALL },
  { N_ ("Tunnels"), N_ ("tunnels"), ALL },
};

static const guint detours_min[] = { 5, 10, 20, 30, 60 };

typedef struct
{
  NaviPlanner *planner;
  AdwComboRow *rows[NAVI_N_AVOIDS];
  AdwComboRow *detour;
  gboolean updating;
} OptionsPage;

static gboolean
concerns (guint kind, NaviProfile profile)
{
  return (kinds[kind].profiles >> profile & 1) != 0;
}

static void
update (OptionsPage *page)
{
  const NaviWishes *wishes = navi_planner_get_wishes (page->planner);
  guint detour = 0;

  page->updating = TRUE;
  for (guint i = 0; i < NAVI_N_AVOIDS; i++)
    {
      adw_combo_row_set_selected (page->rows[i], wishes->wish[i]);
      gtk_widget_set_visible (GTK_WIDGET (page->rows[i]), concerns (i, navi_planner_get_profile (page->planner)));
    }
  while (detour + 1 < G_N_ELEMENTS (detours_min) && detours_min[detour] * 60 < wishes->detour_s)
    detour++;
  adw_combo_row_set_selected (page->detour, detour);
  gtk_widget_set_sensitive (GTK_WIDGET (page->detour), navi_wishes_get (wishes, NAVI_WISH_RATHER_NOT) != 0);
  page->updating = FALSE;
}

static void
on_selected (OptionsPage *page)
{
  NaviWishes wishes = *navi_planner_get_wishes (page->planner);
  guint detour = adw_combo_row_get_selected (page->detour);

  if (page->updating)
    return;
  for (guint i = 0; i < NAVI_N_AVOIDS; i++)
    {
      guint selected = adw_combo_row_get_selected (page->rows[i]);

      /* A row that is being taken down has nothing selected. */
      if (selected < NAVI_N_WISHES && concerns (i, navi_planner_get_profile (page->planner)))
        wishes.wish[i] = (NaviWish) selected;
    }
  if (detour < G_N_ELEMENTS (detours_min))
    wishes.detour_s = detours_min[detour] * 60;
  navi_planner_set_wishes (page->planner, &wishes);
}

static AdwComboRow *
create_row (OptionsPage *page, const char *title, GListModel *choices)
{
  GtkWidget *row = adw_combo_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_combo_row_set_model (ADW_COMBO_ROW (row), choices);
  g_signal_connect_swapped (row, "notify::selected", G_CALLBACK (on_selected), page);
  return ADW_COMBO_ROW (row);
}

static GtkWidget *
create_kinds (OptionsPage *page)
{
  GtkWidget *group = adw_preferences_group_new ();
  g_autoptr (GtkStringList) wishes
      = gtk_string_list_new ((const char *const[]){ C_ ("wish", "Allowed"), C_ ("wish", "Rather Not"), C_ ("wish", "Never"), NULL });

  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), _ ("Never is a must: where there is no other way, there is no route."));
  for (guint i = 0; i < NAVI_N_AVOIDS; i++)
    {
      page->rows[i] = create_row (page, _ (kinds[i].title), G_LIST_MODEL (wishes));
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), GTK_WIDGET (page->rows[i]));
    }
  return group;
}

static GtkWidget *
create_detour (OptionsPage *page)
{
  GtkWidget *group = adw_preferences_group_new ();
  g_autoptr (GtkStringList) times = gtk_string_list_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (detours_min); i++)
    gtk_string_list_take (times, cirrus_format_duration (detours_min[i] * 60));
  page->detour = create_row (page, _ ("Longest Detour"), G_LIST_MODEL (times));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), _ ("How much longer a way may be to keep clear of what you would rather not use."));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), GTK_WIDGET (page->detour));
  return group;
}

static void
options_page_free (gpointer data)
{
  OptionsPage *page = data;

  g_signal_handlers_disconnect_by_data (page->planner, page);
  g_object_unref (page->planner);
  g_free (page);
}

GtkWidget *
navi_options_page_new (NaviPlanner *planner)
{
  OptionsPage *page = g_new0 (OptionsPage, 1);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *modes = navi_mode_bar_new (planner);
  GtkWidget *widget;

  page->planner = g_object_ref (planner);
  page->updating = TRUE;
  gtk_widget_set_halign (modes, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (box, "navi-maps");
  gtk_box_append (GTK_BOX (box), modes);
  gtk_box_append (GTK_BOX (box), create_kinds (page));
  gtk_box_append (GTK_BOX (box), create_detour (page));
  adw_clamp_set_child (ADW_CLAMP (clamp), box);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  widget = cirrus_page_new (_ ("Route Options"), scrolled);
  g_object_set_data_full (G_OBJECT (widget), "navi-options-page", page, options_page_free);
  g_signal_connect_swapped (planner, "changed", G_CALLBACK (update), page);
  update (page);
  return widget;
}

/* "toll roads, tunnels" of one wish; (transfer full). */
static char *
list_kinds (const NaviWishes *wishes, NaviProfile profile, NaviWish wish)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < NAVI_N_AVOIDS; i++)
    if (wishes->wish[i] == wish && concerns (i, profile))
      g_string_append_printf (list, "%s%s", list->len > 0 ? _ (", ") : "", _ (kinds[i].words));
  return g_string_free (g_steal_pointer (&list), FALSE);
}

char *
navi_options_describe (const NaviWishes *wishes, NaviProfile profile)
{
  g_autofree char *never = list_kinds (wishes, profile, NAVI_WISH_NEVER);
  g_autofree char *rather_not = list_kinds (wishes, profile, NAVI_WISH_RATHER_NOT);
  /* Translators: %s is a list: "Never: ferries, tunnels" */
  g_autofree char *first = *never != '\0' ? g_strdup_printf (_ ("Never: %s"), never) : NULL;
  /* Translators: %s is a list: "Rather not: toll roads" */
  g_autofree char *second = *rather_not != '\0' ? g_strdup_printf (_ ("Rather not: %s"), rather_not) : NULL;

  return navi_text_join ((const char *const[]) { first, second }, 2);
}

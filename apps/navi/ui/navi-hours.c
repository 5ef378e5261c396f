/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-ui"

#include "navi-hours.h"

#include <glib/gi18n.h>

/* Words for opening hours, and the table of a week. */

#define DAY_MIN 1440
#define EARLY_MIN (6 * 60) /* until here a night belongs to the day before */

static char *
clock_text (int minute)
{
  if (minute == DAY_MIN)
    return g_strdup ("24:00");
  return g_strdup_printf ("%02d:%02d", minute % DAY_MIN / 60, minute % 60);
}

static char *
day_text (const NaviLocalTime *day, const char *format)
{
  g_autoptr (GDateTime) date = g_date_time_new_utc (day->year, day->month, day->day, 0, 0, 0);

  return g_date_time_format (date, format);
}

static gboolean
same_day (const NaviLocalTime *a, const NaviLocalTime *b)
{
  return a->day == b->day && a->month == b->month && a->year == b->year;
}

/* How many days from @now to @when, up to 7. */
static int
days_between (const NaviLocalTime *now, const NaviLocalTime *when)
{
  NaviLocalTime day = *now;
  int n = 0;

  for (; n < 7 && !same_day (&day, when); n++)
    navi_local_time_add_days (&day, 1);
  return n;
}

/* "18:00", "tomorrow 08:00", "Monday 08:00", "1 May" */
static char *
moment_text (const NaviLocalTime *now, const NaviLocalTime *when, gboolean night_is_today)
{
  g_autofree char *time = clock_text (when->minute_of_day);
  g_autofree char *weekday = NULL;
  int days = days_between (now, when);

  if (days == 0 || (days == 1 && night_is_today && when->minute_of_day <= EARLY_MIN))
    return g_steal_pointer (&time);
  if (days == 1)
    /* Translators: %s is a time of day */
    return g_strdup_printf (_ ("tomorrow %s"), time);
  if (days >= 7)
    return day_text (when, C_ ("day of the year", "%-d %B"));
  weekday = day_text (when, "%A");
  /* Translators: a weekday and a time of day: "Monday 08:00" */
  return g_strdup_printf (C_ ("opening hours", "%s %s"), weekday, time);
}

char *
navi_hours_say (const NaviOpeningHours *hours, const NaviLocalTime *now)
{
  NaviHoursState state, next;
  NaviHoursSpan span;
  NaviLocalTime when;
  gboolean changes;
  g_autofree char *moment = NULL;

  g_return_val_if_fail (hours != NULL && now != NULL, NULL);

  state = navi_opening_hours_at (hours, now);
  changes = navi_opening_hours_next_change (hours, now, &when, &next);
  if (state == NAVI_HOURS_UNKNOWN)
    return g_strdup (_ ("Perhaps open; ask before you go"));
  if (!changes)
    return g_strdup (state == NAVI_HOURS_OPEN ? _ ("Open around the clock") : _ ("Closed"));
  if (state == NAVI_HOURS_OPEN && navi_opening_hours_find_span (hours, now, &span) && span.open_ended)
    return g_strdup (_ ("Open; nobody says until when"));
  moment = moment_text (now, &when, state == NAVI_HOURS_OPEN);
  if (state == NAVI_HOURS_OPEN)
    /* Translators: %s is a time of day, or a day and a time */
    return g_strdup_printf (_ ("Open until %s"), moment);
  if (next == NAVI_HOURS_UNKNOWN)
    return g_strdup_printf (_ ("Closed, opens perhaps %s"), moment);
  /* Translators: %s is a time of day, or a day and a time: "Closed, opens Monday 08:00" */
  return g_strdup_printf (_ ("Closed, opens %s"), moment);
}

char *
navi_hours_say_day (const NaviOpeningHours *hours, const NaviLocalTime *day)
{
  NaviHoursSpan spans[NAVI_HOURS_MAX_SPANS];
  g_autoptr (GString) text = g_string_new (NULL);
  guint n;

  g_return_val_if_fail (hours != NULL && day != NULL, NULL);

  n = navi_opening_hours_list_day (hours, day->year, day->month, day->day, spans);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *start = clock_text (spans[i].start_min);
      g_autofree char *end = clock_text (spans[i].end_min);

      if (i > 0)
        g_string_append (text, _ (", "));
      if (spans[i].state == NAVI_HOURS_UNKNOWN)
        g_string_append (text, _ ("perhaps "));
      if (spans[i].start_min == 0 && spans[i].end_min == DAY_MIN)
        g_string_append (text, _ ("all day"));
      else if (spans[i].open_ended && spans[i].end_min == DAY_MIN)
        g_string_append_printf (text, _ ("from %s"), start);
      else
        g_string_append_printf (text, "%s–%s%s", start, end, spans[i].open_ended ? "+" : "");
    }
  return g_strdup (n > 0 ? text->str : _ ("Closed"));
}

static void
add_row (GtkGrid *grid, int row, const char *name, const char *text, const char *css_class)
{
  GtkWidget *labels[] = { gtk_label_new (name), gtk_label_new (text) };

  for (int i = 0; i < 2; i++)
    {
      gtk_label_set_xalign (GTK_LABEL (labels[i]), 0);
      gtk_widget_set_valign (labels[i], GTK_ALIGN_START);
      gtk_widget_add_css_class (labels[i], css_class);
      gtk_grid_attach (grid, labels[i], i, row, 1, 1);
    }
  gtk_label_set_wrap (GTK_LABEL (labels[1]), TRUE);
  gtk_widget_add_css_class (labels[1], "numeric");
}

/* Seven days from today on: what is said of seasons and of single days is in it as it will be. */
static GtkWidget *
create_week (const NaviOpeningHours *hours, const NaviLocalTime *now)
{
  GtkWidget *grid = gtk_grid_new ();
  NaviLocalTime day = *now;

  gtk_grid_set_column_spacing (GTK_GRID (grid), 18);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  gtk_widget_set_margin_top (grid, 6);
  for (int i = 0; i < 7; i++)
    {
      g_autofree char *name = i == 0 ? g_strdup (_ ("Today")) : day_text (&day, "%A");
      g_autofree char *text = navi_hours_say_day (hours, &day);

      add_row (GTK_GRID (grid), i, name, text, i == 0 ? "heading" : "body");
      navi_local_time_add_days (&day, 1);
    }
  if (navi_opening_hours_get_holidays (hours) == NAVI_HOURS_CLOSED)
    add_row (GTK_GRID (grid), 7, _ ("Public holidays"), _ ("Closed"), "dim-label");
  else if (navi_opening_hours_get_holidays (hours) == NAVI_HOURS_OPEN)
    add_row (GTK_GRID (grid), 7, _ ("Public holidays"), _ ("Hours of their own"), "dim-label");
  return grid;
}

/* The words begin where those of the other rows do: the arrow comes behind them. */
static GtkWidget *
create_toggle (const char *words)
{
  GtkWidget *toggle = gtk_toggle_button_new ();
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (words);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_box_append (GTK_BOX (row), label);
  gtk_box_append (GTK_BOX (row), gtk_image_new_from_icon_name ("pan-down-symbolic"));
  gtk_button_set_child (GTK_BUTTON (toggle), row);
  gtk_widget_set_halign (toggle, GTK_ALIGN_START);
  gtk_widget_add_css_class (toggle, "flat");
  gtk_widget_add_css_class (toggle, "navi-hours");
  gtk_accessible_update_property (GTK_ACCESSIBLE (toggle), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  return toggle;
}

GtkWidget *
navi_hours_new (const char *text, gint64 now_unix_us)
{
  g_autoptr (NaviOpeningHours) hours = navi_opening_hours_parse (text);
  g_autoptr (GDateTime) local = NULL;
  g_autofree char *words = NULL;
  NaviLocalTime now;
  GtkWidget *box, *toggle, *revealer;

  if (hours == NULL)
    return NULL;
  local = g_date_time_new_from_unix_local (now_unix_us / G_USEC_PER_SEC);
  now = (NaviLocalTime){ g_date_time_get_year (local), g_date_time_get_month (local), g_date_time_get_day_of_month (local),
                         g_date_time_get_hour (local) * 60 + g_date_time_get_minute (local) };
  words = navi_hours_say (hours, &now);
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  toggle = create_toggle (words);
  revealer = gtk_revealer_new ();
  gtk_revealer_set_transition_duration (GTK_REVEALER (revealer), 150);
  gtk_revealer_set_child (GTK_REVEALER (revealer), create_week (hours, &now));
  g_object_bind_property (toggle, "active", revealer, "reveal-child", G_BINDING_SYNC_CREATE);
  gtk_box_append (GTK_BOX (box), toggle);
  gtk_box_append (GTK_BOX (box), revealer);
  return box;
}

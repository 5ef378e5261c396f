/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-search"

#include "search-row.h"

#include "cloud-snippet.h"
#include "search-url.h"

/* Labels in a box; what they say is also the row's accessible name. */

#define SYMBOL_SIZE 16 /* that of the drawings */
#define APP_ICON_SIZE 20

static PangoAttrList *
bold_where_found (const char *text, const CloudQuery *query)
{
  PangoAttrList *attributes = pango_attr_list_new ();
  g_autoptr (GArray) ranges = cloud_snippet_highlight (text, query);

  for (guint i = 0; i < ranges->len; i++)
    {
      const CloudSnippetRange *range = &g_array_index (ranges, CloudSnippetRange, i);
      PangoAttribute *bold = pango_attr_weight_new (PANGO_WEIGHT_BOLD);

      bold->start_index = range->start_byte;
      bold->end_index = range->end_byte;
      pango_attr_list_insert (attributes, bold);
    }
  return attributes;
}

static GtkWidget *
label_new (const char *text, const char *css_class, int lines)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (lines > 1)
    {
      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
      gtk_label_set_lines (GTK_LABEL (label), lines);
    }
  gtk_widget_add_css_class (label, css_class);
  return label;
}

static GtkWidget *
frame_new (GtkWidget *image, GtkWidget *texts, GtkWidget *button, const char *name)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  gtk_widget_add_css_class (row, "search-row");
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  if (image != NULL)
    {
      gtk_accessible_update_property (GTK_ACCESSIBLE (image), GTK_ACCESSIBLE_PROPERTY_LABEL, "", -1);
      gtk_box_append (GTK_BOX (box), image);
    }
  gtk_box_append (GTK_BOX (box), texts);
  if (button != NULL)
    {
      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      if (GTK_IS_BUTTON (button))
        {
          gtk_widget_add_css_class (button, "flat");
          gtk_widget_add_css_class (button, "circular");
        }
      gtk_box_append (GTK_BOX (box), button);
    }
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return row;
}

static GtkWidget *
image_for (SearchResult *result)
{
  const char *name = search_result_get_icon_name (result);
  CloudSearchProviderInfo *app = search_result_get_app (result);
  g_autoptr (GIcon) icon = name != NULL ? g_icon_new_for_string (name, NULL) : NULL;
  gboolean symbolic = name == NULL ? app == NULL : g_str_has_suffix (name, "-symbolic");
  GtkWidget *image;

  if (icon == NULL && app != NULL)
    g_set_object (&icon, cloud_search_provider_info_get_icon (app));
  if (icon != NULL)
    image = gtk_image_new_from_gicon (icon);
  else
    image = gtk_image_new_from_icon_name (search_result_get_kind (result) == SEARCH_RESULT_SAVED ? "cirrus-reader-symbolic"
                                                                                                  : "cirrus-globe-symbolic");
  gtk_image_set_pixel_size (GTK_IMAGE (image), symbolic ? SYMBOL_SIZE : APP_ICON_SIZE);
  gtk_widget_set_valign (image, GTK_ALIGN_START);
  gtk_widget_add_css_class (image, "search-row-icon");
  return image;
}

/* "Wikipedia · en.wikipedia.org › wiki › Ferry"; nothing for an app's answer, whose group says where it is from. */
static char *
origin_of (SearchResult *result)
{
  g_autofree char *address = search_url_display (search_result_get_url (result));

  if (search_result_get_kind (result) == SEARCH_RESULT_APP || address == NULL)
    return NULL;
  if (search_result_get_source_name (result)[0] == '\0')
    return g_steal_pointer (&address);
  return g_strdup_printf ("%s · %s", search_result_get_source_name (result), address);
}

GtkWidget *
search_row_new_for_result (SearchResult *result, const CloudQuery *query, GtkWidget *button)
{
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *title = label_new (search_result_get_title (result), "search-row-title", 2);
  g_autofree char *origin = origin_of (result);
  GtkWidget *row;

  gtk_box_append (GTK_BOX (texts), title);
  if (origin != NULL)
    gtk_box_append (GTK_BOX (texts), label_new (origin, "search-row-origin", 1));
  if (search_result_get_snippet (result)[0] != '\0')
    {
      GtkWidget *snippet = label_new (search_result_get_snippet (result), "search-row-snippet", search_result_get_kind (result) == SEARCH_RESULT_APP ? 1 : 3);

      if (query != NULL)
        {
          g_autoptr (PangoAttrList) attributes = bold_where_found (search_result_get_snippet (result), query);

          gtk_label_set_attributes (GTK_LABEL (snippet), attributes);
        }
      gtk_box_append (GTK_BOX (texts), snippet);
    }
  row = frame_new (image_for (result), texts, button, search_result_get_title (result));
  g_object_set_data_full (G_OBJECT (row), "search-result", g_object_ref (result), g_object_unref);
  return row;
}

static GtkWidget *
plain_row_new (const char *icon_name, const char *title, const char *subtitle, int subtitle_lines, GtkWidget *button)
{
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *image = NULL;

  if (icon_name != NULL)
    {
      image = gtk_image_new_from_icon_name (icon_name);
      gtk_image_set_pixel_size (GTK_IMAGE (image), SYMBOL_SIZE);
      gtk_widget_add_css_class (image, "search-row-icon");
    }
  gtk_box_append (GTK_BOX (texts), label_new (title, "search-row-line", 1));
  if (subtitle != NULL)
    gtk_box_append (GTK_BOX (texts), label_new (subtitle, "search-row-snippet", subtitle_lines));
  return frame_new (image, texts, button, title);
}

GtkWidget *
search_row_new (const char *icon_name, const char *title, const char *subtitle, GtkWidget *button)
{
  return plain_row_new (icon_name, title, subtitle, 3, button);
}

GtkWidget *
search_row_new_brief (const char *icon_name, const char *title, const char *subtitle)
{
  return plain_row_new (icon_name, title, subtitle, 1, NULL);
}

SearchResult *
search_row_get_result (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), "search-result");
}

GtkWidget *
search_section_new (const char *title, GtkWidget *end, GtkListBox **list)
{
  GtkWidget *section = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *list_box = gtk_list_box_new ();

  if (title != NULL)
    {
      GtkWidget *header = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
      GtkWidget *label = label_new (title, "section-title", 1);

      gtk_widget_set_hexpand (label, TRUE);
      gtk_box_append (GTK_BOX (header), label);
      if (end != NULL)
        gtk_box_append (GTK_BOX (header), end);
      gtk_box_append (GTK_BOX (section), header);
      gtk_accessible_update_property (GTK_ACCESSIBLE (list_box), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
    }
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list_box), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list_box, "boxed-list");
  gtk_box_append (GTK_BOX (section), list_box);
  *list = GTK_LIST_BOX (list_box);
  return section;
}

void
search_section_set_title (GtkWidget *section, const char *title)
{
  GtkWidget *header = gtk_widget_get_first_child (section);

  gtk_label_set_text (GTK_LABEL (gtk_widget_get_first_child (header)), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_next_sibling (header)), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
}

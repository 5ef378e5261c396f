/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-search"

#include "search-page.h"

/* A row of the table of pages. */

struct _SearchPage
{
  GObject parent_instance;

  gint64 id;
  char *url;
  char *title;
  char *text;
  char *kinds;
  char *language;
  gint64 saved_unix_us;
};

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_URL,
};

G_DEFINE_TYPE (SearchPage, search_page, G_TYPE_OBJECT)

static void
search_page_finalize (GObject *object)
{
  SearchPage *self = SEARCH_PAGE (object);

  g_free (self->url);
  g_free (self->title);
  g_free (self->text);
  g_free (self->kinds);
  g_free (self->language);
  G_OBJECT_CLASS (search_page_parent_class)->finalize (object);
}

static void
search_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SearchPage *self = SEARCH_PAGE (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_URL:
      g_value_set_string (value, self->url);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
search_page_class_init (SearchPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = search_page_finalize;
  object_class->get_property = search_page_get_property;
  g_object_class_install_property (object_class, PROP_TITLE,
                                   g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (object_class, PROP_URL,
                                   g_param_spec_string ("url", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
search_page_init (SearchPage *self)
{
}

SearchPage *
search_page_new (gint64 id, const char *url, const char *title, const char *text, const char *kinds, const char *language,
                 gint64 saved_unix_us)
{
  SearchPage *self = g_object_new (SEARCH_TYPE_PAGE, NULL);

  self->id = id;
  self->url = g_strdup (url);
  self->title = g_strdup (title);
  self->text = g_strdup (text);
  self->kinds = g_strdup (kinds);
  self->language = g_strdup (language);
  self->saved_unix_us = saved_unix_us;
  return self;
}

gint64
search_page_get_id (SearchPage *self)
{
  g_return_val_if_fail (SEARCH_IS_PAGE (self), 0);
  return self->id;
}

const char *
search_page_get_url (SearchPage *self)
{
  g_return_val_if_fail (SEARCH_IS_PAGE (self), NULL);
  return self->url;
}

const char *
search_page_get_title (SearchPage *self)
{
  g_return_val_if_fail (SEARCH_IS_PAGE (self), NULL);
  return self->title;
}

const char *
search_page_get_text (SearchPage *self)
{
  g_return_val_if_fail (SEARCH_IS_PAGE (self), NULL);
  return self->text;
}

const char *
search_page_get_kinds (SearchPage *self)
{
  g_return_val_if_fail (SEARCH_IS_PAGE (self), NULL);
  return self->kinds;
}

const char *
search_page_get_language (SearchPage *self)
{
  g_return_val_if_fail (SEARCH_IS_PAGE (self), NULL);
  return self->language;
}

gint64
search_page_get_saved_unix_us (SearchPage *self)
{
  g_return_val_if_fail (SEARCH_IS_PAGE (self), 0);
  return self->saved_unix_us;
}

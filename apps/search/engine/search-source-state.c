/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-search"

#include "search-source-state.h"

/* How far one Web provider of a session is. */

G_DEFINE_TYPE (SearchSourceState, search_source_state, G_TYPE_OBJECT)

static void
search_source_state_finalize (GObject *object)
{
  SearchSourceState *self = SEARCH_SOURCE_STATE (object);

  g_clear_object (&self->provider);
  g_clear_pointer (&self->results, g_ptr_array_unref);
  g_clear_pointer (&self->notices, g_ptr_array_unref);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (search_source_state_parent_class)->finalize (object);
}

static void
search_source_state_class_init (SearchSourceStateClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = search_source_state_finalize;
}

static void
search_source_state_init (SearchSourceState *self)
{
}

const char *
search_source_state_get_name (SearchSourceState *self)
{
  g_return_val_if_fail (SEARCH_IS_SOURCE_STATE (self), NULL);
  return search_provider_get_name (self->provider);
}

SearchSourceOutcome
search_source_state_get_outcome (SearchSourceState *self)
{
  g_return_val_if_fail (SEARCH_IS_SOURCE_STATE (self), SEARCH_SOURCE_FAILED);
  return self->outcome;
}

guint
search_source_state_get_n_results (SearchSourceState *self)
{
  g_return_val_if_fail (SEARCH_IS_SOURCE_STATE (self), 0);
  return self->results != NULL ? self->results->len : 0;
}

const GError *
search_source_state_get_error (SearchSourceState *self)
{
  g_return_val_if_fail (SEARCH_IS_SOURCE_STATE (self), NULL);
  return self->error;
}

guint
search_source_state_get_retry_s (SearchSourceState *self)
{
  g_return_val_if_fail (SEARCH_IS_SOURCE_STATE (self), 0);
  return self->retry_s;
}

gint64
search_source_state_get_fetched_unix_us (SearchSourceState *self)
{
  g_return_val_if_fail (SEARCH_IS_SOURCE_STATE (self), 0);
  return self->fetched_unix_us;
}

const GPtrArray *
search_source_state_get_notices (SearchSourceState *self)
{
  g_return_val_if_fail (SEARCH_IS_SOURCE_STATE (self), NULL);
  return self->notices;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "weather-service.h"

G_BEGIN_DECLS

/* The names of the user's places in the language that the program speaks now.
 *
 * A place is kept under the name that it had when it was added.  After a change of language (or when the command line added it in
 * another one) the cities of the database on the device get their names anew, and so does the place that follows the device; places
 * that only a provider knows keep the name that it gave.  The setting "names-language" says in which language all names are: as long
 * as it fits, nothing is looked up.
 *
 * Threading: the service's main context; the database is read on a worker thread.
 * Errors: those of CloudStore; what was not renamed is tried again at the next start. */

/* Once the service is loaded. */
void weather_service_translate_async (WeatherService *self, GAsyncReadyCallback callback, gpointer user_data);

/* @n_renamed: (out) (optional) */
gboolean weather_service_translate_finish (WeatherService *self, GAsyncResult *result, guint *n_renamed, GError **error);

/* A place was added under a name of this language: where the others are of another, all are looked at again; where there are no others
 * (@is_first) none need be. */
void weather_translate_note_added (GSettings *settings, gboolean is_first);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-index"

#include "cloud-error.h"
#include "cloud-fts.h"
#include "cloud-text.h"
#include "cloud-time.h"

#include <math.h>

/* The FTS5 tokenizer "cirrus" and the functions that go with it. */

typedef struct
{
  void *context;
  int (*token) (void *context, int flags, const char *term, int term_bytes, int start_byte, int end_byte);
  int rc;
} TokenSink;

static int
on_create (void *context, const char **args, int n_args, Fts5Tokenizer **tokenizer)
{
  static char instance; /* there is no state: any address will do */

  *tokenizer = (Fts5Tokenizer *) &instance;
  return SQLITE_OK;
}

static void
on_delete (Fts5Tokenizer *tokenizer)
{
}

static gboolean
on_term (const char *term, gsize term_bytes, gsize start_byte, gsize end_byte, guint position, gpointer user_data)
{
  TokenSink *sink = user_data;

  sink->rc = sink->token (sink->context, 0, term, (int) term_bytes, (int) start_byte, (int) end_byte);
  return sink->rc == SQLITE_OK;
}

static int
on_tokenize (Fts5Tokenizer *tokenizer, void *context, int flags, const char *text, int text_bytes,
             int (*token) (void *, int, const char *, int, int, int))
{
  TokenSink sink = { context, token, SQLITE_OK };

  if (text != NULL && text_bytes > 0)
    cloud_text_tokenize (text, text_bytes, (flags & FTS5_TOKENIZE_QUERY) != 0 ? CLOUD_TEXT_QUERY : CLOUD_TEXT_DOCUMENT, on_term,
                         &sink);
  return sink.rc;
}

double
cloud_fts_recency (gint64 unix_us, gint64 now_unix_us, double half_life_days)
{
  double age_days = (double) (now_unix_us - unix_us) / (86400.0 * G_USEC_PER_SEC);

  if (age_days <= 0 || half_life_days <= 0)
    return 1.0;
  return 0.5 + 0.5 * exp2 (-age_days / half_life_days);
}

static void
recency_function (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  if (sqlite3_value_type (values[0]) == SQLITE_NULL)
    sqlite3_result_double (context, 0.5);
  else
    sqlite3_result_double (context, cloud_fts_recency (sqlite3_value_int64 (values[0]), cloud_time_now_unix_us (),
                                                       sqlite3_value_double (values[1])));
}

static void
fold_function (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  const char *text = (const char *) sqlite3_value_text (values[0]);

  if (text != NULL)
    sqlite3_result_text (context, cloud_text_fold (text, sqlite3_value_bytes (values[0])), -1, g_free);
}

static fts5_api *
get_fts5_api (sqlite3 *db)
{
  fts5_api *api = NULL;
  sqlite3_stmt *stmt = NULL;

  if (sqlite3_prepare_v2 (db, "SELECT fts5(?1)", -1, &stmt, NULL) == SQLITE_OK)
    {
      sqlite3_bind_pointer (stmt, 1, &api, "fts5_api_ptr", NULL);
      sqlite3_step (stmt);
    }
  sqlite3_finalize (stmt);
  return api;
}

gboolean
cloud_fts_register (sqlite3 *db, GError **error)
{
  static fts5_tokenizer tokenizer = { on_create, on_delete, on_tokenize };
  fts5_api *api;

  g_return_val_if_fail (db != NULL, FALSE);

  api = get_fts5_api (db);
  if (api == NULL || api->xCreateTokenizer (api, "cirrus", NULL, &tokenizer, NULL) != SQLITE_OK ||
      sqlite3_create_function (db, "cirrus_recency", 2, SQLITE_UTF8, NULL, recency_function, NULL, NULL) != SQLITE_OK ||
      sqlite3_create_function (db, "cirrus_fold", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, fold_function, NULL, NULL) != SQLITE_OK)
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT, "This SQLite has no FTS5: %s", sqlite3_errmsg (db));
      return FALSE;
    }
  return TRUE;
}

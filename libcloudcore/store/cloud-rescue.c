/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-store"

#include "cloud-store-private.h"
#include "cloud-error.h"
#include "cloud-time.h"

#include <glib/gstdio.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* The rescue of a damaged database, so that a death at any instant loses nothing that was readable:
 *
 *   1. <path>.new is built from the migrations, and what the schema's salvage function can read is carried over; the damaged file
 *      and its write-ahead log stay where they are;
 *   2. <path>.new becomes <path>.rescued: from here on the exchange is only carried on, never begun again;
 *   3. the damaged file and its log get second names (hard links) <path>.damaged-<time>, the log's first name goes, and
 *      <path>.rescued takes the place of <path>. */

static void
set_errno_error (GError **error, const char *path)
{
  int saved = errno;

  g_set_error (error, CLOUD_ERROR, cloud_error_code_from_errno (saved), "%s: %s", path, g_strerror (saved));
}

static void
remove_with_companions (const char *path)
{
  static const char *const suffixes[] = { "", "-wal", "-shm", "-journal" };

  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *file = g_strconcat (path, suffixes[i], NULL);

      g_unlink (file);
    }
}

/* Gives @from the second name @to; where the file system has no links, its only one. */
static gboolean
link_or_rename (const char *from, const char *to, GError **error)
{
  if (link (from, to) == 0 || errno == ENOENT || errno == EEXIST)
    return TRUE;
  if (g_rename (from, to) == 0 || errno == ENOENT)
    return TRUE;
  set_errno_error (error, from);
  return FALSE;
}

static char *
damaged_name (const char *path)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (cloud_time_now_unix_us () / G_USEC_PER_SEC);
  g_autofree char *stamp = g_date_time_format (now, "%Y%m%dT%H%M%S");
  char *name = g_strdup_printf ("%s.damaged-%s", path, stamp);

  for (int i = 2; g_file_test (name, G_FILE_TEST_EXISTS); i++)
    {
      g_free (name);
      name = g_strdup_printf ("%s.damaged-%s-%d", path, stamp, i);
    }
  return name;
}

static gboolean
sync_file (const char *path, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  gboolean ok = fd >= 0 && fsync (fd) == 0;

  if (!ok)
    set_errno_error (error, path);
  if (fd >= 0)
    close (fd);
  return ok;
}

gboolean
cloud_rescue_resume (const char *path, char **damaged_path, GError **error)
{
  g_autofree char *rescued = g_strconcat (path, ".rescued", NULL);
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  g_autofree char *shm = g_strconcat (path, "-shm", NULL);
  g_autofree char *damaged = NULL;
  g_autofree char *damaged_wal = NULL;
  g_autofree char *folder = g_path_get_dirname (path);

  if (!g_file_test (rescued, G_FILE_TEST_EXISTS))
    return TRUE;
  damaged = damaged_name (path);
  damaged_wal = g_strconcat (damaged, "-wal", NULL);
  if (!link_or_rename (wal, damaged_wal, error) || !link_or_rename (path, damaged, error))
    return FALSE;
  g_unlink (wal);
  g_unlink (shm);
  if (g_rename (rescued, path) != 0)
    {
      set_errno_error (error, path);
      return FALSE;
    }
  sync_file (folder, NULL);
  g_message ("%s was damaged; it was set aside as %s", path, damaged);
  if (damaged_path != NULL)
    {
      g_free (*damaged_path);
      *damaged_path = g_steal_pointer (&damaged);
    }
  return TRUE;
}

/* Where the first 100 bytes are spoilt but the pages behind them are not, the header of the new, equally made database opens a copy. */
static char *
copy_with_new_header (const char *path, const char *new_path)
{
  g_autofree char *copy = g_strconcat (path, ".salvage", NULL);
  g_autofree char *header = NULL;
  g_autofree char *contents = NULL;
  gsize header_size = 0, size = 0;
  guint32 n_pages;
  guint page_size;

  if (!g_file_get_contents (new_path, &header, &header_size, NULL) || header_size < 100 ||
      !g_file_get_contents (path, &contents, &size, NULL) || size < 100)
    return NULL;
  page_size = ((guint8) header[16] << 8) | (guint8) header[17];
  if (page_size < 512)
    return NULL;
  memcpy (contents, header, 100);
  n_pages = GUINT32_TO_BE ((guint32) (size / page_size));
  memcpy (contents + 28, &n_pages, 4);
  memset (contents + 32, 0, 8);                 /* no free pages known */
  memcpy (contents + 92, contents + 24, 4);     /* the size is valid for this change counter */
  if (!g_file_set_contents_full (copy, contents, size, G_FILE_SET_CONTENTS_NONE, 0600, NULL))
    return NULL;
  return g_steal_pointer (&copy);
}

static gboolean
attach_damaged (CloudConnection *fresh, const char *path)
{
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  g_autofree char *uri_ro = g_strconcat (uri, "?mode=ro", NULL);
  char *sql = sqlite3_mprintf ("ATTACH %Q AS damaged", uri_ro);
  gboolean ok = sqlite3_exec (fresh->db, sql, NULL, NULL, NULL) == SQLITE_OK;

  sqlite3_free (sql);
  if (ok && sqlite3_exec (fresh->db, "SELECT count(*) FROM damaged.sqlite_schema", NULL, NULL, NULL) != SQLITE_OK)
    {
      sqlite3_exec (fresh->db, "DETACH damaged", NULL, NULL, NULL);
      ok = FALSE;
    }
  return ok;
}

/* What the schema's function writes is kept even where single statements failed; a full disk undoes the whole. */
static gboolean
salvage (CloudConnection *fresh, const char *path, const char *new_path, const CloudStoreSchema *schema, int *salvaged, GError **error)
{
  g_autofree char *copy = NULL;
  gboolean attached = attach_damaged (fresh, path);

  if (!attached)
    {
      copy = copy_with_new_header (path, new_path);
      attached = copy != NULL && attach_damaged (fresh, copy);
    }
  if (attached)
    {
      /* Not IMMEDIATE: that would begin on the damaged file as well, and fail there. */
      gboolean ok = cloud_sql_exec (fresh->db, "BEGIN", error);

      if (ok)
        {
          *salvaged = schema->salvage (fresh->db);
          ok = cloud_sql_exec (fresh->db, "COMMIT", error);
        }
      if (!ok)
        {
          g_prefix_error (error, "salvage: ");
          sqlite3_exec (fresh->db, "ROLLBACK", NULL, NULL, NULL);
        }
      sqlite3_exec (fresh->db, "DETACH damaged", NULL, NULL, NULL);
      if (copy != NULL)
        remove_with_companions (copy);
      return ok;
    }
  if (copy != NULL)
    remove_with_companions (copy);
  return TRUE;
}

static gboolean
build_new (const char *path, const char *new_path, const CloudStoreSchema *schema, int *salvaged, GError **error)
{
  g_autoptr (CloudConnection) fresh = NULL;

  remove_with_companions (new_path);
  fresh = cloud_connection_open (new_path, schema, CLOUD_CONNECTION_WRITER, error);
  /* The new file must be whole in itself before it is moved: no log beside it. */
  if (fresh == NULL || !cloud_connection_migrate (fresh, schema, error) ||
      !cloud_sql_exec (fresh->db, "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL", error))
    return FALSE;
  return schema->salvage == NULL || salvage (fresh, path, new_path, schema, salvaged, error);
}

gboolean
cloud_rescue_run (const char *path, const CloudStoreSchema *schema, char **damaged_path, int *salvaged, GError **error)
{
  g_autofree char *new_path = g_strconcat (path, ".new", NULL);
  g_autofree char *rescued = g_strconcat (path, ".rescued", NULL);

  *salvaged = 0;
  if (!build_new (path, new_path, schema, salvaged, error) || !sync_file (new_path, error))
    {
      remove_with_companions (new_path);
      g_prefix_error (error, "rescue of %s: ", path);
      return FALSE;
    }
  if (g_rename (new_path, rescued) != 0)
    {
      set_errno_error (error, rescued);
      return FALSE;
    }
  return cloud_rescue_resume (path, damaged_path, error);
}

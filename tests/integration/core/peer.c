/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "peer.h"

#include <glib/gstdio.h>

/* Children of a test: servers, certificates, folders. */

static char *certs;

char *
peer_script (const char *name)
{
  const char *root = g_getenv ("CIRRUS_SOURCE_ROOT");

  g_assert_nonnull (root);
  return g_build_filename (root, "tests", "servers", name, NULL);
}

Peer *
peer_start (const char *const *argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) command = NULL;
  g_autofree char *script = peer_script (argv[0]);
  g_autoptr (GDataInputStream) lines = NULL;
  g_auto (GStrv) words = NULL;
  Peer *peer = g_new0 (Peer, 1);

  g_strv_builder_add_many (builder, "/usr/bin/python3", script, NULL);
  for (guint i = 1; argv[i] != NULL; i++)
    g_strv_builder_add (builder, argv[i]);
  command = g_strv_builder_end (builder);
  peer->process
      = g_subprocess_newv ((const char *const *) command, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (peer->process));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  peer->line = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (peer->line);
  words = g_strsplit (peer->line, " ", G_N_ELEMENTS (peer->ports));
  for (guint i = 0; words[i] != NULL; i++)
    peer->ports[i] = (guint) g_ascii_strtoull (words[i], NULL, 10);
  peer->port = peer->ports[0];
  g_assert_true (peer->port != 0 || *peer->line == '{');
  return peer;
}

void
peer_stop (Peer *peer)
{
  g_output_stream_close (g_subprocess_get_stdin_pipe (peer->process), NULL, NULL);
  g_subprocess_wait (peer->process, NULL, NULL);
  g_object_unref (peer->process);
  g_free (peer->line);
  g_free (peer);
}

char *
peer_url (Peer *peer, const char *path)
{
  return g_strdup_printf ("http://127.0.0.1:%u%s", peer->port, path);
}

char *
peer_https_url (Peer *peer, const char *host, const char *path)
{
  return g_strdup_printf ("https://%s:%u%s", host, peer->port, path);
}

char *
peer_make_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("cirrus-test-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

void
peer_remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        peer_remove_folder (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

const char *
peer_certs (void)
{
  if (certs == NULL)
    {
      g_autofree char *script = peer_script ("make-certs.sh");
      const char *argv[] = { "/bin/sh", script, NULL, NULL };
      g_autoptr (GError) error = NULL;
      int status = 1;

      certs = peer_make_folder ();
      argv[2] = certs;
      g_spawn_sync (NULL, (char **) argv, NULL, 0, NULL, NULL, NULL, NULL, &status, &error);
      g_assert_no_error (error);
      g_assert_cmpint (status, ==, 0);
    }
  return certs;
}

void
peer_remove_certs (void)
{
  if (certs != NULL)
    peer_remove_folder (certs);
  g_clear_pointer (&certs, g_free);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>

#include <stdint.h>
#include <stdio.h>

/* Runs a fuzz target as an ordinary test where libFuzzer is not linked in: every file of the corpus folders, then mutations of them from a
 * seed.  Arguments: the corpus folders, and how many mutations (2000 by default).  The seed is always the same, but drawn anew where the
 * number of mutations is given; CIRRUS_TEST_SEED sets it.  It is printed before the first mutation.  A target that crashes or hangs fails the
 * test; under the sanitizers also one that leaks or overruns. */

#define MUTATIONS 2000
#define SEED 20261123
#define MAX_BYTES (1024 * 1024)

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Exactly the bytes in memory of their own, so that the sanitizers see an overrun by one. */
static void
run_one (const guint8 *bytes, gsize length)
{
  g_autofree guint8 *copy = g_memdup2 (bytes, length);

  LLVMFuzzerTestOneInput (copy, length);
}

static void
load_corpus (GPtrArray *corpus, const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      char *contents = NULL;
      gsize length = 0;

      if (g_file_get_contents (path, &contents, &length, NULL))
        g_ptr_array_add (corpus, g_bytes_new_take (contents, length));
    }
}

static gsize
position (GRand *rand, gsize length)
{
  return length > 0 ? g_rand_int (rand) % length : 0;
}

static void
mutate_once (GRand *rand, GByteArray *bytes, GPtrArray *corpus)
{
  gsize at = position (rand, bytes->len);
  gsize other_length;
  const guint8 *other = g_bytes_get_data (corpus->pdata[position (rand, corpus->len)], &other_length);
  guint8 noise = (guint8) g_rand_int (rand);

  switch (g_rand_int (rand) % 6)
    {
    case 0: /* a byte changed */
      if (bytes->len > 0)
        bytes->data[at] = noise;
      break;
    case 1: /* a bit changed */
      if (bytes->len > 0)
        bytes->data[at] ^= (guint8) (1u << (noise % 8));
      break;
    case 2: /* cut short */
      g_byte_array_set_size (bytes, at);
      break;
    case 3: /* a piece taken out */
      if (bytes->len > 0)
        g_byte_array_remove_range (bytes, at, MIN (noise, bytes->len - at));
      break;
    case 4: /* a piece repeated at the end */
      if (bytes->len > 0 && bytes->len < MAX_BYTES)
        {
          gsize length = MIN (noise, bytes->len - at);
          g_autofree guint8 *piece = g_memdup2 (bytes->data + at, length);

          g_byte_array_append (bytes, piece, length);
        }
      break;
    default: /* the rest of another file */
      if (other_length > 0 && bytes->len < MAX_BYTES)
        {
          gsize from = position (rand, other_length);

          g_byte_array_set_size (bytes, at);
          g_byte_array_append (bytes, other + from, other_length - from);
        }
    }
}

static guint32
choose_seed (gboolean fresh)
{
  const char *wanted = g_getenv ("CIRRUS_TEST_SEED");

  if (wanted != NULL)
    return (guint32) g_ascii_strtoull (wanted, NULL, 10);
  return fresh ? g_random_int () : SEED;
}

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) corpus = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  gboolean counted = argc > 2 && g_ascii_isdigit (*argv[argc - 1]);
  guint mutations = counted ? (guint) g_ascii_strtoull (argv[argc - 1], NULL, 10) : MUTATIONS;
  guint32 seed = choose_seed (counted);
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  for (int i = 1; i < argc - counted; i++)
    load_corpus (corpus, argv[i]);
  setvbuf (stdout, NULL, _IOLBF, 0);
  g_print ("1..2\n# seed %u\n", seed);
  for (guint i = 0; i < corpus->len; i++)
    {
      gsize length;
      const guint8 *data = g_bytes_get_data (corpus->pdata[i], &length);

      run_one (data, length);
    }
  run_one ((const guint8 *) "", 0);
  g_print ("%s 1 - %u files of the corpus\n", corpus->len > 0 ? "ok" : "not ok", corpus->len);
  for (guint i = 0; i < mutations && corpus->len > 0; i++)
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      gsize length;
      const guint8 *data = g_bytes_get_data (corpus->pdata[position (rand, corpus->len)], &length);

      g_byte_array_append (bytes, data, length);
      for (guint n = 1 + g_rand_int (rand) % 4; n > 0; n--)
        mutate_once (rand, bytes, corpus);
      run_one (bytes->data, bytes->len);
    }
  g_print ("ok 2 - %u mutations, seed %u\n", mutations, seed);
  return corpus->len > 0 ? 0 : 1;
}

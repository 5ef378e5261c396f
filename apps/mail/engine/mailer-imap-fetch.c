/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-imap-private.h"

#include "cloud-error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* The selected folder: flags, headers, bodies, changes. */

#define SET_CHUNK 500
#define SPOOL_MEMORY_BYTES (1024 * 1024)

/* ---- Small conversions ---- */

/* @uids[from..from+n) as ranges. */
struct mailimap_set *
mailer_imap_set_from_uids (const GArray *uids, guint from, guint n)
{
  struct mailimap_set *set = mailimap_set_new_empty ();

  for (guint i = from; i < from + n;)
    {
      guint32 first = g_array_index (uids, guint32, i);
      guint32 last = first;

      for (i++; i < from + n && g_array_index (uids, guint32, i) == last + 1; i++)
        last++;
      mailimap_set_add_interval (set, first, last);
    }
  return set;
}

MailerFlags
mailer_imap_flags_from_dynamic (struct mailimap_msg_att_dynamic *dynamic)
{
  MailerFlags flags = 0;

  if (dynamic == NULL || dynamic->att_list == NULL)
    return 0;
  for (clistiter *it = clist_begin (dynamic->att_list); it != NULL; it = clist_next (it))
    {
      struct mailimap_flag_fetch *fetched = clist_content (it);

      if (fetched->fl_type != MAILIMAP_FLAG_FETCH_OTHER || fetched->fl_flag == NULL)
        continue;
      switch (fetched->fl_flag->fl_type)
        {
        case MAILIMAP_FLAG_SEEN:
          flags |= MAILER_FLAG_SEEN;
          break;
        case MAILIMAP_FLAG_FLAGGED:
          flags |= MAILER_FLAG_FLAGGED;
          break;
        case MAILIMAP_FLAG_ANSWERED:
          flags |= MAILER_FLAG_ANSWERED;
          break;
        case MAILIMAP_FLAG_DRAFT:
          flags |= MAILER_FLAG_DRAFT;
          break;
        case MAILIMAP_FLAG_DELETED:
          flags |= MAILER_FLAG_DELETED;
          break;
        case MAILIMAP_FLAG_KEYWORD:
          if (g_ascii_strcasecmp (fetched->fl_flag->fl_data.fl_keyword, "$Forwarded") == 0)
            flags |= MAILER_FLAG_FORWARDED;
          break;
        default:
          break;
        }
    }
  return flags;
}

struct mailimap_flag_list *
mailer_imap_flags_to_list (MailerFlags flags)
{
  struct mailimap_flag_list *list = mailimap_flag_list_new_empty ();

  if (flags & MAILER_FLAG_SEEN)
    mailimap_flag_list_add (list, mailimap_flag_new_seen ());
  if (flags & MAILER_FLAG_FLAGGED)
    mailimap_flag_list_add (list, mailimap_flag_new_flagged ());
  if (flags & MAILER_FLAG_ANSWERED)
    mailimap_flag_list_add (list, mailimap_flag_new_answered ());
  if (flags & MAILER_FLAG_DRAFT)
    mailimap_flag_list_add (list, mailimap_flag_new_draft ());
  if (flags & MAILER_FLAG_DELETED)
    mailimap_flag_list_add (list, mailimap_flag_new_deleted ());
  if (flags & MAILER_FLAG_FORWARDED)
    mailimap_flag_list_add (list, mailimap_flag_new_flag_keyword (strdup ("$Forwarded")));
  return list;
}

static gint64
unix_us_from_date (const struct mailimap_date_time *date)
{
  g_autoptr (GDateTime) local = NULL;
  int zone_s;

  if (date == NULL)
    return 0;
  local = g_date_time_new_utc (date->dt_year, date->dt_month, date->dt_day, date->dt_hour, date->dt_min, MIN (date->dt_sec, 59));
  if (local == NULL)
    return 0;
  zone_s = (date->dt_zone / 100 * 60 + date->dt_zone % 100) * 60;
  return (g_date_time_to_unix (local) - zone_s) * G_USEC_PER_SEC;
}

static MailerImapItem *
item_from_att (struct mailimap_msg_att *att)
{
  MailerImapItem *item = g_new0 (MailerImapItem, 1);

  for (clistiter *it = clist_begin (att->att_list); it != NULL; it = clist_next (it))
    {
      struct mailimap_msg_att_item *one = clist_content (it);
      struct mailimap_msg_att_static *fixed = one->att_data.att_static;

      if (one->att_type == MAILIMAP_MSG_ATT_ITEM_DYNAMIC)
        item->flags = mailer_imap_flags_from_dynamic (one->att_data.att_dyn);
      else if (one->att_type == MAILIMAP_MSG_ATT_ITEM_EXTENSION)
        {
          struct mailimap_extension_data *data = one->att_data.att_extension_data;

          if (data->ext_extension->ext_id == MAILIMAP_EXTENSION_CONDSTORE && data->ext_type == MAILIMAP_CONDSTORE_TYPE_FETCH_DATA)
            item->modseq = ((struct mailimap_condstore_fetch_mod_resp *) data->ext_data)->cs_modseq_value;
        }
      else if (fixed->att_type == MAILIMAP_MSG_ATT_UID)
        item->uid = fixed->att_data.att_uid;
      else if (fixed->att_type == MAILIMAP_MSG_ATT_INTERNALDATE)
        item->received_unix_us = unix_us_from_date (fixed->att_data.att_internal_date);
      else if (fixed->att_type == MAILIMAP_MSG_ATT_RFC822_SIZE)
        item->size_bytes = fixed->att_data.att_rfc822_size;
      else if (fixed->att_type == MAILIMAP_MSG_ATT_BODY_SECTION && fixed->att_data.att_body_section->sec_body_part != NULL)
        item->header = g_bytes_new (fixed->att_data.att_body_section->sec_body_part, fixed->att_data.att_body_section->sec_length);
    }
  return item;
}

/* Takes the items of @list that have a UID; frees it. */
static void
take_items (GPtrArray *items, clist *list)
{
  if (list == NULL)
    return;
  for (clistiter *it = clist_begin (list); it != NULL; it = clist_next (it))
    {
      MailerImapItem *item = item_from_att (clist_content (it));

      if (item->uid != 0)
        g_ptr_array_add (items, item);
      else
        mailer_imap_item_free (item);
    }
  mailimap_fetch_list_free (list);
}

static GPtrArray *
new_items (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) mailer_imap_item_free);
}

static int
compare_uid (const void *a, const void *b)
{
  guint32 x = *(const guint32 *) a;
  guint32 y = *(const guint32 *) b;

  return x < y ? -1 : x > y;
}

static GArray *
new_uids (void)
{
  return g_array_new (FALSE, FALSE, sizeof (guint32));
}

/* ---- Flags ---- */

/* Those of @known that lie in @set. */
static GArray *
known_in_set (const GArray *known, struct mailimap_set *set)
{
  GArray *found = new_uids ();

  for (clistiter *it = clist_begin (set->set_list); it != NULL; it = clist_next (it))
    {
      struct mailimap_set_item *range = clist_content (it);
      guint32 last = range->set_last == 0 ? G_MAXUINT32 : range->set_last;

      for (guint i = 0; i < known->len; i++)
        {
          guint32 uid = g_array_index (known, guint32, i);

          if (uid > last)
            break;
          if (uid >= range->set_first)
            g_array_append_val (found, uid);
        }
    }
  g_array_sort (found, compare_uid);
  return found;
}

static struct mailimap_fetch_type *
flags_type (void)
{
  struct mailimap_fetch_type *type = mailimap_fetch_type_new_fetch_att_list_empty ();

  mailimap_fetch_type_new_fetch_att_list_add (type, mailimap_fetch_att_new_uid ());
  mailimap_fetch_type_new_fetch_att_list_add (type, mailimap_fetch_att_new_flags ());
  return type;
}

GPtrArray *
mailer_imap_fetch_flags (MailerImap *self, guint32 first_uid, guint64 modseq, const GArray *known, GArray **vanished, GError **error)
{
  struct mailimap_set *set = mailimap_set_new_interval (first_uid, 0);
  struct mailimap_fetch_type *type = flags_type ();
  struct mailimap_qresync_vanished *gone = NULL;
  clist *list = NULL;
  GPtrArray *items;
  gboolean resync = modseq > 0 && known != NULL && vanished != NULL && (self->capabilities & MAILER_IMAP_QRESYNC);
  int rc;

  if (vanished != NULL)
    *vanished = NULL;
  mailer_imap_prepare (self, MAILER_IMAP_SMALL, MAILER_IMAP_SMALL + (gint64) self->exists * MAILER_IMAP_FLAGS_BYTES);
  if (resync)
    rc = mailimap_uid_fetch_qresync (self->session, set, type, modseq, &list, &gone);
  else if (modseq > 0)
    rc = mailimap_uid_fetch_changedsince (self->session, set, type, modseq, &list);
  else
    rc = mailimap_uid_fetch (self->session, set, type, &list);
  mailimap_fetch_type_free (type);
  mailimap_set_free (set);
  if (!mailer_imap_check (self, rc, "FETCH FLAGS", error))
    return NULL;
  items = new_items ();
  take_items (items, list);
  /* "n:*" always names the last message, even if its UID is below n. */
  for (guint i = items->len; i-- > 0;)
    if (((MailerImapItem *) g_ptr_array_index (items, i))->uid < first_uid)
      g_ptr_array_remove_index_fast (items, i);
  if (resync)
    *vanished = gone != NULL ? known_in_set (known, gone->qr_known_uids) : new_uids ();
  if (gone != NULL)
    mailimap_qresync_vanished_free (gone);
  return items;
}

/* ---- Headers ---- */

static struct mailimap_fetch_type *
headers_type (void)
{
  static const char *const fields[] = { "Date", "From", "To", "Cc", "Subject", "Message-ID", "In-Reply-To", "References", "Content-Type", "Reply-To" };
  struct mailimap_fetch_type *type = flags_type ();
  clist *names = clist_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    clist_append (names, strdup (fields[i]));
  mailimap_fetch_type_new_fetch_att_list_add (type, mailimap_fetch_att_new_internaldate ());
  mailimap_fetch_type_new_fetch_att_list_add (type, mailimap_fetch_att_new_rfc822_size ());
  mailimap_fetch_type_new_fetch_att_list_add (type, mailimap_fetch_att_new_body_peek_section (mailimap_section_new_header_fields (mailimap_header_list_new (names))));
  return type;
}

GPtrArray *
mailer_imap_fetch_headers (MailerImap *self, const GArray *uids, GError **error)
{
  struct mailimap_set *set = mailer_imap_set_from_uids (uids, 0, uids->len);
  struct mailimap_fetch_type *type = headers_type ();
  clist *list = NULL;
  GPtrArray *items;
  int rc;

  mailer_imap_prepare (self, MAILER_IMAP_SMALL, MAILER_IMAP_SMALL + (gint64) uids->len * MAILER_IMAP_HEADER_BYTES);
  rc = mailimap_uid_fetch (self->session, set, type, &list);
  mailimap_fetch_type_free (type);
  mailimap_set_free (set);
  if (!mailer_imap_check (self, rc, "FETCH headers", error))
    return NULL;
  items = new_items ();
  take_items (items, list);
  /* Unasked for flag changes of other messages come along. */
  for (guint i = items->len; i-- > 0;)
    if (((MailerImapItem *) g_ptr_array_index (items, i))->header == NULL)
      g_ptr_array_remove_index (items, i);
  return items;
}

/* ---- Bodies ---- */

/* What arrives of a batch: the bodies one after another, cut where the stream saw their literals end (libetpan hands over bytes without saying
 * whose they are).  The one that is arriving is in memory while it is small, in an unnamed file when it grows. */
typedef struct
{
  MailerStream *stream;
  guint n_taken;      /* literals */
  gint64 left;        /* of the current one */
  GByteArray *memory;
  int fd;
  GPtrArray *sources; /* complete, in the order in which they came */
  gboolean failed;
  gboolean confused;
} Spool;

static gboolean
spool_to_file (Spool *self)
{
  self->fd = open (g_get_tmp_dir (), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (self->fd < 0)
    {
      g_autofree char *name = NULL;

      self->fd = g_file_open_tmp ("cirrus-XXXXXX", &name, NULL);
      if (self->fd >= 0)
        unlink (name);
    }
  if (self->fd < 0 || write (self->fd, self->memory->data, self->memory->len) != (gssize) self->memory->len)
    return FALSE;
  g_byte_array_set_size (self->memory, 0);
  return TRUE;
}

/* The message that was arriving is complete. */
static void
spool_finish (Spool *self)
{
  GBytes *bytes = NULL;

  if (self->fd >= 0)
    {
      g_autoptr (GMappedFile) map = g_mapped_file_new_from_fd (self->fd, FALSE, NULL);

      bytes = map != NULL ? g_mapped_file_get_bytes (map) : NULL;
      close (self->fd);
      self->fd = -1;
    }
  else
    bytes = g_bytes_new (self->memory->data, self->memory->len);
  g_byte_array_set_size (self->memory, 0);
  self->failed |= bytes == NULL;
  if (bytes != NULL)
    g_ptr_array_add (self->sources, bytes);
}

/* Goes on to the next literal that has bytes. */
static gboolean
spool_next (Spool *self)
{
  const GArray *literals = mailer_stream_get_literals (self->stream);

  while (self->left == 0 && self->n_taken < literals->len)
    {
      self->left = g_array_index (literals, gint64, self->n_taken++);
      if (self->left == 0)
        spool_finish (self);
    }
  return self->left > 0;
}

static void
spool_write (Spool *self, const char *bytes, gsize length)
{
  if (self->fd < 0 && self->memory->len + length > SPOOL_MEMORY_BYTES && !spool_to_file (self))
    self->failed = TRUE;
  else if (self->fd >= 0)
    self->failed = write (self->fd, bytes, length) != (gssize) length;
  else
    g_byte_array_append (self->memory, (const guint8 *) bytes, length);
}

static bool
on_body_bytes (int type, struct mailimap_msg_att_body_section *section, const char *bytes, size_t length, void *user_data)
{
  Spool *self = user_data;

  while (length > 0 && !self->failed && !self->confused)
    {
      gsize n;

      if (!spool_next (self))
        {
          self->confused = TRUE;
          break;
        }
      n = MIN ((gint64) length, self->left);
      spool_write (self, bytes, n);
      bytes += n;
      length -= n;
      self->left -= n;
      if (self->left == 0)
        spool_finish (self);
    }
  return true;
}

static gboolean
has_body (struct mailimap_msg_att *att)
{
  for (clistiter *it = clist_begin (att->att_list); it != NULL; it = clist_next (it))
    {
      struct mailimap_msg_att_item *one = clist_content (it);

      if (one->att_type == MAILIMAP_MSG_ATT_ITEM_STATIC && one->att_data.att_static->att_type == MAILIMAP_MSG_ATT_BODY_SECTION)
        return TRUE;
    }
  return FALSE;
}

/* Hands over what came, with the UIDs of the answers.  FALSE if they don't match. */
static gboolean
deliver (Spool *self, clist *list, MailerImapBodyFunc func, gpointer user_data)
{
  g_autoptr (GArray) uids = new_uids ();

  spool_next (self);
  for (clistiter *it = list != NULL ? clist_begin (list) : NULL; it != NULL; it = clist_next (it))
    if (has_body (clist_content (it)))
      {
        MailerImapItem *item = item_from_att (clist_content (it));

        g_array_append_val (uids, item->uid);
        mailer_imap_item_free (item);
      }
  if (self->confused || self->left > 0 || uids->len != self->sources->len)
    return FALSE;
  for (guint i = 0; i < uids->len; i++)
    if (g_array_index (uids, guint32, i) == 0)
      return FALSE;
  for (guint i = 0; i < uids->len; i++)
    if (!func (g_array_index (uids, guint32, i), g_ptr_array_index (self->sources, i), user_data))
      break;
  return TRUE;
}

/* One command.  @matched is FALSE if the server answered so that its bodies cannot be told apart. */
static gboolean
fetch_body_set (MailerImap *self, const GArray *uids, gint64 max_bytes, gint64 expected_bytes, MailerImapBodyFunc func, gpointer user_data, gboolean *matched,
                GError **error)
{
  struct mailimap_set *set = mailer_imap_set_from_uids (uids, 0, uids->len);
  struct mailimap_fetch_type *type = mailimap_fetch_type_new_fetch_att_list_empty ();
  Spool spool = { .stream = self->stream, .memory = g_byte_array_new (), .fd = -1 };
  clist *list = NULL;
  int rc;

  spool.sources = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  mailimap_fetch_type_new_fetch_att_list_add (type, mailimap_fetch_att_new_uid ());
  mailimap_fetch_type_new_fetch_att_list_add (type, mailimap_fetch_att_new_body_peek_section (mailimap_section_new (NULL)));
  mailer_imap_prepare (self, max_bytes, expected_bytes * 2 + MAILER_IMAP_MEDIUM);
  mailimap_set_msg_body_handler (self->session, on_body_bytes, &spool);
  rc = mailimap_uid_fetch (self->session, set, type, &list);
  mailimap_set_msg_body_handler (self->session, NULL, NULL);
  mailimap_fetch_type_free (type);
  mailimap_set_free (set);
  *matched = rc == MAILIMAP_NO_ERROR && !spool.failed && deliver (&spool, list, func, user_data);
  if (list != NULL)
    mailimap_fetch_list_free (list);
  if (spool.fd >= 0)
    close (spool.fd);
  g_byte_array_unref (spool.memory);
  g_ptr_array_unref (spool.sources);
  if (spool.failed)
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_NO_SPACE, "No room for a message that is being received");
      self->dead = TRUE;
      return FALSE;
    }
  return mailer_imap_check (self, rc, "FETCH bodies", error);
}

gboolean
mailer_imap_fetch_bodies (MailerImap *self, const GArray *uids, gint64 max_bytes, gint64 expected_bytes, MailerImapBodyFunc func, gpointer user_data,
                          GError **error)
{
  gboolean matched;

  if (!fetch_body_set (self, uids, max_bytes, expected_bytes, func, user_data, &matched, error))
    return FALSE;
  /* Alone, there is nothing to tell apart. */
  for (guint i = 0; !matched && uids->len > 1 && i < uids->len; i++)
    {
      g_autoptr (GArray) one = new_uids ();
      gboolean ignored;

      g_array_append_val (one, g_array_index (uids, guint32, i));
      if (!fetch_body_set (self, one, max_bytes, expected_bytes, func, user_data, &ignored, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- Searching ---- */

static GArray *
search (MailerImap *self, struct mailimap_search_key *key, GError **error)
{
  clist *found = NULL;
  GArray *uids;
  int rc;

  mailer_imap_prepare (self, MAILER_IMAP_SMALL, MAILER_IMAP_SMALL + (gint64) self->exists * 16);
  rc = mailimap_uid_search (self->session, NULL, key, &found);
  mailimap_search_key_free (key);
  if (!mailer_imap_check (self, rc, "SEARCH", error))
    return NULL;
  uids = new_uids ();
  for (clistiter *it = clist_begin (found); it != NULL; it = clist_next (it))
    {
      guint32 uid = *(uint32_t *) clist_content (it);

      g_array_append_val (uids, uid);
    }
  mailimap_search_result_free (found);
  g_array_sort (uids, compare_uid);
  return uids;
}

GArray *
mailer_imap_search_all (MailerImap *self, GError **error)
{
  return search (self, mailimap_search_key_new_all (), error);
}

GArray *
mailer_imap_search_message_id (MailerImap *self, const char *message_id, GError **error)
{
  return search (self, mailimap_search_key_new_header (strdup ("Message-ID"), strdup (message_id)), error);
}

/* ---- Changing ---- */

gboolean
mailer_imap_store_flags (MailerImap *self, const GArray *uids, gboolean add, MailerFlags flags, GError **error)
{
  gboolean ok = TRUE;

  for (guint from = 0; ok && from < uids->len; from += SET_CHUNK)
    {
      struct mailimap_set *set = mailer_imap_set_from_uids (uids, from, MIN (SET_CHUNK, uids->len - from));
      struct mailimap_flag_list *list = mailer_imap_flags_to_list (flags);
      struct mailimap_store_att_flags *change = add ? mailimap_store_att_flags_new_add_flags_silent (list)
                                                    : mailimap_store_att_flags_new_remove_flags_silent (list);

      mailer_imap_prepare (self, MAILER_IMAP_SMALL, 16 * MAILER_IMAP_SMALL);
      ok = mailer_imap_check (self, mailimap_uid_store (self->session, set, change), "STORE", error);
      mailimap_store_att_flags_free (change);
      mailimap_set_free (set);
    }
  return ok;
}

/* The new UIDs in the order of @uids, from the two sets of COPYUID. */
static GArray *
map_copied (const GArray *uids, struct mailimap_set *source, struct mailimap_set *target)
{
  GArray *old = new_uids ();
  GArray *fresh = new_uids ();
  GArray *mapped = new_uids ();
  struct mailimap_set *sets[] = { source, target };
  GArray *lists[] = { old, fresh };

  for (int s = 0; s < 2; s++)
    for (clistiter *it = clist_begin (sets[s]->set_list); it != NULL; it = clist_next (it))
      {
        struct mailimap_set_item *range = clist_content (it);

        for (guint64 uid = range->set_first; uid <= range->set_last && lists[s]->len < 100000; uid++)
          {
            guint32 one = uid;

            g_array_append_val (lists[s], one);
          }
      }
  for (guint i = 0; i < uids->len; i++)
    {
      guint32 fresh_uid = 0;

      for (guint j = 0; j < MIN (old->len, fresh->len); j++)
        if (g_array_index (old, guint32, j) == g_array_index (uids, guint32, i))
          fresh_uid = g_array_index (fresh, guint32, j);
      g_array_append_val (mapped, fresh_uid);
    }
  g_array_unref (old);
  g_array_unref (fresh);
  return mapped;
}

gboolean
mailer_imap_expunge (MailerImap *self, const GArray *uids, GError **error)
{
  struct mailimap_set *set;
  gboolean ok;

  if (!mailer_imap_store_flags (self, uids, TRUE, MAILER_FLAG_DELETED, error))
    return FALSE;
  if (!(self->capabilities & MAILER_IMAP_UIDPLUS))
    return TRUE;
  set = mailer_imap_set_from_uids (uids, 0, uids->len);
  mailer_imap_prepare (self, MAILER_IMAP_SMALL, 16 * MAILER_IMAP_SMALL);
  ok = mailer_imap_check (self, mailimap_uid_expunge (self->session, set), "UID EXPUNGE", error);
  mailimap_set_free (set);
  return ok;
}

gboolean
mailer_imap_move (MailerImap *self, const GArray *uids, const char *target_wire, GArray **new_uids_out, GError **error)
{
  struct mailimap_set *set = mailer_imap_set_from_uids (uids, 0, uids->len);
  struct mailimap_set *source = NULL;
  struct mailimap_set *target = NULL;
  uint32_t validity = 0;
  gboolean moves = (self->capabilities & MAILER_IMAP_MOVE) != 0;
  gboolean plus = (self->capabilities & MAILER_IMAP_UIDPLUS) != 0;
  gboolean ok;
  int rc;

  mailer_imap_prepare (self, MAILER_IMAP_SMALL, 16 * MAILER_IMAP_SMALL);
  if (moves)
    rc = plus ? mailimap_uidplus_uid_move (self->session, set, target_wire, &validity, &source, &target)
              : mailimap_uid_move (self->session, set, target_wire);
  else
    rc = plus ? mailimap_uidplus_uid_copy (self->session, set, target_wire, &validity, &source, &target)
              : mailimap_uid_copy (self->session, set, target_wire);
  mailimap_set_free (set);
  ok = mailer_imap_check (self, rc, moves ? "MOVE" : "COPY", error);
  if (new_uids_out != NULL)
    *new_uids_out = ok && source != NULL && target != NULL ? map_copied (uids, source, target) : NULL;
  if (source != NULL)
    mailimap_set_free (source);
  if (target != NULL)
    mailimap_set_free (target);
  return ok && (moves || mailer_imap_expunge (self, uids, error));
}

gboolean
mailer_imap_append (MailerImap *self, const char *wire, MailerFlags flags, gint64 date_unix_us, GBytes *source, guint32 *new_uid, GError **error)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (date_unix_us / G_USEC_PER_SEC);
  struct mailimap_flag_list *list = mailer_imap_flags_to_list (flags);
  struct mailimap_date_time *when;
  uint32_t validity = 0;
  uint32_t uid = 0;
  gsize length;
  const char *bytes = g_bytes_get_data (source, &length);
  int rc;

  when = mailimap_date_time_new (g_date_time_get_day_of_month (date), g_date_time_get_month (date), g_date_time_get_year (date),
                                 g_date_time_get_hour (date), g_date_time_get_minute (date), g_date_time_get_second (date), 0);
  mailer_imap_prepare (self, MAILER_IMAP_SMALL, MAX ((gint64) length, MAILER_IMAP_MEDIUM));
  rc = self->capabilities & MAILER_IMAP_UIDPLUS ? mailimap_uidplus_append (self->session, wire, list, when, bytes, length, &validity, &uid)
                                                : mailimap_append (self->session, wire, list, when, bytes, length);
  mailimap_flag_list_free (list);
  mailimap_date_time_free (when);
  if (new_uid != NULL)
    *new_uid = uid;
  return mailer_imap_check (self, rc, "APPEND", error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-imap-private.h"

#include "config.h"
#include "mailer-utf7.h"

#include "cloud-error.h"

#include <string.h>

/* The session: connecting, logging in, folders, IDLE. */

#define DEFAULT_TIMEOUT_S 60
#define COMMAND_DEADLINE_S 600

void
mailer_server_free (MailerServer *self)
{
  if (self == NULL)
    return;
  g_free (self->host);
  g_free (self->user);
  g_free (self->password);
  g_free (self);
}

MailerServer *
mailer_server_copy (const MailerServer *self)
{
  MailerServer *copy = g_memdup2 (self, sizeof *self);

  copy->host = g_strdup (self->host);
  copy->user = g_strdup (self->user);
  copy->password = g_strdup (self->password);
  return copy;
}

void
mailer_imap_folder_free (MailerImapFolder *self)
{
  if (self == NULL)
    return;
  g_free (self->wire);
  g_free (self->path);
  g_free (self);
}

void
mailer_imap_item_free (MailerImapItem *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->header, g_bytes_unref);
  g_free (self);
}

/* ---- Errors and bounds ---- */

void
mailer_imap_prepare (MailerImap *self, gint64 max_literal_bytes, gint64 max_total_bytes)
{
  guint deadline_s = MIN (COMMAND_DEADLINE_S, self->timeout_s * 10);

  /* Two kilobytes a second are the slowest that is not silence. */
  mailer_stream_set_limits (self->stream, max_literal_bytes, max_total_bytes, deadline_s + (guint) MIN (max_total_bytes / 2048, 24 * 3600));
}

static CloudError
code_of_refusal (MailerImap *self, int rc)
{
  const char *response = self->session->imap_response != NULL ? self->session->imap_response : "";

  if (strstr (response, "[UNAVAILABLE]") != NULL || strstr (response, "[INUSE]") != NULL || strstr (response, "[LIMIT]") != NULL)
    return CLOUD_ERROR_TRY_LATER;
  if (strstr (response, "[OVERQUOTA]") != NULL)
    return CLOUD_ERROR_NO_SPACE;
  switch (rc)
    {
    case MAILIMAP_ERROR_LOGIN:
    case MAILIMAP_ERROR_SASL:
      return CLOUD_ERROR_AUTH_REQUIRED;
    case MAILIMAP_ERROR_SELECT:
    case MAILIMAP_ERROR_EXAMINE:
    case MAILIMAP_ERROR_STATUS:
      return CLOUD_ERROR_NOT_FOUND;
    case MAILIMAP_ERROR_STARTTLS:
      return CLOUD_ERROR_UNTRUSTED; /* no TLS, or something sent ahead of it in the clear */
    case MAILIMAP_ERROR_DONT_ACCEPT_CONNECTION:
      return CLOUD_ERROR_TRY_LATER;
    default:
      return CLOUD_ERROR_DENIED;
    }
}

gboolean
mailer_imap_check (MailerImap *self, int rc, const char *doing, GError **error)
{
  const GError *stream_error = mailer_stream_get_error (self->stream);

  if (rc == MAILIMAP_NO_ERROR || rc == MAILIMAP_NO_ERROR_AUTHENTICATED || rc == MAILIMAP_NO_ERROR_NON_AUTHENTICATED)
    return TRUE;
  if (stream_error != NULL)
    {
      self->dead = TRUE;
      g_propagate_error (error, g_error_copy (stream_error));
      g_prefix_error (error, "%s: ", doing);
      return FALSE;
    }
  switch (rc)
    {
    case MAILIMAP_ERROR_STREAM:
    case MAILIMAP_ERROR_CONNECTION_REFUSED:
      self->dead = TRUE;
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_OFFLINE, "%s: %s: the connection broke", doing, self->host);
      return FALSE;
    case MAILIMAP_ERROR_PARSE:
    case MAILIMAP_ERROR_PROTOCOL:
    case MAILIMAP_ERROR_FATAL:
    case MAILIMAP_ERROR_MEMORY:
    case MAILIMAP_ERROR_BAD_STATE:
      self->dead = TRUE;
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_PROTOCOL, "%s: %s: the server does not speak IMAP as agreed (%d)", doing, self->host, rc);
      return FALSE;
    default:
      g_set_error (error, CLOUD_ERROR, code_of_refusal (self, rc), "%s: %s: refused: %s", doing, self->host,
                   self->session->imap_response != NULL ? self->session->imap_response : "");
      return FALSE;
    }
}

/* ---- Opening ---- */

static gboolean
has (MailerImap *self, const char *name)
{
  return mailimap_has_extension (self->session, (char *) name) != 0;
}

static void
read_capabilities (MailerImap *self, guint max)
{
  MailerImapCapabilities found = 0;

  if (has (self, "CONDSTORE") || has (self, "QRESYNC"))
    found |= MAILER_IMAP_CONDSTORE;
  if (has (self, "QRESYNC") && has (self, "ENABLE"))
    found |= MAILER_IMAP_QRESYNC;
  if (has (self, "MOVE"))
    found |= MAILER_IMAP_MOVE;
  if (has (self, "UIDPLUS"))
    found |= MAILER_IMAP_UIDPLUS;
  if (has (self, "IDLE"))
    found |= MAILER_IMAP_IDLE;
  if (max >= 1)
    found &= ~MAILER_IMAP_QRESYNC;
  if (max >= 2)
    found &= ~MAILER_IMAP_CONDSTORE;
  if (max >= 3)
    found &= ~(MAILER_IMAP_MOVE | MAILER_IMAP_UIDPLUS);
  self->capabilities = found;
}

static gboolean
fetch_capabilities (MailerImap *self, GError **error)
{
  struct mailimap_capability_data *data = NULL;
  int rc = mailimap_capability (self->session, &data);

  if (data != NULL)
    mailimap_capability_data_free (data);
  return mailer_imap_check (self, rc, "CAPABILITY", error);
}

static gboolean
secure (MailerImap *self, const MailerServer *server, int greeting, GError **error)
{
  if (server->security == MAILER_SECURITY_TLS)
    return TRUE;
  if (greeting == MAILIMAP_NO_ERROR_AUTHENTICATED)
    {
      /* Nobody proved anything: a greeting that skips the login skips STARTTLS too. */
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_UNTRUSTED, "%s: the server offers a session without TLS", self->host);
      self->dead = TRUE;
      return FALSE;
    }
  if (!mailer_imap_check (self, mailimap_starttls (self->session), "STARTTLS", error))
    return FALSE;
  if (!mailer_stream_start_tls (self->stream, error))
    {
      self->dead = TRUE;
      return FALSE;
    }
  return TRUE;
}

static gboolean
log_in (MailerImap *self, const MailerServer *server, GError **error)
{
  int rc = server->is_token ? mailimap_oauth2_authenticate (self->session, server->user, server->password)
                            : mailimap_login (self->session, server->user, server->password);

  return mailer_imap_check (self, rc, "LOGIN", error);
}

static gboolean
introduce (MailerImap *self, guint max_capabilities, GError **error)
{
  if (!fetch_capabilities (self, error))
    return FALSE;
  read_capabilities (self, max_capabilities);
  /* Some providers refuse clients that do not say who they are.  (mailimap_id_basic() leaks what it says.) */
  if (has (self, "ID"))
    mailimap_custom_command (self->session, "ID (\"name\" \"Cirrus Mail\" \"version\" \"" CIRRUS_VERSION "\")");
  if ((self->capabilities & MAILER_IMAP_QRESYNC) && mailimap_custom_command (self->session, "ENABLE QRESYNC") != MAILIMAP_NO_ERROR)
    self->capabilities &= ~MAILER_IMAP_QRESYNC;
  return mailer_stream_get_error (self->stream) == NULL || mailer_imap_check (self, MAILIMAP_ERROR_STREAM, "ID", error);
}

MailerImap *
mailer_imap_open (const MailerServer *server, GCancellable *cancellable, GError **error)
{
  g_autoptr (MailerImap) self = NULL;
  guint timeout_s = server->timeout_s > 0 ? server->timeout_s : DEFAULT_TIMEOUT_S;
  MailerStream *stream = mailer_stream_open (server->host, server->port, server->security, timeout_s, cancellable, error);
  int greeting;

  if (stream == NULL)
    return NULL;
  self = g_new0 (MailerImap, 1);
  self->session = mailimap_new (0, NULL);
  self->stream = stream;
  self->host = g_strdup (server->host);
  self->timeout_s = timeout_s;
  mailer_imap_prepare (self, MAILER_IMAP_SMALL, MAILER_IMAP_SMALL);
  greeting = mailimap_connect (self->session, mailer_stream_as_mailstream (stream));
  if (!mailer_imap_check (self, greeting, "greeting", error) || !secure (self, server, greeting, error))
    return NULL;
  if (greeting != MAILIMAP_NO_ERROR_AUTHENTICATED && !log_in (self, server, error))
    return NULL;
  if (!introduce (self, server->max_capabilities, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
mailer_imap_close (MailerImap *self)
{
  if (self == NULL)
    return;
  if (!self->dead && mailer_stream_get_error (self->stream) == NULL)
    {
      mailer_imap_prepare (self, MAILER_IMAP_SMALL, MAILER_IMAP_SMALL);
      mailimap_logout (self->session);
    }
  /* libetpan forgets the stream by itself after a failed connect or a logout. */
  if (self->session->imap_stream == NULL)
    self->stream = NULL;
  mailimap_free (self->session);
  g_free (self->host);
  g_free (self);
}

gboolean
mailer_imap_is_alive (MailerImap *self)
{
  return !self->dead && mailer_stream_get_error (self->stream) == NULL;
}

MailerImapCapabilities
mailer_imap_get_capabilities (MailerImap *self)
{
  return self->capabilities;
}

gint64
mailer_imap_get_received_bytes (MailerImap *self)
{
  return mailer_stream_get_received_bytes (self->stream);
}

/* ---- Folders ---- */

static MailerRole
role_from_flag (const char *flag)
{
  static const struct
  {
    const char *flag;
    MailerRole role;
  } roles[] = {
    { "Drafts", MAILER_ROLE_DRAFTS }, { "Sent", MAILER_ROLE_SENT },   { "Archive", MAILER_ROLE_ARCHIVE }, { "Junk", MAILER_ROLE_JUNK },
    { "Spam", MAILER_ROLE_JUNK },     { "Trash", MAILER_ROLE_TRASH }, { "All", MAILER_ROLE_ALL },         { "AllMail", MAILER_ROLE_ALL },
  };

  while (*flag == '\\')
    flag++;
  for (gsize i = 0; i < G_N_ELEMENTS (roles); i++)
    if (g_ascii_strcasecmp (roles[i].flag, flag) == 0)
      return roles[i].role;
  return MAILER_ROLE_NONE;
}

/* What folders are usually called on servers that do not say what they are for. */
static MailerRole
role_from_name (const char *path)
{
  static const struct
  {
    const char *name;
    MailerRole role;
  } names[] = {
    { "Drafts", MAILER_ROLE_DRAFTS },      { "草稿箱", MAILER_ROLE_DRAFTS },       { "Sent", MAILER_ROLE_SENT },
    { "Sent Items", MAILER_ROLE_SENT },    { "Sent Messages", MAILER_ROLE_SENT },  { "Sent Mail", MAILER_ROLE_SENT },
    { "已发送", MAILER_ROLE_SENT },        { "已发送邮件", MAILER_ROLE_SENT },     { "Trash", MAILER_ROLE_TRASH },
    { "Deleted", MAILER_ROLE_TRASH },      { "Deleted Items", MAILER_ROLE_TRASH }, { "Deleted Messages", MAILER_ROLE_TRASH },
    { "已删除", MAILER_ROLE_TRASH },       { "Junk", MAILER_ROLE_JUNK },           { "Spam", MAILER_ROLE_JUNK },
    { "Junk E-mail", MAILER_ROLE_JUNK },   { "垃圾邮件", MAILER_ROLE_JUNK },       { "Archive", MAILER_ROLE_ARCHIVE },
    { "Archives", MAILER_ROLE_ARCHIVE },   { "归档", MAILER_ROLE_ARCHIVE },
  };

  if (g_str_has_prefix (path, "INBOX/"))
    path += strlen ("INBOX/");
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (names[i].name, path) == 0)
      return names[i].role;
  return MAILER_ROLE_NONE;
}

static MailerImapFolder *
folder_from_list (struct mailimap_mailbox_list *entry)
{
  MailerImapFolder *folder = g_new0 (MailerImapFolder, 1);

  folder->wire = g_strdup (entry->mb_name);
  folder->path = mailer_utf7_decode (entry->mb_name);
  folder->selectable = TRUE;
  if (entry->mb_delimiter != '\0' && entry->mb_delimiter != '/')
    {
      g_strdelimit (folder->path, "/", '_');
      for (char *p = folder->path; *p != '\0'; p++)
        if (*p == entry->mb_delimiter)
          *p = '/';
    }
  if (g_ascii_strcasecmp (entry->mb_name, "INBOX") == 0)
    folder->role = MAILER_ROLE_INBOX;
  if (entry->mb_flag == NULL)
    return folder;
  if (entry->mb_flag->mbf_type == MAILIMAP_MBX_LIST_FLAGS_SFLAG && entry->mb_flag->mbf_sflag == MAILIMAP_MBX_LIST_SFLAG_NOSELECT)
    folder->selectable = FALSE;
  for (clistiter *it = clist_begin (entry->mb_flag->mbf_oflags); it != NULL; it = clist_next (it))
    {
      struct mailimap_mbx_list_oflag *flag = clist_content (it);

      if (flag->of_type != MAILIMAP_MBX_LIST_OFLAG_FLAG_EXT || flag->of_flag_ext == NULL)
        continue;
      if (folder->role == MAILER_ROLE_NONE)
        folder->role = role_from_flag (flag->of_flag_ext);
      if (strcasestr (flag->of_flag_ext, "nonexistent") != NULL)
        folder->selectable = FALSE;
    }
  return folder;
}

/* Each role once; where the server names none for it, the usual name has it. */
static void
settle_roles (GPtrArray *folders)
{
  guint seen = 0;

  for (guint i = 0; i < folders->len; i++)
    {
      MailerImapFolder *folder = g_ptr_array_index (folders, i);

      if (folder->role != MAILER_ROLE_NONE && (seen & 1u << folder->role))
        folder->role = MAILER_ROLE_NONE;
      seen |= 1u << folder->role;
    }
  for (guint i = 0; i < folders->len; i++)
    {
      MailerImapFolder *folder = g_ptr_array_index (folders, i);
      MailerRole role = folder->role == MAILER_ROLE_NONE ? role_from_name (folder->path) : MAILER_ROLE_NONE;

      if (role != MAILER_ROLE_NONE && !(seen & 1u << role))
        {
          folder->role = role;
          seen |= 1u << role;
        }
    }
}

GPtrArray *
mailer_imap_list (MailerImap *self, GError **error)
{
  clist *entries = NULL;
  GPtrArray *folders;
  int rc;

  mailer_imap_prepare (self, MAILER_IMAP_SMALL, 16 * MAILER_IMAP_SMALL);
  rc = mailimap_list (self->session, "", "*", &entries);
  if (!mailer_imap_check (self, rc, "LIST", error))
    return NULL;
  folders = g_ptr_array_new_with_free_func ((GDestroyNotify) mailer_imap_folder_free);
  for (clistiter *it = clist_begin (entries); it != NULL; it = clist_next (it))
    g_ptr_array_add (folders, folder_from_list (clist_content (it)));
  mailimap_list_result_free (entries);
  settle_roles (folders);
  return folders;
}

gboolean
mailer_imap_status (MailerImap *self, const char *wire, MailerImapState *state, GError **error)
{
  struct mailimap_status_att_list *wanted = mailimap_status_att_list_new_empty ();
  struct mailimap_mailbox_data_status *result = NULL;
  int rc;

  mailimap_status_att_list_add (wanted, MAILIMAP_STATUS_ATT_MESSAGES);
  mailimap_status_att_list_add (wanted, MAILIMAP_STATUS_ATT_UIDNEXT);
  mailimap_status_att_list_add (wanted, MAILIMAP_STATUS_ATT_UIDVALIDITY);
  if (self->capabilities & MAILER_IMAP_CONDSTORE)
    mailimap_status_att_list_add (wanted, MAILIMAP_STATUS_ATT_HIGHESTMODSEQ);
  mailer_imap_prepare (self, MAILER_IMAP_SMALL, MAILER_IMAP_SMALL);
  rc = mailimap_status (self->session, wire, wanted, &result);
  mailimap_status_att_list_free (wanted);
  if (!mailer_imap_check (self, rc, "STATUS", error))
    return FALSE;
  *state = (MailerImapState){ 0 };
  for (clistiter *it = clist_begin (result->st_info_list); it != NULL; it = clist_next (it))
    {
      struct mailimap_status_info *info = clist_content (it);

      if (info->st_att == MAILIMAP_STATUS_ATT_MESSAGES)
        state->exists = info->st_value;
      else if (info->st_att == MAILIMAP_STATUS_ATT_UIDNEXT)
        state->uidnext = info->st_value;
      else if (info->st_att == MAILIMAP_STATUS_ATT_UIDVALIDITY)
        state->uidvalidity = info->st_value;
      else if (info->st_ext_data != NULL && info->st_ext_data->ext_extension->ext_id == MAILIMAP_EXTENSION_CONDSTORE)
        state->modseq = ((struct mailimap_condstore_status_info *) info->st_ext_data->ext_data)->cs_highestmodseq_value;
    }
  mailimap_mailbox_data_status_free (result);
  return TRUE;
}

gboolean
mailer_imap_select (MailerImap *self, const char *wire, MailerImapState *state, GError **error)
{
  struct mailimap_selection_info *info;
  uint64_t modseq = 0;
  int rc;

  mailer_imap_prepare (self, MAILER_IMAP_SMALL, MAILER_IMAP_SMALL);
  rc = self->capabilities & MAILER_IMAP_CONDSTORE ? mailimap_select_condstore (self->session, wire, &modseq) : mailimap_select (self->session, wire);
  if (!mailer_imap_check (self, rc, "SELECT", error))
    return FALSE;
  info = self->session->imap_selection_info;
  state->uidvalidity = info->sel_uidvalidity;
  state->uidnext = info->sel_uidnext;
  state->exists = info->sel_exists;
  state->modseq = modseq;
  self->exists = state->exists;
  return TRUE;
}

gboolean
mailer_imap_create (MailerImap *self, const char *wire, GError **error)
{
  mailer_imap_prepare (self, MAILER_IMAP_SMALL, MAILER_IMAP_SMALL);
  return mailer_imap_check (self, mailimap_create (self->session, wire), "CREATE", error);
}

/* ---- IDLE ---- */

static gboolean
tells_change (const char *line)
{
  return g_str_has_prefix (line, "* ") &&
         (strstr (line, " EXISTS") != NULL || strstr (line, " EXPUNGE") != NULL || strstr (line, " FETCH ") != NULL || strstr (line, "VANISHED") != NULL);
}

/* Reads lines until the tagged answer to our IDLE. */
static gboolean
end_idle (MailerImap *self, const char *tag, gboolean *changed, GError **error)
{
  gint64 deadline_us = g_get_monotonic_time () + (gint64) self->timeout_s * G_USEC_PER_SEC;

  if (!mailer_stream_send_text (self->stream, "DONE\r\n", error))
    return FALSE;
  for (;;)
    {
      g_autofree char *line = NULL;

      if (!mailer_stream_wait_line (self->stream, deadline_us, NULL, &line, error))
        return FALSE;
      if (line == NULL)
        {
          g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_OFFLINE, "IDLE: %s: the server is silent", self->host);
          return FALSE;
        }
      *changed |= tells_change (line);
      if (g_str_has_prefix (line, tag))
        return TRUE;
    }
}

gboolean
mailer_imap_idle (MailerImap *self, guint timeout_s, GCancellable *wake, gboolean *changed, GError **error)
{
  g_autofree char *tag = g_strdup_printf ("I%u ", ++self->n_idle);
  g_autofree char *command = g_strconcat (tag, "IDLE\r\n", NULL);
  gint64 start_us = g_get_monotonic_time ();
  gboolean idling = FALSE;
  gboolean ok = mailer_stream_send_text (self->stream, command, error);

  *changed = FALSE;
  while (ok && !(idling && *changed))
    {
      g_autofree char *line = NULL;
      guint patience_s = idling ? timeout_s : self->timeout_s;

      ok = mailer_stream_wait_line (self->stream, start_us + (gint64) patience_s * G_USEC_PER_SEC, idling ? wake : NULL, &line, error);
      if (!ok || (line == NULL && idling))
        break;
      if (line == NULL || g_str_has_prefix (line, tag))
        {
          ok = FALSE;
          g_set_error (error, CLOUD_ERROR, line == NULL ? CLOUD_ERROR_OFFLINE : CLOUD_ERROR_DENIED, "IDLE: %s: %s", self->host, line != NULL ? line : "silence");
          break;
        }
      if (line[0] == '+')
        idling = TRUE;
      *changed |= tells_change (line);
    }
  if (ok)
    ok = end_idle (self, tag, changed, error);
  self->dead |= !ok;
  return ok;
}

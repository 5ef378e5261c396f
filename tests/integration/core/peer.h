/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A server of the tests as a child process: it prints its port as its first line, and ends when its standard input is closed. */

typedef struct
{
  GSubprocess *process;
  guint port;
  guint ports[8]; /* all that its first line names; port is the first */
  char *line;     /* the line itself, for servers that say more (JSON) */
} Peer;

/* @argv[0] is a file of tests/servers; @secure: speak https to it. */
Peer *peer_start (const char *const *argv);
void peer_stop (Peer *peer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Peer, peer_stop)

/* (transfer full): "http://127.0.0.1:PORT" + @path; and the same with https. */
char *peer_url (Peer *peer, const char *path);
char *peer_https_url (Peer *peer, const char *host, const char *path);

/* (transfer full): the path of a file in tests/servers. */
char *peer_script (const char *name);

/* (transfer full): an empty folder; and its end, with all in it. */
char *peer_make_folder (void);
void peer_remove_folder (const char *path);

/* A folder with the certificates of make-certs.sh, made once a run; removed by peer_remove_certs(). */
const char *peer_certs (void);
void peer_remove_certs (void);

G_END_DECLS

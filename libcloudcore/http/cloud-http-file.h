/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The file end of a transfer: bytes between curl, on the client's context, and a file, on a thread of its own, through a bounded
 * buffer.  When the buffer is full (a download) or empty (an upload) curl is paused, and `resume` is called in the context once it may go on.
 *
 * A download lands in "<file>.part", beside "<file>.part-tag" with the validator of what was received, and takes its name only when
 * it is complete and synced: whoever sees the file sees all of it.
 *
 * Private to libcloudcore/http.  Threading: all calls from the context's thread. */

typedef struct _CloudHttpUpload CloudHttpUpload;
typedef struct _CloudHttpDownload CloudHttpDownload;
typedef void (*CloudHttpFileResume) (gpointer data);
typedef void (*CloudHttpFileDone) (GError *error, gpointer data); /* @error: (transfer none) (nullable) */

/* @length_bytes: < 0: to the end of the file.  Opens at once. */
CloudHttpUpload *cloud_http_upload_new (GMainContext *context, GFile *file, gint64 offset_bytes, gint64 length_bytes, GError **error);
gint64 cloud_http_upload_get_length (CloudHttpUpload *self);
void cloud_http_upload_set_resume (CloudHttpUpload *self, CloudHttpFileResume resume, gpointer data);
/* Up to @size bytes; 0: the end; -1: none yet, `resume` will tell; -2: the file failed. */
gssize cloud_http_upload_read (CloudHttpUpload *self, char *buffer, gsize size);
void cloud_http_upload_free (CloudHttpUpload *self);

/* @resume: keeps what an earlier attempt left. */
CloudHttpDownload *cloud_http_download_new (GMainContext *context, GFile *file, gboolean resume, GError **error);
/* What is there already, and the validator to send in If-Range (nullable: then there is nothing worth keeping, and 0 bytes). */
gint64 cloud_http_download_get_have (CloudHttpDownload *self);
const char *cloud_http_download_get_validator (CloudHttpDownload *self);
/* The server's answer: @append: it sends the rest; otherwise all of it, and what is there is dropped. */
void cloud_http_download_begin (CloudHttpDownload *self, gboolean append, const char *validator);
void cloud_http_download_set_resume (CloudHttpDownload *self, CloudHttpFileResume resume, gpointer data);
/* 1: taken; 0: full, `resume` will tell, offer it again; -1: the disk failed. */
int cloud_http_download_write (CloudHttpDownload *self, const char *data, gsize size);
/* All came: sync, rename, then @done in the context. */
void cloud_http_download_finish (CloudHttpDownload *self, CloudHttpFileDone done, gpointer data);
/* Drops what is there (the server says that it does not fit). */
void cloud_http_download_discard (CloudHttpDownload *self);
/* Why a write failed (transfer full) (nullable). */
GError *cloud_http_download_get_error (CloudHttpDownload *self);
GError *cloud_http_upload_get_error (CloudHttpUpload *self);
/* Without finish: what came stays for the next attempt. */
void cloud_http_download_free (CloudHttpDownload *self);

G_END_DECLS

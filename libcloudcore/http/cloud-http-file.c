/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-http"

#include "cloud-http-file.h"

#include "cloud-error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A bounded queue of chunks between two threads, once in each direction.  The shared part is reference counted, because the
 * file's thread may outlive an aborted transfer by one system call. */

#define CHUNK_BYTES (128 * 1024)
#define BUFFER_BYTES (1024 * 1024)

typedef struct
{
  gatomicrefcount refs;
  GMutex mutex;
  GCond cond;
  GQueue chunks; /* GBytes */
  gsize queued_bytes;
  gboolean ended;   /* nothing more will be added */
  gboolean closed;  /* the other side has gone */
  gboolean waiting; /* curl is paused for us */
  GError *error;
  int fd;

  GMainContext *context;
  CloudHttpFileResume resume; /* the context's thread only */
  CloudHttpFileDone done;
  gpointer data;
  gint64 left_bytes; /* of an upload */
  char *part_path;
  char *final_path;
  char *tag_path;
} Pipe;

static Pipe *
pipe_new (GMainContext *context)
{
  Pipe *pipe = g_new0 (Pipe, 1);

  g_atomic_ref_count_init (&pipe->refs);
  g_mutex_init (&pipe->mutex);
  g_cond_init (&pipe->cond);
  g_queue_init (&pipe->chunks);
  pipe->fd = -1;
  pipe->context = context != NULL ? g_main_context_ref (context) : NULL;
  return pipe;
}

static Pipe *
pipe_ref (Pipe *pipe)
{
  g_atomic_ref_count_inc (&pipe->refs);
  return pipe;
}

static void
pipe_unref (gpointer data)
{
  Pipe *pipe = data;

  if (!g_atomic_ref_count_dec (&pipe->refs))
    return;
  g_queue_clear_full (&pipe->chunks, (GDestroyNotify) g_bytes_unref);
  if (pipe->fd >= 0)
    close (pipe->fd);
  g_clear_error (&pipe->error);
  g_clear_pointer (&pipe->context, g_main_context_unref);
  g_mutex_clear (&pipe->mutex);
  g_cond_clear (&pipe->cond);
  g_free (pipe->part_path);
  g_free (pipe->final_path);
  g_free (pipe->tag_path);
  g_free (pipe);
}

static gboolean
resume_in_context (gpointer data)
{
  Pipe *pipe = data;

  if (pipe->resume != NULL)
    pipe->resume (pipe->data);
  return G_SOURCE_REMOVE;
}

static void
call_in_context (Pipe *pipe, GSourceFunc func)
{
  GSource *source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, func, pipe_ref (pipe), pipe_unref);
  g_source_attach (source, pipe->context);
  g_source_unref (source);
}

/* Locked. */
static void
wake_curl (Pipe *pipe)
{
  if (!pipe->waiting)
    return;
  pipe->waiting = FALSE;
  call_in_context (pipe, resume_in_context);
}

/* Locked. */
static void
fail_errno (Pipe *pipe, const char *doing)
{
  int saved = errno;

  if (pipe->error == NULL)
    pipe->error = g_error_new (CLOUD_ERROR, cloud_error_code_from_errno (saved), "%s: %s", doing, g_strerror (saved));
}

static void
pipe_close (Pipe *pipe)
{
  g_mutex_lock (&pipe->mutex);
  pipe->closed = TRUE;
  pipe->resume = NULL;
  pipe->done = NULL;
  g_cond_broadcast (&pipe->cond);
  g_mutex_unlock (&pipe->mutex);
  pipe_unref (pipe);
}

static GError *
pipe_get_error (Pipe *pipe)
{
  GError *error;

  g_mutex_lock (&pipe->mutex);
  error = pipe->error != NULL ? g_error_copy (pipe->error) : NULL;
  g_mutex_unlock (&pipe->mutex);
  return error;
}

/* ---- Upload ---- */

struct _CloudHttpUpload
{
  Pipe *pipe;
  gint64 length_bytes;
};

static gpointer
upload_thread (gpointer data)
{
  Pipe *pipe = data;

  for (;;)
    {
      guint8 *buffer;
      gssize n;

      g_mutex_lock (&pipe->mutex);
      while (!pipe->closed && pipe->queued_bytes >= BUFFER_BYTES)
        g_cond_wait (&pipe->cond, &pipe->mutex);
      if (pipe->closed || pipe->left_bytes == 0)
        {
          pipe->ended = TRUE;
          wake_curl (pipe);
          g_mutex_unlock (&pipe->mutex);
          break;
        }
      g_mutex_unlock (&pipe->mutex);

      buffer = g_malloc (CHUNK_BYTES);
      do
        n = read (pipe->fd, buffer, (gsize) MIN (pipe->left_bytes, CHUNK_BYTES));
      while (n < 0 && errno == EINTR);

      g_mutex_lock (&pipe->mutex);
      if (n <= 0)
        {
          errno = n == 0 ? EINVAL : errno; /* the file became shorter than it said */
          fail_errno (pipe, "The file to send cannot be read");
          pipe->left_bytes = 0;
          g_free (buffer);
        }
      else
        {
          pipe->left_bytes -= n;
          pipe->queued_bytes += (gsize) n;
          g_queue_push_tail (&pipe->chunks, g_bytes_new_take (buffer, (gsize) n));
          wake_curl (pipe);
        }
      g_mutex_unlock (&pipe->mutex);
    }
  pipe_unref (pipe);
  return NULL;
}

static GThread *
spawn (const char *name, GThreadFunc func, Pipe *pipe)
{
  return g_thread_new (name, func, pipe_ref (pipe));
}

CloudHttpUpload *
cloud_http_upload_new (GMainContext *context, GFile *file, gint64 offset_bytes, gint64 length_bytes, GError **error)
{
  g_autofree char *path = g_file_get_path (file);
  CloudHttpUpload *self;
  struct stat info;
  int fd = path != NULL ? open (path, O_RDONLY | O_CLOEXEC) : -1;

  if (fd < 0 || fstat (fd, &info) != 0 || lseek (fd, offset_bytes, SEEK_SET) < 0)
    {
      g_set_error (error, CLOUD_ERROR, cloud_error_code_from_errno (errno), "The file to send cannot be opened: %s",
                   g_strerror (errno));
      if (fd >= 0)
        close (fd);
      return NULL;
    }
  if (offset_bytes > info.st_size || (length_bytes >= 0 && length_bytes > info.st_size - offset_bytes))
    {
      g_set_error_literal (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "The file to send is shorter than what shall be sent of it");
      close (fd);
      return NULL;
    }
  self = g_new0 (CloudHttpUpload, 1);
  self->length_bytes = length_bytes >= 0 ? length_bytes : info.st_size - offset_bytes;
  self->pipe = pipe_new (context);
  self->pipe->fd = fd;
  self->pipe->left_bytes = self->length_bytes;
  g_thread_unref (spawn ("http-upload", upload_thread, self->pipe));
  return self;
}

gint64
cloud_http_upload_get_length (CloudHttpUpload *self)
{
  return self->length_bytes;
}

void
cloud_http_upload_set_resume (CloudHttpUpload *self, CloudHttpFileResume resume, gpointer data)
{
  self->pipe->resume = resume;
  self->pipe->data = data;
}

gssize
cloud_http_upload_read (CloudHttpUpload *self, char *buffer, gsize size)
{
  Pipe *pipe = self->pipe;
  gssize result;

  g_mutex_lock (&pipe->mutex);
  if (!g_queue_is_empty (&pipe->chunks))
    {
      GBytes *chunk = g_queue_pop_head (&pipe->chunks);
      gsize length = g_bytes_get_size (chunk);
      gsize take = MIN (size, length);

      memcpy (buffer, g_bytes_get_data (chunk, NULL), take);
      if (take < length)
        g_queue_push_head (&pipe->chunks, g_bytes_new_from_bytes (chunk, take, length - take));
      g_bytes_unref (chunk);
      pipe->queued_bytes -= take;
      g_cond_broadcast (&pipe->cond);
      result = (gssize) take;
    }
  else if (pipe->error != NULL)
    result = -2;
  else if (pipe->ended)
    result = 0;
  else
    {
      pipe->waiting = TRUE;
      result = -1;
    }
  g_mutex_unlock (&pipe->mutex);
  return result;
}

GError *
cloud_http_upload_get_error (CloudHttpUpload *self)
{
  return pipe_get_error (self->pipe);
}

void
cloud_http_upload_free (CloudHttpUpload *self)
{
  pipe_close (self->pipe);
  g_free (self);
}

/* ---- Download ---- */

struct _CloudHttpDownload
{
  Pipe *pipe;
  gint64 have_bytes;
  char *validator;
  GThread *thread;
};

static gboolean
done_in_context (gpointer data)
{
  Pipe *pipe = data;
  CloudHttpFileDone done = pipe->done;

  pipe->done = NULL;
  if (done != NULL)
    done (pipe->error, pipe->data);
  return G_SOURCE_REMOVE;
}

static void
sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    return;
  fsync (fd);
  close (fd);
}

/* Locked by nobody: the queue is empty and ended. */
static void
put_in_place (Pipe *pipe)
{
  if (fsync (pipe->fd) != 0 || rename (pipe->part_path, pipe->final_path) != 0)
    {
      fail_errno (pipe, "The received file cannot be kept");
      return;
    }
  unlink (pipe->tag_path);
  sync_folder (pipe->final_path);
}

static void
write_chunk (Pipe *pipe, GBytes *chunk)
{
  gsize left;
  const char *data = g_bytes_get_data (chunk, &left);

  while (left > 0)
    {
      gssize n = write (pipe->fd, data, left);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          g_mutex_lock (&pipe->mutex);
          fail_errno (pipe, "The received file cannot be written");
          g_mutex_unlock (&pipe->mutex);
          return;
        }
      data += n;
      left -= (gsize) n;
    }
}

static gpointer
download_thread (gpointer data)
{
  Pipe *pipe = data;

  for (;;)
    {
      GBytes *chunk;

      g_mutex_lock (&pipe->mutex);
      while (g_queue_is_empty (&pipe->chunks) && !pipe->ended && !pipe->closed)
        g_cond_wait (&pipe->cond, &pipe->mutex);
      chunk = g_queue_pop_head (&pipe->chunks);
      g_mutex_unlock (&pipe->mutex);
      if (chunk == NULL)
        break;
      if (pipe->error == NULL)
        write_chunk (pipe, chunk);
      g_mutex_lock (&pipe->mutex);
      pipe->queued_bytes -= g_bytes_get_size (chunk);
      if (pipe->queued_bytes < BUFFER_BYTES / 2)
        wake_curl (pipe);
      g_mutex_unlock (&pipe->mutex);
      g_bytes_unref (chunk);
    }
  if (pipe->ended)
    {
      if (pipe->error == NULL)
        put_in_place (pipe);
      call_in_context (pipe, done_in_context);
    }
  pipe_unref (pipe);
  return NULL;
}

CloudHttpDownload *
cloud_http_download_new (GMainContext *context, GFile *file, gboolean resume, GError **error)
{
  g_autofree char *path = g_file_get_path (file);
  CloudHttpDownload *self = g_new0 (CloudHttpDownload, 1);
  Pipe *pipe = pipe_new (context);
  struct stat info = { 0 };

  self->pipe = pipe;
  pipe->final_path = g_strdup (path);
  pipe->part_path = g_strconcat (path, ".part", NULL);
  pipe->tag_path = g_strconcat (path, ".part-tag", NULL);
  if (resume)
    g_file_get_contents (pipe->tag_path, &self->validator, NULL, NULL);
  pipe->fd = open (pipe->part_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (pipe->fd < 0 || fstat (pipe->fd, &info) != 0)
    {
      g_set_error (error, CLOUD_ERROR, cloud_error_code_from_errno (errno), "The file to receive cannot be made: %s",
                   g_strerror (errno));
      cloud_http_download_free (self);
      return NULL;
    }
  if (self->validator != NULL && *self->validator != '\0' && info.st_size > 0)
    self->have_bytes = info.st_size;
  else
    g_clear_pointer (&self->validator, g_free);
  return self;
}

gint64
cloud_http_download_get_have (CloudHttpDownload *self)
{
  return self->have_bytes;
}

const char *
cloud_http_download_get_validator (CloudHttpDownload *self)
{
  return self->validator;
}

void
cloud_http_download_begin (CloudHttpDownload *self, gboolean append, const char *validator)
{
  Pipe *pipe = self->pipe;

  if (self->thread != NULL)
    return;
  if (!append)
    {
      cloud_http_download_discard (self);
      if (validator != NULL)
        g_file_set_contents (pipe->tag_path, validator, -1, NULL);
    }
  self->thread = spawn ("http-download", download_thread, pipe);
}

void
cloud_http_download_set_resume (CloudHttpDownload *self, CloudHttpFileResume resume, gpointer data)
{
  self->pipe->resume = resume;
  self->pipe->data = data;
}

int
cloud_http_download_write (CloudHttpDownload *self, const char *data, gsize size)
{
  Pipe *pipe = self->pipe;
  int result = 1;

  g_mutex_lock (&pipe->mutex);
  if (pipe->error != NULL)
    result = -1;
  else if (pipe->queued_bytes >= BUFFER_BYTES)
    {
      pipe->waiting = TRUE;
      result = 0;
    }
  else
    {
      g_queue_push_tail (&pipe->chunks, g_bytes_new (data, size));
      pipe->queued_bytes += size;
      g_cond_broadcast (&pipe->cond);
    }
  g_mutex_unlock (&pipe->mutex);
  return result;
}

void
cloud_http_download_finish (CloudHttpDownload *self, CloudHttpFileDone done, gpointer data)
{
  Pipe *pipe = self->pipe;

  cloud_http_download_begin (self, FALSE, NULL); /* an empty body never began */
  g_mutex_lock (&pipe->mutex);
  pipe->resume = NULL;
  pipe->done = done;
  pipe->data = data;
  pipe->ended = TRUE;
  g_cond_broadcast (&pipe->cond);
  g_mutex_unlock (&pipe->mutex);
}

void
cloud_http_download_discard (CloudHttpDownload *self)
{
  if (ftruncate (self->pipe->fd, 0) != 0)
    g_debug ("Cannot empty %s: %s", self->pipe->part_path, g_strerror (errno));
  unlink (self->pipe->tag_path);
  self->have_bytes = 0;
  g_clear_pointer (&self->validator, g_free);
}

GError *
cloud_http_download_get_error (CloudHttpDownload *self)
{
  return pipe_get_error (self->pipe);
}

void
cloud_http_download_free (CloudHttpDownload *self)
{
  Pipe *pipe;

  if (self == NULL)
    return;
  pipe = self->pipe;
  g_mutex_lock (&pipe->mutex);
  if (self->thread != NULL && !pipe->ended)
    {
      /* The next attempt measures the part: nothing may be added to it behind its back. */
      g_queue_clear_full (&pipe->chunks, (GDestroyNotify) g_bytes_unref);
      pipe->closed = TRUE;
      g_cond_broadcast (&pipe->cond);
      g_mutex_unlock (&pipe->mutex);
      g_thread_join (self->thread);
    }
  else
    {
      g_mutex_unlock (&pipe->mutex);
      g_clear_pointer (&self->thread, g_thread_unref);
    }
  pipe_close (pipe);
  g_free (self->validator);
  g_free (self);
}

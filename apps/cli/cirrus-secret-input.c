/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus"

#include "cirrus-secret-input.h"

#include "cloud-error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* One line, from where nobody else reads it. */

#define SECRET_MAX_BYTES 4096

/* Byte by byte: what follows the line belongs to the next reader of the descriptor. */
static char *
read_line (int fd, GError **error)
{
  char line[SECRET_MAX_BYTES] = "";
  gsize length = 0;
  char *copy;
  gssize n;
  char c;

  while ((n = read (fd, &c, 1)) != 0)
    {
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0 || c == '\n' || length + 1 >= sizeof line)
        break;
      line[length++] = c;
    }
  if (n < 0 || length == 0)
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "nothing was entered%s%s", n < 0 ? ": " : "",
                   n < 0 ? g_strerror (errno) : "");
      return NULL;
    }
  copy = g_strndup (line, length);
  explicit_bzero (line, sizeof line);
  return copy;
}

char *
cirrus_secret_input (const char *prompt, int fd, GError **error)
{
  struct termios before, quiet;
  char *secret;
  int tty;

  if (fd >= 0)
    return read_line (fd, error);
  tty = open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (tty < 0 || tcgetattr (tty, &before) != 0)
    {
      g_set_error_literal (error, CLOUD_ERROR, CLOUD_ERROR_INVALID,
                           "there is no terminal to ask at; give a file descriptor with --fd");
      if (tty >= 0)
        close (tty);
      return NULL;
    }
  quiet = before;
  quiet.c_lflag &= ~(tcflag_t) ECHO;
  tcsetattr (tty, TCSAFLUSH, &quiet);
  if (write (tty, prompt, strlen (prompt)) < 0)
    g_debug ("The terminal takes no text");
  secret = read_line (tty, error);
  tcsetattr (tty, TCSAFLUSH, &before);
  if (write (tty, "\n", 1) < 0)
    g_debug ("The terminal takes no text");
  close (tty);
  return secret;
}

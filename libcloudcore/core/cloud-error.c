/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-core"

#include "cloud-error.h"

#include <errno.h>
#include <gio/gio.h>

/* The error domain and the places where foreign codes become ours. */

G_DEFINE_QUARK (cloud-error-quark, cloud_error)

static const char *const code_names[] = {
  [CLOUD_ERROR_OFFLINE] = "offline",
  [CLOUD_ERROR_TRY_LATER] = "try-later",
  [CLOUD_ERROR_AUTH_REQUIRED] = "auth-required",
  [CLOUD_ERROR_LOCKED] = "locked",
  [CLOUD_ERROR_UNTRUSTED] = "untrusted",
  [CLOUD_ERROR_NOT_FOUND] = "not-found",
  [CLOUD_ERROR_CORRUPT] = "corrupt",
  [CLOUD_ERROR_PROTOCOL] = "protocol",
  [CLOUD_ERROR_DENIED] = "denied",
  [CLOUD_ERROR_NO_SPACE] = "no-space",
  [CLOUD_ERROR_TOO_LARGE] = "too-large",
  [CLOUD_ERROR_INVALID] = "invalid",
  [CLOUD_ERROR_UNSUPPORTED] = "unsupported",
  [CLOUD_ERROR_BUSY] = "busy",
};

const char *
cloud_error_code_name (CloudError code)
{
  g_return_val_if_fail ((guint) code < G_N_ELEMENTS (code_names), "unknown");
  return code_names[code];
}

gboolean
cloud_error_is_transient (const GError *error)
{
  return g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_OFFLINE) ||
         g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_TRY_LATER) ||
         g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_BUSY);
}

CloudError
cloud_error_code_from_errno (int err_no)
{
  switch (err_no)
    {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return CLOUD_ERROR_NO_SPACE;
    case ENOENT:
    case ENOTDIR:
      return CLOUD_ERROR_NOT_FOUND;
    case EACCES:
    case EPERM:
    case EROFS:
      return CLOUD_ERROR_DENIED;
    case EAGAIN:
    case EBUSY:
      return CLOUD_ERROR_BUSY;
    case ENETDOWN:
    case ENETUNREACH:
    case EHOSTUNREACH:
    case EHOSTDOWN:
    case ECONNREFUSED:
    case ECONNRESET:
    case ECONNABORTED:
    case ETIMEDOUT:
    case EPIPE:
      return CLOUD_ERROR_OFFLINE;
    case EINVAL:
    case ENAMETOOLONG:
    case EISDIR:
      return CLOUD_ERROR_INVALID;
    default:
      return CLOUD_ERROR_CORRUPT;
    }
}

static CloudError
code_from_gio (int gio_code)
{
  switch (gio_code)
    {
    case G_IO_ERROR_NO_SPACE:
      return CLOUD_ERROR_NO_SPACE;
    case G_IO_ERROR_NOT_FOUND:
    case G_IO_ERROR_NOT_DIRECTORY:
      return CLOUD_ERROR_NOT_FOUND;
    case G_IO_ERROR_PERMISSION_DENIED:
    case G_IO_ERROR_READ_ONLY:
      return CLOUD_ERROR_DENIED;
    case G_IO_ERROR_BUSY:
    case G_IO_ERROR_WOULD_BLOCK:
      return CLOUD_ERROR_BUSY;
    case G_IO_ERROR_HOST_NOT_FOUND:
    case G_IO_ERROR_HOST_UNREACHABLE:
    case G_IO_ERROR_NETWORK_UNREACHABLE:
    case G_IO_ERROR_CONNECTION_REFUSED:
    case G_IO_ERROR_CONNECTION_CLOSED:
    case G_IO_ERROR_NOT_CONNECTED:
    case G_IO_ERROR_TIMED_OUT:
    case G_IO_ERROR_PROXY_FAILED:
      return CLOUD_ERROR_OFFLINE;
    case G_IO_ERROR_INVALID_ARGUMENT:
    case G_IO_ERROR_INVALID_FILENAME:
    case G_IO_ERROR_IS_DIRECTORY:
      return CLOUD_ERROR_INVALID;
    case G_IO_ERROR_NOT_SUPPORTED:
      return CLOUD_ERROR_UNSUPPORTED;
    case G_IO_ERROR_MESSAGE_TOO_LARGE:
      return CLOUD_ERROR_TOO_LARGE;
    default:
      return CLOUD_ERROR_CORRUPT;
    }
}

void
cloud_error_convert_gio (GError **error)
{
  if (error == NULL || *error == NULL || (*error)->domain == CLOUD_ERROR || g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if ((*error)->domain == G_IO_ERROR)
    (*error)->code = code_from_gio ((*error)->code);
  else if ((*error)->domain == G_RESOLVER_ERROR)
    (*error)->code = CLOUD_ERROR_OFFLINE;
  else if ((*error)->domain == G_TLS_ERROR)
    (*error)->code = (*error)->code == G_TLS_ERROR_BAD_CERTIFICATE ? CLOUD_ERROR_UNTRUSTED : CLOUD_ERROR_PROTOCOL;
  else if ((*error)->domain == G_FILE_ERROR)
    {
      switch ((*error)->code)
        {
        case G_FILE_ERROR_NOSPC:
          (*error)->code = CLOUD_ERROR_NO_SPACE;
          break;
        case G_FILE_ERROR_NOENT:
        case G_FILE_ERROR_NOTDIR:
          (*error)->code = CLOUD_ERROR_NOT_FOUND;
          break;
        case G_FILE_ERROR_ACCES:
        case G_FILE_ERROR_PERM:
        case G_FILE_ERROR_ROFS:
          (*error)->code = CLOUD_ERROR_DENIED;
          break;
        case G_FILE_ERROR_INVAL:
        case G_FILE_ERROR_ISDIR:
          (*error)->code = CLOUD_ERROR_INVALID;
          break;
        default:
          (*error)->code = CLOUD_ERROR_CORRUPT;
        }
    }
  else
    (*error)->code = CLOUD_ERROR_CORRUPT;
  (*error)->domain = CLOUD_ERROR;
}

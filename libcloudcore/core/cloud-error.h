/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* CloudError: the one error domain of libcloudcore and of the apps' engines.
 *
 * A code says what the caller must do, not what went wrong inside; the message is for logs and the command line and is
 * never shown in a window, where a translated sentence is chosen by code.  Cancelling is G_IO_ERROR_CANCELLED and is
 * never an error to show.
 *
 * Threading: plain data, any thread. */

/**
 * CloudError:
 * @CLOUD_ERROR_OFFLINE: the peer cannot be reached; show what is kept, try again when the network changes
 * @CLOUD_ERROR_TRY_LATER: the peer asks to wait (429, 503, busy); try again with backoff
 * @CLOUD_ERROR_AUTH_REQUIRED: credentials are missing or were refused; ask the user
 * @CLOUD_ERROR_LOCKED: the secrets are locked; work waits until the user unlocks them
 * @CLOUD_ERROR_UNTRUSTED: the peer's certificate does not prove who it is; stop and tell the user
 * @CLOUD_ERROR_NOT_FOUND: there is no such thing; drop the reference to it
 * @CLOUD_ERROR_CORRUPT: stored or received data are damaged; fetch or rebuild them
 * @CLOUD_ERROR_PROTOCOL: the peer broke its protocol; give up on this exchange, do not retry at once
 * @CLOUD_ERROR_DENIED: the peer or the system refuses; asking again changes nothing
 * @CLOUD_ERROR_NO_SPACE: the disk or the quota is full; nothing was lost, make room and repeat
 * @CLOUD_ERROR_TOO_LARGE: a bound was exceeded; the thing is refused as a whole
 * @CLOUD_ERROR_INVALID: the request itself makes no sense (a bad address, a bad file); correct it
 * @CLOUD_ERROR_UNSUPPORTED: known, but cannot be done here (another version, another kind)
 * @CLOUD_ERROR_BUSY: somebody else holds the resource; the work was left to them
 */
typedef enum
{
  CLOUD_ERROR_OFFLINE,
  CLOUD_ERROR_TRY_LATER,
  CLOUD_ERROR_AUTH_REQUIRED,
  CLOUD_ERROR_LOCKED,
  CLOUD_ERROR_UNTRUSTED,
  CLOUD_ERROR_NOT_FOUND,
  CLOUD_ERROR_CORRUPT,
  CLOUD_ERROR_PROTOCOL,
  CLOUD_ERROR_DENIED,
  CLOUD_ERROR_NO_SPACE,
  CLOUD_ERROR_TOO_LARGE,
  CLOUD_ERROR_INVALID,
  CLOUD_ERROR_UNSUPPORTED,
  CLOUD_ERROR_BUSY,
} CloudError;

#define CLOUD_ERROR (cloud_error_quark ())
GQuark cloud_error_quark (void);

/* The code's stable lower-case name ("offline", "try-later", ...), as the command line prints it in {"error": ...}. */
const char *cloud_error_code_name (CloudError code);

/* TRUE if @error is worth repeating without the user's help: OFFLINE, TRY_LATER, BUSY. */
gboolean cloud_error_is_transient (const GError *error);

/* Maps an errno value to the domain: ENOSPC and EDQUOT to NO_SPACE, ENOENT to NOT_FOUND, EACCES, EPERM and EROFS to DENIED, all
 * else to CORRUPT or OFFLINE as their kind demands.  The one place where errno becomes a CloudError. */
CloudError cloud_error_code_from_errno (int err_no);

/* Maps a GIOError (and GFileError) to the domain in place: *@error keeps its message and gets our domain; cancelled stays as it is.
 * @error: (nullable): as everywhere, NULL if nobody wants to know. */
void cloud_error_convert_gio (GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* CloudHttpUrl: an http or https address as curl understands it (the same parser reads and fetches, so that both see one host), without
 * fragment.  An address that carries a user or password is refused.
 *
 * Private to libcloudcore/http.  Errors: INVALID.  Source: RFC 3986, WHATWG URL as far as curl follows it. */

typedef struct
{
  char *text;   /* normalized */
  char *scheme; /* lower case */
  char *host;   /* lower case */
  char *origin; /* scheme://host:port */
} CloudHttpUrl;

CloudHttpUrl *cloud_http_url_new (const char *text, GError **error);
/* @location relative to @base. */
CloudHttpUrl *cloud_http_url_resolve (const CloudHttpUrl *base, const char *location, GError **error);
void cloud_http_url_free (CloudHttpUrl *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CloudHttpUrl, cloud_http_url_free)

gboolean cloud_http_url_is_secure (const CloudHttpUrl *self);
/* The same scheme, host and port; or the same host's step from http to https on the usual ports. */
gboolean cloud_http_url_may_carry_secrets (const CloudHttpUrl *from, const CloudHttpUrl *to);

G_END_DECLS

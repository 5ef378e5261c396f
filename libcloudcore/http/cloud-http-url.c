/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-http"

#include "cloud-http-url.h"

#include "cloud-curl-api.h"
#include "cloud-error.h"

#include <string.h>

/* Addresses, read by curl's own parser. */

static char *
take_part (CURLU *url, CURLUPart part, unsigned int flags)
{
  char *value = NULL;
  char *copy;

  if (curl_url_get (url, part, &value, flags) != CURLUE_OK)
    return NULL;
  copy = g_strdup (value);
  curl_free (value);
  return copy;
}

static CloudHttpUrl *
from_curl (CURLU *url, GError **error)
{
  g_autoptr (CloudHttpUrl) self = g_new0 (CloudHttpUrl, 1);
  g_autofree char *user = take_part (url, CURLUPART_USER, 0);
  g_autofree char *password = take_part (url, CURLUPART_PASSWORD, 0);
  g_autofree char *port = take_part (url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
  char *host;

  if (user != NULL || password != NULL)
    {
      g_set_error_literal (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "An address must not carry a user or password");
      return NULL;
    }
  curl_url_set (url, CURLUPART_FRAGMENT, NULL, 0);
  self->scheme = take_part (url, CURLUPART_SCHEME, 0);
  host = take_part (url, CURLUPART_HOST, 0);
  if (host != NULL)
    {
      self->host = g_ascii_strdown (host, -1);
      curl_url_set (url, CURLUPART_HOST, self->host, 0);
      g_free (host);
    }
  self->text = take_part (url, CURLUPART_URL, CURLU_NO_DEFAULT_PORT);
  if (self->text == NULL || self->host == NULL || *self->host == '\0' || self->scheme == NULL
      || (strcmp (self->scheme, "http") != 0 && strcmp (self->scheme, "https") != 0))
    {
      g_set_error_literal (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "Not an http or https address");
      return NULL;
    }
  self->origin = g_strdup_printf ("%s://%s:%s", self->scheme, self->host, port);
  return g_steal_pointer (&self);
}

static CloudHttpUrl *
parse (const char *base, const char *text, GError **error)
{
  CURLU *url = curl_url ();
  CURLUcode code = base != NULL ? curl_url_set (url, CURLUPART_URL, base, 0) : CURLUE_OK;
  CloudHttpUrl *self = NULL;

  if (code == CURLUE_OK)
    code = curl_url_set (url, CURLUPART_URL, text, CURLU_URLENCODE);
  if (code == CURLUE_OK)
    self = from_curl (url, error);
  else
    g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "Not an address: %s", curl_url_strerror (code));
  curl_url_cleanup (url);
  return self;
}

CloudHttpUrl *
cloud_http_url_new (const char *text, GError **error)
{
  return parse (NULL, text, error);
}

CloudHttpUrl *
cloud_http_url_resolve (const CloudHttpUrl *base, const char *location, GError **error)
{
  return parse (base->text, location, error);
}

void
cloud_http_url_free (CloudHttpUrl *self)
{
  if (self == NULL)
    return;
  g_free (self->text);
  g_free (self->scheme);
  g_free (self->host);
  g_free (self->origin);
  g_free (self);
}

gboolean
cloud_http_url_is_secure (const CloudHttpUrl *self)
{
  return strcmp (self->scheme, "https") == 0;
}

gboolean
cloud_http_url_may_carry_secrets (const CloudHttpUrl *from, const CloudHttpUrl *to)
{
  if (strcmp (from->origin, to->origin) == 0)
    return TRUE;
  return strcmp (from->host, to->host) == 0 && g_str_has_prefix (from->origin, "http://")
         && g_str_has_suffix (from->origin, ":80") && g_str_has_prefix (to->origin, "https://")
         && g_str_has_suffix (to->origin, ":443");
}

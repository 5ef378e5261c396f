/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-http"

#include "cloud-curl-api.h"

#include <dlfcn.h>

/* The module lies beside this library, seen from itself: what is run in the build folder takes the one just built. */

#define MODULE "libcloudcore-curl.so"

static const CloudCurlApi *
load (void)
{
  g_autofree char *folder = NULL;
  g_autofree char *path = NULL;
  const CloudCurlApi *api = NULL;
  void *module = NULL;
  Dl_info here;

  if (dladdr ((void *) cloud_curl_api, &here) != 0 && here.dli_fname != NULL)
    {
      folder = g_path_get_dirname (here.dli_fname);
      path = g_build_filename (folder, MODULE, NULL);
      module = dlopen (path, RTLD_NOW | RTLD_LOCAL);
    }
  if (module != NULL)
    api = dlsym (module, CLOUD_CURL_API_SYMBOL);
  /* After an upgrade a program that still runs may find a module of another version. */
  if (api == NULL || api->size != sizeof (CloudCurlApi))
    g_error ("%s, which speaks to servers, is missing or of another version: install Cirrus again, or start the program again", MODULE);
  if (api->global_init (CURL_GLOBAL_DEFAULT) != CURLE_OK)
    g_error ("libcurl could not be prepared");
  return api;
}

const CloudCurlApi *
cloud_curl_api (void)
{
  static gsize api = 0;

  if (g_once_init_enter (&api))
    g_once_init_leave (&api, (gsize) load ());
  return (const CloudCurlApi *) api;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Its checks of types expand to direct calls. */
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <glib.h>

G_BEGIN_DECLS

/* libcurl, loaded when it is first called: it brings thirty other libraries along, 7 MiB that no window should pay before it speaks
 * to a server.  It is reached through a module of our own (cloud-curl-module.c) that is linked to it as usual; in files that include
 * this header the calls look as always.
 *
 * Private to libcloudcore/http.  Threading: any thread.
 * Errors: a module that is missing or does not fit is a broken installation, which ends the program.
 * Source: the functions' own manual pages. */

#define CLOUD_CURL_FUNCTIONS(F) \
  F (easy_cleanup) F (easy_getinfo) F (easy_init) F (easy_pause) F (easy_perform) F (easy_setopt) F (easy_strerror) \
  F (multi_add_handle) F (multi_cleanup) F (multi_info_read) F (multi_init) F (multi_remove_handle) F (multi_setopt) \
  F (multi_socket_action) F (slist_append) F (slist_free_all) F (url) F (url_cleanup) F (url_get) F (url_set) F (url_strerror) \
  F (free) F (global_init) F (version_info)

typedef struct
{
  gsize size; /* of this struct: two versions differ in it */
#define CLOUD_CURL_MEMBER(name) __typeof__ (curl_##name) *name;
  CLOUD_CURL_FUNCTIONS (CLOUD_CURL_MEMBER)
#undef CLOUD_CURL_MEMBER
} CloudCurlApi;

/* What the module exports. */
#define CLOUD_CURL_API_SYMBOL "cloud_curl_api_table"
extern const CloudCurlApi cloud_curl_api_table;

/* Loads libcurl unless it is there, and prepares it. */
const CloudCurlApi *cloud_curl_api (void);

#ifndef CLOUD_CURL_DIRECT
#undef curl_easy_getinfo
#undef curl_easy_setopt
#undef curl_multi_setopt
#define curl_easy_cleanup(...) (cloud_curl_api ()->easy_cleanup (__VA_ARGS__))
#define curl_easy_getinfo(...) (cloud_curl_api ()->easy_getinfo (__VA_ARGS__))
#define curl_easy_init(...) (cloud_curl_api ()->easy_init (__VA_ARGS__))
#define curl_easy_pause(...) (cloud_curl_api ()->easy_pause (__VA_ARGS__))
#define curl_easy_perform(...) (cloud_curl_api ()->easy_perform (__VA_ARGS__))
#define curl_easy_setopt(...) (cloud_curl_api ()->easy_setopt (__VA_ARGS__))
#define curl_easy_strerror(...) (cloud_curl_api ()->easy_strerror (__VA_ARGS__))
#define curl_multi_add_handle(...) (cloud_curl_api ()->multi_add_handle (__VA_ARGS__))
#define curl_multi_cleanup(...) (cloud_curl_api ()->multi_cleanup (__VA_ARGS__))
#define curl_multi_info_read(...) (cloud_curl_api ()->multi_info_read (__VA_ARGS__))
#define curl_multi_init(...) (cloud_curl_api ()->multi_init (__VA_ARGS__))
#define curl_multi_remove_handle(...) (cloud_curl_api ()->multi_remove_handle (__VA_ARGS__))
#define curl_multi_setopt(...) (cloud_curl_api ()->multi_setopt (__VA_ARGS__))
#define curl_multi_socket_action(...) (cloud_curl_api ()->multi_socket_action (__VA_ARGS__))
#define curl_slist_append(...) (cloud_curl_api ()->slist_append (__VA_ARGS__))
#define curl_slist_free_all(...) (cloud_curl_api ()->slist_free_all (__VA_ARGS__))
#define curl_url(...) (cloud_curl_api ()->url (__VA_ARGS__))
#define curl_url_cleanup(...) (cloud_curl_api ()->url_cleanup (__VA_ARGS__))
#define curl_url_get(...) (cloud_curl_api ()->url_get (__VA_ARGS__))
#define curl_url_set(...) (cloud_curl_api ()->url_set (__VA_ARGS__))
#define curl_url_strerror(...) (cloud_curl_api ()->url_strerror (__VA_ARGS__))
#define curl_free(...) (cloud_curl_api ()->free (__VA_ARGS__))
#define curl_version_info(...) (cloud_curl_api ()->version_info (__VA_ARGS__))
#endif

G_END_DECLS

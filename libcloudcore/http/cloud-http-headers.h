/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* CloudHttpHeaders: the header fields of one message, in order, names compared without case.  Fields that are lists and come several
 * times are joined with commas as RFC 9110 allows; of fields that may come once the first counts; Set-Cookie is dropped, because
 * no cookie is ever kept.
 *
 * Private to libcloudcore/http and its tests.  Threading: plain data.  Errors: none; a line that is no field is refused.
 * Source: RFC 9110 section 5. */

typedef struct _CloudHttpHeaders CloudHttpHeaders;

CloudHttpHeaders *cloud_http_headers_new (void);
CloudHttpHeaders *cloud_http_headers_copy (const CloudHttpHeaders *self);
void cloud_http_headers_free (CloudHttpHeaders *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CloudHttpHeaders, cloud_http_headers_free)

guint cloud_http_headers_get_n (const CloudHttpHeaders *self);
const char *cloud_http_headers_get_name (const CloudHttpHeaders *self, guint index);
const char *cloud_http_headers_get_value (const CloudHttpHeaders *self, guint index);

/* (nullable) */
const char *cloud_http_headers_get (const CloudHttpHeaders *self, const char *name);
void cloud_http_headers_set (CloudHttpHeaders *self, const char *name, const char *value);
void cloud_http_headers_remove (CloudHttpHeaders *self, const char *name);

/* Adds a received field by the rule above. */
void cloud_http_headers_add (CloudHttpHeaders *self, const char *name, const char *value);
/* Parses "Name: value" with or without its line end; FALSE if it is no header field. */
gboolean cloud_http_headers_add_line (CloudHttpHeaders *self, const char *line, gsize length);

/* TRUE if @name is a token and @value has no control character: nothing can be smuggled into a request with it. */
gboolean cloud_http_header_is_valid (const char *name, const char *value);

/* "Name: value\n"...; and back. */
char *cloud_http_headers_to_text (const CloudHttpHeaders *self);
CloudHttpHeaders *cloud_http_headers_from_text (const char *text);

/* The names in a list field ("Vary: a, b"), lower case, sorted, without duplicates. */
GStrv cloud_http_headers_get_tokens (const CloudHttpHeaders *self, const char *name);

G_END_DECLS

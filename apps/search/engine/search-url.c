/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-search"

#include "search-url.h"

#include <glib/gi18n.h>

#include <string.h>

/* GUri does the parsing; what is kept, dropped and equated is said here. */

#define PARSE_FLAGS (G_URI_FLAGS_ENCODED | G_URI_FLAGS_PARSE_RELAXED | G_URI_FLAGS_SCHEME_NORMALIZE)

/* Names of parameters that only tell who sent the reader; a trailing * stands for any ending. */
static const char *const tracking[] = {
  "utm_*", "gclid", "gclsrc", "dclid", "fbclid", "msclkid", "yclid", "mc_cid", "mc_eid", "igshid", "_hsenc", "_hsmi", "vero_id", "oly_enc_id",
  "oly_anon_id", "wt_zmc", "spm", "scm", "share_token", "share_from", "ref_src", "wprov",
};

/* Endings that make a word with dots an address.  Others need a scheme, a port or a path. */
static const char generic_endings[] =
    " com org net edu gov mil int info biz name pro museum aero coop jobs travel mobi asia tel xxx app dev page blog shop store site online website "
    "tech cloud wiki news live world email social space club top xyz work life art bike city berlin wien paris london tokyo academy agency "
    "community company digital education events foundation global group guide international land ltd media network photo photos press radio school "
    "science services software solutions studio systems team tools tours university video zone arpa test localhost ";
static const char country_endings[] =
    " ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr "
    "cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht "
    "hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo "
    "mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd "
    "se sg sh si sk sl sm sn so sr ss st sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye "
    "yt za zm zw ";

static const struct
{
  const char *id;
  const char *name;
  const char *prefix;
} browser_engines[] = {
  { "duckduckgo", "DuckDuckGo", "https://duckduckgo.com/?q=" },   { "bing", N_ ("Bing"), "https://www.bing.com/search?q=" },
  { "baidu", N_ ("Baidu"), "https://www.baidu.com/s?wd=" },       { "google", "Google", "https://www.google.com/search?q=" },
  { "sogou", N_ ("Sogou"), "https://www.sogou.com/web?query=" },
};

static gboolean
is_tracking (const char *parameter)
{
  gsize length = strcspn (parameter, "=");

  for (gsize i = 0; i < G_N_ELEMENTS (tracking); i++)
    {
      gsize n = strlen (tracking[i]);

      if (tracking[i][n - 1] == '*' ? length >= n - 1 && strncmp (parameter, tracking[i], n - 1) == 0
                                    : length == n && strncmp (parameter, tracking[i], n) == 0)
        return TRUE;
    }
  return FALSE;
}

static char *
clean_query (const char *query)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_auto (GStrv) parts = query != NULL ? g_strsplit (query, "&", -1) : NULL;

  for (gsize i = 0; parts != NULL && parts[i] != NULL; i++)
    if (parts[i][0] != '\0' && !is_tracking (parts[i]))
      g_string_append_printf (out, "%s%s", out->len > 0 ? "&" : "", parts[i]);
  return out->len > 0 ? g_string_free (g_steal_pointer (&out), FALSE) : NULL;
}

static GUri *
parse_web (const char *url)
{
  g_autoptr (GUri) uri = url != NULL ? g_uri_parse (url, PARSE_FLAGS, NULL) : NULL;

  if (uri == NULL || g_uri_get_host (uri) == NULL || g_uri_get_host (uri)[0] == '\0' ||
      (strcmp (g_uri_get_scheme (uri), "http") != 0 && strcmp (g_uri_get_scheme (uri), "https") != 0))
    return NULL;
  return g_steal_pointer (&uri);
}

char *
search_url_clean (const char *url)
{
  g_autoptr (GUri) uri = parse_web (url);
  g_autoptr (GUri) cleaned = NULL;
  g_autofree char *host = NULL;
  g_autofree char *path = NULL;
  g_autofree char *query = NULL;

  if (uri == NULL)
    return NULL;
  path = g_strconcat (g_uri_get_path (uri)[0] == '/' ? "" : "/", g_uri_get_path (uri), NULL);
  host = g_ascii_strdown (g_uri_get_host (uri), -1);
  query = clean_query (g_uri_get_query (uri));
  cleaned = g_uri_build (PARSE_FLAGS, g_uri_get_scheme (uri), NULL, host, g_uri_get_port (uri),
                         path, query, g_uri_get_fragment (uri));
  return g_uri_to_string (cleaned);
}

/* Percent-encoding written one way: what need not be encoded is not, the rest in capitals. */
static char *
normalize_escapes (const char *path)
{
  g_autofree char *plain = g_uri_unescape_string (path, NULL);

  return plain != NULL ? g_uri_escape_string (plain, "/:@!$'()*+,;=", TRUE) : g_strdup (path);
}

char *
search_url_key (const char *url)
{
  g_autofree char *cleaned = search_url_clean (url);
  g_autoptr (GUri) uri = parse_web (cleaned);
  g_autofree char *path = NULL;
  const char *host;
  const char *mobile;
  gsize length;
  GString *key;

  if (uri == NULL)
    return NULL;
  host = g_uri_get_host (uri);
  if (g_str_has_prefix (host, "www."))
    host += 4;
  else if (g_str_has_prefix (host, "m."))
    host += 2;
  key = g_string_new (host);
  mobile = strstr (host, ".m.");
  if (mobile != NULL)
    g_string_erase (key, mobile - host, 2);
  if (g_uri_get_port (uri) > 0 && g_uri_get_port (uri) != 80 && g_uri_get_port (uri) != 443)
    g_string_append_printf (key, ":%d", g_uri_get_port (uri));
  path = normalize_escapes (g_uri_get_path (uri));
  length = strlen (path);
  while (length > 0 && path[length - 1] == '/')
    length--;
  g_string_append_len (key, path, length);
  if (g_uri_get_query (uri) != NULL)
    g_string_append_printf (key, "?%s", g_uri_get_query (uri));
  return g_string_free (key, FALSE);
}

char *
search_url_display (const char *url)
{
  g_autoptr (GUri) uri = parse_web (url);
  g_autoptr (GString) out = NULL;
  g_auto (GStrv) parts = NULL;
  const char *host;

  if (uri == NULL)
    return NULL;
  host = g_uri_get_host (uri);
  out = g_string_new (g_str_has_prefix (host, "www.") ? host + 4 : host);
  parts = g_strsplit (g_uri_get_path (uri), "/", -1);
  for (gsize i = 0; parts[i] != NULL; i++)
    {
      g_autofree char *plain = g_uri_unescape_string (parts[i], NULL);

      if (plain != NULL && plain[0] != '\0' && g_utf8_validate (plain, -1, NULL))
        g_string_append_printf (out, " › %s", plain);
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static gboolean
is_listed (const char *endings, const char *label)
{
  g_autofree char *lower = g_ascii_strdown (label, -1);
  g_autofree char *word = g_strdup_printf (" %s ", lower);

  return strstr (endings, word) != NULL;
}

static gboolean
is_host (const char *host)
{
  const char *last = strrchr (host, '.');
  g_auto (GStrv) labels = NULL;

  if (g_hostname_is_ip_address (host))
    return strchr (host, '.') != NULL || strchr (host, ':') != NULL;
  if (g_ascii_strcasecmp (host, "localhost") == 0)
    return TRUE;
  if (last == NULL || last[1] == '\0')
    return FALSE;
  labels = g_strsplit (host, ".", -1);
  for (gsize i = 0; labels[i] != NULL; i++)
    {
      if (labels[i][0] == '\0' || labels[i][0] == '-' || strlen (labels[i]) > 63)
        return FALSE;
      for (const char *p = labels[i]; *p != '\0'; p = g_utf8_next_char (p))
        if (!g_unichar_isalnum (g_utf8_get_char (p)) && *p != '-' && *p != '_')
          return FALSE;
    }
  /* A Chinese sentence may hold an ASCII dot: only real endings count there too. */
  return is_listed (generic_endings, last + 1) || is_listed (country_endings, last + 1) || g_ascii_strncasecmp (last + 1, "xn--", 4) == 0 ||
         g_str_equal (last + 1, "中国") || g_str_equal (last + 1, "公司") || g_str_equal (last + 1, "网络");
}

char *
search_url_from_typed (const char *typed)
{
  g_autofree char *text = NULL;
  g_autofree char *with_scheme = NULL;
  g_autofree char *host = NULL;
  g_autoptr (GUri) uri = NULL;
  gboolean has_scheme;

  g_return_val_if_fail (typed != NULL, NULL);

  text = g_strstrip (g_utf8_make_valid (typed, -1));
  if (text[0] == '\0' || strpbrk (text, " \t\n\"<>`{}|") != NULL || strchr (text, '@') != NULL)
    return NULL;
  has_scheme = g_ascii_strncasecmp (text, "http://", 7) == 0 || g_ascii_strncasecmp (text, "https://", 8) == 0;
  with_scheme = has_scheme ? g_strdup (text) : g_strconcat ("https://", text, NULL);
  uri = parse_web (with_scheme);
  if (uri == NULL || (!has_scheme && !is_host (g_uri_get_host (uri))))
    return NULL;
  /* Names of this machine and of its neighbours have no certificate as a rule. */
  if (!has_scheme && (g_hostname_is_ip_address (g_uri_get_host (uri)) || g_ascii_strcasecmp (g_uri_get_host (uri), "localhost") == 0))
    {
      g_free (with_scheme);
      with_scheme = g_strconcat ("http://", text, NULL);
    }
  return g_steal_pointer (&with_scheme);
}

char *
search_url_clean_or_typed (const char *text)
{
  char *url;

  g_return_val_if_fail (text != NULL, NULL);

  url = search_url_clean (text);
  return url != NULL ? url : search_url_from_typed (text);
}

char *
search_url_resolve (const char *base, const char *link)
{
  g_autofree char *stripped = link != NULL ? g_strstrip (g_strdup (link)) : NULL;
  g_autoptr (GUri) base_uri = base != NULL ? g_uri_parse (base, PARSE_FLAGS, NULL) : NULL;
  g_autoptr (GUri) uri = NULL;

  if (stripped == NULL || stripped[0] == '\0')
    return NULL;
  uri = g_uri_parse_relative (base_uri, stripped, PARSE_FLAGS, NULL);
  /* GLib gives some nonsense a host and a path that cannot follow it. */
  if (uri == NULL || (g_uri_get_host (uri) != NULL && g_uri_get_path (uri)[0] != '\0' && g_uri_get_path (uri)[0] != '/'))
    return NULL;
  return g_uri_to_string (uri);
}

char *
search_url_encode (const char *text)
{
  g_return_val_if_fail (text != NULL, NULL);
  return g_uri_escape_string (text, NULL, FALSE);
}

static gsize
find_browser_engine (const char *engine, const char *locale)
{
  const char *const *names = g_get_language_names ();

  for (gsize i = 0; engine != NULL && i < G_N_ELEMENTS (browser_engines); i++)
    if (strcmp (browser_engines[i].id, engine) == 0)
      return i;
  if (locale == NULL)
    locale = names[0];
  if (g_str_has_prefix (locale, "zh_CN") || g_str_has_prefix (locale, "zh_SG"))
    return 2;
  return g_str_has_prefix (locale, "zh") ? 1 : 0;
}

char *
search_url_for_browser (const char *engine, const char *text, const char *locale)
{
  g_autofree char *encoded = search_url_encode (text);

  return g_strconcat (browser_engines[find_browser_engine (engine, locale)].prefix, encoded, NULL);
}

const char *
search_url_browser_name (const char *engine, const char *locale)
{
  return _ (browser_engines[find_browser_engine (engine, locale)].name);
}

const char *const *
search_url_browser_engines (void)
{
  static const char *const ids[] = { "auto", "duckduckgo", "bing", "baidu", "google", "sogou", NULL };

  return ids;
}

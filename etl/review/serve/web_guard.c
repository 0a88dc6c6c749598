#include "web_fields.h"
#include "web_internal.h"

bool web_host_is_ours(const struct answering *answering)
{
    struct slice host;
    if (!web_header(answering->request->headers, "Host", &host) || host.length == 0)
        return false;
    for (const char *const *known = (const char *const *)answering->site->hosts; *known; known++)
        if (web_name_equal(host, *known))
            return true;
    return false;
}

static bool origin_is_ours(const struct answering *answering, struct slice origin)
{
    struct slice host;
    size_t scheme = strlen(answering->site->scheme);
    return web_header(answering->request->headers, "Host", &host) &&
           slice_starts_with(origin, slice_of(answering->site->scheme)) &&
           slice_starts_with(slice_cut(origin, scheme, origin.length), SLICE("://")) &&
           slice_equal(slice_cut(origin, scheme + 3, origin.length), host);
}

/* Browsers say where a request comes from; what they say must be this site, and a change must say
 * it. A link that somebody follows (to "/") may come from anywhere. */
bool web_comes_from_here(const struct answering *answering, bool changes)
{
    struct web_fields headers = answering->request->headers;
    struct slice origin;
    struct slice site;
    if (!web_header(headers, "Origin", &origin) || !web_header(headers, "Sec-Fetch-Site", &site))
        return false;
    if (origin.length > 0 ? !origin_is_ours(answering, origin) : changes)
        return false;
    bool is_own = site.length == 0 || slice_equal(site, SLICE("same-origin"));
    return is_own || (!changes && !web_is_for_program(answering));
}

const char *web_cookie_name(const struct web_site *site)
{
    return strcmp(site->scheme, "https") == 0 ? "__Host-cust360" : "cust360";
}

/* Several cookies of our name: somebody else has set one; nobody is signed in then. */
struct slice web_find_cookie(const struct answering *answering)
{
    struct slice rest;
    struct slice found = slice_make(NULL, 0);
    struct slice name = slice_of(web_cookie_name(answering->site));
    if (!web_header(answering->request->headers, "Cookie", &rest))
        return found;
    while (rest.length > 0) {
        const char *end = memchr(rest.data, ';', rest.length);
        size_t length = end ? (size_t)(end - rest.data) : rest.length;
        struct slice part = slice_trim(slice_cut(rest, 0, length));
        rest = slice_cut(rest, end ? length + 1 : length, rest.length);
        if (part.length <= name.length || !slice_starts_with(part, name) ||
            part.data[name.length] != '=')
            continue;
        if (found.length > 0)
            return slice_make(NULL, 0);
        found = slice_cut(part, name.length + 1, part.length);
    }
    return found;
}

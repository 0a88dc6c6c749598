#include "cust360/base/memory.h"
#include "page.h"
#include "web_fields.h"
#include "web_internal.h"

/* The order in which a request is looked at: is it meant for this host, does it come from a page of
 * this site, is somebody signed in, may they. Only then is it read any further. */

#define CONTENT_POLICY                                                                             \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';" \
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none';"                                \
    " require-trusted-types-for 'script'; trusted-types 'none'"

enum { MARK_BYTES_LEAST = 16, MARK_BYTES_MOST = 64 };

struct web_site *web_site_create(const struct web_site_options *options, struct error *error)
{
    struct arena *arena = arena_create();
    struct web_site *site = memory_allocate_array(1, sizeof(*site));
    size_t hosts = 0;
    while (options->hosts[hosts])
        hosts++;
    *site = (struct web_site){.arena = arena,
                              .scheme = options->scheme,
                              .steward_count = options->steward_count,
                              .routes = options->routes,
                              .context = options->context};
    site->hosts = arena_allocate_array(arena, hosts + 1, sizeof(*site->hosts));
    for (size_t i = 0; i < hosts; i++)
        site->hosts[i] = arena_text(arena, slice_of(options->hosts[i]));
    site->stewards = arena_allocate_array(arena, options->steward_count, sizeof(*site->stewards));
    for (size_t i = 0; i < options->steward_count; i++) {
        site->stewards[i].name = arena_text(arena, slice_of(options->stewards[i].name));
        site->stewards[i].may_change = options->stewards[i].may_change;
    }
    if (web_site_renew(site, error))
        return site;
    web_site_destroy(site);
    return NULL;
}

void web_site_destroy(struct web_site *site)
{
    if (!site)
        return;
    arena_destroy(site->arena);
    memory_free(site);
}

const struct web_steward *web_site_stewards(const struct web_site *site, size_t *count)
{
    *count = site->steward_count;
    return site->stewards;
}

bool web_site_renew(struct web_site *site, struct error *error)
{
    for (size_t i = 0; i < site->steward_count; i++)
        if (!web_token_make(site->stewards[i].token, error))
            return false;
    return true;
}

/* ---- the page's files ---- */

static const struct page_file *find_file(struct slice path)
{
    for (const struct page_file *file = page_files; file->path; file++)
        if (slice_equal(path, slice_of(file->path)))
            return file;
    return NULL;
}

static void give_file(struct answering *answering, const struct page_file *file)
{
    struct web_response *response = answering->response;
    struct slice known;
    response->etag = file->etag;
    response->content_type = file->type;
    if (web_header(answering->request->headers, "If-None-Match", &known) &&
        slice_equal(known, slice_of(file->etag))) {
        response->status = 304;
        return;
    }
    response->status = 200;
    response->fixed = slice_make((const char *)file->content, file->length);
}

/* What the notices above look like is no secret; the rest is for those signed in. */
static bool is_public(const struct page_file *file)
{
    return strcmp(file->path, "/style.css") == 0 || strcmp(file->path, "/icon.svg") == 0;
}

static void answer_file(struct answering *answering, const struct page_file *file)
{
    struct web_fields query;
    if (!web_fields_read(answering->response->arena, answering->query, &query)) {
        web_refuse(answering, 400, "The address could not be read.", "无法读取此地址。");
        return;
    }
    struct slice token = web_field_value(query, "token");
    if (strcmp(file->path, "/") == 0 && token.length > 0)
        web_sign_in(answering, token);
    else if (answering->session || is_public(file))
        give_file(answering, file);
    else
        web_refuse_stranger(answering);
}

/* ---- actions ---- */

static void run_action(struct answering *answering, const struct web_route *route,
                       struct web_fields fields)
{
    struct web_response *response = answering->response;
    const struct web_steward *steward = web_signed_in(answering);
    struct error error = {0};
    struct web_call call = {steward->name,   steward->may_change, fields, answering->request->now_s,
                            response->arena, response->body};
    enum web_outcome outcome = route->action(answering->site->context, &call, &error);
    response->status = (int)outcome;
    if (outcome == WEB_BUSY)
        response->retry = "1";
    if (outcome != WEB_DONE && (response->body->length == 0 || error.message[0])) {
        buffer_clear(response->body);
        web_write_error(response->body, response->status,
                        error.message[0] ? error.message : "This could not be done.");
    }
}

/* A change is a form (which a page elsewhere could send) with a proof in a header (which it could
 * neither know nor send) and a mark, which makes the same change again another one's business. */
static bool change_is_meant(struct answering *answering, struct slice *form)
{
    struct web_fields headers = answering->request->headers;
    struct slice type;
    struct slice proof;
    if (!web_header(headers, "Content-Type", &type) ||
        !slice_starts_with(type, SLICE("application/x-www-form-urlencoded"))) {
        web_refuse(answering, 415, "A change is sent as a form.", "");
        return false;
    }
    if (!web_header(headers, "X-Proof", &proof) ||
        !web_secret_equal(proof, answering->session->proof)) {
        web_refuse(answering, 403, "The proof of the page is missing.", "");
        return false;
    }
    *form = answering->request->body;
    return true;
}

static bool mark_is_new(struct answering *answering, struct web_fields fields)
{
    struct slice mark = web_field_value(fields, "mark");
    if (mark.length < MARK_BYTES_LEAST || mark.length > MARK_BYTES_MOST) {
        web_refuse(answering, 400, "The change has no mark of its own.", "");
        return false;
    }
    if (!web_change_is_new(&answering->site->sessions, answering->session, mark)) {
        web_refuse(answering, 409, "This change was sent before.", "");
        return false;
    }
    return true;
}

static void answer_action(struct answering *answering, const struct web_route *route)
{
    struct web_fields fields = {NULL, 0};
    struct slice form = answering->query;
    if (route->right != WEB_READ && !change_is_meant(answering, &form))
        return;
    if (route->right == WEB_CHANGE && !web_signed_in(answering)->may_change) {
        web_refuse(answering, 403, "A viewer changes nothing.", "");
        return;
    }
    if (!web_fields_read(answering->response->arena, form, &fields)) {
        web_refuse(answering, 400, "The fields could not be read.", "");
        return;
    }
    if (route->right == WEB_READ || mark_is_new(answering, fields))
        run_action(answering, route, fields);
}

static const struct web_route *find_route(const struct answering *answering)
{
    for (const struct web_route *route = answering->site->routes; route->path; route++)
        if (slice_equal(answering->path, slice_of(route->path)))
            return route;
    return NULL;
}

/* ---- the whole ---- */

static bool method_fits(struct answering *answering, bool changes)
{
    struct slice method = answering->request->method;
    if (changes ? slice_equal(method, SLICE("POST"))
                : slice_equal(method, SLICE("GET")) || slice_equal(method, SLICE("HEAD")))
        return true;
    answering->response->allow = changes ? "POST" : "GET, HEAD";
    web_refuse(answering, 405, "This address does not take that method.", "此地址不支持该方法。");
    return false;
}

/* Size and sender, before anything is asked of the request. */
static bool is_acceptable(struct answering *answering, bool changes)
{
    const struct web_request *request = answering->request;
    if (request->body_too_large)
        web_refuse(answering, 413, "The request is too large.", "请求过大。");
    else if (request->target.length > WEB_TARGET_BYTES_MAX)
        web_refuse(answering, 414, "The address is too long.", "地址过长。");
    else if (request->headers.count > WEB_HEADERS_MAX)
        web_refuse(answering, 431, "There are too many headers.", "请求头过多。");
    else if (!web_host_is_ours(answering))
        web_refuse(answering, 421, "This server has another name.", "服务器名称不符。");
    else if (!web_comes_from_here(answering, changes))
        web_refuse(answering, 403, "The request comes from another site.", "请求来自其他站点。");
    else
        return true;
    return false;
}

static void split_target(struct answering *answering)
{
    struct slice target = answering->request->target;
    const char *mark = target.length ? memchr(target.data, '?', target.length) : NULL;
    size_t length = mark ? (size_t)(mark - target.data) : target.length;
    answering->path = slice_cut(target, 0, length);
    answering->query = slice_cut(target, mark ? length + 1 : length, target.length);
}

static void answer_for_program(struct answering *answering, const struct web_route *route)
{
    bool is_session = slice_equal(answering->path, SLICE("/api/session"));
    struct slice form;
    answering->response->content_type = "application/json";
    if (!answering->session) {
        web_refuse_stranger(answering);
    } else if (route) {
        answer_action(answering, route);
    } else if (is_session) {
        web_tell_session(answering);
    } else if (change_is_meant(answering, &form)) {
        web_sign_out(answering);
    }
}

void web_answer(struct web_site *site, const struct web_request *request,
                struct web_response *response)
{
    struct answering answering = {.site = site, .request = request, .response = response};
    response->policy = CONTENT_POLICY;
    split_target(&answering);
    const struct web_route *route = find_route(&answering);
    const struct page_file *file = find_file(answering.path);
    bool signs_out = slice_equal(answering.path, SLICE("/api/sign-out"));
    bool changes = route ? route->right != WEB_READ : signs_out;
    if (!is_acceptable(&answering, changes || slice_equal(request->method, SLICE("POST"))))
        return;
    answering.session =
        web_session_find(&site->sessions, web_find_cookie(&answering), request->now_s);
    bool is_known =
        route || file || signs_out || slice_equal(answering.path, SLICE("/api/session"));
    if (!is_known)
        web_refuse(&answering, 404, "There is nothing at this address.", "此地址没有内容。");
    else if (!method_fits(&answering, changes))
        return;
    else if (file)
        answer_file(&answering, file);
    else
        answer_for_program(&answering, route);
}

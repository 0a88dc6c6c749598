#include "site.h"

#include <criterion/criterion.h>
#include <stdio.h>

static enum web_outcome count_read(void *context, const struct web_call *call, struct error *error)
{
    struct test_site *test = context;
    (void)error;
    test->reads++;
    buffer_format(call->json, "{\"by\":\"%s\"}", call->steward);
    return WEB_DONE;
}

static enum web_outcome count_note(void *context, const struct web_call *call, struct error *error)
{
    struct test_site *test = context;
    (void)error;
    test->notes++;
    buffer_append_text(call->json, "{}");
    return WEB_DONE;
}

static enum web_outcome count_change(void *context, const struct web_call *call,
                                     struct error *error)
{
    struct test_site *test = context;
    struct slice outcome = web_field_value(call->fields, "outcome");
    test->changes++;
    if (slice_equal(outcome, SLICE("conflict"))) {
        error_set(error, EXIT_FAILED, "decided by another steward");
        return WEB_CONFLICT;
    }
    if (slice_equal(outcome, SLICE("busy")))
        return WEB_BUSY;
    buffer_append_text(call->json, "{}");
    return WEB_DONE;
}

static const struct web_route routes[] = {{"/api/read", WEB_READ, count_read},
                                          {"/api/note", WEB_NOTE, count_note},
                                          {"/api/change", WEB_CHANGE, count_change},
                                          {NULL, WEB_READ, NULL}};

void test_site_open(struct test_site *test, const char *scheme)
{
    static const char *const hosts[] = {HOST, "localhost:7360", NULL};
    static const struct web_steward stewards[] = {{"王芳", true, ""}, {"viewer", false, ""}};
    struct error error;
    *test = (struct test_site){.arena = arena_create(), .now_s = 1000};
    test->site = web_site_create(
        &(struct web_site_options){scheme, hosts, stewards, 2, routes, test}, &error);
    cr_assert(test->site);
}

void test_site_close(struct test_site *test)
{
    web_site_destroy(test->site);
    arena_destroy(test->arena);
}

const char *test_token(const struct test_site *test, size_t steward)
{
    size_t count = 0;
    return web_site_stewards(test->site, &count)[steward].token;
}

static size_t read_headers(struct arena *arena, const char *text, struct web_field *headers)
{
    size_t count = 0;
    while (*text && count <= WEB_HEADERS_MAX) {
        const char *end = strchrnul(text, '\n');
        const char *colon = memchr(text, ':', (size_t)(end - text));
        cr_assert(colon);
        headers[count].name = slice_make(text, (size_t)(colon - text));
        headers[count++].value =
            arena_copy(arena, slice_trim(slice_make(colon + 1, (size_t)(end - colon - 1))));
        text = *end ? end + 1 : end;
    }
    return count;
}

struct test_answer test_ask(struct test_site *test, const char *method, const char *target,
                            const char *headers, const char *body)
{
    struct web_field read[WEB_HEADERS_MAX + 1];
    struct buffer written = BUFFER_EMPTY;
    struct test_answer answer = {0};
    const struct web_request request = {.method = slice_of(method),
                                        .target = slice_of(target),
                                        .headers = {read, read_headers(test->arena, headers, read)},
                                        .body = slice_of(body),
                                        .now_s = test->now_s};
    answer.response.body = &written;
    answer.response.arena = test->arena;
    web_answer(test->site, &request, &answer.response);
    answer.status = answer.response.status;
    answer.body =
        arena_text(test->arena, answer.response.fixed.length > 0 ? answer.response.fixed
                                                                 : buffer_slice(&written));
    buffer_release(&written);
    answer.response.body = NULL;
    return answer;
}

struct test_answer test_get(struct test_site *test, const char *target)
{
    return test_ask(test, "GET", target,
                    arena_format(test->arena, "Host: " HOST "\nCookie: %s", test->cookie), "");
}

const char *test_headers(struct test_site *test, const char *without)
{
    const char *lines[] = {
        "Host: " HOST,
        "Origin: " ORIGIN,
        "Sec-Fetch-Site: same-origin",
        "Content-Type: application/x-www-form-urlencoded",
        arena_format(test->arena, "Cookie: %s", test->cookie),
        arena_format(test->arena, "X-Proof: %s", test->proof),
    };
    const char *all = "";
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        if (!without || strncmp(lines[i], without, strlen(without)) != 0)
            all = arena_format(test->arena, "%s%s%s", all, *all ? "\n" : "", lines[i]);
    return all;
}

struct test_answer test_post(struct test_site *test, const char *target, const char *body)
{
    return test_ask(test, "POST", target, test_headers(test, NULL), body);
}

void test_sign_in(struct test_site *test, size_t steward)
{
    const char *target = arena_format(test->arena, "/?token=%s", test_token(test, steward));
    struct test_answer answer = test_ask(test, "GET", target, "Host: " HOST, "");
    cr_assert_eq(answer.status, 200);
    snprintf(test->cookie, sizeof(test->cookie), "%.*s", (int)strcspn(answer.response.cookie, ";"),
             answer.response.cookie);
    const char *proof = strstr(test_get(test, "/api/session").body, "\"proof\":\"");
    cr_assert(proof);
    snprintf(test->proof, sizeof(test->proof), "%.64s", proof + strlen("\"proof\":\""));
}

#include "review/serve/web_session.h"
#include "site.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define MARK "mark=0123456789abcdef"

static struct test_site test;

static void open_site(void)
{
    test_site_open(&test, "http");
}

static void close_site(void)
{
    test_site_close(&test);
}

TestSuite(web, .init = open_site, .fini = close_site);

Test(web, nobody_gets_in_without_the_printed_address)
{
    static const char *const targets[] = {"/",        "/main.js",  "/api/session",     "/api/read",
                                          "/?token=", "/?token=0", "/api/read?token=x"};
    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        struct test_answer answer = test_ask(&test, "GET", targets[i], "Host: " HOST, "");
        cr_expect_eq(answer.status, 401, "%s: %d", targets[i], answer.status);
        cr_expect(!answer.response.cookie);
    }
    cr_expect_eq(test.reads, 0);
    cr_expect_eq(test_ask(&test, "GET", "/style.css", "Host: " HOST, "").status, 200);
}

Test(web, the_printed_address_is_good_once)
{
    const char *target = arena_format(test.arena, "/?token=%s", test_token(&test, 0));
    struct test_answer first = test_ask(&test, "GET", target, "Host: " HOST, "");
    cr_assert_eq(first.status, 200);
    cr_assert(strstr(first.response.cookie, "; HttpOnly; SameSite=Strict;"));
    cr_expect(!strstr(first.response.cookie, "Secure"));
    struct test_answer second = test_ask(&test, "GET", target, "Host: " HOST, "");
    cr_expect_eq(second.status, 401);
    cr_expect(!second.response.cookie);
}

Test(web, a_token_of_almost_the_right_letters_is_none)
{
    char token[WEB_TOKEN_BYTES];
    snprintf(token, sizeof(token), "%s", test_token(&test, 0));
    token[63] = token[63] == '0' ? '1' : '0';
    const char *target = arena_format(test.arena, "/?token=%s", token);
    cr_expect_eq(test_ask(&test, "GET", target, "Host: " HOST, "").status, 401);
    target = arena_format(test.arena, "/?token=%.63s", test_token(&test, 0));
    cr_expect_eq(test_ask(&test, "GET", target, "Host: " HOST, "").status, 401);
    cr_expect_eq(strlen(test_token(&test, 0)), 64u, "it is still good");
}

Test(web, new_addresses_leave_those_signed_in_where_they_are)
{
    struct error error;
    test_sign_in(&test, 0);
    cr_expect_eq(strlen(test_token(&test, 0)), 0u);
    cr_assert(web_site_renew(test.site, &error));
    cr_expect_eq(strlen(test_token(&test, 0)), 64u);
    cr_expect_eq(test_get(&test, "/api/read").status, 200);
}

Test(web, under_TLS_the_cookie_stays_there)
{
    test_site_close(&test);
    test_site_open(&test, "https");
    const char *target = arena_format(test.arena, "/?token=%s", test_token(&test, 0));
    struct test_answer answer = test_ask(&test, "GET", target, "Host: " HOST, "");
    cr_expect(strstr(answer.response.cookie, "; Secure"));
    cr_expect(strncmp(answer.response.cookie, "__Host-cust360=", 15) == 0);
}

Test(web, who_is_signed_in_gets_the_page_and_their_name)
{
    test_sign_in(&test, 0);
    cr_expect_eq(test_get(&test, "/").status, 200);
    cr_expect_eq(test_get(&test, "/main.js").status, 200);
    cr_expect(strstr(test_get(&test, "/api/session").body, "\"steward\":\"王芳\""));
    cr_expect(strstr(test_get(&test, "/api/read").body, "王芳"));
}

Test(web, a_page_file_that_the_browser_has_is_not_sent_again)
{
    test_sign_in(&test, 0);
    struct test_answer answer = test_get(&test, "/main.js");
    cr_assert(answer.response.etag);
    const char *headers = arena_format(test.arena, "Host: " HOST "\nCookie: %s\nIf-None-Match: %s",
                                       test.cookie, answer.response.etag);
    answer = test_ask(&test, "GET", "/main.js", headers, "");
    cr_expect_eq(answer.status, 304);
    cr_expect_str_empty(answer.body);
}

Test(web, a_cookie_is_good_for_its_time)
{
    test_sign_in(&test, 0);
    test.now_s += WEB_SESSION_IDLE_S;
    cr_expect_eq(test_get(&test, "/api/read").status, 200);
    test.now_s += WEB_SESSION_IDLE_S + 1;
    cr_expect_eq(test_get(&test, "/api/read").status, 401);
    test.now_s = 1000;
    cr_expect_eq(test_get(&test, "/api/read").status, 401, "it does not come back");
}

Test(web, a_session_ends_after_a_day_of_work_though_it_is_used)
{
    test_sign_in(&test, 0);
    for (int hour = 0; hour < 12; hour++, test.now_s += 3600)
        cr_expect_eq(test_get(&test, "/api/read").status, 200, "%d h", hour);
    test.now_s += 1;
    cr_expect_eq(test_get(&test, "/api/read").status, 401);
}

Test(web, several_cookies_of_our_name_are_none)
{
    test_sign_in(&test, 0);
    const char *headers =
        arena_format(test.arena, "Host: " HOST "\nCookie: cust360=x; %s", test.cookie);
    cr_expect_eq(test_ask(&test, "GET", "/api/read", headers, "").status, 401);
    headers = arena_format(test.arena, "Host: " HOST "\nCookie: other=x; %s", test.cookie);
    cr_expect_eq(test_ask(&test, "GET", "/api/read", headers, "").status, 200);
}

Test(web, another_host_is_refused_whoever_asks)
{
    static const char *const hosts[] = {"Host: evil.example",
                                        "Host: evil.example:7360",
                                        "Host: 127.0.0.1",
                                        "Host: 127.0.0.1:7361",
                                        "Host: ",
                                        "Host: " HOST "\nHost: evil.example",
                                        "X: y"};
    test_sign_in(&test, 0);
    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
        const char *headers = arena_format(test.arena, "%s\nCookie: %s", hosts[i], test.cookie);
        cr_expect_eq(test_ask(&test, "GET", "/api/read", headers, "").status, 421, "%s", hosts[i]);
    }
    cr_expect_eq(test.reads, 0);
}

Test(web, another_site_can_neither_read_nor_change)
{
    static const char *const origins[] = {
        "Origin: http://evil.example",     "Origin: null",
        "Origin: https://" HOST,           "Origin: http://127.0.0.1:7361",
        "Origin: " ORIGIN ".evil.example", "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",       "Origin: " ORIGIN "\nOrigin: " ORIGIN};
    test_sign_in(&test, 0);
    for (size_t i = 0; i < sizeof(origins) / sizeof(origins[0]); i++) {
        const char *read =
            arena_format(test.arena, "Host: " HOST "\nCookie: %s\n%s", test.cookie, origins[i]);
        cr_expect_eq(test_ask(&test, "GET", "/api/read", read, "").status, 403, "%s", origins[i]);
        const char *without = strncmp(origins[i], "Origin", 6) == 0 ? "Origin" : "Sec-Fetch-Site";
        const char *change =
            arena_format(test.arena, "%s\n%s", test_headers(&test, without), origins[i]);
        cr_expect_eq(test_ask(&test, "POST", "/api/change", change, MARK).status, 403, "%s",
                     origins[i]);
    }
    cr_expect_eq(test.reads + test.changes, 0);
}

Test(web, a_link_from_elsewhere_may_lead_here)
{
    test_sign_in(&test, 0);
    const char *headers = arena_format(
        test.arena, "Host: " HOST "\nCookie: %s\nSec-Fetch-Site: cross-site", test.cookie);
    cr_expect_eq(test_ask(&test, "GET", "/", headers, "").status, 200);
}

Test(web, a_change_needs_all_that_proves_it)
{
    static const struct {
        const char *without;
        int status;
    } cases[] = {
        {"Origin", 403}, {"Content-Type", 415}, {"Cookie", 401}, {"X-Proof", 403}, {"Host", 421}};
    test_sign_in(&test, 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *headers = test_headers(&test, cases[i].without);
        struct test_answer answer = test_ask(&test, "POST", "/api/change", headers, MARK);
        cr_expect_eq(answer.status, cases[i].status, "%s: %d", cases[i].without, answer.status);
    }
    cr_expect_eq(test.changes, 0);
    cr_expect_eq(test_post(&test, "/api/change", MARK).status, 200);
    cr_expect_eq(test.changes, 1);
}

Test(web, the_proof_is_of_the_session_and_whole)
{
    test_sign_in(&test, 1);
    char viewers_proof[80];
    snprintf(viewers_proof, sizeof(viewers_proof), "%s", test.proof);
    test_sign_in(&test, 0);
    char own_proof[72];
    snprintf(own_proof, sizeof(own_proof), "%.64s", test.proof);
    snprintf(test.proof, sizeof(test.proof), "%s", viewers_proof);
    cr_expect_eq(test_post(&test, "/api/change", MARK).status, 403);
    snprintf(test.proof, sizeof(test.proof), "%.63s", own_proof);
    cr_expect_eq(test_post(&test, "/api/change", MARK).status, 403);
    snprintf(test.proof, sizeof(test.proof), "%s0", own_proof);
    cr_expect_eq(test_post(&test, "/api/change", MARK).status, 403);
    cr_expect_eq(test.changes, 0);
}

Test(web, the_same_change_sent_again_is_done_once)
{
    test_sign_in(&test, 0);
    cr_expect_eq(test_post(&test, "/api/change", MARK "&a=1").status, 200);
    cr_expect_eq(test_post(&test, "/api/change", MARK "&a=1").status, 409);
    cr_expect_eq(test_post(&test, "/api/change", "mark=0123456789abcdeg&a=1").status, 200);
    cr_expect_eq(test_post(&test, "/api/change", "a=1").status, 400);
    cr_expect_eq(test_post(&test, "/api/change", "mark=short").status, 400);
    cr_expect_eq(test.changes, 2);
}

Test(web, a_viewer_reads_and_may_look_at_whole_values_but_changes_nothing)
{
    test_sign_in(&test, 1);
    cr_expect_eq(test_get(&test, "/api/read").status, 200);
    cr_expect_eq(test_post(&test, "/api/change", MARK).status, 403);
    cr_expect_eq(test.changes, 0);
    cr_expect_eq(test_post(&test, "/api/note", MARK).status, 200);
    cr_expect_eq(test.notes, 1);
}

Test(web, an_address_takes_its_own_method_only)
{
    static const struct {
        const char *method;
        const char *target;
        const char *allow;
    } cases[] = {{"GET", "/api/change", "POST"},     {"HEAD", "/api/change", "POST"},
                 {"POST", "/api/read", "GET, HEAD"}, {"PUT", "/api/change", "POST"},
                 {"DELETE", "/", "GET, HEAD"},       {"TRACE", "/main.js", "GET, HEAD"},
                 {"get", "/", "GET, HEAD"},          {"", "/", "GET, HEAD"},
                 {"GET", "/api/sign-out", "POST"},   {"POST", "/api/session", "GET, HEAD"}};
    test_sign_in(&test, 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct test_answer answer =
            test_ask(&test, cases[i].method, cases[i].target, test_headers(&test, NULL), MARK);
        cr_expect_eq(answer.status, 405, "%s %s: %d", cases[i].method, cases[i].target,
                     answer.status);
        cr_assert(answer.response.allow);
        cr_expect_str_eq(answer.response.allow, cases[i].allow);
    }
    cr_expect_eq(test.changes + test.reads, 0);
}

Test(web, only_addresses_of_the_table_are_there)
{
    static const char *const targets[] = {"/../etc/passwd",
                                          "//etc/passwd",
                                          "/%2e%2e/etc/passwd",
                                          "/main.js/",
                                          "/main.js%00",
                                          "/page/main.js",
                                          "/api",
                                          "/api/",
                                          "/api/READ",
                                          "",
                                          "*",
                                          "/./main.js",
                                          "http://x/",
                                          "/\xFF",
                                          "/api/read/../change"};
    test_sign_in(&test, 0);
    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
        cr_expect_eq(test_get(&test, targets[i]).status, 404, "%s", targets[i]);
}

Test(web, fields_that_cannot_be_read_change_nothing)
{
    static const char *const bodies[] = {MARK "&a=%",      MARK "&a=%4",       MARK "&a=%zz",
                                         MARK "&a=%FF",    MARK "&a=%00",      MARK "&a=1&a=2",
                                         MARK "&=1",       MARK "&a=\x01",     MARK "&" MARK,
                                         MARK "&a=%C0%80", MARK "&a=%ED%A0%80"};
    test_sign_in(&test, 0);
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
        cr_expect_eq(test_post(&test, "/api/change", bodies[i]).status, 400, "%s", bodies[i]);
    cr_expect_eq(test.changes, 0);
}

Test(web, what_is_too_large_is_refused)
{
    struct buffer text = BUFFER_EMPTY;
    test_sign_in(&test, 0);
    buffer_append_text(&text, "/api/read?q=");
    for (int i = 0; i < WEB_TARGET_BYTES_MAX; i++)
        buffer_append_byte(&text, 'a');
    cr_expect_eq(test_get(&test, text.data).status, 414);
    buffer_clear(&text);
    buffer_append_text(&text, MARK);
    for (int i = 0; i < WEB_FIELDS_MAX; i++)
        buffer_format(&text, "&f%d=1", i);
    cr_expect_eq(test_post(&test, "/api/change", text.data).status, 400);
    buffer_clear(&text);
    buffer_append_text(&text, test_headers(&test, NULL));
    for (int i = 0; i < WEB_HEADERS_MAX; i++)
        buffer_format(&text, "\nX-%d: 1", i);
    cr_expect_eq(test_ask(&test, "POST", "/api/change", text.data, MARK).status, 431);
    cr_expect_eq(test.reads + test.changes, 0);
    buffer_release(&text);
}

Test(web, what_an_action_says_becomes_a_status)
{
    test_sign_in(&test, 0);
    struct test_answer answer = test_post(&test, "/api/change", MARK "&outcome=conflict");
    cr_expect_eq(answer.status, 409);
    cr_expect_str_eq(answer.body, "{\"error\":{\"code\":\"conflict\",\"message\":\"decided by "
                                  "another steward\"}}");
    answer = test_post(&test, "/api/change", "mark=0123456789abcdez&outcome=busy");
    cr_expect_eq(answer.status, 503);
    cr_expect_str_eq(answer.response.retry, "1");
    cr_expect(strstr(answer.body, "\"busy\""));
}

Test(web, signing_out_ends_the_session)
{
    test_sign_in(&test, 0);
    const char *without = test_headers(&test, "X-Proof");
    cr_expect_eq(test_ask(&test, "POST", "/api/sign-out", without, "").status, 403);
    cr_expect_eq(test_get(&test, "/api/read").status, 200);
    struct test_answer answer = test_post(&test, "/api/sign-out", "");
    cr_expect_eq(answer.status, 200);
    cr_expect(strstr(answer.response.cookie, "Max-Age=0"));
    cr_expect_eq(test_get(&test, "/api/read").status, 401);
}

Test(web, many_sessions_leave_the_latest)
{
    struct error error;
    for (int i = 0; i < WEB_SESSIONS_MAX + 3; i++) {
        test_sign_in(&test, 0);
        cr_assert(web_site_renew(test.site, &error));
        test.now_s++;
    }
    cr_expect_eq(test_get(&test, "/api/read").status, 200);
}

Test(web, every_answer_says_what_a_browser_may_do)
{
    static const char *const targets[] = {"/", "/main.js", "/api/read", "/nowhere", "/api/change"};
    test_sign_in(&test, 0);
    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        struct test_answer answer = test_get(&test, targets[i]);
        cr_assert(answer.response.policy, "%s", targets[i]);
        cr_expect(strstr(answer.response.policy, "default-src 'none'"));
        cr_expect(strstr(answer.response.policy, "frame-ancestors 'none'"));
        cr_assert(answer.response.content_type, "%s", targets[i]);
    }
    cr_expect(!test_get(&test, "/api/read").response.etag, "never kept");
}

Test(web, an_error_page_has_both_languages)
{
    struct test_answer answer = test_ask(&test, "GET", "/", "Host: " HOST, "");
    cr_expect(strstr(answer.body, "You are not signed in"));
    cr_expect(strstr(answer.body, "您尚未登录"));
}

/* site.h: a site without sockets, whose actions only count. */
#ifndef CUST360_TESTS_REVIEW_SERVE_SITE_H
#define CUST360_TESTS_REVIEW_SERVE_SITE_H

#include "review/serve/web.h"

#define HOST   "127.0.0.1:7360"
#define ORIGIN "http://127.0.0.1:7360"

struct test_site {
    struct web_site *site;
    struct arena *arena;
    int reads;
    int notes;
    int changes;
    char cookie[128]; /* "cust360=…" of who signed in last */
    char proof[80];
    int64_t now_s;
};

/* 王芳 is a steward, viewer a viewer. */
void test_site_open(struct test_site *test, const char *scheme);
void test_site_close(struct test_site *test);

/* The token of the printed address. */
const char *test_token(const struct test_site *test, size_t steward);

/* Opens the printed address, and asks for the proof. */
void test_sign_in(struct test_site *test, size_t steward);

struct test_answer {
    int status;
    const char *body; /* NUL-terminated; the arena's */
    struct web_response response;
};

/* A request with headers "Name: value" each on a line. */
struct test_answer test_ask(struct test_site *test, const char *method, const char *target,
                            const char *headers, const char *body);

/* A GET with host and cookie; a POST with all that a change needs. */
struct test_answer test_get(struct test_site *test, const char *target);
struct test_answer test_post(struct test_site *test, const char *target, const char *body);

/* The headers that test_post sends, without the line that begins with `without` (NULL: all). */
const char *test_headers(struct test_site *test, const char *without);

#endif

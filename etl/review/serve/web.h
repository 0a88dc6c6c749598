/* web.h: the stewards' page, without sockets.
 *
 *   bytes ──► server.c (libmicrohttpd) ──► struct web_request ──► web_answer ──► struct
 * web_response │ page files · sign-in · action (review core)
 *
 * web_answer is a function of the site and the request: it reads no file and no clock, so that it
 * can be tested and fuzzed. Nothing but an action changes a case, and an action is called only when
 * the request came from a signed-in steward of this site's own page. A site belongs to one thread.
 */
#ifndef CUST360_REVIEW_WEB_H
#define CUST360_REVIEW_WEB_H

#include "cust360/base/arena.h"
#include "cust360/base/buffer.h"
#include "cust360/base/error.h"
#include <stdint.h>

enum {
    WEB_BODY_BYTES_MAX = 64 * 1024,
    WEB_TARGET_BYTES_MAX = 4 * 1024,
    WEB_HEADERS_MAX = 64,
    WEB_FIELDS_MAX = 64,
    WEB_TOKEN_BYTES = 65 /* 256 random bits as hexadecimal digits, and a NUL */
};

struct web_field {
    struct slice name;
    struct slice value;
};

struct web_fields {
    const struct web_field *items;
    size_t count;
};

struct web_request {
    struct slice method;
    struct slice target; /* path and query as they came */
    struct web_fields headers;
    struct slice body;
    bool body_too_large; /* `body` is empty then */
    int64_t now_s;       /* a clock that only goes forward */
};

struct web_response {
    int status;
    const char *content_type;
    const char *allow;   /* of a 405, else NULL */
    const char *etag;    /* NULL: not to be kept by the browser */
    const char *cookie;  /* Set-Cookie's value, or NULL */
    const char *retry;   /* Retry-After's value, or NULL */
    const char *policy;  /* Content-Security-Policy */
    struct slice fixed;  /* a body that outlives the response; else `body` */
    struct buffer *body; /* the caller's */
    struct arena *arena; /* of what the response points to; the caller's */
};

/* ---- what an action gets and gives ---- */

struct web_call {
    const char *steward;
    bool may_change;          /* has the role of a steward */
    struct web_fields fields; /* of the query, or of the body of a POST; UTF-8 */
    int64_t now_s;
    struct arena *arena;
    struct buffer *json; /* the answer, whatever the outcome but WEB_FAILED */
};

enum web_outcome {
    WEB_DONE = 200,
    WEB_UNCLEAR = 400,  /* a field is missing or cannot be read */
    WEB_REFUSED = 403,  /* this steward may not */
    WEB_MISSING = 404,  /* there is no such case or customer */
    WEB_CONFLICT = 409, /* another steward was there before, or the data have changed */
    WEB_BUSY = 503,     /* a run holds the state; try again */
    WEB_FAILED = 500    /* `error` is filled */
};

/* Everything but WEB_DONE may fill `error` instead of the answer: its message, which holds no
 * personal value, is then told as JSON. */
typedef enum web_outcome web_action(void *context, const struct web_call *call,
                                    struct error *error);

enum web_right {
    WEB_READ,  /* GET, by anybody signed in */
    WEB_NOTE,  /* POST with the CSRF token, by anybody signed in: leaves a note in the log */
    WEB_CHANGE /* the same by a steward only */
};

struct web_route {
    const char *path; /* NULL ends a table */
    enum web_right right;
    web_action *action;
};

/* The value of a field; empty when there is none. */
struct slice web_field_value(struct web_fields fields, const char *name);

/* ---- the site ---- */

struct web_steward {
    const char *name;
    bool may_change;
    char token[WEB_TOKEN_BYTES]; /* of the printed address; empty once it is used */
};

struct web_site;

struct web_site_options {
    const char *scheme;       /* http or https */
    const char *const *hosts; /* "127.0.0.1:7360", …; ends with NULL */
    const struct web_steward *stewards;
    size_t steward_count;
    const struct web_route *routes; /* borrowed, as is the context */
    void *context;
};

/* Copies the options. Tokens are made at once. False: the system gives no random bytes. */
struct web_site *web_site_create(const struct web_site_options *options, struct error *error);
void web_site_destroy(struct web_site *site);

/* The stewards with the tokens that are still good. */
const struct web_steward *web_site_stewards(const struct web_site *site, size_t *count);

/* New tokens for all; who is signed in stays so. */
bool web_site_renew(struct web_site *site, struct error *error);

/* Always fills the response: whatever cannot be answered is an error as JSON or a page. */
void web_answer(struct web_site *site, const struct web_request *request,
                struct web_response *response);

#endif

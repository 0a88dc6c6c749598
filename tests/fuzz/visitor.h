/* visitor.h: bytes as requests to the stewards' page.
 *
 * A request is a line "METHOD TARGET", headers "Name: value", an empty line, a body. The bytes 1 to
 * 6 (and further ones, if a target has more) stand for what cannot be guessed. */
#ifndef TESTS_FUZZ_VISITOR_H
#define TESTS_FUZZ_VISITOR_H

#include "support.h"

#include "review/serve/web.h"

enum { /* stand-ins */
       COOKIE = 1,
       PROOF,
       VIEWERS_COOKIE,
       VIEWERS_PROOF,
       TOKEN, /* of the third steward, who is not signed in */
       OUR_HOST,
       VISIT_STANDINS,
       VISIT_STANDINS_MOST = 15 /* the bytes 10 and 13 end lines and stand for nothing else */
};

struct visit { /* a site with a steward and a viewer who are signed in */
    struct arena *arena;
    struct web_site *site;
    const char *standins[VISIT_STANDINS_MOST + 1];
    struct web_field headers[WEB_HEADERS_MAX + 1];
    struct web_request request; /* the last one */
    struct web_response response;
    struct buffer body;
};

void visit_open(struct visit *visit, const struct web_route *routes, void *context);
void visit_close(struct visit *visit);

/* The input with what the stand-ins stand for. */
struct slice visit_spell_out(const struct visit *visit, const uint8_t *bytes, size_t count);

/* Asks the site; the answer is whole and says what a browser may do, or the input is reported. */
void visit_ask(struct visit *visit, struct slice text);

/* Whether the last request was a steward's own: a POST for our host, from our origin, with cookie
 * and proof. */
bool visit_is_stewards(const struct visit *visit);

/* The same of a steward or viewer. */
bool visit_is_somebodys(const struct visit *visit);

/* Whether it came with the cookie of somebody who is signed in. */
bool visit_has_cookie(const struct visit *visit);

#endif

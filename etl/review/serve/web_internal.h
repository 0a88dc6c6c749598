/* web_internal.h: what the files of the page's server share. */
#ifndef CUST360_REVIEW_WEB_INTERNAL_H
#define CUST360_REVIEW_WEB_INTERNAL_H

#include "web.h"
#include "web_session.h"

struct web_site {
    struct arena *arena;
    const char *scheme;
    const char **hosts;
    struct web_steward *stewards;
    size_t steward_count;
    const struct web_route *routes;
    void *context;
    struct web_sessions sessions;
};

/* What is known of a request while it is answered. */
struct answering {
    struct web_site *site;
    const struct web_request *request;
    struct web_response *response;
    struct slice path;
    struct slice query;
    struct web_session *session;
};

/* Answers with an error: as JSON below /api/, else as a page, in both of its languages. */
void web_refuse(struct answering *answering, int status, const char *english, const char *chinese);
void web_write_error(struct buffer *body, int status, const char *message);
bool web_is_for_program(const struct answering *answering);

/* Whether the request names this server as its host (a page elsewhere whose name resolves to this
 * machine sends its own name), and comes from one of its pages. */
bool web_host_is_ours(const struct answering *answering);
bool web_comes_from_here(const struct answering *answering, bool changes);

/* What the request's cookie holds; empty: none, or several. */
struct slice web_find_cookie(const struct answering *answering);

const char *web_cookie_name(const struct web_site *site);

/* Takes the token of a printed address for a session. */
void web_sign_in(struct answering *answering, struct slice token);
void web_sign_out(struct answering *answering);
void web_refuse_stranger(struct answering *answering);
void web_tell_session(struct answering *answering);
const struct web_steward *web_signed_in(const struct answering *answering);

#endif

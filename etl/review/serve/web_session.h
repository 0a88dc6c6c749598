/* web_session.h: who is signed in.
 *
 *   printed address with a token, good once ──► cookie ──► session, until it is idle for too long
 *
 * A session belongs to the site that opened it and is known by 256 random bits. Nothing of it is
 * written anywhere: when the server ends, everybody is signed out. */
#ifndef CUST360_REVIEW_WEB_SESSION_H
#define CUST360_REVIEW_WEB_SESSION_H

#include "web.h"

enum {
    WEB_SESSIONS_MAX = 64,
    WEB_SESSION_IDLE_S = 4 * 60 * 60,
    WEB_SESSION_LIFE_S = 12 * 60 * 60,
    WEB_CHANGES_REMEMBERED = 1024
};

struct web_session {
    char token[WEB_TOKEN_BYTES]; /* in the cookie; empty: the place is free */
    char proof[WEB_TOKEN_BYTES]; /* the CSRF token: only a page of this site can know it */
    size_t steward;              /* index into the site's stewards */
    int64_t opened_s;
    int64_t seen_s;
};

struct web_sessions {
    struct web_session items[WEB_SESSIONS_MAX];
    uint64_t changes[WEB_CHANGES_REMEMBERED]; /* hashes of the latest changes' marks, in a ring */
    size_t change_count;
};

/* Fills with hexadecimal digits of random bytes. False: the system gives none. */
bool web_token_make(char token[WEB_TOKEN_BYTES], struct error *error);

/* The session of a cookie, which counts as seen now; NULL: none, or over. */
struct web_session *web_session_find(struct web_sessions *sessions, struct slice token,
                                     int64_t now_s);

/* A new one; when all places are taken the one not seen for longest ends. NULL: no random bytes. */
struct web_session *web_session_open(struct web_sessions *sessions, size_t steward, int64_t now_s,
                                     struct error *error);

void web_session_end(struct web_session *session);

/* Whether a change with this mark has not been asked for before; remembers it. */
bool web_change_is_new(struct web_sessions *sessions, const struct web_session *session,
                       struct slice mark);

#endif

#include "web_session.h"
#include "cust360/base/hash.h"
#include "web_fields.h"

#include <errno.h>
#include <sys/random.h>

bool web_token_make(char token[WEB_TOKEN_BYTES], struct error *error)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char bytes[(WEB_TOKEN_BYTES - 1) / 2];
    if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
        return error_set_system(error, EXIT_FAILED, errno, "could not get random bytes");
    for (size_t i = 0; i < sizeof(bytes); i++) {
        token[2 * i] = digits[bytes[i] >> 4];
        token[2 * i + 1] = digits[bytes[i] & 0xF];
    }
    token[WEB_TOKEN_BYTES - 1] = '\0';
    return true;
}

static bool is_over(const struct web_session *session, int64_t now_s)
{
    return now_s - session->seen_s > WEB_SESSION_IDLE_S ||
           now_s - session->opened_s > WEB_SESSION_LIFE_S;
}

/* All places are looked at, so that the time does not tell which one is near. */
struct web_session *web_session_find(struct web_sessions *sessions, struct slice token,
                                     int64_t now_s)
{
    struct web_session *found = NULL;
    for (size_t i = 0; i < WEB_SESSIONS_MAX; i++)
        if (web_secret_equal(token, sessions->items[i].token))
            found = &sessions->items[i];
    if (found && is_over(found, now_s)) {
        web_session_end(found);
        return NULL;
    }
    if (found)
        found->seen_s = now_s;
    return found;
}

struct web_session *web_session_open(struct web_sessions *sessions, size_t steward, int64_t now_s,
                                     struct error *error)
{
    struct web_session *place = &sessions->items[0];
    for (size_t i = 1; i < WEB_SESSIONS_MAX && place->token[0]; i++) {
        struct web_session *other = &sessions->items[i];
        if (!other->token[0] || other->seen_s < place->seen_s)
            place = other;
    }
    struct web_session opened = {.steward = steward, .opened_s = now_s, .seen_s = now_s};
    if (!web_token_make(opened.token, error) || !web_token_make(opened.proof, error))
        return NULL;
    *place = opened;
    return place;
}

void web_session_end(struct web_session *session)
{
    *session = (struct web_session){0};
}

bool web_change_is_new(struct web_sessions *sessions, const struct web_session *session,
                       struct slice mark)
{
    uint64_t hash = hash_bytes(mark, hash_bytes(slice_of(session->token), 0));
    size_t remembered = sessions->change_count < WEB_CHANGES_REMEMBERED ? sessions->change_count
                                                                        : WEB_CHANGES_REMEMBERED;
    for (size_t i = 0; i < remembered; i++)
        if (sessions->changes[i] == hash)
            return false;
    sessions->changes[sessions->change_count++ % WEB_CHANGES_REMEMBERED] = hash;
    return true;
}

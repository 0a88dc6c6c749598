/* Any bytes as a request to the stewards' page: a line "METHOD TARGET", headers "Name: value", an
 * empty line, a body. The bytes 1 to 6 stand for what cannot be guessed: cookies and proofs of a
 * steward and a viewer, a printed token, our host.
 *
 * Promised: there is always a whole answer; a change is made only by a POST for our host, from our
 * origin, with a steward's cookie and its proof; whoever has no cookie is told nothing personal; a
 * token that was not printed opens nothing. */
#include "visitor.h"

#include <string.h>

#define SECRET "13812345678"

struct fuzzed { /* what the actions were asked for */
    int reads;
    int changes;
};

static enum web_outcome read_secret(void *context, const struct web_call *call, struct error *error)
{
    struct fuzzed *fuzzed = context;
    (void)error;
    fuzzed->reads++;
    require(call->steward != NULL);
    buffer_append_text(call->json, SECRET);
    return WEB_DONE;
}

static enum web_outcome change(void *context, const struct web_call *call, struct error *error)
{
    struct fuzzed *fuzzed = context;
    fuzzed->changes++;
    require(call->may_change);
    if (web_field_value(call->fields, "fail").length > 0) {
        error_set(error, EXIT_FAILED, "decided by another");
        return WEB_CONFLICT;
    }
    buffer_append_text(call->json, "{}");
    return WEB_DONE;
}

static const struct web_route routes[] = {{"/api/read", WEB_READ, read_secret},
                                          {"/api/note", WEB_NOTE, read_secret},
                                          {"/api/change", WEB_CHANGE, change},
                                          {NULL, WEB_READ, NULL}};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct fuzzed fuzzed = {0};
    struct visit visit;
    visit_open(&visit, routes, &fuzzed);
    struct slice text = visit_spell_out(&visit, bytes, count);
    bool had_token = slice_find(text, slice_of(visit.standins[TOKEN])) >= 0;
    visit_ask(&visit, text);
    require(fuzzed.changes == 0 || visit_is_stewards(&visit));
    require(visit_has_cookie(&visit) ||
            (fuzzed.reads == 0 && slice_find(buffer_slice(&visit.body), SLICE(SECRET)) < 0));
    require(!visit.response.cookie || had_token || visit_has_cookie(&visit));
    visit_close(&visit);
    return 0;
}

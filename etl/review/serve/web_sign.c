#include "cust360/base/json.h"
#include "web_fields.h"
#include "web_internal.h"

const struct web_steward *web_signed_in(const struct answering *answering)
{
    return &answering->site->stewards[answering->session->steward];
}

/* The cookie is set by a page, not by a redirection: following a link from elsewhere, a browser
 * would not send a strict cookie to where it is redirected. */
static void welcome(struct answering *answering, const struct web_session *session)
{
    struct web_response *response = answering->response;
    const struct web_site *site = answering->site;
    bool secure = strcmp(site->scheme, "https") == 0;
    response->cookie = arena_format(
        response->arena, "%s=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%d%s",
        web_cookie_name(site), session->token, WEB_SESSION_LIFE_S, secure ? "; Secure" : "");
    response->status = 200;
    response->content_type = "text/html; charset=utf-8";
    buffer_append_text(response->body,
                       "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>cust360"
                       "</title><meta http-equiv=\"refresh\" content=\"0;url=/\">"
                       "<link rel=\"stylesheet\" href=\"/style.css\">"
                       "<main class=\"notice\"><p><a href=\"/\">cust360</a></p></main></html>\n");
}

void web_sign_in(struct answering *answering, struct slice token)
{
    struct web_site *site = answering->site;
    struct web_steward *found = NULL;
    struct error error;
    for (size_t i = 0; i < site->steward_count; i++)
        if (web_secret_equal(token, site->stewards[i].token))
            found = &site->stewards[i];
    if (!found) {
        web_refuse(answering, 401,
                   "This address has been used already, or is not whole. Ask for a new one.",
                   "此地址已被使用或不完整，请索取新的地址。");
        return;
    }
    const struct web_session *session = web_session_open(
        &site->sessions, (size_t)(found - site->stewards), answering->request->now_s, &error);
    if (!session) {
        web_refuse(answering, 500, "The system gives no random numbers.", "系统无法提供随机数。");
        return;
    }
    found->token[0] = '\0';
    welcome(answering, session);
}

void web_refuse_stranger(struct answering *answering)
{
    web_refuse(answering, 401,
               "You are not signed in. Open the address that cust360 review serve printed for you.",
               "您尚未登录。请打开 cust360 review serve 为您打印的地址。");
}

void web_tell_session(struct answering *answering)
{
    const struct web_steward *steward = web_signed_in(answering);
    struct json_writer json = JSON_WRITER_COMPACT(answering->response->body);
    answering->response->status = (int)WEB_DONE;
    json_object_begin(&json, NULL);
    json_text(&json, "steward", slice_of(steward->name));
    json_text(&json, "role", steward->may_change ? SLICE("steward") : SLICE("viewer"));
    json_text(&json, "proof", slice_of(answering->session->proof));
    json_object_end(&json);
}

void web_sign_out(struct answering *answering)
{
    struct web_response *response = answering->response;
    web_session_end(answering->session);
    response->cookie =
        arena_format(response->arena, "%s=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0%s",
                     web_cookie_name(answering->site),
                     strcmp(answering->site->scheme, "https") == 0 ? "; Secure" : "");
    response->status = 200;
    buffer_append_text(response->body, "{}");
}

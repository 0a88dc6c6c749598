#include "cust360/base/html.h"
#include "cust360/base/json.h"
#include "web_internal.h"

static const char *status_code(int status)
{
    static const struct {
        int status;
        const char *code;
    } codes[] = {{400, "unclear"}, {401, "signed_out"}, {403, "refused"},   {404, "missing"},
                 {405, "method"},  {409, "conflict"},   {413, "too_large"}, {414, "too_large"},
                 {415, "type"},    {421, "host"},       {431, "too_large"}, {503, "busy"}};
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
        if (codes[i].status == status)
            return codes[i].code;
    return "failed";
}

static void write_error_page(struct buffer *body, int status, const char *english,
                             const char *chinese)
{
    buffer_append_text(body, "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">"
                             "<meta name=\"viewport\" content=\"width=device-width\">"
                             "<link rel=\"stylesheet\" href=\"/style.css\"><title>cust360</title>"
                             "<main class=\"notice\"><h1>");
    buffer_format(body, "%d</h1><p>", status);
    html_append_text(body, english);
    buffer_append_text(body, "</p><p lang=\"zh\">");
    html_append_text(body, chinese);
    buffer_append_text(body, "</p></main></html>\n");
}

void web_write_error(struct buffer *body, int status, const char *message)
{
    struct json_writer json = JSON_WRITER_COMPACT(body);
    json_object_begin(&json, NULL);
    json_object_begin(&json, "error");
    json_text(&json, "code", slice_of(status_code(status)));
    json_text(&json, "message", slice_of(message));
    json_object_end(&json);
    json_object_end(&json);
}

bool web_is_for_program(const struct answering *answering)
{
    return slice_starts_with(answering->path, SLICE("/api/"));
}

void web_refuse(struct answering *answering, int status, const char *english, const char *chinese)
{
    struct web_response *response = answering->response;
    response->status = status;
    if (web_is_for_program(answering)) {
        response->content_type = "application/json";
        web_write_error(response->body, status, english);
    } else {
        response->content_type = "text/html; charset=utf-8";
        write_error_page(response->body, status, english, chinese);
    }
}

#include "cust360/base/html.h"
#include "cust360/base/text.h"

static const char *escape_of(uint32_t code_point)
{
    switch (code_point) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        /* Control characters are not allowed in HTML at all; C1 ones are read as Windows-1252. */
        return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0) ? " " : NULL;
    }
}

void html_append(struct buffer *html, struct slice text)
{
    size_t position = 0;
    uint32_t code_point;
    while ((code_point = text_next(text, &position)) != UINT32_MAX) {
        const char *escape = escape_of(code_point);
        if (escape)
            buffer_append_text(html, escape);
        else
            text_append(html, code_point);
    }
}

void html_append_text(struct buffer *html, const char *text)
{
    html_append(html, slice_of(text));
}

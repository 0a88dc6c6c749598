/* html.h: text into HTML and SVG (both take the same escapes).
 *
 * What a page shows comes from people's records, so nothing goes into it unescaped. */
#ifndef CUST360_BASE_HTML_H
#define CUST360_BASE_HTML_H

#include "cust360/base/buffer.h"

/* Appends text with & < > " ' escaped, for content and for quoted attributes. Control characters
 * become spaces; bytes that are not UTF-8 become U+FFFD. */
void html_append(struct buffer *html, struct slice text);
void html_append_text(struct buffer *html, const char *text);

#endif

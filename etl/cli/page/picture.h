/* picture.h: self-contained pages with pictures in them.
 *
 * A page is one file without scripts, fonts or anything from elsewhere; it is light or dark as the
 * reader's system is, and prints in black on white. Texts are escaped here and nowhere else.
 * Coordinates are in pixels from the upper left. */
#ifndef CUST360_CLI_PICTURE_H
#define CUST360_CLI_PICTURE_H

#include "cust360/base/buffer.h"

void page_begin(struct buffer *html, const char *title);
void page_end(struct buffer *html);

/* <TAG class=CLASS>text</TAG>; class may be NULL. */
void page_element(struct buffer *html, const char *tag, const char *class_name, struct slice text);

/* A table that scrolls by itself where it is wider than the page, from its row of headings on. */
void page_table_begin(struct buffer *html, const char *const *headings, size_t count);
void page_table_end(struct buffer *html);
#define PAGE_TABLE(html, headings)                                                                 \
    page_table_begin((html), (headings), sizeof(headings) / sizeof((headings)[0]))

/* A cell of text; NULL is an empty one. */
void page_cell(struct buffer *html, const char *text);

/* A picture; `title` is what it says to those who do not see it. */
void svg_begin(struct buffer *html, double width, double height, const char *title);
void svg_end(struct buffer *html);

struct svg_box {
    double x;
    double y;
    double width;
    double height;
};
struct svg_line {
    double x1;
    double y1;
    double x2;
    double y2;
};

/* Classes are those of picture.c's style: for, against, sum, axis, limit, link, bridge … */
void svg_rectangle(struct buffer *html, struct svg_box box, const char *class_name);
void svg_line(struct buffer *html, struct svg_line line, const char *class_name);
void svg_circle(struct buffer *html, double x, double y, double radius, const char *class_name);

enum svg_anchor { SVG_START, SVG_MIDDLE, SVG_END };
void svg_text(struct buffer *html, double x, double y, enum svg_anchor anchor, struct slice text);

#endif

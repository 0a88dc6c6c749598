/* page.h: what the view knows about one customer, section by section: as text, JSON or a page. */
#ifndef CUST360_CLI_PAGE_H
#define CUST360_CLI_PAGE_H

#include "cust360/base/buffer.h"
#include "cust360/base/error.h"

struct database;

/* A part of the page: a query about ?1, the golden id. Its columns' names are the JSON's keys and,
 * with spaces for underscores, the text's headings. */
struct page_section {
    const char *key;   /* in JSON; NULL ends a list of sections */
    const char *title; /* for people */
    const char *kinds; /* a letter a column: t text, n whole number, m money, p probability, b yes
                          or no */
    bool single;       /* one row, shown downwards */
    bool limited;      /* only the newest unless all are asked for */
    const char *sql;
};

enum page_format { PAGE_TEXT, PAGE_JSON, PAGE_HTML };

struct page_options {
    const char *golden_id; /* of a living customer */
    bool all;              /* every event, not only the newest */
    enum page_format format;
    const struct page_section *sections; /* NULL: everything that is known */
    const char *title;                   /* of the HTML page */
};

/* Appends the customer's page: text, one JSON object, or one HTML page that can be printed. */
bool page_write(struct database *view, const struct page_options *options, struct buffer *text,
                struct error *error);

#endif

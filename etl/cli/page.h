/* page.h: everything that the view knows about one customer. */
#ifndef CUST360_CLI_PAGE_H
#define CUST360_CLI_PAGE_H

#include "cust360/base/buffer.h"
#include "cust360/base/error.h"

struct database;

struct page_options {
    const char *golden_id; /* of a living customer */
    bool all;              /* every event, not only the newest */
    bool json;
};

/* Appends the customer's page: as text, section by section, or as one JSON object. */
bool page_write(struct database *view, const struct page_options *options, struct buffer *text,
                struct error *error);

#endif

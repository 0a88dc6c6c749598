/* view_page.h: management's page of the published view, with charts. */
#ifndef CUST360_CLI_VIEW_PAGE_H
#define CUST360_CLI_VIEW_PAGE_H

#include "cust360/base/arena.h"
#include "cust360/base/buffer.h"
#include "cust360/base/error.h"

struct database;

/* Customers by stage, grade and dealer, retention by cohort, leads by type and age, data quality:
 * counts only, and below each chart the table that they are from. `name` may be NULL. */
bool view_page_write(struct arena *arena, struct database *view, const char *name,
                     struct buffer *html, struct error *error);

#endif

/* page.h: the files of page/, which the Makefile puts into the program. */
#ifndef CUST360_REVIEW_PAGE_H
#define CUST360_REVIEW_PAGE_H

#include <stddef.h>

struct page_file {
    const char *path; /* "/", "/main.js" …; NULL ends the table */
    const char *type; /* Content-Type */
    const char *etag; /* quoted, of the content */
    const unsigned char *content;
    size_t length; /* bytes */
};

extern const struct page_file page_files[];

#endif

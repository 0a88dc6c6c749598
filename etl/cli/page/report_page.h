/* report_page.h: a run's report as one self-contained page with pictures. */
#ifndef CUST360_CLI_REPORT_PAGE_H
#define CUST360_CLI_REPORT_PAGE_H

#include "cli/run/job.h"
#include "cust360/base/buffer.h"

/* Rows by source and outcome, gates, match weights, sizes of customers, quality by dealer, and the
 * trend over runs. Counts and names only. */
bool report_page_write(struct job *job, struct buffer *html, struct error *error);

/* ---- pictures (report_charts.c) ---- */

struct chart_bar {
    const char *label;
    double parts[3];  /* stacked from the left, in the classes for, sum, against */
    const char *note; /* behind the bar */
};

/* A bar a line, all on one scale. */
void chart_bars(struct buffer *html, const char *title, const struct chart_bar *bars, size_t count);

/* Upright bars side by side: a histogram. */
struct chart_column {
    const char *label;
    double value;
    const char *class_name; /* of picture.h */
};
void chart_columns(struct buffer *html, const char *title, const struct chart_column *columns,
                   size_t count);

/* A line through values in time. */
struct chart_point {
    const char *label;
    double value;
};
void chart_trend(struct buffer *html, const char *title, const struct chart_point *points,
                 size_t count);

#endif

/* explain_show.h: an explanation as text, JSON or a page, and the words that they share. */
#ifndef CUST360_CLI_EXPLAIN_SHOW_H
#define CUST360_CLI_EXPLAIN_SHOW_H

#include "cli/explain.h"
#include "cust360/base/buffer.h"

/* ---- explain_words.c: numbers and parts as people say them ---- */

const char *words_golden(const struct explain *explain, uint32_t golden);
const char *words_record(const struct explain *explain, uint32_t record);   /* "D01:123" */
const char *words_verdict(enum match_verdict verdict);                      /* "never" */
void words_bits(struct buffer *text, int32_t weight);                       /* "+17.5" */
const char *words_bits_text(const struct explain *explain, int32_t weight); /* in the arena */
void words_share(struct buffer *text, double share);         /* "1 in 180,000", "47 %" */
void words_share_chinese(struct buffer *text, double share); /* "每 180,000 个中有 1 个", "47 %" */
void words_probability(struct buffer *text, int32_t weight);
/* A value of an attribute, as whoever asked may see it (model_shows). */
void words_value(const struct explain *explain, struct buffer *text, const char *attribute,
                 struct slice value);
void words_title(struct buffer *text, const struct match_part *part); /* "Same mobile" */
const char *words_part(const struct explain *explain, const struct explain_pair *pair,
                       const struct match_part *part);
/* The values of one side: "440100 · 3 · 502". */
void words_evidence(const struct explain *explain, struct buffer *text,
                    const struct match_part *part, bool of_a);

/* ---- what is printed ---- */

struct explain_view {
    const struct explain *explain;
    struct explain_pair *pairs; /* the first `shown` are filled */
    size_t pair_count;
    size_t shown;
    const struct explain_cluster *cluster; /* or NULL: pairs */
};

void explain_write_text(const struct explain_view *view, struct buffer *text);
void explain_write_json(const struct explain_view *view, struct buffer *text);
void explain_write_html(const struct explain_view *view, struct buffer *html);

#endif

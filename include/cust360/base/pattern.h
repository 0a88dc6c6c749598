/* pattern.h: regular expressions (PCRE2, UTF, JIT), with limits.
 *
 * A pattern is compiled once and may be shared by threads; each thread has a matcher of its own.
 * Subjects must be valid UTF-8 (they are not checked again). A pattern that explodes hits the
 * match limit: PATTERN_LIMIT, never a hang. */
#ifndef CUST360_BASE_PATTERN_H
#define CUST360_BASE_PATTERN_H

#include "cust360/base/buffer.h"
#include "cust360/base/error.h"

#include <stdint.h>

struct pattern;
struct matcher;

enum pattern_result { PATTERN_MATCH, PATTERN_NO_MATCH, PATTERN_LIMIT };

/* Compiles; NULL on a syntax error, with `error` (message; error->column is the 1-based character
 * within the pattern). `whole` wraps it so that it must match the whole subject. */
struct pattern *pattern_compile(struct slice text, bool whole, struct error *error);
void pattern_destroy(struct pattern *pattern);

/* The number of the group of this name, or -1. */
int pattern_group(const struct pattern *pattern, const char *name);

/* The named groups: how many; the name (valid as long as the pattern) and number of one by index.
 */
size_t pattern_name_count(const struct pattern *pattern);
const char *pattern_name(const struct pattern *pattern, size_t index, int *group);

/* What is known of the subjects in which a pattern may be found, for telling many apart at once. */
struct pattern_need {
    size_t shortest; /* they have so many bytes or more */
    bool anchored;   /* it is found where they begin or not at all */
    bool has_first;  /* `first` is known: a bit for each byte that a match may begin with */
    uint8_t first[32];
};
void pattern_need(const struct pattern *pattern, struct pattern_need *need);

/* What is needed to match on one thread, for any number of patterns. */
struct matcher *matcher_create(void);
void matcher_destroy(struct matcher *matcher);

/* From now on every pattern is run, also on subjects of which a look at their bytes tells that it
 * cannot match. For tests that hold the two side by side. */
void matcher_be_thorough(struct matcher *matcher);

/* Matches anywhere in the subject (or the whole, see above). */
enum pattern_result pattern_match(const struct pattern *pattern, struct matcher *matcher,
                                  struct slice subject);

/* Group `number` of the last match (0: all of it), a part of its subject; empty when it took no
 * part or does not exist. */
struct slice matcher_group(const struct matcher *matcher, int number);

/* Appends the subject with every match replaced; `$1`, `${name}` stand for groups. Returns
 * PATTERN_NO_MATCH and appends nothing when there was none. */
enum pattern_result pattern_replace(const struct pattern *pattern, struct matcher *matcher,
                                    struct slice subject, struct slice replacement,
                                    struct buffer *result);

#endif

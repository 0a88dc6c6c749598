/* lookup.h: from what somebody types to the customers that it may mean.
 *
 * What is typed is standardized as the sources' values are, so that +86 138-0013-8000, a VIN in
 * small letters and a name in traditional characters are found. The whole value is looked for
 * first: golden id (former ids too), mobile, landline, e-mail, VIN, plate, identity number, a
 * dealer's customer number, a membership card, name; then, when asked for, a part of a name, the
 * last characters of a mobile or a VIN. */
#ifndef CUST360_CLI_LOOKUP_H
#define CUST360_CLI_LOOKUP_H

#include "cli/command.h"
#include "cust360/base/arena.h"
#include "cust360/base/slice.h"

struct database;
struct rules;

struct lookup {
    struct arena *arena;
    struct database *view;
    struct rules *rules;
};

enum lookup_extent {
    LOOKUP_WHOLE, /* parts only when no whole value is found */
    LOOKUP_PARTS  /* parts as well */
};

struct lookup_hit {
    const char *golden_id;
    const char *found_by; /* "mobile", "part of the name" … */
    bool is_current;      /* by a VIN or plate: has the car now; else true */
};

struct lookup_result {
    struct lookup_hit *hits; /* each customer once, by the first that found it */
    size_t count;
    bool more;          /* there are more than `limit` */
    const char *former; /* the id that was typed, when it has been merged away; else NULL */
};

/* Opens the published view of the project that the command line names. Everything found lives in
 * the arena. Exit code 10 when nothing has been published. */
bool lookup_open(struct lookup *lookup, const struct invocation *invocation, struct arena *arena,
                 struct error *error);
void lookup_close(struct lookup *lookup);

/* Words are joined by a space; "D01 0000123" is a dealer's customer number. */
bool lookup_find(struct lookup *lookup, const struct invocation *invocation,
                 enum lookup_extent extent, size_t limit, struct lookup_result *result,
                 struct error *error);

/* The same for one text. */
bool lookup_find_text(struct lookup *lookup, struct slice typed, enum lookup_extent extent,
                      size_t limit, struct lookup_result *result, struct error *error);

/* For an id that no living customer has: what became of it, as a sentence; NULL: never issued. */
bool lookup_fate(struct lookup *lookup, const struct invocation *invocation, const char **sentence,
                 struct error *error);

/* The one that is meant, NULL when it may be several: a car has one owner now, and those who had it
 * before are not who is meant. */
const struct lookup_hit *lookup_choose(const struct lookup_result *result);

#endif

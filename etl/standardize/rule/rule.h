/* rule.h: a kind as its rule file gives it, bound and ready to run.
 *
 *   rule file ──► rule_bind ──► struct rule ──► rule_run: value ──► canonical form, parts, findings
 *
 * A rule is read-only once bound and shared by threads; what running needs beside it is in a
 * rule_context, one a thread. */
#ifndef CUST360_STANDARDIZE_RULE_H
#define CUST360_STANDARDIZE_RULE_H

#include "cust360/yaml.h"
#include "standardize/check.h"
#include "standardize/rule/rule_trim.h"

#include <limits.h>

enum step_kind { STEP_UNICODE, STEP_REPLACE, STEP_REJECT, STEP_MATCH, STEP_CHECK };

enum unicode_form { UNICODE_NONE, UNICODE_FOLD, UNICODE_NFKC };

/* A piece of `take`: literal text, or a group of the pattern. */
struct take_piece {
    struct slice literal;
    int group; /* -1: the literal */
};

struct named_group {
    const char *name;
    int group;
};

/* What a rule file says of a finding that one of its checks makes: texts may be NULL (as the check
 * has it), so may the severity be left to the check. */
struct finding_rule {
    const char *code;
    const char *message; /* instead of the check's */
    const char *advice;  /* behind the message: what the clerk is to do */
    bool propose;        /* what the check has made of the value is proposed to the clerk */
    bool has_severity;
    enum severity severity;
    const struct node *node;
};

/* What tells at a look that a text is none of a list: by its first byte, the one in the middle and
 * the last, bit n: one of the list that has it there has n bytes. */
struct listed_lengths {
    uint64_t first[UCHAR_MAX + 1];
    uint64_t middle[UCHAR_MAX + 1];
    uint64_t last[UCHAR_MAX + 1];
};

static inline bool may_be_listed(const struct listed_lengths *listed, struct slice text)
{
    const unsigned char *bytes = (const unsigned char *)text.data;
    uint64_t lengths = listed->first[bytes[0]] & listed->middle[bytes[text.length / 2]] &
                       listed->last[bytes[text.length - 1]];
    return text.length < 64 && (lengths >> text.length & 1);
}

struct rule_step {
    enum step_kind kind;
    const char *name;              /* by which others refer to it; empty: none */
    const char *place;             /* "mobile.yaml:14" */
    const struct node *item;       /* the step as such */
    const struct node *node;       /* of the pattern, else of the step */
    enum unicode_form form;        /* unicode */
    struct pattern *pattern;       /* replace, reject, match; NULL: reject has values only */
    struct slice with;             /* replace */
    struct map *values;            /* reject: in lower case; NULL: a pattern only */
    struct listed_lengths *listed; /* of `values` */
    struct take_piece *pieces;     /* match: what is taken; none: the value stays */
    size_t piece_count;
    struct named_group *groups; /* match: groups that become parts */
    size_t group_count;
    const struct check *check;                /* check */
    const struct finding_rule *finding_rules; /* check: the first that says something counts */
    size_t finding_rule_count;
    const char *code; /* of the finding: reject, match */
    const char *message;
    enum severity severity;
};

struct rule_gate;

struct rule {
    const char *kind;
    const char *label;
    const char *standard; /* which standard or source it follows; may be empty */
    const char *format;   /* the hint that holds when the mapping gives none; or NULL */
    const char *path;
    struct rule_step *steps;
    size_t step_count;
    const struct rule_gate *gate; /* see rule_gate.h */
    const struct finding_rule *finding_rules;
    size_t finding_rule_count;
    const struct node *node;  /* all of it */
    const struct node *tests; /* NULL: none */
    struct document *document;
    bool inherited; /* of a dealer's rules: the group's, unchanged */
};

/* Binds a rule file. The rule owns `document` (freed by rule_release, which is needed after a
 * failure too); the rest lives in the arena. */
bool rule_bind(struct document *document, struct arena *arena, struct rule *rule,
               struct error *error);
void rule_release(struct rule *rule);

enum { RULE_PARTS = CHECK_PARTS + 8, RULE_FINDINGS = CHECK_FINDINGS + 4 };

/* What came of a value. Texts live in the input's arena or as long as the rules. */
struct rule_result {
    struct slice value;                  /* canonical; empty: refused, or nothing was left */
    bool refused;                        /* by a finding of severity error or fatal */
    struct check_part parts[RULE_PARTS]; /* of a refused value there are none */
    size_t part_count;
    struct rule_finding findings[RULE_FINDINGS];
    size_t finding_count;
};

struct rule_context {
    const struct reference *reference;
    int32_t as_of_days;
    int as_of_year;
    struct matcher *matcher;
    struct place_memory *memories;
    struct buffer buffer; /* for texts in the making */
    bool thorough;        /* no shortcut is taken: every step is run on every value */
};

void rule_context_open(struct rule_context *context, const struct reference *reference,
                       int32_t as_of_days);
void rule_context_close(struct rule_context *context);

/* From now on no shortcut is taken. The results are the same; a test holds the two side by side. */
void rule_context_be_thorough(struct rule_context *context);

struct rule_input {
    struct slice value; /* valid UTF-8 */
    const char *format; /* as in check.h */
    const struct model_entity *entity;
    const struct slice *values;
    struct arena *arena;
};

/* Runs the chain. False: a pattern hit its limit; the error names the pattern's place. */
bool rule_run(const struct rule *rule, struct rule_context *context, const struct rule_input *input,
              struct rule_result *result, struct error *error);

#endif

/* profile.h: what an unknown export holds, as far as its values and headings tell.
 *
 *   values ──► tally (profile_tally.h) ──► struct profile ──► meanings ──► report, draft
 *
 * A profile is plain data in an arena: made from a file or a database, or read back from the JSON
 * that was written of one. A meaning ("customer.mobile") is what a column says about whom; which
 * field of the group's model takes it is the draft's business (profile_draft.h). */
#ifndef CUST360_PROFILE_H
#define CUST360_PROFILE_H

#include "cust360/base/arena.h"
#include "cust360/base/buffer.h"
#include "cust360/base/error.h"

struct profile_value {
    struct slice text;
    uint64_t count; /* at least so many rows have it */
};

struct profile_guess {
    const char *kind; /* of the rules */
    double share;     /* of the sampled values that are one, 0 to 1 */
};

enum personal_class { PERSONAL_NONE, PERSONAL_INDIRECT, PERSONAL_DIRECT, PERSONAL_SENSITIVE };
extern const char *const personal_names[]; /* by enum personal_class; ends with NULL */

enum {
    PROFILE_TOP_MOST = 40,
    PROFILE_SAMPLE_MOST = 300, /* values that are looked at one by one */
    PROFILE_GUESSES_MOST = 6
};

struct profile_column {
    const char *name;    /* heading, XML path from the record, or the result column's name */
    const char *heading; /* what its words are read from: the name; XML: the path from the top */
    const char *place; /* when its name is another: where in a line, or in SQL (joined); or NULL */
    uint64_t values;   /* rows */
    uint64_t filled;   /* that are not empty */
    uint64_t distinct;
    bool distinct_exact;                      /* else within 2 % or so */
    bool is_primary;                          /* the database says that it is (part of) the key */
    const char *refers_table, *refers_column; /* as the database declares; NULL; empty: its key */
    bool unique;                /* no value was seen twice (of those whose count is known) */
    uint64_t shortest, longest; /* characters */
    double mean_length;
    struct profile_value *top; /* most frequent first */
    size_t top_count;
    struct profile_value *shapes; /* 9{11}, 汉{2}: classes of characters, most frequent first */
    size_t shape_count;
    struct slice *sample; /* distinct values, a fair choice */
    size_t sample_count;
    uint64_t *sketch; /* the smallest hashes, rising: what joins are found by */
    size_t sketch_count;
    uint64_t dates_either, dates_day_first,
        dates_month_first;               /* either: it may be told both ways */
    bool silent, of_another, of_contact; /* says nothing; is another's; perhaps the customer's */
    unsigned rank;                       /* of what the heading says: lower is likelier */
    const char *meaning;                 /* "customer.mobile"; empty: nobody knows */
    const char *kind;                    /* of the rules; "text" when nothing better is known */
    double sure;                         /* of the meaning, 0 to 1 */
    const char *why;                     /* one clause: heading and values */
    const char *date_format; /* as mappings have it: d/m/y, ymd …; NULL: none or not known */
    bool date_ambiguous;
    double serial_dates; /* share of values that are a spreadsheet's days: 43831 */
    enum personal_class personal;
    struct profile_guess guesses[PROFILE_GUESSES_MOST]; /* by values alone, best first */
    size_t guess_count;
};

struct profile_join {
    size_t table;      /* the other table … */
    size_t own_column; /* … and which columns go together */
    size_t other_column;
    double share; /* of the own column's values that are in the other */
};

struct profile_table {
    const char *name;
    const char *file;        /* CSV: its name; else NULL */
    const char *record;      /* XML: path of the record element */
    const char *query;       /* ODBC */
    const char *type;        /* lines: their type; NULL: all lines are alike */
    char quote;              /* ODBC: what its names are put into (profile_sql.h) */
    uint64_t rows, rejected; /* rejected: they could not be read */
    const char *reject_reason;
    struct profile_column *columns;
    size_t column_count;
    struct slice **rows_sample; /* the first rows, a value a column; NULL from JSON */
    size_t rows_sample_count;
    size_t *keys; /* columns that may be the record's own number, best first */
    size_t key_count;
    struct profile_join *joins;
    size_t join_count;
    size_t parent; /* XML, lines: the table within or below whose records these stand; SIZE_MAX */
    const char *fold_why; /* XML: why its values are no table of their own; NULL: they are */
};

struct profile_node { /* XML: an element or attribute of the document */
    const char *path;
    uint64_t count;
    uint64_t most; /* in one parent */
};

enum profile_source { PROFILE_CSV, PROFILE_XML, PROFILE_ODBC, PROFILE_LINES };

struct lines_look; /* profile_lines.h */
struct profile {
    const char *path; /* as the user named it; ODBC: without secrets */
    enum profile_source source;
    const char *encoding;
    double encoding_sure;
    const char **evidence; /* of the encoding */
    size_t evidence_count;
    char delimiter, quote;
    bool header;
    const char *dialect_why;
    const char *connection; /* ODBC: for the mapping; and a line a value, for the source */
    const char *connection_source;
    struct lines_look *lines; /* lines: places, types, header and trailer; else NULL */
    uint64_t bytes;
    bool sampled; /* not all of it was read */
    struct profile_table *tables;
    struct profile_node *nodes;
    size_t table_count, node_count, skip; /* skip: rows of a csv above the heading: titles */
    const char **defects;                 /* what is wrong with it, a sentence each */
    size_t defect_count;
    const char *repairs; /* that a mapping has for them: "prolog, ampersand"; else empty or NULL */
};

/* Whether a value of a kind is one: 1, 0, or between. What the rules say, handed in by whoever has
 * both. `kind` is one of profile_kinds. */
struct profile_judge_of_values {
    double (*judge)(void *context, const char *kind, struct slice value);
    void *context;
};

struct profile_words;

/* Loads the words of headings and their meanings (mappings/profile), and the pinyin of Chinese ones
 * (mappings/reference). NULL: error with file and line. */
struct profile_words *profile_words_load(const char *folder, const char *reference_folder,
                                         struct error *error);
void profile_words_destroy(struct profile_words *words);

/* Fills in what every column means, and the tables' keys and joins. */
void profile_judge(struct profile *profile, const struct profile_words *words,
                   const struct profile_judge_of_values *judge, struct arena *arena);

#endif

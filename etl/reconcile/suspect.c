/* What one side alone shows: signs that something went wrong before anybody could compare. They are
 * no proofs; each says how many rows and where the first ones are. */
#include "cust360/base/buffer.h"
#include "cust360/base/text.h"
#include "reconcile/comparison.h"

#include <stdio.h>

enum {
    CUT_LENGTH_LEAST = 8, /* characters: shorter texts often have one length by nature */
    CUT_WORDS_LEAST = 10, /* the same where nearly all texts have it */
    CUT_ROWS_LEAST = 5,
    CUT_EXCESS = 3,        /* times as many as one of the three lengths before has */
    SPIKE_ROWS_LEAST = 20, /* of a value that no list names */
    SPIKE_EXCESS = 10,     /* times as often as the next */
    NUMBER_BYTES = 4,      /* shorter ones, 0 and 0.00, are values as others are */
    EXAMPLES = 5
};

struct looking {
    struct comparison *comparison;
    struct notebook *notebook;
    const char *table;
    size_t column;
    struct error *error;
};

static struct statement *ask(const struct looking *look, const char *format)
{
    struct buffer sql = BUFFER_EMPTY;
    for (const char *at = format; *at; at++) {
        if (*at == '#')
            buffer_format(&sql, "c%zu", look->column);
        else if (*at == '@')
            buffer_append_text(&sql, look->table);
        else
            buffer_append_byte(&sql, *at);
    }
    struct statement *statement =
        statement_prepare(look->comparison->database, sql.data, look->error);
    buffer_release(&sql);
    return statement;
}

static const char *column_name(const struct looking *look)
{
    return look->comparison->options->columns[look->column].name;
}

/* Adds `count` of a kind, with the rows of the query (key, place, value) as examples. */
static bool add_all(const struct looking *look, enum discrepancy_kind kind, uint64_t count,
                    struct statement *rows)
{
    enum outcome outcome;
    while ((outcome = statement_step(rows, look->error)) == ACCEPTED) {
        struct instance instance = {
            statement_text(rows, 0), statement_text(rows, 1), statement_text(rows, 2), {NULL, 0}};
        notebook_add(look->notebook, kind, column_name(look), &instance);
    }
    struct discrepancy *found = notebook_find(look->notebook, kind, column_name(look));
    if (found)
        found->count = count;
    return outcome == ENDED;
}

/* How long a text is: in characters, in bytes where it was GBK or Big5, in bytes of UTF-8. What is
 * cut by bytes is shorter by what is left of the last character. */
static const struct measure {
    const char *length;
    int64_t slack;
} measures[] = {
    {"length(#)", 0},
    {"(length(#)+(length(CAST(# AS BLOB))-length(#))/2)", 1},
    {"length(CAST(# AS BLOB))", 2},
};

struct lengths {
    int64_t longest;
    int64_t count; /* of the longest, within the slack */
    int64_t distinct;
    int64_t han; /* of those: ideographs for the most part, as dates and numbers are not */
    int64_t before;
    int64_t all;
};

static bool count_lengths(const struct looking *look, const struct measure *measure,
                          struct lengths *lengths)
{
    char sql[512];
    snprintf(sql, sizeof(sql),
             "SELECT %s, count(*), count(DISTINCT #), sum(count(*)) OVER (),"
             " sum(# GLOB '*[一-龥]*' AND length(CAST(# AS BLOB)) * 5 >= length(#) * 11) FROM @"
             " WHERE # IS NOT NULL GROUP BY 1 ORDER BY 1 DESC LIMIT 6",
             measure->length);
    struct statement *rows = ask(look, sql);
    enum outcome outcome = rows ? ACCEPTED : FAILED;
    memset(lengths, 0, sizeof(*lengths));
    while (rows && (outcome = statement_step(rows, look->error)) == ACCEPTED) {
        int64_t length = statement_integer(rows, 0);
        if (lengths->longest == 0)
            lengths->longest = length;
        lengths->all = statement_integer(rows, 3);
        if (length >= lengths->longest - measure->slack) {
            lengths->count += statement_integer(rows, 1);
            lengths->distinct += statement_integer(rows, 2);
            lengths->han += statement_integer(rows, 4);
        } else if (length >= lengths->longest - measure->slack - 3) {
            lengths->before += statement_integer(rows, 1);
        }
    }
    statement_destroy(rows);
    return outcome == ENDED;
}

/* A cliff: the longest texts are many, of different content, and far more than those a little
 * shorter, while most of the column is shorter still; or most texts are, which are of words, and
 * not numbers that have one length by nature. */
static bool is_cliff(const struct lengths *lengths, bool by_bytes)
{
    bool many = lengths->longest >= CUT_LENGTH_LEAST && lengths->count >= CUT_ROWS_LEAST &&
                lengths->distinct * 2 > lengths->count &&
                lengths->count > lengths->before * CUT_EXCESS / 3;
    bool most_are_shorter = lengths->count * 2 < lengths->all;
    bool words = lengths->han * 10 >= lengths->count * 9;
    bool most_have_it = words && lengths->longest >= CUT_WORDS_LEAST;
    return many && ((most_are_shorter && (words || !by_bytes)) || most_have_it);
}

/* Texts that nearly all end alike, as the shorter ones of their kind do (…有限公司), are whole. */
static bool look_at_ends(const struct looking *look, const struct measure *measure,
                         const struct lengths *lengths, bool *whole)
{
    char sql[512];
    long long shortest = (long long)(lengths->longest - measure->slack);
    snprintf(sql, sizeof(sql),
             "SELECT sum(%s >= %lld) AS cut, sum(%s < %lld), sum(sum(%s < %lld)) OVER () FROM @"
             " WHERE %s * 2 >= %lld GROUP BY substr(#, -1) ORDER BY cut DESC LIMIT 1",
             measure->length, shortest, measure->length, shortest, measure->length, shortest,
             measure->length, shortest);
    struct statement *rows = ask(look, sql);
    enum outcome outcome = rows ? statement_step(rows, look->error) : FAILED;
    *whole = false;
    if (outcome == ACCEPTED) {
        int64_t cut = statement_integer(rows, 0);
        int64_t alike = statement_integer(rows, 1);
        int64_t shorter = statement_integer(rows, 2);
        *whole = cut * 10 >= lengths->count * 8 && alike > 0 && alike * 2 >= shorter;
    }
    statement_destroy(rows);
    return outcome != FAILED;
}

static bool look_for_cliff(const struct looking *look)
{
    for (size_t i = 0; i < sizeof(measures) / sizeof(*measures); i++) {
        struct lengths lengths;
        char sql[512];
        bool whole = false;
        if (!count_lengths(look, &measures[i], &lengths))
            return false;
        if (!is_cliff(&lengths, measures[i].slack > 0))
            continue;
        if (!look_at_ends(look, &measures[i], &lengths, &whole))
            return false;
        if (whole)
            continue;
        snprintf(sql, sizeof(sql), "SELECT key, place, # FROM @ WHERE %s >= %lld LIMIT 5",
                 measures[i].length, (long long)(lengths.longest - measures[i].slack));
        struct statement *rows = ask(look, sql);
        bool done = rows && add_all(look, SUSPECT_CUT, (uint64_t)lengths.count, rows);
        statement_destroy(rows);
        return done;
    }
    return true;
}

static bool add_value(const struct looking *look, struct slice value, uint64_t count)
{
    struct statement *rows = ask(look, "SELECT key, place, # FROM @ WHERE # = ?1 LIMIT 5");
    if (!rows)
        return false;
    statement_bind_text(rows, 1, value);
    bool done = add_all(look, SUSPECT_DEFAULT, count, rows);
    statement_destroy(rows);
    return done;
}

/* The most frequent values: one that programs put in, or one that towers above the next in a column
 * whose values are nearly all different. */
static bool look_for_spike(const struct looking *look)
{
    struct statement *values =
        ask(look, "SELECT #, count(*), lead(count(*)) OVER (ORDER BY count(*) DESC),"
                  " count(*) OVER (), sum(count(*)) OVER () FROM @ WHERE # IS NOT NULL GROUP BY 1"
                  " ORDER BY 2 DESC LIMIT 5");
    enum outcome outcome = values ? ACCEPTED : FAILED;
    bool first = true;
    while (values && (outcome = statement_step(values, look->error)) == ACCEPTED) {
        struct slice value = statement_text(values, 0);
        int64_t count = statement_integer(values, 1);
        int64_t next = statement_integer(values, 2);
        int64_t distinct = statement_integer(values, 3);
        int64_t all = statement_integer(values, 4);
        bool towers =
            first && count >= SPIKE_ROWS_LEAST && count > next * SPIKE_EXCESS && distinct * 3 > all;
        /* A column of few values (yes and no, 0 and 1) has no defaults but values. */
        bool listed = text_is_default(value) && value.length > NUMBER_BYTES && count > 1 &&
                      distinct > EXAMPLES * 2;
        first = false;
        if ((towers || listed) && !add_value(look, value, (uint64_t)count)) {
            outcome = FAILED;
            break;
        }
    }
    statement_destroy(values);
    return outcome == ENDED;
}

static bool look_for_damage(const struct looking *look)
{
    struct statement *rows = ask(look, "SELECT key, place, # FROM @ WHERE # GLOB '*[^ -~]*'"
                                       " OR # GLOB '*[?][?]*' OR instr(#, char(38, 35)) > 0"
                                       " OR instr(#, char(92, 117)) > 0"
                                       " OR # GLOB '*%[A-F][0-9A-F]*'");
    enum outcome outcome = rows ? ACCEPTED : FAILED;
    while (rows && (outcome = statement_step(rows, look->error)) == ACCEPTED) {
        struct slice value = statement_text(rows, 2);
        struct instance instance = {
            statement_text(rows, 0), statement_text(rows, 1), value, {NULL, 0}};
        if (text_looks_damaged(value))
            notebook_add(look->notebook, SUSPECT_ENCODING, column_name(look), &instance);
    }
    statement_destroy(rows);
    return outcome == ENDED;
}

/* ---- rows ---- */

enum which { OF_THE_KEY, ALL_BUT_KEYS };

static size_t add_columns(struct buffer *sql, const struct comparison_options *options,
                          enum which which)
{
    size_t added = 0;
    for (size_t i = 0; i < options->column_count; i++)
        if (which == OF_THE_KEY ? !options->columns[i].is_other : !options->columns[i].is_key)
            buffer_format(sql, "%sc%zu", added++ ? "," : "", i);
    return added;
}

static bool look_at_groups(const struct looking *look, const char *sql, enum discrepancy_kind kind)
{
    struct statement *rows = statement_prepare(look->comparison->database, sql, look->error);
    enum outcome outcome = rows ? ACCEPTED : FAILED;
    while (rows && (outcome = statement_step(rows, look->error)) == ACCEPTED) {
        struct instance instance = {
            statement_text(rows, 0), statement_text(rows, 1), {NULL, 0}, {NULL, 0}};
        notebook_add(look->notebook, kind, NULL, &instance);
    }
    statement_destroy(rows);
    return outcome == ENDED;
}

/* Rows that stand there twice, key and all: a few of them. Where there are many, a file has several
 * rows of a record by nature (a customer beside each car). */
static bool look_for_repeats(const struct looking *look)
{
    enum { SHARE = 10 };
    struct buffer sql = BUFFER_EMPTY;
    int64_t rows = 0;
    int64_t repeated = 0;
    buffer_format(&sql, "SELECT count(*) FROM %s", look->table);
    bool done = database_integer(look->comparison->database, sql.data, 0, &rows, look->error);
    buffer_clear(&sql);
    buffer_append_text(&sql, "SELECT key, max(place), count(*) - 1 AS again FROM ");
    buffer_format(&sql, "%s WHERE key <> '' GROUP BY key", look->table);
    for (size_t i = 0; i < look->comparison->options->column_count; i++)
        buffer_format(&sql, ",c%zu", i);
    buffer_append_text(&sql, " HAVING again > 0 ORDER BY max(rowid)");
    struct buffer total = BUFFER_EMPTY;
    buffer_format(&total, "SELECT total(again) FROM (%s)", sql.data);
    done =
        done && database_integer(look->comparison->database, total.data, 0, &repeated, look->error);
    if (done && repeated > 0 && repeated * SHARE <= rows)
        done = look_at_groups(look, sql.data, SUSPECT_REPEATED);
    buffer_release(&total);
    buffer_release(&sql);
    return done;
}

/* Keys that several different rows have; rows that are equal but for their keys. */
static bool look_at_rows(const struct looking *look)
{
    const struct comparison_options *options = look->comparison->options;
    struct buffer sql = BUFFER_EMPTY;
    buffer_format(&sql, "SELECT key, min(place) FROM (SELECT DISTINCT key, place, ");
    add_columns(&sql, options, OF_THE_KEY);
    buffer_format(&sql, " FROM %s WHERE key <> '' GROUP BY key, ", look->table);
    size_t count = add_columns(&sql, options, OF_THE_KEY);
    buffer_append_text(&sql, ") GROUP BY key HAVING count(*) > 1 ORDER BY 2");
    bool done = count == 0 || look_at_groups(look, sql.data, SUSPECT_KEY);
    if (done && options->column_count > 2) {
        buffer_clear(&sql);
        buffer_append_text(&sql, "SELECT max(key), max(place), (0");
        for (size_t i = 0; i < options->column_count; i++)
            if (!options->columns[i].is_key)
                buffer_format(&sql, "+(c%zu IS NOT NULL)", i);
        buffer_format(&sql, ") AS filled FROM %s GROUP BY ", look->table);
        if (!add_columns(&sql, options, ALL_BUT_KEYS))
            buffer_append_text(&sql, "key");
        buffer_append_text(&sql, " HAVING count(DISTINCT key) > 1 AND filled > 2 ORDER BY 2");
        done = look_at_groups(look, sql.data, SUSPECT_DUPLICATE);
    }
    buffer_release(&sql);
    return done;
}

bool side_suspect(struct comparison *comparison, enum side side, struct notebook *notebook,
                  struct error *error)
{
    struct looking look = {comparison, notebook, side_tables[side], 0, error};
    bool done = true;
    for (; done && look.column < comparison->options->column_count; look.column++)
        done = look_for_cliff(&look) && look_for_spike(&look) && look_for_damage(&look);
    return done && look_for_repeats(&look) && look_at_rows(&look);
}

/* What the columns of a row say of each other where their headings leave it open: which half of a
 * name, whose number, which region. */
#include "cust360/base/text.h"
#include "profile/evidence.h"

enum { ROWS_TELL = 10 };

static const double nearly_all = 0.95;

/* ---- names in two columns ---- */

/* The share of rows with both in which one has the other within it; below 0: too few rows. */
static double share_within(const struct profile_table *table, size_t whole, size_t part)
{
    size_t both = 0;
    size_t within = 0;
    for (size_t r = 0; r < table->rows_sample_count; r++) {
        struct slice text = table->rows_sample[r][whole];
        struct slice piece = table->rows_sample[r][part];
        if (text.length == 0 || piece.length == 0)
            continue;
        both++;
        within += slice_find(text, piece) >= 0;
    }
    return both < ROWS_TELL ? -1 : (double)within / (double)both;
}

/* "Name" beside "Vorname", 名 beside 姓: what is called the name is only the other half of it where
 * the first half is not in it. */
static void judge_halves(const struct judging *judging, struct profile_table *table)
{
    static const struct {
        const char *half;
        const char *other;
    } halves[] = {{"customer.last", "customer.first"}, {"customer.first", "customer.last"}};
    const double seldom = 0.2;
    for (size_t i = 0; i < sizeof(halves) / sizeof(*halves); i++) {
        size_t half = evidence_column(table, halves[i].half);
        size_t name = evidence_column(table, "customer.name");
        const struct meaning *other = words_meaning(judging->words, halves[i].other);
        if (half == SIZE_MAX || name == SIZE_MAX || !other ||
            evidence_column(table, halves[i].other) != SIZE_MAX)
            continue;
        double share = share_within(table, name, half);
        if (share < 0 || share > seldom)
            continue;
        table->columns[name].meaning = other->name;
        table->columns[name].why =
            arena_format(judging->arena, "%s; %s stands in a column of its own and not in it",
                         table->columns[name].why, table->columns[half].name);
    }
}

/* ---- the customer's number in rows of cars ---- */

struct pairing {
    size_t same_number; /* pairs of rows with one number … */
    size_t same_person; /* … that are of one person */
    size_t one_person;  /* pairs of rows of one person … */
    size_t one_number;  /* … that have one number */
};

static void pair_rows(const struct profile_table *table, size_t number, size_t person,
                      struct pairing *pairing)
{
    memset(pairing, 0, sizeof(*pairing));
    for (size_t a = 0; a < table->rows_sample_count; a++)
        for (size_t b = a + 1; b < table->rows_sample_count; b++) {
            struct slice *one = table->rows_sample[a];
            struct slice *other = table->rows_sample[b];
            if (one[person].length == 0 || one[number].length == 0)
                break;
            bool same = slice_equal(one[number], other[number]);
            bool human = slice_equal(one[person], other[person]);
            pairing->same_number += same && other[person].length > 0;
            pairing->one_person += human;
            pairing->same_person += same && human;
            pairing->one_number += same && human;
        }
}

/* Short numbers often have the form of some paper's. */
static bool is_told_by_values(const struct profile_column *column)
{
    for (size_t i = 0; i < column->guess_count; i++)
        if (strcmp(column->guesses[i].kind, "identity") != 0 || column->mean_length >= PAPER_LENGTH)
            return true;
    return false;
}

/* Short, without blanks, in every row, and neither a date nor a list of codes. */
static bool may_be_number(const struct profile_column *column)
{
    enum { LONGEST_NUMBER = 24 };
    struct value_facts facts;
    value_facts_find(column, &facts);
    return column->longest <= LONGEST_NUMBER && column->filled * 50 >= column->values * 49 &&
           column->distinct * 20 > column->filled && facts.spaced == 0 && facts.han < 0.05 &&
           !evidence_is_date(column) && !is_told_by_values(column);
}

/* Somebody with two cars has two rows with one number in both; nobody else has it. */
static void judge_number_of_owner(const struct judging *judging, struct profile_table *table)
{
    size_t person = evidence_column(table, "customer.idnumber");
    if (person == SIZE_MAX)
        person = evidence_column(table, "customer.mobile");
    for (size_t i = 0; i < table->column_count && person != SIZE_MAX; i++) {
        const struct profile_column *column = &table->columns[i];
        struct pairing pairing;
        if (i == person || !evidence_is_open(column, "customer.key") || !may_be_number(column))
            continue;
        pair_rows(table, i, person, &pairing);
        if (pairing.same_person >= ROWS_TELL &&
            (double)pairing.same_person >= nearly_all * (double)pairing.same_number &&
            (double)pairing.one_number >= nearly_all * (double)pairing.one_person)
            evidence_propose(judging, table, i, "customer.key", 0.9,
                             "the same in all rows of a person, and in nobody else's");
    }
}

/* A car that comes again comes with its owner's number; some own two cars, and so the number is not
 * the car's. */
void judge_number_by_car(const struct judging *judging, struct profile_table *table, size_t vin)
{
    const struct profile_column *cars = &table->columns[vin];
    for (size_t i = 0; i < table->column_count; i++) {
        const struct profile_column *column = &table->columns[i];
        struct pairing pairing;
        if (i == vin || !evidence_is_open(column, "customer.key") || !may_be_number(column) ||
            column->distinct >= cars->distinct || column->distinct * 2 < cars->distinct)
            continue;
        pair_rows(table, i, vin, &pairing);
        if (pairing.one_number >= ROWS_TELL &&
            (double)pairing.one_number >= nearly_all * (double)pairing.one_person &&
            pairing.same_number > pairing.same_person)
            evidence_propose(judging, table, i, "customer.key", 0.86,
                             "the same in all rows of a car, and in those of some owner's second");
    }
}

/* ---- provinces ---- */

static void judge_provinces(const struct judging *judging, struct profile_table *table)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (evidence_is_open(&table->columns[i], "customer.province") &&
            table->columns[i].distinct > 1 &&
            evidence_in_set(judging, &table->columns[i], "province") >= nearly_all)
            evidence_propose(judging, table, i, "customer.province", 0.88, "names of provinces");
}

void judge_parts(const struct judging *judging, struct profile_table *table)
{
    judge_halves(judging, table);
    judge_number_of_owner(judging, table);
    judge_provinces(judging, table);
}

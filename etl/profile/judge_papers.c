/* Tables of contracts, complaints, leads and cards: which number, date and code is theirs, where
 * headings do not say it but others of the table tell what it is about. */
#include "profile/evidence.h"

#include <string.h>

enum { ROWS_TELL = 10, TERM_DAYS = 150 };

static const double known = 0.8;

bool papers_tell_of(const struct judging *judging, const struct profile_table *table,
                    const char *thing)
{
    enum { LEAST = 2 };
    size_t length = strlen(thing);
    size_t count = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        const struct profile_column *column = &table->columns[i];
        const struct meaning *meaning = words_meaning(judging->words, column->meaning);
        count += meaning && meaning->kind[0] && column->sure >= known &&
                 strncmp(meaning->name, thing, length) == 0 && meaning->name[length] == '.';
    }
    return count >= LEAST;
}

/* ---- dates ---- */

/* Two dates of a paper: the second one is never before the first, and is often later by `apart`
 * days at least. */
struct term {
    const char *first;
    const char *second;
    int32_t apart;
};

static bool is_behind(const struct profile_table *table, size_t first, size_t second, int32_t apart)
{
    size_t both;
    size_t before = evidence_days_behind(table, first, second, INT32_MIN, -1, &both);
    size_t far = evidence_days_behind(table, first, second, apart, INT32_MAX, &both);
    return both >= ROWS_TELL && before * 50 <= both && far * 4 >= both * 3;
}

/* The first two dates of which nothing is known. Returns how many there are. */
static size_t find_open_dates(const struct profile_table *table, const struct term *term,
                              size_t *open)
{
    size_t count = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        const struct profile_column *column = &table->columns[i];
        if (!evidence_is_date(column) ||
            (!evidence_is_open(column, term->first) && !evidence_is_open(column, term->second)))
            continue;
        if (count < 2)
            open[count] = i;
        count++;
    }
    return count;
}

/* The one open date beside the other of the two, which is known. */
static void judge_other_date(const struct judging *judging, struct profile_table *table,
                             const struct term *term, size_t open)
{
    const double sure = 0.86;
    size_t first = evidence_column(table, term->first);
    size_t second = evidence_column(table, term->second);
    if (first == open || second == open || (first == SIZE_MAX) == (second == SIZE_MAX))
        return;
    if (second == SIZE_MAX && is_behind(table, first, open, term->apart))
        evidence_propose(judging, table, open, term->second, sure,
                         "the one date behind the first of what the table is about");
    if (first == SIZE_MAX && is_behind(table, open, second, term->apart))
        evidence_propose(judging, table, open, term->first, sure,
                         "the one date before the last of what the table is about");
}

/* Whether the meaning's column, if there is one, is one of the two. */
static bool is_free(const struct profile_table *table, const char *meaning, const size_t *open)
{
    size_t column = evidence_column(table, meaning);
    return column == SIZE_MAX || column == open[0] || column == open[1];
}

static void judge_term(const struct judging *judging, struct profile_table *table,
                       const struct term *term)
{
    const double sure = 0.83;
    size_t open[2];
    size_t count = find_open_dates(table, term, open);
    if (count == 1)
        judge_other_date(judging, table, term, open[0]);
    if (count != 2 || !is_free(table, term->first, open) || !is_free(table, term->second, open))
        return;
    bool swapped = is_behind(table, open[1], open[0], term->apart);
    if (!swapped && !is_behind(table, open[0], open[1], term->apart))
        return;
    evidence_propose(judging, table, open[swapped ? 1 : 0], term->first, sure,
                     "of the two dates of what the table is about the one before");
    evidence_propose(judging, table, open[swapped ? 0 : 1], term->second, sure,
                     "of the two dates of what the table is about the one behind");
}

static void judge_only_date(const struct judging *judging, struct profile_table *table,
                            const char *meaning)
{
    const double sure = 0.83;
    size_t open[2];
    const struct term term = {meaning, meaning, 0};
    if (find_open_dates(table, &term, open) == 1)
        evidence_propose(judging, table, open[0], meaning, sure,
                         "the only date of what the table is about");
}

/* ---- numbers and codes ---- */

static void judge_number(const struct judging *judging, struct profile_table *table,
                         const char *meaning)
{
    const double sure = 0.9;
    size_t found = SIZE_MAX;
    size_t count = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        const struct profile_column *column = &table->columns[i];
        if (!evidence_is_open(column, meaning) || !evidence_is_own(column) ||
            evidence_counts_rows(column))
            continue;
        found = i;
        count++;
    }
    if (count == 1)
        evidence_propose(judging, table, found, meaning, sure,
                         "the only number of which each row has its own");
}

/* The one column of codes all of whose values are in the meaning's list. */
static void judge_codes(const struct judging *judging, struct profile_table *table,
                        const char *meaning, const char *set)
{
    const double all = 0.95;
    const double sure = 0.85;
    size_t found = SIZE_MAX;
    size_t count = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        const struct profile_column *column = &table->columns[i];
        struct value_facts facts;
        if (!evidence_is_open(column, meaning) || !evidence_is_code(column) || column->distinct < 2)
            continue;
        value_facts_find(column, &facts);
        if (facts.numeric > 0 || evidence_in_set(judging, column, set) < all)
            continue;
        found = i;
        count++;
    }
    if (count == 1)
        evidence_propose(judging, table, found, meaning, sure, "all of its values are codes of it");
}

static const struct paper {
    const char *thing;
    const char *number;
    bool beside; /* its number stands beside the customer's: a lone one is the customer's */
    struct term term;
    const char *date;
    const char *codes[2][2];
} papers[] = {
    {"contract",
     "contract.number",
     false,
     {"contract.start", "contract.end", TERM_DAYS},
     NULL,
     {{"contract.type", "contract_type"}, {"contract.status", "contract_status"}}},
    {"complaint",
     "complaint.number",
     false,
     {"complaint.date", "complaint.closed", 0},
     NULL,
     {{"complaint.category", "complaint_category"}, {"complaint.status", "complaint_status"}}},
    {"lead",
     "lead.number",
     false,
     {NULL, NULL, 0},
     "lead.date",
     {{"lead.interest", "interest"}, {"lead.status", "lead_status"}}},
    {"member", "member.card", true, {NULL, NULL, 0}, "member.joined", {{NULL, NULL}}}};

void judge_paper_numbers(const struct judging *judging, struct profile_table *table)
{
    bool customer = evidence_column(table, "customer.key") != SIZE_MAX;
    for (size_t p = 0; p < sizeof(papers) / sizeof(*papers); p++)
        if (table->rows_sample_count && (customer || !papers[p].beside) &&
            papers_tell_of(judging, table, papers[p].thing))
            judge_number(judging, table, papers[p].number);
}

void judge_papers(const struct judging *judging, struct profile_table *table)
{
    for (size_t p = 0; p < sizeof(papers) / sizeof(*papers); p++) {
        const struct paper *paper = &papers[p];
        if (table->rows_sample_count == 0 || !papers_tell_of(judging, table, paper->thing))
            continue;
        if (paper->term.first)
            judge_term(judging, table, &paper->term);
        if (paper->date)
            judge_only_date(judging, table, paper->date);
        for (size_t i = 0; i < 2 && paper->codes[i][0]; i++)
            judge_codes(judging, table, paper->codes[i][0], paper->codes[i][1]);
    }
}

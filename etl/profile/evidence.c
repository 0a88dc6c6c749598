#include "profile/evidence.h"
#include "cust360/base/date.h"
#include "cust360/base/text.h"

enum { ROWS_TELL = 10 };

size_t evidence_column(const struct profile_table *table, const char *meaning)
{
    const double known = 0.65;
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < table->column_count; i++)
        if (strcmp(table->columns[i].meaning, meaning) == 0 && table->columns[i].sure >= known &&
            (best == SIZE_MAX || table->columns[i].sure > table->columns[best].sure))
            best = i;
    return best;
}

void evidence_propose(const struct judging *judging, struct profile_table *table, size_t column,
                      const char *meaning, double sure, const char *why)
{
    const double taken = 0.8;
    struct profile_column *own = &table->columns[column];
    const struct meaning *known = words_meaning(judging->words, meaning);
    bool same = strcmp(own->meaning, meaning) == 0;
    if (!known || own->sure >= sure || (!own->silent && !same))
        return;
    for (size_t i = 0; i < table->column_count; i++)
        if (i != column && strcmp(table->columns[i].meaning, meaning) == 0 &&
            table->columns[i].sure >= taken)
            return;
    own->meaning = known->name;
    own->kind = known->kind[0] ? known->kind : "text";
    own->personal = known->personal;
    own->sure = sure;
    own->why = arena_format(judging->arena, "%s", why);
}

/* ---- one column ---- */

bool evidence_is_date(const struct profile_column *column)
{
    return guess_share(column, "date") >= 0.8 && column->date_format != NULL;
}

bool evidence_is_number(const struct profile_column *column)
{
    enum { DIFFERENT_LEAST = 3, LONGEST = 12 };
    struct value_facts facts;
    value_facts_find(column, &facts);
    return facts.numeric >= 0.95 && column->distinct >= DIFFERENT_LEAST &&
           column->longest <= LONGEST && !evidence_is_date(column);
}

bool evidence_is_code(const struct profile_column *column)
{
    enum { CODES_MOST = 60, REPEATED = 5 };
    return column->filled > 0 && column->distinct <= CODES_MOST &&
           column->filled >= REPEATED * column->distinct && !evidence_is_date(column);
}

/* Amounts with decimals may all differ, but number nothing. */
static bool has_decimals(const struct profile_column *column)
{
    size_t decimals = 0;
    for (size_t i = 0; i < column->sample_count; i++) {
        double number;
        bool comma;
        decimals +=
            value_number(column->sample[i], &number, &comma) && number != (double)(int64_t)number;
    }
    return decimals * 2 > column->sample_count;
}

bool evidence_is_own(const struct profile_column *column)
{
    enum { LONGEST_NUMBER = 24, ROWS_LEAST = 20 };
    struct value_facts facts;
    value_facts_find(column, &facts);
    return column->values >= ROWS_LEAST && column->longest <= LONGEST_NUMBER &&
           column->filled * 50 >= column->values * 49 &&
           column->distinct * 50 >= column->filled * 49 && facts.spaced == 0 && facts.han < 0.05 &&
           !has_decimals(column) && !evidence_is_date(column);
}

bool evidence_counts_rows(const struct profile_column *column)
{
    enum { BASE = 10, DIGITS_MORE = 2 };
    struct value_facts facts;
    uint64_t digits = 1;
    for (uint64_t rest = column->distinct; rest >= BASE; rest /= BASE)
        digits++;
    value_facts_find(column, &facts);
    return column->is_primary && facts.numeric >= 0.95 && column->longest <= digits + DIGITS_MORE;
}

bool evidence_is_open(const struct profile_column *column, const char *meaning)
{
    bool may_be = column->silent || strcmp(column->meaning, meaning) == 0;
    return may_be && column->sure < 0.8 && column->filled > 0;
}

bool evidence_is_other_date(const struct profile_column *column, const char *meaning)
{
    const double known = 0.8;
    return evidence_is_date(column) && !evidence_is_open(column, meaning) && column->sure < known &&
           column->filled > 0;
}

const char *evidence_code_set(const char *meaning)
{
    static const char *const sets[][2] = {{"service.job", "job"},
                                          {"customer.gender", "gender"},
                                          {"customer.type", "party_type"},
                                          {"complaint.category", "complaint_category"},
                                          {"complaint.status", "complaint_status"},
                                          {"contract.status", "contract_status"},
                                          {"contract.type", "contract_type"},
                                          {"lead.status", "lead_status"},
                                          {"lead.interest", "interest"},
                                          {"consent.channel", "channel"}};
    for (size_t i = 0; i < sizeof(sets) / sizeof(*sets); i++)
        if (strcmp(meaning, sets[i][0]) == 0)
            return sets[i][1];
    return NULL;
}

double evidence_in_set(const struct judging *judging, const struct profile_column *column,
                       const char *set)
{
    uint64_t in = 0;
    uint64_t all = 0;
    for (size_t i = 0; i < column->top_count; i++) {
        all += column->top[i].count;
        if (words_has_code(judging->words, set, column->top[i].text))
            in += column->top[i].count;
    }
    return all ? (double)in / (double)all : 0;
}

double evidence_begins_in_set(const struct judging *judging, const struct profile_column *column,
                              const char *set)
{
    size_t begin = 0;
    for (size_t i = 0; i < column->sample_count; i++)
        begin += words_begins_with_code(judging->words, set, column->sample[i]);
    return column->sample_count ? (double)begin / (double)column->sample_count : 0;
}

/* ---- rows ---- */

enum { NUMBERS_MOST = 3, EIGHT_DIGITS = 8, FOUR_DIGITS = 4 };

struct number_in_text {
    int value;
    size_t digits;
};

static size_t cut_numbers(struct slice value, struct number_in_text *numbers)
{
    size_t count = 0;
    for (size_t i = 0; i < value.length && count < NUMBERS_MOST;) {
        struct number_in_text number = {0, 0};
        for (;
             i < value.length && text_is_digit_byte(value.data[i]) && number.digits < EIGHT_DIGITS;
             i++, number.digits++)
            number.value = number.value * 10 + (value.data[i] - '0');
        if (number.digits)
            numbers[count++] = number;
        else
            i++;
    }
    return count;
}

bool evidence_date(const struct profile_column *column, struct slice value, int32_t *days)
{
    enum { ROC_YEARS = 1911, ROC_MOST = 200, YEAR_UNIT = 10000, MONTH_UNIT = 100 };
    struct number_in_text n[NUMBERS_MOST] = {{0, 0}, {0, 0}, {0, 0}};
    struct date_parts parts = {0};
    size_t count = cut_numbers(value, n);
    if (count >= 1 && n[0].digits == EIGHT_DIGITS) {
        parts.year = n[0].value / YEAR_UNIT;
        parts.month = n[0].value / MONTH_UNIT % MONTH_UNIT;
        parts.day = n[0].value % MONTH_UNIT;
    } else if (count == NUMBERS_MOST && n[2].digits == FOUR_DIGITS) {
        bool month_first = column->date_format && column->date_format[0] == 'm';
        parts.year = n[2].value;
        parts.month = n[month_first ? 0 : 1].value;
        parts.day = n[month_first ? 1 : 0].value;
    } else if (count == NUMBERS_MOST) {
        parts.year = n[0].value < ROC_MOST ? n[0].value + ROC_YEARS : n[0].value;
        parts.month = n[1].value;
        parts.day = n[2].value;
    }
    if (!date_is_valid(parts))
        return false;
    *days = date_to_days(parts);
    return true;
}

size_t evidence_days_behind(const struct profile_table *table, size_t first, size_t second,
                            int32_t least, int32_t most, size_t *rows)
{
    size_t count = 0;
    *rows = 0;
    for (size_t r = 0; r < table->rows_sample_count; r++) {
        const struct slice *row = table->rows_sample[r];
        int32_t days[2];
        if (!evidence_date(&table->columns[first], row[first], &days[0]) ||
            !evidence_date(&table->columns[second], row[second], &days[1]))
            continue;
        (*rows)++;
        count += days[1] - days[0] >= least && days[1] - days[0] <= most;
    }
    return count;
}

double evidence_within(const struct profile_table *table, size_t whole, size_t part, size_t at_most)
{
    enum { CHARACTERS = 2 };
    size_t both = 0;
    size_t found = 0;
    for (size_t r = 0; r < table->rows_sample_count; r++) {
        struct slice text = table->rows_sample[r][whole];
        struct slice piece = table->rows_sample[r][part];
        if (text.length == 0 || piece.length == 0 || slice_equal(text, piece))
            continue;
        ptrdiff_t at = slice_find(text, text_prefix(piece, CHARACTERS));
        both++;
        found += at >= 0 && (size_t)at <= at_most;
    }
    return both < ROWS_TELL ? -1 : (double)found / (double)both;
}

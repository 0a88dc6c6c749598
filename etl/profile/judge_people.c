/* Whose table it is: name, number, gender, birth date, region, by values that agree in a row. */
#include "cust360/base/date.h"
#include "cust360/base/text.h"
#include "profile/evidence.h"

enum { OPEN_DATES_MOST = 2 };
enum { RESIDENT_ID = 18, BIRTH_AT = 6, BIRTH_DIGITS = 8, GENDER_AT = 16, ROWS_TELL = 10 };

static const double nearly_all = 0.9;

static bool is_resident_id(struct slice value)
{
    if (value.length != RESIDENT_ID)
        return false;
    for (size_t i = 0; i + 1 < value.length; i++)
        if (!text_is_digit_byte(value.data[i]))
            return false;
    return true;
}

/* ---- gender and birth, by the identity number ---- */

/* Men's numbers are odd. A column of codes that goes with it holds the gender, whatever the codes.
 */
static void propose_gender(const struct judging *judging, struct profile_table *table, size_t id,
                           size_t column)
{
    const struct profile_column *codes = &table->columns[column];
    size_t agreeing = 0;
    size_t all = 0;
    size_t men = 0;
    for (size_t i = 0; i < codes->top_count; i++) {
        size_t odd = 0;
        size_t rows = 0;
        for (size_t r = 0; r < table->rows_sample_count; r++) {
            struct slice number = table->rows_sample[r][id];
            if (!is_resident_id(number) ||
                !slice_equal(table->rows_sample[r][column], codes->top[i].text))
                continue;
            rows++;
            odd += (number.data[GENDER_AT] - '0') % 2 == 1;
        }
        all += rows;
        agreeing += odd * 2 >= rows ? odd : rows - odd;
        men += odd * 2 > rows ? rows : 0;
    }
    if (all >= 2 * ROWS_TELL && (double)agreeing >= nearly_all * (double)all && men > 0 &&
        men < all)
        evidence_propose(judging, table, column, "customer.gender", 0.95,
                         "goes with the gender in the identity numbers");
}

static bool same_birth(const struct profile_column *column, struct slice number, struct slice value)
{
    int32_t told = 0;
    int32_t days = 0;
    return evidence_date(column, slice_cut(number, BIRTH_AT, BIRTH_AT + BIRTH_DIGITS), &told) &&
           evidence_date(column, value, &days) && told == days;
}

static void propose_birth(const struct judging *judging, struct profile_table *table, size_t id,
                          size_t column)
{
    const double enough = 0.8;
    size_t same = 0;
    size_t both = 0;
    for (size_t r = 0; r < table->rows_sample_count; r++) {
        struct slice number = table->rows_sample[r][id];
        struct slice value = table->rows_sample[r][column];
        if (!is_resident_id(number) || value.length == 0)
            continue;
        both++;
        same += same_birth(&table->columns[column], number, value);
    }
    if (both >= ROWS_TELL && (double)same >= enough * (double)both)
        evidence_propose(judging, table, column, "customer.birth", 0.96,
                         "the dates in the identity numbers");
}

static void judge_by_identity(const struct judging *judging, struct profile_table *table)
{
    enum { CODES_MOST = 6 };
    size_t id = evidence_column(table, "customer.idnumber");
    for (size_t i = 0; i < table->column_count && id != SIZE_MAX; i++) {
        const struct profile_column *column = &table->columns[i];
        if (evidence_is_code(column) && column->distinct <= CODES_MOST && column->distinct > 1)
            propose_gender(judging, table, id, i);
        else if (evidence_is_date(column))
            propose_birth(judging, table, id, i);
    }
}

/* ---- dates without an identity number ---- */

struct dates {
    size_t column;
    int32_t median;
    int32_t latest;
};

static bool look_at_dates(const struct profile_column *column, struct dates *dates)
{
    int32_t days[PROFILE_SAMPLE_MOST];
    size_t count = 0;
    for (size_t i = 0; i < column->sample_count; i++) {
        int32_t day = 0;
        if (!evidence_date(column, column->sample[i], &day))
            continue;
        size_t at = count++;
        for (; at > 0 && days[at - 1] > day; at--)
            days[at] = days[at - 1];
        days[at] = day;
    }
    if (count < ROWS_TELL)
        return false;
    dates->median = days[count / 2];
    dates->latest = days[count - 1];
    return true;
}

/* People are grown up when they buy a car: what lies half a life before all the rest is their
 * birth. */
static void judge_oldest(const struct judging *judging, struct profile_table *table)
{
    const int32_t grown_up_days = 22 * 365;
    struct dates oldest = {SIZE_MAX, 0, 0};
    int32_t latest = INT32_MIN;
    for (size_t i = 0; i < table->column_count; i++) {
        struct dates dates = {i, 0, 0};
        if (!evidence_is_date(&table->columns[i]) || !look_at_dates(&table->columns[i], &dates))
            continue;
        latest = dates.latest > latest ? dates.latest : latest;
        if (oldest.column == SIZE_MAX || dates.median < oldest.median)
            oldest = dates;
    }
    if (oldest.column != SIZE_MAX && latest - oldest.median > grown_up_days &&
        latest - oldest.latest > grown_up_days / 2)
        evidence_propose(judging, table, oldest.column, "customer.birth", 0.86,
                         "its dates lie half a life before the others");
}

static size_t find_open_dates(const struct profile_table *table, size_t *open)
{
    size_t count = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        const struct profile_column *column = &table->columns[i];
        if (evidence_is_other_date(column, "customer.updated"))
            return OPEN_DATES_MOST + 1;
        if (!evidence_is_date(column) || !evidence_is_open(column, "customer.updated") ||
            column->filled * 10 < column->values * 9)
            continue;
        if (count < OPEN_DATES_MOST)
            open[count] = i;
        count++;
    }
    return count;
}

/* Of two dates the one that is never before the other; SIZE_MAX: rows contradict. */
static size_t find_later(const struct profile_table *table, const size_t *open)
{
    size_t both;
    size_t not_before = evidence_days_behind(table, open[0], open[1], 0, INT32_MAX, &both);
    bool second = not_before == both;
    if (both < ROWS_TELL || (!second && not_before * 20 > both))
        return SIZE_MAX;
    return second ? 1 : 0;
}

/* In a table of customers alone the one date that is left says when the record was written: of two
 * the later. */
static void judge_updated(const struct judging *judging, struct profile_table *table)
{
    size_t open[2] = {SIZE_MAX, SIZE_MAX};
    size_t count = find_open_dates(table, open);
    if (count == 1)
        evidence_propose(judging, table, open[0], "customer.updated", 0.82,
                         "the only date of a customer's record besides the birth");
    size_t later = count == 2 ? find_later(table, open) : SIZE_MAX;
    if (later == SIZE_MAX)
        return;
    evidence_propose(judging, table, open[later], "customer.updated", 0.81,
                     "never before the other date of the record");
    evidence_propose(judging, table, open[1 - later], "customer.created", 0.81,
                     "never after the other date of the record");
}

/* ---- names and types ---- */

/* The one column of people's names beside numbers of theirs; what comes again and again is the
 * name of a salesman or a car. */
static void judge_names(const struct judging *judging, struct profile_table *table)
{
    size_t found = SIZE_MAX;
    size_t count = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        const struct profile_column *column = &table->columns[i];
        if (!evidence_is_open(column, "customer.name") || guess_share(column, "name") < 0.7 ||
            column->distinct * 3 < column->filled || column->filled * 10 < column->values * 8)
            continue;
        found = i;
        count++;
    }
    if (count == 1)
        evidence_propose(judging, table, found, "customer.name", 0.9,
                         "the only names that differ from row to row");
}

static bool is_company(struct slice name)
{
    static const char *const signs[] = {"公司", "有限", "集团", "厂", "中心", "Ltd", "LTD", "Inc"};
    for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
        if (slice_find(name, slice_of(signs[i])) >= 0)
            return true;
    return false;
}

/* One code for those who are named like companies, others for the rest. */
static void propose_type(const struct judging *judging, struct profile_table *table, size_t name,
                         size_t column)
{
    const struct profile_column *codes = &table->columns[column];
    size_t agreeing = 0;
    size_t all = 0;
    size_t companies = 0;
    for (size_t i = 0; i < codes->top_count; i++) {
        size_t rows = 0;
        size_t named = 0;
        for (size_t r = 0; r < table->rows_sample_count; r++) {
            if (!slice_equal(table->rows_sample[r][column], codes->top[i].text) ||
                table->rows_sample[r][name].length == 0)
                continue;
            rows++;
            named += is_company(table->rows_sample[r][name]);
        }
        bool of_companies = named * 2 > rows;
        all += rows;
        agreeing += of_companies ? named : rows - named;
        companies += of_companies ? named : 0;
    }
    if (companies >= ROWS_TELL / 2 && all > companies + ROWS_TELL &&
        (double)agreeing >= 0.97 * (double)all)
        evidence_propose(judging, table, column, "customer.type", 0.93,
                         "goes with who is named like a company");
}

static void judge_types(const struct judging *judging, struct profile_table *table)
{
    enum { TYPES_MOST = 6 };
    size_t name = evidence_column(table, "customer.name");
    for (size_t i = 0; i < table->column_count; i++) {
        const struct profile_column *column = &table->columns[i];
        struct value_facts facts;
        if (!evidence_is_code(column) || column->distinct > TYPES_MOST ||
            (!evidence_is_open(column, "customer.type") &&
             !evidence_is_open(column, "customer.gender")))
            continue;
        value_facts_find(column, &facts);
        if (column->distinct > 1 && name != SIZE_MAX)
            propose_type(judging, table, name, i);
        /* Digits could stand for anything. */
        if (facts.numeric < 0.1 && evidence_in_set(judging, column, "gender") >= 0.95)
            evidence_propose(judging, table, i, "customer.gender", 0.85, "words for the genders");
        if (facts.numeric < 0.1 && evidence_in_set(judging, column, "party_type") >= 0.95)
            evidence_propose(judging, table, i, "customer.type", 0.82,
                             "words for persons and companies");
    }
}

/* ---- regions ---- */

/* What addresses begin with is their province; what follows at once their city. */
static void judge_regions(const struct judging *judging, struct profile_table *table)
{
    enum { CITY_AT_MOST = 24, REGIONS_MOST = 500 };
    size_t address = evidence_column(table, "customer.address");
    for (size_t i = 0; i < table->column_count && address != SIZE_MAX; i++) {
        const struct profile_column *column = &table->columns[i];
        if (i == address || column->distinct > REGIONS_MOST ||
            column->distinct * 2 > column->filled || evidence_is_date(column) ||
            (!evidence_is_open(column, "customer.province") &&
             !evidence_is_open(column, "customer.city")))
            continue;
        if (evidence_within(table, address, i, 0) >= 0.6)
            evidence_propose(judging, table, i, "customer.province", 0.92,
                             "the addresses begin with it");
        else if (evidence_within(table, address, i, CITY_AT_MOST) >= 0.8)
            evidence_propose(judging, table, i, "customer.city", 0.85,
                             "it is in the addresses behind their begin");
    }
}

void judge_people(const struct judging *judging, struct profile_table *table)
{
    static const char *const theirs[] = {"customer.mobile", "customer.idnumber", "customer.email"};
    bool people = false;
    for (size_t i = 0; i < sizeof(theirs) / sizeof(*theirs); i++)
        people |= evidence_column(table, theirs[i]) != SIZE_MAX;
    if (!people || table->rows_sample_count == 0)
        return;
    judge_by_identity(judging, table);
    judge_names(judging, table);
    judge_types(judging, table);
    judge_regions(judging, table);
    judge_parts(judging, table);
    judge_oldest(judging, table);
    if (evidence_column(table, "car.vin") == SIZE_MAX)
        judge_updated(judging, table);
}

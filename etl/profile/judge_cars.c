/* Cars that were bought and cars that were brought: which text is the brand, which date the sale,
 * which number the odometer. */
#include "cust360/base/text.h"
#include "profile/evidence.h"

#include <stdlib.h>

enum { ROWS_TELL = 10, MEASURES_MOST = 8, OPEN_DATES_MOST = 2 };

struct reading {
    struct slice vin;
    int32_t days;
    double number;
};

static int compare_in_time(const struct reading *a, const struct reading *b)
{
    if (a->days != b->days)
        return a->days < b->days ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

static int compare_readings(const void *left, const void *right)
{
    const struct reading *a = left;
    const struct reading *b = right;
    int order = slice_compare(a->vin, b->vin);
    return order ? order : compare_in_time(a, b);
}

static int compare_times(const void *left, const void *right)
{
    return compare_in_time(left, right);
}

/* Of readings that follow each other on another day (and car by car, of the same car) the share
 * that do not fall. Below 0: too few tell. */
static double share_rising(const struct reading *readings, size_t count, bool by_car)
{
    size_t pairs = 0;
    size_t rising = 0;
    for (size_t i = 1; i < count; i++) {
        if (readings[i].days == readings[i - 1].days ||
            (by_car && !slice_equal(readings[i].vin, readings[i - 1].vin)))
            continue;
        pairs++;
        rising += readings[i].number >= readings[i - 1].number;
    }
    return pairs < ROWS_TELL ? -1 : (double)rising / (double)pairs;
}

struct car_table {
    const struct judging *judging;
    struct profile_table *table;
    size_t vin;
    size_t date;
};

static size_t gather(const struct car_table *cars, size_t number, struct reading *readings)
{
    const struct profile_table *table = cars->table;
    size_t count = 0;
    for (size_t r = 0; r < table->rows_sample_count; r++) {
        struct reading *reading = &readings[count];
        reading->vin = table->rows_sample[r][cars->vin];
        count += reading->vin.length > 0 &&
                 evidence_date(&table->columns[cars->date], table->rows_sample[r][cars->date],
                               &reading->days) &&
                 text_to_number(table->rows_sample[r][number], &reading->number);
    }
    return count;
}

/* It rises from visit to visit of each car, but not over all cars, as the orders' numbers do. */
static bool is_odometer(const struct car_table *cars, size_t number)
{
    const size_t rows = cars->table->rows_sample_count;
    struct arena *arena = cars->judging->arena;
    struct reading *readings = arena_allocate_array(arena, rows + 1, sizeof(*readings));
    size_t count = gather(cars, number, readings);
    qsort(readings, count, sizeof(*readings), compare_readings);
    double of_cars = share_rising(readings, count, true);
    qsort(readings, count, sizeof(*readings), compare_times);
    return of_cars >= 0.9 && share_rising(readings, count, false) < 0.75;
}

/* ---- visits ---- */

static bool is_round(const struct profile_column *column)
{
    enum { ROUND = 100 };
    size_t round = 0;
    size_t numbers = 0;
    for (size_t i = 0; i < column->sample_count; i++) {
        double number;
        bool comma;
        if (!value_number(column->sample[i], &number, &comma) || number < ROUND)
            continue;
        numbers++;
        round += (long long)number % ROUND == 0;
    }
    return numbers && round * 10 >= numbers * 7;
}

/* The total is what the others add up to, or the largest in every row. */
static size_t find_total(const struct profile_table *table, const size_t *measures, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t rows = 0;
        size_t most = 0;
        for (size_t r = 0; r < table->rows_sample_count; r++) {
            double own;
            bool largest = text_to_number(table->rows_sample[r][measures[i]], &own);
            rows += largest;
            for (size_t k = 0; k < count && largest; k++) {
                double other;
                largest =
                    !text_to_number(table->rows_sample[r][measures[k]], &other) || own >= other;
            }
            most += largest;
        }
        if (rows >= ROWS_TELL && most * 50 >= rows * 49)
            return measures[i];
    }
    return SIZE_MAX;
}

/* What counts rows, or has as many digits in every row and no value twice, measures nothing. */
static bool may_measure(const struct profile_column *column)
{
    bool open =
        evidence_is_open(column, "service.mileage") || evidence_is_open(column, "service.amount");
    return open && evidence_is_number(column) && !evidence_counts_rows(column) &&
           !(evidence_is_own(column) && column->shortest == column->longest);
}

static void judge_measures(const struct car_table *cars)
{
    struct profile_table *table = cars->table;
    size_t measures[MEASURES_MOST];
    size_t count = 0;
    for (size_t i = 0; i < table->column_count && cars->date != SIZE_MAX; i++) {
        const struct profile_column *column = &table->columns[i];
        if (!may_measure(column))
            continue;
        bool money = strcmp(column->kind, "money") == 0;
        if (!money && is_odometer(cars, i))
            evidence_propose(cars->judging, table, i, "service.mileage", 0.93,
                             "rises with the dates of each car");
        else if (!evidence_is_code(column) && count < MEASURES_MOST)
            measures[count++] = i;
    }
    if (count == 1)
        evidence_propose(cars->judging, table, measures[0], "service.amount", 0.85,
                         "the only measure of a visit but the odometer");
    else if (count > 1 && find_total(table, measures, count) != SIZE_MAX)
        evidence_propose(cars->judging, table, find_total(table, measures, count), "service.amount",
                         0.82, "the largest of the amounts in each row");
}

static void judge_orders(const struct car_table *cars)
{
    struct profile_table *table = cars->table;
    size_t found = SIZE_MAX;
    size_t count = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        const struct profile_column *column = &table->columns[i];
        /* A row's own number in a database is not what the workshop calls the order. */
        if (!evidence_is_open(column, "service.order") || !evidence_is_own(column) ||
            evidence_counts_rows(column))
            continue;
        found = count ? found : i;
        count++;
    }
    if (count)
        evidence_propose(cars->judging, table, found, "service.order", count == 1 ? 0.9 : 0.82,
                         "each visit has another");
}

static void judge_jobs(const struct car_table *cars)
{
    for (size_t i = 0; i < cars->table->column_count; i++) {
        const struct profile_column *column = &cars->table->columns[i];
        struct value_facts facts;
        value_facts_find(column, &facts);
        if (evidence_is_open(column, "service.job") && evidence_is_code(column) &&
            facts.numeric < 0.5 && evidence_in_set(cars->judging, column, "job") >= 0.7)
            evidence_propose(cars->judging, cars->table, i, "service.job", 0.9,
                             "words for what a workshop does");
    }
}

/* ---- dates ---- */

/* The first two dates that may have the meaning. Returns how many there are; one more than there
 * may be where another date is half known to be it. */
static size_t find_open_dates(const struct profile_table *table, const char *meaning, size_t *open)
{
    size_t count = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        const struct profile_column *column = &table->columns[i];
        if (evidence_is_other_date(column, meaning))
            return OPEN_DATES_MOST + 1;
        if (!evidence_is_open(column, meaning) || !evidence_is_date(column))
            continue;
        if (count < OPEN_DATES_MOST)
            open[count] = i;
        count++;
    }
    return count;
}

/* The one open date; of two the one that is never the later: *later has the other. */
static size_t find_date(const struct profile_table *table, const char *meaning, size_t *later)
{
    size_t open[OPEN_DATES_MOST] = {SIZE_MAX, SIZE_MAX};
    size_t count = find_open_dates(table, meaning, open);
    *later = SIZE_MAX;
    if (count != 2)
        return count == 1 ? open[0] : SIZE_MAX;
    size_t rows;
    size_t in_order = evidence_days_behind(table, open[0], open[1], 0, INT32_MAX, &rows);
    bool first = in_order * 50 >= rows * 49;
    if (rows < ROWS_TELL || (!first && in_order * 5 > rows))
        return SIZE_MAX;
    *later = open[first ? 1 : 0];
    return open[first ? 0 : 1];
}

/* Whether some other date of each row lies at most two months before this one, and none behind it.
 */
static bool is_soon_behind(const struct profile_table *table, size_t date)
{
    const int32_t soon_days = 60;
    for (size_t i = 0; i < table->column_count; i++) {
        if (i == date || !evidence_is_date(&table->columns[i]))
            continue;
        size_t rows;
        size_t soon = evidence_days_behind(table, i, date, 0, soon_days, &rows);
        if (rows >= ROWS_TELL && soon * 20 >= rows * 19)
            return true;
    }
    return false;
}

/* In a table of visits an invoice, an order and its type are the visit's, not the car's. */
static void judge_words_of_sales(const struct car_table *cars)
{
    static const struct {
        const char *of_sale;
        const char *of_visit;
    } same[] = {{"car.invoice", "service.amount"},
                {"car.price", "service.amount"},
                {"sale.number", "service.order"},
                {"sale.type", "service.job"}};
    struct profile_table *table = cars->table;
    if (evidence_column(table, "car.purchase") != SIZE_MAX)
        return;
    for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++) {
        const struct meaning *visit = words_meaning(cars->judging->words, same[i].of_visit);
        size_t column = evidence_column(table, same[i].of_sale);
        if (!visit || column == SIZE_MAX || evidence_column(table, same[i].of_visit) != SIZE_MAX)
            continue;
        table->columns[column].meaning = visit->name;
        table->columns[column].kind = visit->kind;
        table->columns[column].why = arena_format(
            cars->judging->arena, "%s; of a visit, as the table is", table->columns[column].why);
    }
}

/* Where cars come again the day of delivery is soon behind another date of the same row, which is
 * that of the visit; nobody buys a car that often. */
static void take_back_delivery(const struct car_table *cars)
{
    struct profile_table *table = cars->table;
    size_t delivery = evidence_column(table, "car.purchase");
    const struct meaning *close = words_meaning(cars->judging->words, "service.close");
    const struct profile_column *vin = &table->columns[cars->vin];
    if (delivery == SIZE_MAX || !close || vin->distinct * 10 > vin->filled * 9 ||
        evidence_column(table, "service.mileage") == SIZE_MAX || !is_soon_behind(table, delivery))
        return;
    table->columns[delivery].meaning = close->name;
    table->columns[delivery].why =
        arena_format(cars->judging->arena, "%s; of a visit, soon behind another date",
                     table->columns[delivery].why);
}

/* Whether rows of the same car all have the same date, and none lies behind that of its visit. */
static bool is_of_car(const struct car_table *cars, size_t date, size_t visit)
{
    const struct profile_table *table = cars->table;
    size_t pairs = 0;
    size_t same = 0;
    size_t later = 0;
    for (size_t a = 0; a < table->rows_sample_count; a++) {
        struct slice *row = table->rows_sample[a];
        int32_t days[2];
        if (row[date].length == 0 || row[cars->vin].length == 0)
            continue;
        later += evidence_date(&table->columns[date], row[date], &days[0]) &&
                 evidence_date(&table->columns[visit], row[visit], &days[1]) && days[0] > days[1];
        for (size_t b = a + 1; b < table->rows_sample_count; b++)
            if (slice_equal(row[cars->vin], table->rows_sample[b][cars->vin])) {
                pairs++;
                same += slice_equal(row[date], table->rows_sample[b][date]);
            }
    }
    return pairs >= ROWS_TELL && same * 20 >= pairs * 19 && later * 20 <= pairs;
}

/* A delivery that is the same at all visits of a car, and before them, is that of the car. */
static void give_back_delivery(const struct car_table *cars)
{
    struct profile_table *table = cars->table;
    const struct meaning *purchase = words_meaning(cars->judging->words, "car.purchase");
    size_t visit = evidence_column(table, "service.date");
    if (!purchase || visit == SIZE_MAX || evidence_column(table, purchase->name) != SIZE_MAX)
        return;
    for (size_t i = 0; i < table->column_count; i++) {
        struct profile_column *column = &table->columns[i];
        if (strcmp(column->meaning, "service.close") != 0 || !evidence_is_date(column) ||
            !is_of_car(cars, i, visit))
            continue;
        column->meaning = purchase->name;
        column->kind = purchase->kind;
        column->why =
            arena_format(cars->judging->arena, "%s; the same at all visits of a car", column->why);
        return;
    }
}

static void judge_visits(struct car_table *cars)
{
    size_t later;
    take_back_delivery(cars);
    give_back_delivery(cars);
    size_t date = find_date(cars->table, "service.date", &later);
    if (date != SIZE_MAX)
        evidence_propose(cars->judging, cars->table, date, "service.date",
                         later == SIZE_MAX ? 0.9 : 0.85,
                         later == SIZE_MAX ? "the only date of a car that came again"
                                           : "of the two dates of a visit the one before");
    if (later != SIZE_MAX)
        evidence_propose(cars->judging, cars->table, later, "service.close", 0.81,
                         "of the two dates of a visit the one after");
    cars->date = evidence_column(cars->table, "service.date");
    judge_words_of_sales(cars);
    judge_orders(cars);
    judge_jobs(cars);
    judge_measures(cars);
}

/* ---- purchases ---- */

static void judge_purchase(const struct car_table *cars)
{
    const double least = 20000;
    const double most = 5000000;
    struct profile_table *table = cars->table;
    size_t later;
    size_t date = find_date(table, "car.purchase", &later);
    size_t price = SIZE_MAX;
    size_t count = 0;
    if (date != SIZE_MAX && later == SIZE_MAX)
        evidence_propose(cars->judging, table, date, "car.purchase", 0.86,
                         "the only date of a table of cars");
    for (size_t i = 0; i < table->column_count; i++) {
        struct value_facts facts;
        value_facts_find(&table->columns[i], &facts);
        if (!evidence_is_open(&table->columns[i], "car.price") ||
            !evidence_is_number(&table->columns[i]) || facts.median < least ||
            facts.median > most || !is_round(&table->columns[i]))
            continue;
        price = i;
        count++;
    }
    if (count == 1)
        evidence_propose(cars->judging, table, price, "car.price", 0.86,
                         "round amounts of the size that cars cost");
}

/* ---- brand and model ---- */

static void judge_brand(const struct car_table *cars)
{
    for (size_t i = 0; i < cars->table->column_count; i++) {
        const struct profile_column *column = &cars->table->columns[i];
        if (evidence_is_open(column, "car.brand") &&
            evidence_in_set(cars->judging, column, "brand") >= 0.8)
            evidence_propose(cars->judging, cars->table, i, "car.brand", 0.93,
                             "names of makes of cars");
    }
}

/* One make builds a model; a colour and a gearbox are of all makes. */
static double share_of_one_make(const struct profile_table *table, size_t model, size_t brand)
{
    size_t same = 0;
    size_t pairs = 0;
    for (size_t a = 0; a < table->rows_sample_count; a++)
        for (size_t b = a + 1; b < table->rows_sample_count && b < a + ROWS_TELL * 4; b++)
            if (table->rows_sample[a][model].length &&
                slice_equal(table->rows_sample[a][model], table->rows_sample[b][model])) {
                pairs++;
                same += slice_equal(table->rows_sample[a][brand], table->rows_sample[b][brand]);
            }
    return pairs < ROWS_TELL ? 0 : (double)same / (double)pairs;
}

static void judge_model(const struct car_table *cars)
{
    enum { MODELS_MOST = 3000 };
    struct profile_table *table = cars->table;
    size_t brand = evidence_column(table, "car.brand");
    for (size_t i = 0; i < table->column_count; i++) {
        const struct profile_column *column = &table->columns[i];
        if (i == brand || !evidence_is_open(column, "car.model") ||
            column->distinct > MODELS_MOST || column->distinct * 2 > column->filled ||
            evidence_is_date(column) || evidence_is_number(column))
            continue;
        bool begins = brand != SIZE_MAX && evidence_within(table, i, brand, 0) >= 0.8;
        bool listed = evidence_begins_in_set(cars->judging, column, "brand") >= 0.8;
        if (begins || listed)
            evidence_propose(cars->judging, table, i, "car.model", 0.92, "begins with the make");
        else if (brand != SIZE_MAX && table->columns[brand].distinct >= 3 &&
                 column->distinct > table->columns[brand].distinct &&
                 share_of_one_make(table, i, brand) >= 0.95)
            evidence_propose(cars->judging, table, i, "car.model", 0.85,
                             "each is of one make only");
    }
}

void judge_cars(const struct judging *judging, struct profile_table *table)
{
    struct car_table cars = {judging, table, evidence_column(table, "car.vin"), SIZE_MAX};
    if (cars.vin == SIZE_MAX || table->rows_sample_count == 0)
        return;
    const struct profile_column *vin = &table->columns[cars.vin];
    judge_sales(judging, table, cars.vin);
    bool order = evidence_column(table, "service.order") != SIZE_MAX ||
                 evidence_column(table, "service.date") != SIZE_MAX ||
                 (evidence_column(table, "service.mileage") != SIZE_MAX &&
                  evidence_column(table, "service.job") != SIZE_MAX);
    bool bought = evidence_column(table, "car.purchase") != SIZE_MAX ||
                  evidence_column(table, "car.price") != SIZE_MAX;
    judge_brand(&cars);
    judge_model(&cars);
    judge_number_by_car(judging, table, cars.vin);
    /* A contract or a complaint names a car: the row's date and number are its own. */
    if (!order &&
        (papers_tell_of(judging, table, "contract") ||
         papers_tell_of(judging, table, "complaint") || papers_tell_of(judging, table, "lead")))
        return;
    if (order || (!bought && vin->distinct * 10 < vin->filled * 7))
        judge_visits(&cars);
    else
        judge_purchase(&cars);
}

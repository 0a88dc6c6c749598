#include "profile/evidence.h"

#include <stdlib.h>

enum { KEYS_MOST = 8, JOINS_MOST = 24, JOIN_HASHES_LEAST = 20 };

/* How likely a column is the record's own number: it is there in every row, twice in none, and its
 * meaning says so. */
static double rate_key(const struct profile_column *column)
{
    if (column->is_primary)
        return 2;
    const char *dot = strchr(column->meaning, '.');
    bool repeated = !column->unique || column->filled < column->values;
    /* A customer's number of which a row or two came twice is one that others refer to. */
    if (strcmp(column->meaning, "customer.key") == 0 && repeated && evidence_is_own(column))
        return 0.9;
    if (repeated || column->filled == 0 || column->longest > 64)
        return 0;
    bool number = dot && (strcmp(dot, ".key") == 0 || strcmp(dot, ".number") == 0 ||
                          strcmp(dot, ".order") == 0 || strcmp(dot, ".card") == 0);
    return number ? 1 : strcmp(column->meaning, "car.vin") == 0 ? 0.8 : 0.5;
}

static void find_keys(struct profile_table *table, struct arena *arena)
{
    double rates[KEYS_MOST];
    table->keys = arena_allocate_array(arena, KEYS_MOST, sizeof(*table->keys));
    table->key_count = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        double rate = rate_key(&table->columns[i]);
        size_t at = table->key_count;
        while (at > 0 && rates[at - 1] < rate)
            at--;
        if (rate <= 0 || at == KEYS_MOST)
            continue;
        size_t kept = table->key_count < KEYS_MOST ? table->key_count : KEYS_MOST - 1;
        memmove(table->keys + at + 1, table->keys + at, (kept - at) * sizeof(*table->keys));
        memmove(rates + at + 1, rates + at, (kept - at) * sizeof(*rates));
        table->keys[at] = i;
        rates[at] = rate;
        table->key_count = kept + 1;
    }
}

/* Of the own hashes that the other could have kept, how many it has. */
static double overlap(const struct profile_column *own, const struct profile_column *other)
{
    size_t compared = 0;
    size_t both = 0;
    size_t k = 0;
    bool whole = other->distinct_exact && other->distinct == other->sketch_count;
    uint64_t limit =
        whole || other->sketch_count == 0 ? UINT64_MAX : other->sketch[other->sketch_count - 1];
    for (size_t i = 0; i < own->sketch_count && own->sketch[i] <= limit; i++) {
        while (k < other->sketch_count && other->sketch[k] < own->sketch[i])
            k++;
        both += k < other->sketch_count && other->sketch[k] == own->sketch[i];
        compared++;
    }
    return compared >= JOIN_HASHES_LEAST ? (double)both / (double)compared : 0;
}

/* Numbers that happen to be the same (amounts, years) join nothing: the other side is a key. */
static void find_joins(struct profile *profile, size_t own_table, struct arena *arena)
{
    const double least = 0.8;
    struct profile_table *table = &profile->tables[own_table];
    table->joins = arena_allocate_array(arena, JOINS_MOST, sizeof(*table->joins));
    for (size_t t = 0; t < profile->table_count; t++) {
        const struct profile_table *other = &profile->tables[t];
        for (size_t k = 0; t != own_table && k < other->key_count; k++)
            for (size_t c = 0; c < table->column_count; c++) {
                double share = overlap(&table->columns[c], &other->columns[other->keys[k]]);
                if (share >= least && table->join_count < JOINS_MOST)
                    table->joins[table->join_count++] =
                        (struct profile_join){t, c, other->keys[k], share};
            }
    }
}

static bool has_meaning(const struct profile_table *table, const char *meaning, double least)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (strcmp(table->columns[i].meaning, meaning) == 0 && table->columns[i].sure >= least)
            return true;
    return false;
}

static bool is_of_customers(const struct profile_table *table)
{
    const double known = 0.5;
    const double sure = 0.8;
    return (has_meaning(table, "customer.name", known) ||
            has_meaning(table, "customer.company", known)) &&
           !has_meaning(table, "customer.key", sure) &&
           (has_meaning(table, "customer.mobile", known) ||
            has_meaning(table, "customer.idnumber", known));
}

/* Whether people come again in further rows: what is each row's own is not theirs. */
static bool has_people_twice(const struct profile_table *table)
{
    static const char *const theirs[] = {"customer.idnumber", "customer.mobile"};
    for (size_t i = 0; i < sizeof(theirs) / sizeof(*theirs); i++) {
        size_t column = evidence_column(table, theirs[i]);
        if (column != SIZE_MAX &&
            table->columns[column].distinct * 10 < table->columns[column].filled * 8)
            return true;
    }
    return false;
}

/* Nobody's twice, short, in every row, and of no other meaning. */
static bool may_be_number(const struct profile_column *column)
{
    bool says_so = column->sure < 0.8 && strcmp(column->meaning, "customer.key") == 0;
    bool open = (column->sure < 0.5 && column->silent) || says_so;
    return open && !column->of_another && evidence_is_own(column);
}

/* In a table of customers the first column that is nobody's twice, and of which nothing else is
 * known, is their number, whatever its heading. Of several it could be any. */
static void find_customer_key(struct profile_table *table, struct arena *arena)
{
    struct profile_column *found = NULL;
    size_t candidates = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        if (!may_be_number(&table->columns[i]))
            continue;
        if (!found)
            found = &table->columns[i];
        candidates++;
    }
    if (!found || !is_of_customers(table) || has_people_twice(table) ||
        (candidates > 1 && found != table->columns))
        return;
    found->meaning = "customer.key";
    found->kind = "reference";
    found->sure = candidates == 1 ? 0.88 : 0.82;
    found->why =
        arena_format(arena, "no two of %llu rows have the same, and the table is of customers",
                     (unsigned long long)found->values);
}

/* What joins a customer's number is one, whatever its heading. */
static void pass_meanings(struct profile *profile, struct arena *arena)
{
    for (size_t t = 0; t < profile->table_count; t++) {
        struct profile_table *table = &profile->tables[t];
        for (size_t j = 0; j < table->join_count; j++) {
            const struct profile_join *join = &table->joins[j];
            const struct profile_table *other = &profile->tables[join->table];
            const struct profile_column *to = &other->columns[join->other_column];
            struct profile_column *from = &table->columns[join->own_column];
            if (strcmp(to->meaning, "customer.key") != 0 || to->sure < 0.8 || from->sure >= 0.9 ||
                evidence_counts_rows(from))
                continue;
            from->meaning = to->meaning;
            from->kind = to->kind;
            from->personal = to->personal;
            from->sure = 0.92;
            from->why = arena_format(arena, "%.0f %% of its values are in %s.%s", join->share * 100,
                                     other->name, to->name);
        }
    }
}

void judge_keys(struct profile *profile, struct arena *arena)
{
    for (size_t i = 0; i < profile->table_count; i++)
        find_customer_key(&profile->tables[i], arena);
    for (size_t i = 0; i < profile->table_count; i++)
        find_keys(&profile->tables[i], arena);
    for (size_t i = 0; i < profile->table_count; i++)
        find_joins(profile, i, arena);
    pass_meanings(profile, arena);
}

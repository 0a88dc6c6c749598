/* Rows that name others by a row's number: the number that people know comes along by a join. */
#include "cust360/base/map.h"
#include "cust360/base/text.h"
#include "cust360/profile_sql.h"
#include "profile/evidence.h"

#include <strings.h>

/*   customer(id, customer_no)   vehicle(id, vin, customer_row_id)   repair_order(vehicle_row_id)
 *        ▲ ───────────────────────────────┘ │ ▲ ────────────────────────────┘
 *        └── customer_no comes along ───────┘ └── vin, and of its row customer_no */

struct row_join {
    size_t own;        /* the column that holds a row's number */
    size_t other;      /* the table of that row … */
    size_t key;        /* … whose column has the number … */
    size_t identifier; /* … and the one that people know it by */
    double sure;
    const char *why;
};

/* ---- how likely it is a row of the other table ---- */

static size_t part_length(const char *name)
{
    return strcspn(name, "_-. ");
}

/* customers, t_customer and customer_row_id have a part in common; t is too short to be one. */
static bool names_table(const char *column, const char *table)
{
    enum { TELLING = 2, STEM = 4 };
    for (const char *a = column; *a;) {
        size_t own = part_length(a);
        for (const char *b = table; *b;) {
            size_t other = part_length(b);
            size_t least = own < other ? own : other;
            bool same = own == other || (least >= STEM && own - least <= 2 && other - least <= 2);
            if (least >= TELLING && same && strncasecmp(a, b, least) == 0)
                return true;
            b += other + (b[other] != '\0');
        }
        a += own + (a[own] != '\0');
    }
    return false;
}

static bool names_thing(const struct judging *judging, const char *column, const char *thing)
{
    struct atoms things = {0};
    heading_add_things(judging->words, slice_of(column), &things);
    return atoms_have(&things, words_atom(judging->words, thing));
}

/* Numbers with gaps are not met by chance; 1, 2, 3 … are in every column of small numbers. */
static bool has_gaps(const struct profile_column *key)
{
    double least = 0;
    double most = 0;
    for (size_t i = 0; i < key->sample_count; i++) {
        double number;
        if (!text_to_number(key->sample[i], &number))
            return true;
        least = i == 0 || number < least ? number : least;
        most = i == 0 || number > most ? number : most;
    }
    return most - least > 2.0 * (double)key->distinct;
}

static double rate_join(const struct judging *judging, const struct profile *profile,
                        const struct profile_table *table, const char *thing, struct row_join *join)
{
    const struct profile_table *other = &profile->tables[join->other];
    const struct profile_column *own = &table->columns[join->own];
    const struct profile_column *key = &other->columns[join->key];
    bool repeats = !own->unique;
    if (own->refers_table && strcasecmp(own->refers_table, other->name) == 0) {
        join->why = "the database says so";
        return 0.97;
    }
    if (repeats && strcasecmp(own->name, key->name) == 0) {
        join->why = "the two have one name";
        return 0.95;
    }
    if (names_table(own->name, other->name) || names_thing(judging, own->name, thing)) {
        join->why = "it is named after the table, and the values are there";
        return 0.93;
    }
    if (own->sure >= 0.8 && own->meaning[0])
        return 0;
    join->why = has_gaps(key) ? "all of its values are there, and these have gaps"
                              : "all of its values are there, as small numbers often are";
    return has_gaps(key) ? 0.86 : 0.6;
}

/* ---- which column, which table ---- */

static bool may_name_rows(const struct profile_column *column)
{
    return !column->is_primary && !column->place && !column->of_another && column->filled > 0;
}

/* What other systems know by themselves is no row's number, though other tables refer to it. */
static bool is_known_outside(const struct profile_column *column)
{
    static const char *const known[] = {"customer.key", "car.vin", "car.plate", "service.order"};
    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
        if (strcmp(column->meaning, known[i]) == 0 && column->sure >= 0.8)
            return true;
    return false;
}

static bool is_row_key(const struct profile_column *column)
{
    return !is_known_outside(column) && column->unique && column->filled == column->values &&
           column->filled > 0;
}

/* Takes the join where it is surer than what was found and the other table knows the thing. */
static void weigh_join(const struct judging *judging, const struct profile *profile,
                       const struct profile_table *table, const char *meaning, struct row_join join,
                       bool of_others_too, struct row_join *best)
{
    const struct profile_table *other = &profile->tables[join.other];
    bool car = strcmp(meaning, "car.vin") == 0;
    join.identifier = evidence_column(other, meaning);
    if (join.identifier == SIZE_MAX || join.identifier == join.key ||
        !is_row_key(&other->columns[join.key]))
        return;
    const struct profile_column *identifier = &other->columns[join.identifier];
    bool its_own = identifier->unique && !identifier->place;
    if (!its_own && !of_others_too)
        return;
    const char *thing =
        car || evidence_column(other, "car.vin") != SIZE_MAX ? "vehicle" : "customer";
    join.sure = rate_join(judging, profile, table, thing, &join);
    if (join.sure > identifier->sure)
        join.sure = identifier->sure;
    if (!its_own && join.sure > 0.85)
        join.sure = 0.85;
    if (join.sure > best->sure)
        *best = join;
}

static size_t referred_column(const struct profile_table *other, const char *name)
{
    for (size_t i = 0; i < other->column_count; i++) {
        const struct profile_column *column = &other->columns[i];
        if (name[0] ? strcasecmp(column->name, name) == 0 : column->is_primary)
            return i;
    }
    return SIZE_MAX;
}

static struct row_join find_join(const struct judging *judging, const struct profile *profile,
                                 size_t number, const char *meaning, bool of_others_too)
{
    const struct profile_table *table = &profile->tables[number];
    struct row_join best = {.sure = 0};
    for (size_t i = 0; i < table->join_count; i++) {
        const struct profile_join *known = &table->joins[i];
        struct row_join join = {known->own_column, known->table, known->other_column, 0, 0, ""};
        if (may_name_rows(&table->columns[join.own]) && known->share >= 0.95)
            weigh_join(judging, profile, table, meaning, join, of_others_too, &best);
    }
    for (size_t c = 0; c < table->column_count; c++)
        for (size_t t = 0; t < profile->table_count; t++) {
            const struct profile_column *own = &table->columns[c];
            if (t == number || !own->refers_table || !may_name_rows(own) ||
                strcasecmp(own->refers_table, profile->tables[t].name) != 0)
                continue;
            size_t key = referred_column(&profile->tables[t], own->refers_column);
            struct row_join join = {c, t, key, 0, 0, ""};
            if (key != SIZE_MAX)
                weigh_join(judging, profile, table, meaning, join, of_others_too, &best);
        }
    return best;
}

/* ---- what comes along ---- */

static bool has_column(const struct profile_table *table, const char *name)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (strcasecmp(table->columns[i].name, name) == 0)
            return true;
    return false;
}

static void add_values(struct profile_table *table, const struct profile_table *other,
                       const struct row_join *join, struct arena *arena)
{
    struct map *rows = map_create();
    for (size_t r = 0; r < other->rows_sample_count; r++)
        map_put(rows, other->rows_sample[r][join->key], (uint32_t)r);
    for (size_t r = 0; r < table->rows_sample_count; r++) {
        struct slice *row = arena_allocate_array(arena, table->column_count + 1, sizeof(*row));
        memcpy(row, table->rows_sample[r], table->column_count * sizeof(*row));
        uint32_t found = map_find(rows, row[join->own]);
        row[table->column_count] =
            found == MAP_NONE ? slice_make("", 0) : other->rows_sample[found][join->identifier];
        table->rows_sample[r] = row;
    }
    map_destroy(rows);
}

static const char *join_clause(const struct profile_table *table, const struct profile_table *other,
                               const struct row_join *join, struct arena *arena)
{
    const char *own_name = profile_sql_name(arena, table->name, table->quote);
    const char *other_name = profile_sql_name(arena, other->name, other->quote);
    return arena_format(arena, " left join %s on %s.%s = %s.%s", other_name, other_name,
                        profile_sql_name(arena, other->columns[join->key].name, other->quote),
                        own_name,
                        profile_sql_name(arena, table->columns[join->own].name, table->quote));
}

/* Whether the table is joined already, by another column. */
static bool is_joined_otherwise(const struct profile_table *table,
                                const struct profile_table *other, const struct row_join *join,
                                struct arena *arena)
{
    const char *begin = arena_format(arena, " left join %s on ",
                                     profile_sql_name(arena, other->name, other->quote));
    return strstr(table->query, begin) &&
           !strstr(table->query, join_clause(table, other, join, arena));
}

/* The query with a further column and table; what the other table brings along itself is joined
 * behind it. */
static void extend_query(struct profile_table *table, const struct profile_table *other,
                         const struct row_join *join, const char *place, const char *name,
                         struct arena *arena)
{
    const char *own_name = profile_sql_name(arena, table->name, table->quote);
    const char *from = strstr(table->query, " from ");
    struct buffer query = BUFFER_EMPTY;
    buffer_append_text(&query, "select ");
    for (size_t i = 0; i < table->column_count; i++) {
        const struct profile_column *column = &table->columns[i];
        const char *column_name = profile_sql_name(arena, column->name, table->quote);
        if (column->place)
            buffer_format(&query, "%s as %s, ", column->place, column_name);
        else
            buffer_format(&query, "%s.%s, ", own_name, column_name);
    }
    buffer_format(&query, "%s as %s%s", place, profile_sql_name(arena, name, table->quote), from);
    const char *clause = join_clause(table, other, join, arena);
    if (!strstr(table->query, clause))
        buffer_append_text(&query, clause);
    const char *further = strstr(other->query, " left join ");
    if (other->columns[join->identifier].place && further && !strstr(table->query, further))
        buffer_append_text(&query, further);
    table->query = arena_text(arena, buffer_slice(&query));
    buffer_release(&query);
}

/* The columns' counts are those of the rows' numbers: each has one value of the identifier. */
static void bring_along(struct profile *profile, size_t number, const struct row_join *join,
                        struct arena *arena)
{
    struct profile_table *table = &profile->tables[number];
    const struct profile_table *other = &profile->tables[join->other];
    const struct profile_column *identifier = &other->columns[join->identifier];
    const char *name = identifier->name;
    if (has_column(table, name))
        name = arena_format(arena, "%s_%s", other->name, name);
    const char *place =
        identifier->place
            ? identifier->place
            : arena_format(arena, "%s.%s", profile_sql_name(arena, other->name, other->quote),
                           profile_sql_name(arena, identifier->name, other->quote));
    extend_query(table, other, join, place, name, arena);
    struct profile_column *columns =
        arena_allocate_array(arena, table->column_count + 1, sizeof(*columns));
    memcpy(columns, table->columns, table->column_count * sizeof(*columns));
    struct profile_column *own = &columns[join->own];
    struct profile_column *brought = &columns[table->column_count];
    *brought = *identifier;
    brought->name = name;
    brought->place = place;
    brought->values = own->values;
    brought->filled = own->filled;
    brought->distinct = own->distinct;
    brought->distinct_exact = own->distinct_exact;
    brought->unique = own->unique;
    brought->is_primary = false;
    brought->refers_table = NULL;
    brought->sure = join->sure;
    brought->why = arena_format(arena, "%s.%s of the row that %s names: %s", other->name,
                                identifier->name, own->name, join->why);
    add_values(table, other, join, arena);
    table->columns = columns;
    table->column_count++;
}

/* It is a row's number, which the next system does not know. */
static void take_for_row(struct profile *profile, size_t number, const struct row_join *join,
                         struct arena *arena)
{
    struct profile_column *own = &profile->tables[number].columns[join->own];
    const struct profile_table *other = &profile->tables[join->other];
    own->meaning = "row.number";
    own->kind = "reference";
    own->sure = join->sure;
    own->why = arena_format(arena, "names a row of %s, whose %s is taken instead", other->name,
                            other->columns[join->identifier].name);
}

/* The column that already has the other table's identifier; SIZE_MAX: there is none. */
static size_t find_same(const struct profile_table *table, const struct row_join *join)
{
    for (size_t i = 0; i < table->join_count; i++) {
        const struct profile_join *known = &table->joins[i];
        if (known->table == join->other && known->other_column == join->identifier &&
            known->own_column != join->own)
            return known->own_column;
    }
    return SIZE_MAX;
}

static void resolve(const struct judging *judging, struct profile *profile, size_t number,
                    const char *meaning, bool of_others_too)
{
    struct profile_table *table = &profile->tables[number];
    struct row_join join = find_join(judging, profile, number, meaning, of_others_too);
    size_t known = evidence_column(table, meaning);
    if (join.sure <= 0 ||
        is_joined_otherwise(table, &profile->tables[join.other], &join, judging->arena))
        return;
    if (known != SIZE_MAX && known != join.own && table->columns[known].sure >= 0.8)
        return;
    size_t same = find_same(table, &join);
    if (same == SIZE_MAX) {
        bring_along(profile, number, &join, judging->arena);
    } else if (table->columns[same].sure < 0.92) {
        const struct meaning *known_meaning = words_meaning(judging->words, meaning);
        table->columns[same].meaning = known_meaning->name;
        table->columns[same].kind = known_meaning->kind;
        table->columns[same].sure = 0.92;
    }
    take_for_row(profile, number, &join, judging->arena);
}

void judge_joins(const struct judging *judging, struct profile *profile)
{
    static const char *const identifiers[] = {"customer.key", "car.vin"};
    enum { ROUNDS = 3 };
    if (profile->source != PROFILE_ODBC)
        return;
    for (size_t round = 0; round < ROUNDS; round++)
        for (size_t t = 0; t < profile->table_count; t++)
            for (size_t i = 0; i < sizeof(identifiers) / sizeof(*identifiers); i++) {
                size_t own = evidence_column(&profile->tables[t], "customer.key");
                bool customers = own != SIZE_MAX && profile->tables[t].columns[own].unique &&
                                 evidence_column(&profile->tables[t], "customer.name") != SIZE_MAX;
                if (!customers)
                    resolve(judging, profile, t, identifiers[i], round > 0);
            }
}

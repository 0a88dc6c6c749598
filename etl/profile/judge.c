#include "cust360/base/file.h"
#include "cust360/base/text.h"
#include "profile/evidence.h"

#include <stdio.h>

/*
 *   table's name, record, file ──► theme        heading ──► atoms ──► meanings that fit
 *   values ──► shares of the kinds ─────────────────────────────────► the one that both agree on
 */

const char *const personal_names[] = {"none", "indirect", "direct", "sensitive", NULL};

enum { READINGS_MOST = 12 };

/* ---- heading and values together ---- */

/* What the rules say of the sampled values decides for these kinds. */
static const struct asked_kind {
    const char *kind;
    const char *asked;
    bool telling; /* values alone can tell; else other countries' may pass none of the rules */
} asked_kinds[] = {
    {"vin", "vin", true},     {"mobile", "mobile", true},   {"identity", "identity", true},
    {"email", "email", true}, {"plate", "plate", true},     {"birth_date", "date", true},
    {"date", "date", true},   {"datetime", "date", true},   {"phone", "phone", true},
    {"name", "name", false},  {"address", "address", false}};

/* Few words that come again and again; but surnames do, too. */
static bool are_codes(const struct profile_column *column, const struct value_facts *facts)
{
    enum { ROWS_A_CODE = 20 };
    return facts->few && column->distinct * ROWS_A_CODE <= column->filled &&
           !(facts->han >= 0.9 && column->mean_length < 1.5);
}

/* A mobile is a phone, and a spreadsheet's days are dates where the heading says so. */
static double share_asked(const struct profile_column *column, const struct asked_kind *asked,
                          const struct value_facts *facts)
{
    double share = guess_share(column, asked->asked);
    if (strcmp(asked->kind, "phone") == 0 && guess_share(column, "mobile") > share)
        return guess_share(column, "mobile");
    return share >= 0 && strcmp(asked->asked, "date") == 0 ? share + facts->serials : share;
}

static double agreement_asked(const struct profile_column *column, const struct asked_kind *asked,
                              const struct value_facts *facts)
{
    const double codes = 0.55;
    double share = share_asked(column, asked, facts);
    if (strcmp(asked->kind, "name") == 0 && are_codes(column, facts))
        return codes;
    if (share < 0)
        return 0.9;
    if (share >= 0.75)
        return 0.99;
    if (share >= 0.5)
        return 0.93;
    bool foreign = facts->han < 0.3 && facts->numeric < 0.3;
    if (!asked->telling && (foreign || (share >= 0.25 && asked->asked[0] == 'n')))
        return 0.9;
    return share >= 0.25 ? 0.75 : asked->telling ? 0.45 : 0.6;
}

static bool is_date_kind(const char *kind)
{
    return strcmp(kind, "date") == 0 || strcmp(kind, "datetime") == 0 ||
           strcmp(kind, "birth_date") == 0;
}

static bool is_measure(const char *kind)
{
    return strcmp(kind, "money") == 0 || strcmp(kind, "count") == 0 ||
           strcmp(kind, "distance") == 0;
}

static double agreement_number(const struct value_facts *facts)
{
    return facts->numeric >= 0.9 ? 0.96 : facts->numeric >= 0.6 ? 0.85 : 0.4;
}

/* Values that are all of one telling kind are not of another one. */
static bool contradicts(const struct profile_column *column, const char *kind)
{
    static const char *const texts[] = {"name", "address", "text", "code", ""};
    static const char *const told[] = {"vin", "mobile", "identity", "email", "date"};
    const double all = 0.9;
    bool text = false;
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        text |= strcmp(texts[i], kind) == 0;
    /* What no field takes may well be a date. */
    size_t count = sizeof(told) / sizeof(*told) - (kind[0] == '\0');
    for (size_t i = 0; i < count && text; i++)
        if (guess_share(column, told[i]) >= all && column->mean_length >= 8)
            return true;
    return false;
}

/* How sure a heading's word is once the values have been looked at: for it, neutral, against. */
static double agreement(const struct profile_column *column, const char *kind,
                        const struct value_facts *facts)
{
    enum { FEW_ROWS = 10, LONGEST_REFERENCE = 40 };
    if (column->filled == 0)
        return 0.88;
    if (contradicts(column, kind))
        return 0.4;
    for (size_t i = 0; i < sizeof(asked_kinds) / sizeof(*asked_kinds); i++)
        if (strcmp(asked_kinds[i].kind, kind) == 0)
            return agreement_asked(column, &asked_kinds[i], facts);
    if (is_measure(kind))
        return agreement_number(facts);
    if (strcmp(kind, "code") == 0)
        return facts->few ? 0.95 : column->filled < FEW_ROWS ? 0.85 : 0.55;
    if (strcmp(kind, "reference") == 0) {
        bool date = guess_share(column, "date") >= 0.9 && facts->numeric < 0.9;
        bool fits = column->longest <= LONGEST_REFERENCE && facts->spaced < 0.2 && !date;
        return fits ? 0.95 : 0.5;
    }
    return 0.93;
}

/* What the rules said of the values, for the kind in question or else the likeliest. */
const char *say_values(struct arena *arena, const struct profile_column *column, const char *kind)
{
    const struct profile_guess *guess = column->guesses;
    if (column->filled == 0)
        return "no values";
    if (column->guess_count == 0)
        return "values of no special kind";
    for (size_t i = 0; i < sizeof(asked_kinds) / sizeof(*asked_kinds); i++)
        for (size_t g = 0; g < column->guess_count && strcmp(asked_kinds[i].kind, kind) == 0; g++)
            if (strcmp(column->guesses[g].kind, asked_kinds[i].asked) == 0)
                guess = &column->guesses[g];
    return arena_format(arena, "%.0f %% of the values are %s", guess->share * 100, guess->kind);
}

/* A heading says dates, and the values are a spreadsheet's days: all of them, or some. */
static void judge_serials(struct profile_column *column)
{
    const double all = 0.9;
    const double some = 0.02;
    struct value_facts facts;
    value_facts_find(column, &facts);
    column->serial_dates = 0;
    if (!is_date_kind(column->kind) || facts.serials < some)
        return;
    column->serial_dates = facts.serials;
    column->date_format = facts.serials >= all ? "excel" : NULL;
}

static void settle(const struct judging *judging, struct profile_column *column,
                   const struct reading_of_heading *reading, double sure)
{
    column->meaning = reading->meaning->name;
    column->kind = reading->meaning->kind[0] ? reading->meaning->kind : "text";
    column->personal = reading->meaning->personal;
    column->sure = sure;
    column->why = arena_format(judging->arena, "heading %.2f, %s", reading->fit,
                               say_values(judging->arena, column, column->kind));
}

/* Nothing in the heading: what the values alone can tell, and are mostly about. */
static void settle_by_values(const struct judging *judging, struct profile_column *column)
{
    static const struct {
        const char *kind;
        const char *meaning;
        double sure;
    } usual[] = {{"vin", "car.vin", 0.93},           {"identity", "customer.idnumber", 0.85},
                 {"plate", "car.plate", 0.9},        {"email", "customer.email", 0.82},
                 {"mobile", "customer.mobile", 0.8}, {"address", "customer.address", 0.75},
                 {"name", "customer.name", 0.7},     {"phone", "customer.phone", 0.6}};
    struct value_facts facts;
    value_facts_find(column, &facts);
    column->why = arena_format(judging->arena, "the heading says nothing known, %s",
                               say_values(judging->arena, column, column->kind));
    bool date = guess_share(column, "date") >= 0.8;
    if (date)
        column->kind = "date";
    for (size_t i = 0; i < sizeof(usual) / sizeof(*usual) && !date; i++) {
        double share = guess_share(column, usual[i].kind);
        /* Many a running number has the form of some paper's, and few words are nobody's names. */
        if ((strcmp(usual[i].kind, "identity") == 0 && column->mean_length < PAPER_LENGTH) ||
            (strcmp(usual[i].kind, "name") == 0 && are_codes(column, &facts)))
            continue;
        const struct meaning *meaning = words_meaning(judging->words, usual[i].meaning);
        if (share < 0.7 || !meaning)
            continue;
        column->meaning = meaning->name;
        column->kind = meaning->kind;
        column->personal = meaning->personal;
        column->sure = usual[i].sure * (share > 0.9 ? 1 : share);
        return;
    }
}

/* Values that are somebody's mobile, name … are personal whoever they belong to. */
static void classify_personal(struct profile_column *column)
{
    static const struct {
        const char *kind;
        enum personal_class class;
    } classes[] = {{"identity", PERSONAL_SENSITIVE}, {"mobile", PERSONAL_DIRECT},
                   {"email", PERSONAL_DIRECT},       {"plate", PERSONAL_DIRECT},
                   {"address", PERSONAL_DIRECT},     {"vin", PERSONAL_INDIRECT},
                   {"name", PERSONAL_DIRECT}};
    if (column->meaning[0] && column->sure >= 0.8)
        return;
    for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++)
        if (guess_share(column, classes[i].kind) >= 0.5 && column->personal < classes[i].class)
            column->personal = classes[i].class;
}

/* "Contract" alone is its number where no two rows have the same; what is "sold" of dates is the
 * date of it. */
static void complete_heading(const struct judging *judging, const struct profile_column *column,
                             struct atoms *atoms)
{
    const struct profile_words *words = judging->words;
    if (atoms->count > 0 && guess_share(column, "date") >= 0.9 && column->date_format)
        atoms_add(atoms, words_atom(words, "date"));
    if (atoms->count != 1 || column->filled == 0)
        return;
    if (!heading_is_thing(words, atoms->list[0]))
        return;
    if (guess_share(column, "name") >= 0.5)
        atoms_add(atoms, words_atom(words, "name"));
    else if (column->unique)
        atoms_add(atoms, words_atom(words, "number"));
}

/* The mobile of who brought the car is a mobile, but not the customer's. */
static bool has_role(const struct profile_words *words, const struct atoms *atoms)
{
    for (size_t i = 0; i < atoms->count; i++)
        if (words_is_role(words, atoms->list[i]))
            return true;
    return false;
}

/* Words of no subject of their own: a number, a date. */
static bool says_nothing(const struct profile_words *words, const struct atoms *atoms)
{
    static const char *const bare[] = {"number", "date",   "type", "remark",
                                       "status", "amount", "total"};
    for (size_t i = 0; i < atoms->count; i++) {
        bool known = false;
        for (size_t k = 0; k < sizeof(bare) / sizeof(*bare) && !known; k++)
            known = strcmp(words_atom_name(words, atoms->list[i]), bare[k]) == 0;
        if (!known)
            return false;
    }
    return true;
}

/* The best of what one way to read the heading may mean is settled where it beats what was. */
static double settle_best(const struct judging *judging, struct profile_column *column,
                          const struct atoms *atoms, const struct atoms *theme, double least)
{
    struct reading_of_heading readings[READINGS_MOST];
    struct value_facts facts;
    const double by_initials_alone = 0.5;
    const double a_rows_own = 0.8;
    const double a_papers_number = 0.6;
    bool bare = says_nothing(judging->words, atoms);
    double best = least;
    value_facts_find(column, &facts);
    size_t found = words_meanings(judging->words, atoms, theme, readings, READINGS_MOST);
    for (size_t i = 0; i < found; i++) {
        const char *kind = readings[i].meaning->kind;
        double sure = readings[i].fit * agreement(column, kind, &facts);
        bool lenient = strcmp(kind, "address") == 0 || strcmp(kind, "name") == 0;
        /* Initials stand for much: what the values do not bear out is a guess. */
        if (atoms->abbreviated && lenient && column->filled && guess_share(column, kind) < 0.25)
            sure *= by_initials_alone;
        /* A row's own number in a database is not what people know an order by. */
        if (column->is_primary && bare && strcmp(readings[i].meaning->name, "customer.key") != 0)
            sure *= a_rows_own;
        /* A heading that says a number only in part has the papers' number where all values are. */
        if (strcmp(kind, "reference") == 0 && readings[i].fit < 0.8 &&
            guess_share(column, "identity") >= 0.9 && column->mean_length >= PAPER_LENGTH)
            sure *= a_papers_number;
        if (sure > best + 0.001) {
            best = sure;
            settle(judging, column, &readings[i], sure);
        }
    }
    return best;
}

/* What one spelling of the heading may mean, read in all ways; the best is settled. */
struct judged {
    double best;
    bool silent;
    bool role;
};

static void judge_heading(const struct judging *judging, struct profile_column *column,
                          const char *heading, const struct atoms *table_theme,
                          struct judged *judged)
{
    enum { VARIANTS_MOST = 24 };
    struct atoms atoms = {0};
    size_t variants = 1;
    const double before = judged->best;
    for (size_t variant = 0; variant < variants && variant < VARIANTS_MOST; variant++) {
        const double likelier = variant || before > 0 ? 0.02 : 0;
        struct atoms theme = {0};
        memset(&atoms, 0, sizeof(atoms));
        variants = heading_read(judging, heading, variant, &atoms, &theme);
        if (theme.count == 0)
            atoms_add_all(&theme, table_theme);
        theme.unknown = 0;
        theme.guessed = 0;
        judged->silent &= atoms.abbreviated || says_nothing(judging->words, &atoms);
        judged->role |= has_role(judging->words, &atoms) && !atoms.abbreviated;
        complete_heading(judging, column, &atoms);
        double found = settle_best(judging, column, &atoms, &theme, judged->best + likelier);
        judged->best = found > judged->best + likelier ? found : judged->best;
    }
}

static void judge_column(const struct judging *judging, struct profile_column *column,
                         size_t prefix, const struct atoms *table_theme)
{
    struct judged judged = {.silent = true};
    const char *heading = column->heading + prefix;
    const char *bare = judging->parts ? heading : heading_without_brackets(judging, heading);
    column->sure = 0;
    judge_heading(judging, column, heading, table_theme, &judged);
    if (bare != heading) {
        judged.role = false;
        judge_heading(judging, column, bare, table_theme, &judged);
    }
    if (judged.best < 0.5) {
        struct profile_column alone = *column;
        settle_by_values(judging, &alone);
        if (judged.role)
            alone.sure = 0;
        if (alone.sure > judged.best || (judged.best == 0 && !judged.role))
            *column = alone;
    }
    /* What the values contradict says as little as what nobody knows. */
    column->silent = judged.silent || (judged.best > 0 && judged.best < 0.5 && !judged.role);
    column->of_another = judged.role;
    judge_serials(column);
    classify_personal(column);
}

/* ---- tables ---- */

/* A number that only one thing can have makes the table one of that thing. */
static void learn_theme(const struct judging *judging, const struct profile_table *table,
                        struct atoms *theme)
{
    static const struct {
        const char *meaning;
        const char *thing;
    } signs[] = {{"complaint.number", "complaint"}, {"contract.number", "contract"},
                 {"lead.number", "lead"},           {"member.card", "card"},
                 {"service.order", "service"},      {"survey.answer", "survey"},
                 {"recall.campaign", "recall"},     {"customer.key", "customer"}};
    for (size_t i = 0; i < table->column_count; i++)
        for (size_t s = 0; s < sizeof(signs) / sizeof(*signs); s++)
            if (table->columns[i].sure >= 0.85 &&
                strcmp(table->columns[i].meaning, signs[s].meaning) == 0)
                atoms_add(theme, words_atom(judging->words, signs[s].thing));
    if (evidence_column(table, "car.vin") != SIZE_MAX &&
        evidence_column(table, "service.date") == SIZE_MAX &&
        !atoms_have(theme, words_atom(judging->words, "service")))
        atoms_add(theme, words_atom(judging->words, "vehicle"));
}

/* Whether a heading has the prefix that nearly all of its table have. */
static bool begins_as_others(const struct profile_table *table, size_t column, size_t prefix)
{
    const char *heading = table->columns[column].heading;
    size_t alike = 0;
    for (size_t i = 0; i < table->column_count; i++)
        alike += strncmp(table->columns[i].heading, heading, prefix) == 0;
    return strlen(heading) > prefix && alike * 2 > table->column_count;
}

static void judge_table(const struct judging *judging, const struct profile *profile,
                        struct profile_table *table)
{
    enum { PASSES = 2 };
    struct atoms theme = {0};
    heading_add_things(judging->words, slice_of(table->name), &theme);
    if (table->file)
        heading_add_things(judging->words, slice_of(table->file), &theme);
    if (profile->table_count == 1) /* its name alone: folders are about something else */
        heading_add_things(judging->words, slice_of(file_name(profile->path)), &theme);
    size_t prefix = judging->parts ? 0 : heading_common_prefix(judging->words, table);
    for (size_t i = 0; i < table->column_count; i++)
        judge_values(&table->columns[i], judging->judge);
    for (size_t pass = 0; pass < PASSES; pass++) {
        for (size_t i = 0; i < table->column_count; i++)
            judge_column(judging, &table->columns[i],
                         begins_as_others(table, i, prefix) ? prefix : 0, &theme);
        learn_theme(judging, table, &theme);
    }
    judge_rivals(judging, table);
    judge_people(judging, table);
}

void profile_judge(struct profile *profile, const struct profile_words *words,
                   const struct profile_judge_of_values *judge, struct arena *arena)
{
    struct judging judging = {words, judge, arena, '\0'};
    for (size_t i = 0; i < profile->table_count; i++) {
        judging.parts = profile->source == PROFILE_XML ? '/' : heading_parts(&profile->tables[i]);
        judge_table(&judging, profile, &profile->tables[i]);
    }
    judge_keys(profile, arena);
    for (size_t i = 0; i < profile->table_count; i++)
        judge_cars(&judging, &profile->tables[i]);
}

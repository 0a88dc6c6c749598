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

/* A heading says dates, and the values are a spreadsheet's days: all of them, or some. */
static void judge_serials(struct profile_column *column)
{
    const double all = 0.9;
    const double some = 0.02;
    struct value_facts facts;
    value_facts_find(column, &facts);
    column->serial_dates = 0;
    if (!kind_is_date(column->kind) || facts.serials < some)
        return;
    column->serial_dates = facts.serials;
    column->date_format = facts.serials >= all ? "excel" : NULL;
}

static void settle(const struct judging *judging, struct profile_column *column,
                   const struct reading_of_heading *reading, double sure)
{
    column->meaning = reading->meaning->name;
    bool date = guess_share(column, "date") >= 0.9 && column->date_format;
    column->kind = reading->meaning->kind[0] ? reading->meaning->kind : date ? "date" : "text";
    column->personal = reading->meaning->personal;
    column->sure = sure;
    column->rank = reading->rank;
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
            (strcmp(usual[i].kind, "name") == 0 && values_are_codes(column, &facts)))
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
    if (!heading_is_thing(words, atoms->list[0]) || atoms->list[0] == words_atom(words, "points"))
        return;
    struct value_facts facts;
    value_facts_find(column, &facts);
    bool numbers =
        facts.digits >= 0.8 && !values_are_codes(column, &facts) && column->mean_length < 20;
    if (guess_share(column, "name") >= 0.5 && !numbers)
        atoms_add(atoms, words_atom(words, "name"));
    else if (column->unique || numbers)
        atoms_add(atoms, words_atom(words, "number"));
}

/* The mobile of who brought the car is a mobile, but not the customer's. */
static size_t count_roles(const struct profile_words *words, const struct atoms *atoms)
{
    size_t count = 0;
    for (size_t i = 0; i < atoms->count; i++)
        count += words_is_role(words, atoms->list[i]);
    return count;
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

/* A complaint's end in a list of recalls: neither heading nor table says the meaning's subject. */
static bool is_off_subject(const struct profile_words *words, const char *meaning,
                           const struct atoms *atoms, const struct atoms *theme)
{
    static const char *const subjects[] = {"complaint", "recall",   "survey",
                                           "lead",      "contract", "contact"};
    for (size_t i = 0; i < sizeof(subjects) / sizeof(*subjects); i++) {
        size_t length = strlen(subjects[i]);
        uint16_t atom = words_atom(words, subjects[i]);
        if (strncmp(meaning, subjects[i], length) == 0 && meaning[length] == '.')
            return !atoms_have(atoms, atom) && !atoms_have(theme, atom);
    }
    return false;
}

/* The best of what one way to read the heading may mean is settled where it beats what was. */
struct spelling {
    const struct atoms *atoms;
    const struct atoms *theme;
    double weight; /* of what it says */
    bool bare;     /* words of no subject of their own */
};

/* What else speaks against a reading of a heading: shares that it is as sure. */
static double doubt(const struct judging *judging, const struct profile_column *column,
                    const struct spelling *spelling, const struct reading_of_heading *reading,
                    const struct value_facts *facts)
{
    const double by_initials_alone = 0.5;
    const double a_rows_own = 0.8;
    const double off_subject = 0.93;
    const char *kind = reading->meaning->kind;
    const char *name = reading->meaning->name;
    bool lenient = strcmp(kind, "address") == 0 || strcmp(kind, "name") == 0;
    double left = 1;
    if (spelling->theme->count &&
        is_off_subject(judging->words, name, spelling->atoms, spelling->theme))
        left *= off_subject;
    /* Initials stand for much: what the values do not bear out is a guess. */
    if (spelling->atoms->abbreviated && lenient && column->filled &&
        guess_share(column, kind) < 0.25)
        left *= by_initials_alone;
    /* A row's own number in a database is not what people know an order by. */
    if (spelling->bare && evidence_counts_rows(column) && strcmp(name, "customer.key") != 0)
        left *= a_rows_own;
    /* A few who come again and again are staff or dealers. */
    if (strcmp(name, "customer.key") == 0 && values_are_codes(column, facts))
        left *= 0.6;
    return left;
}

/* A heading that says a number only in part, or another than the customer's, has the papers' number
 * where all values are. */
static double doubt_number(const struct profile_column *column,
                           const struct reading_of_heading *reading)
{
    const double a_papers_number = 0.6;
    bool number = reading->fit < 0.8 || strcmp(reading->meaning->name, "customer.key") != 0;
    bool papers = strcmp(reading->meaning->kind, "reference") == 0 && number &&
                  guess_share(column, "identity") >= 0.9 && column->mean_length >= PAPER_LENGTH;
    return papers ? a_papers_number : 1;
}

/* What sources write for codes tells apart headings that say no more than "type" and "status". */
static double known_codes(const struct judging *judging, const struct profile_column *column,
                          const char *meaning)
{
    const double most = 0.7;
    const double borne_out = 1.02;
    const double not_borne_out = 0.98;
    const char *set = evidence_code_set(meaning);
    if (!set || column->filled == 0)
        return 1;
    double share = evidence_in_set(judging, column, set);
    return share >= most ? borne_out : share == 0 ? not_borne_out : 1;
}

static double settle_best(const struct judging *judging, struct profile_column *column,
                          const struct spelling *spelling, double least)
{
    struct reading_of_heading readings[READINGS_MOST];
    struct value_facts facts;
    double best = least;
    value_facts_find(column, &facts);
    size_t found =
        words_meanings(judging->words, spelling->atoms, spelling->theme, readings, READINGS_MOST);
    for (size_t i = 0; i < found; i++) {
        double sure = readings[i].fit * spelling->weight *
                      judge_agreement(column, readings[i].meaning->kind, &facts) *
                      doubt(judging, column, spelling, &readings[i], &facts) *
                      doubt_number(column, &readings[i]) *
                      known_codes(judging, column, readings[i].meaning->name);
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
    double weight; /* of what this spelling says */
    bool silent;
    bool role;
    bool contact; /* the role of nobody but a contact */
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
        size_t roles = atoms.abbreviated ? 0 : count_roles(judging->words, &atoms);
        judged->role |= roles > 0;
        judged->contact |= roles == 1 && atoms_have(&atoms, words_atom(judging->words, "contact"));
        complete_heading(judging, column, &atoms);
        const struct spelling spelling = {&atoms, &theme, judged->weight,
                                          says_nothing(judging->words, &atoms)};
        double found = settle_best(judging, column, &spelling, judged->best + likelier);
        judged->best = found > judged->best + likelier ? found : judged->best;
    }
}

/* CSNAM, CSTEL …: what is not understood as a whole may be behind letters that others share. */
static void judge_glued(const struct judging *judging, const struct profile_table *table,
                        struct profile_column *column, const char *heading,
                        const struct atoms *theme, struct judged *judged)
{
    const double less_sure = 0.93;
    const double better = 0.03;
    for (size_t length = heading_glued_prefix(table, heading, 0); length;
         length = heading_glued_prefix(table, heading, length)) {
        struct profile_column other = *column;
        struct judged without = {
            .best = judged->best + better, .weight = less_sure, .silent = true};
        judge_heading(judging, &other, heading + length, theme, &without);
        if (without.best <= judged->best + better || without.role)
            continue;
        *column = other;
        *judged = without;
    }
}

/* A heading that says little leaves it to the values, unless it names another person. */
static void fall_back(const struct judging *judging, struct profile_column *column,
                      const struct judged *judged)
{
    if (judged->best >= 0.5)
        return;
    struct profile_column alone = *column;
    settle_by_values(judging, &alone);
    if (judged->role)
        alone.sure = 0;
    if (alone.sure > judged->best || (judged->best == 0 && !judged->role))
        *column = alone;
}

static bool says_in_brackets(const char *heading)
{
    return strchr(heading, '(') || strstr(heading, "（");
}

static void judge_column(const struct judging *judging, const struct profile_table *table,
                         struct profile_column *column, size_t prefix,
                         const struct atoms *table_theme)
{
    const double understood = 0.8;
    struct judged judged = {.silent = true, .weight = 1};
    const char *heading = column->heading + prefix;
    if (!judging->parts)
        heading = heading_without_affixes(judging, table, heading);
    const char *bare = judging->parts ? heading : heading_without_brackets(judging, heading);
    column->sure = 0;
    judge_heading(judging, column, heading, table_theme, &judged);
    if (bare != heading) {
        judged.role = false;
        judge_heading(judging, column, bare, table_theme, &judged);
    }
    if (judged.best < understood && !judged.role && !judging->parts)
        judge_glued(judging, table, column, heading, table_theme, &judged);
    fall_back(judging, column, &judged);
    /* What the values contradict says as little as what nobody knows. */
    column->silent = judged.silent || (judged.best > 0 && judged.best < 0.5 && !judged.role);
    column->of_another = judged.role;
    column->of_contact = judged.role && judged.contact && !says_in_brackets(heading);
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
            judge_column(judging, table, &table->columns[i],
                         begins_as_others(table, i, prefix) ? prefix : 0, &theme);
        learn_theme(judging, table, &theme);
    }
    judge_paper_numbers(judging, table);
    judge_rivals(judging, table);
    judge_papers(judging, table);
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
    judge_joins(&judging, profile);
    for (size_t i = 0; i < profile->table_count; i++)
        judge_cars(&judging, &profile->tables[i]);
}

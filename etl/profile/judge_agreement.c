/* How well values go with what a heading says. */
#include "cust360/base/text.h"
#include "profile/judge.h"

/* ---- heading and values together ---- */

/* What the rules say of the sampled values decides for these kinds. */
static const struct asked_kind {
    const char *kind;
    const char *asked;
    bool telling; /* values alone can tell; else other countries' may pass none of the rules */
} asked_kinds[] = {
    {"vin", "vin", true},     {"mobile", "mobile", true},   {"identity", "identity", true},
    {"email", "email", true}, {"plate", "plate", false},    {"birth_date", "date", true},
    {"date", "date", true},   {"datetime", "date", true},   {"phone", "phone", true},
    {"name", "name", false},  {"address", "address", false}};

/* Few words that come again and again; but surnames do, too. */
bool values_are_codes(const struct profile_column *column, const struct value_facts *facts)
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
    /* What is no address that anybody reads is an e-mail's form all the same. */
    if (strcmp(asked->kind, "email") == 0 && facts->mails > share)
        return facts->mails;
    return share >= 0 && strcmp(asked->asked, "date") == 0 ? share + facts->serials : share;
}

static double agreement_asked(const struct profile_column *column, const struct asked_kind *asked,
                              const struct value_facts *facts)
{
    const double codes = 0.55;
    double share = share_asked(column, asked, facts);
    if (strcmp(asked->kind, "name") == 0 &&
        (values_are_codes(column, facts) || facts->digits >= 0.8))
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

bool kind_is_date(const char *kind)
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

/* A region, make or occupation that is a number is a code of one at best. */
static double agreement_text(const char *kind, const struct value_facts *facts)
{
    return strcmp(kind, "text") == 0 && facts->numeric >= 0.9 ? 0.7 : 0.93;
}

/* How sure a heading's word is once the values have been looked at: for it, neutral, against. */
double judge_agreement(const struct profile_column *column, const char *kind,
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
    return agreement_text(kind, facts);
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

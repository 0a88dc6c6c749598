/* Several columns that say the same, or none: which of them it is, by all of the table. */
#include "profile/evidence.h"

#include <string.h>
#include <strings.h>

/* A heading of which a part is not understood, but whose values are all what the rest of it says.
 */
static void trust_values(const struct profile_table *table, struct arena *arena)
{
    static const char *const telling[] = {"mobile", "identity", "vin", "email", "plate", "address"};
    for (size_t i = 0; i < table->column_count; i++) {
        struct profile_column *column = &table->columns[i];
        bool tells = false;
        for (size_t k = 0; k < sizeof(telling) / sizeof(*telling); k++)
            tells |= strcmp(telling[k], column->kind) == 0;
        for (size_t k = 0; k < table->column_count && tells; k++)
            tells = k == i || strcmp(table->columns[k].meaning, column->meaning) != 0;
        if (!tells || column->sure < 0.5 || column->sure >= 0.85 ||
            guess_share(column, column->kind) < 0.9)
            continue;
        column->sure = 0.85;
        column->why =
            arena_format(arena, "%s, as the part of the heading that is known says", column->why);
    }
}

static bool is_there(const struct profile_table *table, const char *meaning)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (strcmp(table->columns[i].meaning, meaning) == 0 && table->columns[i].sure >= 0.5)
            return true;
    return false;
}

/* The only column whose values are all of a telling kind that the table has nowhere else is it,
 * whatever its heading seems to say; unless it names another person. */
static void claim_by_values(const struct judging *judging, struct profile_table *table)
{
    static const struct {
        const char *kind;
        const char *meaning;
    } telling[] = {{"vin", "car.vin"},
                   {"identity", "customer.idnumber"},
                   {"mobile", "customer.mobile"},
                   {"email", "customer.email"}};
    for (size_t k = 0; k < sizeof(telling) / sizeof(*telling); k++) {
        const struct meaning *meaning = words_meaning(judging->words, telling[k].meaning);
        struct profile_column *found = NULL;
        size_t count = 0;
        for (size_t i = 0; i < table->column_count; i++) {
            struct profile_column *column = &table->columns[i];
            if (guess_share(column, telling[k].kind) < 0.9 || column->mean_length < 8 ||
                (strcmp(telling[k].kind, "identity") == 0 && column->mean_length < PAPER_LENGTH))
                continue;
            found = column;
            count++;
        }
        if (count != 1 || !meaning || found->of_another || found->sure >= 0.9 ||
            is_there(table, meaning->name))
            continue;
        found->meaning = meaning->name;
        found->kind = meaning->kind;
        found->personal = meaning->personal;
        found->sure = 0.85;
        found->why =
            arena_format(judging->arena, "the only column whose values are %s: %s", telling[k].kind,
                         say_values(judging->arena, found, meaning->kind));
    }
}

/* A phone column with mobiles in it is the mobile, unless another column is. */
static void find_mobile(const struct judging *judging, struct profile_table *table)
{
    const struct meaning *mobile = words_meaning(judging->words, "customer.mobile");
    struct profile_column *phone = NULL;
    for (size_t i = 0; i < table->column_count; i++) {
        struct profile_column *column = &table->columns[i];
        if (strcmp(column->meaning, "customer.mobile") == 0 && column->sure >= 0.5)
            return;
        if (!phone && strcmp(column->meaning, "customer.phone") == 0 &&
            guess_share(column, "mobile") >= 0.6)
            phone = column;
    }
    if (!phone || !mobile)
        return;
    phone->meaning = mobile->name;
    phone->kind = mobile->kind;
}

/* Of two columns of codes the one is meant whose values are more often known ones. */
static double code_share(const struct judging *judging, const struct profile_column *column)
{
    const char *set = evidence_code_set(column->meaning);
    return set ? evidence_in_set(judging, column, set) : 0;
}

/* A heading of codes of which a part is not understood, but whose values are all known codes of
 * what the rest of it says. */
static void trust_codes(const struct judging *judging, struct profile_table *table)
{
    const double least = 0.45;
    const double sure = 0.85;
    for (size_t i = 0; i < table->column_count; i++) {
        struct profile_column *column = &table->columns[i];
        bool only = column->sure >= least && column->sure < sure && column->distinct > 1;
        for (size_t k = 0; k < table->column_count && only; k++)
            only = k == i || strcmp(table->columns[k].meaning, column->meaning) != 0;
        if (!only || column->of_another || code_share(judging, column) < 0.9)
            continue;
        column->sure = sure;
        column->why = arena_format(judging->arena, "%s; the values are codes of it", column->why);
    }
}

/* Of two numbers of a customer, one of which only counts the database's rows, the other is meant.
 */
static bool only_counts(const struct profile_column *column, const struct profile_column *other)
{
    return strcmp(column->meaning, "customer.key") == 0 && evidence_counts_rows(column) &&
           !other->is_primary && evidence_is_own(other);
}

/* Which of two that say the same says it worse: the less sure; of equally sure ones that of the
 * rarer words, or else the second. */
static struct profile_column *worse_of(const struct judging *judging, struct profile_column *a,
                                       struct profile_column *b)
{
    const double equal = 0.02;
    const double more_known = 0.3;
    double known = code_share(judging, b) - code_share(judging, a);
    if (only_counts(a, b) || only_counts(b, a))
        return only_counts(a, b) ? a : b;
    if (known > more_known || known < -more_known)
        return known > 0 ? a : b;
    if (b->sure > a->sure + equal)
        return a;
    return a->sure <= b->sure + equal && b->rank < a->rank ? a : b;
}

/* The surest of those that say the same keeps it. */
static void part_rivals(const struct judging *judging, struct profile_table *table)
{
    const double rival = 0.6;
    for (size_t i = 0; i < table->column_count; i++)
        for (size_t k = i + 1; k < table->column_count; k++) {
            struct profile_column *a = &table->columns[i];
            struct profile_column *b = &table->columns[k];
            if (!a->meaning[0] || strcmp(a->meaning, b->meaning) != 0)
                continue;
            struct profile_column *less = worse_of(judging, a, b);
            const struct profile_column *more = less == a ? b : a;
            less->sure *= rival;
            less->why = arena_format(judging->arena, "%s; %s says the same, and surer", less->why,
                                     more->name);
        }
}

static const struct {
    const char *second;
    const char *first;
} seconds[] = {{"customer.phone2", "customer.phone"},
               {"customer.email2", "customer.email"},
               {"customer.address2", "customer.address"}};

/* A second phone or address without a first one is the first. */
static void promote_second(const struct judging *judging, struct profile_table *table)
{
    for (size_t i = 0; i < sizeof(seconds) / sizeof(*seconds); i++) {
        const struct meaning *first = words_meaning(judging->words, seconds[i].first);
        size_t column = evidence_column(table, seconds[i].second);
        if (column == SIZE_MAX || !first || evidence_column(table, seconds[i].first) != SIZE_MAX)
            continue;
        table->columns[column].meaning = first->name;
        table->columns[column].kind = first->kind;
    }
}

/* Two headings that differ in the digit at their ends alone, and a's is the smaller one. */
static bool is_next_to(const struct profile_column *a, const struct profile_column *b)
{
    size_t length = strlen(a->heading);
    if (length < 2 || strlen(b->heading) != length ||
        strncasecmp(a->heading, b->heading, length - 1) != 0)
        return false;
    char first = a->heading[length - 1];
    char second = b->heading[length - 1];
    return first >= '0' && first < second && second <= '9';
}

/* Line 1 and line 2 of an address, phone 1 and phone 2: the second is a second one, no rival. */
static void part_numbered(const struct judging *judging, struct profile_table *table)
{
    for (size_t i = 0; i < sizeof(seconds) / sizeof(*seconds); i++) {
        const struct meaning *second = words_meaning(judging->words, seconds[i].second);
        size_t first = SIZE_MAX;
        for (size_t k = 0; k < table->column_count && second; k++) {
            struct profile_column *column = &table->columns[k];
            if (strcmp(column->meaning, seconds[i].first) != 0)
                continue;
            if (first != SIZE_MAX && is_next_to(&table->columns[first], column))
                column->meaning = second->name;
            first = first == SIZE_MAX ? k : first;
        }
    }
}

/* A form of address tells the gender where no other column does: Herr, Mrs, 女士. */
static void promote_salutation(const struct judging *judging, struct profile_table *table)
{
    const double known = 0.7;
    const double persons = 0.3;
    const struct meaning *gender = words_meaning(judging->words, "customer.gender");
    size_t best = SIZE_MAX;
    double most = known;
    if (!gender || is_there(table, gender->name))
        return;
    for (size_t i = 0; i < table->column_count; i++) {
        struct profile_column *column = &table->columns[i];
        double share = evidence_in_set(judging, column, "gender");
        /* Companies are addressed, too. */
        if (share >= persons)
            share += evidence_in_set(judging, column, "party_type");
        bool all = column->filled * 2 >= column->values && column->distinct > 1;
        if (strcmp(column->meaning, "customer.salutation") != 0 || !all || share < most)
            continue;
        best = i;
        most = share;
    }
    if (best == SIZE_MAX)
        return;
    struct profile_column *column = &table->columns[best];
    column->meaning = gender->name;
    column->kind = gender->kind;
    column->personal = gender->personal;
    column->why = arena_format(judging->arena, "%s; forms of address tell the gender", column->why);
}

/* A complaint's date in a table without complaints was read wrong. */
static void drop_orphans(struct profile_table *table)
{
    static const char *const numbers[] = {"complaint.number", "contract.number", "lead.number",
                                          "member.card", "recall.campaign"};
    const double wrong = 0.6;
    for (size_t n = 0; n < sizeof(numbers) / sizeof(*numbers); n++) {
        size_t length = (size_t)(strchr(numbers[n], '.') - numbers[n]) + 1;
        if (evidence_column(table, numbers[n]) != SIZE_MAX)
            continue;
        for (size_t i = 0; i < table->column_count; i++)
            if (strncmp(table->columns[i].meaning, numbers[n], length) == 0 &&
                strcmp(table->columns[i].meaning, numbers[n]) != 0) {
                table->columns[i].sure *= wrong;
                table->columns[i].silent = true;
            }
    }
}

/* Of two numbers of a member the one that is not the card's is the customer's. */
static bool part_member(const struct judging *judging, struct profile_table *table,
                        const struct meaning *number)
{
    struct profile_column *other = NULL;
    struct profile_column *card = NULL;
    for (size_t i = 0; i < table->column_count; i++) {
        struct profile_column *column = &table->columns[i];
        if (strcmp(column->meaning, "member.card") != 0 || column->sure < 0.5)
            continue;
        bool told = strstr(column->heading, "卡") || strcasestr(column->heading, "card");
        *(told ? &card : &other) = column;
    }
    if (!card || !other || evidence_column(table, number->name) != SIZE_MAX)
        return false;
    other->meaning = number->name;
    other->sure = other->sure > 0.85 ? other->sure : 0.85;
    other->why = arena_format(judging->arena, "%s; the card has another", other->why);
    return true;
}

/* A member's number is the customer's where no other is told and nothing is about the membership.
 */
static void promote_card(const struct judging *judging, struct profile_table *table)
{
    static const char *const of_card[] = {"customer.key", "member.joined", "member.prepaid",
                                          "member.earned", "member.spent"};
    const struct meaning *number = words_meaning(judging->words, "customer.key");
    size_t card = evidence_column(table, "member.card");
    bool promoted = number && card != SIZE_MAX;
    if (promoted && part_member(judging, table, number))
        return;
    for (size_t i = 0; i < sizeof(of_card) / sizeof(*of_card) && promoted; i++)
        promoted = evidence_column(table, of_card[i]) == SIZE_MAX;
    if (!promoted)
        return;
    table->columns[card].meaning = number->name;
    table->columns[card].sure *= 0.95;
    table->columns[card].why = arena_format(judging->arena, "%s; no other number of the customer",
                                            table->columns[card].why);
}

/* The only name, mobile, e-mail or address of a table of people, or of their complaints, is theirs,
 * though it is called that of a contact. */
static void promote_contact(const struct judging *judging, struct profile_table *table)
{
    static const struct {
        const char *kind;
        const char *meaning;
    } theirs[] = {{"mobile", "customer.mobile"},
                  {"email", "customer.email"},
                  {"address", "customer.address"},
                  {"name", "customer.name"}};
    static const char *const others[] = {"service.order", "service.date", "contract.number",
                                         "contact.topic"};
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
        if (evidence_column(table, others[i]) != SIZE_MAX)
            return;
    for (size_t k = 0; k < sizeof(theirs) / sizeof(*theirs); k++) {
        const struct meaning *meaning = words_meaning(judging->words, theirs[k].meaning);
        struct profile_column *found = NULL;
        size_t count = 0;
        for (size_t i = 0; i < table->column_count; i++) {
            struct profile_column *column = &table->columns[i];
            bool named = column->of_contact && guess_share(column, theirs[k].kind) >= 0.75 &&
                         column->filled * 10 >= column->values * 5 &&
                         column->distinct * 3 >= column->filled;
            found = named ? column : found;
            count += named;
        }
        if (count != 1 || !meaning || is_there(table, meaning->name))
            continue;
        found->meaning = meaning->name;
        found->kind = meaning->kind;
        found->personal = meaning->personal;
        found->sure = 0.82;
        found->why = arena_format(judging->arena, "a contact's, and no other column has it: %s",
                                  say_values(judging->arena, found, meaning->kind));
    }
}

void judge_rivals(const struct judging *judging, struct profile_table *table)
{
    claim_by_values(judging, table);
    drop_orphans(table);
    part_numbered(judging, table);
    promote_second(judging, table);
    promote_salutation(judging, table);
    promote_card(judging, table);
    promote_contact(judging, table);
    find_mobile(judging, table);
    trust_values(table, judging->arena);
    trust_codes(judging, table);
    part_rivals(judging, table);
}

#include "profile/draft.h"

/* Which entities a table's rows hold: by what only they have. */

static bool has(const struct profile_table *table, const char *meaning)
{
    return draft_find(table, meaning) != SIZE_MAX;
}

static bool has_any(const struct profile_table *table, const char *const *meanings)
{
    for (; *meanings; meanings++)
        if (has(table, *meanings))
            return true;
    return false;
}

/* The lines of an order have its number from above; the order's own row is the visit. */
static bool has_own(const struct profile_table *table, const char *meaning)
{
    size_t column = draft_find(table, meaning);
    return column != SIZE_MAX && strncmp(table->columns[column].name, "..", 2) != 0;
}

static bool has_person(const struct profile_table *table)
{
    static const char *const names[] = {"customer.name", "customer.last", "customer.company", NULL};
    return has_any(table, names);
}

static bool is_complaint(const struct profile_table *table)
{
    static const char *const more[] = {"complaint.date", "complaint.category", "complaint.status",
                                       NULL};
    return has(table, "complaint.number") && has_any(table, more);
}

static bool is_contract(const struct profile_table *table)
{
    static const char *const more[] = {"contract.start", "contract.end", "contract.principal",
                                       "contract.months", NULL};
    return has(table, "contract.number") && has_any(table, more) && !has(table, "service.order");
}

static bool is_lead(const struct profile_table *table)
{
    static const char *const more[] = {"lead.date",      "lead.interest", "lead.status",
                                       "lead.timeframe", "lead.source",   NULL};
    return has(table, "lead.number") && has_any(table, more);
}

static bool is_membership(const struct profile_table *table)
{
    static const char *const more[] = {"member.joined", "member.prepaid", "member.earned",
                                       "member.spent", NULL};
    return has(table, "member.card") && has_any(table, more);
}

static bool is_survey(const struct profile_table *table)
{
    return has(table, "survey.score") && (has(table, "survey.date") || has(table, "survey.answer"));
}

static bool is_recall(const struct profile_table *table)
{
    return has(table, "recall.campaign") && has(table, "car.vin") && !has(table, "service.order");
}

static bool is_consent(const struct profile_table *table)
{
    return has(table, "consent.channel") && has(table, "consent.decision");
}

static bool is_contact(const struct profile_table *table)
{
    static const char *const more[] = {"consent.channel", "contact.topic", "contact.result", NULL};
    return has(table, "contact.date") && has_any(table, more) && !has(table, "consent.decision");
}

/* The last visit is all that the row tells of visits. Beside its mileage, the first or the next one
 * it is summed up from a list of visits, which is where they are to be read. */
static bool tells_last_visit(const struct profile_table *table)
{
    static const char *const car[] = {"car.vin", "car.plate", NULL};
    static const char *const sums[] = {"car.last_mileage", "car.first_service", "car.next_service",
                                       NULL};
    return has(table, "car.last_service") && has_any(table, car) && !has_any(table, sums);
}

static bool is_service(const struct profile_table *table)
{
    static const char *const what[] = {"service.order", "service.job", "service.amount",
                                       "service.mileage", NULL};
    static const char *const whose[] = {"car.vin", "customer.key", "car.plate", NULL};
    return has_any(table, whose) && ((has(table, "service.date") && has_any(table, what)) ||
                                     has_own(table, "service.order") || tells_last_visit(table));
}

static bool is_ownership(const struct profile_table *table)
{
    static const char *const bought[] = {"car.purchase", "car.price", "car.registered",
                                         "car.invoice", NULL};
    static const char *const known[] = {"car.brand", "car.model", "car.series", "car.plate", NULL};
    size_t vin = draft_find(table, "car.vin");
    /* What is told of the car above a visit is the car's own table's to say. */
    if (vin != SIZE_MAX && strncmp(table->columns[vin].name, "..", 2) == 0)
        return false;
    bool car = vin != SIZE_MAX && (has(table, "customer.key") || has_person(table));
    /* An order in the workshop names the car, too; who has a car says when it was bought. */
    bool workshop = has(table, "service.order");
    /* A line of its own type that names each car once has nothing else to say. */
    bool line = table->type && car && table->columns[vin].unique;
    return car && (has_any(table, bought) || (!workshop && (line || has_any(table, known))) ||
                   (workshop && has(table, "car.plate") && has(table, "car.brand")));
}

/* More of a person than a name. */
static bool describes_person(const struct profile_table *table)
{
    static const char *const more[] = {
        "customer.mobile", "customer.phone",  "customer.idnumber", "customer.email",
        "customer.birth",  "customer.gender", "customer.address",  NULL};
    return has_person(table) && has_any(table, more);
}

static bool is_customer(const struct profile_table *table)
{
    return describes_person(table) || (has_person(table) && has(table, "customer.key"));
}

/* A name beside the customer's number says nothing that the table of customers does not. */
static bool repeats_person(const struct drafting *drafting, const struct profile_table *table)
{
    for (size_t i = 0; i < drafting->profile->table_count && !describes_person(table); i++) {
        const struct profile_table *other = &drafting->profile->tables[i];
        if (other != table && has(other, "customer.key") && describes_person(other))
            return true;
    }
    return false;
}

/* One consent alone among a customer's columns is a note on how to reach them; one refusal counts.
 */
static bool has_opt_outs(const struct profile_table *table)
{
    static const char *const outs[] = {"consent.out_phone", "consent.out_email", "consent.out_sms",
                                       "consent.out_mail", NULL};
    static const char *const ins[] = {"consent.in_phone", "consent.in_email", "consent.in_sms",
                                      "consent.in_mail", NULL};
    size_t consents = 0;
    for (size_t i = 0; ins[i]; i++)
        consents += has(table, ins[i]);
    return (has_any(table, outs) || consents > 1) &&
           (has(table, "customer.mobile") || has(table, "customer.email"));
}

/* ---- keys ---- */

static void add_key(const struct profile_table *table, struct draft_entity *entity,
                    const char *meaning)
{
    size_t column = draft_find(table, meaning);
    if (column == SIZE_MAX || entity->key_count == DRAFT_COLUMNS_MOST)
        return;
    entity->key[entity->key_count++] = column;
    if (entity->key_count == 1 || table->columns[column].sure < entity->key_sure)
        entity->key_sure = table->columns[column].sure;
}

static void add_keys(const struct profile_table *table, struct draft_entity *entity,
                     const char *const *meanings)
{
    for (; *meanings; meanings++)
        add_key(table, entity, *meanings);
}

/* What tells a customer apart where the system gives no number; what it had in this row. */
static void key_customer(const struct profile_table *table, struct draft_entity *entity)
{
    static const char *const numbers[] = {"customer.key", "lead.number", "member.card", NULL};
    static const char *const values[] = {"customer.idnumber", "customer.mobile", "customer.phone",
                                         NULL};
    entity->key_why = "the customer's own number";
    for (size_t i = 0; numbers[i] && entity->key_count == 0; i++)
        add_key(table, entity, numbers[i]);
    if (entity->key_count)
        return;
    entity->key_why = "no column is the customer's own number: what comes nearest to one";
    for (size_t i = 0; values[i] && entity->key_count == 0; i++)
        add_key(table, entity, values[i]);
    add_key(table, entity, "customer.name");
    entity->key_sure = 0.5;
}

static void key_service(const struct profile_table *table, struct draft_entity *entity)
{
    static const char *const parts[] = {"customer.key", "car.vin", "service.date", "service.job",
                                        NULL};
    static const char *const last[] = {"customer.key", "car.vin", "car.last_service", NULL};
    static const char *const equal[] = {"service.mileage", "service.amount", NULL};
    size_t order = draft_find(table, "service.order");
    if (order != SIZE_MAX && table->columns[order].sure >= DRAFT_SURE) {
        add_key(table, entity, "service.order");
        entity->key_why = "the order's number; not the same every night in some systems: look";
        return;
    }
    if (draft_find(table, "car.vin") == SIZE_MAX)
        add_key(table, entity, "car.plate");
    entity->key_why = "no number: what is equal in all of these is the same visit";
    add_keys(table, entity, draft_find(table, "service.date") == SIZE_MAX ? last : parts);
    if (table->record)
        add_keys(table, entity, equal);
}

static void key_entity(const struct profile_table *table, struct draft_entity *entity)
{
    static const struct {
        const char *entity;
        const char *meanings[6];
        const char *why;
    } keys[] = {
        {"ownership", {"customer.key", "car.vin", NULL}, "whose car it is, and which"},
        {"complaint", {"complaint.number", NULL}, "the case's number"},
        {"membership", {"member.card", NULL}, "the card's number"},
        {"consent",
         {"customer.mobile", "consent.channel", "consent.purpose", "consent.date",
          "consent.decision", NULL},
         "old decisions stay: each is a record of its own"},
        {"contract", {"contract.number", NULL}, "the contract's number"},
        {"lead", {"lead.number", NULL}, "the lead's number"},
        {"survey", {"survey.answer", "survey.indicator", NULL}, "an answer to each question"},
        {"contact",
         {"customer.mobile", "contact.date", "consent.channel", NULL},
         "whom, when and how"},
        {"recall", {"recall.campaign", "car.vin", NULL}, "a car of a campaign"}};
    if (strcmp(entity->name, "customer") == 0)
        key_customer(table, entity);
    else if (strcmp(entity->name, "service") == 0)
        key_service(table, entity);
    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
        if (strcmp(entity->name, keys[i].entity) == 0) {
            entity->key_why = keys[i].why;
            add_keys(table, entity, keys[i].meanings);
        }
}

/* ---- choosing ---- */

static struct draft_entity *add_entity(const struct drafting *drafting, struct draft_table *draft,
                                       const char *name)
{
    if (draft->entity_count == DRAFT_ENTITIES_MOST ||
        model_find_entity(drafting->settings->model, name) == FIELD_NONE)
        return NULL;
    struct draft_entity *entity = &draft->entities[draft->entity_count++];
    memset(entity, 0, sizeof(*entity));
    entity->name = name;
    entity->when = SIZE_MAX;
    key_entity(draft->table, entity);
    return entity;
}

/* Y or N in a column of its own a channel: a consent each. */
static void add_opt_outs(const struct drafting *drafting, struct draft_table *draft)
{
    static const struct {
        const char *meaning;
        const char *channel;
        const char *polarity;
    } flags[] = {
        {"consent.out_phone", "phone", "opt_out"}, {"consent.out_email", "email", "opt_out"},
        {"consent.out_sms", "sms", "opt_out"},     {"consent.out_mail", "mail", "opt_out"},
        {"consent.in_phone", "phone", "opt_in"},   {"consent.in_email", "email", "opt_in"},
        {"consent.in_sms", "sms", "opt_in"},       {"consent.in_mail", "mail", "opt_in"}};
    const struct profile_table *table = draft->table;
    for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
        size_t column = draft_find(table, flags[i].meaning);
        if (column == SIZE_MAX)
            continue;
        struct draft_entity *entity = add_entity(drafting, draft, "consent");
        if (!entity)
            return;
        entity->key_count = 0;
        key_customer(table, entity);
        entity->key_suffix = flags[i].channel;
        struct draft_field *channel = &entity->fields[entity->field_count++];
        *channel = (struct draft_field){.name = "channel", .constant = flags[i].channel, .sure = 1};
        channel->why = "by the heading";
        struct draft_field *purpose = &entity->fields[entity->field_count++];
        *purpose = (struct draft_field){.name = "purpose", .constant = "marketing", .sure = 1};
        purpose->why = "what such a flag is usually about";
        struct draft_field *decision = &entity->fields[entity->field_count++];
        *decision = (struct draft_field){.name = "decision",
                                         .columns = {column},
                                         .column_count = 1,
                                         .polarity = flags[i].polarity,
                                         .sure = table->columns[column].sure,
                                         .why = table->columns[column].why};
        draft->used[column] = true;
    }
}

/* A record of a further entity is made only where the row has one. */
static void set_conditions(struct draft_table *draft)
{
    const struct profile_table *table = draft->table;
    for (size_t i = 1; i < draft->entity_count; i++) {
        struct draft_entity *entity = &draft->entities[i];
        if (strcmp(entity->name, "ownership") == 0)
            entity->when = draft_find(table, "car.vin");
        else if (strcmp(entity->name, "service") == 0)
            entity->when = draft_find(table, "service.date") != SIZE_MAX
                               ? draft_find(table, "service.date")
                               : draft_find(table, "car.last_service");
    }
}

void draft_choose_entities(const struct drafting *drafting, struct draft_table *draft)
{
    static const struct {
        const char *entity;
        bool (*is)(const struct profile_table *table);
        bool keeps_person; /* its own fields have the name: no customer is made of the row */
    } choices[] = {{"complaint", is_complaint, true}, {"contract", is_contract, true},
                   {"survey", is_survey, true},       {"recall", is_recall, true},
                   {"consent", is_consent, true},     {"contact", is_contact, true},
                   {"lead", is_lead, false},          {"membership", is_membership, false},
                   {"customer", is_customer, false},  {"ownership", is_ownership, false},
                   {"service", is_service, false}};
    bool taken = false;
    for (size_t i = 0; i < sizeof(choices) / sizeof(*choices) && !taken; i++) {
        bool customer = strcmp(choices[i].entity, "customer") == 0;
        if (choices[i].is(draft->table) && !(customer && repeats_person(drafting, draft->table))) {
            add_entity(drafting, draft, choices[i].entity);
            taken = choices[i].keeps_person;
        }
    }
    if (draft->entity_count > 1 && strcmp(draft->entities[0].name, "customer") != 0)
        draft->entities[0].main = true;
    set_conditions(draft);
    if (!taken && has_opt_outs(draft->table))
        add_opt_outs(drafting, draft);
}

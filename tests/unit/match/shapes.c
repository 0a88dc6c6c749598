#include "shapes.h"
#include "cust360/base/memory.h"
#include "cust360/train.h"

#include <stdio.h>

#define FIELD(text)                                                                                \
    {                                                                                              \
        .name = (text), .kind = "text", .label = (text), .from = FIELD_NONE                        \
    }

static struct model_field person_fields[] = {
    FIELD("name"),   FIELD("surname"), FIELD("given"),  FIELD("birth"), FIELD("phone"),
    FIELD("number"), FIELD("city"),    FIELD("street"), FIELD("house"), FIELD("postcode")};
static struct model_entity entities[] = {
    {"person", "Person", person_fields, sizeof(person_fields) / sizeof(person_fields[0]), false}};
static struct model shape_model = {.entities = entities, .entity_count = 1};

static const char *const starts[] = {"ba", "be", "ca", "da", "do", "fe", "ga", "ha", "hu", "ja",
                                     "ka", "ke", "la", "le", "ma", "mo", "na", "ni", "pa", "pe",
                                     "ra", "ro", "sa", "se", "ta", "ti", "va", "vi", "wa", "wi"};
static const char *const ends[] = {"bert",  "cker", "dman", "fer",  "gson", "ker",  "lder",
                                   "lly",   "mann", "mer",  "nder", "nton", "rdt",  "rman",
                                   "rsten", "sson", "ston", "tero", "tley", "venko"};
enum { STARTS = sizeof(starts) / sizeof(starts[0]), ENDS = sizeof(ends) / sizeof(ends[0]) };

uint32_t shape_below(struct shape *shape, uint32_t limit)
{
    return lab_random(&shape->random, limit);
}

bool shape_chance(struct shape *shape, double chance)
{
    return shape_below(shape, 1 << 20) < chance * (1 << 20);
}

/* Of `limit` words, the first ones far more often than the last. */
static uint32_t uneven(struct shape *shape, uint32_t limit)
{
    double number = shape_below(shape, 1 << 20) / (double)(1 << 20);
    return (uint32_t)(number * number * number * limit);
}

/* The same number gives the same word. */
static void make_word(char *text, size_t size, uint32_t number)
{
    uint32_t rest = number / (STARTS * ENDS);
    snprintf(text, size, "%s%s%s", starts[number % STARTS], rest ? starts[rest % STARTS] : "",
             ends[number / STARTS % ENDS]);
}

struct shape_record shape_person(struct shape *shape)
{
    struct shape_record person = {.name = ""};
    uint32_t city = uneven(shape, 60);
    make_word(person.surname, sizeof(person.surname), uneven(shape, 3000));
    make_word(person.given, sizeof(person.given), 7000 + uneven(shape, 300));
    snprintf(person.name, sizeof(person.name), "%s %s", person.given, person.surname);
    snprintf(person.birth, sizeof(person.birth), "%u-%02u-%02u", 1930 + shape_below(shape, 75),
             1 + shape_below(shape, 12), 1 + shape_below(shape, 28));
    /* Numbers of a town begin alike, and its postcodes too. */
    snprintf(person.phone, sizeof(person.phone), "0%03u%06u", 200 + city,
             shape_below(shape, 1000000));
    snprintf(person.number, sizeof(person.number), "%08u", shape_below(shape, 100000000));
    make_word(person.city, sizeof(person.city), 14000 + city);
    make_word(person.street, sizeof(person.street), 21000 + uneven(shape, 1500));
    strcat(person.street, " street");
    snprintf(person.house, sizeof(person.house), "%u", 1 + shape_below(shape, 120));
    snprintf(person.postcode, sizeof(person.postcode), "%02u%03u", 10 + city,
             shape_below(shape, 20));
    return person;
}

/* ---- records ---- */

static void set(struct shape *shape, uint32_t record, const char *name, const char *value)
{
    const struct match_attribute *attributes = NULL;
    size_t count = match_rules_attributes(shape->lab.rules, &attributes);
    for (size_t i = 0; i < count; i++)
        if (strcmp(attributes[i].name, name) == 0 && *value)
            match_input_set(shape->lab.input, record, i, slice_of(value));
}

void shape_add(struct shape *shape, const struct shape_record *record, uint32_t who)
{
    char key[16];
    snprintf(key, sizeof(key), "%06u", shape->records);
    uint32_t number = match_input_add(shape->lab.input, SLICE("S"), slice_of(key));
    shape->truth = memory_resize_array(shape->truth, (size_t)number + 1, sizeof(*shape->truth));
    shape->truth[number] = who;
    shape->records++;
    set(shape, number, "name", record->name);
    set(shape, number, "surname", record->surname);
    set(shape, number, "given", record->given);
    set(shape, number, "birth", record->birth);
    set(shape, number, "phone", record->phone);
    set(shape, number, "number", record->number);
    set(shape, number, "city", record->city);
    set(shape, number, "street", record->street);
    set(shape, number, "house", record->house);
    set(shape, number, "postcode", record->postcode);
}

/* A slip: two characters changed over, one replaced, or the whole value lost. */
static void spoil(struct shape *shape, char *text)
{
    size_t length = strlen(text);
    if (length == 0 || !shape_chance(shape, shape->noise))
        return;
    if (length < 3 || shape_chance(shape, 0.4)) {
        text[0] = '\0';
        return;
    }
    size_t at = shape_below(shape, (uint32_t)length - 1);
    char swap = text[at];
    bool is_digit = swap >= '0' && swap <= '9';
    if (shape_chance(shape, 0.5)) {
        text[at] = text[at + 1];
        text[at + 1] = swap;
    } else {
        text[at] = (char)(is_digit ? '0' + shape_below(shape, 10) : 'a' + shape_below(shape, 26));
    }
}

void shape_add_copy(struct shape *shape, const struct shape_record *record, uint32_t who)
{
    struct shape_record copy = *record;
    spoil(shape, copy.surname);
    spoil(shape, copy.given);
    /* The whole name is written from its parts more often than on its own. */
    if (shape_chance(shape, 0.9) && copy.surname[0] && copy.given[0])
        snprintf(copy.name, sizeof(copy.name), "%s %s", copy.given, copy.surname);
    else
        spoil(shape, copy.name);
    spoil(shape, copy.birth);
    spoil(shape, copy.phone);
    spoil(shape, copy.number);
    spoil(shape, copy.city);
    spoil(shape, copy.street);
    spoil(shape, copy.house);
    spoil(shape, copy.postcode);
    shape_add(shape, &copy, who);
}

/* ---- all of it ---- */

void shape_begin(struct shape *shape, const char *compare, uint64_t seed)
{
    char rules[512];
    *shape = (struct shape){.random = seed, .noise = 0.08};
    snprintf(rules, sizeof(rules), "entity: person\ncompare: {%s}\n", compare);
    lab_begin_with(&shape->lab, rules, &shape_model);
}

void shape_end(struct shape *shape)
{
    memory_free(shape->truth);
    lab_end(&shape->lab);
}

struct evaluation shape_match(struct shape *shape)
{
    struct lab *lab = &shape->lab;
    struct train_report report;
    struct evaluation evaluation;
    const struct train_options options = {.seed = 1, .threads = 2, .random_pairs = 150000};
    lab->model = match_train(lab->arena, lab->rules, lab->input, &options, &report, &lab->error);
    cr_assert(lab->model, "%s", lab_described(lab));
    lab_match(lab, NULL, 0, 2);
    evaluate_partition(shape->truth, lab->result.cluster, shape->records, &evaluation);
    return evaluation;
}

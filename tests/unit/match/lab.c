#include "lab.h"
#include "cust360/base/buffer.h"
#include "cust360/base/file.h"

#include <stdio.h>
#include <stdlib.h>

#define FIELD(text)                                                                                \
    {                                                                                              \
        .name = (text), .kind = "text", .label = (text), .from = FIELD_NONE                        \
    }

static struct model_field person_fields[] = {FIELD("name"),  FIELD("surname"), FIELD("given"),
                                             FIELD("birth"), FIELD("phone"),   FIELD("number"),
                                             FIELD("city"),  FIELD("kind")};
static struct model_field car_fields[] = {FIELD("owner"), FIELD("vin")};
static struct model_entity entities[] = {
    {"person", "Person", person_fields, sizeof(person_fields) / sizeof(person_fields[0]), false},
    {"car", "Car", car_fields, sizeof(car_fields) / sizeof(car_fields[0]), false},
};
struct model lab_model = {.entities = entities, .entity_count = 2};

const char lab_rules_text[] = "entity: person\n"
                              "attributes:\n"
                              "  name: {field: name}\n"
                              "  surname: {field: surname}\n"
                              "  given: {field: given}\n"
                              "  birth: {field: birth}\n"
                              "  phone: {field: phone}\n"
                              "  number: {field: number}\n"
                              "  city: {field: city}\n"
                              "  kind: {field: kind}\n"
                              "  vin: {entity: car, field: vin, reference: owner}\n"
                              "blocking:\n"
                              "  max_block: 50\n"
                              "  rules:\n"
                              "    number: {keys: [number]}\n"
                              "    phone: {keys: [phone]}\n"
                              "    name and birth: {keys: [name, birth]}\n"
                              "    car: {keys: [vin]}\n"
                              "comparisons:\n"
                              "  - name: number\n"
                              "    when: {number: known}\n"
                              "    levels:\n"
                              "      - {level: same, if: {number: exact}, implies: [birth]}\n"
                              "      - {level: different}\n"
                              "  - name: name\n"
                              "    when: {name: known}\n"
                              "    levels:\n"
                              "      - {level: same, if: {name: exact}, frequency: [name]}\n"
                              "      - {level: close, if: {name: {edit: 1}}}\n"
                              "      - {level: different}\n"
                              "  - name: birth\n"
                              "    when: {birth: known}\n"
                              "    levels:\n"
                              "      - {level: same, if: {birth: exact}}\n"
                              "      - {level: different}\n"
                              "  - name: phone\n"
                              "    when: {phone: known}\n"
                              "    levels:\n"
                              "      - {level: same, if: {phone: exact}}\n"
                              "      - {level: different}\n"
                              "  - name: car\n"
                              "    when: {vin: known}\n"
                              "    levels:\n"
                              "      - {level: same, if: {vin: exact}}\n"
                              "      - {level: different}\n"
                              "rules:\n"
                              "  never:\n"
                              "    - {reason: other numbers, if: {number: different}}\n"
                              "  ask: [{reason: other kinds, if: {kind: different}}]\n"
                              "  alone: [{reason: other cities, if: {city: different}}]\n"
                              "thresholds: {merge: 5, review: 0}\n"
                              "training:\n"
                              "  passes: [number, name and birth]\n"
                              "  relatives: [phone, car]\n"
                              "  certain: [{number: exact}, {name: exact, birth: exact}]\n"
                              "  certain_share: 0.8\n";

const char lab_model_text[] = "prior: 0.001\n"
                              "relatives: 0.25\n"
                              "comparisons:\n"
                              "  number:\n"
                              "    same: {match: 0.99, stranger: 0.00001, relative: 0.0001}\n"
                              "    different: {match: 0.01, stranger: 0.99999, relative: 0.9999}\n"
                              "  name:\n"
                              "    same: {match: 0.9, stranger: 0.001, relative: 0.001}\n"
                              "    close: {match: 0.08, stranger: 0.01, relative: 0.02}\n"
                              "    different: {match: 0.02, stranger: 0.989, relative: 0.979}\n"
                              "  birth:\n"
                              "    same: {match: 0.95, stranger: 0.001, relative: 0.002}\n"
                              "    different: {match: 0.05, stranger: 0.999, relative: 0.998}\n"
                              "  phone:\n"
                              "    same: {match: 0.8, stranger: 0.0001, relative: 0.5}\n"
                              "    different: {match: 0.2, stranger: 0.9999, relative: 0.5}\n"
                              "  car:\n"
                              "    same: {match: 0.3, stranger: 0.0001, relative: 0.3}\n"
                              "    different: {match: 0.7, stranger: 0.9999, relative: 0.7}\n"
                              "frequencies:\n"
                              "  name:\n"
                              "    rest: 0.0005\n"
                              "    values: {Ann: 0.05}\n";

const char *lab_write(struct lab *lab, const char *name, const char *text)
{
    const char *path = file_join(lab->arena, lab->folder, name);
    cr_assert(file_replace(path, slice_of(text), &lab->error), "%s", lab->error.message);
    return path;
}

static void open_folder(struct lab *lab)
{
    const char *base = getenv("TMPDIR");
    *lab = (struct lab){.arena = arena_create()};
    snprintf(lab->folder, sizeof(lab->folder), "%s/cust360-match-XXXXXX", base ? base : "/tmp");
    cr_assert(mkdtemp(lab->folder));
}

void lab_begin_with(struct lab *lab, const char *rules_text, const struct model *model)
{
    open_folder(lab);
    const char *rules = lab_write(lab, "match.yaml", rules_text);
    lab->rules = match_rules_load(lab->arena, rules, model, &lab->error);
    cr_assert(lab->rules, "%s", lab_described(lab));
    lab->input = match_input_create(lab->rules);
}

void lab_begin(struct lab *lab, const char *rules_text)
{
    lab_begin_with(lab, rules_text ? rules_text : lab_rules_text, &lab_model);
    if (!rules_text) {
        const char *model = lab_write(lab, "model.yaml", lab_model_text);
        lab->model = match_model_load(lab->arena, model, lab->rules, &lab->error);
        cr_assert(lab->model, "%s", lab_described(lab));
    }
}

void lab_end(struct lab *lab)
{
    char command[300];
    match_result_release(&lab->result);
    match_input_destroy(lab->input);
    snprintf(command, sizeof(command), "rm -rf '%s'", lab->folder);
    cr_assert_eq(system(command), 0);
    arena_destroy(lab->arena);
}

const char *lab_described(struct lab *lab)
{
    struct buffer text = BUFFER_EMPTY;
    error_describe(&lab->error, &text);
    struct slice described = buffer_slice(&text);
    ptrdiff_t folder = slice_find(described, slice_of(lab->folder));
    if (folder == 0)
        described = slice_cut(described, strlen(lab->folder) + 1, described.length);
    const char *copy = arena_text(lab->arena, described);
    buffer_release(&text);
    return copy;
}

const char *lab_refused_rules(struct lab *lab, const char *text)
{
    const char *path = lab_write(lab, "refused.yaml", text);
    lab->error = (struct error){0};
    cr_assert_null(match_rules_load(lab->arena, path, &lab_model, &lab->error), "%s", text);
    cr_assert_eq(lab->error.exit_code, EXIT_CONFIGURATION);
    return lab_described(lab);
}

static void set_value(struct lab *lab, uint32_t record, struct slice word)
{
    const struct match_attribute *attributes = NULL;
    size_t count = match_rules_attributes(lab->rules, &attributes);
    ptrdiff_t equals = slice_find(word, SLICE("="));
    cr_assert(equals > 0);
    struct slice name = slice_cut(word, 0, (size_t)equals);
    struct slice value = slice_cut(word, (size_t)equals + 1, word.length);
    for (size_t i = 0; i < count; i++)
        if (slice_equal(slice_of(attributes[i].name), name)) {
            match_input_set(lab->input, record, i, value);
            return;
        }
    cr_assert(false, "no attribute of this name: %.*s", SLICE_ARGUMENTS(name));
}

uint32_t lab_add(struct lab *lab, const char *values)
{
    char key[16];
    snprintf(key, sizeof(key), "%06u", lab->records++);
    uint32_t record = match_input_add(lab->input, SLICE("S"), slice_of(key));
    for (const char *word = values; *word;) {
        size_t length = strcspn(word, " ");
        set_value(lab, record, slice_make(word, length));
        word += length + (word[length] == ' ');
    }
    return record;
}

void lab_match(struct lab *lab, const struct match_decision *decisions, size_t count,
               unsigned threads)
{
    match_result_release(&lab->result);
    cr_assert(match_run(lab->rules, lab->model, lab->input, decisions, count, threads, &lab->result,
                        &lab->error),
              "%s", lab->error.message);
}

const char *lab_clusters(struct lab *lab)
{
    struct buffer text = BUFFER_EMPTY;
    for (uint32_t i = 0; i < lab->result.record_count; i++)
        buffer_format(&text, "%s%u", i ? " " : "", lab->result.cluster[i]);
    const char *copy = arena_text(lab->arena, buffer_slice(&text));
    buffer_release(&text);
    return copy;
}

uint32_t lab_random(uint64_t *state, uint32_t limit)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(((*state >> 33) * limit) >> 31);
}

void lab_add_random(struct lab *lab, uint64_t *state, uint32_t people)
{
    static const char *const names[] = {"Ann", "Bea", "Ben", "Carl", "Dora", "Dorah"};
    uint32_t who = lab_random(state, people);
    const char *text =
        arena_format(lab->arena, "phone=p%u", lab_random(state, 8) ? who / 2 : 100 + who);
    if (lab_random(state, 4))
        text = arena_format(lab->arena, "%s name=%s", text, names[who % 6]);
    if (lab_random(state, 2))
        text = arena_format(lab->arena, "%s birth=%u", text, 1950 + who);
    if (lab_random(state, 3) == 0)
        text = arena_format(lab->arena, "%s number=%u", text, who);
    if (lab_random(state, 3) == 0)
        text = arena_format(lab->arena, "%s vin=v%u vin=v%u", text, who / 3, who);
    if (lab_random(state, 6) == 0)
        text = arena_format(lab->arena, "%s kind=%c", text, lab_random(state, 2) ? 'x' : 'y');
    lab_add(lab, text);
}

static bool is_same_reason(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static void expect_same_pairs(const struct match_pair *a, const struct match_pair *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        cr_assert(a[i].a == b[i].a && a[i].b == b[i].b && a[i].weight == b[i].weight &&
                  is_same_reason(a[i].reason, b[i].reason));
}

void lab_expect_same(const struct match_result *a, const struct match_result *b)
{
    cr_assert_eq(a->record_count, b->record_count);
    cr_assert_eq(memcmp(a->cluster, b->cluster, a->record_count * sizeof(*a->cluster)), 0);
    cr_assert_eq(memcmp(&a->statistics, &b->statistics, sizeof(a->statistics)), 0);
    cr_assert_eq(a->link_count, b->link_count);
    cr_assert_eq(a->possible_count, b->possible_count);
    expect_same_pairs(a->links, b->links, a->link_count);
    expect_same_pairs(a->possible, b->possible, a->possible_count);
}

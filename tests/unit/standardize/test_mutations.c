/* Values that went wrong on the way, through every kind: nothing crashes or hangs, what comes out
 * is valid UTF-8 and stays as it is when it comes again, every finding has a code, and the
 * shortcuts of the engine change nothing.
 *
 * The run is the same each time: MUTATIONS values (default 20,000) from the seed MUTATION_SEED (1).
 * "make fuzz" runs a million under the sanitizers. */
#include "support.h"

#include "cust360/base/memory.h"
#include "cust360/base/text.h"
#include "cust360/extract.h"

#include <stdlib.h>

TestSuite(mutations, .init = standardize_open, .fini = standardize_close, .timeout = 3600);

enum {
    DEFAULT_VALUES = 20000,
    STARTS_OF_A_FIELD = 200, /* of the samples, beside all of the rules' own tests */
    MUTATED_BYTES = 600,
    MUTATIONS_MOST = 4,
    RESET_VALUES = 64
};

struct starts {
    struct slice *values;
    size_t count;
    size_t capacity;
    size_t tried;
    size_t unstable; /* canonical values that change when they come again */
};

struct mutation_run {
    struct project *project;
    const struct rules *rules;
    struct starts *starts; /* by kind */
    uint64_t random;
    struct rule_context quick;
    struct rule_context thorough;
    struct arena *arena; /* of the value at hand */
    char bytes[MUTATED_BYTES];
    size_t length;
};

/* SplitMix64. */
static size_t random_below(struct mutation_run *run, size_t limit)
{
    uint64_t value = run->random += UINT64_C(0x9E3779B97F4A7C15);
    value = (value ^ (value >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    value = (value ^ (value >> 27)) * UINT64_C(0x94D049BB133111EB);
    return limit > 0 ? (size_t)((value ^ (value >> 31)) % limit) : 0;
}

static size_t number_of(const char *variable, size_t otherwise)
{
    const char *text = getenv(variable);
    return text ? (size_t)strtoull(text, NULL, 10) : otherwise;
}

/* ---- values to start from ---- */

static void add_start(struct starts *starts, struct slice value)
{
    if (value.length == 0 || value.length > MUTATED_BYTES / 2)
        return;
    starts->values =
        memory_grow(starts->values, &starts->capacity, starts->count + 1, sizeof(*starts->values));
    starts->values[starts->count++] = arena_copy(standardize_arena(), value);
}

static void add_rule_tests(struct mutation_run *run)
{
    for (size_t kind = 0; kind < run->rules->count; kind++) {
        const struct node *tests = run->rules->rules[kind].tests;
        for (size_t i = 0; tests && i < node_count(tests); i++)
            add_start(&run->starts[kind], node_slice(node_find(node_item(tests, i), "in")));
    }
}

static struct starts *starts_of(struct mutation_run *run, const char *kind)
{
    for (size_t i = 0; i < run->rules->count; i++)
        if (strcmp(run->rules->rules[i].kind, kind) == 0)
            return &run->starts[i];
    return NULL;
}

static void add_row(struct mutation_run *run, const struct mapping_table *table,
                    const struct row *row)
{
    for (size_t e = 0; e < table->entity_count; e++) {
        const struct mapping_entity *mapping = &table->entities[e];
        const struct model_entity *entity = &run->project->model->entities[mapping->entity];
        for (size_t f = 0; f < mapping->field_count; f++) {
            const struct mapping_field *field = &mapping->fields[f];
            struct starts *starts = starts_of(run, entity->fields[field->field].kind);
            if (starts && field->column_count == 1)
                add_start(starts, row->values[field->columns[0]]);
        }
    }
}

static void add_source(struct mutation_run *run, const struct source *source)
{
    struct error error = {0};
    struct row_reader *reader = row_reader_open(source, &error);
    cr_assert(reader, "%s", error.message);
    struct row row = {0};
    for (int i = 0; i < STARTS_OF_A_FIELD && row_reader_next(reader, &row, &error) == ACCEPTED; i++)
        add_row(run, &source->mapping->tables[row.table], &row);
    row_reader_close(reader);
}

static void add_samples(struct mutation_run *run)
{
    struct error error = {0};
    struct project_overrides overrides = {0};
    run->project =
        project_load(standardize_arena(), "samples/group/cust360.yaml", &overrides, &error);
    cr_assert(run->project, "%s", error.message);
    for (size_t i = 0; i < run->project->source_count; i++) {
        const struct source *source = &run->project->sources[i];
        if (source->mapping->kind != SOURCE_ODBC && source->missing.exit_code == 0)
            add_source(run, source);
    }
}

/* ---- mutations ---- */

static void put_bytes(struct mutation_run *run, size_t at, size_t removed, struct slice added)
{
    char rest[MUTATED_BYTES];
    size_t rest_length = run->length - at - removed;
    if (at + added.length + rest_length > MUTATED_BYTES)
        return;
    memcpy(rest, run->bytes + at + removed, rest_length);
    memcpy(run->bytes + at, added.data, added.length);
    memcpy(run->bytes + at + added.length, rest, rest_length);
    run->length = at + added.length + rest_length;
}

static void flip(struct mutation_run *run, const struct starts *starts)
{
    (void)starts;
    if (run->length > 0)
        run->bytes[random_below(run, run->length)] ^= (char)(1 << random_below(run, 8));
}

static void cut(struct mutation_run *run, const struct starts *starts)
{
    (void)starts;
    size_t at = random_below(run, run->length);
    put_bytes(run, at, random_below(run, run->length - at + 1), SLICE(""));
}

static void double_piece(struct mutation_run *run, const struct starts *starts)
{
    (void)starts;
    char piece[MUTATED_BYTES];
    size_t at = random_below(run, run->length);
    size_t length = random_below(run, run->length - at + 1);
    memcpy(piece, run->bytes + at, length);
    for (size_t times = 1 + random_below(run, 4); times > 0; times--)
        put_bytes(run, at, 0, slice_make(piece, length));
}

/* What clerks, spreadsheets and other programs leave in values. */
static void insert(struct mutation_run *run, const struct starts *starts)
{
    static const char *const pieces[] = {
        " ",      "\t",     "\n",     "\r\n",   "'",      "\"",       "-",      "+",
        ".",      ",",      ":",      "/",      "*",      "#",        "@",      "(",
        ")",      "（",     "）",     "　",     "０",     "Ａ",       "－",     "：",
        "·",      "•",      "。",     "\u00A0", "\u200B", "\u200D",   "\u202E", "\uFEFF",
        "\uFE0F", "\u0301", "\u0308", "\u3099", "\u1100", "\u1161",   "\u0130", "\u00DF",
        "ﬁ",      "㎏",     "①",      "Ⅷ",      "\uF900", "⼀",       "𠮷",     "😀",
        "E+17",   "null",   "一",     "十",     "號",     "省",       "市",     "路",
        "0",      "8",      "X",      "\x01",   "\x7F",   "\xC2\x85", "\u2028", "\uFFFD"};
    (void)starts;
    const char *piece = pieces[random_below(run, sizeof(pieces) / sizeof(pieces[0]))];
    put_bytes(run, random_below(run, run->length + 1), 0, slice_of(piece));
}

static void insert_bytes(struct mutation_run *run, const struct starts *starts)
{
    (void)starts;
    char bytes[4];
    size_t count = 1 + random_below(run, sizeof(bytes));
    for (size_t i = 0; i < count; i++)
        bytes[i] = (char)random_below(run, 256);
    put_bytes(run, random_below(run, run->length + 1), 0, slice_make(bytes, count));
}

static void splice(struct mutation_run *run, const struct starts *starts)
{
    struct slice other = starts->values[random_below(run, starts->count)];
    size_t from = random_below(run, other.length);
    size_t at = random_below(run, run->length + 1);
    put_bytes(run, at, random_below(run, run->length - at + 1),
              slice_cut(other, from, other.length));
}

/* UTF-8 that was taken for Latin-1. */
static void decode_wrongly(struct mutation_run *run, const struct starts *starts)
{
    (void)starts;
    char bytes[2 * MUTATED_BYTES];
    size_t length = 0;
    for (size_t i = 0; i < run->length; i++)
        length += text_encode((unsigned char)run->bytes[i], bytes + length);
    if (length > MUTATED_BYTES)
        return;
    memcpy(run->bytes, bytes, length);
    run->length = length;
}

static void widen(struct mutation_run *run, const struct starts *starts)
{
    (void)starts;
    size_t at = random_below(run, run->length);
    char wide[4];
    if (at < run->length && run->bytes[at] > ' ' && run->bytes[at] < 0x7F)
        put_bytes(run, at, 1,
                  slice_make(wide, text_encode(0xFF01 + (uint32_t)(run->bytes[at] - '!'), wide)));
}

static void swap_case(struct mutation_run *run, const struct starts *starts)
{
    (void)starts;
    for (size_t i = 0; i < run->length; i++)
        if ((run->bytes[i] | 0x20) >= 'a' && (run->bytes[i] | 0x20) <= 'z')
            run->bytes[i] ^= 0x20;
}

typedef void mutation(struct mutation_run *run, const struct starts *starts);

static mutation *const mutations[] = {flip,           cut,          double_piece, insert,
                                      insert,         insert_bytes, splice,       splice,
                                      decode_wrongly, widen,        swap_case};

/* As extraction does: what is not UTF-8 becomes U+FFFD. */
static struct slice valid_text(struct mutation_run *run)
{
    char *bytes = arena_allocate_bytes(run->arena, 3 * run->length + 1);
    struct slice text = {run->bytes, run->length};
    size_t length = 0;
    for (size_t position = 0; position < text.length;)
        length += text_encode(text_next(text, &position), bytes + length);
    return slice_make(bytes, length);
}

static struct slice mutate(struct mutation_run *run, const struct starts *starts)
{
    struct slice start = starts->values[random_below(run, starts->count)];
    memcpy(run->bytes, start.data, start.length);
    run->length = start.length;
    for (size_t times = random_below(run, MUTATIONS_MOST + 1); times > 0; times--)
        mutations[random_below(run, sizeof(mutations) / sizeof(mutations[0]))](run, starts);
    return valid_text(run);
}

/* ---- what must hold ---- */

static void expect_sound(const struct rule_result *result, const char *kind, const char *value)
{
    bool has_error = false;
    cr_assert(text_is_valid(result->value, NULL), "%s '%s'", kind, value);
    for (size_t i = 0; i < result->part_count; i++)
        cr_assert(text_is_valid(result->parts[i].text, NULL) && result->parts[i].text.length > 0,
                  "%s '%s': part %s", kind, value, result->parts[i].name);
    for (size_t i = 0; i < result->finding_count; i++) {
        const struct rule_finding *found = &result->findings[i];
        cr_assert(found->code && found->code[0] && found->message && found->message[0],
                  "%s '%s': a finding without a code", kind, value);
        has_error = has_error || found->severity >= SEVERITY_ERROR;
    }
    cr_assert_eq(result->refused, has_error, "%s '%s'", kind, value);
    cr_assert(!result->refused || (result->value.length == 0 && result->part_count == 0),
              "%s '%s': refused, but something is left", kind, value);
}

static void expect_equal(const struct rule_result *a, const struct rule_result *b, const char *kind,
                         const char *value)
{
    cr_assert(slice_equal(a->value, b->value), "%s '%s': a shortcut changes it", kind, value);
    cr_assert_eq(a->part_count, b->part_count, "%s '%s'", kind, value);
    cr_assert_eq(a->finding_count, b->finding_count, "%s '%s'", kind, value);
    for (size_t i = 0; i < a->part_count; i++)
        cr_assert(strcmp(a->parts[i].name, b->parts[i].name) == 0 &&
                      slice_equal(a->parts[i].text, b->parts[i].text),
                  "%s '%s': part %s", kind, value, a->parts[i].name);
    for (size_t i = 0; i < a->finding_count; i++)
        cr_assert(strcmp(a->findings[i].code, b->findings[i].code) == 0 &&
                      a->findings[i].severity == b->findings[i].severity,
                  "%s '%s': finding %s", kind, value, a->findings[i].code);
}

static void run_rule(const struct rule *rule, struct rule_context *context, struct slice value,
                     const char *format, struct arena *arena, struct rule_result *result)
{
    struct error error = {0};
    struct rule_input input = {.value = value, .format = format, .arena = arena};
    cr_assert(rule_run(rule, context, &input, result, &error), "%s '%.*s': %s", rule->kind,
              SLICE_ARGUMENTS(value), error.message);
}

/* What becomes of a canonical value that comes again. A hint tells how the source writes; what is
 * canonical may need none. */
static struct slice stable_form(struct mutation_run *run, const struct rule *rule,
                                struct slice value, const char *format)
{
    struct rule_result result;
    run_rule(rule, &run->quick, value, format, run->arena, &result);
    if (!slice_equal(value, result.value))
        run_rule(rule, &run->quick, value, NULL, run->arena, &result);
    return result.value;
}

/* Whether the canonical value stays as it is when it comes again. */
static bool try_value(struct mutation_run *run, const struct rule *rule, struct slice value,
                      const char *format)
{
    struct rule_result result;
    struct rule_result other;
    const char *text = arena_text(run->arena, value);
    run_rule(rule, &run->quick, value, format, run->arena, &result);
    expect_sound(&result, rule->kind, text);
    run_rule(rule, &run->thorough, value, format, run->arena, &other);
    expect_equal(&result, &other, rule->kind, text);
    if (result.value.length == 0)
        return true;
    return slice_equal(result.value, stable_form(run, rule, result.value, format));
}

static void open_run(struct mutation_run *run)
{
    memset(run, 0, sizeof(*run));
    run->rules = standardize_rules();
    run->random = number_of("MUTATION_SEED", 1);
    run->starts = memory_allocate_array(run->rules->count, sizeof(*run->starts));
    run->arena = arena_create();
    rule_context_open(&run->quick, run->rules->reference, STANDARDIZE_TODAY);
    rule_context_open(&run->thorough, run->rules->reference, STANDARDIZE_TODAY);
    rule_context_be_thorough(&run->thorough);
    add_rule_tests(run);
    add_samples(run);
}

static void close_run(struct mutation_run *run)
{
    for (size_t i = 0; i < run->rules->count; i++)
        memory_free(run->starts[i].values);
    memory_free(run->starts);
    rule_context_close(&run->quick);
    rule_context_close(&run->thorough);
    arena_destroy(run->arena);
}

Test(mutations, leave_every_kind_sound)
{
    static const char *const formats[] = {NULL,    NULL, NULL, "d/m/y", "m/d/y", "roc",
                                          "excel", "tw", "hk", ",",     "021"};
    struct mutation_run run;
    open_run(&run);
    size_t count = number_of("MUTATIONS", DEFAULT_VALUES);
    for (size_t i = 0; i < count; i++) {
        size_t kind = i % run.rules->count;
        if (i % RESET_VALUES == 0)
            arena_reset(run.arena);
        if (run.starts[kind].count == 0)
            continue;
        struct slice value = mutate(&run, &run.starts[kind]);
        const char *format = formats[random_below(&run, sizeof(formats) / sizeof(formats[0]))];
        run.starts[kind].tried++;
        run.starts[kind].unstable += !try_value(&run, &run.rules->rules[kind], value, format);
    }
    /* A star or a gap within a telephone number may be read as an extension once and not twice. */
    for (size_t kind = 0; kind < run.rules->count; kind++)
        cr_expect_leq(run.starts[kind].unstable, 2 + run.starts[kind].tried / 1000,
                      "%s: %zu of %zu do not stay as they have become", run.rules->rules[kind].kind,
                      run.starts[kind].unstable, run.starts[kind].tried);
    close_run(&run);
}

Test(mutations, start_from_values_of_every_kind)
{
    struct mutation_run run;
    open_run(&run);
    for (size_t i = 0; i < run.rules->count; i++) {
        cr_expect_gt(run.starts[i].count, 0, "%s has no test to start from",
                     run.rules->rules[i].kind);
        for (size_t v = 0; v < run.starts[i].count; v++)
            cr_expect(try_value(&run, &run.rules->rules[i], run.starts[i].values[v], NULL),
                      "%s '%s' does not stay as it has become", run.rules->rules[i].kind,
                      standardize_text(run.starts[i].values[v]));
        arena_reset(run.arena);
    }
    close_run(&run);
}

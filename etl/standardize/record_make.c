#include "standardize/record_make.h"
#include "cust360/base/hash.h"
#include "cust360/base/map.h"
#include "cust360/base/memory.h"
#include "cust360/base/text.h"

enum {
    SHOWN_BYTES_MAX = 16,      /* of a value that is not personal: longer ones are masked, */
    SHOWN_DIGITS_MAX = 8,      /* so are those with more digits (a number in the wrong column) */
    CODE_LOWER_BYTES_MAX = 64, /* longer texts are no codes */
};

void add_row_finding(struct standardizer *standardizer, struct finding finding)
{
    standardizer->findings =
        memory_grow(standardizer->findings, &standardizer->finding_capacity,
                    standardizer->finding_count + 1, sizeof(*standardizer->findings));
    standardizer->findings[standardizer->finding_count++] = finding;
}

void add_record_finding(struct making *making, size_t field, const struct rule_finding *found,
                        const struct found_text *text)
{
    struct finding finding = {.entity = making->entity->mapping->entity,
                              .field = field,
                              .code = found->code,
                              .rule = found->place,
                              .message = found->message,
                              .severity = found->severity,
                              .key = making->key};
    if (found->severity == SEVERITY_FATAL)
        making->rejected = true;
    if (text) {
        finding.value = text->masked;
        finding.given = text->given;
        finding.proposal = text->proposal;
    }
    add_row_finding(making->standardizer, finding);
}

/* A short value of a field that is not personal is more use whole, unless it looks like something
 * personal that stands in the wrong column. */
static struct slice mask_value(struct arena *arena, const struct model_field *field,
                               struct slice value)
{
    size_t digits = 0;
    for (size_t i = 0; i < value.length; i++)
        digits += value.data[i] >= '0' && value.data[i] <= '9';
    if (field->personal || value.length > SHOWN_BYTES_MAX || digits > SHOWN_DIGITS_MAX)
        return text_mask(arena, value);
    return arena_copy(arena, value);
}

struct found_text found_text_of(struct making *making, size_t field, struct slice text)
{
    const struct model_field *model = making->entity->fields[field].model;
    return (struct found_text){.given = arena_copy(making->arena, text),
                               .masked = mask_value(making->arena, model, text)};
}

static void refuse(struct making *making, const struct model_field *field, struct slice text)
{
    struct buffer *buffer = &making->standardizer->refused;
    if (!making->has_refused) {
        buffer_clear(buffer);
        making->refused = (struct json_writer)JSON_WRITER_COMPACT(buffer);
        json_object_begin(&making->refused, NULL);
    }
    making->has_refused = true;
    json_text(&making->refused, field->name, text);
}

/* The columns that are not empty, with `join` between them. Borrowed until the next call. */
static struct slice join_columns(struct making *making, const struct mapping_field *mapping)
{
    struct buffer *joined = &making->standardizer->joined;
    buffer_clear(joined);
    for (size_t i = 0; i < mapping->column_count; i++) {
        struct slice text = column_text(making, mapping->columns[i]);
        if (text.length == 0)
            continue;
        if (joined->length > 0)
            buffer_append_text(joined, mapping->join ? mapping->join : " ");
        buffer_append(joined, text);
    }
    return rule_trim(buffer_slice(joined));
}

/* Trimmed. */
static struct slice field_text(struct making *making, const struct field_plan *plan)
{
    if (plan->column != FIELD_NONE)
        return column_text(making, plan->column);
    if (plan->mapping->column_count == 0)
        return rule_trim(slice_of(plan->mapping->constant));
    return join_columns(making, plan->mapping);
}

/* A key keeps its empty columns, so that "7||A" and "7|A|" stay two keys. */
static struct slice make_key(struct making *making)
{
    const struct mapping_entity *mapping = making->entity->mapping;
    struct buffer *joined = &making->standardizer->joined;
    bool present = false;
    if (mapping->key_count == 1 && !mapping->key_suffix) {
        struct slice key = column_text(making, mapping->key[0]);
        return key.length > 0 ? arena_copy(making->arena, key) : slice_make(NULL, 0);
    }
    buffer_clear(joined);
    for (size_t i = 0; i < mapping->key_count; i++) {
        struct slice text = column_text(making, mapping->key[i]);
        present = present || text.length > 0;
        if (i > 0)
            buffer_append_byte(joined, '|');
        buffer_append(joined, text);
    }
    if (mapping->key_suffix) {
        buffer_append_byte(joined, '|');
        buffer_append_text(joined, mapping->key_suffix);
    }
    return present ? arena_copy(making->arena, buffer_slice(joined)) : slice_make(NULL, 0);
}

/* The index of the standard code that a text means, or MAP_NONE. */
static uint32_t code_index(const struct field_plan *plan, struct slice text)
{
    char lower[CODE_LOWER_BYTES_MAX];
    bool differs = false;
    if (text.length == 1)
        return plan->short_codes[(unsigned char)text.data[0]];
    uint32_t index = map_find(plan->codes, text);
    if (index != MAP_NONE || text.length > CODE_LOWER_BYTES_MAX)
        return index;
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.data[i];
        bool is_capital = byte >= 'A' && byte <= 'Z';
        lower[i] = is_capital ? (char)(byte - 'A' + 'a') : byte;
        differs = differs || is_capital;
    }
    return differs ? map_find(plan->codes, slice_make(lower, text.length)) : MAP_NONE;
}

/* The standard code that a text means: *target; false when it is none. */
static bool find_code(const struct field_plan *plan, struct slice text, struct slice *target)
{
    uint32_t index = plan->codes ? code_index(plan, text) : MAP_NONE;
    if (index == MAP_NONE)
        return false;
    *target = plan->targets[index];
    return true;
}

/* The first field that a part becomes, by name. */
static size_t find_part_field(const struct making *making, size_t from, const char *part)
{
    const struct model_entity *model = making->entity->model;
    for (size_t i = 0; i < model->field_count; i++)
        if ((model->fields[i].from == from || model->fields[i].otherwise == from) &&
            strcmp(model->fields[i].part, part) == 0)
            return i;
    return FIELD_NONE;
}

/* The same from memory. Parts mostly come in the same order: *next is where to look first. */
static size_t part_field(const struct making *making, size_t from, const char *part, size_t *next)
{
    struct field_plan *plan = &making->entity->fields[from];
    for (size_t i = 0; i < plan->part_target_count; i++) {
        size_t at =
            *next + i < plan->part_target_count ? *next + i : *next + i - plan->part_target_count;
        if (plan->part_targets[at].name == part) {
            *next = at + 1;
            return plan->part_targets[at].field;
        }
    }
    size_t field = find_part_field(making, from, part);
    if (plan->part_target_count < PART_TARGETS_MAX)
        plan->part_targets[plan->part_target_count++] = (struct part_target){part, field};
    return field;
}

/* Of parts with the same name the first counts. */
static void keep_parts(struct making *making, size_t from)
{
    const struct rule_result *result = &making->standardizer->result;
    const struct field_plan *plan = &making->entity->fields[from];
    struct slice *derived = making->derived;
    size_t next = 0;
    for (size_t i = 0; i < result->part_count; i++) {
        const struct check_part *part = &result->parts[i];
        size_t field;
        if (next < plan->part_target_count && plan->part_targets[next].name == part->name)
            field = plan->part_targets[next++].field;
        else
            field = part_field(making, from, part->name, &next);
        if (field != FIELD_NONE && derived[field].length == 0)
            derived[field] = part->text;
    }
}

/* Findings and the refused text of a field that went through its chain. */
static void keep_findings(struct making *making, size_t field, struct slice text)
{
    const struct rule_result *result = &making->standardizer->result;
    if (result->finding_count == 0)
        return;
    if (making->standardizer->values_only) {
        for (size_t i = 0; i < result->finding_count; i++)
            making->rejected |= result->findings[i].severity == SEVERITY_FATAL;
        return;
    }
    struct found_text found = found_text_of(making, field, text);
    for (size_t i = 0; i < result->finding_count; i++) {
        found.proposal = result->findings[i].proposes ? result->value : slice_make(NULL, 0);
        add_record_finding(making, field, &result->findings[i], &found);
    }
    if (result->refused)
        refuse(making, making->entity->fields[field].model, text);
}

static void unknown_code(struct making *making, size_t field, struct slice text)
{
    const struct model_field *model = making->entity->fields[field].model;
    struct rule_finding found = {
        "unknown_code", "",
        arena_format(making->arena,
                     "The code is not in the mapping and not a code of the set %s. Choose one of "
                     "the codes, or have the mapping told what it means.",
                     model->code_set),
        SEVERITY_WARNING, false};
    struct found_text shown = found_text_of(making, field, text);
    add_record_finding(making, field, &found, &shown);
    refuse(making, model, text);
    making->marks[field] = FIELD_WARNED | FIELD_REFUSED;
}

static bool run_chain(struct making *making, size_t field, struct slice text, struct error *error)
{
    const struct field_plan *plan = &making->entity->fields[field];
    struct standardizer *standardizer = making->standardizer;
    struct rule_input input = {.value = text,
                               .format = plan->mapping->format,
                               .entity = making->entity->model,
                               .values = making->values,
                               .arena = making->arena};
    if (!rule_run(plan->rule, &standardizer->context, &input, &standardizer->result, error))
        return false;
    making->values[field] = standardizer->result.value;
    if (plan->has_parts)
        keep_parts(making, field);
    return true;
}

/* Kind code: the text itself or what its chain makes of it must be a code. */
static bool make_code(struct making *making, size_t field, struct slice text, struct error *error)
{
    const struct field_plan *plan = &making->entity->fields[field];
    struct slice target = {0};
    if (find_code(plan, text, &target)) {
        making->values[field] = target;
        return true;
    }
    if (text.length == 0)
        return true;
    if (!run_chain(making, field, text, error))
        return false;
    keep_findings(making, field, text);
    mark_field(making, field, making->values[field]);
    struct slice value = making->values[field];
    making->values[field] = slice_make(NULL, 0);
    if (value.length > 0 && find_code(plan, value, &target))
        making->values[field] = target;
    else if (value.length > 0 && !making->standardizer->values_only)
        unknown_code(making, field, text);
    return true;
}

static bool standardize_field(struct making *making, size_t field, struct slice text,
                              struct error *error)
{
    const struct field_plan *plan = &making->entity->fields[field];
    if (plan->coded)
        return make_code(making, field, text, error);
    struct slice target = text;
    if (plan->codes)
        find_code(plan, text, &target);
    if (target.length == 0)
        return true;
    if (!run_chain(making, field, target, error))
        return false;
    /* Of a value that nothing was found about and that stays as it came there is nothing to say. */
    if (making->standardizer->result.finding_count == 0 &&
        slice_equal(making->values[field], target))
        return true;
    keep_findings(making, field, text);
    if (!making->standardizer->values_only)
        mark_field(making, field, target);
    return true;
}

/* What a steward sees beside the value is kept too; a refused text stands with its finding. */
static bool make_field(struct making *making, size_t field, struct error *error)
{
    const struct field_plan *plan = &making->entity->fields[field];
    struct slice text = field_text(making, plan);
    if (!standardize_field(making, field, text, error))
        return false;
    if (making->keeps_delivered && making->values[field].length > 0 &&
        !slice_equal(making->values[field], text))
        delivered_add(&making->standardizer->delivered, field, text);
    return true;
}

/* What only a field further down could tell: whether its customer is a person. */
static void take_otherwise(struct making *making)
{
    const struct entity_plan *entity = making->entity;
    for (size_t i = 0; i < entity->otherwise_count; i++) {
        size_t field = entity->otherwise[i];
        if (making->values[field].length == 0)
            making->values[field] = making->derived[field];
    }
}

static bool make_fields(struct making *making, struct error *error)
{
    const struct entity_plan *entity = making->entity;
    for (size_t i = 0; i < entity->taken_from; i++) {
        size_t field = entity->order[i];
        const struct field_plan *plan = &entity->fields[field];
        if (plan->mapping && !plan->passed_over && !make_field(making, field, error))
            return false;
        if (making->values[field].length == 0)
            making->values[field] = making->derived[plan->derived_as];
        if (!plan->required || making->values[field].length > 0)
            continue;
        struct rule_finding found = {"required", "",
                                     arena_format(making->arena,
                                                  "A record without %s is not taken: enter it.",
                                                  plan->model->label),
                                     SEVERITY_FATAL, false};
        add_record_finding(making, field, &found, NULL);
    }
    take_otherwise(making);
    for (size_t i = entity->taken_from; i < entity->order_count; i++) {
        size_t field = entity->order[i];
        making->values[field] = making->derived[entity->fields[field].derived_as];
    }
    return true;
}

/* Each text goes on from the hash of those before, with its place. A missing value is not the same
 * as an empty one. */
static inline uint64_t hash_value(uint64_t hash, size_t place, struct slice text)
{
    return text.data ? hash_further(hash + place, text) : hash;
}

static uint64_t hash_record(const struct making *making, const struct record *record)
{
    const struct entity_plan *entity = making->entity;
    const struct slice *values = record->values;
    const size_t *order = entity->order;
    size_t count = entity->order_count;
    uint64_t hash = hash_value(entity->name_hash, 0, record->key);
    for (size_t i = 0; i < count; i++)
        hash = hash_value(hash, order[i] + 1, values[order[i]]);
    return hash_combine(hash_value(hash, SIZE_MAX, record->refused), count);
}

void record_finish(struct making *making, struct record *record)
{
    record->entity = making->entity->mapping->entity;
    record->key = making->key;
    record->values = making->values;
    record->marks = making->marks;
    record->refused = slice_make(NULL, 0);
    if (making->has_refused) {
        json_object_end(&making->refused);
        record->refused = arena_copy(making->arena, buffer_slice(making->refused.buffer));
    }
    record->delivered = slice_make(NULL, 0);
    if (making->standardizer->delivered.length > 0)
        record->delivered =
            arena_copy(making->arena, buffer_slice(&making->standardizer->delivered));
    record->hash = making->standardizer->values_only ? 0 : hash_record(making, record);
}

/* 6.22848E+18: a spreadsheet has rounded the number, and many records would have the same. */
static bool is_rounded(struct slice text)
{
    enum { SHORTEST = 5 };
    size_t at = 0;
    size_t digits = 0;
    if (text.length < SHORTEST || !memchr(text.data, '+', text.length))
        return false;
    for (; at < text.length && (text_is_digit_byte(text.data[at]) || text.data[at] == '.'); at++)
        digits += text.data[at] != '.';
    if (digits == 0 || at + 2 >= text.length || (text.data[at] | 0x20) != 'e' ||
        text.data[at + 1] != '+')
        return false;
    for (at += 2; at < text.length; at++)
        if (!text_is_digit_byte(text.data[at]))
            return false;
    return true;
}

static void check_key(struct making *making)
{
    struct rule_finding missing = {"key", "", "The record has no number of its own: give it one.",
                                   SEVERITY_FATAL, false};
    struct rule_finding rounded = {"lost_precision", "",
                                   "A spreadsheet has rounded the record's number; its last "
                                   "digits are lost: export the column as text.",
                                   SEVERITY_FATAL, false};
    if (making->key.length == 0) {
        add_record_finding(making, FIELD_NONE, &missing, NULL);
        return;
    }
    const struct mapping_entity *mapping = making->entity->mapping;
    for (size_t i = 0; i < mapping->key_count; i++)
        if (is_rounded(column_text(making, mapping->key[i]))) {
            add_record_finding(making, FIELD_NONE, &rounded, NULL);
            return;
        }
}

static void begin_record(struct making *making)
{
    struct arena *arena = making->arena;
    size_t field_count = making->entity->model->field_count;
    making->values = arena_allocate_array(arena, field_count, sizeof(*making->values));
    making->marks = arena_allocate_array(arena, field_count, sizeof(*making->marks));
    making->derived = making->standardizer->derived;
    memset(making->derived, 0, field_count * sizeof(*making->derived));
    making->has_refused = false;
    making->keeps_delivered =
        making->entity->model->keep_delivered && !making->standardizer->values_only;
    making->standardizer->delivered.length = 0;
    making->rejected = false;
    making->key = make_key(making);
}

bool record_make(struct making *making, struct error *error)
{
    begin_record(making);
    check_key(making);
    if (!make_fields(making, error))
        return false;
    if (!making->standardizer->values_only)
        find_contradictions(making);
    return true;
}

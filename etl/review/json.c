#include "cust360/base/text.h"
#include "json_value.h"

/* What people see of personal values is decided here, on the server: what is masked does not leave
 * it. */

void json_value(struct json_writer *json, const char *key, const char *text)
{
    json_text(json, key, slice_of(text));
}

void json_masked(struct json_writer *json, const char *key, const char *text, bool mask)
{
    if (!mask || !text || !*text) {
        json_value(json, key, text);
        return;
    }
    struct arena *arena = arena_create();
    json_text(json, key, text_mask(arena, slice_of(text)));
    arena_destroy(arena);
}

static void write_item(struct json_writer *json, const char *key, const struct review_item *item,
                       bool mask)
{
    json_object_begin(json, key);
    json_value(json, "key", item->key);
    json_value(json, "kind", review_kind_name(item->kind));
    json_value(json, "status", review_status_name(item->status));
    json_masked(json, "name_a", item->name_a, mask);
    json_masked(json, "name_b", item->name_b, mask);
    json_value(json, "source_a", item->source_a);
    json_value(json, "key_a", item->key_a);
    json_value(json, "source_b", item->source_b);
    json_value(json, "key_b", item->key_b);
    json_value(json, "attribute", item->attribute);
    json_value(json, "reason", item->reason);
    json_number(json, "bits", item->weight_bits);
    json_number(json, "impact", item->impact);
    json_number(json, "uncertainty", item->uncertainty);
    json_number(json, "priority", item->priority);
    json_value(json, "first_seen", item->first_seen);
    json_integer(json, "age_days", item->age_days);
    json_value(json, "leased_by", item->leased_by);
    json_boolean(json, "flagged", item->flagged);
    json_object_end(json);
}

void review_json_page(struct json_writer *json, const char *key, const struct review_page *page)
{
    json_object_begin(json, key);
    json_integer(json, "total", (int64_t)page->total);
    json_array_begin(json, "items");
    for (size_t i = 0; i < page->count; i++)
        write_item(json, NULL, &page->items[i], true);
    json_array_end(json);
    json_object_begin(json, "facets");
    for (size_t i = 0; i < page->facet_count; i++) {
        json_array_begin(json, page->facets[i].name);
        for (size_t j = 0; j < page->facets[i].value_count; j++) {
            json_object_begin(json, NULL);
            json_value(json, "value", page->facets[i].values[j].value);
            json_integer(json, "count", (int64_t)page->facets[i].values[j].count);
            json_object_end(json);
        }
        json_array_end(json);
    }
    json_object_end(json);
    json_object_end(json);
}

/* ---- one case ---- */

static void write_record(struct json_writer *json, const struct review_record *record)
{
    json_object_begin(json, NULL);
    json_integer(json, "record_id", record->record_id);
    json_value(json, "source", record->source);
    json_value(json, "system", record->system);
    json_value(json, "key", record->key);
    json_integer(json, "trust", record->trust);
    json_value(json, "golden_id", record->golden_id);
    json_value(json, "file", record->file);
    json_integer(json, "line", record->line);
    json_value(json, "updated", record->updated);
    json_boolean(json, "of_a", record->of_a);
    json_object_end(json);
}

static void write_field(struct json_writer *json, const struct review_field *field, size_t count,
                        bool mask)
{
    static const char *const differences[] = {
        [REVIEW_EQUAL] = "equal",
        [REVIEW_DIFFERS] = "differs",
        [REVIEW_CONTRARY] = "contrary",
        [REVIEW_MISSING] = "missing",
    };
    bool masked = mask && field->personal;
    json_object_begin(json, NULL);
    json_value(json, "name", field->name);
    json_value(json, "label", field->label);
    json_value(json, "kind", field->kind);
    json_boolean(json, "personal", field->personal);
    json_value(json, "difference", differences[field->difference]);
    json_masked(json, "golden_a", field->golden_a, masked);
    json_masked(json, "golden_b", field->golden_b, masked);
    json_value(json, "rule", field->rule);
    json_value(json, "rule_in_words", field->rule_in_words);
    json_array_begin(json, "cells");
    for (size_t i = 0; i < count; i++) {
        const struct review_cell *cell = &field->cells[i];
        json_object_begin(json, NULL);
        json_masked(json, "value", masked && cell->masked ? cell->masked : cell->value,
                    masked && !cell->masked);
        json_masked(json, "given", cell->given, masked);
        json_value(json, "finding", cell->finding);
        json_value(json, "code", cell->code);
        json_value(json, "differs", cell->differs);
        json_boolean(json, "repaired", cell->repaired);
        json_boolean(json, "wins", cell->wins);
        json_object_end(json);
    }
    json_array_end(json);
    json_object_end(json);
}

static void write_parts(struct json_writer *json, const struct review_case *found)
{
    json_array_begin(json, "parts");
    for (size_t i = 0; i < found->part_count; i++) {
        const struct review_part *part = &found->parts[i];
        json_object_begin(json, NULL);
        json_value(json, "comparison", part->comparison);
        json_value(json, "comparison_zh", part->comparison_zh);
        json_value(json, "level", part->level);
        json_value(json, "level_zh", part->level_zh);
        json_number(json, "bits", part->bits);
        json_value(json, "sentence", part->sentence);
        json_value(json, "frequency", part->frequency);
        json_value(json, "frequency_zh", part->frequency_zh);
        json_object_end(json);
    }
    json_array_end(json);
}

static void write_links(struct json_writer *json, const struct review_case *found)
{
    json_array_begin(json, "links");
    for (size_t i = 0; i < found->link_count; i++) {
        const struct review_link *link = &found->links[i];
        json_object_begin(json, NULL);
        json_integer(json, "a", (int64_t)link->a);
        json_integer(json, "b", (int64_t)link->b);
        json_number(json, "bits", link->bits);
        json_boolean(json, "possible", link->possible);
        json_boolean(json, "weak", link->weak);
        json_object_end(json);
    }
    json_array_end(json);
}

static void write_said(struct json_writer *json, const struct review_case *found)
{
    json_array_begin(json, "said");
    for (size_t i = 0; i < found->said_count; i++) {
        const struct review_said *said = &found->said[i];
        json_object_begin(json, NULL);
        json_integer(json, "decision_id", said->decision_id);
        json_value(json, "kind", said->kind);
        json_value(json, "who", said->who);
        json_value(json, "when", said->when);
        json_value(json, "comment", said->comment);
        json_value(json, "changed", said->changed);
        json_boolean(json, "stale", said->stale);
        json_object_end(json);
    }
    json_array_end(json);
}

void review_json_case(struct json_writer *json, const char *key, const struct review_case *found,
                      bool mask)
{
    json_object_begin(json, key);
    write_item(json, "item", &found->item, mask);
    json_value(json, "seen", found->seen);
    json_boolean(json, "blind", found->blind);
    json_boolean(json, "four_eyes", found->four_eyes);
    json_value(json, "question", found->question);
    json_value(json, "question_zh", found->question_zh);
    json_array_begin(json, "records");
    for (size_t i = 0; i < found->record_count; i++)
        write_record(json, &found->records[i]);
    json_array_end(json);
    json_array_begin(json, "fields");
    for (size_t i = 0; i < found->field_count; i++)
        write_field(json, &found->fields[i], found->record_count, mask);
    json_array_end(json);
    json_value(json, "sentence", found->sentence);
    json_value(json, "sentence_zh", found->sentence_zh);
    json_number(json, "bits", found->bits);
    json_number(json, "prior", found->prior);
    write_parts(json, found);
    json_value(json, "blocks", found->blocks);
    json_value(json, "blocks_zh", found->blocks_zh);
    write_links(json, found);
    write_said(json, found);
    json_object_end(json);
}

#include "json_value.h"

static void write_texts(struct json_writer *json, const char *key, const char *const *texts,
                        size_t count, bool mask)
{
    json_array_begin(json, key);
    for (size_t i = 0; i < count; i++)
        json_masked(json, NULL, texts[i], mask);
    json_array_end(json);
}

static void write_goldens(struct json_writer *json, const char *key,
                          const struct review_preview *preview, bool before, bool mask)
{
    const struct review_golden *goldens = before ? preview->before : preview->after;
    size_t count = before ? preview->before_count : preview->after_count;
    json_array_begin(json, key);
    for (size_t i = 0; i < count; i++) {
        json_object_begin(json, NULL);
        json_value(json, "golden_id", goldens[i].golden_id);
        json_integer(json, "records", (int64_t)goldens[i].records);
        write_texts(json, "values", goldens[i].values, preview->column_count, mask);
        write_texts(json, "rules", goldens[i].rules, preview->column_count, false);
        json_object_end(json);
    }
    json_array_end(json);
}

void review_json_preview(struct json_writer *json, const char *key,
                         const struct review_preview *preview, bool mask)
{
    json_object_begin(json, key);
    write_texts(json, "columns", preview->columns, preview->column_count, false);
    write_goldens(json, "before", preview, true, mask);
    write_goldens(json, "after", preview, false, mask);
    json_integer(json, "records", (int64_t)preview->records);
    json_integer(json, "vehicles", (int64_t)preview->vehicles);
    json_integer(json, "orders", (int64_t)preview->orders);
    json_object_begin(json, "consents");
    json_integer(json, "granted", (int64_t)preview->consents.granted);
    json_integer(json, "refused", (int64_t)preview->consents.refused);
    json_integer(json, "contrary", (int64_t)preview->consents.contrary);
    json_object_end(json);
    write_texts(json, "targets", preview->targets, preview->target_count, false);
    json_value(json, "refused", preview->refused);
    json_object_end(json);
}

void review_json_answer(struct json_writer *json, const char *key,
                        const struct review_answer *answer)
{
    static const char *const effects[] = {
        [REVIEW_APPLIED] = "applied",   [REVIEW_WAITS] = "waits",
        [REVIEW_NEXT_RUN] = "next_run", [REVIEW_NEEDS_SECOND] = "needs_second",
        [REVIEW_NOTED] = "noted",
    };
    json_object_begin(json, key);
    json_value(json, "effect", effects[answer->effect]);
    json_integer(json, "decision_id", answer->decision_id);
    json_value(json, "sentence", answer->sentence);
    write_texts(json, "golden_ids", answer->golden_ids, answer->golden_count, false);
    json_object_end(json);
}

void review_json_bulk(struct json_writer *json, const char *key, const struct review_bulk *bulk)
{
    json_object_begin(json, key);
    json_value(json, "bulk", bulk->token);
    json_integer(json, "decided", (int64_t)bulk->decided);
    json_integer(json, "for_second", (int64_t)bulk->for_second);
    json_integer(json, "settled", (int64_t)bulk->settled);
    json_object_end(json);
}

void review_json_refusals(struct json_writer *json, const char *key,
                          const struct review_refusal *refusals, size_t count)
{
    json_array_begin(json, key);
    for (size_t i = 0; i < count; i++) {
        json_object_begin(json, NULL);
        json_value(json, "key", refusals[i].key);
        json_value(json, "reason", refusals[i].reason);
        json_object_end(json);
    }
    json_array_end(json);
}

void review_json_glances(struct json_writer *json, const char *key,
                         const struct review_glance *glances, size_t count)
{
    json_array_begin(json, key);
    for (size_t i = 0; i < count; i++) {
        json_object_begin(json, NULL);
        json_value(json, "key", glances[i].key);
        json_value(json, "seen", glances[i].seen);
        json_value(json, "sentence", glances[i].sentence);
        json_value(json, "sentence_zh", glances[i].sentence_zh);
        json_boolean(json, "blind", glances[i].blind);
        json_object_end(json);
    }
    json_array_end(json);
}

static void write_failures(struct json_writer *json, const struct review_stats *stats)
{
    json_array_begin(json, "failed");
    for (size_t i = 0; i < stats->failure_count; i++) {
        const struct review_failure *failure = &stats->failures[i];
        json_object_begin(json, NULL);
        json_integer(json, "waiting_id", failure->waiting_id);
        json_value(json, "who", failure->who);
        json_value(json, "when", failure->when);
        json_value(json, "word", failure->word);
        json_value(json, "key", failure->key);
        json_value(json, "reason", failure->reason);
        json_object_end(json);
    }
    json_array_end(json);
}

static void write_publishing(struct json_writer *json, const struct review_publishing *publishing)
{
    json_object_begin(json, "publishing");
    json_value(json, "state", review_publishing_name(publishing->state));
    json_value(json, "when", publishing->when);
    json_value(json, "reason", publishing->reason);
    json_object_end(json);
}

void review_json_stats(struct json_writer *json, const char *key, const struct review_stats *stats)
{
    json_object_begin(json, key);
    json_integer(json, "left", (int64_t)stats->left);
    json_object_begin(json, "left_by_kind");
    for (size_t i = 0; i < REVIEW_KINDS; i++)
        json_integer(json, review_kind_name((enum review_kind)i), (int64_t)stats->left_by_kind[i]);
    json_object_end(json);
    json_integer(json, "unsure", (int64_t)stats->unsure);
    json_integer(json, "second", (int64_t)stats->second);
    json_integer(json, "cleared", (int64_t)stats->cleared);
    json_integer(json, "cleared_today", (int64_t)stats->cleared_today);
    json_number(json, "per_hour", stats->per_hour);
    json_integer(json, "oldest_days", stats->oldest_days);
    json_number(json, "mean_age_days", stats->mean_age_days);
    json_integer(json, "controls", (int64_t)stats->controls);
    json_integer(json, "agreed", (int64_t)stats->agreed);
    json_integer(json, "waiting", (int64_t)stats->waiting);
    write_failures(json, stats);
    json_integer(json, "unpublished", (int64_t)stats->unpublished);
    write_publishing(json, &stats->publishing);
    json_array_begin(json, "stewards");
    for (size_t i = 0; i < stats->steward_count; i++) {
        const struct review_steward *steward = &stats->stewards[i];
        json_object_begin(json, NULL);
        json_value(json, "who", steward->who);
        json_integer(json, "cleared", (int64_t)steward->cleared);
        json_integer(json, "today", (int64_t)steward->today);
        json_number(json, "per_hour", steward->per_hour);
        json_integer(json, "controls", (int64_t)steward->controls);
        json_integer(json, "agreed", (int64_t)steward->agreed);
        json_object_end(json);
    }
    json_array_end(json);
    json_object_end(json);
}

void review_json_decisions(struct json_writer *json, const char *key,
                           const struct review_decision *decisions, size_t count, bool mask)
{
    json_array_begin(json, key);
    for (size_t i = 0; i < count; i++) {
        const struct review_decision *decision = &decisions[i];
        json_object_begin(json, NULL);
        json_integer(json, "decision_id", decision->decision_id);
        json_value(json, "word", decision->word);
        json_value(json, "when", decision->when);
        json_value(json, "who", decision->who);
        json_value(json, "a", decision->a);
        json_value(json, "b", decision->b);
        json_value(json, "attribute", decision->attribute);
        json_masked(json, "value", decision->value, mask);
        json_value(json, "until", decision->until);
        json_value(json, "comment", decision->comment);
        json_boolean(json, "undone", decision->undone);
        json_boolean(json, "confirmed", decision->confirmed);
        json_object_end(json);
    }
    json_array_end(json);
}

void review_json_hits(struct json_writer *json, const char *key, const struct review_hit *hits,
                      size_t count, bool mask)
{
    json_array_begin(json, key);
    for (size_t i = 0; i < count; i++) {
        json_object_begin(json, NULL);
        json_value(json, "golden_id", hits[i].golden_id);
        json_masked(json, "name", hits[i].name, mask);
        json_value(json, "city", hits[i].city);
        json_masked(json, "mobile", hits[i].mobile, mask);
        json_value(json, "found_by", hits[i].found_by);
        json_masked(json, "found", hits[i].found, mask);
        json_object_end(json);
    }
    json_array_end(json);
}

static void write_origin(struct json_writer *json, const struct review_origin *origin, bool mask)
{
    json_object_begin(json, NULL);
    json_value(json, "attribute", origin->attribute);
    json_value(json, "label", origin->label);
    json_masked(json, "value", origin->value, mask && origin->personal);
    json_boolean(json, "personal", origin->personal);
    json_value(json, "rule", origin->rule);
    json_value(json, "rule_in_words", origin->rule_in_words);
    json_value(json, "source", origin->source);
    json_value(json, "key", origin->key);
    json_value(json, "file", origin->file);
    json_integer(json, "line", origin->line);
    json_object_end(json);
}

void review_json_customer(struct json_writer *json, const char *key,
                          const struct review_customer *customer, bool mask)
{
    json_object_begin(json, key);
    json_value(json, "golden_id", customer->golden_id);
    json_value(json, "asked_id", customer->asked_id);
    json_array_begin(json, "origins");
    for (size_t i = 0; i < customer->origin_count; i++)
        write_origin(json, &customer->origins[i], mask);
    json_array_end(json);
    json_array_begin(json, "records");
    for (size_t i = 0; i < customer->record_count; i++) {
        json_object_begin(json, NULL);
        json_integer(json, "record_id", customer->records[i].record_id);
        json_value(json, "source", customer->records[i].source);
        json_value(json, "key", customer->records[i].key);
        json_value(json, "updated", customer->records[i].updated);
        json_object_end(json);
    }
    json_array_end(json);
    json_array_begin(json, "events");
    for (size_t i = 0; i < customer->event_count; i++) {
        json_object_begin(json, NULL);
        json_integer(json, "run_id", customer->events[i].run_id);
        json_value(json, "as_of", customer->events[i].as_of);
        json_value(json, "event", customer->events[i].event);
        json_value(json, "other_id", customer->events[i].other_id);
        json_object_end(json);
    }
    json_array_end(json);
    json_object_end(json);
}

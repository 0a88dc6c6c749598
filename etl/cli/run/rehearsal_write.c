#include "cli/page/picture.h"
#include "cli/run/rehearsal.h"
#include "cust360/base/json.h"
#include "cust360/base/listing.h"

enum { GROUPS_SHOWN = 15, EXAMPLES_SHOWN = 3 /* of a change */ };

static void write_examples(const struct rehearsal *rehearsal, struct json_writer *json)
{
    json_array_begin(json, "examples");
    for (size_t i = 0; i < rehearsal->example_count; i++) {
        const struct rehearsal_example *example = &rehearsal->examples[i];
        json_object_begin(json, NULL);
        json_string(json, "change", rehearsal_change_names[example->change]);
        json_string(json, "golden_id", example->golden_id);
        json_string(json, "other_id", example->other_id);
        json_array_begin(json, "values");
        for (size_t j = 0; j < example->value_count; j++) {
            json_object_begin(json, NULL);
            json_string(json, "column", example->values[j].column);
            json_string(json, "before", example->values[j].before);
            json_string(json, "after", example->values[j].after);
            json_object_end(json);
        }
        json_array_end(json);
        json_integer(json, "values_left", (int64_t)example->values_left);
        json_object_end(json);
    }
    json_array_end(json);
}

static void write_groups(const struct rehearsal *rehearsal, struct json_writer *json)
{
    json_array_begin(json, "to_repair");
    for (size_t i = 0; i < rehearsal->group_count; i++) {
        const struct rehearsal_group *group = &rehearsal->groups[i];
        json_object_begin(json, NULL);
        json_string(json, "severity", group->severity);
        json_string(json, "code", group->code);
        json_string(json, "entity", group->entity);
        json_string(json, "field", group->field);
        json_string(json, "sentence", group->sentence);
        json_string(json, "place", group->place);
        json_integer(json, "count", (int64_t)group->count);
        json_integer(json, "sources", (int64_t)group->sources);
        json_object_end(json);
    }
    json_array_end(json);
}

/* Of these today's data were not rehearsed: what follows is said of their last good ones. */
static bool has_failed(const struct report_source *source)
{
    return source->status != SOURCE_OK && source->status != SOURCE_LEFT;
}

static void write_sources(const struct run_report *report, struct json_writer *json)
{
    json_array_begin(json, "sources_not_read");
    for (size_t i = 0; i < report->source_count; i++) {
        if (!has_failed(&report->sources[i]))
            continue;
        json_object_begin(json, NULL);
        json_string(json, "source", report->sources[i].id);
        json_optional(json, "message", report->sources[i].message);
        json_object_end(json);
    }
    json_array_end(json);
}

static void list_sources(const struct run_report *report, struct buffer *text)
{
    bool first = true;
    for (size_t i = 0; i < report->source_count; i++) {
        const struct report_source *source = &report->sources[i];
        if (!has_failed(source))
            continue;
        buffer_append_text(text, first
                                     ? "\nnot rehearsed; what was read of them last stands in their"
                                       " place\n"
                                     : "");
        buffer_format(text, "  %s%s%s\n", source->id, source->message ? ": " : "",
                      source->message ? source->message : "");
        first = false;
    }
}

void rehearsal_write_json(const struct rehearsal *rehearsal, struct buffer *text)
{
    struct json_writer json = JSON_WRITER(text);
    json_object_begin(&json, NULL);
    json_integer(&json, "rehearsal", rehearsal->number);
    json_integer(&json, "former", rehearsal->former_number);
    json_string(&json, "result", rehearsal->job->report.result);
    json_string(&json, "started_at", rehearsal->job->report.started_at);
    json_integer(&json, "rows_read", (int64_t)rehearsal->rows_read);
    json_integer(&json, "rows_rejected", (int64_t)rehearsal->rows_rejected);
    json_object_begin(&json, "golden");
    for (int i = 0; i < REHEARSAL_CHANGES; i++)
        json_integer(&json, rehearsal_change_names[i], (int64_t)rehearsal->changes[i]);
    json_object_end(&json);
    write_sources(&rehearsal->job->report, &json);
    write_groups(rehearsal, &json);
    write_examples(rehearsal, &json);
    json_object_end(&json);
    buffer_append_byte(text, '\n');
}

/* ---- for people ---- */

static void add_figure(const struct rehearsal *rehearsal, struct listing *listing, const char *name,
                       const uint64_t figures[2])
{
    listing_row(listing);
    listing_text(listing, slice_of(name));
    listing_number(listing, figures[0]);
    if (rehearsal->former_number)
        listing_number(listing, figures[1]);
}

static void write_figures(const struct rehearsal *rehearsal, struct buffer *text)
{
    static const struct listing_column columns[] = {
        {"", LISTING_LEFT, 0}, {"now", LISTING_RIGHT, 0}, {"before", LISTING_RIGHT, 0}};
    struct listing *listing = listing_create(columns, sizeof(columns) / sizeof(columns[0]));
    const uint64_t read[2] = {rehearsal->rows_read, rehearsal->former_rows_read};
    const uint64_t rejected[2] = {rehearsal->rows_rejected, rehearsal->former_rows_rejected};
    add_figure(rehearsal, listing, "rows read", read);
    add_figure(rehearsal, listing, "rows rejected", rejected);
    for (int i = 0; i < REHEARSAL_CHANGES; i++) {
        const uint64_t change[2] = {rehearsal->changes[i], rehearsal->former_changes[i]};
        struct buffer name = BUFFER_EMPTY;
        buffer_format(&name, "customers %s", rehearsal_change_names[i]);
        add_figure(rehearsal, listing, name.data, change);
        buffer_release(&name);
    }
    listing_hide_empty(listing);
    listing_write(listing, 2, text);
    listing_destroy(listing);
}

static void describe_example(const struct rehearsal_example *example, struct buffer *text)
{
    buffer_format(text, "%s %s", rehearsal_change_names[example->change], example->golden_id);
    if (example->other_id[0])
        buffer_format(text, " %s %s", example->change == CHANGE_MERGED ? "into" : "out of",
                      example->other_id);
    for (size_t i = 0; i < example->value_count; i++) {
        const struct rehearsal_value *value = &example->values[i];
        buffer_format(text, "%s%s: %s → %s", i ? " · " : "  ", value->column,
                      value->before[0] ? value->before : "(nothing)",
                      value->after[0] ? value->after : "(nothing)");
    }
    if (example->value_count == 0)
        buffer_append_text(text, "  (no value: its records are others)");
    if (example->values_left)
        buffer_format(text, " · and %zu more", example->values_left);
}

void rehearsal_write_text(const struct rehearsal *rehearsal, struct buffer *text)
{
    const char *result = rehearsal->job->report.result;
    buffer_format(text, "rehearsal %d%s%s; nothing was published\n\n", rehearsal->number,
                  result ? ": " : "", result ? result : "");
    write_figures(rehearsal, text);
    list_sources(&rehearsal->job->report, text);
    if (rehearsal->group_count)
        buffer_append_text(text, "\nto repair\n");
    for (size_t i = 0; i < rehearsal->group_count && i < GROUPS_SHOWN; i++) {
        const struct rehearsal_group *group = &rehearsal->groups[i];
        buffer_format(text, "  %llu × %s%s%s%s%s, first at %s\n      %s\n",
                      (unsigned long long)group->count, group->code, group->field[0] ? " of " : "",
                      group->field,
                      strcmp(group->severity, "fatal") == 0 ? ": rows rejected" : ": fields empty",
                      "", group->place, group->sentence);
    }
    if (rehearsal->example_count)
        buffer_append_text(text, "\nexamples\n");
    size_t shown[REHEARSAL_CHANGES] = {0};
    for (size_t i = 0; i < rehearsal->example_count; i++) {
        if (shown[rehearsal->examples[i].change]++ >= EXAMPLES_SHOWN)
            continue;
        buffer_append_text(text, "  ");
        describe_example(&rehearsal->examples[i], text);
        buffer_append_byte(text, '\n');
    }
    buffer_format(text, "\nall of it: %s/%06d.html and .json\n", rehearsal->folder,
                  rehearsal->number);
}

static void write_rows(const struct rehearsal *rehearsal, struct buffer *html)
{
    static const char *const headings[] = {"severity", "code",  "field",
                                           "count",    "first", "what to do"};
    struct buffer text = BUFFER_EMPTY;
    page_element(html, "h2", NULL, SLICE("What would repair rejected rows and empty fields"));
    PAGE_TABLE(html, headings);
    for (size_t i = 0; i < rehearsal->group_count; i++) {
        const struct rehearsal_group *group = &rehearsal->groups[i];
        buffer_append_text(html, "<tr>");
        page_cell(html, group->severity);
        page_cell(html, group->code);
        page_cell(html, group->field);
        buffer_clear(&text);
        number_append(&text, group->count);
        page_element(html, "td", "number", buffer_slice(&text));
        page_cell(html, group->place);
        page_cell(html, group->sentence);
        buffer_append_text(html, "</tr>\n");
    }
    page_table_end(html);
    page_element(html, "h2", NULL, SLICE("Examples, before and after"));
    for (size_t i = 0; i < rehearsal->example_count; i++) {
        buffer_clear(&text);
        describe_example(&rehearsal->examples[i], &text);
        page_element(html, "p", NULL, buffer_slice(&text));
    }
    buffer_release(&text);
}

void rehearsal_write_page(const struct rehearsal *rehearsal, struct buffer *html)
{
    struct buffer text = BUFFER_EMPTY;
    buffer_format(&text, "Rehearsal %d", rehearsal->number);
    page_begin(html, text.data);
    page_element(html, "h1", NULL, buffer_slice(&text));
    buffer_clear(&text);
    write_figures(rehearsal, &text);
    list_sources(&rehearsal->job->report, &text);
    page_element(html, "pre", NULL, buffer_slice(&text));
    write_rows(rehearsal, html);
    page_end(html);
    buffer_release(&text);
}

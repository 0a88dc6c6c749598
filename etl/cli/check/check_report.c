#include "cli/check/check_report.h"
#include "cli/command.h"
#include "cust360/base/json.h"
#include "cust360/base/memory.h"

#include <stdio.h>
#include <string.h>

static const char *const level_names[] = {"note", "warning", "error"};

void check_report_add(struct check_report *report, const char *rule, enum check_level level,
                      const struct error *error)
{
    report->findings = memory_grow(report->findings, &report->capacity, report->count + 1,
                                   sizeof(*report->findings));
    report->findings[report->count++] = (struct check_finding){rule, level, *error};
    report->warnings += level == CHECK_WARNING;
    if (report->format != CHECK_TEXT)
        return;
    struct buffer text = BUFFER_EMPTY;
    if (level != CHECK_ERROR)
        buffer_format(&text, "%s: ", level_names[level]);
    error_describe(error, &text);
    command_print(buffer_slice(&text));
    buffer_release(&text);
}

void check_report_well(struct check_report *report, const char *what)
{
    report->documents = memory_grow(report->documents, &report->document_capacity,
                                    report->document_count + 1, sizeof(*report->documents));
    report->documents[report->document_count++] = arena_text(report->arena, slice_of(what));
    if (report->format == CHECK_TEXT)
        printf("ok  %s\n", what);
}

void check_report_release(struct check_report *report)
{
    memory_free(report->findings);
    memory_free(report->documents);
}

/* ---- JSON ---- */

static void write_finding(struct json_writer *json, const struct check_finding *finding)
{
    const struct error *error = &finding->error;
    json_object_begin(json, NULL);
    json_text(json, "rule", slice_of(finding->rule));
    json_text(json, "level", slice_of(level_names[finding->level]));
    json_optional(json, "source", error->source[0] ? error->source : NULL);
    json_optional(json, "file", error->file[0] ? error->file : NULL);
    json_integer(json, "line", (int64_t)error->line);
    json_integer(json, "column", (int64_t)error->column);
    json_text(json, "message", slice_of(error->message));
    json_optional(json, "hint", error->hint[0] ? error->hint : NULL);
    json_object_end(json);
}

static void write_json(const struct check_report *report, int exit_code, struct buffer *text)
{
    struct json_writer json = JSON_WRITER(text);
    json_object_begin(&json, NULL);
    json_integer(&json, "exit_code", exit_code);
    json_array_begin(&json, "well");
    for (size_t i = 0; i < report->document_count; i++)
        json_text(&json, NULL, slice_of(report->documents[i]));
    json_array_end(&json);
    json_array_begin(&json, "findings");
    for (size_t i = 0; i < report->count; i++)
        write_finding(&json, &report->findings[i]);
    json_array_end(&json);
    json_object_end(&json);
    buffer_append_byte(text, '\n');
}

/* ---- SARIF 2.1.0 (OASIS standard, 27 March 2020) ---- */

/* A path as a URI reference: what may not stand in one is escaped. */
static void append_uri(struct buffer *uri, const char *path)
{
    for (; *path; path++) {
        char byte = *path;
        bool plain = (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
        if (plain || strchr("/._-~", byte))
            buffer_append_byte(uri, byte);
        else
            buffer_format(uri, "%%%02X", (unsigned)(unsigned char)byte);
    }
}

static void write_location(struct json_writer *json, const char *file, const struct error *error)
{
    struct buffer uri = BUFFER_EMPTY;
    append_uri(&uri, file);
    json_array_begin(json, "locations");
    json_object_begin(json, NULL);
    json_object_begin(json, "physicalLocation");
    json_object_begin(json, "artifactLocation");
    json_text(json, "uri", buffer_slice(&uri));
    json_object_end(json);
    if (error->line) {
        json_object_begin(json, "region");
        json_integer(json, "startLine", (int64_t)error->line);
        if (error->column)
            json_integer(json, "startColumn", (int64_t)error->column);
        json_object_end(json);
    }
    json_object_end(json);
    json_object_end(json);
    json_array_end(json);
    buffer_release(&uri);
}

/* Code hosts show a result only where it has a place: what has none is the project's. */
static void write_result(struct json_writer *json, const struct check_report *report,
                         const struct check_finding *finding)
{
    const struct error *error = &finding->error;
    const char *file = error->file[0] ? error->file : report->project;
    struct buffer message = BUFFER_EMPTY;
    buffer_format(&message, "%s%s%s", error->message, error->hint[0] ? "; " : "", error->hint);
    json_object_begin(json, NULL);
    json_text(json, "ruleId", slice_of(finding->rule));
    json_text(json, "level", slice_of(level_names[finding->level]));
    json_object_begin(json, "message");
    json_text(json, "text", buffer_slice(&message));
    json_object_end(json);
    if (file)
        write_location(json, file, error);
    json_object_end(json);
    buffer_release(&message);
}

static bool is_first_of_rule(const struct check_report *report, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(report->findings[i].rule, report->findings[index].rule) == 0)
            return false;
    return true;
}

static void write_driver(struct json_writer *json, const struct check_report *report)
{
    json_object_begin(json, "tool");
    json_object_begin(json, "driver");
    json_text(json, "name", SLICE("cust360"));
    json_array_begin(json, "rules");
    for (size_t i = 0; i < report->count; i++) {
        if (!is_first_of_rule(report, i))
            continue;
        json_object_begin(json, NULL);
        json_text(json, "id", slice_of(report->findings[i].rule));
        json_object_end(json);
    }
    json_array_end(json);
    json_object_end(json);
    json_object_end(json);
}

static void write_sarif(const struct check_report *report, struct buffer *text)
{
    struct json_writer json = JSON_WRITER(text);
    json_object_begin(&json, NULL);
    json_text(&json, "$schema", SLICE("https://json.schemastore.org/sarif-2.1.0.json"));
    json_text(&json, "version", SLICE("2.1.0"));
    json_array_begin(&json, "runs");
    json_object_begin(&json, NULL);
    write_driver(&json, report);
    json_array_begin(&json, "results");
    for (size_t i = 0; i < report->count; i++)
        write_result(&json, report, &report->findings[i]);
    json_array_end(&json);
    json_object_end(&json);
    json_array_end(&json);
    json_object_end(&json);
    buffer_append_byte(text, '\n');
}

void check_report_write(const struct check_report *report, int exit_code, struct buffer *text)
{
    if (report->format == CHECK_JSON)
        write_json(report, exit_code, text);
    else if (report->format == CHECK_SARIF)
        write_sarif(report, text);
}

#include "cli/find/hits.h"
#include "cust360/base/csv.h"
#include "cust360/base/database.h"
#include "cust360/base/json.h"
#include "cust360/base/listing.h"

#include <stdio.h>

static const char line_sql[] =
    "SELECT name, mobile, city, cars_owned, records FROM customer WHERE golden_id = ?1";

static const struct listing_column columns[] = {
    {"id", LISTING_LEFT, 0},       {"name", LISTING_LEFT, 30}, {"mobile", LISTING_LEFT, 0},
    {"city", LISTING_LEFT, 20},    {"cars", LISTING_RIGHT, 0}, {"records", LISTING_RIGHT, 0},
    {"found by", LISTING_LEFT, 0},
};

enum { COLUMNS = sizeof(columns) / sizeof(columns[0]), CARS = 4, RECORDS = 5 };

/* One hit's cells, in the columns' order; texts are borrowed from the statement. */
static void read_cells(const struct lookup_hit *hit, const struct statement *select,
                       struct slice *cells)
{
    cells[0] = slice_of(hit->golden_id);
    for (int i = 0; i < COLUMNS - 2; i++)
        cells[i + 1] = statement_text(select, i);
    cells[COLUMNS - 1] = slice_of(hit->found_by);
}

enum find_format { FORMAT_TEXT, FORMAT_JSON, FORMAT_CSV };
static const char *const format_names[] = {"text", "json", "csv", NULL};

/* Where the lines go. */
struct output {
    enum find_format format;
    struct buffer text;
    struct listing *listing;
    struct json_writer json;
};

static void write_csv_line(struct buffer *text, const struct slice *cells)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        if (i > 0)
            buffer_append_byte(text, ',');
        csv_append_field(text, cells[i], ',');
    }
    buffer_append_text(text, "\r\n");
}

static void begin_output(struct output *output)
{
    struct slice heading[COLUMNS];
    for (size_t i = 0; i < COLUMNS; i++)
        heading[i] = slice_of(columns[i].heading);
    if (output->format == FORMAT_TEXT)
        output->listing = listing_create(columns, COLUMNS);
    else if (output->format == FORMAT_CSV)
        write_csv_line(&output->text, heading);
    else
        json_array_begin(&output->json, NULL);
}

static void write_json_line(struct json_writer *json, const struct slice *cells,
                            const struct statement *select)
{
    static const char *const keys[] = {"golden_id",  "name",    "mobile",  "city",
                                       "cars_owned", "records", "found_by"};
    json_object_begin(json, NULL);
    for (int i = 0; i < COLUMNS; i++) {
        if (i == CARS || i == RECORDS)
            json_integer(json, keys[i], statement_integer(select, i - 1));
        else if (cells[i].data)
            json_text(json, keys[i], cells[i]);
        else
            json_null(json, keys[i]);
    }
    json_object_end(json);
}

static void write_line(struct output *output, const struct slice *cells,
                       const struct statement *select)
{
    if (output->format == FORMAT_JSON) {
        write_json_line(&output->json, cells, select);
    } else if (output->format == FORMAT_CSV) {
        write_csv_line(&output->text, cells);
    } else {
        listing_row(output->listing);
        for (size_t i = 0; i < COLUMNS; i++)
            listing_text(output->listing, cells[i]);
    }
}

static void end_output(struct output *output)
{
    if (output->format == FORMAT_TEXT) {
        if (listing_rows(output->listing) > 0)
            listing_write(output->listing, 0, &output->text);
        listing_destroy(output->listing);
    } else if (output->format == FORMAT_JSON) {
        json_array_end(&output->json);
        buffer_append_byte(&output->text, '\n');
    }
    command_print(buffer_slice(&output->text));
    buffer_release(&output->text);
}

static bool write_hits(struct output *output, struct lookup *lookup,
                       const struct lookup_result *result, struct error *error)
{
    struct statement *select = statement_prepare(lookup->view, line_sql, error);
    enum outcome outcome = select ? ACCEPTED : FAILED;
    for (size_t i = 0; i < result->count && outcome != FAILED; i++) {
        struct slice cells[COLUMNS];
        statement_reset(select);
        statement_bind_text(select, 1, slice_of(result->hits[i].golden_id));
        outcome = statement_step(select, error);
        if (outcome != ACCEPTED)
            continue;
        read_cells(&result->hits[i], select, cells);
        write_line(output, cells, select);
    }
    statement_destroy(select);
    return outcome != FAILED;
}

bool hits_print(struct lookup *lookup, const struct lookup_result *result, const char *format,
                struct error *error)
{
    struct output output = {FORMAT_TEXT, BUFFER_EMPTY, NULL, {0}};
    while (format && strcmp(format_names[output.format], format) != 0) {
        output.format++;
        if (!format_names[output.format])
            return error_set(error, EXIT_USAGE, "--format is text, json or csv, not %s", format);
    }
    output.json = (struct json_writer)JSON_WRITER(&output.text);
    begin_output(&output);
    bool written = write_hits(&output, lookup, result, error);
    end_output(&output);
    return written;
}

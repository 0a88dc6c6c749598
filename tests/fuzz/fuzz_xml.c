/* Any bytes as an XML source with nested records. Promised: it is read or refused with a message;
 * text is UTF-8; of a document that was read whole each row's bytes are an element. */
#include "support.h"

#include "cust360/base/text.h"
#include "cust360/extract.h"

static struct mapping_column customer_columns[] = {
    {.expression = "@id", .line = 1, .column = 1},
    {.expression = "Name", .line = 2, .column = 1},
    {.expression = "Phones/Phone[@kind='mobile'][1]", .line = 3, .column = 1}};
static struct mapping_column vehicle_columns[] = {
    {.expression = "../../@id", .line = 4, .column = 1},
    {.expression = ".", .line = 5, .column = 1},
    {.expression = "Model[2]/@x", .line = 6, .column = 1}};
static struct mapping_table tables[] = {
    {.name = "customers", .record = "/a/Customer", .columns = customer_columns, .column_count = 3},
    {.name = "vehicles",
     .record = "/a/Customer/Vehicles/Vehicle",
     .columns = vehicle_columns,
     .column_count = 3},
};
static const struct mapping mapping = {
    .path = "fuzz.yaml", .name = "fuzz", .kind = SOURCE_XML, .tables = tables, .table_count = 2};
/* All that can be mended is: what comes out has to be as well-behaved. */
static const struct mapping mending = {.path = "fuzz.yaml",
                                       .name = "fuzz",
                                       .kind = SOURCE_XML,
                                       .tables = tables,
                                       .table_count = 2,
                                       .repairs = REPAIR_PROLOG | REPAIR_AMPERSAND |
                                                  REPAIR_TRAILING_TEXT | REPAIR_ENCODING |
                                                  REPAIR_ATTRIBUTE_QUOTES};

static void check_row(const struct row *row)
{
    for (size_t i = 0; i < mapping.tables[row->table].column_count; i++)
        require(text_is_valid(row->values[i], NULL));
    require(row->place.line > 0);
}

static void check_bytes(struct slice bytes)
{
    require(slice_starts_with(bytes, SLICE("<")) && slice_ends_with(bytes, SLICE(">")));
}

/* Reads all of it; `raws` gets the bytes of each row with a NUL behind. */
static bool read_all(struct row_reader *reader, struct buffer *raws, struct error *error)
{
    struct row row;
    enum outcome outcome;
    while ((outcome = row_reader_next(reader, &row, error)) == ACCEPTED) {
        check_row(&row);
        require(row_reader_raw(reader, &row, raws, error));
        buffer_append_byte(raws, '\0');
    }
    require(outcome == ENDED || (outcome == FAILED && error->message[0]));
    return outcome == ENDED;
}

static void read_source(const struct source *source)
{
    struct error error = {0};
    struct buffer raws = BUFFER_EMPTY;
    struct row_reader *reader = row_reader_open(source, &error);
    require(reader || error.message[0]);
    bool whole = reader && read_all(reader, &raws, &error);
    for (size_t at = 0; whole && at < raws.length;) {
        struct slice bytes = slice_of(raws.data + at);
        check_bytes(bytes);
        at += bytes.length + 1;
    }
    row_reader_close(reader);
    buffer_release(&raws);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    /* In UTF-8 throughout, so that the bytes of a row can be looked at. */
    struct source source = {.id = "fuzz",
                            .path = fuzz_file(bytes, count),
                            .name = "fuzz.xml",
                            .mapping = &mapping,
                            .encoding = "utf-8"};
    read_source(&source);
    source.mapping = &mending;
    read_source(&source);
    source.encoding = NULL;
    struct error error = {0};
    struct buffer raws = BUFFER_EMPTY;
    struct row_reader *reader = row_reader_open(&source, &error);
    if (reader)
        read_all(reader, &raws, &error);
    row_reader_close(reader);
    buffer_release(&raws);
    return 0;
}

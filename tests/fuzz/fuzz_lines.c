/* Any bytes as a file of lines. The first byte says how: fixed or delimited, by characters or by
 * bytes, with a frame or without, in which encoding. Promised: it is read or refused with a
 * message; text is UTF-8; rows lie one behind the other within the file. */
#include "fuzz.h"

#include "cust360/base/text.h"
#include "cust360/extract.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { DELIMITED = 1, BYTES = 2, FRAMED = 4, TRIMMED = 8, ENCODINGS = 16 };

static void require(bool promise)
{
    if (!promise)
        abort();
}

static struct mapping_column customer_columns[] = {
    {.expression = "2-4", .place = {0, 2, 4}},
    {.expression = "5-9", .place = {0, 5, 9}},
    {.expression = "/2-3", .place = {LINE_LEVEL_HEADER, 2, 3}}};
static struct mapping_column car_columns[] = {{.expression = "../2-4", .place = {1, 2, 4}},
                                              {.expression = "2-6", .place = {0, 2, 6}}};
static const char *customer_types[] = {"C"};
static const char *car_types[] = {"V"};
static const char *ignored_types[] = {"X"};
static struct mapping_table tables[] = {{.name = "customers",
                                         .types = customer_types,
                                         .type_count = 1,
                                         .parent = SIZE_MAX,
                                         .columns = customer_columns,
                                         .column_count = 2},
                                        {.name = "cars",
                                         .types = car_types,
                                         .type_count = 1,
                                         .columns = car_columns,
                                         .column_count = 2}};
static struct line_count counts[] = {{LINE_COUNT_ROWS, "rows", {0, 2, 3}}};

static void read_all(struct row_reader *reader, size_t byte_count)
{
    struct row row;
    struct error error = {0};
    struct buffer raw = BUFFER_EMPTY;
    uint64_t end = 0;
    enum outcome outcome;
    while ((outcome = row_reader_next(reader, &row, &error)) != ENDED && outcome != FAILED) {
        require(row.place.byte_offset >= end);
        end = row.place.byte_offset + row.place.byte_length;
        require(end <= byte_count && row.place.line > 0);
        require(outcome == ACCEPTED || (row.reject_code && row.reject_reason));
        for (size_t i = 0; outcome == ACCEPTED && i < tables[row.table].column_count; i++)
            require(text_is_valid(row.values[i], NULL));
        require(row_reader_raw(reader, &row, &raw, &error));
    }
    require(outcome == ENDED || error.message[0]);
    buffer_release(&raw);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    static const char *const encodings[] = {"utf-8", "gb18030", "big5", "utf-16le"};
    char path[64];
    struct error error = {0};
    if (count == 0)
        return 0;
    unsigned how = bytes[0];
    int file = memfd_create("fuzz", MFD_CLOEXEC);
    require(file >= 0 && write(file, bytes + 1, count - 1) == (ssize_t)(count - 1));
    snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
    struct mapping mapping = {.path = "fuzz.yaml",
                              .name = "fuzz",
                              .kind = SOURCE_LINES,
                              .tables = tables,
                              .table_count = 2};
    mapping.lines = (struct line_dialect){.delimiter = how & DELIMITED ? '|' : '\0',
                                          .bytes = (how & BYTES) && !(how & DELIMITED),
                                          .trimmed = how & TRIMMED,
                                          .type = {0, 1, 1},
                                          .ignored = ignored_types,
                                          .ignored_count = 1,
                                          .record_bytes_max = 64};
    tables[0].column_count = how & FRAMED ? 3 : 2;
    if (how & FRAMED) {
        mapping.lines.header = "H";
        mapping.lines.trailer = "T";
        mapping.lines.counts = counts;
        mapping.lines.count_count = 1;
    }
    struct source source = {.id = "fuzz",
                            .path = path,
                            .name = "fuzz.txt",
                            .mapping = &mapping,
                            .encoding = encodings[how / ENCODINGS % 4]};
    struct row_reader *reader = row_reader_open(&source, &error);
    require(reader || error.message[0]);
    if (reader)
        read_all(reader, count - 1);
    row_reader_close(reader);
    close(file);
    return 0;
}

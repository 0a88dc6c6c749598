#include "sealed_file.h"
#include "database_gap.h"

#include <string.h>

enum {
    PAGE_LEAST_BYTES = 512,  /* SQLite's own limits */
    RECORD_NUMBER_BYTES = 4, /* in front of a page in a journal */
    RECORD_EXTRA_BYTES = 8,  /* its number and its checksum */
};

void sealed_file_begin(struct sealed_file *sealed, const struct seal_key *key,
                       enum sealed_kind kind, const struct sealed_below *below)
{
    *sealed = (struct sealed_file){.below = below, .key = key, .kind = kind};
    if (kind == SEALED_TEMPORARY)
        seal_stream_key(sealed->stream_key);
}

static bool is_page_size(size_t bytes)
{
    return bytes >= PAGE_LEAST_BYTES && bytes <= PAGE_MOST_BYTES && (bytes & (bytes - 1)) == 0;
}

/* Headers of a journal stand at multiples of 512 and may be as long as a page; the pages behind
 * them never stand there, since their records are eight bytes longer. */
static bool journal_page(int count, int64_t offset, struct seal_page *page)
{
    *page = (struct seal_page){SEAL_PAGE_OF_JOURNAL, (uint64_t)offset, (size_t)count};
    return is_page_size((size_t)count) && offset % RECORD_EXTRA_BYTES == RECORD_NUMBER_BYTES;
}

/* ---- reading ---- */

/* Before SQLite knows the size of pages, and to see whether they have changed, it reads a part of
 * the first. */
static int read_part(struct sealed_file *sealed, void *file, unsigned char *bytes, size_t count,
                     int64_t offset)
{
    unsigned char content[PAGE_MOST_BYTES];
    size_t page_bytes = sealed->page_bytes;
    struct seal_page page = {SEAL_PAGE_OF_DATABASE, (uint64_t)offset / page_bytes, page_bytes};
    size_t from = (size_t)offset % page_bytes;
    int code = sealed->below->read(file, content, (int)page_bytes, offset - (int64_t)from);
    if (code != 0)
        return code;
    if (from + count > page_bytes || !seal_page_open(sealed->key, &page, content))
        return SEALED_DAMAGED;
    memcpy(bytes, content + from, count);
    return 0;
}

static int read_database(struct sealed_file *sealed, void *file, unsigned char *bytes, int count,
                         int64_t offset)
{
    unsigned char header[SEAL_HEADER_BYTES];
    if (!sealed->page_bytes) {
        if (sealed->below->read(file, header, sizeof(header), 0) != 0)
            return sealed->below->read(file, bytes, count, offset); /* empty: it says so itself */
        if (!is_page_size(seal_page_size(header)))
            return SEALED_DAMAGED;
        sealed->page_bytes = seal_page_size(header);
    }
    if ((size_t)count != sealed->page_bytes || offset % count != 0)
        return read_part(sealed, file, bytes, (size_t)count, offset);
    struct seal_page page = {SEAL_PAGE_OF_DATABASE, (uint64_t)(offset / count), (size_t)count};
    int code = sealed->below->read(file, bytes, count, offset);
    if (code == 0 && !seal_page_open(sealed->key, &page, bytes))
        return SEALED_DAMAGED;
    return code;
}

int sealed_file_read(struct sealed_file *sealed, void *file, void *bytes, int count, int64_t offset)
{
    struct seal_page page;
    if (sealed->kind == SEALED_DATABASE)
        return read_database(sealed, file, bytes, count, offset);
    int code = sealed->below->read(file, bytes, count, offset);
    if (code != 0)
        return code;
    if (sealed->kind == SEALED_TEMPORARY)
        seal_stream(sealed->stream_key, (uint64_t)offset, bytes, (size_t)count);
    else if (journal_page(count, offset, &page))
        /* What a crash has torn stays sealed, and the checksum of the journal refuses it. */
        (void)seal_page_open(sealed->key, &page, bytes);
    return 0;
}

/* ---- writing ---- */

int sealed_file_write(struct sealed_file *sealed, void *file, const void *bytes, int count,
                      int64_t offset)
{
    unsigned char content[PAGE_MOST_BYTES];
    struct seal_page page = {SEAL_PAGE_OF_DATABASE, (uint64_t)(offset / count), (size_t)count};
    if (sealed->kind == SEALED_JOURNAL && !journal_page(count, offset, &page))
        return sealed->below->write(file, bytes, count, offset);
    if (count > PAGE_MOST_BYTES || (sealed->kind == SEALED_DATABASE && !is_page_size(page.bytes)))
        return SEALED_DAMAGED;
    memcpy(content, bytes, (size_t)count);
    if (sealed->kind == SEALED_DATABASE) {
        sealed->page_bytes = page.bytes;
        /* What deleted values have left in a page goes before it is sealed. */
        database_clear_page(content, page.number == 0, page.bytes);
    }
    if (sealed->kind == SEALED_TEMPORARY)
        seal_stream(sealed->stream_key, (uint64_t)offset, content, (size_t)count);
    else
        seal_page_close(sealed->key, &page, content);
    return sealed->below->write(file, content, count, offset);
}

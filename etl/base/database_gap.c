#include "database_gap.h"
#include "cust360/base/database.h"
#include "cust360/base/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Deleting overwrites cells (secure_delete), but when pages are split SQLite copies cells and
 * leaves the old bytes in the gap of a page. The file format (sqlite.org/fileformat2.html, 1.6)
 * says where nothing is: between the cell pointers and the first cell, and in free blocks behind
 * their first four bytes. Nobody reads there, so clearing needs no lock and may stop at any moment.
 */

enum {
    FILE_HEADER_BYTES = 100,
    AT_PAGE_SIZE = 16,
    AT_FREE_PAGE = 32,
    AT_MARK = 68, /* SQLite's application_id */
    MARK_BYTES = 4,
    INTERIOR_INDEX = 2,
    INTERIOR_TABLE = 5,
    LEAF_INDEX = 10,
    LEAF_TABLE = 13,
    FREE_BLOCK_HEAD_BYTES = 4,
    PAGES_A_PIECE = 4096,
};

static size_t read_two(const unsigned char *bytes)
{
    return (size_t)bytes[0] << 8 | bytes[1];
}

/* A page that is clean is not touched, so that it need not be written. */
static void clear(unsigned char *page, size_t from, size_t to, size_t page_bytes)
{
    if (to > page_bytes)
        to = page_bytes;
    size_t first = from;
    while (first < to && page[first] == 0)
        first++;
    if (first < to)
        memset(page + first, 0, to - first);
}

void database_clear_page(unsigned char *page, bool is_first, size_t page_bytes)
{
    size_t header = is_first ? FILE_HEADER_BYTES : 0;
    unsigned char type = page[header];
    bool is_leaf = type == LEAF_INDEX || type == LEAF_TABLE;
    if (!is_leaf && type != INTERIOR_INDEX && type != INTERIOR_TABLE)
        return;
    size_t cells = read_two(page + header + 3);
    size_t content = read_two(page + header + 5);
    if (content == 0)
        content = 65536;
    clear(page, header + (is_leaf ? 8 : 12) + 2 * cells, content, page_bytes);
    size_t block = read_two(page + header + 1);
    while (block >= header + 8 && block + FREE_BLOCK_HEAD_BYTES <= page_bytes) {
        size_t next = read_two(page + block);
        clear(page, block + FREE_BLOCK_HEAD_BYTES, block + read_two(page + block + 2), page_bytes);
        if (next <= block)
            break;
        block = next;
    }
}

struct clearing {
    unsigned char *file;
    size_t page_bytes;
    size_t page_count;
};

static void clear_some(void *context, size_t piece, unsigned thread)
{
    const struct clearing *work = context;
    size_t end = (piece + 1) * PAGES_A_PIECE;
    (void)thread;
    for (size_t page = piece * PAGES_A_PIECE; page < end && page < work->page_count; page++)
        database_clear_page(work->file + page * work->page_bytes, page == 0, work->page_bytes);
}

static void clear_all(const struct clearing *work)
{
    struct clearing all = *work;
    pool_run(pool_processors(), work->page_count / PAGES_A_PIECE + 1, clear_some, &all);
}

static size_t read_four(const unsigned char *bytes)
{
    return read_two(bytes) << 16 | read_two(bytes + 2);
}

/* Pages that are free keep what they held, unless it was overwritten when they were freed. They
 * hang in a chain, each link of which names the next and further ones. */
static void clear_free(const struct clearing *work)
{
    size_t link = read_four(work->file + AT_FREE_PAGE);
    for (size_t turn = 0; link > 0 && link <= work->page_count && turn < work->page_count; turn++) {
        unsigned char *page = work->file + (link - 1) * work->page_bytes;
        size_t named = read_four(page + 4);
        size_t most = work->page_bytes / 4 - 2;
        for (size_t i = 0; i < named && i < most; i++) {
            size_t leaf = read_four(page + 8 + 4 * i);
            if (leaf > 1 && leaf <= work->page_count)
                clear(work->file + (leaf - 1) * work->page_bytes, 0, work->page_bytes,
                      work->page_bytes);
        }
        if (named < most)
            clear(page, 8 + 4 * named, work->page_bytes, work->page_bytes);
        link = read_four(page);
    }
}

static const unsigned char mark[MARK_BYTES] = {'c', '3', '6', '0'};

void database_mark_clean(unsigned char *page)
{
    memcpy(page + AT_MARK, mark, sizeof(mark));
}

/* Returns whether all pages were cleared, and the file is to be marked. */
static bool clear_file(unsigned char *file, size_t bytes)
{
    struct clearing work = {.file = file, .page_bytes = read_two(file + AT_PAGE_SIZE)};
    if (work.page_bytes == 1)
        work.page_bytes = PAGE_MOST_BYTES;
    if (memcmp(file, "SQLite format 3", sizeof("SQLite format 3")) != 0 || work.page_bytes < 512)
        return false;
    work.page_count = bytes / work.page_bytes;
    clear_free(&work);
    if (memcmp(file + AT_MARK, mark, sizeof(mark)) == 0)
        return false;
    clear_all(&work);
    return true;
}

/* The mark must not come to the disk before what it says. */
static bool clear_mapped(int file, void *mapped, size_t bytes)
{
    bool is_marked = clear_file(mapped, bytes);
    bool done = msync(mapped, bytes, MS_ASYNC) == 0 && fdatasync(file) == 0;
    if (!done || !is_marked)
        return done;
    database_mark_clean(mapped);
    return msync(mapped, bytes, MS_ASYNC) == 0 && fdatasync(file) == 0;
}

bool database_clear_gaps(const char *path, struct error *error)
{
    struct stat status;
    int file = open(path, O_RDWR | O_CLOEXEC);
    void *mapped = MAP_FAILED;
    if (file >= 0 && fstat(file, &status) == 0 && status.st_size >= FILE_HEADER_BYTES)
        mapped = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    bool done = mapped != MAP_FAILED && clear_mapped(file, mapped, (size_t)status.st_size);
    if (!done)
        error_set_system(error, EXIT_FAILED, errno, "could not clear the free space of %s", path);
    if (mapped != MAP_FAILED)
        munmap(mapped, (size_t)status.st_size);
    if (file >= 0)
        close(file);
    return done;
}

/* sealed_file.h: a file of SQLite's whose content is opened and sealed on its way (seal.h).
 *
 *   a database      page by page
 *   its journal     the pages in it; what is between them tells nothing
 *   a temporary     as a stream, with a key that ends with the file
 *
 * Like the file itself it is used by one thread at a time. */
#ifndef CUST360_BASE_SEALED_FILE_H
#define CUST360_BASE_SEALED_FILE_H

#include "cust360/base/seal.h"

enum sealed_kind { SEALED_DATABASE, SEALED_JOURNAL, SEALED_TEMPORARY };

/* The file below, of the system's layer. Both give 0 when all bytes were read or written, else a
 * code above 0, which is handed on. */
struct sealed_below {
    int (*read)(void *file, void *bytes, int count, int64_t offset);
    int (*write)(void *file, const void *bytes, int count, int64_t offset);
};

struct sealed_file {
    const struct sealed_below *below;
    const struct seal_key *key;
    enum sealed_kind kind;
    size_t page_bytes; /* of a database; 0: not known yet */
    unsigned char stream_key[SEAL_STREAM_KEY_BYTES];
};

enum { SEALED_DAMAGED = -1 }; /* what a page holds was changed */

void sealed_file_begin(struct sealed_file *sealed, const struct seal_key *key,
                       enum sealed_kind kind, const struct sealed_below *below);

/* `file` is handed to the layer below. 0, its code, or SEALED_DAMAGED. */
int sealed_file_read(struct sealed_file *sealed, void *file, void *bytes, int count,
                     int64_t offset);
int sealed_file_write(struct sealed_file *sealed, void *file, const void *bytes, int count,
                      int64_t offset);

#endif

/* store_reading.h: by what a source was read last, so that a night does not read again what is as
 * it was.
 *
 *   store_reading_load ──► the caller finds that nothing differs ──► store_source_keep
 *                                            or reads it whole ────► store_reading_save (before
 *                                                                    store_source_end)
 *
 * What is stored is of the last reading that went through. */
#ifndef CUST360_STORE_READING_H
#define CUST360_STORE_READING_H

#include "cust360/store.h"

struct store_stamp { /* of one file, taken before it was read */
    const char *path;
    uint64_t size_bytes;
    int64_t modified_ns;
    uint64_t inode;
    uint64_t hash;   /* of its bytes */
    int64_t seen_ns; /* when it was looked at, since 1970 */
};

struct store_reading {
    uint64_t settings_hash; /* of all that decides what comes of the files' bytes, but the day */
    char as_of[11];
    uint64_t token; /* of the rows remembered beside the state; 0: none */
    struct store_stamp *files;
    size_t file_count;
};

/* The last good reading of a source; *known: there is one. It lives in the arena. */
bool store_reading_load(struct store *store, const char *source, struct arena *arena,
                        struct store_reading *reading, bool *known, struct error *error);

/* Notes by what the source that is being read is read. */
bool store_reading_save(struct store *store, const struct store_reading *reading,
                        struct error *error);

/* How far a delta's table has been read; empty: not at all. And notes it for the source that is
 * being read, with its rows. */
bool store_watermark_read(struct store *store, const char *source, const char *table,
                          struct arena *arena, const char **watermark, struct error *error);
bool store_watermark_write(struct store *store, const char *table, const char *watermark,
                           struct error *error);

/* Notes that the source is to be read next time in any case. */
bool store_reading_forget(struct store *store, struct error *error);

/* Instead of begin, rows and end: the source is as it was. Its counts, notices and quality of the
 * last good reading are this run's as well, and store_source_files tells its files. */
bool store_source_keep(struct store *store, const struct source *source, struct error *error);

/* The findings of the last reading by code and severity, in the order of the codes; ENDED behind
 * the last. */
struct store_finding_count {
    const char *code;
    const char *severity;
    uint64_t count;
};
bool store_source_findings(struct store *store, struct arena *arena,
                           struct store_finding_count **counts, size_t *count, struct error *error);

/* Sentences of the run under way about the source. */
bool store_source_notices(struct store *store, struct arena *arena, const char ***texts,
                          size_t *count, struct error *error);

/* ---- what a run notes for the next one ---- */

/* A text under a name of the caller's; it lives in the arena; empty: there is none. */
bool store_note_read(struct store *store, const char *name, struct arena *arena, const char **text,
                     struct error *error);
bool store_note_write(struct store *store, const char *name, const char *text, struct error *error);

/* A hash of all decisions; it changes with every word of a steward's. */
bool store_decisions_hash(struct store *store, uint64_t *hash, struct error *error);

#endif

/* audit.h: a log that shows when somebody has changed it.
 *
 * FOLDER/audit.log has one JSON object a line. Each names the hash (SHA-256) of the one before and
 * ends with its own, so that a line that was changed, taken out, put in or moved breaks the chain
 * at a known place. Lines cut off at the end leave a chain that is whole: they are missed by
 * whoever has noted the head (count and hash) elsewhere; each run's report does.
 *
 *   {"entry":7,"at":"2026-06-30T02:31:07Z","who":"lin","event":"decision","details":{…},
 *    "former":"<64 digits>","hash":"<64 digits>"}            (in one line)
 *
 * No personal value belongs into it: golden ids, numbers and names of gates and fields do. Several
 * processes may append: each takes a lock of the file's own. */
#ifndef CUST360_BASE_AUDIT_H
#define CUST360_BASE_AUDIT_H

#include "cust360/base/arena.h"
#include "cust360/base/digest.h"
#include "cust360/base/error.h"

struct audit_detail {
    const char *name; /* a plain word */
    const char *text; /* NULL: left out */
};

struct audit_entry {
    const char *who; /* user or steward; NULL: the user that runs the program */
    const char *event;
    const struct audit_detail *details;
    size_t detail_count;
};

/* Appends an entry, and syncs it to the disk. Half a line that a crash has left is overwritten. */
bool audit_append(const char *folder, const struct audit_entry *entry, struct error *error);

struct audit_head { /* of a log: how long it is, and what its last line's hash is */
    uint64_t entries;
    char hash[DIGEST_TEXT_BYTES]; /* of the empty log: 64 zeros */
};

/* The head by its last line alone; a log that is not there is empty. */
bool audit_head(const char *folder, struct audit_head *head, struct error *error);

/* "7:<64 digits>", as notes and reports have it, and back. */
#define AUDIT_HEAD_BYTES 96
void audit_head_format(const struct audit_head *head, char text[AUDIT_HEAD_BYTES]);
bool audit_head_parse(struct slice text, struct audit_head *head);

/* Goes through the whole log. Heads that were noted are looked for at their places. False with
 * EXIT_FAILED: *error names the file, the line and what is wrong there. *head is of the last line
 * that was whole. */
bool audit_verify(const char *folder, const struct audit_head *noted, size_t noted_count,
                  struct audit_head *head, struct error *error);

/* The path of the log. */
const char *audit_path(struct arena *arena, const char *folder);

#endif

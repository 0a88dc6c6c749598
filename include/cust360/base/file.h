/* file.h: files, folders and paths.
 *
 * Everything that is written is private (files 0600, folders 0700). Paths are UTF-8 text. */
#ifndef CUST360_BASE_FILE_H
#define CUST360_BASE_FILE_H

#include "cust360/base/arena.h"
#include "cust360/base/error.h"

#include <stdio.h>

struct file_stamp {
    uint64_t size_bytes;
    int64_t modified_ns; /* since 1970 */
    uint64_t inode;
};

/* The whole file, with a NUL behind it, owned by the arena. A folder, or a file over
 * `limit_bytes`, is an error. */
bool file_read(struct arena *arena, const char *path, size_t limit_bytes, struct slice *content,
               struct error *error);

/* A regular file as a stream to read; NULL: errno says why. What is no regular file is not waited
 * for (a pipe would keep its reader until somebody writes). */
FILE *file_stream(const char *path);

/* Writes a file anew, neither atomically nor synced: for what can be made again. */
bool file_write(const char *path, struct slice content, struct error *error);

/* Maps a file for reading, until file_unmap. False: it is not there, or empty. Nobody may cut the
 * file off meanwhile. */
bool file_map(const char *path, struct slice *content);
void file_unmap(struct slice content);

/* Replaces `path` atomically: a new file beside it, synced, renamed over it, the folder synced. A
 * link stays, the file that it names is replaced; into what is neither file nor folder (/dev/null,
 * a pipe: it waits for a reader) the content is written; a folder is an error. */
bool file_replace(const char *path, struct slice content, struct error *error);

/* Syncs a finished file, renames it over `path` (a file, a link or nothing) and syncs the folder.
 */
bool file_publish(const char *finished_path, const char *path, struct error *error);

/* Copies a file to another, new or replaced; where the file system can, without copying its bytes.
 * What is there and no file stays, and is an error. */
bool file_copy(const char *from, const char *to, struct error *error);

/* Another name for a file that nobody writes to any more (a copy where that cannot be); `path` is
 * replaced. */
bool file_link(const char *from, const char *path, struct error *error);

/* Makes a folder and those above it. */
bool file_make_folder(const char *path, struct error *error);

/* A new folder for what is thrown away, below $TMPDIR or /tmp, its name beginning as `name`. The
 * caller removes it. */
char *file_make_scratch(struct arena *arena, const char *name, struct error *error);
char *file_make_scratch_in(struct arena *arena, const char *folder, const char *name,
                           struct error *error);

bool file_exists(const char *path);
bool file_stamp(const char *path, struct file_stamp *stamp);

/* A hash of a regular file's bytes. */
bool file_hash(const char *path, uint64_t *hash, struct error *error);

/* Deletes a folder with all that is in it; symbolic links are not followed. */
bool file_remove_folder(const char *path, struct error *error);

/* As file_replace, but everybody may read it (mode 0644): for what holds no customer's value. */
bool file_replace_readable(const char *path, struct slice content, struct error *error);

/* Deletes a file; that it is not there is no error. */
void file_remove(const char *path);

/* `path` as seen from `folder`: an absolute path stays; else folder/path. */
char *file_join(struct arena *arena, const char *folder, const char *path);

/* The part before the last slash ("." when there is none), the part behind it. */
char *file_folder(struct arena *arena, const char *path);
const char *file_name(const char *path);

/* The paths that match a shell pattern (*, ?, [...], and \ before one that is meant itself; names
 * that begin with a dot only by a dot), sorted by bytes. No match: *count is 0. The folder before
 * the first of these signs has to exist. */
bool file_glob(struct arena *arena, const char *shell_pattern, char ***paths, size_t *count,
               struct error *error);

#endif

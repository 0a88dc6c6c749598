/* memory.h: memory from the heap.
 *
 * Nothing here returns NULL. When the system has no more memory the process ends with exit code 1
 * and one line on stderr: a run is one transaction, so ending is always safe, and no caller
 * needs a path for it that no test can reach. Thread safe. */
#ifndef CUST360_BASE_MEMORY_H
#define CUST360_BASE_MEMORY_H

#include <stddef.h>

/* Bytes from the heap, not cleared. A size of 0 gives a unique pointer. The caller frees it. */
void *memory_allocate(size_t bytes);

/* `count` members of `size_bytes` each, cleared; ends the process when the product overflows. */
void *memory_allocate_array(size_t count, size_t size_bytes);

/* Resizes an array to `count` members; what is new is not cleared. `memory` may be NULL. */
void *memory_resize_array(void *memory, size_t count, size_t size_bytes);

/* Makes room for at least `needed` members and returns the (possibly moved) array; *capacity
 * (members) grows by at least half, so that appending one by one is linear in sum. */
static inline void *memory_grow(void *memory, size_t *capacity, size_t needed, size_t size_bytes);

/* A copy of NUL-terminated text, to be freed by the caller. NULL gives NULL. */
char *memory_copy_text(const char *text);

/* Ends the process as all of these do; for what libraries tell by errors of their own. */
_Noreturn void memory_exhausted(void);

/* Gives memory back; NULL is allowed. */
void memory_free(void *memory);

/* ---- inline, for what is appended one by one mostly has room ---- */

void *memory_grow_array(void *memory, size_t *capacity, size_t needed, size_t size_bytes);

static inline void *memory_grow(void *memory, size_t *capacity, size_t needed, size_t size_bytes)
{
    if (needed <= *capacity && memory)
        return memory;
    return memory_grow_array(memory, capacity, needed, size_bytes);
}

#endif

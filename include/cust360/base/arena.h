/* arena.h: memory by lifetime.
 *
 * An arena hands out memory that is given back all at once, by arena_reset or arena_destroy; single
 * pieces are never freed. There is one arena a lifetime: run, batch, row. Compiled with
 * ARENA_DEBUG (the sanitizer builds) every piece is an allocation of its own, so that the
 * sanitizers see a read past its end. An arena belongs to one thread at a time. */
#ifndef CUST360_BASE_ARENA_H
#define CUST360_BASE_ARENA_H

#include "cust360/base/slice.h"
#include <stdarg.h>

struct arena {
    char *next;                  /* free bytes of the block at hand: from here … */
    char *end;                   /* … up to here; both NULL with ARENA_DEBUG */
    struct arena_block *current; /* allocations come from here */
    struct arena_block *spare;   /* empty blocks kept by a reset */
    size_t used_bytes;           /* of the blocks before the one at hand */
};

/* An empty arena, to be given to arena_destroy. */
struct arena *arena_create(void);

/* Frees all of it; NULL is allowed. */
void arena_destroy(struct arena *arena);

/* Gives back all pieces but keeps the arena's blocks for use again. */
void arena_reset(struct arena *arena);

/* Cleared memory, aligned for any type. Never NULL. */
void *arena_allocate(struct arena *arena, size_t bytes);

/* Cleared array; ends the process when count * size overflows. */
void *arena_allocate_array(struct arena *arena, size_t count, size_t size_bytes);

/* The same for memory that is written at once, and so need not be cleared. */
void *arena_allocate_uncleared(struct arena *arena, size_t bytes);

/* Memory that is not cleared and not aligned: for bytes. */
static inline char *arena_allocate_bytes(struct arena *arena, size_t bytes);

/* A copy that the arena owns. The copy has a NUL after its last byte. */
struct slice arena_copy(struct arena *arena, struct slice slice);
char *arena_text(struct arena *arena, struct slice slice);

/* Formatted text that the arena owns, as a NUL-terminated string. */
char *arena_format(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *arena_format_list(struct arena *arena, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

/* Bytes handed out since the last reset. */
size_t arena_used_bytes(const struct arena *arena);

/* What arena_allocate_bytes does when the block at hand is full. */
char *arena_take_block(struct arena *arena, size_t bytes);

static inline char *arena_allocate_bytes(struct arena *arena, size_t bytes)
{
    if (bytes >= (size_t)(arena->end - arena->next))
        return arena_take_block(arena, bytes);
    char *memory = arena->next;
    arena->next += bytes;
    return memory;
}

#endif

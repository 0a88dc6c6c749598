#include "cust360/base/arena.h"
#include "cust360/base/memory.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>

/* Blocks double up to this, so that a small arena stays small. */
#define FIRST_BLOCK_BYTES ((size_t)4096)
#define LAST_BLOCK_BYTES  ((size_t)1 << 20)

struct arena_block {
    struct arena_block *next;
    size_t capacity; /* bytes behind the header */
    alignas(max_align_t) char bytes[];
};

struct arena *arena_create(void)
{
    return memory_allocate_array(1, sizeof(struct arena));
}

static void blocks_free(struct arena_block *block)
{
    while (block) {
        struct arena_block *next = block->next;
        memory_free(block);
        block = next;
    }
}

void arena_destroy(struct arena *arena)
{
    if (!arena)
        return;
    blocks_free(arena->current);
    blocks_free(arena->spare);
    memory_free(arena);
}

void arena_reset(struct arena *arena)
{
#ifdef ARENA_DEBUG
    blocks_free(arena->current);
#else
    while (arena->current) {
        struct arena_block *block = arena->current;
        arena->current = block->next;
        block->next = arena->spare;
        arena->spare = block;
    }
#endif
    arena->current = NULL;
#ifdef ARENA_DEBUG
    arena->spare = NULL;
#endif
    arena->next = NULL;
    arena->end = NULL;
    arena->used_bytes = 0;
}

static struct arena_block *block_create(size_t capacity)
{
    if (capacity > SIZE_MAX - sizeof(struct arena_block))
        capacity = SIZE_MAX; /* fails below with a message */
    size_t bytes = capacity == SIZE_MAX ? SIZE_MAX : sizeof(struct arena_block) + capacity;
    struct arena_block *block = memory_allocate(bytes);
    block->next = NULL;
    block->capacity = capacity;
    return block;
}

static void block_push(struct arena *arena, size_t bytes)
{
#ifdef ARENA_DEBUG
    struct arena_block *block = block_create(bytes);
#else
    struct arena_block *block = arena->spare;
    if (block && block->capacity >= bytes) {
        arena->spare = block->next;
    } else {
        size_t capacity = arena->current ? arena->current->capacity * 2 : FIRST_BLOCK_BYTES;
        if (capacity > LAST_BLOCK_BYTES)
            capacity = LAST_BLOCK_BYTES;
        block = block_create(capacity < bytes ? bytes : capacity);
    }
#endif
    block->next = arena->current;
    arena->current = block;
}

static size_t block_used_bytes(const struct arena *arena)
{
    return arena->next ? (size_t)(arena->next - arena->current->bytes) : 0;
}

char *arena_take_block(struct arena *arena, size_t bytes)
{
    arena->used_bytes += block_used_bytes(arena);
    block_push(arena, bytes);
#ifdef ARENA_DEBUG
    /* Nothing is left in a block, so that each piece has its own. */
    arena->used_bytes += bytes;
#else
    arena->next = arena->current->bytes + bytes;
    arena->end = arena->current->bytes + arena->current->capacity;
#endif
    return arena->current->bytes;
}

void *arena_allocate_uncleared(struct arena *arena, size_t bytes)
{
    size_t over = (uintptr_t)arena->next % alignof(max_align_t);
    size_t gap = over ? alignof(max_align_t) - over : 0;
    size_t left = (size_t)(arena->end - arena->next);
    if (left < gap || left - gap <= bytes)
        return arena_take_block(arena, bytes);
    char *memory = arena->next + gap;
    arena->used_bytes -= gap; /* may wrap; with the block's own bytes the sum is right again */
    arena->next = memory + bytes;
    return memory;
}

void *arena_allocate(struct arena *arena, size_t bytes)
{
    return memset(arena_allocate_uncleared(arena, bytes), 0, bytes);
}

void *arena_allocate_array(struct arena *arena, size_t count, size_t size_bytes)
{
    size_t bytes = 0;
    if (__builtin_mul_overflow(count, size_bytes, &bytes))
        bytes = SIZE_MAX - sizeof(struct arena_block); /* no system has it: ends with a message */
    return arena_allocate(arena, bytes);
}

struct slice arena_copy(struct arena *arena, struct slice slice)
{
    return slice_make(arena_text(arena, slice), slice.length);
}

char *arena_text(struct arena *arena, struct slice slice)
{
    char *copy = arena_allocate_bytes(arena, slice.length + 1);
    if (slice.length)
        memcpy(copy, slice.data, slice.length);
    copy[slice.length] = '\0';
    return copy;
}

char *arena_format(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = arena_format_list(arena, format, arguments);
    va_end(arguments);
    return text;
}

char *arena_format_list(struct arena *arena, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    size_t bytes = (size_t)(length < 0 ? 0 : length) + 1;
    char *text = arena_allocate_bytes(arena, bytes);
    text[0] = '\0';
    vsnprintf(text, bytes, format, arguments);
    return text;
}

size_t arena_used_bytes(const struct arena *arena)
{
    return arena->used_bytes + block_used_bytes(arena);
}

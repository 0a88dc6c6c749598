#include "cust360/base/memory.h"
#include "cust360/base/error.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* The processor looks up addresses page by page. An array of hundreds of megabytes that is read in
 * any order has too many small pages for that: large ones are asked for, where the system has them.
 */
enum { LARGE_PAGE_BYTES = 2 << 20, LARGE_ARRAY_BYTES = 4 * LARGE_PAGE_BYTES };

/* Written without stdio, which may itself want memory. */
void memory_exhausted(void)
{
    static const char message[] = "cust360: error: out of memory\n";
    ssize_t written = write(STDERR_FILENO, message, sizeof(message) - 1);
    (void)written;
    _exit(EXIT_FAILED);
}

static void *ask_for_large_pages(void *memory, size_t bytes)
{
    if (bytes < LARGE_ARRAY_BYTES)
        return memory;
    size_t skipped = (size_t)(-(uintptr_t)memory & (LARGE_PAGE_BYTES - 1));
    size_t pages = (bytes - skipped) / LARGE_PAGE_BYTES;
    /* A wish: that it is not granted changes nothing but the time. */
    (void)madvise((char *)memory + skipped, pages * LARGE_PAGE_BYTES, MADV_HUGEPAGE);
    return memory;
}

void *memory_allocate(size_t bytes)
{
    void *memory = malloc(bytes ? bytes : 1);
    if (!memory)
        memory_exhausted();
    return ask_for_large_pages(memory, bytes);
}

void *memory_allocate_array(size_t count, size_t size_bytes)
{
    void *memory = calloc(count ? count : 1, size_bytes ? size_bytes : 1);
    if (!memory)
        memory_exhausted();
    return ask_for_large_pages(memory, count * size_bytes);
}

void *memory_resize_array(void *memory, size_t count, size_t size_bytes)
{
    if (size_bytes && count > SIZE_MAX / size_bytes)
        memory_exhausted();
    size_t bytes = count * size_bytes;
    void *resized = realloc(memory, bytes ? bytes : 1);
    if (!resized)
        memory_exhausted();
    return ask_for_large_pages(resized, bytes);
}

void *memory_grow_array(void *memory, size_t *capacity, size_t needed, size_t size_bytes)
{
    size_t grown = *capacity + *capacity / 2 + 8;
    if (grown < needed)
        grown = needed;
    memory = memory_resize_array(memory, grown, size_bytes);
    *capacity = grown;
    return memory;
}

char *memory_copy_text(const char *text)
{
    if (!text)
        return NULL;
    size_t bytes = strlen(text) + 1;
    return memcpy(memory_allocate(bytes), text, bytes);
}

void memory_free(void *memory)
{
    free(memory);
}

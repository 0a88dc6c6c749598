#include "cust360/base/arena.h"
#include "cust360/base/buffer.h"
#include "cust360/base/memory.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <stdlib.h>

Test(memory, grow_keeps_content_and_reaches_what_is_needed)
{
    size_t capacity = 0;
    int *numbers = NULL;
    for (int i = 0; i < 1000; i++) {
        numbers = memory_grow(numbers, &capacity, (size_t)i + 1, sizeof(*numbers));
        cr_assert_geq(capacity, (size_t)i + 1);
        numbers[i] = i;
    }
    for (int i = 0; i < 1000; i++)
        cr_assert_eq(numbers[i], i);
    memory_free(numbers);
}

Test(memory, copy_of_null_is_null)
{
    cr_assert_null(memory_copy_text(NULL));
    char *copy = memory_copy_text("许功盖");
    cr_assert_str_eq(copy, "许功盖");
    memory_free(copy);
}

Test(memory, overflowing_size_ends_the_process, .exit_code = 1)
{
    memory_resize_array(NULL, SIZE_MAX / 2, 4);
}

Test(arena, pieces_do_not_overlap_and_are_aligned)
{
    struct arena *arena = arena_create();
    enum { PIECES = 2000 };
    unsigned char *pieces[PIECES];
    for (size_t i = 0; i < PIECES; i++) {
        pieces[i] = arena_allocate(arena, i % 97 + 1);
        cr_assert_eq((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
        for (size_t j = 0; j < i % 97 + 1; j++)
            cr_assert_eq(pieces[i][j], 0, "memory is cleared");
        memset(pieces[i], (int)(i % 251), i % 97 + 1);
    }
    for (size_t i = 0; i < PIECES; i++)
        for (size_t j = 0; j < i % 97 + 1; j++)
            cr_assert_eq(pieces[i][j], i % 251);
    arena_destroy(arena);
}

Test(arena, reset_gives_cleared_memory_again)
{
    struct arena *arena = arena_create();
    for (int round = 0; round < 5; round++) {
        for (size_t i = 0; i < 300; i++) {
            unsigned char *piece = arena_allocate(arena, 1000);
            cr_assert_eq(piece[0] | piece[999], 0);
            memset(piece, 0xFF, 1000);
        }
        cr_assert_eq(arena_used_bytes(arena), 300 * 1000);
        arena_reset(arena);
        cr_assert_eq(arena_used_bytes(arena), 0);
    }
    arena_destroy(arena);
}

Test(arena, uncleared_pieces_are_aligned_and_apart)
{
    struct arena *arena = arena_create();
    char *before = arena_allocate_bytes(arena, 3);
    memset(before, 'a', 3);
    for (size_t bytes = 0; bytes < 10000; bytes += 997) {
        char *piece = arena_allocate_uncleared(arena, bytes);
        cr_assert_eq((uintptr_t)piece % _Alignof(max_align_t), 0, "%zu", bytes);
        memset(piece, 'b', bytes);
    }
    cr_expect_eq(memcmp(before, "aaa", 3), 0);
    arena_destroy(arena);
}

Test(arena, large_pieces_have_their_own_block)
{
    struct arena *arena = arena_create();
    char *large = arena_allocate_bytes(arena, (size_t)5 << 20);
    memset(large, 'x', (size_t)5 << 20);
    char *small = arena_text(arena, SLICE("small"));
    cr_assert_str_eq(small, "small");
    cr_assert_eq(large[((size_t)5 << 20) - 1], 'x');
    arena_destroy(arena);
}

Test(arena, text_is_copied_and_formatted)
{
    struct arena *arena = arena_create();
    struct slice copy = arena_copy(arena, slice_make("王小明,x", 9));
    cr_assert(slice_equal(copy, SLICE("王小明")));
    cr_assert_eq(copy.data[copy.length], '\0');
    cr_assert_str_eq(arena_format(arena, "%s-%03d", "D", 7), "D-007");
    cr_assert_str_eq(arena_text(arena, slice_make(NULL, 0)), "");
    arena_destroy(arena);
}

Test(buffer, grows_and_stays_terminated)
{
    struct buffer buffer = BUFFER_EMPTY;
    for (int i = 0; i < 1000; i++) {
        buffer_append_byte(&buffer, (char)('a' + i % 26));
        cr_assert_eq(buffer.data[buffer.length], '\0');
    }
    cr_assert_eq(buffer.length, 1000);
    buffer_clear(&buffer);
    cr_assert_eq(buffer.length, 0);
    buffer_format(&buffer, "%d/%s", 42, "x");
    buffer_append_text(&buffer, "!");
    buffer_append(&buffer, slice_make(NULL, 0));
    cr_assert_str_eq(buffer.data, "42/x!");
    buffer_release(&buffer);
    cr_assert_null(buffer.data);
    buffer_append_text(&buffer, "again");
    cr_assert(slice_equal(buffer_slice(&buffer), SLICE("again")));
    buffer_release(&buffer);
}

#include "cust360/base/listing.h"

#include <criterion/criterion.h>

static const struct listing_column columns[] = {
    {"name", LISTING_LEFT, 6}, {"count", LISTING_RIGHT, 0}, {"note", LISTING_LEFT, 0}};

static struct buffer text;
static struct listing *listing;

static void begin(void)
{
    text = (struct buffer)BUFFER_EMPTY;
    listing = listing_create(columns, 3);
}

static void end(void)
{
    listing_destroy(listing);
    buffer_release(&text);
}

TestSuite(base_listing, .init = begin, .fini = end);

Test(base_listing, columns_are_aligned_as_a_terminal_shows_them)
{
    listing_row(listing);
    listing_text(listing, SLICE("王伟"));
    listing_number(listing, 7);
    listing_text(listing, SLICE("a"));
    listing_row(listing);
    listing_text(listing, SLICE("Li"));
    listing_number(listing, 1234567);
    listing_write(listing, 1, &text);
    cr_assert_str_eq(text.data, " name      count  note\n"
                                " 王伟          7  a\n"
                                " Li    1,234,567\n");
    cr_assert_eq(listing_rows(listing), 2);
}

Test(base_listing, long_cells_are_cut_at_whole_characters)
{
    listing_row(listing);
    listing_text(listing, SLICE("欧阳震华"));
    listing_row(listing);
    listing_text(listing, SLICE("欧阳震"));
    listing_write(listing, 0, &text);
    cr_assert_str_eq(text.data, "name    count  note\n"
                                "欧阳…\n"
                                "欧阳震\n");
}

Test(base_listing, line_breaks_do_not_break_a_line)
{
    listing_row(listing);
    listing_text(listing, SLICE("a\nb\tc"));
    listing_write(listing, 0, &text);
    cr_assert_str_eq(text.data, "name   count  note\na b c\n");
}

Test(base_listing, without_headings_there_is_no_heading_line)
{
    static const struct listing_column bare[] = {{"", LISTING_LEFT, 0}, {"", LISTING_LEFT, 0}};
    struct listing *plain = listing_create(bare, 2);
    listing_row(plain);
    listing_text(plain, SLICE("VIN"));
    listing_text(plain, SLICE("LFV1"));
    listing_write(plain, 2, &text);
    cr_assert_str_eq(text.data, "  VIN  LFV1\n");
    listing_destroy(plain);
}

Test(base_listing, without_rows_the_heading_stands_alone)
{
    listing_write(listing, 0, &text);
    cr_assert_str_eq(text.data, "name  count  note\n");
    cr_assert_eq(listing_rows(listing), 0);
}

Test(base_listing, columns_without_anything_can_be_left_out)
{
    listing_row(listing);
    listing_text(listing, SLICE("a"));
    listing_text(listing, SLICE(""));
    listing_text(listing, SLICE("b"));
    listing_hide_empty(listing);
    listing_write(listing, 0, &text);
    cr_assert_str_eq(text.data, "name  note\na     b\n");
}

Test(base_listing, numbers_have_commas_between_thousands)
{
    static const struct {
        uint64_t number;
        const char *wanted;
    } cases[] = {
        {0, "0"},          {999, "999"},        {1000, "1,000"},
        {12345, "12,345"}, {123456, "123,456"}, {UINT64_MAX, "18,446,744,073,709,551,615"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        buffer_clear(&text);
        number_append(&text, cases[i].number);
        cr_assert_str_eq(text.data, cases[i].wanted);
    }
}

#include "cli/explain/explain_show.h"
#include "cli/page/picture.h"

#include <criterion/criterion.h>
#include <math.h>

static void expect_text(struct buffer *text, const char *expected)
{
    cr_expect(slice_equal(buffer_slice(text), slice_of(expected)), "\"%.*s\" is not \"%s\"",
              SLICE_ARGUMENTS(buffer_slice(text)), expected);
    buffer_release(text);
}

Test(explain_words, shares_are_said_as_people_say_them)
{
    static const struct {
        double share;
        const char *words;
    } cases[] = {
        {1, "100 %"},
        {0.9995, "over 99.9 %"},
        {0.9951, "99.5 %"},
        {0.907, "91 %"},
        {0.1, "10 %"},
        {0.05, "1 in 20"},
        {1 / 187.0, "1 in 190"},
        {5.5e-6, "1 in 180,000"},
        {0, "1 in 1,000,000,000,000"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct buffer text = BUFFER_EMPTY;
        words_share(&text, cases[i].share);
        expect_text(&text, cases[i].words);
    }
}

Test(explain_words, a_probability_is_never_said_to_be_more_than_it_is)
{
    static const struct {
        double bits;
        const char *words;
    } cases[] = {
        {0, "50.0 %"},       {5, "97.0 %"},           {10, "99.902 %"},
        {20, "99.9999 %"},   {30, "99.9999 %"},       {-5, "3.0 %"},
        {-10, "1 in 1,000"}, {-20, "1 in 1,000,000"}, {-60, "less than 1 in 1,000,000,000"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct buffer text = BUFFER_EMPTY;
        words_probability(&text, (int32_t)lround(cases[i].bits * WEIGHT_ONE));
        expect_text(&text, cases[i].words);
    }
}

static const char *sentence(struct arena *arena, const struct match_part *part, bool has_relatives)
{
    static struct explain_record records[] = {{.golden = 1}, {.golden = 2}};
    records[0].source = records[1].source = SLICE("D01");
    records[0].key = SLICE("7");
    records[1].key = SLICE("8");
    const struct explain explain = {.arena = arena, .records = records, .record_count = 2};
    struct explain_pair pair = {.a = 0, .b = 1};
    pair.detail.has_relatives = has_relatives;
    return words_part(&explain, &pair, part);
}

Test(explain_words, a_comparison_is_a_sentence)
{
    struct arena *arena = arena_create();
    struct match_part part = {.comparison = "mobile",
                              .level = "same",
                              .match = 0.91,
                              .stranger = 5.5e-6,
                              .relative = 0.47,
                              .against_stranger = (int32_t)(17.5 * WEIGHT_ONE),
                              .against_relative = WEIGHT_ONE};
    cr_expect_str_eq(sentence(arena, &part, false),
                     "Same mobile: 1 in 180,000 pairs of strangers shares one, 91 % of one "
                     "customer's; +17.5 bits");
    cr_expect_str_eq(sentence(arena, &part, true),
                     "Same mobile: 1 in 180,000 pairs of strangers shares one, 47 % of relatives', "
                     "91 % of one customer's; +17.5 bits, +1.0 against relatives");
    const struct match_frequency frequencies[] = {{"surname", 0.07}, {"given", 0.0005}};
    part.level = "sounds the same";
    part.frequencies = frequencies;
    part.frequency_count = 2;
    cr_expect_str_eq(sentence(arena, &part, false),
                     "Mobile: sounds the same, 1 in 180,000 pairs of strangers shows this (this "
                     "surname 1 in 14, this given 1 in 2,000), 91 % of one customer's; +17.5 bits");
    part = (struct match_part){.comparison = "birth date",
                               .level = "different",
                               .match = 0.0035,
                               .stranger = 0.998,
                               .against_stranger = -8 * WEIGHT_ONE};
    cr_expect_str_eq(
        sentence(arena, &part, false),
        "Different birth date: only 1 in 290 of one customer's pairs differ, 99.8 % of "
        "strangers'; -8.0 bits");
    arena_destroy(arena);
}

Test(explain_words, silence_is_told_with_its_reason)
{
    struct arena *arena = arena_create();
    struct match_evidence evidence = {.attribute = "email", .a = SLICE("a@b.cn")};
    struct match_part part = {.comparison = "e-mail",
                              .silence = MATCH_UNKNOWN,
                              .evidence = &evidence,
                              .evidence_count = 1};
    cr_expect_str_eq(sentence(arena, &part, true), "E-mail: not known of D01:8; says nothing");
    evidence.b_ignored = true;
    cr_expect_str_eq(sentence(arena, &part, true),
                     "E-mail: that of D01:8 is shared by too many to be anybody's; says nothing");
    evidence = (struct match_evidence){.attribute = "email"};
    cr_expect_str_eq(sentence(arena, &part, true), "E-mail: known of neither; says nothing");
    part.silence = MATCH_IMPLIED;
    part.implied_by = "car";
    cr_expect_str_eq(sentence(arena, &part, true), "E-mail: adds nothing to the car");
    part.silence = MATCH_INCONCLUSIVE;
    cr_expect_str_eq(sentence(arena, &part, true),
                     "E-mail: neither agrees nor differs; says nothing");
    arena_destroy(arena);
}

/* What the model has as plain is shown, what it does not know is not. */
Test(explain_words, values_are_masked_unless_asked_for)
{
    struct model_field fields[] = {{.name = "mobile", .personal = true, .class = FIELD_PERSONAL},
                                   {.name = "city"}};
    struct model_entity entity = {.name = "customer", .fields = fields, .field_count = 2};
    struct model model = {.entities = &entity, .entity_count = 1};
    const struct project project = {.model = &model};
    struct arena *arena = arena_create();
    const struct match_evidence evidence[] = {{.attribute = "mobile", .a = SLICE("13800138000")},
                                              {.attribute = "plate", .a_ignored = true}};
    const struct match_part part = {.evidence = evidence, .evidence_count = 2};
    struct explain explain = {.arena = arena, .project = &project};
    struct buffer text = BUFFER_EMPTY;
    words_evidence(&explain, &text, &part, true);
    expect_text(&text, "138****8000 · (shared widely)");
    words_evidence(&explain, &text, &part, false);
    expect_text(&text, "");
    words_value(&explain, &text, "city", SLICE("Shanghai"));
    expect_text(&text, "Shanghai");
    words_value(&explain, &text, "car", SLICE("LFV12345678901234"));
    expect_text(&text, "LFV**********1234");
    explain.unmasked = true;
    words_evidence(&explain, &text, &part, true);
    expect_text(&text, "13800138000 · (shared widely)");
    arena_destroy(arena);
}

Test(picture, texts_are_escaped_and_nothing_comes_from_elsewhere)
{
    struct buffer html = BUFFER_EMPTY;
    page_begin(&html, "<王>");
    page_element(&html, "p", "faint", SLICE("a & \"b\""));
    svg_begin(&html, 100, 50, "<x>");
    svg_text(&html, 1, 2, SVG_MIDDLE, SLICE("<script>"));
    svg_end(&html);
    page_end(&html);
    struct slice page = buffer_slice(&html);
    cr_expect(slice_find(page, SLICE("<title>&lt;王&gt;</title>")) > 0);
    cr_expect(slice_find(page, SLICE("<p class=\"faint\">a &amp; &quot;b&quot;</p>")) > 0);
    cr_expect(slice_find(page, SLICE("text-anchor=\"middle\">&lt;script&gt;</text>")) > 0);
    cr_expect(slice_find(page, SLICE("viewBox=\"0 0 100 50\"")) > 0);
    cr_expect(slice_find(page, SLICE("<script")) < 0);
    cr_expect(slice_find(page, SLICE("url(")) < 0);
    buffer_release(&html);
}

#include "cli/explain/explain_show.h"
#include "cli/review/review_chinese.h"
#include "cli/review/review_open.h"
#include "cust360/base/buffer.h"

#include <math.h>

/* The evidence of a pair: a sentence for the first look, bars for the second. */

static double bits(int32_t weight)
{
    return (double)weight / WEIGHT_ONE;
}

/* Two texts of one part: in English as `explain` says it, in Chinese word by word. */
static void append_part(const struct match_part *part, struct buffer *text, struct buffer *chinese)
{
    struct buffer title = BUFFER_EMPTY;
    words_title(&title, part);
    if (text->length && title.length && title.data[0] >= 'A' && title.data[0] <= 'Z')
        title.data[0] = (char)(title.data[0] - 'A' + 'a');
    buffer_append_text(text, text->length ? "; " : "");
    buffer_append(text, buffer_slice(&title));
    buffer_append_text(chinese, chinese->length ? "；" : "");
    buffer_append(chinese, chinese_comparison(part->comparison));
    bool is_plain = strcmp(part->level, "same") == 0 || strcmp(part->level, "different") == 0;
    buffer_append_text(chinese, is_plain ? "" : "：");
    buffer_append(chinese, chinese_level(part->level));
    buffer_release(&title);
}

/* What speaks for it first. */
static void say(const struct match_pair_detail *detail, struct arena *arena,
                struct review_evidence *evidence)
{
    struct buffer text = BUFFER_EMPTY;
    struct buffer chinese = BUFFER_EMPTY;
    for (int against = 0; against < 2; against++)
        for (size_t i = 0; i < detail->part_count; i++) {
            const struct match_part *part = &detail->parts[i];
            if (part->silence == MATCH_SPEAKS && part->level &&
                (part->against_stranger < 0) == (against == 1))
                append_part(part, &text, &chinese);
        }
    if (detail->hard_rule_count)
        buffer_format(&text, "%s%s", text.length ? "; " : "", detail->hard_rules[0].reason);
    buffer_append_text(&text, text.length ? "." : "Nothing that both have can be compared.");
    buffer_append_text(&chinese, chinese.length ? "。" : "没有可比较的内容。");
    evidence->sentence = arena_text(arena, buffer_slice(&text));
    evidence->sentence_zh = arena_text(arena, buffer_slice(&chinese));
    buffer_release(&text);
    buffer_release(&chinese);
}

static const char *frequency_of(const struct match_part *part, bool in_chinese, struct arena *arena)
{
    struct buffer text = BUFFER_EMPTY;
    for (size_t i = 0; i < part->frequency_count; i++) {
        const char *attribute = part->frequencies[i].attribute;
        buffer_append_text(&text, !i ? "" : in_chinese ? "，" : ", ");
        buffer_append(&text, in_chinese ? chinese_attribute(attribute) : slice_of(attribute));
        buffer_append_text(&text, " ");
        (in_chinese ? words_share_chinese : words_share)(&text, part->frequencies[i].share);
    }
    const char *frequency = arena_text(arena, buffer_slice(&text));
    buffer_release(&text);
    return frequency;
}

static void fill_parts(const struct match_pair_detail *detail, struct arena *arena,
                       struct review_evidence *evidence)
{
    bool of_relatives = detail->has_relatives && detail->relative < detail->stranger;
    evidence->parts = arena_allocate_array(arena, detail->part_count + 1, sizeof(*evidence->parts));
    evidence->bits = bits(detail->weight);
    evidence->prior = bits(of_relatives ? detail->prior_relative : detail->prior_stranger);
    for (size_t i = 0; i < detail->part_count; i++) {
        const struct match_part *part = &detail->parts[i];
        struct buffer title = BUFFER_EMPTY;
        bool speaks = part->silence == MATCH_SPEAKS && part->level;
        words_title(&title, part);
        evidence->parts[evidence->part_count++] = (struct review_part){
            .comparison = arena_text(arena, slice_of(part->comparison)),
            .comparison_zh = arena_text(arena, chinese_comparison(part->comparison)),
            .level = speaks ? arena_text(arena, slice_of(part->level)) : "",
            .level_zh = speaks ? arena_text(arena, chinese_level(part->level)) : "",
            .bits = !speaks        ? 0
                    : of_relatives ? bits(part->against_relative)
                                   : bits(part->against_stranger),
            .sentence = arena_text(arena, buffer_slice(&title)),
            .frequency = frequency_of(part, false, arena),
            .frequency_zh = frequency_of(part, true, arena),
        };
        buffer_release(&title);
    }
}

/* Which rules would bring the two together, each by itself. */
static void fill_blocks(const struct match_pair_detail *detail, struct arena *arena,
                        struct review_evidence *evidence)
{
    struct buffer text = BUFFER_EMPTY;
    struct buffer chinese = BUFFER_EMPTY;
    for (size_t i = 0; i < detail->key_count; i++) {
        if (!detail->keys[i].shared)
            continue;
        buffer_format(&text, "%s%s", text.length ? ", " : "", detail->keys[i].rule);
        buffer_append_text(&chinese, chinese.length ? "、" : "");
        buffer_append(&chinese, chinese_block(detail->keys[i].rule));
    }
    evidence->blocks = arena_text(arena, buffer_slice(&text));
    evidence->blocks_zh = arena_text(arena, buffer_slice(&chinese));
    buffer_release(&text);
    buffer_release(&chinese);
}

bool review_explain(void *context, int64_t record_a, int64_t record_b, struct arena *arena,
                    struct review_evidence *evidence, struct error *error)
{
    struct review_desk *desk = context;
    const int64_t records[2] = {record_a, record_b};
    struct match_input *input = match_input_create(desk->rules);
    bool done = review_load_input(desk, records, 2, input, arena, error);
    *evidence =
        (struct review_evidence){.sentence = "", .sentence_zh = "", .blocks = "", .blocks_zh = ""};
    if (done && match_input_count(input) == 2) {
        struct match_pair_detail detail;
        struct match_scene *scene = match_scene_create(desk->rules, desk->model, input);
        match_explain_pair(scene, 0, 1, arena, &detail);
        match_explain_keys(scene, arena, &detail);
        say(&detail, arena, evidence);
        fill_parts(&detail, arena, evidence);
        fill_blocks(&detail, arena, evidence);
        match_scene_destroy(scene);
    }
    match_input_destroy(input);
    return done;
}

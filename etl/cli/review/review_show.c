#include "cli/review/review_show.h"
#include "cust360/base/text.h"

#include <string.h>

/* Columns side by side as wide as their values are on a terminal, where Chinese takes two. */

enum { CELL_COLUMNS = 26, LABEL_COLUMNS = 18, RECORDS_SHOWN = 6, BAR_COLUMNS = 20, GRAPH_FROM = 4 };

#define UNDERLINED     "\033[4m"
#define NOT_UNDERLINED "\033[24m"

/* `marks` (may be NULL): '1' for each character that is underlined. */
static void append_marked(struct buffer *text, struct slice value, size_t columns,
                          const char *marks)
{
    size_t used = 0;
    size_t position = 0;
    bool underlined = false;
    while (position < value.length) {
        size_t next = position;
        text_next(value, &next);
        struct slice character = slice_cut(value, position, next);
        size_t width = text_width(character);
        if (used + width > columns - 1)
            break;
        bool marked = marks && *marks && *marks++ == '1';
        if (marked != underlined)
            buffer_append_text(text, marked ? UNDERLINED : NOT_UNDERLINED);
        underlined = marked;
        buffer_append(text, character);
        used += width;
        position = next;
    }
    if (underlined)
        buffer_append_text(text, NOT_UNDERLINED);
    for (; used < columns; used++)
        buffer_append_byte(text, ' ');
}

static void append_padded(struct buffer *text, struct slice value, size_t columns)
{
    append_marked(text, value, columns, NULL);
}

struct slice review_shown_value(const struct review_look *look, bool personal, const char *value)
{
    struct slice text = slice_of(value);
    return personal && !look->whole ? text_mask(look->arena, text) : text;
}

static bool is_shown(const struct review_field *field, const struct review_look *look)
{
    return field->difference != REVIEW_MISSING && (look->all || field->difference != REVIEW_EQUAL);
}

size_t review_shown_field(const struct review_case *found, const struct review_look *look)
{
    size_t shown = 0;
    for (size_t i = 0; i < found->field_count; i++)
        if (is_shown(&found->fields[i], look) && shown++ == look->row)
            return i;
    return SIZE_MAX;
}

/* The records that are shown: so many as fit, from the column at hand on. */
static size_t first_column(const struct review_case *found, const struct review_look *look)
{
    size_t last = found->record_count > RECORDS_SHOWN ? found->record_count - RECORDS_SHOWN : 0;
    return look->column < last ? look->column : last;
}

static size_t end_column(const struct review_case *found, const struct review_look *look)
{
    size_t end = first_column(found, look) + RECORDS_SHOWN;
    return end < found->record_count ? end : found->record_count;
}

static struct slice shown_cell(const struct review_field *field, const struct review_cell *cell,
                               bool given, const struct review_look *look)
{
    if (cell->masked && !given && field->personal && !look->whole)
        return slice_of(cell->masked);
    return review_shown_value(look, field->personal, given ? cell->given : cell->value);
}

static void append_field(struct buffer *text, const struct review_case *found,
                         const struct review_field *field, bool at_hand,
                         const struct review_look *look)
{
    static const char marks[] = {' ', '~', '!', ' '};
    buffer_append_byte(text, marks[field->difference]);
    buffer_append_byte(text, at_hand ? '>' : ' ');
    append_padded(text, slice_of(field->name), LABEL_COLUMNS);
    for (size_t i = first_column(found, look); i < end_column(found, look); i++) {
        const struct review_cell *cell = &field->cells[i];
        bool given = look->given && *cell->given;
        buffer_append_byte(text, cell->wins ? '*' : ' ');
        append_marked(text, shown_cell(field, cell, given, look), CELL_COLUMNS,
                      look->marks && !given ? cell->differs : NULL);
    }
    buffer_append_text(text, "\n");
}

static void append_heading(struct buffer *text, const struct review_case *found,
                           const struct review_look *look)
{
    append_padded(text, SLICE(""), LABEL_COLUMNS + 2);
    for (size_t i = first_column(found, look); i < end_column(found, look); i++) {
        const struct review_record *record = &found->records[i];
        const char *heading = arena_format(look->arena, "%zu %s:%s %s", i + 1, record->source,
                                           record->key, record->system);
        buffer_append_byte(text, ' ');
        append_padded(text, slice_of(heading), CELL_COLUMNS);
    }
    size_t left = found->record_count - (end_column(found, look) - first_column(found, look));
    if (left)
        buffer_format(text, look->chinese ? " 另有 %zu 条 (h l)" : " %zu more (h l)", left);
    buffer_append_text(text, "\n");
}

/* ---- evidence ---- */

static void append_bar(struct buffer *text, double bits, double most)
{
    size_t length = (size_t)((bits < 0 ? -bits : bits) / most * BAR_COLUMNS + 0.5);
    buffer_format(text, "%+7.1f ", bits);
    for (size_t i = 0; i < length; i++)
        buffer_append_byte(text, bits < 0 ? '-' : '+');
}

static void append_bars(struct buffer *text, const struct review_case *found, bool chinese)
{
    double most = 1;
    for (size_t i = 0; i < found->part_count; i++) {
        double bits = found->parts[i].bits;
        most = bits > most ? bits : -bits > most ? -bits : most;
    }
    for (size_t i = 0; i < found->part_count; i++) {
        const struct review_part *part = &found->parts[i];
        if (!*part->level)
            continue;
        buffer_append_text(text, "  ");
        append_padded(text, slice_of(chinese ? part->comparison_zh : part->comparison),
                      LABEL_COLUMNS);
        append_bar(text, part->bits, most);
        buffer_format(text, " %s", chinese ? part->level_zh : part->level);
        const char *frequency = chinese ? part->frequency_zh : part->frequency;
        buffer_format(text, *frequency ? " (%s)\n" : "%s\n", frequency);
    }
    buffer_format(text, "%+.1f bits\n", found->bits);
    const char *blocks = chinese ? found->blocks_zh : found->blocks;
    if (*blocks)
        buffer_format(text, chinese ? "由此进入比较：%s\n" : "brought together by: %s\n", blocks);
}

static void append_weak(struct buffer *text, const struct review_case *found, bool chinese)
{
    for (size_t i = 0; found->record_count >= GRAPH_FROM && i < found->link_count; i++) {
        const struct review_link *link = &found->links[i];
        if (link->weak)
            buffer_format(text,
                          chinese ? "薄弱连接：%zu 与 %zu，%.1f 比特\n"
                                  : "weak bridge: %zu and %zu, %.1f bits\n",
                          link->a + 1, link->b + 1, link->bits);
    }
}

/* In a blind case whatever would tell the answer comes after it. */
static void append_evidence(struct buffer *text, const struct review_case *found,
                            const struct review_look *look)
{
    const char *sentence = look->chinese ? found->sentence_zh : found->sentence;
    if (found->blind) {
        buffer_append_text(text, look->chinese ? "作出决定之前不显示依据。\n"
                                               : "The reasons are hidden until it is decided.\n");
        return;
    }
    if (*sentence)
        buffer_format(text, "%s\n", sentence);
    if (found->part_count)
        append_bars(text, found, look->chinese);
    append_weak(text, found, look->chinese);
    if (*found->item.reason)
        buffer_format(text, "%s\n", found->item.reason);
}

static void append_said(struct buffer *text, const struct review_case *found)
{
    for (size_t i = 0; i < found->said_count; i++) {
        const struct review_said *said = &found->said[i];
        buffer_format(text, "%s %s: %s%s%s%s%s\n", said->when, said->who, said->kind,
                      *said->comment ? " - " : "", said->comment, *said->changed ? "; since: " : "",
                      said->changed);
    }
}

size_t review_asked_row(const struct review_case *found, const struct review_look *look)
{
    size_t row = 0;
    for (size_t i = 0; i < found->field_count; i++) {
        if (strcmp(found->fields[i].name, found->item.attribute) == 0)
            return is_shown(&found->fields[i], look) ? row : 0;
        row += is_shown(&found->fields[i], look);
    }
    return 0;
}

void review_show_case(const struct review_case *found, const struct review_look *look,
                      struct buffer *text)
{
    buffer_format(text, "\n%s  [%s]%s\n", look->chinese ? found->question_zh : found->question,
                  review_kind_name(found->item.kind),
                  !found->four_eyes ? ""
                  : look->chinese   ? "  需要两人确认"
                                    : "  needs a second steward");
    append_heading(text, found, look);
    for (size_t i = 0; i < found->field_count; i++)
        if (is_shown(&found->fields[i], look))
            append_field(text, found, &found->fields[i], i == review_shown_field(found, look),
                         look);
    append_evidence(text, found, look);
    append_said(text, found);
}

void review_show_preview(const struct review_preview *preview, bool chinese, struct buffer *text)
{
    buffer_format(text,
                  chinese ? "%zu 条源记录，客户 %zu → %zu，车辆 %zu，工单 %zu\n"
                          : "%zu source records, customers %zu -> %zu, vehicles %zu, orders %zu\n",
                  preview->records, preview->before_count, preview->after_count, preview->vehicles,
                  preview->orders);
    const struct review_consents *consents = &preview->consents;
    if (consents->granted + consents->refused)
        buffer_format(text,
                      chinese
                          ? "授权：同意 %zu，拒绝 %zu（其中 %zu 项另一方同意）；均随其号码保留\n"
                          : "consents: %zu granted, %zu refused (%zu that the other grants);"
                            " each stays with its number\n",
                      consents->granted, consents->refused, consents->contrary);
    if (*preview->refused)
        buffer_format(text, "%s\n", preview->refused);
}

void review_show_failures(const struct review_stats *stats, bool chinese, struct buffer *text)
{
    for (size_t i = 0; i < stats->failure_count; i++) {
        const struct review_failure *failure = &stats->failures[i];
        buffer_format(text,
                      chinese ? "未能执行 %lld：%s 于 %s 的决定 %s（问题 %s）：%s\n"
                              : "not carried out, %lld: what %s said at %s, %s (case %s): %s\n",
                      (long long)failure->waiting_id, failure->who, failure->when, failure->word,
                      failure->key, failure->reason);
    }
}

void review_show_stats(const struct review_stats *stats, bool chinese, struct buffer *text)
{
    buffer_format(text,
                  chinese
                      ? "剩余 %zu，已处理 %zu（今日 %zu），每小时 %.0f，最久 %d 天，平均 %.1f 天\n"
                      : "%zu left, %zu cleared (%zu today), %.0f an hour, oldest %d days, "
                        "%.1f on average\n",
                  stats->left, stats->cleared, stats->cleared_today, stats->per_hour,
                  (int)stats->oldest_days, stats->mean_age_days);
    for (size_t i = 0; i < REVIEW_KINDS; i++)
        if (stats->left_by_kind[i])
            buffer_format(text, "  %-10s %zu\n", review_kind_name((enum review_kind)i),
                          stats->left_by_kind[i]);
    if (stats->unsure + stats->second)
        buffer_format(text,
                      chinese ? "待他人判断 %zu，待第二人确认 %zu\n"
                              : "%zu for another steward, %zu for a second one\n",
                      stats->unsure, stats->second);
    if (stats->controls)
        buffer_format(text,
                      chinese ? "对照题 %zu，一致 %zu（%.0f%%）\n"
                              : "known pairs: %zu asked again, %zu agreed (%.0f %%)\n",
                      stats->controls, stats->agreed,
                      100.0 * (double)stats->agreed / (double)stats->controls);
    if (stats->waiting + stats->unpublished)
        buffer_format(text,
                      chinese ? "等待运行结束的决定 %zu，尚未发布的客户 %zu\n"
                              : "%zu decisions wait for a run, %zu customers are to be published\n",
                      stats->waiting, stats->unpublished);
    review_show_failures(stats, chinese, text);
    for (size_t i = 0; i < stats->steward_count; i++)
        buffer_format(text, "  %s: %zu, %zu, %.0f/h\n", stats->stewards[i].who,
                      stats->stewards[i].cleared, stats->stewards[i].today,
                      stats->stewards[i].per_hour);
}

void review_show_help(bool chinese, struct buffer *text)
{
    buffer_append_text(
        text,
        chinese
            ? "m 同一人/接受/仍成立  n 不是/拒绝  u 不确定(附说明)  s 拆出(记录号)  x 不再询问\n"
              "1-9 采用该列的值  e 输入值  v 原始值  d 仅看差异  j k 字段  h l 列  p 显示完整值\n"
              "a 依据相同的问题一并决定  w 预览结果  c 说明  f 标记  空格 跳过  z 撤销  g 查看客户 "
              " / 查找  ? 帮助  q 结束\n"
            : "m same, accept, still holds  n not same, refuse  u unsure (with comment)\n"
              "s split (record numbers)  x never ask again  1-9 take that column's value\n"
              "e give a value  v as it came  d differences only  j k field down, up\n"
              "h l columns left, right  p show personal values (noted)  w what it would make\n"
              "a one word on all cases that look like this one\n"
              "c comment  f flag  space skip  z undo  g go to a customer  / search  ? help"
              "  q quit\n");
}

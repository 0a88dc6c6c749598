#include "cli/review_show.h"
#include "cust360/base/text.h"

/* Columns side by side as wide as their values are on a terminal, where Chinese takes two. */

enum { CELL_COLUMNS = 26, LABEL_COLUMNS = 18 };

static void append_padded(struct buffer *text, struct slice value, size_t columns)
{
    size_t used = 0;
    size_t position = 0;
    while (position < value.length) {
        size_t next = position;
        text_next(value, &next);
        struct slice character = slice_cut(value, position, next);
        size_t width = text_width(character);
        if (used + width > columns - 1)
            break;
        buffer_append(text, character);
        used += width;
        position = next;
    }
    for (; used < columns; used++)
        buffer_append_byte(text, ' ');
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

static void append_field(struct buffer *text, const struct review_field *field, size_t count,
                         const struct review_look *look)
{
    static const char *const marks[] = {"  ", "~ ", "! ", "  "};
    buffer_append_text(text, marks[field->difference]);
    append_padded(text, slice_of(field->name), LABEL_COLUMNS);
    for (size_t i = 0; i < count; i++) {
        const struct review_cell *cell = &field->cells[i];
        const char *value = look->given && *cell->given ? cell->given : cell->value;
        buffer_append_byte(text, cell->wins ? '*' : ' ');
        append_padded(text, slice_of(value), CELL_COLUMNS);
    }
    buffer_append_text(text, "\n");
}

static void append_heading(struct buffer *text, const struct review_case *found)
{
    append_padded(text, SLICE(""), LABEL_COLUMNS + 2);
    for (size_t i = 0; i < found->record_count; i++) {
        struct buffer heading = BUFFER_EMPTY;
        buffer_format(&heading, "%zu %s:%s", i + 1, found->records[i].source,
                      found->records[i].key);
        buffer_append_byte(text, ' ');
        append_padded(text, buffer_slice(&heading), CELL_COLUMNS);
        buffer_release(&heading);
    }
    buffer_append_text(text, "\n");
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

void review_show_case(const struct review_case *found, const struct review_look *look,
                      struct buffer *text)
{
    const char *sentence = look->chinese ? found->sentence_zh : found->sentence;
    buffer_format(text, "\n%s  [%s]%s\n", look->chinese ? found->question_zh : found->question,
                  review_kind_name(found->item.kind),
                  !found->four_eyes ? ""
                  : look->chinese   ? "  需要两人确认"
                                    : "  needs a second steward");
    append_heading(text, found);
    for (size_t i = 0; i < found->field_count; i++)
        if (is_shown(&found->fields[i], look))
            append_field(text, &found->fields[i], found->record_count, look);
    if (*sentence)
        buffer_format(text, "%s\n", sentence);
    if (!found->blind && found->part_count)
        buffer_format(text, "%+.1f bits\n", found->bits);
    if (*found->item.reason)
        buffer_format(text, "%s\n", found->item.reason);
    append_said(text, found);
}

void review_show_preview(const struct review_preview *preview, bool chinese, struct buffer *text)
{
    buffer_format(text,
                  chinese ? "%zu 条源记录，客户 %zu → %zu，车辆 %zu，工单 %zu\n"
                          : "%zu source records, customers %zu -> %zu, vehicles %zu, orders %zu\n",
                  preview->records, preview->before_count, preview->after_count, preview->vehicles,
                  preview->orders);
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
        text, chinese
                  ? "m 同一人  n 不是  u 不确定(附说明)  s 拆出(记录号)  1-9 采用该列的值\n"
                    "e 输入值  v 原始值  d 仅看差异  j k 上下  p 预览  a 不再询问  y 接受  x 拒绝\n"
                    "空格 跳过  f 标记  z 撤销  / 查找  ? 帮助  q 结束\n"
                  : "m same  n not same  u unsure (with comment)  s split (record numbers)"
                    "  1-9 take that column's value\n"
                    "e type a value  v as it came  d differences only  j k down, up"
                    "  p preview  c comment  a never ask again  y accept  x refuse\n"
                    "space skip  f flag  z undo  / search  ? help  q quit\n");
}

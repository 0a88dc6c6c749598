#include "cli/review/review_terminal.h"
#include "cli/review.h"
#include "cust360/base/memory.h"
#include "cust360/base/text.h"
#include "cust360/review_customer.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* One case after another. A terminal gives single keys without echo, a pipe gives bytes: the same
 * loop reads both. What is typed as text (a comment, a value) ends with its line. */

static void show(const struct terminal *terminal)
{
    struct buffer text = BUFFER_EMPTY;
    review_show_case(&terminal->found, &terminal->look, &text);
    buffer_append_text(&text, "> ");
    terminal_print(&text);
}

/* ---- verdicts ---- */

/* True: the case is done with. */
static bool decide(struct terminal *terminal, struct review_verdict *verdict)
{
    struct review_answer answer;
    struct error error;
    verdict->key = terminal->found.item.key;
    verdict->seen = terminal->found.seen;
    verdict->who = terminal->who;
    if (!verdict->comment && terminal->comment[0])
        verdict->comment = terminal->comment;
    if (!review_decide(terminal->desk->review, verdict, terminal->arena, &answer, &error)) {
        terminal_tell(&error);
        return error.exit_code == EXIT_CONFLICT;
    }
    if (answer.decision_id)
        terminal_remember(terminal, answer.decision_id, "");
    struct buffer text = BUFFER_EMPTY;
    buffer_format(&text, "%s: %s\n", review_word_name(verdict->word), answer.sentence);
    terminal_print(&text);
    return true;
}

static bool decide_word(struct terminal *terminal, enum review_word word)
{
    return decide(terminal, &(struct review_verdict){.word = word});
}

static bool decide_unsure(struct terminal *terminal)
{
    char comment[512];
    terminal_say("why: ", "原因：", terminal);
    typing_line(&terminal->typing, comment, sizeof(comment));
    return decide(terminal, &(struct review_verdict){.word = REVIEW_DONT_KNOW, .comment = comment});
}

static bool decide_split(struct terminal *terminal)
{
    char line[256];
    int64_t *records = arena_allocate_array(terminal->arena, sizeof(line), sizeof(*records));
    size_t count = 0;
    terminal_say("records that are another customer: ", "拆出的记录号：", terminal);
    typing_line(&terminal->typing, line, sizeof(line));
    for (const char *next = line; *next;) {
        char *end = NULL;
        unsigned long number = strtoul(next, &end, 10);
        if (end == next) {
            next++;
            continue;
        }
        if (number >= 1 && number <= terminal->found.record_count)
            records[count++] = terminal->found.records[number - 1].record_id;
        next = end;
    }
    return decide(terminal, &(struct review_verdict){
                                .word = REVIEW_SPLIT, .split = records, .split_count = count});
}

static const struct review_field *field_at_hand(const struct terminal *terminal)
{
    size_t field = review_shown_field(&terminal->found, &terminal->look);
    return field == SIZE_MAX ? NULL : &terminal->found.fields[field];
}

static bool take_from(struct terminal *terminal, size_t column)
{
    const struct review_field *row = field_at_hand(terminal);
    if (!row || column >= terminal->found.record_count)
        return false;
    return decide(terminal, &(struct review_verdict){.word = REVIEW_TAKE,
                                                     .attribute = row->name,
                                                     .value = row->cells[column].value});
}

/* A value of the steward's own has a reason, and may end. */
static bool give_value(struct terminal *terminal)
{
    char value[512];
    char comment[512];
    char until[32];
    struct buffer text = BUFFER_EMPTY;
    const struct review_field *row = field_at_hand(terminal);
    if (!row)
        return false;
    buffer_format(&text, "%s: ", row->name);
    terminal_print(&text);
    typing_line(&terminal->typing, value, sizeof(value));
    terminal_say("why: ", "原因：", terminal);
    typing_line(&terminal->typing, comment, sizeof(comment));
    terminal_say("until (YYYY-MM-DD; empty: for good): ", "有效至 (YYYY-MM-DD，留空为长期)：",
                 terminal);
    typing_line(&terminal->typing, until, sizeof(until));
    if (!comment[0] && !terminal->comment[0]) {
        terminal_say("a value of your own needs a reason\n", "自行输入的值需要说明原因\n",
                     terminal);
        return false;
    }
    return decide(terminal, &(struct review_verdict){.word = REVIEW_TAKE,
                                                     .attribute = row->name,
                                                     .value = value,
                                                     .comment = comment[0] ? comment : NULL,
                                                     .until = until[0] ? until : NULL});
}

/* The last of this session, then the steward's own of former ones. */
static struct terminal_said last_said(struct terminal *terminal)
{
    const struct review_decisions_asked asked = {
        .who = terminal->who, .in_force = true, .limit = 1};
    struct review_decision *decisions = NULL;
    size_t count = 0;
    struct error error;
    if (terminal->decided_count > 0)
        return terminal->decided[--terminal->decided_count];
    if (!review_decisions(terminal->desk->review, &asked, terminal->arena, &decisions, &count,
                          &error))
        terminal_tell(&error);
    return (struct terminal_said){.decision_id = count ? decisions[0].decision_id : 0};
}

static void take_back(struct terminal *terminal)
{
    struct review *review = terminal->desk->review;
    struct review_answer answer;
    struct error error;
    size_t count = 0;
    struct terminal_said last = last_said(terminal);
    if (!last.decision_id && !*last.bulk) {
        terminal_say("nothing to take back\n", "没有可撤销的决定\n", terminal);
        return;
    }
    bool done = *last.bulk ? review_undo_bulk(review, terminal->who, last.bulk, terminal->arena,
                                              &count, &error)
                           : review_undo(review, terminal->who, last.decision_id, terminal->arena,
                                         &answer, &error);
    if (!done)
        terminal_tell(&error);
    else
        terminal_say("taken back\n", "已撤销\n", terminal);
}

/* Of customers that the search finds only `--unmasked` shows whole values, for each is noted. */
static const char *whole_or_masked(const struct terminal *terminal, const char *value)
{
    return terminal->unmasked
               ? value
               : arena_text(terminal->arena, text_mask(terminal->arena, slice_of(value)));
}

static void search(struct terminal *terminal)
{
    enum { HITS = 10 };
    char typed[256];
    struct review_hit *hits = NULL;
    size_t count = 0;
    struct error error;
    struct buffer text = BUFFER_EMPTY;
    terminal_say("search: ", "查找：", terminal);
    typing_line(&terminal->typing, typed, sizeof(typed));
    if (!review_search(terminal->desk->review, slice_of(typed), HITS, terminal->arena, &hits,
                       &count, &error))
        terminal_tell(&error);
    for (size_t i = 0; i < count; i++)
        buffer_format(&text, "%s  %s  %s  (%s %s)\n", hits[i].golden_id,
                      whole_or_masked(terminal, hits[i].name), hits[i].city, hits[i].found_by,
                      whole_or_masked(terminal, hits[i].found));
    terminal_print(&text);
}

/* Where each value of a customer comes from. */
static void go_to(struct terminal *terminal)
{
    char id[64];
    struct review_customer customer;
    struct error error;
    struct buffer text = BUFFER_EMPTY;
    terminal_say("golden id: ", "客户编号：", terminal);
    typing_line(&terminal->typing, id, sizeof(id));
    if (!review_customer(terminal->desk->review, id, terminal->arena, &customer, &error)) {
        terminal_tell(&error);
        return;
    }
    for (size_t i = 0; i < customer.origin_count; i++) {
        const struct review_origin *origin = &customer.origins[i];
        if (*origin->value)
            buffer_format(&text, "%s: %s  (%s %s, %s)\n", origin->label,
                          origin->personal ? whole_or_masked(terminal, origin->value)
                                           : origin->value,
                          origin->source, origin->key, origin->rule_in_words);
    }
    terminal_print(&text);
}

static void reveal(struct terminal *terminal)
{
    struct error error;
    if (terminal->look.whole)
        return;
    if (review_revealed(terminal->desk->review, terminal->who,
                        arena_format(terminal->arena, "case %s", terminal->found.item.key), &error))
        terminal->look.whole = true;
    else
        terminal_tell(&error);
}

static void preview(struct terminal *terminal)
{
    const struct review_verdict verdict = {.key = terminal->found.item.key,
                                           .who = terminal->who,
                                           .word =
                                               terminal->found.item.kind == REVIEW_WEAK_LINK
                                                   ? REVIEW_NOT_SAME
                                                   : terminal_word_for(terminal->found.item.kind)};
    struct review_preview made;
    struct error error;
    struct buffer text = BUFFER_EMPTY;
    if (terminal->found.item.kind == REVIEW_VALUE) {
        terminal_say("a value is taken as it stands\n", "该值将原样采用\n", terminal);
        return;
    }
    if (!review_preview(terminal->desk->review, &verdict, terminal->arena, &made, &error)) {
        terminal_tell(&error);
        return;
    }
    review_show_preview(&made, terminal->look.chinese, &text);
    terminal_print(&text);
}

static void toggle_flag(struct terminal *terminal)
{
    struct review_item *item = &terminal->found.item;
    struct error error;
    if (!review_flag(terminal->desk->review, terminal->who, item->key, !item->flagged, &error)) {
        terminal_tell(&error);
        return;
    }
    item->flagged = !item->flagged;
    if (item->flagged)
        terminal_say("flagged\n", "已标记\n", terminal);
    else
        terminal_say("not flagged any more\n", "已取消标记\n", terminal);
}

/* ---- the loop ---- */

/* Keys that only change what is seen. False: the key is another's. */
static bool look_key(struct terminal *terminal, int key)
{
    struct buffer text = BUFFER_EMPTY;
    switch (key) {
    case 'v':
        terminal->look.given = !terminal->look.given;
        break;
    case 'd':
        terminal->look.all = !terminal->look.all;
        break;
    case 'j':
        terminal->look.row++;
        break;
    case 'k':
        terminal->look.row -= terminal->look.row > 0;
        break;
    case 'h':
        terminal->look.column -= terminal->look.column > 0;
        break;
    case 'l':
        terminal->look.column += terminal->look.column + 1 < terminal->found.record_count;
        break;
    case 'p':
        reveal(terminal);
        break;
    case 'w':
        preview(terminal);
        return true;
    case 'g':
        go_to(terminal);
        return true;
    case '/':
        search(terminal);
        return true;
    case '?':
        review_show_help(terminal->look.chinese, &text);
        terminal_print(&text);
        return true;
    case 'f':
        toggle_flag(terminal);
        return true;
    case 'c':
        terminal_say("comment: ", "说明：", terminal);
        typing_line(&terminal->typing, terminal->comment, sizeof(terminal->comment));
        return true;
    default:
        return false;
    }
    show(terminal);
    return true;
}

/* True: on to the next case. */
static bool word_key(struct terminal *terminal, int key)
{
    switch (key) {
    case 'm':
        return decide_word(terminal, terminal_word_for(terminal->found.item.kind));
    case 'n':
        return decide_word(terminal, terminal_word_against(terminal->found.item.kind));
    case 'u':
        return decide_unsure(terminal);
    case 's':
        return decide_split(terminal);
    case 'e':
        return give_value(terminal);
    case 'x':
        return decide_word(terminal, REVIEW_NEVER_ASK);
    case 'a':
        return terminal_alike(terminal);
    case ' ':
        return true;
    default:
        return key >= '1' && key <= '9' && take_from(terminal, (size_t)(key - '1'));
    }
}

static bool one_case(struct terminal *terminal, const char *key, struct error *error)
{
    arena_reset(terminal->arena);
    terminal->look.column = 0;
    terminal->look.whole = false;
    terminal->comment[0] = '\0';
    if (!review_case(terminal->desk->review, key, terminal->arena, &terminal->found, error)) {
        bool is_gone = error->exit_code == EXIT_CONFLICT;
        if (is_gone)
            terminal_tell(error);
        return is_gone;
    }
    terminal->look.row = review_asked_row(&terminal->found, &terminal->look);
    if (terminal->unmasked)
        reveal(terminal);
    show(terminal);
    while (!terminal->typing.ended) {
        int pressed = typing_key(&terminal->typing);
        if (pressed == 'q')
            terminal->typing.ended = true;
        else if (pressed == 'z')
            take_back(terminal);
        else if (pressed == '\n' && terminal->typing.is_tty && word_key(terminal, 'm'))
            break;
        else if (pressed != EOF && pressed != '\n' && !look_key(terminal, pressed) &&
                 word_key(terminal, pressed))
            break;
    }
    return true;
}

static bool go_through(struct terminal *terminal, struct error *error)
{
    bool done = true;
    while (done && !terminal->typing.ended) {
        struct review_page page;
        struct arena *arena = arena_create();
        done = review_claim(terminal->desk->review, terminal->who, &terminal->filter, arena, &page,
                            error);
        if (done && page.count == 0) {
            terminal_say("no case is left\n", "没有待处理的问题\n", terminal);
            terminal->typing.ended = true;
        }
        terminal->anew = false;
        for (size_t i = 0; done && i < page.count && !terminal->typing.ended && !terminal->anew;
             i++)
            done = one_case(terminal, page.items[i].key, error);
        /* What was skipped is somebody else's; the queue begins anew. */
        if (done && !terminal->typing.ended)
            done = review_release(terminal->desk->review, terminal->who, NULL, error);
        terminal->typing.ended =
            terminal->typing.ended || (page.count > 0 && terminal->decided_count == 0);
        arena_destroy(arena);
    }
    return done;
}

/* What waited for a run and was in vain comes first. */
static void tell_failures(const struct terminal *terminal)
{
    struct review_stats stats;
    struct error error;
    struct buffer text = BUFFER_EMPTY;
    if (!review_settle(terminal->desk->review, NULL, &error) ||
        !review_stats(terminal->desk->review, terminal->arena, &stats, &error))
        terminal_tell(&error);
    else
        review_show_failures(&stats, terminal->look.chinese, &text);
    terminal_print(&text);
}

bool review_terminal(struct review_desk *desk, const struct invocation *invocation,
                     struct error *error)
{
    const char *kind = invocation_option(invocation, "kind");
    struct terminal terminal = {.desk = desk,
                                .who = review_who(invocation),
                                .filter = REVIEW_FILTER_ALL,
                                .unmasked = invocation_flag(invocation, "unmasked"),
                                .arena = arena_create()};
    bool published = false;
    struct error ignored;
    terminal.filter.source = invocation_option(invocation, "source");
    if (kind)
        terminal.filter.kind = (int)review_kind_find(slice_of(kind));
    terminal.look.arena = terminal.arena;
    terminal.look.marks = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
    terminal.look.chinese = review_is_chinese(invocation);
    tell_failures(&terminal);
    typing_begin(&terminal.typing);
    bool done = go_through(&terminal, error);
    typing_end(&terminal.typing);
    if (!review_release(desk->review, terminal.who, NULL, done ? error : &ignored))
        done = false;
    if (done && terminal.decided_count > 0)
        done = review_desk_publish(desk, &published, error) || error->exit_code == EXIT_LOCKED;
    memory_free(terminal.decided);
    arena_destroy(terminal.arena);
    return done;
}

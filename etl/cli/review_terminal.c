#include "cli/review.h"
#include "cli/review_show.h"
#include "cust360/base/memory.h"
#include "cust360/review_customer.h"

#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

/* One case after another. A terminal gives single keys without echo, a pipe gives bytes: the same
 * loop reads both. What is typed as text (a comment, a value) ends with its line. */

struct terminal {
    struct review_desk *desk;
    const char *who;
    struct review_filter filter;
    struct arena *arena; /* of one case */
    struct review_case found;
    struct review_look look;
    struct termios former;
    bool is_tty;
    bool ended;
    char comment[512];
    int64_t *decided; /* to be undone, the last at the end */
    size_t decided_count;
    size_t decided_capacity;
};

/* ---- keys and lines ---- */

static void begin_keys(struct terminal *terminal)
{
    terminal->is_tty = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &terminal->former) == 0;
    if (!terminal->is_tty)
        return;
    struct termios keys = terminal->former;
    keys.c_lflag &= (tcflag_t) ~(ICANON | ECHO);
    tcsetattr(STDIN_FILENO, TCSANOW, &keys);
}

static void end_keys(const struct terminal *terminal)
{
    if (terminal->is_tty)
        tcsetattr(STDIN_FILENO, TCSANOW, &terminal->former);
}

static int read_key(struct terminal *terminal)
{
    unsigned char byte = 0;
    ssize_t got = read(STDIN_FILENO, &byte, 1);
    if (got == 1)
        return byte;
    terminal->ended = true;
    return EOF;
}

/* Echoed by hand, for the terminal does not. Backspace takes back a byte, and with it the rest of
 * its character. */
static void read_line(struct terminal *terminal, char *line, size_t capacity)
{
    size_t length = 0;
    int key;
    while ((key = read_key(terminal)) != EOF && key != '\n' && key != '\r') {
        if (key == 127 || key == '\b') {
            while (length > 0 && ((unsigned char)line[--length] & 0xC0) == 0x80)
                continue;
            command_print(terminal->is_tty ? SLICE("\b \b") : SLICE(""));
        } else if (length + 1 < capacity) {
            line[length++] = (char)key;
            if (terminal->is_tty)
                command_print(slice_make(&line[length - 1], 1));
        }
        (void)fflush(stdout);
    }
    line[length] = '\0';
    command_print(SLICE("\n"));
}

static void say(const char *english, const char *chinese, const struct terminal *terminal)
{
    command_print(slice_of(terminal->look.chinese ? chinese : english));
    (void)fflush(stdout);
}

static void print(struct buffer *text)
{
    command_print(buffer_slice(text));
    buffer_release(text);
    (void)fflush(stdout);
}

static void show(const struct terminal *terminal)
{
    struct buffer text = BUFFER_EMPTY;
    review_show_case(&terminal->found, &terminal->look, &text);
    buffer_append_text(&text, "> ");
    print(&text);
}

static void tell(const struct error *error)
{
    struct buffer text = BUFFER_EMPTY;
    error_describe(error, &text);
    print(&text);
}

/* ---- verdicts ---- */

static void remember(struct terminal *terminal, int64_t decision_id)
{
    if (!decision_id)
        return;
    terminal->decided = memory_grow(terminal->decided, &terminal->decided_capacity,
                                    terminal->decided_count + 1, sizeof(*terminal->decided));
    terminal->decided[terminal->decided_count++] = decision_id;
}

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
        tell(&error);
        return error.exit_code == EXIT_CONFLICT;
    }
    remember(terminal, answer.decision_id);
    struct buffer text = BUFFER_EMPTY;
    buffer_format(&text, "%s: %s\n", review_word_name(verdict->word), answer.sentence);
    print(&text);
    return true;
}

static bool decide_word(struct terminal *terminal, enum review_word word)
{
    return decide(terminal, &(struct review_verdict){.word = word});
}

static bool decide_unsure(struct terminal *terminal)
{
    char comment[512];
    say("why: ", "原因：", terminal);
    read_line(terminal, comment, sizeof(comment));
    return decide(terminal, &(struct review_verdict){.word = REVIEW_DONT_KNOW, .comment = comment});
}

static bool decide_split(struct terminal *terminal)
{
    char line[256];
    int64_t *records = arena_allocate_array(terminal->arena, sizeof(line), sizeof(*records));
    size_t count = 0;
    say("records that are another customer: ", "拆出的记录号：", terminal);
    read_line(terminal, line, sizeof(line));
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

/* The value of a column, or one that is typed, for the field at hand. */
static bool decide_value(struct terminal *terminal, size_t column)
{
    char typed[512];
    size_t field = review_shown_field(&terminal->found, &terminal->look);
    if (field == SIZE_MAX || (column != SIZE_MAX && column >= terminal->found.record_count))
        return false;
    const struct review_field *row = &terminal->found.fields[field];
    const char *value = typed;
    if (column == SIZE_MAX) {
        struct buffer text = BUFFER_EMPTY;
        buffer_format(&text, "%s: ", row->name);
        print(&text);
        read_line(terminal, typed, sizeof(typed));
    } else {
        value = row->cells[column].value;
    }
    return decide(terminal, &(struct review_verdict){
                                .word = REVIEW_TAKE, .attribute = row->name, .value = value});
}

static void take_back(struct terminal *terminal)
{
    struct review_answer answer;
    struct error error;
    if (terminal->decided_count == 0) {
        say("nothing to take back\n", "没有可撤销的决定\n", terminal);
        return;
    }
    int64_t last = terminal->decided[--terminal->decided_count];
    if (!review_undo(terminal->desk->review, terminal->who, last, terminal->arena, &answer, &error))
        tell(&error);
    else
        say("taken back\n", "已撤销\n", terminal);
}

static void search(struct terminal *terminal)
{
    enum { HITS = 10 };
    char typed[256];
    struct review_hit *hits = NULL;
    size_t count = 0;
    struct error error;
    struct buffer text = BUFFER_EMPTY;
    say("search: ", "查找：", terminal);
    read_line(terminal, typed, sizeof(typed));
    if (!review_search(terminal->desk->review, slice_of(typed), HITS, terminal->arena, &hits,
                       &count, &error))
        tell(&error);
    for (size_t i = 0; i < count; i++)
        buffer_format(&text, "%s  %s  %s  (%s %s)\n", hits[i].golden_id, hits[i].name, hits[i].city,
                      hits[i].found_by, hits[i].found);
    print(&text);
}

static void preview(struct terminal *terminal)
{
    const struct review_verdict verdict = {
        .key = terminal->found.item.key,
        .who = terminal->who,
        .word = terminal->found.item.kind == REVIEW_WEAK_LINK ? REVIEW_NOT_SAME : REVIEW_SAME};
    struct review_preview made;
    struct error error;
    struct buffer text = BUFFER_EMPTY;
    if (!review_preview(terminal->desk->review, &verdict, terminal->arena, &made, &error)) {
        tell(&error);
        return;
    }
    review_show_preview(&made, terminal->look.chinese, &text);
    print(&text);
}

static void toggle_flag(struct terminal *terminal)
{
    struct review_item *item = &terminal->found.item;
    struct error error;
    if (!review_flag(terminal->desk->review, terminal->who, item->key, !item->flagged, &error)) {
        tell(&error);
        return;
    }
    item->flagged = !item->flagged;
    if (item->flagged)
        say("flagged\n", "已标记\n", terminal);
    else
        say("not flagged any more\n", "已取消标记\n", terminal);
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
    case 'p':
        preview(terminal);
        return true;
    case '/':
        search(terminal);
        return true;
    case '?':
        review_show_help(terminal->look.chinese, &text);
        print(&text);
        return true;
    case 'f':
        toggle_flag(terminal);
        return true;
    case 'c':
        say("comment: ", "说明：", terminal);
        read_line(terminal, terminal->comment, sizeof(terminal->comment));
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
        return decide_word(terminal, REVIEW_SAME);
    case 'n':
        return decide_word(terminal, REVIEW_NOT_SAME);
    case 'u':
        return decide_unsure(terminal);
    case 's':
        return decide_split(terminal);
    case 'e':
        return decide_value(terminal, SIZE_MAX);
    case 'a':
        return decide_word(terminal, REVIEW_NEVER_ASK);
    case 'y':
        return decide_word(terminal,
                           terminal->found.item.kind == REVIEW_STALE ? REVIEW_KEEP : REVIEW_ACCEPT);
    case 'x':
        return decide_word(terminal, REVIEW_REFUSE);
    case ' ':
        return true;
    default:
        return key >= '1' && key <= '9' && decide_value(terminal, (size_t)(key - '1'));
    }
}

static bool one_case(struct terminal *terminal, const char *key, struct error *error)
{
    arena_reset(terminal->arena);
    terminal->look.row = 0;
    terminal->comment[0] = '\0';
    if (!review_case(terminal->desk->review, key, terminal->arena, &terminal->found, error)) {
        bool is_gone = error->exit_code == EXIT_CONFLICT;
        if (is_gone)
            tell(error);
        return is_gone;
    }
    show(terminal);
    while (!terminal->ended) {
        int pressed = read_key(terminal);
        if (pressed == 'q')
            terminal->ended = true;
        else if (pressed == 'z')
            take_back(terminal);
        else if (pressed != EOF && pressed != '\n' && !look_key(terminal, pressed) &&
                 word_key(terminal, pressed))
            break;
    }
    return true;
}

static bool go_through(struct terminal *terminal, struct error *error)
{
    bool done = true;
    while (done && !terminal->ended) {
        struct review_page page;
        struct arena *arena = arena_create();
        done = review_claim(terminal->desk->review, terminal->who, &terminal->filter, arena, &page,
                            error);
        if (done && page.count == 0) {
            say("no case is left\n", "没有待处理的问题\n", terminal);
            terminal->ended = true;
        }
        for (size_t i = 0; done && i < page.count && !terminal->ended; i++)
            done = one_case(terminal, page.items[i].key, error);
        /* What was skipped is somebody else's; the queue begins anew. */
        if (done && !terminal->ended)
            done = review_release(terminal->desk->review, terminal->who, NULL, error);
        terminal->ended = terminal->ended || (page.count > 0 && terminal->decided_count == 0);
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
        tell(&error);
    else
        review_show_failures(&stats, terminal->look.chinese, &text);
    print(&text);
}

bool review_terminal(struct review_desk *desk, const struct invocation *invocation,
                     struct error *error)
{
    const char *kind = invocation_option(invocation, "kind");
    struct terminal terminal = {.desk = desk,
                                .who = review_who(invocation),
                                .filter = REVIEW_FILTER_ALL,
                                .arena = arena_create()};
    bool published = false;
    struct error ignored;
    terminal.filter.source = invocation_option(invocation, "source");
    if (kind)
        terminal.filter.kind = (int)review_kind_find(slice_of(kind));
    terminal.look.chinese = review_is_chinese(invocation);
    tell_failures(&terminal);
    begin_keys(&terminal);
    bool done = go_through(&terminal, error);
    end_keys(&terminal);
    if (!review_release(desk->review, terminal.who, NULL, done ? error : &ignored))
        done = false;
    if (done && terminal.decided_count > 0)
        done = review_desk_publish(desk, &published, error);
    memory_free(terminal.decided);
    arena_destroy(terminal.arena);
    return done;
}

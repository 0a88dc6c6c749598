#include "cli/review/review_terminal.h"
#include "cust360/base/text.h"

/* One word on all cases that look like the one at hand: they are listed, the first with their
 * evidence, and decided in one transaction or not at all. */

enum { ALIKE_MOST = 50, SAMPLES = 5 };

struct alike {
    struct terminal *terminal;
    struct review_item *items;
    struct review_verdict *verdicts; /* in the order of the items */
    size_t count;
};

static bool find(struct alike *alike, struct error *error)
{
    struct terminal *terminal = alike->terminal;
    struct review_page page;
    if (!review_alike(terminal->desk->review, terminal->who, terminal->found.item.key, ALIKE_MOST,
                      terminal->arena, &page, error))
        return false;
    alike->items = page.items;
    for (size_t i = 0; i < page.count; i++)
        if (strcmp(page.items[i].leased_by, terminal->who) == 0)
            alike->items[alike->count++] = page.items[i];
    return true;
}

/* Names masked: that values of the case at hand were shown says nothing of the others. */
static void append_item(struct alike *alike, struct buffer *text, size_t number,
                        const struct review_item *item)
{
    struct arena *arena = alike->terminal->arena;
    bool two = *item->name_b && strcmp(item->name_a, item->name_b) != 0;
    const char *name_a = arena_text(arena, text_mask(arena, slice_of(item->name_a)));
    const char *name_b = arena_text(arena, text_mask(arena, slice_of(item->name_b)));
    buffer_format(text, "%3zu %s:%s", number, item->source_a, item->key_a);
    if (*item->key_b)
        buffer_format(text, " %s:%s", item->source_b, item->key_b);
    buffer_format(text, "  %s%s%s\n", name_a, two ? " / " : "", two ? name_b : "");
}

/* Lists them, and keeps of each what was seen. */
static bool list(struct alike *alike, struct error *error)
{
    struct terminal *terminal = alike->terminal;
    struct arena *arena = terminal->arena;
    struct review_glance *glances = NULL;
    struct buffer text = BUFFER_EMPTY;
    const char **keys = arena_allocate_array(arena, alike->count, sizeof(*keys));
    alike->verdicts = arena_allocate_array(arena, alike->count, sizeof(*alike->verdicts));
    for (size_t i = 0; i < alike->count; i++)
        keys[i] = arena_text(arena, slice_of(alike->items[i].key));
    if (!review_glance_at(terminal->desk->review, keys, alike->count, arena, &glances, error))
        return false;
    for (size_t i = 0; i < alike->count; i++) {
        append_item(alike, &text, i + 1, &alike->items[i]);
        if (i < SAMPLES)
            buffer_format(&text, "    %s\n",
                          terminal->look.chinese ? glances[i].sentence_zh : glances[i].sentence);
        alike->verdicts[i] = (struct review_verdict){
            .key = keys[i],
            .seen = glances[i].seen,
            .who = terminal->who,
            .comment = terminal->comment[0] ? terminal->comment : NULL,
        };
    }
    buffer_format(&text,
                  terminal->look.chinese ? "对这 %zu 个问题作同一决定 (m n x，其他键放弃)："
                                         : "one word on these %zu (m n x; another key: none): ",
                  alike->count);
    terminal_print(&text);
    return true;
}

/* REVIEW_WORDS: none. */
static enum review_word ask_word(struct alike *alike)
{
    struct terminal *terminal = alike->terminal;
    int key = typing_key(&terminal->typing);
    terminal_say("\n", "\n", terminal);
    switch (key) {
    case 'm':
        return terminal_word_for(terminal->found.item.kind);
    case 'n':
        return terminal_word_against(terminal->found.item.kind);
    case 'x':
        return REVIEW_NEVER_ASK;
    default:
        return REVIEW_WORDS;
    }
}

/* Why it cannot be decided with the others; NULL: it can. */
static const char *reason_of(const struct review_bulk *bulk, const char *key)
{
    for (size_t i = 0; i < bulk->refused_count; i++)
        if (strcmp(bulk->refused[i].key, key) == 0)
            return bulk->refused[i].reason;
    return NULL;
}

/* Tells of each that stands in the way. True: the word is meant for the others, which are left. */
static bool ask_others(struct alike *alike, const struct review_bulk *bulk)
{
    struct terminal *terminal = alike->terminal;
    struct buffer text = BUFFER_EMPTY;
    size_t kept = 0;
    for (size_t i = 0; i < alike->count; i++) {
        const char *reason = reason_of(bulk, alike->verdicts[i].key);
        if (reason) {
            append_item(alike, &text, i + 1, &alike->items[i]);
            buffer_format(&text, "    %s\n", reason);
        } else {
            alike->items[kept] = alike->items[i];
            alike->verdicts[kept++] = alike->verdicts[i];
        }
    }
    alike->count = kept;
    buffer_format(&text,
                  terminal->look.chinese ? "尚未记录；决定其余 %zu 个？(y)："
                                         : "nothing is recorded; decide the other %zu? (y): ",
                  kept);
    terminal_print(&text);
    bool others = typing_key(&terminal->typing) == 'y' && kept > 0;
    terminal_say("\n", "\n", terminal);
    return others;
}

static bool decide_all(struct alike *alike, enum review_word word)
{
    struct terminal *terminal = alike->terminal;
    struct buffer text = BUFFER_EMPTY;
    struct review_bulk bulk = {0};
    struct error error;
    for (size_t i = 0; i < alike->count; i++)
        alike->verdicts[i].word = word;
    if (!review_decide_bulk(terminal->desk->review, alike->verdicts, alike->count, terminal->arena,
                            &bulk, &error)) {
        if (bulk.refused_count)
            return ask_others(alike, &bulk) && decide_all(alike, word);
        terminal_tell(&error);
        return false;
    }
    terminal_remember(terminal, 0, bulk.token);
    buffer_format(&text, terminal->look.chinese ? "已决定 %zu 个：%s\n" : "%zu decided: %s\n",
                  bulk.decided, review_word_name(word));
    terminal_print(&text);
    return true;
}

bool terminal_alike(struct terminal *terminal)
{
    struct alike alike = {.terminal = terminal};
    struct error error;
    if (!find(&alike, &error) || (alike.count > 1 && !list(&alike, &error))) {
        terminal_tell(&error);
        return false;
    }
    if (alike.count <= 1) {
        terminal_say("no other case looks like this one\n", "没有与此相同的问题\n", terminal);
        return false;
    }
    enum review_word word = ask_word(&alike);
    terminal->anew = word != REVIEW_WORDS && decide_all(&alike, word);
    return terminal->anew;
}

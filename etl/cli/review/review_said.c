#include "cli/review/review_terminal.h"
#include "cust360/base/memory.h"

#include <stdio.h>

/* What the terminal says, and what was said at it. */

void terminal_say(const char *english, const char *chinese, const struct terminal *terminal)
{
    command_print(slice_of(terminal->look.chinese ? chinese : english));
    (void)fflush(stdout);
}

void terminal_print(struct buffer *text)
{
    command_print(buffer_slice(text));
    buffer_release(text);
    (void)fflush(stdout);
}

void terminal_tell(const struct error *error)
{
    struct buffer text = BUFFER_EMPTY;
    error_describe(error, &text);
    terminal_print(&text);
}

void terminal_remember(struct terminal *terminal, int64_t decision_id, const char *bulk)
{
    terminal->decided = memory_grow(terminal->decided, &terminal->decided_capacity,
                                    terminal->decided_count + 1, sizeof(*terminal->decided));
    struct terminal_said *said = &terminal->decided[terminal->decided_count++];
    said->decision_id = decision_id;
    snprintf(said->bulk, sizeof(said->bulk), "%s", bulk);
}

enum review_word terminal_word_for(enum review_kind kind)
{
    return kind == REVIEW_RELATION || kind == REVIEW_SHARED ? REVIEW_ACCEPT
           : kind == REVIEW_STALE                           ? REVIEW_KEEP
                                                            : REVIEW_SAME;
}

enum review_word terminal_word_against(enum review_kind kind)
{
    return kind == REVIEW_RELATION ? REVIEW_REFUSE : REVIEW_NOT_SAME;
}

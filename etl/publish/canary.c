#include "publish/canary.h"
#include "cust360/base/text.h"
#include "publish/sender.h"
#include "publish/structure.h"

#include <stdio.h>

enum { TEXT_LONG = 255, TEXT_LONGER = 256, CANARY_COLUMNS = 2 };

/* Each by itself has been lost by some driver or database. */
static const char *const TEXTS[] = {
    "\U00020BB7\U00029E3D\U0002A6A5\U0003106C",             /* ideographs outside the BMP */
    "\U0001F600\U0001F468\u200D\U0001F469\u200D\U0001F467", /* emoji, joined ones too */
    "\u8D5E\uFF1A\u9F98 e\u0301 \uFA0E",                    /* as it was typed, not normalized */
    "it's \"quoted\" \\ {braced}, 100 % ? ; -- \t\n",
    "ends in a space ",
    "",
    NULL,
};
enum { TEXT_COUNT = sizeof(TEXTS) / sizeof(TEXTS[0]), ROWS = TEXT_COUNT + 2 };

static const char *repeat(struct arena *arena, const char *character, size_t count)
{
    struct buffer text = BUFFER_EMPTY;
    for (size_t i = 0; i < count; i++)
        buffer_append_text(&text, character);
    const char *copy = arena_text(arena, buffer_slice(&text));
    buffer_release(&text);
    return copy;
}

static struct sent_table *canary_table(struct session *session, const struct shape *shape)
{
    struct sent_table *table = sent_table_of(session, shape);
    struct buffer name = BUFFER_EMPTY;
    dialect_name(&name, session->dialect->canary_name);
    table->name = arena_text(session->arena, buffer_slice(&name));
    buffer_release(&name);
    return table;
}

static bool make_table(struct session *session, const struct sent_table *table, struct error *error)
{
    struct buffer sql = BUFFER_EMPTY;
    buffer_append_text(&sql, session->dialect->canary_make);
    buffer_append_byte(&sql, ' ');
    structure_define(&sql, session, table);
    bool made = session_run(session, sql.data, error);
    buffer_release(&sql);
    return made;
}

/* The sender reads again what it has written, and compares. */
static bool write_rows(struct session *session, const struct sent_table *table, struct error *error)
{
    struct sender *sender = sender_open(session, table, SENDER_UPSERT, error);
    bool written = sender != NULL;
    for (size_t i = 0; i < ROWS && written; i++) {
        char number[24];
        const char *text = i < TEXT_COUNT    ? TEXTS[i]
                           : i == TEXT_COUNT ? repeat(session->arena, "\u6F22", TEXT_LONG)
                                             : repeat(session->arena, "\U00020BB7", TEXT_LONGER);
        snprintf(number, sizeof(number), "%zu", i);
        const struct slice values[CANARY_COLUMNS] = {slice_of(number), slice_of(text)};
        /* One by one, so that the message says which of them it was. */
        written = sender_put(sender, values, 0, error) && sender_finish(sender, error);
    }
    sender_close(sender);
    return written;
}

/* A database's word for a right that is lacking, which is no word on its characters. */
static bool lacks_right(const struct error *error)
{
    return strstr(error->hint, "has no right") != NULL;
}

bool canary_check(struct session *session, struct error *warning, struct error *error)
{
    static struct shape_column columns[CANARY_COLUMNS] = {
        {"number", COLUMN_INTEGER, 0, true, true, NULL},
        {"text", COLUMN_TEXT, TEXT_LONGER, false, false, NULL}};
    static size_t key[] = {0};
    static const struct shape shape = {"cust360_canary", columns, CANARY_COLUMNS, key, 1, NULL};
    const struct sent_table *table = canary_table(session, &shape);
    struct error ignored;
    if (!session_begin(session, error))
        return false;
    bool made = make_table(session, table, error);
    bool checked = made && write_rows(session, table, error);
    session_run(session, session->dialect->rollback, &ignored);
    if (made)
        return checked;
    if (!lacks_right(error))
        return session_fail(session, "cust360_canary", error);
    error_set(warning, EXIT_FAILED, "rare characters were not tried: %s", error->message);
    error_hint(warning, "the right to make temporary tables would let them be; publishing needs it"
                        " not");
    session_fail(session, NULL, warning);
    return true;
}

/* Rows against rows.
 *
 *   both sides in the order of their keys ──► groups of one key
 *   a group: equal rows go; the others are taken in pairs, cell by cell; what is left of the
 *            source is missing, of the target a duplicate or extra
 *   a cell that differs may stand in another column of its row: it has moved
 *   at the end: one value in place of many of a column is a default; an extra row that equals a
 * missing one but for its key has changed its key, one that equals any row of the source is a
 * duplicate */
#include "cust360/base/buffer.h"
#include "cust360/base/hash.h"
#include "cust360/base/memory.h"
#include "cust360/base/text.h"
#include "reconcile/comparison.h"

#include <stdlib.h>

enum { FILLED_LEAST = 2 /* values by which a row is known without its key */ };

struct row_copy {
    char *text; /* key, place and values, one behind the other */
    struct slice key;
    struct slice place;
    struct slice *values;
    uint64_t hash;
    uint64_t content; /* the hash without the key's columns */
    size_t filled;    /* values that `content` is made of */
    bool used;
};

struct row_list {
    struct row_copy *rows;
    size_t count;
    size_t capacity;
};

struct side_cursor {
    struct statement *rows;
    enum outcome outcome;
};

struct comparing {
    struct comparison *comparison;
    struct notebook *notebook;
    struct side_cursor cursors[SIDES];
    struct row_list group[SIDES];
    struct row_list missing;
    struct row_list extra;
    uint64_t *contents; /* hashes of all of the source's rows without their keys */
    size_t content_count;
    size_t content_capacity;
    const char **labels; /* "from → to", a pair of columns each; NULL until there is one */
    struct error *error;
};

static void row_free(struct row_copy *row)
{
    memory_free(row->text);
    memory_free(row->values);
}

static void list_clear(struct row_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        row_free(&list->rows[i]);
    list->count = 0;
}

static struct row_copy *list_add(struct row_list *list)
{
    list->rows = memory_grow(list->rows, &list->capacity, list->count + 1, sizeof(*list->rows));
    struct row_copy *row = &list->rows[list->count++];
    *row = (struct row_copy){0};
    return row;
}

static void copy_row(struct row_copy *copy, const struct statement *row,
                     const struct comparison_options *options)
{
    size_t columns = options->column_count;
    size_t bytes = statement_text(row, AT_KEY).length + statement_text(row, AT_PLACE).length + 1;
    for (size_t i = 0; i < columns; i++)
        bytes += statement_text(row, (int)(AT_VALUES + i)).length;
    copy->text = memory_allocate_array(bytes, 1);
    copy->values = memory_allocate_array(columns + 1, sizeof(*copy->values));
    copy->hash = row_hash(row, options, false, &copy->filled);
    copy->content = row_hash(row, options, true, &copy->filled);
    char *at = copy->text;
    for (size_t i = 0; i < columns + AT_VALUES; i++) {
        struct slice value = statement_text(row, (int)i);
        struct slice kept = slice_make(at, value.length);
        if (value.length)
            memcpy(at, value.data, value.length);
        at += value.length;
        if (i == AT_KEY)
            copy->key = kept;
        else if (i == AT_PLACE)
            copy->place = kept;
        else
            copy->values[i - AT_VALUES] = kept;
    }
}

static bool step(struct comparing *work, enum side side)
{
    struct side_cursor *cursor = &work->cursors[side];
    cursor->outcome = statement_step(cursor->rows, work->error);
    return cursor->outcome != FAILED;
}

static bool open_cursor(struct comparing *work, enum side side)
{
    struct buffer sql = BUFFER_EMPTY;
    buffer_format(&sql, "SELECT * FROM %s ORDER BY key, rowid", side_tables[side]);
    work->cursors[side].rows = statement_prepare(work->comparison->database, sql.data, work->error);
    buffer_release(&sql);
    return work->cursors[side].rows && step(work, side);
}

/* All rows of a side with this key. */
static bool take_group(struct comparing *work, enum side side, struct slice key)
{
    struct side_cursor *cursor = &work->cursors[side];
    while (cursor->outcome == ACCEPTED && slice_equal(statement_text(cursor->rows, AT_KEY), key)) {
        struct row_copy *row = list_add(&work->group[side]);
        copy_row(row, cursor->rows, work->comparison->options);
        if (side == SIDE_SOURCE) {
            work->contents = memory_grow(work->contents, &work->content_capacity,
                                         work->content_count + 1, sizeof(*work->contents));
            work->contents[work->content_count++] = row->content;
        }
        if (!step(work, side))
            return false;
    }
    return true;
}

/* Another column whose value stands in `column` now, and no longer where it was; `column` itself:
 * there is none. */
static size_t origin_of(const struct comparing *work, const struct row_copy *source,
                        const struct row_copy *target, size_t column)
{
    enum { BYTES_LEAST = 2 };
    size_t columns = work->comparison->options->column_count;
    struct slice is = target->values[column];
    for (size_t i = 0; i < columns && is.length >= BYTES_LEAST; i++)
        if (i != column && slice_equal(source->values[i], is) &&
            !slice_equal(target->values[i], is) && !text_is_default(is))
            return i;
    return column;
}

static bool has_moved(const struct comparing *work, const struct row_copy *source,
                      const struct row_copy *target, size_t column)
{
    size_t columns = work->comparison->options->column_count;
    for (size_t i = 0; i < columns; i++)
        if (i != column && origin_of(work, source, target, i) == column)
            return true;
    return false;
}

static const char *moved_label(struct comparing *work, size_t from, size_t to)
{
    const struct comparison_options *options = work->comparison->options;
    size_t columns = options->column_count;
    if (!work->labels)
        work->labels =
            arena_allocate_array(work->notebook->arena, columns * columns, sizeof(*work->labels));
    const char **label = &work->labels[from * columns + to];
    if (!*label)
        *label = arena_format(work->notebook->arena, "%s → %s", options->columns[from].name,
                              options->columns[to].name);
    return *label;
}

static void compare_cells(struct comparing *work, const struct row_copy *source,
                          const struct row_copy *target)
{
    const struct comparison_options *options = work->comparison->options;
    for (size_t i = 0; i < options->column_count; i++) {
        struct slice was = source->values[i];
        struct slice is = target->values[i];
        if (slice_equal(was, is))
            continue;
        size_t origin = origin_of(work, source, target, i);
        if (origin != i) {
            struct instance moved = {source->key, source->place, was, is};
            notebook_add(work->notebook, MOVED, moved_label(work, origin, i), &moved);
            continue;
        }
        if (is.length == 0 && has_moved(work, source, target, i))
            continue;
        struct instance instance = {source->key, source->place, was, is};
        enum discrepancy_kind kind =
            was.length == 0 && !text_is_default(is) ? CHANGED : discrepancy_of_cell(was, is);
        notebook_add(work->notebook, kind, options->columns[i].name, &instance);
    }
}

static void match_equal(struct row_list *sources, struct row_list *targets)
{
    for (size_t i = 0; i < targets->count; i++)
        for (size_t j = 0; j < sources->count && !targets->rows[i].used; j++)
            if (!sources->rows[j].used && sources->rows[j].hash == targets->rows[i].hash)
                sources->rows[j].used = targets->rows[i].used = true;
}

static struct row_copy *next_unused(struct row_list *list, size_t *at)
{
    while (*at < list->count && list->rows[*at].used)
        ++*at;
    return *at < list->count ? &list->rows[(*at)++] : NULL;
}

/* Takes a row over from the group, whose list is cleared next. */
static void move_row(struct row_list *list, struct row_copy *row)
{
    *list_add(list) = *row;
    row->text = NULL;
    row->values = NULL;
}

static void compare_group(struct comparing *work)
{
    struct row_list *sources = &work->group[SIDE_SOURCE];
    struct row_list *targets = &work->group[SIDE_TARGET];
    size_t source_at = 0;
    size_t target_at = 0;
    bool known = sources->count > 0;
    match_equal(sources, targets);
    for (;;) {
        struct row_copy *source = next_unused(sources, &source_at);
        struct row_copy *target = next_unused(targets, &target_at);
        if (source && target) {
            compare_cells(work, source, target);
            continue;
        }
        if (!source && !target)
            break;
        if (source) {
            move_row(&work->missing, source);
        } else if (known) {
            struct instance instance = {target->key, target->place, {NULL, 0}, {NULL, 0}};
            notebook_add(work->notebook, DUPLICATES, NULL, &instance);
        } else {
            move_row(&work->extra, target);
        }
    }
    list_clear(sources);
    list_clear(targets);
}

static bool compare_groups(struct comparing *work)
{
    struct buffer key = BUFFER_EMPTY;
    bool done = true;
    for (;;) {
        const struct side_cursor *left = &work->cursors[SIDE_SOURCE];
        const struct side_cursor *right = &work->cursors[SIDE_TARGET];
        bool has_left = left->outcome == ACCEPTED;
        bool has_right = right->outcome == ACCEPTED;
        if (!has_left && !has_right)
            break;
        struct slice first = {NULL, 0};
        if (has_left)
            first = statement_text(left->rows, AT_KEY);
        if (has_right &&
            (!has_left || slice_compare(statement_text(right->rows, AT_KEY), first) < 0))
            first = statement_text(right->rows, AT_KEY);
        buffer_clear(&key);
        buffer_append(&key, first.length ? first : slice_of(""));
        done = take_group(work, SIDE_SOURCE, buffer_slice(&key)) &&
               take_group(work, SIDE_TARGET, buffer_slice(&key));
        if (!done)
            break;
        compare_group(work);
    }
    buffer_release(&key);
    return done;
}

/* ---- what has no counterpart under its key ---- */

static int compare_hashes(const void *left, const void *right)
{
    const uint64_t *x = left;
    const uint64_t *y = right;
    return *x < *y ? -1 : *x > *y;
}

static struct row_copy *find_missing(struct comparing *work, const struct row_copy *extra)
{
    for (size_t i = 0; i < work->missing.count; i++) {
        struct row_copy *row = &work->missing.rows[i];
        if (!row->used && row->content == extra->content)
            return row;
    }
    return NULL;
}

static bool is_in_source(const struct comparing *work, const struct row_copy *row)
{
    return work->content_count && bsearch(&row->content, work->contents, work->content_count,
                                          sizeof(*work->contents), compare_hashes);
}

/* ---- one value in place of many ---- */

static bool index_sides(struct comparing *work)
{
    return database_run(work->comparison->database,
                        "CREATE INDEX IF NOT EXISTS source_side_key ON source_side(key);"
                        "CREATE INDEX IF NOT EXISTS target_side_key ON target_side(key)",
                        work->error);
}

/* Takes the examples with this value out of those of the changed ones. */
static void forget_examples(struct discrepancy *changed, const char *value)
{
    size_t kept = 0;
    for (size_t i = 0; i < changed->example_count; i++)
        if (strcmp(changed->examples[i].target, value) != 0)
            changed->examples[kept++] = changed->examples[i];
    changed->example_count = kept;
}

/* The value that most of a column's changed cells have become, in place of different ones. */
static bool find_substitute(struct comparing *work, size_t column, uint64_t changed,
                            struct buffer *value, uint64_t *count)
{
    enum { ROWS_LEAST = 5 };
    struct buffer sql = BUFFER_EMPTY;
    enum outcome outcome = FAILED;
    buffer_format(&sql,
                  "SELECT t.c%zu, count(*) AS rows FROM source_side s JOIN target_side t ON t.key ="
                  " s.key AND t.c%zu <> s.c%zu GROUP BY 1 HAVING rows >= %d AND"
                  " count(DISTINCT s.c%zu) > 1 AND rows * 2 > %llu ORDER BY 2 DESC LIMIT 1",
                  column, column, column, ROWS_LEAST, column, (unsigned long long)changed);
    struct statement *find = statement_prepare(work->comparison->database, sql.data, work->error);
    if (find && (outcome = statement_step(find, work->error)) == ACCEPTED) {
        buffer_append(value, statement_text(find, 0));
        *count = (uint64_t)statement_integer(find, 1);
    }
    statement_destroy(find);
    buffer_release(&sql);
    return outcome != FAILED;
}

static bool note_substitute(struct comparing *work, size_t column, struct slice value,
                            uint64_t count)
{
    struct buffer sql = BUFFER_EMPTY;
    const char *name = work->comparison->options->columns[column].name;
    buffer_format(&sql,
                  "SELECT s.key, s.place, s.c%zu FROM source_side s JOIN target_side t ON t.key ="
                  " s.key AND t.c%zu <> s.c%zu WHERE t.c%zu = ?1 ORDER BY s.rowid LIMIT %d",
                  column, column, column, column, DISCREPANCY_EXAMPLES);
    struct statement *rows = statement_prepare(work->comparison->database, sql.data, work->error);
    buffer_release(&sql);
    if (!rows)
        return false;
    statement_bind_text(rows, 1, value);
    const struct discrepancy *listed = notebook_find(work->notebook, DEFAULT_VALUE, name);
    uint64_t before = listed ? listed->count : 0;
    enum outcome outcome;
    while ((outcome = statement_step(rows, work->error)) == ACCEPTED) {
        struct instance instance = {statement_text(rows, 0), statement_text(rows, 1),
                                    statement_text(rows, 2), value};
        notebook_add(work->notebook, DEFAULT_VALUE, name, &instance);
    }
    statement_destroy(rows);
    struct discrepancy *found = notebook_find(work->notebook, DEFAULT_VALUE, name);
    struct discrepancy *changed = notebook_find(work->notebook, CHANGED, name);
    if (outcome == FAILED || !found || !changed)
        return outcome != FAILED;
    /* Some of them have been named otherwise before. */
    count = count < changed->count ? count : changed->count;
    found->count = before + count;
    changed->count -= count;
    forget_examples(changed, found->examples[found->example_count - 1].target);
    return true;
}

/* Of columns that have changed in several rows. */
static bool find_substitutes(struct comparing *work)
{
    enum { ROWS_LEAST = 5 };
    const struct comparison_options *options = work->comparison->options;
    struct buffer value = BUFFER_EMPTY;
    bool done = true;
    for (size_t i = 0; i < options->column_count && done; i++) {
        const struct discrepancy *changed =
            notebook_find(work->notebook, CHANGED, options->columns[i].name);
        uint64_t count = 0;
        if (!changed || changed->count < ROWS_LEAST)
            continue;
        buffer_clear(&value);
        done = index_sides(work) && find_substitute(work, i, changed->count, &value, &count) &&
               (count == 0 || note_substitute(work, i, buffer_slice(&value), count));
    }
    buffer_release(&value);
    return done;
}

/* How the key has changed is told as of a cell. */
static void note_other_key(struct comparing *work, const struct row_copy *was,
                           const struct row_copy *is)
{
    struct instance instance = {was->key, was->place, was->key, is->key};
    enum discrepancy_kind kind = discrepancy_of_cell(was->key, is->key);
    notebook_add(work->notebook, kind == CHANGED ? KEY_CHANGED : kind, "key", &instance);
}

static void settle_extra(struct comparing *work)
{
    /* Looking for a counterpart among very many would not help anybody. */
    enum { MISSING_MOST = 20000 };
    for (size_t i = 0; i < work->extra.count; i++) {
        struct row_copy *row = &work->extra.rows[i];
        bool known = row->filled >= FILLED_LEAST;
        struct row_copy *was =
            known && work->missing.count <= MISSING_MOST ? find_missing(work, row) : NULL;
        struct instance instance = {row->key, row->place, {NULL, 0}, {NULL, 0}};
        if (was) {
            was->used = true;
            note_other_key(work, was, row);
        } else {
            notebook_add(work->notebook, known && is_in_source(work, row) ? DUPLICATES : ROWS_EXTRA,
                         NULL, &instance);
        }
    }
    for (size_t i = 0; i < work->missing.count; i++) {
        const struct row_copy *row = &work->missing.rows[i];
        struct instance instance = {row->key, row->place, {NULL, 0}, {NULL, 0}};
        if (!row->used)
            notebook_add(work->notebook, ROWS_MISSING, NULL, &instance);
    }
}

bool sides_compare(struct comparison *comparison, struct notebook *notebook, struct error *error)
{
    struct comparing work = {.comparison = comparison, .notebook = notebook, .error = error};
    bool done =
        open_cursor(&work, SIDE_SOURCE) && open_cursor(&work, SIDE_TARGET) && compare_groups(&work);
    if (done) {
        if (work.content_count)
            qsort(work.contents, work.content_count, sizeof(*work.contents), compare_hashes);
        settle_extra(&work);
        done = find_substitutes(&work);
    }
    struct row_list *const lists[] = {&work.group[SIDE_SOURCE], &work.group[SIDE_TARGET],
                                      &work.missing, &work.extra};
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        list_clear(lists[i]);
        memory_free(lists[i]->rows);
    }
    memory_free(work.contents);
    statement_destroy(work.cursors[SIDE_SOURCE].rows);
    statement_destroy(work.cursors[SIDE_TARGET].rows);
    return done;
}

#include "cli/stage.h"
#include "cust360/base/memory.h"

/*   in   id  cluster  former  home  age  changed    all records, in one stream, by (source, key)
 *   out  G  id  golden id  number  home  age  touched
 *        I  number  becomes  merged into  record count        all ids ever issued
 *        E  number  event  other                              what has become of ids
 *
 * former and home are numbers of the last run (0: none), age is lower for what came earlier. The
 * file that --ids names has the rows I of the last run. */

enum { COLUMN_ID, COLUMN_CLUSTER, COLUMN_FORMER, COLUMN_HOME, COLUMN_AGE, COLUMN_CHANGED, COLUMNS };

struct assigning {
    struct golden_ids ids;
    size_t capacity[3];
    struct arena *texts;
    struct slice *id; /* by member, escaped */
    uint32_t *cluster;
    uint32_t *former;
    uint32_t *home;
    int64_t *age;
    bool *changed;
    size_t member_capacity[6];
    uint32_t count;
    struct slice last;      /* the id before, without escapes */
    struct slice *clusters; /* by member: the smallest id of its cluster */
    size_t cluster_capacity;
};

/* ---- the ids after the last run ---- */

static void make_room(struct assigning *work, uint32_t number)
{
    size_t places = (size_t)number + 1;
    uint32_t former = work->ids.issued;
    if (number <= former && work->ids.becomes)
        return;
    work->ids.becomes =
        memory_grow(work->ids.becomes, &work->capacity[0], places, sizeof(uint32_t));
    work->ids.merged_into =
        memory_grow(work->ids.merged_into, &work->capacity[1], places, sizeof(uint32_t));
    work->ids.record_count =
        memory_grow(work->ids.record_count, &work->capacity[2], places, sizeof(uint32_t));
    for (size_t i = former ? (size_t)former + 1 : 0; i < places; i++)
        work->ids.becomes[i] = work->ids.merged_into[i] = work->ids.record_count[i] = GOLDEN_NONE;
    work->ids.issued = number;
}

static bool read_number(struct slice column, uint32_t *number)
{
    int64_t value = 0;
    bool read = stage_number(column, &value) && value >= 0 && value < UINT32_MAX;
    *number = read ? (uint32_t)value : 0;
    return read;
}

static bool take_former_id(struct stage_job *job, const struct line *line, struct error *error)
{
    enum { COLUMN_TYPE, COLUMN_NUMBER, COLUMN_BECOMES, COLUMN_MERGED, COLUMN_COUNT, ID_COLUMNS };
    struct assigning *work = job->own;
    uint32_t number = 0;
    (void)error;
    if (line->count != ID_COLUMNS || !slice_equal(line->columns[COLUMN_TYPE], SLICE("I")) ||
        !read_number(line->columns[COLUMN_NUMBER], &number) || number == 0)
        return false;
    make_room(work, number);
    return read_number(line->columns[COLUMN_BECOMES], &work->ids.becomes[number]) &&
           read_number(line->columns[COLUMN_MERGED], &work->ids.merged_into[number]) &&
           read_number(line->columns[COLUMN_COUNT], &work->ids.record_count[number]);
}

/* What ids say of each other must be ids. */
static bool check_ids(const struct assigning *work, struct error *error)
{
    for (uint32_t i = 1; i <= work->ids.issued; i++)
        if (work->ids.becomes[i] > work->ids.issued || work->ids.merged_into[i] > work->ids.issued)
            return error_set(error, EXIT_FAILED,
                             "the ids of the last run speak of one that was "
                             "never issued");
    return true;
}

static bool begin(struct stage_job *job, struct error *error)
{
    struct assigning *work = arena_allocate(job->arena, sizeof(*work));
    *work = (struct assigning){.texts = arena_create()};
    job->own = work;
    make_room(work, 0);
    return stage_read_file(job, "ids", take_former_id, error) && check_ids(work, error);
}

static void release(struct stage_job *job)
{
    struct assigning *work = job->own;
    if (!work)
        return;
    memory_free(work->ids.becomes);
    memory_free(work->ids.merged_into);
    memory_free(work->ids.record_count);
    memory_free(work->id);
    memory_free(work->cluster);
    memory_free(work->former);
    memory_free(work->home);
    memory_free(work->age);
    memory_free(work->changed);
    memory_free(work->clusters);
    arena_destroy(work->texts);
}

/* ---- members ---- */

static void grow(struct assigning *work)
{
    size_t places = (size_t)work->count + 1;
    size_t *capacity = work->member_capacity;
    work->id = memory_grow(work->id, &capacity[0], places, sizeof(*work->id));
    work->cluster = memory_grow(work->cluster, &capacity[1], places, sizeof(*work->cluster));
    work->former = memory_grow(work->former, &capacity[2], places, sizeof(*work->former));
    work->home = memory_grow(work->home, &capacity[3], places, sizeof(*work->home));
    work->age = memory_grow(work->age, &capacity[4], places, sizeof(*work->age));
    work->changed = memory_grow(work->changed, &capacity[5], places, sizeof(*work->changed));
    work->clusters =
        memory_grow(work->clusters, &work->cluster_capacity, places, sizeof(*work->clusters));
}

/* The number of an id among the members so far; UINT32_MAX: it is none. */
static uint32_t find_member(struct stage_job *job, struct slice text)
{
    const struct assigning *work = job->own;
    uint32_t low = 0;
    uint32_t high = work->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (slice_compare(line_text(job->scratch, work->id[middle]), text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool is_there = low < work->count && slice_equal(line_text(job->scratch, work->id[low]), text);
    return is_there ? low : UINT32_MAX;
}

static enum outcome take(struct stage_job *job, const struct line *line, struct error *error)
{
    struct assigning *work = job->own;
    uint32_t former = 0;
    uint32_t home = 0;
    int64_t age = 0;
    arena_reset(job->scratch);
    if (line->count != COLUMNS || !read_number(line->columns[COLUMN_FORMER], &former) ||
        !read_number(line->columns[COLUMN_HOME], &home) || former > work->ids.issued ||
        home > work->ids.issued || !stage_number(line->columns[COLUMN_AGE], &age))
        return stage_refuse(job, "columns");
    struct slice text = line_text(job->scratch, line->columns[COLUMN_ID]);
    if (work->count && slice_compare(work->last, text) >= 0) {
        error_set(error, EXIT_FAILED, "records do not come in the order of source and key");
        return FAILED;
    }
    grow(work);
    uint32_t member = work->count;
    work->id[member] = arena_copy(work->texts, line->columns[COLUMN_ID]);
    work->last = line_text(work->texts, work->id[member]);
    work->clusters[member] = arena_copy(work->texts, line->columns[COLUMN_CLUSTER]);
    work->former[member] = former;
    work->home[member] = home;
    work->age[member] = age;
    work->changed[member] = slice_equal(line->columns[COLUMN_CHANGED], SLICE("1"));
    work->count++;
    return ACCEPTED;
}

/* ---- the result ---- */

static bool number_clusters(struct stage_job *job, struct error *error)
{
    struct assigning *work = job->own;
    for (uint32_t i = 0; i < work->count; i++) {
        arena_reset(job->scratch);
        struct slice head = line_text(job->scratch, work->clusters[i]);
        bool is_own = slice_equal(work->clusters[i], work->id[i]);
        work->cluster[i] = is_own ? i : find_member(job, head);
        if (work->cluster[i] == UINT32_MAX)
            return error_set(error, EXIT_FAILED,
                             "a record is of a cluster whose first record has not come");
    }
    return true;
}

static void write_members(struct stage_job *job, const struct golden_assignment *assignment)
{
    const struct assigning *work = job->own;
    for (uint32_t i = 0; i < work->count; i++) {
        char id[GOLDEN_ID_BYTES];
        golden_id_format(assignment->number[i], id);
        line_column(job->writer, SLICE("G"));
        line_column_escaped(job->writer, work->id[i]);
        line_column(job->writer, slice_of(id));
        line_column_number(job->writer, assignment->number[i]);
        line_column_number(job->writer, assignment->home[i]);
        line_column_number(job->writer, work->age[i]);
        line_column_number(job->writer, assignment->touched[i]);
        line_end(job->writer);
    }
}

static void write_ids(struct stage_job *job, const struct golden_ids *ids)
{
    for (uint32_t i = 1; i <= ids->issued; i++) {
        line_column(job->writer, SLICE("I"));
        line_column_number(job->writer, i);
        line_column_number(job->writer, ids->becomes[i]);
        line_column_number(job->writer, ids->merged_into[i]);
        line_column_number(job->writer, ids->record_count[i]);
        line_end(job->writer);
    }
}

static void write_events(struct stage_job *job, const struct golden_assignment *assignment)
{
    static const char *const names[] = {
        [GOLDEN_ISSUED] = "issued",   [GOLDEN_MERGED_INTO] = "merged_into",
        [GOLDEN_REVIVED] = "revived", [GOLDEN_SPLIT_FROM] = "split_from",
        [GOLDEN_ERASED] = "erased",   [GOLDEN_RETIRED] = "retired"};
    for (size_t i = 0; i < assignment->event_count; i++) {
        line_column(job->writer, SLICE("E"));
        line_column_number(job->writer, assignment->events[i].number);
        line_column(job->writer, slice_of(names[assignment->events[i].kind]));
        line_column_number(job->writer, assignment->events[i].other);
        line_end(job->writer);
    }
}

static bool end(struct stage_job *job, struct error *error)
{
    struct assigning *work = job->own;
    if (!number_clusters(job, error))
        return false;
    const struct golden_members members = {.count = work->count,
                                           .cluster = work->cluster,
                                           .former = work->former,
                                           .home = work->home,
                                           .age = work->age,
                                           .changed = work->changed};
    const struct golden_assignment *assignment =
        golden_assign(job->arena, &work->ids, &members, false);
    write_members(job, assignment);
    write_ids(job, &assignment->ids);
    write_events(job, assignment);
    return true;
}

const struct stage stage_assign = {
    .name = "assign", .begin = begin, .take = take, .end = end, .release = release};

/* One pass over the document, in constant memory. The reader walks down to the outermost record
 * element, builds that one as a tree, and the records within are visited in the tree:
 *
 *   /DealerExport            read node by node
 *     /Customer              expanded: a row of customers
 *       /Vehicles/Vehicle      walked:   a row of vehicles
 *         /Visit                           a row of visits
 *
 * What the mapping's record paths do not name is passed over whole. */
#include "cust360/base/memory.h"
#include "extract/reader.h"
#include "extract/xml_problem.h"
#include "extract/xml_source.h"
#include "extract/xml_table.h"
#include "extract/xml_tree.h"

#include <libxml/threads.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlreader.h>
#include <pthread.h>

enum {
    DEPTH_MAX = 256,    /* libxml2's own limit; no option lifts it */
    ROWS_FOR_DRIFT = 50 /* in so many records new elements are looked for */
};

/* Never NOENT, DTDLOAD, DTDATTR or HUGE: they open files and lift limits. */
static const int OPTIONS =
    XML_PARSE_NONET | XML_PARSE_COMPACT | XML_PARSE_NOCDATA | XML_PARSE_IGNORE_ENC;

struct xml_reader {
    struct row_reader base;
    struct xml_element top;
    struct xml_table *tables;
    struct arena *row_arena; /* values that are not in one piece in the tree */
    struct table_file file;
    struct xml_source *source;
    xmlTextReaderPtr library;
    const struct xml_element *levels[DEPTH_MAX]; /* by depth: which element of the tree it is */
    bool skip;                                   /* the element at hand is not entered */
    size_t *passes; /* a table's: over which of the source's files, from 1; 0: still to come */
    size_t pass;
    const char *passed_over; /* the first element of the pass that no record path names */
    /* The walk in an expanded record: NULL between two. */
    xmlNodePtr record;
    xmlNodePtr node;
    const struct xml_element *element;
    size_t element_table; /* the next of the element's tables that gets a row */
    struct xml_span span; /* of the node */

    struct error problem; /* libxml2's first, exit_code 0: none */
    bool broken;          /* it cannot go on */
};

static struct slice local_name(const xmlChar *name)
{
    return xml_local_name(slice_of((const char *)name));
}

/* Tells what the record at hand has and the mapping does not name. */
static void notice_new(struct xml_reader *reader, struct xml_table *table)
{
    xmlNodePtr node = reader->node;
    for (xmlAttrPtr attribute = node->properties; attribute; attribute = attribute->next)
        xml_table_notice(&reader->base, table, reader->file.name, XML_ATTRIBUTE,
                         local_name(attribute->name));
    for (xmlNodePtr child = node->children; child; child = child->next)
        if (child->type == XML_ELEMENT_NODE &&
            !xml_element_find(reader->element, local_name(child->name)))
            xml_table_notice(&reader->base, table, reader->file.name, XML_CHILD,
                             local_name(child->name));
}

/* ---- errors ---- */

/* The repair of a known defect, by what libxml2 says of it; 0: there is none. */
static unsigned repair_for(const xmlError *problem)
{
    static const struct {
        int code;
        unsigned repair;
        const char *says;
    } defects[] = {
        {XML_ERR_RESERVED_XML_NAME, REPAIR_PROLOG, ""},
        {XML_ERR_VERSION_MISSING, REPAIR_PROLOG, ""},
        {XML_ERR_PI_NOT_FINISHED, REPAIR_PROLOG, ""},
        {XML_ERR_STRING_NOT_STARTED, REPAIR_PROLOG, ""},
        {XML_ERR_DOCUMENT_EMPTY, REPAIR_LEADING_TEXT, ""},
        {XML_ERR_NAME_REQUIRED, REPAIR_AMPERSAND, "xmlParseEntityRef"},
        {XML_ERR_ENTITYREF_SEMICOL_MISSING, REPAIR_AMPERSAND, ""},
        {XML_ERR_UNDECLARED_ENTITY, REPAIR_AMPERSAND, ""},
        {XML_ERR_DOCUMENT_END, REPAIR_TRAILING_TEXT, ""},
        {XML_ERR_ATTRIBUTE_NOT_STARTED, REPAIR_ATTRIBUTE_QUOTES, ""},
    };
    for (size_t i = 0; i < sizeof(defects) / sizeof(*defects); i++)
        if (problem->code == defects[i].code && strstr(problem->message, defects[i].says))
            return defects[i].repair;
    return 0;
}

static void keep_problem(void *context, xmlErrorPtr problem)
{
    struct xml_reader *reader = context;
    uint64_t line;
    bool fatal = problem->level == XML_ERR_FATAL;
    if (reader->broken || (reader->problem.exit_code && !fatal))
        return;
    reader->broken = fatal;
    bool at_end = problem->code == XML_ERR_DOCUMENT_END ||
                  problem->code == XML_ERR_TAG_NOT_FINISHED ||
                  problem->code == XML_ERR_ATTRIBUTE_NOT_FINISHED;
    if (at_end && xml_source_is_cut(reader->source, &line)) {
        error_set(&reader->problem, EXIT_FAILED, "the document ends before its elements do");
        error_place(&reader->problem, reader->file.name, line, 0);
        error_hint(
            &reader->problem,
            "the file was cut off: have it exported or sent again; if the outermost end tags are "
            "never written, repair: [end_tags]");
        return;
    }
    struct slice message = slice_trim(slice_of(problem->message));
    error_set(&reader->problem, EXIT_FAILED, "the document is not well-formed: %.*s",
              SLICE_ARGUMENTS(message));
    error_place(&reader->problem, reader->file.name, (uint64_t)problem->line,
                problem->int2 > 0 ? (uint64_t)problem->int2 : 0);
    xml_problem_hint(repair_for(problem), reader->base.source->mapping->repairs, &reader->problem);
}

static bool fail_reading(const struct xml_reader *reader, struct error *error)
{
    const struct error *cause = xml_source_error(reader->source);
    if (cause)
        *error = *cause;
    else if (reader->problem.exit_code)
        *error = reader->problem;
    else {
        error_set(error, EXIT_FAILED, "could not read the document");
        error_place(error, reader->file.name,
                    (uint64_t)xmlTextReaderGetParserLineNumber(reader->library), 0);
    }
    return false;
}

static bool fail_top(const struct xml_reader *reader, struct slice name, struct error *error)
{
    const struct xml_element *top = reader->top.children;
    error_set(error, EXIT_FAILED, "the document is a <%.*s>, and the mapping reads <%.*s>",
              SLICE_ARGUMENTS(name), SLICE_ARGUMENTS(top->name));
    error_place(error, reader->file.name, 0, 0);
    return error_hint(error, "is this the right export? Its mapping is %s",
                      reader->base.source->mapping->path);
}

/* ---- walking ---- */

/* The next child of `node` from `child` on that the tree knows. */
static bool enter(struct xml_reader *reader, xmlNodePtr child, const struct xml_element *parent)
{
    for (; child; child = child->next) {
        if (child->type != XML_ELEMENT_NODE)
            continue;
        const struct xml_element *element = xml_element_find(parent, local_name(child->name));
        if (!element)
            continue;
        reader->node = child;
        reader->element = element;
        reader->element_table = 0;
        return true;
    }
    return false;
}

/* Goes to the next element of the expanded record, in document order; false: it is done. */
static bool walk_on(struct xml_reader *reader)
{
    if (enter(reader, reader->node->children, reader->element))
        return true;
    while (reader->node != reader->record) {
        xmlNodePtr node = reader->node;
        const struct xml_element *parent = reader->element->parent;
        if (enter(reader, node->next, parent))
            return true;
        reader->node = node->parent;
        reader->element = parent;
    }
    reader->record = NULL;
    return false;
}

static bool expand_record(struct xml_reader *reader, const struct xml_element *element,
                          struct error *error)
{
    reader->record = xmlTextReaderExpand(reader->library);
    if (!reader->record)
        return fail_reading(reader, error);
    reader->node = reader->record;
    reader->element = element;
    reader->element_table = 0;
    reader->skip = true;
    return true;
}

/* What no record path names is not entered. */
static void pass_over(struct xml_reader *reader, struct slice name)
{
    reader->skip = true;
    if (!reader->passed_over)
        reader->passed_over = arena_text(reader->base.arena, name);
}

/* One step of the reader: sets `record` when it stands on one. */
static enum outcome read_node(struct xml_reader *reader, struct error *error)
{
    int result =
        reader->skip ? xmlTextReaderNext(reader->library) : xmlTextReaderRead(reader->library);
    reader->skip = false;
    if (result < 0 || xml_source_error(reader->source) || reader->broken) {
        fail_reading(reader, error);
        return FAILED;
    }
    if (result == 0)
        return ENDED;
    if (xmlTextReaderNodeType(reader->library) != XML_READER_TYPE_ELEMENT)
        return ACCEPTED;
    int depth = xmlTextReaderDepth(reader->library);
    if (depth < 0 || depth >= DEPTH_MAX)
        return ACCEPTED;
    const struct xml_element *parent = depth ? reader->levels[depth - 1] : &reader->top;
    struct slice name = local_name(xmlTextReaderConstLocalName(reader->library));
    const struct xml_element *element = xml_element_find(parent, name);
    if (!element && depth == 0) {
        fail_top(reader, name, error);
        return FAILED;
    }
    reader->levels[depth] = element;
    if (!element)
        pass_over(reader, name);
    else if (element->table_count && !expand_record(reader, element, error))
        return FAILED;
    return ACCEPTED;
}

/* Goes to the next element that has a row to give. */
static enum outcome find_row(struct xml_reader *reader, struct error *error)
{
    for (;;) {
        if (reader->record && reader->element_table == reader->element->table_count) {
            if (!walk_on(reader))
                continue;
        } else if (!reader->record) {
            enum outcome outcome = read_node(reader, error);
            if (outcome != ACCEPTED)
                return outcome;
            if (!reader->record)
                continue;
        }
        if (reader->element_table == 0 && reader->element->table_count)
            xml_source_next(reader->source, &reader->span);
        if (reader->element_table < reader->element->table_count)
            return ACCEPTED;
    }
}

static void fill_row(struct xml_reader *reader, struct row *row)
{
    size_t table = reader->element->tables[reader->element_table++];
    const struct mapping_table *mapped = &reader->base.source->mapping->tables[table];
    struct xml_table *state = &reader->tables[table];
    arena_reset(reader->row_arena);
    memset(row, 0, sizeof(*row));
    row->table = table;
    row->values = state->values;
    for (size_t i = 0; i < mapped->column_count; i++) {
        state->values[i] = xml_tree_value(reader->node, &state->paths[i], reader->row_arena);
        state->found[i] += state->values[i].data != NULL;
    }
    row->place = (struct place){reader->file.name, reader->span.line, reader->span.file_offset,
                                reader->span.file_length};
    if (state->row_count++ < ROWS_FOR_DRIFT)
        notice_new(reader, state);
}

/* ---- open and close ---- */

static int read_text(void *context, char *bytes, int length)
{
    return xml_source_read(context, bytes, length);
}

static void *resize(void *memory, size_t bytes)
{
    return memory_resize_array(memory, bytes, 1);
}

/* Where libxml2 is refused memory, it leaves out a value here and there and says nothing. */
static void prepare_library(void)
{
    xmlMemSetup(memory_free, memory_allocate, resize, memory_copy_text);
    xmlInitParser();
}

/* libxml2 makes a state for each thread when that first needs it. Where there is no memory for it,
 * it calls itself without end: so there is, or the process ends. */
static void prepare_thread(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    static _Thread_local bool prepared;
    if (prepared)
        return;
    pthread_once(&once, prepare_library);
    memory_free(memory_allocate(sizeof(xmlGlobalState)));
    xmlGetGlobalState();
    prepared = true;
}

static void close_file(struct xml_reader *reader)
{
    if (reader->library) {
        prepare_thread();
        xmlFreeTextReader(reader->library);
    }
    xml_source_close(reader->source);
    reader->library = NULL;
    reader->source = NULL;
    reader->record = NULL;
    reader->skip = false;
}

static bool open_file(struct xml_reader *reader, struct error *error)
{
    const struct source *source = reader->base.source;
    const struct xml_source_options options = {source_encoding(source), source->mapping->repairs};
    reader->source = xml_source_open(reader->file, &options, &reader->top, error);
    if (!reader->source)
        return false;
    prepare_thread();
    reader->library =
        xmlReaderForIO(read_text, NULL, reader->source, reader->file.name, "UTF-8", OPTIONS);
    if (!reader->library)
        return fail_reading(reader, error);
    xmlTextReaderSetStructuredErrorHandler(reader->library, keep_problem, reader);
    return true;
}

/* Begins a pass: the tables of one file, from the first that is still to come. ENDED: none is. */
static enum outcome begin_pass(struct xml_reader *reader, struct error *error)
{
    const struct mapping *mapping = reader->base.source->mapping;
    size_t first = 0;
    while (first < mapping->table_count && reader->passes[first])
        first++;
    if (first == mapping->table_count)
        return ENDED;
    reader->pass++;
    reader->passed_over = NULL;
    reader->file = table_file(&reader->base, &mapping->tables[first]);
    reader->top = (struct xml_element){{NULL, 0}, NULL, NULL, NULL, 0, NULL, 0};
    for (size_t i = first; i < mapping->table_count; i++) {
        struct table_file file = table_file(&reader->base, &mapping->tables[i]);
        if (reader->passes[i] || strcmp(file.path, reader->file.path) != 0)
            continue;
        reader->passes[i] = reader->pass;
        if (!xml_element_add(reader->base.arena, &reader->top, mapping->tables[i].record, i,
                             error)) {
            error_place(error, mapping->path, 0, 0);
            return FAILED;
        }
    }
    return open_file(reader, error) ? ACCEPTED : FAILED;
}

/* A document full of elements that the mapping does not read is hardly an empty export. */
static void notice_nothing(struct xml_reader *reader)
{
    const struct mapping *mapping = reader->base.source->mapping;
    const char *record = NULL;
    for (size_t i = 0; i < mapping->table_count; i++) {
        if (reader->passes[i] != reader->pass)
            continue;
        if (reader->tables[i].row_count)
            return;
        record = record ? record : mapping->tables[i].record;
    }
    if (record && reader->passed_over)
        notice_add(&reader->base, "record_missing",
                   "%s: it has no %s, so that nothing was read; the first element that the mapping"
                   " passes over is <%s>",
                   reader->file.name, record, reader->passed_over);
}

static bool end_pass(struct xml_reader *reader, struct error *error)
{
    notice_nothing(reader);
    for (size_t i = 0; i < reader->base.source->mapping->table_count; i++)
        if (reader->passes[i] == reader->pass &&
            !xml_table_check(&reader->base, &reader->tables[i], reader->file.name, error))
            return false;
    xml_source_notice(reader->source, &reader->base);
    close_file(reader);
    return true;
}

static enum outcome xml_reader_next(struct row_reader *base, struct row *row, struct error *error)
{
    struct xml_reader *reader = (struct xml_reader *)base;
    prepare_thread();
    for (;;) {
        enum outcome outcome = ACCEPTED;
        if (!reader->source)
            outcome = begin_pass(reader, error);
        if (outcome == ACCEPTED) {
            outcome = find_row(reader, error);
            if (outcome == ENDED && end_pass(reader, error))
                continue;
            if (outcome == ENDED)
                outcome = FAILED;
        }
        if (outcome == ACCEPTED)
            fill_row(reader, row);
        return outcome == FAILED ? row_reader_fail(base, error) : outcome;
    }
}

static bool xml_reader_raw(struct row_reader *base, const struct row *row, struct buffer *bytes,
                           struct error *error)
{
    struct xml_reader *reader = (struct xml_reader *)base;
    return xml_source_raw(reader->source, row->place.byte_offset, row->place.byte_length, bytes,
                          error) ||
           error_source(error, base->source->id);
}

static void xml_reader_close(struct row_reader *base)
{
    struct xml_reader *reader = (struct xml_reader *)base;
    close_file(reader);
    arena_destroy(reader->row_arena);
    row_reader_end(base);
}

static const struct row_reader_operations XML_READER = {xml_reader_next, xml_reader_raw,
                                                        xml_reader_close};

struct row_reader *xml_reader_open(const struct source *source, struct error *error)
{
    struct xml_reader *reader = memory_allocate_array(1, sizeof(*reader));
    row_reader_begin(&reader->base, &XML_READER, source);
    reader->row_arena = arena_create();
    size_t count = source->mapping->table_count;
    reader->tables = xml_tables_compile(reader->base.arena, source->mapping, error);
    reader->passes = arena_allocate_array(reader->base.arena, count, sizeof(*reader->passes));
    if (reader->tables && begin_pass(reader, error) != FAILED)
        return &reader->base;
    xml_reader_close(&reader->base);
    return NULL;
}

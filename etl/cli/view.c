#include "cli/commands.h"
#include "cli/open.h"
#include "cli/page/picture.h"
#include "cust360/view_dictionary.h"

#include <string.h>

/* One dictionary, written as Markdown or as a page. */
struct dictionary_writer {
    struct buffer *text;
    bool html;
};

static void write_heading(const struct dictionary_writer *writer, int level, const char *heading)
{
    static const char *const tags[] = {"h1", "h2", "h3"};
    if (writer->html)
        page_element(writer->text, tags[level - 1], NULL, slice_of(heading));
    else
        buffer_format(writer->text, "\n%.*s %s\n", level, "###", heading);
}

static void write_paragraph(const struct dictionary_writer *writer, const char *text)
{
    if (!text[0])
        return;
    if (writer->html)
        page_element(writer->text, "p", NULL, slice_of(text));
    else
        buffer_format(writer->text, "\n%s\n", text);
}

/* In a table's cell of Markdown a line break and a bar need other words. */
static void append_markdown(struct buffer *text, const char *value)
{
    for (; *value; value++) {
        if (*value == '\n')
            buffer_append_text(text, "<br>");
        else if (*value == '|')
            buffer_append_text(text, "\\|");
        else
            buffer_append_byte(text, *value);
    }
}

static void write_row(const struct dictionary_writer *writer, const char *const *cells,
                      size_t count, bool is_head)
{
    buffer_append_text(writer->text, writer->html ? "<tr>" : "|");
    for (size_t i = 0; i < count; i++) {
        if (writer->html) {
            page_element(writer->text, is_head ? "th" : "td", NULL, slice_of(cells[i]));
            continue;
        }
        buffer_append_byte(writer->text, ' ');
        append_markdown(writer->text, cells[i]);
        buffer_append_text(writer->text, " |");
    }
    buffer_append_text(writer->text, writer->html ? "</tr>\n" : "\n");
}

static void begin_rows(const struct dictionary_writer *writer, const char *const *headings,
                       size_t count)
{
    buffer_append_text(writer->text, writer->html ? "<div class=\"scroll\"><table>\n" : "\n");
    write_row(writer, headings, count, true);
    if (writer->html)
        return;
    for (size_t i = 0; i < count; i++)
        buffer_append_text(writer->text, i ? "---|" : "|---|");
    buffer_append_byte(writer->text, '\n');
}

static void end_rows(const struct dictionary_writer *writer)
{
    if (writer->html)
        buffer_append_text(writer->text, "</table></div>\n");
}

static void write_table(const struct dictionary_writer *writer, struct arena *arena,
                        const struct dictionary_table *table)
{
    static const char *const headings[] = {"column", "type", "meaning"};
    write_heading(writer, 3, table->name);
    write_paragraph(writer, table->comment);
    if (table->key[0])
        write_paragraph(writer, arena_format(arena, "Key: %s.", table->key));
    if (table->file[0])
        write_paragraph(writer, arena_format(arena, "Made by %s.", table->file));
    begin_rows(writer, headings, 3);
    for (size_t i = 0; i < table->column_count; i++) {
        const struct dictionary_column *column = &table->columns[i];
        const char *cells[] = {column->name, column->type, column->comment};
        write_row(writer, cells, 3, false);
    }
    end_rows(writer);
}

static void write_entity(const struct dictionary_writer *writer, const struct model_entity *entity,
                         struct arena *arena)
{
    static const char *const headings[] = {"field", "kind", "class", "meaning"};
    write_heading(writer, 3, entity->name);
    write_paragraph(writer, arena_format(arena, "%s.", entity->label));
    begin_rows(writer, headings, 4);
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct model_field *field = &entity->fields[i];
        const char *kind = field->code_set
                               ? arena_format(arena, "%s (%s)", field->kind, field->code_set)
                               : field->kind;
        const char *label =
            arena_format(arena, "%s%s", field->label, field->required ? "; required" : "");
        const char *cells[] = {field->name, kind ? kind : "", field_class_names[field->class],
                               label};
        write_row(writer, cells, 4, false);
    }
    end_rows(writer);
}

static void write_codes(const struct dictionary_writer *writer, const struct code_set *set)
{
    static const char *const headings[] = {"code", "English", "中文"};
    write_heading(writer, 3, set->name);
    begin_rows(writer, headings, 3);
    for (size_t i = 0; i < set->value_count; i++) {
        const char *cells[] = {set->values[i].code, set->values[i].label, set->values[i].label_zh};
        write_row(writer, cells, 3, false);
    }
    end_rows(writer);
}

static void write_dictionary(const struct dictionary_writer *writer, struct arena *arena,
                             const struct dictionary *dictionary, const struct model *model)
{
    if (writer->html)
        page_begin(writer->text, "Data dictionary");
    else
        buffer_append_text(writer->text, "# Data dictionary\n");
    write_heading(writer, 2, "Tables of the published view");
    for (size_t i = 0; i < dictionary->table_count; i++)
        write_table(writer, arena, &dictionary->tables[i]);
    write_heading(writer, 2, "What the sources' records are");
    for (size_t i = 0; i < model->entity_count; i++)
        write_entity(writer, &model->entities[i], arena);
    write_heading(writer, 2, "Codes");
    for (size_t i = 0; i < model->code_set_count; i++)
        write_codes(writer, &model->code_sets[i]);
    if (writer->html)
        page_end(writer->text);
}

static int print_dictionary(const struct invocation *invocation, bool html, struct arena *arena)
{
    struct error error;
    struct dictionary dictionary;
    const struct project *project = open_project_without_sources(invocation, arena, &error);
    if (!project || !dictionary_read(arena, project->view, &dictionary, &error))
        return command_failed(&error);
    struct buffer text = BUFFER_EMPTY;
    write_dictionary(&(struct dictionary_writer){&text, html}, arena, &dictionary, project->model);
    command_print(buffer_slice(&text));
    buffer_release(&text);
    return EXIT_DONE;
}

static int run_view(const struct invocation *invocation)
{
    struct error error;
    const char *format = invocation_option(invocation, "format");
    bool html = format && strcmp(format, "html") == 0;
    if (strcmp(invocation->arguments[0], "dictionary") != 0) {
        error_set(&error, EXIT_USAGE, "view: there is no %s", invocation->arguments[0]);
        error_hint(&error, "cust360 view dictionary");
        return command_failed(&error);
    }
    if (format && !html && strcmp(format, "markdown") != 0) {
        error_set(&error, EXIT_USAGE, "--format is markdown or html, not %s", format);
        return command_failed(&error);
    }
    struct arena *arena = arena_create();
    int code = print_dictionary(invocation, html, arena);
    arena_destroy(arena);
    return code;
}

static const struct option_rule view_options_known[] = {
    OPTION_CONFIG, {"format", 0, "FORMAT", "markdown or html (default: markdown)"}, OPTION_END};

const struct command command_view = {
    .name = "view",
    .summary = "write the data dictionary of the view",
    .arguments = "dictionary",
    .arguments_least = 1,
    .arguments_most = 1,
    .options = view_options_known,
    .details =
        "cust360 view dictionary: every published table and column with what it means, from\n"
        "the comments of the SQL files; the model's entities and fields; the codes.",
    .run = run_view,
};

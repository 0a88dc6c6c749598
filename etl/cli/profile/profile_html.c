#include "cli/page/picture.h"
#include "cli/profile/profiling.h"
#include "cust360/base/html.h"
#include "cust360/base/listing.h"

#include <stdio.h>

enum { BAR_WIDTH = 160, BAR_HEIGHT = 14, TOPS_SHOWN = 8, NUMBER_BYTES = 48 };

static void bar_cell(struct buffer *html, double share, const char *title)
{
    buffer_append_text(html, "<td>");
    svg_begin(html, BAR_WIDTH, BAR_HEIGHT, title);
    svg_rectangle(html, (struct svg_box){0, 0, BAR_WIDTH, BAR_HEIGHT}, "axis");
    svg_rectangle(html, (struct svg_box){0, 0, BAR_WIDTH * share, BAR_HEIGHT}, "for");
    svg_end(html);
    html_append_text(html, title);
    buffer_append_text(html, "</td>");
}

/* The most frequent values, a bar each. */
static void tops_cell(struct buffer *html, const struct profile_view *view,
                      const struct profile_column *column)
{
    enum { LINE = 16, LABEL = 150, TEXT_DROP = 12 };
    size_t count = column->top_count < TOPS_SHOWN ? column->top_count : TOPS_SHOWN;
    buffer_append_text(html, "<td>");
    if (count == 0 || column->unique) {
        html_append_text(html, column->unique ? "no value comes twice" : "");
        buffer_append_text(html, "</td>");
        return;
    }
    svg_begin(html, LABEL + BAR_WIDTH, (double)count * LINE, "most frequent values");
    for (size_t i = 0; i < count; i++) {
        double y = (double)i * LINE;
        double share = (double)column->top[i].count / (double)column->top[0].count;
        struct buffer label = BUFFER_EMPTY;
        text_append_cut(&label, profile_shown(view, column, column->top[i].text), 20);
        svg_text(html, LABEL - 6, y + TEXT_DROP, SVG_END, buffer_slice(&label));
        svg_rectangle(html, (struct svg_box){LABEL, y + 1, BAR_WIDTH * 0.6 * share, LINE - 3},
                      "sum");
        buffer_clear(&label);
        number_append(&label, column->top[i].count);
        svg_text(html, LABEL + BAR_WIDTH * 0.6 * share + 4, y + TEXT_DROP, SVG_START,
                 buffer_slice(&label));
        buffer_release(&label);
    }
    svg_end(html);
    buffer_append_text(html, "</td>");
}

static void write_column(struct buffer *html, const struct profile_view *view,
                         const struct profile_column *column)
{
    char text[NUMBER_BYTES];
    double share = column->values ? (double)column->filled / (double)column->values : 0;
    buffer_append_text(html, "<tr>");
    page_cell(html, column->name);
    page_cell(html, column->meaning);
    snprintf(text, sizeof(text), "%.0f %% sure", column->sure * 100);
    bar_cell(html, column->sure > 1 ? 1 : column->sure, text);
    page_cell(html, column->kind);
    snprintf(text, sizeof(text), "%.1f %%", share * 100);
    bar_cell(html, share, text);
    snprintf(text, sizeof(text), "%s%llu", column->distinct_exact ? "" : "about ",
             (unsigned long long)column->distinct);
    page_cell(html, text);
    snprintf(text, sizeof(text), "%llu to %llu", (unsigned long long)column->shortest,
             (unsigned long long)column->longest);
    page_cell(html, text);
    page_element(html, "td", NULL,
                 column->shape_count ? column->shapes[0].text : slice_make(NULL, 0));
    tops_cell(html, view, column);
    page_cell(html, column->date_ambiguous ? "day or month first?"
                    : column->date_format  ? column->date_format
                                           : "");
    page_cell(html, personal_names[column->personal]);
    page_cell(html, column->why);
    buffer_append_text(html, "</tr>\n");
}

static void write_table(struct buffer *html, const struct profile_view *view,
                        const struct profile_table *table)
{
    static const char *const headings[] = {"Column", "Meaning",  "Sure",     "Kind",
                                           "Filled", "Distinct", "Length",   "Pattern",
                                           "Values", "Dates",    "Personal", "Why"};
    struct buffer title = BUFFER_EMPTY;
    buffer_format(&title, "%s%s%s: ", table->name, table->record ? " " : "",
                  table->record ? table->record : "");
    number_append(&title, table->rows);
    buffer_append_text(&title, " rows");
    page_element(html, "h2", NULL, buffer_slice(&title));
    buffer_release(&title);
    buffer_append_text(html, "<table><thead><tr>");
    for (size_t i = 0; i < sizeof(headings) / sizeof(*headings); i++)
        page_element(html, "th", NULL, slice_of(headings[i]));
    buffer_append_text(html, "</tr></thead><tbody>\n");
    for (size_t i = 0; i < table->column_count; i++)
        write_column(html, view, &table->columns[i]);
    buffer_append_text(html, "</tbody></table>\n");
    for (size_t i = 0; i < table->join_count; i++) {
        const struct profile_table *other = &view->profile->tables[table->joins[i].table];
        const char *sentence = arena_format(
            view->arena, "Likely join: %s = %s.%s (%.0f %% of the values)",
            table->columns[table->joins[i].own_column].name, other->name,
            other->columns[table->joins[i].other_column].name, table->joins[i].share * 100);
        page_element(html, "p", NULL, slice_of(sentence));
    }
}

static void write_nodes(struct buffer *html, const struct profile *profile)
{
    if (profile->node_count == 0)
        return;
    page_element(html, "h2", NULL, SLICE("Elements"));
    buffer_append_text(html, "<table><tbody>\n");
    for (size_t i = 0; i < profile->node_count; i++) {
        char text[NUMBER_BYTES];
        buffer_append_text(html, "<tr>");
        page_cell(html, profile->nodes[i].path);
        snprintf(text, sizeof(text), "%llu", (unsigned long long)profile->nodes[i].count);
        page_cell(html, text);
        snprintf(text, sizeof(text), "at most %llu in one",
                 (unsigned long long)profile->nodes[i].most);
        page_cell(html, text);
        buffer_append_text(html, "</tr>\n");
    }
    buffer_append_text(html, "</tbody></table>\n");
}

void profile_write_html(const struct profile_view *view, struct buffer *html)
{
    const struct profile *profile = view->profile;
    const char *title = arena_format(view->arena, "Profile of %s", profile->path);
    page_begin(html, title);
    page_element(html, "h1", NULL, slice_of(title));
    if (profile->encoding) {
        const char *encoding = arena_format(view->arena, "Encoding %s, %.0f %% sure",
                                            profile->encoding, profile->encoding_sure * 100);
        page_element(html, "p", NULL, slice_of(encoding));
    }
    for (size_t i = 0; i < profile->evidence_count; i++)
        page_element(html, "p", NULL, slice_of(profile->evidence[i]));
    if (profile->dialect_why)
        page_element(html, "p", NULL, slice_of(profile->dialect_why));
    for (size_t i = 0; i < profile->defect_count; i++)
        page_element(html, "p", "against",
                     slice_of(arena_format(view->arena, "Defect: %s", profile->defects[i])));
    for (size_t i = 0; i < profile->table_count; i++)
        write_table(html, view, &profile->tables[i]);
    write_nodes(html, profile);
    page_end(html);
}

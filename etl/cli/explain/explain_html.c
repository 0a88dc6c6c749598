#include "cli/explain/explain_picture.h"
#include "cli/explain/explain_show.h"
#include "cli/page/picture.h"

enum { OTHERS_MOST = 200 };

/* ---- cells ---- */

static void number_cell(struct buffer *html, int32_t weight)
{
    struct buffer text = BUFFER_EMPTY;
    words_bits(&text, weight);
    page_element(html, "td", "number", buffer_slice(&text));
    buffer_release(&text);
}

static void name_cell(const struct explain *explain, struct buffer *html, struct slice name)
{
    struct buffer text = BUFFER_EMPTY;
    words_value(explain, &text, "name", name);
    page_element(html, "td", NULL, buffer_slice(&text));
    buffer_release(&text);
}

static void paragraphs(struct buffer *html, const char *const *sentences, size_t count)
{
    for (size_t i = 0; i < count; i++)
        page_element(html, "p", i == 0 ? "lead" : NULL, slice_of(sentences[i]));
}

static void write_records(const struct explain *explain, const uint32_t *records, size_t count,
                          struct buffer *html)
{
    static const char *const headings[] = {"record", "name", "customer", "file"};
    PAGE_TABLE(html, headings);
    for (size_t i = 0; i < count; i++) {
        const struct explain_record *record = &explain->records[records[i]];
        struct buffer place = BUFFER_EMPTY;
        buffer_append(&place, record->file);
        if (record->line > 0)
            buffer_format(&place, " line %lld", (long long)record->line);
        buffer_append_text(html, "<tr>");
        page_cell(html, words_record(explain, records[i]));
        name_cell(explain, html, record->name);
        page_cell(html, words_golden(explain, record->golden));
        page_element(html, "td", "faint", buffer_slice(&place));
        buffer_append_text(html, "</tr>\n");
        buffer_release(&place);
    }
    page_table_end(html);
}

/* ---- pairs ---- */

static void write_part(const struct explain *explain, const struct explain_pair *pair,
                       const struct match_part *part, struct buffer *html)
{
    struct buffer text = BUFFER_EMPTY;
    buffer_append_text(html, part->level ? "<tr>" : "<tr class=\"faint\">");
    page_cell(html, part->comparison);
    page_cell(html, part->level);
    for (int side = 0; side < 2; side++) {
        buffer_clear(&text);
        words_evidence(explain, &text, part, side == 0);
        page_element(html, "td", NULL, buffer_slice(&text));
    }
    if (part->level) {
        number_cell(html, part->against_stranger);
        if (pair->detail.has_relatives)
            number_cell(html, part->against_relative);
    }
    buffer_append_text(html, "</tr>\n");
    buffer_release(&text);
}

static void write_parts(const struct explain *explain, const struct explain_pair *pair,
                        struct buffer *html)
{
    const char *headings[] = {"comparison",
                              "level",
                              words_record(explain, pair->a),
                              words_record(explain, pair->b),
                              "against strangers",
                              "against relatives"};
    page_table_begin(html, headings, pair->detail.has_relatives ? 6 : 5);
    for (size_t i = 0; i < pair->detail.part_count; i++)
        write_part(explain, pair, &pair->detail.parts[i], html);
    page_table_end(html);
    page_element(html, "h2", NULL, SLICE("In words"));
    buffer_append_text(html, "<ul>\n");
    for (size_t i = 0; i < pair->detail.part_count; i++)
        page_element(html, "li", pair->detail.parts[i].level ? NULL : "faint",
                     slice_of(words_part(explain, pair, &pair->detail.parts[i])));
    buffer_append_text(html, "</ul>\n");
}

static void write_pair(const struct explain *explain, const struct explain_pair *pair,
                       struct buffer *html)
{
    const uint32_t both[] = {pair->a, pair->b};
    buffer_append_text(html, "<section>\n");
    write_records(explain, both, 2, html);
    paragraphs(html, pair->sentences, pair->sentence_count);
    buffer_append_text(html, "</section>\n");
    picture_waterfalls(explain, pair, html);
    page_element(html, "h2", NULL, SLICE("Comparisons"));
    write_parts(explain, pair, html);
}

static void write_others(const struct explain_view *view, struct buffer *html)
{
    static const char *const headings[] = {"a", "b", "weight"};
    page_element(html, "h2", NULL, SLICE("Further pairs of these customers, strongest first"));
    PAGE_TABLE(html, headings);
    for (size_t i = view->shown; i < view->pair_count && i < view->shown + OTHERS_MOST; i++) {
        const struct explain_pair *pair = &view->pairs[i];
        buffer_append_text(html, "<tr>");
        page_cell(html, words_record(view->explain, pair->a));
        page_cell(html, words_record(view->explain, pair->b));
        number_cell(html, pair->weight);
        buffer_append_text(html, "</tr>\n");
    }
    page_table_end(html);
}

/* ---- a cluster ---- */

static void write_links(const struct explain *explain, const struct explain_cluster *cluster,
                        struct buffer *html)
{
    static const char *const headings[] = {"a", "b", "weight", ""};
    page_element(html, "h2", NULL, SLICE("Links"));
    PAGE_TABLE(html, headings);
    for (size_t i = 0; i < cluster->graph.link_count; i++) {
        const struct graph_link *link = &cluster->graph.links[i];
        buffer_append_text(html, link->in_tree ? "<tr>" : "<tr class=\"faint\">");
        page_cell(html, words_record(explain, cluster->members[link->a]));
        page_cell(html, words_record(explain, cluster->members[link->b]));
        number_cell(html, link->weight);
        page_cell(html, i == cluster->weakest ? (link->is_bridge ? "weakest, bridge" : "weakest")
                        : link->is_bridge     ? "bridge"
                                              : "");
        buffer_append_text(html, "</tr>\n");
    }
    page_table_end(html);
}

static void write_questions(const struct explain *explain, const struct explain_cluster *cluster,
                            struct buffer *html)
{
    static const char *const headings[] = {"weight", "own record", "other record",
                                           "name",   "customer",   "why not merged"};
    page_element(html, "h2", NULL, SLICE("Possible matches with other customers"));
    PAGE_TABLE(html, headings);
    for (size_t i = 0; i < cluster->question_count; i++) {
        const struct explain_question *question = &cluster->questions[i];
        const struct explain_record *other = &explain->records[question->other];
        buffer_append_text(html, "<tr>");
        number_cell(html, question->link->weight);
        page_cell(html, words_record(explain, question->own));
        page_cell(html, words_record(explain, question->other));
        name_cell(explain, html, other->name);
        page_cell(html, words_golden(explain, other->golden));
        page_cell(html, question->sentence);
        buffer_append_text(html, "</tr>\n");
    }
    page_table_end(html);
}

static void write_cluster(const struct explain *explain, const struct explain_cluster *cluster,
                          struct buffer *html)
{
    paragraphs(html, cluster->sentences, cluster->sentence_count);
    picture_graph(explain, cluster, html);
    page_element(html, "h2", NULL, SLICE("Records"));
    write_records(explain, cluster->members, cluster->graph.node_count, html);
    if (cluster->graph.link_count)
        write_links(explain, cluster, html);
    if (cluster->question_count)
        write_questions(explain, cluster, html);
}

void explain_write_html(const struct explain_view *view, struct buffer *html)
{
    const struct explain *explain = view->explain;
    if (view->cluster) {
        page_begin(html, arena_format(explain->arena, "What holds %s together",
                                      words_golden(explain, view->cluster->golden)));
        write_cluster(explain, view->cluster, html);
    } else {
        page_begin(html, view->pairs[0].same_customer ? "Why these records are one customer"
                                                      : "Why these records are two customers");
        for (size_t i = 0; i < view->shown; i++)
            write_pair(explain, &view->pairs[i], html);
        if (view->pair_count > view->shown)
            write_others(view, html);
    }
    page_end(html);
}

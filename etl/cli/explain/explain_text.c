#include "cli/explain/explain_show.h"
#include "cust360/base/listing.h"

enum { VALUE_WIDTH_MOST = 28, OTHERS_MOST = 50 };

static void cell_buffer(struct listing *listing, struct buffer *cell)
{
    listing_text(listing, buffer_slice(cell));
    buffer_clear(cell);
}

static void cell_bits(struct listing *listing, struct buffer *cell, int32_t weight)
{
    words_bits(cell, weight);
    cell_buffer(listing, cell);
}

/* ---- records ---- */

static void write_records(const struct explain *explain, const uint32_t *records, size_t count,
                          struct buffer *text)
{
    static const struct listing_column columns[] = {{"", LISTING_LEFT, 0},
                                                    {"", LISTING_LEFT, 30},
                                                    {"", LISTING_LEFT, 0},
                                                    {"", LISTING_LEFT, 40}};
    struct listing *listing = listing_create(columns, 4);
    struct buffer cell = BUFFER_EMPTY;
    for (size_t i = 0; i < count; i++) {
        const struct explain_record *record = &explain->records[records[i]];
        listing_row(listing);
        listing_text(listing, slice_of(words_record(explain, records[i])));
        words_value(explain, &cell, "name", record->name);
        cell_buffer(listing, &cell);
        listing_text(listing, slice_of(words_golden(explain, record->golden)));
        buffer_append(&cell, record->file);
        if (record->line > 0)
            buffer_format(&cell, " line %lld", (long long)record->line);
        cell_buffer(listing, &cell);
    }
    listing_write(listing, 0, text);
    buffer_release(&cell);
    listing_destroy(listing);
}

/* ---- one pair ---- */

/* The sum that counts runs along the rows; a model without relatives has only one. */
static void add_prior(struct listing *listing, const struct match_pair_detail *detail,
                      struct buffer *cell)
{
    listing_row(listing);
    listing_text(listing, SLICE("prior"));
    listing_text(listing, SLICE("before anything is compared"));
    listing_text(listing, slice_of(NULL));
    listing_text(listing, slice_of(NULL));
    cell_bits(listing, cell, detail->prior_stranger);
    if (detail->has_relatives)
        cell_bits(listing, cell, detail->prior_relative);
}

static void add_part(const struct explain *explain, struct listing *listing,
                     const struct match_pair_detail *detail, const struct match_part *part,
                     struct buffer *cell)
{
    static const char *const silences[] = {[MATCH_SPEAKS] = "",
                                           [MATCH_UNKNOWN] = "(not known)",
                                           [MATCH_INCONCLUSIVE] = "(says nothing)",
                                           [MATCH_IMPLIED] = "(said already)"};
    listing_row(listing);
    listing_text(listing, slice_of(part->comparison));
    listing_text(listing, slice_of(part->level ? part->level : silences[part->silence]));
    words_evidence(explain, cell, part, true);
    cell_buffer(listing, cell);
    words_evidence(explain, cell, part, false);
    cell_buffer(listing, cell);
    if (!part->level)
        return;
    cell_bits(listing, cell, part->against_stranger);
    if (detail->has_relatives)
        cell_bits(listing, cell, part->against_relative);
}

static void add_sum(struct listing *listing, const struct match_pair_detail *detail,
                    struct buffer *cell)
{
    listing_row(listing);
    listing_text(listing, SLICE("sum"));
    for (int i = 0; i < 3; i++)
        listing_text(listing, slice_of(NULL));
    cell_bits(listing, cell, detail->stranger);
    if (detail->has_relatives)
        cell_bits(listing, cell, detail->relative);
}

static void write_waterfall(const struct explain *explain, const struct explain_pair *pair,
                            struct buffer *text)
{
    const struct match_pair_detail *detail = &pair->detail;
    const struct listing_column columns[] = {
        {"comparison", LISTING_LEFT, 0},
        {"level", LISTING_LEFT, 36},
        {words_record(explain, pair->a), LISTING_LEFT, VALUE_WIDTH_MOST},
        {words_record(explain, pair->b), LISTING_LEFT, VALUE_WIDTH_MOST},
        {"stranger", LISTING_RIGHT, 0},
        {detail->has_relatives ? "relative" : "", LISTING_RIGHT, 0}};
    struct listing *listing = listing_create(columns, detail->has_relatives ? 6 : 5);
    struct buffer cell = BUFFER_EMPTY;
    add_prior(listing, detail, &cell);
    for (size_t i = 0; i < detail->part_count; i++)
        add_part(explain, listing, detail, &detail->parts[i], &cell);
    add_sum(listing, detail, &cell);
    listing_write(listing, 2, text);
    buffer_release(&cell);
    listing_destroy(listing);
}

static void write_thresholds(const struct explain *explain, struct buffer *text)
{
    struct match_thresholds thresholds = match_rules_thresholds(explain->rules);
    buffer_append_text(text, "  thresholds: merged from ");
    words_bits(text, thresholds.merge);
    buffer_append_text(text, ", a steward is asked from ");
    words_bits(text, thresholds.review);
    buffer_append_byte(text, '\n');
}

static void write_hard_rules(const struct explain_pair *pair, struct buffer *text)
{
    for (size_t i = 0; i < pair->detail.hard_rule_count; i++)
        buffer_format(text, "  hard rule (%s): %s\n",
                      words_verdict(pair->detail.hard_rules[i].verdict),
                      pair->detail.hard_rules[i].reason);
}

static void write_pair(const struct explain *explain, const struct explain_pair *pair,
                       struct buffer *text)
{
    const uint32_t both[] = {pair->a, pair->b};
    write_records(explain, both, 2, text);
    buffer_append_byte(text, '\n');
    for (size_t i = 0; i < pair->sentence_count; i++)
        buffer_format(text, "%s\n", pair->sentences[i]);
    buffer_append_text(text, "\nWeights in bits\n");
    write_waterfall(explain, pair, text);
    write_thresholds(explain, text);
    write_hard_rules(pair, text);
    buffer_append_text(text, "\nIn words\n");
    for (size_t i = 0; i < pair->detail.part_count; i++)
        buffer_format(text, "  %s\n", words_part(explain, pair, &pair->detail.parts[i]));
}

static void write_others(const struct explain_view *view, struct buffer *text)
{
    static const struct listing_column columns[] = {
        {"a", LISTING_LEFT, 0}, {"b", LISTING_LEFT, 0}, {"weight", LISTING_RIGHT, 0}};
    struct listing *listing = listing_create(columns, 3);
    struct buffer cell = BUFFER_EMPTY;
    size_t rest = view->pair_count - view->shown;
    for (size_t i = 0; i < rest && i < OTHERS_MOST; i++) {
        const struct explain_pair *pair = &view->pairs[view->shown + i];
        listing_row(listing);
        listing_text(listing, slice_of(words_record(view->explain, pair->a)));
        listing_text(listing, slice_of(words_record(view->explain, pair->b)));
        cell_bits(listing, &cell, pair->weight);
    }
    buffer_format(text, "\nFurther pairs of these customers, strongest first (%zu)\n", rest);
    listing_write(listing, 2, text);
    if (rest > OTHERS_MOST)
        buffer_format(text, "  and %zu more\n", rest - OTHERS_MOST);
    buffer_release(&cell);
    listing_destroy(listing);
}

/* ---- a cluster ---- */

/* The strongest tree as branches, from the first member down. */
struct tree {
    const struct explain *explain;
    const struct explain_cluster *cluster;
    struct buffer *text;
    struct buffer indent;
    bool *seen;
};

static void write_branches(struct tree *tree, uint32_t node);

static void write_branch(struct tree *tree, const struct graph_link *link, uint32_t node, bool last)
{
    const struct explain *explain = tree->explain;
    size_t indent = tree->indent.length;
    uint32_t member = tree->cluster->members[node];
    buffer_append(tree->text, buffer_slice(&tree->indent));
    buffer_append_text(tree->text, last ? "└─ " : "├─ ");
    words_bits(tree->text, link->weight);
    buffer_format(tree->text, " ─ %s ", words_record(explain, member));
    words_value(explain, tree->text, "name", explain->records[member].name);
    if (link->is_bridge)
        buffer_append_text(tree->text, "  (bridge)");
    buffer_append_byte(tree->text, '\n');
    buffer_append_text(&tree->indent, last ? "   " : "│  ");
    write_branches(tree, node);
    tree->indent.length = indent;
}

static bool leads_on(const struct tree *tree, const struct graph_link *link, uint32_t node)
{
    if (!link->in_tree || (link->a != node && link->b != node))
        return false;
    return !tree->seen[link->a == node ? link->b : link->a];
}

/* As deep as the tree: a chain of records is as long as people are patient. */
static void write_branches(struct tree *tree, uint32_t node)
{
    const struct graph *graph = &tree->cluster->graph;
    size_t left = 0;
    tree->seen[node] = true;
    for (size_t i = 0; i < graph->link_count; i++)
        left += leads_on(tree, &graph->links[i], node);
    for (size_t i = 0; i < graph->link_count; i++) {
        const struct graph_link *link = &graph->links[i];
        if (leads_on(tree, link, node))
            write_branch(tree, link, link->a == node ? link->b : link->a, --left == 0);
    }
}

static void write_tree(const struct explain *explain, const struct explain_cluster *cluster,
                       struct buffer *text)
{
    struct tree tree = {.explain = explain, .cluster = cluster, .text = text};
    tree.seen = arena_allocate_array(explain->arena, (size_t)cluster->graph.node_count + 1,
                                     sizeof(*tree.seen));
    buffer_append_text(text, "\nThe links that hold it (bits)\n");
    for (uint32_t i = 0; i < cluster->graph.node_count; i++) {
        if (tree.seen[i])
            continue;
        buffer_clear(&tree.indent);
        buffer_append_text(&tree.indent, "  ");
        buffer_format(text, "  %s ", words_record(explain, cluster->members[i]));
        words_value(explain, text, "name", explain->records[cluster->members[i]].name);
        buffer_append_byte(text, '\n');
        write_branches(&tree, i);
    }
    buffer_release(&tree.indent);
}

static void write_other_links(const struct explain *explain, const struct explain_cluster *cluster,
                              struct buffer *text)
{
    size_t count = 0;
    for (size_t i = 0; i < cluster->graph.link_count; i++) {
        const struct graph_link *link = &cluster->graph.links[i];
        if (link->in_tree)
            continue;
        buffer_append_text(text, count++ ? "" : "\nFurther links, which also agree\n");
        if (count > OTHERS_MOST)
            continue;
        buffer_format(text, "  %s ─ ", words_record(explain, cluster->members[link->a]));
        words_bits(text, link->weight);
        buffer_format(text, " ─ %s\n", words_record(explain, cluster->members[link->b]));
    }
    if (count > OTHERS_MOST)
        buffer_format(text, "  and %zu more\n", count - OTHERS_MOST);
}

static void write_questions(const struct explain *explain, const struct explain_cluster *cluster,
                            struct buffer *text)
{
    if (cluster->question_count)
        buffer_format(text, "\nPossible matches with other customers (%zu)\n",
                      cluster->question_count);
    for (size_t i = 0; i < cluster->question_count; i++) {
        const struct explain_question *question = &cluster->questions[i];
        const struct explain_record *other = &explain->records[question->other];
        buffer_append_text(text, "  ");
        words_bits(text, question->link->weight);
        buffer_format(text, "  %s ─ %s ", words_record(explain, question->own),
                      words_record(explain, question->other));
        words_value(explain, text, "name", other->name);
        buffer_format(text, " (%s)\n        %s\n", words_golden(explain, other->golden),
                      question->sentence);
    }
}

static void write_cluster(const struct explain *explain, const struct explain_cluster *cluster,
                          struct buffer *text)
{
    write_records(explain, cluster->members, cluster->graph.node_count, text);
    buffer_append_byte(text, '\n');
    for (size_t i = 0; i < cluster->sentence_count; i++)
        buffer_format(text, "%s\n", cluster->sentences[i]);
    if (cluster->graph.node_count > 1)
        write_tree(explain, cluster, text);
    write_other_links(explain, cluster, text);
    write_questions(explain, cluster, text);
}

void explain_write_text(const struct explain_view *view, struct buffer *text)
{
    if (view->cluster) {
        write_cluster(view->explain, view->cluster, text);
        return;
    }
    for (size_t i = 0; i < view->shown; i++) {
        buffer_append_text(text, i ? "\n" : "");
        write_pair(view->explain, &view->pairs[i], text);
    }
    if (view->pair_count > view->shown)
        write_others(view, text);
}

#include "cli/explain/explain_picture.h"
#include "cli/page/picture.h"
#include "cust360/base/listing.h"

#include <math.h>

/* ---- the waterfall ---- */

enum {
    ROW_HEIGHT = 24,
    BAR_HEIGHT = 14,
    LABEL_WIDTH = 330,
    CHART_WIDTH = 420,
    VALUE_WIDTH = 60,
    HEAD_HEIGHT = 34,
    MARGIN = 10,
    LABEL_COLUMNS = 46
};

struct waterfall {
    struct buffer *html;
    int32_t least; /* weights at the chart's edges */
    int32_t most;
    double y; /* of the next row */
};

static double place_of(const struct waterfall *fall, int32_t weight)
{
    double span = (double)fall->most - fall->least;
    return LABEL_WIDTH + ((double)weight - fall->least) / span * CHART_WIDTH;
}

static int32_t weight_of(const struct match_part *part, bool relative)
{
    return relative ? part->against_relative : part->against_stranger;
}

/* The least and the most that the running sum and the thresholds come to. */
static void find_span(const struct explain *explain, const struct match_pair_detail *detail,
                      bool relative, struct waterfall *fall)
{
    struct match_thresholds thresholds = match_rules_thresholds(explain->rules);
    int32_t sum = relative ? detail->prior_relative : detail->prior_stranger;
    fall->least = thresholds.review < 0 ? thresholds.review : 0;
    fall->most = thresholds.merge > WEIGHT_ONE ? thresholds.merge : WEIGHT_ONE;
    for (size_t i = 0; i <= detail->part_count; i++) {
        fall->least = sum < fall->least ? sum : fall->least;
        fall->most = sum > fall->most ? sum : fall->most;
        sum += i < detail->part_count ? weight_of(&detail->parts[i], relative) : 0;
    }
    fall->least -= WEIGHT_ONE;
    fall->most += WEIGHT_ONE;
}

static void draw_value(struct waterfall *fall, int32_t weight)
{
    struct buffer text = BUFFER_EMPTY;
    words_bits(&text, weight);
    svg_text(fall->html, LABEL_WIDTH + CHART_WIDTH + VALUE_WIDTH, fall->y + BAR_HEIGHT - 2, SVG_END,
             buffer_slice(&text));
    buffer_release(&text);
}

/* A bar from one running sum to the next, and the label before it. */
static void draw_row(struct waterfall *fall, struct slice label, int32_t from, int32_t to,
                     const char *class_name)
{
    double left = place_of(fall, from < to ? from : to);
    double right = place_of(fall, from < to ? to : from);
    struct buffer cut = BUFFER_EMPTY;
    text_append_cut(&cut, label, LABEL_COLUMNS);
    svg_text(fall->html, LABEL_WIDTH - MARGIN, fall->y + BAR_HEIGHT - 2, SVG_END,
             buffer_slice(&cut));
    buffer_release(&cut);
    svg_rectangle(fall->html,
                  (struct svg_box){left, fall->y, right - left > 1 ? right - left : 1, BAR_HEIGHT},
                  class_name);
    draw_value(fall, to - from);
    fall->y += ROW_HEIGHT;
}

static void draw_limit(struct waterfall *fall, int32_t weight, const char *name, double bottom,
                       const char *class_name)
{
    double x = place_of(fall, weight);
    svg_line(fall->html, (struct svg_line){x, HEAD_HEIGHT - 6, x, bottom}, class_name);
    svg_text(fall->html, x, HEAD_HEIGHT - 10, SVG_MIDDLE, slice_of(name));
}

static void draw_parts(struct waterfall *fall, const struct match_pair_detail *detail,
                       bool relative)
{
    int32_t sum = relative ? detail->prior_relative : detail->prior_stranger;
    struct buffer label = BUFFER_EMPTY;
    draw_row(fall, SLICE("prior"), 0, sum, "sum");
    for (size_t i = 0; i < detail->part_count; i++) {
        const struct match_part *part = &detail->parts[i];
        int32_t weight = weight_of(part, relative);
        if (!part->level)
            continue;
        buffer_clear(&label);
        words_title(&label, part);
        draw_row(fall, buffer_slice(&label), sum, sum + weight, weight < 0 ? "against" : "for");
        sum += weight;
    }
    draw_row(fall, SLICE("sum"), 0, sum, "sum");
    buffer_release(&label);
}

static void draw_waterfall(const struct explain *explain, const struct explain_pair *pair,
                           bool relative, struct buffer *html)
{
    const struct match_pair_detail *detail = &pair->detail;
    struct match_thresholds thresholds = match_rules_thresholds(explain->rules);
    struct waterfall fall = {.html = html, .y = HEAD_HEIGHT};
    size_t rows = 2;
    for (size_t i = 0; i < detail->part_count; i++)
        rows += detail->parts[i].level != NULL;
    double bottom = HEAD_HEIGHT + (double)rows * ROW_HEIGHT;
    find_span(explain, detail, relative, &fall);
    svg_begin(html, LABEL_WIDTH + CHART_WIDTH + VALUE_WIDTH + MARGIN, bottom + MARGIN,
              relative ? "Weights against relatives, in bits"
                       : "Weights against strangers, in bits");
    draw_limit(&fall, 0, thresholds.review == 0 ? "" : "0", bottom, "axis");
    draw_limit(&fall, thresholds.review, "ask", bottom, "limit");
    draw_limit(&fall, thresholds.merge, "merge", bottom, "limit");
    draw_parts(&fall, detail, relative);
    svg_end(html);
}

void picture_waterfalls(const struct explain *explain, const struct explain_pair *pair,
                        struct buffer *html)
{
    const struct match_pair_detail *detail = &pair->detail;
    bool relative_counts = detail->has_relatives && detail->relative < detail->stranger;
    buffer_append_text(html, "<section>\n");
    page_element(html, "h2", NULL,
                 relative_counts ? SLICE("Against strangers, in bits")
                                 : SLICE("Against strangers, in bits: this sum counts"));
    draw_waterfall(explain, pair, false, html);
    buffer_append_text(html, "</section>\n");
    if (!detail->has_relatives)
        return;
    buffer_append_text(html, "<section>\n");
    page_element(html, "h2", NULL,
                 relative_counts
                     ? SLICE("Against relatives, who share a home or a phone: this sum counts")
                     : SLICE("Against relatives, who share a home or a phone"));
    draw_waterfall(explain, pair, true, html);
    buffer_append_text(html, "</section>\n");
}

/* ---- the graph ---- */

enum { NODE_RADIUS = 7, NODE_SPACE = 34, RADIUS_LEAST = 110, SIDE_WIDTH = 190, LABELLED_MOST = 40 };

#define FULL_TURN 6.283185307179586

struct ring {
    double radius;
    double x; /* of the middle */
    double y;
    uint32_t count;
};

/* Beginning at the top, clockwise; a single node stands in the middle. */
static void place_node(const struct ring *ring, uint32_t node, double *x, double *y)
{
    double angle = FULL_TURN * node / ring->count - FULL_TURN / 4;
    *x = ring->x + (ring->count > 1 ? ring->radius * cos(angle) : 0);
    *y = ring->y + (ring->count > 1 ? ring->radius * sin(angle) : 0);
}

static void draw_link(const struct ring *ring, const struct graph_link *link, struct buffer *html)
{
    struct svg_line line;
    struct buffer text = BUFFER_EMPTY;
    place_node(ring, link->a, &line.x1, &line.y1);
    place_node(ring, link->b, &line.x2, &line.y2);
    svg_line(html, line, link->is_bridge ? "bridge" : link->in_tree ? "link" : "axis");
    if (link->in_tree && ring->count <= LABELLED_MOST) {
        words_bits(&text, link->weight);
        svg_text(html, (line.x1 + line.x2) / 2, (line.y1 + line.y2) / 2 - 4, SVG_MIDDLE,
                 buffer_slice(&text));
    }
    buffer_release(&text);
}

static void draw_node(const struct explain *explain, const struct explain_cluster *cluster,
                      const struct ring *ring, uint32_t node, struct buffer *html)
{
    double x = 0;
    double y = 0;
    place_node(ring, node, &x, &y);
    bool is_left = x < ring->x - 1;
    svg_circle(html, x, y, NODE_RADIUS, cluster->cut_off[node] ? "apart" : "node");
    svg_text(html, is_left ? x - NODE_RADIUS - 4 : x + NODE_RADIUS + 4, y + 4,
             is_left ? SVG_END : SVG_START,
             slice_of(words_record(explain, cluster->members[node])));
}

void picture_graph(const struct explain *explain, const struct explain_cluster *cluster,
                   struct buffer *html)
{
    const struct graph *graph = &cluster->graph;
    struct ring ring = {.count = graph->node_count};
    double around = (double)graph->node_count * NODE_SPACE / FULL_TURN;
    ring.radius = graph->node_count < 2   ? NODE_SPACE
                  : around > RADIUS_LEAST ? around
                                          : RADIUS_LEAST;
    ring.x = ring.radius + SIDE_WIDTH;
    ring.y = ring.radius + NODE_SPACE;
    svg_begin(html, 2 * ring.x, 2 * ring.y, "The records and the links that hold them, in bits");
    /* What matters most is drawn last, and so on top. */
    for (size_t i = 0; i < graph->link_count; i++)
        if (!graph->links[i].in_tree)
            draw_link(&ring, &graph->links[i], html);
    for (size_t i = 0; i < graph->link_count; i++)
        if (graph->links[i].in_tree)
            draw_link(&ring, &graph->links[i], html);
    for (uint32_t i = 0; i < graph->node_count; i++)
        draw_node(explain, cluster, &ring, i, html);
    svg_end(html);
    if (graph->link_count)
        page_element(html, "p", "faint",
                     SLICE("Thick: the strongest tree. Dashed: bridges, without which it falls "
                           "apart. Filled: what the weakest link holds."));
}

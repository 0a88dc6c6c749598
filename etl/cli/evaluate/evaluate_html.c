#include "cli/evaluate.h"
#include "cli/page/picture.h"

enum { PLOT = 420, LEFT = 60, TOP = 20, BOTTOM = 44, RIGHT = 20, TICKS = 4, POINT_RADIUS = 3 };

/* The shares at the plot's edges: a curve that is all above 0.9 would be a line otherwise. */
struct plot {
    struct buffer *html;
    double least_recall;
    double least_precision;
};

static double place(double share, double least)
{
    double span = 1 - least;
    return span > 0 ? (share - least) / span * PLOT : PLOT;
}

static double x_of(const struct plot *plot, const struct curve_point *point)
{
    return LEFT + place(point->evaluation.pairwise.recall, plot->least_recall);
}

static double y_of(const struct plot *plot, const struct curve_point *point)
{
    return TOP + PLOT - place(point->evaluation.pairwise.precision, plot->least_precision);
}

/* A round share below all: 0.95, 0.9, 0.8 … 0. */
static double round_down(double least)
{
    static const double shares[] = {0.99, 0.98, 0.95, 0.9, 0.8, 0.6, 0.4, 0.2};
    for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++)
        if (least >= shares[i])
            return shares[i];
    return 0;
}

static void draw_axes(const struct plot *plot)
{
    struct buffer text = BUFFER_EMPTY;
    for (int i = 0; i <= TICKS; i++) {
        double along = (double)PLOT * i / TICKS;
        svg_line(plot->html, (struct svg_line){LEFT + along, TOP, LEFT + along, TOP + PLOT},
                 "grid");
        svg_line(plot->html, (struct svg_line){LEFT, TOP + along, LEFT + PLOT, TOP + along},
                 "grid");
        buffer_clear(&text);
        buffer_format(&text, "%.3f", plot->least_recall + (1 - plot->least_recall) * i / TICKS);
        svg_text(plot->html, LEFT + along, TOP + PLOT + 16, SVG_MIDDLE, buffer_slice(&text));
        buffer_clear(&text);
        buffer_format(&text, "%.3f", 1 - (1 - plot->least_precision) * i / TICKS);
        svg_text(plot->html, LEFT - 6, TOP + along + 4, SVG_END, buffer_slice(&text));
    }
    svg_text(plot->html, LEFT + PLOT / 2.0, TOP + PLOT + 36, SVG_MIDDLE, SLICE("recall"));
    svg_text(plot->html, LEFT, TOP - 8, SVG_MIDDLE, SLICE("precision"));
    buffer_release(&text);
}

static void draw_curve(const struct evaluating *work, struct buffer *html)
{
    struct plot plot = {html, 1, 1};
    int32_t merge = match_rules_thresholds(work->rules).merge;
    for (size_t i = 0; i < work->curve_count; i++) {
        const struct agreement *it = &work->curve[i].evaluation.pairwise;
        plot.least_recall = it->recall < plot.least_recall ? it->recall : plot.least_recall;
        plot.least_precision =
            it->precision < plot.least_precision ? it->precision : plot.least_precision;
    }
    plot.least_recall = round_down(plot.least_recall);
    plot.least_precision = round_down(plot.least_precision);
    svg_begin(html, LEFT + PLOT + RIGHT, TOP + PLOT + BOTTOM,
              "Precision against recall over merge thresholds");
    draw_axes(&plot);
    for (size_t i = 0; i + 1 < work->curve_count; i++)
        svg_line(html,
                 (struct svg_line){x_of(&plot, &work->curve[i]), y_of(&plot, &work->curve[i]),
                                   x_of(&plot, &work->curve[i + 1]),
                                   y_of(&plot, &work->curve[i + 1])},
                 "curve");
    for (size_t i = 0; i < work->curve_count; i++) {
        const struct curve_point *point = &work->curve[i];
        bool is_own = point->threshold == merge;
        svg_circle(html, x_of(&plot, point), y_of(&plot, point),
                   is_own ? 2 * POINT_RADIUS : POINT_RADIUS, is_own ? "against" : "point");
    }
    svg_end(html);
    page_element(html, "p", "faint",
                 SLICE("Each point is a merge threshold, a bit apart; the large one is that of "
                       "match.yaml."));
}

static void number_cell(struct buffer *html, int decimals, double number)
{
    struct buffer text = BUFFER_EMPTY;
    buffer_format(&text, "%.*f", decimals, number);
    page_element(html, "td", "number", buffer_slice(&text));
    buffer_release(&text);
}

static void write_thresholds(const struct evaluating *work, struct buffer *html)
{
    static const char *const headings[] = {"merge from", "precision", "recall",
                                           "f1",         "pairs",     "over-merged"};
    page_element(html, "h2", NULL, SLICE("Thresholds in bits, all else as it is"));
    for (size_t i = 0; i < work->wish_count; i++) {
        const struct curve_wish *wish = &work->wishes[i];
        const struct agreement *got = &wish->point.evaluation.pairwise;
        page_element(html, "p", "lead",
                     slice_of(arena_format(
                         work->arena,
                         wish->met ? "Precision %g: merge from %+.2f bits (precision %.5f, recall "
                                     "%.5f)."
                                   : "Precision %g is not reached; the highest is at %+.2f bits "
                                     "(precision %.5f, recall %.5f).",
                         wish->precision, (double)wish->point.threshold / WEIGHT_ONE,
                         got->precision, got->recall)));
    }
    PAGE_TABLE(html, headings);
    for (size_t i = 0; i < work->curve_count; i++) {
        const struct evaluation *it = &work->curve[i].evaluation;
        buffer_append_text(html, "<tr>");
        number_cell(html, 1, (double)work->curve[i].threshold / WEIGHT_ONE);
        number_cell(html, 5, it->pairwise.precision);
        number_cell(html, 5, it->pairwise.recall);
        number_cell(html, 5, it->pairwise.f1);
        number_cell(html, 0, (double)it->found_pairs);
        number_cell(html, 0, (double)it->over_merged);
        buffer_append_text(html, "</tr>\n");
    }
    page_table_end(html);
}

static void write_causes(const char *title, const struct cause_list *list, struct buffer *html)
{
    static const char *const headings[] = {"pairs", "cause", "what", "examples, values masked"};
    page_element(html, "h2", NULL, slice_of(title));
    if (list->count == 0) {
        page_element(html, "p", NULL, SLICE("None."));
        return;
    }
    PAGE_TABLE(html, headings);
    for (size_t i = 0; i < list->count; i++) {
        const struct cause *cause = &list->causes[i];
        struct buffer text = BUFFER_EMPTY;
        buffer_append_text(html, "<tr>");
        number_cell(html, 0, (double)cause->pairs);
        for (const char *at = cause->name; *at; at++)
            buffer_append_byte(&text, *at == '_' ? ' ' : *at);
        page_element(html, "td", NULL, buffer_slice(&text));
        page_element(html, "td", NULL, slice_of(cause->detail));
        buffer_append_text(html, "<td>");
        for (size_t j = 0; j < cause->example_count; j++) {
            const struct cause_example *example = &cause->examples[j];
            buffer_clear(&text);
            buffer_format(&text, "%s %s %+.1f  %s", example->a, example->b,
                          (double)example->weight / WEIGHT_ONE, example->text);
            page_element(html, "div", "faint", buffer_slice(&text));
        }
        buffer_append_text(html, "</td></tr>\n");
        buffer_release(&text);
    }
    page_table_end(html);
}

static void write_proposals(const struct evaluating *work, struct buffer *html)
{
    static const char *const headings[] = {"blocking key", "missed pairs", "pairs to compare"};
    if (work->proposal_count == 0)
        return;
    page_element(html, "h2", NULL,
                 SLICE("Keys that would have brought pairs together that were never compared"));
    PAGE_TABLE(html, headings);
    for (size_t i = 0; i < work->proposal_count; i++) {
        buffer_append_text(html, "<tr>");
        page_element(html, "td", NULL, slice_of(work->proposals[i].name));
        number_cell(html, 0, (double)work->proposals[i].found);
        number_cell(html, 0, (double)work->proposals[i].pairs);
        buffer_append_text(html, "</tr>\n");
    }
    page_table_end(html);
}

void evaluate_write_html(const struct evaluating *work, struct buffer *html)
{
    const struct agreement *pairwise = &work->partition.pairwise;
    page_begin(html, "The customers found, held against a truth");
    page_element(html, "p", "lead",
                 slice_of(arena_format(work->arena,
                                       "Precision %.5f, recall %.5f (%llu true pairs, %llu found).",
                                       pairwise->precision, pairwise->recall,
                                       (unsigned long long)work->partition.true_pairs,
                                       (unsigned long long)work->partition.found_pairs)));
    draw_curve(work, html);
    write_thresholds(work, html);
    write_causes("Pairs of one customer that were not found", &work->missed, html);
    write_proposals(work, html);
    write_causes("Pairs that were merged and are two customers", &work->merged, html);
    page_end(html);
}

#include "cli/train/weights.h"
#include "cust360/base/text.h"

#include <string.h>

/* ---- table ---- */

enum { LEVEL_COLUMNS = 44 };

static void write_padded(struct buffer *text, const char *label)
{
    buffer_append_text(text, label);
    for (size_t width = text_width(slice_of(label)); width < LEVEL_COLUMNS; width++)
        buffer_append_byte(text, ' ');
}

void weights_table(const struct match_weight *weights, size_t count, struct buffer *text)
{
    const char *comparison = "";
    bool has_relative = count > 0 && weights[0].has_relative;
    write_padded(text, "level");
    buffer_format(text, "%10s%12s%8s%s\n", "one", "strangers", "bits",
                  has_relative ? "  relatives" : "");
    for (size_t i = 0; i < count; i++) {
        const struct match_weight *weight = &weights[i];
        if (strcmp(weight->comparison, comparison) != 0)
            buffer_format(text, "%s\n", weight->comparison);
        comparison = weight->comparison;
        buffer_append_text(text, "  ");
        write_padded(text, weight->level);
        buffer_format(text, "%8.4f%12.2e%+8.1f", weight->match, weight->stranger, weight->bits);
        if (has_relative)
            buffer_format(text, "%+11.1f", weight->relative_bits);
        buffer_append_byte(text, '\n');
    }
}

/* ---- chart ---- */

enum {
    CHART_WIDTH = 900,
    ROW_HEIGHT = 18,
    AXIS_X = 560,
    BIT_WIDTH = 12,
    LABEL_X = 20,
    TOP_HEIGHT = 40
};

static void write_escaped(struct buffer *text, const char *label)
{
    for (const char *at = label; *at; at++) {
        if (*at == '<')
            buffer_append_text(text, "&lt;");
        else if (*at == '&')
            buffer_append_text(text, "&amp;");
        else
            buffer_append_byte(text, *at);
    }
}

static void write_label(struct buffer *text, int x, int y, const char *style, const char *label)
{
    buffer_format(text, "<text x=\"%d\" y=\"%d\"%s>", x, y, style);
    write_escaped(text, label);
    buffer_append_text(text, "</text>\n");
}

static void write_bar(struct buffer *text, const struct match_weight *weight, int y)
{
    double width = (weight->bits < 0 ? -weight->bits : weight->bits) * BIT_WIDTH;
    double x = weight->bits < 0 ? AXIS_X - width : AXIS_X;
    buffer_format(text, "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n", x,
                  y - ROW_HEIGHT + 6, width, ROW_HEIGHT - 5,
                  weight->bits < 0 ? "#c0504d" : "#2e75b6");
    buffer_format(text, "<text x=\"%.1f\" y=\"%d\"%s>%+.1f</text>\n",
                  weight->bits < 0 ? x - 4 : x + width + 4, y,
                  weight->bits < 0 ? " text-anchor=\"end\"" : "", weight->bits);
}

/* Comparisons have a line of their own before their levels. */
static int count_rows(const struct match_weight *weights, size_t count)
{
    int rows = 0;
    for (size_t i = 0; i < count; i++)
        rows += 1 + (i == 0 || strcmp(weights[i].comparison, weights[i - 1].comparison) != 0);
    return rows;
}

void weights_chart(const struct match_weight *weights, size_t count, struct buffer *text)
{
    int height = TOP_HEIGHT + (count_rows(weights, count) + 1) * ROW_HEIGHT;
    int y = TOP_HEIGHT;
    buffer_format(text,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
                  "font-family=\"sans-serif\" font-size=\"12\">\n"
                  "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
                  CHART_WIDTH, height);
    write_label(text, LABEL_X, ROW_HEIGHT, " font-size=\"15\"",
                "Weight of each level in bits: to the right one customer, to the left two");
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || strcmp(weights[i].comparison, weights[i - 1].comparison) != 0) {
            y += ROW_HEIGHT;
            write_label(text, LABEL_X, y, " font-weight=\"bold\"", weights[i].comparison);
        }
        y += ROW_HEIGHT;
        write_label(text, LABEL_X * 2, y, "", weights[i].level);
        write_bar(text, &weights[i], y);
    }
    buffer_format(text, "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#888\"/>\n</svg>\n",
                  AXIS_X, TOP_HEIGHT, AXIS_X, height - ROW_HEIGHT / 2);
}

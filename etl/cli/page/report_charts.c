#include "cli/page/picture.h"
#include "cli/page/report_page.h"

#include <stdio.h>

enum {
    WIDTH = 900,
    LABEL_WIDTH = 130,
    LABEL_WIDTH_MOST = 320,
    NOTE_WIDTH = 170,
    LINE_HEIGHT = 20,
    BAR_HEIGHT = 14,
    COLUMNS_HEIGHT = 160,
    TEXT_DROP = 11, /* from the top of a bar to the base line of its text */
    TREND_HEIGHT = 90,
    MARGIN = 24
};

static double most_of_bars(const struct chart_bar *bars, size_t count)
{
    double most = 0;
    for (size_t i = 0; i < count; i++) {
        double sum = bars[i].parts[0] + bars[i].parts[1] + bars[i].parts[2];
        most = sum > most ? sum : most;
    }
    return most > 0 ? most : 1;
}

/* About what the longest label takes: letters are narrow, and a Chinese character has three bytes.
 */
static double label_width(const struct chart_bar *bars, size_t count)
{
    enum { LETTER_WIDTH = 7, WIDE_BYTE_WIDTH = 4, GAP = 12 };
    double most = LABEL_WIDTH;
    for (size_t i = 0; i < count; i++) {
        double width = GAP;
        for (const char *byte = bars[i].label; *byte; byte++)
            width += (unsigned char)*byte < 0x80 ? LETTER_WIDTH : WIDE_BYTE_WIDTH;
        most = width > most ? width : most;
    }
    return most < LABEL_WIDTH_MOST ? most : LABEL_WIDTH_MOST;
}

void chart_bars(struct buffer *html, const char *title, const struct chart_bar *bars, size_t count)
{
    static const char *const classes[] = {"for", "sum", "against"};
    double left = label_width(bars, count);
    double scale = (WIDTH - left - NOTE_WIDTH) / most_of_bars(bars, count);
    svg_begin(html, WIDTH, (double)count * LINE_HEIGHT + 4, title);
    for (size_t i = 0; i < count; i++) {
        double y = (double)i * LINE_HEIGHT + 3;
        double x = left;
        svg_text(html, left - 8, y + TEXT_DROP, SVG_END, slice_of(bars[i].label));
        for (size_t part = 0; part < 3; part++) {
            double width = bars[i].parts[part] * scale;
            /* What is there at all is to be seen. */
            if (bars[i].parts[part] > 0 && width < 1)
                width = 1;
            if (width > 0)
                svg_rectangle(html, (struct svg_box){x, y, width, BAR_HEIGHT}, classes[part]);
            x += width;
        }
        svg_text(html, x + 6, y + TEXT_DROP, SVG_START, slice_of(bars[i].note));
    }
    svg_end(html);
}

void chart_columns(struct buffer *html, const char *title, const struct chart_column *columns,
                   size_t count)
{
    double most = 1;
    double step = count ? (WIDTH - 2.0 * MARGIN) / (double)count : 1;
    for (size_t i = 0; i < count; i++)
        most = columns[i].value > most ? columns[i].value : most;
    svg_begin(html, WIDTH, COLUMNS_HEIGHT + 2 * MARGIN, title);
    for (size_t i = 0; i < count; i++) {
        char number[32];
        double height = columns[i].value / most * (COLUMNS_HEIGHT - MARGIN);
        double x = MARGIN + (double)i * step;
        double top = COLUMNS_HEIGHT - height;
        svg_rectangle(html, (struct svg_box){x + step * 0.1, top, step * 0.8, height},
                      columns[i].class_name);
        snprintf(number, sizeof(number), "%.0f", columns[i].value);
        if (columns[i].value > 0)
            svg_text(html, x + step / 2, top - 4, SVG_MIDDLE, slice_of(number));
        svg_text(html, x + step / 2, COLUMNS_HEIGHT + 16, SVG_MIDDLE, slice_of(columns[i].label));
    }
    svg_line(html, (struct svg_line){MARGIN, COLUMNS_HEIGHT, WIDTH - MARGIN, COLUMNS_HEIGHT},
             "axis");
    svg_end(html);
}

/* Drawn between its least and its most value: what matters is the change from night to night. */
void chart_trend(struct buffer *html, const char *title, const struct chart_point *points,
                 size_t count)
{
    if (count == 0)
        return;
    double least = points[0].value;
    double most = points[0].value;
    char number[64];
    for (size_t i = 1; i < count; i++) {
        least = points[i].value < least ? points[i].value : least;
        most = points[i].value > most ? points[i].value : most;
    }
    double span = most > least ? most - least : 1;
    double step = count > 1 ? (WIDTH - LABEL_WIDTH - NOTE_WIDTH) / (double)(count - 1) : 0;
    svg_begin(html, WIDTH, TREND_HEIGHT + 2 * MARGIN, title);
    svg_text(html, LABEL_WIDTH - 8, MARGIN + TREND_HEIGHT / 2.0, SVG_END, slice_of(title));
    double last_x = 0;
    double last_y = 0;
    for (size_t i = 0; i < count; i++) {
        double x = LABEL_WIDTH + (double)i * step;
        double y = MARGIN + TREND_HEIGHT * (1 - (points[i].value - least) / span);
        if (i > 0)
            svg_line(html, (struct svg_line){last_x, last_y, x, y}, "curve");
        svg_circle(html, x, y, 3, "point");
        last_x = x;
        last_y = y;
    }
    snprintf(number, sizeof(number), "%.6g (%.6g to %.6g)", points[count - 1].value, least, most);
    svg_text(html, last_x + 8, last_y + 4, SVG_START, slice_of(number));
    svg_text(html, LABEL_WIDTH, TREND_HEIGHT + 2 * MARGIN - 6, SVG_START,
             slice_of(points[0].label));
    if (count > 1)
        svg_text(html, last_x, TREND_HEIGHT + 2 * MARGIN - 6, SVG_END,
                 slice_of(points[count - 1].label));
    svg_end(html);
}

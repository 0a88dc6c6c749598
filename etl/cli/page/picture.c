#include "cli/page/picture.h"
#include "cust360/base/html.h"

/* Colours by meaning; the pairs of foreground and background have a contrast of 4.5 and more. What
 * a colour says is said by a sign, a dash or a word as well. */
static const char style[] =
    ":root{color-scheme:light dark;--ink:#1c1f24;--paper:#fff;--faint:#667085;--line:#d0d5dd;"
    "--for:#1f7a4d;--against:#b42318;--sum:#344054;--mark:#b54708}\n"
    "@media (prefers-color-scheme:dark){:root{--ink:#e8eaed;--paper:#16181d;--faint:#98a2b3;"
    "--line:#475467;--for:#47cd89;--against:#f97066;--sum:#cfd4dc;--mark:#fdb022}}\n"
    "@media print{:root{--ink:#000;--paper:#fff;--faint:#444;--line:#999;--for:#1f7a4d;"
    "--against:#b42318;--sum:#222;--mark:#b54708}section{break-inside:avoid}}\n"
    "body{font:15px/1.5 system-ui,'Noto Sans CJK SC','Microsoft YaHei',sans-serif;color:var(--ink);"
    "background:var(--paper);max-width:60rem;margin:2rem auto;padding:0 1rem}\n"
    "h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}\n"
    "table{border-collapse:collapse;width:100%;font-size:14px}\n"
    "th,td{text-align:left;padding:.25rem .6rem .25rem 0;border-bottom:1px solid var(--line);"
    "vertical-align:top}td.number,th.number{text-align:right;white-space:nowrap;"
    "font-variant-numeric:tabular-nums}\n"
    ".faint{color:var(--faint)}.lead{font-weight:600}\n"
    ".scroll{overflow-x:auto}\n"
    ".key{display:inline-block;width:.8em;height:.8em;margin:0 .4em 0 1em}"
    ".key.for{background:var(--for)}.key.sum{background:var(--sum)}"
    ".key.against{background:var(--against)}\n"
    "svg{max-width:100%;height:auto;font:12px system-ui,'Noto Sans CJK SC',sans-serif}\n"
    "svg text{fill:var(--ink)}svg .for{fill:var(--for)}svg .against{fill:var(--against)}"
    "svg .sum{fill:var(--sum)}svg .node{fill:var(--paper);stroke:var(--ink);stroke-width:1.5}"
    "svg .apart{fill:var(--line);stroke:var(--ink);stroke-width:1.5}svg .point{fill:var(--for)}"
    "svg line{stroke:var(--line)}svg .axis{stroke:var(--faint)}"
    "svg .limit{stroke:var(--mark);stroke-dasharray:4 3}svg .link{stroke:var(--for);stroke-width:2}"
    "svg .bridge{stroke:var(--against);stroke-width:2.5;stroke-dasharray:7 4}"
    "svg .curve{stroke:var(--for);stroke-width:2}\n";

void page_begin(struct buffer *html, const char *title)
{
    buffer_append_text(html,
                       "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width\">\n"
                       "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
    html_append_text(html, title);
    buffer_format(html, "</title>\n<style>\n%s</style>\n</head>\n<body>\n", style);
    page_element(html, "h1", NULL, slice_of(title));
}

void page_end(struct buffer *html)
{
    buffer_append_text(html, "</body>\n</html>\n");
}

void page_element(struct buffer *html, const char *tag, const char *class_name, struct slice text)
{
    buffer_format(html, "<%s", tag);
    if (class_name)
        buffer_format(html, " class=\"%s\"", class_name);
    buffer_append_byte(html, '>');
    html_append(html, text);
    buffer_format(html, "</%s>\n", tag);
}

void page_table_begin(struct buffer *html, const char *const *headings, size_t count)
{
    buffer_append_text(html, "<div class=\"scroll\"><table>\n<tr>");
    for (size_t i = 0; i < count; i++)
        page_element(html, "th", NULL, slice_of(headings[i]));
    buffer_append_text(html, "</tr>\n");
}

void page_table_end(struct buffer *html)
{
    buffer_append_text(html, "</table></div>\n");
}

void page_cell(struct buffer *html, const char *text)
{
    page_element(html, "td", NULL, slice_of(text));
}

void svg_begin(struct buffer *html, double width, double height, const char *title)
{
    buffer_format(html,
                  "<div class=\"scroll\"><svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" "
                  "width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\">\n<title>",
                  width, height, width, height);
    html_append_text(html, title);
    buffer_append_text(html, "</title>\n");
}

void svg_end(struct buffer *html)
{
    buffer_append_text(html, "</svg></div>\n");
}

void svg_rectangle(struct buffer *html, struct svg_box box, const char *class_name)
{
    buffer_format(html,
                  "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" class=\"%s\"/>\n",
                  box.x, box.y, box.width, box.height, class_name);
}

void svg_line(struct buffer *html, struct svg_line line, const char *class_name)
{
    buffer_format(html, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>\n",
                  line.x1, line.y1, line.x2, line.y2, class_name);
}

void svg_circle(struct buffer *html, double x, double y, double radius, const char *class_name)
{
    buffer_format(html, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" class=\"%s\"/>\n", x, y, radius,
                  class_name);
}

void svg_text(struct buffer *html, double x, double y, enum svg_anchor anchor, struct slice text)
{
    static const char *const anchors[] = {"start", "middle", "end"};
    buffer_format(html, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", x, y, anchors[anchor]);
    html_append(html, text);
    buffer_append_text(html, "</text>\n");
}

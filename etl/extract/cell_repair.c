#include "extract/cell_repair.h"
#include "cust360/base/buffer.h"

#include <ctype.h>

static bool begins_field(const char *data, size_t at, char delimiter)
{
    return at == 0 || data[at - 1] == delimiter || data[at - 1] == '\n' || data[at - 1] == '\r';
}

/* The = becomes a blank, which the parser passes over before a quote. A quote that was seen before
 * a piece's end is not looked at again. */
void cell_repair_text(struct cell_repair *repair, const struct csv_dialect *dialect,
                      struct buffer *text, size_t from)
{
    char quote = dialect->quote ? dialect->quote : '"';
    if (!(repair->wanted & REPAIR_FORMULA))
        return;
    for (size_t i = from; i < text->length; i++) {
        if (text->data[i] != quote)
            continue;
        bool formula = !repair->in_quotes && i > 0 && text->data[i - 1] == '=' &&
                       begins_field(text->data, i - 1, dialect->delimiter);
        if (formula) {
            text->data[i - 1] = ' ';
            repair->formulas++;
        }
        repair->in_quotes = !repair->in_quotes;
    }
}

static void note(uint64_t *count, uint64_t *first, uint64_t line)
{
    if ((*count)++ == 0)
        *first = line;
}

/* 1.38E+10, 6.10102E+17: what a spreadsheet shows of a long number. */
static bool is_scientific(struct slice value)
{
    size_t at = 0;
    size_t digits = 0;
    if (value.length < strlen("1E+10") || !isdigit((unsigned char)value.data[0]))
        return false;
    for (; at < value.length && (isdigit((unsigned char)value.data[at]) || value.data[at] == '.');
         at++)
        digits++;
    if (at + 2 >= value.length || (value.data[at] != 'E' && value.data[at] != 'e') ||
        value.data[at + 1] != '+')
        return false;
    for (at += 2; at < value.length; at++)
        if (!isdigit((unsigned char)value.data[at]))
            return false;
    return digits > 0;
}

/* What stands in a cell whose formula has come to nothing. */
static bool is_error(struct slice value)
{
    static const char *const errors[] = {"#N/A",    "#NAME?", "#REF!",  "#VALUE!",
                                         "#DIV/0!", "#NUM!",  "#NULL!", NULL};
    return value.data[0] == '#' && slice_is_one_of(value, errors);
}

struct slice cell_repair_value(struct cell_repair *repair, struct slice value, uint64_t line)
{
    if (value.length < 2)
        return value;
    if (value.data[0] == '=' && value.data[1] == '"' && value.length > 2 &&
        value.data[value.length - 1] == '"') {
        note(&repair->formulas, &repair->first_formula, line);
        return (repair->wanted & REPAIR_FORMULA) ? slice_cut(value, 2, value.length - 1) : value;
    }
    if (value.data[0] == '\'') {
        note(&repair->apostrophes, &repair->first_apostrophe, line);
        return (repair->wanted & REPAIR_APOSTROPHE) ? slice_cut(value, 1, value.length) : value;
    }
    if (is_scientific(value))
        note(&repair->numbers, &repair->first_number, line);
    else if (is_error(value))
        note(&repair->errors, &repair->first_error, line);
    return value;
}

static void join(uint64_t *count, uint64_t *first, uint64_t more, uint64_t line)
{
    if (*count == 0 && line)
        *first = line;
    *count += more;
}

void cell_repair_join(struct cell_repair *whole, const struct cell_repair *part,
                      uint64_t lines_before)
{
    const struct cell_repair *p = part;
    join(&whole->formulas, &whole->first_formula, p->formulas,
         p->first_formula ? p->first_formula + lines_before : 0);
    join(&whole->apostrophes, &whole->first_apostrophe, p->apostrophes,
         p->first_apostrophe ? p->first_apostrophe + lines_before : 0);
    join(&whole->numbers, &whole->first_number, p->numbers,
         p->first_number ? p->first_number + lines_before : 0);
    join(&whole->errors, &whole->first_error, p->errors,
         p->first_error ? p->first_error + lines_before : 0);
}

static void tell(struct row_reader *reader, const char *code, const char *file, uint64_t line,
                 const char *sentence)
{
    if (line)
        notice_add(reader, code, "%s:%llu: %s", file, (unsigned long long)line, sentence);
    else
        notice_add(reader, code, "%s: %s", file, sentence);
}

void cell_repair_notice(const struct cell_repair *repair, struct row_reader *reader)
{
    struct arena *arena = reader->arena;
    bool formula = (repair->wanted & REPAIR_FORMULA) != 0;
    bool apostrophe = (repair->wanted & REPAIR_APOSTROPHE) != 0;
    if (repair->formulas)
        tell(reader, formula ? "repaired" : "spreadsheet", repair->file, repair->first_formula,
             arena_format(arena, "%llu values are written as =\"…\"%s",
                          (unsigned long long)repair->formulas,
                          formula ? " and were read as text (repair: formula)"
                                  : "; `repair: [formula]` in the mapping reads them as text"));
    if (repair->apostrophes)
        tell(reader, apostrophe ? "repaired" : "spreadsheet", repair->file,
             repair->first_apostrophe,
             arena_format(arena, "%llu values begin with an apostrophe%s",
                          (unsigned long long)repair->apostrophes,
                          apostrophe ? ", which was taken away (repair: apostrophe)"
                                     : "; `repair: [apostrophe]` in the mapping takes it away"));
    if (repair->numbers)
        tell(reader, "digits_lost", repair->file, repair->first_number,
             arena_format(arena,
                          "%llu values stand in scientific notation (1.38E+10): a spreadsheet has "
                          "lost their digits; have the columns exported as text",
                          (unsigned long long)repair->numbers));
    if (repair->errors)
        tell(reader, "spreadsheet", repair->file, repair->first_error,
             arena_format(arena,
                          "%llu values are errors of a spreadsheet (#N/A, #NAME?, #REF! …): have "
                          "their formulas corrected, or the cells emptied",
                          (unsigned long long)repair->errors));
}

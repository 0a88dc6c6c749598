/* What stands beside the name of an organisation, and whether it is one.
 *
 *   上海鑫达商贸有限公司（公章）    上海鑫达商贸有限公司 王伟    王伟/上海鑫达商贸有限公司 */
#include "standardize/name/name_company.h"
#include "standardize/name/name_person.h"
#include "standardize/reference/reference_companies.h"
#include "standardize/reference/reference_names.h"
#include "standardize/text/unicode.h"

#include "cust360/base/text.h"

enum { FIRM = 0x516C, FIRM_SECOND = 0x53F8 }; /* 公司 */

const struct company_term *company_ending_find(const struct company_tables *tables,
                                               struct glyphs name)
{
    size_t length = 0;
    uint32_t found = trie_longest_end(tables->endings, name.simple, name.count, &length);
    return found == TRIE_NONE ? NULL : &tables->terms[found];
}

/* The last word in letters, as 'ltd' of "ABC Co., Ltd.": whether it is a legal form. */
static bool ends_in_spelled_form(const struct reference *reference, struct glyphs name)
{
    enum { LONGEST_FORM = 16 };
    char letters[LONGEST_FORM];
    size_t start = name.count;
    while (start > 0 && name.simple[start - 1] != ' ' && name.simple[start - 1] != ',')
        start--;
    size_t length = 0;
    for (size_t i = start; i < name.count; i++) {
        uint32_t character = name.simple[i];
        if (character >= 'a' && character <= 'z' && length < LONGEST_FORM)
            letters[length++] = (char)character;
        else if (character != '.')
            return false;
    }
    return start > 0 && length > 0 &&
           map_find(reference->companies->spelled_forms, slice_make(letters, length)) != MAP_NONE;
}

/* 鑫达汽贸, 上海通用汽车: no legal form, but a trade at the end of more than a person's name. */
static bool ends_in_trade(const struct company_tables *tables, struct glyphs name)
{
    enum { SHORTEST = 4, SHORTEST_TRADE = 2, LONGEST_TRADE = 8 };
    if (name.count < SHORTEST)
        return false;
    for (size_t length = SHORTEST_TRADE; length <= LONGEST_TRADE && length + 2 <= name.count;
         length++) {
        size_t found = 0;
        if (trie_longest(tables->trades, name.simple + name.count - length, length, &found) !=
                TRIE_NONE &&
            found == length)
            return true;
    }
    return false;
}

enum company_sign name_company_sign(const struct reference *reference, struct glyphs name)
{
    enum { OTHERS_BEFORE_ONE_CHARACTER = 3, OTHERS_BEFORE_WORD = 2 };
    size_t count = name.count;
    if (count > 0 && name.simple[count - 1] == ')') {
        while (count > 0 && name.simple[count - 1] != '(')
            count--;
        count = count > 0 ? count - 1 : 0;
    }
    const struct company_term *term =
        company_ending_find(reference->companies, glyphs_cut(name, 0, count));
    bool is_person = person_is_whole_name(reference->names, name); /* 欧阳建设 */
    if (!term && !is_person && ends_in_trade(reference->companies, glyphs_cut(name, 0, count)))
        return COMPANY_LIKELY;
    if (!term)
        return ends_in_spelled_form(reference, name) ? COMPANY_CERTAIN : COMPANY_NO;
    size_t others = count - term->characters;
    if (term->characters == 1)
        return others >= OTHERS_BEFORE_ONE_CHARACTER ? COMPANY_LIKELY : COMPANY_NO;
    return others >= OTHERS_BEFORE_WORD ? COMPANY_CERTAIN : COMPANY_NO;
}

static bool is_end_sign(uint32_t character)
{
    return character == ' ' || character == '.' || character == ',' || character == ';' ||
           character == 0x3002 || character == 0x3001 || character == 0xFF0C || character == '-';
}

static bool is_han_at(struct glyphs name, size_t index)
{
    return index < name.count && text_is_han(name.simple[index]);
}

/* Without punctuation at the end; the full stop of "Ltd." stays. */
static struct glyphs without_end_signs(struct glyphs name)
{
    while (name.count > 1 && is_end_sign(name.simple[name.count - 1]) &&
           (name.simple[name.count - 1] != '.' || is_han_at(name, name.count - 2)))
        name.count--;
    return name;
}

/* Whether `text` is a remark, whole: 公章. */
static bool is_remark(const struct company_tables *tables, struct glyphs text)
{
    size_t length = 0;
    return trie_longest_end(tables->remarks, text.simple, text.count, &length) != TRIE_NONE &&
           length == text.count;
}

/* Without remarks at the end, in brackets or not. */
static struct glyphs without_remarks(const struct reference *reference, struct glyphs name)
{
    enum { SHORTEST_BARE = 2 };
    const struct company_tables *tables = reference->companies;
    for (;;) {
        size_t length = 0;
        bool found =
            trie_longest_end(tables->remarks, name.simple, name.count, &length) != TRIE_NONE;
        struct glyphs left = glyphs_cut(name, 0, found ? name.count - length : name.count);
        if (!found || length < SHORTEST_BARE ||
            name_company_sign(reference, left) != COMPANY_CERTAIN)
            return name;
        name = left;
    }
}

/* A bracket at the end that holds a note: behind the legal form stand regions, forms and branches
 * only. */
static struct glyphs without_last_note(const struct company_view *view, struct glyphs name)
{
    size_t start = name.count;
    while (start > 0 && name.typed[start - 1] != '(' && name.typed[start - 1] != '[' &&
           name.typed[start - 1] != 0x3010)
        start--;
    if (start < 2 || glyphs_bracket_end(name, start - 1) != name.count - 1)
        return name;
    struct glyphs left = glyphs_cut(name, 0, start - 1);
    struct glyphs note = glyphs_cut(name, start, name.count - 1);
    const struct company_tables *tables = view->reference->companies;
    const struct company_term *term = company_ending_find(tables, note);
    bool is_form = term && (term->characters == note.count || term->kind == COMPANY_BRANCH);
    if (is_remark(tables, note) || (!is_form && !company_is_region(view->reference, note) &&
                                    name_company_sign(view->reference, left) == COMPANY_CERTAIN))
        return left;
    return name;
}

static bool is_person(const struct reference *reference, struct glyphs name)
{
    return person_is_whole_name(reference->names, name);
}

/* The company and the person at the two sides of a separator. */
static bool split_at(struct company_view *view, struct glyphs left, struct glyphs right)
{
    const struct reference *reference = view->reference;
    bool first = name_company_sign(reference, left) == COMPANY_CERTAIN;
    struct glyphs company = first ? left : right;
    struct glyphs person = first ? right : left;
    if (!is_person(reference, person) || name_company_sign(reference, company) != COMPANY_CERTAIN)
        return false;
    view->company = company;
    view->person = person;
    return true;
}

static bool is_separator(uint32_t character)
{
    return character == ' ' || character == '/' || character == '-' || character == ',' ||
           character == ';' || character == 0x3001 || character == '\\' || character == '|' ||
           character == ':';
}

static void split_person(struct company_view *view)
{
    enum { SHORTEST_COMPANY = 4 };
    struct glyphs name = view->company;
    for (size_t i = 1; i + 1 < name.count; i++)
        if (is_separator(name.simple[i]) &&
            split_at(view, without_end_signs(glyphs_cut(name, 0, i)),
                     glyphs_cut(name, i + 1, name.count)))
            return;
    /* 鑫达有限公司王伟 */
    for (size_t i = name.count; i >= SHORTEST_COMPANY; i--) {
        bool is_firm = name.simple[i - 2] == FIRM && name.simple[i - 1] == FIRM_SECOND;
        if (is_firm && i < name.count) {
            split_at(view, glyphs_cut(name, 0, i), glyphs_cut(name, i, name.count));
            return;
        }
    }
}

/* Spaces beside ideographs go: 有限公 司; but they may part a company and a person. */
static struct glyphs without_spaces(const struct check_input *input, struct glyphs name)
{
    struct glyphs from = glyphs_copy(name, input->arena);
    struct glyphs to = {from.typed, from.simple, 0, false};
    for (size_t i = 0; i < from.count; i++) {
        bool is_inner = i > 0 && (is_han_at(from, i - 1) || is_han_at(from, i + 1));
        if (from.typed[i] != ' ' || !is_inner)
            glyphs_add(&to, from, i);
    }
    return to;
}

/* Without a telephone number behind the name: 鑫达有限公司 13812345678. */
static struct glyphs without_number(const struct company_view *view, struct glyphs name)
{
    enum { SHORTEST_NUMBER = 7 };
    size_t end = name.count;
    size_t digits = 0;
    while (end > 0 && (text_is_digit(name.simple[end - 1]) || name.simple[end - 1] == '-'))
        digits += text_is_digit(name.simple[--end]);
    struct glyphs left = without_end_signs(glyphs_cut(name, 0, end));
    bool is_number =
        digits >= SHORTEST_NUMBER && name_company_sign(view->reference, left) == COMPANY_CERTAIN;
    return is_number ? left : name;
}

void name_company_view(const struct check_input *input, struct glyphs name,
                       struct company_view *view)
{
    enum { SHORTEST = 4 };
    *view = (struct company_view){.reference = input->reference, .company = name};
    if (name.count < SHORTEST)
        return;
    view->company = without_remarks(input->reference, without_end_signs(name));
    view->has_note = view->company.count < without_end_signs(name).count;
    split_person(view);
    if (view->person.count == 0)
        view->company = without_spaces(input, view->company);
    struct glyphs before = view->company;
    for (;;) {
        struct glyphs left = without_number(view, without_end_signs(view->company));
        left = without_last_note(view, without_remarks(input->reference, left));
        if (left.count == view->company.count)
            break;
        view->company = left;
    }
    view->has_note = view->has_note || (view->company.count < before.count &&
                                        !is_end_sign(before.simple[before.count - 1]));
}

/* Names of organisations: region, the name proper, trade, legal form (in that order by law, the
 * region also in brackets), and often a branch behind.
 *
 *   上海（鑫达）商贸有限公司 ──► 鑫达商贸            key, core
 *   鑫达集团股份有限公司      ──► 鑫达集团股份        key; core 鑫达 */
#include "standardize/name.h"
#include "standardize/reference_companies.h"
#include "standardize/reference_names.h"
#include "standardize/reference_places.h"
#include "standardize/unicode.h"

#include "cust360/base/text.h"

enum { SHORTEST_NAME = 2 };

static const struct company_term *ending_find(const struct company_tables *tables,
                                              const uint32_t *simple, size_t count)
{
    size_t length = 0;
    uint32_t found = trie_longest_end(tables->endings, simple, count, &length);
    return found == TRIE_NONE ? NULL : &tables->terms[found];
}

/* The last word in letters, as 'ltd' of "ABC Co., Ltd.": whether it is a legal form. */
static bool ends_in_spelled_form(const struct reference *reference, struct glyphs name)
{
    enum { LONGEST_FORM = 12 };
    char letters[LONGEST_FORM];
    size_t end = name.count;
    while (end > 0 && (name.simple[end - 1] == '.' || name.simple[end - 1] == ' '))
        end--;
    size_t start = end;
    while (start > 0 && name.simple[start - 1] >= 'a' && name.simple[start - 1] <= 'z')
        start--;
    if (start == 0 || end - start > LONGEST_FORM || text_is_han(name.simple[start - 1]))
        return false;
    for (size_t i = start; i < end; i++)
        letters[i - start] = (char)name.simple[i];
    return map_find(reference->companies->spelled_forms, slice_make(letters, end - start)) !=
           MAP_NONE;
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
    const struct company_term *term = ending_find(reference->companies, name.simple, count);
    if (!term)
        return ends_in_spelled_form(reference, name) ? COMPANY_CERTAIN : COMPANY_NO;
    size_t others = count - term->characters;
    if (term->characters == 1)
        return others >= OTHERS_BEFORE_ONE_CHARACTER ? COMPANY_LIKELY : COMPANY_NO;
    return others >= OTHERS_BEFORE_WORD ? COMPANY_CERTAIN : COMPANY_NO;
}

struct company {
    const struct check_input *input;
    const struct company_tables *tables;
    const struct place_tables *places;
    struct glyphs name; /* the comparison form, changed on the way */
};

static bool is_china(const uint32_t *simple, size_t count)
{
    enum { MIDDLE = 0x4E2D, COUNTRY = 0x56FD };
    return count == 2 && simple[0] == MIDDLE && simple[1] == COUNTRY;
}

static bool is_region(const struct company *company, struct glyphs text)
{
    if (is_china(text.simple, text.count))
        return true;
    struct place_match match =
        place_match(company->places, text.simple, text.count, PLACE_NONE, PLACES_OF_NAME);
    return match.length > 0 && match.length == text.count;
}

/* (有限合伙), (个体工商户): what stands in brackets behind the name is its legal form. */
static bool is_form(const struct company *company, struct glyphs text)
{
    const struct company_term *term = ending_find(company->tables, text.simple, text.count);
    return term && term->characters == text.count;
}

static bool is_kept(uint32_t character)
{
    return text_is_han(character) || unicode_is_letter(character) ||
           (character >= '0' && character <= '9') || character == '&' || character == '+';
}

/* Leaves out brackets, with the region or form that stands in them, spaces between ideographs and
 * punctuation. */
static void tidy(struct company *company)
{
    struct glyphs from = company->name;
    struct glyphs to = {from.typed, from.simple, 0};
    for (size_t i = 0; i < from.count; i++) {
        size_t end = glyphs_bracket_end(from, i);
        if (end != SIZE_MAX) {
            struct glyphs inner = glyphs_cut(from, i + 1, end);
            bool last = end + 1 == from.count;
            if (inner.count > 0 && i > 0 &&
                (is_region(company, inner) || (last && is_form(company, inner))))
                i = end;
        } else if (is_kept(from.simple[i])) {
            glyphs_add(&to, from, i);
        }
    }
    company->name = to;
}

/* Whether the rest consists of nothing but words for trades: then what stands before it is not a
 * region but the name itself (黄山旅游). */
static bool is_trade_only(const struct company *company, const uint32_t *simple, size_t count)
{
    size_t position = 0;
    while (position < count) {
        size_t length = 0;
        if (trie_longest(company->tables->trades, simple + position, count - position, &length) ==
            TRIE_NONE)
            return false;
        position += length;
    }
    return true;
}

/* Where the name proper begins: behind the region. `end`: where the legal form begins. */
static size_t region_end(const struct company *company, size_t end)
{
    struct glyphs name = company->name;
    size_t start = 0;
    if (end >= 2 + SHORTEST_NAME && is_china(name.simple, 2))
        start = 2;
    struct place_match match =
        place_match(company->places, name.simple + start, end - start, PLACE_NONE, PLACES_OF_NAME);
    size_t behind = start + match.length;
    if (match.length == 0 || behind + SHORTEST_NAME > end)
        return start;
    return is_trade_only(company, name.simple + behind, end - behind) ? start : behind;
}

/* Where a branch begins: behind the last 公司 before its end; `count` when it is none. */
static size_t branch_start(const struct company *company)
{
    enum { FIRM = 0x516C, FIRM_SECOND = 0x53F8 };
    struct glyphs name = company->name;
    const struct company_term *term = ending_find(company->tables, name.simple, name.count);
    if (!term || term->kind != COMPANY_BRANCH)
        return name.count;
    for (size_t i = name.count - term->characters; i >= 2; i--)
        if (name.simple[i - 2] == FIRM && name.simple[i - 1] == FIRM_SECOND)
            return i;
    return name.count;
}

/* The name without region and form; `kept`: what stays of the form; the branch behind. */
static struct slice compose(const struct company *company, size_t start, size_t end,
                            struct slice kept, size_t branch)
{
    struct arena *arena = company->input->arena;
    struct glyphs name = company->name;
    struct slice proper = glyphs_text(name.simple + start, end - start, arena);
    if (slice_is_empty(kept) && branch == name.count)
        return proper;
    struct slice rest = glyphs_text(name.simple + branch, name.count - branch, arena);
    return glyphs_join((const struct slice[]){proper, kept, rest}, 3, arena);
}

static void add_parts(struct company *company, struct check_output *output)
{
    struct arena *arena = company->input->arena;
    size_t branch = branch_start(company);
    size_t end = branch;
    struct slice kept = slice_make(NULL, 0);
    const struct company_term *term = ending_find(company->tables, company->name.simple, branch);
    if (term && branch - term->characters >= SHORTEST_NAME &&
        (term->kind == COMPANY_LIMITED || term->kind == COMPANY_SHARES)) {
        end -= term->characters;
        kept = term->kept;
    }
    /* Of a school, a court, a hospital the region tells which it is. */
    bool is_public = term && term->kind == COMPANY_OTHER;
    size_t start = is_public ? 0 : region_end(company, end);
    struct slice key = compose(company, start, end, kept, branch);
    check_add_part(output, "key", key);
    check_add_part(output, "core", compose(company, start, end, slice_make(NULL, 0), branch));
    check_add_part(output, "pinyin", unicode_spell(company->input->reference, key, arena));
}

/* "ABC Co., Ltd.": the words that are no legal form. */
static void add_spelled_parts(const struct company *company, struct glyphs name,
                              struct check_output *output)
{
    const struct reference *reference = company->input->reference;
    struct arena *arena = company->input->arena;
    struct slice text = glyphs_text(name.simple, name.count, arena);
    struct buffer key = BUFFER_EMPTY;
    size_t start = 0;
    for (size_t i = 0; i <= text.length; i++) {
        if (i < text.length && text.data[i] != ' ' && text.data[i] != ',')
            continue;
        struct slice word = unicode_spell(reference, slice_cut(text, start, i), arena);
        bool is_legal_form =
            key.length > 0 && map_find(company->tables->spelled_forms, word) != MAP_NONE;
        if (!is_legal_form)
            buffer_append(&key, word);
        start = i + 1;
    }
    struct slice letters = arena_copy(arena, buffer_slice(&key));
    buffer_release(&key);
    check_add_part(output, "key", letters);
    check_add_part(output, "core", letters);
    check_add_part(output, "pinyin", letters);
}

static bool is_han_near(struct glyphs name, size_t index)
{
    return (index > 0 && text_is_han(name.simple[index - 1])) ||
           (index + 1 < name.count && text_is_han(name.simple[index + 1]));
}

/* A bracket of any kind as the Chinese one; other characters as they are. */
static uint32_t chinese_bracket(uint32_t character)
{
    switch (character) {
    case '(':
    case '[':
    case 0x3010: /* black lenticular */
    case 0x3014: /* tortoise shell */
        return 0xFF08;
    case ')':
    case ']':
    case 0x3011:
    case 0x3015:
        return 0xFF09;
    default:
        return character;
    }
}

/* As people write it: Chinese brackets beside ideographs, and no spaces there. */
static struct slice canonical(struct glyphs name, struct arena *arena)
{
    uint32_t *typed = arena_allocate_array(arena, name.count, sizeof(*typed));
    size_t count = 0;
    for (size_t i = 0; i < name.count; i++) {
        bool is_chinese = is_han_near(name, i);
        if (!is_chinese || name.typed[i] != ' ')
            typed[count++] = is_chinese ? chinese_bracket(name.typed[i]) : name.typed[i];
    }
    return glyphs_text(typed, count, arena);
}

void name_read_company(const struct check_input *input, struct glyphs name,
                       struct check_output *output)
{
    struct company company = {input, input->reference->companies, input->reference->places,
                              glyphs_copy(name, input->arena)};
    output->value = canonical(name, input->arena);
    tidy(&company);
    bool has_han = false;
    for (size_t i = 0; i < company.name.count; i++)
        has_han = has_han || text_is_han(company.name.simple[i]);
    if (has_han)
        add_parts(&company, output);
    else
        add_spelled_parts(&company, name, output);
}

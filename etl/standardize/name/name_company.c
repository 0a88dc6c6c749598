/* Names of organisations: region, the name proper, trade, legal form (in that order by law, the
 * region also in brackets), and often a branch behind.
 *
 *   上海（鑫达）商贸有限公司 ──► 鑫达商贸            key, core
 *   鑫达集团股份有限公司      ──► 鑫达集团股份        key; core 鑫达 */
#include "standardize/name/name_company.h"
#include "standardize/reference/reference_names.h"
#include "standardize/reference/reference_places.h"
#include "standardize/text/unicode.h"

#include "cust360/base/text.h"

enum { SHORTEST_NAME = 2 };

struct company {
    const struct check_input *input;
    const struct company_tables *tables;
    const struct place_tables *places;
    struct glyphs name; /* the comparison form, changed on the way */
    uint32_t region;    /* that the name begins with, or PLACE_NONE */
    struct slice aside; /* the region in brackets */
};

static bool is_china(const uint32_t *simple, size_t count)
{
    enum { MIDDLE = 0x4E2D, COUNTRY = 0x56FD };
    return count == 2 && simple[0] == MIDDLE && simple[1] == COUNTRY;
}

bool company_is_region(const struct reference *reference, struct glyphs text)
{
    if (is_china(text.simple, text.count))
        return true;
    struct place_match match =
        place_match(reference->places, text.simple, text.count, PLACE_NONE, PLACES_OF_BRACKET);
    return match.length > 0 && match.length == text.count;
}

/* (有限合伙), (个体工商户): what stands in brackets behind the name is its legal form. */
static bool is_form(const struct company *company, struct glyphs text)
{
    const struct company_term *term = company_ending_find(company->tables, text);
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
    struct glyphs to = {from.typed, from.simple, 0, false};
    for (size_t i = 0; i < from.count; i++) {
        size_t end = glyphs_bracket_end(from, i);
        if (end != SIZE_MAX) {
            struct glyphs inner = glyphs_cut(from, i + 1, end);
            bool last = end + 1 == from.count;
            bool is_region =
                inner.count > 0 && i > 0 && company_is_region(company->input->reference, inner);
            if (is_region && !is_china(inner.simple, inner.count))
                company->aside = glyphs_text(inner.simple, inner.count, company->input->arena);
            if (is_region || (inner.count > 0 && i > 0 && last && is_form(company, inner)))
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
static size_t region_end(struct company *company, size_t end)
{
    struct glyphs name = company->name;
    size_t start = 0;
    if (end >= 2 + SHORTEST_NAME && is_china(name.simple, 2))
        start = 2;
    struct place_match match =
        place_match(company->places, name.simple + start, end - start, PLACE_NONE, PLACES_OF_NAME);
    size_t behind = start + match.length;
    if (match.length == 0 || behind + SHORTEST_NAME > end ||
        is_trade_only(company, name.simple + behind, end - behind))
        return start;
    company->region = match.place;
    return behind;
}

/* Where a branch begins: behind the last 公司 before its end; `count` when it is none. A company
 * below another one (…有限公司杭州供电公司) is a branch too. */
static size_t branch_start(const struct company *company)
{
    enum { FIRM = 0x516C, FIRM_SECOND = 0x53F8, LIMIT = 0x9650 };
    struct glyphs name = company->name;
    const struct company_term *term = company_ending_find(company->tables, name);
    if (!term || (term->kind != COMPANY_BRANCH && term->kind != COMPANY_LIMITED))
        return name.count;
    for (size_t i = name.count - term->characters; i > 2; i--) {
        bool is_firm = name.simple[i - 2] == FIRM && name.simple[i - 1] == FIRM_SECOND;
        if (is_firm && (term->kind == COMPANY_BRANCH || name.simple[i - 3] == LIMIT))
            return i;
    }
    return name.count;
}

/* A branch without the words 省 and 市 of its place: 上海市浦东支行 is 上海浦东支行. */
static struct slice branch_text(const struct company *company, size_t first)
{
    enum { CITY = 0x5E02, PROVINCE = 0x7701 };
    struct glyphs from = glyphs_cut(company->name, first, company->name.count);
    uint32_t *kept = arena_allocate_array(company->input->arena, from.count, sizeof(*kept));
    size_t count = 0;
    for (size_t i = 0; i < from.count; i++) {
        bool is_word =
            i > 1 && i + 2 < from.count && (from.simple[i] == CITY || from.simple[i] == PROVINCE);
        if (!is_word)
            kept[count++] = from.simple[i];
    }
    return glyphs_text(kept, count, company->input->arena);
}

/* Where the trade begins that ends before `end`: 鑫达|汽车销售服务; `end` when there is none. */
static size_t trade_start(const struct company *company, size_t start, size_t end)
{
    for (size_t first = start + SHORTEST_NAME; first < end; first++)
        if (is_trade_only(company, company->name.simple + first, end - first))
            return first;
    return end;
}

/* The characters with the trades that clerks shorten written out: 汽贸 is 汽车贸易. */
static struct slice expand_trades(const struct company *company, size_t first, size_t end)
{
    struct arena *arena = company->input->arena;
    struct glyphs name = company->name;
    for (size_t i = first; i < end; i++) {
        size_t length = 0;
        uint32_t found = trie_longest(company->tables->trades, name.simple + i, end - i, &length);
        if (found == TRIE_NONE || slice_is_empty(company->tables->trade_names[found]))
            continue;
        const struct slice texts[] = {glyphs_text(name.simple + first, i - first, arena),
                                      company->tables->trade_names[found],
                                      expand_trades(company, i + length, end)};
        return glyphs_join(texts, 3, arena);
    }
    return glyphs_text(name.simple + first, end - first, arena);
}

/* The region by which a school, a court, a hospital is known: 杭州市 of 浙江省杭州第二中学. */
static struct slice public_region(const struct company *company)
{
    if (company->region == PLACE_NONE)
        return slice_make(NULL, 0);
    const struct division *places = company->places->places;
    const struct division *place = &places[company->region];
    if (place->level != PLACE_DISTRICT)
        return place->name;
    uint32_t above = place->city == PLACE_NONE ? place->province : place->city;
    return glyphs_join((const struct slice[]){places[above].name, place->name}, 2,
                       company->input->arena);
}

/* XX公司, 测试有限公司: what is left without the form is what is typed for no name. */
static bool is_nothing(const struct company *company, size_t start, size_t end)
{
    struct glyphs proper = glyphs_cut(company->name, start, end);
    const struct placeholder *placeholder =
        placeholder_find(company->input->reference->names, proper.simple, proper.count, true);
    if (placeholder && !placeholder->possible)
        return true;
    for (size_t i = 1; i < proper.count; i++)
        if (proper.simple[i] != 'x' || proper.simple[0] != 'x')
            return false;
    return proper.count > 1;
}

struct company_split {
    size_t start;  /* of the name proper */
    size_t end;    /* where the legal form begins that is no part of the name */
    size_t form;   /* where any legal form begins: 店 too */
    size_t branch; /* where the branch begins */
    const struct company_term *term;
};

/* Whether the form tells nothing of which company it is. */
static bool is_legal_form(const struct company_term *term)
{
    return term && (term->kind == COMPANY_LIMITED || term->kind == COMPANY_SHARES);
}

/* A branch alone (工商银行上海浦东支行, 杭州供电公司) is known by its place: all of it is the
 * branch. */
static bool split_branch(struct company *company, struct company_split *split)
{
    size_t count = company->name.count;
    if (!split->term || split->term->kind != COMPANY_BRANCH || split->branch < count)
        return false;
    bool has_country = count > 2 + SHORTEST_NAME && is_china(company->name.simple, 2);
    split->start = has_country ? 2 : 0;
    split->end = split->form = split->branch = split->start;
    return true;
}

static struct company_split split(struct company *company)
{
    struct company_split split = {.branch = branch_start(company)};
    split.end = split.branch;
    split.form = split.branch;
    split.term = company_ending_find(company->tables, glyphs_cut(company->name, 0, split.branch));
    if (split_branch(company, &split))
        return split;
    bool is_form = is_legal_form(split.term);
    size_t before = split.branch - (split.term ? split.term->characters : 0);
    if (before >= SHORTEST_NAME)
        split.form = before;
    if (is_form)
        split.end = split.form;
    split.start = region_end(company, is_form ? split.end : before);
    /* 3M中国有限公司 */
    if (is_form && split.end > split.start + 2 && is_china(company->name.simple + split.end - 2, 2))
        split.end -= 2;
    return split;
}

/* What the name is made of, by article 6 of the rules for registration. */
static void add_pieces(const struct company *company, const struct company_split *at,
                       struct check_output *output)
{
    const struct {
        const char *name;
        size_t first;
        size_t end;
    } pieces[] = {
        {"region", 0, company->region == PLACE_NONE ? 0 : at->start},
        {"brand", at->start, trade_start(company, at->start, at->form)},
        {"trade", trade_start(company, at->start, at->form), at->form},
        {"form", at->form, at->branch},
    };
    if (pieces[0].end == 0)
        check_add_part(output, "region", company->aside);
    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++)
        if (pieces[i].end > pieces[i].first)
            check_add_part(output, pieces[i].name,
                           glyphs_text(company->name.simple + pieces[i].first,
                                       pieces[i].end - pieces[i].first, company->input->arena));
}

static void add_parts(struct company *company, struct check_output *output)
{
    struct arena *arena = company->input->arena;
    struct company_split at = split(company);
    const struct company_term *term = at.term;
    bool is_form = is_legal_form(term);
    if (is_form && is_nothing(company, at.start, at.end)) {
        name_refuse(output, "placeholder", "this stands for a name that nobody asked for");
        return;
    }
    bool is_public = term && term->kind == COMPANY_PUBLIC;
    struct slice region = is_public ? public_region(company) : slice_make(NULL, 0);
    if (is_public && slice_is_empty(region))
        at.start = 0;
    struct slice proper = expand_trades(company, at.start, at.end);
    struct slice kept = is_form && at.end < at.branch ? term->kept : slice_make(NULL, 0);
    struct slice branch = branch_text(company, at.branch);
    struct slice key = glyphs_join((const struct slice[]){region, proper, kept, branch}, 4, arena);
    check_add_part(output, "key", key);
    check_add_part(output, "core",
                   glyphs_join((const struct slice[]){region, proper, branch}, 3, arena));
    check_add_part(output, "pinyin", unicode_spell(company->input->reference, key, arena));
    add_pieces(company, &at, output);
    check_add_part(output, "branch", branch);
}

/* "ABC (Shanghai) Co., Ltd.": the words that are no legal form, and no region in front of or behind
 * the name or in brackets. */
static void add_spelled_parts(const struct company *company, struct glyphs name,
                              struct check_output *output)
{
    const struct reference *reference = company->input->reference;
    struct arena *arena = company->input->arena;
    struct slice text = glyphs_text(name.simple, name.count, arena);
    struct buffer key = BUFFER_EMPTY;
    struct buffer all = BUFFER_EMPTY;
    size_t start = 0;
    for (size_t i = 0; i <= text.length; i++) {
        if (i < text.length && text.data[i] != ' ' && text.data[i] != ',')
            continue;
        struct slice word = unicode_spell(reference, slice_cut(text, start, i), arena);
        bool is_legal_form =
            key.length > 0 && map_find(company->tables->spelled_forms, word) != MAP_NONE;
        bool is_place = map_find(company->tables->spelled_places, word) != MAP_NONE;
        if (!is_legal_form && !is_place)
            buffer_append(&key, word);
        buffer_append(&all, word);
        start = i + 1;
    }
    struct slice letters = arena_copy(arena, buffer_slice(key.length > 0 ? &key : &all));
    buffer_release(&key);
    buffer_release(&all);
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
    struct company company = {input,
                              input->reference->companies,
                              input->reference->places,
                              glyphs_copy(name, input->arena),
                              PLACE_NONE,
                              {NULL, 0}};
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

/* The check `address`: the division, then road, number, estate, building, unit and room.
 * Parts as GB/T 23705 has the elements of an address; the canonical form begins with the official
 * names of the divisions and goes on as it was typed. */
#include "standardize/address/address.h"
#include "standardize/address/places_memory.h"
#include "standardize/address/spelled.h"
#include "standardize/checks.h"
#include "standardize/reference/reference_names.h"
#include "standardize/text/unicode.h"

#include "cust360/base/text.h"

/* Where an address in a record begins, and the division it names. */
struct beginning {
    struct place_match match;
    size_t start; /* characters passed over: country, postcode */
    bool hinted;  /* only the field beside it names the division */
};

/* 地址:, 收货地址, 中国: what says nothing, in front. */
static size_t label_length(const struct check_input *input, struct glyphs text)
{
    size_t start = 0;
    for (;;) {
        size_t length = 0;
        if (trie_longest(input->reference->places->labels, text.simple + start, text.count - start,
                         &length) == TRIE_NONE ||
            start + length == text.count)
            return start;
        start += length;
        while (start + 1 < text.count && (text.simple[start] == ':' || text.simple[start] == ' ' ||
                                          text.simple[start] == 0xFF1A))
            start++;
    }
}

/* What stands within a postcode and behind it. */
static bool is_beside_digits(uint32_t character)
{
    return character != '\0' && character < 0x80 && strchr("-() ,;:.", (int)character);
}

/* A postcode in front: six digits, in Taiwan three, five or six, also 106-90 and (106). */
static size_t postcode_length(struct glyphs text)
{
    size_t digits = 0;
    size_t i = 0;
    for (; i < text.count; i++) {
        uint32_t character = text.simple[i];
        if (character >= '0' && character <= '9')
            digits++;
        else if (!is_beside_digits(character))
            break;
    }
    bool is_postcode = digits == 3 || digits == 5 || digits == 6;
    return is_postcode && i < text.count && text_is_han(text.simple[i]) ? i : 0;
}

/* What the field `region` says: the province or city typed beside the address. */
static uint32_t region_hint(const struct check_input *input)
{
    struct slice region = check_field(input, "region");
    if (slice_is_empty(region))
        return PLACE_NONE;
    struct glyphs text = glyphs_of(
        input->reference, unicode_clean(input->reference, region, input->arena), input->arena);
    return place_match(input->reference->places, text.simple, text.count, PLACE_NONE,
                       PLACES_OF_ADDRESS)
        .place;
}

static struct place_match match_at(const struct check_input *input, struct glyphs text,
                                   size_t start, uint32_t within)
{
    const struct place_tables *tables = input->reference->places;
    const uint32_t *simple = text.simple + start;
    size_t count = text.count - start;
    if (!input->thorough && input->memories)
        return place_match_again(tables, input->memories, simple, count, within);
    return place_match(tables, simple, count, within, PLACES_OF_ADDRESS);
}

/* Whether a place may be named at `end`; of most addresses the first characters tell. */
static bool may_repeat(const struct place_tables *tables, struct glyphs text, size_t end)
{
    size_t ignored = 0;
    return end < text.count && (!place_is_plain(text.simple[end]) ||
                                trie_longest(tables->names, text.simple + end, text.count - end,
                                             &ignored) != TRIE_NONE);
}

/* 浙江省宁波市浙江省宁波市江北区: forms put the fields for the divisions before an address that
 * names them again. */
static void pass_repetitions(const struct check_input *input, struct glyphs text,
                             struct beginning *beginning)
{
    const struct place_tables *tables = input->reference->places;
    struct place_match *match = &beginning->match;
    while (match->place != PLACE_NONE && match->named == match->length) {
        size_t end = beginning->start + match->length;
        if (!input->thorough && !may_repeat(tables, text, end))
            return;
        struct place_match again = place_match(tables, text.simple + end, text.count - end,
                                               tables->places[match->place].province, PLACES_AGAIN);
        bool is_wider = again.length > 0 && place_is_within(tables, match->place, again.place);
        bool is_narrower = again.length > 0 && place_is_within(tables, again.place, match->place);
        if (!is_wider && !is_narrower)
            return;
        if (is_narrower)
            match->place = again.place;
        match->ambiguous = match->ambiguous && is_wider;
        match->named += again.named;
        match->length += again.length;
    }
}

/* 粤广州市, 沪浦东新区: a province by the character of its plates, where the full name of a place
 * in it follows. Alone such characters are parts of other names. */
static struct place_match match_initial(const struct check_input *input, struct glyphs text,
                                        size_t start)
{
    const struct place_tables *tables = input->reference->places;
    struct place_match match = {.place = PLACE_NONE};
    uint32_t province =
        start + 1 < text.count ? trie_find(tables->initials, text.simple + start, 1) : TRIE_NONE;
    if (province == TRIE_NONE)
        return match;
    match = place_match(tables, text.simple + start + 1, text.count - start - 1, province,
                        PLACES_AGAIN);
    if (match.length > 0) {
        match.length++;
        match.named++;
    }
    return match;
}

/* With what stands beside it first; when nothing fits there the address is right. */
static struct beginning find_beginning(const struct check_input *input, struct glyphs text)
{
    uint32_t hint = region_hint(input);
    struct beginning beginning = {.start = label_length(input, text)};
    beginning.match = match_at(input, text, beginning.start, hint);
    if (beginning.match.length == 0) {
        size_t postcode = postcode_length(glyphs_cut(text, beginning.start, text.count));
        if (postcode > 0) {
            beginning.start += postcode;
            beginning.match = match_at(input, text, beginning.start, hint);
        }
    }
    if (beginning.match.length == 0)
        beginning.match = match_initial(input, text, beginning.start);
    if (beginning.match.length == 0 && hint != PLACE_NONE)
        beginning.match = match_at(input, text, beginning.start, PLACE_NONE);
    if (beginning.match.length == 0 && beginning.match.place == PLACE_NONE) {
        beginning.start = label_length(input, text);
        beginning.match.place = hint;
        beginning.hinted = hint != PLACE_NONE;
    } else {
        pass_repetitions(input, text, &beginning);
    }
    return beginning;
}

struct place_names {
    struct slice province;
    struct slice city;
    struct slice district;
    struct slice code;
};

static struct place_names names_of(const struct place_tables *tables,
                                   const struct place_match *match)
{
    struct place_names names = {.code = {NULL, 0}};
    if (match->place != PLACE_NONE) {
        const struct division *place = &tables->places[match->place];
        names.province = tables->places[place->province].name;
        if (place->city != PLACE_NONE && place->level >= PLACE_CITY)
            names.city = tables->places[place->city].name;
        if (place->level == PLACE_DISTRICT)
            names.district = place->name;
        names.code = place->code;
    }
    /* 朝阳区 without a city: which one is open, but not its name. */
    bool same_name = match->ambiguous && match->either != PLACE_NONE;
    if (same_name && tables->places[match->either].level == PLACE_DISTRICT)
        names.district = tables->places[match->either].name;
    return names;
}

static bool is_space_kept(const uint32_t *characters, size_t count, size_t index)
{
    return index > 0 && index + 1 < count && characters[index - 1] < 0x80 &&
           characters[index + 1] < 0x80;
}

/* A postcode at the end stays apart from what it follows. */
static bool is_before_postcode(const uint32_t *characters, size_t count, size_t index)
{
    enum { POSTCODE_DIGITS = 6 };
    if (index + POSTCODE_DIGITS + 1 != count)
        return false;
    for (size_t i = index + 1; i < count; i++)
        if (characters[i] < '0' || characters[i] > '9')
            return false;
    return true;
}

/* Spaces go, but between letters and digits: there they part numbers. */
static struct slice compact(const uint32_t *characters, size_t count, struct arena *arena)
{
    uint32_t *kept = arena_allocate_array(arena, count, sizeof(*kept));
    size_t kept_count = 0;
    for (size_t i = 0; i < count; i++)
        if (characters[i] != ' ' || is_space_kept(characters, count, i) ||
            is_before_postcode(characters, count, i))
            kept[kept_count++] = characters[i];
    return glyphs_text(kept, kept_count, arena);
}

static bool is_traditional(struct glyphs text)
{
    for (size_t i = 0; i < text.count; i++)
        if (text.typed[i] != text.simple[i] && text.typed[i] >= 0x80)
            return true;
    return false;
}

/* Places of Hong Kong, Macao and Taiwan, as they write them; else `simplified`. */
static struct slice traditional_names(const struct check_input *input,
                                      const struct beginning *beginning, struct slice simplified)
{
    const struct division *places = input->reference->places->places;
    const struct division *place = &places[beginning->match.place];
    if (place->name_trad.length == 0)
        return simplified;
    struct slice names[] = {places[place->province].name_trad, {NULL, 0}, {NULL, 0}};
    if (place->level >= PLACE_CITY)
        names[1] = places[place->city].name_trad;
    if (place->level == PLACE_DISTRICT)
        names[2] = place->name_trad;
    return glyphs_join(names, 3, input->arena);
}

/* Of a text without spaces, capitals and traditional characters the canonical form is made of
 * pieces of it. */
static struct slice canonical_in_place(const struct check_input *input, struct slice clean,
                                       const struct beginning *beginning,
                                       const struct place_names *names)
{
    size_t rest = text_prefix(clean, beginning->start + beginning->match.named).length;
    struct slice texts[] = {names->province, names->city, names->district,
                            slice_cut(clean, rest, clean.length)};
    return glyphs_join(texts, 4, input->arena);
}

/* The official names before the rest; as typed when they were typed in full, so that an address in
 * traditional characters stays in one script. */
static struct slice canonical(const struct check_input *input, struct slice clean,
                              struct glyphs text, const struct beginning *beginning,
                              const struct place_names *names)
{
    struct arena *arena = input->arena;
    size_t rest = beginning->start + beginning->match.named;
    if (!input->thorough && text.is_simple)
        return canonical_in_place(input, clean, beginning, names);
    struct slice before = glyphs_join(
        (const struct slice[]){names->province, names->city, names->district}, 3, arena);
    struct glyphs named = glyphs_cut(text, beginning->start, rest);
    if (slice_equal(compact(named.simple, named.count, arena), before))
        before = compact(named.typed, named.count, arena);
    else if (is_traditional(text))
        before = traditional_names(input, beginning, before);
    struct slice behind = compact(text.typed + rest, text.count - rest, arena);
    return glyphs_join((const struct slice[]){before, behind}, 2, arena);
}

/* 无, 不详, ?, 0, 123456: a number that nothing parts is no address either. */
static bool is_placeholder(const struct check_input *input, struct glyphs text)
{
    size_t digits = 0;
    for (size_t i = 0; i < text.count; i++) {
        if (text_is_han(text.simple[i]) || unicode_is_letter(text.simple[i]))
            return placeholder_find(input->reference->names, text.simple, text.count, true) != NULL;
        digits += text.simple[i] >= '0' && text.simple[i] <= '9';
    }
    return digits == 0 || digits == text.count;
}

/* An address in letters alone is of another make: it stays as it was typed. */
static bool is_spelled(struct glyphs text)
{
    bool has_letter = false;
    for (size_t i = 0; i < text.count; i++) {
        if (text_is_han(text.simple[i]))
            return false;
        has_letter = has_letter || unicode_is_letter(text.simple[i]);
    }
    return has_letter;
}

static struct place_match read_spelled(const struct check_input *input, struct slice clean,
                                       struct address_parts *parts)
{
    struct spelled_text spelled;
    spelled_read(clean, input->arena, &spelled);
    struct place_match match = spelled_find_place(input->reference->places, &spelled,
                                                  region_hint(input), &parts->postcode);
    spelled_read_parts(&spelled, input->arena, parts);
    return match;
}

enum { LONGEST_ADDRESS = 300 }; /* characters */

static void read_address(const struct check_input *input, struct check_output *output)
{
    const struct place_tables *tables = input->reference->places;
    struct slice clean = unicode_clean(input->reference, input->value, input->arena);
    struct glyphs text = glyphs_of(input->reference, clean, input->arena);
    if (text.count > LONGEST_ADDRESS) {
        output->value = clean;
        check_add_finding(output, SEVERITY_WARNING, "length",
                          "this is too long for an address and was not taken apart");
        return;
    }
    if (is_placeholder(input, text)) {
        output->value = slice_make(NULL, 0);
        check_add_finding(output, SEVERITY_ERROR, "placeholder",
                          "this stands for an address that nobody asked for");
        return;
    }
    struct beginning beginning = {.start = 0};
    struct address_parts parts = {.road = {NULL, 0}};
    bool spelled = is_spelled(text);
    if (spelled)
        beginning.match = read_spelled(input, clean, &parts);
    else
        beginning = find_beginning(input, text);
    struct place_names names = names_of(tables, &beginning.match);
    size_t rest = beginning.start + beginning.match.length;
    if (!spelled)
        address_read(tables, glyphs_cut(text, rest, text.count), input->arena, &parts);
    if (names.code.length > 0 && !spelled)
        output->value = canonical(input, clean, text, &beginning, &names);
    else
        output->value =
            compact(text.typed + beginning.start, text.count - beginning.start, input->arena);
    check_add_part(output, "province", names.province);
    check_add_part(output, "city", names.city);
    check_add_part(output, "district", names.district);
    check_add_part(output, "code", names.code);
    check_add_part(output, "town", parts.town);
    check_add_part(output, "village", parts.village);
    check_add_part(output, "road", parts.road);
    check_add_part(output, "number", parts.number);
    check_add_part(output, "estate", parts.estate);
    check_add_part(output, "building", parts.building);
    check_add_part(output, "unit", parts.unit);
    check_add_part(output, "room", parts.room);
    check_add_part(output, "postcode", parts.postcode);
}

/* 重 庆 潼南区: without the spaces within them names are read that were not before. What is read
 * then counts, so that the canonical form is the same when it comes again. */
static void run(const struct check_input *input, struct check_output *output)
{
    enum { READINGS_MAX = 3 };
    struct check_input again = *input;
    read_address(input, output);
    if (!memchr(input->value.data, ' ', input->value.length))
        return;
    for (size_t i = 1; i < READINGS_MAX && output->value.length > 0; i++) {
        struct check_output next = {.value = output->value};
        again.value = output->value;
        read_address(&again, &next);
        if (slice_equal(next.value, again.value))
            return;
        *output = next;
    }
}

const struct check check_address = {.name = "address", .run = run};

/* The check `address`: the division, then road, number, estate, building, unit and room.
 * Parts as GB/T 23705 has the elements of an address; the canonical form begins with the official
 * names of the divisions and goes on as it was typed. */
#include "standardize/address.h"
#include "standardize/checks.h"
#include "standardize/reference_names.h"
#include "standardize/unicode.h"

#include "cust360/base/text.h"

/* Where an address in a record begins, and the division it names. */
struct beginning {
    struct place_match match;
    size_t start; /* characters passed over: country, postcode */
    bool hinted;  /* only the field beside it names the division */
};

static size_t country_length(struct glyphs text)
{
    static const uint32_t country[] = {0x4E2D, 0x56FD}; /* 中国 */
    bool found = text.count > 2 && memcmp(text.simple, country, sizeof(country)) == 0;
    return found ? 2 : 0;
}

/* A postcode in front: six digits, in Taiwan three, five or six. */
static size_t postcode_length(struct glyphs text)
{
    size_t digits = 0;
    while (digits < text.count && text.simple[digits] >= '0' && text.simple[digits] <= '9')
        digits++;
    bool is_postcode = digits == 3 || digits == 5 || digits == 6;
    while (is_postcode && digits < text.count && text.simple[digits] == ' ')
        digits++;
    return is_postcode && digits < text.count && text_is_han(text.simple[digits]) ? digits : 0;
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
    return place_match(input->reference->places, text.simple + start, text.count - start, within,
                       PLACES_OF_ADDRESS);
}

/* With what stands beside it first; when nothing fits there the address is right. */
static struct beginning find_beginning(const struct check_input *input, struct glyphs text)
{
    uint32_t hint = region_hint(input);
    struct beginning beginning = {.start = country_length(text)};
    beginning.match = match_at(input, text, beginning.start, hint);
    if (beginning.match.length == 0) {
        size_t postcode = postcode_length(glyphs_cut(text, beginning.start, text.count));
        if (postcode > 0) {
            beginning.start += postcode;
            beginning.match = match_at(input, text, beginning.start, hint);
        }
    }
    if (beginning.match.length == 0 && hint != PLACE_NONE)
        beginning.match = match_at(input, text, beginning.start, PLACE_NONE);
    if (beginning.match.length == 0 && beginning.match.place == PLACE_NONE) {
        beginning.start = 0;
        beginning.match.place = hint;
        beginning.hinted = hint != PLACE_NONE;
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

/* Spaces go, but between letters and digits: there they part numbers. */
static struct slice compact(const uint32_t *characters, size_t count, struct arena *arena)
{
    uint32_t *kept = arena_allocate_array(arena, count, sizeof(*kept));
    size_t kept_count = 0;
    for (size_t i = 0; i < count; i++)
        if (characters[i] != ' ' || is_space_kept(characters, count, i))
            kept[kept_count++] = characters[i];
    return glyphs_text(kept, kept_count, arena);
}

/* The official names before the rest; as typed when they were typed in full, so that an address in
 * traditional characters stays in one script. */
static struct slice canonical(const struct check_input *input, struct glyphs text,
                              const struct beginning *beginning, const struct place_names *names)
{
    struct arena *arena = input->arena;
    size_t rest = beginning->start + beginning->match.length;
    struct slice before = glyphs_join(
        (const struct slice[]){names->province, names->city, names->district}, 3, arena);
    struct glyphs named = glyphs_cut(text, beginning->start, rest);
    if (slice_equal(compact(named.simple, named.count, arena), before))
        before = compact(named.typed, named.count, arena);
    struct slice behind = compact(text.typed + rest, text.count - rest, arena);
    return glyphs_join((const struct slice[]){before, behind}, 2, arena);
}

/* 无, 不详, ?, 0, 123456: a number that nothing parts is no address either. */
static bool is_placeholder(const struct check_input *input, struct glyphs text)
{
    size_t digits = 0;
    size_t letters = 0;
    for (size_t i = 0; i < text.count; i++) {
        digits += text.simple[i] >= '0' && text.simple[i] <= '9';
        letters += text_is_han(text.simple[i]) || unicode_is_letter(text.simple[i]);
    }
    if (letters > 0)
        return placeholder_find(input->reference->names, text.simple, text.count, true) != NULL;
    return digits == 0 || digits == text.count;
}

/* An address in letters alone is of another make: kept, but not taken apart. */
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

enum { LONGEST_ADDRESS = 300 }; /* characters */

static void run(const struct check_input *input, struct check_output *output)
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
    struct beginning beginning = find_beginning(input, text);
    struct place_names names = names_of(tables, &beginning.match);
    struct address_parts parts = {.road = {NULL, 0}};
    size_t rest = beginning.start + beginning.match.length;
    if (!is_spelled(text))
        address_read(tables, glyphs_cut(text, rest, text.count), input->arena, &parts);
    if (names.code.length > 0)
        output->value = canonical(input, text, &beginning, &names);
    else
        output->value = compact(text.typed, text.count, input->arena);
    check_add_part(output, "province", names.province);
    check_add_part(output, "city", names.city);
    check_add_part(output, "district", names.district);
    check_add_part(output, "code", names.code);
    check_add_part(output, "road", parts.road);
    check_add_part(output, "number", parts.number);
    check_add_part(output, "estate", parts.estate);
    check_add_part(output, "building", parts.building);
    check_add_part(output, "unit", parts.unit);
    check_add_part(output, "room", parts.room);
}

const struct check check_address = {"address", run};

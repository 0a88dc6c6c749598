/* Finding the division that an address or a company's name begins with.
 *
 * Every word that begins at a place of the text is followed, with each of its meanings that fits
 * what stands before; the chain that explains most of the text wins. Chains are at most a few words
 * long, so that this costs a few dozen probes. */
#include "standardize/address/places_memory.h"

#include "cust360/base/text.h"

/* Points of a word, a character: an official name before a former one before a short one, but a
 * longer chain before all. */
static const int form_points[] = {
    [PLACE_OFFICIAL] = 10, [PLACE_FORMER] = 8, [PLACE_PARTED] = 8, [PLACE_SHORT] = 7};

enum { LONGEST_CHAIN = 5 };

struct chain {
    uint32_t place; /* the narrowest so far, or what is known to hold it */
    size_t end;     /* characters passed over */
    size_t named;   /* of them, those that `place` tells as well (not a PLACE_PARTED) */
    int points;
    int words;    /* 0: nothing was named yet */
    bool is_open; /* its last words may begin another name, until an official one follows */
};

struct search {
    const struct place_tables *tables;
    const uint32_t *simple;
    size_t count;
    enum place_search kind;
    struct chain best;
    bool ambiguous;
    uint32_t either; /* the best place, or one of several of one name; PLACE_NONE: names differ */
    bool is_tracked; /* whether `reach` is wanted */
    struct place_reach reach;
};

/* Notes a look at the character at `position`, or at the end of the text. */
static void look(struct search *search, size_t position)
{
    size_t reach = position < search->count ? position + 1 : search->count + 1;
    if (search->reach.exact < reach)
        search->reach.exact = reach;
}

bool place_is_plain(uint32_t character)
{
    switch (character) {
    case 0x7701: /* province: the fillers begin so */
    case 0x81EA:
    case 0x76F4:
    case 0x5E02:
    case 0x573A: /* market, ship: an end of a longer word */
    case 0x8230:
        return false;
    default:
        return (character >= 0x4E00 && character <= 0x9FFF) ||
               (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z');
    }
}

/* Notes a look that tells all plain characters, and the end, alike. */
static void look_past(struct search *search, size_t position)
{
    if (position < search->count && !place_is_plain(search->simple[position]))
        look(search, position);
    else if (search->reach.plain <= position)
        search->reach.plain = position + 1;
}

/* Notes a walk along the words that begin at `position`. */
static void look_along(struct search *search, const struct trie *trie, size_t position)
{
    if (search->is_tracked)
        look(search,
             position + trie_walked(trie, search->simple + position, search->count - position));
}

bool place_is_within(const struct place_tables *tables, uint32_t place, uint32_t outer)
{
    return outer == PLACE_NONE || place == outer || tables->places[place].province == outer ||
           tables->places[place].city == outer;
}

uint32_t place_common(const struct place_tables *tables, uint32_t a, uint32_t b)
{
    if (a == PLACE_NONE || b == PLACE_NONE)
        return PLACE_NONE;
    if (place_is_within(tables, a, b))
        return b;
    if (place_is_within(tables, b, a))
        return a;
    const struct division *one = &tables->places[a];
    const struct division *other = &tables->places[b];
    if (one->city != PLACE_NONE && one->city == other->city)
        return one->city;
    return one->province == other->province ? one->province : PLACE_NONE;
}

static bool is_separator(uint32_t character)
{
    switch (character) {
    case ' ':
    case ',':
    case ';':
    case '-':
    case '/':
    case '|':
    case '_':
    case '>':
    case 0xB7:   /* middle dot */
    case 0x3001: /* ideographic comma */
    case 0xFF0C: /* its full-width form */
        return true;
    default:
        return false;
    }
}

static bool is_bracket(uint32_t character)
{
    return character == '(' || character == '[' || character == 0x3010;
}

static bool is_closing_bracket(uint32_t character)
{
    return character == ')' || character == ']' || character == 0x3011;
}

/* Words that stand in lists of divisions but name none; the longer ones first. */
static size_t filler_length(const uint32_t *simple, size_t count)
{
    enum { LONGEST = 8 };
    static const uint32_t fillers[][LONGEST] = {
        {0x76F4, 0x8F96, 0x53BF, 0x7EA7, 0x884C, 0x653F, 0x533A, 0x5212}, /* 直辖县级行政区划 */
        {0x76F4, 0x8F96, 0x53BF, 0x7EA7, 0x884C, 0x653F, 0x5355, 0x4F4D}, /* 直辖县级行政单位 */
        {0x81EA, 0x6CBB, 0x533A, 0x76F4, 0x8F96},                         /* 自治区直辖 */
        {0x5E02, 0x8F96, 0x533A},                                         /* 市辖区 */
        {0x7701, 0x76F4, 0x8F96},                                         /* 省直辖 */
        {0x76F4, 0x8F96},                                                 /* 直辖 */
    };
    for (size_t i = 0; i < sizeof(fillers) / sizeof(fillers[0]); i++) {
        size_t length = 0;
        while (length < LONGEST && fillers[i][length] != 0 && length < count &&
               fillers[i][length] == simple[length])
            length++;
        if (length == LONGEST || (length > 0 && fillers[i][length] == 0))
            return length;
    }
    return 0;
}

/* 省直辖县级行政区划: the word that begins with the end of another one. */
static size_t fillers_length(struct search *search, size_t position)
{
    enum {
        PROVINCE = 0x7701,
        REGION_START = 0x81EA,
        WHOLE_REGION = 3,
        STRAIGHT = 0x76F4,
        CITY = 0x5E02,
        LONGEST = 11
    };
    const uint32_t *simple = search->simple + position;
    size_t count = search->count - position;
    size_t before = 0;
    bool may_begin = count > 0 && (simple[0] == PROVINCE || simple[0] == REGION_START ||
                                   simple[0] == STRAIGHT || simple[0] == CITY);
    if (!may_begin)
        return 0;
    look(search, position + LONGEST);
    if (simple[0] == PROVINCE)
        before = 1;
    else if (count > WHOLE_REGION && simple[0] == REGION_START)
        before = WHOLE_REGION;
    size_t length = before > 0 ? filler_length(simple + before, count - before) : 0;
    return length > 3 ? before + length : filler_length(simple, count);
}

static size_t skip(struct search *search, size_t position)
{
    for (look_past(search, position); position < search->count; look_past(search, position)) {
        uint32_t character = search->simple[position];
        size_t filler = fillers_length(search, position);
        if (filler > 0)
            position += filler;
        else if (is_separator(character) || (is_closing_bracket(character) && position > 0))
            position++;
        else
            break;
    }
    return position;
}

/* Where the next name may begin: 杭州市（西湖区）. */
static size_t skip_to_name(struct search *search, size_t position)
{
    position = skip(search, position);
    while (position < search->count && is_bracket(search->simple[position]))
        position = skip(search, position + 1);
    return position;
}

/* 东 南 西 北 中 前 后 上 下 一 to 十: what stands between a place and 路 in 北京西路. */
static bool is_road_infix(uint32_t character)
{
    static const uint32_t infixes[] = {0x4E1C, 0x5357, 0x897F, 0x5317, 0x4E2D, 0x524D, 0x540E,
                                       0x4E0A, 0x4E0B, 0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94,
                                       0x516D, 0x4E03, 0x516B, 0x4E5D, 0x5341};
    for (size_t i = 0; i < sizeof(infixes) / sizeof(infixes[0]); i++)
        if (character == infixes[i])
            return true;
    return false;
}

/* The word for a part of an address at `position`, or TRIE_NONE. A word that other names have in
 * them as well (环 in 中环) counts before a number only. */
static uint32_t run_word(struct search *search, size_t position)
{
    size_t length = 0;
    look_along(search, search->tables->run_words, position);
    uint32_t part = trie_longest(search->tables->run_words, search->simple + position,
                                 search->count - position, &length);
    if (part == TRIE_NONE || !place_word_is_weak(part))
        return part;
    size_t end = position + length;
    look(search, end + 1);
    if (end < search->count && is_road_infix(search->simple[end]))
        end++; /* 德辅道中 */
    bool counts = end >= search->count || !text_is_han(search->simple[end]);
    return counts ? place_word_part(part) : TRIE_NONE;
}

/* Whether a road, a town or an estate is called by the word that ends at `position`; in the name of
 * a company, a road. */
static bool is_part_of_name(struct search *search, size_t position)
{
    enum { INFIXES = 2 };
    look(search, position + INFIXES);
    for (size_t i = 0; i <= INFIXES && position < search->count; i++, position++) {
        uint32_t part = run_word(search, position);
        if (search->kind == PLACES_OF_NAME && part != TRIE_NONE)
            return part == ADDRESS_ROAD;
        if (part != TRIE_NONE)
            return part != ADDRESS_ZONE && part != ADDRESS_PLACE;
        if (!is_road_infix(search->simple[position]))
            return false;
    }
    return false;
}

/* Whether 场 follows 市 or 舰 follows 旗: a market, a flagship. */
static bool is_part_of_word(struct search *search, size_t end)
{
    enum { CITY = 0x5E02, MARKET = 0x573A, BANNER = 0x65D7, SHIP = 0x8230 };
    look_past(search, end);
    if (end >= search->count)
        return false;
    uint32_t last = search->simple[end - 1];
    uint32_t next = search->simple[end];
    return (last == CITY && next == MARKET) || (last == BANNER && next == SHIP);
}

/* Whether a road stands between here and the first digit. */
static bool road_follows(struct search *search, size_t position)
{
    for (look(search, position); position < search->count; look(search, ++position)) {
        uint32_t character = search->simple[position];
        if (character >= '0' && character <= '9')
            return false;
        if (run_word(search, position) == ADDRESS_ROAD)
            return true;
    }
    return false;
}

/* Whether a town or a development zone is named next: 昆山玉山镇, 成都高新区. */
static bool follows_soon(struct search *search, size_t position, uint32_t wanted)
{
    enum { LONGEST_TOWN = 6 };
    look(search, position);
    for (size_t i = 0; i < LONGEST_TOWN && position + i < search->count; i++) {
        look(search, position + i + 1);
        uint32_t part = run_word(search, position + i);
        if (part == wanted && (i > 1 || wanted == ADDRESS_ZONE))
            return true;
        if (part != TRIE_NONE)
            return false;
    }
    return false;
}

static bool is_county(const struct division *place)
{
    return slice_ends_with(place->name, SLICE("市")) || slice_ends_with(place->name, SLICE("县"));
}

/* Whether the short name of a district may be meant that ends at `end`. */
static bool district_may_be_short(struct search *search, const struct chain *chain,
                                  const struct division *place, size_t end)
{
    look(search, end);
    bool is_whole = chain->words == 0 && chain->end == 0 && end == search->count;
    if (chain->place == PLACE_NONE)
        return is_whole || (slice_ends_with(place->name, SLICE("市")) &&
                            follows_soon(search, end, ADDRESS_TOWN));
    /* In a city, or directly in a municipality; a county stands behind its province too. */
    bool in_city =
        search->tables->places[chain->place].level == PLACE_CITY || place->city == PLACE_NONE;
    return in_city || is_county(place) || end == search->count;
}

static bool may_be_short(struct search *search, const struct chain *chain,
                         const struct division *place, size_t end)
{
    switch (search->kind) {
    case PLACES_AGAIN:
        return false;
    case PLACES_OF_NAME:
        return place->level != PLACE_DISTRICT;
    case PLACES_OF_BRACKET:
        return true;
    default:
        return place->level != PLACE_DISTRICT || district_may_be_short(search, chain, place, end);
    }
}

/* A short name alone is a place when the text ends there, or parts there, or a road follows. */
static bool may_end_short(struct search *search, size_t end)
{
    look(search, end);
    return search->kind == PLACES_OF_NAME || end >= search->count ||
           is_separator(search->simple[end]) || road_follows(search, end) ||
           follows_soon(search, end, ADDRESS_ZONE) || follows_soon(search, end, ADDRESS_TOWN);
}

static void keep_best(struct search *search, const struct chain *chain)
{
    if (chain->points < search->best.points)
        return;
    if (chain->points > search->best.points) {
        search->best = *chain;
        search->ambiguous = false;
        search->either = chain->place;
    } else if (chain->place != search->best.place) {
        const struct place_tables *tables = search->tables;
        search->ambiguous = true;
        if (search->either != PLACE_NONE &&
            !slice_equal(tables->places[search->either].name, tables->places[chain->place].name))
            search->either = PLACE_NONE;
        search->best.place = place_common(tables, search->best.place, chain->place);
    }
}

static void follow(struct search *search, struct chain chain);

static bool may_follow(struct search *search, const struct chain *chain, size_t end,
                       const struct place_word *word)
{
    const struct division *place = &search->tables->places[word->place];
    if (!place_is_within(search->tables, word->place, chain->place))
        return false;
    /* 大溪镇 was a town of Taiwan, and there are towns of this name elsewhere. */
    if (word->form == PLACE_FORMER && chain->place == PLACE_NONE && place->name_trad.length > 0 &&
        place->level == PLACE_DISTRICT)
        return false;
    return word->form != PLACE_SHORT || may_be_short(search, chain, place, end);
}

/* Goes on with one meaning of the word that ends at `end`. */
static void follow_word(struct search *search, struct chain chain, size_t end,
                        const struct place_word *word)
{
    bool is_short = word->form == PLACE_SHORT;
    bool alone = chain.words == 0;
    bool again = !alone && chain.place == word->place;
    chain.points += form_points[word->form] * (int)(end - chain.end);
    chain.place = word->place;
    chain.end = end;
    if (word->form != PLACE_PARTED)
        chain.named = end;
    chain.words++;
    /* 北京西路 is no place, but 普洱镇沅县 begins with one; 北京北京路, but 北京北京海淀区. */
    chain.is_open = is_short && search->kind != PLACES_OF_BRACKET &&
                    (chain.is_open || (again && search->kind == PLACES_OF_ADDRESS) ||
                     is_part_of_name(search, end));
    bool may_end = !is_short || !alone || may_end_short(search, end);
    if (may_end && !chain.is_open)
        keep_best(search, &chain);
    bool is_last =
        word->form == PLACE_OFFICIAL && search->tables->places[word->place].level == PLACE_DISTRICT;
    if (chain.words < LONGEST_CHAIN && !is_last)
        follow(search, chain);
}

/* Every word that goes on from the chain's end, the longest first: where an official name leads on,
 * a short one that it begins with is not meant. (青岛市 does
 * not in 青岛市北区: the district is 市北区.)
 */
static void follow(struct search *search, struct chain chain)
{
    enum { WORDS_AT_ONE_PLACE = 16 };
    struct trie_word found[WORDS_AT_ONE_PLACE];
    chain.end = skip_to_name(search, chain.end);
    look_along(search, search->tables->names, chain.end);
    size_t count = trie_words(search->tables->names, search->simple + chain.end,
                              search->count - chain.end, found, WORDS_AT_ONE_PLACE);
    bool official = false;
    while (count-- > 0) {
        size_t end = chain.end + found[count].length;
        const struct place_word *words = search->tables->words;
        if (is_part_of_word(search, end))
            continue;
        bool longer_official = official;
        for (uint32_t i = found[count].value; i != PLACE_NONE; i = words[i].next) {
            if ((longer_official && words[i].form == PLACE_SHORT) ||
                !may_follow(search, &chain, end, &words[i]))
                continue;
            follow_word(search, chain, end, &words[i]);
            bool is_last = search->tables->places[words[i].place].level == PLACE_DISTRICT;
            official = official ||
                       (words[i].form == PLACE_OFFICIAL && (is_last || search->best.end > end));
        }
    }
}

static struct place_match find_match(struct search *search, uint32_t within)
{
    struct chain start = {.place = within};
    follow(search, start);
    struct place_match match = {
        .place = search->best.place, .ambiguous = search->ambiguous, .either = search->either};
    if (search->best.words == 0)
        match.place = PLACE_NONE;
    else
        match.length = skip(search, search->best.end);
    match.named = search->best.named == search->best.end ? match.length : search->best.named;
    return match;
}

struct place_match place_match(const struct place_tables *tables, const uint32_t *simple,
                               size_t count, uint32_t within, enum place_search kind)
{
    struct search search = {.tables = tables,
                            .simple = simple,
                            .count = count,
                            .kind = kind,
                            .best = {.place = PLACE_NONE},
                            .either = PLACE_NONE};
    return find_match(&search, within);
}

struct place_match place_match_tracked(const struct place_tables *tables, const uint32_t *simple,
                                       size_t count, uint32_t within, struct place_reach *reach)
{
    struct search search = {.tables = tables,
                            .simple = simple,
                            .count = count,
                            .kind = PLACES_OF_ADDRESS,
                            .best = {.place = PLACE_NONE},
                            .either = PLACE_NONE,
                            .is_tracked = true};
    struct place_match match = find_match(&search, within);
    *reach = search.reach;
    return match;
}

/* The division that an address in letters names.
 *
 *   … Jing'an District, Shanghai ──► 静安区 (one), 上海市 ──► 静安区
 *   Chaoyang District            ──► one of two, whose name alone is sure */
#include "standardize/address/spelled.h"

#include "cust360/base/text.h"

enum { MENTIONS_MAX = 8, STEM_WORDS_MAX = 4, STEM_BYTES_MAX = 64 };

/* Words that name a division: all places that they may mean. */
struct mention {
    uint32_t spelling;  /* first meaning; PLACE_NONE: `place` alone */
    uint32_t place;     /* of a hint */
    const char *ending; /* of the Chinese name, by the word for the kind; NULL: any */
};

/* What the words for a kind of division are in Chinese. */
struct kind {
    const char *word;
    const char *before; /* the word that must stand before it; NULL: none */
    const char *ending;
};

static const struct kind kinds[] = {
    {"area", "new", "新区"},      {"district", "new", "新区"},
    {"qu", "xin", "新区"},        {"region", "administrative", "特别行政区"},
    {"district", NULL, "区"},     {"dist", NULL, "区"},
    {"qu", NULL, "区"},           {"xinqu", NULL, "新区"},
    {"county", NULL, "县"},       {"xian", NULL, "县"},
    {"city", NULL, "市"},         {"shi", NULL, "市"},
    {"municipality", NULL, "市"}, {"province", NULL, "省"},
    {"prov", NULL, "省"},         {"sheng", NULL, "省"},
    {"prefecture", NULL, "州"},   {"zhou", NULL, "州"},
    {"region", NULL, "自治区"},   {"banner", NULL, "旗"},
    {"league", NULL, "盟"},       {"sar", NULL, "特别行政区"},
};

/* The words for the kind that end before `end`: their number, and what they mean. */
static size_t read_kind(const struct spelled_text *spelled, size_t first, size_t end,
                        const char **ending)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        const struct kind *kind = &kinds[i];
        size_t words = kind->before ? 2 : 1;
        if (end < first + words + 1 ||
            !slice_equal(spelled->words[end - 1].letters, slice_of(kind->word)) ||
            (kind->before && !slice_equal(spelled->words[end - 2].letters, slice_of(kind->before))))
            continue;
        *ending = kind->ending;
        return words;
    }
    *ending = NULL;
    return 0;
}

static bool fits(const struct place_tables *tables, uint32_t spelling, const char *ending)
{
    if (!ending)
        return !tables->spellings[spelling].needs_kind;
    struct slice name = tables->places[tables->spellings[spelling].place].name;
    if (slice_ends_with(name, slice_of(ending)))
        return true;
    /* 喀什地区 is a prefecture too, Guangdong SAR none. */
    return strcmp(ending, "州") == 0 && slice_ends_with(name, SLICE("地区"));
}

/* The first meaning of the words from `first` to before `end`, written as one. */
static uint32_t find_stem(const struct place_tables *tables, const struct spelled_text *spelled,
                          size_t first, size_t end, const char *ending)
{
    char letters[STEM_BYTES_MAX];
    size_t length = 0;
    for (size_t i = first; i < end; i++) {
        struct slice word = spelled->words[i].letters;
        if (spelled->words[i].is_number || spelled->words[i].is_used ||
            length + word.length > STEM_BYTES_MAX)
            return PLACE_NONE;
        memcpy(letters + length, word.data, word.length);
        length += word.length;
    }
    uint32_t spelling = map_find(tables->spelled, slice_make(letters, length));
    for (uint32_t i = spelling; i != PLACE_NONE; i = tables->spellings[i].next) {
        if (fits(tables, i, ending))
            return spelling;
    }
    return PLACE_NONE;
}

/* Words for peoples and the like between the name and its kind: Guangxi Zhuang Autonomous Region.
 */
static size_t filler_words(const struct spelled_text *spelled, size_t first, size_t end)
{
    static const char *const fillers[] = {"autonomous", "special", "administrative", NULL};
    size_t count = 0;
    while (end > first + count + 1 &&
           slice_is_one_of(spelled->words[end - 1 - count].letters, fillers))
        count++;
    return count;
}

/* The mention that ends before `end`; returns its number of words. */
static size_t read_mention(const struct place_tables *tables, const struct spelled_text *spelled,
                           size_t first, size_t end, struct mention *mention)
{
    enum { PEOPLES_WORDS_MAX = 3 };
    size_t kind_words = read_kind(spelled, first, end, &mention->ending);
    size_t behind = end - kind_words;
    size_t fillers = filler_words(spelled, first, behind);
    behind -= fillers;
    for (size_t people = 0; people <= (fillers > 0 ? PEOPLES_WORDS_MAX : 0); people++) {
        for (size_t words = STEM_WORDS_MAX; words > 0; words--) {
            if (behind < first + words + people)
                continue;
            size_t start = behind - people - words;
            mention->spelling = find_stem(tables, spelled, start, behind - people, mention->ending);
            if (mention->spelling != PLACE_NONE)
                return end - start;
        }
    }
    return 0;
}

static bool holds(const struct place_tables *tables, const struct mention *mention, uint32_t place)
{
    if (mention->spelling == PLACE_NONE)
        return place_is_within(tables, place, mention->place);
    for (uint32_t i = mention->spelling; i != PLACE_NONE; i = tables->spellings[i].next) {
        if (fits(tables, i, mention->ending) &&
            place_is_within(tables, place, tables->spellings[i].place))
            return true;
    }
    return false;
}

static size_t count_holding(const struct place_tables *tables, const struct mention *mentions,
                            size_t count, uint32_t place)
{
    size_t holding = 0;
    for (size_t i = 0; i < count; i++)
        holding += holds(tables, &mentions[i], place);
    return holding;
}

/* One more place that as many mentions hold: of two in one another the wider is sure. */
static void join_place(const struct place_tables *tables, struct place_match *best, uint32_t place)
{
    const struct division *places = tables->places;
    bool same_name =
        best->either != PLACE_NONE && slice_equal(places[best->either].name, places[place].name);
    if (best->place != PLACE_NONE && place_is_within(tables, place, best->place))
        return;
    if (!best->ambiguous && place_is_within(tables, best->place, place)) {
        best->place = place;
        return;
    }
    best->either = same_name ? best->either : PLACE_NONE;
    best->ambiguous = true;
    if (best->place != PLACE_NONE)
        best->place = place_common(tables, best->place, place);
}

static void consider(const struct place_tables *tables, const struct mention *mentions,
                     size_t count, size_t index, struct place_match *best)
{
    const struct mention *mention = &mentions[index];
    for (uint32_t i = mention->spelling; i != PLACE_NONE; i = tables->spellings[i].next) {
        uint32_t place = tables->spellings[i].place;
        size_t holding = count_holding(tables, mentions, count, place);
        /* Of counties too many are called as something else: the name alone tells nothing. */
        bool alone =
            holding < 2 && !mention->ending && tables->places[place].level == PLACE_DISTRICT;
        if (!fits(tables, i, mention->ending) || alone || holding < best->length)
            continue;
        /* Hainan is the province, and not the prefecture of that name. */
        bool less_known = holding == best->length && best->place != PLACE_NONE &&
                          !mention->ending && tables->places[best->place].level == PLACE_PROVINCE;
        if (less_known)
            continue;
        if (holding > best->length)
            *best = (struct place_match){.place = place, .length = holding, .either = place};
        else if (best->place != place)
            join_place(tables, best, place);
    }
}

static void use_words(struct spelled_text *spelled, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++)
        spelled->words[i].is_used = true;
}

/* China, P.R. China, PRC, People's Republic of China at the end of it. */
static size_t country_start(const struct spelled_text *spelled, size_t first, size_t end)
{
    static const char *const countries[] = {"china", "prc", "cn", "prchina", NULL};
    static const char *const before[] = {"p", "r", "pr", "peoples", "republic", "of", "the", NULL};
    if (end == first || !slice_is_one_of(spelled->words[end - 1].letters, countries))
        return end;
    size_t start = end - 1;
    while (start > first && slice_is_one_of(spelled->words[start - 1].letters, before))
        start--;
    return start;
}

/* The last words of a piece between commas, as far as they are country, postcode and divisions. */
static size_t read_end(const struct place_tables *tables, struct spelled_text *spelled,
                       size_t first, size_t end, struct mention *mentions)
{
    size_t count = 0;
    while (end > first && count < MENTIONS_MAX) {
        size_t words = read_mention(tables, spelled, first, end, &mentions[count]);
        if (words == 0)
            return count;
        end -= words;
        use_words(spelled, end, end + words);
        count++;
    }
    return count;
}

/* Shanghai Pudong Century Avenue 88: divisions in front, but not the name of a road. */
static size_t read_front(const struct place_tables *tables, struct spelled_text *spelled,
                         size_t first, size_t end, struct mention *mentions)
{
    size_t count = 0;
    while (first < end && count < MENTIONS_MAX) {
        size_t last = end < first + STEM_WORDS_MAX + 2 ? end : first + STEM_WORDS_MAX + 2;
        while (last > first &&
               read_mention(tables, spelled, first, last, &mentions[count]) != last - first)
            last--;
        bool is_road = last < end && !mentions[count].ending &&
                       (spelled_direction(spelled->words[last].letters) != 0 ||
                        spelled_road_word(spelled->words[last].letters));
        if (last == first || last == end || is_road)
            return count;
        use_words(spelled, first, last);
        first = last;
        count++;
    }
    return count;
}

static bool is_postcode(const struct spelled_word *word)
{
    enum { POSTCODE_DIGITS = 6 };
    int64_t number = 0;
    return word->letters.length == POSTCODE_DIGITS && text_to_integer(word->letters, &number);
}

/* Six digits, and the country's name, wherever they stand. */
static void pass_country_and_postcode(struct spelled_text *spelled, struct slice *postcode)
{
    for (size_t i = 0; i < spelled->count; i++) {
        if (is_postcode(&spelled->words[i])) {
            *postcode = spelled->words[i].letters;
            spelled->words[i].is_used = true;
        }
        size_t start = country_start(spelled, 0, i + 1);
        if (start <= i)
            use_words(spelled, start, i + 1);
    }
}

/* Taipei City 110: the postcode of a district in Taiwan, three or five digits behind its name. */
static size_t pass_short_postcode(const struct place_tables *tables, struct spelled_text *spelled,
                                  size_t first, size_t end, struct slice *postcode)
{
    struct mention ignored;
    struct slice last = spelled->words[end - 1].letters;
    int64_t number = 0;
    if (end < first + 2 || (last.length != 3 && last.length != 5) ||
        !text_to_integer(last, &number) ||
        read_mention(tables, spelled, first, end - 1, &ignored) == 0)
        return end;
    *postcode = last;
    spelled->words[end - 1].is_used = true;
    return end - 1;
}

/* Where the piece that begins at `first` ends: before a comma, or before what is known. */
static size_t piece_end(const struct spelled_text *spelled, size_t first)
{
    size_t end = first + 1;
    while (end < spelled->count && !spelled->words[end].begins && !spelled->words[end].is_used)
        end++;
    return end;
}

struct place_match spelled_find_place(const struct place_tables *tables,
                                      struct spelled_text *spelled, uint32_t hint,
                                      struct slice *postcode)
{
    struct mention mentions[2 * MENTIONS_MAX + 1];
    size_t count = 0;
    struct place_match best = {.place = PLACE_NONE, .either = PLACE_NONE};
    pass_country_and_postcode(spelled, postcode);
    for (size_t pass = 0; pass < 2 && count == 0; pass++) {
        for (size_t i = 0; i < spelled->count && count < MENTIONS_MAX;) {
            size_t end = spelled->words[i].is_used ? i + 1 : piece_end(spelled, i);
            size_t last = end;
            if (pass == 0)
                last = pass_short_postcode(tables, spelled, i, end, postcode);
            if (!spelled->words[i].is_used)
                count += pass == 0 ? read_end(tables, spelled, i, last, mentions + count)
                                   : read_front(tables, spelled, i, end, mentions + count);
            i = end;
        }
    }
    if (hint != PLACE_NONE)
        mentions[count++] = (struct mention){.spelling = PLACE_NONE, .place = hint};
    for (size_t i = 0; i < count; i++)
        consider(tables, mentions, count, i, &best);
    if (best.length == 0 && hint != PLACE_NONE)
        best.place = hint;
    best.length = 0;
    return best;
}

/* reference_places.h: what the reference tables know of places: divisions, and the words that end
 * the parts of an address.
 *
 * Tables: divisions_current.csv, divisions_history.csv, divisions_successors.csv,
 * divisions_hkmotw.csv, division_names.csv, division_spellings.csv, province_aliases.csv,
 * address_terms.csv. */
#ifndef CUST360_STANDARDIZE_REFERENCE_PLACES_H
#define CUST360_STANDARDIZE_REFERENCE_PLACES_H

#include "standardize/reference/reference.h"
#include "standardize/text/trie.h"

#define PLACE_NONE UINT32_MAX

enum place_level { PLACE_PROVINCE = 1, PLACE_CITY = 2, PLACE_DISTRICT = 3 };

struct division {
    struct slice name;      /* official, simplified */
    struct slice name_trad; /* of Hong Kong, Macao and Taiwan: in traditional characters */
    struct slice code;      /* GB/T 2260; of Hong Kong, Macao and Taiwan that of the whole */
    enum place_level level;
    uint32_t province; /* index of the province it is in; of a province: itself */
    uint32_t city;     /* of the city; of a city: itself; PLACE_NONE: directly under the province */
};

/* How a word names a place. */
enum place_form {
    PLACE_OFFICIAL, /* 西湖区 */
    PLACE_FORMER,   /* 宣武区, now 西城区 */
    PLACE_PARTED, /* 江干区, now parts of several districts: the place is what holds them all */
    PLACE_SHORT   /* 西湖; also the beginning of roads and estates */
};

struct place_word {
    uint32_t place;
    enum place_form form;
    uint32_t next; /* another meaning of the word; PLACE_NONE: no more */
};

/* What a word of an address ends. */
enum address_part {
    ADDRESS_ROAD,     /* 路 街 大道 胡同 */
    ADDRESS_TOWN,     /* 镇 乡 街道 */
    ADDRESS_ZONE,     /* 开发区 工业园: no division, but towns and roads are in it */
    ADDRESS_VILLAGE,  /* 村 社区 */
    ADDRESS_PLACE,    /* a whole name, of a part of a town: 旺角 */
    ADDRESS_ESTATE,   /* 小区 花园 大厦 */
    ADDRESS_NUMBER,   /* 号 */
    ADDRESS_LANE,     /* behind a number: 弄 巷 */
    ADDRESS_LINK,     /* between two numbers: 之 附 */
    ADDRESS_BUILDING, /* 栋 幢 座 号楼 */
    ADDRESS_UNIT,     /* 单元 门 梯 */
    ADDRESS_FLOOR,    /* 楼 层 */
    ADDRESS_ROOM,     /* 室 房 户 */
    ADDRESS_GROUP,    /* 组 队: of a village */
    ADDRESS_PHASE,    /* 期 区: of an estate */
    ADDRESS_SECTION,  /* of a road: 段 */
    ADDRESS_NOTE,     /* 附近 对面: no part of the address */
    ADDRESS_PARTS
};

/* Words that stand in other names too (环, 道, 旁) end a part only where nothing follows them. */
enum { ADDRESS_WEAK = 0x100 };

static inline bool place_word_is_weak(uint32_t word)
{
    return (word & ADDRESS_WEAK) != 0;
}

static inline enum address_part place_word_part(uint32_t word)
{
    return (enum address_part)(word & ~(uint32_t)ADDRESS_WEAK);
}

/* What a character is in a number that is written in ideographs: its value, up to LAST, or one of
 * the others. */
enum address_numeral {
    ADDRESS_NUMERAL_LAST = 100,
    ADDRESS_NUMERAL_LETTER,    /* 甲 乙: as letters */
    ADDRESS_NUMERAL_DIRECTION, /* 东 西: of a unit */
    ADDRESS_NUMERAL_OTHER      /* 负 地: a number may follow */
};

/* A place that letters name: pudong, jingan, innermongolia. */
struct place_spelling {
    uint32_t place;
    uint32_t next;   /* another meaning of the letters; PLACE_NONE: no more */
    bool needs_kind; /* only with the word for its kind behind it: Shan County */
};

struct place_tables {
    struct division *places;
    uint32_t place_count;
    struct place_word *words;
    size_t words_capacity;
    uint32_t word_count;
    struct map *spelled; /* letters of a name: index into spellings */
    struct place_spelling *spellings;
    size_t spellings_capacity;
    uint32_t spelling_count;
    struct trie *names;     /* value: index into words */
    struct trie *run_words; /* within ideographs: value: enum address_part, perhaps weak */
    struct trie *markers;   /* behind a number: value: enum address_part */
    struct trie *numerals;  /* value: see enum address_numeral */
    struct trie *labels;    /* 收货地址, 中国: in front of an address */
    struct trie *initials;  /* 沪 粤: value: the province */
    struct trie *ethnic;    /* reversed: 土家族 */
};

/* The loader of reference->places. */
bool places_load(struct reference *reference, struct error *error);

/* Whether a place is another or lies in it. */
bool place_is_within(const struct place_tables *tables, uint32_t place, uint32_t outer);

/* The narrowest place that both lie in, or PLACE_NONE. */
uint32_t place_common(const struct place_tables *tables, uint32_t a, uint32_t b);

/* What the beginning of a text names. */
struct place_match {
    uint32_t place;  /* the narrowest place that is certain; PLACE_NONE: none */
    size_t length;   /* characters that name it, with fillers and spaces */
    size_t named;    /* the first of them, which the names of today say as well */
    bool ambiguous;  /* there are several such, `place` is what they have in common */
    uint32_t either; /* one of them: all have its name; PLACE_NONE: names differ */
};

enum place_search {
    PLACES_OF_ADDRESS, /* short names only where no road or estate is meant */
    PLACES_AGAIN,      /* full names only, where a place is named already */
    PLACES_OF_NAME,    /* of a company: provinces and cities, short too */
    PLACES_OF_BRACKET  /* nothing but a place is expected: all short names */
};

/* The longest chain of province, city, district at the beginning of `simple`. `within`: a place
 * known to hold it (PLACE_NONE: unknown). */
struct place_match place_match(const struct place_tables *tables, const uint32_t *simple,
                               size_t count, uint32_t within, enum place_search kind);

#endif

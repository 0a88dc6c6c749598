#include "extract/xml_signs.h"
#include "extract/xml_path.h"

#include <ctype.h>

/* From U+00A0 to U+00FF. */
static const char *const LATIN[] = {
    "nbsp",   "iexcl",  "cent",   "pound",  "curren", "yen",    "brvbar", "sect",   "uml",
    "copy",   "ordf",   "laquo",  "not",    "shy",    "reg",    "macr",   "deg",    "plusmn",
    "sup2",   "sup3",   "acute",  "micro",  "para",   "middot", "cedil",  "sup1",   "ordm",
    "raquo",  "frac14", "frac12", "frac34", "iquest", "Agrave", "Aacute", "Acirc",  "Atilde",
    "Auml",   "Aring",  "AElig",  "Ccedil", "Egrave", "Eacute", "Ecirc",  "Euml",   "Igrave",
    "Iacute", "Icirc",  "Iuml",   "ETH",    "Ntilde", "Ograve", "Oacute", "Ocirc",  "Otilde",
    "Ouml",   "times",  "Oslash", "Ugrave", "Uacute", "Ucirc",  "Uuml",   "Yacute", "THORN",
    "szlig",  "agrave", "aacute", "acirc",  "atilde", "auml",   "aring",  "aelig",  "ccedil",
    "egrave", "eacute", "ecirc",  "euml",   "igrave", "iacute", "icirc",  "iuml",   "eth",
    "ntilde", "ograve", "oacute", "ocirc",  "otilde", "ouml",   "divide", "oslash", "ugrave",
    "uacute", "ucirc",  "uuml",   "yacute", "thorn",  "yuml",
};

uint32_t html_entity_find(struct slice name)
{
    enum { LATIN_FIRST = 0xA0 };
    static const struct {
        const char *name;
        uint32_t character;
    } others[] = {
        {"ndash", 0x2013},  {"mdash", 0x2014},  {"lsquo", 0x2018}, {"rsquo", 0x2019},
        {"sbquo", 0x201A},  {"ldquo", 0x201C},  {"rdquo", 0x201D}, {"bdquo", 0x201E},
        {"bull", 0x2022},   {"hellip", 0x2026}, {"euro", 0x20AC},  {"trade", 0x2122},
        {"lsaquo", 0x2039}, {"rsaquo", 0x203A}, {"ensp", 0x2002},  {"emsp", 0x2003},
        {"thinsp", 0x2009}, {"zwnj", 0x200C},   {"zwj", 0x200D},
    };
    for (size_t i = 0; i < sizeof(LATIN) / sizeof(LATIN[0]); i++)
        if (slice_equal(name, slice_of(LATIN[i])))
            return (uint32_t)(LATIN_FIRST + i);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (slice_equal(name, slice_of(others[i].name)))
            return others[i].character;
    return 0;
}

bool xml_entity_is_known(struct slice name)
{
    static const char *const known[] = {"amp", "lt", "gt", "quot", "apos"};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (slice_equal(name, slice_of(known[i])))
            return true;
    if (name.length < 2 || name.data[0] != '#')
        return false;
    bool hexadecimal = name.data[1] == 'x';
    for (size_t i = hexadecimal ? 2 : 1; i < name.length; i++)
        if (!(hexadecimal ? isxdigit((unsigned char)name.data[i])
                          : isdigit((unsigned char)name.data[i])))
            return false;
    return name.length > 2 || !hexadecimal;
}

bool xml_markup_begins(struct slice name, struct slice rest)
{
    if (rest.data[0] != '<' || rest.length < 2)
        return false;
    size_t end = 1;
    while (end < rest.length && !xml_is_blank(rest.data[end]) && rest.data[end] != '>' &&
           rest.data[end] != '/')
        end++;
    return rest.data[1] == '?' || rest.data[1] == '!' || end == rest.length ||
           slice_equal(xml_local_name(slice_cut(rest, 1, end)), name);
}

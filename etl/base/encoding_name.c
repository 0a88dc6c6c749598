#include "cust360/base/encoding_name.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

enum { KEY_BYTES = 32 };

/* By their letters and digits alone. */
static const struct {
    const char *key;
    const char *name;
} NAMES[] = {
    {"utf8", "utf-8"},
    {"utf8sig", "utf-8"},
    {"utf8bom", "utf-8"},
    {"utf8mb4", "utf-8"},
    {"65001", "utf-8"},
    {"cp65001", "utf-8"},
    {"utf16", "utf-16"},
    {"utf16le", "utf-16le"},
    {"ucs2le", "utf-16le"},
    {"utf16be", "utf-16be"},
    {"ucs2be", "utf-16be"},
    {"ascii", "us-ascii"},
    {"usascii", "us-ascii"},
    {"gb18030", "gb18030"},
    {"gbk", "gbk"},
    {"936", "gbk"},
    {"cp936", "gbk"},
    {"ms936", "gbk"},
    {"win936", "gbk"},
    {"windows936", "gbk"},
    {"gb2312", "gb2312"},
    {"euccn", "gb2312"},
    {"big5", "big5"},
    {"950", "cp950"},
    {"cp950", "cp950"},
    {"ms950", "cp950"},
    {"win950", "cp950"},
    {"windows950", "cp950"},
    {"big5hkscs", "big5-hkscs"},
    {"hkscs", "big5-hkscs"},
    {"latin1", "iso-8859-1"},
    {"l1", "iso-8859-1"},
    {"iso88591", "iso-8859-1"},
    {"88591", "iso-8859-1"},
    {"latin2", "iso-8859-2"},
    {"iso88592", "iso-8859-2"},
    {"latin9", "iso-8859-15"},
    {"iso885915", "iso-8859-15"},
    {"1250", "windows-1250"},
    {"cp1250", "windows-1250"},
    {"win1250", "windows-1250"},
    {"windows1250", "windows-1250"},
    {"1252", "windows-1252"},
    {"cp1252", "windows-1252"},
    {"win1252", "windows-1252"},
    {"windows1252", "windows-1252"},
};

static void make_key(const char *name, char *key)
{
    size_t length = 0;
    for (; *name && length + 1 < KEY_BYTES; name++)
        if (isalnum((unsigned char)*name))
            key[length++] = (char)tolower((unsigned char)*name);
    key[length] = '\0';
}

const char *encoding_usual_name(const char *name)
{
    char key[KEY_BYTES];
    if (strchr(name, '/')) /* iconv's: //IGNORE */
        return name;
    make_key(name, key);
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(*NAMES); i++)
        if (strcmp(NAMES[i].key, key) == 0)
            return NAMES[i].name;
    return name;
}

bool encoding_names_agree(const char *name, const char *other)
{
    char keys[2][KEY_BYTES];
    make_key(encoding_usual_name(name), keys[0]);
    make_key(encoding_usual_name(other), keys[1]);
    return strcmp(keys[0], keys[1]) == 0;
}

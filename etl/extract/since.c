#include "extract/since.h"
#include "cust360/base/date.h"

#define SINCE_PLACE "{since}"

/* Before all dates. */
#define SINCE_EVER "0001-01-01"

enum { WATERMARK_BYTES_MAX = 64, DATE_LENGTH = DATE_TEXT_BYTES - 1 };

bool since_is_watermark(struct slice value)
{
    int32_t day = 0;
    if (value.length < DATE_LENGTH || value.length > WATERMARK_BYTES_MAX ||
        !date_parse(slice_cut(value, 0, DATE_LENGTH), &day))
        return false;
    for (size_t i = 0; i < value.length; i++)
        if (!memchr("0123456789-:. TZ+", value.data[i], sizeof("0123456789-:. TZ+") - 1))
            return false;
    return true;
}

bool since_is_higher(struct slice value, const char *than)
{
    return !than || slice_compare(value, slice_of(than)) > 0;
}

const char *since_look_back(struct arena *arena, const char *watermark, int64_t days)
{
    struct slice text = slice_of(watermark);
    int32_t day = 0;
    char date[DATE_TEXT_BYTES];
    if (text.length < DATE_LENGTH || !date_parse(slice_cut(text, 0, DATE_LENGTH), &day))
        return watermark;
    date_format(day - (int32_t)days, date);
    return arena_format(arena, "%s%s", date, watermark + DATE_LENGTH);
}

const char *since_query(struct arena *arena, const struct mapping_table *table,
                        const char *watermark)
{
    ptrdiff_t at = table->query ? slice_find(slice_of(table->query), SLICE(SINCE_PLACE)) : -1;
    if (at < 0)
        return table->query;
    const char *since = SINCE_EVER;
    if (watermark && since_is_watermark(slice_of(watermark)))
        since = since_look_back(arena, watermark, table->look_back_days);
    return arena_format(arena, "%.*s'%s'%s", (int)at, table->query, since,
                        table->query + at + strlen(SINCE_PLACE));
}

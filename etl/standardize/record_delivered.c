#include "cust360/base/json.h"
#include "cust360/config.h"
#include "standardize/record_make.h"

#include <string.h>

/* Before each text; the bytes follow, without a gap. Packed, since most rows are as they were and
 * nobody looks at it: JSON is written for those alone that are stored. */
struct delivered_head {
    uint32_t field;
    uint32_t length;
};

void delivered_add(struct buffer *packed, size_t field, struct slice text)
{
    struct delivered_head head = {(uint32_t)field, (uint32_t)text.length};
    char *end = buffer_reserve(packed, sizeof(head) + text.length);
    memcpy(end, &head, sizeof(head));
    if (text.length > 0)
        memcpy(end + sizeof(head), text.data, text.length);
    packed->length += sizeof(head) + text.length;
}

void record_delivered_json(const struct record *record, const struct model_entity *entity,
                           struct buffer *json)
{
    struct slice packed = record->delivered;
    struct json_writer writer = JSON_WRITER_COMPACT(json);
    json_object_begin(&writer, NULL);
    for (size_t at = 0; at < packed.length;) {
        struct delivered_head head;
        memcpy(&head, packed.data + at, sizeof(head));
        at += sizeof(head);
        json_text(&writer, entity->fields[head.field].name,
                  slice_make(packed.data + at, head.length));
        at += head.length;
    }
    json_object_end(&writer);
}

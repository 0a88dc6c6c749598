/* record_make.h: one record out of a row.
 *
 *   key ──► per field: text ──► codes ──► chain of its kind ──► value
 *                                              └──► findings, refused
 *   ──► derived fields from parts ──► required? ──► hash
 *
 * All that a row yields is in the caller's arena; what is used again for the next row is the
 * standardizer's. */
#ifndef CUST360_STANDARDIZE_RECORD_MAKE_H
#define CUST360_STANDARDIZE_RECORD_MAKE_H

#include "cust360/base/json.h"
#include "standardize/plan.h"

struct standardizer {
    struct arena *arena; /* owns itself and the plan */
    struct plan plan;
    struct rule_context context;
    struct rule_result result; /* of the field at hand */
    struct finding *findings;  /* of the row at hand */
    size_t finding_count;
    size_t finding_capacity;
    struct buffer joined;    /* several columns as one text; a key */
    struct buffer refused;   /* JSON of the record at hand */
    struct buffer delivered; /* of the record at hand, packed */
    struct slice *derived;   /* of the record at hand, see struct making */
    bool values_only;        /* see standardizer_limit */
};

/* A record in the making. */
struct making {
    struct standardizer *standardizer;
    const struct row *row;
    const struct entity_plan *entity;
    struct arena *arena;
    struct slice key;
    struct slice *values;
    unsigned char *marks;       /* enum field_mark, one a field */
    struct slice *derived;      /* by field: the part that it takes when nothing else gives it */
    struct json_writer refused; /* begun with the first field that is refused */
    bool has_refused;
    bool keeps_delivered; /* what came is kept beside a value that is another */
    bool rejected;
};

/* The text of a column of the row, trimmed. */
static inline struct slice column_text(const struct making *making, size_t column)
{
    return rule_trim(making->row->values[column]);
}

/* Adds a finding to those of the row. */
void add_row_finding(struct standardizer *standardizer, struct finding finding);

/* A text that has a finding: as it came, as others may see it, and as it should probably be. */
struct found_text {
    struct slice given;
    struct slice masked;
    struct slice proposal;
};

/* A finding about the record at hand, or one of its fields; `text` is NULL when it is about no
 * text. */
void add_record_finding(struct making *making, size_t field, const struct rule_finding *found,
                        const struct found_text *text);

/* Copies a field's text for its findings. */
struct found_text found_text_of(struct making *making, size_t field, struct slice text);

/* ---- record_delivered.c ---- */

/* Adds a field's text as it came to those of the record at hand. */
void delivered_add(struct buffer *packed, size_t field, struct slice text);

/* ---- record_quality.c ---- */

/* Marks a field that went through its chain: `from` is the text that the chain began with. */
void mark_field(struct making *making, size_t field, struct slice from);

/* Findings where a derived field and the field that it should agree with differ. */
void find_contradictions(struct making *making);

/* Makes the record; `making` holds the standardizer, the row, the entity and the arena. False: a
 * pattern hit its limit. Afterwards making->rejected says whether the record is to be dropped. */
bool record_make(struct making *making, struct error *error);

/* Fills *record with what was made. */
void record_finish(struct making *making, struct record *record);

#endif

/* plate.h: a licence plate by its characters. */
#ifndef CUST360_STANDARDIZE_PLATE_H
#define CUST360_STANDARDIZE_PLATE_H

#include "cust360/base/slice.h"
#include <stdint.h>

enum { PLATE_SIGNS_MAX = 12, PLATE_BYTES_MAX = PLATE_SIGNS_MAX * 4 };

struct plate {
    uint32_t signs[PLATE_SIGNS_MAX];
    size_t count;
    char text[PLATE_BYTES_MAX];
    size_t starts[PLATE_SIGNS_MAX + 1]; /* of each character within `text` */
    bool repaired;                      /* O or I in the serial */
    bool overlong;                      /* more characters than any plate has */
    bool retired;                       /* of a form that is issued no more */
    uint32_t parted;                    /* bit n: a separator stood behind n characters */
};

/* The characters of what somebody typed, without separators, in capitals and simplified. `text` is
 * made by plate_write, to be called again when characters have changed. */
void plate_read(struct slice value, struct plate *plate);
void plate_write(struct plate *plate);

/* Characters `from` up to `to`, within the plate's text. */
struct slice plate_part(const struct plate *plate, size_t from, size_t to);

/* A to Z; these and 0 to 9. */
bool plate_is_letter(uint32_t sign);
bool plate_is_alphanumeric(uint32_t sign);

/* Whether the characters `from` up to `to` are all of one kind; of none it is true. */
bool plate_all(const struct plate *plate, size_t from, size_t to, bool (*is)(uint32_t sign));
bool plate_all_digits(const struct plate *plate, size_t from, size_t to);
size_t plate_count_letters(const struct plate *plate, size_t from, size_t to);

/* Whether they are a serial: letters and digits; O and I, which serials do not have, become 0 and
 * 1, which is marked as a repair. */
bool plate_read_serial(struct plate *plate, size_t from, size_t to);

#endif

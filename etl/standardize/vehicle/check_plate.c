/* Licence plates: GA 36-2018 for the mainland; Taiwan, Hong Kong and Macao by their forms.
 * Canonical without separators: 京A12345, 京AD12345, 粤ZA123港, ABC1234. */
#include "cust360/base/text.h"
#include "standardize/checks.h"
#include "standardize/reference/reference_numbers.h"
#include "standardize/vehicle/plate.h"

enum { ORDINARY_SIGNS = 7, NEW_ENERGY_SIGNS = 8, SERIAL_LETTERS_MOST = 2 };

/* The letter is the serial's first sign, of large vehicles its last. */
static const char *new_energy_type(struct plate *plate, const struct number_tables *tables)
{
    enum { LAST = NEW_ENERGY_SIGNS - 1 };
    if (plate->count != NEW_ENERGY_SIGNS)
        return NULL;
    /* O and I become digits, but not before it is known that the plate is one of these. */
    struct plate read = *plate;
    bool small = number_is_energy_letter(tables, PLATE_SMALL, read.signs[2]) &&
                 plate_read_serial(&read, 3, NEW_ENERGY_SIGNS) &&
                 plate_all_digits(&read, 4, NEW_ENERGY_SIGNS);
    if (small)
        *plate = read;
    else if (!plate_all_digits(plate, 2, LAST) ||
             !number_is_energy_letter(tables, PLATE_LARGE, plate->signs[LAST]))
        return NULL;
    return small ? "new_energy" : "new_energy_large";
}

/* 挂 学 警 behind four characters, 港 澳 behind 粤Z and four. */
static const char *marked_type(struct plate *plate)
{
    static const struct {
        uint32_t sign;
        const char *type;
    } marks[] = {{U'挂', "trailer"}, {U'学', "training"}, {U'警', "police"}, {U'港', "hong_kong"},
                 {U'澳', "macao"},   {U'超', "oversize"}, {U'试', "test"}};
    if (plate->count != ORDINARY_SIGNS || !plate_read_serial(plate, 2, 6))
        return NULL;
    bool cross_border = plate->signs[0] == U'粤' && plate->signs[1] == 'Z';
    bool border_mark = plate->signs[6] == U'港' || plate->signs[6] == U'澳';
    if (border_mark && !cross_border)
        return NULL;
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        if (plate->signs[6] == marks[i].sign)
            return marks[i].type;
    }
    return NULL;
}

static const char *ordinary_type(struct plate *plate)
{
    if (plate->count != ORDINARY_SIGNS || !plate_read_serial(plate, 2, ORDINARY_SIGNS))
        return NULL;
    return plate_count_letters(plate, 2, ORDINARY_SIGNS) <= SERIAL_LETTERS_MOST ? "ordinary" : NULL;
}

/* Consulates: province, four to six characters of which at most the first is a letter, 领. */
static const char *consulate_type(const struct plate *plate)
{
    enum { LEAST = 6, MOST = 8 };
    if (plate->count < LEAST || plate->count > MOST || plate->signs[plate->count - 1] != U'领')
        return NULL;
    bool first = text_is_digit(plate->signs[1]) || plate_is_letter(plate->signs[1]);
    return first && plate_all_digits(plate, 2, plate->count - 1) ? "consulate" : NULL;
}

/* 应急: 京X1234应急. */
static const char *emergency_type(const struct plate *plate)
{
    enum { SIGNS = 8 };
    bool shaped = plate->count == SIGNS && (plate->signs[1] == 'X' || plate->signs[1] == 'S') &&
                  plate_all_digits(plate, 2, 6) && plate->signs[6] == U'应' &&
                  plate->signs[7] == U'急';
    return shaped ? "emergency" : NULL;
}

/* Embassies: 使 and six digits, or the digits first. */
static const char *embassy_type(const struct plate *plate)
{
    enum { SIGNS = 7 };
    if (plate->count != SIGNS)
        return NULL;
    bool before = plate->signs[0] == U'使' && plate_all_digits(plate, 1, SIGNS);
    bool behind = plate->signs[SIGNS - 1] == U'使' && plate_all_digits(plate, 0, SIGNS - 1);
    return before || behind ? "embassy" : NULL;
}

static bool is_armed_police(const struct plate *plate)
{
    return plate->count > 3 && plate->signs[0] == 'W' && plate->signs[1] == 'J';
}

/* The commands: by name from 2004 to 2013, from 1997 to 2004 by a sign of the calendar (甲A12345).
 */
static bool is_former_command(uint32_t sign)
{
    static const uint32_t commands[] = {U'军', U'海', U'空', U'北', U'沈', U'兰', U'济', U'南',
                                        U'广', U'成', U'甲', U'乙', U'丙', U'己', U'庚', U'辛',
                                        U'壬', U'寅', U'辰', U'戌', U'戍', U'午', U'未', U'申'};
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        if (sign == commands[i])
            return true;
    return false;
}

/* Until 2013: a character for the command and a letter (军A12345), WJ and two digits for the
 * province (WJ01-12345). */
static const char *former_forces_type(const struct plate *plate)
{
    enum { ARMY_SIGNS = 7, POLICE_SIGNS = 9 };
    if (is_armed_police(plate))
        return plate->count == POLICE_SIGNS && plate_all_digits(plate, 2, POLICE_SIGNS - 1) &&
                       plate_all(plate, POLICE_SIGNS - 1, POLICE_SIGNS, plate_is_alphanumeric)
                   ? "armed_police"
                   : NULL;
    bool shaped = plate->count == ARMY_SIGNS && plate_is_letter(plate->signs[1]) &&
                  plate_all_digits(plate, 2, ARMY_SIGNS);
    return shaped && is_former_command(plate->signs[0]) ? "army" : NULL;
}

/* Forces: two letters and five digits; WJ, a province or none, five digits of which the last may be
 * a letter. */
static const char *forces_type(struct plate *plate, const struct number_tables *tables)
{
    enum { ARMY_SIGNS = 7, POLICE_SIGNS = 8 };
    bool armed_police = is_armed_police(plate);
    const char *former = former_forces_type(plate);
    plate->retired = former != NULL;
    if (former)
        return former;
    if (armed_police && plate->count == POLICE_SIGNS &&
        number_is_plate_province(tables, plate_part(plate, 2, 3)) && plate_all_digits(plate, 3, 7))
        return "armed_police";
    if (plate->count != ARMY_SIGNS || !plate_all(plate, 0, 2, plate_is_letter) ||
        !plate_all_digits(plate, 2, ARMY_SIGNS))
        return NULL;
    return armed_police ? "armed_police" : "army";
}

/* 临 before or behind: on paper, for days. The sign goes behind: 京A1234临. */
static bool is_temporary(struct plate *plate, const struct number_tables *tables)
{
    enum { FEWEST = 4, MOST = 6, HEAD = 2 };
    const uint32_t mark = U'临';
    if (plate->count > 0 && plate->signs[0] == mark) {
        memmove(plate->signs, plate->signs + 1, (plate->count - 1) * sizeof(plate->signs[0]));
        plate->signs[plate->count - 1] = mark;
        plate_write(plate);
    }
    size_t end = plate->count > 0 ? plate->count - 1 : 0;
    return plate->signs[end] == mark && end >= HEAD + FEWEST && end <= HEAD + MOST &&
           number_is_plate_province(tables, plate_part(plate, 0, 1)) &&
           plate_is_letter(plate->signs[1]) && plate_read_serial(plate, HEAD, end);
}

static bool is_hinted(const char *format, const char *region)
{
    return format && strcasecmp(format, region) == 0;
}

/* Taiwan's serials and Hong Kong's have no I and no O (Hong Kong's no Q either). */
static bool has_forbidden(const struct plate *plate, const char *forbidden)
{
    for (size_t i = 0; i < plate->count; i++) {
        if (plate_is_letter(plate->signs[i]) && strchr(forbidden, (int)plate->signs[i]))
            return true;
    }
    return false;
}

/* Letters and digits, a letter among them. */
static bool has_letter(const struct plate *plate, size_t from, size_t to)
{
    return plate_all(plate, from, to, plate_is_alphanumeric) &&
           plate_count_letters(plate, from, to) > 0;
}

/* Six signs: two with a letter among them before four digits; motorcycles: three letters and three
 * digits, or the other way round. */
static bool is_taiwan_front(const struct plate *plate)
{
    enum { HALF = 3, SIGNS = 6 };
    if (has_letter(plate, 0, 2) && plate_all_digits(plate, 2, SIGNS))
        return true;
    return (plate_all(plate, 0, HALF, plate_is_letter) && plate_all_digits(plate, HALF, SIGNS)) ||
           (plate_all_digits(plate, 0, HALF) && plate_all(plate, HALF, SIGNS, plate_is_letter));
}

/* LLL-DDDD since 2012; before, four digits and two characters with a letter among them. Those in
 * which the letters stand first, and motorcycles, look like others' and need the hint. */
static const char *taiwan_type(const struct plate *plate, const char *format)
{
    enum { NEW_SIGNS = 7, OLD_SIGNS = 6 };
    if (plate->count == NEW_SIGNS && plate_all(plate, 0, 3, plate_is_letter) &&
        plate_all_digits(plate, 3, NEW_SIGNS))
        return has_forbidden(plate, "IO") ? NULL : "taiwan";
    if (plate->count != OLD_SIGNS)
        return NULL;
    bool behind = plate_all_digits(plate, 0, 4) && has_letter(plate, 4, OLD_SIGNS);
    bool hinted = is_hinted(format, "tw") && is_taiwan_front(plate);
    return behind || hinted ? "taiwan" : NULL;
}

/* MA-12-34, or MA1234 with the hint; with it also M-12-34, the oldest. */
static const char *macao_type(const struct plate *plate, const char *format)
{
    enum { SIGNS = 6, OLD_SIGNS = 5, PARTED_SO = 1 << 2 | 1 << 4 };
    bool parted = plate->parted == PARTED_SO || is_hinted(format, "mo");
    if (plate->count == SIGNS && parted && plate_all(plate, 0, 2, plate_is_letter) &&
        plate_all_digits(plate, 2, SIGNS))
        return "macao_local";
    bool old = plate->count == OLD_SIGNS && is_hinted(format, "mo") && plate->signs[0] == 'M' &&
               plate_all_digits(plate, 1, OLD_SIGNS);
    return old ? "macao_local" : NULL;
}

/* Two letters and one to four digits without a leading 0; with the hint also those with one letter
 * (A ambulances, F firemen …), with none, and those that somebody chose himself. */
static const char *hong_kong_type(const struct plate *plate, const char *format)
{
    enum { LEAST = 3, MOST = 6, CHOSEN_MOST = 8 };
    if (plate->count >= LEAST && plate->count <= MOST && plate_all(plate, 0, 2, plate_is_letter) &&
        plate_all_digits(plate, 2, plate->count) && plate->signs[2] != '0')
        return has_forbidden(plate, "IOQ") ? NULL : "hong_kong_local";
    if (!is_hinted(format, "hk") || plate->count == 0 || plate->count > CHOSEN_MOST ||
        !plate_all(plate, 0, plate->count, plate_is_alphanumeric) || has_forbidden(plate, "IOQ"))
        return NULL;
    return plate->signs[0] != '0' ? "hong_kong_local" : NULL;
}

/* 民航 and five characters: within airports. */
static const char *aviation_type(struct plate *plate)
{
    enum { SIGNS = 7 };
    bool shaped = plate->count == SIGNS && plate->signs[0] == U'民' && plate->signs[1] == U'航' &&
                  plate_read_serial(plate, 2, SIGNS);
    return shaped ? "aviation" : NULL;
}

static const char *mainland_type(struct plate *plate, const struct number_tables *tables)
{
    const char *type = consulate_type(plate);
    if (!type)
        type = emergency_type(plate);
    if (type || plate->count < ORDINARY_SIGNS || !plate_is_letter(plate->signs[1]))
        return type;
    type = new_energy_type(plate, tables);
    if (!type)
        type = marked_type(plate);
    return type ? type : ordinary_type(plate);
}

static void add_authority(const struct check_input *input, const struct plate *plate,
                          struct check_output *output)
{
    struct slice area = {0};
    check_add_part(output, "province", arena_copy(input->arena, plate_part(plate, 0, 1)));
    if (!plate_is_letter(plate->signs[1]))
        return;
    if (number_plate_area(input->reference->numbers, plate_part(plate, 0, 1), (char)plate->signs[1],
                          &area))
        check_add_part(output, "area", area);
    else if (plate->signs[1] != 'O' || plate->signs[plate->count - 1] != U'警')
        check_add_finding(output, SEVERITY_WARNING, "authority",
                          "No authority of the province is known to issue this letter.");
}

static void finish(const struct check_input *input, struct plate *plate, const char *type,
                   struct check_output *output)
{
    plate_write(plate);
    output->value = arena_copy(input->arena, plate_part(plate, 0, plate->count));
    check_add_part(output, "type", slice_of(type));
    if (plate->repaired)
        check_add_finding(output, SEVERITY_WARNING, "repaired",
                          "A serial has no O and no I; they were read as 0 and 1.");
    if (plate->retired)
        check_add_finding(output, SEVERITY_WARNING, "retired",
                          "Plates of this form were given up in 2013, or before.");
    if (strcmp(type, "temporary") == 0)
        check_add_finding(output, SEVERITY_WARNING, "temporary",
                          "This plate holds for some days only.");
}

/* Plates that do not begin with a province. */
static const char *other_type(const struct check_input *input, struct plate *plate)
{
    const char *type = embassy_type(plate);
    if (!type)
        type = aviation_type(plate);
    if (!type)
        type = taiwan_type(plate, input->format);
    if (!type)
        type = macao_type(plate, input->format);
    if (!type)
        type = hong_kong_type(plate, input->format);
    return type ? type : forces_type(plate, input->reference->numbers);
}

static void plate_run(const struct check_input *input, struct check_output *output)
{
    struct plate plate;
    const char *type = NULL;
    plate_read(input->value, &plate);
    plate_write(&plate);
    bool temporary = !plate.overlong && is_temporary(&plate, input->reference->numbers);
    bool province = plate.count > 0 &&
                    number_is_plate_province(input->reference->numbers, plate_part(&plate, 0, 1));
    if (temporary)
        type = "temporary";
    else if (!plate.overlong)
        type =
            province ? mainland_type(&plate, input->reference->numbers) : other_type(input, &plate);
    if (!type) {
        check_add_finding(output, SEVERITY_ERROR, "format", "This is not a licence plate.");
        return;
    }
    finish(input, &plate, type, output);
    if (province)
        add_authority(input, &plate, output);
}

/* The type of a plate by its serial, behind province and letter; NULL: to be looked at more
 * closely. */
static const char *plain_type(const struct number_tables *tables, const char *serial, size_t length)
{
    enum { ORDINARY = ORDINARY_SIGNS - 2, NEW_ENERGY = NEW_ENERGY_SIGNS - 2 };
    unsigned letters = 0; /* bit n: sign n is one */
    size_t letter_count = 0;
    for (size_t i = 0; i < length; i++) {
        char sign = serial[i];
        if (plate_is_letter((unsigned char)sign) && sign != 'O' && sign != 'I') {
            letters |= 1U << i;
            letter_count++;
        } else if (!text_is_digit((unsigned char)sign)) {
            return NULL;
        }
    }
    if (length == ORDINARY)
        return letter_count <= SERIAL_LETTERS_MOST ? "ordinary" : NULL;
    if (length != NEW_ENERGY)
        return NULL;
    if ((letters & ~2U) == 1 &&
        number_is_energy_letter(tables, PLATE_SMALL, (unsigned char)serial[0]))
        return "new_energy";
    bool is_large =
        letters == 1U << (NEW_ENERGY - 1) &&
        number_is_energy_letter(tables, PLATE_LARGE, (unsigned char)serial[NEW_ENERGY - 1]);
    return is_large ? "new_energy_large" : NULL;
}

/* A province, a letter, perhaps a mark, a serial: 京A12345, 京A·D12345. */
static bool plate_brief(const struct check_input *input, struct check_output *output)
{
    enum { PROVINCE_BYTES = 3, HEAD_BYTES = 4, SERIAL_MOST = NEW_ENERGY_SIGNS - 2 };
    const struct number_tables *tables = input->reference->numbers;
    struct slice value = input->value;
    if (value.length <= HEAD_BYTES || value.length > HEAD_BYTES + 2 + SERIAL_MOST ||
        (unsigned char)value.data[0] < 0xE4 || (unsigned char)value.data[0] > 0xE9)
        return false;
    struct slice province = slice_cut(value, 0, PROVINCE_BYTES);
    struct slice serial = slice_cut(value, HEAD_BYTES, value.length);
    if (serial.data[0] == '-' || serial.data[0] == ' ')
        serial = slice_cut(serial, 1, serial.length);
    else if (slice_starts_with(serial, SLICE("\xC2\xB7")))
        serial = slice_cut(serial, 2, serial.length);
    const char *type = plain_type(input->reference->numbers, serial.data, serial.length);
    struct slice area = {0};
    if (!type || !plate_is_letter((unsigned char)value.data[PROVINCE_BYTES]) ||
        !number_is_plate_province(tables, province) ||
        !number_plate_area(tables, province, value.data[PROVINCE_BYTES], &area))
        return false;
    char *text = arena_allocate_bytes(input->arena, HEAD_BYTES + SERIAL_MOST + 1);
    memcpy(text, value.data, HEAD_BYTES);
    memcpy(text + HEAD_BYTES, serial.data, serial.length);
    text[HEAD_BYTES + serial.length] = '\0';
    output->value = slice_make(text, HEAD_BYTES + serial.length);
    check_add_part(output, "type", slice_of(type));
    check_add_part(output, "province", slice_make(text, PROVINCE_BYTES));
    check_add_part(output, "area", area);
    return true;
}

const struct check check_plate = {.name = "plate", .run = plate_run, .brief = plate_brief};

#include "shapes.h"

#include <stdio.h>
#include <stdlib.h>

/* What is usual: all that is known of a person. */
#define PERSON                                                                                     \
    "given: given_name, surname: surname, birth: date, phone: phone, street: street, "             \
    "house: house_number, city: place, postcode: postcode"

static void expect_agreement(const char *shape, const struct evaluation *evaluation,
                             double precision, double recall)
{
    if (getenv("SHAPES_VERBOSE"))
        fprintf(stderr, "%-34s P %.4f R %.4f true %llu found %llu\n", shape,
                evaluation->pairwise.precision, evaluation->pairwise.recall,
                (unsigned long long)evaluation->true_pairs,
                (unsigned long long)evaluation->found_pairs);
    cr_expect(evaluation->pairwise.precision >= precision, "%s: precision %.4f", shape,
              evaluation->pairwise.precision);
    cr_expect(evaluation->pairwise.recall >= recall, "%s: recall %.4f", shape,
              evaluation->pairwise.recall);
}

/* `people` persons with `most` records each, or as many as chance gives. */
static void add_people(struct shape *shape, uint32_t people, uint32_t most, bool always)
{
    for (uint32_t i = 0; i < people; i++) {
        struct shape_record person = shape_person(shape);
        uint32_t copies = always ? most : 1 + shape_below(shape, most);
        for (uint32_t j = 0; j < copies; j++)
            shape_add_copy(shape, &person, i);
    }
}

Test(match_shapes, persons_of_several_sizes_and_qualities)
{
    static const struct {
        const char *name;
        const char *compare;
        uint32_t people;
        uint32_t most;
        bool always;
        double noise;
        double precision;
        double recall;
    } cases[] = {
        {"ordinary", PERSON, 500, 3, false, 0.08, 0.999, 0.97},
        {"very clean", PERSON, 500, 3, false, 0.002, 0.999, 0.99},
        {"very dirty", PERSON, 500, 3, false, 0.3, 0.99, 0.80},
        {"five copies each", PERSON, 200, 5, true, 0.1, 0.999, 0.98},
        {"tiny", PERSON, 25, 3, false, 0.08, 0.95, 0.90},
        {"no duplicates", PERSON, 900, 1, true, 0.08, 1, 1},
        {"no duplicates, few", PERSON, 50, 1, true, 0.08, 1, 1},
        {"few fields", "name: name, birth: date", 600, 3, false, 0.05, 0.98, 0.85},
        {"few fields, no duplicates", "name: name, birth: date", 900, 1, true, 0.05, 1, 1},
        {"whole name beside its parts",
         "name: name, given: given_name, surname: surname, birth: date, city: place, "
         "postcode: postcode",
         500, 4, false, 0.15, 0.93, 0.85},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct shape shape;
        shape_begin(&shape, cases[i].compare, 11 + i);
        shape.noise = cases[i].noise;
        add_people(&shape, cases[i].people, cases[i].most, cases[i].always);
        struct evaluation evaluation = shape_match(&shape);
        expect_agreement(cases[i].name, &evaluation, cases[i].precision, cases[i].recall);
        shape_end(&shape);
    }
}

/* Adds copies of a few forms of a record: the same within a form, otherwise written between them.
 */
static void add_forms(struct shape *shape, const struct shape_record *record, uint32_t forms,
                      uint32_t copies, uint32_t who)
{
    for (uint32_t form = 0; form < forms; form++) {
        struct shape_record written = *record;
        written.given[3 + form] = '\0';
        memcpy(written.surname + strlen(written.surname), record->surname + form, form);
        snprintf(written.name, sizeof(written.name), "%s %s", written.given, written.surname);
        for (uint32_t copy = 0; copy < copies; copy++) {
            struct shape_record typed = written;
            typed.birth[strlen(typed.birth) - 1] = (char)('0' + shape_below(shape, 2));
            if (shape_chance(shape, 0.3))
                typed.postcode[4] = (char)('0' + shape_below(shape, 10));
            if (shape_chance(shape, 0.2))
                typed.city[0] = '\0';
            shape_add(shape, &typed, who);
        }
    }
}

/* A person's names in several forms: exact copies are one kind of pairs, the forms among each other
 * another, and neither are neighbours. */
Test(match_shapes, forms_of_a_name_are_one_person)
{
    struct shape shape;
    shape_begin(&shape,
                "name: name, given: given_name, surname: surname, birth: date, city: place, "
                "postcode: postcode",
                13);
    for (uint32_t i = 0; i < 120; i++) {
        struct shape_record person = shape_person(&shape);
        add_forms(&shape, &person, 3, 4, i);
    }
    struct evaluation evaluation = shape_match(&shape);
    expect_agreement("forms of a name", &evaluation, 0.97, 0.9);
    shape_end(&shape);
}

/* ---- who shares a home ---- */

static void move_in(struct shape_record *person, const struct shape_record *host)
{
    memcpy(person->phone, host->phone, sizeof(person->phone));
    memcpy(person->city, host->city, sizeof(person->city));
    memcpy(person->street, host->street, sizeof(person->street));
    memcpy(person->house, host->house, sizeof(person->house));
    memcpy(person->postcode, host->postcode, sizeof(person->postcode));
}

Test(match_shapes, households_share_home_and_phone)
{
    struct shape shape;
    shape_begin(&shape, PERSON, 31);
    for (uint32_t i = 0; i < 300; i++) {
        struct shape_record host = shape_person(&shape);
        uint32_t members = 1 + shape_below(&shape, 4);
        for (uint32_t j = 0; j < members; j++) {
            struct shape_record person = j == 0 ? host : shape_person(&shape);
            move_in(&person, &host);
            memcpy(person.surname, host.surname, sizeof(person.surname));
            for (uint32_t copies = 1 + shape_below(&shape, 3); copies-- > 0;)
                shape_add_copy(&shape, &person, i * 4 + j);
        }
    }
    struct evaluation evaluation = shape_match(&shape);
    expect_agreement("households", &evaluation, 0.97, 0.93);
    shape_end(&shape);
}

/* ---- two who are easily taken for one ---- */

#define OWNER PERSON ", number: identifier"

/* Nothing that people who live together are found by. */
#define HOMELESS "given: given_name, surname: surname, birth: date, number: identifier"

/* Adds one to three records of a person, with slips and gaps. */
static void add_some(struct shape *shape, const struct shape_record *person, uint32_t who)
{
    for (uint32_t copies = 1 + shape_below(shape, 3); copies-- > 0;)
        shape_add_copy(shape, person, who);
}

static struct shape_record spouse_of(struct shape *shape, const struct shape_record *person)
{
    struct shape_record spouse = shape_person(shape);
    move_in(&spouse, person);
    return spouse;
}

/* One name at one address, a generation apart. */
static struct shape_record son_of(struct shape *shape, const struct shape_record *father)
{
    struct shape_record son = spouse_of(shape, father);
    memcpy(son.name, father->name, sizeof(son.name));
    memcpy(son.surname, father->surname, sizeof(son.surname));
    memcpy(son.given, father->given, sizeof(son.given));
    return son;
}

static struct shape_record buyer_of_the_car(struct shape *shape, const struct shape_record *seller)
{
    struct shape_record buyer = shape_person(shape);
    memcpy(buyer.number, seller->number, sizeof(buyer.number));
    return buyer;
}

static struct shape_record colleague_of(struct shape *shape, const struct shape_record *person)
{
    struct shape_record colleague = shape_person(shape);
    memcpy(colleague.phone, person->phone, sizeof(colleague.phone));
    return colleague;
}

/* Born on one day to one home. */
static struct shape_record twin_of(struct shape *shape, const struct shape_record *person)
{
    struct shape_record twin = spouse_of(shape, person);
    memcpy(twin.surname, person->surname, sizeof(twin.surname));
    memcpy(twin.birth, person->birth, sizeof(twin.birth));
    snprintf(twin.name, sizeof(twin.name), "%s %s", twin.given, twin.surname);
    return twin;
}

Test(match_shapes, who_is_easily_taken_for_another_is_not)
{
    static const struct {
        const char *name;
        struct shape_record (*other)(struct shape *, const struct shape_record *);
        uint32_t people;
        uint32_t one_in;
        double precision;
        double recall;
    } cases[] = {
        {"company phones", colleague_of, 200, 3, 0.99, 0.93},
        {"spouses with one phone", spouse_of, 200, 3, 0.99, 0.93},
        {"father and son of one name", son_of, 200, 3, 0.99, 0.93},
        {"cars that were resold", buyer_of_the_car, 200, 3, 0.99, 0.93},
        {"twins of many", twin_of, 200, 3, 0.99, 0.93},
        {"twins of some", twin_of, 200, 12, 0.99, 0.93},
        {"twins of few", twin_of, 300, 50, 0.99, 0.93},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct shape shape;
        shape_begin(&shape, OWNER, 61 + i);
        for (uint32_t person = 0; person < cases[i].people; person++) {
            struct shape_record one = shape_person(&shape);
            add_some(&shape, &one, person * 2);
            if (person % cases[i].one_in)
                continue;
            struct shape_record two = cases[i].other(&shape, &one);
            add_some(&shape, &two, person * 2 + 1);
        }
        struct evaluation evaluation = shape_match(&shape);
        expect_agreement(cases[i].name, &evaluation, cases[i].precision, cases[i].recall);
        shape_end(&shape);
    }
}

Test(match_shapes, twins_are_told_apart_without_a_home_to_find_them_by)
{
    struct shape shape;
    shape_begin(&shape, HOMELESS, 71);
    for (uint32_t person = 0; person < 200; person++) {
        struct shape_record one = shape_person(&shape);
        struct shape_record two = twin_of(&shape, &one);
        add_some(&shape, &one, person * 2);
        if (person % 3 == 0)
            add_some(&shape, &two, person * 2 + 1);
    }
    struct evaluation evaluation = shape_match(&shape);
    expect_agreement("twins without a home", &evaluation, 0.99, 0.93);
    shape_end(&shape);
}

/* A slip in the name and a slip in the number are no twins: of whom none is here, none is found. */
Test(match_shapes, what_is_written_carelessly_is_not_taken_for_twins)
{
    struct shape shape;
    shape_begin(&shape, OWNER, 73);
    shape.noise = 0.3;
    add_people(&shape, 200, 3, false);
    struct evaluation evaluation = shape_match(&shape);
    expect_agreement("careless", &evaluation, 0.99, 0.93);
    shape_end(&shape);
}

/* ---- what many share without being one ---- */

/* Compared with the same set without the shared value: as good, and hardly dearer. */
static void expect_harmless(const char *name, void (*share)(struct shape_record *))
{
    uint64_t compared[2];
    struct evaluation evaluations[2];
    for (int with = 0; with < 2; with++) {
        struct shape shape;
        shape_begin(&shape, PERSON, 41);
        for (uint32_t i = 0; i < 1500; i++) {
            struct shape_record person = shape_person(&shape);
            if (with && i < 1200)
                share(&person);
            for (uint32_t copies = 1 + shape_below(&shape, 2); copies-- > 0;)
                shape_add_copy(&shape, &person, i);
        }
        evaluations[with] = shape_match(&shape);
        compared[with] = shape.lab.result.statistics.pairs_compared;
        shape_end(&shape);
    }
    expect_agreement(name, &evaluations[1], 0.998, evaluations[0].pairwise.recall - 0.03);
    cr_expect(compared[1] < compared[0] * 4 + 400000, "%s: %llu pairs in place of %llu", name,
              (unsigned long long)compared[1], (unsigned long long)compared[0]);
}

static void share_mobile(struct shape_record *person)
{
    snprintf(person->phone, sizeof(person->phone), "13912345678");
}

static void share_tower(struct shape_record *person)
{
    snprintf(person->street, sizeof(person->street), "tower street");
    snprintf(person->house, sizeof(person->house), "1");
    snprintf(person->postcode, sizeof(person->postcode), "99001");
    snprintf(person->city, sizeof(person->city), "towertown");
}

static void share_birth(struct shape_record *person)
{
    snprintf(person->birth, sizeof(person->birth), "1900-01-01");
}

Test(match_shapes, a_salesmans_mobile_typed_for_many_does_no_harm)
{
    expect_harmless("salesman's mobile", share_mobile);
}

Test(match_shapes, a_tower_block_does_no_harm)
{
    expect_harmless("tower block", share_tower);
}

Test(match_shapes, a_placeholder_birth_date_does_no_harm)
{
    expect_harmless("placeholder birth date", share_birth);
}

/* ---- chains and companies ---- */

Test(match_shapes, chains_of_movers_stay_whole_and_apart)
{
    struct shape shape;
    shape_begin(&shape, PERSON, 43);
    /* Each record keeps one of home and phone of the one before. */
    for (uint32_t i = 0; i < 300; i++) {
        struct shape_record person = shape_person(&shape);
        for (uint32_t step = 0; step < 4; step++) {
            shape_add_copy(&shape, &person, i);
            struct shape_record next = shape_person(&shape);
            char phone[sizeof(person.phone)];
            memcpy(phone, person.phone, sizeof(phone));
            if (step % 2)
                move_in(&person, &next);
            memcpy(person.phone, step % 2 ? phone : next.phone, sizeof(phone));
        }
    }
    struct evaluation evaluation = shape_match(&shape);
    expect_agreement("chains", &evaluation, 0.995, 0.9);
    shape_end(&shape);
}

Test(match_shapes, companies_with_branches_are_told_apart_by_their_places)
{
    struct shape shape;
    shape_begin(&shape,
                "name: organisation, street: street, house: house_number, city: place, "
                "phone: phone",
                47);
    uint32_t number = 0;
    for (uint32_t i = 0; i < 250; i++) {
        struct shape_record company = shape_person(&shape);
        snprintf(company.name, sizeof(company.name), "%s %s motors", company.surname,
                 company.given);
        company.surname[0] = company.given[0] = '\0';
        for (uint32_t branch = 0; branch < 1 + i % 3; branch++, number++) {
            struct shape_record place = shape_person(&shape);
            struct shape_record at = company;
            move_in(&at, &place);
            for (uint32_t copies = 1 + shape_below(&shape, 3); copies-- > 0;)
                shape_add_copy(&shape, &at, number);
        }
    }
    struct evaluation evaluation = shape_match(&shape);
    expect_agreement("branches", &evaluation, 0.97, 0.9);
    shape_end(&shape);
}

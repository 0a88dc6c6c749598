/* The short ways give what the long ways give: values that are nearly, or not quite, as plain as a
 * short way needs them, through both. (test_mutations.c holds the two side by side on values of
 * every kind that went wrong in any way.) */
#include "support.h"

#include "standardize/checks.h"

TestSuite(brief, .init = standardize_open, .fini = standardize_close, .timeout = 300);

enum { VALUES = 6000, VALUE_BYTES = 400, PIECES_MOST = 8, RESET_VALUES = 64 };

struct brief_run {
    uint64_t random;
    struct rule_context quick;
    struct rule_context thorough;
    struct arena *arena;
    char value[VALUE_BYTES];
};

/* SplitMix64. */
static size_t random_below(struct brief_run *run, size_t limit)
{
    uint64_t value = run->random += UINT64_C(0x9E3779B97F4A7C15);
    value = (value ^ (value >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    value = (value ^ (value >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (size_t)((value ^ (value >> 31)) % limit);
}

static void open_run(struct brief_run *run, const struct rules *rules)
{
    memset(run, 0, sizeof(*run));
    run->arena = arena_create();
    rule_context_open(&run->quick, rules->reference, STANDARDIZE_TODAY);
    rule_context_open(&run->thorough, rules->reference, STANDARDIZE_TODAY);
    rule_context_be_thorough(&run->thorough);
}

static void close_run(struct brief_run *run)
{
    rule_context_close(&run->quick);
    rule_context_close(&run->thorough);
    arena_destroy(run->arena);
}

static void expect_same(struct brief_run *run, const struct rule *rule, const char *value,
                        const char *format)
{
    struct error error = {0};
    struct rule_result a;
    struct rule_result b;
    struct rule_input input = {.value = slice_of(value), .format = format, .arena = run->arena};
    cr_assert(rule_run(rule, &run->quick, &input, &a, &error));
    cr_assert(rule_run(rule, &run->thorough, &input, &b, &error));
    cr_assert(slice_equal(a.value, b.value), "%s '%s': '%.*s', the long way '%.*s'", rule->kind,
              value, SLICE_ARGUMENTS(a.value), SLICE_ARGUMENTS(b.value));
    cr_assert_eq(a.refused, b.refused, "%s '%s'", rule->kind, value);
    cr_assert_eq(a.part_count, b.part_count, "%s '%s'", rule->kind, value);
    cr_assert_eq(a.finding_count, b.finding_count, "%s '%s'", rule->kind, value);
    for (size_t i = 0; i < a.part_count; i++)
        cr_assert(strcmp(a.parts[i].name, b.parts[i].name) == 0 &&
                      slice_equal(a.parts[i].text, b.parts[i].text),
                  "%s '%s': part %s", rule->kind, value, b.parts[i].name);
    for (size_t i = 0; i < a.finding_count; i++)
        cr_assert_str_eq(a.findings[i].message, b.findings[i].message, "%s '%s'", rule->kind,
                         value);
}

/* # becomes a digit, @ a capital letter, in one value of sixteen another sign. */
static void fill(struct brief_run *run, const char *shape)
{
    static const char odd[] = " -.#XOIaz*+/0";
    size_t length = strlen(shape);
    memcpy(run->value, shape, length + 1);
    for (size_t i = 0; i < length; i++) {
        if (shape[i] == '#')
            run->value[i] = (char)('0' + random_below(run, 10));
        else if (shape[i] == '@')
            run->value[i] = (char)('A' + random_below(run, 26));
    }
    size_t at = random_below(run, length);
    if (random_below(run, 16) == 0 && (unsigned char)run->value[at] < 0x80)
        run->value[at] = odd[random_below(run, sizeof(odd) - 1)];
}

/* Gives a resident number its check character. */
static void complete_resident(char *number)
{
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (size_t i = 0; i < 17; i++)
        sum += (number[i] - '0') * weights[i];
    number[17] = "10X98765432"[(sum % 11 + 11) % 11];
}

/* Gives a VIN its check digit. */
static void complete_vin(char *vin)
{
    static const char values[] = "12345678012345070923456789";
    static const int weights[] = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
    int sum = 0;
    for (size_t i = 0; i < 17; i++) {
        bool letter = vin[i] >= 'A' && vin[i] <= 'Z';
        sum += (letter ? values[vin[i] - 'A'] - '0' : vin[i] - '0') * weights[i];
    }
    vin[8] = "0123456789X"[(sum % 11 + 11) % 11];
}

typedef void complete_function(char *value);

static void try_shapes(const char *kind, const char *const *shapes, complete_function *complete)
{
    static const char *const formats[] = {NULL, NULL, NULL, NULL, "d/m/y", "excel", "roc", "hk"};
    const struct rules *rules = standardize_rules();
    const struct rule *rule = rules_find(rules, kind);
    struct brief_run run;
    open_run(&run, rules);
    size_t count = 0;
    while (shapes[count])
        count++;
    for (size_t i = 0; i < VALUES; i++) {
        if (i % RESET_VALUES == 0)
            arena_reset(run.arena);
        fill(&run, shapes[i % count]);
        if (complete && random_below(&run, 8) > 0)
            complete(run.value);
        expect_same(&run, rule, run.value, formats[random_below(&run, 8)]);
    }
    close_run(&run);
}

Test(brief, telephone_numbers)
{
    static const char *const shapes[] = {"1##########",      "13#########",       "+8613#########",
                                         "86-15#########",   "008618#########",   "8617#########",
                                         "13# #### ####",    "18#-####-####",     "+86 13#########",
                                         "86-13#-####-####", "138########",       "1############",
                                         "138########-###",  "+8686-13#########", NULL};
    try_shapes("mobile", shapes, NULL);
    try_shapes("phone", shapes, NULL);
}

Test(brief, dates_and_times)
{
    static const char *const shapes[] = {
        "19##-0#-1#",       "20##/1#/2#", "20##.0#.0#",          "19##0#1#",
        "####-##-##",       "########",   "20##-0#-1# 1#:2#:3#", "20##-0#-1#T2#:##:##",
        "19##-1#-0# 1#:##", NULL};
    try_shapes("date", shapes, NULL);
    try_shapes("birth_date", shapes, NULL);
    try_shapes("datetime", shapes, NULL);
}

Test(brief, identity_numbers)
{
    static const char *const shapes[] = {"11010#19##0#1####?",
                                         "3301##20##1#2####?",
                                         "44030#19##0#0####?",
                                         "81000019##0#1####?",
                                         "9########0#1####??",
                                         "63####19##1#1####?",
                                         NULL};
    try_shapes("identity", shapes, complete_resident);
}

Test(brief, vehicle_identification_numbers)
{
    static const char *const shapes[] = {"LSV@@####@#######",
                                         "WVWZZZ1KZ@W######",
                                         "1@@@@#####@######",
                                         "LFV@#@#@#@@######",
                                         "@@@@@@@@@@@######",
                                         "J@#@@#@##@#######",
                                         NULL};
    try_shapes("vin", shapes, complete_vin);
}

Test(brief, plates)
{
    static const char *const shapes[] = {
        "京A#####",  "沪@##@##", "粤B@####",  "苏E·#####", "浙A-@#@##", "鲁B D#####", "川A#####D",
        "京@@#####", "滬A#####", "WJ京#####", "粤Z####港", "京A####学", NULL};
    try_shapes("plate", shapes, NULL);
}

/* Texts of pieces, one after the other. */
static void try_pieces(const char *kind, const char *const *pieces, size_t most)
{
    const struct rules *rules = standardize_rules();
    const struct rule *rule = rules_find(rules, kind);
    struct brief_run run;
    open_run(&run, rules);
    size_t count = 0;
    while (pieces[count])
        count++;
    for (size_t i = 0; i < VALUES; i++) {
        if (i % RESET_VALUES == 0)
            arena_reset(run.arena);
        run.value[0] = '\0';
        for (size_t left = 1 + random_below(&run, most); left > 0; left--)
            strncat(run.value, pieces[random_below(&run, count)],
                    VALUE_BYTES - strlen(run.value) - 1);
        expect_same(&run, rule, run.value, NULL);
    }
    close_run(&run);
}

Test(brief, names)
{
    static const char *const pieces[] = {
        "王", "李", "张", "欧", "阳", "司", "马", "诸", "葛", "某", "氏", "人", "先", "生",
        "女", "士", "总", "测", "试", "无", "名", "小", "老", "师", "傅", "和", "与", "及",
        "陳", "黃", "伟", "芳", "建", "国", "店", "厂", "家", "属", "客", "户", "明", "曾",
        "单", "仇", "娜", "〇", "㐀", "A",  "x",  "·",  " ",  "2",  NULL};
    try_pieces("name", pieces, 4);
    try_pieces("person_name", pieces, 4);
}

Test(brief, addresses)
{
    static const char *const pieces[] = {
        "浙江省", "杭州市", "西湖区",   "上海市", "黄浦区", "浦东新区", "北京",   "北京市",
        "朝阳区", "广东省", "广州市",   "番禺区", "吉林省", "吉林市",   "昌邑区", "青岛市",
        "市北区", "市辖区", "省直辖",   "市",     "省",     "区",       "自",     "场",
        "中山",   "中山路", "南京西路", "人民",   "路",     "12号",     "12号楼", "3单元",
        "1502室", "-",      "2-3-401",  " ",      "花园",   "小区",     "附近",   "5号大街",
        "12",     "001号",  "一",       "8栋",    "6幢101", "A座",      "(",      ")",
        "，",     "號",     "２号",     "弄",     "之",     "No.5",     NULL};
    try_pieces("address", pieces, PIECES_MOST);
}

/* A short way that is never taken would be found right by all of the above. */
Test(brief, is_taken_by_plain_values)
{
    static const struct {
        const struct check *check;
        const char *value;
    } plain[] = {{&check_mobile, "13812345678"},
                 {&check_phone, "+8613812345678"},
                 {&check_date, "2013-08-05"},
                 {&check_date_time, "2013-08-05 14:30:00"},
                 {&check_identity, "11010519491231002X"},
                 {&check_vin, "LSVAM4186C2184841"},
                 {&check_plate, "京AD12345"},
                 {&check_name, "王建国"}};
    const struct rules *rules = standardize_rules();
    for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
        struct check_input input = {.value = slice_of(plain[i].value),
                                    .reference = rules->reference,
                                    .as_of_days = STANDARDIZE_TODAY,
                                    .as_of_year = 2026,
                                    .arena = standardize_arena()};
        struct check_output output = {.part_count = 0};
        cr_expect(plain[i].check->brief(&input, &output), "%s '%s'", plain[i].check->name,
                  plain[i].value);
    }
}

/* What a steward writes before the check concerns plain values too. */
Test(brief, rules_before_the_check_are_not_passed_by)
{
    static const struct {
        const char *step;
        const char *expected;
    } steps[] = {
        {"reject: {pattern: '^138', code: own}", ""},
        {"reject: {pattern: '5678$', code: own}", ""},
        {"reject: {values: ['13812345678'], code: own}", ""},
        {"reject: {pattern: '\\d{11}', code: own}", ""},
        {"replace: {pattern: '8', with: '9'}", "13912345679"},
        {"replace: {pattern: '(?=1381)', with: '86-'}", "13812345678"},
        {"replace: {pattern: '678$', with: '679'}", "13812345679"},
        {"unicode: nfkc", "13812345678"},
    };
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        struct error error = {0};
        const char *text = arena_format(standardize_arena(),
                                        "kind: mobile\nlabel: Mobile\nsteps:\n  - unicode: fold\n"
                                        "  - %s\n  - check: mobile\n",
                                        steps[i].step);
        struct rules *rules = standardize_rule_file(text, &error);
        cr_assert(rules, "%s", error.message);
        struct slice value =
            rules_apply(rules, "mobile", SLICE("13812345678"), standardize_arena());
        cr_expect(slice_equal(value, slice_of(steps[i].expected)), "%s: '%.*s'", steps[i].step,
                  SLICE_ARGUMENTS(value));
        rules_destroy(rules);
    }
}

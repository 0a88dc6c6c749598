#include "check_support.h"

#include <criterion/criterion.h>

#define CHECK "person_or_company_name"

#define EXPECT_CASES(cases) expect_cases(CHECK, "type", cases, sizeof(cases) / sizeof((cases)[0]))

Test(name_company, all_spellings_of_one_company_share_a_key)
{
    static const char *const spellings[] = {
        "上海鑫达商贸有限公司",
        "上海市鑫达商贸有限公司",
        "鑫达商贸有限公司",
        "鑫达商贸有限责任公司",
        "鑫达商贸公司",
        "鑫达商贸（上海）有限公司",
        "鑫达(上海)商贸有限公司",
        "鑫達商貿有限公司",
        "上海鑫達商貿有限責任公司 ",
        "上海（鑫达）商贸有限公司",
        "上海市浦东新区鑫达商贸有限公司",
        "中国鑫达商贸有限公司",
        "鑫达商贸【上海】有限公司",
        "上海 鑫达 商贸 有限公司",
        "鑫达商贸有限公司（中国）",
        "广西壮族自治区南宁市鑫达商贸有限公司",
        "甘南藏族自治州鑫达商贸公司",
    };
    struct reference *reference = reference_open();
    struct arena *arena = arena_create();
    for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
        struct check_output output =
            check_run(reference, arena, CHECK, slice_of(spellings[i]), NULL, NULL);
        struct slice key = output_part(&output, "key");
        cr_expect(slice_equal(key, SLICE("鑫达商贸")), "%s: %.*s", spellings[i],
                  SLICE_ARGUMENTS(key));
        cr_expect(slice_equal(output_part(&output, "pinyin"), SLICE("xindashangmao")));
    }
    arena_destroy(arena);
    reference_destroy(reference);
}

Test(name_company, other_companies_have_other_keys)
{
    static const struct check_case cases[] = {
        {"鑫达商贸股份有限公司", NULL, NULL, {{"key", "鑫达商贸股份"}, {"core", "鑫达商贸"}}, NULL},
        {"鑫达商贸股份公司", NULL, NULL, {{"key", "鑫达商贸股份"}}, NULL},
        {"鑫达集团有限公司", NULL, NULL, {{"key", "鑫达集团"}, {"core", "鑫达"}}, NULL},
        {"鑫达(集团)有限公司", NULL, NULL, {{"key", "鑫达集团"}}, NULL},
        {"鑫达集团", NULL, NULL, {{"key", "鑫达集团"}}, NULL},
        {"鑫达商贸有限公司上海分公司", NULL, NULL, {{"key", "鑫达商贸上海分公司"}}, NULL},
        {"鑫达商贸有限公司", NULL, NULL, {{"key", "鑫达商贸"}}, NULL},
        {"黄山旅游有限公司", NULL, NULL, {{"key", "黄山旅游"}}, NULL},
        {"长春汽车有限公司", NULL, NULL, {{"key", "长春汽车"}}, NULL},
        {"北京市朝阳区人民医院", NULL, NULL, {{"key", "北京市朝阳区人民医院"}}, NULL},
        {"大安区人民法院", NULL, NULL, {{"key", "大安区人民法院"}}, NULL},
        {"鑫达企业管理合伙企业（有限合伙）", NULL, NULL, {{"key", "鑫达企业管理合伙企业"}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(name_company, is_written_in_one_form)
{
    static const struct check_case cases[] = {
        {"鑫达商贸(上海)有限公司", "鑫达商贸（上海）有限公司", NULL, {{NULL, NULL}}, NULL},
        {"鑫达商贸[上海]有限公司", "鑫达商贸（上海）有限公司", NULL, {{NULL, NULL}}, NULL},
        {"鑫达　商贸 有限公司", "鑫达商贸有限公司", NULL, {{NULL, NULL}}, NULL},
        {"ＡＢＣ商贸有限公司", "ABC商贸有限公司", NULL, {{"key", "abc商贸"}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(name_company, in_letters_loses_its_legal_form)
{
    static const struct check_case cases[] = {
        {"ABC Co., Ltd.", "ABC Co., Ltd.", NULL, {{"key", "abc"}}, NULL},
        {"ABC CO LTD", "ABC CO LTD", NULL, {{"key", "abc"}}, NULL},
        {"Abc Trading Company Limited", NULL, NULL, {{"key", "abctrading"}}, NULL},
        {"Siemens GmbH", NULL, NULL, {{"key", "siemens"}}, NULL},
        {"Bosch Inc.", NULL, NULL, {{"core", "bosch"}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(name_company, the_name_decides_when_nothing_else_does)
{
    static const struct check_case cases[] = {
        {"鑫达汽修厂", NULL, NULL, {{"key", "鑫达汽车维修厂"}, {"surname", ""}}, NULL},
        {"幸福路小学", NULL, NULL, {{"surname", ""}}, NULL},
        {"王中心", NULL, NULL, {{"surname", "王"}}, NULL},
        {"鑫达商贸有限公司", NULL, "type_conflict", {{"key", "鑫达商贸"}}, "person"},
        {"王建国", NULL, NULL, {{"key", "王建国"}, {"surname", ""}}, "organisation"},
        {"王建国", NULL, NULL, {{"key", "王建国"}, {"surname", "王"}}, "person"},
        {"软件测试有限公司", "软件测试有限公司", NULL, {{"key", "软件测试"}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(name_company, placeholders_are_refused)
{
    static const struct check_case cases[] = {
        {"公司", "", "placeholder", {{"key", ""}}, "organisation"},
        {"测试", "", "placeholder", {{"key", ""}}, "organisation"},
        {"保险公司", "", "placeholder", {{"key", ""}}, NULL},
        {"123", "", "placeholder", {{"key", ""}}, "organisation"},
    };
    EXPECT_CASES(cases);
}

Test(name_company, is_taken_apart)
{
    static const struct check_case cases[] = {
        {"上海鑫达汽车销售服务有限责任公司浦东分公司",
         NULL,
         NULL,
         {{"region", "上海"},
          {"brand", "鑫达"},
          {"trade", "汽车销售服务"},
          {"form", "有限责任公司"},
          {"branch", "浦东分公司"}},
         NULL},
        {"杭州市西湖区老王汽修店",
         NULL,
         NULL,
         {{"region", "杭州市西湖区"}, {"brand", "老王"}, {"trade", "汽修"}, {"form", "店"}},
         NULL},
        {"鑫达汽车(义乌)有限公司", NULL, NULL, {{"core", "鑫达汽车"}, {"brand", "鑫达"}}, NULL},
        {"鑫达（上海浦东）汽车有限公司", NULL, NULL, {{"core", "鑫达汽车"}}, NULL},
        {"3M中国有限公司", NULL, NULL, {{"core", "3m"}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(name_company, spellings_share_a_core)
{
    static const char *const groups[][4] = {
        {"鑫达汽贸有限公司", "鑫达汽车贸易有限公司", "鑫达汽贸", "上海鑫达汽车贸易公司"},
        {"上海鑫达有限公司（公章）", "上海鑫达有限公司公章", "上海鑫达有限公司。",
         "上海鑫达有限公 司"},
        {"上海鑫达有限公司（已注销）", "鑫达有限", "上海鑫达有限责任", "鑫达有限公司(筹)"},
        {"上海鑫达有限公司 王伟", "王伟 上海鑫达有限公司", "上海鑫达有限公司王伟",
         "上海鑫达有限公司（王伟）"},
        {"杭州市西湖区老王汽修店", "西湖区老王汽修店", "老王汽修店", "浙江杭州老王汽车维修店"},
        {"上海市锦天城律师事务所", "锦天城律师事务所", "锦天城（上海）律师事务所",
         "上海锦天城律师事务所"},
        {"杭州第二中学", "杭州市第二中学", "浙江省杭州市第二中学", "浙江杭州第二中学"},
        {"立信会计师事务所（特殊普通合伙）", "立信会计师事务所", "上海立信会计师事务所",
         "立信会计师事务所(普通合伙)"},
        {"中国工商银行股份有限公司上海市浦东支行", "中国工商银行股份有限公司上海浦东支行",
         "中国工商银行上海浦东支行", "工商银行上海市浦东支行"},
        {"ABC (Shanghai) Co., Ltd.", "Shanghai ABC Co., Ltd", "ABC CO.,LTD", "ABC L.L.C."},
        {"ABC GmbH & Co. KG", "ABC Pte Ltd", "ABC Corporation", "ABC (China) Holdings Ltd."},
    };
    struct reference *reference = reference_open();
    struct arena *arena = arena_create();
    for (size_t group = 0; group < sizeof(groups) / sizeof(groups[0]); group++) {
        struct check_output first =
            check_run(reference, arena, CHECK, slice_of(groups[group][0]), NULL, NULL);
        cr_expect_gt(output_part(&first, "core").length, 0, "%s", groups[group][0]);
        for (size_t i = 1; i < 4; i++) {
            struct check_output other =
                check_run(reference, arena, CHECK, slice_of(groups[group][i]), NULL, NULL);
            struct slice core = output_part(&other, "core");
            cr_expect(slice_equal(output_part(&first, "core"), core), "%s: %.*s", groups[group][i],
                      SLICE_ARGUMENTS(core));
        }
    }
    arena_destroy(arena);
    reference_destroy(reference);
}

Test(name_company, others_stay_apart)
{
    static const char *const names[] = {
        "鑫达商贸有限公司",
        "鑫达商贸股份有限公司",
        "鑫达集团有限公司",
        "鑫达科技有限公司",
        "鑫达商贸有限公司上海分公司",
        "中国移动通信集团有限公司",
        "鑫达商贸经营部",
        "中国移动通信集团浙江有限公司",
        "国网浙江省电力有限公司",
        "杭州第二中学",
        "宁波第二中学",
        "国网浙江省电力有限公司杭州供电公司",
    };
    enum { COUNT = sizeof(names) / sizeof(names[0]) };
    struct reference *reference = reference_open();
    struct arena *arena = arena_create();
    struct slice keys[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        struct check_output output =
            check_run(reference, arena, CHECK, slice_of(names[i]), NULL, NULL);
        keys[i] = output_part(&output, "key");
        for (size_t k = 0; k < i; k++)
            cr_expect_not(slice_equal(keys[i], keys[k]), "%s and %s", names[i], names[k]);
    }
    arena_destroy(arena);
    reference_destroy(reference);
}

Test(name_company, or_person_by_the_name)
{
    static const struct check_case cases[] = {
        {"鑫达汽贸", NULL, NULL, {{"core", "鑫达汽车贸易"}, {"surname", ""}}, NULL},
        {"上海通用汽车", NULL, NULL, {{"core", "通用汽车"}}, NULL},
        {"临汾通远电子公司", NULL, NULL, {{"core", "通远电子"}}, NULL},
        {"上海市公安局交通警察总队", NULL, NULL, {{"surname", ""}}, NULL},
        {"上海市总工会", NULL, NULL, {{"surname", ""}}, NULL},
        {"永豐汽車材料行", NULL, NULL, {{"core", "永丰汽车材料行"}}, NULL},
        {"欧阳天行", NULL, NULL, {{"surname", "欧阳"}}, NULL},
        {"欧阳建设", NULL, NULL, {{"surname", "欧阳"}}, NULL},
        {"李建设", NULL, NULL, {{"surname", "李"}}, NULL},
        {"上海鑫达公司 王伟", "王伟", NULL, {{"key", "王伟"}}, "person"},
        {"上海鑫达公司 王伟", "上海鑫达公司", NULL, {{"contact", "王伟"}}, "organisation"},
    };
    EXPECT_CASES(cases);
}

Test(name_company, nothing_but_a_form_is_no_name)
{
    static const char *const names[] = {"某某公司", "XX公司",   "XXX有限公司", "测试有限公司",
                                        "无名公司", "有限公司", "企业"};
    struct reference *reference = reference_open();
    struct arena *arena = arena_create();
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct check_output output =
            check_run(reference, arena, CHECK, slice_of(names[i]), NULL, NULL);
        cr_expect_eq(output.value.length, 0, "%s", names[i]);
        cr_expect(output_has(&output, "placeholder"), "%s", names[i]);
    }
    arena_destroy(arena);
    reference_destroy(reference);
}

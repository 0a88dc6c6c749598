#include "check_support.h"

#include "cust360/base/text.h"
#include <criterion/criterion.h>

#define CHECK "address"

#define EXPECT_CASES(cases) expect_cases(CHECK, "region", cases, sizeof(cases) / sizeof((cases)[0]))

Test(address, divisions_get_their_official_names)
{
    static const struct check_case cases[] = {
        {"浙江省杭州市西湖区文三路1号",
         "浙江省杭州市西湖区文三路1号",
         NULL,
         {{"province", "浙江省"}, {"city", "杭州市"}, {"district", "西湖区"}, {"code", "330106"}},
         NULL},
        {"浙江杭州西湖区文三路1号",
         "浙江省杭州市西湖区文三路1号",
         NULL,
         {{"code", "330106"}},
         NULL},
        {"杭州西湖区文三路1号",
         "浙江省杭州市西湖区文三路1号",
         NULL,
         {{"province", "浙江省"}},
         NULL},
        {"浙江 杭州市 西湖区 文三路1号",
         "浙江省杭州市西湖区文三路1号",
         NULL,
         {{"city", "杭州市"}},
         NULL},
        {"浙江省-杭州市-西湖区", "浙江省杭州市西湖区", NULL, {{"district", "西湖区"}}, NULL},
        {"深圳南山科技园", "广东省深圳市南山区科技园", NULL, {{"district", "南山区"}}, NULL},
        {"浙江义乌稠州北路1号", NULL, NULL, {{"district", "义乌市"}, {"road", "稠州北路"}}, NULL},
        {"恩施州恩施市", "湖北省恩施土家族苗族自治州恩施市", NULL, {{"code", "422801"}}, NULL},
        {"内蒙古呼和浩特新城区", "内蒙古自治区呼和浩特市新城区", NULL, {{"code", "150102"}}, NULL},
        {"新疆乌鲁木齐天山区",
         "新疆维吾尔自治区乌鲁木齐市天山区",
         NULL,
         {{"city", "乌鲁木齐市"}},
         NULL},
        {"广西省南宁市青秀区", "广西壮族自治区南宁市青秀区", NULL, {{"city", "南宁市"}}, NULL},
        {"吉林省吉林市船营区", "吉林省吉林市船营区", NULL, {{"city", "吉林市"}}, NULL},
        {"吉林吉林船营区", "吉林省吉林市船营区", NULL, {{"city", "吉林市"}}, NULL},
        {"湖北省仙桃市", "湖北省仙桃市", NULL, {{"city", ""}, {"district", "仙桃市"}}, NULL},
        {"广东省东莞市长安镇",
         "广东省东莞市长安镇",
         NULL,
         {{"city", "东莞市"}, {"district", ""}},
         NULL},
        {"310012 浙江省杭州市", "浙江省杭州市", NULL, {{"city", "杭州市"}}, NULL},
        {"中国浙江省杭州市", "浙江省杭州市", NULL, {{"city", "杭州市"}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(address, municipalities_have_no_city)
{
    static const struct check_case cases[] = {
        {"北京市朝阳区建国路88号",
         NULL,
         NULL,
         {{"province", "北京市"}, {"city", ""}, {"district", "朝阳区"}},
         NULL},
        {"北京朝阳建国路88号", "北京市朝阳区建国路88号", NULL, {{"district", "朝阳区"}}, NULL},
        {"北京市北京市朝阳区", "北京市朝阳区", NULL, {{"code", "110105"}}, NULL},
        {"北京市市辖区朝阳区", "北京市朝阳区", NULL, {{"code", "110105"}}, NULL},
        {"上海浦东张江路1号", "上海市浦东新区张江路1号", NULL, {{"district", "浦东新区"}}, NULL},
        {"长寿区上海街645号", "重庆市长寿区上海街645号", NULL, {{"province", "重庆市"}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(address, former_divisions_become_todays)
{
    static const struct check_case cases[] = {
        {"北京市宣武区广安门内大街1号",
         "北京市西城区广安门内大街1号",
         NULL,
         {{"district", "西城区"}},
         NULL},
        {"湖北省襄樊市襄城区", "湖北省襄阳市襄城区", NULL, {{"city", "襄阳市"}}, NULL},
        {"湖北省襄樊市前进路1号", "湖北省襄阳市前进路1号", NULL, {{"district", ""}}, NULL},
        {"湖北省襄樊市襄阳县",
         "湖北省襄阳市襄阳县",
         NULL,
         {{"city", "襄阳市"}, {"district", ""}},
         NULL},
        {"北京市通县", "北京市通州区", NULL, {{"district", "通州区"}}, NULL},
        {"山西省忻州地区", "山西省忻州市", NULL, {{"city", "忻州市"}}, NULL},
        {"重庆市渝北区龙溪路1号", NULL, NULL, {{"province", "重庆市"}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(address, roads_and_estates_are_no_divisions)
{
    static const struct check_case cases[] = {
        {"北京西路100号", "北京西路100号", NULL, {{"province", ""}, {"road", "北京西路"}}, NULL},
        {"中山路100号", "中山路100号", NULL, {{"city", ""}, {"road", "中山路"}}, NULL},
        {"上海南京西路1266号",
         "上海市南京西路1266号",
         NULL,
         {{"city", ""}, {"road", "南京西路"}},
         NULL},
        {"吉林大厦3楼", "吉林大厦3楼", NULL, {{"province", ""}, {"estate", "吉林大厦"}}, NULL},
        {"中山国际花园3栋",
         "中山国际花园3栋",
         NULL,
         {{"city", ""}, {"estate", "中山国际花园"}},
         NULL},
        {"义乌市场3楼", "义乌市场3楼", NULL, {{"district", ""}}, NULL},
        {"杭州文三路100号", "浙江省杭州市文三路100号", NULL, {{"road", "文三路"}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(address, a_longer_name_begins_with_a_word_for_roads)
{
    static const struct check_case cases[] = {
        {"辽宁大连庄河市胜利大街115号",
         NULL,
         NULL,
         {{"district", "庄河市"}, {"road", "胜利大街"}},
         NULL},
        {"江苏镇江丹徒区人民街325号",
         NULL,
         NULL,
         {{"district", "丹徒区"}, {"road", "人民街"}},
         NULL},
        {"山东青岛市北区人民街785号", NULL, NULL, {{"district", "市北区"}}, NULL},
        {"四川内江市中区西安街282号",
         NULL,
         NULL,
         {{"district", "市中区"}, {"road", "西安街"}},
         NULL},
        {"贵州遵义道真仡佬族苗族自治县人民路1号",
         NULL,
         NULL,
         {{"district", "道真仡佬族苗族自治县"}},
         NULL},
    };
    EXPECT_CASES(cases);
}

Test(address, what_several_divisions_are_called_stays_open)
{
    static const struct check_case cases[] = {
        {"朝阳区建国路88号",
         "朝阳区建国路88号",
         NULL,
         {{"province", ""}, {"district", "朝阳区"}, {"code", ""}},
         NULL},
        {"鼓楼区中山路1号", "鼓楼区中山路1号", NULL, {{"city", ""}, {"district", "鼓楼区"}}, NULL},
        {"鼓楼区中山路1号",
         "江苏省鼓楼区中山路1号",
         NULL,
         {{"province", "江苏省"}, {"city", ""}, {"district", "鼓楼区"}},
         "江苏省"},
        {"鼓楼区中山路1号", "江苏省南京市鼓楼区中山路1号", NULL, {{"city", "南京市"}}, "南京市"},
    };
    EXPECT_CASES(cases);
}

Test(address, the_region_beside_it_helps_and_yields)
{
    static const struct check_case cases[] = {
        {"西湖区文三路1号", "浙江省杭州市西湖区文三路1号", NULL, {{"code", "330106"}}, "浙江省"},
        {"西湖区北京路1号", "江西省南昌市西湖区北京路1号", NULL, {{"code", "360103"}}, "江西"},
        {"台州市三门县工农大街1号",
         "浙江省台州市三门县工农大街1号",
         NULL,
         {{"district", "三门县"}},
         "浙江省"},
        {"阳光花园3栋",
         "浙江省阳光花园3栋",
         NULL,
         {{"province", "浙江省"}, {"estate", "阳光花园"}},
         "浙江省"},
        {"江苏省南京市玄武区", "江苏省南京市玄武区", NULL, {{"province", "江苏省"}}, "浙江省"},
        {"浙江省杭州市", "浙江省杭州市", NULL, {{"city", "杭州市"}}, "不详"},
    };
    EXPECT_CASES(cases);
}

Test(address, the_house_is_taken_apart)
{
    static const struct check_case cases[] = {
        {"阳光花园12号楼3单元1502室",
         NULL,
         NULL,
         {{"estate", "阳光花园"}, {"building", "12"}, {"unit", "3"}, {"room", "1502"}},
         NULL},
        {"阳光花园12-3-1502",
         NULL,
         NULL,
         {{"estate", "阳光花园"}, {"building", "12"}, {"unit", "3"}, {"room", "1502"}},
         NULL},
        {"阳光花园12栋3-1502",
         NULL,
         NULL,
         {{"building", "12"}, {"unit", "3"}, {"room", "1502"}},
         NULL},
        {"阳光花园12幢1502",
         NULL,
         NULL,
         {{"building", "12"}, {"unit", ""}, {"room", "1502"}},
         NULL},
        {"阳光花园12-1502", NULL, NULL, {{"building", "12"}, {"unit", ""}, {"room", "1502"}}, NULL},
        {"阳光花园12棟3單元1502房",
         NULL,
         NULL,
         {{"building", "12"}, {"unit", "3"}, {"room", "1502"}},
         NULL},
        {"阳光花园12座3门1502户",
         NULL,
         NULL,
         {{"building", "12"}, {"unit", "3"}, {"room", "1502"}},
         NULL},
        {"阳光花园 12 号楼 3 单元 1502",
         NULL,
         NULL,
         {{"building", "12"}, {"unit", "3"}, {"room", "1502"}},
         NULL},
        {"阳光花园A座1502", NULL, NULL, {{"building", "A"}, {"room", "1502"}}, NULL},
        {"阳光花园a3栋05室", NULL, NULL, {{"building", "A3"}, {"room", "5"}}, NULL},
        {"阳光花园十二栋三单元一五零二室",
         NULL,
         NULL,
         {{"building", "12"}, {"unit", "3"}, {"room", "1502"}},
         NULL},
        {"阳光花园二十栋", NULL, NULL, {{"building", "20"}}, NULL},
        {"阳光花园一百零三号楼", NULL, NULL, {{"building", "103"}}, NULL},
        {"阳光花园12#3-1502",
         NULL,
         NULL,
         {{"building", "12"}, {"unit", "3"}, {"room", "1502"}},
         NULL},
        {"阳光花园3楼2单元501",
         NULL,
         NULL,
         {{"building", "3"}, {"unit", "2"}, {"room", "501"}},
         NULL},
        {"阳光花园12-3-15-1502",
         NULL,
         NULL,
         {{"building", "12"}, {"unit", "3"}, {"room", "1502"}},
         NULL},
        {"阳光花园二期5栋", NULL, NULL, {{"estate", "阳光花园"}, {"building", "5"}}, NULL},
        {"阳光花园A区12栋", NULL, NULL, {{"estate", "阳光花园"}, {"building", "12"}}, NULL},
        {"银座大厦15F", NULL, NULL, {{"estate", "银座大厦"}, {"room", "F15"}}, NULL},
        {"12-3-1502", NULL, NULL, {{"building", "12"}, {"unit", "3"}, {"room", "1502"}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(address, roads_and_their_numbers)
{
    static const struct check_case cases[] = {
        {"文三路100号", NULL, NULL, {{"road", "文三路"}, {"number", "100"}}, NULL},
        {"文三路１００號", NULL, NULL, {{"road", "文三路"}, {"number", "100"}}, NULL},
        {"人民大街5-1号", NULL, NULL, {{"road", "人民大街"}, {"number", "5-1"}}, NULL},
        {"人民路12号附3号", NULL, NULL, {{"number", "12-3"}}, NULL},
        {"人民路12之3号", NULL, NULL, {{"number", "12-3"}}, NULL},
        {"人民路12", NULL, NULL, {{"road", "人民路"}, {"number", "12"}}, NULL},
        {"东三路5号", NULL, NULL, {{"road", "东三路"}, {"number", "5"}}, NULL},
        {"三环北路5号", NULL, NULL, {{"road", "三环北路"}}, NULL},
        {"北京西路100弄5号302室", NULL, NULL, {{"number", "100弄5"}, {"room", "302"}}, NULL},
        {"中关村大街1号", NULL, NULL, {{"road", "中关村大街"}}, NULL},
        {"张江镇科苑路88号3号楼501室",
         NULL,
         NULL,
         {{"road", "科苑路"}, {"number", "88"}, {"building", "3"}, {"room", "501"}},
         NULL},
        {"五一路12号院3号楼",
         NULL,
         NULL,
         {{"road", "五一路"}, {"number", "12"}, {"building", "3"}},
         NULL},
        {"人民路阳光花园", NULL, NULL, {{"road", "人民路"}, {"estate", "阳光花园"}}, NULL},
        {"人民路100号对面", NULL, NULL, {{"number", "100"}, {"estate", ""}}, NULL},
        {"长江村3组", NULL, NULL, {{"road", ""}, {"estate", "长江村"}, {"room", ""}}, NULL},
        {"忠孝東路四段100號5樓之2",
         NULL,
         NULL,
         {{"road", "忠孝东路4段"}, {"number", "100"}, {"room", "F5-2"}},
         NULL},
    };
    EXPECT_CASES(cases);
}

Test(address, hong_kong_macao_and_taiwan)
{
    static const struct check_case cases[] = {
        {"臺北市大安區忠孝東路四段100號",
         NULL,
         NULL,
         {{"province", "台湾省"}, {"city", "台北市"}, {"district", "大安区"}, {"code", "710000"}},
         NULL},
        {"106台北市大安區忠孝東路4段100號",
         NULL,
         NULL,
         {{"city", "台北市"}, {"road", "忠孝东路4段"}},
         NULL},
        {"香港九龙油尖旺区弥敦道100号",
         NULL,
         NULL,
         {{"province", "香港特别行政区"},
          {"district", "油尖旺区"},
          {"road", "弥敦道"},
          {"number", "100"}},
         NULL},
        {"香港湾仔区轩尼诗道1号", NULL, NULL, {{"district", "湾仔区"}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(address, what_is_typed_for_none_is_refused)
{
    static const struct check_case cases[] = {
        {"无", "", "placeholder", {{"province", ""}}, NULL},
        {"不详", "", "placeholder", {{NULL, NULL}}, NULL},
        {"无", "", "placeholder", {{"province", ""}}, "浙江省"},
        {"0", "", "placeholder", {{NULL, NULL}}, NULL},
        {"---", "", "placeholder", {{NULL, NULL}}, NULL},
        {"同上", "", "placeholder", {{NULL, NULL}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(address, in_letters_is_kept_and_taken_apart)
{
    static const struct check_case cases[] = {
        {"No. 100 Zhongshan Road",
         "No. 100 Zhongshan Road",
         NULL,
         {{"road", "Zhongshan Road"}, {"number", "100"}, {"room", ""}},
         NULL},
        {"Flat B, 12/F", "Flat B, 12/F", NULL, {{"building", ""}, {"room", "F12-B"}}, NULL},
    };
    EXPECT_CASES(cases);
}

/* Every division of today, written in full and without the words 省 and 市, is itself. */
Test(address, every_division_is_found)
{
    static const char *const headings[] = {"code", "level", "province", "city", "name", NULL};
    struct reference *reference = reference_open();
    struct arena *arena = arena_create();
    struct arena *tables = arena_create();
    struct reference_table table;
    struct error error;
    cr_assert(reference_read(reference, tables, "divisions_current.csv", headings, &table, &error));
    for (size_t row = 0; row < table.csv.row_count; row++) {
        struct slice province = reference_cell(&table, row, 2);
        struct slice city = reference_cell(&table, row, 3);
        bool is_district = slice_equal(reference_cell(&table, row, 1), SLICE("3"));
        struct slice name = is_district ? reference_cell(&table, row, 4) : SLICE("");
        const char *text = arena_format(arena, "%.*s%.*s%.*s人民路1号", SLICE_ARGUMENTS(province),
                                        SLICE_ARGUMENTS(city), SLICE_ARGUMENTS(name));
        struct check_output output = check_run(reference, arena, CHECK, slice_of(text), NULL, NULL);
        struct slice code = output_part(&output, "code");
        cr_expect(slice_equal(code, reference_cell(&table, row, 0)), "%s: %.*s", text,
                  SLICE_ARGUMENTS(code));
        cr_expect(slice_equal(output_part(&output, "road"), SLICE("人民路")), "%s", text);
        cr_expect(slice_equal(output.value, slice_of(text)), "%s", text);
        arena_reset(arena);
    }
    arena_destroy(tables);
    arena_destroy(arena);
    reference_destroy(reference);
}

Test(address, random_addresses_never_break_anything)
{
    static const char *const seeds[] = {
        "浙江省杭州市西湖区文三路100号阳光花园12号楼3单元1502室",
        "106臺北市大安區忠孝東路四段100號5樓之2",
        "北京市市辖区朝阳区建国路88号SOHO现代城A座1201",
        "12#3-1502",
        "上海市静安区北京西路100弄5号302室",
    };
    struct slice alphabet = SLICE("省市区县路街号楼栋室单元弄之附#-/,. "
                                  "　０9aF一二十百零〇浙江杭州西湖北京上海中国镇村花园𠮷\uF900");
    struct reference *reference = reference_open();
    struct arena *arena = arena_create();
    uint64_t state = 5;
    for (int i = 0; i < 30000; i++) {
        struct slice text = text_mutate(arena, slice_of(seeds[i % 5]), alphabet, &state);
        if (text.length == 0)
            continue;
        struct check_output output =
            check_run(reference, arena, CHECK, text, "region", i % 2 ? "浙江省" : NULL);
        cr_assert(text_is_valid(output.value, NULL), "%.*s", SLICE_ARGUMENTS(text));
        for (size_t part = 0; part < output.part_count; part++)
            cr_assert(text_is_valid(output.parts[part].text, NULL), "%.*s", SLICE_ARGUMENTS(text));
        cr_assert(output.value.length > 0 || output.finding_count > 0, "%.*s",
                  SLICE_ARGUMENTS(text));
        arena_reset(arena);
    }
    arena_destroy(arena);
    reference_destroy(reference);
}

Test(address, what_is_too_long_is_kept_but_not_taken_apart)
{
    enum { CHARACTERS = 50000 };
    struct reference *reference = reference_open();
    struct arena *arena = arena_create();
    char *text = arena_allocate_bytes(arena, CHARACTERS);
    static const char fillers[] = "<(a1-";
    for (size_t i = 0; i < sizeof(fillers) - 1; i++) {
        memset(text, fillers[i], CHARACTERS);
        static const char *const checks[] = {CHECK, "person_or_company_name"};
        for (size_t check = 0; check < 2; check++) {
            struct check_output output = check_run(reference, arena, checks[check],
                                                   slice_make(text, CHARACTERS), NULL, NULL);
            cr_expect_eq(output.value.length, CHARACTERS);
            cr_expect_eq(output.part_count, 0);
            cr_expect(output_has(&output, "length"));
        }
    }
    arena_destroy(arena);
    reference_destroy(reference);
}

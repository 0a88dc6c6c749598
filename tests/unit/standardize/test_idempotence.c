/* What a check accepts it accepts again, unchanged: a value that comes back from a report, or from
 * another system that was fed with it, is the same value. */
#include "check_support.h"

#include "cust360/base/text.h"

#include <criterion/criterion.h>

/* The parts that are compared; others tell of what was left out the first time. */
static const char *const parts_kept[] = {"key",  "pinyin", "core",     "surname",  "given",
                                         "code", "road",   "number",   "estate",   "building",
                                         "unit", "room",   "province", "district", "postcode"};

static bool is_same_again(const struct reference *reference, struct arena *arena, const char *check,
                          struct slice value)
{
    struct check_output first = check_run(reference, arena, check, value, NULL, NULL);
    if (slice_is_empty(first.value))
        return true;
    struct check_output again = check_run(reference, arena, check, first.value, NULL, NULL);
    bool same = slice_equal(first.value, again.value);
    for (size_t i = 0; same && i < sizeof(parts_kept) / sizeof(parts_kept[0]); i++)
        same = slice_equal(output_part(&first, parts_kept[i]), output_part(&again, parts_kept[i]));
    if (!same)
        cr_log_info("'%.*s' became '%.*s', and that '%.*s'", SLICE_ARGUMENTS(value),
                    SLICE_ARGUMENTS(first.value), SLICE_ARGUMENTS(again.value));
    return same;
}

static void expect_same_again(const char *check, const char *const *values, size_t count)
{
    struct reference *reference = reference_open();
    struct arena *arena = arena_create();
    for (size_t i = 0; i < count; i++)
        cr_expect(is_same_again(reference, arena, check, slice_of(values[i])), "%s", values[i]);
    arena_destroy(arena);
    reference_destroy(reference);
}

#define EXPECT_SAME_AGAIN(check, values)                                                           \
    expect_same_again(check, values, sizeof(values) / sizeof((values)[0]))

Test(idempotence, names)
{
    static const char *const names[] = {
        "王伟",
        "欧阳 娜娜（女士）",
        "小张师傅",
        "老王",
        "先生王伟",
        "王伟,女",
        "王某某",
        "王XX",
        "王?明",
        "王伟家属",
        "张伟/李娜",
        "张伟 李娜",
        "13812345678王伟",
        "京A12345 王伟",
        "王伟 Peter",
        "张Wei",
        "阿不都热依木 . 买买提",
        "阿不都热依木?买买提",
        "阿不都热依木 买买提",
        "Zhang, Wei",
        "Yu, Wang",
        "García, José",
        "ZhangWei",
        "WEI ZHANG",
        "Peter CHAN Tai Man",
        "Chan Tai Man, Peter",
        "Ou Yang, Nana",
        "Lyu, Bu",
        "Hans Müller",
        "Mr. Wang",
        "Zhang Wei Mr.",
        "上海鑫达(集团)有限公司（公章）",
        "上海鑫达有限公 司。",
        "鑫达商贸[上海]有限公司 王伟",
        "上海鑫达公司（王伟）",
        "中国工商银行股份有限公司上海市浦东支行",
        "3M中国有限公司",
        "ABC (Shanghai) Co., Ltd.",
        "ABC GmbH & Co. KG",
        "一汽－大众汽车有限公司",
    };
    EXPECT_SAME_AGAIN("person_or_company_name", names);
}

Test(idempotence, addresses)
{
    static const char *const addresses[] = {
        "江苏南京鼓楼",
        "江苏省南京市江苏省南京市鼓楼区中山路1号",
        "浙江省|杭州市|西湖区|文三路100号",
        "浙江省杭州市(西湖区)文三路１００号",
        "【浙江省杭州市】文三路1号",
        "收货地址：浙江省杭州市人民路1号",
        "中华人民共和国浙江省杭州市",
        "310012 浙江省杭州市人民路1号",
        "人民路1号 310000",
        "310000人民路1号",
        "杭州市江干区凯旋路1号",
        "吴县市木渎镇",
        "四川省涪陵市人民路1号",
        "内蒙锡盟锡林浩特",
        "湖北省直辖县级行政区划仙桃市",
        "成都高新区天府大道北段1700号",
        "深圳市龙华新区人民路1号",
        "朝阳区建国路88号",
        "玉山镇北门村3组5号",
        "建国路甲5号",
        "建国路5号之一",
        "阳光花园三号楼二单元三零一",
        "阳光花园 12 号楼 3 单元 1502",
        "106-90 台北市大安區忠孝東路四段100號5樓之2",
        "台北縣板橋市縣民大道二段7號",
        "香港中環德輔道中100號12/F",
        "沙田新城市廣場",
        "Flat B, 12/F, 100 Nathan Road",
    };
    EXPECT_SAME_AGAIN("address", addresses);
}

Test(idempotence, every_division_of_today_and_before)
{
    static const char *const headings[] = {"old_full_name", NULL};
    struct reference *reference = reference_open();
    struct arena *arena = arena_create();
    struct arena *tables = arena_create();
    struct reference_table table;
    struct error error;
    cr_assert(
        reference_read(reference, tables, "divisions_successors.csv", headings, &table, &error));
    for (size_t row = 0; row < table.csv.row_count; row++) {
        struct slice name = reference_cell(&table, row, 0);
        const char *text = arena_format(arena, "%.*s人民路1号", SLICE_ARGUMENTS(name));
        cr_expect(is_same_again(reference, arena, "address", slice_of(text)), "%s", text);
        arena_reset(arena);
    }
    arena_destroy(tables);
    arena_destroy(arena);
    reference_destroy(reference);
}

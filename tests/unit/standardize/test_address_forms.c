/* Addresses as people type them: what each form comes to. */
#include "check_support.h"

#include <criterion/criterion.h>

#define CHECK "address"

#define EXPECT_CASES(cases) expect_cases(CHECK, "region", cases, sizeof(cases) / sizeof((cases)[0]))

Test(address_forms, divisions_with_levels_left_out)
{
    static const struct check_case cases[] = {
        {"江苏南京鼓楼", "江苏省南京市鼓楼区", NULL, {{"code", "320106"}}, NULL},
        {"福州鼓楼", "福建省福州市鼓楼区", NULL, {{"code", "350102"}}, NULL},
        {"江苏昆山", "江苏省苏州市昆山市", NULL, {{"code", "320583"}}, NULL},
        {"浙江嘉善惠民镇", "浙江省嘉兴市嘉善县惠民镇", NULL, {{"town", "惠民镇"}}, NULL},
        {"昆山玉山镇人民路1号",
         "江苏省苏州市昆山市玉山镇人民路1号",
         NULL,
         {{"town", "玉山镇"}, {"road", "人民路"}},
         NULL},
        {"义乌", "浙江省金华市义乌市", NULL, {{"code", "330782"}}, NULL},
        {"福田", "广东省深圳市福田区", NULL, {{"code", "440304"}}, NULL},
        {"闵行区", "上海市闵行区", NULL, {{"code", "310112"}}, NULL},
        {"哈市南岗区", "黑龙江省哈尔滨市南岗区", NULL, {{"code", "230103"}}, NULL},
        {"内蒙锡盟锡林浩特", "内蒙古自治区锡林郭勒盟锡林浩特市", NULL, {{"code", "152502"}}, NULL},
        {"鄂温克旗", "内蒙古自治区呼伦贝尔市鄂温克族自治旗", NULL, {{"code", "150724"}}, NULL},
        {"石河子", "新疆维吾尔自治区石河子市", NULL, {{"city", ""}, {"code", "659001"}}, NULL},
        {"贵州凯里市", "贵州省黔东南苗族侗族自治州凯里市", NULL, {{"code", "522601"}}, NULL},
        {"西湖", "西湖", NULL, {{"code", ""}}, NULL},
        {"海淀中关村大街1号", NULL, NULL, {{"code", ""}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(address_forms, divisions_named_twice)
{
    static const struct check_case cases[] = {
        {"江苏省江苏省南京市南京市鼓楼区", "江苏省南京市鼓楼区", NULL, {{"code", "320106"}}, NULL},
        {"江苏省南京市江苏省南京市鼓楼区中山路1号",
         "江苏省南京市鼓楼区中山路1号",
         NULL,
         {{"road", "中山路"}},
         NULL},
        {"浙江省宁波市江北区江北区海川路810号",
         "浙江省宁波市江北区海川路810号",
         NULL,
         {{"road", "海川路"}},
         NULL},
        {"北京北京市海淀区", "北京市海淀区", NULL, {{"code", "110108"}}, NULL},
        {"金华金华兰溪市", "浙江省金华市兰溪市", NULL, {{"code", "330781"}}, NULL},
        {"北京北京路1号", NULL, NULL, {{"road", "北京路"}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(address_forms, divisions_with_signs_and_fillers)
{
    static const struct check_case cases[] = {
        {"浙江省|杭州市|西湖区|文三路1号",
         "浙江省杭州市西湖区文三路1号",
         NULL,
         {{NULL, NULL}},
         NULL},
        {"浙江省_杭州市_西湖区", "浙江省杭州市西湖区", NULL, {{NULL, NULL}}, NULL},
        {"浙江省>杭州市>西湖区", "浙江省杭州市西湖区", NULL, {{NULL, NULL}}, NULL},
        {"浙江省;杭州市;西湖区", "浙江省杭州市西湖区", NULL, {{NULL, NULL}}, NULL},
        {"浙江省杭州市(西湖区)文三路1号",
         "浙江省杭州市西湖区文三路1号",
         NULL,
         {{NULL, NULL}},
         NULL},
        {"【浙江省杭州市】文三路1号", "浙江省杭州市文三路1号", NULL, {{NULL, NULL}}, NULL},
        {"海南省省直辖县级行政区划琼海市", "海南省琼海市", NULL, {{"code", "469002"}}, NULL},
        {"湖北省直辖县级行政单位仙桃市", "湖北省仙桃市", NULL, {{"code", "429004"}}, NULL},
        {"新疆维吾尔自治区自治区直辖县级行政区划石河子市",
         "新疆维吾尔自治区石河子市",
         NULL,
         {{"code", "659001"}},
         NULL},
        {"收货地址：浙江省杭州市人民路1号", "浙江省杭州市人民路1号", NULL, {{NULL, NULL}}, NULL},
        {"中华人民共和国浙江省杭州市", "浙江省杭州市", NULL, {{"code", "330100"}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(address_forms, divisions_that_are_no_more)
{
    static const struct check_case cases[] = {
        {"北京崇文", "北京市东城区", NULL, {{"code", "110101"}}, NULL},
        {"卢湾区淮海中路1号", "上海市黄浦区淮海中路1号", NULL, {{"code", "310101"}}, NULL},
        {"上海市闸北区", "上海市静安区", NULL, {{"code", "310106"}}, NULL},
        {"南汇区惠南镇", "上海市浦东新区惠南镇", NULL, {{"code", "310115"}}, NULL},
        {"萧山市城厢镇", "浙江省杭州市萧山区城厢镇", NULL, {{"code", "330109"}}, NULL},
        {"襄樊", "湖北省襄阳市", NULL, {{"code", "420600"}}, NULL},
        {"思茅市翠云区", "云南省普洱市思茅区", NULL, {{"code", "530802"}}, NULL},
        {"云南省思茅地区", "云南省普洱市", NULL, {{"code", "530800"}}, NULL},
        {"内蒙古哲里木盟", "内蒙古自治区通辽市", NULL, {{"code", "150500"}}, NULL},
        {"四川省涪陵市", "重庆市涪陵区", NULL, {{"code", "500102"}}, NULL},
        {"四川省重庆市", "重庆市", NULL, {{"code", "500000"}}, NULL},
        {"佛山市南海市", "广东省佛山市南海区", NULL, {{"code", "440605"}}, NULL},
        {"武进市", "江苏省常州市武进区", NULL, {{"code", "320412"}}, NULL},
        {"山东莱芜", "山东省济南市莱芜区", NULL, {{"code", "370116"}}, NULL},
        {"天津塘沽区", "天津市滨海新区", NULL, {{"code", "120116"}}, NULL},
        {"深圳市龙华新区", "广东省深圳市龙华区", NULL, {{"code", "440309"}}, NULL},
    };
    EXPECT_CASES(cases);
}

/* Several took it over, and only the road could tell which: the old name is not lost. */
Test(address_forms, a_parted_division_keeps_its_name)
{
    static const struct check_case cases[] = {
        {"杭州市江干区凯旋路1号",
         "浙江省杭州市江干区凯旋路1号",
         NULL,
         {{"district", ""}, {"code", "330100"}, {"road", "凯旋路"}},
         NULL},
        {"吴县市木渎镇",
         "江苏省苏州市吴县市木渎镇",
         NULL,
         {{"code", "320500"}, {"town", "木渎镇"}},
         NULL},
    };
    EXPECT_CASES(cases);
}

Test(address_forms, zones_are_no_divisions)
{
    static const struct check_case cases[] = {
        {"成都高新区天府大道北段1700号",
         "四川省成都市高新区天府大道北段1700号",
         NULL,
         {{"city", "成都市"}, {"road", "天府大道北段"}, {"number", "1700"}},
         NULL},
        {"苏州工业园区星湖街1号",
         "江苏省苏州市工业园区星湖街1号",
         NULL,
         {{"city", "苏州市"}, {"road", "星湖街"}},
         NULL},
        {"天津开发区第一大街1号",
         "天津市开发区第一大街1号",
         NULL,
         {{"province", "天津市"}, {"road", "第一大街"}},
         NULL},
        {"乐清中心工业园区纬五路860号", NULL, NULL, {{"road", "纬五路"}}, NULL},
        {"慈溪市观海卫工业园东区古师路692号", NULL, NULL, {{"road", "古师路"}}, NULL},
        {"得力工业园3号楼", NULL, NULL, {{"estate", "得力工业园"}, {"building", "3"}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(address_forms, roads)
{
    static const struct check_case cases[] = {
        {"开元北街龙潭路110号", NULL, NULL, {{"road", "开元北街"}, {"number", "110"}}, NULL},
        {"建国路与人民路交叉口", NULL, NULL, {{"road", "建国路"}, {"estate", ""}}, NULL},
        {"建国路人民路口", NULL, NULL, {{"road", "建国路"}, {"estate", ""}}, NULL},
        {"汽车北站对面莫干山路1186", NULL, NULL, {{"road", "莫干山路"}, {"number", "1186"}}, NULL},
        {"下沙2号大街1号", NULL, NULL, {{"road", "下沙2号大街"}, {"number", "1"}}, NULL},
        {"G312国道100号", NULL, NULL, {{"road", "g312国道"}, {"number", "100"}}, NULL},
        {"二环路北一段1号", NULL, NULL, {{"road", "二环路北1段"}, {"number", "1"}}, NULL},
        {"教育西4巷6号", NULL, NULL, {{"road", "教育西4巷"}, {"number", "6"}}, NULL},
        {"大路镇人民路1号", NULL, NULL, {{"town", "大路镇"}, {"road", "人民路"}}, NULL},
        {"花园路5号", NULL, NULL, {{"road", "花园路"}, {"estate", ""}}, NULL},
        {"大学路新村42栋", NULL, NULL, {{"estate", "大学路新村"}, {"building", "42"}}, NULL},
        {"五道口华清嘉园3号楼", NULL, NULL, {{"road", ""}, {"estate", "五道口华清嘉园"}}, NULL},
        {"工业小区工贸三路254-276",
         NULL,
         NULL,
         {{"road", "工贸三路"}, {"number", "254-276"}},
         NULL},
    };
    EXPECT_CASES(cases);
}

Test(address_forms, numbers)
{
    static const struct check_case cases[] = {
        {"建国路甲5号", NULL, NULL, {{"number", "甲5"}}, NULL},
        {"建国路5号甲", NULL, NULL, {{"number", "5甲"}}, NULL},
        {"建国路5号之一", NULL, NULL, {{"number", "5-1"}}, NULL},
        {"建国路No.5", NULL, NULL, {{"number", "5"}}, NULL},
        {"建国路5号101-103室", NULL, NULL, {{"number", "5"}, {"room", "101-103"}}, NULL},
        {"建国路5号负一层", NULL, NULL, {{"number", "5"}, {"room", "FB1"}}, NULL},
        {"建国路5号-1层", NULL, NULL, {{"number", "5"}, {"room", "FB1"}}, NULL},
        {"花园大厦12/F", NULL, NULL, {{"room", "F12"}}, NULL},
        {"花园大厦12楼B室", NULL, NULL, {{"room", "F12-B"}}, NULL},
        {"阳光花园3号楼三层东户", NULL, NULL, {{"building", "3"}, {"room", "F3-东"}}, NULL},
        {"阳光花园3号楼东单元301", NULL, NULL, {{"unit", "东"}, {"room", "301"}}, NULL},
        {"阳光花园甲栋301", NULL, NULL, {{"building", "甲"}, {"room", "301"}}, NULL},
        {"阳光花园叁号楼贰单元", NULL, NULL, {{"building", "3"}, {"unit", "2"}}, NULL},
        {"阳光花园三号楼二单元三零一", NULL, NULL, {{"unit", "2"}, {"room", "301"}}, NULL},
        {"五星公寓6一3一145",
         NULL,
         NULL,
         {{"building", "6"}, {"unit", "3"}, {"room", "145"}},
         NULL},
        {"阳光小区112号", NULL, NULL, {{"number", ""}, {"building", "112"}}, NULL},
        {"六合小区9栋11号", NULL, NULL, {{"building", "9"}, {"room", "11"}}, NULL},
        {"联合市场11楼642号", NULL, NULL, {{"room", "642"}}, NULL},
        {"武林广场7号杭州大厦A座", NULL, NULL, {{"number", "7"}, {"building", "A"}}, NULL},
        {"莫泰168酒店3栋", NULL, NULL, {{"estate", "莫泰168酒店"}, {"building", "3"}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(address_forms, what_is_no_part_of_the_house)
{
    static const struct check_case cases[] = {
        {"人民路1号13812345678", NULL, NULL, {{"number", "1"}, {"room", ""}}, NULL},
        {"人民路1号，电话62345678", NULL, NULL, {{"estate", ""}, {"room", ""}}, NULL},
        {"人民路1号 310000",
         "人民路1号 310000",
         NULL,
         {{"postcode", "310000"}, {"room", ""}},
         NULL},
        {"人民路1号邮编310000", NULL, NULL, {{"postcode", "310000"}, {"room", ""}}, NULL},
        {"310000人民路1号", NULL, NULL, {{"postcode", "310000"}, {"number", "1"}}, NULL},
        {"人民路1号隔壁", NULL, NULL, {{"number", "1"}, {"estate", ""}}, NULL},
        {"人民路1号门口", NULL, NULL, {{"number", "1"}, {"estate", ""}}, NULL},
    };
    EXPECT_CASES(cases);
}

/* Where there are no roads, numbers count within the village or its group. */
Test(address_forms, villages)
{
    static const struct check_case cases[] = {
        {"玉山镇北门村3组5号",
         NULL,
         NULL,
         {{"town", "玉山镇"}, {"village", "北门村"}, {"road", "北门村"}, {"number", "3组5"}},
         NULL},
        {"玉山镇北门村三组5号", NULL, NULL, {{"road", "北门村"}, {"number", "3组5"}}, NULL},
        {"西街村5号", NULL, NULL, {{"road", "西街村"}, {"number", "5"}}, NULL},
        {"玉山乡北门村", NULL, NULL, {{"town", "玉山乡"}, {"estate", "北门村"}}, NULL},
        {"红旗社区3号楼", NULL, NULL, {{"estate", "红旗社区"}, {"building", "3"}}, NULL},
        {"红旗社区红旗路5号", NULL, NULL, {{"village", "红旗社区"}, {"road", "红旗路"}}, NULL},
    };
    EXPECT_CASES(cases);
}

Test(address_forms, hong_kong_macao_and_taiwan_in_their_characters)
{
    static const struct check_case cases[] = {
        {"台北市大安區忠孝東路四段100號",
         "台灣省臺北市大安區忠孝東路四段100號",
         NULL,
         {{"city", "台北市"}, {"road", "忠孝东路4段"}},
         NULL},
        {"台北縣板橋市縣民大道二段7號",
         "台灣省新北市板橋區縣民大道二段7號",
         NULL,
         {{"district", "板桥区"}},
         NULL},
        {"106-90 台北市大安區", "台灣省臺北市大安區", NULL, {{NULL, NULL}}, NULL},
        {"(106)台北市大安區", "台灣省臺北市大安區", NULL, {{NULL, NULL}}, NULL},
        {"大溪镇大溪北路1号", "大溪镇大溪北路1号", NULL, {{"province", ""}}, NULL},
        {"九龍旺角彌敦道100號",
         "香港特別行政區九龍旺角彌敦道100號",
         NULL,
         {{"road", "弥敦道"}, {"number", "100"}},
         NULL},
        {"香港中環德輔道中100號", NULL, NULL, {{"code", "810000"}, {"road", "德辅道中"}}, NULL},
        {"沙田正街1號", NULL, NULL, {{"road", "沙田正街"}}, NULL},
        {"澳門南灣大馬路100號",
         "澳門特別行政區南灣大馬路100號",
         NULL,
         {{"road", "南湾大马路"}},
         NULL},
    };
    EXPECT_CASES(cases);
}

/* Without the spaces more is named than with them. */
Test(address_forms, spaces_within_names)
{
    static const struct check_case cases[] = {
        {"重　庆  潼南区", "重庆市潼南区", NULL, {{"code", "500152"}}, NULL},
        {"上 海黄浦区北京一路620号",
         "上海市黄浦区北京一路620号",
         NULL,
         {{"road", "北京一路"}, {"number", "620"}},
         NULL},
    };
    EXPECT_CASES(cases);
}

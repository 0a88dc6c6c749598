#include "cli/review/review_chinese.h"

#include <string.h>

/* The names are those of mappings/match.yaml. */

struct word {
    const char *english;
    const char *chinese;
};

static struct slice find(const struct word *words, size_t count, const char *english)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i].english, english) == 0)
            return slice_of(words[i].chinese);
    return slice_of(english);
}

struct slice chinese_comparison(const char *name)
{
    static const struct word words[] = {
        {"identity number", "证件号码"},
        {"name", "姓名"},
        {"company name", "公司名称"},
        {"mobile", "手机号"},
        {"landline", "座机"},
        {"e-mail", "邮箱"},
        {"birth date", "出生日期"},
        {"gender", "性别"},
        {"address", "地址"},
        {"car", "车辆"},
        {"plate", "车牌"},
    };
    return find(words, sizeof(words) / sizeof(words[0]), name);
}

struct slice chinese_level(const char *name)
{
    static const struct word words[] = {
        {"same", "相同"},
        {"different", "不同"},
        {"one slip", "仅一处笔误"},
        {"one character", "仅一字之差"},
        {"only the surname is known", "仅知姓氏"},
        {"sounds the same", "读音相同"},
        {"looks alike", "字形相近"},
        {"same surname", "同姓"},
        {"one within the other", "一个包含另一个"},
        {"the other's second number", "是对方的另一个号码"},
        {"same mailbox", "邮箱名相同"},
        {"same home", "同一住处"},
        {"same home in another or no district", "同一住处（区县不同或缺失）"},
        {"same house number", "门牌相同"},
        {"same house number in another or no district", "门牌相同（区县不同或缺失）"},
        {"another home in the same district", "同一区县的另一住处"},
        {"same district", "同一区县"},
        {"another one of the same city", "同城另一车牌"},
    };
    return find(words, sizeof(words) / sizeof(words[0]), name);
}

struct slice chinese_attribute(const char *name)
{
    static const struct word words[] = {
        {"surname", "姓"}, {"given", "名"}, {"pinyin", "拼音"}, {"name", "姓名"}};
    return find(words, sizeof(words) / sizeof(words[0]), name);
}

struct slice chinese_block(const char *name)
{
    static const struct word words[] = {
        {"id number", "证件号码"},
        {"phone", "电话"},
        {"vin", "车架号"},
        {"email", "邮箱"},
        {"home", "住处"},
        {"name and birth", "姓名与出生日期"},
        {"name and home", "姓名与住处"},
        {"name and road", "姓名与道路"},
        {"name and most of the mobile", "姓名与手机号大部分"},
        {"name and end of the mobile", "姓名与手机尾号"},
        {"surname and birth", "姓与出生日期"},
        {"landline", "固定电话"},
        {"plate", "车牌"},
        {"company", "公司"},
        {"name", "姓名"},
    };
    return find(words, sizeof(words) / sizeof(words[0]), name);
}

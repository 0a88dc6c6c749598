#include "cust360/base/digest.h"
#include "cust360/base/file.h"
#include "cust360/reconcile.h"
#include "cust360/reconcile_count.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

TestSuite(reconcile_damage);

Test(reconcile_damage, a_changed_value_is_named_by_how_it_differs)
{
    static const struct {
        const char *source;
        const char *target;
        enum discrepancy_kind kind;
    } cases[] = {
        {"person.one@163.com", "person.o", CUT},
        {"上海市浦东新区", "上海市浦", CUT},
        {"上海市浦东新区", "上海市\xEF\xBF\xBD", CUT},
        {"1984-03-05", "1900-01-01", DEFAULT_VALUE},
        {"1984-03-05 08:00:00", "1900-01-01 00:00:00", DEFAULT_VALUE},
        {"13912345678", "13800000000", DEFAULT_VALUE},
        {"王伟", "未知", DEFAULT_VALUE},
        {"250", "0", DEFAULT_VALUE},
        {"王小明", "??明", ENCODING},
        {"王小明", "?小明", ENCODING},
        {"王小明", "\xEF\xBF\xBD小明", ENCODING},
        {"王", "çŽ‹", ENCODING},
        {"王", "\xC3\xA7\xC2\x8E\xC2\x8B", ENCODING},
        {"王小明先生", "鐜嬪皬鏄庡厛鐢", ENCODING},
        {"王小明", "锟斤拷小明", ENCODING},
        {"左智滨", "宸︽櫤婊", ENCODING},
        {"12号翠湖苑", "12鍙风繝婀栬嫅", ENCODING},
        {"左智滨", "×óÖÇ±õ", ENCODING},
        {"04/07/1975", "01/01/1900", DEFAULT_VALUE},
        {"04.07.1975", "01.01.1900", DEFAULT_VALUE},
        {"𠮷野", "野", ENCODING},
        {"王小明", "", LOST},
        {"王小明", "李小明", CHANGED},
        {"13912345678", "13912345679", CHANGED},
        {"What?", "What", CUT},
        {"上海市浦东新区", "上海市浦...", CUT},
        {"上海市浦东新区", "浦东新区", CUT},
        {"王小明", "王明", ENCODING},
        {"陈喆", "陈□", ENCODING},
        {"José", "Jose", ENCODING},
        {"凯美瑞", "Citroën", CHANGED},
        {"王小明", "&#29579;&#23567;&#26126;", ENCODING},
        {"王小明", "\\u738b\\u5c0f\\u660e", ENCODING},
        {"13912345678", "139****5678", MASKED},
        {"0000123", "123", ZEROS_LOST},
        {"010-84053925", "10-84053925", ZEROS_LOST},
        {"0000123", "124", CHANGED},
        {"258646.80", "258647", ROUNDED},
        {"174652.50", "174652", ROUNDED},
        {"297530", "298000", ROUNDED},
        {"199572", "200000", ROUNDED},
        {"440103196602113744", "4.40103E+17", ROUNDED},
        {"440103196602113744", "440103196602113000", ROUNDED},
        {"15", "20", CHANGED},
        {"1999", "2000", CHANGED},
        {"2016-01-12", "2016-12-01", DAY_AND_MONTH},
        {"12/01/2016", "01/12/2016", DAY_AND_MONTH},
        {"2016-01-12", "2016-01-11", TIME_SHIFTED},
        {"01/03/2016", "29/02/2016", TIME_SHIFTED},
        {"03/01/2016", "02/29/2016", TIME_SHIFTED},
        {"2016-01-12 02:30:00", "2016-01-11 18:30:00", TIME_SHIFTED},
        {"2016-01-12T02:30:00", "2016-01-12T10:30:00", TIME_SHIFTED},
        {"2016-01-12 02:30:00", "2016-01-12 02:37:00", CHANGED},
        {"2016-01-12", "2016-01-14", CHANGED},
        {"1983-06-25", "2083-06-25", CHANGED},
        {"LSVAPPLL3KC208550", "lsvappll3kc208550", REWRITTEN},
        {"王小明", "王小明\xC2\xA0", REWRITTEN},
        {"13912345678", "１３９１２３４５６７８", REWRITTEN},
        {"297530.00", "297530", REWRITTEN},
        {"100.5", "-100.5", CHANGED},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        enum discrepancy_kind kind =
            discrepancy_of_cell(slice_of(cases[i].source), slice_of(cases[i].target));
        cr_expect_eq(kind, cases[i].kind, "%s → %s: %s, not %s", cases[i].source, cases[i].target,
                     discrepancy_name(kind), discrepancy_name(cases[i].kind));
    }
}

Test(reconcile_damage, whole_texts_do_not_look_damaged)
{
    static const char *const whole[] = {"王小明", "上海市浦东新区张江路 12 号",
                                        "Müller", "José",
                                        "Çå",     "Éé 12",
                                        "What?",  "a@b.cn",
                                        "A&#1 B", "50%EX 20%",
                                        "",       "𠮷野"};
    static const char *const damaged[] = {"??",
                                          "王??",
                                          "\xEF\xBF\xBD",
                                          "鍙嬪競娴︿笢鏂板尯",
                                          "Ê¯ÃÎ",
                                          "ÉÏº£ÊÐ12ºÅ",
                                          "\xC3\xA7\xC2\x8E\xC2\x8B",
                                          "锟斤拷",
                                          "&#24429;&#x5F20;",
                                          "\\u5f90\\u6db5",
                                          "%E5%BC%A0"};
    for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
        cr_expect_not(text_looks_damaged(slice_of(whole[i])), "%s", whole[i]);
    for (size_t i = 0; i < sizeof(damaged) / sizeof(damaged[0]); i++)
        cr_expect(text_looks_damaged(slice_of(damaged[i])), "%s", damaged[i]);
}

Test(reconcile_damage, each_kind_has_a_name_and_a_sentence)
{
    for (int kind = 0; kind < DISCREPANCY_KINDS; kind++) {
        cr_expect(discrepancy_name((enum discrepancy_kind)kind));
        cr_expect(discrepancy_sentence((enum discrepancy_kind)kind));
    }
    cr_expect(discrepancy_is_fault(CHANGED));
    cr_expect_not(discrepancy_is_fault(SUSPECT_CUT));
}

Test(reconcile_damage, a_digest_is_that_of_the_standard)
{
    char text[DIGEST_TEXT_BYTES];
    digest_text(SLICE("abc"), text);
    cr_expect_str_eq(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    digest_text(slice_of(""), text);
    cr_expect_str_eq(text, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    digest_text(SLICE("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"), text);
    cr_expect_str_eq(text, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

/* ---- counts by bytes ---- */

static void write_file(char *path, const char *text, size_t length)
{
    struct error error;
    snprintf(path, 64, "/tmp/cust360-count-%d", getpid());
    cr_assert(file_write(path, slice_make(text, length), &error), "%s", error.message);
}

Test(reconcile_damage, lines_are_counted_outside_of_quotes)
{
    static const struct {
        const char *text;
        size_t length;
        uint64_t records;
    } cases[] = {
        {"a,b\n1,2\n3,4\n", 12, 3},
        {"a,b\n1,2\n3,4", 11, 3},
        {"a\r\nb\r\n\r\n", 8, 2},
        {"a,\"x\ny\"\"z\n\"\nb\n", 14, 2},
        {"\xEF\xBB\xBF"
         "a\nb\n",
         7, 2},
        {"\xFF\xFE"
         "a\0\n\0\x0A\x4E\n\0",
         10, 2},
        {"\xFE\xFF\0a\0\n\0b\0\n", 10, 2},
        {"", 0, 0},
    };
    char path[64];
    struct error error;
    struct raw_count count;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        write_file(path, cases[i].text, cases[i].length);
        cr_assert(raw_count_lines(path, '"', &count, &error), "%s", error.message);
        cr_expect_eq(count.records, cases[i].records, "case %zu: %llu", i,
                     (unsigned long long)count.records);
        cr_expect_eq(count.bytes, cases[i].length);
    }
    file_remove(path);
    cr_expect_not(raw_count_lines("/nowhere/at all", '"', &count, &error));
}

Test(reconcile_damage, elements_are_counted_by_their_path)
{
    static const char text[] =
        "<?xml version='1.0'?><!-- <E><C/></E> --><x:E a='>'><x:C id=\"1\"/><C><C/><D/></C>"
        "<Other><C/></Other><![CDATA[<C/>]]><C\n b='/>' ></C></x:E>";
    char path[64];
    struct error error;
    struct raw_count count;
    write_file(path, text, sizeof(text) - 1);
    cr_assert(raw_count_elements(path, "/E/C", &count, &error));
    cr_expect_eq(count.records, 3, "%llu", (unsigned long long)count.records);
    cr_assert(raw_count_elements(path, "/E/Other/C", &count, &error));
    cr_expect_eq(count.records, 1);
    file_remove(path);
}

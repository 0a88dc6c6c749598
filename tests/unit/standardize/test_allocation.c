/* Nothing on the path of a value takes memory from the system: what it needs stands in the arena
 * and in the context, which keep theirs. */
#include "support.h"

TestSuite(allocation, .init = standardize_open, .fini = standardize_close, .timeout = 60);

#ifndef __SANITIZE_ADDRESS__

/* The sanitizers have an allocator of their own; elsewhere this one stands before libc's. */
extern void *__libc_malloc(size_t bytes);
extern void *__libc_calloc(size_t count, size_t bytes);
extern void *__libc_realloc(void *memory, size_t bytes);

static size_t allocations;

void *malloc(size_t bytes)
{
    allocations++;
    return __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes)
{
    allocations++;
    return __libc_calloc(count, bytes);
}

void *realloc(void *memory, size_t bytes)
{
    allocations++;
    return __libc_realloc(memory, bytes);
}

static void run_all(struct rule_context *context, struct arena *arena)
{
    static const char *const values[][2] = {
        {"mobile", "13812345678"},
        {"mobile", "+86 138-1234-5678"},
        {"mobile", "00852 91234567"},
        {"mobile", "13812345678/13912345678"},
        {"phone", "(0571)88123456转801"},
        {"identity", "11010519491231002X"},
        {"identity", "91350211M000100Y43"},
        {"identity", "A123456(3)"},
        {"vin", "LSVAM4186C2184841"},
        {"vin", "LSVAM4l86C2184841"},
        {"plate", "京AD12345"},
        {"plate", "粤ZA123港"},
        {"email", "Wang.Wei@Gmial.com"},
        {"date", "2013年8月5日"},
        {"birth_date", "1980-02-29"},
        {"datetime", "2013/08/05 14:30"},
        {"money", "￥1,234.50"},
        {"money", "壹万贰仟叁佰元整"},
        {"distance", "4.5万公里"},
        {"name", "王建国"},
        {"name", "王伟先生（车主）"},
        {"name", "上海鑫达汽车销售有限公司"},
        {"name", "ZHANG Wei"},
        {"name", "阿不都热依木·买买提"},
        {"address", "浙江省杭州市西湖区文三路100号阳光花园12号楼3单元1502室"},
        {"address", "浙江 杭州 西湖区 文三路１００号"},
        {"address", "106台北市大安區忠孝東路四段100號"},
        {"colour", "珍珠白"},
    };
    const struct rules *rules = standardize_rules();
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        struct error error = {0};
        struct rule_result result;
        struct rule_input input = {.value = slice_of(values[i][1]), .arena = arena};
        const struct rule *rule = rules_find(rules, values[i][0]);
        cr_assert(rule_run(rule, context, &input, &result, &error), "%s", values[i][1]);
        arena_reset(arena);
    }
}

Test(allocation, no_value_needs_one)
{
    struct rule_context context;
    struct arena *arena = arena_create();
    rule_context_open(&context, standardize_rules()->reference, STANDARDIZE_TODAY);
    run_all(&context, arena);
    run_all(&context, arena);
    size_t before = allocations;
    run_all(&context, arena);
    size_t taken = allocations - before;
    cr_expect_eq(taken, 0, "%zu allocations", taken);
    cr_expect_gt(before, 0, "nothing was counted");
    rule_context_close(&context);
    arena_destroy(arena);
}

#endif

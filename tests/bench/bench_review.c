#include "cli/commands.h"
#include "cli/review/review_open.h"
#include "cust360/base/buffer.h"
#include "cust360/base/date.h"
#include "cust360/review_bulk.h"
#include "cust360/review_customer.h"
#include "cust360/review_decide.h"
#include "cust360/review_stats.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* What a steward does, one action after the other, on a state and a view of a large group; the
 * slowest and the mean of each in milliseconds, and of the processor's time in it. */

enum { ROUNDS = 20, VERDICTS = 3, ACTIONS_MOST = 16, ALIKE_MOST = 50 };

struct action {
    const char *name;
    double limit_ms;
    double sum_ms;
    double most_ms;
    double cpu_ms;
    double most_cpu_ms;
    unsigned count;
};

static struct action actions[ACTIONS_MOST] = {
    {.name = "first page", .limit_ms = 300}, {.name = "filtered page", .limit_ms = 100},
    {.name = "claim", .limit_ms = 100},      {.name = "one case", .limit_ms = 100},
    {.name = "preview", .limit_ms = 100},    {.name = "decide", .limit_ms = 100},
    {.name = "undo", .limit_ms = 100},       {.name = "stats", .limit_ms = 100},
    {.name = "search", .limit_ms = 50},      {.name = "customer", .limit_ms = 100},
    {.name = "alike", .limit_ms = 100},
};
enum {
    FIRST,
    FILTERED,
    CLAIM,
    CASE,
    PREVIEW,
    DECIDE,
    UNDO,
    STATS,
    SEARCH,
    CUSTOMER,
    ALIKE,
    ACTIONS
};

struct moment {
    double wall_s;
    double cpu_s;
};

/* On a machine that others use too the processor's time tells more than the clock. */
static struct moment now(void)
{
    struct timespec cpu;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
    return (struct moment){date_monotonic_seconds(),
                           (double)cpu.tv_sec + (double)cpu.tv_nsec / 1e9};
}

static void note(int which, struct moment began)
{
    struct moment ended = now();
    struct action *action = &actions[which];
    double ms = (ended.wall_s - began.wall_s) * 1000;
    double cpu_ms = (ended.cpu_s - began.cpu_s) * 1000;
    action->sum_ms += ms;
    action->most_ms = ms > action->most_ms ? ms : action->most_ms;
    action->cpu_ms += cpu_ms;
    action->most_cpu_ms = cpu_ms > action->most_cpu_ms ? cpu_ms : action->most_cpu_ms;
    action->count++;
}

static void must(bool done, const struct error *error)
{
    struct buffer text = BUFFER_EMPTY;
    if (done)
        return;
    error_describe(error, &text);
    fprintf(stderr, "%s", text.data);
    exit(1);
}

static void measure_pages(struct review *review, struct arena *arena)
{
    struct error error;
    struct review_page page;
    struct review_stats stats;
    struct review_filter filter = REVIEW_FILTER_ALL;
    struct moment began = now();
    must(review_queue(review, &filter, 0, 50, arena, &page, &error), &error);
    note(FIRST, began);
    filter.kind = REVIEW_WEAK_LINK;
    filter.source = "D03";
    began = now();
    must(review_queue(review, &filter, 20, 50, arena, &page, &error), &error);
    note(FILTERED, began);
    began = now();
    must(review_stats(review, arena, &stats, &error), &error);
    note(STATS, began);
}

static void measure_search(struct review *review, struct arena *arena)
{
    static const char *const typed[] = {"王", "wang", "138", "LFV", "川A", "CA", "zhangw", "1101"};
    struct error error;
    struct review_hit *hits = NULL;
    struct review_customer customer;
    size_t count = 0;
    for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++) {
        struct moment began = now();
        must(review_search(review, slice_of(typed[i]), 20, arena, &hits, &count, &error), &error);
        note(SEARCH, began);
        began = now();
        if (count && strlen(hits[0].golden_id) == 10 &&
            review_customer(review, hits[0].golden_id, arena, &customer, &error))
            note(CUSTOMER, began);
    }
}

/* Two customers become one and are parted again; false: not of such a case. */
static bool measure_verdict(struct review *review, const char *key, struct arena *arena)
{
    struct error error;
    struct review_case found;
    struct review_preview preview;
    struct review_answer answer;
    struct review_verdict verdict = {.key = key, .who = "bench", .word = REVIEW_SAME};
    struct moment began = now();
    must(review_case(review, key, arena, &found, &error), &error);
    note(CASE, began);
    if (found.blind || found.four_eyes || found.item.kind == REVIEW_SHARED)
        return false;
    struct review_page alike;
    began = now();
    must(review_alike(review, "bench", key, ALIKE_MOST, arena, &alike, &error), &error);
    note(ALIKE, began);
    verdict.seen = found.seen;
    verdict.word = found.item.kind == REVIEW_VALUE ? REVIEW_NEVER_ASK : REVIEW_SAME;
    began = now();
    must(review_preview(review, &verdict, arena, &preview, &error), &error);
    note(PREVIEW, began);
    began = now();
    must(review_decide(review, &verdict, arena, &answer, &error), &error);
    note(DECIDE, began);
    if (!answer.decision_id)
        return false;
    began = now();
    must(review_undo(review, "bench", answer.decision_id, arena, &answer, &error), &error);
    note(UNDO, began);
    return true;
}

static void measure(struct review *review)
{
    struct error error;
    struct review_page page;
    struct review_filter filter = REVIEW_FILTER_ALL;
    struct arena *arena = arena_create();
    filter.kind = REVIEW_POSSIBLE;
    for (int i = 0; i < ROUNDS; i++) {
        arena_reset(arena);
        measure_pages(review, arena);
        measure_search(review, arena);
        struct moment began = now();
        must(review_claim(review, "bench", &filter, arena, &page, &error), &error);
        note(CLAIM, began);
        for (size_t j = 0, verdicts = 0; j < page.count && verdicts < VERDICTS; j++)
            verdicts += measure_verdict(review, page.items[j].key, arena);
        must(review_release(review, "bench", NULL, &error), &error);
    }
    arena_destroy(arena);
}

int main(int argc, char **argv)
{
    struct error error = {0};
    struct review_desk desk;
    bool slow = false;
    if (argc < 4) {
        fprintf(stderr, "bench_review PROJECT STATE OUT\n");
        return 2;
    }
    const struct invocation invocation = {.command = &command_review,
                                          .values = {argv[1], argv[2], argv[3]}};
    must(review_desk_open(&desk, &invocation, &error), &error);
    measure(desk.review);
    printf("%-14s %8s %8s %8s %8s %8s\n", "action", "mean ms", "most ms", "cpu ms", "most cpu",
           "limit ms");
    for (int i = 0; i < ACTIONS; i++) {
        const struct action *action = &actions[i];
        double count = action->count ? action->count : 1;
        printf("%-14s %8.1f %8.1f %8.1f %8.1f %8.0f\n", action->name, action->sum_ms / count,
               action->most_ms, action->cpu_ms / count, action->most_cpu_ms, action->limit_ms);
        slow = slow || action->sum_ms / count > action->limit_ms;
    }
    review_desk_close(&desk);
    return slow;
}

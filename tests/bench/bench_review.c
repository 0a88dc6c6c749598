#include "cli/commands.h"
#include "cli/review_open.h"
#include "cust360/base/buffer.h"
#include "cust360/base/date.h"
#include "cust360/review_customer.h"
#include "cust360/review_decide.h"

#include <stdio.h>
#include <stdlib.h>

/* What a steward does, one action after the other, on a state and a view of a large group; the
 * slowest and the mean of each in milliseconds. */

enum { ROUNDS = 20, ACTIONS_MOST = 16 };

struct action {
    const char *name;
    double limit_ms;
    double sum_ms;
    double most_ms;
    unsigned count;
};

static struct action actions[ACTIONS_MOST] = {
    {.name = "first page", .limit_ms = 300}, {.name = "filtered page", .limit_ms = 100},
    {.name = "claim", .limit_ms = 100},      {.name = "one case", .limit_ms = 100},
    {.name = "preview", .limit_ms = 100},    {.name = "decide", .limit_ms = 100},
    {.name = "undo", .limit_ms = 100},       {.name = "stats", .limit_ms = 100},
    {.name = "search", .limit_ms = 50},      {.name = "customer", .limit_ms = 100},
};
enum { FIRST, FILTERED, CLAIM, CASE, PREVIEW, DECIDE, UNDO, STATS, SEARCH, CUSTOMER, ACTIONS };

static void note(int action, double began)
{
    double ms = (date_monotonic_seconds() - began) * 1000;
    actions[action].sum_ms += ms;
    actions[action].most_ms = ms > actions[action].most_ms ? ms : actions[action].most_ms;
    actions[action].count++;
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
    double began = date_monotonic_seconds();
    must(review_queue(review, &filter, 0, 50, arena, &page, &error), &error);
    note(FIRST, began);
    filter.kind = REVIEW_WEAK_LINK;
    filter.source = "D03";
    began = date_monotonic_seconds();
    must(review_queue(review, &filter, 20, 50, arena, &page, &error), &error);
    note(FILTERED, began);
    began = date_monotonic_seconds();
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
        double began = date_monotonic_seconds();
        must(review_search(review, slice_of(typed[i]), 20, arena, &hits, &count, &error), &error);
        note(SEARCH, began);
        began = date_monotonic_seconds();
        if (count && strlen(hits[0].golden_id) == 10 &&
            review_customer(review, hits[0].golden_id, arena, &customer, &error))
            note(CUSTOMER, began);
    }
}

/* Two customers become one and are parted again. */
static void measure_verdict(struct review *review, const char *key, struct arena *arena)
{
    struct error error;
    struct review_case found;
    struct review_preview preview;
    struct review_answer answer;
    struct review_verdict verdict = {.key = key, .who = "bench", .word = REVIEW_SAME};
    double began = date_monotonic_seconds();
    must(review_case(review, key, arena, &found, &error), &error);
    note(CASE, began);
    if (found.blind || found.four_eyes || found.item.kind == REVIEW_SHARED)
        return;
    verdict.seen = found.seen;
    verdict.word = found.item.kind == REVIEW_VALUE ? REVIEW_NEVER_ASK : REVIEW_SAME;
    began = date_monotonic_seconds();
    must(review_preview(review, &verdict, arena, &preview, &error), &error);
    note(PREVIEW, began);
    began = date_monotonic_seconds();
    must(review_decide(review, &verdict, arena, &answer, &error), &error);
    note(DECIDE, began);
    if (!answer.decision_id)
        return;
    began = date_monotonic_seconds();
    must(review_undo(review, "bench", answer.decision_id, arena, &answer, &error), &error);
    note(UNDO, began);
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
        double began = date_monotonic_seconds();
        must(review_claim(review, "bench", &filter, arena, &page, &error), &error);
        note(CLAIM, began);
        for (size_t j = 0; j < page.count && j < 3; j++)
            measure_verdict(review, page.items[j].key, arena);
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
    printf("%-14s %8s %8s %8s\n", "action", "mean ms", "most ms", "limit ms");
    for (int i = 0; i < ACTIONS; i++) {
        const struct action *action = &actions[i];
        printf("%-14s %8.1f %8.1f %8.0f\n", action->name,
               action->count ? action->sum_ms / action->count : 0, action->most_ms,
               action->limit_ms);
        slow = slow || (action->count && action->sum_ms / action->count > action->limit_ms);
    }
    review_desk_close(&desk);
    return slow;
}

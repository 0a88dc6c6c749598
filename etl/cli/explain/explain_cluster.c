#include "cli/explain/explain_show.h"

#include <stdarg.h>

enum { SENTENCES_MOST = 8 };

static void say(const struct explain *explain, struct explain_cluster *cluster, const char *format,
                ...) __attribute__((format(printf, 3, 4)));

static void say(const struct explain *explain, struct explain_cluster *cluster, const char *format,
                ...)
{
    va_list arguments;
    va_start(arguments, format);
    cluster->sentences[cluster->sentence_count++] =
        arena_format_list(explain->arena, format, arguments);
    va_end(arguments);
}

/* Members and their links: those of the run, with places for indexes. */
static void make_graph(const struct explain *explain, struct explain_cluster *cluster)
{
    struct arena *arena = explain->arena;
    struct graph *graph = &cluster->graph;
    uint32_t *members =
        arena_allocate_array(arena, (size_t)explain->record_count + 1, sizeof(*members));
    uint32_t *places =
        arena_allocate_array(arena, (size_t)explain->record_count + 1, sizeof(*places));
    for (uint32_t i = 0; i < explain->record_count; i++)
        if (explain->records[i].golden == cluster->golden) {
            places[i] = graph->node_count;
            members[graph->node_count++] = i;
        }
    graph->links = arena_allocate_array(arena, explain->link_count + 1, sizeof(*graph->links));
    for (size_t i = 0; i < explain->link_count; i++) {
        const struct explain_link *link = &explain->links[i];
        if (explain->records[link->a].golden == cluster->golden &&
            explain->records[link->b].golden == cluster->golden)
            graph->links[graph->link_count++] = (struct graph_link){
                .a = places[link->a], .b = places[link->b], .weight = link->weight};
    }
    graph_analyze(graph, arena);
    cluster->members = members;
}

static const char *list_side(const struct explain *explain, const struct explain_cluster *cluster,
                             bool cut_off)
{
    enum { LISTED_MOST = 6 };
    struct buffer text = BUFFER_EMPTY;
    size_t count = 0;
    for (uint32_t i = 0; i < cluster->graph.node_count; i++) {
        if (cluster->cut_off[i] != cut_off || ++count > LISTED_MOST)
            continue;
        buffer_format(&text, "%s%s", text.length ? ", " : "",
                      words_record(explain, cluster->members[i]));
    }
    if (count > LISTED_MOST)
        buffer_format(&text, " and %zu more", count - LISTED_MOST);
    const char *list = arena_text(explain->arena, buffer_slice(&text));
    buffer_release(&text);
    return list;
}

static void say_weakest(const struct explain *explain, struct explain_cluster *cluster)
{
    const struct graph *graph = &cluster->graph;
    const struct graph_link *weakest = &graph->links[cluster->weakest];
    say(explain, cluster, "The weakest link that holds it: %s and %s, %s bits.",
        words_record(explain, cluster->members[weakest->a]),
        words_record(explain, cluster->members[weakest->b]),
        words_bits_text(explain, weakest->weight));
    if (cluster->crossing == 0)
        say(explain, cluster, "Without it the customer falls in two: %s | %s.",
            list_side(explain, cluster, true), list_side(explain, cluster, false));
    else
        say(explain, cluster,
            "Without it the customer still holds, by %zu further link%s between %s | %s; it falls"
            " in two when merging asks for more than %s bits.",
            cluster->crossing, cluster->crossing == 1 ? "" : "s", list_side(explain, cluster, true),
            list_side(explain, cluster, false), words_bits_text(explain, weakest->weight));
}

static void say_shape(const struct explain *explain, struct explain_cluster *cluster)
{
    const struct graph *graph = &cluster->graph;
    size_t bridges = 0;
    for (size_t i = 0; i < graph->link_count; i++)
        bridges += graph->links[i].is_bridge;
    if (graph->node_count == 1) {
        say(explain, cluster, "One record stands for itself: nothing was merged.");
        return;
    }
    say(explain, cluster, "%u records are held together by %zu link%s, of which %zu %s.",
        graph->node_count, graph->link_count, graph->link_count == 1 ? "" : "s", bridges,
        bridges == 1 ? "is a bridge" : "are bridges");
    if (cluster->weakest != SIZE_MAX)
        say_weakest(explain, cluster);
}

/* Decisions that hold it or that keep others away. */
static void say_decisions(const struct explain *explain, struct explain_cluster *cluster)
{
    for (size_t i = 0; i < explain->decision_count && cluster->sentence_count < SENTENCES_MOST;
         i++) {
        const struct explain_decision *decision = &explain->decisions[i];
        bool a_here = explain->records[decision->a].golden == cluster->golden;
        bool b_here = explain->records[decision->b].golden == cluster->golden;
        if (a_here || b_here)
            say(explain, cluster, "%s has said%s%s that %s and %s are %sthe same.",
                *decision->who ? decision->who : "A steward", *decision->when ? " on " : "",
                decision->when, words_record(explain, decision->a),
                words_record(explain, decision->b), decision->same ? "" : "not ");
    }
}

static void list_questions(const struct explain *explain, struct explain_cluster *cluster)
{
    cluster->questions = arena_allocate_array(explain->arena, explain->possible_count + 1,
                                              sizeof(*cluster->questions));
    for (size_t i = 0; i < explain->possible_count; i++) {
        const struct explain_link *link = &explain->possible[i];
        bool a_here = explain->records[link->a].golden == cluster->golden;
        bool b_here = explain->records[link->b].golden == cluster->golden;
        if (a_here == b_here)
            continue;
        struct explain_pair pair = {.a = a_here ? link->a : link->b,
                                    .b = a_here ? link->b : link->a,
                                    .weight = link->weight};
        explain_pair_fill(explain, &pair);
        cluster->questions[cluster->question_count++] = (struct explain_question){
            link, pair.a, pair.b, pair.outcome, pair.sentence_count ? pair.sentences[0] : ""};
    }
}

void explain_cluster_make(const struct explain *explain, uint32_t golden,
                          struct explain_cluster *cluster)
{
    *cluster = (struct explain_cluster){.golden = golden};
    cluster->sentences =
        arena_allocate_array(explain->arena, SENTENCES_MOST, sizeof(*cluster->sentences));
    make_graph(explain, cluster);
    cluster->weakest = graph_weakest(&cluster->graph);
    cluster->cut_off = arena_allocate_array(explain->arena, (size_t)cluster->graph.node_count + 1,
                                            sizeof(*cluster->cut_off));
    if (cluster->weakest != SIZE_MAX)
        graph_cut(&cluster->graph, cluster->weakest, explain->arena, cluster->cut_off,
                  &cluster->crossing);
    say_shape(explain, cluster);
    say_decisions(explain, cluster);
    list_questions(explain, cluster);
}

#include "cli/evaluate.h"
#include "cust360/base/text.h"

#include <stdlib.h>

enum { CAUSES_MOST = 400 };

struct cause *causes_add(struct evaluating *work, struct cause_list *list, const char *name,
                         const char *detail)
{
    list->pairs++;
    for (size_t i = 0; i < list->count; i++) {
        struct cause *cause = &list->causes[i];
        if (strcmp(cause->name, name) == 0 && strcmp(cause->detail, detail) == 0) {
            cause->pairs++;
            return cause;
        }
    }
    if (!list->causes)
        list->causes = arena_allocate_array(work->arena, CAUSES_MOST, sizeof(*list->causes));
    /* Details are names of match.yaml, so there are few; the last place takes any more. */
    struct cause *cause =
        &list->causes[list->count < CAUSES_MOST - 1 ? list->count++ : list->count];
    if (!cause->examples) {
        *cause = (struct cause){.name = name, .detail = arena_text(work->arena, slice_of(detail))};
        cause->examples =
            arena_allocate_array(work->arena, work->examples_most + 1, sizeof(*cause->examples));
    }
    cause->pairs++;
    return cause;
}

static int compare_causes(const void *left, const void *right)
{
    const struct cause *x = left;
    const struct cause *y = right;
    if (x->pairs != y->pairs)
        return x->pairs > y->pairs ? -1 : 1;
    int order = strcmp(x->name, y->name);
    return order ? order : strcmp(x->detail, y->detail);
}

void causes_sort(struct cause_list *list)
{
    if (list->count)
        qsort(list->causes, list->count, sizeof(*list->causes), compare_causes);
}

static void append_side(struct evaluating *work, struct buffer *text, const struct match_part *part,
                        bool of_a)
{
    size_t shown = 0;
    for (size_t i = 0; i < part->evidence_count; i++) {
        struct slice value = of_a ? part->evidence[i].a : part->evidence[i].b;
        if (slice_is_empty(value))
            continue;
        buffer_append_text(text, shown++ ? " · " : "");
        buffer_append(text, text_mask(work->arena, value));
    }
}

void causes_example(struct evaluating *work, struct cause *cause, uint32_t a, uint32_t b,
                    const struct match_part *part)
{
    struct buffer text = BUFFER_EMPTY;
    if (cause->example_count == work->examples_most)
        return;
    if (part) {
        append_side(work, &text, part, true);
        buffer_append_text(&text, " | ");
        append_side(work, &text, part, false);
    }
    cause->examples[cause->example_count++] = (struct cause_example){
        .a = work->scene_names[a],
        .b = work->scene_names[b],
        .weight = match_scene_weight(work->scene, a, b),
        .has_weight = true,
        .text = arena_text(work->arena, buffer_slice(&text)),
    };
    buffer_release(&text);
}

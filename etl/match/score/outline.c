#include "match/score/outline.h"
#include "cust360/base/memory.h"

#include <limits.h>

/* Glances that a set remembers, each at one place: a power of two. */
enum { PLACE_BITS = 15, PLACES = 1 << PLACE_BITS };

struct outlines {
    const struct match_rules *rules;
    const struct scorer *scorer; /* NULL: levels only */
    bool implies;
    uint64_t asked_equal; /* the attributes that any test asks for, a bit each */
    uint64_t asked_known;
    struct outline *places;
};

/* ---- the set ---- */

/* What a test asks of the glance. That two values are equal says that they are known. */
static void ask_for(struct outlines *outlines, const struct test *test)
{
    for (size_t i = 0; i < test->alternative_count; i++) {
        const struct alternative *alternative = &test->alternatives[i];
        outlines->asked_equal |= alternative->equal | alternative->different;
        outlines->asked_known |= (alternative->known & ~alternative->equal) | alternative->unknown;
    }
}

static void ask_for_all(struct outlines *outlines)
{
    const struct match_rules *rules = outlines->rules;
    for (size_t i = 0; i < rules->comparison_count; i++) {
        ask_for(outlines, &rules->comparisons[i].when);
        for (size_t j = 0; j < rules->comparisons[i].level_count; j++)
            ask_for(outlines, &rules->comparisons[i].levels[j].test);
    }
    ask_for(outlines, &rules->training.certain);
    for (size_t i = 0; i < rules->hard_rule_count; i++)
        if (rules->hard_rules[i].verdict == VERDICT_NEVER)
            ask_for(outlines, &rules->hard_rules[i].test);
}

struct outlines *outlines_create_for_levels(const struct match_rules *rules, bool implies,
                                            uint64_t also)
{
    struct outlines *outlines = memory_allocate_array(1, sizeof(*outlines));
    outlines->rules = rules;
    outlines->implies = implies;
    outlines->asked_equal = also;
    ask_for_all(outlines);
    outlines->places = memory_allocate_array(PLACES, sizeof(*outlines->places));
    return outlines;
}

struct outlines *outlines_create(const struct scorer *scorer)
{
    struct outlines *outlines = outlines_create_for_levels(scorer->table->rules, true, 0);
    outlines->scorer = scorer;
    return outlines;
}

void outlines_destroy(struct outlines *outlines)
{
    if (!outlines)
        return;
    memory_free(outlines->places);
    memory_free(outlines);
}

/* ---- making an outline ---- */

/* What a glance tells of one comparison. */
struct judgement {
    int level;       /* the last that is possible; -1: it is silent */
    bool is_settled; /* that level needs no texts */
    bool is_open;
    bool is_when_open;
    bool may_be_silent;
    uint32_t possible; /* levels, a bit each */
};

static struct judgement judge(const struct comparison *comparison, uint64_t equal, uint64_t known)
{
    struct judgement judgement = {.level = -1, .may_be_silent = true};
    enum answer when = test_answer(equal, known, &comparison->when);
    enum answer answer = ANSWER_NO;
    for (size_t i = 0; i < comparison->level_count && when != ANSWER_NO && answer != ANSWER_YES;
         i++) {
        answer = test_answer(equal, known, &comparison->levels[i].test);
        if (answer == ANSWER_NO)
            continue;
        judgement.is_open |= answer == ANSWER_OPEN || when == ANSWER_OPEN;
        judgement.possible |= UINT32_C(1) << i;
        judgement.level = (int)i;
    }
    judgement.is_when_open = when == ANSWER_OPEN;
    judgement.is_settled = answer == ANSWER_YES;
    judgement.may_be_silent = judgement.is_when_open || !judgement.is_settled;
    return judgement;
}

static enum answer find_never(const struct match_rules *rules, uint64_t equal, uint64_t known)
{
    enum answer answer = ANSWER_NO;
    for (size_t i = 0; i < rules->hard_rule_count && answer != ANSWER_YES; i++) {
        if (rules->hard_rules[i].verdict != VERDICT_NEVER)
            continue;
        enum answer own = test_answer(equal, known, &rules->hard_rules[i].test);
        answer = own == ANSWER_NO ? answer : own;
    }
    return answer;
}

struct making {
    const struct outlines *outlines;
    struct outline *outline;
    uint32_t implied;       /* comparisons, a bit each, that are surely implied by now */
    uint32_t maybe_implied; /* … and that an open one may imply */
};

static uint32_t implied_by(const struct making *making, size_t number, uint32_t levels)
{
    const struct comparison *comparison = &making->outlines->rules->comparisons[number];
    uint32_t implied = 0;
    for (size_t i = 0; i < comparison->level_count; i++)
        if (levels & UINT32_C(1) << i)
            implied |= comparison->levels[i].implies;
    return making->outlines->implies ? implied : 0;
}

/* The most that a step itself can add; summed up later. */
static void bound_step(const struct making *making, struct outline_step *step,
                       const struct judgement *judgement, bool may_be_silent)
{
    const struct scorer *scorer = making->outlines->scorer;
    step->stranger_left = step->relative_left = may_be_silent || !scorer ? 0 : INT32_MIN;
    for (int i = 0; scorer && i < LEVELS_MAX; i++) {
        if (!(judgement->possible & UINT32_C(1) << i))
            continue;
        int32_t stranger = scorer->most_of_level[step->comparison][i];
        int32_t relative = scorer->model->levels[step->comparison][i].against_relative;
        step->stranger_left = stranger > step->stranger_left ? stranger : step->stranger_left;
        step->relative_left = relative > step->relative_left ? relative : step->relative_left;
    }
}

static void add_step(struct making *making, size_t number, const struct judgement *judgement,
                     bool may_be_silent)
{
    struct outline *outline = making->outline;
    if (outline->step_count == OUTLINE_STEPS_MAX) {
        outline->is_general = true;
        return;
    }
    struct outline_step *step = &outline->steps[outline->step_count++];
    uint32_t sure = judgement->is_settled ? UINT32_C(1) << judgement->level : 0;
    *step = (struct outline_step){.comparison = (uint8_t)number,
                                  .is_open = judgement->is_open,
                                  .is_when_open = judgement->is_when_open,
                                  .sure_level = (int8_t)(sure ? judgement->level : -1),
                                  .open_levels = (uint16_t)(judgement->possible & ~sure)};
    bound_step(making, step, judgement, may_be_silent);
}

static void outline_comparison(struct making *making, size_t number)
{
    const struct scorer *scorer = making->outlines->scorer;
    const struct comparison *comparison = &making->outlines->rules->comparisons[number];
    struct outline *outline = making->outline;
    uint32_t bit = UINT32_C(1) << number;
    outline->levels[number] = 0;
    if (making->implied & bit)
        return;
    struct judgement judgement = judge(comparison, outline->equal, outline->known);
    bool maybe = (making->maybe_implied & bit) != 0;
    if (judgement.possible == 0)
        return;
    uint32_t implied = implied_by(making, number, judgement.possible);
    if (judgement.is_open || maybe)
        making->maybe_implied |= implied;
    else
        making->implied |= implied;
    if (!judgement.is_open)
        outline->levels[number] = (char)(judgement.level + 1);
    bool by_values = scorer && (comparison->levels[judgement.level].frequency_count ||
                                score_depends(scorer, number));
    if (judgement.is_open || maybe || by_values) {
        add_step(making, number, &judgement, maybe || judgement.may_be_silent);
        return;
    }
    if (!scorer)
        return;
    outline->stranger += scorer->model->levels[number][judgement.level].against_stranger;
    outline->relative += scorer->model->levels[number][judgement.level].against_relative;
}

static void make_outline(const struct outlines *outlines, struct outline *outline, uint64_t equal,
                         uint64_t known)
{
    const struct scorer *scorer = outlines->scorer;
    struct making making = {.outlines = outlines, .outline = outline};
    *outline = (struct outline){
        .equal = equal, .known = known, .is_made = true, .last_code = OUTLINE_CODE_NONE};
    outline->stranger = scorer ? scorer->model->prior_stranger : 0;
    outline->relative = scorer ? scorer->model->prior_relative : 0;
    outline->never = find_never(outlines->rules, equal, known);
    outline->certain = test_answer(equal, known, &outlines->rules->training.certain);
    for (size_t i = 0; i < outlines->rules->comparison_count; i++)
        outline_comparison(&making, i);
    for (size_t i = outline->step_count; i-- > 1;) {
        outline->steps[i - 1].stranger_left += outline->steps[i].stranger_left;
        outline->steps[i - 1].relative_left += outline->steps[i].relative_left;
    }
}

struct outline *outlines_find(struct outlines *outlines, const struct pair_view *view)
{
    uint64_t equal = view->equal & outlines->asked_equal;
    uint64_t known = (view->known & outlines->asked_known) | equal;
    uint64_t mixed = equal * UINT64_C(0x9E3779B97F4A7C15) ^ known * UINT64_C(0xC2B2AE3D27D4EB4F);
    mixed ^= mixed >> 32;
    mixed *= UINT64_C(0x94D049BB133111EB);
    struct outline *outline = &outlines->places[mixed >> (64 - PLACE_BITS)];
    if (!outline->is_made || outline->equal != equal || outline->known != known)
        make_outline(outlines, outline, equal, known);
    return outline;
}

/* ---- using it ---- */

/* The level of a step; -1: silent. */
static int step_level(const struct outlines *outlines, const struct outline *outline,
                      const struct outline_step *step, const struct pair_view *view)
{
    const struct comparison *comparison = &outlines->rules->comparisons[step->comparison];
    if (!step->is_open)
        return outline->levels[step->comparison] - 1;
    if (step->is_when_open && !test_holds_in(view, &comparison->when))
        return -1;
    for (unsigned left = step->open_levels; left; left &= left - 1) {
        int level = __builtin_ctz(left);
        if (test_holds_in(view, &comparison->levels[level].test))
            return level;
    }
    return step->sure_level;
}

static int32_t step_stranger(const struct scorer *scorer, size_t comparison, int level,
                             const struct pair_view *view, struct spoken *spoken)
{
    int32_t weight = score_stranger(scorer, comparison, level, view);
    spoken[comparison].weight = weight;
    if (!score_depends(scorer, comparison))
        return weight;
    return weight - score_repeated(scorer, comparison, level, weight, spoken);
}

/* What the comparisons that are settled have said. */
static void speak_first(const struct scorer *scorer, const struct outline *outline,
                        struct spoken *spoken)
{
    for (size_t i = 0; i < scorer->rules->comparison_count; i++) {
        int level = outline->levels[i] - 1;
        spoken[i].level = level;
        if (level >= 0)
            spoken[i].weight = scorer->model->levels[i][level].against_stranger;
    }
}

int32_t outlines_score(struct outlines *outlines, const struct pair_view *view, int32_t least)
{
    const struct scorer *scorer = outlines->scorer;
    const struct outline *outline = outlines_find(outlines, view);
    int32_t stranger = outline->stranger;
    int32_t relative = outline->relative;
    uint32_t implied = 0;
    struct spoken spoken[COMPARISONS_MAX];
    if (outline->is_general)
        return score_view(scorer, view, least);
    if (scorer->model->dependence_count)
        speak_first(scorer, outline, spoken);
    for (size_t i = 0; i < outline->step_count; i++) {
        const struct outline_step *step = &outline->steps[i];
        if (score_combine(scorer, stranger + step->stranger_left, relative + step->relative_left) <
            least)
            return INT32_MIN;
        bool is_implied = (implied & UINT32_C(1) << step->comparison) != 0;
        int level = is_implied ? -1 : step_level(outlines, outline, step, view);
        spoken[step->comparison].level = level;
        if (level < 0)
            continue;
        stranger += step_stranger(scorer, step->comparison, level, view, spoken);
        relative += scorer->model->levels[step->comparison][level].against_relative;
        implied |= outlines->rules->comparisons[step->comparison].levels[level].implies;
    }
    return score_combine(scorer, stranger, relative);
}

void outline_general_pattern(const struct match_rules *rules, bool implies,
                             const struct pair_view *view, char *pattern)
{
    uint32_t implied = 0;
    for (size_t i = 0; i < rules->comparison_count; i++) {
        bool is_silent = (implied & UINT32_C(1) << i) != 0;
        int level = is_silent ? -1 : comparison_level_in(view, &rules->comparisons[i]);
        pattern[i] = (char)(level + 1);
        if (level >= 0 && implies)
            implied |= rules->comparisons[i].levels[level].implies;
    }
}

uint64_t outlines_code(const struct outlines *outlines, const struct outline *outline,
                       const struct pair_view *view)
{
    uint64_t code = 0;
    uint32_t implied = 0;
    for (size_t i = 0; i < outline->step_count; i++) {
        const struct outline_step *step = &outline->steps[i];
        bool is_silent = (implied & UINT32_C(1) << step->comparison) != 0;
        int level = is_silent ? -1 : step_level(outlines, outline, step, view);
        code |= (uint64_t)(level + 1) << (i * OUTLINE_STEP_BITS);
        if (level >= 0 && outlines->implies)
            implied |= outlines->rules->comparisons[step->comparison].levels[level].implies;
    }
    return code;
}

void outline_code_pattern(const struct match_rules *rules, const struct outline *outline,
                          uint64_t code, char *pattern)
{
    memcpy(pattern, outline->levels, rules->comparison_count);
    for (size_t i = 0; i < outline->step_count; i++) {
        uint64_t level = code >> (i * OUTLINE_STEP_BITS) & ((1U << OUTLINE_STEP_BITS) - 1);
        pattern[outline->steps[i].comparison] = (char)level;
    }
}

void outlines_pattern(const struct outlines *outlines, const struct outline *outline,
                      const struct pair_view *view, char *pattern)
{
    if (outline->is_general)
        outline_general_pattern(outlines->rules, outlines->implies, view, pattern);
    else
        outline_code_pattern(outlines->rules, outline, outlines_code(outlines, outline, view),
                             pattern);
}

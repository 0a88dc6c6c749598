#include "match/compare/test.h"

/* Most are far above: told after a few steps, without an instruction that not all processors have.
 */
static inline bool has_more_bits(uint64_t bits, unsigned most)
{
    for (; bits && most; most--)
        bits &= bits - 1;
    return bits != 0;
}

/* Whether two values of an attribute are related, or too far apart to be asked about. */
static bool values_hold(const struct table *table, const struct condition *condition, uint32_t x,
                        uint32_t y)
{
    const struct column *column = &table->columns[condition->attribute];
    const struct comparator *comparator = condition->comparator;
    if (x == y)
        return true;
    if (comparator->changes && column->signatures) {
        unsigned most = comparator->changes;
        if (comparator->limit)
            most = (unsigned)(most * condition->argument.limit);
        if (has_more_bits(column->signatures[x] ^ column->signatures[y], most))
            return false;
    }
    return comparator->holds(table_text(table, condition->attribute, x),
                             table_text(table, condition->attribute, y), &condition->argument);
}

/* Whether any value of one relates to any of the other. */
static bool texts_hold(const struct table *table, const struct condition *condition, uint32_t a,
                       uint32_t b)
{
    const uint32_t *x = NULL;
    const uint32_t *y = NULL;
    size_t x_count = table_values(table, a, condition->attribute, &x);
    size_t y_count = table_values(table, b, condition->attribute, &y);
    for (size_t i = 0; i < x_count; i++)
        for (size_t j = 0; j < y_count; j++)
            if (values_hold(table, condition, x[i], y[j]))
                return true;
    return false;
}

static struct slice text_of(const struct table *table, uint32_t record, size_t attribute)
{
    uint32_t value = table_row(table, record)[attribute];
    return value >= VALUE_MANY ? slice_of(NULL) : table_text(table, attribute, value);
}

static bool crossed_hold(const struct table *table, const struct condition *condition, uint32_t a,
                         uint32_t b)
{
    const struct comparator *comparator = condition->comparator;
    const uint32_t records[2] = {a, b};
    unsigned held = 0;
    for (size_t i = 0; i < 2; i++) {
        struct slice x = text_of(table, records[i], condition->attribute);
        struct slice y = text_of(table, records[1 - i], condition->other);
        held += !slice_is_empty(x) && !slice_is_empty(y) &&
                comparator->holds(x, y, &condition->argument);
    }
    return held == 2 || (held == 1 && comparator->relation == RELATION_CROSSED_ONE);
}

/* What the masks of an alternative do not decide. */
static bool condition_holds(const struct pair_view *view, const struct condition *condition)
{
    const struct table *table = view->table;
    size_t attribute = condition->attribute;
    bool known = table_row(table, view->a)[attribute] != VALUE_NONE &&
                 table_row(table, view->b)[attribute] != VALUE_NONE;
    bool holds = true;
    switch (condition->comparator->relation) {
    case RELATION_UNKNOWN:
        return known == condition->negated;
    case RELATION_KNOWN:
        break;
    case RELATION_CROSSED_BOTH:
    case RELATION_CROSSED_ONE:
        return crossed_hold(table, condition, view->a, view->b) != condition->negated;
    case RELATION_TEXTS:
        holds = known && texts_hold(table, condition, view->a, view->b);
        break;
    case RELATION_EXACT:
    case RELATION_DIFFERENT:
        holds = table_shares(table, attribute, view->a, view->b) ==
                (condition->comparator->relation == RELATION_EXACT);
    }
    return known && holds != condition->negated;
}

/* ---- two records at a glance ---- */

enum { LANES = 4, GLANCE = 4 * LANES }; /* values that are compared at once */

#ifdef __SSE2__
#include <emmintrin.h>

static __m128i four_of(const uint32_t *values)
{
    return _mm_loadu_si128((const __m128i *)(const void *)values);
}

/* Which of four values are equal, and which are missing in one of the rows: all ones or zeros. */
static void compare_four(const uint32_t *x, const uint32_t *y, __m128i *same, __m128i *missing)
{
    const __m128i none = _mm_set1_epi32(-1);
    __m128i a = four_of(x);
    __m128i b = four_of(y);
    *same = _mm_cmpeq_epi32(a, b);
    *missing = _mm_or_si128(_mm_cmpeq_epi32(a, none), _mm_cmpeq_epi32(b, none));
}

/* Sixteen lanes, all ones or all zeros, as a bit each. */
static unsigned bits_of(const __m128i lanes[LANES])
{
    __m128i low = _mm_packs_epi32(lanes[0], lanes[1]);
    __m128i high = _mm_packs_epi32(lanes[2], lanes[3]);
    return (unsigned)_mm_movemask_epi8(_mm_packs_epi16(low, high));
}

/* Up to sixteen values of each row: which are equal, which are known to both; a bit each. No more
 * is read than the values asked for, up to a multiple of four: what stands behind them may be far
 * away from the processor. */
static inline void glance(const uint32_t *x, const uint32_t *y, size_t count, unsigned *equal,
                          unsigned *known)
{
    __m128i same[LANES];
    __m128i missing[LANES];
    for (size_t i = 0; i < LANES; i++) {
        if (i * LANES < count) {
            compare_four(x + i * LANES, y + i * LANES, &same[i], &missing[i]);
        } else {
            same[i] = _mm_setzero_si128();
            missing[i] = _mm_set1_epi32(-1);
        }
    }
    *known = 0xFFFFU & ~bits_of(missing);
    *equal = *known & bits_of(same);
}
#else
static inline void glance(const uint32_t *x, const uint32_t *y, size_t count, unsigned *equal,
                          unsigned *known)
{
    *known = *equal = 0;
    for (unsigned i = 0; i < GLANCE && i < count; i++) {
        bool both = x[i] != VALUE_NONE && y[i] != VALUE_NONE;
        *known |= (unsigned)both << i;
        *equal |= (unsigned)(both && x[i] == y[i]) << i;
    }
}
#endif

/* Of several values: whether one is shared. */
static void look_at_many(struct pair_view *view, const uint32_t *x, const uint32_t *y)
{
    const struct table *table = view->table;
    for (size_t i = 0; i < table->many_count; i++) {
        size_t attribute = table->many[i];
        if (attribute >= SEEN_ATTRIBUTES ||
            (x[attribute] < VALUE_MANY && y[attribute] < VALUE_MANY))
            continue;
        uint64_t bit = UINT64_C(1) << attribute;
        view->equal &= ~bit;
        if ((view->known & bit) && table_shares(table, attribute, view->a, view->b))
            view->equal |= bit;
    }
}

/* Rows may be read some values past their end (table.c leaves room behind the last). */
struct pair_view pair_view_make(const struct table *table, uint32_t a, uint32_t b)
{
    struct pair_view view = {table, a, b, 0, 0};
    const uint32_t *x = table_row(table, a);
    const uint32_t *y = table_row(table, b);
    size_t width = table->width < SEEN_ATTRIBUTES ? table->width : SEEN_ATTRIBUTES;
    for (size_t i = 0; i < width; i += GLANCE) {
        unsigned equal = 0;
        unsigned known = 0;
        if (width - i >= GLANCE)
            glance(x + i, y + i, GLANCE, &equal, &known);
        else
            glance(x + i, y + i, width - i, &equal, &known);
        view.equal |= (uint64_t)equal << i;
        view.known |= (uint64_t)known << i;
    }
    look_at_many(&view, x, y);
    return view;
}

static bool may_hold(uint64_t equal, uint64_t known, const struct alternative *alternative)
{
    return (equal & alternative->equal) == alternative->equal &&
           (known & alternative->known) == alternative->known &&
           !(equal & alternative->different) && !(known & alternative->unknown);
}

enum answer test_answer(uint64_t equal, uint64_t known, const struct test *test)
{
    enum answer answer = test->alternative_count ? ANSWER_NO : ANSWER_YES;
    for (size_t i = 0; i < test->alternative_count && answer != ANSWER_YES; i++)
        if (may_hold(equal, known, &test->alternatives[i]))
            answer = test->alternatives[i].rest_count ? ANSWER_OPEN : ANSWER_YES;
    return answer;
}

static bool alternative_holds(const struct pair_view *view, const struct alternative *alternative)
{
    if (!may_hold(view->equal, view->known, alternative))
        return false;
    for (size_t i = 0; i < alternative->rest_count; i++)
        if (!condition_holds(view, &alternative->conditions[alternative->rest[i]]))
            return false;
    return true;
}

bool test_holds_in(const struct pair_view *view, const struct test *test)
{
    for (size_t i = 0; i < test->alternative_count; i++)
        if (alternative_holds(view, &test->alternatives[i]))
            return true;
    return test->alternative_count == 0;
}

bool test_holds(const struct table *table, const struct test *test, uint32_t a, uint32_t b)
{
    struct pair_view view = pair_view_make(table, a, b);
    return test_holds_in(&view, test);
}

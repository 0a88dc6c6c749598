/* Where the columns of fixed places begin. Three things show it:
 *
 *   0001王伟      13911002233M20180316      values that are known by themselves: VIN, date, mobile
 *   ^                                       blanks in all lines
 *   0002欧阳建国  13911002244F              more lines are filled than at the place before
 *       ^                                   characters of another class
 */
#include "profile/lines_grid.h"

enum { LINES_ASKED = 40, COLUMNS_MOST = 400 };

static const double valley = 0.3; /* so many lines more are filled than before: a column begins */
static const double pure = 0.98;
static const double surely_filled = 0.9;

struct cutting {
    const struct lines_grid *grid;
    const struct profile_judge_of_values *judge;
    bool *begins; /* by place, from 1 */
    bool *taken;  /* within a value that is known by itself */
};

/* ---- values that are known by themselves ---- */

static const struct known_value {
    const char *kind;
    size_t width;
    size_t digits_least;  /* places that hold nothing else, as a first glance … */
    size_t letters_least; /* … and that mostly hold letters */
    double least; /* so many of the values are; a VIN without the right check digit is half */
} known_values[] = {{"identity", 18, 17, 0, 0.7},
                    {"vin", 17, 3, 2, 0.45},
                    {"mobile", 11, 11, 0, 0.8},
                    {"date", 10, 8, 0, 0.8},
                    {"date", 8, 8, 0, 0.8}};

static bool is_alike(const struct lines_grid *grid, size_t first, const struct known_value *known)
{
    enum { MOST_UNEVEN_PERCENT = 5 };
    const double mostly = 0.85; /* companies' numbers stand among people's */
    size_t digits = 0;
    size_t letters = 0;
    size_t filled = grid->line_count - grid->shares[first - 1][CLASS_BLANK];
    for (size_t i = first - 1; i < first - 1 + known->width; i++) {
        const size_t *share = grid->shares[i];
        size_t here = grid->line_count - share[CLASS_BLANK];
        size_t off = here > filled ? here - filled : filled - here;
        if (share[CLASS_WIDE] || off * 100 > MOST_UNEVEN_PERCENT * grid->line_count)
            return false;
        digits += here > 0 && (double)share[CLASS_DIGIT] >= mostly * (double)here;
        letters += share[CLASS_LETTER] * 2 > here;
    }
    return filled * 4 >= grid->line_count && digits >= known->digits_least &&
           letters >= known->letters_least;
}

/* How many of the values in a window are of the kind, 0 to 1. */
static double rate_window(const struct cutting *cutting, size_t first,
                          const struct known_value *known)
{
    const struct profile_judge_of_values *judge = cutting->judge;
    const struct lines_grid *grid = cutting->grid;
    double sum = 0;
    size_t asked = 0;
    if (first + known->width - 1 > grid->width || !is_alike(grid, first, known))
        return 0;
    for (size_t i = 0; i < grid->line_count && asked < LINES_ASKED; i++) {
        struct slice value = lines_grid_value(grid, i, first, first + known->width - 1);
        if (value.length == 0)
            continue;
        double answer =
            value.length == known->width ? judge->judge(judge->context, known->kind, value) : 0;
        sum += answer > 0 ? answer : 0;
        asked++;
    }
    return asked ? sum / (double)asked : 0;
}

/* A window that stands a little aside may hit as well, by its form: the best of those that share
 * the place counts. A VIN begins with a letter as a rule, and where a column begins anyway a value
 * does. */
static size_t best_window(const struct cutting *cutting, size_t first,
                          const struct known_value *known)
{
    const double letter_first = 0.2;
    const double at_begin = 0.2;
    size_t best = 0;
    double most = 0;
    double first_rate = rate_window(cutting, first, known);
    for (size_t place = first; first_rate >= known->least && place < first + known->width;
         place++) {
        double rate = place == first ? first_rate : rate_window(cutting, place, known);
        size_t letters = cutting->grid->shares[place - 1][CLASS_LETTER];
        if (rate >= known->least && letters * 2 > cutting->grid->line_count)
            rate += letter_first;
        if (rate >= known->least && cutting->begins[place])
            rate += at_begin;
        if (rate <= most + letter_first / 2)
            continue;
        most = rate;
        best = place;
    }
    return best;
}

static void find_known(const struct cutting *cutting, size_t from)
{
    for (size_t place = from; place <= cutting->grid->width; place++)
        for (size_t k = 0; k < sizeof(known_values) / sizeof(*known_values); k++) {
            size_t width = known_values[k].width;
            size_t begin = best_window(cutting, place, &known_values[k]);
            if (begin == 0)
                continue;
            cutting->begins[begin] = true;
            cutting->begins[begin + width] = true;
            memset(cutting->taken + begin, true, width * sizeof(*cutting->taken));
            place = begin + width - 1;
            break;
        }
}

/* ---- edges ---- */

/* The class of nearly all that stands at a place; CLASS_COUNT: several. */
static enum lines_class pure_class(const struct lines_grid *grid, size_t place)
{
    size_t filled = grid->line_count - grid->shares[place - 1][CLASS_BLANK];
    for (int class = CLASS_DIGIT; class < CLASS_OTHER; class ++)
        if (filled && (double)grid->shares[place - 1][class] >= pure * (double)filled)
            return (enum lines_class) class;
    return CLASS_COUNT;
}

/* Places before this one that hold the same class only. */
static size_t run_before(const struct lines_grid *grid, size_t place, size_t begin)
{
    enum lines_class class = pure_class(grid, place - 1);
    size_t run = 0;
    while (place - run > begin && pure_class(grid, place - 1 - run) == class &&
           lines_grid_filled(grid, place - 1 - run) >= surely_filled)
        run++;
    return run;
}

/* Numbers are followed by text, and text by numbers, without a blank; a letter before digits may
 * belong to them (K0012), as may the one ideograph of a plate; letters behind ideographs are a
 * model's (奥迪A4L). */
static bool class_changes(const struct lines_grid *grid, size_t place, size_t begin)
{
    enum { DIGITS_LEAST = 3, WIDE_LEAST = 3 };
    enum lines_class before = pure_class(grid, place - 1);
    enum lines_class here = pure_class(grid, place);
    if (before == here || before == CLASS_COUNT || here == CLASS_COUNT ||
        lines_grid_filled(grid, place) < surely_filled ||
        lines_grid_filled(grid, place - 1) < surely_filled)
        return false;
    size_t run = run_before(grid, place, begin);
    if (before == CLASS_WIDE)
        return run >= WIDE_LEAST && here != CLASS_LETTER;
    return here == CLASS_WIDE || (before == CLASS_DIGIT && run >= DIGITS_LEAST);
}

static bool is_edge(const struct lines_grid *grid, size_t place, size_t begin)
{
    double before = lines_grid_filled(grid, place - 1);
    double here = lines_grid_filled(grid, place);
    double most = 0;
    for (size_t i = begin; i < place; i++)
        if (lines_grid_filled(grid, i) > most)
            most = lines_grid_filled(grid, i);
    if (most == 0)
        return false; /* only blanks so far: they belong to what follows */
    return (before == 0 && here > 0) || (here - before >= valley && most - before >= valley / 2) ||
           class_changes(grid, place, begin);
}

static void find_edges(const struct cutting *cutting, size_t from)
{
    size_t begin = from;
    for (size_t place = from + 1; place <= cutting->grid->width; place++) {
        if (!cutting->begins[place] && !cutting->taken[place])
            cutting->begins[place] = is_edge(cutting->grid, place, begin);
        if (cutting->begins[place])
            begin = place;
    }
}

/* ---- columns ---- */

static bool is_blank(const struct lines_grid *grid, size_t first, size_t last)
{
    for (size_t i = first; i <= last; i++)
        if (lines_grid_filled(grid, i) > 0)
            return false;
    return true;
}

/* Numbers stand at the right of their places: the blanks before them are theirs. */
static bool stands_right(const struct lines_grid *grid, size_t first, size_t last)
{
    return pure_class(grid, last) == CLASS_DIGIT &&
           lines_grid_filled(grid, last) - lines_grid_filled(grid, first) >= valley;
}

static void give_blanks(const struct lines_grid *grid, struct lines_cut *cut,
                        struct lines_cut *next)
{
    size_t last = cut->last;
    while (last > cut->first && lines_grid_filled(grid, last) == 0)
        last--;
    if (last == cut->last || !stands_right(grid, next->first, next->last))
        return;
    cut->last = last;
    next->first = last + 1;
}

void lines_cut(const struct lines_grid *grid, size_t from,
               const struct profile_judge_of_values *judge, struct arena *arena,
               struct lines_type *type)
{
    struct cutting cutting = {grid, judge, NULL, NULL};
    cutting.begins = arena_allocate_array(arena, grid->width + 2, sizeof(bool));
    cutting.taken = arena_allocate_array(arena, grid->width + 2, sizeof(bool));
    cutting.begins[from] = true;
    find_known(&cutting, from);
    find_edges(&cutting, from);
    type->cuts = arena_allocate_array(arena, COLUMNS_MOST, sizeof(*type->cuts));
    size_t first = from;
    for (size_t place = from + 1; place <= grid->width + 1 && type->cut_count < COLUMNS_MOST;
         place++) {
        if (place <= grid->width && !cutting.begins[place])
            continue;
        /* Blanks that nothing stands in are no column of their own. */
        if (!is_blank(grid, first, place - 1))
            type->cuts[type->cut_count++] = (struct lines_cut){first, place - 1, NULL};
        else if (type->cut_count)
            type->cuts[type->cut_count - 1].last = place - 1;
        first = place;
    }
    for (size_t i = 0; i + 1 < type->cut_count; i++)
        give_blanks(grid, &type->cuts[i], &type->cuts[i + 1]);
}

#include "view/ahp.h"

#include <math.h>

/* The power method: multiplied by the matrix again and again, any positive vector turns to the
 * principal eigenvector (Perron and Frobenius). Judgments of 1/9 to 9 settle within 50 rounds. */
enum { ROUNDS_MOST = 1000 };
static const double settled = 1e-13;

static double judgment(const struct ahp_matrix *matrix, size_t row, size_t column)
{
    return matrix->judgments[row * matrix->count + column];
}

static double row_times(const struct ahp_matrix *matrix, size_t row, const double *weights)
{
    double sum = 0;
    for (size_t i = 0; i < matrix->count; i++)
        sum += judgment(matrix, row, i) * weights[i];
    return sum;
}

/* One round; returns the largest change of a weight. */
static double improve(const struct ahp_matrix *matrix, double *weights)
{
    double next[AHP_CRITERIA_MOST] = {0};
    double sum = 0;
    double change = 0;
    for (size_t i = 0; i < matrix->count; i++) {
        next[i] = row_times(matrix, i, weights);
        sum += next[i];
    }
    for (size_t i = 0; i < matrix->count; i++) {
        change = fmax(change, fabs(next[i] / sum - weights[i]));
        weights[i] = next[i] / sum;
    }
    return change;
}

void ahp_weigh(const struct ahp_matrix *matrix, const struct ahp_random_index *index,
               struct ahp_result *result)
{
    size_t count = matrix->count;
    *result = (struct ahp_result){.lambda_max = 0};
    for (size_t i = 0; i < count; i++)
        result->weights[i] = 1.0 / (double)count;
    for (int round = 0; round < ROUNDS_MOST && improve(matrix, result->weights) > settled; round++)
        continue;
    for (size_t i = 0; i < count; i++)
        result->lambda_max += row_times(matrix, i, result->weights) / result->weights[i];
    result->lambda_max /= (double)count;
    if (count < 3 || index->of_count[count] <= 0)
        return;
    result->consistency_index = (result->lambda_max - (double)count) / ((double)count - 1);
    result->consistency_ratio = result->consistency_index / index->of_count[count];
}

/* How far a judgment is off, as a ratio: 1 when it fits. */
static double misfit(const struct ahp_doubt *doubt)
{
    return fabs(log(doubt->given / doubt->expected));
}

static struct ahp_doubt doubt_of(const struct ahp_matrix *matrix, const struct ahp_result *result,
                                 size_t row, size_t column)
{
    /* People read "3 times as important", not "a third as important". */
    if (judgment(matrix, row, column) < 1)
        return doubt_of(matrix, result, column, row);
    return (struct ahp_doubt){row, column, judgment(matrix, row, column),
                              result->weights[row] / result->weights[column]};
}

size_t ahp_doubts(const struct ahp_matrix *matrix, const struct ahp_result *result,
                  struct ahp_doubt *doubts, size_t most)
{
    static const double fits = 1e-6;
    size_t count = 0;
    for (size_t row = 0; row < matrix->count; row++) {
        for (size_t column = row + 1; column < matrix->count; column++) {
            struct ahp_doubt doubt = doubt_of(matrix, result, row, column);
            if (misfit(&doubt) < fits)
                continue;
            size_t place = count < most ? count++ : most;
            while (place > 0 && misfit(&doubts[place - 1]) < misfit(&doubt)) {
                if (place < most)
                    doubts[place] = doubts[place - 1];
                place--;
            }
            if (place < most)
                doubts[place] = doubt;
        }
    }
    return count;
}

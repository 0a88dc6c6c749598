#include "cust360/base/date.h"
#include "cust360/base/log.h"
#include "cust360/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

/* Makes the view of a state anew, and nothing else: bench_view SQL_FOLDER STATE_DB VIEW_DB AS_OF
 * [THREADS]. Each statement's processor time is logged on stderr. */

int main(int count, char **arguments)
{
    int32_t as_of_days = 0;
    if (count < 5 || !date_parse(slice_of(arguments[4]), &as_of_days)) {
        fputs("usage: bench_view SQL_FOLDER STATE_DB VIEW_DB YYYY-MM-DD [THREADS]\n", stderr);
        return EXIT_USAGE;
    }
    struct view_options options = {.folder = arguments[1],
                                   .state_path = arguments[2],
                                   .path = arguments[3],
                                   .run_id = 1,
                                   .as_of_days = as_of_days,
                                   .threads = count > 5 ? (unsigned)atoi(arguments[5]) : 2};
    log_configure(LOG_DEBUG, LOG_TEXT);
    struct arena *arena = arena_create();
    struct error error = {0};
    struct view_result result;
    if (!view_build(arena, &options, &result, &error)) {
        log_failure(LOG_ERROR, &error);
        return EXIT_FAILED;
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("view %.2f s, of CPU %.2f + %.2f s, %ld MB\n", result.seconds,
           (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6,
           (double)usage.ru_stime.tv_sec + (double)usage.ru_stime.tv_usec / 1e6,
           usage.ru_maxrss / 1024);
    arena_destroy(arena);
    return EXIT_SUCCESS;
}

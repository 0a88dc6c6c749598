/* banned.h: makes the use of functions that the program does without an error of the compiler.
 *
 * To be included last by headers that everybody includes: the system's headers that declare these
 * functions must come before. The compiler then names the undeclared identifier, which says what
 * to use in the function's place. tests/style/banned finds the same names where this header does
 * not reach. */
#ifndef CUST360_BASE_BANNED_H
#define CUST360_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* They write without knowing how much room there is. */
#undef strcpy
#undef strcat
#undef stpcpy
#undef strncpy
#undef strncat
#undef sprintf
#undef vsprintf
#undef gets
#define strcpy(target, source)          strcpy_is_banned_use_buffer_append
#define strcat(target, source)          strcat_is_banned_use_buffer_append
#define stpcpy(target, source)          stpcpy_is_banned_use_buffer_append
#define strncpy(target, source, size)   strncpy_is_banned_use_buffer_append
#define strncat(target, source, size)   strncat_is_banned_use_buffer_append
#define sprintf(...)                    sprintf_is_banned_use_snprintf_or_buffer
#define vsprintf(target, format, words) vsprintf_is_banned_use_vsnprintf_or_buffer
#define gets(target)                    gets_is_banned_use_file_functions

/* They write into their input. */
#undef strtok
#undef strtok_r
#define strtok(text, separators)             strtok_is_banned_use_slices
#define strtok_r(text, separators, position) strtok_r_is_banned_use_slices

/* They cannot say that there was no number, or too large a one. */
#undef atoi
#undef atol
#undef atoll
#undef atof
#define atoi(text)  atoi_is_banned_use_strtoll_with_errors
#define atol(text)  atol_is_banned_use_strtoll_with_errors
#define atoll(text) atoll_is_banned_use_strtoll_with_errors
#define atof(text)  atof_is_banned_use_strtod_with_errors

/* They give out one buffer of the whole process. */
#undef gmtime
#undef localtime
#undef ctime
#undef asctime
#define gmtime(seconds)    gmtime_is_banned_use_date_functions
#define localtime(seconds) localtime_is_banned_use_date_functions
#define ctime(seconds)     ctime_is_banned_use_date_functions
#define asctime(moment)    asctime_is_banned_use_date_functions

/* They are global state: a run is a function of its input. */
#undef rand
#undef srand
#undef random
#undef srandom
#define rand()        rand_is_banned_a_run_is_repeatable
#define srand(seed)   srand_is_banned_a_run_is_repeatable
#define random()      random_is_banned_a_run_is_repeatable
#define srandom(seed) srandom_is_banned_a_run_is_repeatable

#endif

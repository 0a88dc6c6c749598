/* support.h: what several fuzz targets need. */
#ifndef TESTS_FUZZ_SUPPORT_H
#define TESTS_FUZZ_SUPPORT_H

#include "fuzz.h"

#include <stdbool.h>

/* Ends the process, and so reports the input, when a promise was broken. */
void require(bool promise);

/* A path that leads to these bytes, in memory, until the next call. */
const char *fuzz_file(const uint8_t *bytes, size_t count);

/* A new folder below the system's, with what stands below the project's root linked into it. */
const char *fuzz_folder(const char *const *linked);

/* Links a name in a folder to what fuzz_file was given last. */
const char *fuzz_file_as(const char *folder, const char *name);

#endif

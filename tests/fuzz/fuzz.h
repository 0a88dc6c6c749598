/* fuzz.h: what every fuzz target defines; libFuzzer calls it with one input after the other. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Feeds the bytes to the code under test and returns 0. Everything must be given back. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

/* Where a target has it, it is called before the first input: making what all inputs need is not
 * part of one's time. Returns 0. */
int LLVMFuzzerInitialize(int *count, char ***arguments);

#endif

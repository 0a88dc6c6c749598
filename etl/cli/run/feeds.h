/* feeds.h: what is to be matched, straight from the feeds and without a state. */
#ifndef CUST360_CLI_FEEDS_H
#define CUST360_CLI_FEEDS_H

#include "cust360/match_intake.h"
#include "cust360/standardize.h"

struct feeds_counts {
    uint64_t rows_read;
    uint64_t rows_rejected;
    uint64_t rows_discarded;
    size_t sources_missing;
};

struct feeds_settings {
    const struct project *project;
    const struct rules *rules;
    unsigned threads;
};

/* Reads and standardizes all sources as a run does, into the intake. A source that is not there is
 * logged and counted; one that cannot be read fails all. */
bool feeds_read(const struct feeds_settings *settings, struct match_intake *intake,
                struct feeds_counts *counts, struct error *error);

#endif

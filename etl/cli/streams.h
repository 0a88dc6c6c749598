/* streams.h: what the process is started with, before anything else is opened.
 *
 * Whoever starts it may have closed standard streams, may read what it prints and go away, and may
 * have asked for core dumps, which would hold whatever is in memory: customers, keys, passwords. */
#ifndef CUST360_CLI_STREAMS_H
#define CUST360_CLI_STREAMS_H

/* No file that is opened later becomes a standard stream, into which messages would be written;
 * reading or writing a stream that was closed fails as it did. No core is dumped. A file that grows
 * over the limit of the process is a write that fails, as on a full disk, and not its end. */
void streams_begin(void);

/* From here on a reader that goes away is a write that fails, and not the end of the process: what
 * changes a state goes on to its end. Programs that it starts end as usual. */
void streams_outlive_readers(void);

#endif

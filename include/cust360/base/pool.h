/* pool.h: work on several threads.
 *
 * The work is cut into numbered pieces; each piece is done once, by any thread, in any order. What
 * a piece yields goes to a place of its own and is joined in the pieces' order, so that the
 * outcome does not depend on the number of threads. */
#ifndef CUST360_BASE_POOL_H
#define CUST360_BASE_POOL_H

#include <stddef.h>

/* Does piece `piece` on thread `thread` (0 …), for state that a thread keeps to itself. */
typedef void pool_work(void *context, size_t piece, unsigned thread);

/* The number of processors that this process may use, at least 1. */
unsigned pool_processors(void);

/* Runs all pieces on up to `threads` threads (the caller's is one) and returns when all are done.
 */
void pool_run(unsigned threads, size_t pieces, pool_work *work, void *context);

#endif

/* show.h: a page about the one customer that a command line names. */
#ifndef CUST360_CLI_SHOW_H
#define CUST360_CLI_SHOW_H

#include "cli/command.h"
#include "cli/page/page.h"

/* Finds the customer by the arguments and prints the page (--format json: as JSON); several are
 * listed. `options` need no golden id. Returns the exit code. */
int show_customer(const struct invocation *invocation, const struct page_options *options);

#endif

/* review_publisher.h: `cust360 review publish` as a child of the server, which answers meanwhile.
 *
 *   start ──► child process (holds the state as a run does) ──► its end, seen at a look ──► told */
#ifndef CUST360_CLI_REVIEW_PUBLISHER_H
#define CUST360_CLI_REVIEW_PUBLISHER_H

#include "cli/command.h"
#include "cust360/review_publish.h"

struct publisher;

/* `program`: the file that is run, with "review publish" and the options that name the project.
 * The invocation is borrowed. */
struct publisher *publisher_create(const char *program, const struct invocation *invocation);

/* Ends the child, if one is at work, and waits for its end: the former view stands, and what was
 * not published is so by the next run. NULL is allowed. */
void publisher_destroy(struct publisher *publisher);

/* For review_publish_by, with the publisher as context; telling looks whether the child has ended.
 * A failure is logged when it is seen. */
bool publisher_start(void *publisher, struct error *error);
struct review_publishing publisher_tell(void *context);

/* Seconds since the last one came to grief, as long as none has done better; -1: all is well. */
int64_t publisher_failed_s(struct publisher *publisher);

#endif

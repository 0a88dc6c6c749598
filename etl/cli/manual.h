/* manual.h: the forms that the command table is told in beside --help. */
#ifndef CUST360_CLI_MANUAL_H
#define CUST360_CLI_MANUAL_H

#include "cli/command.h"
#include "cust360/base/buffer.h"

/* Appends the completion of command names and options for bash, zsh or fish; false: there is none
 * for a shell of this name. */
bool completion_write(const struct command *const *commands, const char *shell,
                      struct buffer *text);

#endif

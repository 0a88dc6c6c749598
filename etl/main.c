#include "cli/command.h"

static const struct command *const commands[] = {
    NULL,
};

int main(int argc, char **argv)
{
    return command_line_run(commands, argc, argv);
}

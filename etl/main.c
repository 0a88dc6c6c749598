#include "cli/commands.h"

static const struct command *const commands[] = {
    &command_draft,         &command_profile,
    &command_run,           &command_check,
    &command_match,         &command_train,
    &command_evaluate,      &command_show,
    &command_explain,       &command_find,
    &command_rules,         &command_publish,
    &command_status,        &command_reconcile,
    &command_precall,       &command_report,
    &command_view,          &command_stage,
    &command_review,        &command_trace,
    &command_retry_rejects, &command_audit,
    &command_manual,        &command_subject,
    &command_seal,          NULL,
};

int main(int argc, char **argv)
{
    return command_line_run(commands, argc, argv);
}

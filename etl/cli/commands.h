/* commands.h: all commands; each is defined in the file of its name. */
#ifndef CUST360_CLI_COMMANDS_H
#define CUST360_CLI_COMMANDS_H

#include "cli/command.h"

extern const struct command command_profile;
extern const struct command command_draft;
extern const struct command command_run;
extern const struct command command_check;
extern const struct command command_match;
extern const struct command command_train;
extern const struct command command_evaluate;
extern const struct command command_explain;
extern const struct command command_find;
extern const struct command command_show;
extern const struct command command_rules;
extern const struct command command_precall;
extern const struct command command_report;
extern const struct command command_audit;
extern const struct command command_subject;
extern const struct command command_view;
extern const struct command command_publish;
extern const struct command command_status;
extern const struct command command_reconcile;
extern const struct command command_trace;
extern const struct command command_retry_rejects;
extern const struct command command_seal;
extern const struct command command_stage;
extern const struct command command_review;
extern const struct command command_manual;

#endif

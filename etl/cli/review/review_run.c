#include "cli/review/review_run.h"
#include "cust360/base/database.h"
#include "cust360/match_scene.h"
#include "cust360/review_make.h"

static const struct model_entity *matched_entity(const struct job *job)
{
    const struct model *model = job->project->model;
    return &model->entities[model_find_entity(model, match_rules_entity(job->match_rules))];
}

bool job_absorb_decisions(struct job *job, struct error *error)
{
    int64_t touched = 0;
    struct database *state = store_database(job->store);
    if (!review_absorb(state, job->project->state, matched_entity(job), &job->absorbed, error) ||
        !database_integer(state, "SELECT count(*) FROM review_touched", 0, &touched, error))
        return false;
    job->changed = job->changed || touched > 0;
    return true;
}

bool job_forget_absorbed(struct job *job, struct error *error)
{
    return review_absorbed(job->project->state, job->absorbed, error);
}

bool job_make_cases(struct job *job, struct error *error)
{
    struct review_making making = {
        .state = store_database(job->store),
        .entity = matched_entity(job),
        .rules = &job->project->operation.review,
        .merge_bits = (double)match_rules_thresholds(job->match_rules).merge / WEIGHT_ONE,
        .run_id = store_run_id(job->store),
        .as_of_days = job->as_of_days,
    };
    /* After a change of rules or model weights differ where no record has changed. */
    if (job->rebuild || job->former.configuration_hash != job->configuration_hash) {
        making.of_run = true;
        return review_make(&making, error);
    }
    return review_make_changed(&making, error);
}

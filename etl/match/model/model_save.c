#include "cust360/base/buffer.h"
#include "cust360/base/file.h"
#include "match/model/model.h"

/* 'text', with quotes doubled: as YAML wants a scalar that may hold anything. */
static void write_quoted(struct buffer *buffer, struct slice text)
{
    buffer_append_byte(buffer, '\'');
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] == '\'')
            buffer_append_byte(buffer, '\'');
        buffer_append_byte(buffer, text.data[i]);
    }
    buffer_append_byte(buffer, '\'');
}

static void write_level(struct buffer *buffer, const struct match_model *model,
                        const struct level *level, const struct level_parameters *parameters)
{
    buffer_append_text(buffer, "    ");
    write_quoted(buffer, slice_of(level->name));
    buffer_format(buffer, ": {match: %.6g, stranger: %.6g", parameters->match,
                  parameters->stranger);
    if (model->relatives > 0)
        buffer_format(buffer, ", relative: %.6g", parameters->relative);
    buffer_format(buffer, "} # %+.1f", (double)parameters->against_stranger / WEIGHT_ONE);
    if (model->relatives > 0)
        buffer_format(buffer, " %+.1f", (double)parameters->against_relative / WEIGHT_ONE);
    buffer_append_byte(buffer, '\n');
}

static void write_comparisons(struct buffer *buffer, const struct match_model *model,
                              const struct match_rules *rules)
{
    buffer_append_text(buffer, "\ncomparisons:\n");
    for (size_t i = 0; i < rules->comparison_count; i++) {
        const struct comparison *comparison = &rules->comparisons[i];
        buffer_append_text(buffer, "  ");
        write_quoted(buffer, slice_of(comparison->name));
        buffer_append_text(buffer, ":\n");
        for (size_t j = 0; j < comparison->level_count; j++)
            write_level(buffer, model, &comparison->levels[j], &model->levels[i][j]);
    }
}

static void write_frequency(struct buffer *buffer, const struct frequency_table *table)
{
    buffer_format(buffer, "    rest: %.6g\n", table->rest);
    if (table->count == 0)
        return;
    buffer_append_text(buffer, "    values:\n");
    for (size_t i = 0; i < table->count; i++) {
        buffer_append_text(buffer, "      ");
        write_quoted(buffer, table->values[i]);
        buffer_format(buffer, ": %.6g\n", table->shares[i]);
    }
}

static void write_frequencies(struct buffer *buffer, const struct match_model *model,
                              const struct match_rules *rules)
{
    bool any = false;
    for (size_t i = 0; i < rules->attribute_count; i++) {
        if (!model->frequencies[i].used)
            continue;
        if (!any)
            buffer_append_text(buffer, "\nfrequencies:\n");
        any = true;
        buffer_append_text(buffer, "  ");
        write_quoted(buffer, slice_of(rules->attributes[i].name));
        buffer_append_text(buffer, ":\n");
        write_frequency(buffer, &model->frequencies[i]);
    }
}

static void write_dependence(struct buffer *buffer, const struct match_rules *rules,
                             const struct dependence *dependence)
{
    const struct comparison *first = &rules->comparisons[dependence->first];
    const struct comparison *second = &rules->comparisons[dependence->second];
    for (size_t i = 0; i < first->level_count; i++) {
        bool any = false;
        for (size_t j = 0; j < second->level_count; j++) {
            if (dependence->lift[i][j] <= 1)
                continue;
            if (!any) {
                buffer_append_text(buffer, "      ");
                write_quoted(buffer, slice_of(first->levels[i].name));
                buffer_append_text(buffer, ":\n");
            }
            any = true;
            buffer_append_text(buffer, "        ");
            write_quoted(buffer, slice_of(second->levels[j].name));
            buffer_format(buffer, ": %.6g # %+.1f\n", dependence->lift[i][j],
                          -(double)dependence->bits[i][j] / WEIGHT_ONE);
        }
    }
}

static void write_dependences(struct buffer *buffer, const struct match_model *model,
                              const struct match_rules *rules)
{
    if (model->dependence_count == 0)
        return;
    buffer_append_text(buffer,
                       "\n# What strangers show together so many times as often as by chance; such "
                       "agreement\n# counts for so many bits less, at most once.\ntogether:\n");
    for (size_t i = 0; i < model->dependence_count; i++) {
        const struct dependence *dependence = &model->dependences[i];
        buffer_append_text(buffer, "  ");
        write_quoted(buffer, slice_of(rules->comparisons[dependence->second].name));
        buffer_append_text(buffer, ":\n");
        for (; i < model->dependence_count && model->dependences[i].second == dependence->second;
             i++) {
            buffer_append_text(buffer, "    ");
            write_quoted(buffer, slice_of(rules->comparisons[model->dependences[i].first].name));
            buffer_append_text(buffer, ":\n");
            write_dependence(buffer, rules, &model->dependences[i]);
        }
        i--;
    }
}

bool match_model_save(const struct match_model *model, const struct match_rules *rules,
                      const char *path, struct error *error)
{
    struct buffer buffer = BUFFER_EMPTY;
    buffer_append_text(
        &buffer,
        "# What matching has learned, written by `cust360 train`; what it means is told at the\n"
        "# top of the match rules. A level's probabilities: of pairs that are one customer "
        "(match),\n"
        "# of two customers at random (stranger), of two who share something (relative).\n"
        "# Behind them the weights in bits: against a stranger, against a relative.\n\n");
    buffer_append_text(&buffer, "trained:\n");
    buffer_format(&buffer, "  records: %llu\n", (unsigned long long)model->trained_records);
    if (model->trained_by) {
        buffer_append_text(&buffer, "  by: ");
        write_quoted(&buffer, slice_of(model->trained_by));
        buffer_append_byte(&buffer, '\n');
    }
    buffer_format(&buffer, "\n# that two records taken at random are one customer: %+.1f bits\n",
                  (double)model->prior_stranger / WEIGHT_ONE);
    buffer_format(&buffer, "prior: %.6g\n", model->prior);
    if (model->relatives > 0) {
        buffer_format(&buffer, "# pairs of relatives for each pair of one customer: %+.1f bits\n",
                      (double)model->prior_relative / WEIGHT_ONE);
        buffer_format(&buffer, "relatives: %.6g\n", model->relatives);
    }
    write_comparisons(&buffer, model, rules);
    write_dependences(&buffer, model, rules);
    write_frequencies(&buffer, model, rules);
    bool saved = file_replace(path, buffer_slice(&buffer), error);
    buffer_release(&buffer);
    return saved;
}

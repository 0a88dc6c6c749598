/* config.h: what a group has configured: the project, its model and its mappings.
 *
 * Each struct mirrors one YAML document and is read-only once loaded. Everything in it lives in the
 * arena that was given to the loader. All errors have exit code 78 and a place. */
#ifndef CUST360_CONFIG_H
#define CUST360_CONFIG_H

#include "cust360/base/arena.h"
#include "cust360/base/error.h"
#include "cust360/config_class.h"

/* ---- the model (mappings/model.yaml): entities, fields and their kinds ---- */

#define FIELD_NONE SIZE_MAX

struct model_field {
    const char *name;     /* also the column's name in state.db and in the view */
    const char *kind;     /* a kind of the rules: mobile, name, vin, date … */
    const char *code_set; /* the set whose codes it takes, or NULL; kind code always has one */
    const char *label;    /* for people; never NULL */
    size_t from;          /* derived: index of the field it is a part of; else FIELD_NONE */
    const char *part;     /* derived: the part's name, as the kind of `from` names it */
    size_t agrees_with;   /* derived: index of a field that says the same, when both are there; else
                             FIELD_NONE */
    size_t otherwise;     /* index of a field whose part `part` it takes when nothing else gives it
                             (not derived: it may come before that field); else FIELD_NONE */
    bool required;        /* a record without it is rejected */
    enum field_class class;
    bool personal; /* FIELD_PERSONAL or FIELD_SENSITIVE */
};

struct model_entity {
    const char *name;
    const char *label;
    struct model_field *fields; /* a derived field comes after the one it comes from */
    size_t field_count;
    bool keep_delivered; /* what came is kept beside each value that is another */
};

struct code_value {
    const char *code;
    const char *label;    /* in English */
    const char *label_zh; /* in Chinese; never NULL (the English one when none is given) */
};

struct code_set { /* mappings/codes/NAME.yaml: the group's standard codes */
    const char *name;
    struct code_value *values;
    size_t value_count;
};

struct model {
    struct model_entity *entities;
    size_t entity_count;
    struct code_set *code_sets;
    size_t code_set_count;
};

struct model *model_load(struct arena *arena, const char *model_path, const char *codes_folder,
                         struct error *error);

/* Index of an entity or field by name, or FIELD_NONE. */
size_t model_find_entity(const struct model *model, const char *name);
size_t model_find_field(const struct model_entity *entity, const char *name);
const struct code_set *model_find_code_set(const struct model *model, const char *name);
bool code_set_has(const struct code_set *set, struct slice code);

/* ---- the project (cust360.yaml): folders, sources, targets ---- */

#include "cust360/config_operation.h"
#include "cust360/config_target.h"
#include "cust360/mapping.h"

#define SOURCE_STALE_ANY (-1)

struct source {
    const char *id;   /* the dealer's own: D01 */
    const char *path; /* the file, or of several files the first; empty for a server */
    const char *name; /* the path within the feeds folder, for messages and findings */
    const struct mapping *mapping;
    const char *encoding;   /* overrides the mapping's; NULL: the mapping's */
    int trust;              /* 0 to 100; higher wins in survivorship */
    bool required;          /* no publishing without it */
    bool delta;             /* what is absent is not gone */
    const char *rules;      /* file or folder of the dealer's own rules; NULL: none */
    const char *connection; /* odbc: the connection string with {path} and the like filled in, and
                               secrets resolved; never printed */
    const char **since;   /* odbc, delta: one a table: the highest watermark that was read; NULL, or
                             an entry of it: none */
    struct error missing; /* when its file is not there: exit_code is not 0, and why */
    /* What tells that an export is whole; NULL and 0: nothing does. */
    const char *done_file;    /* is there, and not older than the export */
    const char *control_file; /* tells how many rows there are: "496", or "D02_repairs.csv 2889" */
    uint32_t settle_seconds;  /* its files have not changed for so long */
    int32_t max_stale_days;   /* no publishing on older data; SOURCE_STALE_ANY: on any */
};

struct project {
    const char *path; /* of cust360.yaml */
    const char *name;
    const char *feeds; /* folders, as seen from the working directory */
    const char *state;
    const char *out;
    const char *rules;        /* folder of the rule files */
    const char *reference;    /* folder of the reference tables */
    const char *match;        /* match.yaml */
    const char *match_model;  /* the trained model */
    const char *survivorship; /* survivorship.yaml */
    const char *view;         /* folder of the view's SQL and view.yaml */
    const char *codes;        /* folder of the code sets */
    const char *model_path;
    struct model *model;
    struct source *sources; /* by id; patterns expanded */
    size_t source_count;
    struct target *targets; /* config_target.h; in the file's order */
    size_t target_count;
    size_t files_passed_over; /* that a pattern matches and no entry takes; warned of */
    struct operation operation;
};

/* What the command line overrides; NULL: as in the file. */
struct project_overrides {
    const char *feeds;
    const char *state;
    const char *out;
    bool no_sources; /* for commands that read no feeds: source_count is 0, no folder is searched,
                        no secret fetched */
    bool no_secrets; /* sources, but no connection strings: for commands that read none */
};

/* Loads the project, its model and the mappings of its sources. Paths in the file are relative to
 * it, overrides to the working directory. A source whose file is missing is no error here (see
 * struct source), a pattern that matches nothing is a warning in the log. Errors have exit code
 * 78, or 12 when a secret could not be had. */
struct project *project_load(struct arena *arena, const char *path,
                             const struct project_overrides *overrides, struct error *error);

/* Told of each document that was read: `error` is NULL when it is well. */
struct document_listener {
    void (*hear)(void *context, const char *path, const struct error *error);
    void *context;
};

/* The same, going on past errors as far as it makes sense: the listener hears of every document
 * and of all that is wrong with the sources. *error is the first of them. */
struct project *project_check(struct arena *arena, const char *path,
                              const struct project_overrides *overrides,
                              const struct document_listener *listener, struct error *error);

#endif

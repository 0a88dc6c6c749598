/* project.h: what the files that bind a project share.
 *
 *   project.c           the document, its folders, the model
 *   project_source.c    an entry of `sources` becomes one or several sources
 *   project_arrival.c   how a source says that its export is whole
 *   project_mapping.c   the mappings that the entries name, each loaded once
 *   project_files.c     which files an entry means, and what their ids are
 *   target.c            an entry of `publish`
 *   connection.c        connection strings with their secrets */
#ifndef CUST360_CONFIG_PROJECT_H
#define CUST360_CONFIG_PROJECT_H

#include "config/bind.h"

/* A source and the entry that it is from. */
struct found_source {
    struct source source;
    const struct node *node;
};

struct project_binder {
    struct arena *arena;
    struct project *project;
    const char *folder;   /* of the project file */
    const char *mappings; /* folder of the dialects' mappings */
    const struct document_listener *listener;
    struct error *error; /* the first error */
    bool failed;
    bool no_secrets;
    struct mapping **loaded; /* by mappings' paths; NULL: could not be loaded */
    const char **loaded_paths;
    size_t loaded_count;
    struct found_source *found;
    size_t found_count;
    size_t found_capacity;
    struct map *seen; /* files that an entry with `when` looked at; value 1: one took it */
};

/* The names that a connection string may hold in braces. */
enum { CONNECTION_VALUES = 6 };

/* What a connection string is filled in with. */
struct connection_filler {
    struct arena *arena;
    const char *folder;                    /* that files with secrets are relative to */
    const struct node *node;               /* the mapping that holds server, password … */
    const char *path;                      /* for {path}; NULL: there is none */
    const char *values[CONNECTION_VALUES]; /* fetched once, when they are asked for */
};

/* What an entry of `sources` says of all its sources. */
struct source_entry {
    const struct node *node;
    const char *id;
    const char *path;
    const char **encodings; /* when: {encoding: …} */
    size_t encoding_count;
    struct source common;
    struct connection_filler filler;
};

/* Tells of an error and goes on. */
void project_fail(struct project_binder *binder, const struct error *error);

/* Reads one entry; errors are told. */
void bind_source_entry(struct project_binder *binder, const struct node *node);

/* The mapping that an entry names. False: told, or known to be wrong. */
bool bind_source_mapping(struct project_binder *binder, const struct node *node,
                         const struct mapping **mapping, struct error *error);

/* Adds the sources of an entry. */
bool find_sources(struct project_binder *binder, struct source_entry *entry, struct error *error);
/* Ids name files and stand in messages: at most 63 bytes of UTF-8 without /, controls, or . in
 * front. */
bool is_source_id(struct slice text);

bool add_source(struct project_binder *binder, struct source_entry *entry, const char *id,
                const char *path, struct error *error);

/* The encoding that an XML file declares, in lower case (utf-8 when it says nothing); empty when
 * the file cannot be read. */
struct slice declared_encoding(const char *path, char *bytes, size_t capacity);

/* Warns of the files that no entry with `when` took. */
void warn_untaken(const struct project_binder *binder);

/* Fills in what tells that the source's export is whole; its id and path are there. */
bool bind_arrival(struct project_binder *binder, const struct node *node, struct source *source,
                  struct error *error);

/* Fills the names in braces in. */
bool connection_fill(struct connection_filler *filler, const char *template,
                     const char **connection, struct error *error);

/* Reads the entries of `publish`; NULL: there is no such key. */
bool bind_targets(struct project_binder *binder, const struct node *publish, struct error *error);

/* Fills in source->connection. */
bool bind_connection(struct project_binder *binder, struct source_entry *entry,
                     struct source *source, struct error *error);

/* The keys whose values a connection string may name, beside {path}; for key tables. */
#define CONNECTION_KEYS                                                                            \
    {"server", KEY_OPTIONAL, KEY_ANY_KIND}, {"port", KEY_OPTIONAL, KEY_ANY_KIND},                  \
        {"database", KEY_OPTIONAL, KEY_ANY_KIND}, {"user", KEY_OPTIONAL, KEY_ANY_KIND},            \
    {                                                                                              \
        "password", KEY_OPTIONAL, KEY_ANY_KIND                                                     \
    }

#endif

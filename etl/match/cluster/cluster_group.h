/* cluster_group.h: clusters while they are put together (cluster.c; cluster_run.c, by threads). */
#ifndef CUST360_MATCH_CLUSTER_GROUP_H
#define CUST360_MATCH_CLUSTER_GROUP_H

#include "cust360/base/hash.h"
#include "match/cluster/cluster.h"
#include "match/score/outline.h"

/* A cluster's records, those that a steward has joined side by side. */
struct members {
    struct hash_pair *records; /* by (unit, record); a unit goes by one of its records */
    size_t count;
    size_t capacity;
    size_t unit_count;
};

struct group {
    const struct scorer *scorer;
    uint32_t *parent;
    uint32_t *next; /* a ring through the members of a cluster */
    uint32_t *size;
    uint32_t *unit; /* what stewards have joined, by one of its records; NULL: nothing */
    const struct parted *parted;
    size_t parted_count;
    /* By record: what links hold together; NULL: not known. Records of other components are at
     * work on other threads. */
    const uint32_t *component;
    struct outlines *outlines; /* NULL: pairs are weighed without */
    struct members sides[2];   /* of the link that is being decided */
    struct hash_pair *scratch;
    size_t scratch_capacity;
};

/* Every record by itself. */
void group_create(struct group *group, const struct scorer *scorer, const struct parted *parted,
                  size_t parted_count);

/* Frees all but the parents. */
void group_release(struct group *group);

/* Frees what a copy of a group has for itself: members, scratch, outlines. */
void group_release_own(struct group *group);

/* The head of a record's cluster. */
uint32_t group_find(struct group *group, uint32_t record);

/* Joins the two clusters that a link stands between, or notes in the link why not; returns whether
 * it was refused. */
bool group_follow(struct group *group, struct edge *edge);

/* What decisions have joined so far are the units. */
void group_note_units(struct group *group);

#endif

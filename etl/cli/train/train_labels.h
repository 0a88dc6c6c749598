/* train_labels.h: labels for training: who is who (a CSV with source, key, entity), and stewards'
 * words in the state. */
#ifndef CUST360_CLI_TRAIN_LABELS_H
#define CUST360_CLI_TRAIN_LABELS_H

#include "cust360/store_golden.h"
#include "cust360/train.h"

struct truth_file;

/* Reads who is who; to be destroyed. NULL: error. */
struct truth_file *truth_file_read(struct arena *arena, const char *path, struct error *error);
void truth_file_destroy(struct truth_file *file);

/* The customer of a record, counted from 0, or TRAIN_UNLABELLED. */
uint32_t truth_file_entity(struct truth_file *file, struct slice source, struct slice key);

/* Stewards' words between the members of the store's last scan. */
bool labels_load_decisions(struct train_labels *labels, struct store *store, struct arena *arena,
                           struct error *error);

#endif

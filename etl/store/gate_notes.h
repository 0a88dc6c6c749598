/* gate_notes.h: what the gates of a run said, until the run's own row is written. */
#ifndef CUST360_STORE_GATE_NOTES_H
#define CUST360_STORE_GATE_NOTES_H

#include "cust360/store_operation.h"

struct gate_notes;

/* Writes them beside the run's row, be the run committed or abandoned. */
bool gate_notes_write(struct store *store, struct error *error);

/* NULL is allowed. */
void gate_notes_destroy(struct gate_notes *notes);

#endif

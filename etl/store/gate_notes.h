/* gate_notes.h: what the gates of a run said, until the run's own row is written; what the audit
 * log is told. */
#ifndef CUST360_STORE_GATE_NOTES_H
#define CUST360_STORE_GATE_NOTES_H

#include "cust360/store_operation.h"

struct gate_notes;

/* Into the audit log: decisions that it does not have yet, and into the state how far the log then
 * goes. To be called right before each commit of the state. */
bool audit_commit(struct store *store, struct error *error);

/* That a gate was let pass. */
bool audit_gate(const struct store *store, const struct store_gate *gate, struct error *error);

/* Writes them beside the run's row, be the run committed or abandoned. */
bool gate_notes_write(struct store *store, struct error *error);

/* NULL is allowed. */
void gate_notes_destroy(struct gate_notes *notes);

#endif

/* audit.h: what commands tell the audit log (base/audit.h). */
#ifndef CUST360_CLI_AUDIT_H
#define CUST360_CLI_AUDIT_H

#include "cust360/config.h"

/* Notes that values are about to be shown unmasked: by which command, and of what (golden id,
 * case; never a value; NULL: of whatever it finds). */
bool audit_unmasked(const struct project *project, const char *command, const char *what,
                    struct error *error);

#endif

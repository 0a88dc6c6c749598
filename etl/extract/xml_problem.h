/* xml_problem.h: what helps against a document that is not well-formed. */
#ifndef CUST360_EXTRACT_XML_PROBLEM_H
#define CUST360_EXTRACT_XML_PROBLEM_H

#include "cust360/base/error.h"
#include "cust360/mapping.h"

/* Adds to the error the repair that a mapping may ask for (0: there is none), unless `wanted` (bits
 * of enum repair) has it already, or else what to do about the file. */
void xml_problem_hint(unsigned repair, unsigned wanted, struct error *error);

#endif

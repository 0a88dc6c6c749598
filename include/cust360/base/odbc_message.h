/* odbc_message.h: what a driver says when something fails, made fit to be shown. */
#ifndef CUST360_BASE_ODBC_MESSAGE_H
#define CUST360_BASE_ODBC_MESSAGE_H

#include "cust360/base/error.h"

struct odbc_message {
    char state[6];   /* SQLSTATE; empty: unknown */
    char text[1024]; /* may be cut anywhere */
};

/* Fills `error`: that `what` ("connect") could not be done, the driver's reason, its SQLSTATE and
 * what to do about it; exit code 12 when user or password were refused. A message that repeats a
 * password of the connection string is not shown, and values of rows that servers quote are
 * stars. Changes the message. Returns false. */
bool odbc_message_report(const char *connection_string, struct odbc_message *message,
                         const char *what, struct error *error);

#endif

/* review_serve.h: cust360 review serve. */
#ifndef CUST360_CLI_REVIEW_SERVE_H
#define CUST360_CLI_REVIEW_SERVE_H

#include "cli/review/review_open.h"

/* The options of serve, for the command's table. */
#define OPTIONS_REVIEW_SERVE                                                                       \
    {"port", 0, "N", "serve: the port to listen on; 0: any that is free (default: 7360)"},         \
        {"listen", 0, "ADDRESS", "serve: a numeric address (default: 127.0.0.1)"},                 \
        {"host", 0, "NAME", "serve: the name under which browsers reach it"},                      \
        {"stewards", 0, "FILE", "serve: CSV with the columns name and role (steward, viewer)"},    \
        {"cert", 0, "FILE", "serve: certificate (PEM), for TLS"},                                  \
    {                                                                                              \
        "key", 0, "FILE", "serve: the certificate's key (PEM, without password)"                   \
    }

/* Answers browsers until SIGINT or SIGTERM. */
bool review_serve(struct review_desk *desk, const struct invocation *invocation,
                  struct error *error);

#endif

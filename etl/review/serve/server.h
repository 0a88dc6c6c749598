/* server.h: the stewards' page on a socket.
 *
 *   server_listen ──► (tell the address) ──► server_run, until a signal ──► server_close
 *
 * Loopback addresses only, unless there is a certificate. One thread. A client has a few seconds to
 * send its request and to take the answer; a connection that does not is ended, however it
 * trickles. One address has a part of the connections, so that others find one free. */
#ifndef CUST360_REVIEW_SERVER_H
#define CUST360_REVIEW_SERVER_H

#include "web.h"
#include <signal.h>

struct server;

struct server_options {
    const char *address;      /* numeric: 127.0.0.1, ::1 … */
    uint16_t port;            /* 0: any that is free */
    const char *certificate;  /* PEM, the content and not a path; NULL: without TLS */
    const char *key;          /* PEM, beside a certificate */
    unsigned request_seconds; /* for a request with its answer; 0: as usual (10) */
    unsigned per_address;     /* connections of one address at a time; 0: as usual (64) */
};

/* Listens, but answers nothing yet. An address that is not loopback without a certificate, or a
 * port that is taken, is an error. */
struct server *server_listen(const struct server_options *options, struct error *error);

uint16_t server_port(const struct server *server);

struct server_work { /* what is done between answers */
    void *context;
    void (*renew)(void *context);                 /* at SIGHUP */
    void (*idle)(void *context, int64_t quiet_s); /* every few seconds; nobody has asked for so
                                                     long */
};

/* Answers until SIGINT or SIGTERM is among these signals and comes (the caller has blocked them),
 * and returns it; -1 when the network failed. */
int server_run(struct server *server, struct web_site *site, const sigset_t *signals,
               const struct server_work *work);

/* Ends all connections. NULL is allowed. */
void server_close(struct server *server);

#endif

/* visitor.h: `cust360 review serve` in the workspace, and clients of any manners. */
#ifndef CUST360_TESTS_E2E_VISITOR_H
#define CUST360_TESTS_E2E_VISITOR_H

#include <stddef.h>
#include <sys/types.h>

struct served {
    pid_t process;
    int output; /* what it prints */
    unsigned port;
    char host[32];
    char tokens[2][80]; /* of 王芳, a steward, and of Viewer */
    char cookie[128];   /* of who signed in last */
    char proof[80];
};

/* A small group's night and its server; `options` are further ones. */
void served_open(struct served *served, const char *options);

/* A server on the workspace's state, which is there; `project` are the options that name it. */
void served_start(struct served *served, const char *project, const char *options);

/* Ends the server's process by a signal and waits for it; what waitpid told. */
int served_end(struct served *served, int signal_number);

/* Stops it with SIGTERM; the exit code. */
int served_close(struct served *served);

/* Reads the next lines of addresses. */
void served_read_addresses(struct served *served);

/* Sends bytes and reads until the server closes or `seconds` have passed; NUL-terminated, freed by
 * the caller. */
char *send_bytes(const struct served *served, const char *bytes, size_t length, int seconds);

/* A socket to the server. */
int visit(const struct served *served);

/* A whole request; `headers` end each with \r\n. The answer's status; *answer (may be NULL) is
 * freed by the caller. */
int ask(const struct served *served, const char *method, const char *target, const char *headers,
        const char *body, char **answer);

/* Takes a printed address; keeps cookie and proof. */
void sign_in(struct served *served, int steward);

/* Headers of a change; NUL-terminated, valid until the next call. */
const char *change_headers(const struct served *served);

#endif

#include "server.h"
#include "cust360/base/date.h"
#include "cust360/base/log.h"
#include "cust360/base/memory.h"
#include "cust360/base/text.h"
#include "web_fields.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    CONNECTIONS_MAX = 256,
    PER_ADDRESS = 64,
    CONNECTION_BYTES_MAX = 32 * 1024, /* of a request's line and headers */
    REQUEST_S = 10, /* from the former answer, or the connection, to the next answer's end */
    TICK_MS = 200,
    IDLE_EVERY_S = 5,
    BACKLOG = 64
};

/* A connection, so that it can be ended however the client keeps it alive. */
struct connection {
    struct connection *next;
    struct connection *former;
    int socket;
    double since_s;
};

struct server {
    int socket;
    uint16_t port;
    struct MHD_Daemon *daemon;
    struct web_site *site;
    struct connection *connections;
    unsigned request_seconds;
    unsigned per_address;
    int64_t asked_s; /* when the last request was answered */
    char *certificate;
    char *key;
};

/* One request, from its first line to its answer. */
struct exchange {
    struct arena *arena;
    struct buffer body;
    struct slice target;
    struct web_field headers[WEB_HEADERS_MAX + 1];
    size_t header_count;
    bool begun;
    bool body_too_large;
};

static int64_t clock_s(void)
{
    return (int64_t)date_monotonic_seconds();
}

/* ---- the address ---- */

union address {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
};

static bool read_address(const char *text, uint16_t port, union address *address, socklen_t *length)
{
    *address = (union address){0};
    if (inet_pton(AF_INET, text, &address->four.sin_addr) == 1) {
        address->four.sin_family = AF_INET;
        address->four.sin_port = htons(port);
        *length = sizeof(address->four);
        return true;
    }
    address->six.sin6_family = AF_INET6;
    address->six.sin6_port = htons(port);
    *length = sizeof(address->six);
    return inet_pton(AF_INET6, text, &address->six.sin6_addr) == 1;
}

static bool is_loopback(const union address *address)
{
    if (address->any.sa_family == AF_INET)
        return ntohl(address->four.sin_addr.s_addr) >> 24 == 127;
    return IN6_IS_ADDR_LOOPBACK(&address->six.sin6_addr);
}

static bool listen_at(struct server *server, const struct server_options *options,
                      struct error *error)
{
    union address address;
    socklen_t length = 0;
    int yes = 1;
    if (!read_address(options->address, options->port, &address, &length))
        return error_set(error, EXIT_USAGE, "%s is no numeric address", options->address) ||
               error_hint(error, "127.0.0.1, ::1, or with --cert and --key another of this "
                                 "machine's");
    if (!options->certificate && !is_loopback(&address))
        return error_set(error, EXIT_USAGE,
                         "without a certificate only this machine may connect,"
                         " and %s is no loopback address",
                         options->address) ||
               error_hint(error, "--cert FILE --key FILE, or --listen 127.0.0.1");
    server->socket = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (server->socket < 0 ||
        setsockopt(server->socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) != 0 ||
        bind(server->socket, &address.any, length) != 0 || listen(server->socket, BACKLOG) != 0 ||
        getsockname(server->socket, &address.any, &length) != 0)
        return error_set_system(error, EXIT_FAILED, errno, "could not listen on %s port %u",
                                options->address, (unsigned)options->port) ||
               error_hint(error, "--port N takes another, --port 0 any that is free");
    server->port =
        ntohs(address.any.sa_family == AF_INET ? address.four.sin_port : address.six.sin6_port);
    return true;
}

uint16_t server_port(const struct server *server)
{
    return server->port;
}

/* ---- a request ---- */

static void *begin_exchange(void *context, const char *target, struct MHD_Connection *connection)
{
    (void)context;
    (void)connection;
    struct exchange *exchange = memory_allocate_array(1, sizeof(*exchange));
    exchange->arena = arena_create();
    exchange->target = arena_copy(exchange->arena, slice_of(target));
    return exchange;
}

static void end_exchange(void *context, struct MHD_Connection *connection, void **exchange_place,
                         enum MHD_RequestTerminationCode why)
{
    struct exchange *exchange = *exchange_place;
    const union MHD_ConnectionInfo *own =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    (void)context;
    (void)why;
    if (own && own->socket_context)
        ((struct connection *)own->socket_context)->since_s = date_monotonic_seconds();
    if (!exchange)
        return;
    buffer_release(&exchange->body);
    arena_destroy(exchange->arena);
    memory_free(exchange);
    *exchange_place = NULL;
}

/* The header one past the most there may be is what the site refuses the request for. */
static enum MHD_Result take_header(void *context, enum MHD_ValueKind kind, const char *name,
                                   const char *value)
{
    struct exchange *exchange = context;
    (void)kind;
    exchange->headers[exchange->header_count++] =
        (struct web_field){slice_of(name), slice_of(value)};
    return exchange->header_count <= WEB_HEADERS_MAX ? MHD_YES : MHD_NO;
}

static void add_headers(struct MHD_Response *answer, const struct web_response *response)
{
    const char *const headers[][2] = {
        {"Content-Type", response->content_type},
        {"Content-Security-Policy", response->policy},
        {"X-Content-Type-Options", "nosniff"},
        {"X-Frame-Options", "DENY"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
        {"Cache-Control", response->etag ? "no-cache" : "no-store"},
        {"ETag", response->etag},
        {"Allow", response->allow},
        {"Retry-After", response->retry},
        {"Set-Cookie", response->cookie},
    };
    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
        if (headers[i][1])
            MHD_add_response_header(answer, headers[i][0], headers[i][1]);
}

static enum MHD_Result answer(struct server *server, struct MHD_Connection *connection,
                              struct exchange *exchange, const char *method)
{
    struct buffer body = BUFFER_EMPTY;
    struct web_request request = {.method = slice_of(method),
                                  .target = exchange->target,
                                  .headers = {exchange->headers, exchange->header_count},
                                  .body = exchange->body_too_large ? slice_make(NULL, 0)
                                                                   : buffer_slice(&exchange->body),
                                  .body_too_large = exchange->body_too_large,
                                  .now_s = clock_s()};
    struct web_response response = {.body = &body, .arena = exchange->arena};
    web_answer(server->site, &request, &response);
    server->asked_s = request.now_s;
    union {
        const char *fixed;
        void *memory;
    } bytes = {response.fixed.length > 0 ? response.fixed.data : body.data};
    struct MHD_Response *made = MHD_create_response_from_buffer(
        response.fixed.length > 0 ? response.fixed.length : body.length, bytes.memory,
        response.fixed.length > 0 ? MHD_RESPMEM_PERSISTENT : MHD_RESPMEM_MUST_COPY);
    buffer_release(&body);
    if (!made)
        return MHD_NO;
    add_headers(made, &response);
    enum MHD_Result queued = MHD_queue_response(connection, (unsigned)response.status, made);
    MHD_destroy_response(made);
    return queued;
}

/* How long the body says it is; one that is too long is refused before it is sent. */
static bool announces_too_much(const struct exchange *exchange)
{
    struct slice length;
    int64_t bytes = 0;
    struct web_fields headers = {exchange->headers, exchange->header_count};
    if (!web_header(headers, "Content-Length", &length) || length.length == 0)
        return false;
    return !text_to_integer(length, &bytes) || bytes > WEB_BODY_BYTES_MAX;
}

/* NOLINTNEXTLINE(readability-function-size): the signature is libmicrohttpd's */
static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_bytes, void **exchange_place)
{
    struct server *server = context;
    struct exchange *exchange = *exchange_place;
    (void)url;
    (void)version;
    if (!exchange)
        return MHD_NO;
    if (!exchange->begun) {
        exchange->begun = true;
        MHD_get_connection_values(connection, MHD_HEADER_KIND, take_header, exchange);
        exchange->body_too_large = announces_too_much(exchange);
        return exchange->body_too_large ? answer(server, connection, exchange, method) : MHD_YES;
    }
    if (*upload_bytes == 0)
        return answer(server, connection, exchange, method);
    if (exchange->body_too_large || exchange->body.length + *upload_bytes > WEB_BODY_BYTES_MAX)
        exchange->body_too_large = true;
    else
        buffer_append(&exchange->body, slice_make(upload, *upload_bytes));
    *upload_bytes = 0;
    return MHD_YES;
}

/* ---- connections ---- */

static void note_connection(void *context, struct MHD_Connection *connection, void **place,
                            enum MHD_ConnectionNotificationCode what)
{
    struct server *server = context;
    struct connection *own = *place;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *socket =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        own = memory_allocate_array(1, sizeof(*own));
        *own = (struct connection){server->connections, NULL, socket ? socket->connect_fd : -1,
                                   date_monotonic_seconds()};
        if (own->next)
            own->next->former = own;
        server->connections = own;
        *place = own;
    } else if (own) {
        if (own->next)
            own->next->former = own->former;
        if (own->former)
            own->former->next = own->next;
        else
            server->connections = own->next;
        memory_free(own);
        *place = NULL;
    }
}

/* libmicrohttpd ends connections that are idle; a client that sends or takes a byte now and then is
 * not. */
static void end_slow_connections(struct server *server)
{
    double latest_s = date_monotonic_seconds() - server->request_seconds;
    for (struct connection *own = server->connections; own; own = own->next)
        if (own->since_s < latest_s && own->socket >= 0)
            shutdown(own->socket, SHUT_RDWR);
}

__attribute__((format(printf, 2, 0))) static void log_library(void *context, const char *format,
                                                              va_list arguments)
{
    char text[256];
    (void)context;
    vsnprintf(text, sizeof(text), format, arguments);
    log_debug("%s", text);
}

static bool start(struct server *server, const struct server_options *options, struct error *error)
{
    const struct MHD_OptionItem tls[] = {{MHD_OPTION_HTTPS_MEM_CERT, 0, server->certificate},
                                         {MHD_OPTION_HTTPS_MEM_KEY, 0, server->key},
                                         {MHD_OPTION_END, 0, NULL}};
    const struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    unsigned flags = MHD_USE_AUTO | MHD_USE_ERROR_LOG | (options->certificate ? MHD_USE_TLS : 0u);
    server->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, handle, server, MHD_OPTION_EXTERNAL_LOGGER, log_library, NULL,
        MHD_OPTION_LISTEN_SOCKET, server->socket, MHD_OPTION_URI_LOG_CALLBACK, begin_exchange, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, end_exchange, NULL, MHD_OPTION_NOTIFY_CONNECTION,
        note_connection, server, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, server->per_address, MHD_OPTION_CONNECTION_TIMEOUT,
        server->request_seconds, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES_MAX,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_ARRAY, options->certificate ? tls : none,
        MHD_OPTION_END);
    if (server->daemon)
        return true;
    error_set(error, EXIT_CONFIGURATION,
              options->certificate ? "could not use the certificate and its key"
                                   : "could not start the server");
    return error_hint(error, options->certificate ? "both as PEM, the key without a password"
                                                  : "--log debug tells more");
}

struct server *server_listen(const struct server_options *options, struct error *error)
{
    struct server *server = memory_allocate_array(1, sizeof(*server));
    server->socket = -1;
    server->certificate = memory_copy_text(options->certificate);
    server->key = memory_copy_text(options->key);
    server->request_seconds = options->request_seconds ? options->request_seconds : REQUEST_S;
    server->per_address = options->per_address ? options->per_address : PER_ADDRESS;
    if (listen_at(server, options, error) && start(server, options, error))
        return server;
    server_close(server);
    return NULL;
}

int server_run(struct server *server, struct web_site *site, const sigset_t *signals,
               const struct server_work *work)
{
    const struct timespec at_once = {0, 0};
    int64_t idle_s = clock_s();
    server->site = site;
    for (;;) {
        if (MHD_run_wait(server->daemon, TICK_MS) != MHD_YES)
            return -1;
        end_slow_connections(server);
        if (clock_s() - idle_s >= IDLE_EVERY_S) {
            idle_s = clock_s();
            work->idle(work->context, idle_s - server->asked_s);
        }
        int signal = sigtimedwait(signals, NULL, &at_once);
        if (signal == SIGHUP)
            work->renew(work->context);
        else if (signal > 0)
            return signal;
    }
}

void server_close(struct server *server)
{
    if (!server)
        return;
    if (server->daemon)
        MHD_stop_daemon(server->daemon); /* closes the socket too */
    else if (server->socket >= 0)
        close(server->socket);
    memory_free(server->certificate);
    memory_free(server->key);
    memory_free(server);
}

#include "cli/review/review_serve.h"
#include "cli/review.h"
#include "cli/review/review_publisher.h"
#include "cli/streams.h"
#include "cust360/base/buffer.h"
#include "cust360/base/file.h"
#include "cust360/base/log.h"
#include "review/serve/routes.h"
#include "review/serve/server.h"
#include "review/serve/stewards.h"

#include <stdio.h>

enum {
    PORT_DEFAULT = 7360,
    PORT_MOST = 65535,
    CERTIFICATE_BYTES_MOST = 1024 * 1024,
    PUBLISH_AFTER_QUIET_S = 60,
    PUBLISH_AFTER_FAILURE_S = 600
};

/* What the server works on. */
struct serving {
    struct review_desk *desk;
    struct web_site *site;
    struct publisher *publisher;
    const char *scheme;
    const char *host; /* with the port */
};

static bool read_pem(const struct invocation *invocation, const char *option, struct arena *arena,
                     const char **content, struct error *error)
{
    struct slice read;
    const char *path = invocation_option(invocation, option);
    if (path && !file_read(arena, path, CERTIFICATE_BYTES_MOST, &read, error))
        return false;
    *content = path ? read.data : NULL;
    return true;
}

static bool read_options(const struct invocation *invocation, struct arena *arena,
                         struct server_options *options, struct error *error)
{
    int64_t port = PORT_DEFAULT;
    const char *address = invocation_option(invocation, "listen");
    *options = (struct server_options){.address = address ? address : "127.0.0.1"};
    if (!invocation_integer(invocation, "port", 0, PORT_MOST, &port, error) ||
        !read_pem(invocation, "cert", arena, &options->certificate, error) ||
        !read_pem(invocation, "key", arena, &options->key, error))
        return false;
    options->port = (uint16_t)port;
    if (!options->certificate == !options->key)
        return true;
    error_set(error, EXIT_USAGE, "a certificate needs its key, and a key its certificate");
    return error_hint(error, "--cert FILE --key FILE");
}

static bool read_stewards(const struct invocation *invocation, struct arena *arena,
                          struct web_site_options *options, struct error *error)
{
    const char *path = invocation_option(invocation, "stewards");
    struct web_steward *stewards = arena_allocate(arena, sizeof(*stewards));
    *stewards = (struct web_steward){.name = review_who(invocation), .may_change = true};
    options->steward_count = 1;
    if (path && !stewards_read(arena, path, &stewards, &options->steward_count, error))
        return false;
    options->stewards = stewards;
    return true;
}

static const char *with_port(struct arena *arena, const char *name, const struct server *server)
{
    bool is_six = strchr(name, ':') != NULL;
    return arena_format(arena, "%s%s%s:%u", is_six ? "[" : "", name, is_six ? "]" : "",
                        (unsigned)server_port(server));
}

/* The names that a browser may call this server by; the first stands in the printed address. */
static const char *const *make_hosts(const struct invocation *invocation, struct arena *arena,
                                     const struct server_options *options,
                                     const struct server *server)
{
    const char *name = invocation_option(invocation, "host");
    const char **hosts = arena_allocate_array(arena, 4, sizeof(*hosts));
    size_t count = 0;
    if (name)
        hosts[count++] = with_port(arena, name, server);
    hosts[count++] = with_port(arena, options->address, server);
    if (!options->certificate)
        hosts[count++] = with_port(arena, "localhost", server);
    return hosts;
}

/* An address a steward, on stdout: it is what the command is for. */
static void print_addresses(const struct serving *serving)
{
    size_t count = 0;
    const struct web_steward *stewards = web_site_stewards(serving->site, &count);
    struct buffer text = BUFFER_EMPTY;
    for (size_t i = 0; i < count; i++)
        buffer_format(&text, "%s\t%s://%s/?token=%s\n", stewards[i].name, serving->scheme,
                      serving->host, stewards[i].token);
    command_print(buffer_slice(&text));
    (void)fflush(stdout);
    buffer_release(&text);
}

static void renew(void *context)
{
    const struct serving *serving = context;
    struct error error;
    if (web_site_renew(serving->site, &error))
        print_addresses(serving);
    else
        log_failure(LOG_ERROR, &error);
}

/* What was decided while a run held the state takes its effect when the run is over; the view
 * follows when nobody is deciding, for what is said meanwhile waits as for a run. */
static void settle(void *context, int64_t quiet_s)
{
    const struct serving *serving = context;
    struct error error;
    bool begun = false;
    int64_t failed_s = publisher_failed_s(serving->publisher);
    bool is_time =
        quiet_s >= PUBLISH_AFTER_QUIET_S && (failed_s < 0 || failed_s >= PUBLISH_AFTER_FAILURE_S);
    bool settled = review_settle(serving->desk->review, NULL, &error);
    if (settled && is_time)
        settled = review_publish(serving->desk->review, &begun, &error);
    if (!settled && error.exit_code != EXIT_LOCKED)
        log_failure(LOG_WARNING, &error);
}

static bool serve(struct serving *serving, struct server *server, const sigset_t *signals,
                  struct error *error)
{
    print_addresses(serving);
    log_information("each address is good once; SIGHUP prints new ones, SIGINT ends the server");
    int signal =
        server_run(server, serving->site, signals, &(struct server_work){serving, renew, settle});
    return signal == SIGTERM || signal == SIGINT ||
           error_set(error, EXIT_FAILED, "the server could not go on");
}

static bool serve_site(struct serving *serving, const struct invocation *invocation,
                       const sigset_t *signals, struct error *error)
{
    struct arena *arena = serving->desk->arena;
    struct server_options options;
    struct web_site_options site = {.routes = review_routes, .context = serving->desk->review};
    if (!read_options(invocation, arena, &options, error) ||
        !read_stewards(invocation, arena, &site, error))
        return false;
    struct server *server = server_listen(&options, error);
    if (!server)
        return false;
    site.hosts = make_hosts(invocation, arena, &options, server);
    site.scheme = options.certificate ? "https" : "http";
    serving->scheme = site.scheme;
    serving->host = site.hosts[0];
    serving->site = web_site_create(&site, error);
    bool served = serving->site && serve(serving, server, signals, error);
    server_close(server);
    web_site_destroy(serving->site);
    return served;
}

bool review_serve(struct review_desk *desk, const struct invocation *invocation,
                  struct error *error)
{
    sigset_t signals;
    sigset_t before;
    struct serving serving = {.desk = desk,
                              .publisher = publisher_create("/proc/self/exe", invocation)};
    const struct review_publisher publisher = {serving.publisher, publisher_start, publisher_tell};
    review_publish_by(desk->review, &publisher);
    streams_outlive_readers();
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, &before);
    bool served = serve_site(&serving, invocation, &signals, error);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    review_publish_by(desk->review, NULL);
    publisher_destroy(serving.publisher);
    return served;
}

#include "review/serve/server.h"
#include "site.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* Clients of any manners against a real socket, with limits that do not keep the tests waiting. */

enum { PER_ADDRESS = 8, LARGE_BYTES = 8 * 1024 * 1024, ENDED_WITHIN_S = 10 };

static struct {
    struct server *server;
    struct web_site *site;
    pthread_t thread;
    sigset_t signals;
    int changes;
    int ended; /* what server_run gave */
    char host[32];
    char cookie[128];
    char proof[80];
} visited;

static enum web_outcome tell_much(void *context, const struct web_call *call, struct error *error)
{
    (void)context;
    (void)error;
    for (size_t i = 0; i < LARGE_BYTES / 16; i++)
        buffer_append_text(call->json, "0123456789abcdef");
    return WEB_DONE;
}

static enum web_outcome change(void *context, const struct web_call *call, struct error *error)
{
    (void)context;
    (void)error;
    visited.changes++;
    buffer_append_text(call->json, "{}");
    return WEB_DONE;
}

static const struct web_route routes[] = {{"/api/much", WEB_READ, tell_much},
                                          {"/api/change", WEB_CHANGE, change},
                                          {NULL, WEB_READ, NULL}};

static void do_nothing(void *context)
{
    (void)context;
}

static void be_idle(void *context, int64_t quiet_s)
{
    (void)context;
    (void)quiet_s;
}

static void *serve(void *context)
{
    (void)context;
    visited.ended = server_run(visited.server, visited.site, &visited.signals,
                               &(struct server_work){NULL, do_nothing, be_idle});
    return NULL;
}

/* A connection that comes from 127.0.0.`from`. */
static int visit(unsigned from)
{
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7F000000u + from)};
    struct sockaddr_in place = {.sin_family = AF_INET,
                                .sin_port = htons(server_port(visited.server)),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const struct timeval patience = {ENDED_WITHIN_S, 0};
    const int narrow = 4096;
    int peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(peer, SOL_SOCKET, SO_RCVBUF, &narrow, sizeof(narrow));
    setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    cr_assert_eq(bind(peer, (struct sockaddr *)&own, sizeof(own)), 0);
    cr_assert_eq(connect(peer, (struct sockaddr *)&place, sizeof(place)), 0);
    return peer;
}

static bool send_text(int peer, const char *text)
{
    return send(peer, text, strlen(text), MSG_NOSIGNAL) == (ssize_t)strlen(text);
}

/* The first bytes of the answer; "" when the server has ended the connection without one. */
static const char *receive(int peer)
{
    static char answer[4096];
    ssize_t bytes = recv(peer, answer, sizeof(answer) - 1, 0);
    answer[bytes > 0 ? bytes : 0] = '\0';
    return answer;
}

/* A whole answer to a client of good manners. */
static const char *ask_from(unsigned from, const char *target)
{
    char request[512];
    int peer = visit(from);
    snprintf(request, sizeof(request),
             "GET %s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nConnection: close\r\n\r\n", target,
             visited.host, visited.cookie);
    send_text(peer, request);
    const char *answer = receive(peer);
    close(peer);
    return answer;
}

static void expect_served(unsigned from)
{
    cr_expect(strstr(ask_from(from, "/style.css"), "200 OK"), "others are answered");
}

/* Whether the server ends a connection in time; a byte is sent again and again meanwhile. */
static bool is_ended(int peer, const char *drip)
{
    const struct timespec pause = {0, 100 * 1000 * 1000};
    for (int i = 0; i < ENDED_WITHIN_S * 10; i++) {
        char byte;
        if (!send_text(peer, drip) || recv(peer, &byte, 1, MSG_DONTWAIT) == 0)
            return true;
        nanosleep(&pause, NULL);
    }
    return false;
}

static void open_server(void)
{
    static const struct web_steward stewards[] = {{"steward", true, ""}};
    static const char *hosts[2];
    struct error error;
    size_t count = 0;
    sigemptyset(&visited.signals);
    sigaddset(&visited.signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &visited.signals, NULL);
    visited.server = server_listen(&(struct server_options){.address = "127.0.0.1",
                                                            .request_seconds = 1,
                                                            .per_address = PER_ADDRESS},
                                   &error);
    cr_assert(visited.server, "%s", error.message);
    snprintf(visited.host, sizeof(visited.host), "127.0.0.1:%u", server_port(visited.server));
    hosts[0] = visited.host;
    visited.site = web_site_create(
        &(struct web_site_options){"http", hosts, stewards, 1, routes, NULL}, &error);
    cr_assert(visited.site);
    cr_assert_eq(pthread_create(&visited.thread, NULL, serve, NULL), 0);
    char target[128];
    snprintf(target, sizeof(target), "/?token=%s",
             web_site_stewards(visited.site, &count)[0].token);
    const char *cookie = strstr(ask_from(1, target), "Set-Cookie: ");
    cr_assert(cookie);
    cookie += strlen("Set-Cookie: ");
    snprintf(visited.cookie, sizeof(visited.cookie), "%.*s", (int)strcspn(cookie, ";"), cookie);
    const char *proof = strstr(ask_from(1, "/api/session"), "\"proof\":\"");
    cr_assert(proof);
    snprintf(visited.proof, sizeof(visited.proof), "%.64s", proof + strlen("\"proof\":\""));
}

static void close_server(void)
{
    kill(getpid(), SIGTERM);
    pthread_join(visited.thread, NULL);
    cr_expect_eq(visited.ended, SIGTERM, "the server is alive to the end");
    server_close(visited.server);
    web_site_destroy(visited.site);
}

TestSuite(review_server, .init = open_server, .fini = close_server, .timeout = 60);

/* A change that is all right but for the bytes of its body that are still to come. */
static const char *change_headers(size_t body_bytes)
{
    static char headers[1024];
    snprintf(headers, sizeof(headers),
             "POST /api/change HTTP/1.1\r\nHost: %s\r\nOrigin: http://%s\r\nCookie: %s\r\n"
             "X-Proof: %s\r\nContent-Type: application/x-www-form-urlencoded\r\n"
             "Content-Length: %zu\r\n\r\n",
             visited.host, visited.host, visited.cookie, visited.proof, body_bytes);
    return headers;
}

Test(review_server, whoever_drips_headers_is_ended)
{
    int peer = visit(1);
    cr_assert(send_text(peer, "GET / HTTP/1.1\r\nX: "));
    expect_served(1);
    cr_expect(is_ended(peer, "x"));
    expect_served(1);
    close(peer);
}

Test(review_server, whoever_drips_a_body_is_ended_and_has_changed_nothing)
{
    int peer = visit(1);
    cr_assert(send_text(peer, change_headers(1000)));
    cr_assert(send_text(peer, "mark=0123456789abcdef&x="));
    expect_served(1);
    cr_expect(is_ended(peer, "x"));
    cr_expect_eq(visited.changes, 0);
    expect_served(1);
    close(peer);
}

Test(review_server, whoever_does_not_take_the_answer_is_ended)
{
    char request[512];
    char bytes[65536];
    size_t taken = 0;
    int peer = visit(1);
    snprintf(request, sizeof(request), "GET /api/much HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\n\r\n",
             visited.host, visited.cookie);
    cr_assert(send_text(peer, request));
    expect_served(1);
    sleep(3);
    for (ssize_t got = 1; got > 0; taken += got > 0 ? (size_t)got : 0)
        got = recv(peer, bytes, sizeof(bytes), 0);
    cr_expect_lt(taken, (size_t)LARGE_BYTES, "the rest was not kept for it");
    expect_served(1);
    close(peer);
}

Test(review_server, half_a_request_and_half_a_connection_change_nothing)
{
    int peer = visit(1);
    cr_assert(send_text(peer, change_headers(1000)));
    cr_assert(send_text(peer, "mark=0123456789abcdef"));
    shutdown(peer, SHUT_WR);
    cr_expect(!strstr(receive(peer), "200 OK"));
    cr_expect_eq(visited.changes, 0);
    close(peer);
    expect_served(1);
}

Test(review_server, whoever_has_said_all_may_close_his_half)
{
    static const char body[] = "mark=0123456789abcdef";
    int peer = visit(1);
    cr_assert(send_text(peer, change_headers(sizeof(body) - 1)));
    cr_assert(send_text(peer, body));
    shutdown(peer, SHUT_WR);
    receive(peer);
    cr_expect_leq(visited.changes, 1, "once at most");
    close(peer);
    expect_served(1);
}

Test(review_server, many_connections_of_one_address_keep_no_other_out)
{
    enum { MANY = 4 * PER_ADDRESS };
    int peers[MANY];
    for (int i = 0; i < MANY; i++) {
        peers[i] = visit(2);
        send_text(peers[i], "GET / HTTP/1.1\r\nX: ");
    }
    expect_served(3);
    for (int i = 0; i < MANY; i++)
        cr_expect(is_ended(peers[i], "x"), "%d", i);
    expect_served(2);
    for (int i = 0; i < MANY; i++)
        close(peers[i]);
}

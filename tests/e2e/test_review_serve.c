#include "cust360/base/buffer.h"
#include "cust360/base/memory.h"
#include "small_group.h"
#include "visitor.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* The small group has nobody whose name is not Li Mei, and no mobile that begins otherwise. */
#define SOMEBODY      "Li Mei"
#define MOBILE_BEGINS "1380020"
#define MARK          "mark=0123456789abcdef"
#define DECISION      MARK "&key=0123456789abcdef&word=same&seen=0123456789abcdef"

static struct served served;

static void open_server(void)
{
    served_open(&served, "");
}

static void close_server(void)
{
    cr_expect_eq(served_close(&served), 0, "the server ends cleanly");
}

TestSuite(review_serve, .init = open_server, .fini = close_server, .timeout = 60);

static long changes(void)
{
    return query_number(STATE, "SELECT count(*) FROM decision");
}

/* Nothing was changed, and nobody told about. */
static void expect_refusal(int status, int expected, char *answer)
{
    cr_expect_eq(status, expected, "%d: %s", status, answer);
    expect_lacks(answer, SOMEBODY);
    expect_lacks(answer, MOBILE_BEGINS);
    cr_expect_eq(changes(), 0);
    memory_free(answer);
}

static const char *host_header(void)
{
    static char header[64];
    snprintf(header, sizeof(header), "Host: %s\r\n", served.host);
    return header;
}

static void expect_alive(void)
{
    cr_expect_eq(ask(&served, "GET", "/style.css", host_header(), "", NULL), 200);
}

Test(review_serve, without_a_token_nothing_is_told)
{
    static const char *const targets[] = {
        "/",
        "/api/queue",
        "/api/search?q=Li",
        "/api/customer?id=C0",
        "/?token=",
        "/?token=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"};
    char *answer;
    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        int status = ask(&served, "GET", targets[i], host_header(), "", &answer);
        expect_refusal(status, 401, answer);
    }
    int status = ask(&served, "POST", "/api/decide", host_header(), DECISION, &answer);
    expect_refusal(status, 403, answer);
}

Test(review_serve, an_address_is_good_once_until_new_ones_are_asked_for)
{
    char target[128];
    char *answer;
    sign_in(&served, 0);
    snprintf(target, sizeof(target), "/?token=%s", served.tokens[0]);
    int status = ask(&served, "GET", target, host_header(), "", &answer);
    expect_refusal(status, 401, answer);
    kill(served.process, SIGHUP);
    served_read_addresses(&served);
    sign_in(&served, 0);
}

Test(review_serve, other_sites_and_hosts_are_refused)
{
    char headers[1024];
    char *answer;
    sign_in(&served, 0);
    const char *lines[] = {"Host: evil.example\r\n", "Host: localhost\r\n",
                           "Host: 127.0.0.1:1\r\n"};
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        snprintf(headers, sizeof(headers), "%sCookie: %s\r\n", lines[i], served.cookie);
        int status = ask(&served, "GET", "/api/search?q=Li", headers, "", &answer);
        expect_refusal(status, 421, answer);
    }
    const char *origins[] = {"http://evil.example", "null", "https://127.0.0.1"};
    for (size_t i = 0; i < sizeof(origins) / sizeof(origins[0]); i++) {
        snprintf(headers, sizeof(headers),
                 "Host: %s\r\nOrigin: %s\r\nCookie: %s\r\nX-Proof: %s\r\n"
                 "Content-Type: application/x-www-form-urlencoded\r\n",
                 served.host, origins[i], served.cookie, served.proof);
        int status = ask(&served, "POST", "/api/decide", headers, DECISION, &answer);
        expect_refusal(status, 403, answer);
    }
}

Test(review_serve, a_change_without_its_proof_or_a_second_time_is_none)
{
    char *answer;
    char proof[80];
    sign_in(&served, 0);
    snprintf(proof, sizeof(proof), "%s", served.proof);
    served.proof[0] = '\0';
    int status = ask(&served, "POST", "/api/decide", change_headers(&served), DECISION, &answer);
    expect_refusal(status, 403, answer);
    snprintf(served.proof, sizeof(served.proof), "%s", proof);
    status = ask(&served, "POST", "/api/release", change_headers(&served), MARK, &answer);
    expect_refusal(status, 200, answer);
    status = ask(&served, "POST", "/api/release", change_headers(&served), MARK, &answer);
    expect_refusal(status, 409, answer);
    status = ask(&served, "POST", "/api/release", change_headers(&served), "", &answer);
    expect_refusal(status, 400, answer);
}

Test(review_serve, a_viewer_decides_nothing)
{
    static const char *const targets[] = {"/api/decide", "/api/undo", "/api/claim", "/api/release"};
    char *answer;
    sign_in(&served, 1);
    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        int status = ask(&served, "POST", targets[i], change_headers(&served), DECISION, &answer);
        expect_refusal(status, 403, answer);
    }
}

Test(review_serve, what_does_not_exist_is_said_without_values)
{
    static const struct {
        const char *target;
        int status;
    } cases[] = {{"/api/case?key=0000000000000000", 409},
                 {"/api/case", 400},
                 {"/api/case?key=%27%3B%20DROP%20TABLE%20decision", 400},
                 {"/api/customer?id=C0000000X", 404},
                 {"/api/queue?kind=none", 400},
                 {"/api/queue?limit=-1", 400},
                 {"/api/queue?limit=99999999999999999999", 400},
                 {"/api/queue?band=4", 400},
                 {"/api/search?q=", 400},
                 {"/api/search?q=%FF", 400}};
    char headers[512];
    char *answer;
    sign_in(&served, 0);
    snprintf(headers, sizeof(headers), "%sCookie: %s\r\n", host_header(), served.cookie);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int status = ask(&served, "GET", cases[i].target, headers, "", &answer);
        expect_refusal(status, cases[i].status, answer);
    }
    int status = ask(&served, "POST", "/api/undo", change_headers(&served),
                     "mark=00000000000000000undo&decision=987654", &answer);
    expect_contains(answer, "there is no decision 987654");
    expect_refusal(status, 404, answer);
    status = ask(&served, "POST", "/api/decide", change_headers(&served), DECISION, &answer);
    cr_expect(status == 404 || status == 409 || status == 500, "%d", status);
    expect_refusal(status, status, answer);
}

Test(review_serve, personal_values_are_masked_until_shown_which_is_noted)
{
    char headers[512];
    char text[256];
    char *answer;
    char *golden_id = query(STATE, "SELECT golden_id FROM golden LIMIT 1");
    sign_in(&served, 0);
    snprintf(headers, sizeof(headers), "%sCookie: %s\r\n", host_header(), served.cookie);
    int status = ask(&served, "GET", "/api/search?q=1380020", headers, "", &answer);
    expect_refusal(status, 200, answer);
    snprintf(text, sizeof(text), "/api/customer?id=%s", golden_id);
    status = ask(&served, "GET", text, headers, "", &answer);
    expect_refusal(status, 200, answer);
    snprintf(text, sizeof(text), MARK "&id=%s", golden_id);
    status = ask(&served, "POST", "/api/reveal", change_headers(&served), text, &answer);
    cr_expect_eq(status, 200, "%s", answer);
    expect_contains(answer, MOBILE_BEGINS);
    memory_free(answer);
    memory_free(golden_id);
}

Test(review_serve, paths_lead_nowhere)
{
    static const char *const targets[] = {"/../../../../etc/passwd",
                                          "/%2e%2e/%2e%2e/etc/passwd",
                                          "/..%2f..%2fetc/passwd",
                                          "//etc/passwd",
                                          "/page/../../state/state.db",
                                          "/state.db",
                                          "/main.js/../../state.db",
                                          "/main.js%00.css",
                                          "/.git/config",
                                          "/api/../api/queue",
                                          "/..\\..\\state.db"};
    char headers[512];
    char *answer;
    sign_in(&served, 0);
    snprintf(headers, sizeof(headers), "%sCookie: %s\r\n", host_header(), served.cookie);
    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        int status = ask(&served, "GET", targets[i], headers, "", &answer);
        expect_refusal(status, 404, answer);
    }
}

Test(review_serve, what_is_asked_for_is_no_header_of_the_answer)
{
    static const char *const targets[] = {
        "/%0d%0aX-Injected:%201", "/?token=a%0d%0aX-Injected:%201",
        "/api/search?q=a%0d%0aX-Injected:%201", "/api/customer?id=a%0aX-Injected:%201",
        "/api/queue?kind=a%0d%0a%0d%0aX-Injected:%201"};
    char headers[512];
    sign_in(&served, 0);
    snprintf(headers, sizeof(headers), "%sCookie: %s\r\n", host_header(), served.cookie);
    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        char *answer;
        ask(&served, "GET", targets[i], headers, "", &answer);
        expect_lacks(answer, "\nX-Injected");
        memory_free(answer);
    }
}

Test(review_serve, what_is_too_large_is_refused_before_it_is_read)
{
    struct buffer text = BUFFER_EMPTY;
    sign_in(&served, 0);
    buffer_format(&text, "POST /api/decide HTTP/1.1\r\n%sContent-Length: 99999999999\r\n\r\n",
                  change_headers(&served));
    char *answer = send_bytes(&served, text.data, text.length, 5);
    expect_refusal((int)strtol(answer + 9, NULL, 10), 413, answer);
    buffer_clear(&text);
    buffer_format(&text, "POST /api/decide HTTP/1.1\r\n%sTransfer-Encoding: chunked\r\n\r\n",
                  change_headers(&served));
    for (int i = 0; i < 40; i++)
        buffer_format(&text, "1000\r\n%04096d\r\n", 0);
    buffer_append_text(&text, "0\r\n\r\n");
    answer = send_bytes(&served, text.data, text.length, 5);
    expect_refusal((int)strtol(answer + 9, NULL, 10), 413, answer);
    buffer_clear(&text);
    buffer_format(&text, "GET / HTTP/1.1\r\n%s", host_header());
    for (int i = 0; i < 20000; i++)
        buffer_format(&text, "X-%d: 0123456789\r\n", i);
    answer = send_bytes(&served, text.data, text.length, 5);
    expect_lacks(answer, " 200 ");
    expect_refusal(0, 0, answer);
    buffer_release(&text);
    expect_alive();
}

Test(review_serve, what_is_no_request_breaks_nothing)
{
    static const struct {
        const char *bytes;
        size_t length;
    } requests[] = {
#define REQUEST(text) {text, sizeof(text) - 1}
        REQUEST("\r\n\r\n\r\n"),
        REQUEST("GET\r\n\r\n"),
        REQUEST("GET / HTTP/9.9\r\nHost: x\r\n\r\n"),
        REQUEST("GET / HTTP/1.1\r\n\r\n"),
        REQUEST("GET / HTTP/1.1\r\nHost\r\n\r\n"),
        REQUEST("GET /\0\0 HTTP/1.1\r\nHost: \0\r\n\r\n"),
        REQUEST("\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03"),
        REQUEST("POST /api/decide HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\nx"),
        REQUEST("POST /api/decide HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: "
                "9\r\n\r\nx"),
        REQUEST("POST /api/decide HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                "ZZZ\r\n"),
        REQUEST("POST /api/decide HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                "Content-Length: 4\r\n\r\nffffffffffffffff\r\n"),
        REQUEST("GET / HTTP/1.1\r\nHost: a\r\n\tb: c\r\nHost: d\r\n\r\n"),
        REQUEST("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    };
    for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
        char *answer = send_bytes(&served, requests[i].bytes, requests[i].length, 1);
        cr_expect(!strstr(answer, "HTTP/1.1 200"), "%zu: %s", i, answer);
        expect_refusal(0, 0, answer);
    }
    expect_alive();
}

Test(review_serve, methods_that_an_address_does_not_take_are_refused)
{
    static const char *const methods[] = {"PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"};
    char *answer;
    sign_in(&served, 0);
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        int status =
            ask(&served, methods[i], "/api/decide", change_headers(&served), DECISION, &answer);
        expect_refusal(status, 405, answer);
    }
    int status = ask(&served, "GET", "/api/decide?" DECISION, change_headers(&served), "", &answer);
    expect_refusal(status, 405, answer);
}

static double seconds_since(const struct timespec *start)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

/* Whether the server has closed the connection. */
static bool is_closed(int peer)
{
    char byte;
    return recv(peer, &byte, 1, MSG_DONTWAIT) == 0;
}

Test(review_serve, slow_clients_are_ended_and_keep_nobody_waiting)
{
    enum { SLOW = 60, SECONDS_MOST = 20 };
    int peers[SLOW];
    char text[2048];
    struct timespec start;
    sign_in(&served, 0);
    for (int i = 0; i < SLOW; i++) { /* in the midst of their headers, or of what they change */
        int length = snprintf(text, sizeof(text), "GET / HTTP/1.1\r\nX: ");
        if (i % 2)
            length = snprintf(text, sizeof(text),
                              "POST /api/decide HTTP/1.1\r\n%sContent-Length: 4000\r\n\r\n",
                              change_headers(&served));
        peers[i] = visit(&served);
        cr_assert_eq(send(peers[i], text, (size_t)length, MSG_NOSIGNAL), length);
    }
    clock_gettime(CLOCK_MONOTONIC, &start);
    expect_alive();
    cr_expect_lt(seconds_since(&start), 5.0, "others are answered meanwhile");
    int left = SLOW;
    while (left > 0 && seconds_since(&start) < SECONDS_MOST) {
        left = 0;
        for (int i = 0; i < SLOW; i++) {
            ssize_t sent = send(peers[i], "x", 1, MSG_NOSIGNAL); /* never idle */
            left += sent == 1 && !is_closed(peers[i]);
        }
        usleep(500 * 1000);
    }
    cr_expect_eq(left, 0, "%d are still connected", left);
    for (int i = 0; i < SLOW; i++)
        close(peers[i]);
    expect_alive();
}

Test(review_serve, every_answer_carries_what_protects_the_browser)
{
    static const char *const headers[] = {"Content-Security-Policy: default-src 'none'",
                                          "X-Content-Type-Options: nosniff",
                                          "Referrer-Policy: no-referrer",
                                          "X-Frame-Options: DENY",
                                          "frame-ancestors 'none'",
                                          "Cache-Control: no-"};
    static const char *const targets[] = {"/style.css", "/", "/api/queue", "/nowhere"};
    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        char *answer;
        ask(&served, "GET", targets[i], host_header(), "", &answer);
        for (size_t j = 0; j < sizeof(headers) / sizeof(headers[0]); j++)
            expect_contains(answer, headers[j]);
        memory_free(answer);
    }
}

Test(review_serve_tls, a_certificate_brings_TLS_and_a_cookie_that_stays_there, .timeout = 60)
{
    char client[1024];
    served_open(&served, "--cert tests/e2e/data/review-cert.pem --key tests/e2e/data/review-key.pem"
                         " --host localhost");
    snprintf(client, sizeof(client),
             "python3 -c \"import ssl, urllib.request as u;"
             "c = ssl.create_default_context(cafile='tests/e2e/data/review-cert.pem');"
             "h = u.urlopen('https://%s/?token=%s', context=c).headers['Set-Cookie'];"
             "assert '; Secure' in h and h.startswith('__Host-'), h\"",
             served.host, served.tokens[0]);
    shell("%s", client);
    cr_expect_eq(served_close(&served), 0);
}

static void expect_refused_start(const char *options, int exit_code, const char *part)
{
    struct finished finished =
        run("review serve -c @/cust360.yaml --port 0 --stewards @/stewards.csv %s", options);
    expect_exit(finished, exit_code);
    expect_contains(finished.messages, part);
    finished_release(&finished);
}

Test(review_serve_start, what_would_not_be_safe_or_cannot_be_read_is_said, .init = small_group_open,
     .fini = workspace_close, .timeout = 60)
{
    quiet_night("2026-06-30", "", 0);
    write_text("stewards.csv", "name,role\nA,steward\n");
    expect_refused_start("--listen 0.0.0.0", 2, "loopback");
    expect_refused_start("--listen somewhere", 2, "numeric");
    expect_refused_start("--cert tests/e2e/data/review-cert.pem", 2, "--key FILE");
    expect_refused_start("--cert @/none.pem --key @/none.pem", 1, "none.pem");
    expect_refused_start("--cert @/stewards.csv --key @/stewards.csv", 78, "certificate");
    expect_refused_start("--port 65536", 2, "port");
    write_text("stewards.csv", "name,role\nA,steward\nB,owner\n");
    expect_refused_start("", 78, "stewards.csv:3: the role is steward or viewer, not owner");
    write_text("stewards.csv", "name,role\nA,steward\nA,viewer\n");
    expect_refused_start("", 78, "stewards.csv:3: A is named twice");
    write_text("stewards.csv", "name\nA\n");
    expect_refused_start("", 78, "role");
    write_text("stewards.csv", "name,role\n");
    expect_refused_start("", 78, "nobody is named");
}

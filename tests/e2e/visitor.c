#include "visitor.h"
#include "cust360/base/memory.h"
#include "small_group.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ANSWER_BYTES_MAX = 1 << 20, START_SECONDS = 20 };

/* A line of the server's output, without its end. */
static void read_line(int file, char *line, size_t size)
{
    size_t length = 0;
    struct pollfd waiting = {.fd = file, .events = POLLIN};
    while (length + 1 < size && poll(&waiting, 1, START_SECONDS * 1000) == 1 &&
           read(file, line + length, 1) == 1 && line[length] != '\n')
        length++;
    line[length] = '\0';
}

void served_read_addresses(struct served *served)
{
    for (int i = 0; i < 2; i++) {
        char line[256];
        read_line(served->output, line, sizeof(line));
        const char *host = strstr(line, "://");
        const char *token = strstr(line, "/?token=");
        char *messages = read_text("served.messages");
        cr_assert(host && token, "no address but \"%s\"\n%s", line, messages);
        memory_free(messages);
        snprintf(served->host, sizeof(served->host), "%.*s", (int)(token - host - 3), host + 3);
        snprintf(served->tokens[i], sizeof(served->tokens[i]), "%s", token + strlen("/?token="));
    }
    served->port = (unsigned)strtoul(strrchr(served->host, ':') + 1, NULL, 10);
}

void served_start(struct served *served, const char *project, const char *options)
{
    int pipe_ends[2];
    char command[2048];
    const char *binary = getenv("CUST360");
    *served = (struct served){0};
    snprintf(command, sizeof(command),
             "exec '%s' review serve %s --port 0 --stewards '%s' %s 2>'%s'",
             binary ? binary : "build/cust360", project, in_workspace("stewards.csv"), options,
             in_workspace("served.messages"));
    cr_assert_eq(pipe2(pipe_ends, O_CLOEXEC), 0);
    served->process = fork();
    cr_assert_geq(served->process, 0);
    if (served->process == 0) {
        dup2(pipe_ends[1], STDOUT_FILENO);
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    close(pipe_ends[1]);
    served->output = pipe_ends[0];
    served_read_addresses(served);
}

void served_open(struct served *served, const char *options)
{
    char project[300];
    small_group_open();
    quiet_night("2026-06-30", "", 0);
    write_text("stewards.csv", "name,role\n王芳,steward\nViewer,viewer\n");
    snprintf(project, sizeof(project), "-c '%s'", in_workspace("cust360.yaml"));
    served_start(served, project, options);
}

int served_end(struct served *served, int signal_number)
{
    int status = 0;
    kill(served->process, signal_number);
    waitpid(served->process, &status, 0);
    close(served->output);
    return status;
}

int served_close(struct served *served)
{
    int status = served_end(served, SIGTERM);
    workspace_close();
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int visit(const struct served *served)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)served->port),
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert_geq(peer, 0);
    cr_assert_eq(connect(peer, (struct sockaddr *)&address, sizeof(address)), 0);
    return peer;
}

char *send_bytes(const struct served *served, const char *bytes, size_t length, int seconds)
{
    int peer = visit(served);
    struct pollfd waiting = {.fd = peer, .events = POLLIN};
    char *answer = memory_allocate(ANSWER_BYTES_MAX);
    size_t filled = 0;
    ssize_t got = 1;
    while (length > 0) {
        ssize_t sent = send(peer, bytes, length, MSG_NOSIGNAL);
        if (sent <= 0)
            break;
        bytes += sent;
        length -= (size_t)sent;
    }
    while (got > 0 && filled + 1 < ANSWER_BYTES_MAX && poll(&waiting, 1, seconds * 1000) == 1) {
        got = recv(peer, answer + filled, ANSWER_BYTES_MAX - 1 - filled, 0);
        filled += got > 0 ? (size_t)got : 0;
    }
    close(peer);
    answer[filled] = '\0';
    return answer;
}

int ask(const struct served *served, const char *method, const char *target, const char *headers,
        const char *body, char **answer)
{
    char text[16384];
    int length = snprintf(text, sizeof(text),
                          "%s %s HTTP/1.1\r\n%sContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
                          method, target, headers, strlen(body), body);
    cr_assert_lt((size_t)length, sizeof(text));
    char *got = send_bytes(served, text, (size_t)length, 10);
    int status = strncmp(got, "HTTP/1.1 ", 9) == 0 ? (int)strtol(got + 9, NULL, 10) : 0;
    if (answer)
        *answer = got;
    else
        memory_free(got);
    return status;
}

const char *change_headers(const struct served *served)
{
    static char headers[1024];
    snprintf(headers, sizeof(headers),
             "Host: %s\r\nOrigin: http://%s\r\nContent-Type: application/x-www-form-urlencoded\r\n"
             "Cookie: %s\r\nX-Proof: %s\r\n",
             served->host, served->host, served->cookie, served->proof);
    return headers;
}

static void copy_until(char *target, size_t size, const char *text, const char *end)
{
    snprintf(target, size, "%.*s", (int)strcspn(text, end), text);
}

void sign_in(struct served *served, int steward)
{
    char text[512];
    char *answer;
    char host[64];
    snprintf(host, sizeof(host), "Host: %s\r\n", served->host);
    snprintf(text, sizeof(text), "/?token=%s", served->tokens[steward]);
    cr_assert_eq(ask(served, "GET", text, host, "", &answer), 200, "%s", answer);
    const char *cookie = strstr(answer, "Set-Cookie: ");
    cr_assert(cookie, "%s", answer);
    copy_until(served->cookie, sizeof(served->cookie), cookie + strlen("Set-Cookie: "), ";");
    memory_free(answer);
    snprintf(text, sizeof(text), "%sCookie: %s\r\n", host, served->cookie);
    cr_assert_eq(ask(served, "GET", "/api/session", text, "", &answer), 200, "%s", answer);
    const char *proof = strstr(answer, "\"proof\":\"");
    cr_assert(proof, "%s", answer);
    copy_until(served->proof, sizeof(served->proof), proof + strlen("\"proof\":\""), "\"");
    memory_free(answer);
}

/* failing_call.c: one call to a library fails, for LD_PRELOAD. For what the program says when the
 * machine does what no test can make it do.
 *
 *   FAIL_CALL    its name, as "read"; all others are done. "grow": none fails, but a file that is
 *                opened gets an empty line more, as if somebody else were still writing it
 *   FAIL_PATH    only of a file whose path has this in it; without it: of any
 *   FAIL_AT      only the call of that number, from 1, among those meant; without it: all of them
 *   FAIL_ERRNO   the number that it leaves in errno (5: EIO)
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_long met;

/* The next library's function of that name, by way of an object pointer as POSIX allows. */
static void next_of(void *function, const char *name)
{
    *(void **)function = dlsym(RTLD_NEXT, name);
}

static int fails(const char *call, const char *path)
{
    const char *wanted = getenv("FAIL_CALL");
    const char *part = getenv("FAIL_PATH");
    const char *at = getenv("FAIL_AT");
    const char *number = getenv("FAIL_ERRNO");
    if (!wanted || strcmp(wanted, call) != 0 || (part && !(path && strstr(path, part))))
        return 0;
    if (at && atomic_fetch_add(&met, 1) + 1 != strtol(at, NULL, 10))
        return 0;
    errno = number ? (int)strtol(number, NULL, 10) : EIO;
    return 1;
}

typedef ssize_t readlink_call(const char *path, char *text, size_t size);

static int fails_on(const char *call, int descriptor)
{
    char name[64];
    char path[4096];
    readlink_call *next;
    next_of(&next, "readlink");
    snprintf(name, sizeof(name), "/proc/self/fd/%d", descriptor);
    int before = errno;
    ssize_t length = next(name, path, sizeof(path) - 1);
    path[length < 0 ? 0 : length] = '\0';
    errno = before;
    return fails(call, path);
}

/* A function of a path, and one of a descriptor, that say -1 when they fail. */
#define OF_PATH(type, name, parameters, arguments, path)                                           \
    type name parameters                                                                           \
    {                                                                                              \
        type(*next) parameters;                                                                    \
        next_of(&next, #name);                                                                     \
        return fails(#name, path) ? (type)-1 : next arguments;                                     \
    }

#define OF_FILE(type, name, parameters, arguments, descriptor)                                     \
    type name parameters                                                                           \
    {                                                                                              \
        type(*next) parameters;                                                                    \
        next_of(&next, #name);                                                                     \
        return fails_on(#name, descriptor) ? (type)-1 : next arguments;                            \
    }

OF_PATH(ssize_t, readlink, (const char *path, char *text, size_t size), (path, text, size), path)
OF_PATH(int, rename, (const char *from, const char *to), (from, to), to)
OF_PATH(int, unlink, (const char *path), (path), path)
OF_PATH(int, remove, (const char *path), (path), path)
OF_PATH(int, mkdir, (const char *path, mode_t mode), (path, mode), path)
OF_FILE(int, fsync, (int file), (file), file)
OF_FILE(int, flock, (int file, int operation), (file, operation), file)
OF_FILE(int, fchmod, (int file, mode_t mode), (file, mode), file)
OF_FILE(int, fstat, (int file, struct stat *status), (file, status), file)
OF_FILE(int, close, (int file), (file), file)
OF_FILE(off_t, lseek, (int file, off_t offset, int from), (file, offset, from), file)
OF_FILE(int, fseeko, (FILE * file, off_t offset, int from), (file, offset, from), fileno(file))
OF_FILE(ssize_t, read, (int file, void *data, size_t size), (file, data, size), file)
OF_FILE(ssize_t, pread, (int file, void *data, size_t size, off_t offset),
        (file, data, size, offset), file)
OF_FILE(ssize_t, write, (int file, const void *data, size_t size), (file, data, size), file)

/* What a compiler that checks lengths calls instead. */
ssize_t __read_chk(int file, void *data, size_t size, size_t room)
{
    (void)room;
    return read(file, data, size);
}

ssize_t __pread_chk(int file, void *data, size_t size, off_t offset, size_t room)
{
    (void)room;
    return pread(file, data, size, offset);
}

ssize_t __readlink_chk(const char *path, char *text, size_t size, size_t room)
{
    (void)room;
    return readlink(path, text, size);
}

static int opened(const char *path, int flags, mode_t mode)
{
    int (*next)(const char *path, int flags, ...);
    next_of(&next, "open");
    int grown = fails("grow", path) ? next(path, O_WRONLY | O_APPEND) : -1;
    if (grown >= 0) {
        (void)!write(grown, "\n", 1);
        close(grown);
    }
    return fails("open", path) ? -1 : next(path, flags, mode);
}

int open(const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
    va_end(more);
    return opened(path, flags, mode);
}

int __open_2(const char *path, int flags)
{
    return opened(path, flags, 0);
}

DIR *opendir(const char *path)
{
    DIR *(*next)(const char *path);
    next_of(&next, "opendir");
    return fails("opendir", path) ? NULL : next(path);
}

struct dirent *readdir(DIR *folder)
{
    struct dirent *(*next)(DIR * folder);
    next_of(&next, "readdir");
    return fails_on("readdir", dirfd(folder)) ? NULL : next(folder);
}

char *realpath(const char *path, char *followed)
{
    char *(*next)(const char *path, char *followed);
    next_of(&next, "realpath");
    return fails("realpath", path) ? NULL : next(path, followed);
}

char *__realpath_chk(const char *path, char *followed, size_t room)
{
    (void)room;
    return realpath(path, followed);
}

FILE *fdopen(int file, const char *mode)
{
    FILE *(*next)(int file, const char *mode);
    next_of(&next, "fdopen");
    return fails_on("fdopen", file) ? NULL : next(file, mode);
}

/* Less than was asked for, and an error that the stream remembers, as the C library has it. */
static size_t read_stream(void *data, size_t size, size_t count, FILE *file)
{
    size_t (*next)(void *data, size_t size, size_t count, FILE *file);
    next_of(&next, "fread");
    if (!fails_on("fread", fileno(file)))
        return next(data, size, count, file);
    int number = errno;
    int kept = dup(fileno(file));
    int broken = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    dup2(broken, fileno(file));
    size_t got = next(data, size, count, file);
    dup2(kept, fileno(file));
    close(broken);
    close(kept);
    errno = number;
    return got;
}

size_t fread(void *data, size_t size, size_t count, FILE *file)
{
    return read_stream(data, size, count, file);
}

size_t __fread_chk(void *data, size_t room, size_t size, size_t count, FILE *file)
{
    (void)room;
    return read_stream(data, size, count, file);
}

void *mmap(void *address, size_t size, int protection, int flags, int file, off_t offset)
{
    void *(*next)(void *address, size_t size, int protection, int flags, int file, off_t offset);
    next_of(&next, "mmap");
    if (file >= 0 && fails_on("mmap", file))
        return MAP_FAILED;
    return next(address, size, protection, flags, file, offset);
}

/* ---- what has no file ---- */

ssize_t getrandom(void *data, size_t size, unsigned flags)
{
    ssize_t (*next)(void *data, size_t size, unsigned flags);
    next_of(&next, "getrandom");
    return fails("getrandom", NULL) ? -1 : next(data, size, flags);
}

int bind(int socket, __CONST_SOCKADDR_ARG address, socklen_t length)
{
    int (*next)(int socket, __CONST_SOCKADDR_ARG address, socklen_t length);
    next_of(&next, "bind");
    return fails("bind", NULL) ? -1 : next(socket, address, length);
}

int epoll_create1(int flags)
{
    int (*next)(int flags);
    next_of(&next, "epoll_create1");
    return fails("epoll_create1", NULL) ? -1 : next(flags);
}

int pipe2(int ends[2], int flags)
{
    int (*next)(int ends[2], int flags);
    next_of(&next, "pipe2");
    return fails("pipe2", NULL) ? -1 : next(ends, flags);
}

/* These say why, and leave errno alone. */
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *),
                   void *argument)
{
    int (*next)(pthread_t * thread, const pthread_attr_t *attributes, void *(*run)(void *),
                void *argument);
    next_of(&next, "pthread_create");
    return fails("pthread_create", NULL) ? errno : next(thread, attributes, run, argument);
}

int posix_spawn(pid_t *child, const char *path, const posix_spawn_file_actions_t *actions,
                const posix_spawnattr_t *attributes, char *const words[], char *const variables[])
{
    int (*next)(pid_t * child, const char *path, const posix_spawn_file_actions_t *actions,
                const posix_spawnattr_t *attributes, char *const words[], char *const variables[]);
    next_of(&next, "posix_spawn");
    return fails("posix_spawn", path) ? errno
                                      : next(child, path, actions, attributes, words, variables);
}

/* ---- other libraries ---- */

void *iconv_open(const char *to, const char *from)
{
    void *(*next)(const char *to, const char *from);
    next_of(&next, "iconv_open");
    return fails("iconv_open", from) ? (void *)-1 : next(to, from);
}

void *fy_diag_create(const void *settings)
{
    void *(*next)(const void *settings);
    next_of(&next, "fy_diag_create");
    return fails("fy_diag_create", NULL) ? NULL : next(settings);
}

void *fy_parser_create(const void *settings)
{
    void *(*next)(const void *settings);
    next_of(&next, "fy_parser_create");
    return fails("fy_parser_create", NULL) ? NULL : next(settings);
}

void *fy_input_create(const void *settings)
{
    void *(*next)(const void *settings);
    next_of(&next, "fy_input_create");
    return fails("fy_input_create", NULL) ? NULL : next(settings);
}

void *fy_token_iter_create(void *token)
{
    void *(*next)(void *token);
    next_of(&next, "fy_token_iter_create");
    return fails("fy_token_iter_create", NULL) ? NULL : next(token);
}

const void *fy_token_iter_chunk_next(void *iterator, const void *piece, int *failed)
{
    const void *(*next)(void *iterator, const void *piece, int *failed);
    next_of(&next, "fy_token_iter_chunk_next");
    if (!fails("fy_token_iter_chunk_next", NULL))
        return next(iterator, piece, failed);
    *failed = -1;
    return NULL;
}

/* As when there is no memory: it says so by a number of its own. */
void *pcre2_compile_8(const void *pattern, size_t length, uint32_t options, int *code,
                      size_t *offset, void *context)
{
    enum { HEAP_FAILED = 121 };
    void *(*next)(const void *pattern, size_t length, uint32_t options, int *code, size_t *offset,
                  void *context);
    next_of(&next, "pcre2_compile_8");
    if (!fails("pcre2_compile_8", NULL))
        return next(pattern, length, options, code, offset, context);
    *code = HEAP_FAILED;
    *offset = 0;
    return NULL;
}

void *pcre2_match_data_create_8(uint32_t groups, void *context)
{
    void *(*next)(uint32_t groups, void *context);
    next_of(&next, "pcre2_match_data_create_8");
    return fails("pcre2_match_data_create_8", NULL) ? NULL : next(groups, context);
}

void *pcre2_match_context_create_8(void *context)
{
    void *(*next)(void *context);
    next_of(&next, "pcre2_match_context_create_8");
    return fails("pcre2_match_context_create_8", NULL) ? NULL : next(context);
}

void *pcre2_jit_stack_create_8(size_t first, size_t most, void *context)
{
    void *(*next)(size_t first, size_t most, void *context);
    next_of(&next, "pcre2_jit_stack_create_8");
    return fails("pcre2_jit_stack_create_8", NULL) ? NULL : next(first, most, context);
}

int pcre2_match_8(const void *code, const void *subject, size_t length, size_t start,
                  uint32_t options, void *data, void *context)
{
    enum { NO_MEMORY = -48 };
    int (*next)(const void *code, const void *subject, size_t length, size_t start,
                uint32_t options, void *data, void *context);
    next_of(&next, "pcre2_match_8");
    return fails("pcre2_match_8", NULL)
               ? NO_MEMORY
               : next(code, subject, length, start, options, data, context);
}

int MHD_run_wait(void *daemon, int milliseconds)
{
    int (*next)(void *daemon, int milliseconds);
    next_of(&next, "MHD_run_wait");
    return fails("MHD_run_wait", NULL) ? 0 : next(daemon, milliseconds);
}

int xmlTextReaderRead(void *reader)
{
    int (*next)(void *reader);
    next_of(&next, "xmlTextReaderRead");
    return fails("xmlTextReaderRead", NULL) ? -1 : next(reader);
}

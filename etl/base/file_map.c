#include "cust360/base/file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

bool file_map(const char *path, struct slice *content)
{
    struct stat status;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    *content = (struct slice){NULL, 0};
    if (descriptor < 0)
        return false;
    if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0) {
        size_t length = (size_t)status.st_size;
        const void *bytes = mmap(NULL, length, PROT_READ, MAP_SHARED, descriptor, 0);
        if (bytes != MAP_FAILED)
            *content = slice_make(bytes, length);
    }
    close(descriptor);
    return content->data != NULL;
}

void file_unmap(struct slice content)
{
    union { /* munmap takes what it does not write to without const */
        const char *given;
        void *wanted;
    } bytes = {.given = content.data};
    if (content.data)
        munmap(bytes.wanted, content.length);
}

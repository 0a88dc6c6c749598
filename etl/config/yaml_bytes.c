#include "config/node.h"
#include "cust360/base/text.h"

/* What a document's bytes must be before it is read. libfyaml does not check UTF-8, and loops for
 * ever on some bytes that are not (after a "%"), so it never sees any. */

/* libfyaml counts a scalar's line ends again at each of them: so many blank lines one after another
 * cost milliseconds, a hundred thousand of them hours. */
enum { BLANK_LINES_MAX = 200 };

static bool byte_error(const struct document *document, size_t offset, struct error *error,
                       const char *message, const char *hint)
{
    uint64_t line = 1;
    size_t start = 0;
    for (size_t i = 0; i < offset; i++)
        if (document->source.data[i] == '\n') {
            line++;
            start = i + 1;
        }
    size_t before = text_length(slice_cut(document->source, start, offset));
    error_set(error, EXIT_CONFIGURATION, "%s", message);
    document_mark_error(document, line, before + 1, error);
    return error_hint(error, "%s", hint);
}

static bool check_blank_lines(const struct document *document, struct error *error)
{
    struct slice source = document->source;
    size_t ends = 0; /* of lines since the last character that shows */
    for (size_t i = 0; i < source.length; i++) {
        bool is_end = source.data[i] == '\n' || source.data[i] == '\r';
        ends = is_end ? ends + 1 : source.data[i] == ' ' ? ends : 0;
        if (ends > 2 * BLANK_LINES_MAX)
            return byte_error(document, i, error, "too many blank lines one after another",
                              "delete them");
    }
    return true;
}

bool document_check_bytes(const struct document *document, struct error *error)
{
    size_t offset = 0;
    struct slice source = document->source;
    if (!text_is_valid(source, &offset))
        return byte_error(document, offset, error, "a byte that is not UTF-8",
                          "save the file as UTF-8");
    for (size_t i = 0; i < source.length; i++) {
        unsigned char byte = (unsigned char)source.data[i];
        if (byte == '\t')
            return byte_error(document, i, error, "a tab",
                              "indent with spaces; inside a text write \"\\t\" in double quotes");
        if ((byte < ' ' && byte != '\n' && byte != '\r') || byte == 0x7F)
            return byte_error(document, i, error, "a control character", "delete it");
    }
    return check_blank_lines(document, error);
}

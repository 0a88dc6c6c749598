#include "cli/profile/profiling.h"
#include "cust360/base/log.h"
#include "cust360/extract_text.h"

/* An XML document in two passes: its head shows what repeats and what tells elements apart, then
 * all of it is counted, in memory that does not grow with it. */

static bool feed(struct xml_tally *tally, const char *path, const char *encoding,
                 uint64_t bytes_most, bool *ended, struct error *error)
{
    struct buffer text = BUFFER_EMPTY;
    struct text_source *source = text_source_open(path, encoding, error);
    bool read = source != NULL;
    *ended = false;
    for (uint64_t bytes = 0; read && !*ended && bytes < bytes_most; bytes += text.length) {
        buffer_clear(&text);
        read = text_source_read(source, &text, ended, error);
        if (read && text.length)
            xml_tally_feed(tally, buffer_slice(&text));
    }
    text_source_close(source);
    buffer_release(&text);
    return read;
}

bool profile_xml_file(struct profiling *profiling, const char *path, struct profile *profile,
                      struct error *error)
{
    enum { HEAD_BYTES = 4 << 20, SAMPLE_RECORD_BYTES = 1024 };
    struct xml_tally *tally = xml_tally_create();
    uint64_t most = UINT64_MAX;
    if (profiling->sample_rows && profiling->sample_rows < UINT64_MAX / SAMPLE_RECORD_BYTES)
        most = profiling->sample_rows * SAMPLE_RECORD_BYTES;
    log_progress("counting", 0, 0);
    bool ended = false;
    bool read = feed(tally, path, profile->encoding, HEAD_BYTES, &ended, error);
    xml_tally_learnt(tally);
    read = read && feed(tally, path, profile->encoding, most, &ended, error);
    profile->sampled = profile->sampled && !ended;
    profile->source = PROFILE_XML;
    xml_tally_finish(tally, profiling->arena, profile);
    xml_tally_destroy(tally);
    log_progress_end();
    if (read && profile->table_count == 0) {
        error_set(error, EXIT_FAILED, "the document has no elements");
        return error_place(error, path, 0, 0);
    }
    return read;
}

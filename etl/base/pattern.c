#include "cust360/base/pattern.h"
#include "cust360/base/memory.h"
#include "cust360/base/text.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* Far above what any sane rule needs on one value, and reached in a few milliseconds. */
enum { MATCH_LIMIT = 100000, HEAP_LIMIT_KIB = 20000, MATCHER_GROUPS = 32 };

/* The JIT's stack for one thread. */
#define JIT_STACK_FIRST_BYTES ((size_t)32 * 1024)
#define JIT_STACK_LAST_BYTES  ((size_t)1024 * 1024)

enum { FIRST_BYTES = 32 };

struct pattern {
    pcre2_code *code;
    uint8_t first[FIRST_BYTES]; /* a bit for each byte that a match may begin with */
    bool has_first;             /* false: not known */
    uint32_t shortest;          /* characters of the shortest text that matches, or fewer */
    bool anchored;              /* a match begins where the subject does */
};

struct matcher {
    pcre2_match_data *data;
    pcre2_match_context *context;
    pcre2_jit_stack *stack;
    struct slice subject; /* of the last match, for its groups */
    int groups;           /* set by the last match */
    bool thorough;
};

static void compile_failure(int code, size_t offset, struct slice text, struct error *error)
{
    PCRE2_UCHAR message[160];
    pcre2_get_error_message(code, message, sizeof(message));
    error_set(error, EXIT_CONFIGURATION, "pattern: %s", (const char *)message);
    error_place(error, NULL, 0, text_length(slice_cut(text, 0, offset)) + 1);
}

/* The bytes that a match may begin with, as PCRE2 knows them: a set, or one byte, which is taken
 * when it is no letter, as letters may be meant in either case. */
static bool find_first(const pcre2_code *code, uint8_t *first)
{
    const uint8_t *known = NULL;
    uint32_t byte = 0;
    uint32_t kind = 0;
    enum { FIRST_IS_BYTE = 1 };
    pcre2_pattern_info(code, PCRE2_INFO_FIRSTBITMAP, &known);
    pcre2_pattern_info(code, PCRE2_INFO_FIRSTCODETYPE, &kind);
    pcre2_pattern_info(code, PCRE2_INFO_FIRSTCODEUNIT, &byte);
    if (known) {
        memcpy(first, known, FIRST_BYTES);
        return true;
    }
    if (kind != FIRST_IS_BYTE || byte >= '@')
        return false;
    memset(first, 0, FIRST_BYTES);
    first[byte / 8] = (uint8_t)(1U << byte % 8);
    return true;
}

/* Whether no class of characters but \s stands in a pattern, and nothing that turns options on. */
static bool has_only_blanks(struct slice text)
{
    static const char harmless[] = "sAzZKnrtfeaxQE";
    for (size_t i = 0; text.data && i + 1 < text.length; i++) {
        if (slice_starts_with(slice_cut(text, i, text.length), SLICE("[:")) ||
            slice_starts_with(slice_cut(text, i, text.length), SLICE("(*")))
            return false;
        if (text.data[i] != '\\')
            continue;
        char escaped = text.data[++i];
        bool is_letter = (escaped >= 'a' && escaped <= 'z') || (escaped >= 'A' && escaped <= 'Z');
        if (is_letter && !strchr(harmless, escaped))
            return false;
    }
    return true;
}

/* With PCRE2_UCP classes take in characters beyond ASCII, and PCRE2 gives up telling the first
 * bytes. Without it they are told; then those bytes are added that a character beyond ASCII may
 * begin with: of blanks (U+0085 to U+3000) four, of other classes any. */
static bool find_first_of_ascii(struct slice text, uint32_t options, uint8_t *first)
{
    static const unsigned char blank_leads[] = {0xC2, 0xE1, 0xE2, 0xE3};
    enum { ASCII_BYTES = 0x80 / 8 };
    int code = 0;
    size_t offset = 0;
    pcre2_code *compiled = pcre2_compile((PCRE2_SPTR)(text.data ? text.data : ""), text.length,
                                         options & ~PCRE2_UCP, &code, &offset, NULL);
    bool found = compiled && find_first(compiled, first);
    pcre2_code_free(compiled);
    if (!found)
        return false;
    if (!has_only_blanks(text))
        memset(first + ASCII_BYTES, UINT8_MAX, FIRST_BYTES - ASCII_BYTES);
    for (size_t i = 0; i < sizeof(blank_leads); i++)
        first[blank_leads[i] / 8] |= (uint8_t)(1U << blank_leads[i] % 8);
    return true;
}

struct pattern *pattern_compile(struct slice text, bool whole, struct error *error)
{
    size_t offset = 0;
    if (!text_is_valid(text, &offset)) {
        error_set(error, EXIT_CONFIGURATION, "pattern: not UTF-8 at byte %zu", offset + 1);
        return NULL;
    }
    int code = 0;
    uint32_t options = PCRE2_UTF | PCRE2_UCP | (whole ? PCRE2_ANCHORED | PCRE2_ENDANCHORED : 0);
    pcre2_code *compiled = pcre2_compile((PCRE2_SPTR)(text.data ? text.data : ""), text.length,
                                         options, &code, &offset, NULL);
    if (!compiled && code == PCRE2_ERROR_HEAP_FAILED)
        memory_exhausted();
    if (!compiled) {
        compile_failure(code, offset, text, error);
        return NULL;
    }
    /* Without JIT (not every machine has it) the interpreter gives the same results. */
    pcre2_jit_compile(compiled, PCRE2_JIT_COMPLETE);
    struct pattern *pattern = memory_allocate(sizeof(*pattern));
    pattern->code = compiled;
    uint32_t all_options = 0;
    pcre2_pattern_info(compiled, PCRE2_INFO_ALLOPTIONS, &all_options);
    pattern->anchored = all_options & PCRE2_ANCHORED;
    pattern->has_first =
        find_first(compiled, pattern->first) || find_first_of_ascii(text, options, pattern->first);
    pcre2_pattern_info(compiled, PCRE2_INFO_MINLENGTH, &pattern->shortest);
    return pattern;
}

void pattern_destroy(struct pattern *pattern)
{
    if (!pattern)
        return;
    pcre2_code_free(pattern->code);
    memory_free(pattern);
}

int pattern_group(const struct pattern *pattern, const char *name)
{
    int number = pcre2_substring_number_from_name(pattern->code, (PCRE2_SPTR)name);
    return number > 0 ? number : -1;
}

size_t pattern_name_count(const struct pattern *pattern)
{
    uint32_t count = 0;
    pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMECOUNT, &count);
    return count;
}

/* An entry of PCRE2's table is the number in two bytes, the high one first, then the name. */
const char *pattern_name(const struct pattern *pattern, size_t index, int *group)
{
    PCRE2_SPTR table = NULL;
    uint32_t entry_bytes = 0;
    pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMETABLE, &table);
    pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMEENTRYSIZE, &entry_bytes);
    PCRE2_SPTR entry = table + index * entry_bytes;
    *group = entry[0] << 8 | entry[1];
    return (const char *)(entry + 2);
}

void pattern_need(const struct pattern *pattern, struct pattern_need *need)
{
    *need = (struct pattern_need){.shortest = pattern->shortest,
                                  .anchored = pattern->anchored,
                                  .has_first = pattern->has_first};
    if (pattern->has_first)
        memcpy(need->first, pattern->first, FIRST_BYTES);
}

/* Without JIT there is no stack for it either. */
static bool has_jit(void)
{
    uint32_t has = 0;
    return pcre2_config(PCRE2_CONFIG_JIT, &has) >= 0 && has;
}

struct matcher *matcher_create(void)
{
    struct matcher *matcher = memory_allocate_array(1, sizeof(*matcher));
    matcher->data = pcre2_match_data_create(MATCHER_GROUPS, NULL);
    matcher->context = pcre2_match_context_create(NULL);
    matcher->stack = pcre2_jit_stack_create(JIT_STACK_FIRST_BYTES, JIT_STACK_LAST_BYTES, NULL);
    if (!matcher->data || !matcher->context || (!matcher->stack && has_jit()))
        memory_exhausted();
    pcre2_set_match_limit(matcher->context, MATCH_LIMIT);
    pcre2_set_depth_limit(matcher->context, MATCH_LIMIT);
    pcre2_set_heap_limit(matcher->context, HEAP_LIMIT_KIB);
    pcre2_jit_stack_assign(matcher->context, NULL, matcher->stack);
    return matcher;
}

void matcher_destroy(struct matcher *matcher)
{
    if (!matcher)
        return;
    pcre2_match_data_free(matcher->data);
    pcre2_match_context_free(matcher->context);
    pcre2_jit_stack_free(matcher->stack);
    memory_free(matcher);
}

void matcher_be_thorough(struct matcher *matcher)
{
    matcher->thorough = true;
}

static enum pattern_result result_of(int code)
{
    if (code == PCRE2_ERROR_NOMEMORY)
        memory_exhausted(); /* and not a pattern that takes too long */
    if (code == PCRE2_ERROR_NOMATCH)
        return PATTERN_NO_MATCH;
    return code >= 0 ? PATTERN_MATCH : PATTERN_LIMIT;
}

/* Whether a match may begin somewhere. Most values have nothing that a rule wants to replace, and
 * looking at their bytes is much quicker than calling PCRE2. */
static bool may_begin(const struct pattern *pattern, struct slice subject)
{
    if (subject.length < pattern->shortest)
        return false;
    if (!pattern->has_first)
        return true;
    size_t end = pattern->anchored && subject.length > 1 ? 1 : subject.length;
    for (size_t i = 0; i < end; i++) {
        unsigned char byte = (unsigned char)subject.data[i];
        if (pattern->first[byte / 8] & 1U << byte % 8)
            return true;
    }
    return false;
}

enum pattern_result pattern_match(const struct pattern *pattern, struct matcher *matcher,
                                  struct slice subject)
{
    if (!matcher->thorough && !may_begin(pattern, subject)) {
        matcher->groups = 0;
        return PATTERN_NO_MATCH;
    }
    PCRE2_SPTR text = (PCRE2_SPTR)(subject.data ? subject.data : "");
    int code = pcre2_match(pattern->code, text, subject.length, 0, PCRE2_NO_UTF_CHECK,
                           matcher->data, matcher->context);
    matcher->subject = subject;
    /* 0 means: more groups than the match data hold; those that fit are set. */
    matcher->groups = code == 0 ? MATCHER_GROUPS : code > 0 ? code : 0;
    return result_of(code);
}

struct slice matcher_group(const struct matcher *matcher, int number)
{
    if (number < 0 || number >= matcher->groups)
        return slice_make(NULL, 0);
    const PCRE2_SIZE *bounds = pcre2_get_ovector_pointer(matcher->data);
    PCRE2_SIZE start = bounds[2 * (size_t)number];
    PCRE2_SIZE end = bounds[2 * (size_t)number + 1];
    if (start == PCRE2_UNSET || end < start)
        return slice_make(NULL, 0);
    return slice_cut(matcher->subject, start, end);
}

enum pattern_result pattern_replace(const struct pattern *pattern, struct matcher *matcher,
                                    struct slice subject, struct slice replacement,
                                    struct buffer *result)
{
    enum pattern_result found = pattern_match(pattern, matcher, subject);
    if (found != PATTERN_MATCH)
        return found;
    uint32_t options = PCRE2_SUBSTITUTE_GLOBAL | PCRE2_SUBSTITUTE_UNSET_EMPTY |
                       PCRE2_SUBSTITUTE_UNKNOWN_UNSET | PCRE2_SUBSTITUTE_OVERFLOW_LENGTH |
                       PCRE2_NO_UTF_CHECK;
    size_t room = subject.length + replacement.length + 64;
    for (int attempt = 0; attempt < 2; attempt++) {
        char *end = buffer_reserve(result, room);
        PCRE2_SIZE written = room;
        int code = pcre2_substitute(pattern->code, (PCRE2_SPTR)subject.data, subject.length, 0,
                                    options, matcher->data, matcher->context,
                                    (PCRE2_SPTR)(replacement.data ? replacement.data : ""),
                                    replacement.length, (PCRE2_UCHAR *)end, &written);
        if (code >= 0) {
            result->length += written;
            result->data[result->length] = '\0';
            return PATTERN_MATCH;
        }
        if (code != PCRE2_ERROR_NOMEMORY)
            return PATTERN_LIMIT;
        if (written == PCRE2_UNSET) /* not the room for the result: PCRE2's own */
            memory_exhausted();
        room = written;
    }
    return PATTERN_LIMIT;
}

#include "cli/train/train_blocking.h"
#include "cust360/base/json.h"
#include "cust360/base/text.h"

enum { KEY_COLUMNS = 44, OTHERS_MOST = 15 };

static double share_of(uint64_t part, uint64_t whole)
{
    return whole ? (double)part / (double)whole : 0;
}

static void append_name(struct buffer *text, const struct match_suggested_key *key)
{
    for (size_t i = 0; i < key->attribute_count; i++)
        buffer_format(text, "%s%s", i ? " and " : "", key->attributes[i]);
}

static void append_key(struct buffer *text, const struct match_suggestion *suggestion,
                       const struct match_suggested_key *key)
{
    struct buffer name = BUFFER_EMPTY;
    append_name(&name, key);
    buffer_append(text, buffer_slice(&name));
    for (size_t width = text_width(buffer_slice(&name)); width < KEY_COLUMNS; width++)
        buffer_append_byte(text, ' ');
    buffer_release(&name);
    buffer_format(text, "%14llu%11.4f %%%10llu%11.2f %%", (unsigned long long)key->pairs,
                  100 * (1 - share_of(key->pairs, suggestion->all_pairs)),
                  (unsigned long long)key->largest,
                  100 * (1 - share_of(key->found, suggestion->matches)));
    if (key->rank)
        buffer_format(text, "%11.2f %%", 100 * share_of(key->missed, suggestion->matches));
    buffer_append_byte(text, '\n');
}

static void append_heading(struct buffer *text, const char *title, bool of_set)
{
    buffer_format(text, "%-*s%14s%13s%10s%13s%s\n", KEY_COLUMNS, title, "pairs", "pairs saved",
                  "largest", "matches lost", of_set ? "  with those above" : "");
}

/* 'text', with quotes doubled, as YAML wants it. */
static void append_quoted(struct buffer *text, const char *name)
{
    buffer_append_byte(text, '\'');
    for (const char *at = name; *at; at++)
        buffer_append_text(text, *at == '\'' ? "''" : (char[]){*at, '\0'});
    buffer_append_byte(text, '\'');
}

static void append_yaml(struct buffer *text, const struct match_suggestion *suggestion)
{
    buffer_append_text(text, "\nblocking:\n  max_block: 200\n  rules:\n");
    for (size_t i = 0; i < suggestion->set_count; i++) {
        const struct match_suggested_key *key = &suggestion->keys[i];
        struct buffer name = BUFFER_EMPTY;
        append_name(&name, key);
        buffer_append_text(text, "    ");
        buffer_append_byte(&name, '\0');
        append_quoted(text, name.data);
        buffer_release(&name);
        buffer_append_text(text, ": {keys: [");
        for (size_t j = 0; j < key->attribute_count; j++) {
            buffer_append_text(text, j ? ", " : "");
            append_quoted(text, key->attributes[j]);
        }
        buffer_append_text(text, "]}\n");
    }
}

void blocking_table(const struct match_suggestion *suggestion, bool is_exact, struct buffer *text)
{
    buffer_format(text, "%llu records, %llu pairs; held against %llu pairs of one customer, %s\n\n",
                  (unsigned long long)suggestion->records,
                  (unsigned long long)suggestion->all_pairs,
                  (unsigned long long)suggestion->matches,
                  is_exact ? "as the truth names them"
                           : "as the model finds them with the keys that there are");
    append_heading(text, "suggested set", true);
    for (size_t i = 0; i < suggestion->set_count; i++)
        append_key(text, suggestion, &suggestion->keys[i]);
    size_t end = suggestion->set_count + OTHERS_MOST;
    end = end < suggestion->key_count ? end : suggestion->key_count;
    if (end > suggestion->set_count)
        append_heading(text, "\nothers that find most", false);
    for (size_t i = suggestion->set_count; i < end; i++)
        append_key(text, suggestion, &suggestion->keys[i]);
    if (suggestion->set_count)
        append_yaml(text, suggestion);
}

static void put_key(struct json_writer *json, const struct match_suggestion *suggestion,
                    const struct match_suggested_key *key)
{
    json_object_begin(json, NULL);
    json_array_begin(json, "keys");
    for (size_t i = 0; i < key->attribute_count; i++)
        json_text(json, NULL, slice_of(key->attributes[i]));
    json_array_end(json);
    json_integer(json, "pairs", (int64_t)key->pairs);
    json_number(json, "pairs_saved", 1 - share_of(key->pairs, suggestion->all_pairs));
    json_integer(json, "largest_block", (int64_t)key->largest);
    json_integer(json, "matches_found", (int64_t)key->found);
    json_number(json, "matches_lost", 1 - share_of(key->found, suggestion->matches));
    if (key->rank) {
        json_integer(json, "rank", (int64_t)key->rank);
        json_integer(json, "missed_by_set_so_far", (int64_t)key->missed);
    }
    json_object_end(json);
}

void blocking_json(const struct match_suggestion *suggestion, bool is_exact, struct buffer *text)
{
    struct json_writer json = JSON_WRITER(text);
    json_object_begin(&json, NULL);
    json_integer(&json, "records", (int64_t)suggestion->records);
    json_integer(&json, "all_pairs", (int64_t)suggestion->all_pairs);
    json_integer(&json, "matches", (int64_t)suggestion->matches);
    json_boolean(&json, "matches_are_known", is_exact);
    json_array_begin(&json, "set");
    for (size_t i = 0; i < suggestion->set_count; i++)
        put_key(&json, suggestion, &suggestion->keys[i]);
    json_array_end(&json);
    json_array_begin(&json, "others");
    for (size_t i = suggestion->set_count; i < suggestion->key_count; i++)
        put_key(&json, suggestion, &suggestion->keys[i]);
    json_array_end(&json);
    json_object_end(&json);
    buffer_append_byte(text, '\n');
}

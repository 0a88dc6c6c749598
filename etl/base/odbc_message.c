#include "cust360/base/odbc_message.h"

#include "cust360/base/text.h"

#include <strings.h>

/* Drivers begin with who speaks: [unixODBC][Driver Manager]… */
static struct slice skip_speakers(struct slice text)
{
    while (text.length && text.data[0] == '[') {
        const char *end = memchr(text.data, ']', text.length);
        if (!end)
            break;
        text = slice_trim(slice_cut(text, (size_t)(end - text.data) + 1, text.length));
    }
    return text;
}

static bool is_secret(struct slice key)
{
    static const char *const keys[] = {"pwd", "password", "passwd"};
    key = slice_trim(key);
    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
        if (key.length == strlen(keys[i]) && strncasecmp(key.data, keys[i], key.length) == 0)
            return true;
    return false;
}

/* Takes "key=value;" off the text. A value in braces may hold anything; of one with a doubled brace
 * the part before it is enough to know it by. */
static void take_pair(struct slice *rest, struct slice *key, struct slice *value)
{
    const char *end = rest->data + rest->length;
    const char *stop = memchr(rest->data, ';', rest->length);
    const char *equals = memchr(rest->data, '=', rest->length);
    if (!stop)
        stop = end;
    *key = slice_make(rest->data, (size_t)((equals && equals < stop ? equals : stop) - rest->data));
    *value = SLICE("");
    if (equals && equals < stop) {
        const char *from = equals + 1;
        while (from < stop && *from == ' ')
            from++;
        bool braces = from < end && *from == '{';
        const char *close = braces ? memchr(from, '}', (size_t)(end - from)) : NULL;
        const char *behind = close ? memchr(close, ';', (size_t)(end - close)) : NULL;
        *value = close ? slice_make(from + 1, (size_t)(close - from - 1))
                       : slice_trim(slice_make(from, (size_t)(stop - from)));
        if (close)
            stop = behind ? behind : end;
    }
    *rest = slice_cut(*rest, (size_t)(stop - rest->data) + 1, rest->length);
}

static bool tells_secret(const char *connection, struct slice text)
{
    struct slice rest = slice_of(connection);
    while (rest.length) {
        struct slice key;
        struct slice value;
        take_pair(&rest, &key, &value);
        if (is_secret(key) && value.length && slice_find(text, value) >= 0)
            return true;
    }
    return false;
}

static const struct {
    const char *state; /* its begin; NULL: any */
    const char *text;  /* within the message; NULL: any */
    const char *hint;
    int exit_code;
} HINTS[] = {
    {NULL, "an't open lib",
     "install the driver: libsqliteodbc, odbc-postgresql, odbc-mariadb, tdsodbc …; "
     "`odbcinst -q -d` lists those that are there",
     EXIT_FAILED},
    {"IM0", NULL,
     "install the driver that the connection names; `odbcinst -q -d` lists those that are there",
     EXIT_FAILED},
    {NULL, "not a database", "the file is no SQLite database: have it exported or sent again",
     EXIT_FAILED},
    {NULL, "no such table", "the query names a table that the database does not have", EXIT_FAILED},
    {"42S02", NULL, "the query names a table that the database does not have", EXIT_FAILED},
    {"42P01", NULL, "the query names a table that the database does not have", EXIT_FAILED},
    {NULL, "no such column", "the query names a column that the database does not have",
     EXIT_FAILED},
    {"42S22", NULL, "the query names a column that the database does not have", EXIT_FAILED},
    {"42703", NULL, "the query names a column that the database does not have", EXIT_FAILED},
    {NULL, "' to database '", "the user has no right to do this: have it granted", EXIT_FAILED},
    {NULL, "readonly database", "the file or its folder can only be read by this user",
     EXIT_FAILED},
    {"25006", NULL, "the server only lets itself be read: name the one that is written to",
     EXIT_FAILED},
    {NULL, "--read-only option",
     "the server only lets itself be read: name the one that is written to", EXIT_FAILED},
    {"53100", NULL, "the disk there is full: make room", EXIT_FAILED},
    {NULL, "disk is full", "the disk there is full: make room", EXIT_FAILED},
    {"28", NULL, "check the user and the password", EXIT_CREDENTIALS},
    {NULL, "authentication failed", "check the user and the password", EXIT_CREDENTIALS},
    {NULL, "ccess denied", "check the user and the password", EXIT_CREDENTIALS},
    {"42501", NULL, "the user has no right to do this: have it granted", EXIT_FAILED},
    {NULL, "command denied", "the user has no right to do this: have it granted", EXIT_FAILED},
    {"22001", NULL, "the value is longer than its column there: widen the column", EXIT_FAILED},
    {"23", NULL,
     "a constraint of the table there refuses it: a key, NOT NULL, CHECK or foreign key",
     EXIT_FAILED},
    {"57P0", NULL, "the server has ended the connection: it was stopped or restarted", EXIT_FAILED},
    {"08", NULL, "check that the server runs and can be reached from here", EXIT_FAILED},
    {"HYT", NULL, "the server did not answer in time", EXIT_FAILED},
    {"42", NULL, "compare the query in the mapping with the tables of the source", EXIT_FAILED},
};

enum { HINT_COUNT = sizeof(HINTS) / sizeof(*HINTS) };

static size_t find_hint(const char *state, struct slice text)
{
    for (size_t i = 0; i < HINT_COUNT; i++) {
        bool fits = !HINTS[i].state || strncmp(state, HINTS[i].state, strlen(HINTS[i].state)) == 0;
        if (fits && (!HINTS[i].text || slice_find(text, slice_of(HINTS[i].text)) >= 0))
            return i;
    }
    return HINT_COUNT;
}

/* ---- values of rows ---- */

/* What servers quote of the row that they refuse, by what stands before and behind it. */
static const struct {
    const char *before;
    const char *behind;
} QUOTED[] = {
    {")=(", ")"},                    /* PostgreSQL: Key (mobile)=(…) already exists */
    {"Failing row contains (", ")"}, /* PostgreSQL */
    {": \"", "\""},                  /* PostgreSQL: invalid input syntax for type date: "…" */
    {"value \"", "\""},              /* PostgreSQL: value "…" is out of range */
    {"Duplicate entry '", "' for"},  /* MariaDB */
    {"value: '", "'"},               /* MariaDB: Incorrect date value: '…' for column */
    {"key value is (", ")"},         /* SQL Server */
};

/* Puts stars over what is quoted, up to the last end of it: a value may hold what ends it. */
static void hide_values(struct slice text, char *bytes)
{
    for (size_t i = 0; i < sizeof(QUOTED) / sizeof(*QUOTED); i++) {
        ptrdiff_t at = slice_find(text, slice_of(QUOTED[i].before));
        if (at < 0)
            continue;
        size_t from = (size_t)at + strlen(QUOTED[i].before);
        size_t to = from;
        for (size_t end = from; end < text.length; end++)
            if (slice_starts_with(slice_cut(text, end, text.length), slice_of(QUOTED[i].behind)))
                to = end;
        memset(bytes + from, '*', (to > from ? to : text.length) - from);
    }
}

bool odbc_message_report(const char *connection_string, struct odbc_message *message,
                         const char *what, struct error *error)
{
    for (char *byte = message->text; *byte; byte++)
        if (*byte > 0 && *byte < ' ')
            *byte = ' ';
    size_t valid = strlen(message->text);
    text_is_valid(slice_of(message->text), &valid);
    hide_values(slice_make(message->text, valid), message->text);
    struct slice text = skip_speakers(slice_trim(slice_make(message->text, valid)));
    struct slice shown = text;
    if (tells_secret(connection_string, text))
        shown = SLICE("the driver's reason repeats the password and is not shown");
    else if (text.length == 0)
        shown = SLICE("the driver does not say why");
    size_t hint = find_hint(message->state, text);
    bool state = message->state[0] != '\0';
    error_set(error, hint < HINT_COUNT ? HINTS[hint].exit_code : EXIT_FAILED,
              "could not %s: %.*s%s%s%s", what, SLICE_ARGUMENTS(shown), state ? " (SQLSTATE " : "",
              message->state, state ? ")" : "");
    return hint < HINT_COUNT ? error_hint(error, "%s", HINTS[hint].hint) : false;
}

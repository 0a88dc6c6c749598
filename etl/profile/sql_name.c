#include "cust360/profile_sql.h"

#include <string.h>
#include <strings.h>

/* What some database takes for a word of its own, where a table or column may have that name. */
static const char *const RESERVED[] = {
    "access",       "add",       "all",        "alter",      "analyse",   "analyze",
    "and",          "any",       "array",      "as",         "asc",       "authorization",
    "begin",        "between",   "both",       "by",         "call",      "case",
    "cast",         "change",    "char",       "check",      "cluster",   "collate",
    "column",       "comment",   "commit",     "condition",  "connect",   "constraint",
    "create",       "cross",     "current",    "cursor",     "database",  "date",
    "day",          "default",   "delete",     "desc",       "describe",  "distinct",
    "div",          "drop",      "else",       "end",        "escape",    "except",
    "exclusive",    "exists",    "exit",       "explain",    "external",  "fetch",
    "file",         "filter",    "float",      "for",        "foreign",   "from",
    "full",         "function",  "get",        "grant",      "group",     "groups",
    "having",       "hour",      "identified", "identity",   "if",        "ignore",
    "immediate",    "in",        "index",      "initial",    "inner",     "insert",
    "integer",      "intersect", "interval",   "into",       "is",        "isnull",
    "join",         "key",       "keys",       "kill",       "lag",       "lead",
    "leading",      "left",      "level",      "like",       "limit",     "lines",
    "load",         "lock",      "long",       "loop",       "match",     "merge",
    "minus",        "minute",    "mod",        "mode",       "modify",    "month",
    "natural",      "new",       "no",         "not",        "notnull",   "null",
    "number",       "of",        "off",        "offset",     "old",       "on",
    "online",       "only",      "open",       "option",     "or",        "order",
    "outer",        "over",      "partition",  "percent",    "plan",      "pragma",
    "primary",      "prior",     "procedure",  "public",     "range",     "rank",
    "raw",          "read",      "references", "release",    "rename",    "repeat",
    "replace",      "resource",  "restrict",   "return",     "returning", "revoke",
    "right",        "role",      "rollback",   "row",        "rownum",    "rows",
    "rule",         "save",      "schema",     "second",     "select",    "session",
    "session_user", "set",       "share",      "show",       "signal",    "size",
    "some",         "sql",       "start",      "statistics", "system",    "table",
    "then",         "time",      "timestamp",  "to",         "top",       "trailing",
    "transaction",  "trigger",   "true",       "false",      "uid",       "union",
    "unique",       "unlock",    "update",     "usage",      "use",       "user",
    "using",        "vacuum",    "values",     "view",       "when",      "where",
    "while",        "window",    "with",       "write",      "year",      "zone",
};

/* Small letters, digits and _, a letter first: every database reads it as it stands. Of capitals
 * alone PostgreSQL would make small ones. */
static bool is_plain(const char *name)
{
    for (const char *c = name; *c; c++) {
        bool goes_on = c > name && ((*c >= '0' && *c <= '9') || *c == '_');
        if (!(*c >= 'a' && *c <= 'z') && !goes_on)
            return false;
    }
    return *name != '\0';
}

static bool is_reserved(const char *name)
{
    for (size_t i = 0; i < sizeof(RESERVED) / sizeof(RESERVED[0]); i++)
        if (strcasecmp(name, RESERVED[i]) == 0)
            return true;
    return false;
}

const char *profile_sql_name(struct arena *arena, const char *name, char quote)
{
    if (quote == ' ' || (is_plain(name) && !is_reserved(name)))
        return name;
    char begin = quote ? quote : '"';
    char end = begin == '[' ? ']' : begin;
    char *quoted = arena_allocate_bytes(arena, 2 * strlen(name) + 3);
    size_t length = 0;
    quoted[length++] = begin;
    for (const char *c = name; *c; c++) {
        if (*c == end)
            quoted[length++] = end;
        quoted[length++] = *c;
    }
    quoted[length++] = end;
    quoted[length] = '\0';
    return quoted;
}

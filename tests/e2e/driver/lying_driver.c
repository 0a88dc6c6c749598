/* lying_driver.c: an ODBC driver for tests. Its result has the columns no, name and phone, and 300
 * rows; Mode= of the connection string says what is wrong with it:
 *
 *   honest    nothing
 *   nulls     every value is NULL
 *   rows      more rows are told than the block has room for
 *   longer    a length is told that is longer than what was written
 *   negative  a length is told that means nothing
 *   huge      a length of 2^40 bytes
 *   unknown   a length is never known
 *   columns   there are minus five columns
 *   name      a column's name fills the whole buffer, without its end
 *   dies      the connection is lost after 100 rows
 *   refuses   it cannot be connected to, and the reason fills the whole buffer */
#include <sql.h>
#include <sqlext.h>

#include <stdio.h>
#include <string.h>

enum { COLUMNS = 3, ROWS = 300, ROWS_BEFORE_DEATH = 100, MODE_BYTES = 16 };

static char mode[MODE_BYTES];
static SQLULEN asked_rows = 1;
static SQLULEN *fetched_rows;
static SQLUSMALLINT *states;
static struct {
    char *values;
    SQLLEN value_bytes;
    SQLLEN *lengths;
} bound[COLUMNS];
static SQLULEN next_row;
static int handle; /* what all handles point to */

static int is(const char *name)
{
    return strcmp(mode, name) == 0;
}

SQLRETURN SQL_API SQLAllocHandle(SQLSMALLINT kind, SQLHANDLE parent, SQLHANDLE *made)
{
    (void)kind;
    (void)parent;
    *made = &handle;
    return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLFreeHandle(SQLSMALLINT kind, SQLHANDLE freed)
{
    (void)kind;
    (void)freed;
    return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLSetEnvAttr(SQLHENV environment, SQLINTEGER attribute, SQLPOINTER value,
                                SQLINTEGER length)
{
    (void)environment;
    (void)attribute;
    (void)value;
    (void)length;
    return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLSetConnectAttr(SQLHDBC connection, SQLINTEGER attribute, SQLPOINTER value,
                                    SQLINTEGER length)
{
    (void)connection;
    (void)attribute;
    (void)value;
    (void)length;
    return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLDriverConnect(SQLHDBC connection, SQLHWND window, SQLCHAR *in,
                                   SQLSMALLINT in_length, SQLCHAR *out, SQLSMALLINT out_bytes,
                                   SQLSMALLINT *out_length, SQLUSMALLINT completion)
{
    const char *found = strstr((const char *)in, "Mode=");
    (void)connection;
    (void)window;
    (void)in_length;
    (void)out;
    (void)out_bytes;
    (void)completion;
    if (out_length)
        *out_length = 0;
    snprintf(mode, sizeof(mode), "%.*s", found ? (int)strcspn(found + 5, ";") : 0,
             found ? found + 5 : "");
    return is("refuses") ? SQL_ERROR : SQL_SUCCESS;
}

SQLRETURN SQL_API SQLDisconnect(SQLHDBC connection)
{
    (void)connection;
    return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLExecDirect(SQLHSTMT statement, SQLCHAR *sql, SQLINTEGER length)
{
    (void)statement;
    (void)sql;
    (void)length;
    next_row = 0;
    return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLNumResultCols(SQLHSTMT statement, SQLSMALLINT *count)
{
    (void)statement;
    *count = is("columns") ? -5 : COLUMNS;
    return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLDescribeCol(SQLHSTMT statement, SQLUSMALLINT column, SQLCHAR *name,
                                 SQLSMALLINT name_bytes, SQLSMALLINT *name_length,
                                 SQLSMALLINT *type, SQLULEN *size, SQLSMALLINT *digits,
                                 SQLSMALLINT *nullable)
{
    static const char *const names[COLUMNS] = {"no", "name", "phone"};
    (void)statement;
    (void)type;
    (void)size;
    (void)digits;
    (void)nullable;
    if (column < 1 || column > COLUMNS)
        return SQL_ERROR;
    if (is("name"))
        memset(name, 'n', (size_t)name_bytes);
    else
        snprintf((char *)name, (size_t)name_bytes, "%s", names[column - 1]);
    if (name_length)
        *name_length = is("name") ? 32000 : (SQLSMALLINT)strlen(names[column - 1]);
    return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLSetStmtAttr(SQLHSTMT statement, SQLINTEGER attribute, SQLPOINTER value,
                                 SQLINTEGER length)
{
    (void)statement;
    (void)length;
    if (attribute == SQL_ATTR_ROW_ARRAY_SIZE)
        asked_rows = (SQLULEN)value;
    if (attribute == SQL_ATTR_ROWS_FETCHED_PTR)
        fetched_rows = value;
    if (attribute == SQL_ATTR_ROW_STATUS_PTR)
        states = value;
    return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLGetStmtAttr(SQLHSTMT statement, SQLINTEGER attribute, SQLPOINTER value,
                                 SQLINTEGER value_bytes, SQLINTEGER *length)
{
    (void)statement;
    (void)attribute;
    (void)value_bytes;
    (void)length;
    *(SQLPOINTER *)value = &handle;
    return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLBindCol(SQLHSTMT statement, SQLUSMALLINT column, SQLSMALLINT type,
                             SQLPOINTER values, SQLLEN value_bytes, SQLLEN *lengths)
{
    (void)statement;
    (void)type;
    if (column < 1 || column > COLUMNS)
        return SQL_ERROR;
    bound[column - 1].values = values;
    bound[column - 1].value_bytes = value_bytes;
    bound[column - 1].lengths = lengths;
    return SQL_SUCCESS;
}

static SQLLEN told_length(SQLLEN length, SQLLEN room)
{
    if (is("nulls"))
        return SQL_NULL_DATA;
    if (is("longer"))
        return room - 1;
    if (is("negative"))
        return -77;
    if (is("huge"))
        return (SQLLEN)1 << 40;
    return is("unknown") ? SQL_NO_TOTAL : length;
}

static void write_row(SQLULEN place, SQLULEN number)
{
    for (int i = 0; i < COLUMNS; i++) {
        SQLLEN room = bound[i].value_bytes;
        if (!bound[i].values)
            continue;
        char *value = bound[i].values + (SQLLEN)place * room;
        int length = i == 0   ? snprintf(value, (size_t)room, "C%05lu", (unsigned long)number)
                     : i == 1 ? snprintf(value, (size_t)room, "王小%lu", (unsigned long)number)
                              : snprintf(value, (size_t)room, "138%08lu", (unsigned long)number);
        bound[i].lengths[place] = told_length(length, room);
    }
}

SQLRETURN SQL_API SQLFetch(SQLHSTMT statement)
{
    SQLULEN count = 0;
    (void)statement;
    if (is("dies") && next_row >= ROWS_BEFORE_DEATH)
        return SQL_ERROR;
    if (next_row >= ROWS)
        return SQL_NO_DATA;
    while (count < asked_rows && next_row < ROWS && !(is("dies") && next_row == ROWS_BEFORE_DEATH))
        write_row(count++, next_row++);
    for (SQLULEN i = 0; states && i < count; i++)
        states[i] = SQL_ROW_SUCCESS;
    if (fetched_rows)
        *fetched_rows = is("rows") ? 1000000 : count;
    return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLFreeStmt(SQLHSTMT statement, SQLUSMALLINT option)
{
    (void)statement;
    (void)option;
    return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLGetDiagRec(SQLSMALLINT kind, SQLHANDLE of, SQLSMALLINT record, SQLCHAR *state,
                                SQLINTEGER *native, SQLCHAR *text, SQLSMALLINT text_bytes,
                                SQLSMALLINT *length)
{
    (void)kind;
    (void)of;
    if (record != 1)
        return SQL_NO_DATA;
    memcpy(state, "08S01", sizeof("08S01"));
    *native = 0;
    if (is("refuses"))
        memset(text, 'x', (size_t)text_bytes);
    else
        snprintf((char *)text, (size_t)text_bytes, "the server has gone away");
    *length = is("refuses") ? 32000 : (SQLSMALLINT)strlen("the server has gone away");
    return SQL_SUCCESS;
}

/* subject_view.h: whose the rows of a published view are, by how its columns are called.
 *
 * The view's tables are a group's own SQL: nothing else is known of them. Any thread. */
#ifndef CUST360_SUBJECT_VIEW_H
#define CUST360_SUBJECT_VIEW_H

enum view_column {
    VIEW_COLUMN_OTHER,
    VIEW_COLUMN_MEANT,     /* a golden id: the row is that customer's */
    VIEW_COLUMN_MENTIONED, /* a golden id that only says who has a car, recommended a request or is
                              contacted instead: the row stays when that customer goes */
    VIEW_COLUMN_CONTACT,   /* the value of a contact point */
    VIEW_COLUMN_VIN
};

enum view_column view_column_of(const char *name);

#endif

/* date_read.h: dates and times as people and systems write them. */
#ifndef CUST360_STANDARDIZE_DATE_READ_H
#define CUST360_STANDARDIZE_DATE_READ_H

#include "cust360/base/date.h"
#include "standardize/check.h"

struct moment {
    struct date_parts date;
    int hour;
    int minute;
    int second;
    bool short_year;   /* the year had two digits; the century is a guess */
    bool order_guess;  /* so had the last number, and the first may be a day */
    bool serial_guess; /* five digits without a hint: taken for a spreadsheet's */
    /* When it could not be read: */
    const char *flaw; /* code */
    const char *flaw_message;
};

/* Reads a folded text: 2013-08-05, 2013/8/5, 2013.8.5, 2013年8月5日, 二〇一三年八月五日, 20130805,
 * 民國102年8月5日, 民國前1年, 102/08/05, 1020805, 05-AUG-2013, Aug 5, 2013, each with or without a
 * time behind it (T or a space; 上午 and 下午; AM and PM; fractions and the zone are passed over:
 * local time stays as it is given). `format` is the mapping's hint: "d/m/y" and "m/d/y" (any
 * separators; a year with four digits in front still is the year), "roc" (years count from 1912),
 * "excel" and "excel1904" (a spreadsheet's days); NULL: none. `this_year` decides the century of a
 * year with two digits. */
void moment_read(struct slice text, const char *format, int this_year, struct moment *moment);

/* A spreadsheet's number of days, as `format` says or, without one, of five digits. False: the text
 * is none; else *moment has it, or a flaw. */
bool moment_read_serial(struct slice text, const char *format, struct moment *moment);

#endif

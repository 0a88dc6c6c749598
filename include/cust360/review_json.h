/* review_json.h: what the review functions give, as JSON; the page and the tests read the same. */
#ifndef CUST360_REVIEW_JSON_H
#define CUST360_REVIEW_JSON_H

#include "cust360/base/json.h"
#include "cust360/review_bulk.h"
#include "cust360/review_customer.h"
#include "cust360/review_decide.h"
#include "cust360/review_stats.h"

/* `mask`: values of personal fields are masked, so that they never leave the server. `key` as in
 * json.h; each writes one object (review_json_hits, review_json_decisions, review_json_glances,
 * review_json_refusals: an array). */
void review_json_page(struct json_writer *json, const char *key, const struct review_page *page);
void review_json_case(struct json_writer *json, const char *key, const struct review_case *found,
                      bool mask);
void review_json_preview(struct json_writer *json, const char *key,
                         const struct review_preview *preview, bool mask);
void review_json_answer(struct json_writer *json, const char *key,
                        const struct review_answer *answer);
void review_json_bulk(struct json_writer *json, const char *key, const struct review_bulk *bulk);
void review_json_refusals(struct json_writer *json, const char *key,
                          const struct review_refusal *refusals, size_t count);
void review_json_glances(struct json_writer *json, const char *key,
                         const struct review_glance *glances, size_t count);
void review_json_stats(struct json_writer *json, const char *key, const struct review_stats *stats);
void review_json_decisions(struct json_writer *json, const char *key,
                           const struct review_decision *decisions, size_t count, bool mask);
void review_json_hits(struct json_writer *json, const char *key, const struct review_hit *hits,
                      size_t count, bool mask);
void review_json_customer(struct json_writer *json, const char *key,
                          const struct review_customer *customer, bool mask);

#endif

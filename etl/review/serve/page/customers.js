// Searching customers, and one customer's whole page.

import { h, show, byId, say, toast } from "./dom.js";
import { get, change } from "./api.js";
import { t, named, count, labelled } from "./words.js";
import { rowInWords, valueInWords } from "./messages.js";

const MOST = 200; // events in the timeline

// ---- search ----

function hit(one) {
    return h("a", { class: "hit", href: `#/customer/${encodeURIComponent(one.golden_id)}` },
        h("span", { class: "name" }, one.name || "—"),
        h("span", { class: "soft" }, one.city || ""),
        h("span", { class: "code" }, one.mobile || ""),
        h("span", {}, h("span", { class: "chip" }, named("found", one.found_by)), " ",
            h("span", { class: "code soft" }, one.golden_id)));
}

export async function search(main, typed, failed) {
    const place = h("div", { class: "customers" });
    show(main, place);
    if (!typed) {
        show(place, h("h1", { tabindex: "-1", id: "page-title" }, t("customers.start")),
            h("p", { class: "soft" }, t("customers.start.more")));
        return;
    }
    try {
        const found = await get("search", { q: typed });
        const hits = found.hits || found;
        const text = hits.length > 0 ? t("customers.found", { count: count(hits.length), typed })
            : t("customers.none", { typed });
        show(place, h("h1", { tabindex: "-1", id: "page-title" }, text),
            hits.length > 0 ? h("div", { class: "card hits" }, hits.map(hit)) : null);
        say(text);
    } catch (problem) { failed(problem); }
}

// ---- one customer ----

const money = (value) => (typeof value === "number" ? count(value) : value);

export function text(value) {
    if (value === null || value === undefined || value === "") return "";
    if (typeof value === "boolean") return value ? "✓" : "–";
    return String(money(value)).replace(/^(\d{4}-\d\d-\d\d)T00:00:00$/, "$1");
}

const heading = (name) => named("field", name);

export function card(title, body, note) {
    return h("section", { class: "card" }, h("header", {}, h("h2", {}, title),
        note ? h("span", { class: "soft" }, note) : null), body);
}

// Rows of whatever the view tells: columns that are empty everywhere are left out.
export function listing(title, rows, wanted) {
    if (!rows || rows.length === 0) return null;
    const names = (wanted || Object.keys(rows[0]))
        .filter((name) => rows.some((row) => text(row[name]) !== ""));
    return card(title, h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": title },
        h("table", {},
            h("thead", {}, h("tr", {}, names.map((name) => h("th", { scope: "col" }, heading(name))))),
            h("tbody", {}, rows.map((row) => h("tr", {}, names.map((name) => h("td",
                { class: /vin|plate|number|id$|card|contact/.test(name) ? "code"
                : /^\d{4}-\d\d-\d\d/.test(row[name]) ? "date" : null },
                text(row[name])))))))), count(rows.length));
}

function values(found) {
    return card(t("customer.values"), h("div", { class: "scroll", tabindex: "0", role: "region",
        "aria-label": t("customer.values") }, h("table", {}, h("tbody", {},
        found.origins.filter((origin) => origin.value).map((origin) => h("tr", {},
            h("th", { scope: "row" }, labelled("field", origin.attribute, origin.label)),
            h("td", {}, h("span", { class: origin.personal ? "code" : null },
                valueInWords("customer", origin.attribute, origin.value)),
                h("span", { class: "origin" },
                    [origin.source ? `${origin.source} ${origin.key}` : t("customer.steward"),
                        origin.rule ? labelled("rule", origin.rule, origin.rule_in_words) : "",
                        origin.file ? t("record.file", { file: origin.file, line: origin.line }) : ""]
                        .filter(Boolean).join(" · ")))))))));
}

function timeline(page) {
    const events = (page && page.events) || [];
    if (events.length === 0) return null;
    return card(t("customer.timeline"), h("ol", { class: "timeline" }, events.slice(0, MOST)
        .map((event) => rowInWords(event.type, event)).map((event) =>
        h("li", { class: event.type }, h("time", {}, event.date || ""), " ",
            h("b", {}, named("eventtype", event.type)), " ",
            h("span", { class: "soft" }, [event.dealer, event.vin, event.detail, event.status]
                .filter(Boolean).join(" · ")), " ",
            event.amount ? h("span", { class: "number" }, `¥ ${count(event.amount)}`) : null))),
    t("customer.all", { count: count(events.length) }));
}

// Dealers are those of the events and of the records.
function dealers(found, page) {
    const all = new Map();
    const add = (name, date) => {
        if (!name) return;
        const one = all.get(name) || { dealer: name, events: 0, last: "" };
        if (date) { one.events++; if (date > one.last) one.last = date; }
        all.set(name, one);
    };
    for (const record of found.records) add(record.source, "");
    for (const event of (page && page.events) || []) add(event.dealer, event.date || "");
    return listing(t("customer.dealers"), [...all.values()]);
}

function history(found) {
    return listing(t("customer.history"), found.events.map((event) => ({ day: event.as_of,
        run: event.run_id, event: named("event", event.event), other: event.other_id })));
}

function person(found, page, shown, again) {
    const customer = (page && page.customer) || {};
    const name = (found.origins.find((origin) => origin.attribute === "name") || {}).value || found.golden_id;
    return h("div", { class: "person" },
        h("span", { class: "face", "aria-hidden": "true" }, Array.from(name)[0]),
        h("div", {}, h("h1", { tabindex: "-1", id: "page-title" }, name),
            h("div", { class: "ids" }, h("span", { class: "code" }, found.golden_id),
                customer.city ? h("span", {}, customer.city) : null,
                h("span", {}, t("case.records", { count: found.records.length })),
                customer.cars_owned ? h("span", { class: "chip" }, `${t("customer.cars")} ${customer.cars_owned}`) : null,
                shown ? h("span", { class: "chip" }, t("values.shown"))
                    : h("button", { class: "reveal", type: "button", id: "reveal", onclick: again }, t("values.show")))));
}

// What the server tells: {customer: what the state knows, page: what the view tells, or null}.
function draw(main, { customer: found, page }, shown, again) {
    const list = (title, key, wanted) => (page && page[key]
        ? listing(title, page[key].map((row) => rowInWords(key, row)), wanted) : null);
    show(main, h("div", { class: "customers" },
        person(found, page, shown, again),
        found.asked_id ? h("p", { class: "banner" }, t("customer.merged", { asked: found.asked_id })) : null,
        page ? null : h("p", { class: "banner" }, t("customer.unpublished")),
        h("div", { class: "columns" },
            h("div", {}, values(found), list(t("customer.cars"), "vehicles"), timeline(page),
                list(t("customer.contracts"), "contracts"), list(t("customer.complaints"), "complaints")),
            h("div", {}, list(t("customer.leads"), "leads"), list(t("customer.contacts"), "contacts"),
                list(t("customer.consents"), "consents"), dealers(found, page),
                list(t("customer.memberships"), "memberships"),
                listing(t("customer.records"), found.records.map((record) => ({ source: record.source,
                    number: record.key, updated: (record.updated || "").slice(0, 10), trust: record.trust,
                    file: record.file, line: record.line }))),
                list(t("customer.possible"), "possible_matches", ["name", "golden_id", "bits", "probability", "reason"]),
                history(found)))));
}

export async function customer(main, id, failed) {
    try {
        const found = await get("customer", { id });
        const again = async () => {
            try {
                draw(main, await change("reveal", { id: found.customer.golden_id }), true, null);
                byId("page-title").focus();
                say(t("values.shown"));
            } catch (problem) { failed(problem); }
        };
        draw(main, found, false, again);
        byId("page-title").focus();
    } catch (problem) {
        if (problem.status === 404) { toast(problem.message, "problem"); await search(main, "", failed); }
        else failed(problem);
    }
}

// The middle: one column a record, one row a field, what differs first and marked by character.

import { h } from "./dom.js";
import { t, count, labelled } from "./words.js";
import { runs } from "./diff.js";
import { finding, valueInWords } from "./messages.js";

export const COLUMNS_SHOWN = 6;

// Which records are shown: both sides of the question, then the rest in order.
export function columns(found, unfolded) {
    const all = found.records.map((record, index) => index);
    if (unfolded || all.length <= COLUMNS_SHOWN) return all;
    const of = (side) => all.filter((index) => Boolean(found.records[index].of_a) === side);
    const half = COLUMNS_SHOWN / 2;
    const chosen = new Set([...of(true).slice(0, half), ...of(false).slice(0, half)]);
    for (const index of all) if (chosen.size < COLUMNS_SHOWN) chosen.add(index);
    return all.filter((index) => chosen.has(index));
}

const differs = (field) => field.difference === "differs" || field.difference === "contrary";

export function rows(found, differing) {
    const shown = found.fields.filter((field) => differs(field) ||
        (!differing && field.difference !== "missing"));
    return shown.length > 0 ? shown : found.fields.filter((field) => field.difference !== "missing");
}

function head(record, index, state, act) {
    const marked = state.marked.has(record.record_id);
    return h("th", { scope: "col", class: `${marked ? "marked" : ""} ${index === state.column ? "chosen" : ""}` },
        h("div", { class: "record-head" },
            h("span", { class: "line" }, h("kbd", { "aria-hidden": "true" }, index + 1), record.source,
                record.system ? h("span", { class: "soft system" }, record.system) : null,
                marked ? h("span", { class: "chip amber" }, t("record.marked")) : null),
            h("span", { class: "meta code" }, record.key),
            h("span", { class: "meta" },
                [record.updated ? t("record.updated", { date: record.updated.slice(0, 10) }) : "",
                    t("record.trust", { trust: record.trust })].filter(Boolean).join(" · ")),
            h("span", { class: "meta code" }, record.golden_id || ""),
            state.mayChange && splittable(state) ? h("label", { class: "meta" },
                h("input", { type: "checkbox", checked: marked,
                    onchange: () => act.mark(record.record_id) }), " ", t("record.mark")) : null));
}

// Splitting is for what is one customer, or may become one.
const splittable = (state) => ["possible", "weak_link", "conflict", "stale"].includes(state.kind) &&
    state.found.records.length > 1;

function value(field, index) {
    const cell = field.cells[index];
    if (!cell.value) return h("span", { class: "value empty" }, t("field.none"));
    const text = cell.value.replace(/T00:00:00$/, "");
    const word = valueInWords("customer", field.name, text);
    if (word !== text) // another word: it has none of the characters that were compared
        return h("span", { class: "value" }, /1/.test(cell.differs || "") ? h("mark", {}, word) : word);
    return h("span", { class: "value" },
        runs(text, cell.differs).map((run) => (run.differs ? h("mark", {}, run.text) : run.text)));
}

// What the source delivered. Without it (a state of before, an entity of which it is not kept): that
// the value was made of something else.
function raw(one) {
    const given = one.given || (one.repaired ? "" : one.value);
    return given || one.repaired ? h("span", { class: "raw delivered" },
        given ? t("cell.given", { given }) : t("cell.repaired")) : null;
}

function cell(field, index, state, row, act) {
    const one = field.cells[index];
    const classes = [one.wins && one.value ? "wins" : "", differs(field) && one.value ? "differs" : "equal",
        row === state.row && index === state.column ? "cursor" : ""];
    return h("td", { class: classes.filter(Boolean).join(" "), title: one.given ? t("cell.given", { given: one.given }) : null,
        onclick: () => act.point(row, index) },
    value(field, index),
    one.wins && one.value ? h("span", { class: "sr" }, t("cell.wins")) : null,
    one.finding ? h("span", { class: "raw" }, finding(one)) : null,
    state.raw ? raw(one) : null);
}

const rank = { contrary: "hard", differs: "conflict" };

function row(field, number, state, act) {
    const why = rank[field.difference]
        ? h("span", { class: "sr" }, t(`field.${field.difference}`)) : null;
    return h("tr", { class: `${rank[field.difference] || ""} ${number === state.row ? "focus" : ""}` },
        h("th", { scope: "row" }, labelled("field", field.name, field.label), why,
            field.rule ? h("span", { class: "rule" },
                labelled("rule", field.rule, field.rule_in_words)) : null),
        state.columns.map((index) => cell(field, index, state, number, act)));
}

export function table(state, act) {
    const hidden = state.found.fields.length - state.rows.length;
    const folded = state.found.records.length - state.columns.length;
    return h("div", { class: "sheet" },
        h("table", { class: "records", style: { minWidth: `${120 + 132 * state.columns.length}px` } },
            h("thead", {}, h("tr", {}, h("td", {}, h("span", { class: "sr" }, t("case"))),
                state.columns.map((index) => head(state.found.records[index], index, state, act)))),
            h("tbody", {}, state.rows.map((field, number) => row(field, number, state, act)))),
        hidden > 0 || !state.differing
            ? h("button", { class: "fold", type: "button", onclick: act.differing },
                state.differing ? t("fields.more", { count: count(hidden) }) : t("fields.fewer")) : null,
        folded > 0 || state.unfolded
            ? h("button", { class: "fold", type: "button", onclick: act.unfold },
                state.unfolded ? t("records.unfold") : t("records.fold", { count: count(folded) })) : null);
}

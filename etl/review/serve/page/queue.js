// The queue at the left: facets with counts, and the cases that are the steward's now.

import { h, key } from "./dom.js";
import { t, named, count } from "./words.js";

const FACETS = ["kind", "source", "band", "stake", "age", "status"];

function facet(name, found, filter, choose) {
    const values = found || [];
    const chosen = filter[name] || "";
    const label = (value) => (name === "source" ? value : named(name, value));
    const options = values.map(({ value, count: cases }) =>
        h("option", { value, selected: value === chosen }, `${label(value)} (${count(cases)})`));
    if (chosen && !values.some(({ value }) => value === chosen))
        options.push(h("option", { value: chosen, selected: true }, `${label(chosen)} (0)`));
    return h("label", { class: "facet" }, h("span", {}, t(`facet.${name}`)),
        h("select", { id: `facet-${name}`, onchange: (event) => choose(name, event.target.value) },
            h("option", { value: "" }, t("queue.all")), options));
}

// How many cases of those that the facets leave are with whoever looks.
const own = (facets) => (facets.mine && facets.mine[0] ? facets.mine[0].count : 0);

export function caseName(item) {
    const names = [item.name_a, item.name_b].filter(Boolean);
    if (names.length === 2 && names[0] !== names[1]) return names.join(" · ");
    return names[0] || item.key_a || item.key;
}

function days(item) {
    return item.age_days > 0 ? t("queue.days", { days: count(item.age_days) }) : t("queue.today");
}

function entry(item, state, act) {
    const { open } = act;
    const other = item.leased_by && item.leased_by !== state.steward ? item.leased_by : "";
    const sources = [...new Set([item.source_a, item.source_b].filter(Boolean))].join(" · ");
    const kind = [named("kind", item.kind), item.attribute && named("field", item.attribute)].filter(Boolean).join(": ");
    const picked = state.picked.has(item.key);
    return h("li", { class: "entry" }, state.mayChange ? h("input", { type: "checkbox", class: "pick", tabindex: "-1",
        "data-pick": item.key, checked: picked, "aria-label": t("bulk.pick", { name: caseName(item) }),
        onchange: () => act.pick(item.key) }) : null, h("button", {
        class: "case", type: "button", "data-key": item.key,
        "aria-current": item.key === state.key ? "true" : null,
        "aria-disabled": other ? "true" : null,
        onclick: () => open(item.key),
    },
    h("span", { class: "name" }, caseName(item)), h("span", { class: "age" }, days(item)),
    h("span", { class: "kind" }, [kind, sources].filter(Boolean).join(" — ")),
    other ? h("span", { class: "chip" }, t("queue.leased", { who: other }))
        : item.flagged ? h("span", { class: "chip amber", "data-flag": item.key }, t("flagged"))
        : item.status !== "open" ? h("span", { class: "chip amber" }, named("status", item.status))
            : null));
}

// What waited for a run and could not be carried out, until its steward has seen it.
function failures(stats, dismiss) {
    const failed = stats && stats.failed ? stats.failed : [];
    return failed.map((one) => h("p", { class: "banner red", role: "alert", "data-failure": one.waiting_id },
        t("failed", { who: one.who, word: named("word", one.word), when: one.when, reason: one.reason }), " ",
        dismiss ? h("button", { class: "reveal", type: "button", onclick: () => dismiss(one) },
            t("failed.seen")) : null));
}

export function queue(state, act) {
    const chosen = Object.values(state.filter).some(Boolean);
    const facets = state.facets || {};
    return h("nav", { class: "queue", "aria-label": t("queue") },
        h("div", { class: "facets" },
            h("div", { class: "heading" }, h("h2", {}, t("queue")),
                chosen ? h("button", { class: "reveal", type: "button", onclick: act.clear },
                    t("queue.clear")) : null),
            h("div", { class: "row" }, FACETS.map((name) =>
                facet(name, facets[name], state.filter, act.choose))),
            h("label", { class: "only" }, h("input", { type: "checkbox", id: "facet-flagged",
                checked: Boolean(state.filter.flagged),
                onchange: (event) => act.choose("flagged", event.target.checked ? "1" : "") }),
            t("flagged.only")),
            state.mayChange ? h("label", { class: "only" }, h("input", { type: "checkbox", id: "facet-mine",
                checked: Boolean(state.filter.mine),
                onchange: (event) => act.choose("mine", event.target.checked ? "1" : "") }),
            t("queue.assigned", { count: count(own(facets)) })) : null),
        failures(state.stats, state.mayChange ? act.dismiss : null),
        h("ol", { class: "cases" }, state.items.map((item) => entry(item, state, act))),
        state.picked.size > 0 ? h("button", { class: "act main", type: "button", id: "bulk",
            "aria-keyshortcuts": "Shift+B", onclick: act.bulk },
        t("bulk.open", { count: state.picked.size }), key("B")) : null,
        h("div", { class: "foot" },
            h("span", {}, t("queue.shown", {
                shown: count(state.items.length), total: count(state.total) })),
            h("span", {}, `${t("stats.left")} ${count(state.stats ? state.stats.left : state.total)}`)));
}

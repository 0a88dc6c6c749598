// The strip below: the golden record that a verdict would make, what hangs on it, the verdicts.

import { h, key } from "./dom.js";
import { t, named, count } from "./words.js";
import { inWords, valueInWords } from "./messages.js";

const VALUES_SHOWN = 7;

// Which verdicts a kind of question takes, the likeliest first: [key, word, text].
const verdicts = {
    possible: [["m", "same", "do.same"], ["n", "not_same", "do.not_same"]],
    weak_link: [["m", "same", "do.same.keep"], ["n", "not_same", "do.not_same"]],
    conflict: [["m", "same", "do.same.keep"]],
    value: [["1–9", "take", "do.take"]],
    relation: [["m", "accept", "do.accept"], ["n", "refuse", "do.refuse"]],
    shared: [["m", "accept", "do.accept"]],
    stale: [["m", "keep", "do.keep"], ["n", "not_same", "do.not_same"]],
};

export const verdictsOf = (kind) => verdicts[kind] || verdicts.possible;

// The word that a key stands for with this kind of question; undefined: none.
export const wordOf = (kind, pressed) => (verdictsOf(kind).find(([name]) => name === pressed) || [])[1];

function changed(preview, column, value) {
    return !preview.before.some((golden) => golden.values[column] === value);
}

// What changes comes first, then what is asked about.
function golden(preview, one, asked) {
    const order = preview.columns
        .map((name, column) => ({ name, value: one.values[column],
            changed: changed(preview, column, one.values[column]) }))
        .filter(({ value }) => value);
    order.sort((a, b) => Number(b.changed) - Number(a.changed) || Number(b.name === asked) - Number(a.name === asked));
    return h("dl", { class: "golden" },
        h("div", { class: "pair" }, h("dt", {}, t("result.golden")),
            h("dd", { class: "code" }, one.golden_id || "+")),
        order.slice(0, VALUES_SHOWN).map(({ name, value, changed: is }) =>
            h("div", { class: "pair" }, h("dt", {}, named("field", name)), h("dd", { class: is ? "changed" : null },
                valueInWords("customer", name, value)))));
}

function effect(preview) {
    const targets = preview.targets.length > 0
        ? `; ${t("result.targets", { targets: preview.targets.join(", ") })}` : "";
    const { granted, refused, contrary } = preview.consents;
    const consents = granted + refused === 0 ? "" : `; ${t("result.consents", { granted: count(granted),
        refused: count(refused) })}${contrary ? ` – ${t("result.contrary", { contrary: count(contrary) })}` : ""}`;
    return t("result.effect", { records: count(preview.records), before: count(preview.before.length),
        after: count(preview.after.length), vehicles: count(preview.vehicles),
        orders: count(preview.orders) }) + consents + targets;
}

function shown(state) {
    const preview = state.preview;
    if (!preview) return h("p", { class: "effect" }, state.previewNote || " ");
    return [
        preview.after.slice(0, 2).map((one) => golden(preview, one, (state.found.item || state.found).attribute)),
        preview.refused ? h("p", { class: "effect" }, inWords(preview.refused))
            : h("p", { class: "effect" }, effect(preview)),
    ];
}

function button(state, [name, word, text], index, act) {
    const class_ = index === 0 ? "act main" : word === "not_same" || word === "refuse" ? "act against" : "act";
    return h("button", { class: class_, type: "button", "data-word": word,
        "aria-keyshortcuts": word === "take" ? "1 2 3 4 5 6 7 8 9" : name,
        disabled: !state.mayChange, onclick: () => (word === "take" ? act.take() : act.decide(word)),
        onmouseenter: () => act.look(word), onfocus: () => act.look(word) }, t(text), key(name));
}

export function result(state, act) {
    const extra = (name, text, run, word) => h("button", { class: "act quiet", type: "button",
        "data-word": word, "aria-keyshortcuts": name, onclick: run,
        disabled: !state.mayChange && name !== "Space" }, t(text), key(name));
    const splits = ["possible", "weak_link", "conflict", "stale"].includes(state.kind);
    return h("section", { class: "result", "aria-label": t("result") },
        h("div", { class: "in" }, h("div", { id: "preview" }, shown(state)),
            h("div", { class: "actions" },
                verdictsOf(state.kind).map((one, index) => button(state, one, index, act)),
                splits ? h("button", { class: "act", type: "button", "data-word": "split",
                    disabled: !state.mayChange, "aria-keyshortcuts": "Shift+S", onclick: act.split },
                state.marked.size > 0 ? t("split.now") : t("do.split"), key("s")) : null,
                h("span", { class: "gap" }),
                extra("a", "do.alike", act.alike, "alike"),
                extra("u", "do.unsure", act.unsure, "unsure"),
                extra("x", "do.never_ask", () => act.decide("never_ask"), "never_ask"),
                extra("Space", "do.skip", act.skip, "skip"),
                extra("z", "do.undo", act.undo, "undo"))));
}

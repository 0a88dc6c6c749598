// One word on several cases: picked in the queue, shown before it is said, taken back in one step.

import { h, dialog } from "./dom.js";
import { t, named, isChinese } from "./words.js";
import { verdictsOf } from "./result.js";
import { caseName } from "./queue.js";
import { inWords } from "./messages.js";
import { get, change } from "./api.js";

const SAMPLES = 5; // that are shown with their evidence; all are listed
export const BULK_MOST = 50;

// The cases as they stand now, asked for at once; those that are not open any more are left out.
export async function lookAt(items) {
    const glances = await get("look", { keys: items.map((item) => item.key).join(",") });
    const of = new Map(glances.map((glance) => [glance.key, glance]));
    return items.map((item) => ({ item, glance: of.get(item.key) })).filter(({ glance }) => glance && glance.seen);
}

function sample({ item, glance }) {
    const sentence = isChinese() && glance.sentence_zh ? glance.sentence_zh : glance.sentence;
    return h("li", {}, h("strong", {}, caseName(item)), " ",
        h("span", { class: "soft" }, glance.blind ? t("case.blind") : sentence));
}

// Asks which word; answers with it, undefined when it was left. `cases` are of a kind.
export function askBulk(cases, kind) {
    const words = verdictsOf(kind).filter(([, word]) => word !== "take")
        .concat([["x", "never_ask", "do.never_ask"]]);
    return dialog(t("bulk.title", { count: cases.length }), (finish) => h("div", { class: "bulk" },
        h("p", { class: "asked" }, named("kind", kind)),
        h("ul", {}, cases.slice(0, SAMPLES).map(sample)),
        cases.length > SAMPLES ? h("details", {}, h("summary", {}, t("bulk.all", { count: cases.length })),
            h("ul", {}, cases.slice(SAMPLES).map(({ item }) => h("li", {}, caseName(item))))) : null,
        h("p", { class: "soft" }, t("bulk.each")),
        h("div", { class: "buttons" },
            h("button", { class: "act quiet", type: "button", autofocus: true,
                onclick: () => finish() }, t("cancel")),
            words.map(([, word, text]) => h("button", { class: "act", type: "button",
                "data-bulk": word, onclick: () => finish(word) }, t(text))))));
}

// Those that stand in the way, each with its reason; true: the word is meant for the others.
function askOthers(cases, refused) {
    const others = cases.length - refused.size;
    return dialog(t("bulk.refused", { count: refused.size }), (finish) => h("div", { class: "bulk" },
        h("ul", {}, cases.filter(({ item }) => refused.has(item.key)).map(({ item }) =>
            h("li", { "data-refused": item.key }, h("strong", {}, caseName(item)), " ",
                h("span", { class: "soft" }, inWords(refused.get(item.key)))))),
        h("p", { class: "soft" }, t("bulk.nothing")),
        h("div", { class: "buttons" },
            h("button", { class: "act quiet", type: "button", autofocus: true,
                onclick: () => finish() }, t("cancel")),
            others > 0 ? h("button", { class: "act main", type: "button", id: "bulk-others",
                onclick: () => finish(true) }, t("bulk.others", { count: others })) : null)));
}

// All in one request, or none of them; undefined when it was left.
export async function sayBulk(cases, word) {
    try {
        return await change("decide_bulk", { word,
            cases: cases.map(({ item, glance }) => `${item.key} ${glance.seen}`).join(",") });
    } catch (problem) {
        const told = problem.data && problem.data.refused;
        if (!told || told.length === 0) throw problem;
        const refused = new Map(told.map((one) => [one.key, one.reason]));
        if (!await askOthers(cases, refused)) return undefined;
        return sayBulk(cases.filter(({ item }) => !refused.has(item.key)), word);
    }
}

// One word on several cases: picked in the queue, shown before it is said, taken back in one step.

import { h, dialog } from "./dom.js";
import { t, named, isChinese } from "./words.js";
import { verdictsOf } from "./result.js";
import { caseName } from "./queue.js";

const SAMPLES = 5; // that are shown with their evidence; all are listed
export const BULK_MOST = 50;

function sample({ item, found }) {
    const sentence = isChinese() && found.sentence_zh ? found.sentence_zh : found.sentence;
    return h("li", {}, h("strong", {}, caseName(item)), " ",
        h("span", { class: "soft" }, found.blind ? t("case.blind") : sentence));
}

// Asks which word; answers with it, undefined when it was left. `cases`: [{ item, found }] of a kind.
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

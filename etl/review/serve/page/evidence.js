// The right: why the question is asked, first as a sentence, then as bars.

import { h } from "./dom.js";
import { t, named, isChinese } from "./words.js";
import { graph } from "./graph.js";

const GRAPH_FROM = 4; // records

function bar(label, bits, most, notes, kind = "") {
    const share = most > 0 ? (Math.abs(bits) / most) * 50 : 0;
    const side = bits < 0 ? { right: "50%" } : { left: "50%" };
    return h("li", { class: `bar ${kind}` },
        h("span", { class: "label", title: label }, label),
        h("span", { class: "track", "aria-hidden": "true" },
            h("span", { class: bits < 0 ? "fill minus" : "fill", style: { width: `${share}%`, ...side } })),
        h("span", { class: "bits number" }, `${bits > 0 ? "+" : ""}${bits.toFixed(1)}`,
            h("span", { class: "sr" }, bits < 0 ? t("evidence.against") : t("evidence.for"))),
        notes.length > 0 ? h("span", { class: "note" }, notes.join(" · ")) : null);
}

const inWords = (part, name) => (isChinese() && part[`${name}_zh`]) || part[name];

const titleOf = (part) => (isChinese() && part.comparison_zh) || named("field", part.comparison.replace(/ /g, "_"));

function bars(found) {
    const parts = found.parts.filter((part) => part.level || part.bits);
    if (parts.length === 0) return null;
    const most = Math.max(...parts.map((part) => Math.abs(part.bits)), Math.abs(found.prior), 1);
    const chance = 100 / (1 + 2 ** -found.bits);
    const percent = chance > 99.95 || chance < 0.05 ? chance.toFixed(2) : chance.toFixed(1);
    return h("section", { class: "block" }, h("h2", {}, t("evidence.bars")),
        h("ul", { class: "bars" },
            parts.map((part) => bar(titleOf(part), part.bits, most,
                [inWords(part, "level"), part.frequency
                    ? t("evidence.frequency", { frequency: inWords(part, "frequency") }) : ""].filter(Boolean))),
            bar(t("evidence.prior"), found.prior, most, []),
            bar(t("evidence.sum"), found.bits, Math.max(most, Math.abs(found.bits)),
                [t("evidence.chance", { percent })], "sum")));
}

export function saidText(said) {
    return t("case.said", { who: said.who, when: said.when.slice(0, 10), word: named("word", said.kind),
        comment: said.comment ? `: ${said.comment}` : "" });
}

export function evidence(state) {
    const found = state.found;
    const hidden = found.blind && !state.decided;
    const sentence = isChinese() && found.sentence_zh ? found.sentence_zh : found.sentence;
    const former = found.said.filter((said) => !said.stale);
    return h("aside", { class: "evidence", "aria-label": t("evidence") },
        h("h2", {}, t("evidence")),
        h("p", { class: "sentence" }, hidden ? t("evidence.hidden") : sentence),
        hidden ? null : bars(found),
        hidden || !found.blocks ? null : h("p", { class: "soft blocks" },
            t("evidence.blocks", { rules: (isChinese() && found.blocks_zh) || found.blocks })),
        found.records.length >= GRAPH_FROM && !hidden
            ? h("section", { class: "block" }, h("h2", {}, t("evidence.graph")), graph(found, state.marked))
            : null,
        former.length > 0
            ? h("section", { class: "block" }, h("h2", {}, t("evidence.said")),
                former.map((said) => h("p", { class: "soft" }, saidText(said)))) : null);
}

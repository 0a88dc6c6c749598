// What was decided, by whom, and how it goes; whatever is in force can be taken back from here.

import { h, show, byId, toast } from "./dom.js";
import { get, change } from "./api.js";
import { t, named } from "./words.js";
import { card, listing, text } from "./customers.js";
import { line } from "./publishing.js";

const AT_ONCE = 50; // decisions that the server tells at a time

const percent = (one) => (one.controls ? `${Math.round((100 * one.agreed) / one.controls)} %` : "–");

function figures(stats, publishing) {
    const rows = { left: stats.left, today: stats.cleared_today, cleared: stats.cleared,
        rate: Math.round(stats.per_hour), oldest: stats.oldest_days, waiting: stats.waiting,
        agreement: percent(stats) };
    return card(t("stats.title"), [h("table", {}, h("tbody", {}, Object.entries(rows).map(([name, value]) =>
        h("tr", {}, h("th", { scope: "row" }, t(`stats.${name}`)), h("td", {}, text(value)))))), publishing]);
}

const stewards = (stats) => listing(t("stats.stewards"), (stats.stewards || []).map((one) => ({
    who: one.who, cleared: one.cleared, today: one.today, rate: Math.round(one.per_hour),
    agreement: percent(one) })));

const what = (one) => [named("word", one.word), one.undone ? `(${t("decisions.undone")})` : "",
    one.confirmed === false ? `(${t("decisions.second")})` : ""].filter(Boolean).join(" ");

function row(one, undo) {
    const records = [one.a, one.b].filter(Boolean).join(" – ");
    return h("tr", { "data-decision": one.decision_id },
        h("td", { class: "date" }, one.when.replace("T", " ").replace("Z", "")), h("td", {}, one.who),
        h("td", {}, what(one)), h("td", { class: "code" }, records),
        h("td", {}, [one.attribute && named("field", one.attribute), one.value].filter(Boolean).join(": "),
            one.until ? ` (${t("decisions.until", { day: one.until })})` : ""),
        h("td", {}, one.comment || ""),
        h("td", {}, undo && !one.undone ? h("button", { class: "reveal", type: "button",
            "aria-label": t("decisions.undo", { word: named("word", one.word), records }),
            onclick: () => undo(one) }, t("do.undo")) : null));
}

const HEADS = ["when", "who", "what", "records", "value", "comment"];

function table(rows, undo) {
    return card(t("decisions"), h("div", { class: "scroll", tabindex: "0", role: "region",
        "aria-label": t("decisions") }, h("table", {},
        h("thead", {}, h("tr", {}, HEADS.map((name) => h("th", { scope: "col" }, t(`column.${name}`))),
            h("th", { scope: "col" }, h("span", { class: "sr" }, t("do.undo"))))),
        h("tbody", {}, rows.map((one) => row(one, undo))))));
}

export async function decisions(main, session, { failed, told }) {
    const state = { rows: [], mine: false, more: false };
    const ask = async (before) => {
        const told = await get("decisions", { mine: state.mine ? 1 : "", before });
        state.more = told.length === AT_ONCE;
        return told;
    };
    const draw = (stats, focus) => {
        show(main, h("div", { class: "customers" },
            h("h1", { tabindex: "-1", id: "page-title" }, t("decisions")),
            h("label", { class: "only" }, h("input", { type: "checkbox", id: "decisions-mine",
                checked: state.mine, onchange: (event) => { state.mine = event.target.checked; load("decisions-mine"); } }),
            t("decisions.mine")),
            state.rows.length > 0 ? table(state.rows, session.role === "steward" ? undo : null)
                : h("p", { class: "soft" }, t("decisions.none")),
            state.more ? h("button", { class: "fold", type: "button", id: "decisions-more",
                onclick: () => further(stats) }, t("queue.more")) : null,
            figures(stats, line(session.role === "steward", told, failed)), stewards(stats)));
        (byId(focus) || byId("page-title")).focus();
    };
    const load = async (focus) => {
        try {
            const [rows, stats] = await Promise.all([ask(""), get("stats")]);
            state.rows = rows;
            told(stats);
            draw(stats, focus);
        } catch (problem) { failed(problem); }
    };
    const further = async (stats) => {
        try {
            state.rows = state.rows.concat(await ask(state.rows[state.rows.length - 1].decision_id));
            draw(stats, "decisions-more");
        } catch (problem) { failed(problem); }
    };
    const undo = async (one) => {
        try {
            await change("undo", { decision: one.decision_id });
            toast(t("done.undone", { word: named("word", one.word) }));
            await load("page-title");
        } catch (problem) { failed(problem); }
    };
    await load("page-title");
}

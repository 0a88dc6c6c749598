// The stewards' work: which case is shown, what was said about it, what comes next. Data comes from
// the server, elements from the five parts; here is what happens in between.

import { h, svg, show, say, toast, byId } from "./dom.js";
import { get, change } from "./api.js";
import { t, named, labelled, isChinese } from "./words.js";
import { queue, caseName } from "./queue.js";
import { columns, rows, table } from "./compare.js";
import { evidence } from "./evidence.js";
import { result, verdictsOf, wordOf } from "./result.js";
import { askBulk, lookAt, sayBulk, BULK_MOST } from "./bulk.js";
import { inWords } from "./messages.js";
import { askComment, askValue, askId } from "./dialogs.js";

const AHEAD = 5;      // cases that are fetched before they are asked for
const FEW = 4;        // so few left: claim more
const BLIND_MS = 1600; // how long the answer of a blind case is shown

const state = {
    steward: "", mayChange: false, items: [], total: 0, facets: {}, stats: null, filter: {},
    key: "", kind: "", found: null, rows: [], columns: [], row: 0, column: 0, differing: true, raw: false,
    unfolded: false, marked: new Set(), comment: "", decided: false, preview: null, previewNote: "",
    revealed: false, always: false, undos: [], passed: new Set(), picked: new Set(), busy: false, word: "",
};
let ahead = new Map();    // key → promise of a case
let previews = new Map(); // word and split → promise
let place = null;
let told = () => {};      // the bar at the top wants to know the figures
let failed = () => {};

// While something is under way the screen says so, to screen readers and to tests.
let jobs = 0;
async function working(run) {
    const tellPlace = () => { if (place) place.setAttribute("aria-busy", jobs > 0 ? "true" : "false"); };
    jobs++;
    tellPlace();
    try {
        return await run();
    } finally {
        jobs--;
        tellPlace();
    }
}

// ---- data ----

async function refresh() {
    const filter = state.filter;
    const listed = get("queue", { ...filter, limit: state.mayChange ? 1 : 30 });
    const claimed = state.mayChange ? change("claim", filter) : listed;
    const [page, mine, stats] = await Promise.all([listed, claimed, get("stats")]);
    state.facets = page.facets;
    state.total = page.total;
    state.items = mine.items.filter((item) => !state.passed.has(item.key));
    state.stats = stats;
    state.picked = new Set([...state.picked].filter((key) => state.items.some((one) => one.key === key)));
    told(stats);
}

async function refreshStats() {
    state.stats = await get("stats");
    told(state.stats);
}

function fetchCase(key) {
    if (!ahead.has(key)) {
        const promise = get("case", { key });
        promise.catch(() => ahead.delete(key));
        ahead.set(key, promise);
    }
    return ahead.get(key);
}

// What was fetched before stays good, but for cases of customers that the decision has touched.
async function forget(found) {
    const touched = new Set(found.records.map((record) => record.golden_id));
    const before = ahead;
    ahead = new Map();
    for (const [key, promise] of before) {
        const other = await Promise.race([promise, null]).catch(() => null);
        if (other && other !== found && !other.blind &&
            !other.records.some((record) => touched.has(record.golden_id))) ahead.set(key, promise);
    }
}

function prefetch() {
    const from = state.items.findIndex((item) => item.key === state.key);
    for (const item of state.items.slice(from + 1, from + 1 + AHEAD)) fetchCase(item.key).catch(() => {});
}

// ---- what is shown ----

function question() {
    return isChinese() && state.found.question_zh ? state.found.question_zh : state.found.question;
}

const fieldsOf = (names) => names.split(/([,;] )/).map((name) => named("field", name)).join("");

function banners() {
    const item = state.found.item || state.found;
    const all = [];
    if (item.leased_by && item.leased_by !== state.steward)
        all.push(h("p", { class: "banner" }, t("case.leased", { who: item.leased_by })));
    for (const said of state.found.said.filter((one) => one.stale))
        all.push(h("p", { class: "banner" }, t("case.stale", { who: said.who,
            when: said.when.slice(0, 10), word: named("word", said.kind), changed: fieldsOf(said.changed) })));
    if (state.found.blind && !state.decided)
        all.push(h("p", { class: "banner accent" }, t("case.blind.why")));
    if (state.conflict) all.push(h("p", { class: "banner red", role: "alert" }, state.conflict));
    return all;
}

function revealButton() {
    if (state.revealed) return h("span", { class: "chip" }, t("values.shown"));
    return h("button", { class: "reveal", type: "button", id: "reveal", "aria-keyshortcuts": "p",
        onclick: act.reveal }, t("values.show"));
}

function compare() {
    const item = state.found.item || state.found;
    return h("section", { class: "compare", "aria-labelledby": "case-title" },
        h("div", { class: "case-head" },
            h("h1", { id: "case-title", tabindex: "-1" }, caseName(item)),
            h("span", { class: "chip accent" }, named("kind", item.kind)),
            h("span", { class: "chip" }, t("case.records", { count: state.found.records.length })),
            state.found.blind && !state.decided ? h("span", { class: "chip" }, t("case.blind")) : null,
            state.found.four_eyes ? h("span", { class: "chip amber" }, t("case.four")) : null,
            revealButton()),
        h("p", { class: "asked" }, question()), banners(), table(state, act));
}

function arrange() {
    state.rows = rows(state.found, state.differing);
    state.columns = columns(state.found, state.unfolded);
    state.row = Math.min(state.row, Math.max(0, state.rows.length - 1));
    if (!state.columns.includes(state.column)) state.column = state.columns[0] || 0;
}

function nothing() {
    return h("div", { class: "blank" },
        svg("svg", { viewBox: "0 0 48 48", fill: "none", stroke: "currentColor", "stroke-width": "2",
            "aria-hidden": "true" }, svg("circle", { cx: 24, cy: 24, r: 19 }),
        svg("path", { d: "M16 24.5l6 6 11-12", "stroke-linecap": "round", "stroke-linejoin": "round" })),
        h("h1", { id: "case-title", tabindex: "-1" }, t("queue.none")),
        h("p", { class: "soft" }, t("queue.none.more")));
}

function draw() {
    if (!place || !place.isConnected) return;
    const scroll = place.querySelector(".cases");
    const at = scroll ? scroll.scrollTop : 0;
    const focused = document.activeElement && document.activeElement.id;
    if (state.found) arrange();
    show(place, queue(state, act),
        state.found ? [compare(), evidence(state), result(state, act)] : nothing());
    const list = place.querySelector(".cases");
    if (list) list.scrollTop = at;
    const current = place.querySelector('.case[aria-current="true"]');
    if (current) current.scrollIntoView({ block: "nearest" });
    const cursor = place.querySelector("td.cursor");
    if (cursor) cursor.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (focused && byId(focused) && document.activeElement !== byId(focused)) byId(focused).focus();
}

function drawPreview() {
    const old = place && place.querySelector(".result");
    if (old && state.found) {
        const made = result(state, act);
        old.querySelector("#preview").replaceWith(made.querySelector("#preview"));
    }
}

// ---- opening ----

function take(found, key) {
    const item = found.item || found;
    Object.assign(state, { key, kind: item.kind, found, row: 0, column: 0, unfolded: false, comment: "",
        decided: false, preview: null, previewNote: "", conflict: "", revealed: false, word: "" });
    state.marked = new Set();
    previews = new Map();
    arrange();
    const asked = state.rows.findIndex((field) => field.name === item.attribute);
    if (asked > 0) state.row = asked;
}

const open = (key, conflict = "") => working(() => openCase(key, conflict));

async function openCase(key, conflict) {
    try {
        const found = await fetchCase(key);
        take(found, key);
        state.conflict = conflict;
        if (state.always) await reveal();
        draw();
        byId("case-title").focus();
        say(`${caseName(found.item || found)}. ${question()}`);
        history.replaceState(null, "", `#/review/${key}`);
        look(verdictsOf(state.kind)[0][1]);
        prefetch();
    } catch (problem) {
        if (problem.status === 404 || problem.status === 409) return gone(key, problem);
        failed(problem);
    }
    return undefined;
}

// A case that is no more: said, and the next one.
async function gone(key, problem) {
    toast(inWords(problem.message), "problem");
    state.items = state.items.filter((item) => item.key !== key);
    ahead.delete(key);
    await next(0);
}

async function next(index) {
    if (state.items.length <= FEW) await refresh().catch(failed);
    const item = state.items[Math.min(index, state.items.length - 1)];
    if (item) return open(item.key);
    state.found = null;
    state.key = "";
    draw();
    byId("case-title").focus();
    return undefined;
}

async function reveal() {
    const found = await change("reveal", { key: state.key });
    state.found = found;
    state.revealed = true;
    previews = new Map();
}

// ---- verdicts ----

const wait = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

function tell(answer, word) {
    const words = { word: named("word", word) };
    toast(t(`done.${answer.effect}`, words), "plain");
}

async function conflict(problem) {
    const key = state.key;
    toast(t("problem.conflict", { message: inWords(problem.message) }), "problem");
    ahead.delete(key);
    await refresh().catch(failed);
    await open(key, `${inWords(problem.message)}. ${t("conflict.reload")}`);
}

const send = (word, more) => working(() => decide(word, more));

async function decide(word, more = {}) {
    if (!state.mayChange) { toast(t("viewer"), "problem"); return; }
    if (state.busy || !state.found) return;
    state.busy = true;
    const key = state.key;
    const index = Math.max(0, state.items.findIndex((item) => item.key === key));
    try {
        const answer = await change("decide", { key, seen: state.found.seen, word, comment: state.comment,
            ...more });
        if (answer.decision_id) state.undos.push({ id: answer.decision_id, key, word });
        tell(answer, word);
        await forget(state.found);
        if (word === "unsure") {
            state.passed.add(key);
            change("release", { key }).catch(() => {});
        }
        state.items = state.items.filter((item) => item.key !== key);
        state.total = Math.max(0, state.total - 1);
        if (state.found.blind) {
            state.decided = true;
            draw();
            await wait(BLIND_MS);
        }
        refreshStats().catch(() => {});
        await next(index);
    } catch (problem) {
        if (problem.status === 409) await conflict(problem);
        else failed(problem);
    } finally {
        state.busy = false;
    }
}

function split() {
    if (state.marked.size === 0) { toast(t("split.none")); return; }
    if (state.marked.size === state.found.records.length) { toast(t("split.all"), "problem"); return; }
    send("split", { split: [...state.marked].join(",") });
}

function mark(id = state.found.records[state.column].record_id) {
    if (state.marked.has(id)) state.marked.delete(id); else state.marked.add(id);
    draw();
    look(state.marked.size > 0 ? "split" : verdictsOf(state.kind)[0][1]);
    say(state.marked.has(id) ? `${t("record.marked")}. ${t("split.how")}` : "");
}

// The field that a value would be taken for: the one that is asked about, else the one at the cursor.
function fieldAtHand() {
    const asked = (state.found.item || state.found).attribute;
    if (state.kind === "value")
        return state.found.fields.find((field) => field.name === asked) || state.rows[state.row];
    return state.rows[state.row];
}

function takeFrom(column) {
    const field = fieldAtHand();
    const cell = field && column < state.found.records.length ? field.cells[column] : null;
    if (!cell || !cell.value) { toast(t("edit.empty")); return; }
    // Masked values are not sent back as values: the server takes the record's own.
    send("take", { attribute: field.name, record: state.found.records[column].record_id });
}

// Whose value a preview shows: the chosen column's, else the first that has one.
function valueAtHand() {
    const field = fieldAtHand();
    if (!field) return null;
    const column = [state.column, ...state.columns].find((index) => field.cells[index].value);
    return column === undefined ? null
        : { attribute: field.name, record: state.found.records[column].record_id };
}

async function edit() {
    const field = fieldAtHand();
    if (!state.mayChange || !field) return;
    if (field.personal && !state.revealed) await act.reveal();
    const again = state.found.fields.find((one) => one.name === field.name);
    const answer = await askValue(labelled("field", field.name, field.label), again.golden_a || again.cells[state.column].value);
    if (!answer) return;
    state.comment = answer.comment;
    await send("take", { attribute: field.name, value: answer.value, until: answer.until });
}

// One word on all that are picked, with what was seen of each.
async function decideBulk() {
    const items = state.items.filter((item) => state.picked.has(item.key)).slice(0, BULK_MOST);
    if (!state.mayChange || items.length === 0) { toast(t("bulk.none")); return; }
    const kind = items[0].kind;
    if (items.some((item) => item.kind !== kind)) { toast(t("bulk.mixed"), "problem"); return; }
    try {
        const cases = await lookAt(items);
        if (cases.length < items.length) toast(t("bulk.gone", { count: items.length - cases.length }), "problem");
        const word = cases.length > 0 ? await askBulk(cases, kind) : undefined;
        const answer = word && await sayBulk(cases, word);
        if (!answer) return;
        state.undos.push({ bulk: answer.bulk, key: "", word });
        toast(t("bulk.done", { count: answer.decided, word: named("word", word) }));
        state.picked = new Set();
        ahead = new Map();
        await refresh();
        await next(0);
    } catch (problem) {
        ahead = new Map();
        failed(problem);
    }
}

function pick(key) {
    if (!state.mayChange || !key) return;
    if (state.picked.has(key)) state.picked.delete(key); else state.picked.add(key);
    draw();
    say(t("bulk.open", { count: state.picked.size }));
}

// All cases that look like this one become the steward's, and are picked.
async function pickAlike() {
    if (!state.mayChange || !state.found) return;
    try {
        const { items } = await change("alike", { key: state.key });
        const known = new Set(state.items.map((item) => item.key));
        state.items = [...state.items, ...items.filter((item) => !known.has(item.key))];
        state.picked = new Set(items.map((item) => item.key));
        draw();
        toast(t(items.length > 1 ? "bulk.alike" : "bulk.alone", { count: items.length }));
    } catch (problem) { failed(problem); }
}

async function flag() {
    const item = state.items.find((one) => one.key === state.key) || state.found.item;
    if (!state.mayChange || !item) return;
    try {
        await change("flag", { key: item.key, on: item.flagged ? "" : "1" });
        item.flagged = !item.flagged;
        toast(t(item.flagged ? "flagged" : "flagged.not"));
        draw();
    } catch (problem) { failed(problem); }
}

async function dismiss(one) {
    try {
        await change("dismiss", { failure: one.waiting_id });
        await refreshStats();
        draw();
    } catch (problem) { failed(problem); }
}

const undo = () => working(takeBack);

async function takeBack() {
    try {
        let last = state.undos.pop();
        if (!last) {
            const [own] = await get("decisions", { mine: 1, in_force: 1 });
            if (own) last = { id: own.decision_id, key: "", word: own.word };
        }
        if (!last) { toast(t("undo.none")); return; }
        if (last.bulk) await change("undo_bulk", { bulk: last.bulk });
        else await change("undo", { decision: last.id });
        toast(t("done.undone", { word: named("word", last.word) }));
        ahead = new Map();
        await refresh();
        const back = state.items.find((item) => item.key === last.key) || state.items[0];
        if (last.key) await open(last.key); else if (back) await open(back.key);
    } catch (problem) {
        if (problem.status === 404) await next(0); else failed(problem);
    }
}

// ---- the preview ----

async function look(word) {
    if (!state.found || ["unsure", "skip", "undo"].includes(word)) return;
    const key = state.key;
    const taken = word === "take" ? valueAtHand() : {};
    if (!taken) return;
    const chosen = word === "take" ? taken.record : [...state.marked].join(",");
    const name = `${word}/${chosen}`;
    state.word = name;
    if (!previews.has(name)) {
        const fields = { key, seen: state.found.seen, word, split: word === "split" ? chosen : "", ...taken };
        previews.set(name, state.revealed ? change("preview_whole", fields) : get("preview", fields));
    }
    try {
        const preview = await previews.get(name);
        if (state.key !== key || state.word !== name) return;
        Object.assign(state, { preview, previewNote: "" });
    } catch (problem) {
        if (state.key !== key || state.word !== name) return;
        Object.assign(state, { preview: null,
            previewNote: problem.status === 503 ? t("result.wait") : t("result.off") });
    }
    drawPreview();
}

// Which value would be taken follows the column.
function lookAtValue() {
    if (state.kind === "value") look("take");
}

// ---- what can be done ----

function move(by) {
    state.row = Math.max(0, Math.min(state.rows.length - 1, state.row + by));
    draw();
    const field = state.rows[state.row];
    if (field) say(`${labelled("field", field.name, field.label)}: ${state.columns
        .map((index) => `${index + 1} ${field.cells[index].value || t("field.none")}`).join("; ")}`);
}

function aside(by) {
    const at = state.columns.indexOf(state.column) + by;
    state.column = state.columns[Math.max(0, Math.min(state.columns.length - 1, at))];
    draw();
    lookAtValue();
    const record = state.found.records[state.column];
    say(`${record.source} ${record.key}`);
}

const act = {
    open,
    choose: async (name, value) => {
        state.filter = { ...state.filter, [name]: value };
        await act.reload();
    },
    clear: () => { state.filter = {}; return act.reload(); },
    reload: () => working(async () => {
        try {
            if (state.mayChange && !state.filter.mine) await change("release");
            await refresh();
            await next(0);
        } catch (problem) { failed(problem); }
    }),
    decide: (word) => send(word),
    look, split, mark, edit, undo, pick, dismiss,
    bulk: () => working(decideBulk), alike: () => working(pickAlike),
    take: () => takeFrom(state.column),
    point: (row, column) => { Object.assign(state, { row, column }); draw(); lookAtValue(); },
    differing: () => { state.differing = !state.differing; draw(); },
    unfold: () => { state.unfolded = !state.unfolded; draw(); },
    skip: () => {
        const index = state.items.findIndex((item) => item.key === state.key);
        const following = state.items[(index + 1) % Math.max(1, state.items.length)];
        if (following) open(following.key);
    },
    unsure: async () => {
        if (!state.mayChange || !state.found) return;
        const comment = await askComment(t("unsure.title"), true, state.comment);
        if (comment) await send("unsure", { comment });
    },
    comment: async () => {
        const comment = await askComment(t("comment.title"), false, state.comment);
        if (comment === undefined) return;
        state.comment = comment;
        toast(t("comment.kept"));
    },
    reveal: async () => {
        if (state.revealed) return;
        try {
            await reveal();
            draw();
            say(t("values.shown"));
            look(state.word.split("/")[0] || verdictsOf(state.kind)[0][1]);
        } catch (problem) { failed(problem); }
    },
    goTo: async () => {
        const id = await askId();
        if (id) location.hash = `#/customer/${encodeURIComponent(id)}`;
    },
};

const keys = {
    u: act.unsure, s: () => mark(), S: split, Space: act.skip, e: edit, v: () => {
        state.raw = !state.raw;
        draw();
    }, d: act.differing, c: act.comment, z: undo, j: () => move(1), k: () => move(-1),
    h: () => aside(-1), l: () => aside(1), p: act.reveal, x: () => send("never_ask"), g: act.goTo,
    f: flag, b: () => pick(state.key), B: act.bulk, a: act.alike,
};

// Whether the key meant something here.
export function hear(pressed) {
    if (pressed === "z" || pressed === "g") { keys[pressed](); return true; }
    if (!state.found) return false;
    if (/^[1-9]$/.test(pressed)) { takeFrom(Number(pressed) - 1); return true; }
    const name = pressed === "Enter" ? "m" : pressed;
    const word = wordOf(state.kind, name);
    if (word) { send(word); return true; }
    if (typeof keys[name] !== "function") return false;
    keys[name]();
    return true;
}

export function languageChanged() {
    if (place && place.isConnected) draw();
}

export const setAlways = (always) => { state.always = always; };

export async function enter(main, session, wanted, hooks) {
    told = hooks.told;
    failed = hooks.failed;
    state.steward = session.steward;
    state.mayChange = session.role === "steward";
    place = h("div", { class: "review" });
    show(main, place);
    await working(refresh);
    const first = wanted || (state.items[0] && state.items[0].key);
    if (first) await open(first); else await next(0);
}

// Leases go back when the page is left.
export function leave() {
    if (state.mayChange && state.items.length > 0) change("release", {}, true).catch(() => {});
}

// Begins: who is signed in, which view the address means, the bar at the top.

import { h, svg, show, byId, key, toast, say } from "./dom.js";
import { openSession, change } from "./api.js";
import { t, speak, count } from "./words.js";
import { themes, theme, setTheme, language, setLanguage } from "./settings.js";
import { listen, help } from "./keys.js";
import { inWords } from "./messages.js";
import * as publishing from "./publishing.js";
import * as review from "./review.js";
import * as customers from "./customers.js";
import { decisions } from "./decisions.js";

let session = null;
let figures = null;
let view = "";

const icons = {
    search: "M11 11l4 4M7 12.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11z",
    auto: "M9 2a7 7 0 1 0 0 14V2zM9 2a7 7 0 0 1 0 14",
    light: "M9 5.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM9 1v2M9 15v2M1 9h2M15 9h2M3.3 3.3l1.4 1.4M13.3 13.3l1.4 1.4M3.3 14.7l1.4-1.4M13.3 4.7l1.4-1.4",
    dark: "M15 11.2A6.5 6.5 0 0 1 6.8 3a6.5 6.5 0 1 0 8.2 8.2z",
    out: "M7 3H3v12h4M11 5.5 14.5 9 11 12.5M6.5 9h8",
};

const icon = (name) => svg("svg", { viewBox: "0 0 18 18", fill: "none", stroke: "currentColor",
    "stroke-width": "1.6", "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true" },
svg("path", { d: icons[name] }));

const logo = () => svg("svg", { viewBox: "0 0 32 32", "aria-hidden": "true" },
    svg("rect", { width: 32, height: 32, rx: 8, fill: "#1f6f78" }),
    svg("circle", { cx: 12.5, cy: 16, r: 6.5, fill: "none", stroke: "#fff", "stroke-width": 2.6 }),
    svg("circle", { cx: 19.5, cy: 16, r: 6.5, fill: "none", stroke: "#9fdcd6", "stroke-width": 2.6 }));

// ---- problems ----

function signedOut() {
    view = "out";
    show(byId("top"));
    show(byId("main"), h("div", { class: "notice" }, h("h1", { tabindex: "-1" }, t("signed-out")),
        h("p", { class: "soft" }, t("signed-out.how"))));
}

function failed(problem) {
    if (problem.status === 401) { signedOut(); return; }
    const known = { 0: "away", 403: "refused", 409: "conflict", 503: "busy" };
    if (problem.status === undefined) console.error(problem);
    toast(t(`problem.${known[problem.status] || "failed"}`, { message: inWords(problem.message) }), "problem");
}

// ---- the bar at the top ----

function progress() {
    if (!figures) return null;
    const all = figures.cleared_today + figures.left;
    const words = { cleared: count(figures.cleared_today), all: count(all),
        rate: count(Math.round(figures.per_hour)), days: count(figures.oldest_days) };
    const share = all > 0 ? (100 * figures.cleared_today) / all : 100;
    return h("div", { class: "progress", title: t("progress.title", words) },
        h("span", { class: "track", "aria-hidden": "true" }, h("div", { class: "done", style: { width: `${share}%` } })),
        h("span", {}, h("b", {}, t("progress", words))), h("span", {}, t("progress.rate", words)),
        figures.left > 0 ? h("span", {}, t("progress.oldest", words)) : null, publishing.chip());
}

function told(stats) {
    figures = stats;
    publishing.follow(stats, told, failed);
    if (!document.activeElement || !byId("top").contains(document.activeElement)) drawTop();
}

function tab(name, address) {
    return h("a", { href: address, "aria-current": view === name ? "page" : null }, t(`tab.${name}`));
}

function nextTheme() {
    setTheme(themes[(themes.indexOf(theme()) + 1) % themes.length]);
    drawTop();
    byId("theme").focus();
    say(t(`theme.${theme()}`));
}

function nextLanguage() {
    setLanguage(language() === "zh" ? "en" : "zh");
    speak(language());
    drawTop();
    byId("language").focus();
    if (view === "review") review.languageChanged(); else route();
}

async function signOut() {
    review.leave();
    await change("sign-out").catch(() => {});
    signedOut();
}

function drawTop() {
    const typed = byId("search") ? byId("search").value : "";
    byId("skip").textContent = t("skip");
    document.title = `cust360 – ${t(`tab.${view}`)}`;
    show(byId("top"),
        h("a", { class: "brand", href: "#/review" }, logo(), "cust360"),
        h("nav", { class: "tabs", "aria-label": "cust360" }, tab("review", "#/review"),
            tab("customers", "#/customers"), tab("decisions", "#/decisions")),
        h("form", { class: "find", role: "search", onsubmit: (event) => {
            event.preventDefault();
            location.hash = `#/customers/${encodeURIComponent(byId("search").value.trim())}`;
        } }, icon("search"), h("input", { id: "search", type: "search", value: typed, autocomplete: "off",
            "aria-label": t("search"), placeholder: t("search.hint"), maxlength: 100,
            "aria-keyshortcuts": "/" }), key("/")),
        h("span", { class: "space" }), progress(),
        h("button", { class: "tool", id: "language", type: "button", title: t("language.switch"),
            "aria-label": t("language.switch"), onclick: nextLanguage }, t("language.other")),
        h("button", { class: "tool", id: "theme", type: "button", title: t(`theme.${theme()}`),
            "aria-label": t(`theme.${theme()}`), onclick: nextTheme }, icon(theme())),
        h("button", { class: "tool", id: "help", type: "button", title: t("help"), "aria-label": t("help"),
            onclick: help }, "?"),
        h("span", { class: "who" }, h("span", { class: "badge", "aria-hidden": "true" },
            Array.from(session.steward)[0]), h("span", {}, session.steward, " ",
            h("span", { class: "role" }, t(`role.${session.role}`)))),
        h("button", { class: "tool", id: "sign-out", type: "button", title: t("sign-out"),
            "aria-label": t("sign-out"), onclick: signOut }, icon("out")));
}

// ---- which view ----

async function route() {
    const [, name, ...rest] = location.hash.split("/");
    const wanted = decodeURIComponent(rest.join("/"));
    const main = byId("main");
    view = { customer: "customers", customers: "customers", decisions: "decisions" }[name] || "review";
    drawTop();
    try {
        if (name === "customer") await customers.customer(main, wanted, failed);
        else if (name === "customers") await customers.search(main, wanted, failed);
        else if (name === "decisions") await decisions(main, session, { failed, told });
        else await review.enter(main, session, wanted, { failed, told });
    } catch (problem) { failed(problem); }
}

function hear(pressed) {
    if (pressed === "/") { byId("search").focus(); return true; }
    if (pressed === "?") { help(); return true; }
    if (pressed === "g" && view !== "review") return false;
    return view === "review" && review.hear(pressed);
}

async function begin() {
    setTheme(theme());
    try {
        session = await openSession();
    } catch { signedOut(); return; }
    listen(hear);
    window.addEventListener("hashchange", route);
    window.addEventListener("pagehide", review.leave);
    await route();
}

begin();

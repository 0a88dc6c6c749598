// The published view follows what was decided. It is made beside the server; as long as that goes
// on its end is asked for, and told, whichever page is open.

import { h, byId, toast } from "./dom.js";
import { get, change } from "./api.js";
import { t, count } from "./words.js";
import { inWords } from "./messages.js";

const EVERY_MS = 1500;

let known = null; // the last figures
let timer = 0;

const isLate = (stats) => stats.publishing.state === "failed" && stats.unpublished > 0;

function words(stats) {
    const { state, reason } = stats.publishing;
    if (state === "runs") return t("publish.runs");
    if (isLate(stats)) return t("publish.failed", { reason: inWords(reason) });
    return stats.unpublished > 0 ? t("publish.left", { count: count(stats.unpublished) }) : t("publish.none");
}

// For the bar at the top; null when there is nothing to say.
export function chip() {
    if (!known) return null;
    const late = isLate(known);
    if (!late && known.publishing.state !== "runs") return null;
    return h("a", { class: late ? "chip red" : "chip", id: "publishing-chip", href: "#/decisions",
        title: words(known) }, t(late ? "publish.late" : "publish.runs"));
}

// For the page of figures; it is drawn anew when something comes of it.
export function line(mayChange, told, failed) {
    return h("p", { id: "publishing", "data-steward": mayChange ? "1" : null, role: "status" },
        ...content(mayChange, told, failed));
}

function content(mayChange, told, failed) {
    const offered = mayChange && known.unpublished > 0 && known.publishing.state !== "runs";
    return [h("span", { class: isLate(known) ? "banner red" : "soft" }, words(known)), " ",
        offered ? h("button", { class: "reveal", type: "button", id: "publish",
            onclick: () => publish(told, failed) }, t("publish.now")) : null];
}

async function publish(told, failed) {
    try {
        await change("publish");
        told(await get("stats"));
    } catch (problem) { failed(problem); }
}

function tellEnd(former, stats) {
    if (!former || former.publishing.state !== "runs") return;
    if (stats.publishing.state === "done") toast(t("publish.done"));
    if (stats.publishing.state === "failed") toast(words(stats), "problem");
}

// `told` is called with newer figures as long as something is under way.
export function follow(stats, told, failed) {
    const former = known;
    known = stats;
    tellEnd(former, stats);
    const place = byId("publishing");
    if (place) {
        const made = content(place.dataset.steward === "1", told, failed);
        place.replaceChildren(...made.filter(Boolean));
    }
    clearTimeout(timer);
    const again = () => get("stats").then(told).catch(() => { timer = setTimeout(again, EVERY_MS); });
    if (stats.publishing.state === "runs") timer = setTimeout(again, EVERY_MS);
}

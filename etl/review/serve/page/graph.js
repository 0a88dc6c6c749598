// How the records of a cluster hang together: records on a circle, links as lines as strong as
// their evidence, the weak bridge marked and measured.

import { svg } from "./dom.js";
import { t } from "./words.js";

const WIDTH = 280;
const HEIGHT = 210;
const MOST = 24;

function places(count) {
    const radius = { x: WIDTH / 2 - 40, y: HEIGHT / 2 - 30 };
    return Array.from({ length: count }, (_, i) => {
        const angle = (i / count) * 2 * Math.PI - Math.PI / 2;
        return { x: WIDTH / 2 + radius.x * Math.cos(angle), y: HEIGHT / 2 + radius.y * Math.sin(angle) };
    });
}

function edge(link, from, to) {
    const width = Math.max(1, Math.min(5, link.bits / 5));
    const line = svg("line", { class: link.weak || link.possible ? "edge weak" : "edge",
        x1: from.x, y1: from.y, x2: to.x, y2: to.y, "stroke-width": width.toFixed(1) });
    if (!link.weak) return [line];
    return [line, svg("text", { class: "weight weak", x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 - 5 },
        link.bits.toFixed(1))];
}

export function graph(found, marked) {
    const records = found.records.slice(0, MOST);
    const at = places(records.length);
    const links = found.links.filter((link) => link.a < records.length && link.b < records.length);
    const weak = links.filter((link) => link.weak)
        .map((link) => t("evidence.weak", { bits: link.bits.toFixed(1) })).join("; ");
    return svg("svg", { class: "graph", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img",
        "aria-label": `${t("evidence.graph")}: ${records.length}. ${weak}` },
    links.map((link) => edge(link, at[link.a], at[link.b])),
    records.map((record, i) => svg("g", {},
        svg("circle", { class: marked.has(record.record_id) ? "node marked" : "node",
            cx: at[i].x, cy: at[i].y, r: 13 }),
        svg("text", { x: at[i].x, y: at[i].y + 4 }, i + 1),
        svg("text", { class: "weight", x: at[i].x, y: at[i].y + 26 }, record.source))));
}

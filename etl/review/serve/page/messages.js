// What the server says when a verdict comes too late, and what the tables of a customer say, in the
// page's language.

import { t, named, isChinese } from "./words.js";
import { findings } from "./findings_zh.js";
import { codes, tables, reasons } from "./data_zh.js";

const LIST = [
    [/^(.*) has decided this case at (.*): (\w+)$/, "told.decided"],
    [/^(.*) has this case in hand$/, "told.leased"],
    [/^(.*) has taken this decision back at (.*)$/, "told.undone"],
    [/^this needs another steward than (.*)$/, "told.second"],
    [/^the records have changed since the case was shown$/, "told.changed"],
    [/^this case is not open any more$/, "told.gone"],
    [/^other decisions hold them apart$/, "told.apart"],
    [/^other decisions hold them together$/, "told.together"],
    [/^no preview of this case$/, "told.unseen"],
    [/^many records hang together here: the next run applies it$/, "told.many"],
];

// What is wrong with a value; in Chinese by its code.
export const finding = (cell) => (isChinese() && findings[cell.code]) || cell.finding;

// The first line says what, a second one what to do.
export function inWords(message) {
    const [line] = message.split("\n");
    for (const [pattern, key] of LIST) {
        const found = isChinese() && line.match(pattern);
        if (found) return t(key, { who: found[1] || "", when: found[2] || "", word: named("word", found[3] || "") });
    }
    return message;
}

function reasonInWords(reason) {
    const known = { ...codes.interest, ...codes.complaint_category };
    for (const [pattern, text] of reasons) {
        const found = reason.match(pattern);
        if (found) return text.replace(/\$(\d)/g, (all, at) => known[found[at]] || found[at] || "").trim();
    }
    return reason;
}

// A value of a customer's tables: a code, a text that begins with one, or why a lead is there.
export function valueInWords(table, column, value) {
    if (!isChinese() || typeof value !== "string") return value;
    if (table === "leads" && column === "reason") return reasonInWords(value);
    const known = codes[(tables[table] || {})[column]] || {};
    return known[value] || value.replace(/^\w+(?= )/, (first) => known[first] || first);
}

export const rowInWords = (table, row) => Object.fromEntries(Object.entries(row)
    .map(([column, value]) => [column, valueInWords(table, column, value)]));

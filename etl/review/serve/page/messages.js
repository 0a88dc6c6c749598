// What the server says when a verdict comes too late, in the page's language.

import { t, named, isChinese } from "./words.js";
import { findings } from "./findings_zh.js";

const LIST = [
    [/^(.*) has decided this case at (.*): (\w+)$/, "told.decided"],
    [/^(.*) has this case in hand$/, "told.leased"],
    [/^(.*) has taken this decision back at (.*)$/, "told.undone"],
    [/^this needs another steward than (.*)$/, "told.second"],
    [/^the records have changed since the case was shown$/, "told.changed"],
    [/^this case is not open any more$/, "told.gone"],
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

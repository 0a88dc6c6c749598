// Every text of the page, in the language that the steward has chosen.

import { english } from "./words_en.js";
import { chinese } from "./words_zh.js";
import { language } from "./settings.js";

const dictionaries = { en: english, zh: chinese };
let words = english;

export function speak(name) {
    words = dictionaries[name] || english;
    document.documentElement.lang = name === "zh" ? "zh-CN" : "en";
}

speak(language());

export const isChinese = () => words === chinese;

// The text of a key, with {name} replaced. A key without a text is shown as it is, so that what the
// server adds is still to be read.
export function t(key, values) {
    const text = words[key] ?? key;
    return values ? text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all) : text;
}

export const has = (key) => key in words;

// The text of prefix.value, else the value itself in readable form.
export function named(prefix, value) {
    const key = `${prefix}.${value}`;
    return has(key) ? words[key] : String(value).replace(/_/g, " ");
}

const number = { en: new Intl.NumberFormat("en"), zh: new Intl.NumberFormat("zh-CN") };
export const count = (value) => number[isChinese() ? "zh" : "en"].format(value);

// What the model or the rules call something, in the page's language where it has a word for it.
export const labelled = (prefix, name, label) =>
    (isChinese() && `${prefix}.${name}` in words ? words[`${prefix}.${name}`] : label || named(prefix, name));

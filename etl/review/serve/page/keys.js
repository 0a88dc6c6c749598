// One key, one thing: the same as in the terminal. Keys are heard whenever nothing is being typed
// in and no dialog is open.

import { h, key, dialog } from "./dom.js";
import { t } from "./words.js";

const LIST = [
    [["m", "⏎"], "key.m"], [["n"], "key.n"], [["u"], "key.u"], [["s"], "key.s"], [["⇧", "S"], "key.S"],
    [["Space"], "key.space"], [["1", "–", "9"], "key.digit"], [["e"], "key.e"], [["v"], "key.v"],
    [["d"], "key.d"], [["c"], "key.c"], [["z"], "key.z"], [["j", "k"], "key.jk"], [["h", "l"], "key.hl"],
    [["p"], "key.p"], [["x"], "key.x"], [["f"], "key.f"],
    [["b"], "key.b"], [["a"], "key.a"], [["⇧", "B"], "key.B"], [["g"], "key.g"], [["/"], "key.slash"], [["?"], "key.help"],
];

const typing = (element) => element instanceof HTMLElement &&
    (element.isContentEditable || /^(TEXTAREA|SELECT)$/.test(element.tagName) ||
     (element.tagName === "INPUT" && !/^(checkbox|radio|button|submit)$/.test(element.type)));

const names = { ArrowDown: "j", ArrowUp: "k", ArrowLeft: "h", ArrowRight: "l", " ": "Space" };

// `hear` is called with the key's name and says whether it did something with it. Enter and Space
// stay those of a button or link that has the focus.
export function listen(hear) {
    document.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
        if (typing(event.target) || document.querySelector("dialog[open]")) return;
        const control = event.target.closest && event.target.closest("button, a, summary, input");
        if (control && (event.key === "Enter" || event.key === " ")) return;
        if (hear(names[event.key] || event.key)) event.preventDefault();
    });
}

export function help() {
    return dialog(t("keys.title"), (finish) => h("div", {},
        h("div", { class: "shortcuts" }, LIST.map(([keys, text]) => h("div", {},
            h("span", { class: "keys" }, keys.map((name) => (name === "–" ? "–" : key(name)))),
            h("span", {}, h("span", { class: "sr" }, `${keys.join(" ")}: `), t(text))))),
        h("p", { class: "soft block" }, t("keys.more")),
        h("div", { class: "buttons" }, h("button", { class: "act main", type: "button", autofocus: true,
            onclick: () => finish() }, t("close")))));
}

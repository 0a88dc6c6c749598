// What is asked for with more than a key.

import { h, dialog } from "./dom.js";
import { t } from "./words.js";

function buttons(finish, text) {
    return h("div", { class: "buttons" },
        h("button", { class: "act quiet", type: "button", onclick: () => finish() }, t("cancel")),
        h("button", { class: "act main", type: "submit" }, text || t("ok")));
}

function ask(title, fields, read, text) {
    return dialog(title, (finish) => h("form", { method: "dialog", onsubmit: (event) => {
        event.preventDefault();
        finish(read(new FormData(event.target)));
    } }, fields, buttons(finish, text)));
}

// Answers with the text, undefined when it was left.
export const askComment = (title, required, before = "") => ask(title, [
    h("label", {}, t("comment"),
        h("textarea", { name: "comment", rows: 3, maxlength: 500, autofocus: true, required }, before)),
], (data) => data.get("comment").trim());

// Answers with {value, comment, until}.
export const askValue = (field, value) => ask(t("edit.title", { field }), [
    h("label", {}, t("edit.value"), h("input", { name: "value", value, autofocus: true, maxlength: 300 })),
    h("label", {}, t("edit.why"), h("input", { name: "comment", required: true, maxlength: 300 })),
    h("label", {}, t("edit.until"), h("input", { name: "until", type: "date" })),
], (data) => ({ value: data.get("value"), comment: data.get("comment"), until: data.get("until") }), t("save"));

export const askId = () => ask(t("goto.title"), [
    h("label", {}, t("goto.id"), h("input", { name: "id", autofocus: true, required: true, maxlength: 40 })),
], (data) => data.get("id").trim());

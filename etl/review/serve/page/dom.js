// Elements from plain calls. Text is always set as text: nothing that comes from a customer's
// record is ever read as HTML (the page's policy would not allow it either).

const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
    for (const [name, value] of Object.entries(attributes || {})) {
        if (value === null || value === undefined || value === false) continue;
        if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
        else if (name === "style") Object.assign(element.style, value);
        else element.setAttribute(name, value === true ? "" : value);
    }
    append(element, children);
    return element;
}

function append(element, children) {
    for (const child of children.flat(Infinity)) {
        if (child === null || child === undefined || child === false) continue;
        element.append(child instanceof Node ? child : String(child));
    }
}

export const h = (tag, attributes, ...children) =>
    fill(document.createElement(tag), attributes, children);

export const svg = (tag, attributes, ...children) =>
    fill(document.createElementNS(SVG, tag), attributes, children);

export function show(place, ...children) {
    place.replaceChildren();
    append(place, children);
}

export const byId = (id) => document.getElementById(id);

// Told by screen readers, and nowhere to be seen. The same words twice are told twice.
export function say(text) {
    const live = byId("live");
    live.textContent = "";
    setTimeout(() => { live.textContent = text; }, 30);
}

export function toast(text, kind = "plain") {
    const note = h("p", { class: `toast ${kind}`, role: kind === "problem" ? "alert" : null }, text);
    byId("toasts").append(note);
    setTimeout(() => note.remove(), kind === "problem" ? 9000 : 3200);
    if (kind !== "problem") say(text);
}

// A dialog that gives the focus back to where it was. Answers with what `finish` was called with,
// undefined when it was left.
export function dialog(title, build) {
    return new Promise((resolve) => {
        const before = document.activeElement;
        let answer;
        const box = h("dialog", { class: "dialog", "aria-labelledby": "dialog-title" });
        const finish = (value) => { answer = value; box.close(); };
        box.append(h("h2", { id: "dialog-title" }, title), build(finish));
        box.addEventListener("close", () => {
            box.remove();
            if (before && before.isConnected) before.focus();
            resolve(answer);
        });
        document.body.append(box);
        box.showModal();
    });
}

export const key = (name) => h("kbd", { "aria-hidden": "true" }, name);

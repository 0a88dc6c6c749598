// What a steward has chosen for this browser: colours and language.

const read = (name) => {
    try { return localStorage.getItem(name); } catch { return null; }
};
const keep = (name, value) => {
    try { localStorage.setItem(name, value); } catch { /* private windows keep nothing */ }
};

export const themes = ["auto", "light", "dark"];

export function theme() {
    const chosen = read("theme");
    return themes.includes(chosen) ? chosen : "auto";
}

export function setTheme(name) {
    keep("theme", name);
    document.documentElement.dataset.theme = name;
}

export function language() {
    const chosen = read("language");
    if (chosen === "en" || chosen === "zh") return chosen;
    return (navigator.language || "en").toLowerCase().startsWith("zh") ? "zh" : "en";
}

export const setLanguage = (name) => keep("language", name);

// A value in runs of characters that differ from the surviving one and that do not. The server says
// which do: it knows masked values whole.

// `marks`: "1" for each character (code point) that differs; shorter: the rest does not.
export function runs(value, marks) {
    const found = [];
    Array.from(value).forEach((character, i) => {
        const differs = marks[i] === "1";
        const last = found[found.length - 1];
        if (last && last.differs === differs) last.text += character;
        else found.push({ text: character, differs });
    });
    return found;
}

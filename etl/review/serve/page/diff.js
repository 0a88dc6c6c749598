// Which characters of a value differ from another's: the longest common subsequence of code
// points. Values are short; longer ones are compared by their ends.

const MOST = 160;

function common(a, b) {
    const width = b.length + 1;
    const lengths = new Uint16Array((a.length + 1) * width);
    for (let i = a.length - 1; i >= 0; i--)
        for (let j = b.length - 1; j >= 0; j--)
            lengths[i * width + j] = a[i] === b[j]
                ? lengths[(i + 1) * width + j + 1] + 1
                : Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
    const same = new Array(a.length).fill(false);
    for (let i = 0, j = 0; i < a.length && j < b.length;) {
        if (a[i] === b[j]) { same[i] = true; i++; j++; }
        else if (lengths[(i + 1) * width + j] >= lengths[i * width + j + 1]) i++;
        else j++;
    }
    return same;
}

function commonEnds(a, b) {
    const same = new Array(a.length).fill(false);
    let start = 0;
    while (start < a.length && start < b.length && a[start] === b[start]) same[start++] = true;
    for (let i = a.length - 1, j = b.length - 1; i >= start && j >= start && a[i] === b[j]; i--, j--)
        same[i] = true;
    return same;
}

// The value in runs: [{text, differs}].
export function runs(value, other) {
    const a = Array.from(value);
    const b = Array.from(other);
    const same = a.length > MOST || b.length > MOST ? commonEnds(a, b) : common(a, b);
    const found = [];
    a.forEach((character, i) => {
        const last = found[found.length - 1];
        if (last && last.differs === !same[i]) last.text += character;
        else found.push({ text: character, differs: !same[i] });
    });
    return found;
}

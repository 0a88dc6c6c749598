// What the server is asked. Every change carries the proof that only this page knows, and a mark
// of its own, so that the same change sent twice is done once.

export class Problem extends Error {
    constructor(status, code, message, data = null) {
        super(message);
        this.data = data; // all that the answer says
        this.status = status;
        this.code = code;
    }
}

const PATIENCE_MS = 30000; // the server gives itself ten seconds; one that hangs is told as one that is away

let proof = "";

async function answer(response) {
    let data = null;
    try {
        data = await response.json();
    } catch {
        throw new Problem(response.status, "failed", response.statusText);
    }
    if (response.ok) return data;
    const error = data.error || {};
    throw new Problem(response.status, error.code || "failed", error.message || response.statusText, data);
}

async function ask(path, options) {
    let response;
    try {
        response = await fetch(path, { ...options, signal: AbortSignal.timeout(PATIENCE_MS) });
    } catch {
        throw new Problem(0, "away", "");
    }
    return answer(response);
}

function form(fields) {
    const text = new URLSearchParams();
    for (const [name, value] of Object.entries(fields || {}))
        if (value !== null && value !== undefined && value !== "") text.append(name, value);
    return text;
}

export function get(path, fields) {
    const query = form(fields).toString();
    return ask(`/api/${path}${query ? `?${query}` : ""}`, { headers: { Accept: "application/json" } });
}

// `last`: the page is being left, and the browser sends it all the same.
export function change(path, fields, last = false) {
    const body = form(fields);
    body.append("mark", crypto.randomUUID ? crypto.randomUUID() : newMark());
    return ask(`/api/${path}`, {
        method: "POST",
        keepalive: last,
        headers: { "X-Proof": proof, "Content-Type": "application/x-www-form-urlencoded" },
        body: body.toString(),
    });
}

// Without TLS, a name other than localhost has no randomUUID.
function newMark() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export async function openSession() {
    const session = await get("session");
    proof = session.proof;
    return session;
}

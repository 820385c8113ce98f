// What outlives the page, kept by the attempt's code: one answer a place that waits for the server,
// what the server has of a place, and which places were shown without a line.

import { here } from "./here.js";

const DAY = 24 * 60 * 60 * 1000;
const MOST_SHOWN = 200;
export const WAITS = "lms-waits:";
export const KNOWN = "lms-known:"; // with the save that brought it
const SHOWN = "lms-shown:";

let store;
try {
    store = window.localStorage;
    store.getItem(WAITS);
} catch {
    const kept = new Map(); // storage is forbidden: the queue lasts as long as the page
    store = {
        getItem: (key) => kept.get(key) ?? null,
        setItem: (key, text) => kept.set(key, text),
        removeItem: (key) => kept.delete(key),
        key: (at) => [...kept.keys()][at],
        get length() { return kept.size; },
    };
}

function parse(text) {
    try {
        return JSON.parse(text);
    } catch {
        return null; // nothing of ours
    }
}

const keys = () => Array.from({ length: store.length }, (_, at) => store.key(at));

export const read = (kind, place) => parse(store.getItem(`${kind}${here.code}:${place}`));
export const write = (kind, place, row) => {
    store.setItem(`${kind}${here.code}:${place}`, JSON.stringify(row));
};

function list(kind) {
    const start = `${kind}${here.code}:`;
    const rows = keys().filter((key) => key.startsWith(start)).map((key) => parse(store.getItem(key)));
    return rows.filter(Boolean).sort((one, other) => one.at - other.at);
}

export const waiting = () => list(WAITS);
export const unreported = () => list(SHOWN);

export function drop(entry) {
    const current = read(WAITS, entry.slot);
    if (current?.save_id === entry.save_id) store.removeItem(`${WAITS}${here.code}:${entry.slot}`);
}

export function noteShown(row) {
    if (unreported().length < MOST_SHOWN) write(SHOWN, row.id, row);
}

export function dropShown(row) {
    store.removeItem(`${SHOWN}${here.code}:${row.id}`);
}

export function forgetOthers() {
    for (const key of keys().filter((one) => [WAITS, KNOWN, SHOWN].some((kind) => one.startsWith(kind)))) {
        if (Date.now() - (parse(store.getItem(key))?.at ?? 0) > DAY) store.removeItem(key);
    }
}

// Answers wait here until the server has them: one entry a place, in the order in which people
// answered, again and again until it is through.

import { here, newId, state } from "./here.js";
import { ask } from "./choice.js";
import { readAnswer } from "./answer.js";
import { mark, show } from "./status.js";
import { send, tell } from "./post.js";
import { KNOWN, WAITS, drop, dropShown, read, unreported, waiting, write } from "./store.js";

const SLOWEST = 30000; // between two tries while the line is down, in milliseconds
const PATIENCE = 15000; // for one answer of the server

// An entry names the saves sent before it: their acknowledgement may have been lost on the way.
export function put(value) {
    const { form, slot } = here;
    const before = read(WAITS, slot);
    const known = read(KNOWN, slot);
    if (!before && known?.save_id === form.elements.save_id.value) {
        form.elements.base_revision.value = known.revision; // another tab delivered it
    }
    const follows = before ? [...before.follows, ...(before.tried ? [before.save_id] : [])] : [];
    form.elements.save_id.value = newId();
    write(WAITS, slot, {
        slot,
        value,
        base: before ? before.base : Number(form.elements.base_revision.value),
        save_id: form.elements.save_id.value,
        follows: follows.slice(-20),
        at: before ? before.at : Date.now(),
    });
    mark({ slot, value });
    if (state.blocked.delete(slot)) ask();
}

async function sendAnswer(entry) {
    write(WAITS, entry.slot, { ...entry, tried: true });
    const url = here.status.dataset.lmsSave.replace(/\/0\/save\/$/, `/${entry.slot}/save/`);
    const { value, base, save_id, follows } = entry;
    return send(url, { value, base_revision: base, save_id, follows }, PATIENCE);
}

function settle(entry, revision) {
    const known = { revision, save_id: entry.save_id, value: entry.value, at: Date.now() };
    write(KNOWN, entry.slot, known);
    drop(entry);
    const newer = read(WAITS, entry.slot);
    if (newer) write(WAITS, entry.slot, { ...newer, base: revision, follows: [] });
    if (entry.slot === here.slot) {
        here.form.elements.base_revision.value = revision;
        here.acknowledged = JSON.stringify(entry.value);
    }
    mark(newer ?? entry);
}

function take(entry, { status: answer, body }) {
    if (answer === 200) {
        if (state.refused?.slot === entry.slot) state.refused = null;
        settle(entry, body.revision);
        state.hasSaved = true;
    } else if (answer === 409) {
        if (read(WAITS, entry.slot)?.save_id !== entry.save_id) return; // changed meanwhile
        state.blocked.set(entry.slot, { entry, ...body });
        mark({ slot: entry.slot, value: body.stored.value });
        ask();
    } else if (answer === 410 && !body.section) {
        state.lost = waiting().length;
        waiting().forEach(drop);
        state.blocked.clear();
        ask();
    } else {
        drop(entry);
        const { refused } = state;
        const before = body.section && refused?.error === body.error ? `${refused.slot}, ` : "";
        state.refused = { slot: before ? before + entry.slot : entry.slot, error: body.error };
    }
}

let delay = 0;
let timer = 0;
let brokenAt = 0;

function isThrough() {
    if (brokenAt) tell("reconnected", Math.round((Date.now() - brokenAt) / 1000));
    brokenAt = delay = 0;
    state.trouble = "";
}

function isBroken(reason) {
    const { message } = reason;
    state.trouble = ["signedout", "paused"].includes(message) ? message : "offline";
    if (state.trouble === "offline") brokenAt ||= Date.now();
    delay = Math.min(SLOWEST, delay * 2 || 2000);
    timer = setTimeout(flush, delay * (0.8 + 0.4 * Math.random()));
}

export const next = () => waiting().find((entry) => !state.blocked.has(entry.slot));

let turn = null; // the sending that is under way, for who wants to wait for its end

export function flush() {
    turn ??= flushAll().finally(() => { turn = null; });
    return turn;
}

async function flushAll() {
    clearTimeout(timer);
    try {
        for (let entry = next(); entry && !state.lost; entry = next()) {
            show();
            const answer = await sendAnswer(entry);
            isThrough();
            take(entry, answer);
        }
        await report();
    } catch (reason) {
        isBroken(reason);
    }
    show();
}

// Questions that were turned to without a line are told of as soon as there is one. How long ago
// it was is told, and not when: the clocks of two machines differ.
async function report() {
    for (const row of unreported()) {
        const seconds = Math.max(0, Math.round((Date.now() - row.at) / 1000));
        const event = { kind: "shown", slot: row.slot, seconds, id: row.id };
        await send(here.status.dataset.lmsEvents, event, PATIENCE);
        isThrough();
        dropShown(row);
    }
}

// What was typed while others were sent is sent too.
export async function deliver() {
    await turn;
    if (next()) await flush();
}

// The line is back: nothing has to wait for the next try.
export function hurry() {
    delay = 0;
    if (!next() && !unreported().length) state.trouble = "";
    flush();
}

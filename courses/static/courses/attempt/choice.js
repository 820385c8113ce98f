// Two answers to one question: the person chooses.

import { here, newId, state } from "./here.js";
import { readAnswer, restore } from "./answer.js";
import { mark, show } from "./status.js";
import { KNOWN, WAITS, drop, write } from "./store.js";

const box = () => document.querySelector("[data-lms-choice]");

function fill(name, texts) {
    const items = texts.map((text) => {
        const item = document.createElement("li");
        item.textContent = text;
        return item;
    });
    box().querySelector(name).replaceChildren(...items);
}

export function ask() {
    const [first] = state.blocked.values();
    box().hidden = !first;
    if (!first) return;
    box().querySelector("[data-lms-which]").textContent = first.entry.slot;
    fill("[data-lms-stored]", first.stored.said);
    fill("[data-lms-unsent]", first.unsent.said);
}

function decide(mine, flush) {
    const [{ entry, stored }] = state.blocked.values();
    state.blocked.delete(entry.slot);
    const isHere = entry.slot === here.slot;
    if (isHere) here.form.elements.base_revision.value = stored.revision;
    if (mine) {
        const save_id = newId();
        if (isHere) here.form.elements.save_id.value = save_id;
        write(WAITS, entry.slot, { ...entry, base: stored.revision, save_id, follows: [] });
        mark(entry);
    } else {
        drop(entry);
        const { revision, value } = stored;
        write(KNOWN, entry.slot, { revision, value, save_id: entry.save_id, at: Date.now() });
        if (isHere) {
            restore(value);
            here.acknowledged = JSON.stringify(readAnswer());
        }
        mark({ slot: entry.slot, value });
        state.hasSaved = true;
    }
    ask();
    show();
    flush();
    (here.form ?? here.last)?.querySelector("input:not([type=hidden]), select, button")?.focus();
}

export function startChoice(flush) {
    box().querySelector("[data-lms-keep]").addEventListener("click", () => decide(false, flush));
    box().querySelector("[data-lms-use]").addEventListener("click", () => decide(true, flush));
    ask();
}

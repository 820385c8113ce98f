// What the page says of its answers: one line, and the marks in the overview.

import { here, state } from "./here.js";
import { waiting } from "./store.js";

const CALM = ["saved", "saving", "nothing"];

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

export function say(word, values = {}) {
    const said = here.status.querySelector("[data-lms-saved]");
    const text = fill(said.dataset[word] ?? "", values);
    if (said.textContent !== text) said.textContent = text;
    said.classList.toggle("is-bad", !CALM.includes(word));
}

export function show() {
    const number = waiting().length;
    if (state.lost) say("lost", { n: state.lost });
    else if (state.isOver && number) say("late", { n: number });
    else if (state.trouble) say(state.trouble, { n: number });
    else if (state.blocked.size) say("choose");
    else if (state.refused) say("refused", state.refused);
    else if (number) say("saving");
    else say(state.hasSaved ? "saved" : "nothing");
    here.status.querySelector("[data-lms-result]").hidden = !state.lost;
}

export function mark(entry) {
    const link = document.querySelector(`[data-lms-mark="${entry.slot}"]`);
    if (!link) return;
    const empty = Object.keys(entry.value ?? "").length === 0;
    link.classList.toggle("is-answered", !empty);
    const words = link.closest("nav").dataset;
    const said = [empty ? words.open : words.answered];
    if (link.classList.contains("is-flagged")) said.push(words.flagged);
    link.querySelector("[data-lms-marked]").textContent = said.map((word) => `, ${word}`).join("");
}

export const isDown = () => !navigator.onLine || state.trouble === "offline";

// Without a line the way on would end at the browser's own page of errors.
export function mayGo() {
    if (navigator.onLine && !state.trouble) return true;
    state.trouble ||= "offline";
    stay();
    return false;
}

export function stay() {
    show();
    if (state.trouble === "offline") say("stay", { n: waiting().length });
}

// The page of one question, and the last one.

import { here, state } from "./here.js";
import { readAnswer, restore } from "./answer.js";
import { deliver, flush, put } from "./queue.js";
import { go, turnTo, wait } from "./pages.js";
import { isDown, mayGo, say, show, stay } from "./status.js";
import { KNOWN, WAITS, read, waiting } from "./store.js";

const PAUSE = 400; // after the last change, in milliseconds
const HURRY = 5000; // an answer that takes longer goes on waiting on the next page

// A page may be older than what the server has, and that older than what waits here.
function bringUpToDate() {
    const { base_revision, save_id } = here.form.elements;
    const known = read(KNOWN, here.slot);
    if (known && known.revision > Number(base_revision.value)) {
        restore(known.value);
        base_revision.value = known.revision;
        state.hasSaved = true;
    }
    here.acknowledged = JSON.stringify(readAnswer());
    const left = read(WAITS, here.slot);
    if (!left) return;
    restore(left.value);
    save_id.value = left.save_id;
}

// Whether an answer stands in the way of the next page: two to choose from, or one not readable.
function isStuck(slot) {
    const { blocked, refused, trouble, lost, isOver } = state;
    const isRefused = refused?.slot === slot || trouble === "signedout" || trouble === "paused";
    return blocked.has(slot) || isRefused || lost || isOver;
}

export function startPlace() {
    const { form, slot } = here;
    bringUpToDate();
    let soon = 0;
    form.addEventListener("input", () => {
        state.refused = null;
        put(readAnswer());
        show();
        clearTimeout(soon);
        soon = setTimeout(flush, state.trouble ? 0 : PAUSE);
    });
    form.addEventListener("submit", async (event) => {
        event.preventDefault();
        clearTimeout(soon);
        const button = event.submitter ?? form.querySelector("[data-lms-href]");
        if (JSON.stringify(readAnswer()) !== here.acknowledged && !read(WAITS, slot)) put(readAnswer());
        if (isDown()) flush();
        else await Promise.race([deliver(), wait(HURRY)]);
        if (here.slot !== slot) return;
        if (isStuck(slot)) show();
        else if (button.dataset.lmsHref) go(button.dataset.lmsHref);
        else if (button.value === "pause") pause(button);
        else flag(button);
    });
}

// The clock is stopped by the server alone, and its page is another one.
function pause(button) {
    if (!mayGo() || waiting().length) return;
    for (const [name, value] of [["keep", "1"], [button.name, button.value]]) {
        const field = document.createElement("input");
        Object.assign(field, { type: "hidden", name, value });
        here.form.append(field);
    }
    here.form.submit();
}

// The mark is kept by the server alone.
async function flag(button) {
    if (isDown()) {
        stay();
        return;
    }
    const path = location.pathname;
    const token = here.form.elements.csrfmiddlewaretoken.value;
    const body = new URLSearchParams({ csrfmiddlewaretoken: token, keep: "1", go: button.value });
    try {
        const signal = AbortSignal.timeout(HURRY);
        const response = await fetch(path, { method: "POST", body, signal });
        const isHere = response.ok && new URL(response.url).pathname === path;
        if (isHere) turnTo(path, await response.text(), { focus: "[name=go][value$=flag]" });
        else location.reload();
    } catch {
        say("stay", { n: waiting().length });
    }
}

export function startLast() {
    const { last } = here;
    last.addEventListener("submit", async (event) => {
        event.preventDefault();
        await deliver();
        if (mayGo() && waiting().length === 0) last.submit();
    });
}

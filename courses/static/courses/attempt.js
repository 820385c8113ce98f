// A test in the browser: its pages work without this, and lose nothing with it.
//
// here.js knows the page that is open, store.js what outlives it. queue.js sends answers, place.js
// takes them from a form, choice.js asks which of two counts, status.js says how it stands.
// pages.js turns pages, with or without a line; clock.js, watch.js and calculator.js stand beside.

import { startOrderings } from "./attempt/answer.js";
import { carryCalculator, startCalculator } from "./attempt/calculator.js";
import { startChoice } from "./attempt/choice.js";
import { startClock } from "./attempt/clock.js";
import { here, look, state } from "./attempt/here.js";
import { startPages, wait } from "./attempt/pages.js";
import { startLast, startPlace } from "./attempt/place.js";
import { flush, hurry, next } from "./attempt/queue.js";
import { mayGo, say, show } from "./attempt/status.js";
import { WAITS, forgetOthers, unreported, waiting } from "./attempt/store.js";
import { startWatching } from "./attempt/watch.js";

function startPage() {
    startOrderings();
    startCalculator();
    if (!here.status) return;
    startChoice(flush);
    if (here.form) startPlace();
    if (here.last) startLast();
    show();
}

function startAttempt() {
    forgetOthers();
    startPages({ start: startPage, carry: carryCalculator });
    // A link out of the test would end at the browser's own page of errors.
    document.addEventListener("click", (event) => {
        const link = event.target.closest?.("a[href]");
        if (!link || event.defaultPrevented || navigator.onLine || isHash(link)) return;
        if (!mayGo()) event.preventDefault();
    });
    window.addEventListener("online", hurry);
    window.addEventListener("storage", (event) => {
        if (!event.key?.includes(here.code)) return;
        if (event.key.startsWith(WAITS) && event.newValue === null) state.hasSaved = true; // by another tab
        show();
    });
    if (waiting().length || unreported().length) flush();
    startWatching();
}

const isHash = (link) => link.hash && link.pathname === location.pathname;

// What waits gets the seconds the server still takes; then the page says what did not arrive.
async function finish(over, beganOver) {
    state.isOver = true;
    if (here.status) {
        for (let tries = 0; tries < 4 && next() && !state.lost; tries += 1) {
            await flush();
            if (next()) await wait(1000);
        }
        show();
        if (waiting().length || state.lost) return;
        if (!navigator.onLine) {
            say("stay", { n: 0 });
            window.addEventListener("online", () => leave(over, beganOver), { once: true });
            return;
        }
    }
    leave(over, beganOver);
}

function leave(over, beganOver) {
    if (here.last && beganOver) here.last.submit();
    else location.assign(over);
}

look();
startPage();
startClock(finish);
if (here.status) startAttempt();

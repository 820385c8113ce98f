// The clock: the server's seconds, counted down here until it tells others. They are the test's; a
// section with minutes of its own runs out some seconds earlier.

let endsAt = 0; // of the test
let more = 0; // seconds by which the test outlasts the section
let over = null; // what is done when the time is over
let beganOver = false;

const face = () => document.querySelector("[data-lms-clock]");

export function setClock(seconds) {
    if (over) endsAt = performance.now() + seconds * 1000;
}

export function startClock(atTheEnd) {
    if (!face()) return;
    over = atTheEnd;
    read(face());
    beganOver = secondsLeft() === 0;
    tick();
}

function read(clock) {
    more = Number(clock.dataset.lmsMore ?? 0);
    setClock(Number(clock.dataset.lmsClock) + more);
}

// A page that was turned brings a face of its own; one that lay here a while brings old seconds.
export function newFace(isFresh) {
    const clock = face();
    if (!over || !clock) return;
    if (isFresh) read(clock);
    paint(clock, secondsLeft());
}

const secondsLeft = () => Math.max(0, Math.round((endsAt - performance.now()) / 1000 - more));

const say = (left) => `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;

function paint(clock, left) {
    clock.querySelector("[data-lms-clock-face]").textContent = say(left);
    const all = clock.querySelector("[data-lms-clock-all]");
    if (all) all.textContent = say(left + more);
    clock.classList.toggle("is-short", left <= 300);
}

function tick() {
    const clock = face();
    const left = secondsLeft();
    paint(clock, left);
    if ([600, 300, 60].includes(left)) {
        const told = clock.querySelector("[data-lms-clock-said]");
        told.textContent = left === 60 ? told.dataset.one : `${left / 60} ${told.dataset.many}`;
    }
    // It may have stopped in another tab: a page that did not begin without time asks first.
    if (left === 0) over(clock.dataset.lmsOver, beganOver);
    else setTimeout(tick, 1000 - (performance.now() % 1000));
}

// The clock: the server's seconds, counted down here until it tells others.

let endsAt = 0;
let over = null; // what is done when the time is over

const face = () => document.querySelector("[data-lms-clock]");

export function setClock(seconds) {
    if (over) endsAt = performance.now() + seconds * 1000;
}

export function startClock(atTheEnd) {
    if (!face()) return;
    over = atTheEnd;
    setClock(Number(face().dataset.lmsClock));
    tick();
}

// A page that was turned brings a face of its own; one that lay here a while brings old seconds.
export function newFace(isFresh) {
    const clock = face();
    if (!over || !clock) return;
    if (isFresh) setClock(Number(clock.dataset.lmsClock));
    paint(clock, secondsLeft());
}

const secondsLeft = () => Math.max(0, Math.round((endsAt - performance.now()) / 1000));

function paint(clock, left) {
    const minutes = Math.floor(left / 60);
    const digits = clock.querySelector("[data-lms-clock-face]");
    digits.textContent = `${minutes}:${String(left % 60).padStart(2, "0")}`;
    clock.classList.toggle("is-short", left <= 300);
    return minutes;
}

function tick() {
    const clock = face();
    const left = secondsLeft();
    const minutes = paint(clock, left);
    if ([600, 300, 60].includes(left)) {
        const told = clock.querySelector("[data-lms-clock-said]");
        told.textContent = left === 60 ? told.dataset.one : `${minutes} ${told.dataset.many}`;
    }
    if (left === 0) over(clock.dataset.lmsOver);
    else setTimeout(tick, 1000 - (performance.now() % 1000));
}

// A test in the browser. Answers wait in a queue until the server has them; it outlives the page.

const WAIT = 400; // after the last change, in milliseconds
const SLOWEST = 30000; // between two tries while the line is down
const PATIENCE = 15000; // for one answer of the server
const DAY = 24 * 60 * 60 * 1000;
const ROW = "answer.";

const status = document.querySelector("[data-lms-attempt]");
const form = document.querySelector("[data-lms-answer]");
const last = document.querySelector("[data-lms-finish]");
const choice = document.querySelector("[data-lms-choice]");
const clock = document.querySelector("[data-lms-clock]");
const slot = form ? Number(form.dataset.lmsAnswer) : null;
const newId = () => crypto.randomUUID?.() ?? `${Date.now()}-${String(Math.random()).slice(2)}`;

/* What the form says, and how it is made to say something else. */

function readAnswer() {
    const fields = [...form.elements].filter((field) => field.name?.startsWith("answer"));
    if (form.dataset.lmsShape === "rows") {
        const made = fields.filter((field) => (field.type === "radio" ? field.checked : field.value));
        return Object.fromEntries(made.map((field) => [field.name.slice(ROW.length), field.value]));
    }
    if (form.dataset.lmsShape === "options") {
        return fields.filter((field) => field.checked).map((field) => field.value);
    }
    return fields[0].value;
}

const sorters = [];

function restore(value) {
    for (const field of form.elements) {
        if (!field.name?.startsWith("answer")) continue;
        const wanted = field.name.startsWith(ROW) ? value?.[field.name.slice(ROW.length)] ?? "" : value;
        if (field.type === "radio" || field.type === "checkbox") {
            field.checked = [wanted].flat().includes(field.value);
        } else {
            field.value = wanted ?? "";
        }
    }
    sorters.forEach((sort) => sort());
}

/* The queue: one entry a place, kept beside the other tabs' by the attempt's code. */

const code = status?.dataset.lmsAttempt;
const WAITS = "lms-waits:";
const KNOWN = "lms-known:"; // what the server has of a place, by the save that brought it
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
const read = (kind, place) => parse(store.getItem(`${kind}${code}:${place}`));
const write = (kind, place, row) => store.setItem(`${kind}${code}:${place}`, JSON.stringify(row));

function waiting() {
    const start = `${WAITS}${code}:`;
    const rows = keys().filter((key) => key.startsWith(start)).map((key) => parse(store.getItem(key)));
    return rows.filter(Boolean).sort((one, other) => one.at - other.at);
}

function drop(entry) {
    const current = read(WAITS, entry.slot);
    if (current?.save_id === entry.save_id) store.removeItem(`${WAITS}${code}:${entry.slot}`);
}

function forgetOthers() {
    for (const key of keys().filter((one) => one.startsWith(WAITS) || one.startsWith(KNOWN))) {
        if (Date.now() - (parse(store.getItem(key))?.at ?? 0) > DAY) store.removeItem(key);
    }
}

// An entry names the saves sent before it: their acknowledgement may have been lost on the way.
function put(value) {
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
    if (blocked.delete(slot)) ask();
}

/* What the page says of it. */

const said = status?.querySelector("[data-lms-saved]");
const blocked = new Map(); // places with two answers to choose from
let trouble = ""; // the word for what keeps answers from the server
let refused = null; // an answer the server could not read
let lost = 0; // answers that came too late
let hasSaved = Boolean(said?.textContent);

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

function say(word, values = {}) {
    const text = fill(said.dataset[word] ?? "", values);
    if (said.textContent !== text) said.textContent = text;
    said.classList.toggle("is-bad", !["saved", "saving", "nothing"].includes(word));
}

function show() {
    const number = waiting().length;
    if (lost) say("lost", { n: lost });
    else if (isOver && number) say("late", { n: number });
    else if (trouble) say(trouble, { n: number });
    else if (blocked.size) say("choose");
    else if (refused) say("refused", refused);
    else if (number) say("saving");
    else say(hasSaved ? "saved" : "nothing");
    status.querySelector("[data-lms-result]").hidden = !lost;
}

function mark(entry) {
    const link = document.querySelector(`[data-lms-mark="${entry.slot}"]`);
    if (!link) return;
    const empty = Object.keys(entry.value ?? "").length === 0;
    link.classList.toggle("is-answered", !empty);
    const words = link.closest("nav").dataset;
    link.querySelector("[data-lms-marked]").textContent = `, ${empty ? words.open : words.answered}`;
}

/* Sending: in the order in which people answered, again and again until it is through. */

function cookie(name) {
    const found = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

function post(url, body, more = {}) {
    const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
    return fetch(url, {
        method: "POST",
        redirect: "manual", // to the page where one signs in
        headers: {
            "Content-Type": "application/json",
            "X-CSRFToken": cookie("csrftoken") || token,
        },
        body: JSON.stringify(body),
        ...more,
    });
}

async function send(entry) {
    write(WAITS, entry.slot, { ...entry, tried: true });
    const url = status.dataset.lmsSave.replace(/\/0\/save\/$/, `/${entry.slot}/save/`);
    const { value, base, save_id, follows } = entry;
    const job = { value, base_revision: base, save_id, follows };
    const response = await post(url, job, { signal: AbortSignal.timeout(PATIENCE) });
    if (response.type === "opaqueredirect" || response.status === 403) throw new Error("signedout");
    if (response.status >= 500 || response.status === 429) throw new Error("offline");
    return { status: response.status, body: await response.json() };
}

function settle(entry, revision) {
    write(KNOWN, entry.slot, { revision, save_id: entry.save_id, at: Date.now() });
    drop(entry);
    const newer = read(WAITS, entry.slot);
    if (newer) write(WAITS, entry.slot, { ...newer, base: revision, follows: [] });
    if (entry.slot === slot) {
        form.elements.base_revision.value = revision;
        acknowledged = JSON.stringify(entry.value);
    }
    mark(entry);
}

function take(entry, { status: answer, body }) {
    if (body.seconds_left !== undefined) setClock(body.seconds_left);
    if (answer === 200) {
        if (refused?.slot === entry.slot) refused = null;
        settle(entry, body.revision);
        hasSaved = true;
    } else if (answer === 409) {
        if (read(WAITS, entry.slot)?.save_id !== entry.save_id) return; // changed meanwhile
        blocked.set(entry.slot, { entry, ...body });
        mark({ slot: entry.slot, value: body.stored.value });
        ask();
    } else if (answer === 410) {
        lost = waiting().length;
        waiting().forEach(drop);
        blocked.clear();
        ask();
    } else {
        drop(entry);
        refused = { slot: entry.slot, error: body.error };
    }
}

let delay = 0;
let timer = 0;
let brokenAt = 0;

function isThrough() {
    if (brokenAt) tell("reconnected", Math.round((Date.now() - brokenAt) / 1000));
    brokenAt = delay = 0;
    trouble = "";
}

function isBroken(reason) {
    brokenAt ||= Date.now();
    trouble = reason.message === "signedout" ? "signedout" : "offline";
    delay = Math.min(SLOWEST, delay * 2 || 2000);
    timer = setTimeout(flush, delay * (0.8 + 0.4 * Math.random()));
}

const next = () => waiting().find((entry) => !blocked.has(entry.slot));

let turn = null; // the sending that is under way, for who wants to wait for its end

function flush() {
    turn ??= flushAll().finally(() => { turn = null; });
    return turn;
}

async function flushAll() {
    clearTimeout(timer);
    for (let entry = next(); entry && !lost; entry = next()) {
        show();
        try {
            const answer = await send(entry);
            isThrough();
            take(entry, answer);
        } catch (reason) {
            isBroken(reason);
            break;
        }
    }
    show();
}

/* Two answers to one question: the person chooses. */

function ask() {
    const [first] = blocked.values();
    choice.hidden = !first;
    if (!first) return;
    const lines = (name, texts) => {
        const items = texts.map((text) => {
            const item = document.createElement("li");
            item.textContent = text;
            return item;
        });
        choice.querySelector(name).replaceChildren(...items);
    };
    choice.querySelector("[data-lms-which]").textContent = first.entry.slot;
    lines("[data-lms-stored]", first.stored.said);
    lines("[data-lms-unsent]", first.unsent.said);
}

function decide(mine) {
    const [{ entry, stored }] = blocked.values();
    blocked.delete(entry.slot);
    const here = entry.slot === slot;
    if (here) form.elements.base_revision.value = stored.revision;
    if (mine) {
        const save_id = newId();
        if (here) form.elements.save_id.value = save_id;
        write(WAITS, entry.slot, { ...entry, base: stored.revision, save_id, follows: [] });
    } else {
        drop(entry);
        if (here) {
            restore(stored.value);
            acknowledged = JSON.stringify(readAnswer());
        }
        mark({ slot: entry.slot, value: stored.value });
        hasSaved = true;
    }
    ask();
    show();
    flush();
    (form ?? last)?.querySelector("input:not([type=hidden]), select, button")?.focus();
}

/* The page of one question, and the last one. */

let acknowledged = ""; // the answer of this place the server has, as text

function startPlace() {
    acknowledged = JSON.stringify(readAnswer());
    const left = read(WAITS, slot);
    if (left) {
        restore(left.value);
        form.elements.save_id.value = left.save_id;
    }
    let soon = 0;
    form.addEventListener("input", () => {
        refused = null;
        put(readAnswer());
        show();
        clearTimeout(soon);
        soon = setTimeout(flush, trouble ? 0 : WAIT);
    });
    form.addEventListener("submit", async (event) => {
        event.preventDefault();
        clearTimeout(soon);
        const button = event.submitter ?? form.querySelector("[data-lms-href]");
        if (JSON.stringify(readAnswer()) !== acknowledged && !read(WAITS, slot)) put(readAnswer());
        await deliver();
        if (mayGo() && !read(WAITS, slot) && refused?.slot !== slot) location.assign(button.dataset.lmsHref);
    });
}

function startLast() {
    last.addEventListener("submit", async (event) => {
        event.preventDefault();
        await deliver();
        if (mayGo() && waiting().length === 0) last.submit();
    });
}

// What was typed while others were sent is sent too.
async function deliver() {
    await turn;
    if (next()) await flush();
}

// Without a line the way on would end at the browser's own page of errors.
function mayGo() {
    if (navigator.onLine && !trouble) return true;
    trouble ||= "offline";
    show();
    if (trouble === "offline") say("stay", { n: waiting().length });
    return false;
}

function startQueue() {
    forgetOthers();
    if (form) startPlace();
    if (last) startLast();
    choice.querySelector("[data-lms-keep]").addEventListener("click", () => decide(false));
    choice.querySelector("[data-lms-use]").addEventListener("click", () => decide(true));
    document.addEventListener("click", (event) => {
        const link = event.target.closest?.("a[href]");
        if (link && !navigator.onLine && !mayGo()) event.preventDefault();
    });
    window.addEventListener("online", () => {
        delay = 0;
        if (!next()) trouble = "";
        flush();
    });
    window.addEventListener("storage", (event) => {
        if (event.key?.includes(code)) show();
    });
    if (waiting().length) flush();
}

/* What an appeal may ask: the window left, and when the line was back. */

function tell(kind, seconds) {
    const sent = post(status.dataset.lmsEvents, { kind, slot, seconds }, { keepalive: true });
    return sent.then((response) => response.json()).then((body) => {
        if (body.seconds_left !== undefined) setClock(body.seconds_left);
    }).catch(() => {}); // the log has gaps where there was no line
}

function startWatching() {
    let leftAt = 0;
    let told = false;
    let soon = 0;
    const away = () => document.hidden || !document.hasFocus();
    const leave = () => {
        leftAt ||= Date.now();
        clearTimeout(soon);
        // Turning a page leaves the window too; a second later that page is gone.
        soon = setTimeout(() => {
            if (!away() || told) return;
            told = true;
            tell("focus_lost", 0);
        }, 1000);
    };
    const back = () => {
        if (away()) return;
        clearTimeout(soon);
        if (told) tell("focus_back", Math.round((Date.now() - leftAt) / 1000));
        told = false;
        leftAt = 0;
    };
    window.addEventListener("blur", leave);
    window.addEventListener("focus", back);
    document.addEventListener("visibilitychange", () => (document.hidden ? leave() : back()));
    window.addEventListener("pagehide", () => clearTimeout(soon));
}

/* Lines that are put in order can be moved; the numbers follow, and remain for who prefers them. */

function startOrdering(list) {
    const lines = () => [...list.children];
    const number = () => {
        lines().forEach((line, at) => { line.querySelector("select").value = String(at + 1); });
        list.dispatchEvent(new Event("input", { bubbles: true }));
    };
    for (const line of lines()) {
        const moves = document.createElement("span");
        moves.className = "courses-row__moves";
        for (const [word, step] of [[list.dataset.up, -1], [list.dataset.down, 1]]) {
            const button = document.createElement("button");
            button.type = "button";
            button.className = "lms-button lms-button--quiet";
            button.textContent = step < 0 ? "↑" : "↓";
            button.setAttribute("aria-label", `${word}: ${line.querySelector("label").textContent}`);
            button.addEventListener("click", () => {
                const other = step < 0 ? line.previousElementSibling : line.nextElementSibling;
                if (!other) return;
                if (step < 0) other.before(line);
                else other.after(line);
                number();
                button.focus();
            });
            moves.append(button);
        }
        line.append(moves);
    }
    const place = (line) => Number(line.querySelector("select").value) || lines().length + 1;
    const sort = () => list.append(...lines().sort((one, other) => place(one) - place(other)));
    if (lines().every((line) => line.querySelector("select").value)) sort();
    sorters.push(sort);
}

/* The clock: the server's seconds, counted down here until it tells others. */

let endsAt = 0;
let isOver = false;

function setClock(seconds) {
    if (clock) endsAt = performance.now() + seconds * 1000;
}

function tick() {
    const left = Math.max(0, Math.round((endsAt - performance.now()) / 1000));
    const minutes = Math.floor(left / 60);
    const face = clock.querySelector("[data-lms-clock-face]");
    face.textContent = `${minutes}:${String(left % 60).padStart(2, "0")}`;
    clock.classList.toggle("is-short", left <= 300);
    if ([600, 300, 60].includes(left)) {
        const told = clock.querySelector("[data-lms-clock-said]");
        told.textContent = left === 60 ? told.dataset.one : `${minutes} ${told.dataset.many}`;
    }
    if (left === 0) finish();
    else setTimeout(tick, 1000 - (performance.now() % 1000));
}

// What waits gets the seconds the server still takes; then the page says what did not arrive.
async function finish() {
    isOver = true;
    if (status) {
        for (let tries = 0; tries < 4 && next() && !lost; tries += 1) {
            await flush();
            if (next()) await new Promise((done) => { setTimeout(done, 1000); });
        }
        show();
        if (waiting().length || lost) return;
        if (!navigator.onLine) {
            say("stay", { n: 0 });
            window.addEventListener("online", leave, { once: true });
            return;
        }
    }
    leave();
}

function leave() {
    if (last) last.submit();
    else location.assign(clock.dataset.lmsOver);
}

document.querySelectorAll("[data-lms-ordering]").forEach(startOrdering);
if (clock) {
    setClock(Number(clock.dataset.lmsClock));
    tick();
}
if (status) {
    startQueue();
    startWatching();
}

// Turning pages without loading them anew, so that any question opens while the line is down.
//
// The pages that links here offer are fetched ahead, one at a time, and lie in memory: they end with
// the tab. With a line a page is always asked for anew; the copy is for when none comes. A service
// worker would open a page after a reload without a line too, but its copies would outlive signing
// out, on machines that people share. What was answered survives a reload without it (see store.js).

import { here, look, newId } from "./here.js";
import { flush } from "./queue.js";
import { noteShown, waiting } from "./store.js";
import { isDown, mark, say, show } from "./status.js";
import { newFace } from "./clock.js";

const HURRY = 5000; // for a page that somebody waits for, in milliseconds
const NEAR = 3; // of the next pages, which are fetched ahead sooner than the others
const AHEAD = "X-LMS-Prefetch";

const kept = new Map(); // path → HTML
let shown = location.pathname;
let start = () => {}; // makes a page that was turned to work
let carry = () => {}; // takes along what stays open from page to page

export const wait = (time) => new Promise((done) => { setTimeout(done, time); });

function isOurs(path) {
    const root = here.status.dataset.lmsSave.replace(/0\/save\/$/, "");
    return path.startsWith(root) && /^(\d+|review)\/$/.test(path.slice(root.length));
}

// Nothing when the server sends elsewhere: the test is over, or somebody has to sign in.
async function load(path, headers = {}) {
    const signal = AbortSignal.timeout(HURRY);
    const response = await fetch(path, { headers, redirect: "manual", signal });
    if (response.status >= 500 || response.status === 429) throw new Error("offline");
    return response.ok ? response.text() : null;
}

/* Fetching ahead: the next questions first. What no link offers any more is forgotten. */

function offered() {
    const links = [...document.querySelectorAll("[data-lms-mark]")].map((link) => link.pathname);
    const at = links.indexOf(shown) + 1;
    return [...links.slice(at), ...links.slice(0, at)];
}

let isFetching = false;

// Slowly, and no two browsers in step: hundreds may begin a test in the same minute.
function pause(count) {
    const pace = Number(document.querySelector(".courses-marks")?.dataset.lmsPace ?? 8) * 1000;
    return wait((count < NEAR ? pace / 4 : pace) * (0.5 + Math.random()));
}

async function fetchAhead() {
    if (isFetching) return;
    isFetching = true;
    try {
        for (let count = 0; ; count += 1) {
            await pause(count);
            const path = offered().find((one) => !kept.has(one));
            if (!path || isDown()) break;
            const text = await load(path, { [AHEAD]: "1" });
            if (text === null) break;
            keep(path, text);
        }
    } catch {
        // The line is down; the next page that comes tries again.
    } finally {
        isFetching = false;
    }
}

function keep(path, text) {
    kept.set(path, text);
    for (const picture of parse(text).querySelectorAll("main img, main image")) {
        new Image().src = picture.getAttribute("src") ?? picture.getAttribute("href");
    }
}

function forgetWithdrawn() {
    const open = new Set([shown, ...offered()]);
    [...kept.keys()].filter((path) => !open.has(path)).forEach((path) => kept.delete(path));
}

/* Turning. */

const parse = (text) => new DOMParser().parseFromString(text, "text/html");

let wanted = 0; // of two links pressed quickly the last one counts

export async function go(path, { isBack = false } = {}) {
    wanted += 1;
    const turn = wanted;
    const found = await find(path);
    if (turn !== wanted) return;
    if (!found) stayHere(isBack);
    else if (found.text === null) location.assign(path);
    else turnTo(path, found.text, { isCopy: found.isCopy, isBack });
}

async function find(path) {
    const copy = kept.has(path) ? { text: kept.get(path), isCopy: true } : null;
    if (copy && isDown()) return copy;
    try {
        return { text: await load(path), isCopy: false };
    } catch {
        return copy;
    }
}

function stayHere(isBack) {
    if (isBack) history.pushState(null, "", shown);
    show();
    say("stay", { n: waiting().length });
}

export function turnTo(path, text, { isCopy = false, isBack = false, focus = "h1" } = {}) {
    const page = parse(text);
    const main = page.getElementById("main");
    if (!main?.querySelector("[data-lms-attempt]")) {
        location.assign(path);
        return;
    }
    if (isCopy) keepMarks(main, path);
    carry(main);
    document.getElementById("main").replaceChildren(...main.childNodes);
    document.title = page.title;
    if (!isBack && path !== shown) history.pushState(null, "", path);
    shown = path;
    const language = document.querySelector("header [name=next]");
    if (language) language.value = path;
    look();
    newFace(!isCopy);
    if (!isCopy && here.slot) keep(path, text);
    start();
    forgetWithdrawn();
    toTop(focus);
    if (isCopy) report();
    else fetchAhead();
}

// The overview that is open knows more than the one of a copy.
function keepMarks(main, path) {
    const known = document.querySelector(".courses-marks ol").cloneNode(true);
    for (const link of known.querySelectorAll("[data-lms-mark]")) {
        link.removeAttribute("aria-current");
        if (link.getAttribute("href") === path) link.setAttribute("aria-current", "step");
    }
    main.querySelector(".courses-marks ol").replaceWith(known);
}

function toTop(focus) {
    const target = document.querySelector(`#main ${focus}`) ?? document.querySelector("#main h1");
    if (target.matches("h1")) {
        target.tabIndex = -1;
        scrollTo(0, 0);
    }
    target.focus({ preventScroll: target.matches("h1") });
}

// The server does not know that a copy was shown; the log is told when the line is back.
function report() {
    if (here.slot) noteShown({ id: newId(), slot: here.slot, at: Date.now() });
    flush();
}

export function startPages(parts) {
    ({ start, carry } = parts);
    document.addEventListener("click", (event) => {
        const link = event.target.closest?.("a[href]");
        const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
        if (!link || !isPlain || event.defaultPrevented) return;
        if (link.target || link.origin !== location.origin || !isOurs(link.pathname)) return;
        event.preventDefault();
        go(link.pathname);
    });
    window.addEventListener("popstate", () => {
        if (location.pathname === shown) return; // only the part after the hash changed
        if (isOurs(location.pathname)) go(location.pathname, { isBack: true });
        else location.reload();
    });
    window.addEventListener("online", fetchAhead);
    waiting().forEach(mark);
    fetchAhead();
}

// The calculator of a test that has one: a panel beside the question, opened by a button or Alt+K.
// It stays as it is from page to page; what stands in it survives a reload of its tab.

import { here } from "./here.js";
import { Unworkable, tidy, turnSign, work } from "./arithmetic.js";

const KEPT = "lms-calculator:";
const comma = !document.documentElement.lang.startsWith("en");

let panel = null;
let last = null; // the result before, unrounded
let isDone = false; // a result stands there: a digit begins anew, a sign goes on with it

const screen = () => panel.querySelector("input");
const button = () => document.querySelector("[data-lms-calculate]");

function keep() {
    try {
        const told = { text: screen().value, isOpen: !panel.hidden };
        sessionStorage.setItem(KEPT + here.code, JSON.stringify(told));
    } catch {
        // Storage is forbidden: it lasts as long as the page.
    }
}

function recall() {
    try {
        return JSON.parse(sessionStorage.getItem(KEPT + here.code)) ?? {};
    } catch {
        return {};
    }
}

function open(isOpen, { focus = true } = {}) {
    panel.hidden = !isOpen;
    button()?.setAttribute("aria-expanded", String(isOpen));
    keep();
    if (focus) (isOpen ? screen() : button())?.focus();
}

function put(text, at = text.length) {
    const field = screen();
    field.value = text;
    field.setSelectionRange(at, at);
    field.scrollLeft = field.scrollWidth;
    isDone = false;
    keep();
}

// Signs pressed go in where the caret stands, or instead of a result.
function insert(signs) {
    const field = screen();
    const goesOn = isDone && "+−×÷%".includes(signs);
    const from = goesOn ? field.value.length : field.selectionStart;
    const to = goesOn ? from : field.selectionEnd;
    put(field.value.slice(0, from) + signs + field.value.slice(to), from + signs.length);
}

function solve() {
    const field = screen();
    const said = panel.querySelector("[role=status]");
    if (!field.value.trim()) return;
    try {
        const result = work(field.value, { comma, last });
        said.textContent = `${field.value} = ${result.text}`;
        said.classList.remove("is-bad");
        last = result;
        put(result.text);
        field.select();
        isDone = true;
    } catch (reason) {
        if (!(reason instanceof Unworkable)) throw reason;
        said.textContent = said.dataset[reason.message];
        said.classList.add("is-bad");
    }
}

const ACTS = {
    solve,
    clear() {
        panel.querySelector("[role=status]").textContent = "";
        put("");
    },
    back() {
        const { value, selectionStart: from, selectionEnd: to } = screen();
        const start = from === to ? Math.max(0, from - 1) : from;
        put(value.slice(0, start) + value.slice(to), start);
    },
    sign() { put(turnSign(screen().value)); },
};

function typed(event) {
    if (event.key === "Enter" || event.key === "=") {
        event.preventDefault();
        solve();
    } else if (isDone && event.key.length === 1 && "+-*/%".includes(event.key)) {
        screen().setSelectionRange(screen().value.length, screen().value.length);
    }
}

function startPanel() {
    const stored = recall();
    panel.querySelectorAll("[data-lms-sign]").forEach((key) => {
        if (key.dataset.lmsSign === "." && comma) key.dataset.lmsSign = key.textContent = ",";
    });
    panel.addEventListener("click", (event) => {
        const key = event.target.closest("button");
        if (!key) return;
        if (key.dataset.lmsSign) insert(key.dataset.lmsSign);
        else if (key.dataset.lmsAct === "close") open(false);
        else ACTS[key.dataset.lmsAct]();
    });
    panel.addEventListener("keydown", (event) => {
        if (event.key === "Escape") open(false);
    });
    screen().addEventListener("keydown", typed);
    screen().addEventListener("input", () => put(tidy(screen().value, comma), screen().selectionStart));
    if (stored.text) put(stored.text);
    open(Boolean(stored.isOpen), { focus: false });
    document.addEventListener("keydown", (event) => {
        if (!event.altKey || event.ctrlKey || event.metaKey || event.code !== "KeyK" || !button()) return;
        event.preventDefault();
        open(panel.hidden || !panel.contains(document.activeElement));
    });
}

export function startCalculator() {
    if (!button()) return;
    if (!panel) {
        panel = document.querySelector("[data-lms-calculator]");
        startPanel();
    }
    button().hidden = false;
    button().setAttribute("aria-expanded", String(!panel.hidden));
    button().addEventListener("click", () => open(panel.hidden));
}

// The open panel goes along to a page that has a place for it.
export function carryCalculator(main) {
    const place = main.querySelector("[data-lms-calculator]");
    if (place && panel) place.replaceWith(panel);
}

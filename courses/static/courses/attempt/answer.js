// What the form says, and how it is made to say something else.

import { here } from "./here.js";

const ROW = "answer.";
let sorters = [];

export function readAnswer() {
    const fields = [...here.form.elements].filter((field) => field.name?.startsWith("answer"));
    if (here.form.dataset.lmsShape === "rows") {
        const made = fields.filter((field) => (field.type === "radio" ? field.checked : field.value));
        return Object.fromEntries(made.map((field) => [field.name.slice(ROW.length), field.value]));
    }
    if (here.form.dataset.lmsShape === "options") {
        return fields.filter((field) => field.checked).map((field) => field.value);
    }
    return fields[0].value;
}

export function restore(value) {
    for (const field of here.form.elements) {
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

/* Lines that are put in order can be moved; the numbers follow, and remain for who prefers them. */

export function startOrderings() {
    sorters = [...document.querySelectorAll("[data-lms-ordering]")].map(startOrdering);
}

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
    return sort;
}

// The page that is open now: its pieces, and what is known of its answers. Turning a page keeps the
// document and calls `look` again.

export const here = {
    code: "", // the attempt's
    slot: null,
    status: null, // the element that says what is saved
    form: null, // of one question
    last: null, // the form that hands in
    acknowledged: "", // the answer of this place the server has, as text
};

export const state = {
    blocked: new Map(), // places with two answers to choose from
    trouble: "", // the word for what keeps answers from the server
    refused: null, // an answer the server could not read
    lost: 0, // answers that came too late
    hasSaved: false,
    isOver: false,
};

export const newId = () => crypto.randomUUID?.() ?? `${Date.now()}-${String(Math.random()).slice(2)}`;

export function look() {
    here.status = document.querySelector("[data-lms-attempt]");
    here.form = document.querySelector("[data-lms-answer]");
    here.last = document.querySelector("[data-lms-finish]");
    here.code = here.status?.dataset.lmsAttempt ?? "";
    here.slot = here.form ? Number(here.form.dataset.lmsAnswer) : null;
    state.hasSaved = Boolean(here.status?.querySelector("[data-lms-saved]").textContent);
}

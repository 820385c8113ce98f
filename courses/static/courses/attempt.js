// A test in the browser: each answer is sent as it is given and kept here until the server has it.

const WAIT = 400;
const form = document.querySelector("[data-lms-answer]");

function cookie(name) {
    const found = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

const ROW = "answer.";

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

const storageKey = (url) => `lms-answer:${url}`;

function startSaving() {
    const url = form.dataset.lmsAnswer;
    const said = form.querySelector("[data-lms-saved]");
    const base = form.elements.base_revision;
    const saveId = form.elements.save_id;
    let timer = 0;
    let running = false;
    let again = false;

    function say(state) {
        said.textContent = said.dataset[state];
        said.classList.toggle("is-bad", state !== "saved" && state !== "saving");
    }

    function keep(job) {
        localStorage.setItem(storageKey(url), JSON.stringify(job));
    }

    async function send(job) {
        const response = await fetch(url, {
            method: "POST",
            headers: {
                "Content-Type": "application/json",
                "X-CSRFToken": form.elements.csrfmiddlewaretoken.value || cookie("csrftoken"),
            },
            body: JSON.stringify(job),
        });
        if (response.status >= 500) throw new Error(response.statusText);
        return { status: response.status, body: await response.json() };
    }

    async function flush() {
        if (running) {
            again = true;
            return;
        }
        const waiting = localStorage.getItem(storageKey(url));
        if (!waiting) return;
        running = true;
        const job = { ...JSON.parse(waiting), base_revision: Number(base.value) };
        say("saving");
        try {
            const { status, body } = await send(job);
            if (status === 200) {
                base.value = body.revision;
                setClock(body.seconds_left);
                say("saved");
                document.querySelector("[aria-current=step]")?.classList.add("is-answered");
            } else if (status === 409) {
                say("stale");
            } else if (status === 410) {
                say("over");
            } else {
                said.textContent = body.error;
                said.classList.add("is-bad");
            }
            if (localStorage.getItem(storageKey(url)) === waiting) {
                localStorage.removeItem(storageKey(url));
            } else {
                again = true;
            }
        } catch {
            say("offline");
            setTimeout(flush, 2000);
        }
        running = false;
        if (again) {
            again = false;
            flush();
        }
    }

    form.addEventListener("input", () => {
        // The form carries the same id, so a save whose answer was lost on the way is not a conflict.
        saveId.value = crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2);
        keep({ value: readAnswer(), save_id: saveId.value });
        clearTimeout(timer);
        timer = setTimeout(flush, WAIT);
    });
    form.addEventListener("submit", () => {
        clearTimeout(timer);
        localStorage.removeItem(storageKey(url));
    });
    window.addEventListener("online", flush);

    const left = localStorage.getItem(storageKey(url));
    if (left) {
        restore(JSON.parse(left).value);
        flush();
    }
}

function restore(value) {
    for (const field of form.elements) {
        if (!field.name?.startsWith("answer")) continue;
        const wanted = field.name.startsWith(ROW) ? value[field.name.slice(ROW.length)] ?? "" : value;
        if (field.type === "radio" || field.type === "checkbox") {
            field.checked = [wanted].flat().includes(field.value);
        } else {
            field.value = wanted;
        }
    }
}

// Lines that are put in order can be moved; the numbers follow, and remain for who prefers them.
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
}

const clock = document.querySelector("[data-lms-clock]");
let endsAt = 0;

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
        const said = clock.querySelector("[data-lms-clock-said]");
        said.textContent = left === 60 ? said.dataset.one : `${minutes} ${said.dataset.many}`;
    }
    if (left === 0) finish();
    else setTimeout(tick, 1000 - (performance.now() % 1000));
}

function finish() {
    const submit = document.querySelector("[data-lms-finish]");
    if (submit) submit.requestSubmit();
    else location.assign(clock.dataset.lmsOver);
}

if (clock) {
    setClock(Number(clock.dataset.lmsClock));
    tick();
}
if (form) startSaving();
document.querySelectorAll("[data-lms-ordering]").forEach(startOrdering);

/* Small helps upon pages that work without them: copying, dialogs, local time, unsaved forms. */

const each = (selector, act) => document.querySelectorAll(selector).forEach(act);

/* Copying: text/html beside text/plain, so that a mail keeps the picture and a chat the words. */
async function copy(text, html) {
    if (html && window.ClipboardItem && navigator.clipboard?.write) {
        const part = (type, value) => [type, new Blob([value], { type })];
        const item = Object.fromEntries([part("text/plain", text), part("text/html", html)]);
        await navigator.clipboard.write([new ClipboardItem(item)]);
        return;
    }
    await navigator.clipboard.writeText(text);
}

function readyToCopy(root) {
    const button = root.querySelector("button");
    const text = root.querySelector("[data-lms-copy-text]");
    const html = root.querySelector("[data-lms-copy-html]");
    const said = root.querySelector("[aria-live]");
    if (!navigator.clipboard) return;
    button.hidden = false;
    root.classList.add("lms-copy--ready");
    button.addEventListener("click", async () => {
        said.textContent = "";
        try {
            await copy(text.value, html?.value);
            said.classList.remove("failed");
            said.textContent = said.dataset.copied;
        } catch {
            root.classList.remove("lms-copy--ready");
            text.select();
            said.classList.add("failed");
            said.textContent = said.dataset.failed;
        }
    });
}

/* Dialogs: the link leads to a confirm page; with JavaScript the same question opens here. */
function readyToAsk(link) {
    const dialog = document.getElementById(link.dataset.lmsDialog);
    if (!dialog?.showModal) return;
    link.setAttribute("role", "button");
    link.setAttribute("aria-haspopup", "dialog");
    link.addEventListener("keydown", (event) => {
        if (event.key !== " ") return;
        event.preventDefault();
        link.click();
    });
    link.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        dialog.showModal();
    });
    dialog.addEventListener("click", (event) => {
        if (event.target === dialog) dialog.close();
    });
}

/* Times: the reader's zone, the page's language; English without a country is British here. */
const language = document.documentElement.lang;
const locale = language === "en" ? "en-GB" : language;

const SHOW = {
    date: { dateStyle: "long" },
    time: { timeStyle: "short" },
    datetime: { dateStyle: "long", timeStyle: "short" },
};

function toLocal(element) {
    const moment = new Date(element.dateTime);
    if (Number.isNaN(moment.valueOf())) return;
    const style = SHOW[element.dataset.lmsLocal] ?? SHOW.datetime;
    element.title = element.textContent.trim();
    element.textContent = new Intl.DateTimeFormat(locale, style).format(moment);
}

/* Forms: ask before what was typed is lost. */
function guard(form) {
    let changed = false;
    form.addEventListener("input", () => { changed = true; });
    form.addEventListener("submit", () => { changed = false; });
    window.addEventListener("beforeunload", (event) => {
        if (changed) event.preventDefault();
    });
}

each("[data-lms-copy]", readyToCopy);
each("[data-lms-dialog]", readyToAsk);
each("time[data-lms-local]", toLocal);
each("form[data-lms-unsaved]", guard);

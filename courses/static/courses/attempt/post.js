// One way of telling the server something.

import { here } from "./here.js";
import { setClock } from "./clock.js";

function cookie(name) {
    const found = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

export function post(url, body, more = {}) {
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

// Thrown by its word: the line is down, nobody is signed in, or the test is paused.
export async function send(url, body, patience) {
    const response = await post(url, body, { signal: AbortSignal.timeout(patience) });
    if (response.type === "opaqueredirect" || response.status === 403) throw new Error("signedout");
    if (response.status === 423) throw new Error("paused");
    if (response.status >= 500 || response.status === 429) throw new Error("offline");
    const told = { status: response.status, body: await response.json() };
    if (told.body.seconds_left !== undefined) setClock(told.body.seconds_left);
    return told;
}

/* What an appeal may ask: the window left, and when the line was back. */

export function tell(kind, seconds) {
    const body = { kind, slot: here.slot, seconds };
    const sent = post(here.status.dataset.lmsEvents, body, { keepalive: true });
    return sent.then((response) => response.json()).then((answer) => {
        if (answer.seconds_left !== undefined) setClock(answer.seconds_left);
    }).catch(() => {}); // the log has gaps where there was no line
}

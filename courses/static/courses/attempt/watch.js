// The window left, and back in it: an appeal may ask.

import { tell } from "./post.js";

export function startWatching() {
    let leftAt = 0;
    let told = false;
    let soon = 0;
    const away = () => document.hidden || !document.hasFocus();
    const leave = () => {
        leftAt ||= Date.now();
        clearTimeout(soon);
        // Loading a page leaves the window too; a second later that page is gone.
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

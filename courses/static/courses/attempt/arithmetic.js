// Arithmetic as people write it, worked out in whole fractions: 0.1 + 0.2 is 0.3. Nothing is run as
// code. The only number that is rounded on the way is a square root that does not come out even.

export class Unworkable extends Error {} // its message is the word for what is wrong

const LONGEST = 100; // characters
const DIGITS = 12; // that a result shows
const WIDEST = 15; // places before or after the point, before it is written with a power of ten
const FEWEST = -6;
const ROOT = 10n ** 40n; // a square root is exact to so many places
const FARTHEST = 99;

/* Fractions: [above, below], below > 0. */

const size = (number) => (number < 0n ? -number : number);

function divisor(one, other) {
    let [a, b] = [size(one), other];
    while (b) [a, b] = [b, a % b];
    return a;
}

function fraction(above, below = 1n) {
    if (below === 0n) throw new Unworkable("zero");
    const common = divisor(above, size(below)) || 1n;
    return below < 0n ? [-above / common, -below / common] : [above / common, below / common];
}

const add = ([a, b], [c, d]) => fraction(a * d + c * b, b * d);
const negate = ([a, b]) => [-a, b];
const times = ([a, b], [c, d]) => fraction(a * c, b * d);
const over = ([a, b], [c, d]) => fraction(a * d, b * c);

function wholeRoot(number) {
    if (number < 2n) return number;
    let guess = 1n << BigInt((number.toString(2).length + 1) >> 1);
    for (;;) {
        const better = (guess + number / guess) >> 1n;
        if (better >= guess) return guess;
        guess = better;
    }
}

function root([above, below]) {
    if (above < 0n) throw new Unworkable("root");
    const [a, b] = [wholeRoot(above), wholeRoot(below)];
    if (a * a === above && b * b === below) return [a, b];
    return fraction(wholeRoot((above * ROOT * ROOT) / below), ROOT);
}

/* Reading: a sum of products of signed values, each with its roots, brackets and percents. */

const NUMBER = /^(\d+\.?\d*|\.\d+)(?:E([+−]?\d{1,3}))?/;

function number(text) {
    const [all, digits, power = "0"] = NUMBER.exec(text);
    const [whole, part = ""] = digits.split(".");
    const shift = Number(power.replace("−", "-"));
    if (Math.abs(shift) > FARTHEST) throw new Unworkable("large");
    const value = fraction(BigInt(whole + part), 10n ** BigInt(part.length));
    const scale = [10n ** BigInt(Math.abs(shift)), 1n];
    return { length: all.length, value: shift < 0 ? over(value, scale) : times(value, scale) };
}

class Reader {
    constructor(text, last) {
        this.text = text;
        this.at = 0;
        this.last = last;
    }

    get sign() {
        return this.text[this.at] ?? "";
    }

    take(signs) {
        if (!this.sign || !signs.includes(this.sign)) return "";
        this.at += 1;
        return this.text[this.at - 1];
    }

    // 200 + 10 % is 220, as on any calculator: the percent is of what stands before it.
    sum() {
        let value = this.product().value;
        for (let sign = this.take("+−"); sign; sign = this.take("+−")) {
            const part = this.product();
            const amount = part.isPercent ? times(value, part.value) : part.value;
            value = add(value, sign === "+" ? amount : negate(amount));
        }
        return value;
    }

    product() {
        let { value, isPercent } = this.signed();
        for (;;) {
            const sign = this.take("×÷") || ("(√".includes(this.sign || " ") ? "×" : "");
            if (!sign) return { value, isPercent };
            const factor = this.signed().value;
            value = sign === "×" ? times(value, factor) : over(value, factor);
            isPercent = false;
        }
    }

    signed() {
        if (this.take("−")) {
            const { value, isPercent } = this.signed();
            return { value: negate(value), isPercent };
        }
        this.take("+");
        let value = this.value();
        let isPercent = false;
        while (this.take("%")) {
            value = over(value, [100n, 1n]);
            isPercent = true;
        }
        return { value, isPercent };
    }

    value() {
        if (this.take("√")) return root(this.take("−") ? negate(this.value()) : this.value());
        if (this.take("(")) {
            const value = this.sum();
            if (this.sign) this.expect(")"); // at the end brackets may stay open
            return value;
        }
        if (!NUMBER.test(this.text.slice(this.at))) throw new Unworkable("unclear");
        return this.number();
    }

    // The result before counts whole, and not as it was rounded to be shown.
    number() {
        const { length, value } = number(this.text.slice(this.at));
        const isLast = this.last && this.text.slice(this.at, this.at + length) === this.last.text;
        this.at += length;
        return isLast ? this.last.value : value;
    }

    expect(sign) {
        if (!this.take(sign)) throw new Unworkable("unclear");
    }
}

/* Writing: twelve digits, rounded half away from zero. */

function scaled([above, below], places) {
    const power = 10n ** BigInt(Math.abs(places));
    const [a, b] = places >= 0 ? [above * power, below] : [above, below * power];
    return (2n * a + b) / (2n * b);
}

function write(value) {
    const positive = [size(value[0]), value[1]];
    if (positive[0] === 0n) return "0";
    const sign = value[0] < 0n ? "−" : "";
    const isWhole = value[1] === 1n && positive[0].toString().length <= WIDEST;
    if (isWhole) return `${sign}${positive[0]}`;
    // How many digits stand before the point; below one, how many zeros follow it, negative.
    let before = positive[0].toString().length - positive[1].toString().length;
    while (scaled(positive, DIGITS - before).toString().length > DIGITS) before += 1;
    const digits = scaled(positive, DIGITS - before).toString();
    if (Math.abs(before) > FARTHEST) throw new Unworkable("large");
    return sign + place(digits, before);
}

function place(digits, before) {
    const point = (text, at) => `${text.slice(0, at)}.${text.slice(at)}`.replace(/\.?0*$/, "");
    if (before > WIDEST || before < FEWEST) {
        const power = before - 1;
        return `${point(digits, 1)}E${power < 0 ? "−" : ""}${Math.abs(power)}`;
    }
    if (before > digits.length) return digits.padEnd(before, "0");
    return before > 0 ? point(digits, before) : point(`0${"0".repeat(-before)}${digits}`, 1);
}

/* The whole: what is typed, in signs of one's language. */

const SIGNS = {
    "*": "×", "x": "×", "х": "×", "·": "×", "/": "÷", ":": "÷", "-": "−", "–": "−", "r": "√",
};

export function tidy(text, comma) {
    const signs = [...text].map((sign) => SIGNS[sign.toLowerCase()] ?? sign).join("");
    return comma ? signs.replace(/\./g, ",") : signs;
}

// Returns { text, value }: what to show, and the same unrounded, to be handed in with the next.
export function work(typed, { comma = false, last = null } = {}) {
    if (typed.length > LONGEST) throw new Unworkable("large");
    const clean = tidy(typed, comma).replace(/[\s\u00a0\u202f]/g, "").toUpperCase();
    const reader = new Reader(comma ? clean.replace(/,/g, ".") : clean, last && absolute(last));
    const value = reader.sum();
    if (reader.sign) throw new Unworkable("unclear");
    const text = write(value);
    return { text: comma ? text.replace(".", ",") : text, value };
}

const absolute = ({ text, value: [above, below] }) => ({
    text: text.replace(",", ".").replace("−", ""),
    value: [size(above), below],
});

// The sign of what stands there turns round; a longer line is put in brackets.
export function turnSign(text) {
    if (/^−\([^()]*\)$/.test(text)) return text.slice(2, -1);
    if (/^−[\d.,]+(E[+−]?\d+)?$/.test(text)) return text.slice(1);
    return /^[\d.,]*(E[+−]?\d+)?$/.test(text) ? `−${text}` : `−(${text})`;
}

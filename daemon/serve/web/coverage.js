// Hour by hour: what each source was read, and why not where it was not.
import { byId, el, foldedTable, stranger, swap } from "./dom.js";
import { definitionButton } from "./definitions.js";
import { duration, known, percent, plural } from "./words.js";
import { moment } from "./times.js";

const shown_hours = 48;
const tones = { S: "good", E: "plain", R: "bad", F: "bad", T: "middle", P: "faint", B: "bad" };

export function showCoverage({ total, sources, legend, hours_from_utc: from }) {
  const states = new Map(legend.map(({ letter, state }) => [letter, state]));
  const columns = [{ title: "Source" }, { title: "Covered" }, { title: "Hours, the last on the right", roomy: true }];
  const rows = [...sources].sort((a, b) => (a.coverage ?? 0) - (b.coverage ?? 0) || a.source.localeCompare(b.source))
    .map((each) => [stranger(each.source), covered(each), strip(each.hours, states, Date.parse(from))]);
  swap(byId("coverage-lead"), sentence(total));
  swap(byId("coverage-table"), rows.length
    ? [explained(legend), foldedTable(`The last ${shown_hours} hours of each source, the least covered first`, columns, rows, "sources, hour by hour")]
    : el("p", { class: "waiting" }, "No source is planned, so nothing is covered."));
}

function sentence({ value, refilled, longest_gap_s: gap, reason }) {
  const words = known(value)
    ? `${percent(value)} of the planned time is covered${refilled > 0 ? `, ${percent(refilled)} only afterwards` : ""}; the longest gap of a source is ${duration(gap ?? 0)}. `
    : `Unknown: ${reason}. `;
  return [words, definitionButton("M-14", "coverage")];
}

function covered({ coverage, refilled_s: refilled, longest_gap_s: gap }) {
  const rest = [gap > 0 ? `longest gap ${duration(gap)}` : "no gap", refilled > 0 ? `${duration(refilled)} refilled` : null];
  return [known(coverage) ? percent(coverage) : "not planned", el("div", { class: "background" }, rest.filter(Boolean).join(", "))];
}

function explained(legend) {
  const words = legend.map(({ letter, state, words: meaning }) => `${letter} ${state}: ${meaning}`);
  return el("p", { class: "background" }, `${words.join(". ")}. A small letter: refilled, read only afterwards.`);
}

/// A letter an hour; in words, how many hours each state had.
function strip(hours, states, from) {
  const letters = Array.from(hours);
  const first = Math.max(0, letters.length - shown_hours);
  const counts = new Map();
  const cells = letters.slice(first).map((letter, at) => {
    const big = letter.toUpperCase();
    const state = `${states.get(big) ?? letter}${letter === big ? "" : ", refilled"}`;
    counts.set(state, (counts.get(state) ?? 0) + 1);
    const begins = moment(new Date(from + (first + at) * 3600_000).toISOString()).textContent;
    return el("span", { class: `hour ${tones[big] ?? "faint"}`, title: `${begins}: ${state}` }, letter);
  });
  const words = [...counts].map(([state, n]) => `${plural(n, "hour")} ${state}`).join("; ");
  return cells.length ? el("div", { class: "strip", role: "img", "aria-label": words }, cells) : "nothing planned yet";
}

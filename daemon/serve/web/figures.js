// A figure never stands alone: its coverage, its age, its definition and its state stand with it.
import { byId, el, stranger, swap, table } from "./dom.js";
import { definitionButton } from "./definitions.js";
import { amount, audienceSentence, covered, erased, intervalSentence, known, number, pressSentence, reasonOf } from "./words.js";
import { since } from "./times.js";

const headline = [
  { name: "mentions", title: "Mentions", about: () => "posts with the hashtag, each counted once" },
  { name: "authors", title: "Accounts", about: () => "accounts, not people" },
  { name: "audience", title: "Audience", wide: true, about: audienceSentence },
  { name: "actions", title: "Reactions", about: () => "likes, reposts, quotes and replies" },
  { name: "articles", title: "Articles", about: pressSentence },
];

const apart = [
  { name: "variant", title: "Misspelt, translated and look-alike tags" },
  { name: "plain", title: "The tag without #" },
  { name: "phrase", title: "The campaign's phrase" },
  { name: "link", title: "A link to the campaign" },
  { name: "outlets", title: "Outlets that published the articles" },
  { name: "syndicated", title: "Articles that copy another's text" },
  { name: "articles_owned", title: "Articles on partners' own sites" },
  { name: "articles_distributed", title: "Press releases on wires" },
  { name: "opted_out", title: "Left out because the author opted out" },
  { name: "coverage", title: "Coverage of all sources" },
];

export function showFigures(figures) {
  const present = (list) => list.filter(({ name }) => figures[name]);
  swap(byId("cards"), present(headline).map((entry) => card(entry, figures[entry.name], figures)));
  const rows = present(apart).map(({ name, title }) => figureRow(title, figures[name], name));
  swap(byId("apart"), table("Counted too, and never added to the mentions", figureColumns, rows));
}

/// A table of figures has a row for each: its name, its value, how well it is known, what it means.
export const figureColumns = [{ title: "Figure" }, { title: "Value", number: true }, { title: "Covered, and age of the oldest reading" }, { title: "Definition" }];
export const figureRow = (title, figure, place) => [title, value(figure), background(figure), definitionButton(figure.definition, place)];

function card({ name, title, wide, about }, figure, figures) {
  const text = amount(figure);
  return el("article", { class: wide ? "card wide" : "card", "data-status": figure.status },
    el("h3", {}, title, " ", definitionButton(figure.definition, "card")),
    el("p", { class: text ? "amount" : "amount unknown" }, text ?? "unknown", " ", text && figure.unit !== "share" ? el("span", { class: "unit" }, figure.unit) : null),
    intervalSentence(figure) ? el("p", { class: "about" }, intervalSentence(figure)) : null,
    el("p", { class: "about" }, about(figure, figures)),
    state(figure),
    el("p", { class: "background" }, background(figure)));
}

/// What the captions of tables of figures promise about their cells.
export const cellLegend = "Under each number: the share of planned time covered, the longest gap if there is one, and the age of the oldest reading. Reactions grow between readings: by now they lie in the range beside \"by now\", nine times in ten.";

/// The value of a figure in a table: the number, its state, its coverage and age.
export function figureCell(figure) {
  const { coverage, oldest_reading_utc: oldest } = figure;
  if (amount(figure) === null && !known(coverage) && !oldest) return value(figure);
  return [value(figure, true), el("div", { class: "background" }, `${covered(figure, "covered")}, `, oldest ? since(oldest) : "age unknown")];
}

function value(figure, brief = false) {
  const text = amount(figure);
  if (!text) return el("span", { class: "unknown" }, "unknown: ", stranger(reasonOf(figure)));
  const interval = intervalSentence(figure, brief);
  return [el("span", { class: "value" }, text), interval ? el("div", { class: "background" }, interval) : null, state(figure)];
}

function state(figure) {
  if (figure.status === "ok" && amount(figure)) return null;
  const word = amount(figure) === null ? "unknown" : figure.status;
  // The share of covered time stands beside every number: as a reason it is not said twice.
  const said = word === "incomplete" && reasonOf(figure).endsWith("of the planned time is covered");
  return el("p", { class: "state" }, el("strong", {}, word), said ? null : [": ", stranger(reasonOf(figure))]);
}

function background(figure) {
  const { oldest_reading_utc: oldest, n, range } = figure;
  const time = covered(figure);
  return [
    time ? `${time}; ` : null,
    oldest ? ["oldest reading ", since(oldest)] : "age of the readings unknown",
    known(n) ? `; n = ${number(n)}` : null,
    range === "interval95" && known(figure.value) ? "; 95 % interval" : null,
    erased(figure) ? `; ${erased(figure)}` : null,
  ];
}

// What the numbers are worth: who is behind them, what is not in them, and how sure they are.
import { byId, el, stranger, swap, table } from "./dom.js";
import { figureColumns, figureRow } from "./figures.js";
import { known, number, percent, plural, reasonOf } from "./words.js";

const groups = [
  { caption: "What is in the mentions, what is not, and what has come since", ids: ["M-17", "M-01-opted-out", "M-15", "M-16", "M-07-gained", "M-07-growth", "M-05", "impressions", "M-11"] },
  { caption: "Rates: each of sums, over the posts that say both", ids: ["M-08", "M-08-followers", "M-08-median", "M-08-views", "M-09-amplification", "M-09-applause", "M-09-conversation", "M-10"] },
  { caption: "YouTube, as it reports itself: in no sum, rate or bound", ids: ["M-06-youtube", "M-07-youtube-likes", "M-07-youtube-comments"] },
];

export function showMethod({ mentions, concentration, figures, actual_impressions: impressions }) {
  const all = { ...figures, impressions };
  const tables = groups.map(({ caption, ids }) => table(caption, figureColumns, ids.filter((id) => all[id]).map((id) => row(id, all[id]))));
  swap(byId("method-table"), concentration ? behind(concentration) : nobody(mentions), tables);
}

const nobody = (mentions) => el("p", { class: "lead" }, "Who is behind the mentions is unknown: ", stranger(reasonOf(mentions)), ".");
const row = (id, figure) => figureRow([stranger(figure.name), el("div", { class: "background" }, stranger(figure.unit))], figure, `method-${id}`);

/// On how few accounts the mentions rest, and how many would be left without what each row speaks of.
function behind({ all, without_bots: people }) {
  const columns = [{ title: "Of the mentions" }, { title: "All", number: true }, { title: "Without declared bots", number: true }];
  const both = (title, cell) => [title, cell(all), people ? cell(people) : unknown("withheld, as fewer than three accounts say so")];
  const rows = [
    both("Posts", ({ posts }) => number(posts)),
    both("Accounts", ({ accounts }) => number(accounts)),
    both("Share of the five accounts that posted most", topFive),
    both("Gini coefficient of posts over accounts: 0 even, 1 all by one", ({ gini }) => (known(gini) ? number(gini) : unknown("fewer than two accounts"))),
    both("Posts in bursts of copies: the same words by at least three accounts within an hour", copies),
  ];
  return table("Who is behind the mentions. An account is a bot that says so itself; nobody is guessed to be one, and nobody is named.", columns, rows);
}

const unknown = (why) => el("span", { class: "unknown" }, `unknown: ${why}`);
const left = (posts) => el("div", { class: "background" }, `${plural(posts, "post")} without them`);

function topFive({ posts, accounts, share_of_top_five: share, posts_of_top_five: theirs }) {
  if (!known(share)) return unknown("there are no posts");
  return accounts < 5 ? [percent(share), el("div", { class: "background" }, "fewer than five accounts")] : [percent(share), left(posts - theirs)];
}

function copies({ posts, bursts }) {
  return bursts.posts > 0 ? [`${number(bursts.posts)}, of ${plural(bursts.texts, "text")}`, left(posts - bursts.posts)] : number(0);
}

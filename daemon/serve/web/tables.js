// The four tables under the chart.
import { byId, el, foldedTable, linkOut, stranger, swap, table, tame, webAddress } from "./dom.js";
import { definitionButton } from "./definitions.js";
import { cellLegend, figureCell } from "./figures.js";
import { articleKind, duration, evidenceWords, kindWords, known, matchWords, number, partnerStates, percent, performanceWords, platformName, plural, sourceStates } from "./words.js";
import { moment, since, until } from "./times.js";

/// "Definitions: Mentions (M-01)", above the table: on a narrow screen it has no headings to click.
function definitionsOf(rows, titles, place) {
  const buttons = Object.entries(titles).map(([name, title]) => {
    const id = rows.find((row) => row[name]?.definition)?.[name].definition;
    return id ? el("span", { class: "defined" }, `${title} `, definitionButton(id, `${place}-${name}`)) : null;
  });
  return el("p", { class: "definitions" }, "Definitions: ", buttons);
}

function badge(states, state, n) {
  const { sign, tone, words } = states[state] ?? { sign: "?", tone: "faint", words: () => tame(state) };
  return el("span", { class: `badge ${tone}` }, el("span", { class: "sign", "aria-hidden": "true" }, sign), ` ${words(n)}`);
}

function tally(rows, states, words) {
  const counts = Object.keys(states).map((state) => [state, rows.filter((row) => row.state === state).length]);
  return counts.filter(([, n]) => n > 0).map(([state, n]) => `${number(n)} ${words[state]}`).join(", ");
}

/// In the order of the states, unknown ones first; those of one state stay as they were.
function byState(rows, states) {
  const order = Object.keys(states);
  return [...rows].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
}

const unknown = (why) => el("span", { class: "unknown" }, `unknown: ${why}`);
const nothing = (text) => el("p", { class: "waiting" }, text);

export function showPlatforms(platforms) {
  const columns = [{ title: "Platform" }, { title: "Mentions", number: true }, { title: "Accounts", number: true },
    { title: "Reactions", number: true }, { title: "Articles", number: true }];
  const definitions = definitionsOf(platforms, { mentions: "Mentions", authors: "Accounts", actions: "Reactions", articles: "Articles" }, "platforms");
  const rows = platforms.map((row) => [
    stranger(platformName(row.platform)), figureCell(row.mentions), figureCell(row.authors), figureCell(row.actions), figureCell(row.articles),
  ]);
  swap(byId("platforms-table"), rows.length
    ? [definitions, table(`What was seen on each platform. ${cellLegend} A platform that is not listed is not watched.`, columns, rows)]
    : nothing("No platform is configured."));
}

const partnerTally = {
  used_tag: "used the tag", posted_without: "posted without it", nothing_seen: "with nothing seen",
  not_readable: "not readable", no_channel: "without a configured channel",
};

export function showPartners(partners) {
  const columns = [{ title: "Organisation" }, { title: "State" }, { title: "Mentions", number: true },
    { title: "Reactions", number: true }, { title: "Articles", number: true }, { title: "Last post" }];
  const definitions = definitionsOf(partners, { mentions: "Mentions", actions: "Reactions", articles: "Articles" }, "partners");
  const rows = byState(partners, partnerStates).map((row) => [
    [stranger(row.name), el("div", { class: "background" }, stranger([country(row.country), row.type].filter(Boolean).join(", "))), background(evidenceWords(row.evidence))],
    [badge(partnerStates, row.state, row.watched), background(besides(row) && stranger(besides(row)))],
    figureCell(row.mentions), [figureCell(row.actions), background(performanceWords(row.performance))], figureCell(row.articles), lastPost(row),
  ]);
  const counts = tally(partners, partnerStates, partnerTally);
  byId("partners-lead").textContent = partners.length ? `Of ${plural(partners.length, "organisation")}: ${counts}. Not readable, and no channel, are not zeros: there the answer is missing.` : "";
  swap(byId("partners-table"), rows.length
    ? [definitions, foldedTable(`What was seen of each organisation, in no order of merit. ${cellLegend} "Its usual" is what its own earlier posts had at the same age.`, columns, rows, "organisations")]
    : nothing("No partner organisation is configured."));
}

const countries = new Intl.DisplayNames("en", { type: "region", fallback: "code" });

function country(code) {
  return /^[A-Z]{2}$/.test(code ?? "") ? countries.of(code) : code;
}

/// "2 posts without the tag; 1 of 3 channels read; no connector reads x"
function besides({ state, channels, watched, trouble, without_tag: posts, articles_without_tag: articles }) {
  const words = [];
  if (posts.value > 0) words.push(`${plural(posts.value, "post")} without the tag`);
  if (articles.value > 0) words.push(`${plural(articles.value, "article")} without it`);
  if (watched < channels && state !== "not_readable") words.push(`${watched} of ${plural(channels, "channel")} read`);
  if (trouble) words.push(trouble);
  return words.join("; ");
}

const whyNoPost = { no_channel: "no channel to read", not_readable: "its channels cannot be read" };

function lastPost({ state, last_post_utc: last }) {
  if (last) return since(last);
  if (state === "nothing_seen") return "none seen";
  return unknown(whyNoPost[state] ?? "no time was given");
}

export function showPosts(posts, partners, anythingRead) {
  const names = new Map(partners.map(({ id, name }) => [id, name]));
  const columns = [{ title: "Post" }, { title: "Published" }, { title: "Counts by" }, { title: "Partner" }, { title: "Reactions", roomy: true }];
  const rows = posts.map((post) => [
    postTitle(post),
    post.published_utc ? moment(post.published_utc) : unknown("no time was given"),
    [stranger(matchWords[post.class] ?? post.class), background(articleKind(post))],
    post.partner ? stranger(names.get(post.partner) ?? post.partner) : "not a partner",
    reactions(post),
  ]);
  swap(byId("posts-table"), rows.length
    ? table(`The latest ${plural(rows.length, "post")}, newest first`, columns, rows)
    : nothing(anythingRead
      ? "No post was found in what was watched. The table of sources below shows what that was."
      : "Nothing has been read yet, so whether there are posts is not known. The table of sources below shows when they are asked."));
}

const background = (words) => (words ? el("div", { class: "background" }, words) : null);

function postTitle({ title, url, platform, host, kind }) {
  const words = title || `${kindWords[kind] ?? "Post"} on ${host ?? platformName(platform)}`;
  const linkless = !url ? ", no link kept" : webAddress(url) ? null : ", its link is not a plain web address";
  const place = el("div", { class: "background" }, stranger(platformName(platform)), ", ", stranger(host ?? "host unknown"), linkless);
  return [url ? linkOut(url, words, `post/${url}`) : stranger(words), place];
}

const counters = ["likes", "reposts", "quotes", "replies", "views"];

/// "at least 12 likes, 0 replies", and under it what the platform did not say.
function reactions(post) {
  const said = counters.filter((name) => known(post[name])).map((name) => plural(post[name], singular[name], name));
  const unsaid = counters.filter((name) => !known(post[name]));
  const read = post.read_utc ? ["read ", since(post.read_utc)] : "time of reading unknown";
  if (said.length === 0) return [unknown("none given by the platform"), el("div", { class: "background" }, read)];
  const rest = unsaid.length ? `; ${list.format(unsaid)} unknown: not given by the platform` : null;
  return [`${post.lower_bound ? "at least " : ""}${said.join(", ")}`, el("div", { class: "background" }, read, rest)];
}

const list = new Intl.ListFormat("en-GB");
const singular = { likes: "like", reposts: "repost", quotes: "quote", replies: "reply", views: "view" };

const sourceTally = { failing: "failing", waiting: "waiting", paused: "paused", ok: "ok" };

export function showSources(sources) {
  const sorted = byState([...sources].sort((a, b) => a.id.localeCompare(b.id)), sourceStates);
  const columns = [{ title: "Source" }, { title: "State" }, { title: "Last success" }, { title: "Next try" }, { title: "Last found", number: true }, { title: "Covered", number: true }];
  const rows = sorted.map((source) => [
    [stranger(source.id), el("div", { class: "background" }, stranger([platformName(source.connector), source.host, source.software].filter(Boolean).join(", ")))],
    [badge(sourceStates, source.state), source.message ? el("div", { class: "message" }, stranger(source.message, 300)) : null],
    [source.last_success_utc ? since(source.last_success_utc) : "never yet", tried(source)],
    source.next_poll_utc ? until(source.next_poll_utc) : source.state === "paused" ? "none planned" : unknown("not planned yet"),
    found(source), coverage(source),
  ]);
  byId("sources-lead").textContent = sources.length ? `Of ${plural(sources.length, "source")}: ${tally(sources, sourceStates, sourceTally)}.` : "";
  swap(byId("sources-table"), rows.length
    ? foldedTable("Every source, the failing ones first. Last found: what the last successful poll that showed anything showed, never a sum of polls.", columns, rows, "sources")
    : nothing("No source is configured, so nothing is watched."));
}

function tried({ last_poll_utc: poll, last_success_utc: success }) {
  return poll && poll !== success ? el("div", { class: "background" }, "tried ", since(poll)) : null;
}

/// Of one poll: every poll shows a list's items again.
function found({ found: items, matched, last_success_utc: success }) {
  if (!known(items)) return unknown(success ? "the source does not say" : "not read yet");
  return [plural(items, "item"), el("div", { class: "background" }, known(matched) ? `${number(matched)} about the campaign` : "about the campaign: unknown")];
}

function coverage({ coverage: share, longest_gap_s: gap, last_success_utc: success }) {
  const longest = known(gap) ? (gap > 0 ? `longest gap ${duration(gap)}` : "no gap") : "longest gap unknown";
  return [known(share) ? percent(share) : unknown(success ? "not worked out yet" : "not read yet"), el("div", { class: "background" }, longest)];
}

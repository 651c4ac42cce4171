// The page asks every 15 seconds while somebody looks at it, and says so when nobody answers.
import { ask } from "./ask.js";
import { byId, el, say, stranger, swap, tame, unfoldOnPaper } from "./dom.js";
import { prepareDialog } from "./definitions.js";
import { showFigures } from "./figures.js";
import { showCoverage } from "./coverage.js";
import { showMethod } from "./method.js";
import { chartMayChange, showTimeline } from "./timeline.js";
import { showPartners, showPlatforms, showPosts, showSources } from "./tables.js";
import { capital, day, duration, storeTroubles } from "./words.js";
import { daemonTime, moment, setClock, tick, timeOfDay, zoneName } from "./times.js";

const pause_ms = 15_000;

// In this order: the summary brings clock and zone, the partners bring the names the posts use, and the sources tell
// whether there could be any.
const parts = [
  { name: "summary", path: "/api/v1/summary", show: showSummary, fills: ["sentence", "figures", "platforms"] },
  { name: "partners", path: "/api/v1/partners", show: ({ partners }) => showPartners(partners) },
  { name: "timeline", path: "/api/v1/timeline", show: (body) => showTimeline(body) },
  { name: "sources", path: "/api/v1/sources", show: ({ sources }) => showSources(sources) },
  { name: "coverage", path: "/api/v1/coverage", show: (body) => showCoverage(body) },
  { name: "method", path: "/api/v1/method", show: (body) => showMethod(body) },
  { name: "posts", path: "/api/v1/posts?limit=20", show: ({ posts }) => showPosts(posts, heard.partners?.body.partners ?? [], anythingRead()) },
];

// What the page's own address asks for goes with every question: /?as_of=2027-06-21&edition=2027
const asked = new URLSearchParams([...new URLSearchParams(location.search)].filter(([key]) => ["edition", "scope", "as_of"].includes(key)));
const withAsked = (path) => (asked.size ? `${path}${path.includes("?") ? "&" : "?"}${asked}` : path);

const heard = {};       // part -> its last good answer
const drawn = {};       // part -> what its drawing was made from
let silence = null;     // why nobody answers, or null
let timer = null;
let asking = false;

async function round() {
  asking = true;
  const answers = await Promise.all(parts.map(({ name, path }) => ask(withAsked(path), !heard[name])));
  asking = false;
  silence = answers.every((answer) => answer.silent) ? answers[0].why : null;
  parts.forEach((part, at) => take(part, answers[at]));
  showStanding();
  if (!document.hidden) timer = setTimeout(round, pause_ms);
}

function take(part, answer) {
  const problem = answer.body ? draw(part, answer) : answer.why;
  if (!problem) heard[part.name] = answer;
  for (const id of part.fills ?? [part.name]) byId(id).classList.toggle("old", Boolean(problem));
  say(`${part.name}-note`, silence ? null : problem && noteFor(part.name, problem));
}

/// Draws what changed. An answer that does not have the promised shape is a problem to tell, not an empty section.
function draw({ name, show }, answer) {
  const source = [answer.text, zoneName(), ...(name === "posts" ? [heard.partners?.text, anythingRead()] : [])].join("\n");
  if (drawn[name] === source) return null;
  try {
    show(answer.body, answer.received);
    drawn[name] = source;
    return null;
  } catch (error) {
    console.error(name, error);
    return "its answer does not have the expected shape";
  }
}

/// Whether a source has ever answered; nobody knows before the sources were heard of.
const anythingRead = () => heard.sources?.body.sources.some(({ last_success_utc: success }) => success) ?? true;

function noteFor(name, problem) {
  const age = heard[name] ? `What is shown here is ${duration((Date.now() - heard[name].received) / 1000)} old` : "Nothing is known here yet";
  return `${age}: the daemon answers, but not for this part (${tame(problem)}).`;
}

function showSummary(body, received) {
  setClock(body, body.edition.zone, received);
  document.title = `${tame(body.campaign.name)}: campaignd`;
  byId("campaign").textContent = tame(body.campaign.name);
  const scope = body.scope === "campaign_day" ? "the campaign day" : "the whole edition";
  const end = body.window.to_utc ? [" to ", moment(body.window.to_utc)] : " until now";
  swap(byId("facts"),
    el("span", {}, el("strong", {}, stranger(body.window.label))),
    el("span", {}, standing(body)),
    el("span", {}, `Edition ${tame(body.edition.id)}, campaign day ${tame(day(body.edition.day))}`),
    el("span", {}, `Figures for ${scope}, from `, moment(body.window.from_utc), end),
    el("span", {}, `Times in ${zoneName()}`),
    el("span", {}, `Privacy profile: ${tame(body.profile)}`));
  byId("sentence").textContent = tame(body.sentence, 600);
  showFigures(body.figures);
  showPlatforms(body.platforms);
}

/// "Preliminary, figures still rise; final on 4 July 2027"; of what is final, the seal.
function standing({ standing: { word, sentence }, edition }) {
  const seal = { href: `/report/seal.json?edition=${encodeURIComponent(edition.id)}`, "data-key": "seal" };
  return [capital(tame(sentence, 400)), word === "final" ? [" (", el("a", seal, "the seal"), ")"] : null];
}

/// What holds for the whole page: somebody answers or not, a test clock runs, the store takes no writing.
function showStanding() {
  document.body.classList.toggle("silent", silence !== null);
  const summary = heard.summary?.body;
  const banners = [
    silence && `The daemon does not answer (${silence}). ${summary ? "The numbers below are the last ones heard, and are getting old." : "No number has been heard yet."} Trying again every 15 seconds.`,
    summary?.as_of_utc && ["What was known on ", moment(summary.as_of_utc), ", under today's links between posts and without what was erased since. ", el("a", { href: location.pathname }, "Show what is known now")],
    summary?.clock && `Not real time: ${tame(summary.clock)}.`,
    summary?.configuration?.problem && refused(summary.configuration),
    summary && summary.store !== "ok" && (storeTroubles[summary.store] ?? `Collecting is paused: ${tame(summary.store)}.`),
  ].filter(Boolean);
  const nodes = banners.map((words) => el("p", { class: "banner" }, words));
  const texts = nodes.map(({ textContent }) => textContent).join("\n");
  if (drawn.banners !== texts) swap(byId("banners"), nodes);
  drawn.banners = texts;
  everySecond();
}

/// A configuration that was changed, and not taken.
function refused({ loaded_utc: loaded, problem }) {
  return ["The configuration was changed and cannot be used, so the one read on ", moment(loaded), " goes on: ", stranger(problem, 600)];
}

function everySecond() {
  tick();
  const last = heard.summary;
  if (!last) return;
  const age = duration(Math.max(0, Date.now() - last.received) / 1000);
  say("freshness", `As of ${timeOfDay(daemonTime(last.received))} (${zoneName()}), ${age} ago`);
}

function lookedAt() {
  clearTimeout(timer);
  if (!document.hidden && !asking) round();
}

/// Another moment is another page: it can be linked to, and kept.
byId("as-of").addEventListener("change", ({ target }) => {
  asked.delete("as_of");
  if (target.value) asked.set("as_of", target.value);
  location.search = asked;
});

prepareDialog();
chartMayChange();
unfoldOnPaper();
document.addEventListener("visibilitychange", lookedAt);
setInterval(everySecond, 1000);
round();

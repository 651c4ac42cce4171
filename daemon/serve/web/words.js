// From values to words. Pure: no document, no clock.

const hundredths = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 2 });
const twoDigits = new Intl.NumberFormat("en-GB", { maximumSignificantDigits: 2 });

export const known = (value) => value !== null && value !== undefined;
/// 1240 -> "1,240", 17.6667 -> "17.67"; what is small keeps two digits, so that it never reads "0".
export const number = (value) => (value !== 0 && Math.abs(value) < 0.1 ? twoDigits : hundredths).format(value);
export const plural = (n, one, many = `${one}s`) => `${number(n)} ${n === 1 ? one : many}`;

/// Under the number of articles: in how many outlets, and how many only copy a text.
export function pressSentence(figure, { outlets, syndicated } = {}) {
  if (!figure.value || !known(outlets?.value)) return "in the feeds and news pages that are read";
  const copies = syndicated?.value ? `; ${number(syndicated.value)} of them ${syndicated.value === 1 ? "copies" : "copy"} another's text` : "";
  return `in ${plural(outlets.value, "outlet")}${copies}`;
}

/// 0.97 -> "97 %". Rounds down, so that only the whole is "100 %", and only nothing is "0 %".
export function percent(share) {
  if (share > 0 && share < 0.001) return "under 0.1 %";
  const tenths = Math.floor(share * 1000 + 1e-9) / 10;
  return `${tenths >= 10 && tenths < 99 ? Math.floor(tenths) : tenths} %`;
}

export function duration(seconds) {
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h`;
  return `${number(Math.floor(seconds / 86400))} days`;
}

/// "2026-06-20" -> "20 June 2026"
export function day(date) {
  const at = Date.parse(date);
  return Number.isNaN(at) ? date : days.format(at);
}
const days = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", dateStyle: "long" });

export const reasonOf = (figure) => figure.reason ?? "the daemon gave no reason";

const showOf = ({ unit, range }) => {
  if (unit === "share") return percent;
  if (unit === "%") return (value) => `${number(value)} %`;
  return range?.startsWith("interval") ? (value) => number(Math.round(value)) : number;
};

/// What stands large: the value, its bounds, or null when neither is known.
export function amount(figure) {
  const show = showOf(figure);
  if (known(figure.value)) return told(figure, show(figure.value));
  const top = known(figure.high) ? show(figure.high) : known(figure.high_known) ? `${show(figure.high_known)} or more` : null;
  if (known(figure.low) && figure.low === figure.high) return show(figure.low);
  if (known(figure.low)) return top ? `${show(figure.low)} to ${top}` : `${show(figure.low)} or more`;
  if (top) return known(figure.high) ? `at most ${top}` : top;
  return null;
}

/// A value that is an estimate carries its interval, and one that is a lower bound says so.
function told(figure, value) {
  const span = spanOf(figure);
  if (figure.range === "interval95") return `at least about ${value}${span ? ` (${span.join(" to ")})` : ""}`;
  return !figure.range && known(figure.low) && !known(figure.high) ? `${value} or more` : value;
}

/// The ends of an interval in whole numbers, outwards; null where they are not known, or the same.
function spanOf({ low, high }) {
  if (!known(low) || !known(high) || Math.floor(low) >= Math.ceil(high)) return null;
  return [number(Math.floor(low)), number(Math.ceil(high))];
}

/// Under a value: what the truth lies between, nine times in ten. Reactions (M-07) are what was counted, and have grown
/// since. `brief` is for the cell of a table.
export function intervalSentence(figure, brief = false) {
  const span = figure.range === "interval90" && known(figure.value) ? spanOf(figure) : null;
  if (!span) return null;
  const grown = figure.definition === "M-07";
  if (brief) return `${span.join(" to ")}${grown ? " by now" : ""}`;
  return `between ${span.join(" and ")}${grown ? " by now" : ""}, nine times in ten${grown ? ": they grow between readings" : ""}`;
}

/// "97 % of planned time covered (3 % only afterwards), longest gap 2 h". Of coverage itself the share stands above.
export function covered(figure, how = "of planned time covered") {
  const { unit, coverage, refilled, longest_gap_s: gap } = figure;
  const later = refilled > 0 ? `${percent(refilled)} only afterwards` : null;
  const share = known(coverage) ? `${percent(coverage)} ${how}${later ? ` (${later})` : ""}` : "coverage unknown";
  return [unit === "share" ? later : share, gap > 0 ? `longest gap ${duration(gap)}` : null].filter(Boolean).join(", ");
}

/// Of an answer of the past: "12 posts were erased since".
export const erased = ({ erased_since: n }) => (n > 0 ? `${plural(n, "post")} ${n === 1 ? "was" : "were"} erased since` : null);

const whoseAudience = ({ numerator, denominator }) =>
  (known(denominator) ? `the followers of ${number(numerator)} of ${number(denominator)} authors are known` : "some authors' follower counts are unknown");

export const audienceSentence = (figure) => {
  const rest = "follower accounts could have been offered at least one post; how many saw one is not known.";
  if (amount(figure) === null) return null;
  if (figure.value === 0 || figure.high === 0) return "No post was found that could have been offered to anybody.";
  if (known(figure.value) || (known(figure.low) && figure.low === figure.high)) return `This many ${rest}`;
  if (!known(figure.low)) return `${capital(amount(figure))} ${rest}`;
  if (known(figure.high)) return `Between ${number(figure.low)} and ${number(figure.high)} ${rest}`;
  if (known(figure.high_known)) {
    return `Between ${number(figure.low)} and ${number(figure.high_known)} or more ${rest} No upper bound: ${whoseAudience(figure)}.`;
  }
  return `${number(figure.low)} or more ${rest}`;
};

export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

const platformNames = {
  bluesky: "Bluesky", feed: "Feeds", lemmy: "Lemmy", mastodon: "Mastodon", misskey: "Misskey",
  page: "News pages without a feed", peertube: "PeerTube", pixelfed: "Pixelfed", reddit: "Reddit", telegram: "Telegram", youtube: "YouTube",
};
export const platformName = (id) => (Object.hasOwn(platformNames, id) ? platformNames[id] : id);

/// Why a post counts, in words.
export const matchWords = {
  hashtag: "the hashtag", variant: "a variant of the hashtag", plain: "the tag without #", phrase: "the campaign's phrase", link: "a link to the campaign",
};

/// What an article is when it is no plain media pickup; null when it is.
export function articleKind({ relation, copy }) {
  const whose = { owned: "partner's page", distribution: "press-release wire" }[relation];
  return whose ?? (copy ? "copy of another article's text" : null);
}

/// What a post without a kept title is called.
export const kindWords = { original: "Post", reply: "Reply", quote: "Quote", article: "Article", video: "Video" };

/// What ties an organisation's accounts to it: "verified link, domain handle".
export function evidenceWords(evidence = []) {
  const whys = [...new Set(evidence.map(({ why }) => why))];
  const checked = whys.filter((why) => why !== "configured");
  return checked.length ? checked.join(", ") : whys.length ? "accounts as configured" : null;
}

/// "1.8 times its usual (5 posts)": beside the organisation's own earlier posts; null where that is not known.
export function performanceWords({ value, n } = {}) {
  if (!known(value)) return null;
  return `${value === 1 ? "as usual" : `${twoDigits.format(value)} times its usual`} (${plural(n, "post")})`;
}

/// A sign beside the words, so that states differ without colour and read the same without the sign.
export const partnerStates = {
  used_tag: { sign: "●", tone: "good", words: () => "used the tag" },
  posted_without: { sign: "◐", tone: "middle", words: () => "posted without it" },
  nothing_seen: { sign: "○", tone: "plain", words: (n) => `nothing seen on ${plural(n, "watched channel")}` },
  not_readable: { sign: "✕", tone: "bad", words: () => "channels known but not readable" },
  no_channel: { sign: "□", tone: "faint", words: () => "no channel configured" },
};

export const sourceStates = {
  failing: { sign: "✕", tone: "bad", words: () => "failing" },
  waiting: { sign: "◌", tone: "middle", words: () => "waiting" },
  paused: { sign: "□", tone: "faint", words: () => "paused" },
  ok: { sign: "●", tone: "good", words: () => "ok" },
};

export const storeTroubles = {
  full: "Collecting is paused: the disk is full. The figures below stand still until there is room again.",
  locked: "Collecting is paused: another process holds the database. The figures below stand still meanwhile.",
  io: "Collecting is paused: the disk reports errors. The figures below stand still; please look at the disk.",
};

// From values to words. Pure: no document, no clock.

const integers = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 20 });

export const known = (value) => value !== null && value !== undefined;
export const number = (value) => integers.format(value);
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

/// What stands large: the value, its bounds, or null when neither is known.
export function amount(figure) {
  const show = figure.unit === "share" ? percent : number;
  if (known(figure.value)) return show(figure.value);
  const top = known(figure.high) ? show(figure.high) : known(figure.high_known) ? `${show(figure.high_known)} or more` : null;
  if (known(figure.low) && figure.low === figure.high) return show(figure.low);
  if (known(figure.low)) return top ? `${show(figure.low)} to ${top}` : `${show(figure.low)} or more`;
  if (top) return known(figure.high) ? `at most ${top}` : top;
  return null;
}

export const covered = (share) => (known(share) ? `${percent(share)} of planned time covered` : "coverage unknown");

export const audienceSentence = (figure) => {
  const rest = "follower accounts could have been offered at least one post; how many saw one is not known.";
  if (amount(figure) === null) return null;
  if (figure.value === 0 || figure.high === 0) return "No post was found that could have been offered to anybody.";
  if (known(figure.value) || (known(figure.low) && figure.low === figure.high)) return `This many ${rest}`;
  if (!known(figure.low)) return `${capital(amount(figure))} ${rest}`;
  if (known(figure.high)) return `Between ${number(figure.low)} and ${number(figure.high)} ${rest}`;
  if (known(figure.high_known)) {
    return `Between ${number(figure.low)} and ${number(figure.high_known)} or more ${rest} No upper bound: some authors' follower counts are unknown.`;
  }
  return `${number(figure.low)} or more ${rest}`;
};

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

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

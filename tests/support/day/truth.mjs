// What a database says of the posts, and how that differs from the truth.

const query = `
SELECT post.uri, post.story, post.platform, post.host, post.kind, coalesce(post.partner, author.partner) AS partner, reading.class,
       reading.likes, reading.reposts, reading.quotes, reading.replies, reading.views,
       (SELECT max(at_utc) FROM observation WHERE observation.post = post.id) AS told_utc,
       (SELECT group_concat(source, ' ') FROM (SELECT source FROM sighting WHERE sighting.post = post.id ORDER BY source)) AS seen
FROM post JOIN author ON author.id = post.author LEFT JOIN reading ON reading.post = post.id`;

const counters = ['likes', 'reposts', 'quotes', 'replies', 'views'];

/// A post as both sides write it. Of a mention that is over no numbers are kept up.
function row({ uri, platform, host, kind, partner, class: matched, seen, counters: counts }) {
  const numbers = matched === null ? {} : Object.fromEntries(counters.map(name => [name, counts[name] ?? null]));
  return { uri, platform, host, kind, partner, class: matched, seen: [...seen].sort().join(' '), ...numbers };
}

export async function storedPosts(daemon) {
  const rows = await daemon.sql(query);
  return rows.map(each => ({ ...row({ ...each, seen: (each.seen ?? '').split(' '), counters: each }), story: each.story,
                           told_utc: each.told_utc }));
}

/// When a post is read is the daemon's to decide: its numbers are those of about the last time they were told.
const about = 10 * 60_000;
function asTold(post, known) {
  const states = post.states.filter(({ from }, k) => from <= known.told_utc + about
    && (post.states[k + 1]?.from ?? Infinity) >= known.told_utc - about);
  const same = ({ counters: counts }) => counters.every(name => (counts[name] ?? null) === known[name]);
  return { ...post, counters: (states.find(same) ?? states.at(-1) ?? post).counters };
}

/// The differences, a sentence each.
export function differences(truth, stored) {
  const found = new Map(stored.map(each => [each.uri, each]));
  const told = [];
  for (const post of truth.posts) {
    const known = found.get(post.uri), wanted = row(known?.told_utc ? asTold(post, known) : post);
    found.delete(post.uri);
    if (!known) { told.push(`${post.name}: missing (${post.uri})`); continue; }
    for (const [name, value] of Object.entries(wanted))
      if (known[name] !== value) told.push(`${post.name}: ${name} is ${JSON.stringify(known[name])}, not ${JSON.stringify(value)} (${post.uri})`);
  }
  const reasons = new Map([...truth.removed.map(post => [post.uri, `${post.name}: still there, though ${post.removed}`]),
                           ...truth.never.map(({ uri, name }) => [uri, `${name}: stored, and must not be`])]);
  for (const [uri, { platform, seen }] of found) told.push(reasons.get(uri) ?? `unexpected ${platform} post by ${seen}: ${uri}`);
  return told;
}

/// Posts that tell one story share its number, and nobody else has one.
export function storyDifferences(truth, stored) {
  const numbers = new Map(stored.map(({ uri, story }) => [uri, story]));
  const told = [], known = new Map();                        // story -> its number
  for (const { uri, name, story } of truth.posts) {
    const number = numbers.get(uri) ?? null;
    if (story && !known.has(story)) known.set(story, number);
    const wanted = story ? known.get(story) : null;
    if (number !== wanted || (story && number === null)) told.push(`${name}: story is ${number}, not ${story ? `that of "${story}", ${wanted}` : null}`);
  }
  if (new Set(known.values()).size < known.size) told.push('two stories share a number');
  return told;
}

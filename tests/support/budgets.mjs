// The budgets that every connector's contract states, and whether a log of requests keeps them.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { crowds, fullest, intrusions, overlaps, rushes } from './manners.mjs';

const run = promisify(execFile);

// Seconds between two requests: `sources --contracts` does not print them. See connectors/README.md, "asks".
const gaps = { mastodon: [1], bluesky: [0.5], misskey: [2], lemmy: [5, 1], peertube: [1], telegram: [2], youtube: [2], gdelt: [6], feed: [2], page: [5], news: [5] };

/// connector -> [{ requests, per, gap }], in the order in which its contract states them; times in seconds.
export async function budgetsOf(binary) {
  const { rows } = JSON.parse((await run(binary, ['sources', '--contracts', '--json'])).stdout);
  const read = (name, text, n) => {
    const [, requests, per] = text.match(/^(\d+) in (\d+) min$/) ?? assert.fail(`a budget reads "${text}"`);
    return { requests: Number(requests), per: per * 60, gap: gaps[name]?.[n] ?? 0 };
  };
  return new Map(rows.map(({ connector, budget }) => [connector, budget.split(', ').map((text, n) => read(connector, text, n))]));
}

const siteOf = host => host.replace(/^www\./, '');

function groups(list, key) {
  const out = new Map();
  for (const each of list) out.set(key(each), [...(out.get(key(each)) ?? []), each]);
  return out;
}

/// told: every breach, a sentence each; used: how full each budget was at most. bucketOf(entry): { connector, budget },
/// the connector that asked and which of its budgets it spent. A wait may end a millisecond early, which is the fast
/// clock's rounding; on a busy machine a request is under way for some more, and one that has to connect for long.
export function breachesOf(world, { budgets, rate, bucketOf }) {
  const second = 1000 / rate;                                // of the world, in our milliseconds
  const rounding = 1, slack = 50, connecting = 500;
  const told = [], used = [];
  const say = (place, breaches) => told.push(...breaches.map(breach => `${place}: ${breach}`));
  const heard = world.log.map(entry => (entry.first ? { ...entry, late_ms: entry.late_ms + connecting } : entry));
  for (const [site, log] of groups(heard, ({ host }) => siteOf(host))) {
    say(site, overlaps(log));
    say(site, intrusions(log, { scale: rate, instant: ms => world.instantOf(ms) }, rounding));
    for (const [bucket, spent] of groups(log, entry => JSON.stringify(bucketOf(entry)))) {
      const { connector, budget } = JSON.parse(bucket);
      const { requests, per, gap } = budgets.get(connector)?.[budget] ?? assert.fail(`${connector} states no budget ${budget}`);
      say(`${site} (${connector})`, crowds(spent, { requests, per: per * second }, slack));
      say(`${site} (${connector})`, rushes(spent, gap * second, slack));
      used.push({ site, connector, requests, most: fullest(spent, per * second) });
    }
  }
  return { told, used };
}

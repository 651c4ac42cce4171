// The budgets that every connector's contract states, and whether a log of requests keeps them.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { crowds, fullest, intrusions, overlaps, rushes } from './manners.mjs';

const run = promisify(execFile);

/// bucket -> { requests, per, gap }, times in seconds; budgets that are given back at midnight or with the month are not
/// checked here.
export async function budgetsOf(binary) {
  const { rows } = JSON.parse((await run(binary, ['sources', '--contracts', '--json'])).stdout);
  const read = words => {
    const [, bucket, requests, per, gap] = words.match(/^([\w-]+): (\d+) \w+ in (\d+) s(?:, (\d+) ms apart)?$/) ?? [];
    return bucket && [bucket, { requests: Number(requests), per: Number(per), gap: Number(gap ?? 0) / 1000 }];
  };
  const all = rows.flatMap(({ budgets }) => budgets.split('; ')).map(read).filter(Boolean);
  assert.ok(all.length >= 10, 'every connector states what it asks');
  return new Map(all);
}

const siteOf = host => host.replace(/^www\./, '');

function groups(list, key) {
  const out = new Map();
  for (const each of list) out.set(key(each), [...(out.get(key(each)) ?? []), each]);
  return out;
}

/// told: every breach, a sentence each; used: how full each budget was at most. bucketOf(entry): the bucket it spent.
/// doubt: by how much the world's clock and the daemon's may be apart. A wait may end a millisecond early, which is the
/// fast clock's rounding; on a busy machine a request is under way for some more, and one that has to connect for long.
export function breachesOf(world, { budgets, rate, bucketOf, doubt = 0 }) {
  const second = 1000 / rate;                                // of the world, in our milliseconds
  const rounding = 1, slack = 50, connecting = 500;
  const told = [], used = [];
  const say = (place, breaches) => told.push(...breaches.map(breach => `${place}: ${breach}`));
  const heard = world.log.map(entry => (entry.first ? { ...entry, late_ms: entry.late_ms + connecting } : entry));
  for (const [site, log] of groups(heard, ({ host }) => siteOf(host))) {
    say(site, overlaps(log));
    say(site, intrusions(log, { scale: rate, instant: ms => world.instantOf(ms), doubt }, rounding));
    for (const [bucket, spent] of groups(log, bucketOf)) {
      const { requests, per, gap } = budgets.get(bucket) ?? assert.fail(`no contract states the budget ${bucket}`);
      say(`${site} (${bucket})`, crowds(spent, { requests, per: per * second }, slack));
      say(`${site} (${bucket})`, rushes(spent, gap * second, slack));
      used.push({ site, bucket, requests, most: fullest(spent, per * second) });
    }
  }
  return { told, used };
}

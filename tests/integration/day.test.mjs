// A campaign day over every open platform at once, 26 hours in two minutes: what is known in the end is what happened,
// no more and no less, and no server had reason to complain. MINUTES (2) for a slower day, which sees smaller gaps.
import assert from 'node:assert/strict';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Skip, test } from '../support/harness.mjs';
import { begins, Day, ends } from '../support/day.mjs';
import { bucketOf, campaign } from '../support/day/cast.mjs';
import { differences, storedPosts, storyDifferences } from '../support/day/truth.mjs';
import { breachesOf, budgetsOf } from '../support/budgets.mjs';
import { daemonToml } from '../support/settings.mjs';

const minutes = Number(process.env.MINUTES ?? (process.env.SANITIZED ? 4 : 2));
const clock = { start: new Date(begins).toISOString(), rate: Math.round((ends - begins) / (minutes * 60_000)) };
const real = minutes * 60_000;

/// A day so much faster than the clock is told wrong by a machine that stands still for longer: then it proves nothing.
const standstill = 10 * 60_000;                              // of the day
const tooSlow = lag => (lag.max / 1e6) * clock.rate > standstill;

/// Both clocks agree, but for as much as is returned, in our milliseconds. The daemon looks at its clock at some moment
/// between a question and the answer; every question narrows down by how much it began after ours.
async function setTheWatch(world, daemon) {
  let earliest = -Infinity, latest = Infinity;               // when ours showed the start of the day
  for (let question = 0; question < 20; question += 1) {
    const asked = world.elapsed();
    const { now_utc: now } = await daemon.get('/api/v1/summary');
    const passed = (Date.parse(now) - begins) / clock.rate;
    earliest = Math.max(earliest, asked - passed);
    latest = Math.min(latest, world.elapsed() - passed);
  }
  world.agree(begins, (earliest + latest) / 2);
  return (latest - earliest) / 2;
}

/// The day is over when every source has been read since the last change and nothing is left to be measured.
async function theDayIsOver(daemon, day) {
  const late = `SELECT id FROM source WHERE coalesce(last_success_utc, 0) < ${day.lastChange}`;
  const due = `SELECT count(*) FROM recheck WHERE due_utc <= ${ends}`;
  const passed = async () => await daemon.one('SELECT max(end_utc) FROM poll') >= ends;
  await daemon.until(passed, real * 2 + 60_000, 'the clock passes the end of the day');
  await daemon.until(async () => (await daemon.sql(late)).every(({ id }) => rarely.has(id)), 60_000,
                     'every source has been read after the last change');
  await daemon.until(async () => await daemon.one(due) === 0, 60_000, 'nothing is due to be measured');
  await daemon.until(async () => await daemon.one('SELECT count(*) FROM dirty') === 0, 20_000, 'all hours are aggregated');
}
const rarely = new Set(['gdelt']);                           // asked every six hours: the script leaves it alone after noon

function checkTruth(truth, stored) {
  const told = differences(truth, stored);
  console.log(`posts ${stored.length} of ${truth.posts.length}, sightings ${stored.reduce((sum, { seen }) => sum + seen.split(' ').length, 0)}, `
    + `removed ${truth.removed.length}, never kept ${truth.never.length}, differences ${told.length}`);
  return told;
}

async function checkRemovals(daemon, truth) {
  const tally = await daemon.sql('SELECT why, sum(n) AS n FROM removal GROUP BY why ORDER BY why');
  const wanted = new Map();
  for (const { removed } of truth.removed) wanted.set(removed, (wanted.get(removed) ?? 0) + 1);
  const expected = [...wanted].sort(([a], [b]) => (a < b ? -1 : 1)).map(([why, n]) => ({ why, n }));
  return JSON.stringify(tally) === JSON.stringify(expected) ? [] : [`removals are ${JSON.stringify(tally)}, not ${JSON.stringify(expected)}`];
}

// --- manners -----------------------------------------------------------------------------------------------------------

/// Each trouble was met, and where no header says how long to wait, that was known all the same.
function checkTroubles(world, troubles) {
  const told = [];
  for (const { what, host, met, rest, at_ms: at, path, only } of troubles) {
    if (!met) told.push(`${host} was never asked during: ${what}`);
    if (!met || !rest) continue;
    const again = world.requests(host).find(entry => entry.t_ms > at && entry.path === path && only({ ...entry, query: new URLSearchParams(entry.query) }));
    const waited = again && ((again.t_ms - at) * clock.rate) / 1000;
    if (waited < rest - clock.rate / 1000) told.push(`${host} was asked again ${Math.round(waited)} s after: ${what}`);
  }
  return told;
}

test('a campaign day on every open platform is told as it was', async stage => {
  const world = stage.world({ clock, pulse: true });
  const day = new Day(world);
  await world.start();
  const budgets = await budgetsOf(stage.binary);
  const lag = monitorEventLoopDelay({ resolution: 1 });

  world.setClock(clock);
  day.advance(begins);
  const daemon = await stage.start({ config: daemonToml(world, { clock }), campaign });
  const doubt = await setTheWatch(world, daemon);
  lag.enable();
  try {
    await theDayIsOver(daemon, day);
  } catch (late) {
    throw tooSlow(lag) ? new Skip(`this machine stood still for ${Math.round(lag.max / 1e6)} ms: ${late.message}`) : late;
  }
  lag.disable();
  const truth = day.truth();
  const stored = await storedPosts(daemon);
  const breaches = [
    ...checkTruth(truth, stored),
    ...storyDifferences(truth, stored),
    ...await checkRemovals(daemon, truth),
    ...breachesOf(world, { budgets, rate: clock.rate, bucketOf, doubt }).told,
    ...checkTroubles(world, day.troubles),
  ];
  if (await daemon.one('SELECT max(opted_out) FROM poll') < 1) breaches.push('nobody who asked to be left alone was counted');
  const polls = await daemon.sql('SELECT source, count(*) AS polls, sum(requests) AS requests, sum(outcome = \'ok\') AS ok FROM poll GROUP BY source ORDER BY source');
  for (const { source, polls: n, requests, ok } of polls) console.log(`${source}: ${n} polls, ${ok} ok, ${requests} requests`);
  console.log(`${world.log.length} requests, ${clock.rate} times as fast; our own lag at most ${Math.round(lag.max / 1e6)} ms, clocks ${doubt.toFixed(1)} ms apart at most`);
  assert.equal((await daemon.stop()).code, 0);
  if (breaches.length && tooSlow(lag))
    throw new Skip(`this machine stood still for ${Math.round(lag.max / 1e6)} ms, and ${breaches.length} things went by: ${breaches[0]}`);
  assert.deepEqual(breaches, [], `${breaches.length} breaches:\n${breaches.slice(0, 60).join('\n')}`);
});

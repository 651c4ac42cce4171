// kill -9, again and again, while posts keep coming: nothing is lost, doubled or corrupt.
// KILLS (50) says how often, SEED repeats a run's choices.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectedPosts, integrity, storedPosts } from '../support/ledger.mjs';
import { originHosts, recordedCampaign, test } from '../support/harness.mjs';
import { campaignToml, daemonToml, openEdition } from '../support/settings.mjs';
import { until } from '../support/daemon.mjs';

const kills = Number(process.env.KILLS ?? 50);
const seed = Number(process.env.SEED ?? Date.now() % 1e9);
const rate = 30;                                             // a poll every 15 s comes every half second
const firstShown = 40;                                       // the rest is written while we kill

const campaign = campaignToml({
  editions: [openEdition],
  terms: [{ id: 'tag', class: 'hashtag', text: 'IchBinHanna' }],
  sources: [{ id: 's1', connector: 'mastodon', host: 'mastodon.social', tags: ['ichbinhanna'], every: '15s' }],
});

function dice(state) {                                       // mulberry32
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

let idle = 0;                                                // how often no answer came to kill at

/// Waits for the moment to kill: very early, some time after the start, or just after an answer, when its page is being stored.
async function theMoment(world, daemon, random) {
  const kind = random();
  if (kind < 0.2) return sleep(random() * 60);
  if (kind < 0.4) return sleep(random() * 1500);
  const target = world.log.length + Math.floor(random() * 3);
  const answered = () => Boolean(world.log[target]?.end_ms) || daemon.ended;
  await until(answered, 10_000, 'an answer to kill at', 1).catch(() => { idle += 1; });
  return sleep(random() ** 2 * 30);
}

test(`${kills} kill -9 lose, double and corrupt nothing (SEED=${seed})`, async stage => {
  const { files, metas, statuses } = recordedCampaign();
  const expected = expectedPosts(statuses);
  const random = dice(seed);
  const world = stage.world({ clock: { start: '2025-07-17T14:00:00Z', rate } });
  const server = world.pagesFromFiles('mastodon.social', 'ichbinhanna', files, metas, { limit: 1e6 });
  world.quiet(...originHosts(statuses, 'mastodon.social'));
  await world.start();
  // The daemon's clock begins with each start; ours goes on, so each start is told the time.
  const settings = () => ({ config: daemonToml(world, { clock: { start: world.now(), rate } }), campaign });

  let corrupt = 0, doubled = 0, before = 0, early = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    server.reveal(firstShown + Math.floor((statuses.length - firstShown) * kill / kills));
    const daemon = stage.launch(settings());
    await theMoment(world, daemon, random);
    assert.equal(daemon.ended, undefined, `kill ${kill}: it ended by itself`);
    if (!daemon.stderr.includes('serving url=')) early += 1;
    await daemon.kill9();

    if (!fs.existsSync(daemon.database)) continue;           // killed before there was anything
    if (await integrity(daemon.database) !== 'ok') corrupt += 1;
    const stored = await storedPosts(daemon.database).catch(error => noTablesYet(error, before));
    doubled += stored.doubled.length;
    assert.ok(stored.count >= before, `kill ${kill}: of ${before} stored posts ${before - stored.count} are gone`);
    before = stored.count;
  }
  const atTheEnd = before;

  server.reveal();
  const daemon = await stage.start(settings());
  const whole = async () => (await storedPosts(daemon.database)).missing(expected).length === 0;
  await daemon.until(whole, 60_000, 'every post is stored').catch(({ message }) => console.log(message));   // judged below
  const { code } = await daemon.stop();
  const stored = await storedPosts(daemon.database);
  if (await integrity(daemon.database) !== 'ok') corrupt += 1;
  doubled += stored.doubled.length;

  console.log(`kills ${kills} (${early} before it served, ${idle} with nothing to do), requests ${world.log.length}, stored ${atTheEnd} `
    + `when the killing ended, ${stored.count} at last; lost ${stored.missing(expected).length}, doubled ${doubled}, corrupt ${corrupt}`);
  assert.deepEqual({ code, doubled, corrupt }, { code: 0, doubled: 0, corrupt: 0 });
  assert.deepEqual(stored.missing(expected), []);
  assert.deepEqual(stored.unexpected(expected), []);
  if (kills >= 50) assert.ok(atTheEnd > 0, 'some posts were stored between the kills');
});

/// A database killed while it was made has no table post; that is fine as long as it never had posts.
function noTablesYet(error, before) {
  if (before || !/no such table/.test(error.message)) throw error;
  return { count: 0, doubled: [] };
}

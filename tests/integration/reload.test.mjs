// SIGHUP: a good configuration replaces the running one once the polls under way have ended, one that says the same
// disturbs nothing, a broken one is told line by line and changes nothing. However many come, nothing is lost.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { grewLittle, test } from '../support/harness.mjs';
import { campaignTag, campaignToml, daemonToml, openEdition } from '../support/settings.mjs';

const hosts = ['one', 'two', 'three', 'four'].map(name => `${name}.example`);
const late = 'late.example';
// The campaign's day is today: everybody is asked every second.
const edition = { ...openEdition, day: new Date().toISOString().slice(0, 10) };
const source = (host, every = '1s') => ({ id: host.split('.')[0], connector: 'mastodon', host, tags: ['allinforintegration'], every });
const campaignOf = (...sources) => campaignToml({ editions: [edition], terms: [campaignTag], sources });
const usual = campaignOf(...hosts.map(host => source(host)));
const changed = campaignOf(...hosts.map(host => source(host, '1100ms')));
const withLate = campaignOf(source(late), source(hosts[0]));
const withoutLate = campaignOf(source(hosts[0]), source(hosts[1]));
const broken = usual.replace('every = "1s"', 'evry = "1s"');

let dir;
/// In one step: the daemon never reads half a file.
function write(words) {
  const file = path.join(dir, 'campaign.toml');
  fs.writeFileSync(`${file}.new`, words);
  fs.renameSync(`${file}.new`, file);
}

const said = (daemon, words) => daemon.stderr.split(words).length - 1;
const replaced = daemon => said(daemon, 'configuration read again') - same(daemon);
const same = daemon => said(daemon, 'it says the same');
const kept = daemon => said(daemon, 'configuration kept as it was');
const reloads = daemon => replaced(daemon) + same(daemon) + kept(daemon);

async function reload(daemon, words, count, what) {
  write(words);
  const before = count(daemon);
  daemon.signal('SIGHUP');
  await daemon.until(() => count(daemon) > before, 10_000, what);
}

async function asksOn(daemon, world, why) {
  const before = world.log.length;
  await daemon.until(() => world.log.length > before, 20_000, why);
}

async function brokenOnes(daemon, world) {
  await reload(daemon, broken, kept, 'a broken configuration is told');
  const line = broken.slice(0, broken.indexOf('evry')).split('\n').length;
  assert.match(daemon.stderr, new RegExp(`campaign\\.toml:${line}:\\d+: .*evry`), 'with its line');
  await asksOn(daemon, world, 'polling goes on with the old configuration');
  const before = kept(daemon);
  fs.rmSync(path.join(dir, 'campaign.toml'));
  daemon.signal('SIGHUP');
  await daemon.until(() => kept(daemon) > before && /there is no file \S+campaign\.toml/.test(daemon.stderr), 5000, 'a missing file is told');
  assert.equal((await daemon.raw('/healthz')).status, 200);
}

async function keyForAllToRead(daemon) {
  const key = path.join(dir, 'state', 'edition-2025.key');
  fs.chmodSync(key, 0o640);
  await reload(daemon, usual, kept, 'a key that others can read is told');
  assert.match(daemon.stderr, /edition-2025\.key can be read by others/);
  fs.chmodSync(key, 0o600);
}

async function restartNeeded(daemon, config) {
  const file = path.join(dir, 'campaignd.toml');
  fs.writeFileSync(file, config.replace('127.0.0.1:0', '127.0.0.1:1'));
  await reload(daemon, usual, replaced, 'another address to listen on');
  assert.match(daemon.stderr, /what listen now says takes effect with a restart/);
  assert.equal((await daemon.raw('/healthz')).status, 200, 'it serves where it did');
  fs.writeFileSync(file, config);
  await reload(daemon, usual, replaced, 'and back');
  assert.equal(said(daemon, 'takes effect with a restart'), 1, 'not told when nothing waits for it');
}

/// Every request the servers saw stands in the ledger, once.
async function accountsAgree(daemon, world) {
  const ledger = () => daemon.one('SELECT sum(requests) FROM poll');
  await daemon.until(async () => await ledger() === world.log.length, 10_000, 'as many requests in the ledger as the servers saw');
  const together = await daemon.sql('SELECT p.id FROM poll p JOIN poll q ON q.id > p.id AND q.source = p.source AND q.start_utc < p.end_utc');
  assert.deepEqual(together, [], 'no two polls of one source at once');
}

async function storm(daemon, world, servers) {
  const before = { fds: daemon.fds(), rss: daemon.rss(), replaced: replaced(daemon), same: same(daemon), kept: kept(daemon), asked: world.log.length };
  const kinds = [changed, changed, broken, usual, usual, '[broken'];
  const began = performance.now();
  for (let n = 0; n < 1000; n += 1) {
    write(kinds[n % kinds.length]);
    daemon.signal('SIGHUP');
    if (n === 500) servers[0].add({ by: `ania@${hosts[0]}`, text: 'Dinner #AllInForIntegration', created: Date.now() });
    await sleep(20 * Math.random());
  }
  await reload(daemon, usual, d => replaced(d) + same(d), 'the last one is heard');
  const took = performance.now() - began, since = Date.now();
  for (const { id } of hosts.map(host => source(host)))
    await daemon.until(async () => await daemon.one(`SELECT count(*) FROM poll WHERE source = '${id}' AND outcome = 'ok' AND start_utc > ${since}`) > 0, 10_000, `${id} is polled on`);
  await daemon.until(async () => await daemon.one('SELECT count(*) FROM post') === 2, 10_000, 'what was posted meanwhile is found');
  await daemon.until(() => Math.abs(daemon.fds() - before.fds) <= 2, 10_000, `about ${before.fds} descriptors, as before`);
  const counts = [replaced(daemon) - before.replaced, same(daemon) - before.same, kept(daemon) - before.kept];
  console.log(`1001 SIGHUPs in ${Math.round(took)} ms: ${counts.reduce((a, b) => a + b)} reloads (${counts[0]} changed, ${counts[1]} the same, ${counts[2]} broken), `
    + `${world.log.length - before.asked} requests, descriptors ${before.fds} -> ${daemon.fds()}, resident +${((daemon.rss() - before.rss) / 2 ** 20).toFixed(1)} MiB`);
  for (const count of counts) assert.ok(count > 20, `of each kind: ${counts}`);
  assert.equal(await daemon.one("SELECT count(*) FROM poll WHERE outcome <> 'ok'"), 0, 'no poll was broken off');
  assert.equal((await daemon.raw('/readyz')).status, 200);
  grewLittle(daemon.rss() - before.rss, 16 * 2 ** 20, 'reloading');
}

/// Makes the late server's next answer take `delay` ms, and waits until it was asked. Gives the request.
async function askedLate(daemon, world, delay) {
  const before = world.requests(late).length;
  world.fault(late, async () => { await sleep(delay); });
  await daemon.until(() => world.requests(late).length > before, 20_000, 'the late server is asked');
  world.fault(late, undefined);
  return world.requests(late).at(-1);
}

const latePolls = daemon => daemon.one("SELECT count(*) FROM poll WHERE source = 'late' AND outcome = 'ok'");

async function sameDisturbsNothing(daemon, world) {
  await reload(daemon, withLate, replaced, 'the late server is taken up');
  await daemon.until(async () => await latePolls(daemon) > 0, 10_000, 'its first poll, of several requests');
  const slow = await askedLate(daemon, world, 7000);
  await reload(daemon, withLate, same, 'nothing changed');
  await daemon.until(() => slow.end_ms, 15_000, 'the answer is waited for');
  await accountsAgree(daemon, world);
}

async function changedWaitsForPolls(daemon, world) {
  const slow = await askedLate(daemon, world, 3000);
  const before = { all: reloads(daemon), asked: world.requests(late).length, polls: await latePolls(daemon) };
  write(withoutLate);
  daemon.signal('SIGHUP');
  for (let n = 0; n < 20; n += 1) {
    await sleep(50);
    daemon.signal('SIGHUP');
  }
  assert.equal(reloads(daemon), before.all, 'it waits for the poll under way');
  await daemon.until(() => reloads(daemon) === before.all + 2, 10_000, 'one more reload for all that came during the first');
  assert.ok(slow.end_ms, 'the answer came first');
  assert.equal(await latePolls(daemon), before.polls + 1, 'and was kept');
  await asksOn(daemon, world, 'the new configuration collects');
  assert.equal(reloads(daemon), before.all + 2, 'exactly one more');
  assert.equal(world.requests(late).length, before.asked, 'who is no longer configured is no longer asked');
  await accountsAgree(daemon, world);
}

async function tooLate(daemon, world) {
  await reload(daemon, withLate, replaced, 'the late server is taken up again');
  await askedLate(daemon, world, 20_000);
  const began = performance.now();
  await reload(daemon, withoutLate, replaced, 'the new configuration, without the answer');
  const took = performance.now() - began;
  console.log(`a poll that does not end: given up after ${Math.round(took)} ms`);
  assert.ok(took > 4500 && took < 8000, `it had five seconds: ${took}`);
}

async function stoppedMeanwhile(daemon, world) {
  await reload(daemon, withLate, replaced, 'the late server is taken up a last time');
  await askedLate(daemon, world, 20_000);
  write(withoutLate);
  daemon.signal('SIGHUP');
  await sleep(300);                                          // the reload is under way: it waits for the poll
  const { code, ms } = await daemon.stop();
  console.log(`SIGTERM during a reload: exit ${code} after ${ms} ms`);
  assert.equal(code, 0);
  assert.ok(ms < 2000, `${ms} ms`);
}

test('a configuration is read again without losing a poll, a request or a descriptor', async stage => {
  dir = stage.dir;
  const world = stage.world();
  const servers = [...hosts, late].map(host => world.mastodon(host, { limit: 1e6 }));
  servers[0].add({ by: `ania@${hosts[0]}`, text: 'Lunch #AllInForIntegration', created: Date.now() - 60_000 });
  world.latency = 20;
  await world.start();
  const config = daemonToml(world);
  const daemon = await stage.start({ config, campaign: usual });
  const all = "SELECT count(DISTINCT source) FROM poll WHERE outcome = 'ok'";
  await daemon.until(async () => await daemon.one(all) === hosts.length, 20_000, 'everybody was asked');
  await brokenOnes(daemon, world);
  await keyForAllToRead(daemon);
  await restartNeeded(daemon, config);
  await storm(daemon, world, servers);
  await accountsAgree(daemon, world);
  await sameDisturbsNothing(daemon, world);
  await changedWaitsForPolls(daemon, world);
  await tooLate(daemon, world);
  await stoppedMeanwhile(daemon, world);
});

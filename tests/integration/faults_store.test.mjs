// A disk that is full and a database that somebody else holds are states: collecting pauses, serving goes on, nothing is lost.
// The full disk is a small tmpfs and needs root; without it that part is left out.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { integrity } from '../support/ledger.mjs';
import { test } from '../support/harness.mjs';
import { campaignTag, campaignToml, daemonToml, openEdition } from '../support/settings.mjs';

const host = 'home.example';
const campaign = campaignToml({
  editions: [openEdition],
  terms: [campaignTag],
  sources: [{ id: 's1', connector: 'mastodon', host, tags: ['allinforintegration'], every: '1s' }],
});

let posted = 0;
function post(server, count, length = 20) {
  for (let n = 0; n < count; n += 1) {
    posted += 1;
    server.add({ by: `ania@${host}`, text: `Table ${posted} ${'x'.repeat(length)} #AllInForIntegration`, created: Date.now() });
  }
}

const health = async daemon => { const { status, body } = await daemon.raw('/healthz'); return { status, ...JSON.parse(body) }; };
const stored = daemon => daemon.one('SELECT count(*) FROM post');
const allThere = (daemon, ms) => daemon.until(async () => await stored(daemon) === posted, ms, `all ${posted} posts are stored`);

async function wholeAndSound(daemon) {
  assert.equal(await stored(daemon), posted);
  assert.equal(await daemon.one('SELECT count(DISTINCT uri) FROM post'), posted, 'none twice');
  assert.equal(await integrity(daemon.database), 'ok');
}

/// Holds the write lock of `file` for `ms`, in another process.
function holdLock(file, ms) {
  const other = spawn('sqlite3', [file], { stdio: ['pipe', 'ignore', 'pipe'] });
  other.stdin.write('.timeout 5000\nBEGIN EXCLUSIVE;\n');
  return sleep(ms).then(() => new Promise(done => { other.on('exit', done); other.stdin.end('COMMIT;\n'); }));
}

async function locked(daemon, server) {
  await allThere(daemon, 20_000);
  const began = performance.now();
  const lock = holdLock(daemon.database, 8000);
  const slowest = { ms: 0 };
  let sawLocked = false, ended = false;
  lock.then(() => { ended = true; });
  await sleep(500);
  post(server, 30);
  while (!ended) {
    const { status, ms } = await daemon.raw('/api/v1/summary');
    assert.equal(status, 200, 'figures are shown while the database is locked');
    slowest.ms = Math.max(slowest.ms, ms);
    sawLocked ||= (await health(daemon)).store === 'locked';
    await sleep(100);
  }
  await allThere(daemon, 30_000);
  await daemon.until(async () => (await health(daemon)).status === 200, 5000, 'healthy again');
  console.log(`locked for 8 s: told ${sawLocked}, slowest summary ${Math.round(slowest.ms)} ms, all stored ${Math.round(performance.now() - began - 8000)} ms after`);
  assert.ok(slowest.ms < 1000, `readers did not wait: ${slowest.ms} ms`);
  await wholeAndSound(daemon);
}

async function stoppedWhileLocked(daemon, problems) {
  const lock = holdLock(daemon.database, 20_000);
  await sleep(2000);
  const { code, ms } = await daemon.stop();
  console.log(`SIGTERM while locked: exit ${code} after ${ms} ms`);
  if (code !== 0 || ms > 10_000) problems.push(`SIGTERM while the database was locked: exit ${code} after ${ms} ms`);
  await lock;
}

async function fullDisk(stage, world, server, problems) {
  const dir = path.join(stage.dir, 'small');
  const state = path.join(dir, 'state');
  fs.mkdirSync(state, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m,mode=0700', 'campaignd-test', state], { stdio: 'ignore' });
  } catch {
    return console.log('the full disk is left out: a small tmpfs cannot be mounted here');
  }
  try {
    await untilFullAndBack(stage, world, server, dir, problems);
  } finally {
    for (const daemon of stage.daemons) if (!daemon.ended) await daemon.kill9();
    execFileSync('umount', ['-l', state]);
  }
}

/// Fills what is free but for `spare` bytes.
function fill(ballast, spare) {
  const { bavail, bsize } = fs.statfsSync(path.dirname(ballast));
  try {
    fs.appendFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - spare), 'b'));
  } catch (error) {
    if (error.code !== 'ENOSPC') throw error;  // the daemon was faster: full it is
  }
}

async function untilFullAndBack(stage, world, server, dir, problems) {
  const ballast = path.join(dir, 'state', 'ballast');
  const daemon = await stage.start({ dir, config: daemonToml(world), campaign });
  await allThere(daemon, 30_000);
  fill(ballast, 8192);
  post(server, 120, 400);
  const told = async () => {
    const { status, store } = await health(daemon);
    return status === 503 && store === 'full' && (await daemon.get('/api/v1/summary')).store === 'full'
      && (await daemon.get('/api/v1/sources')).sources[0].state === 'paused';
  };
  await daemon.until(told, 30_000, '/healthz, the summary and the sources say that the disk is full');
  assert.ok((await daemon.get('/api/v1/summary')).figures.mentions.value > 0, 'figures are still shown');
  assert.equal((await daemon.raw('/report/summary.csv')).status, 200);
  const asked = world.log.length;
  const seen = [];
  for (let n = 0; n < 60; n += 1) {
    seen.push((await health(daemon)).status);
    await sleep(170);
  }
  const well = seen.filter(status => status === 200).length;
  if (well) problems.push(`/healthz said 200 in ${well} of ${seen.length} answers while the disk was full`);
  assert.ok(world.log.length - asked <= 1, 'what cannot be kept is not asked for');
  assert.match(daemon.stderr, /store cannot be written state=full/);
  daemon.signal('SIGHUP');
  await sleep(500);
  await daemon.until(async () => (await health(daemon)).status === 503, 30_000, 'a reload changes nothing about it');

  fs.rmSync(ballast);
  const began = performance.now();
  await daemon.until(async () => (await health(daemon)).status === 200, 30_000, 'healthy again once there is space');
  await allThere(daemon, 30_000);
  console.log(`full disk: healthy and all ${posted} posts stored ${Math.round(performance.now() - began)} ms after there was space`);
  await wholeAndSound(daemon);

  fill(ballast, 4096);
  post(server, 120, 400);
  await daemon.until(async () => (await health(daemon)).status === 503, 30_000, 'full a second time');
  const { code, ms } = await daemon.stop();
  console.log(`SIGTERM while full: exit ${code} after ${ms} ms`);
  fs.rmSync(ballast);
  const again = await stage.start({ dir, config: daemonToml(world), campaign });
  await allThere(again, 30_000);
  await wholeAndSound(again);
  assert.equal((await again.stop()).code, 0);
  if (code !== 0 || ms > 10_000) problems.push(`SIGTERM while the disk was full: exit ${code} after ${ms} ms`);
}

test('a full disk and a locked database are states, not ends', async stage => {
  const world = stage.world();
  const server = world.mastodon(host, { limit: 1e6 });
  post(server, 10);
  await world.start();
  const daemon = await stage.start({ config: daemonToml(world), campaign });
  await locked(daemon, server);
  const problems = [];
  await stoppedWhileLocked(daemon, problems);
  await fullDisk(stage, world, server, problems);
  assert.deepEqual(problems, []);
});

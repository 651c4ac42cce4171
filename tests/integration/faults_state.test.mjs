// What the daemon refuses to start on, and says why: a taken state or port, a broken configuration, strange databases, lost keys.
// And what dawdling visitors cannot do.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from '../support/harness.mjs';
import { campaignTag, campaignToml, daemonToml, openEdition } from '../support/settings.mjs';

const host = 'home.example';
const campaign = campaignToml({
  editions: [openEdition],
  terms: [campaignTag],
  sources: [{ id: 's1', connector: 'mastodon', host, tags: ['allinforintegration'], every: '1s' }],
});
const sqlite = (file, sql) => execFileSync('sqlite3', [file, sql], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const digest = file => (fs.existsSync(file) ? createHash('sha256').update(fs.readFileSync(file)).digest('hex') : 'absent');

test('what cannot be started on is refused with a reason and left as it was', async stage => {
  const world = stage.world();
  const server = world.mastodon(host, { limit: 1e6 });
  server.add({ by: `ania@${host}`, text: 'Lunch #AllInForIntegration', created: Date.UTC(2025, 5, 20, 8) });
  await world.start();
  const config = daemonToml(world);
  const problems = [];
  const daemon = await stage.start({ config, campaign });
  await daemon.until(async () => await daemon.one('SELECT count(*) FROM post') === 1, 20_000, 'a post');

  await twoAtOnce(stage, daemon, config);
  await portTaken(stage, daemon, config);
  await dawdlers(daemon, problems);
  await brokenConfigurations(stage, config, problems);
  noConfiguration(stage);
  assert.equal((await daemon.stop()).code, 0);
  await lostKeys(stage, config, problems);
  await strangeDatabases(stage, config, problems);
  assert.deepEqual(problems, []);
});

/// Starts it in `dir` and waits until it refuses: { code, said }.
async function refusal(stage, dir, settings) {
  const daemon = stage.launch({ dir, campaign, ...settings });
  const late = sleep(4000, 'late');
  if (await Promise.race([daemon.gone, late]) === 'late') await daemon.kill9();
  return { code: daemon.ended.code ?? daemon.ended.signal, said: daemon.stderr };
}

async function twoAtOnce(stage, daemon, config) {
  const { code, said } = await refusal(stage, stage.dir, { config });
  assert.equal(code, 75, `a second one in the same state: ${said}`);
  assert.match(said, /another campaignd/);
  assert.equal((await daemon.raw('/healthz')).status, 200, 'the first did not notice');
}

async function portTaken(stage, daemon, config) {
  const dir = path.join(stage.dir, 'port');
  const { code, said } = await refusal(stage, dir, { config: config.replace('127.0.0.1:0', `127.0.0.1:${daemon.port}`) });
  assert.equal(code, 69, `the port is taken: ${said}`);
  assert.match(said, new RegExp(`127\\.0\\.0\\.1:${daemon.port}`));
}

/// 200 connections that send a byte of their header every second: others are served at once, and the dawdlers are sent away.
async function dawdlers(daemon, problems) {
  const before = daemon.fds();
  const words = `GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:${daemon.port}\r\nX-Slow: ${'m'.repeat(100)}`;
  const began = performance.now();
  const lives = [];
  const sockets = Array.from({ length: 200 }, () => {
    const socket = net.connect(daemon.port, '127.0.0.1').on('error', () => {}).on('close', () => lives.push(performance.now() - began));
    let at = 0;
    const timer = setInterval(() => (socket.destroyed ? clearInterval(timer) : socket.write(words[at++ % words.length])), 1000);
    return socket.resume();
  });
  await sleep(300);
  const times = [];
  while (performance.now() - began < 11_000 && lives.length < sockets.length) {
    const answer = await daemon.raw('/healthz').catch(error => ({ status: error.code ?? error.message, ms: 0 }));
    times.push(answer.ms);
    if (answer.status !== 200) { problems.push(`/healthz among dawdlers, after ${Math.round(performance.now() - began)} ms: ${answer.status}`); break; }
    await sleep(70);
  }
  const slow = times.sort((a, b) => a - b)[Math.ceil(times.length * 0.99) - 1];
  console.log(`200 dawdlers: /healthz p99 ${slow?.toFixed(1)} ms of ${times.length}, the last of ${lives.length} was sent away after ${Math.round(Math.max(...lives))} ms`);
  if (slow > 100) problems.push(`/healthz among dawdlers: p99 ${slow} ms`);
  if (lives.length < sockets.length) problems.push(`${sockets.length - lives.length} dawdlers are still there after ${Math.round(performance.now() - began)} ms`);
  for (const socket of sockets) socket.destroy();
  await daemon.until(() => daemon.fds() <= before + 2, 15_000, 'no descriptor is left of them');
}

async function brokenConfigurations(stage, config, problems) {
  const dir = path.join(stage.dir, 'config');
  const source = campaign.indexOf('[[source]]');
  const cases = {                                            // what is broken -> [files, where it is said to be]
    'no TOML': [{ config: `${config}\n[serve\n` }, /campaignd\.toml:\d+:\d+: no valid TOML/],
    'an unknown key': [{ config: config.replace('listen =', 'lisen =') }, /campaignd\.toml:\d+:\d+: unknown key 'lisen'.*did you mean 'listen'/],
    'a bad port': [{ config: config.replace('127.0.0.1:0', '127.0.0.1:99999') }, /campaignd\.toml:\d+:\d+: /],
    'a port with a letter': [{ config: config.replace('127.0.0.1:0', '127.0.0.1:80x') }, /campaignd\.toml:\d+:\d+: /],
    'no port': [{ config: config.replace('127.0.0.1:0', '127.0.0.1:') }, /campaignd\.toml:\d+:\d+: /],
    'a bad address': [{ config: config.replace('127.0.0.1:0', 'localhorst:8620') }, /campaignd\.toml:\d+:\d+: /],
    'a bad allowance': [{ config: config.replace('127.0.0.0/8', '127.0.0.0/99') }, /campaignd\.toml:\d+:\d+: /],
    'a certificate file that is not there': [{ config: config.replace(/ca_file = .*/, 'ca_file = "/no/such/file"') }, /campaignd\.toml:\d+:\d+: /],
    'a bad duration': [{ campaign: campaign.replace('"1s"', '"-1s"') }, /campaign\.toml:\d+:\d+: every = "-1s"/],
    'next to no duration': [{ campaign: campaign.replace('"1s"', '"0.0001ms"') }, /campaign\.toml:\d+:\d+: /],
    'an endless duration': [{ campaign: campaign.replace('"1s"', '"1e300d"') }, /campaign\.toml:\d+:\d+: /],
    'a number that is none': [{ campaign: campaign.replace('"1s"', '"nans"') }, /campaign\.toml:\d+:\d+: /],
    'an unknown connector': [{ campaign: campaign.replace('"mastodon"', '"mastodont"') }, /campaign\.toml:\d+:\d+: there is no connector/],
    'a source twice': [{ campaign: campaign + campaign.slice(source) }, /campaign\.toml:\d+:\d+: source 's1' is there twice/],
    'an edition without a day': [{ campaign: campaign.replace(/^day = .*\n/m, '') }, /campaign\.toml:\d+:\d+: day is missing/],
    'an edition id with a path': [{ campaign: campaign.replace('id = "2025"', 'id = "../2025"') }, /campaign\.toml:\d+:\d+: /],
    'a day that does not exist': [{ campaign: campaign.replace('2025-06-20', '2025-02-30') }, /campaign\.toml:\d+:\d+: /],
    'bytes that are no text': [{ campaign: Buffer.concat([Buffer.from(campaign), Buffer.from([0x23, 0xff, 0xfe])]) }, /campaign\.toml:\d+:\d+: /],
    'nothing at all': [{ config: '' }, /campaignd\.toml: .*is missing/],
    'no campaign file': [{ config: config.replace('campaign.toml', 'elsewhere.toml') }, /elsewhere\.toml/],
  };
  for (const [what, [files, where]] of Object.entries(cases)) {
    const { code, said } = await refusal(stage, dir, { config, ...files });
    if (code !== 78 || !where.test(said)) problems.push(`configuration with ${what}: exit ${code}, ${JSON.stringify(said.slice(0, 200))}`);
  }
  if (fs.existsSync(path.join(dir, 'state', 'campaignd.db'))) problems.push('a broken configuration left a database behind');
}

/// Without options a verb looks in the usual places, and names them when there is nothing.
function noConfiguration(stage) {
  const cwd = path.join(stage.dir, 'nowhere');
  fs.mkdirSync(cwd);
  const call = (env, ...words) => {
    const { status, stdout, stderr } = spawnSync(stage.binary, words, { cwd, env, encoding: 'utf8' });
    return { code: status, said: `${stdout}${stderr}` };
  };
  const here = { CAMPAIGND_CONFIG: path.join(stage.dir, 'campaignd.toml'), STATE_DIRECTORY: path.join(stage.dir, 'state') };
  for (const verb of ['check', 'sources', 'report']) {
    const { code, said } = call(here, verb);
    assert.equal(code, 0, `${verb} with the places in the environment: ${said}`);
  }
  if (fs.existsSync('/etc/campaignd')) return;               // an installed one would be found
  const { code, said } = call({}, 'check');
  assert.equal(code, 78, said);
  for (const place of ['/etc/campaignd/campaignd.toml', path.join(cwd, 'config', 'campaignd.toml'), '--config'])
    assert.ok(said.includes(place), `${place} is named: ${said}`);
  const { code: contracts } = call({}, 'sources', '--contracts');
  assert.equal(contracts, 0, 'what needs no configuration asks for none');
}

async function lostKeys(stage, config, problems) {
  const state = path.join(stage.dir, 'state');
  const database = path.join(state, 'campaignd.db');
  for (const name of ['root.key', 'edition-2025.key']) {
    const file = path.join(state, name), kept = fs.readFileSync(file), was = digest(database);
    const damages = { missing: () => fs.rmSync(file), short: () => fs.writeFileSync(file, kept.subarray(0, 31)), 'for all to read': () => fs.chmodSync(file, 0o644) };
    for (const [what, damage] of Object.entries(damages)) {
      damage();
      const { code, said } = await refusal(stage, stage.dir, { config });
      if (code !== 78 || !said.includes(name)) problems.push(`${name} ${what}: exit ${code}, ${JSON.stringify(said.slice(0, 200))}`);
      if (digest(database) !== was) problems.push(`${name} ${what}: the database was changed`);
      fs.rmSync(file, { force: true });
      fs.writeFileSync(file, kept, { mode: 0o600 });
    }
  }
}

async function strangeDatabases(stage, config, problems) {
  const state = path.join(stage.dir, 'state');
  const file = path.join(state, 'campaignd.db');
  const kept = fs.readFileSync(file);
  const flipped = Buffer.from(kept);
  flipped.fill(0x5a, 100, 200);                              // in the first page, behind the header
  const cases = {
    'another program\'s': () => sqlite(file, 'CREATE TABLE holiday(photo); INSERT INTO holiday VALUES (1); PRAGMA user_version=1;'),
    'another program\'s, which has a number of its own': () => sqlite(file, 'PRAGMA application_id=252006674; CREATE TABLE a(b);'),
    'a newer schema': () => { fs.writeFileSync(file, kept); sqlite(file, 'PRAGMA journal_mode=DELETE; PRAGMA user_version=999;'); },
    'no database': () => fs.writeFileSync(file, 'Dear diary, '.repeat(1000)),
    'cut off': () => fs.writeFileSync(file, kept.subarray(0, kept.length / 2)),
    'damaged in its first page': () => fs.writeFileSync(file, flipped),
  };
  for (const [what, make] of Object.entries(cases)) {
    for (const name of fs.readdirSync(state)) if (name.startsWith('campaignd.db')) fs.rmSync(path.join(state, name));
    make();
    const was = digest(file);
    const { code, said } = await refusal(stage, stage.dir, { config });
    if (code !== 65) problems.push(`a database that is ${what}: exit ${code}, ${JSON.stringify(said.slice(0, 200))}`);
    if (digest(file) !== was) problems.push(`a database that is ${what}: the file was changed`);
  }
  const elsewhere = path.join(stage.dir, 'elsewhere');
  fs.mkdirSync(path.join(elsewhere, 'state'), { recursive: true });
  sqlite(path.join(elsewhere, 'state', 'campaignd.db'), 'CREATE TABLE holiday(photo);');
  const { code, said } = await refusal(stage, elsewhere, { config });
  if (code !== 65) problems.push(`another program's database, and no keys: exit ${code}, ${JSON.stringify(said.slice(0, 200))}`);
}

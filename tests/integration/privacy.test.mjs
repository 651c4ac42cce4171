// What the built program leaves of people: P-01 in everything it writes, P-03, P-09 and P-10 by its verbs.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LemmyHost } from '../support/dialects/lemmy.mjs';
import { MisskeyHost } from '../support/dialects/misskey.mjs';
import { PeerTubeHost } from '../support/dialects/peertube.mjs';
import { account } from '../support/fediverse.mjs';
import { test } from '../support/harness.mjs';
import { campaignTag, campaignToml, daemonToml, openEdition } from '../support/settings.mjs';

const host = 'social.example';
const at = name => `${name}@${host}`;
const day = hour => Date.UTC(2025, 5, 20, hour);
const campaign = campaignToml({
  editions: [openEdition],
  terms: [campaignTag],
  partners: [{ id: 'most', name: 'Fundacja Most', country: 'PL', accounts: [`mastodon:${at('most')}`] }],
  sources: [{ id: 'tags', connector: 'mastodon', host, tags: ['allinforintegration'], every: '1s' },
            { id: 'notes', connector: 'misskey', host: 'misskey.example', tags: ['AllInForIntegration'] },
            { id: 'threads', connector: 'lemmy', host: 'lemmy.example', query: 'AllInForIntegration' },
            { id: 'videos', connector: 'peertube', host: 'tube.example', tags: ['AllInForIntegration'] }],
});
const people = ['zuzanna', 'kacper', 'oleksandra'];
const elsewhere = ['hannelore', 'bartholomew', 'filippa'];    // on platforms whose links to posts name nobody
/// What names them, wherever it stands; the handles of `people` too stand in the links to their posts.
const words = [...elsewhere, ...[...people, ...elsewhere].flatMap(name => [`The Name Of ${name}`, `a sentence of ${name}`, `avatars/${name}`])];
const sheets = ['summary', 'partners', 'by_day', 'by_platform', 'by_hour', 'by_country', 'by_language', 'attribution', 'comparison',
                'companions', 'method', 'media', 'media_countries', 'terms', 'sources', 'coverage', 'hours', 'cross_check', 'changes',
                'measures', 'dictionary', 'posts'];

test('people leave no name, no sentence and no link where they should not, and can be forgotten', async stage => {
  const world = stage.world();
  const server = world.mastodon(host, { limit: 1e6 });
  for (const [n, name] of people.entries()) {
    const named = { ...account(at(name), host), display_name: `The Name Of ${name}`, avatar: `https://${host}/avatars/${name}` };
    server.add({ by: at(name), text: `a sentence of ${name} #AllInForIntegration`, created: day(8 + n), likes: n, extra: { account: named } });
  }
  const [hannelore, bartholomew, filippa] = elsewhere;
  const misskey = world.speaks('misskey.example', MisskeyHost), lemmy = world.speaks('lemmy.example', LemmyHost);
  const tube = world.speaks('tube.example', PeerTubeHost);
  misskey.know(`${hannelore}@misskey.example`, { name: `The Name Of ${hannelore}` });
  misskey.add({ by: `${hannelore}@misskey.example`, text: `a sentence of ${hannelore} #AllInForIntegration`, created: day(9) });
  lemmy.add({ by: `${bartholomew}@lemmy.example`, title: `a sentence of ${bartholomew}`, text: '#AllInForIntegration', created: day(10) });
  tube.know(`${filippa}@tube.example`, { displayName: `The Name Of ${filippa}` });
  tube.add({ by: `${filippa}@tube.example`, title: `a sentence of ${filippa}`, tags: ['AllInForIntegration'], created: day(11) });
  server.add({ by: at('most'), text: 'We cook #AllInForIntegration', created: day(12), likes: 3 });
  await world.start();
  await nothingLeaks(stage, world, 'standard');
  await forgetAndRestore(stage, world);
  await nothingLeaks(stage, world, 'strict');
});

const say = (stage, dir, ...args) => {
  const given = ['--config', path.join(dir, 'campaignd.toml'), '--state', path.join(dir, 'state')];
  const { status, stdout, stderr } = spawnSync(stage.binary, [...args, ...given], { encoding: 'utf8', timeout: 90_000, maxBuffer: 1 << 28 });
  return { status, stdout, stderr };
};

/// The bytes of every file of the state directory, keys apart.
function stateBytes(dir) {
  const state = path.join(dir, 'state');
  return Buffer.concat(fs.readdirSync(state).filter(name => !name.endsWith('.key')).map(name => fs.readFileSync(path.join(state, name))));
}

const found = (bytes, list) => list.filter(word => bytes.toString('latin1').includes(word));

async function nothingLeaks(stage, world, profile) {
  const dir = path.join(stage.dir, profile);
  const daemon = await stage.start({ dir, config: daemonToml(world, { profile }), campaign });
  const posts = profile === 'strict' ? 4 : 7;                // there, who says nothing of being indexed is counted alone
  await daemon.until(async () => await daemon.one('SELECT count(*) FROM post') >= posts, 60_000, `${posts} posts`);
  await daemon.until(async () => await daemon.one("SELECT count(*) FROM source WHERE last_success_utc IS NULL") === 0, 60_000, 'every source was read');
  await daemon.until(async () => await daemon.one('SELECT count(*) FROM dirty') === 0, 20_000, 'slices');
  assert.deepEqual(found(stateBytes(dir), words), [], `${profile}: the database and its log`);
  assert.deepEqual(found(Buffer.from(daemon.stderr), [...words, ...people]), [], `${profile}: the log`);
  const dump = spawnSync('sqlite3', ['-readonly', daemon.database, '.dump'], { encoding: 'utf8', maxBuffer: 1 << 28 }).stdout;
  const lines = dump.split('\n').filter(line => people.some(name => line.includes(name)));
  assert.ok(lines.every(line => /^INSERT INTO post\b/.test(line)), `${profile}: handles stand in the table post alone`);
  if (profile === 'strict') assert.deepEqual(lines, [], 'strict: no handle at all');
  else assert.equal(lines.length, people.length, 'standard: in the links of their posts');
  await pages(daemon, profile);
  for (const sheet of sheets) {
    const { status, stdout, stderr } = say(stage, dir, 'report', sheet, '--format', 'csv');
    assert.equal(status, 0, stderr);
    assert.deepEqual(found(Buffer.from(stdout), [...words, ...people]), [], `${sheet}.csv`);
  }
  const seal = path.join(dir, 'seal.json');
  assert.equal(say(stage, dir, 'seal', '--anyway', '--out', seal).status, 0);
  assert.deepEqual(found(fs.readFileSync(seal), [...words, ...people]), [], 'the seal');
  assert.equal((await daemon.stop()).code, 0);
}

/// The links to posts are shown on this machine's page alone; everything else names nobody.
async function pages(daemon, profile) {
  for (const at of ['/', ...['summary', 'timeline', 'partners', 'sources', 'coverage', 'method', 'definitions'].map(name => `/api/v1/${name}`), '/metrics', '/healthz', '/report/summary.csv']) {
    const { body } = await daemon.raw(at);
    assert.deepEqual(found(body, [...words, ...people]), [], `${profile}: ${at}`);
  }
  const { body } = await daemon.raw('/api/v1/posts');
  assert.deepEqual(found(body, profile === 'strict' ? [...words, ...people] : words), [], `${profile}: /api/v1/posts`);
}

async function forgetAndRestore(stage, world) {
  const dir = path.join(stage.dir, 'standard');
  const config = daemonToml(world);
  const settings = { dir, config, campaign };
  const state = path.join(dir, 'state');
  const copy = path.join(stage.dir, 'copy.db');
  let daemon = await stage.start(settings);
  const [one, other] = people;

  assert.equal(say(stage, dir, 'backup', copy).status, 0, 'a backup beside the running service');
  assert.equal(say(stage, dir, 'backup', copy).status, 73, 'a file that is there is not overwritten');

  assert.equal(say(stage, dir, 'backup', path.join(stage.dir, 'nowhere', 'copy.db')).status, 73, 'a folder that is not there');

  const shown = JSON.parse(say(stage, dir, 'show', '--platform', 'mastodon', '--account', at(one), '--json').stdout);
  assert.ok(JSON.stringify(shown).includes(`@${one}`), 'what is held of her, with the link to her post');

  const { status, stdout, stderr } = say(stage, dir, 'forget', '--platform', 'mastodon', '--account', at(one));
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^receipt [a-z2-7]{16}: deleted 1 posts/);
  assert.ok(!stdout.includes(one), 'the receipt does not name her');
  assert.deepEqual(found(stateBytes(dir), [one]), [], 'P-09: no byte of the link is left');
  assert.match(say(stage, dir, 'show', '--platform', 'mastodon', '--account', at(one)).stdout, /^nothing is held/);
  assert.equal(say(stage, dir, 'forget', '--platform', 'mastodon', '--account', at('most')).status, 65, 'an organisation is not forgotten');
  assert.equal(say(stage, dir, 'forget', '--platform', 'mastodon', '--account', 'nobody').status, 64);

  // The source shows her post with every poll; the running daemon heeds the wish at once.
  const polls = await daemon.one("SELECT count(*) FROM poll WHERE source = 'tags' AND outcome = 'ok'");
  await daemon.until(async () => await daemon.one("SELECT count(*) FROM poll WHERE source = 'tags' AND outcome = 'ok'") > polls + 1, 30_000, 'two polls');
  assert.equal(await daemon.one(`SELECT count(*) FROM post WHERE uri LIKE '%${one}%'`), 0);
  assert.equal(await daemon.one(`SELECT count(*) FROM post WHERE uri LIKE '%${other}%'`), 1);
  assert.equal(say(stage, dir, 'restore', copy).status, 75, 'not beside a running service');
  assert.equal((await daemon.stop()).code, 0);

  // P-10 by the verb, and by somebody who copies the file himself.
  const broken = path.join(stage.dir, 'broken.db');
  fs.writeFileSync(broken, 'This is no database. '.repeat(100));
  const refused = say(stage, dir, 'restore', broken);
  assert.equal(refused.status, 65);
  assert.ok(refused.stderr.includes(broken), 'which file it was');
  const restored = say(stage, dir, 'restore', copy);
  assert.equal(restored.status, 0, restored.stderr);
  assert.match(restored.stdout, /1 posts that went after it was made were removed/);
  const database = path.join(state, 'campaignd.db');
  assert.deepEqual(found(fs.readFileSync(database), [one]), [], 'P-10: absent before anything serves');
  assert.ok(fs.readdirSync(state).some(name => name.startsWith('campaignd.db.before-')), 'the old one is kept aside');
  const again = say(stage, dir, 'forget', '--platform', 'mastodon', '--account', at(one));
  assert.match(again.stdout, /deleted, too: a database that a restore had put aside/);
  assert.ok(!fs.readdirSync(state).some(name => name.startsWith('campaignd.db.before-')), 'P-09: nor is she in that');
  for (const name of fs.readdirSync(state)) if (name.startsWith('campaignd.db')) fs.rmSync(path.join(state, name));
  fs.copyFileSync(copy, database);
  daemon = await stage.start(settings);
  assert.match(daemon.stderr, /the database was restored: removed again posts=1[\s\S]*serving url=/, 'before the port opens');
  assert.equal(await daemon.one(`SELECT count(*) FROM post WHERE uri LIKE '%${one}%'`), 0);
  assert.equal((await daemon.stop()).code, 0);
  await noSecondKey(stage, settings, state);
}

/// P-03: whoever loses the list of keys with a key is not given another one for the pseudonyms that are there; nor does
/// it start with a key that is short or open to others.
async function noSecondKey(stage, settings, state) {
  const key = path.join(state, 'edition-2025.key'), list = path.join(state, 'editions.made');
  const kept = [key, list].map(file => [file, fs.readFileSync(file)]);
  const refuses = async why => {
    const daemon = stage.launch(settings);
    if (await Promise.race([daemon.gone, sleep(8000, 'late')]) === 'late') await daemon.kill9();
    assert.equal(daemon.ended.code, 78, daemon.stderr);
    assert.match(daemon.stderr, why);
    assert.ok(!daemon.stderr.includes(state), 'it names the credential, not where it lies');
  };
  fs.rmSync(key);
  fs.writeFileSync(list, '');
  await refuses(/the key edition-2025\.key is missing: restore it/);
  assert.ok(!fs.existsSync(key), 'no second key was made');
  for (const [file, bytes] of kept) fs.writeFileSync(file, bytes, { mode: 0o600 });
  fs.writeFileSync(key, kept[0][1].subarray(0, 16));
  await refuses(/the key edition-2025\.key has 16 bytes instead of 32/);
  fs.writeFileSync(key, kept[0][1]);
  fs.chmodSync(key, 0o644);
  await refuses(/the key edition-2025\.key can be read by others: chmod 600 it/);
  fs.chmodSync(key, 0o600);
}

// A report is sealed, held against the database, and stays what it was: after a post is erased, on the port as in the file.
// Who changes a reading, or the file, is found out.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from '../support/harness.mjs';
import { campaignTag, campaignToml, daemonToml } from '../support/settings.mjs';

const host = 'home.example';
const theDay = { start: '2025-06-20T10:00:00Z', rate: 60 };
const afterFinal = { start: '2025-07-05T10:00:00Z' };
const campaign = campaignToml({
  editions: [{ id: '2025', day: '2025-06-20', from: '2025-06-01', until: '2025-12-31' }],
  terms: [campaignTag],
  sources: [{ id: 's1', connector: 'mastodon', host, tags: ['allinforintegration'] }],
});

/// { code, stdout, stderr } of a verb.
const verb = (stage, ...words) => new Promise(done => {
  const shared = ['--config', path.join(stage.dir, 'campaignd.toml'), '--state', path.join(stage.dir, 'state')];
  execFile(stage.binary, [...words, ...shared], { cwd: stage.dir, maxBuffer: 1 << 26 },
           (error, stdout, stderr) => done({ code: error?.code ?? 0, stdout, stderr }));
});

const change = (stage, sql) =>
  execFileSync('sqlite3', [path.join(stage.dir, 'state', 'campaignd.db'), `PRAGMA foreign_keys=ON; ${sql}`], { stdio: 'ignore' });

const erase = `INSERT INTO removal(edition, platform, hour_utc, kind, why, at_utc, n)
  SELECT edition, platform, at_utc - at_utc % 3600000, kind, 'asked to be forgotten', ${Date.parse('2025-07-06T10:00:00Z')}, 1
  FROM reading WHERE likes = 1; DELETE FROM post WHERE id = (SELECT post FROM reading WHERE likes = 1);`;

async function collectTheDay(stage, world, server) {
  for (const likes of [1, 2, 3])
    server.add({ by: `ania${likes}@${host}`, text: `Soup ${likes} #AllInForIntegration`, created: Date.parse(theDay.start) - 60_000, likes });
  await world.start();
  world.setClock(theDay);
  const daemon = await stage.start({ config: daemonToml(world, { clock: theDay }), campaign });
  await daemon.until(async () => await daemon.one('SELECT count(*) FROM reading WHERE likes IS NOT NULL') === 3, 30_000, 'three posts');
  await daemon.until(async () => await daemon.one('SELECT count(*) FROM dirty') === 0, 30_000, 'hours are added up');
  await daemon.until(async () => await daemon.one('SELECT count(*) FROM covered') > 0, 30_000, 'the first poll has ended');
  const early = await daemon.raw('/report/seal.json?edition=2025');
  assert.equal(early.status, 404, 'nothing is sealed on the day');
  assert.equal((await daemon.get('/api/v1/summary')).standing.word, 'running');
  assert.equal((await daemon.stop()).code, 0);
}

test('a seal stays what it was, and tells an erased post from a changed one', async stage => {
  const world = stage.world({ clock: theDay });
  const server = world.mastodon(host);
  await collectTheDay(stage, world, server);

  const refused = await verb(stage, 'seal');
  assert.equal(refused.code, 65, 'on the day itself');
  assert.match(refused.stderr, /not sealed: the campaign day is not over/);

  fs.writeFileSync(path.join(stage.dir, 'campaignd.toml'), daemonToml(world, { clock: afterFinal }));
  const sealed = await verb(stage, 'seal', '--out', 'report.seal.json');
  assert.equal(sealed.code, 0, sealed.stderr);
  const file = path.join(stage.dir, 'report.seal.json');
  const body = fs.readFileSync(file, 'utf8');
  const { digest, standing, sheets, posts } = JSON.parse(body);
  assert.match(sealed.stdout, new RegExp(`SHA-256 ${digest}`));
  assert.equal(standing.word, 'final');
  assert.match(sealed.stdout, /^its standing: final: sealed on /m);
  assert.equal(posts.length, 3);
  assert.ok(!body.includes('ania'), 'no name of a person');
  assert.equal((await verb(stage, 'seal', '--out', 'report.seal.json')).code, 73, 'no seal is overwritten');

  const csv = (await verb(stage, 'report', 'summary', '--sealed', '--edition', '2025')).stdout;
  const summary = sheets.find(({ name }) => name === 'summary');
  assert.equal(csv, `\uFEFF${[summary.columns.join(','), ...summary.rows].join('\r\n')}\r\n`);
  assert.match(csv, /"M-01","Mentions",3,/);

  const live = await verb(stage, 'report', 'summary', '--edition', '2025');
  assert.match(live.stdout, /Standing: final: .*; these are live figures, --sealed gives the sealed ones\./);
  for (const unheard of [['--sealed', '--from', '2025-06-20'], ['--sealed', '--as-of', '2025-07-01'], ['--sealed', '--format', 'json'],
    ['--sealed', '--dialect', 'excel-eu'], ['--since', '2025-07-01']])
    assert.equal((await verb(stage, 'report', 'summary', '--edition', '2025', ...unheard)).code, 64, unheard.join(' '));

  const verify = () => verb(stage, 'verify', 'report.seal.json');
  const same = await verify();
  assert.deepEqual([same.code, same.stdout.split('\n')[0]], [0, 'identical'], same.stdout);

  change(stage, erase);
  const erased = await verify();
  assert.deepEqual([erased.code, erased.stdout.split('\n')[0]], [0, 'identical but for 1 erased or expired row'], erased.stdout);
  assert.match(erased.stdout, /summary, "M-01", value: 3 sealed, 2 now/);
  assert.equal((await verb(stage, 'report', 'summary', '--sealed', '--edition', '2025')).stdout, csv, 'not a byte of it changed');

  const bridge = JSON.parse((await verb(stage, 'report', 'bridge', '--since', 'report.seal.json', '--json')).stdout);
  const mentions = bridge.rows.find(row => row.metric_id === 'M-01');
  assert.deepEqual([mentions.old, mentions.erased_or_corrected, mentions.new], [3, -1, 2]);

  change(stage, 'UPDATE observation SET likes = likes + 5 WHERE likes = 2;');
  const changed = await verify();
  assert.equal(changed.code, 65);
  assert.match(changed.stdout, /^differs\n {2}1 post differs: counters/);
  const asJson = JSON.parse((await verb(stage, 'verify', 'report.seal.json', '--json')).stdout);
  assert.equal(asJson.verdict, 'differs');

  fs.writeFileSync(path.join(stage.dir, 'other.seal.json'), body.replace('Mentions', 'mentions'));
  const damaged = await verb(stage, 'verify', 'other.seal.json');
  assert.equal(damaged.code, 65);
  assert.match(damaged.stderr, /changed or damaged/);

  world.setClock(afterFinal);
  const daemon = await stage.start({ config: daemonToml(world, { clock: afterFinal }), campaign });
  assert.equal((await daemon.raw('/report/seal.json?edition=2025')).body.toString(), body);
  assert.equal((await daemon.raw('/report/summary.csv?edition=2025&sealed=1')).body.toString(), csv);
  assert.equal((await daemon.get('/api/v1/summary?edition=2025')).standing.word, 'final');
  assert.equal((await daemon.stop()).code, 0);
});

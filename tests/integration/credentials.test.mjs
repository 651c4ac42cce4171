// A credential: without it a source is off and says so; with it the platform is asked; and nothing we write or say has it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from '../support/harness.mjs';
import { campaignTag, campaignToml, daemonToml, openEdition } from '../support/settings.mjs';

const secret = 'AAAA-top-secret-4711';
const campaign = campaignToml({
  editions: [openEdition], terms: [campaignTag],
  sources: [{ id: 'x-search', connector: 'x', tags: ['AllInForIntegration'], every: '1min' }],
});

/// X, as far as a search of one page needs it.
class XHost {
  asked = [];
  constructor(host, now) { this.now = now; }
  answer({ path: at, query, headers }) {
    this.asked.push({ at, query: query.toString(), authorization: headers.authorization });
    const body = at === '/2/tweets/search/recent'
      ? { data: [{ id: '1900000000000000001', author_id: '77', text: 'Lunch for all #AllInForIntegration', created_at: new Date(this.now() - 3_600_000).toISOString(),
                   entities: { hashtags: [{ start: 14, end: 34, tag: 'AllInForIntegration' }] },
                   public_metrics: { like_count: 3, retweet_count: 1, reply_count: 0, quote_count: 0, impression_count: 40 } }],
          includes: { users: [{ id: '77', username: 'somebody', name: 'Some Body' }] },
          meta: { result_count: 1, newest_id: '1900000000000000001', oldest_id: '1900000000000000001' } }
      : { title: 'Not Found', status: 404 };
    return { status: at === '/2/tweets/search/recent' ? 200 : 404, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  }
}

/// Every byte below `dir`, but for the credential's own file.
function bytesBelow(dir) {
  return fs.readdirSync(dir, { recursive: true, withFileTypes: true }).filter(each => each.isFile())
    .map(each => path.join(each.parentPath ?? each.path, each.name)).filter(file => !file.includes('/credentials/'))
    .map(file => [file, fs.readFileSync(file, 'latin1')]);
}

test('a credential turns a source on, and is found nowhere but in its file', async stage => {
  const world = stage.world();
  const host = world.speaks('api.x.com', XHost);
  await world.start();
  const config = daemonToml(world);
  const daemon = await stage.start({ config, campaign });
  const verb = (...words) => new Promise(done => {
    const { CREDENTIALS_DIRECTORY: ignored, ...env } = process.env;
    execFile(stage.binary, [...words, '--config', path.join(stage.dir, 'campaignd.toml'), '--state', path.join(stage.dir, 'state')],
             { env }, (error, stdout, stderr) => done({ status: error?.code ?? 0, stdout, stderr }));
  });

  const without = await verb('check');
  assert.equal(without.status, 0);
  assert.match(without.stdout, /x-search is off: it needs a credential, the bearer token/);
  assert.match((await verb('sources', '--json')).stdout, /"off"/);
  assert.equal(host.asked.length, 0, 'nobody is asked without a credential');

  fs.mkdirSync(path.join(stage.dir, 'credentials'));
  const file = path.join(stage.dir, 'credentials', 'x');
  fs.writeFileSync(file, `${secret}\n`, { mode: 0o644 });
  assert.match((await verb('check')).stdout, /can be read by others: chmod 600 it/);
  fs.chmodSync(file, 0o600);
  daemon.signal('SIGHUP');
  await daemon.until(async () => await daemon.one('SELECT count(*) FROM post') === 1, 30_000, 'the post is kept');
  assert.ok(host.asked.length > 0 && host.asked.every(({ authorization }) => authorization === `Bearer ${secret}`));
  assert.ok(host.asked.every(({ query }) => !query.includes(secret)), 'no secret in an address');
  assert.equal(await daemon.one("SELECT sum(cost) FROM spent WHERE bucket = 'x'") > 0, true, 'what it cost is in the ledger');

  const recorded = await verb('record', 'x-search', path.join(stage.dir, 'recorded'));
  assert.equal(recorded.status, 0, recorded.stderr);
  const answer = fs.readFileSync(path.join(stage.dir, 'recorded', '01', 'answer.json'), 'utf8');
  assert.match(answer, /#AllInForIntegration/);
  assert.doesNotMatch(answer, /Lunch|somebody|Some Body/, 'people are masked');

  const said = await Promise.all([verb('check', '--json'), verb('sources', '--json'), verb('report', '--json'), verb('report', 'changes')]);
  const told = [daemon.stderr, ...said.flatMap(({ stdout, stderr }) => [stdout, stderr]), recorded.stdout, (await daemon.raw('/api/v1/sources')).body.toString(), (await daemon.raw('/metrics')).body.toString()];
  for (const words of told) assert.ok(!words.includes(secret), `the secret is told: ${words.slice(0, 200)}`);
  for (const [name, bytes] of bytesBelow(stage.dir)) assert.ok(!bytes.includes(secret), `the secret is in ${name}`);
  assert.equal((await daemon.stop()).code, 0);
});

// The search of an account that is logged in: an app password, all pages of the tag, and a token that expires.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { json } from '../../support/answers.mjs';
import { campaignTag, campaignToml, daemonToml, openEdition } from '../../support/settings.mjs';
import { entryway, home } from './front.mjs';

/// Why this cannot be tested with a program; undefined: it can.
export function pending(binary) {
  const { rows } = JSON.parse(execFileSync(binary, ['sources', '--contracts', '--json'], { encoding: 'utf8' }));
  const { credential } = rows.find(({ connector }) => connector === 'bluesky');
  return /password/.test(credential ?? '') ? undefined : 'the program takes no credential for Bluesky';
}

const search = '/xrpc/app.bsky.feed.searchPosts';
const session = verb => `/xrpc/com.atproto.server.${verb}Session`;

function writeCredential(dir, words) {
  fs.mkdirSync(path.join(dir, 'credentials'), { recursive: true, mode: 0o700 });
  fs.writeFileSync(path.join(dir, 'credentials', 'bluesky'), `${words}\n`, { mode: 0o600 });
}

/// What a search shows an account, beyond the hundred of a visitor. What authors keep from visitors is left out all the
/// same; of who asks so in a biography one learns later.
function expectedOf({ posts }, since) {
  return posts.filter(({ tagged, by, at }) => tagged && at >= since && !['quiet', 'shy'].includes(by)).map(({ uri }) => uri);
}

function filesHold(dir, secret) {
  return fs.readdirSync(dir).some(name => fs.readFileSync(path.join(dir, name)).includes(secret));
}

/// Another daemon beside the same network. `gate.first(request)` answers for the account's home.
export async function loggedIn(stage, { world, state, clock, gate }) {
  const dir = path.join(stage.dir, 'logged-in');
  writeCredential(dir, `kasia.test:${state.appPassword}`);
  const began = world.log.length;
  const asked = at => world.log.slice(began).filter(entry => entry.path === at);
  const campaign = campaignToml({ editions: [openEdition], terms: [campaignTag],
                                  sources: [{ id: 'search', connector: 'bluesky', tags: [state.tag], every: '5min' }] });
  const start = { ...clock, start: new Date().toISOString() };
  world.setClock(start);
  const daemon = await stage.start({ dir, config: daemonToml(world, { clock: start }), campaign });
  const expected = expectedOf(state, Date.parse(openEdition.from));
  const found = async () => (await daemon.sql("SELECT uri FROM post WHERE uri LIKE 'at:%'")).map(({ uri }) => uri);
  const holdsAll = async () => {
    const uris = await found();
    return expected.every(uri => uris.includes(uri));
  };
  await daemon.until(holdsAll, 60_000, `${expected.length} posts`);
  assert.ok(expected.length > 100, 'more than a visitor is shown');
  assert.deepEqual(asked(session('create')).map(({ host, method }) => [host, method]), [[entryway, 'POST']], 'one login');
  assert.ok(asked(search).every(({ host }) => host === home), 'the search goes where the account lives');
  const pages = asked(search).map(({ query }) => new URLSearchParams(query).get('cursor')).filter(Boolean);
  assert.ok(pages.length > 0, 'page after page');

  // A token lasts two hours; what the server says then it says once here.
  let refused = 0;
  gate.first = ({ path: at }) => (at === search && refused++ === 0 ? json({ error: 'ExpiredToken', message: 'Token has expired' }, 400) : undefined);
  await daemon.until(() => refused >= 2, 60_000, 'the search goes on after its token expired');
  gate.first = () => undefined;
  assert.equal(asked(session('create')).length, 1, 'without another login');
  assert.deepEqual(asked(session('refresh')).map(({ host, method, status }) => [host, method, status]), [[home, 'POST', 200]]);
  const { message, failures } = (await daemon.sql("SELECT message, failures FROM source WHERE id = 'search'"))[0];
  assert.deepEqual([message, failures], [null, 0]);
  for (const secret of [state.appPassword, 'eyJ0eXAi', 'eyJhbGci']) {      // how a token begins
    assert.ok(!daemon.stderr.includes(secret), 'the log holds no secret');
    assert.ok(!filesHold(path.join(dir, 'state'), secret), 'nor does the state');
  }
  assert.equal((await daemon.stop()).code, 0);
  await wrongPassword(stage, { world, state, clock });
  console.log(`logged in: ${expected.length} posts, ${pages.length} further pages`);
}

async function wrongPassword(stage, { world, state, clock }) {
  const dir = path.join(stage.dir, 'locked-out');
  writeCredential(dir, 'kasia.test:abcd-efgh-ijkl-mnop');
  const campaign = campaignToml({ editions: [openEdition], terms: [campaignTag],
                                  sources: [{ id: 'search', connector: 'bluesky', tags: [state.tag], every: '5min' }] });
  const start = { ...clock, start: new Date().toISOString() };
  const daemon = await stage.start({ dir, config: daemonToml(world, { clock: start }), campaign });
  const source = () => daemon.sql("SELECT message FROM source WHERE id = 'search' AND failures > 0");
  await daemon.until(async () => (await source()).length === 1, 30_000, 'the source fails');
  const [{ message }] = await source();
  assert.match(message, /app-password/);
  assert.ok(!message.includes('abcd'), 'the reason holds no secret');
  assert.equal((await daemon.stop()).code, 0);
}

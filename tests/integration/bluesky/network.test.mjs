// The daemon beside the reference servers of Bluesky: what it finds, counts, follows and forgets is what is there, by
// the network's own account. The clock runs 240 times as fast, so that an hour is a quarter of a minute.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { skip, test } from '../../support/harness.mjs';
import { campaignTag, campaignToml, daemonToml, openEdition } from '../../support/settings.mjs';
import { publicHost, putBehindNames } from './front.mjs';
import { loggedIn, pending } from './login.mjs';
import { Person, like } from './people.mjs';
import { listeners, residentBytes } from './processes.mjs';

const rate = 240;
const here = name => fileURLToPath(new URL(name, import.meta.url));

/// Starts the network and waits until it is filled; gives its state and the process.
async function startNetwork(dir) {
  const packages = process.env.BLUESKY_DIR ?? here('../../../build/npm-bluesky');
  if (!fs.existsSync(path.join(packages, 'node_modules'))) skip('the npm packages are not installed: ./dev test --all');
  if (Number(process.versions.node.split('.')[0]) < 20) skip(`the reference servers want Node 20; this is ${process.version}`);
  if (!fs.existsSync('/usr/lib/postgresql')) skip('this test needs PostgreSQL: ./dev test --all');
  const file = path.join(dir, 'network.json');
  // Its stdin closes when we end, however we end, and it ends then.
  const child = spawn(process.execPath, [here('start.mjs'), '--packages', packages, '--state', file], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise(done => child.on('exit', (code, signal) => done(`it ended with ${signal ?? code}`)));
  const ready = new Promise(done => createInterface(child.stdout).on('line', line => line.startsWith('ready') && done()));
  const why = await Promise.race([ready, ended]);
  if (why) throw new Error(`the network did not start: ${why}`);
  return { child, ended, state: JSON.parse(fs.readFileSync(file)) };
}

/// What a visitor may know of it, by its own account: every post by its address.
function expectedOf({ posts, accounts }, since) {
  const found = posts.filter(({ tagged }) => tagged).slice(0, 100);      // one page of the search
  const ofPartners = posts.filter(({ by, at }) => ['most', 'hafen'].includes(by) && at >= since);
  const visible = [...found.filter(({ by }) => by !== 'quiet'), ...ofPartners];
  const expected = new Map(visible.map(each => [each.uri, each]));
  const unseen = posts.filter(({ uri }) => !expected.has(uri));
  assert.ok(found.some(({ by }) => by === 'quiet'), 'somebody who is not for visitors is among those the search shows');
  assert.ok(unseen.some(({ by, tagged }) => tagged && accounts[by] && by !== 'quiet'), 'and not all that is tagged is among them');
  return { expected, unseen };
}

const shortly = uris => [...uris].slice(0, 3).join(' ');
function sameSet(got, wanted, what) {
  const missing = wanted.filter(each => !got.includes(each)), surplus = got.filter(each => !wanted.includes(each));
  const difference = `missing ${missing.length} (${shortly(missing)}), too many ${surplus.length} (${shortly(surplus)})`;
  assert.equal(missing.length + surplus.length, 0, `${what}: ${difference}`);
}

const latest = 'SELECT post.uri, likes, reposts, quotes, replies FROM observation JOIN post ON post.id = post '
  + 'WHERE at_utc = (SELECT max(at_utc) FROM observation AS other WHERE other.post = observation.post)';
const countsIn = rows => new Map(rows.map(({ uri, ...counts }) => [uri, counts]));

class Campaign {
  constructor(daemon, state) {
    Object.assign(this, { daemon, state });
  }

  who(name) {
    return Person.enter(this.state.pds, this.state.accounts[name]);
  }

  post(uri) {
    return this.daemon.sql(`SELECT post.id, class, until_utc, kind, host FROM post JOIN match ON match.post = post.id WHERE uri = '${uri}'`)
      .then(([row]) => row);
  }

  /// The posts that were missing when they were last asked for.
  missing() {
    return this.daemon.sql('SELECT uri, missing_utc FROM recheck JOIN post ON post.id = recheck.post WHERE missing_utc IS NOT NULL');
  }

  until(condition, what, ms = 60_000) {
    return this.daemon.until(condition, ms, what);
  }

  /// Until the posts that are stored are these, each with the counts that stand beside it.
  async holds(expected, what) {
    const stored = async () => (await this.daemon.sql('SELECT uri FROM post')).map(({ uri }) => uri);
    await this.until(async () => (await stored()).length >= expected.size, `${what}: ${expected.size} posts`).catch(() => {});
    sameSet(await stored(), [...expected.keys()], what);
    const counts = countsIn(await this.daemon.sql(latest));
    for (const { uri, counts: { likes, reposts, quotes, replies } } of expected.values())
      assert.deepEqual(counts.get(uri), { likes, reposts, quotes, replies }, `${what}: ${uri}`);
  }
}

async function everythingIsFound(campaign, expected) {
  await campaign.holds(expected, 'what there was');
  const matches = await campaign.daemon.sql('SELECT uri, class FROM post JOIN match ON match.post = post.id');
  const classes = new Map(matches.map(each => [each.uri, each.class]));
  for (const { uri, tagged } of expected.values()) assert.equal(classes.get(uri), tagged ? 'hashtag' : 'owned', uri);
  const kinds = await campaign.daemon.sql('SELECT kind, count(*) AS n FROM post GROUP BY kind ORDER BY kind');
  console.log(`posts ${expected.size}: ${kinds.map(({ kind, n }) => `${n} ${kind}`).join(', ')}`);
}

/// A feed comes in pages of a hundred, and is read to its end once; a search has one page for visitors.
function pagesWereAskedFor(world, state) {
  const asked = world.requests(publicHost).map(({ path: at, query }) => ({ at, query: new URLSearchParams(query) }));
  const { did, handle } = state.accounts.most;
  const feeds = asked.filter(({ at, query }) => at.endsWith('getAuthorFeed') && [did, handle].includes(query.get('actor')));
  const cursors = feeds.map(({ query }) => query.get('cursor')).filter(Boolean);
  assert.ok(new Set(cursors).size >= 2, `at least three pages of the partner's feed: ${cursors}`);
  assert.equal(asked.filter(({ at, query }) => at.endsWith('searchPosts') && query.has('cursor')).length, 0);
}

async function leavesNoTrace(campaign, names) {
  await campaign.daemon.until(async () => (await campaign.daemon.one('SELECT count(*) FROM dirty')) === 0, 20_000, 'all is aggregated');
  for (const file of fs.readdirSync(path.join(campaign.daemon.dir, 'state')).filter(name => name.startsWith('campaignd.db'))) {
    const bytes = fs.readFileSync(path.join(campaign.daemon.dir, 'state', file));
    for (const name of names) assert.ok(!bytes.includes(campaign.state.accounts[name].did), `${file} knows ${name}`);
  }
}

const none = { likes: 0, reposts: 0, replies: 0, quotes: 0 };

/// Says something now, and waits until it is found.
async function say(campaign, expected, name, text) {
  const person = await campaign.who(name);
  const { uri, cid } = await person.post(text, Date.now());
  const tagged = text.includes(`#${campaign.state.tag}`);
  expected.set(uri, { uri, tagged, by: name, counts: none });
  return { uri, cid, person, found: () => campaign.until(async () => (await campaign.post(uri))?.class === (tagged ? 'hashtag' : 'owned'), `"${text}" is found`) };
}

/// New posts are found, and counted again. Gone is what is missing twice, an hour apart.
async function followsWhatHappens(campaign, expected) {
  const { daemon, state: { tag } } = campaign;
  const words = [['yusuf', `Just now #${tag}`], ['most', 'Just now, without the tag'], ['ines', `Not for long #${tag}`], ['most', 'Not for long']];
  const posts = [];
  for (const [name, text] of words) posts.push(await say(campaign, expected, name, text));
  for (const each of posts) await each.found();
  const [fresh, owned, ...doomed] = posts;
  await fresh.person.write([like(owned, Date.now())]);
  await owned.person.write([like(fresh, Date.now())]);
  for (const { person, uri } of doomed) await person.remove(uri);

  const first = new Map();
  await campaign.until(async () => {
    for (const { uri, missing_utc: at } of await campaign.missing()) first.set(uri, at);
    return (await Promise.all(doomed.map(({ uri }) => campaign.post(uri)))).every(row => row === undefined);
  }, 'what was deleted is forgotten', 120_000);
  const removals = await daemon.sql("SELECT at_utc, n FROM removal WHERE why = 'gone at its home server'");
  assert.equal(removals.reduce((sum, { n }) => sum + n, 0), doomed.length, 'each is a removal');
  for (const { uri } of doomed) {
    const sign = first.get(uri) ?? assert.fail(`no first sign of ${uri}`);
    for (const { at_utc: at } of removals) assert.ok(at - sign >= 3_600_000, 'an hour after the first sign');
    expected.delete(uri);
  }
  for (const { uri } of [fresh, owned]) {
    expected.set(uri, { ...expected.get(uri), counts: { ...none, likes: 1 } });
    await campaign.until(async () => countsIn(await daemon.sql(latest)).get(uri)?.likes === 1, 'it is counted again', 120_000);
  }
}

/// An account that is deactivated and comes back within the hour has lost nothing.
async function forgivesWhoComesBack(campaign, expected) {
  const { uri, person, found } = await say(campaign, expected, 'wanda', `Once more #${campaign.state.tag}`);
  await found();
  await person.do('com.atproto.server.deactivateAccount', {});
  const isMissing = async () => (await campaign.missing()).some(each => each.uri === uri);
  await campaign.until(isMissing, 'it is missing', 120_000);
  await person.do('com.atproto.server.activateAccount');
  await campaign.until(async () => !await isMissing(), 'it is seen again', 120_000);
  assert.ok(await campaign.post(uri), 'and was there all the time');
}

test('what is found, counted, followed and forgotten is what the reference servers have', async stage => {
  const began = performance.now();
  const { child, ended, state } = await startNetwork(stage.dir);
  try {
    const { open, other } = listeners(child.pid);
    assert.ok(open > 0 && other.length === 0, `the network listens on 127.0.0.1 alone: ${other}`);
    const clock = { start: new Date().toISOString(), rate };
    const world = stage.world({ clock });
    const gate = { first: () => undefined };
    putBehindNames(world, state, request => gate.first(request));
    await world.start();
    const partners = [{ id: 'most', name: 'Fundacja Most', country: 'PL', accounts: ['bluesky:most.test'] },
                      { id: 'hafen', name: 'Hafen', country: 'DE', accounts: [`bluesky:${state.accounts.hafen.did}`] }];
    const files = campaignToml({ editions: [openEdition], terms: [campaignTag], partners,
                                 sources: [{ id: 'search', connector: 'bluesky', tags: [state.tag], every: '5min' }] });
    clock.start = new Date().toISOString();
    world.setClock(clock);
    const daemon = await stage.start({ config: daemonToml(world, { clock }), campaign: files });
    const campaign = new Campaign(daemon, state);
    const { expected, unseen } = expectedOf(state, Date.parse(openEdition.from) - 28 * 86_400_000);

    await everythingIsFound(campaign, expected);
    pagesWereAskedFor(world, state);
    // What a biography says is seen when a post is measured.
    const shy = [...expected.values()].filter(({ by }) => by === 'shy');
    await campaign.until(async () => (await Promise.all(shy.map(({ uri }) => campaign.post(uri)))).every(row => row === undefined), 'who asks to be left out is');
    for (const { uri } of shy) expected.delete(uri);
    await followsWhatHappens(campaign, expected);
    await forgivesWhoComesBack(campaign, expected);
    await campaign.holds(expected, 'in the end');
    await leavesNoTrace(campaign, ['quiet']);
    assert.deepEqual([...new Set(world.log.map(({ status }) => status))], [200], 'nothing that was asked for was refused');
    const asked = world.log.length, mib = bytes => (bytes / 2 ** 20).toFixed(0);
    assert.equal((await daemon.stop()).code, 0);
    const visitor = performance.now();
    const why = pending(stage.binary);
    if (why) console.log(`pending: the logged-in search: ${why}`);
    else await loggedIn(stage, { world, state, clock, gate });
    console.log(`network up in ${state.seconds.start} s, filled in ${state.seconds.fill} s; ${asked} requests; `
      + `visitor ${((visitor - began) / 1000).toFixed(0)} s, all ${((performance.now() - began) / 1000).toFixed(0)} s; `
      + `${mib(residentBytes(child.pid))} MiB, ${mib(residentBytes(state.postgres))} of them PostgreSQL; ${unseen.length} posts were not for it`);
  } finally {
    for (const daemon of stage.daemons) if (!daemon.ended) await daemon.kill9();   // before what it asks is gone
    child.kill('SIGTERM');
    await ended;
  }
});

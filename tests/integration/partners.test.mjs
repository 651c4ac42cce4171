// What is said of each partner, from the servers to the sheet: used the tag, posted without it, nothing seen, channels not
// readable, no channel. Strangers' posts without the tag leave no trace; a boost adds nothing; a reload adds an account.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { parseCsv } from '../support/csv.mjs';
import { test } from '../support/harness.mjs';
import { campaignTag, campaignToml, daemonToml, openEdition } from '../support/settings.mjs';

const [social, closed, site] = ['social.example', 'closed.example', 'ngo.example'];
const at = name => `${name}@${social}`;
const account = name => `mastodon:${at(name)}`;
const day = hour => Date.UTC(2025, 5, 20, hour);

const partners = [
  { id: 'used', name: 'Used It', country: 'PL', accounts: [account('used')] },
  { id: 'without', name: 'Posted Without', country: 'BG', accounts: [account('without')] },
  { id: 'silent', name: 'Silent', country: 'PT', accounts: [account('silent')] },
  { id: 'refused', name: 'Behind A Login', accounts: [`mastodon:refused@${closed}`, account('nobody')] },
  { id: 'elsewhere', name: 'On TikTok Alone', accounts: ['tiktok:elsewhere'] },
  { id: 'nowhere', name: 'Without A Channel' },
  { id: 'press', name: 'With A Site', country: 'SE', sites: [`https://${site}/`] },
];
const campaign = campaignToml({
  editions: [openEdition],
  terms: [campaignTag],
  partners,
  sources: [{ id: 'tags', connector: 'mastodon', host: social, tags: ['allinforintegration'], every: '5min' }],
});

const item = (n, text) => `<item><title>Story ${n}</title><link>https://${site}/${n}</link><guid>https://${site}/${n}</guid>`
  + `<pubDate>Fri, 20 Jun 2025 08:00:00 GMT</pubDate><description>${text}</description></item>`;
const feed = `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Paper</title><link>https://${site}/</link>`
  + `<description>News</description>${item(1, 'A dinner')}${item(2, 'A dinner #AllInForIntegration')}</channel></rss>`;
const homePage = '<!DOCTYPE html><html><head><title>Paper</title><link rel="alternate" type="application/rss+xml" href="/feed.xml">'
  + '</head><body><p>News</p></body></html>';

function populate(world) {
  const server = world.mastodon(social);
  for (const name of ['silent', 'elsewhere']) server.know(at(name));
  server.add({ by: at('used'), text: 'Lunch #AllInForIntegration', created: day(8), likes: 4 });
  server.add({ by: at('without'), text: 'Lunch', created: day(9) });
  server.add({ by: at('without'), text: 'In the weeks before', created: Date.UTC(2024, 11, 20) });
  server.add({ by: at('without'), text: 'Too long ago', created: Date.UTC(2024, 10, 1) });
  server.add({ by: at('ala'), text: 'Of nobody we know', created: day(10) });
  const tagged = server.add({ by: at('ala'), text: 'Dinner #AllInForIntegration', created: day(11) });
  const untagged = server.add({ by: at('ola'), text: 'Secret dinner', created: day(12) });
  server.add({ by: at('silent'), boosts: tagged, created: day(13) });
  server.add({ by: at('silent'), boosts: untagged, created: day(14) });
  // Not every server leaves boosts out when it is asked to.
  world.fault(social, ({ query }) => { query.delete('exclude_reblogs'); });
  world.quiet(closed);
  world.feed(site, '/feed.xml', () => ({ body: feed }));
  world.fault(site, request => (request.path === '/'
    ? { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: homePage } : undefined));
  return server;
}

const run = promisify(execFile);
const command = (stage, ...words) =>
  run(stage.binary, [...words, '--config', path.join(stage.dir, 'campaignd.toml'), '--state', path.join(stage.dir, 'state')]);

/// Rows of a sheet as objects, by their first cell.
function sheetRows(csv) {
  const [head, ...rows] = parseCsv(csv.slice(1));
  return new Map(rows.map(row => [row[0], Object.fromEntries(row.map((cell, n) => [head[n], cell]))]));
}

/// state, channels known and watched, posts, posts without the tag, articles; '' is an empty cell.
const expected = {
  used: ['used the tag', 1, 1, 1, 0, ''],
  without: ['posted without it', 1, 1, 0, 1, ''],
  silent: ['nothing seen on 1 watched channel', 1, 1, 0, 0, ''],
  refused: ['channels known but not readable', 2, 0, '', '', ''],
  elsewhere: ['channels known but not readable', 1, 0, '', '', ''],
  nowhere: ['no channel configured', 0, 0, '', '', ''],
  press: ['used the tag', 1, 1, '', '', 1],
};
const columns = ['state', 'channels_known', 'channels_watched', 'posts', 'posts_without_tag', 'articles'];

function checkSheet(csv, where) {
  const rows = sheetRows(csv);
  assert.deepEqual([...rows.keys()], partners.map(({ id }) => id), `${where}: a row for every partner, as configured`);
  for (const [partner, cells] of Object.entries(expected))
    assert.deepEqual(columns.map(column => rows.get(partner)[column]), cells.map(String), `${where}: ${partner}`);
  const { actions, posts_campaign_day: campaignDay, posts_local_day: localDay } = rows.get('used');
  assert.deepEqual([actions, campaignDay, localDay], ['4', '1', '1'], where);
  for (const [partner, status, read] of [['silent', 'ok', true], ['refused', 'unknown', false], ['nowhere', 'unknown', false]]) {
    const { status: said, last_read_utc: lastRead, first_post_utc: firstPost } = rows.get(partner);
    assert.deepEqual([said, lastRead !== '', firstPost], [status, read, ''], `${where}: ${partner}`);
  }
}

async function checkApi(daemon) {
  const { partners: rows } = await daemon.get('/api/v1/partners?scope=edition');
  const by = new Map(rows.map(row => [row.id, row]));
  assert.deepEqual(rows.map(({ state }) => state),
                   ['used_tag', 'posted_without', 'nothing_seen', 'not_readable', 'not_readable', 'no_channel', 'used_tag']);
  const said = (id, name) => (({ value, status, reason }) => [value, status, reason])(by.get(id)[name]);
  assert.deepEqual(said('silent', 'mentions'), [0, 'ok', null], 'the only zero');
  assert.deepEqual(said('elsewhere', 'mentions'), [null, 'unknown', 'channels known but not readable']);
  assert.deepEqual(said('nowhere', 'without_tag'), [null, 'unknown', 'no channel configured']);
  assert.deepEqual([by.get('used').on_campaign_day.value, by.get('silent').on_local_day.value], [1, 0]);
  assert.deepEqual([by.get('silent').zone, by.get('nowhere').zone], ['Europe/Lisbon', 'Europe/Warsaw']);
}

async function checkCommands(stage) {
  checkSheet((await command(stage, 'report', 'partners', '--format', 'csv')).stdout, 'campaignd report partners');
  const table = (await command(stage, 'report', 'partners')).stdout;
  for (const [state] of Object.values(expected)) assert.ok(table.includes(state), `the table says "${state}"`);
  const sources = JSON.parse((await command(stage, 'sources', '--json')).stdout).rows;
  const by = new Map(sources.map(row => [row.source, row]));
  const all = ['tags', ...['used', 'without', 'silent', 'nobody'].map(account), `mastodon:refused@${closed}`, site];
  assert.deepEqual([...by.keys()].sort(), all.sort());
  assert.deepEqual([by.get(account('used')).state, by.get(account('used')).partner_id], ['ok', 'used']);
  assert.deepEqual([by.get(site).state, by.get(site).partner_id], ['ok', 'press']);
  const refused = by.get(`mastodon:refused@${closed}`);
  assert.equal(refused.state, 'failing');
  assert.match(refused.last_error, /closed\.example answered 401: it shows refused@closed\.example to logged-in callers only/);
  assert.match(by.get(account('nobody')).last_error, /social\.example knows no account nobody@social\.example: check its name/);
  const shown = (await command(stage, 'sources')).stdout;
  for (const name of [account('silent'), `mastodon:refused@${closed}`, site]) assert.ok(shown.includes(name), `the table has ${name}`);
}

async function strangersLeaveNothing(daemon) {
  const posts = await daemon.sql('SELECT class, partner FROM reading ORDER BY at_utc, partner DESC, class DESC');
  assert.deepEqual(posts.map(row => [row.class, row.partner]), [
    ['owned', 'without'], ['hashtag', 'used'], ['owned', 'press'], ['hashtag', 'press'], ['owned', 'without'], ['hashtag', null]],
                   'the baseline\'s, the day\'s, both articles, and one post of a stranger');
  const counts = await daemon.sql('SELECT (SELECT count(*) FROM post) AS posts, (SELECT count(DISTINCT post) FROM alias) AS named, '
    + '(SELECT count(*) FROM author WHERE partner IS NULL AND name IS NULL) AS strangers');
  assert.deepEqual(counts, [{ posts: 6, named: 6, strangers: 1 }]);
  for (const file of fs.readdirSync(path.join(daemon.dir, 'state')).filter(name => name.startsWith('campaignd.db'))) {
    const bytes = fs.readFileSync(path.join(daemon.dir, 'state', file));
    for (const words of ['Secret dinner', 'Of nobody we know', 'Too long ago', 'ola@'])
      assert.ok(!bytes.includes(words), `${file} holds "${words}"`);
  }
}

async function givenAnAccount(stage, daemon, server) {
  server.add({ by: at('elsewhere'), text: 'Here too', created: day(15) });
  const folder = path.join(stage.dir, 'campaignd.d');
  fs.mkdirSync(folder);
  const both = `["tiktok:elsewhere", "${account('elsewhere')}"]`;
  fs.writeFileSync(path.join(folder, '10.toml'), `[[partner]]\nid = "elsewhere"\naccounts = ${both}\n`);
  daemon.signal('SIGHUP');
  const found = () => daemon.one(`SELECT count(*) FROM sighting WHERE source = '${account('elsewhere')}'`);
  await daemon.until(async () => await found() === 1, 60_000, 'the new source is read');
  const changes = await daemon.sql("SELECT what, old, new, reason FROM change WHERE reason <> 'first read'");
  assert.deepEqual(changes, [{ what: 'partner elsewhere: accounts', old: '["tiktok:elsewhere"]',
                               new: both, reason: 'configuration changed' }]);
  const row = async () => sheetRows((await daemon.raw('/report/partners.csv')).body.toString()).get('elsewhere');
  await daemon.until(async () => (await row()).channels_watched === '1', 10_000, 'its poll has ended');
  const { state, channels_known: known, channels_watched: watched, posts, status, note } = await row();
  assert.deepEqual({ state, known, watched, posts, status, note },
                   { state: 'posted without it', known: '2', watched: '1', posts: '0', status: 'incomplete',
                     note: '1 of 2 channels are read: no connector reads tiktok' });
  assert.match((await command(stage, 'report', 'changes', '--format', 'csv')).stdout, /"partner elsewhere: accounts"/);
}

test('each partner is said to have done what its channels show, and no more', async stage => {
  const world = stage.world();
  const server = populate(world);
  await world.start();
  const daemon = await stage.start({ config: daemonToml(world), campaign });
  const polled = () => daemon.one('SELECT count(*) FROM source WHERE last_success_utc IS NOT NULL OR failures > 0');
  await daemon.until(async () => await polled() === 7, 90_000, 'every source was asked');
  assert.equal(await daemon.one('SELECT count(*) FROM source'), 7, 'an account on a platform without a reader is no source');
  await daemon.until(async () => await daemon.one('SELECT count(*) FROM post') === 6, 20_000, 'six posts');
  await daemon.until(async () => await daemon.one('SELECT count(*) FROM dirty') === 0, 20_000, 'all hours are aggregated');

  checkSheet((await daemon.raw('/report/partners.csv?scope=edition')).body.toString(), '/report/partners.csv');
  await checkApi(daemon);
  await checkCommands(stage);
  await strangersLeaveNothing(daemon);
  await givenAnAccount(stage, daemon, server);
  assert.equal((await daemon.stop()).code, 0);
  console.log(`${world.log.length} requests for 7 partners`);
});

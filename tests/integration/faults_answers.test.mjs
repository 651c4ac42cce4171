// What reading survives: throttling in every spelling, pages instead of data, data with one bad item, feeds with tricks.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { text } from '../support/answers.mjs';
import { test } from '../support/harness.mjs';
import { campaignTag, campaignToml, daemonToml, openEdition } from '../support/settings.mjs';

const minute = 60, hour = 3600, day = 24 * hour;
const steady = 'steady.example';

// --- a server that says "not now": [status, Retry-After, at least, at most] in seconds until it may be asked again ---------
const refusals = {
  seconds: [429, '40', 40, 2 * minute],
  date: [429, () => new Date(Date.now() + 90_000).toUTCString(), 85, 3 * minute],
  past: [429, 'Sun, 06 Nov 1994 08:49:37 GMT', 10, 10 * minute],
  garbage: [429, 'soon, I promise', 10, 10 * minute],
  negative: [429, '-5', 10, 10 * minute],
  absent: [429, undefined, 10, 10 * minute],
  huge: [429, '99999999999999999999', 23 * hour, 25.5 * hour],
  faraway: [429, 'Fri, 31 Dec 9999 23:59:59 GMT', 23 * hour, 25.5 * hour],
  busy: [503, '120', 120, 3 * minute],
  broken: [500, undefined, 5, 16 * minute],
};

// --- answers that are no timeline ------------------------------------------------------------------------------------
const htmlPage = '<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1><script>alert(1)</script></body></html>';
const deep = '['.repeat(100_000) + ']'.repeat(100_000);
const nonsense = {
  html: [htmlPage, 'malformed'], empty: ['', 'malformed'], truncated: ['[{"id":"1","uri":"https://a.example/1","acc', 'malformed'],
  object: ['{"error":"maintenance"}', 'malformed'], number: ['42', 'malformed'], null: ['null', 'malformed'], deep: [deep, 'malformed'], none: ['[]', 'ok'],
};

// --- one bad item among good ones: what becomes of a status' JSON -----------------------------------------------------------
const vandals = {
  endless: json => json.replace(/"favourites_count":\d+/, `"favourites_count":1${'0'.repeat(400)}`),
  exponent: json => json.replace(/"favourites_count":\d+/, '"favourites_count":1e400'),
  surrogate: json => json.replace('Table 1', 'Table \\ud800 1'),
  noauthor: json => json.replace('"account":', '"accountant":'),
  string: () => '"not a status"',
  nothing: () => 'null',
  nested: json => json.replace('"poll":null', `"poll":${'['.repeat(200)}${']'.repeat(200)}`),
};
// --- strange, but to be kept whole: [vandal, what the counter is then] ------------------------------------------------------
const oddities = {
  minus: [json => json.replace(/"favourites_count":\d+/, '"favourites_count":-1'), null],
  large: [json => json.replace(/"favourites_count":\d+/, '"favourites_count":9223372036854775808'), null],
  quoted: [json => json.replace(/"favourites_count":\d+/, '"favourites_count":"7"'), 7],
  twice: [json => json.replace(/"favourites_count":\d+/, '"favourites_count":7,"favourites_count":7'), 7],
  badutf8: [json => json.replace('Table 1', 'Table \u00ff 1'), 7],            // sent as latin1: a byte that is no UTF-8
  control: [json => json.replace('Table 1', 'Table \u0001 1'), 7],
};

// --- doors: what a server shows to visitors ---------------------------------------------------------------------------------
const doors = { closed401: '401', closed422: '422', localonly: 'local-only' };

// --- feeds ------------------------------------------------------------------------------------------------------------------
const item = (n, words = '') => `<item><title>Story ${n} ${words}</title><link>https://paper.example/${n}</link><guid>https://paper.example/${n}</guid>`
  + `<pubDate>Fri, 20 Jun 2025 08:0${n}:00 GMT</pubDate><description>#AllInForIntegration</description></item>`;
const feed = (inside, declared = '') => `<?xml version="1.0" encoding="UTF-8"?>${declared}<rss version="2.0"><channel><title>Paper</title>`
  + `<link>https://paper.example/</link><description>News</description>${inside}</channel></rss>`;
const laughs = '<!DOCTYPE rss [<!ENTITY l0 "lol">' + Array.from({ length: 12 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('') + ']>';
const external = '<!DOCTYPE rss SYSTEM "http://trap.example/evil.dtd" [<!ENTITY file SYSTEM "file:///etc/passwd">'
  + '<!ENTITY net SYSTEM "http://trap.example/entity"><!ENTITY % all SYSTEM "http://trap.example/parameter">%all;]>';
const feeds = {                                              // [document, how many entries are read]
  doctype: [feed(item(1) + item(2), '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://trap.example/rss-0.91.dtd">'), 2],
  laughs: [feed(item(1) + item(2, '&l12;') + item(3), laughs), 3],
  external: [feed(item(1) + item(2, '&file;&net;') + item(3), external), 3],
  unclosed: [feed(item(1) + item(2) + '<item><title><![CDATA[for ever'), 2],
  nul: [feed(item(1) + item(2)).replace('Story 2', 'Story \0 2'), 2],
  attribute: [feed(item(1).replace('<title>', `<title x="${'y'.repeat(2 ** 20)}">`) + item(2)), 2],
  utf16: [Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(feed(item(1) + item(2)).replace('UTF-8', 'UTF-16'), 'utf16le')]), 2],
};

const onlyFirstPage = (body, type = 'application/json') => request => {
  if (!request.path.startsWith('/api/v1/timelines/')) return undefined;
  return { ...text(request.query.has('max_id') || request.query.has('min_id') ? '[]' : body), headers: { 'content-type': type } };
};

function populate(world) {
  const five = host => {
    const server = world.mastodon(host);
    for (let n = 0; n < 5; n += 1) server.add({ by: `ania@${host}`, text: `Table ${n} #AllInForIntegration`, created: Date.UTC(2025, 5, 20, 8, n), likes: 7 });
    return server.posts.map(({ status }) => JSON.stringify(status));
  };
  const page = (host, vandal) => `[${five(host).map((json, n) => (n === 3 ? vandal(json) : json)).join(',')}]`;   // the third is table 1
  for (const [name, [status, after]] of Object.entries(refusals))
    world.fault(`${name}.example`, () => {
      const value = typeof after === 'function' ? after() : after;
      return text('no', status, value === undefined ? {} : { 'retry-after': value });
    });
  for (const [name, [body]] of Object.entries(nonsense)) world.fault(`${name}.example`, onlyFirstPage(body));
  for (const [name, vandal] of Object.entries(vandals)) world.fault(`bad-${name}.example`, onlyFirstPage(page(`bad-${name}.example`, vandal)));
  for (const [name, [vandal]] of Object.entries(oddities)) {
    const body = page(`odd-${name}.example`, vandal);
    world.fault(`odd-${name}.example`, onlyFirstPage(name === 'badutf8' ? Buffer.from(body, 'latin1') : body));
  }
  for (const [name, closed] of Object.entries(doors)) {
    const server = world.mastodon(`${name}.example`, { closed });
    server.add({ by: `ania@${name}.example`, text: 'At home #AllInForIntegration', created: Date.UTC(2025, 5, 20, 9) });
  }
  for (const [name, [body]] of Object.entries(feeds)) world.feed(`feed-${name}.example`, '/feed.xml', () => ({ body, type: 'application/xml' }));
  world.feed('trap.example', '/never', () => ({ body: '' }), { plain: true });
  five(steady);
}

const idOf = host => host.replace('.example', '');
const servers = [...Object.keys(refusals), ...Object.keys(nonsense), ...Object.keys(vandals).map(name => `bad-${name}`),
                 ...Object.keys(oddities).map(name => `odd-${name}`), ...Object.keys(doors)].map(name => `${name}.example`);
const papers = Object.keys(feeds).map(name => `feed-${name}.example`);
const campaign = campaignToml({
  editions: [openEdition],
  terms: [campaignTag],
  sources: [...servers.map(host => ({ id: idOf(host), connector: 'mastodon', host, tags: ['allinforintegration'], every: '15s' })),
            { id: idOf(steady), connector: 'mastodon', host: steady, tags: ['allinforintegration'], every: '2s' },
            ...papers.map(host => ({ id: idOf(host), connector: 'feed', url: `https://${host}/feed.xml`, every: '15s' }))],
});

test('whatever a server answers, the good part is kept and the bad part has a name', async stage => {
  const world = stage.world();
  populate(world);
  await world.start();
  const daemon = await stage.start({ config: daemonToml(world), campaign });
  const first = async () => Object.fromEntries((await daemon.sql('SELECT source, outcome, refused, fresh, end_utc FROM poll WHERE outcome <> \'interrupted\' '
    + 'GROUP BY source HAVING id = min(id)')).map(row => [row.source, row]));
  await daemon.until(async () => Object.keys(await first()).filter(id => !id.startsWith('measure:')).length === servers.length + papers.length + 1, 60_000, 'every source was polled');
  const polls = await first();
  const health = Object.fromEntries((await daemon.get('/api/v1/sources')).sources.map(row => [row.id, row]));
  const problems = [];
  const expect = (what, ...pair) => { try { assert.deepEqual(...pair); } catch { problems.push(`${what}: ${JSON.stringify(pair[0])}, not ${JSON.stringify(pair[1])}`); } };
  const postsOf = async host => (await daemon.one(`SELECT count(*) FROM sighting WHERE source = '${idOf(host)}'`));

  for (const [name, [status, , least, most]] of Object.entries(refusals)) {
    expect(name, polls[name].outcome, status === 429 ? 'throttled' : 'unavailable');
    const wait = (Date.parse(health[name].next_poll_utc) - polls[name].end_utc) / 1000;
    if (!(wait >= least && wait <= most)) problems.push(`${name}: the next poll comes ${wait} s later, not ${least} to ${most}`);
    expect(`${name}: its health`, [health[name].state, Boolean(health[name].message)], ['failing', true]);
  }
  for (const [name, [, outcome]] of Object.entries(nonsense)) expect(name, [polls[name].outcome, await postsOf(name)], [outcome, 0]);
  expect('deep: what was refused was not read, and coverage says so', health.deep.coverage < 0.5, true);
  expect('none: an empty timeline was read to its end', health.none.coverage > 0.5, true);
  for (const name of Object.keys(vandals)) expect(`bad-${name}`, [polls[`bad-${name}`].outcome, polls[`bad-${name}`].refused, await postsOf(`bad-${name}`)], ['ok', 1, 4]);
  for (const [name, [, likes]] of Object.entries(oddities)) {
    expect(`odd-${name}`, [polls[`odd-${name}`].outcome, polls[`odd-${name}`].refused, await postsOf(`odd-${name}`)], ['ok', 0, 5]);
    const read = await daemon.sql(`SELECT likes FROM reading JOIN sighting USING (post) WHERE source = 'odd-${name}' ORDER BY at_utc LIMIT 1 OFFSET 1`);
    expect(`odd-${name}: likes`, read[0]?.likes ?? null, likes);
  }
  for (const name of Object.keys(doors)) {
    const asked = world.requests(`${name}.example`).filter(entry => entry.path.includes('/timelines/')).map(entry => /local=true/.test(entry.query));
    const open = doors[name] === 'local-only';
    expect(`${name}: asked`, asked.slice(0, 2), [false, true]);
    expect(name, [polls[name].outcome, await postsOf(name)], open ? ['ok', 1] : ['refused', 0]);
    const wait = (Date.parse(health[name].next_poll_utc) - polls[name].end_utc) / 1000;
    if (!open && !(wait >= 0.9 * hour && wait <= 1.1 * day)) problems.push(`${name}: the next poll comes ${wait} s later, not hours`);
  }
  for (const [name, [, entries]] of Object.entries(feeds)) expect(`feed-${name}`, [polls[`feed-${name}`].outcome, await postsOf(`feed-${name}`)], ['ok', entries]);
  expect('no external entity is loaded', world.requests('trap.example').map(({ path }) => path), []);
  expect('nor a file', await daemon.one("SELECT count(*) FROM post WHERE title LIKE '%root:%' OR text LIKE '%root:%' OR length(title) > 10000"), 0);

  for (const host of servers.filter(host => idOf(host) in refusals)) expect(`${host}: nobody asks inside the window`, world.requests(host).length, idOf(host) === 'broken' ? 2 : 1);  // a broken NodeInfo is no reason not to ask
  const before = await daemon.one("SELECT count(*) FROM poll WHERE source = 'steady'");
  await daemon.until(async () => await daemon.one("SELECT count(*) FROM poll WHERE source = 'steady'") > before, 30_000, 'the good server is polled on');
  expect('the good server did not notice', await daemon.sql("SELECT outcome FROM poll WHERE source = 'steady' AND outcome <> 'ok'"), []);
  await sleep(Math.max(0, 13_000 - world.elapsed()));
  for (const host of servers.filter(host => ['seconds', 'date', 'huge', 'faraway', 'busy'].includes(idOf(host)))) expect(`${host}: later either`, world.requests(host).length, 1);
  assert.equal((await daemon.stop()).code, 0);
  console.log(`${servers.length} servers and ${papers.length} feeds, ${world.log.length} requests, ${problems.length} problems`);
  assert.deepEqual(problems, []);
});

// How feeds are asked: of a home page the feed is found once; nobody's "not modified" is believed for ever; a feed that asks
// to be left alone is; two feeds of one server are not asked at once.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { test } from '../support/harness.mjs';
import { campaignTag, campaignToml, daemonToml, openEdition } from '../support/settings.mjs';

const clock = { start: '2025-03-01T00:00:00Z', rate: 1800 };  // half an hour a second
const hour = 2000;                                           // of that clock, in ms of ours
const gap = 2000;                                            // between two requests to one server

const item = (paper, n) => `<item><title>Story ${n}</title><link>https://${paper}/${n}</link><guid>https://${paper}/${n}</guid>`
  + `<pubDate>Fri, 28 Feb 2025 08:00:00 GMT</pubDate><description>A dinner #AllInForIntegration</description></item>`;
const rss = (paper, numbers, more = '') => `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>${paper}</title>`
  + `<link>https://${paper}/</link><description>News</description>${more}${numbers.map(n => item(paper, n)).join('')}</channel></rss>`;
const html = head => ({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' },
                        body: `<!DOCTYPE html><html><head><title>Paper</title>${head}</head><body><p>News</p></body></html>` });

const sources = (every, urls) => campaignToml({
  editions: [openEdition],
  terms: [campaignTag],
  sources: Object.entries(urls).map(([id, url]) => ({ id, connector: 'feed', url, every })),
});
const gaps = list => list.slice(1).map(({ t_ms }, at) => t_ms - list[at].t_ms);
const isConditional = ({ headers }) => Boolean(headers['if-none-match'] ?? headers['if-modified-since']);

/// Something new at every look, so that nothing but the feed's own wish slows its polls down.
function everNew(world, host, more) {
  let looks = 0;
  world.feed(host, '/feed.xml', () => ({ body: rss(host, [looks += 1], more) }));
}

function populate(world) {
  world.feed('home.example', '/news/rss.xml', () => ({ body: rss('home.example', [1]), type: 'text/html' }));
  world.fault('home.example', ({ path: at }) =>
    (at === '/' ? html('<link href="news/rss.xml" type="application/rss+xml" rel="alternate">') : undefined));
  world.feed('silent.example', '/rss.xml', () => ({ body: rss('silent.example', [1]) }));
  world.fault('silent.example', ({ path: at }) => (at === '/rss.xml' ? undefined : html('')));  // unknown paths lead home
  let wholes = 0;
  world.fault('stuck.example', ({ headers }) => {
    const validators = { etag: '"for ever"', 'content-type': 'application/rss+xml' };
    if (headers['if-none-match']) return { status: 304, headers: validators, body: '' };
    wholes += 1;
    return { status: 200, headers: validators, body: rss('stuck.example', [wholes]) };
  });
  everNew(world, 'patient.example', '<ttl>150</ttl>');
  everNew(world, 'eager.example');
}

/// `campaignd poll` of an address nobody configured: where its feed is, and how it would be configured.
async function asksAnyAddress(stage) {
  const words = ['poll', 'https://home.example/', '--config', path.join(stage.dir, 'campaignd.toml')];
  const run = promisify(execFile);
  const shown = await run(stage.binary, words);
  assert.match(shown.stdout, /^feed: https:\/\/home\.example\/news\/rss\.xml, found on https:\/\/home\.example\/\n/);
  assert.match(shown.stdout, /1 items on the first page, 1 about the campaign/);
  const { feed, found_on: page, posts } = JSON.parse((await run(stage.binary, [...words, '--json'])).stdout);
  assert.deepEqual([feed, page, posts.length], ['https://home.example/news/rss.xml', 'https://home.example/', 1]);
  const refused = await run(stage.binary, [...words, '--store']).catch(error => error);
  assert.equal(refused.code, 64, 'what is stored is configured');
  assert.match(refused.stderr, /\[\[source\]\]\nid = "home\.example"\nconnector = "feed"\nurl = "https:\/\/home\.example\/"/);
}

async function spaced(stage) {
  const dir = path.join(stage.dir, 'spaced');
  const world = stage.world({ dir });
  for (const [host, at] of [['twin.example', '/a.xml'], ['www.twin.example', '/b.xml']])
    world.feed(host, at, () => ({ body: rss(host, [1]) }));
  await world.start();
  const campaign = sources('10min', { a: 'https://twin.example/a.xml', b: 'https://www.twin.example/b.xml' });
  const daemon = await stage.start({ dir, config: daemonToml(world), campaign });
  await daemon.until(() => world.log.length >= 2, 30_000, 'both feeds of the server were asked');
  assert.equal((await daemon.stop()).code, 0);
  const [between] = gaps(world.log);
  assert.ok(between >= gap - 300, `two feeds of one server: ${Math.round(between)} ms apart, not ${gap}`);
}

test('feeds are found, believed for a day, left alone as they ask, and never crowded', async stage => {
  await spaced(stage);

  const world = stage.world({ clock });
  populate(world);
  await world.start();
  const campaign = sources('30min', {
    home: 'https://home.example/', silent: 'https://silent.example/', stuck: 'https://stuck.example/feed.xml',
    patient: 'https://patient.example/feed.xml', eager: 'https://eager.example/feed.xml',
  });
  world.setClock(clock);
  const daemon = await stage.start({ config: daemonToml(world, { clock }), campaign });
  const asked = host => world.requests(host);
  const wholes = () => asked('stuck.example').filter(entry => !isConditional(entry));
  await daemon.until(() => wholes().length >= 2, 90_000, 'the whole feed is asked for again');
  await daemon.until(() => asked('patient.example').length >= 4 && asked('home.example').length >= 4, 60_000, 'several polls');
  const sightings = async source => daemon.one(`SELECT count(*) FROM sighting WHERE source = '${source}'`);
  await daemon.until(async () => await sightings('stuck') === 2, 10_000, 'what the server hid is seen');

  assert.deepEqual(asked('home.example').slice(0, 4).map(({ path: at }) => at), ['/', '/news/rss.xml', '/news/rss.xml', '/news/rss.xml'],
                   'the page is asked once, then the feed it named');
  assert.deepEqual(asked('home.example').slice(1, 3).map(({ status }) => status), [200, 304], 'with the validators of the feed');
  assert.equal(await sightings('home'), 1);

  const search = asked('silent.example').map(({ path: at }) => at);
  assert.equal(search[0], '/');
  assert.ok(search.indexOf('/rss.xml') < 12, `found by its content among the usual paths: ${search}`);
  assert.ok(search.slice(search.indexOf('/rss.xml')).every(at => at === '/rss.xml'), `and asked directly from then on: ${search}`);
  assert.equal(await sightings('silent'), 1);

  const [first, second] = wholes();
  const apart = (second.t_ms - first.t_ms) / hour;
  assert.ok(apart > 16 && apart < 26, `304 was believed for ${apart.toFixed(1)} h`);

  const shortest = Math.min(...gaps(asked('patient.example'))) / hour;
  assert.ok(shortest > 2.3, `a ttl of 150 minutes is heeded: asked again after ${(shortest * 60).toFixed(0)} minutes`);
  assert.ok(asked('eager.example').length > asked('patient.example').length, 'who asks for nothing is asked more often');
  assert.equal((await daemon.stop()).code, 0);
  await asksAnyAddress(stage);
  console.log(`${world.log.length} requests; 304 believed for ${apart.toFixed(1)} h, ttl kept to ${(shortest * 60).toFixed(0)} min`);
});

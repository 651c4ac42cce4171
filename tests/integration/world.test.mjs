// The world the other tests trust, held to its own laws. No daemon.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { optedOut, recordedCampaign, Skip, test } from '../support/harness.mjs';
import { page } from '../support/mastodon_host.mjs';
import { visit } from '../support/visit.mjs';

let world;

const ask = (host, at, headers) => visit(world, host, at, { headers });
const ids = answer => answer.json.map(({ id }) => id).join();

// Gargron's example, mastodon.js#5: ids 6..1, two at a time.
function pagingFollowsGargron() {
  const six = ['6', '5', '4', '3', '2', '1'].map(id => ({ id }));
  const cut = query => page(six, new URLSearchParams(`limit=2&${query}`)).map(({ id }) => id).join();
  assert.equal(cut(''), '6,5');
  assert.equal(cut('max_id=3'), '2,1');
  assert.equal(cut('since_id=3'), '6,5');
  assert.equal(cut('min_id=3'), '5,4');
  assert.equal(cut('min_id=6'), '');
  assert.equal(cut('max_id=1'), '');
  assert.equal(page(six, new URLSearchParams('min_id=1&max_id=5')).map(({ id }) => id).join(), '4,3,2');
  assert.equal(page(Array(90).fill({ id: '1' }), new URLSearchParams('limit=80')).length, 40);
  assert.equal(page(Array(90).fill({ id: '1' }), new URLSearchParams('')).length, 20);
}

async function aServerSpeaksMastodon() {
  const host = 'one.example';
  const first = await ask(host, '/api/v1/timelines/tag/allinforintegration?limit=2');
  assert.equal(ids(first), '5,4');
  assert.equal(first.headers.link, `<https://${host}/api/v1/timelines/tag/allinforintegration?limit=2&max_id=4>; rel="next", `
    + `<https://${host}/api/v1/timelines/tag/allinforintegration?limit=2&min_id=5>; rel="prev"`);
  assert.match(first.headers['x-ratelimit-reset'], /^\d{4}-\d\d-\d\dT\d\d:\d[05]:00\.\d{6}Z$/);
  assert.equal(ids(await ask(host, '/api/v1/timelines/tag/ALLINFORINTEGRATION?limit=2&min_id=2')), '4,3');
  const end = await ask(host, '/api/v1/timelines/tag/AllInForIntegration?min_id=5');
  assert.deepEqual([end.status, end.body.toString(), end.headers.link], [200, '[]', undefined]);
  assert.equal(ids(await ask(host, '/api/v1/timelines/tag/allinforintegration?any[]=Zaz%C3%B3lc')), '6,5,4,3,2,1');
  assert.equal(ids(await ask(host, '/api/v1/timelines/tag/%D0%97%D0%B0%D0%B5%D0%B4%D0%BD%D0%BE')), '5');
  assert.equal(ids(await ask(host, '/api/v1/timelines/tag/allinforintegration?local=true')), '4');

  const known = await ask(host, '/api/v1/timelines/tag/allinforintegration?limit=2', { 'if-none-match': first.headers.etag });
  assert.deepEqual([known.status, known.body.length], [304, 0]);
  const zipped = await ask(host, '/api/v1/timelines/tag/allinforintegration?limit=2', { 'accept-encoding': 'gzip' });
  assert.equal(zipped.headers['content-encoding'], 'gzip');
  assert.deepEqual(zlib.gunzipSync(zipped.body), first.body);

  const batch = list => ask(host, `/api/v1/statuses?${list.map(id => `id[]=${id}`).join('&')}`);
  assert.equal(ids(await batch([3, 99, 1])), '3,1');
  assert.equal((await batch([...Array(20).keys()])).status, 200);
  assert.equal((await batch([...Array(21).keys()])).status, 422);
  assert.deepEqual((await ask(host, '/api/v1/statuses/99')).json, { error: 'Record not found' });
  assert.deepEqual((await ask(host, '/api/v1/statuses/0')).json, { error: 'Not Found' });
  const links = (await ask(host, '/.well-known/nodeinfo')).json.links;
  assert.equal((await ask(host, new URL(links[0].href).pathname)).json.software.name, 'mastodon');
}

async function postsLive(one) {
  one.bump('3', { likes: 4, reposts: 1 });
  one.edit('4', 'The tag is gone');
  one.remove('2');
  const changed = await ask('one.example', '/api/v1/statuses?id[]=2&id[]=3&id[]=4');
  const [four, three] = changed.json;
  assert.equal(ids(changed), '4,3');
  assert.deepEqual([three.favourites_count, three.reblogs_count, four.tags.length], [4, 1, 0]);
  assert.ok(four.edited_at);
  assert.equal(ids(await ask('one.example', '/api/v1/timelines/tag/allinforintegration')), '5,3,1');
}

async function doorsClose() {
  const timeline = '/api/v1/timelines/tag/x';
  assert.equal((await ask('closed-422.example', `${timeline}?local=true`)).status, 422);
  assert.equal((await ask('closed-401.example', timeline)).status, 401);
  assert.equal((await ask('local-only.example', timeline)).status, 422);
  assert.equal((await ask('local-only.example', `${timeline}?local=true`)).status, 200);
  assert.equal((await ask('quiet.example', '/anything')).status, 401);
}

async function limitsAreReal() {
  const seen = [];
  for (let n = 0; n < 4; n += 1) seen.push(await ask('tight.example', '/api/v1/timelines/tag/x'));
  assert.deepEqual(seen.map(({ status }) => status), [200, 200, 200, 429]);
  assert.deepEqual(seen.map(({ headers }) => headers['x-ratelimit-remaining']), ['2', '1', '0', '0']);
  assert.deepEqual(seen[3].json, { error: 'Too many requests' });
  assert.equal(seen[3].headers['retry-after'], undefined);
}

async function feedsKnowTheirReaders(news) {
  const first = await ask('news.example', '/rss');
  const { etag, 'last-modified': modified } = first.headers;
  assert.equal((await ask('news.example', '/rss', { 'if-none-match': etag })).status, 304);
  assert.equal((await ask('news.example', '/rss', { 'if-modified-since': modified })).status, 304);
  assert.equal((await ask('news.example', '/rss', { 'if-none-match': '"old"', 'if-modified-since': modified })).status, 200);
  news.body = '<rss version="2.0"><channel/></rss>';
  assert.equal((await ask('news.example', '/rss', { 'if-none-match': etag })).status, 200);
}

async function faultsHappen() {
  await assert.rejects(ask('broken.example', '/drop'));
  assert.equal((await ask('broken.example', '/slow')).body.toString(), 'slowly but surely');
  assert.equal((await ask('broken.example', '/503')).headers['retry-after'], '30');
  const [half] = world.requests('broken.example').slice(0, 1);
  assert.deepEqual([half.path, half.status, half.http], ['/drop', 0, '2']);
}

async function bothOldProtocolsWork() {
  const read = (module, options) => new Promise((done, failed) =>
    module.get(options, response => response.resume().on('end', () => done(response))).on('error', failed));
  const plain = await read(http, { port: world.plainPort, host: '127.0.0.1', path: '/rss', headers: { host: 'news.example' } });
  const old = await read(https, { port: world.tlsPort, host: '127.0.0.1', path: '/rss', servername: 'news.example',
                                  headers: { host: 'news.example', 'user-agent': 'world-test' }, ca: fs.readFileSync(world.ca) });
  assert.deepEqual([plain.statusCode, old.statusCode], [200, 200]);
  assert.deepEqual(world.log.slice(-2).map(entry => entry.http), ['1.1', '1.1']);
  assert.equal(world.log.at(-1).headers['user-agent'], 'world-test');
  assert.ok(world.log.every(({ t_ms, end_ms }) => end_ms >= t_ms));
  assert.equal(fs.readFileSync(world.logFile, 'utf8').trim().split('\n').length, world.log.length);
  assert.ok(world.connectTo().includes(`news.example:80=127.0.0.1:${world.plainPort}`));
}

async function recordedPagesComeBackAsTheyWere({ files, metas, statuses }) {
  const host = 'mastodon.social';
  for (const [k, file] of files.entries()) {
    const meta = JSON.parse(fs.readFileSync(metas[k], 'utf8'));
    const { pathname, search } = new URL(meta.request.split(' ')[1]);
    const answer = await ask(host, pathname + search);
    assert.ok(answer.body.equals(fs.readFileSync(file)), `page ${k + 1} byte for byte`);
    for (const name of ['link', 'etag', 'content-type', 'cache-control', 'x-ratelimit-remaining'])
      assert.equal(answer.headers[name], meta.headers[name], `page ${k + 1} ${name}`);
    assert.ok(Date.parse(answer.headers['x-ratelimit-reset']) > Date.now(), 'the reset lies ahead');
  }
  const at = query => ask(host, `/api/v1/timelines/tag/IchBinHanna?limit=40&${query}`);
  assert.equal(ids(await at(`max_id=${statuses.at(-1).id}`)), '');
  assert.equal(ids(await at(`min_id=${statuses[0].id}`)), '');
  assert.equal(ids(await at(`min_id=${statuses[100].id}`)), statuses.slice(60, 100).map(({ id }) => id).join());
  assert.equal((await ask(host, `/api/v1/statuses?id[]=${statuses[7].id}&id[]=${statuses[150].id}`)).json.length, 2);
  assert.equal(statuses.filter(optedOut).length, 4);
}

async function curlAgrees() {
  const words = ['-sS', '--http2', '--compressed', '--cacert', world.ca, '--connect-to', `one.example:443:127.0.0.1:${world.tlsPort}`,
                 '-o', '/dev/null', '-w', '%{http_code} %{http_version}', 'https://one.example/api/v2/instance'];
  const said = await promisify(execFile)('curl', words).catch(error => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (said) assert.match(said.stdout, /^200 (2|1\.1)$/);
  else console.log('no curl here to agree with us');
}

/// The recorded campaign, or undefined where the recordings are not at hand.
function campaignAtHand() {
  try {
    return recordedCampaign();
  } catch (error) {
    if (!(error instanceof Skip)) throw error;
    console.log(`without the recorded pages: ${error.message}`);
  }
}

test('the world obeys the laws of the servers it stands for', async stage => {
  const recorded = campaignAtHand();
  world = stage.world({ logFile: path.join(stage.dir, 'requests.jsonl') });

  const one = world.mastodon('one.example');
  const words = ['', 'One #Zażółć #allinforintegration', 'Two #AllInForIntegration', 'Three #AllInForIntegration', 'Four #AllInForIntegration',
                 'Five #AllInForIntegration #Заедно', 'Six #ZAZOLC'];
  for (let id = 1; id <= 6; id += 1)
    one.add({ id: String(id), by: id === 4 ? 'ania@one.example' : 'jan@two.example', text: words[id], created: Date.UTC(2025, 5, id) });
  for (const closed of ['422', '401', 'local-only'])
    world.mastodon(closed === 'local-only' ? 'local-only.example' : `closed-${closed}.example`, { closed });
  world.mastodon('tight.example', { limit: 3, windows: [1e12, 1e12] });
  world.quiet('quiet.example');
  const news = { body: '<rss version="2.0"/>' };
  world.feed('news.example', '/rss', () => news, { plain: true });
  const faults = { '/drop': { drop: true }, '/slow': { body: 'slowly but surely', slow: 50 },
                   '/503': { status: 503, headers: { 'retry-after': '30' }, body: '' } };
  world.fault('broken.example', ({ path: at }) => faults[at]);
  if (recorded) world.pagesFromFiles('mastodon.social', 'ichbinhanna', recorded.files, recorded.metas);
  await world.start();

  pagingFollowsGargron();
  await aServerSpeaksMastodon();
  await postsLive(one);
  await doorsClose();
  await limitsAreReal();
  await feedsKnowTheirReaders(news);
  await faultsHappen();
  await bothOldProtocolsWork();
  await curlAgrees();
  if (recorded) await recordedPagesComeBackAsTheyWere(recorded);
}, { binary: false });

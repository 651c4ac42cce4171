// The platforms of the test world, held to the facts known of them. No daemon.
import assert from 'node:assert/strict';
import { test } from '../support/harness.mjs';
import { BlueskyHost } from '../support/dialects/bluesky.mjs';
import { atom, FeedHost, jsonFeed } from '../support/dialects/feed.mjs';
import { GdeltHost } from '../support/dialects/gdelt.mjs';
import { JetstreamHost } from '../support/dialects/jetstream.mjs';
import { LemmyHost } from '../support/dialects/lemmy.mjs';
import { MisskeyHost } from '../support/dialects/misskey.mjs';
import { BingNewsHost, GoogleNewsHost } from '../support/dialects/news.mjs';
import { PageHost } from '../support/dialects/page.mjs';
import { PeerTubeHost } from '../support/dialects/peertube.mjs';
import { short, TelegramHost } from '../support/dialects/telegram.mjs';
import { YouTubeHost } from '../support/dialects/youtube.mjs';
import { until } from '../support/daemon.mjs';
import { differences, storyDifferences } from '../support/day/truth.mjs';
import { crowds, fullest, intrusions, overlaps, rushes } from '../support/manners.mjs';
import { brokenOff, cutInTheMiddle, maintenance, moved } from '../support/trouble.mjs';
import { listen, visit } from '../support/visit.mjs';

const clock = { start: '2027-06-20T10:00:00Z', rate: 1 };
const start = Date.parse(clock.start);
const minute = 60_000;
const ago = minutes => start - minutes * minute;
let world;
const ask = (host, at, headers) => visit(world, host, at, { headers });
const post = (host, at, question) => visit(world, host, at, { headers: { 'content-type': 'application/json' },
                                                              body: JSON.stringify(question) });

async function blueskyShowsVisitorsOnePage(appview) {
  const xrpc = (method, query = '') => ask('public.api.bsky.app', `/xrpc/${method}?${query}`);
  for (let n = 0; n < 3; n += 1) appview.add({ by: 'ana.example', text: `Grüße ${n} #AllIn`, created: ago(10 - n), likes: n });
  const plain = appview.add({ by: 'ana.example', text: 'No tag, https://a.example/b.', created: ago(5) });
  const shared = appview.add({ by: 'jo.example', text: 'Shared #allin', created: ago(30) });
  appview.repost('ana.example', shared.uri, ago(1));

  const found = await xrpc('app.bsky.feed.searchPosts', 'q=%23AllIn&sort=latest&limit=2');
  assert.deepEqual(found.json.posts.map(({ record }) => record.text), ['Grüße 2 #AllIn', 'Grüße 1 #AllIn'], 'the newest first');
  assert.deepEqual([found.json.cursor, found.json.hitsTotal, found.json.posts[0].likeCount], ['2', 4, 2]);
  assert.deepEqual(found.json.posts[0].record.facets[0].index, { byteStart: 10, byteEnd: 16 }, 'counted in bytes');
  assert.equal((await xrpc('app.bsky.feed.searchPosts', 'q=%23AllIn&cursor=2')).status, 403, 'no second page for visitors');
  assert.equal((await xrpc('app.bsky.feed.searchPosts')).json.error, 'InvalidRequest');
  appview.searchClosed = true;
  assert.match((await xrpc('app.bsky.feed.searchPosts', 'q=%23AllIn')).headers['content-type'], /html/);

  const feed = await xrpc('app.bsky.feed.getAuthorFeed', 'actor=ana.example&limit=3');
  assert.deepEqual(feed.json.feed.map(({ reason }) => reason?.$type), ['app.bsky.feed.defs#reasonRepost', undefined, undefined]);
  const rest = await xrpc('app.bsky.feed.getAuthorFeed',
                          `actor=ana.example&limit=3&cursor=${encodeURIComponent(feed.json.cursor)}`);
  assert.deepEqual([rest.json.feed.length, rest.json.cursor], [2, undefined]);
  assert.equal((await xrpc('app.bsky.feed.getAuthorFeed', 'actor=nobody.example')).json.message, 'Profile not found');

  const uris = [plain.uri, 'at://did:plc:nobody/app.bsky.feed.post/1',
                shared.uri].map(uri => `uris=${encodeURIComponent(uri)}`).join('&');
  assert.deepEqual((await xrpc('app.bsky.feed.getPosts', uris)).json.posts.map(({ uri }) => uri), [plain.uri, shared.uri],
                   'who is gone is missing');
  appview.setStatus('ana.example', 'deactivated');
  assert.equal((await xrpc('app.bsky.feed.getPosts', uris)).json.posts.length, 1);
  assert.equal((await xrpc('app.bsky.actor.getProfiles', 'actors=ana.example&actors=jo.example')).json.profiles.length, 1);
  assert.equal((await xrpc('app.bsky.feed.getAuthorFeed', 'actor=ana.example')).json.error, 'AccountDeactivated');
  assert.equal((await xrpc('app.bsky.feed.getLikes')).status, 501);
}

async function jetstreamTellsWhatHappens(appview, jetstream) {
  const at = query => listen(world, 'jetstream.example', `/subscribe?${query}`);
  const everything = await at('');
  const posts = await at('wantedCollections=app.bsky.feed.post&cursor=0');
  await posts.hear(6);                                       // five posts and one account, as it was
  const told = posts.messages.map(JSON.parse);
  assert.deepEqual(told.map(({ kind }) => kind), [...Array(5).fill('commit'), 'account']);
  assert.deepEqual(told[5].account.status, 'deactivated');
  assert.ok(told.every(({ time_us: time }, n) => n === 0 || time > told[n - 1].time_us), 'in one order');

  const fresh = appview.add({ by: 'jo.example', text: 'Live #AllIn' });
  appview.remove(fresh.uri);
  appview.rename('jo.example', 'jo.org.example');
  await everything.hear(3);
  assert.deepEqual(everything.messages.map(JSON.parse).map(({ kind, commit,
                                                              identity }) => commit?.operation ?? identity.handle ?? kind), ['create', 'delete', 'jo.org.example']);
  assert.equal(JSON.parse(everything.messages[1]).commit.record, undefined, 'a deletion has no record');
  await posts.hear(9);
  const likes = await at('wantedCollections=app.bsky.feed.like&cursor=0');
  await likes.hear(2);
  assert.deepEqual(likes.messages.map(words => JSON.parse(words).kind), ['account', 'identity'], 'they come to everybody');
  const late = await at(`cursor=${told[4].time_us}`);
  await late.hear(5);

  assert.equal((await at('wantedCollections=posts')).status, 400, 'refused before the upgrade');
  assert.equal((await at('cursor=yesterday')).status, 400);
  const shy = await at('requireHello=true&cursor=0');
  shy.say(JSON.stringify({ type: 'options_update', payload: { wantedCollections: ['app.bsky.feed.post'],
                                                              wantedDids: [told[0].did] } }));
  await shy.hear(5);                                         // four posts of hers, and her account
  everything.ping('still there?');
  await until(() => everything.pongs === 1 && everything.pings > 0, 5000, 'pings go both ways');
  jetstream.repeat(1);
  jetstream.say('{"kind":"commit","comm');
  await everything.hear(5);
  jetstream.restart();
  await until(() => everything.closed === 1001, 5000, 'closed politely');
  assert.equal((await ask('jetstream.example', '/subscribe')).status, 400, 'what does not upgrade is refused');
  assert.equal(jetstream.readers.size, 0);
}

async function misskeyIsAskedByPost(server) {
  const notes = ['One #Zaż #AllIn', 'Two #allin', 'Three'].map((text, n) => server.add({ by: 'hana@mk.example', text,
                                                                                         created: ago(30 - n) }));
  const far = server.add({ by: 'ivo@far.example', text: 'Far #ALLIN', created: ago(40), uri: 'https://far.example/1', likes: 2,
                           reposts: 1 });
  const tags = async question => (await post('mk.example', '/api/notes/search-by-tag', question)).json.map(({ text }) => text);
  assert.deepEqual(await tags({ tag: 'AllIn', limit: 50 }), ['Two #allin', 'One #Zaż #AllIn', 'Far #ALLIN']);
  assert.deepEqual(await tags({ query: [['allin', 'zaż'], ['nothing']], limit: 50 }), ['One #Zaż #AllIn']);
  assert.deepEqual(await tags({ tag: 'allin', untilId: notes[0].id }), ['Far #ALLIN']);
  assert.deepEqual(await tags({ tag: 'allin', sinceId: far.id }), ['One #Zaż #AllIn', 'Two #allin'], 'forward, the oldest first');
  const shown = (await post('mk.example', '/api/notes/show', { noteId: far.id })).json;
  assert.deepEqual([shown.reactionCount, shown.renoteCount, shown.user.host, shown.uri, shown.tags],
                   [2, 1, 'far.example', 'https://far.example/1', ['allin']]);
  assert.equal((await post('mk.example', '/api/notes/show', { noteId: notes[2].id })).json.uri, undefined,
               'its own notes have no uri');
  const user = (await post('mk.example', '/api/users/show', { username: 'Hana' })).json;
  assert.equal((await post('mk.example', '/api/users/notes', { userId: user.id, limit: 50 })).json.length, 3);
  server.remove(far.id);
  assert.equal((await post('mk.example', '/api/notes/show', { noteId: far.id })).json.error.code, 'NO_SUCH_NOTE');
  assert.equal((await post('mk.example', '/api/notes/search-by-tag', { tag: 'x', limit: 101 })).json.error.code, 'INVALID_PARAM');
  assert.equal((await post('mk.example', '/api/users/show', { username: 'nobody' })).json.error.code, 'NO_SUCH_USER');
  assert.equal((await ask('mk.example', '/api/notes/show')).status, 404, 'a GET finds nothing');
  server.visitors = 'none';
  assert.deepEqual(await tags({ tag: 'allin' }), [], 'a server that hides all says so nowhere');
}

async function lemmyLooksForLetters(old, next, pie) {
  const first = old.add({ by: 'ada@lemmy.example', title: 'Work #AllIn', text: 'x', created: ago(60), likes: 7, dislikes: 1,
                          replies: 2 });
  old.add({ by: 'bob@far.example', title: 'No', text: 'the word allinone', created: ago(90), apId: 'https://far.example/post/1' });
  old.add({ by: 'ada@lemmy.example', on: first, text: 'All #AllIn', created: ago(20) });
  const search = async (host, query) => (await ask(host, query)).json;
  const found = await search('lemmy.example', '/api/v3/search?q=allin&type_=Posts&sort=New&limit=50&page=1');
  assert.deepEqual(found.posts.map(({ post: { ap_id } }) => ap_id), [first.apId, 'https://far.example/post/1']);
  assert.deepEqual([found.posts[0].counts.upvotes, found.posts[0].counts.comments, found.comments.length], [7, 2, 0]);
  assert.equal((await search('lemmy.example', '/api/v3/search?q=allin&type_=Comments&sort=New')).comments[0].comment.content,
               'All #AllIn');
  assert.deepEqual((await search('lemmy.example',
                                 '/api/v3/search?q=allin&type_=Posts&sort=New&limit=1&page=2')).posts.map(({ post: { name } }) => name), ['No']);
  assert.equal((await ask('lemmy.example', '/api/v3/search?q=a&limit=51')).status, 400);
  old.remove(first.id);
  assert.equal((await search('lemmy.example', '/api/v3/search?q=work&type_=Posts')).posts.length, 0,
               'what is deleted is not found');
  assert.equal((await search('lemmy.example', `/api/v3/post?id=${first.id}`)).post_view.post.deleted, true, 'and still shown');
  old.purge(first.id);
  assert.deepEqual((await ask('lemmy.example', `/api/v3/post?id=${first.id}`)).json, { error: 'couldnt_find_post' });

  for (let n = 0; n < 30; n += 1) next.add({ by: 'lib@one.example', title: `Book ${n} #AllIn`, created: ago(n * 60) });
  const recent = await search('one.example', '/api/v4/search?search_term=allin&type_=posts&limit=2&time_range_seconds=10000');
  assert.deepEqual([recent.posts.length, recent.posts[0].counts, typeof recent.posts[0].post.upvotes], [2, undefined, 'number']);
  assert.equal((await search('one.example',
                             `/api/v4/search?search_term=allin&type_=posts&limit=2&time_range_seconds=10000&page_cursor=${recent.next_page}`)).next_page, undefined);
  assert.equal((await search('one.example', '/api/v4/search?search_term=a&page_cursor=?')).error, 'couldnt_parse_pagination_token');
  assert.equal((await search('one.example', '/api/v3/search?q=allin&type_=Posts&limit=50&page=7')).posts.length, 20,
               'what 1.0 keeps of v3');
  pie.add({ by: 'zoe@pie.example', title: 'Fête #AllIn' });
  const sweet = (await search('pie.example', '/api/alpha/search?q=allin&type_=Posts&sort=New')).posts[0];
  assert.deepEqual([sweet.post.title, sweet.creator.user_name, sweet.counts.upvotes], ['Fête #AllIn', 'zoe', 1]);
  assert.equal((await ask('pie.example', '/api/v3/search?q=a')).status, 404);
  for (let n = 0; n < 3; n += 1) await search('pie.example', '/api/alpha/search?q=a');
  assert.deepEqual((await ask('pie.example', '/api/alpha/search?q=a')).json, { error: 'rate_limit_error' },
                   'no header says how long');
}

async function peertubeCutsItsLists(tube) {
  const long = `Choir ${'la '.repeat(120)}#AllIn`;
  const video = tube.add({ by: 'razem@tube.example', title: 'Choir', text: long, tags: ['AllIn'], created: ago(60), likes: 4,
                           views: 90, replies: 1 });
  tube.add({ by: 'far@far.example', title: 'Far', tags: ['allin'], created: ago(30) });
  const list = await ask('tube.example', '/api/v1/search/videos?tagsOneOf=ALLIN&sort=-publishedAt&count=1');
  assert.deepEqual([list.json.total, list.json.data.length, list.json.data[0].name, list.json.data[0].isLocal],
                   [2, 1, 'Far', false]);
  assert.match(list.headers['x-ratelimit-reset'], /^\d{10}$/);
  const words = (await ask('tube.example', '/api/v1/search/videos?search=choir&sort=-publishedAt')).json.data[0];
  assert.ok(words.description.endsWith('...') && words.description.length <= 250 && words.tags === undefined,
            'cut, and without tags');
  const details = (await ask('tube.example', `/api/v1/videos/${video.uuid}`)).json;
  assert.deepEqual([details.description, details.tags, details.views, details.likes, details.comments,
                    details.account.followersCount], [long, ['AllIn'], 90, 4, 1, 20]);
  assert.equal((await ask('tube.example', `/api/v1/videos/${words.shortUUID}`)).json.uuid, video.uuid);
  assert.equal((await ask('tube.example',
                          `/api/v1/search/videos?search=choir&startDate=${new Date(ago(50)).toISOString()}`)).json.total, 0);
  assert.equal((await ask('tube.example', '/api/v1/accounts/razem/videos')).json.total, 1);
  assert.equal((await ask('tube.example', '/api/v1/accounts/razem_channel/videos')).status, 404);
  assert.equal((await ask('tube.example', '/api/v1/video-channels/razem_channel/videos')).json.total, 1);
  const far = await ask('tube.example', `/api/v1/videos/${tube.videos[1].uuid}`);
  assert.deepEqual([far.status, far.json.code], [403, 'does_not_respect_follow_constraints']);
  tube.remove(video.uuid);
  const gone = await ask('tube.example', `/api/v1/videos/${video.uuid}`);
  assert.deepEqual([gone.status, gone.headers['content-type'], gone.json.detail],
                   [404, 'application/problem+json; charset=utf-8', 'Video not found']);
  tube.limit = 1;
  const tight = await ask('tube.example', '/api/v1/config');
  assert.deepEqual([tight.status, tight.headers['retry-after']], [429, '10']);
}

async function telegramPagesBackward(telegram) {
  for (let n = 1; n <= 45; n += 1) telegram.add({ by: 'OpenKitchen', text: `Soup ${n} #AllIn <b>`, created: ago(100 - n),
                                                  views: 37_249 });
  const page = async at => (await ask('t.me', at)).body.toString();
  const ids = html => [...html.matchAll(/data-post="OpenKitchen\/(\d+)"/g)].map(([, id]) => Number(id));
  const newest = await page('/s/openkitchen');
  assert.deepEqual([ids(newest)[0], ids(newest).at(-1), ids(newest).length], [26, 45, 20]);
  assert.match(newest, /data-before="26"/);
  assert.match(newest, /class="tgme_widget_message_views">37.2K</);
  assert.match(newest, /Soup 45 <a href="\?q=%23AllIn">#AllIn<\/a> &lt;b&gt;/);
  const last = await page('/s/openkitchen?before=6');
  assert.deepEqual([ids(last), /data-before/.test(last)], [[1, 2, 3, 4, 5], false]);
  telegram.edit('openkitchen', 45, 'Soup');
  telegram.remove('openkitchen', 44);
  const changed = await page('/s/openkitchen');
  assert.deepEqual([ids(changed).includes(44), /edited/.test(changed)], [false, true]);
  telegram.know('Closed', { preview: false });
  assert.equal((await ask('t.me', '/s/closed')).headers.location, 'https://t.me/Closed');
  assert.doesNotMatch(await page('/s/nobody_there'), /tgme_channel_info/);
  telegram.know('openkitchen', { busy: true });
  assert.match(await page('/s/openkitchen'), /tme_no_messages_found/);
  assert.deepEqual([999, 1000, 1250, 1_100_000].map(short), ['999', '1K', '1.2K', '1.1M']);
}

async function youtubeShowsFifteen(youtube) {
  const { id } = youtube.know('Most & Dom', { handle: '@most' });
  for (let n = 0; n < 17; n += 1) youtube.add({ by: 'Most & Dom', title: `T ${n}`, text: 'D #AllIn', created: ago(100 - n),
                                                likes: n || undefined, views: n });
  const feed = async query => (await ask('www.youtube.com', `/feeds/videos.xml?${query}`)).body.toString();
  const shown = await feed(`channel_id=${id}`);
  assert.deepEqual([shown.match(/<entry>/g).length, /T 1</.test(shown), /T 16</.test(shown), /starRating count="16"/.test(shown)],
                   [15, false, true, true]);
  assert.equal(await feed(`playlist_id=UU${id.slice(2)}`), shown);
  assert.match(id, /^UC[\w-]{22}$/);
  const missing = await ask('www.youtube.com', '/feeds/videos.xml?channel_id=UCnobody');
  assert.deepEqual([missing.status, missing.headers['content-type']], [404, 'text/html; charset=UTF-8']);
  assert.match((await ask('www.youtube.com', '/@MOST')).body.toString(), new RegExp(`"externalId":"${id}"`));
  youtube.consent = true;
  assert.match((await ask('www.youtube.com', '/@most')).headers.location, /^https:\/\/consent\.youtube\.com/);
}

async function gdeltSpeaksInSentences(gdelt) {
  const at = query => ask('api.gdeltproject.org', `/api/v2/doc/doc?format=json&mode=artlist&${query}`);
  gdelt.add({ url: 'https://www.paper.example/a', title: 'Neighbours, all in for integration', created: ago(120) });
  gdelt.add({ url: 'https://zeitung.example/b', title: 'Nachbarn', about: 'They are all in for integration', language: 'German',
              created: ago(60) });
  const found = await at('query=%22all%20in%20for%20integration%22&sort=datedesc&timespan=24h');
  assert.deepEqual(found.json.articles.map(({ domain, title, seendate }) => [domain, title, seendate]),
                   [['zeitung.example', 'Nachbarn', '20270620T090000Z'], ['paper.example', 'Neighbours , all in for integration',
                                                                          '20270620T080000Z']]);
  const hasty = await at('query=%22all%20in%22');
  assert.deepEqual([hasty.status, hasty.body.toString().slice(0, 24)], [429, 'Please limit requests to']);
  const patiently = async query => { world.setClock({ ...clock,
                                                      start: new Date(world.now() + 6000).toISOString() }); return at(query); };
  assert.equal((await patiently('query=%22all%20in%22%20OR%20%22b%22')).body.toString(),
               "Queries containing OR'd terms must be surrounded by ().\n");
  assert.equal((await patiently('query=%22all%20in%22%20sourcelang:german')).json.articles.length, 1);
  assert.deepEqual((await patiently('query=%22nothing%20of%20it%22')).json, {});
  const between = await patiently('query=%22all%20in%22&startdatetime=20270620080000&enddatetime=20270620090001');
  assert.equal(between.json.articles.length, 1, 'both ends are left out');
}

async function sitesKeepTheirValidators(site, list) {
  site.add({ headline: 'Soup & songs', body: 'A <b>dinner</b> #AllIn', created: ago(50) });
  const first = await ask('paper.example', '/feed.xml');
  assert.match(first.body.toString(), /<title>Soup &amp; songs<\/title><link>https:\/\/paper\.example\/soup-songs<\/link>/);
  assert.equal((await ask('paper.example', '/feed.xml', { 'if-none-match': first.headers.etag })).status, 304);
  site.form = atom;
  assert.equal((await ask('paper.example', '/feed.xml', { 'if-none-match': first.headers.etag })).status, 200);
  site.form = jsonFeed;
  assert.equal((await ask('paper.example', '/feed.xml')).json.items[0].title, 'Soup & songs');
  assert.match((await ask('paper.example', '/')).body.toString(),
               /rel="alternate" type="application\/feed\+json" href="\/feed.xml"/);
  site.movedTo = 'https://new.example/feed.xml';
  assert.equal((await ask('paper.example', '/feed.xml')).headers.location, 'https://new.example/feed.xml');
  list.add({ title: 'First meeting', day: '09.03.2017', place: 'LUND, SWEDEN', text: 'It was held.' });
  assert.match((await ask('project.example', '/news')).body.toString(),
               /<p>09\.03\.2017 LUND, SWEDEN \/\/ First meeting<\/p><p>It was held\. <a href="\/node\/1">more&gt;&gt;&gt;<\/a>/);
}

async function newsSearchesHideTheirLinks(google, bing) {
  const article = { url: 'https://www.paper.example/a?b=C', title: 'All in for integration', outlet: 'The Paper',
                    created: ago(60) };
  google.add(article);
  bing.add(article);
  const q = encodeURIComponent('"all in for integration" OR "AllInForIntegration"');
  const found = await ask('news.google.com', `/rss/search?q=${q}&hl=en-IE&gl=IE&ceid=IE:en`);
  assert.match(found.body.toString(),
               /<title>All in for integration - The Paper<\/title><link>https:\/\/news\.google\.com\/rss\/articles\/CBMi[\w-]+\?oc=5<\/link>/);
  assert.match(found.body.toString(), /<source url="https:\/\/www\.paper\.example">The Paper<\/source>/);
  assert.doesNotMatch((await ask('news.google.com', `/rss/search?q=${q}&hl=de&gl=IE&ceid=IE:en`)).body.toString(), /<item>/,
                      'parts that do not agree');
  const other = await ask('www.bing.com', `/news/search?q=${q}&format=rss`);
  assert.match(other.body.toString(), /url=https%3a%2f%2fwww\.paper\.example%2fa%3fb%3dC&amp;/);
  assert.match(other.body.toString(), /<News:Source>The Paper<\/News:Source>/);
}

async function troubleLooksLikeTrouble(site) {
  site.movedTo = undefined;
  const scripts = { '/503': () => maintenance(30), '/301': () => moved('https://new.example/'),
                    '/half': honest => brokenOff(honest), '/cut': honest => cutInTheMiddle(honest) };
  let kind;
  world.fault('paper.example', (request, honest) => scripts[kind]?.(honest()));
  const now = async which => { kind = which; return ask('paper.example', '/feed.xml'); };
  assert.deepEqual([(await now('/503')).headers['retry-after'], (await now('/301')).headers.location],
                   ['30', 'https://new.example/']);
  const whole = await now('none');
  assert.equal((await now('/half')).body.length, Math.floor(whole.body.toString().length * 0.6));
  await assert.rejects(now('/cut'));
  assert.equal(world.log.filter(({ told }) => told?.['retry-after'] === '30').length, 1, 'the log says what was told');
}

/// Those who check are checked: a breach is seen, and what is allowed is not.
function mannersAreSeen() {
  const log = times => times.map((at, n) => ({ t_ms: at, end_ms: at + 1, path: `/${n}`, status: 200 }));
  assert.deepEqual(overlaps(log([0, 1, 5])), []);
  assert.equal(overlaps(log([0, 0.5, 5])).length, 1);
  const budget = { requests: 2, per: 10 };
  assert.deepEqual(crowds(log([0, 1, 10, 11]), budget, 0), []);
  assert.equal(crowds(log([0, 1, 9, 20]), budget, 0).length, 1);
  assert.deepEqual(crowds(log([0, 1, 9, 20]), budget, 1), []);
  assert.equal(fullest(log([0, 1, 9, 20]), 10), 3);
  assert.deepEqual(rushes(log([0, 2, 4, 9]), 2, 0), []);
  assert.equal(rushes(log([0, 1.5, 3, 4.5, 6]), 2, 1).length, 2, 'what each is too early adds up');
  const late = [{ t_ms: 3, late_ms: 3, end_ms: 4, path: '/late', status: 200 },
                { t_ms: 4.5, end_ms: 5, path: '/next', status: 200 }];
  assert.deepEqual(rushes(late, 2, 0), [], 'what was heard late was sent before');
  const told = (status, headers) => [{ t_ms: 0, end_ms: 1, path: '/a', status, told: headers },
                                     { t_ms: 30, end_ms: 31, path: '/b', status: 200 }];
  const scale = 100, instant = ms => start + ms * scale;       // a tenth of a second is ten seconds of the day
  assert.equal(intrusions(told(429, { 'retry-after': '3' }), { scale, instant }, 0).length, 1);
  assert.equal(intrusions(told(429, { 'retry-after': '2' }), { scale, instant }, 0).length, 0);
  assert.equal(intrusions(told(429, { 'retry-after': '3' }), { scale, instant, doubt: 20 }, 0).length, 1, 'a length needs no clock');
  const stamp = { 'ratelimit-remaining': '0', 'ratelimit-reset': String(start / 1000 + 4) };
  assert.equal(intrusions(told(429, stamp), { scale, instant, doubt: 5 }, 0).length, 1);
  assert.equal(intrusions(told(429, stamp), { scale, instant, doubt: 11 }, 0).length, 0, 'an instant is read on two clocks');
  assert.equal(intrusions(told(503, { 'retry-after': new Date(start + 4000).toUTCString() }), { scale, instant }, 0).length, 1);
  assert.equal(intrusions(told(200, { 'retry-after': '3' }), { scale, instant }, 0).length, 0);
  assert.equal(intrusions(told(200, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': new Date(start + 4000).toISOString() }),
                          { scale, instant }, 0).length, 1);
  assert.equal(intrusions(told(200, { 'ratelimit-remaining': '0', 'ratelimit-reset': String(start / 1000 + 4) }),
                          { scale, instant }, 0).length, 1);
  assert.equal(intrusions(told(200, { 'ratelimit-remaining': '1', 'ratelimit-reset': String(start / 1000 + 4) }),
                          { scale, instant }, 0).length, 0);
}

function theTruthIsCompared() {
  const counters = { likes: 1 };
  const post = { name: 'a', uri: 'u:a', platform: 'p', host: 'h', kind: 'original', partner: null, class: 'hashtag',
                 seen: new Set(['y', 'x']), counters };
  const truth = { posts: [post], removed: [{ uri: 'u:gone', name: 'gone', removed: 'deleted' }],
                  never: [{ uri: 'u:never', name: 'never' }] };
  const stored = { uri: 'u:a', platform: 'p', host: 'h', kind: 'original', partner: null, class: 'hashtag', seen: 'x y', likes: 1,
                   reposts: null, quotes: null, replies: null, views: null };
  assert.deepEqual(differences(truth, [stored]), []);
  assert.deepEqual(differences(truth, []), ['a: missing (u:a)']);
  for (const [name, value] of Object.entries({ likes: 0, reposts: 0, seen: 'x', class: 'owned', host: 'i', partner: 'q',
                                               kind: 'reply' }))
    assert.equal(differences(truth, [{ ...stored, [name]: value }]).length, 1, name);
  assert.equal(differences(truth, [stored, { ...stored, uri: 'u:gone' }, { ...stored, uri: 'u:never' },
                                   { ...stored, uri: 'u:more' }]).length, 3);
  const told = numbers => storyDifferences({ posts: [{ uri: 0, story: 'a' }, { uri: 1, story: 'a' }, { uri: 2, story: 'b' },
                                                     { uri: 3 }] },
                                           numbers.map((story, uri) => ({ uri, story }))).length;
  assert.equal(told([7, 7, 8, null]), 0);
  for (const wrong of [[7, 8, 9, null], [7, 7, 7, null], [7, 7, 8, 8], [null, null, 8,
                                                                        null]]) assert.notEqual(told(wrong), 0, wrong.join());
}

test('each platform of the world speaks as the real one is known to', async stage => {
  mannersAreSeen();
  theTruthIsCompared();
  world = stage.world({ clock });
  const appview = world.speaks('public.api.bsky.app', BlueskyHost);
  const jetstream = world.speaks('jetstream.example', JetstreamHost, { every: 100 }).follow(appview);
  const misskey = world.speaks('mk.example', MisskeyHost);
  const lemmy = [world.speaks('lemmy.example', LemmyHost), world.speaks('one.example', LemmyHost, { api: 'v4' }),
                 world.speaks('pie.example', LemmyHost, { api: 'alpha', searches: 4 })];
  const tube = world.speaks('tube.example', PeerTubeHost);
  const telegram = world.speaks('t.me', TelegramHost);
  const youtube = world.speaks('www.youtube.com', YouTubeHost);
  const gdelt = world.speaks('api.gdeltproject.org', GdeltHost);
  const site = world.speaks('paper.example', FeedHost, { home: true });
  const list = world.speaks('project.example', PageHost);
  const [google, bing] = [world.speaks('news.google.com', GoogleNewsHost), world.speaks('www.bing.com', BingNewsHost)];
  await world.start();

  await blueskyShowsVisitorsOnePage(appview);
  await jetstreamTellsWhatHappens(appview, jetstream);
  await misskeyIsAskedByPost(misskey);
  await lemmyLooksForLetters(...lemmy);
  await peertubeCutsItsLists(tube);
  await telegramPagesBackward(telegram);
  await youtubeShowsFifteen(youtube);
  await gdeltSpeaksInSentences(gdelt);
  await sitesKeepTheirValidators(site, list);
  await newsSearchesHideTheirLinks(google, bing);
  await troubleLooksLikeTrouble(site);
}, { binary: false });

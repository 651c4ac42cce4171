// Two servers show the same five posts under their own ids and with their own counts: five posts, ten sightings, the origin's word.
import assert from 'node:assert/strict';
import { test } from '../support/harness.mjs';
import { campaignTag, campaignToml, daemonToml, openEdition } from '../support/settings.mjs';

const [home, away] = ['home.example', 'away.example'];
const campaign = campaignToml({
  editions: [openEdition],
  terms: [campaignTag],
  sources: [home, away].map(host => ({ id: host.split('.')[0], connector: 'mastodon', host, tags: ['allinforintegration'], every: '15s' })),
});

test('one post seen on two servers is one post, and its origin knows best', async stage => {
  const world = stage.world();
  const [origin, other] = [home, away].map(host => world.mastodon(host));
  for (let n = 0; n < 5; n += 1) {
    const post = { by: `ania@${home}`, text: `Lunch together, table ${n} #AllInForIntegration`, created: Date.UTC(2025, 5, 20, 8, n) };
    const { uri } = origin.add({ ...post, likes: n ? n : 12 });
    other.add({ ...post, uri, likes: n ? n : 3 });
  }
  const first = origin.posts.at(-1).status;
  await world.start();

  const daemon = await stage.start({ config: daemonToml(world), campaign });
  await daemon.until(async () => await daemon.one('SELECT count(*) FROM sighting') >= 10, 60_000, 'ten sightings');
  assert.equal(await daemon.one('SELECT count(*) FROM post'), 5);
  assert.equal(await daemon.one('SELECT count(*) FROM sighting'), 10);
  const names = await daemon.sql('SELECT post, count(DISTINCT source) AS sources, count(DISTINCT local_id) AS ids FROM sighting GROUP BY post');
  for (const { sources, ids } of names) assert.deepEqual({ sources, ids }, { sources: 2, ids: 2 });

  const post = await daemon.one(`SELECT id FROM post WHERE uri = '${first.uri}'`);
  assert.ok(post, `the first post is stored under its uri ${first.uri}`);
  assert.equal(await daemon.one(`SELECT host FROM post WHERE id = ${post}`), home);
  const said = async likes => (await daemon.sql(`SELECT observer FROM observation WHERE post = ${post} AND likes = ${likes}`)).length > 0;
  await daemon.until(async () => await said(12) && await said(3), 30_000, 'both servers are heard');

  await daemon.until(async () => await daemon.one(`SELECT likes FROM reading WHERE post = ${post}`) === 12, 10_000, 'the origin said 12');
  const { body } = await daemon.raw('/api/v1/posts?edition=2025');
  const shown = rowAbout(JSON.parse(body), first.url) ?? assert.fail(`/api/v1/posts does not show ${first.url}`);
  assert.equal(shown.likes?.value ?? shown.likes, 12, 'the origin said 12');
  assert.deepEqual([...new Set(world.log.map(({ http }) => http))], ['2'], 'a server that speaks HTTP/2 is spoken to in it');
  assert.equal((await daemon.stop()).code, 0);
  console.log('posts 5, sightings 10, likes 12 as the origin said');
});

/// The innermost object in `json` that has `url` as its url, link or uri.
function rowAbout(json, url) {
  if (json === null || typeof json !== 'object') return undefined;
  for (const inner of Object.values(json)) {
    const found = rowAbout(inner, url);
    if (found) return found;
  }
  return [json.url, json.link].includes(url) ? json : undefined;
}

// Old posts are measured again: counters rise, in batches of at most twenty; an edit that drops the tag ends the mention.
// The clock runs 120 times as fast, so that ten minutes are 5 s and the hour half a minute.
import assert from 'node:assert/strict';
import { test } from '../support/harness.mjs';
import { campaignTag, campaignToml, daemonToml } from '../support/settings.mjs';

const clock = { start: '2025-06-20T10:00:00Z', rate: 120 };
const host = 'home.example';
const many = 45;

const campaign = campaignToml({
  editions: [{ id: '2025', day: '2025-06-20', from: '2025-06-01', until: '2025-07-01' }],
  terms: [campaignTag],
  sources: [{ id: 's1', connector: 'mastodon', host, tags: ['allinforintegration'] }],
});

test('counters are read again as posts age, and a dropped tag closes its mention', async stage => {
  const world = stage.world({ clock });
  const server = world.mastodon(host);
  const start = Date.parse(clock.start);
  const uris = Array.from({ length: many }, (_, n) =>
    server.add({ by: `ania@${host}`, text: `Bread and soup ${n} #AllInForIntegration`, created: start - 60_000, likes: 1 }).uri);
  await world.start();

  world.setClock(clock);
  const daemon = await stage.start({ config: daemonToml(world, { clock }), campaign });
  const idOf = uri => daemon.one(`SELECT id FROM post WHERE uri = '${uri}'`);
  const heard = (post, likes) => async () =>
    (await daemon.sql(`SELECT 1 FROM observation WHERE post = ${post} AND likes = ${likes}`)).length > 0;
  await daemon.until(async () => await daemon.one('SELECT count(*) FROM post') === many, 60_000, `${many} posts`);
  const [risen, edited, quiet] = await Promise.all([uris[0], uris[1], uris[20]].map(idOf));
  await daemon.until(heard(risen, 1), 10_000, 'the first reading');

  server.bump(uris[0], { likes: 11, reposts: 2 });
  server.edit(uris[1], 'Bread and soup, without the tag');
  await daemon.until(heard(risen, 12), 60_000, 'a reading some minutes later');
  const mention = async post => (await daemon.sql(`SELECT until_utc FROM match WHERE post = ${post} AND class = 'hashtag'`))[0].until_utc;
  await daemon.until(async () => await mention(edited) !== null, 60_000, 'the mention without its tag is closed');
  assert.equal(await mention(risen), null, 'the others stay open');
  assert.equal(await daemon.one("SELECT count(*) FROM match WHERE class = 'hashtag' AND until_utc IS NOT NULL"), 1);

  server.bump(uris[0], { likes: 18 });
  await daemon.until(heard(risen, 30), 120_000, 'a reading after that');
  const readings = await daemon.sql(`SELECT at_utc, likes, reposts FROM observation WHERE post = ${risen} ORDER BY at_utc, likes`);
  assert.deepEqual(readings.map(({ likes }) => likes), [1, 12, 30], 'a row for each change, and only then');
  assert.equal(readings[1].reposts, 2);
  assert.ok(readings[2].at_utc - readings[1].at_utc >= 60_000, 'in the time of the fast clock');
  assert.equal(await daemon.one(`SELECT count(*) FROM observation WHERE post = ${quiet}`), 1, 'no row when nothing changed');

  const batches = world.requests(host).filter(({ path }) => path === '/api/v1/statuses')
    .map(({ query }) => new URLSearchParams(query).getAll('id[]').length);
  assert.ok(batches.length >= Math.ceil(many / 20), `every post was measured: ${batches}`);
  assert.ok(batches.every(size => size >= 1 && size <= 20), `each holds 1 to 20 ids: ${batches}`);
  assert.ok(Math.max(...batches) > 1, `posts are asked for together: ${batches}`);
  assert.equal(server.refused, 0, 'within the limits');
  assert.equal((await daemon.stop()).code, 0);
  console.log(`posts ${many}, batches ${batches.join(' ')}, likes ${readings.map(({ likes }) => likes).join(' -> ')}`);
});

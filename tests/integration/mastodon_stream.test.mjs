// With a token a Mastodon server's stream tells of a post as it comes; what it misses is read from the timeline.
// The clock runs 60 times as fast: five minutes are 5 s, and an hour is a minute.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from '../support/harness.mjs';
import { campaignTag, campaignToml, daemonToml } from '../support/settings.mjs';

const clock = { start: '2025-06-20T10:00:00Z', rate: 60 };
const [host, streaming, token] = ['home.example', 'streaming.home.example', 'a-token-of-home-4711'];
const campaign = campaignToml({
  editions: [{ id: '2025', day: '2025-06-20', from: '2025-06-01', until: '2025-07-01' }],
  terms: [campaignTag],
  sources: [{ id: 'home', connector: 'mastodon', host, tags: ['allinforintegration'], every: '5min' }],
});

test('a stream tells at once, a deletion too, and the timeline fills its gaps', async stage => {
  const world = stage.world({ clock });
  const server = world.mastodon(host, { token, streaming, closed: '422' });
  const asked = [];
  world.fault(streaming, request => { asked.push(request.headers.authorization); return server.answer(request); });
  const say = (text, created) => server.add({ by: `ania@${host}`, text: `${text} #AllInForIntegration`, created });
  say('Before', Date.parse(clock.start) - 60_000);
  await world.start();
  world.setClock(clock);

  fs.mkdirSync(path.join(stage.dir, 'credentials'));
  fs.writeFileSync(path.join(stage.dir, 'credentials', `mastodon-${host}`), token, { mode: 0o600 });
  const daemon = await stage.start({ config: daemonToml(world, { clock }), campaign });
  const posts = n => async () => await daemon.one('SELECT count(*) FROM post') === n;
  await daemon.until(posts(1), 30_000, 'a closed timeline is read with the token');
  await daemon.until(() => server.listeners === 1, 30_000, 'the stream is open');
  const timelines = () => world.requests(host).filter(({ path: at }) => at.startsWith('/api/v1/timelines/')).length;
  await daemon.until(() => timelines() >= 3, 30_000, 'the timeline is read beside it');

  const live = say('Live');
  await daemon.until(posts(2), 30_000, 'the stream tells of it');
  const reading = () => daemon.one(`SELECT likes FROM reading JOIN post ON post.id = reading.post WHERE uri = '${live.uri}'`);
  await daemon.until(async () => await reading() === 0, 30_000, 'a number is one that was measured');
  server.remove(live.uri);
  await daemon.until(posts(1), 30_000, 'deleted where it was written');

  await daemon.until(() => timelines() >= 5, 30_000, 'every five minutes');
  server.cutStreams();
  await daemon.until(() => server.listeners === 0, 10_000, 'cut');
  say('While nobody listened');
  await daemon.until(posts(2), 60_000, 'the timeline had it');
  await daemon.until(() => server.listeners === 1, 60_000, 'and the stream is open again');
  const [{ total, longest }] = await daemon.sql('SELECT count(*) AS total, max(until_utc - from_utc) AS longest FROM covered');
  assert.ok(total >= 1 && longest > 5 * 60_000, `covered in one piece: ${total}, ${longest} ms`);
  assert.ok(asked.length >= 2 && asked.every(each => each === `Bearer ${token}`));
  assert.ok(world.log.every(({ query }) => !query.includes(token)), 'no token in an address');
  assert.ok(!daemon.stderr.includes(token), 'nor in the log');
  assert.equal((await daemon.stop()).code, 0);
  console.log(`timelines ${timelines()}, streams ${asked.length}`);
});

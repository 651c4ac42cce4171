// Four recorded pages of a real campaign, 160 posts: each is stored once, unless its author opted out; then it is only counted.
import assert from 'node:assert/strict';
import { expectedPosts, storedPosts } from '../support/ledger.mjs';
import { originHosts, recordedCampaign, test } from '../support/harness.mjs';
import { campaignToml, daemonToml, openEdition } from '../support/settings.mjs';

const hashtag = text => ({ id: text.toLowerCase(), class: 'hashtag', text });
const campaign = (...terms) => campaignToml({
  editions: [openEdition],
  terms: terms.map(hashtag),
  sources: [{ id: 's1', connector: 'mastodon', host: 'mastodon.social', tags: ['ichbinhanna'], every: '15s' }],
});

test('a recorded campaign is stored whole, once, and survives HUP, TERM and a restart', async stage => {
  const { files, metas, statuses } = recordedCampaign();
  const expected = expectedPosts(statuses);
  const world = stage.world();
  world.pagesFromFiles('mastodon.social', 'ichbinhanna', files, metas);
  world.quiet(...originHosts(statuses, 'mastodon.social'));
  await world.start();
  const config = daemonToml(world);
  const settings = { config, campaign: campaign('IchBinHanna') };
  const backfills = () => world.requests('mastodon.social')
    .filter(({ query }) => new URLSearchParams(query).get('max_id') === statuses.at(-1).id).length;

  const daemon = await stage.start(settings);
  const allStored = async () => await daemon.one('SELECT count(*) FROM post') >= expected.stored.length;
  await daemon.until(allStored, 60_000, 'every post is stored');
  await daemon.until(() => backfills() > 0, 30_000, 'the daemon asks behind the last page');
  const inLedger = async () => await daemon.one("SELECT count(*) FROM poll WHERE source = 's1' AND outcome = 'ok'") > 0;
  await daemon.until(inLedger, 30_000, "a poll with outcome 'ok'");
  await agree(daemon, expected);
  const optedOut = await daemon.one('SELECT sum(opted_out) FROM poll');
  assert.equal(expected.stored.length + optedOut, statuses.length, 'stored + opted out = shown');

  daemon.signal('SIGHUP');
  const before = world.log.length;
  await daemon.until(() => world.log.length > before, 60_000, 'polling goes on after SIGHUP');
  assert.equal((await daemon.raw('/readyz')).status, 200);
  await agree(daemon, expected);
  endsWell(await daemon.stop());

  const again = await stage.start(settings);
  const polls = await again.one('SELECT count(*) FROM poll');
  await again.until(async () => await again.one('SELECT count(*) FROM poll') > polls, 60_000, 'polling goes on after a restart');
  await agree(again, expected);
  endsWell(await again.stop());

  // New terms void the cursor: everything is read a second time, and still stored once.
  const readBack = backfills();
  const wider = await stage.start({ config, campaign: campaign('IchBinHanna', 'WissZeitVG') });
  await wider.until(() => backfills() > readBack, 60_000, 'with a new term all pages are read again');
  await agree(wider, expected);
  endsWell(await wider.stop());

  console.log(`shown ${statuses.length}, stored ${expected.stored.length}, opted out ${optedOut}, requests ${world.log.length}`);
});

async function agree(daemon, expected) {
  const stored = await storedPosts(daemon.database);
  assert.deepEqual(stored.doubled, [], 'no post twice');
  assert.deepEqual(stored.missing(expected), [], 'no post missing');
  assert.deepEqual(stored.unexpected(expected), [], 'nothing else, and nobody who opted out');
  assert.equal(await daemon.one('SELECT count(DISTINCT post) FROM match WHERE until_utc IS NULL'), expected.stored.length, 'each one matched');
}

function endsWell({ code, signal, ms }) {
  assert.deepEqual({ code, signal }, { code: 0, signal: null }, 'SIGTERM ends it with 0');
  assert.ok(ms <= 10_000, `it ended within 10 s, not ${ms} ms`);
}

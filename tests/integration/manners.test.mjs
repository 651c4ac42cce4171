// Fifty-five sources at once: the port answers, and no server has reason to complain. MINUTES (0.7) for a longer run.
import assert from 'node:assert/strict';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { grewLittle, test } from '../support/harness.mjs';
import { campaignTag, campaignToml, daemonToml, openEdition } from '../support/settings.mjs';

const minutes = Number(process.env.MINUTES ?? 0.7);
const growthAllowed = 8 * 2 ** 20;
const names = (n, of) => Array.from({ length: n }, (_, k) => of(String(k + 1).padStart(2, '0')));
const servers = names(5, k => `social${k}.example`);
const papers = names(50, k => `news${k}.example`);
const isPlain = paper => Number(paper.slice(4, 6)) % 10 === 0;
const limited = servers.at(-1);                              // answers 429 once
const retryAfter = 20;
const common = host => ({ id: host.split('.')[0], every: '15s' });

const campaign = campaignToml({
  editions: [openEdition],
  terms: [campaignTag],
  sources: [
    ...servers.map(host => ({ connector: 'mastodon', host, tags: ['allinforintegration'], ...common(host) })),
    ...papers.map(host => ({ connector: 'feed', url: `http${isPlain(host) ? '' : 's'}://${host}/feed.xml`, ...common(host) })),
  ],
});

const rss = paper => `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>${paper}</title><link>https://${paper}/</link><description>News</description>
${names(5, k => `<item><title>Story ${k} of ${paper}</title><link>https://${paper}/${k}</link><guid>https://${paper}/${k}</guid>`
  + `<pubDate>Fri, 20 Jun 2025 08:${k}:00 GMT</pubDate><description>A dinner for neighbours #AllInForIntegration</description></item>`).join('\n')}
</channel></rss>`;

function populate(world) {
  for (const host of servers) {
    const server = world.mastodon(host);
    for (let n = 0; n < 50; n += 1)
      server.add({ by: `ania@${host}`, text: `Table ${n} #AllInForIntegration`, created: Date.UTC(2025, 5, 20, 8, n) });
  }
  for (const paper of papers) world.feed(paper, '/feed.xml', () => ({ body: rss(paper) }), { plain: isPlain(paper) });
  world.latency = 150;                                       // long enough for two requests to meet, if they could
}

/// Says 429 to the second request of a host, with Retry-After; remembers when.
function saysTooMany(world, host) {
  const told = {};
  world.fault(host, () => {
    if (told.at !== undefined || world.requests(host).length < 2) return undefined;
    told.at = world.elapsed();
    return { status: 429, headers: { 'content-type': 'application/json', 'retry-after': String(retryAfter) }, body: '{"error":"Too many requests"}' };
  });
  return told;
}

test('fifty-five sources are polled politely while the port answers at once', async stage => {
  const world = stage.world();
  populate(world);
  const told = saysTooMany(world, limited);
  await world.start();
  const lag = monitorEventLoopDelay({ resolution: 10 });
  lag.enable();
  const daemon = await stage.start({ config: daemonToml(world), campaign });

  const feedsToldTwice = () => papers.every(paper => world.requests(paper).filter(({ status }) => status === 304).length > 0);
  const limitedCameBack = () => told.at !== undefined && world.requests(limited).at(-1).t_ms > told.at + retryAfter * 1000 - 100;
  const serversTwice = () => servers.every(host => world.requests(host).length >= 4);
  const everyone = () => feedsToldTwice() && limitedCameBack() && serversTwice();

  const memory = [daemon.rss()];
  const slowest = {};
  const began = performance.now();
  const length = minutes * 60_000;
  for (let due = began + length, last = due + 120_000; performance.now() < due || (!everyone() && performance.now() < last);) {
    for (const at of ['/healthz', '/api/v1/summary?edition=2025']) {
      const { status, ms } = await daemon.raw(at);
      assert.equal(status, 200, `${at} while polling`);
      slowest[at] = Math.max(slowest[at] ?? 0, ms);
    }
    if (memory.length === 1 && performance.now() > began + length / 2) memory.push(daemon.rss());
    await sleep(250);
  }
  memory.push(daemon.rss());
  const descriptors = daemon.fds();
  assert.equal((await daemon.stop()).code, 0);
  lag.disable();

  const unpaired = papers.filter(paper => !world.requests(paper).some(({ status }) => status === 304));
  console.log(`requests ${world.log.length}, 304s ${world.log.filter(({ status }) => status === 304).length}, slowest answer `
    + `${Object.entries(slowest).map(([at, ms]) => `${at} ${Math.round(ms)} ms`).join(', ')}`);
  console.log(`resident MiB at start, middle, end: ${memory.map(bytes => (bytes / 2 ** 20).toFixed(1)).join(', ')}; descriptors ${descriptors}`);
  console.log(`smallest gap at one server: ${Math.round(smallestGap(world))} ms; our own lag at most ${Math.round(lag.max / 1e6)} ms`);

  for (const [at, ms] of Object.entries(slowest)) assert.ok(ms < 1000, `${at} took ${Math.round(ms)} ms`);
  for (const host of [...servers, ...papers]) oneAtATime(world, host);
  for (const host of servers) withinBudget(world, host);
  assert.ok(smallestGap(world) >= 900 - lag.max / 1e6, `at least a second between requests to one server: ${smallestGap(world)} ms`);
  assert.deepEqual(unpaired, [], 'every feed was asked again with its validators, and said 304');
  for (const paper of papers) validatorsFollow(world, paper);
  assert.ok(told.at !== undefined, `${limited} said 429`);
  const inWindow = world.requests(limited).filter(({ t_ms }) => t_ms > told.at && t_ms < told.at + retryAfter * 1000 - 100);
  assert.deepEqual(inWindow.map(({ path }) => path), [], `nobody asks ${limited} again before Retry-After is over`);
  assert.ok(limitedCameBack(), `${limited} is asked again after it`);
  assert.ok(serversTwice(), 'every server was polled more than once');
  grewLittle(memory.at(-1) - memory.at(-2), growthAllowed, 'the second half');
  assert.ok(descriptors < 200, `${descriptors} descriptors`);
});

const neighbours = list => list.slice(1).map((entry, at) => [list[at], entry]);

function oneAtATime(world, host) {
  for (const [one, next] of neighbours(world.requests(host)))
    assert.ok(one.end_ms !== null && next.t_ms >= one.end_ms,
              `${host}: ${next.path} came ${Math.round(one.end_ms - next.t_ms)} ms before the last answer ended`);
}

function withinBudget(world, host) {
  const times = world.requests(host).map(({ t_ms }) => t_ms);
  times.forEach((time, at) => {
    const soon = times.slice(at).filter(other => other < time + 300_000).length;
    assert.ok(soon <= 300, `${host}: ${soon} requests in five minutes`);
  });
}

function smallestGap(world) {
  return Math.min(...servers.flatMap(host => neighbours(world.requests(host)).map(([one, next]) => next.t_ms - one.t_ms)));
}

function validatorsFollow(world, paper) {
  const [first, second] = world.requests(paper).filter(({ path }) => path === '/feed.xml');
  assert.equal(first.headers['if-none-match'] ?? first.headers['if-modified-since'], undefined, `${paper}: nothing to validate at first`);
  assert.ok(second.headers['if-none-match'] ?? second.headers['if-modified-since'], `${paper}: the second request carries a validator`);
  assert.equal(second.status, 304, `${paper}: which is known`);
  assert.match(second.headers['user-agent'], /example\.org\/contact/, 'and says whom to ask');
}

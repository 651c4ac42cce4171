// The day's bad moments: what a host says instead of what it would, from when, until when or how many times.
import { json } from '../answers.mjs';
import { tooManyOfBluesky } from '../dialects/bluesky.mjs';
import { tooManyOfGdelt } from '../dialects/gdelt.mjs';
import { tooManyOfLemmy } from '../dialects/lemmy.mjs';
import { tooManyOfMisskey } from '../dialects/misskey.mjs';
import { tooManyOfPeerTube } from '../dialects/peertube.mjs';
import { missingFeed } from '../dialects/youtube.mjs';
import { badGateway, brokenOff, cutInTheMiddle, cutOff, dripping, forbiddenPage, html, landingPage, late, maintenance, moved,
         notFoundPage } from '../trouble.mjs';
import * as is from './cast.mjs';

const tooManyOfMastodon = wait => json({ error: 'Too many requests' }, 429, { 'retry-after': String(wait),
                                                                              'cache-control': 'private, no-store' });
const ms = 1;                                                // of our own time, however fast the world's runs

/// only: whom it meets. rest: for how many seconds the same question must not come again, though no header says so.
export const weather = t => [
  { what: 'an outage of an hour', host: is.W, from: t('12:00'), until: t('13:00'), answer: cutOff },
  { what: 'a 404 storm', host: is.S, from: t('15:00'), until: t('15:40'), answer: notFoundPage },
  { what: '503 with Retry-After', host: is.S, from: t('17:30'), times: 1, answer: () => maintenance(600) },
  { what: '429 with Retry-After', host: is.D, from: t('09:00'), times: 1, answer: () => tooManyOfMastodon(1800) },
  { what: 'slow answers', host: is.D, from: t('18:30'), times: 10, answer: (_, honest) => late(honest(), 200 * ms) },
  { what: '502 for half an hour', host: is.M, from: t('08:00'), until: t('08:30'), answer: badGateway },
  { what: '429 with Retry-After', host: is.M, from: t('16:00'), times: 1, answer: () => tooManyOfMisskey(300) },
  { what: 'visitors shut out of the search', host: is.sky, from: t('04:00'), until: t('06:00'),
    only: ({ path }) => path.endsWith('searchPosts'), answer: forbiddenPage },
  { what: '429 until its window ends', host: is.sky, from: t('10:30'), times: 1,
    answer: (_request, _honest, now) => tooManyOfBluesky(now, 300) },
  { what: '400 rate_limit_error', host: is.L, from: t('12:00'), times: 1, only: ({ path }) => path.endsWith('/search'),
    answer: tooManyOfLemmy, rest: 600 },
  { what: 'a page in place of JSON', host: is.P, from: t('11:00'), until: t('11:30'), answer: landingPage },
  { what: 'JSON that breaks off', host: is.T, from: t('09:30'), times: 1, answer: (_, honest) => brokenOff(honest()) },
  { what: 'a connection that breaks off', host: is.T, from: t('14:00'), times: 1, answer: (_, honest) => cutInTheMiddle(honest()) },
  { what: '429 with Retry-After', host: is.T, from: t('18:00'), times: 1, answer: () => tooManyOfPeerTube(600) },
  { what: 'a busy channel, shown as an empty one', host: is.telegram, from: t('13:30'), times: 1,
    only: ({ query }) => !query.has('before'), rest: 900,
    answer: (_request, honest, _now, hosts) => {
      const channel = hosts.get(is.telegram).know('fundacjamost', { busy: true });
      const answer = honest();
      channel.busy = false;
      return answer;
    } },
  { what: 'feeds that are missing for a while', host: is.youtube, from: t('06:00'), until: t('07:30'),
    only: ({ path }) => path === '/feeds/videos.xml', answer: () => missingFeed() },
  { what: 'a sentence with 200: too many requests', host: is.gdelt, from: t('01:00'), times: 1, answer: () => tooManyOfGdelt(200),
    rest: 3600 },
  { what: 'a body that drips', host: is.gazeta, from: t('10:00'), times: 2, answer: (_, honest) => dripping(honest(), 150 * ms) },
  { what: '500 for an hour', host: is.vestnik, from: t('11:00'), until: t('12:00'),
    answer: () => html('500 Internal Server Error', 500) },
  { what: 'a page in place of the feed', host: is.site, from: t('13:00'), until: t('14:10'), only: ({ path }) => path !== '/',
    answer: landingPage },
  { what: 'a page that moved', host: is.project, from: t('09:00'), until: Infinity, only: ({ path }) => path === '/news',
    answer: () => moved('/aktualnosci') },
  // Not every server leaves boosts out when it is asked to.
  { what: 'boosts though they are not wanted', host: is.D, from: 0, until: Infinity,
    only: ({ query }) => query.has('exclude_reblogs'),
    answer: ({ query }, honest) => { query.delete('exclude_reblogs'); return honest(); } },
];

/// Puts it into the world; each entry counts whom it has met, and when the last was.
export function brew(world, hosts, list) {
  const told = list.map(entry => ({ times: Infinity, until: Infinity, only: () => true, ...entry, met: 0 }));
  for (const host of new Set(told.map(entry => entry.host))) {
    const here = told.filter(entry => entry.host === host);
    world.fault(host, (request, honest) => {
      const now = world.now();
      const entry = here.find(each => now >= each.from && now < each.until && each.met < each.times && each.only(request));
      if (!entry) return undefined;
      entry.met += 1;
      entry.at_ms = world.elapsed();
      entry.path = request.path;
      return entry.answer(request, honest, now, hosts);
    });
  }
  return told;
}

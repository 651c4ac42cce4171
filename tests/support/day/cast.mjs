// Who and what there is on the campaign day: servers, people, partners, and the configuration that watches them.
// Everybody and everything is invented, but the platforms that have one address.
import { BlueskyHost } from '../dialects/bluesky.mjs';
import { atom, FeedHost, jsonFeed, rss } from '../dialects/feed.mjs';
import { GdeltHost } from '../dialects/gdelt.mjs';
import { JetstreamHost } from '../dialects/jetstream.mjs';
import { LemmyHost } from '../dialects/lemmy.mjs';
import { MisskeyHost } from '../dialects/misskey.mjs';
import { BingNewsHost, GoogleNewsHost } from '../dialects/news.mjs';
import { PageHost } from '../dialects/page.mjs';
import { PeerTubeHost } from '../dialects/peertube.mjs';
import { TelegramHost } from '../dialects/telegram.mjs';
import { YouTubeHost } from '../dialects/youtube.mjs';
import { MastodonHost } from '../mastodon_host.mjs';
import { channelId } from '../names.mjs';
import { campaignTag, campaignToml } from '../settings.mjs';

export const W = 'social.warszawa.example', S = 'social.sofia.example', D = 'social.dublin.example';
export const E = 'social.elsewhere.example';                 // a server nobody asks for tags
export const M = 'misskey.example', L = 'lemmy.example', P = 'pie.example', T = 'tube.example';
export const sky = 'public.api.bsky.app', stream = 'jetstream2.us-east.bsky.network';
export const telegram = 't.me', youtube = 'www.youtube.com', gdelt = 'api.gdeltproject.org';
export const gazeta = 'gazeta.example', vestnik = 'vestnik.example', herald = 'herald.example', heraldNow = 'herald-news.example';
export const site = 'most.example', project = 'project.example', google = 'news.google.com', bing = 'www.bing.com';

/// Every host: what it speaks, and the bucket of a request to it, as `sources --contracts` names it.
const hosts = [
  ...[W, S, D, E].map(host => ({ host, Dialect: MastodonHost, bucket: 'mastodon' })),
  { host: sky, Dialect: BlueskyHost, bucket: 'bluesky' },
  { host: stream, Dialect: JetstreamHost, bucket: 'jetstream' },
  { host: M, Dialect: MisskeyHost, bucket: 'misskey' },
  { host: L, Dialect: LemmyHost, bucket: path => (path.endsWith('/search') ? 'lemmy' : 'lemmy-reads') },
  { host: P, Dialect: LemmyHost, options: { api: 'alpha' }, bucket: 'lemmy',
    budget: path => (path.endsWith('/search') ? 0 : 1) },
  { host: T, Dialect: PeerTubeHost, bucket: 'peertube' },
  { host: telegram, Dialect: TelegramHost, bucket: 'telegram' },
  { host: youtube, Dialect: YouTubeHost, bucket: 'youtube' },
  { host: gdelt, Dialect: GdeltHost, bucket: 'gdelt' },
  { host: gazeta, Dialect: FeedHost, options: { form: rss, title: 'Gazeta Podwórkowa', language: 'pl', maxAge: 300 },
    bucket: 'feed' },
  { host: vestnik, Dialect: FeedHost, options: { form: atom, title: 'Вестник', language: 'bg', etag: false }, bucket: 'feed' },
  { host: herald, Dialect: FeedHost, options: { at: '/feed.json', form: jsonFeed, title: 'Herald', lastModified: false },
    bucket: 'feed' },
  { host: heraldNow, Dialect: FeedHost, options: { at: '/feed.json', form: jsonFeed, title: 'Herald', lastModified: false },
    bucket: 'feed' },
  { host: site, Dialect: FeedHost, options: { at: '/aktualnosci.xml', title: 'Fundacja Most', language: 'pl', home: true },
    bucket: 'feed' },
  { host: project, Dialect: PageHost, options: { title: 'The Project' }, bucket: 'page' },
  { host: google, Dialect: GoogleNewsHost, bucket: 'google-news' },
  { host: bing, Dialect: BingNewsHost, bucket: 'bing-news' },
];

/// Sets them up in a world; gives them by their names.
export function assemble(world) {
  return new Map(hosts.map(({ host, Dialect, options }) => [host, world.speaks(host, Dialect, options)]));
}

/// The bucket that a request spends.
export function bucketOf({ host, path }) {
  const { bucket } = hosts.find(each => each.host === host);
  return typeof bucket === 'string' ? bucket : bucket(path);
}

// --- the configuration -----------------------------------------------------------------------------------------------

export const channel = { most: channelId('most'), harbour: '@harbourcity' };
export const partners = [
  { id: 'most', name: 'Fundacja Most', country: 'PL', sites: [`https://${site}/`],
    accounts: [`mastodon:most@${W}`, 'bluesky:most.example', 'telegram:fundacjamost', `youtube:${channel.most}`] },
  { id: 'dom', name: 'Сдружение Дом', country: 'BG', accounts: [`mastodon:dom@${S}`] },
  { id: 'kuchnia', name: 'Kuchnia Otwarta', country: 'PL', accounts: [`misskey:kuchnia@${M}`, `peertube:kuchnia@${T}`] },
  { id: 'harbour', name: 'Harbour City Council', country: 'IE', accounts: [`mastodon:harbour@${D}`, `youtube:${channel.harbour}`] },
  { id: 'polderdam', name: 'Gemeente Polderdam', country: 'NL', accounts: ['x:polderdam'] },
];

const phrase = 'all in for integration';

export const campaign = campaignToml({
  campaign: { id: 'day', name: '#AllInForIntegration' },
  editions: [{ id: '2027', day: '2027-06-20', from: '2027-06-01', until: '2027-07-01' }],
  terms: [campaignTag, { id: 'misspelt', class: 'variant', text: 'AllInForIntergration' },
          { id: 'slogan', class: 'phrase', text: phrase }],
  partners,
  sources: [
    ...[['warszawa', W], ['sofia', S], ['dublin', D]].map(([id, host]) => ({ id, connector: 'mastodon', host })),
    { id: 'bluesky', connector: 'bluesky' },
    { id: 'misskey', connector: 'misskey', host: M },
    { id: 'lemmy', connector: 'lemmy', host: L, query: 'AllInForIntegration' },
    { id: 'piefed', connector: 'lemmy', host: P, query: 'AllInForIntegration' },
    { id: 'tube', connector: 'peertube', host: T, tags: ['AllInForIntegration'], query: 'AllInForIntegration' },
    { id: 'gdelt', connector: 'gdelt', query: `"${phrase}"` },
    { id: 'gazeta', connector: 'feed', url: `https://${gazeta}/feed.xml` },
    { id: 'vestnik', connector: 'feed', url: `https://${vestnik}/feed.xml` },
    { id: 'herald', connector: 'feed', url: `https://${herald}/feed.json` },
    { id: 'project', connector: 'page', url: `https://${project}/news` },
    ...['google', 'bing'].map(engine => ({ id: engine, connector: 'news', engine, query: `"${phrase}"`, language: 'en-IE' })),
    { id: 'jetstream', connector: 'bluesky', engine: 'jetstream' },
  ],
});

/// The sources that accounts become, and the site.
export const source = { mostW: `mastodon:most@${W}`, mostSky: 'bluesky:most.example', mostTelegram: 'telegram:fundacjamost',
                        mostYouTube: `youtube:${channel.most}`,
                        dom: `mastodon:dom@${S}`, kuchniaM: `misskey:kuchnia@${M}`, kuchniaT: `peertube:kuchnia@${T}`, harbour: `mastodon:harbour@${D}`,
                        harbourYouTube: `youtube:${channel.harbour}`, site };

// What recorded answers hold, counted apart from the program. A count says how many posts a body has; `nothing`: it is
// an error, a profile, a list of something else, and no post may be found in it; `anything`: a fragment or another
// interface, of which only a clean end is asked.
export const nothing = 'nothing';
export const anything = 'anything';

const json = text => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
const length = list => (Array.isArray(list) ? list.length : nothing);
const matches = (text, pattern) => [...text.matchAll(pattern)].length;
const distinct = list => new Set(list).size;

function mastodon(text) {
  const document = json(text);
  if (document === undefined) return nothing;                // a feed, a web page, a server that starts
  if (Array.isArray(document)) return document.length;       // accounts and tags are refused one by one
  const lists = ['statuses', 'ancestors', 'descendants'].filter(name => Array.isArray(document[name]));
  if (lists.length) return lists.reduce((sum, name) => sum + document[name].length, 0);
  return document.account && document.uri ? 1 : nothing;
}

function bluesky(text) {
  const document = json(text);
  if (document === undefined) return nothing;
  const isRepost = ({ reason }) => reason !== undefined && reason.$type !== 'app.bsky.feed.defs#reasonPin';
  const inThread = ({ post, parent, replies = [] }) =>
    [parent, ...replies].filter(Boolean).reduce((sum, each) => sum + inThread(each), post ? 1 : 0);
  if (Array.isArray(document.posts)) return document.posts.length;
  if (Array.isArray(document.feed)) return document.feed.filter(item => !isRepost(item)).length;
  if (document.thread?.post) return inThread(document.thread);
  return length(document.records);
}

function reddit(text) {
  const document = json(text);
  const listings = [document].flat().filter(each => each?.kind === 'Listing');
  if (!listings.length) return document?.json ? anything : nothing;
  return distinct(listings.flatMap(({ data }) => data.children).filter(({ kind }) => kind === 't3').map(({ data }) => data.id));
}

function x(text) {
  const document = json(text);
  if (Array.isArray(document)) return anything;              // examples: answers in an envelope
  if (document?.data === undefined) return document?.text ? anything : nothing;
  const posts = [document.data].flat().filter(each => typeof each.text === 'string');
  return posts.length || ![document.data].flat().length ? posts.length : nothing;
}

function meta(isPost) {
  return text => {
    const document = json(text);
    if (document === undefined || document.error) return nothing;
    const list = document.data ?? document.business_discovery?.media?.data;
    if (Array.isArray(list)) return list.filter(isPost).length || nothing;
    const byId = Object.entries(document).every(([id, value]) => value?.id === id);
    return byId ? Object.values(document).filter(isPost).length || nothing : isPost(document) ? 1 : nothing;
  };
}

function youtube(text, name) {
  if (name.endsWith('.xml')) return matches(text, /<yt:videoId>/g);
  const document = json(text);
  if (document?.kind === 'youtube#video' || document?.kind === 'youtube#searchResult') return 1;
  const isVideo = ({ kind, id }) => (kind === 'youtube#video' && typeof id === 'string') || id?.kind === 'youtube#video';
  return document?.items?.filter(isVideo).length || nothing;
}

function flickr(text) {
  const document = json(text);
  if (document?.photos) return document.photos.photo.length;
  return document?.photo?.owner ? 1 : nothing;
}

const gdelt = text => {
  const document = json(text);
  return document ? distinct(document.articles.map(({ url }) => url)) : nothing;
};

const misskey = text => {
  const document = json(text);
  if (Array.isArray(document)) return document.length;
  return document?.userId && document.visibility ? 1 : nothing;
};

const isMastodonPost = post => post.uri && post.local_id && post.author.key.includes('@');
const isBlueskyPost = post =>
  post.uri.startsWith(`at://${post.author.key}/`) && post.local_id === post.uri && !Number.isNaN(Date.parse(post.published));
const isChannelsVideo = post => /^UC[\w-]{22}$/.test(post.author.key);

/// Folder of the corpora -> what reads it. `at`: the address the bodies came from; `only`: names of the files meant;
/// `is`: what holds of every post found; `more`: a connector may find more posts than the body is about (quoted ones,
/// comments); `unread`: bodies a connector need not know yet.
export const folders = [
  { folder: 'social/mastodon', connector: 'mastodon', at: 'https://observer.example/', count: mastodon, is: isMastodonPost },
  { folder: 'social/mastodon-compatible', connector: 'mastodon', at: 'https://observer.example/', count: mastodon, is: isMastodonPost },
  { folder: 'recorded/gotosocial-0.19.2', connector: 'mastodon', at: 'https://observer.example/', count: mastodon, is: isMastodonPost },
  { folder: 'social/nodeinfo', connector: 'mastodon', count: () => nothing },
  { folder: 'social/bluesky', connector: 'bluesky', only: /\.json$/, count: bluesky, is: isBlueskyPost },
  { folder: 'social/bluesky', connector: 'bluesky', only: /\.jsonl$/, count: () => anything },
  { folder: 'recorded/bluesky-appview', connector: 'bluesky', count: bluesky, is: isBlueskyPost },
  { folder: 'recorded/bluesky-rate-limit', connector: 'bluesky', count: bluesky },
  { folder: 'social/misskey', connector: 'misskey', at: 'https://observer.example/', count: misskey, is: isMastodonPost },
  { folder: 'social/peertube', connector: 'peertube', count: text => length(json(text)?.data), is: post => post.kind === 'video' },
  { folder: 'social/telegram', connector: 'telegram', count: text => matches(text, /\bdata-post="/g) || nothing },
  { folder: 'social/youtube', connector: 'youtube', count: youtube, is: isChannelsVideo, more: true, unread: /\.json$/ },
  { folder: 'social/gdelt', connector: 'gdelt', count: gdelt, is: post => post.author.media },
  { folder: 'social/reddit', connector: 'reddit', only: /\.json$/, count: reddit, more: true, unread: /user|more/ },
  { folder: 'social/reddit', connector: 'feed', only: /\.xml$/, count: text => matches(text, /<(entry|item)>/g) },
  { folder: 'social/x', connector: 'x', count: x, more: true, unread: /create_tweet|bookmark|models|home_timeline/ },
  {
    folder: 'social/meta/python-facebook/facebook', connector: 'facebook', more: true, unread: /videos|models|comments/,
    count: meta(each => each?.created_time && (each.message || each.permalink_url || each.attachments)),
  },
  {
    folder: 'social/meta/python-facebook/instagram', connector: 'instagram', more: true, unread: /models|stories|live_medias|children|medias\/media/,
    count: meta(each => each?.media_type),
  },
  { folder: 'social/flickr', connector: 'flickr', count: flickr, more: true },
  { folder: 'social/tumblr', connector: 'tumblr', count: () => nothing },
  { folder: 'feeds/files', connector: 'news', at: 'https://news.google.com/rss/search', only: /feeddeck\/googlenews-|prof18\/feed-test-source/, count: text => matches(text, /<item>/g), is: post => post.author.media },
  { folder: 'feeds/files', connector: 'news', at: 'https://www.bing.com/news/search', only: /prof18\/feed-bing/, count: text => matches(text, /<item>/g), is: post => post.author.media },
];

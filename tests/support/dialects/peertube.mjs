// A PeerTube instance as visitors meet it: searching videos, their details, an account's and a channel's.
import { digest, json, unlessKnown } from '../answers.mjs';
import { shortUuid, uuid } from '../names.mjs';

const period = 10_000;
const longestDescription = 250;

/// RFC 9457, as PeerTube writes it.
export function problem(status, title, detail, code) {
  const body = { type: code ? `https://docs.joinpeertube.org/api-rest-reference.html#section/Errors/${code}` : 'about:blank', title,
                 detail, status, error: detail, ...(code && { code }) };
  return { ...json(body, status), headers: { 'content-type': 'application/problem+json; charset=utf-8' } };
}
export const tooManyOfPeerTube = wait => {
  const answer = problem(429, 'Too Many Requests', 'Too many requests, please try again later.');
  answer.headers['retry-after'] = String(wait);
  return answer;
};

/// A list cuts a description at a word, and says so with three dots.
function cut(text) {
  if (!text || text.length <= longestDescription) return text;
  const short = text.slice(0, longestDescription - 3);
  return `${short.slice(0, short.lastIndexOf(' ') + 1 || short.length).trimEnd()}...`;
}

export class PeerTubeHost {
  #people = new Map();
  #window = {};
  videos = [];

  /// limit: requests in ten seconds. index: an index of many instances: tags in its lists, and no limits told.
  constructor(host, now, { limit = 50, index = false, version = '7.2.3' } = {}) {
    Object.assign(this, { host, now, limit, index, version });
  }

  // --- what its people do ------------------------------------------------------------------------------------------

  /// An account, or a channel: "name@host".
  know(handle, about = {}) {
    const [name, home] = handle.toLowerCase().split('@');
    const known = this.#people.get(handle.toLowerCase()) ?? { id: this.#people.size + 1, name, home: home ?? this.host,
                                                              displayName: name, followers: 20, description: '' };
    this.#people.set(handle.toLowerCase(), Object.assign(known, about));
    return known;
  }

  /// by: "account@host". Give the same id on every instance that shows it.
  add({ by, channel = `${by.split('@')[0]}_channel@${by.split('@')[1]}`, title, text = '', tags = [], created = this.now(),
        language = 'en', id = uuid(by + title), likes = 0, replies = 0, views = 0 }) {
    const home = by.split('@')[1];
    const video = { id: this.videos.length + 1, uuid: id, account: this.know(by), channel: this.know(channel), title, text, tags,
                    created, updated: created, language,
                    likes, replies, views, privacy: 1, url: `https://${home}/videos/watch/${id}`, local: home === this.host };
    this.videos.push(video);
    return video;
  }

  /// By uuid or url.
  find(key) {
    return this.videos.find(({ uuid: id, url }) => id === key || url === key);
  }

  edit(key, changes) {
    Object.assign(this.find(key), changes, { updated: this.now() });
  }

  bump(key, steps) {
    const video = this.find(key);
    for (const [name, step] of Object.entries(steps)) video[name] += step;
  }

  remove(key) {
    this.videos.splice(this.videos.indexOf(this.find(key)), 1);
  }

  // --- what its visitors see ---------------------------------------------------------------------------------------

  answer(request) {
    const [, path] = request.path.match(/^\/api\/v1\/(.+)$/) ?? [];
    if (!path) return undefined;
    const { exceeded, headers } = this.#spend();
    const reply = exceeded ? tooManyOfPeerTube(Math.ceil(period / 1000)) : this.#reply(path, request.query);
    Object.assign(reply.headers, headers);
    if (reply.status !== 200) return reply;
    reply.headers.etag = `W/"${reply.body.length.toString(16)}-${digest(reply.body)}"`;
    return unlessKnown(request, reply);
  }

  #reply(path, query) {
    const parts = path.split('/').map(decodeURIComponent);
    if (path === 'search/videos') return this.search(query);
    if (parts[0] === 'videos' && parts.length === 2) return this.details(parts[1]);
    if (parts.length === 3 && parts[2] === 'videos' && parts[0] === 'accounts') return this.videosOf('account', parts[1], query);
    if (parts.length === 3 && parts[2] === 'videos' && parts[0] === 'video-channels') return this.videosOf('channel', parts[1], query);
    if (path === 'config') return json({ instance: { name: this.host }, serverVersion: this.version,
                                         search: { remoteUri: { users: true, anonymous: false },
                                                   searchIndex: { enabled: false } } });
    return problem(404, 'Not Found', 'Not found');
  }

  search(query) {
    if (query.get('search') === '') return problem(400, 'Bad Request', 'Incorrect request parameters: search');
    const tags = query.getAll('tagsOneOf').map(tag => tag.toLowerCase());
    const words = query.get('search')?.toLowerCase();
    const since = query.has('startDate') ? Date.parse(query.get('startDate')) : -Infinity;
    if (Number.isNaN(since)) return problem(400, 'Bad Request', 'Incorrect request parameters: startDate');
    const fits = video => (!tags.length || video.tags.some(tag => tags.includes(tag.toLowerCase())))
      && (words === undefined || `${video.title}\n${video.text}`.toLowerCase().includes(words)) && video.created >= since;
    return this.#list(this.#public().filter(fits), query);
  }

  videosOf(what, name, query) {
    const wanted = name.includes('@') ? name : `${name}@${this.host}`;
    const person = this.#people.get(wanted.toLowerCase());
    const isChannel = this.videos.some(({ channel }) => channel === person);
    const isAccount = person && (!isChannel || this.videos.some(({ account }) => account === person));
    if (!person || !(what === 'channel' ? isChannel : isAccount)) return problem(404, 'Not Found',
                                                                                 what === 'channel' ? 'Video channel not found' : 'Account not found');
    return this.#list(this.#public().filter(video => video[what] === person), query);
  }

  #public() {
    return this.videos.filter(({ privacy }) => privacy === 1);
  }

  #list(videos, query) {
    const [count, start] = [Number(query.get('count') ?? 15), Number(query.get('start') ?? 0)];
    if (!(count >= 0 && count <= 100)) return problem(400, 'Bad Request', 'Incorrect request parameters: count');
    const sorted = query.get('sort') === '-publishedAt' ? [...videos].sort((a, b) => b.created - a.created) : videos;
    return json({ total: videos.length, data: sorted.slice(start, start + count).map(video => this.#view(video)) });
  }

  details(id) {
    const video = this.find(id) ?? this.videos.find(each => shortUuid(each.uuid) === id);
    if (!video) return problem(404, 'Not Found', 'Video not found');
    if (video.privacy !== 1) return problem(401, 'Unauthorized', 'Please authenticate to get the video');
    if (!video.local) return problem(403, 'Forbidden', 'Cannot get this video regarding follow constraints',
                                     'does_not_respect_follow_constraints');
    const full = actor => ({ ...this.#actor(actor), followersCount: actor.followers, description: actor.description });
    return json({ ...this.#view(video), description: video.text, tags: video.tags, account: full(video.account),
                  channel: full(video.channel), support: null,
                  commentsEnabled: true, commentsPolicy: { id: 1, label: 'Enabled' }, downloadEnabled: true, state: { id: 1, label: 'Published' }, files: [], streamingPlaylists: [], trackerUrls: [] });
  }

  #actor({ id, name, home, displayName }, kind = 'accounts') {
    return { id, name, displayName, url: `https://${home}/${kind}/${name}`, host: home, avatars: [] };
  }

  #view(video) {
    const time = ms => new Date(ms).toISOString();
    const short = cut(video.text) || null;
    return {
      id: video.id, uuid: video.uuid, shortUUID: shortUuid(video.uuid), url: video.url, name: video.title, category: { id: 14, label: 'Activism' }, licence: { id: null, label: 'Unknown' },
      language: { id: video.language, label: video.language }, privacy: { id: video.privacy,
                                                                          label: 'Public' }, nsfw: false, nsfwFlags: 0, nsfwSummary: null,
      truncatedDescription: short, description: short, ...(this.index ? { tags: video.tags,
                                                                          score: 1 } : { isLocal: video.local }), duration: 93, aspectRatio: 1.7778,
      views: video.views, viewers: 0, likes: video.likes, dislikes: 0, createdAt: time(video.created), updatedAt: time(video.updated), publishedAt: time(video.created),
      originallyPublishedAt: this.index ? '1970-01-01T00:00:00.000Z' : null, isLive: false, account: this.#actor(video.account), channel: this.#actor(video.channel, 'video-channels'), comments: video.replies,
    };
  }

  #spend() {
    if (this.index) return { exceeded: false, headers: {} };
    const from = Math.floor(this.now() / period);
    if (this.#window.from !== from) this.#window = { from, used: 0 };
    this.#window.used += 1;
    const left = this.limit - this.#window.used;
    return { exceeded: left < 0, headers: { 'access-control-expose-headers': 'Retry-After', 'x-ratelimit-limit': String(this.limit),
                                            'x-ratelimit-remaining': String(Math.max(0, left)),
                                            'x-ratelimit-reset': String(Math.ceil((from + 1) * period / 1000)) } };
  }
}

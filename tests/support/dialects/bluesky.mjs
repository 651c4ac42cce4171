// Bluesky's public AppView as visitors meet it: post search (its first page only), author feeds, posts and profiles by
// name. What happens here can be followed: see jetstream.mjs.
import { digest, json, unlessKnown } from '../answers.mjs';
import { cid, did, tid } from '../names.mjs';
import { forbiddenPage } from '../trouble.mjs';

const hashtag = /#([\p{L}\p{M}\p{N}_]+)/gu;
const address = /https:\/\/[^\s]+[^\s.,;:!?)]/g;
const counters = { likes: 'likeCount', reposts: 'repostCount', quotes: 'quoteCount', replies: 'replyCount' };
const bytes = words => Buffer.byteLength(words);

/// Where tags and links stand in a text, in bytes of UTF-8.
function facetsOf(text) {
  const place = match => ({ byteStart: bytes(text.slice(0, match.index)),
                            byteEnd: bytes(text.slice(0, match.index + match[0].length)) });
  const all = (pattern, feature) => [...text.matchAll(pattern)].map(match => ({ index: place(match), features: [feature(match)] }));
  return [...all(hashtag, ([, tag]) => ({ $type: 'app.bsky.richtext.facet#tag', tag })),
          ...all(address, ([uri]) => ({ $type: 'app.bsky.richtext.facet#link', uri }))];
}

const tagsOf = ({ facets = [], tags = [] }) =>
  [...tags, ...facets.flatMap(({ features }) => features.map(({ tag }) => tag).filter(Boolean))].map(tag => tag.toLowerCase());

const say = (value, status = 200) => json(value, status, { 'x-powered-by': 'Express', 'access-control-allow-origin': '*',
                                                           vary: 'Accept-Encoding' });
const error = (status, name, message) => say({ error: name, message }, status);

export class BlueskyHost {
  #people = new Map();     // did -> { did, handle, … }
  #window = {};            // of the rate limit
  posts = [];              // newest first, as the AppView sorts: by the earlier of createdAt and indexedAt
  reposts = [];            // { by, uri, at }
  listeners = [];          // told { did, kind, … } of whatever happens

  /// searchClosed: the CDN shuts visitors out of the search. limit: requests in five minutes; none: no headers, as usual.
  constructor(host, now, { searchClosed = false, limit } = {}) {
    Object.assign(this, { host, now, searchClosed, limit });
  }

  // --- what its people do ------------------------------------------------------------------------------------------

  /// An account: displayName, description, followers, labels ['!no-unauthenticated', 'bot']. Gives it back.
  know(handle, about = {}) {
    const known = this.person(handle) ?? { did: did(handle), handle, displayName: handle.split('.')[0], description: '',
                                           followers: 100, labels: [], status: undefined };
    Object.assign(known, about);
    this.#people.set(known.did, known);
    return known;
  }

  /// By handle or DID.
  person(name) {
    return this.#people.get(name) ?? [...this.#people.values()].find(({ handle }) => handle === name.toLowerCase());
  }

  /// by: a handle. bridged: the original's address, of a copy that Bridgy Fed made. Gives the record it keeps.
  add({ by, text, created = this.now(), indexed = this.now(), langs = ['en'], tags, facets = facetsOf(text), replyTo, quote,
        bridged, extra, ...counts }) {
    const author = this.know(by);
    const rkey = tid(created, this.posts.length);
    const uri = `at://${author.did}/app.bsky.feed.post/${rkey}`;
    const ref = post => ({ uri: post.uri, cid: post.cid });
    const record = {
      $type: 'app.bsky.feed.post', createdAt: new Date(created).toISOString(), ...(langs && { langs }),
      ...(facets.length && { facets }), ...(tags && { tags }),
      ...(replyTo && { reply: { root: ref(replyTo), parent: ref(replyTo) } }),
      ...(quote && { embed: { $type: 'app.bsky.embed.record', record: ref(quote) } }),
      ...(bridged && { bridgyOriginalUrl: bridged, bridgyOriginalText: `<p>${text}</p>` }), text, ...extra,
    };
    const post = { uri, rkey, did: author.did, cid: cid(uri + text), record, indexed: new Date(indexed).toISOString(),
                   sortAt: Math.min(created, indexed),
                   likes: 0, reposts: 0, quotes: 0, replies: 0, ...counts };
    const at = this.posts.findIndex(({ sortAt }) => sortAt <= post.sortAt);
    this.posts.splice(at < 0 ? this.posts.length : at, 0, post);
    this.#tell(author.did, 'commit', { rev: tid(this.now()), operation: 'create', collection: 'app.bsky.feed.post', rkey, record,
                                       cid: post.cid });
    return post;
  }

  find(uri) {
    return this.posts.find(post => post.uri === uri);
  }

  bump(uri, steps) {
    const post = this.find(uri);
    for (const [name, step] of Object.entries(steps)) post[name] += step;
  }

  remove(uri) {
    const post = this.find(uri);
    this.posts.splice(this.posts.indexOf(post), 1);
    this.#tell(post.did, 'commit', { rev: tid(this.now()), operation: 'delete', collection: 'app.bsky.feed.post',
                                     rkey: post.rkey });
  }

  repost(by, uri, at = this.now()) {
    this.reposts.push({ by: this.know(by).did, uri, at });
    this.find(uri).reposts += 1;
  }

  rename(handle, next) {
    const person = this.person(handle);
    person.handle = next;
    this.#tell(person.did, 'identity', { did: person.did, handle: next });
  }

  /// status: 'deactivated', 'takendown', 'deleted'; undefined: it is back.
  setStatus(handle, status) {
    const person = this.person(handle);
    person.status = status;
    this.#tell(person.did, 'account', { active: !status, did: person.did, ...(status && { status }) });
  }

  #tell(who, kind, what) {
    for (const listen of this.listeners) listen({ did: who, kind, [kind]: what });
  }

  // --- what its visitors see ---------------------------------------------------------------------------------------

  answer(request) {
    const [, method] = request.path.match(/^\/xrpc\/([\w.]+)$/) ?? [];
    if (!method) return undefined;
    const { exceeded, headers } = this.#spend();
    const reply = exceeded ? error(429, 'RateLimitExceeded', 'Rate Limit Exceeded') : this.#reply(method, request.query);
    Object.assign(reply.headers, headers);
    if (reply.status !== 200) return reply;
    reply.headers.etag = `W/"${reply.body.length.toString(16)}-${digest(reply.body)}"`;
    return unlessKnown(request, reply);
  }

  #reply(method, query) {
    const route = { 'app.bsky.feed.searchPosts': 'search', 'app.bsky.feed.getPosts': 'getPosts',
                    'app.bsky.actor.getProfiles': 'getProfiles', 'app.bsky.feed.getAuthorFeed': 'authorFeed' }[method];
    return route ? this[route](query) : error(501, 'MethodNotImplemented', 'Method Not Implemented');
  }

  search(query) {
    if (this.searchClosed) return forbiddenPage();
    if (!query.get('q')) return error(400, 'InvalidRequest', 'Error: Params must have the property "q"');
    const limit = Number(query.get('limit') ?? 25);
    if (!(limit >= 1 && limit <= 100)) return error(400, 'InvalidRequest', 'Error: limit can not be greater than 100');
    if (query.has('cursor')) return error(403, 'Forbidden', 'Request forbidden by administrative rules.');
    const words = query.get('q').toLowerCase().split(/\s+/);
    const fits = ({ record }) => words.every(word =>
      (word.startsWith('#') ? tagsOf(record).includes(word.slice(1)) : record.text.toLowerCase().includes(word)));
    const hits = this.#shown().filter(fits);
    return say({ ...(hits.length > limit && { cursor: String(limit) }), hitsTotal: hits.length,
                 posts: hits.slice(0, limit).map(post => this.#view(post)) });
  }

  getPosts(query) {
    const uris = query.getAll('uris');
    if (uris.length > 25) return error(400, 'InvalidRequest', 'Error: uris must not have more than 25 elements');
    const found = [...new Set(uris)].map(uri => this.#shown().find(post => post.uri === uri)).filter(Boolean);
    return say({ posts: found.map(post => this.#view(post)) });
  }

  getProfiles(query) {
    const actors = query.getAll('actors');
    if (actors.length > 25) return error(400, 'InvalidRequest', 'Error: actors must not have more than 25 elements');
    const found = actors.map(name => this.person(name)).filter(person => person && !person.status);
    const detail = person => ({
      ...this.#author(person), description: person.description, followersCount: person.followers, followsCount: 10,
      postsCount: this.posts.filter(post => post.did === person.did).length, indexedAt: '2024-01-01T00:00:00.000Z' });
    return say({ profiles: found.map(detail) });
  }

  authorFeed(query) {
    const person = this.person(query.get('actor') ?? '');
    if (!person) return error(400, 'InvalidRequest', 'Profile not found');
    if (person.status === 'deactivated') return error(400, 'AccountDeactivated', 'Account is deactivated');
    if (person.status) return error(400, 'AccountTakedown', 'Account has been suspended');
    const limit = Number(query.get('limit') ?? 50);
    const before = query.has('cursor') ? Date.parse(query.get('cursor')) : Infinity;
    if (Number.isNaN(before)) return error(400, 'InvalidRequest', 'Malformed cursor');
    const own = this.posts.filter(post => post.did === person.did).map(post => ({ at: post.sortAt,
                                                                                  item: { post: this.#view(post) } }));
    const shared = this.reposts.filter(({ by, uri }) => by === person.did && this.find(uri)).map(({ uri, at }) => ({ at, item: {
      post: this.#view(this.find(uri)),
      reason: { $type: 'app.bsky.feed.defs#reasonRepost', by: this.#author(person), indexedAt: new Date(at).toISOString() } } }));
    const list = [...own, ...shared].sort((a, b) => b.at - a.at).filter(({ at }) => at < before);
    const page = list.slice(0, limit);
    return say({ feed: page.map(({ item }) => item),
                 ...(list.length > limit && { cursor: new Date(page.at(-1).at).toISOString() }) });
  }

  #shown() {
    return this.posts.filter(post => !this.#people.get(post.did).status);
  }

  #author(person) {
    const label = val => ({ src: person.did, uri: `at://${person.did}/app.bsky.actor.profile/self`, val,
                            cts: '2024-01-01T00:00:00.000Z' });
    return { did: person.did, handle: person.handle, displayName: person.displayName, labels: person.labels.map(label),
             createdAt: '2023-09-21T08:12:49.114Z' };
  }

  #view(post) {
    const counts = Object.fromEntries(Object.entries(counters).map(([name, field]) => [field, post[name]]));
    return { uri: post.uri, cid: post.cid, author: this.#author(this.#people.get(post.did)), record: post.record, ...counts,
             indexedAt: post.indexed, labels: [] };
  }

  #spend() {
    if (!this.limit) return { exceeded: false, headers: {} };
    const period = 300, from = Math.floor(this.now() / 1000 / period);
    if (this.#window.from !== from) this.#window = { from, used: 0 };
    this.#window.used += 1;
    const left = this.limit - this.#window.used;
    return { exceeded: left < 0, headers: { 'ratelimit-limit': String(this.limit), 'ratelimit-remaining': String(Math.max(0, left)),
                                            'ratelimit-reset': String((from + 1) * period), 'ratelimit-policy': `${this.limit};w=${period}` } };
  }
}

/// What it says when it has had enough; wait: seconds until its window ends.
export const tooManyOfBluesky = (now, wait) => ({
  ...error(429, 'RateLimitExceeded', 'Rate Limit Exceeded'),
  headers: { 'content-type': 'application/json; charset=utf-8', 'ratelimit-limit': '3000', 'ratelimit-remaining': '0',
             'ratelimit-reset': String(Math.ceil(now / 1000) + wait), 'ratelimit-policy': '3000;w=300' } });

// One Mastodon server as its visitors meet it: tag timelines, statuses one by one and in batches, limits, caching, refusals.
// The laws are Mastodon's own (tag_controller, to_a_paginated_by_id, rack_attack); world.test.mjs states them.
import { digest, json, unlessKnown } from './answers.mjs';
import { account, fold, html, status, tagList, tagsOf } from './fediverse.mjs';

const minute = 60_000;
const publicCache = 'max-age=15, public, stale-while-revalidate=30, stale-if-error=86400';
const counters = { likes: 'favourites_count', reposts: 'reblogs_count', replies: 'replies_count', quotes: 'quotes_count' };
const untrue = new Set([null, '', '0', 'f', 'F', 'false', 'FALSE', 'off', 'OFF']);
const yes = (query, name) => !untrue.has(query.get(name));
const before = (a, b) => BigInt(a) < BigInt(b);

/// One page of `list` (newest first), the way Mastodon cuts it. min_id: the page right after it, still newest first.
export function page(list, query, usual = 20) {
  const limit = query.has('limit') ? Math.min(Math.abs(parseInt(query.get('limit'), 10) || 0), usual * 2) : usual;
  const [max, since, min] = ['max_id', 'since_id', 'min_id'].map(name => query.get(name));
  const older = max ? list.filter(({ id }) => before(id, max)) : list;
  if (min) return limit ? older.filter(({ id }) => before(min, id)).slice(-limit) : [];
  return (since ? older.filter(({ id }) => before(since, id)) : older).slice(0, limit);
}

export class MastodonHost {
  #windows = new Map();    // period in ms -> { from, used }
  #received = 0;
  #salt;                   // in every id, so that no two servers give the same one
  #people = new Map();     // accounts somebody told of, by their handle in lower case
  #listeners = new Set();  // to its streams: { response, tag, local }
  posts = [];              // newest first: { id, status, raw? }
  refused = 0;             // how many requests met a 429

  /// closed: '422' or '401' (no hashtag feed for visitors), 'local-only' (one with local=true). limit: requests per window.
  /// windows: [plain, with page ids] in ms, as rack_attack has them. token: of the one account that may log in.
  /// streaming: the host of its streams.
  constructor(host, now, { closed, limit = 300, windows = [5 * minute, 15 * minute], version = '4.5.3', token, streaming } = {}) {
    Object.assign(this, { host, now, closed, limit, windows, version, token, streaming });
    this.#salt = BigInt(`0x${digest(host).slice(0, 4)}`);
  }

  // --- what its people do ------------------------------------------------------------------------------------------

  /// Takes a post (see fediverse.mjs) and gives the status. Ids follow arrival, as on a real server.
  add(post) {
    const created = post.created ?? this.now();
    const id = post.id ?? this.#nextId(Math.floor(created));
    const record = { id, status: status({ ...post, created }, id, this.host) };
    const at = this.posts.findIndex(other => before(other.id, id));
    this.posts.splice(at < 0 ? this.posts.length : at, 0, record);
    this.#tell(record, 'update', JSON.stringify({ ...record.status, favourites_count: 0, reblogs_count: 0, replies_count: 0 }));
    return record.status;
  }

  /// An account whether or not it posts: note, followers, bot … and moved: 'user@host', suspended, limited. Gives it back.
  know(handle, about = {}) {
    const known = account(handle, this.host, about);
    this.#people.set(handle.toLowerCase(), known);
    return known;
  }

  /// The account says something else of itself from now on, on its old posts too: { note, followers … }.
  change(handle, about) {
    const now = this.know(handle, about);
    for (const record of this.posts) {
      if (record.status.account.id !== now.id) continue;
      record.status.account = now;
      delete record.raw;
    }
  }

  #nextId(ms) {
    const natural = (BigInt(ms) << 16n) | this.#salt;
    const newest = this.posts.length ? BigInt(this.posts[0].id) : 0n;
    return String(natural > newest ? natural : newest + 1n);
  }

  /// The post with this uri or local id, or undefined.
  find(key) {
    return this.posts.find(({ id, status }) => id === key || status.uri === key);
  }

  /// Takes a post that another server sends: its id says when it was written, so it may stand below newer ones.
  receive(post) {
    const id = (BigInt(Math.floor(post.created)) << 16n) | BigInt((this.#received += 1) % 65536);
    return this.add({ ...post, id: String(id) });
  }

  edit(key, text, tags = tagsOf(text)) {
    const record = this.#changed(key);
    const home = new URL(record.status.uri).host;
    Object.assign(record.status, { content: html(text, home), tags: tagList(tags, this.host), edited_at: new Date(this.now()).toISOString() });
    this.#tell(record, 'status.update', JSON.stringify(record.status));
  }

  /// Adds to the counters: { likes: 3, reposts: -1 }.
  bump(key, steps) {
    const { status } = this.#changed(key);
    for (const [name, step] of Object.entries(steps)) status[counters[name]] += step;
  }

  remove(key) {
    const record = this.#changed(key);
    this.posts.splice(this.posts.indexOf(record), 1);
    this.#tell(record, 'delete', record.id);
  }

  #tell({ status }, event, data) {
    const tags = new Set(status.tags.map(({ name }) => fold(name)));
    const home = new URL(status.uri).host === this.host;
    for (const { response, tag, local } of this.#listeners)
      if (tags.has(tag) && (home || !local)) response.write(`event: ${event}\ndata: ${data}\n\n`);
  }

  /// Its streaming server starts anew: who listens is cut off.
  cutStreams() {
    for (const { response } of this.#listeners) response.end();
  }

  get listeners() { return this.#listeners.size; }

  #changed(key) {
    const record = this.find(key);
    if (!record) throw new Error(`${this.host} has no post ${key}`);
    delete record.raw;
    return record;
  }

  // --- what its visitors see ---------------------------------------------------------------------------------------

  answer(request) {
    if (request.headers.authorization && !this.#knows(request)) return json({ error: 'The access token is invalid' }, 401);
    const route = routes.find(([pattern]) => pattern.test(request.path));
    if (!route) return undefined;
    const limits = this.#spend(request.query);
    if (limits.exceeded) {
      this.refused += 1;
      return json({ error: 'Too many requests' }, 429, { ...limits.headers, 'cache-control': 'private, no-store' });
    }
    const [pattern, method] = route;
    const word = decodeURIComponent(request.path.match(pattern)[1] ?? '');
    const answer = this[method](request, word);
    const { 'cache-control': cache = publicCache } = answer.headers;
    answer.headers = { ...limits.headers, vary: 'Authorization, Origin, Accept-Encoding', ...answer.headers };
    answer.headers['cache-control'] = answer.status === 200 ? cache : 'private, no-store';
    if (answer.status !== 200 || answer.stream) return answer;
    answer.headers.etag ??= `W/"${digest(answer.body)}"`;
    return unlessKnown(request, answer);
  }

  tagTimeline(request, word) {
    const refusal = this.#knows(request) ? undefined : this.#refusal(request.query);
    if (refusal) return refusal;
    return this.listing(request, this.#tagged(word, request.query), ['limit', 'local', 'only_media']);
  }

  #knows({ headers }) {
    return this.token !== undefined && headers.authorization === `Bearer ${this.token}`;
  }

  /// Server-sent events, to those who log in.
  stream(request) {
    if (!this.#knows(request)) return json({ error: 'Missing access token' }, 401);
    const tag = request.query.get('tag');
    if (!tag) return json({ error: 'Missing tag name parameter' }, 400);
    return { status: 200, headers: { 'content-type': 'text/event-stream', 'cache-control': 'private, no-store' }, stream: response => {
      const listener = { response, tag: fold(tag), local: request.path.endsWith('/local') };
      this.#listeners.add(listener);
      response.on('close', () => this.#listeners.delete(listener));
      response.write(':)\n');
    } };
  }

  #refusal(query) {
    if (this.closed === '401') return json({ error: 'This API requires an authenticated user' }, 401);
    if (this.closed === '422' || (this.closed === 'local-only' && !yes(query, 'local')))
      return json({ error: 'This method requires an authenticated user' }, 422);
    return undefined;
  }

  #tagged(word, query) {
    const names = key => query.getAll(`${key}[]`).slice(0, 4).map(fold);
    const any = [fold(word), ...names('any')].slice(0, 4);
    const [all, none] = [names('all'), names('none')];
    return this.posts.filter(({ status }) => {
      const has = new Set(status.tags.map(({ name }) => fold(name)));
      const local = new URL(status.uri).host === this.host;
      return any.some(tag => has.has(tag)) && all.every(tag => has.has(tag)) && !none.some(tag => has.has(tag))
        && (!yes(query, 'local') || local) && (!yes(query, 'remote') || !local)
        && (!yes(query, 'only_media') || status.media_attachments.length > 0);
    });
  }

  /// A page with its Link header; the links carry the `kept` parameters alone: any, all, none and remote are lost, as at home.
  listing({ path, query }, list, kept) {
    const records = page(list, query);
    const link = (name, id) => {
      const words = [...kept.filter(key => query.has(key)).map(key => [key, query.get(key)]), [name, id]].sort(([a], [b]) => (a < b ? -1 : 1));
      return `<https://${this.host}${path}?${new URLSearchParams(words)}>`;
    };
    const headers = records.length
      ? { link: `${link('max_id', records.at(-1).id)}; rel="next", ${link('min_id', records[0].id)}; rel="prev"` } : {};
    return this.#say(records, headers);
  }

  #say(records, headers = {}) {
    const body = `[${records.map(({ raw, status }) => raw ?? JSON.stringify(status)).join(',')}]`;
    return { ...json([], 200, headers), body };
  }

  batch({ query }) {
    const ids = new Set(query.getAll('id[]'));
    if (ids.size > 20) return json({ error: 'Validation failed: too many ids' }, 422);
    return this.#say(this.posts.filter(({ id }) => ids.has(id)));            // newest first, never the order asked for
  }

  single(_request, id) {
    if (!/^[1-9]\d*$/.test(id)) return json({ error: 'Not Found' }, 404);
    const record = this.posts.find(post => post.id === id);
    return record ? { ...json({}), body: record.raw ?? JSON.stringify(record.status) } : json({ error: 'Record not found' }, 404);
  }

  lookup({ query }) {
    const acct = (query.get('acct') ?? '').replace(/^@/, '').toLowerCase();
    const found = this.#account(acct.includes('@') ? acct : `${acct}@${this.host}`);
    return found ? json(found) : json({ error: 'Record not found' }, 404);
  }

  /// The account with this handle or id.
  #account(key) {
    const handle = ({ acct }) => (acct.includes('@') ? acct : `${acct}@${this.host}`).toLowerCase();
    const is = person => person.id === key || handle(person) === key;
    return [...this.#people.values()].find(is) ?? this.posts.find(({ status }) => is(status.account))?.status.account;
  }

  accountStatuses(request, id) {
    const whose = this.#account(id);
    if (!whose) return json({ error: 'Record not found' }, 404);
    const shown = ({ status }) => status.account.id === id && !(yes(request.query, 'exclude_reblogs') && status.reblog);
    const own = whose.suspended ? [] : this.posts.filter(shown);
    return this.listing(request, own, ['exclude_reblogs', 'exclude_replies', 'limit', 'only_media', 'tagged']);
  }

  nodeinfoLinks() {
    return json({ links: [{ rel: 'http://nodeinfo.diaspora.software/ns/schema/2.0', href: `https://${this.host}/nodeinfo/2.0` }] });
  }

  nodeinfo() {
    return json({ version: '2.0', software: { name: 'mastodon', version: this.version }, protocols: ['activitypub'],
                  services: { outbound: [], inbound: [] }, usage: { users: { total: 100, activeMonth: 50, activeHalfyear: 80 }, localPosts: 1000 },
                  openRegistrations: false, metadata: {} });
  }

  instance() {
    const feeds = { undefined: ['public', 'public'], 'local-only': ['public', 'authenticated'] }[this.closed] ?? ['authenticated', 'authenticated'];
    return json({ domain: this.host, title: this.host, version: this.version, api_versions: { mastodon: 7 },
                  configuration: { urls: this.streaming ? { streaming: `wss://${this.streaming}` } : {}, timelines_access: { hashtag_feeds: { local: feeds[0], remote: feeds[1] } } } });
  }

  // --- limits ------------------------------------------------------------------------------------------------------

  #spend(query) {
    const paged = ['max_id', 'min_id', 'since_id'].some(name => query.has(name));
    const tight = (paged ? this.windows : this.windows.slice(0, 1))
      .map(period => this.#take(period)).reduce((a, b) => (b.remaining < a.remaining ? b : a));
    return {
      exceeded: tight.remaining < 0,
      headers: { 'x-ratelimit-limit': String(this.limit), 'x-ratelimit-remaining': String(Math.max(0, tight.remaining)),
                 'x-ratelimit-reset': reset(this.now(), tight.period) },
    };
  }

  #take(period) {
    const from = Math.floor(this.now() / period);
    const window = this.#windows.get(period);
    const used = window?.from === from ? window.used + 1 : 1;
    this.#windows.set(period, { from, used });
    return { period, remaining: this.limit - used };
  }
}

/// The next multiple of the period, with the six decimals of the request's own moment.
function reset(now, period) {
  const whole = new Date((Math.floor(now / period) + 1) * period).toISOString().slice(0, 19);
  return `${whole}.${String(Math.floor((now % 1000) * 1000)).padStart(6, '0')}Z`;
}

const routes = [
  [/^\/api\/v1\/timelines\/tag\/([^/]+)$/, 'tagTimeline'],
  [/^\/api\/v1\/statuses$/, 'batch'],
  [/^\/api\/v1\/statuses\/([^/]+)$/, 'single'],
  [/^\/api\/v1\/accounts\/lookup$/, 'lookup'],
  [/^\/api\/v1\/accounts\/([^/]+)\/statuses$/, 'accountStatuses'],
  [/^\/api\/v1\/streaming\/hashtag(\/local)?$/, 'stream'],
  [/^\/\.well-known\/nodeinfo$/, 'nodeinfoLinks'],
  [/^\/nodeinfo\/2\.0$/, 'nodeinfo'],
  [/^\/api\/v2\/instance\/?$/, 'instance'],
];

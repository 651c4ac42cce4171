// A Lemmy server as visitors meet it: searching posts and comments for letters, reading them one by one. Three forms:
// Lemmy 0.19 (v3), Lemmy 1.0 (v4, and what it keeps of v3), PieFed (alpha).
import { json } from '../answers.mjs';

const micro = ms => new Date(ms).toISOString().replace('Z', '123Z');       // microseconds, as the servers write them
const error = (name, status = 400) => json({ error: name }, status);
export const tooManyOfLemmy = () => error('rate_limit_error');              // no header says how long

/// What all three write alike; what is not there is left out, not null.
const item = post => ({ id: post.id, removed: post.removed, deleted: post.deleted, ap_id: post.apId, local: post.local });
const body = ({ text, link }) => ({ ...(text && { body: text }), ...(link && { url: link }) });
const votes = ({ likes, dislikes }) => ({ score: likes - dislikes, upvotes: likes, downvotes: dislikes });
const edited = (post, name) => (post.edited ? { [name]: micro(post.edited) } : {});

/// The three ways to write the same view.
const v3 = {
  person: ({ id, name, home, bot, bio }) => ({ id, name, banned: false, published: '2023-06-11T00:00:00Z', local: true, deleted: false,
                                               actor_id: `https://${home}/u/${name}`, bot_account: bot, instance_id: 1, ...(bio && { bio }) }),
  post: post => ({ ...item(post), name: post.title, ...body(post), creator_id: post.by.id, community_id: 3, locked: false, nsfw: false,
                   published: micro(post.created), ...edited(post, 'updated'), language_id: post.language }),
  comment: post => ({ ...item(post), content: post.text, creator_id: post.by.id, post_id: post.on.id, path: `0.${post.id}`,
                      published: micro(post.created), ...edited(post, 'updated'), distinguished: false, language_id: post.language }),
  counts: post => {
    const own = post.on ? { comment_id: post.id, child_count: post.replies } : { post_id: post.id, comments: post.replies };
    return { counts: { ...own, ...votes(post), published: micro(post.created) } };
  },
  more: { subscribed: 'NotSubscribed', saved: false, read: false, creator_blocked: false, creator_banned_from_community: false },
};
const v4 = {
  person: ({ id, name, home, bot, bio }) => ({ id, name, published_at: '2023-06-11T00:00:00Z', ap_id: `https://${home}/u/${name}`,
                                               bot_account: bot, ...(bio && { bio }) }),
  post: post => ({ ...item(post), name: post.title, ...body(post), creator_id: post.by.id, community_id: 3, locked: false, nsfw: false,
                   published_at: micro(post.created), ...edited(post, 'updated_at'), language_id: post.language,
                   comments: post.replies, ...votes(post) }),
  comment: post => ({ ...item(post), content: post.text, creator_id: post.by.id, post_id: post.on.id, published_at: micro(post.created),
                      ...edited(post, 'updated_at'), language_id: post.language, child_count: post.replies, ...votes(post) }),
  counts: () => ({}),
  more: { tags: [], can_mod: false, creator_is_admin: false, creator_banned: false },
};
const alpha = {
  person: ({ id, name, home, bot, bio }) => ({ id, user_name: name, title: name, banned: false, bot, deleted: false, local: true,
                                               actor_id: `https://${home}/u/${name}`, instance_id: 1, ...(bio && { about: bio }) }),
  post: post => ({ ...item(post), title: post.title, ...body(post), user_id: post.by.id, community_id: 3, sticky: false, locked: false,
                   nsfw: false, published: micro(post.created), ...edited(post, 'edited_at'), language_id: 2, post_type: 'Discussion',
                   tags: '', flair: '' }),
  comment: post => ({ ...item(post), body: post.text, user_id: post.by.id, post_id: post.on.id, path: `0.${post.id}`,
                      published: micro(post.created), ...edited(post, 'edited_at'), language_id: 2 }),
  counts: v3.counts,
  more: { subscribed: 'NotSubscribed', my_vote: 0, creator_blocked: null, flair_list: [] },
};
const forms = { v3, v4, alpha };
const roots = { v3: '/api/v3', v4: '/api/v4', alpha: '/api/alpha' };

export class LemmyHost {
  #people = new Map();
  #count = 4000;
  #windows = new Map();
  posts = [];              // posts and comments, in order of arrival; a comment has `on`

  /// api: 'v3', 'v4' or 'alpha', with the software to it. searches, reads: how many are allowed in ten minutes, in one.
  constructor(host, now, { api = 'v3', software = { v3: 'lemmy 0.19.15', v4: 'lemmy 1.0.0', alpha: 'piefed 1.4.2' }[api],
                           searches = 60, reads = 180 } = {}) {
    Object.assign(this, { host, now, api, software, searches, reads });
  }

  // --- what its people do ------------------------------------------------------------------------------------------

  know(handle, about = {}) {
    const [name, home] = handle.split('@');
    const known = this.#people.get(handle) ?? { id: this.#people.size + 1, name, home, bot: false };
    this.#people.set(handle, Object.assign(known, about));
    return known;
  }

  /// by: 'user@host'. on: the post of which it is a comment. apId: of another server's. Text is Markdown.
  add({ by, title = '', text = '', link, on, created = this.now(), apId, language = 37, likes = 1, dislikes = 0, replies = 0 }) {
    const id = (this.#count += 1);
    const post = { id, by: this.know(by), title, text, link, on, created, language, likes, dislikes, replies, deleted: false,
                   removed: false,
                   local: apId === undefined, apId: apId ?? `https://${this.host}/${on ? 'comment' : 'post'}/${id}` };
    this.posts.push(post);
    return post;
  }

  find(key) {
    return this.posts.find(({ id, apId }) => id === key || apId === key);
  }

  edit(key, { title, text }) {
    const post = this.find(key);
    Object.assign(post, { title: title ?? post.title, text: text ?? post.text, edited: this.now() });
  }

  bump(key, steps) {
    const post = this.find(key);
    for (const [name, step] of Object.entries(steps)) post[name] += step;
  }

  /// By its author (deleted), or a moderator (removed): it is still shown by its id, as an empty one.
  remove(key, how = 'deleted') {
    Object.assign(this.find(key), { [how]: true, text: '' });
  }

  /// Purged: nothing of it is left.
  purge(key) {
    this.posts.splice(this.posts.indexOf(this.find(key)), 1);
  }

  /// The server is updated to another version, or exchanged for other software.
  becomes(api, software) {
    Object.assign(this, { api, software });
  }

  // --- what its visitors see ---------------------------------------------------------------------------------------

  answer({ path, query }) {
    if (path === '/.well-known/nodeinfo') return json({ links: [{ rel: 'http://nodeinfo.diaspora.software/ns/schema/2.1',
                                                                  href: `https://${this.host}/nodeinfo/2.1` }] });
    if (path === '/nodeinfo/2.1') return this.#nodeinfo();
    const [, root, what] = path.match(/^(\/api\/\w+)\/(search|post|comment)$/) ?? [];
    const isShim = this.api === 'v4' && root === roots.v3;
    if (root !== roots[this.api] && !isShim) return undefined;
    if (!this.#spend(what === 'search' ? 'searches' : 'reads')) return tooManyOfLemmy();
    const form = forms[isShim ? 'v3' : this.api];
    if (what !== 'search') return this.#one(query, what, form);
    return isShim ? this.#shim(query) : this.api === 'v4' ? this.#searchV4(query) : this.#search(query, form);
  }

  #hits(words, comments) {
    const letters = words.toLowerCase();
    return this.posts.filter(post => Boolean(post.on) === comments && !post.deleted && !post.removed
      && `${post.title}\n${post.text}`.toLowerCase().includes(letters));
  }

  #search(query, form) {
    const [page, limit] = [Number(query.get('page') ?? 1), Number(query.get('limit') ?? 10)];
    if (!query.get('q')) return error('unknown');
    if (!(limit >= 1 && limit <= 50) || !(page >= 1 && page <= 100)) return error('couldnt_get_posts');
    const comments = query.get('type_') === 'Comments';
    const list = this.#hits(query.get('q'), comments);
    if (query.get('sort') === 'New') list.sort((a, b) => b.created - a.created);
    return this.#say(list.slice((page - 1) * limit, page * limit), comments, form, { type_: query.get('type_'), users: [] });
  }

  /// Heeds neither page, limit nor order: twenty, always the same.
  #shim(query) {
    const comments = query.get('type_') === 'Comments';
    return this.#say(this.#hits(query.get('q') ?? '', comments).slice(0, 20), comments, forms.v3,
                     { type_: query.get('type_'), users: [] });
  }

  #searchV4(query) {
    const limit = Number(query.get('limit') ?? 10);
    if (!(limit >= 1 && limit <= 50)) return error('invalid_fetch_limit');
    const mark = query.get('page_cursor');
    if (mark !== null && !/^P[0-9a-f]+$/.test(mark)) return error('couldnt_parse_pagination_token');
    const at = mark === null ? 0 : parseInt(mark.slice(1), 16);
    const since = query.has('time_range_seconds') ? this.now() - Number(query.get('time_range_seconds')) * 1000 : 0;
    const comments = query.get('type_') === 'comments';
    const list = this.#hits(query.get('search_term') ?? '', comments).filter(({ created }) => created >= since);
    const next = at + limit < list.length ? { next_page: `P${(at + limit).toString(16)}` } : {};
    return this.#say(list.slice(at, at + limit), comments, forms.v4, { persons: [], multi_communities: [], ...next });
  }

  #say(list, comments, form, more) {
    const views = list.map(post => this.#view(post, form));
    return json({ ...more, posts: comments ? [] : views, comments: comments ? views : [], communities: [] });
  }

  #one(query, what, form) {
    const post = this.posts.find(({ id, on }) => id === Number(query.get('id')) && Boolean(on) === (what === 'comment'));
    if (!post) return this.api === 'alpha' ? json({ code: 400, message: 'No object found.', status: 'Bad Request' },
                                                  400) : error(this.api === 'v4' ? 'not_found' : `couldnt_find_${what}`, 404);
    return json({ [`${what}_view`]: this.#view(post, form), moderators: [], cross_posts: [] });
  }

  #view(post, form) {
    const community = { id: 3, name: 'town', title: 'Town', actor_id: `https://${this.host}/c/town`,
                        ap_id: `https://${this.host}/c/town`, nsfw: false };
    return { ...(post.on ? { comment: form.comment(post), post: form.post(post.on) } : { post: form.post(post) }),
             creator: form.person(post.by), community, ...form.counts(post), ...form.more };
  }

  #nodeinfo() {
    const [name, version] = this.software.split(' ');
    return json({ version: '2.1', software: { name, version, repository: 'https://example.org/' }, protocols: ['activitypub'],
                  usage: { users: {} }, openRegistrations: true,
                  services: { inbound: [], outbound: [] }, metadata: {} });
  }

  #spend(what) {
    const period = what === 'searches' ? 600_000 : 60_000;
    const from = Math.floor(this.now() / period);
    const window = this.#windows.get(what);
    const used = window?.from === from ? window.used + 1 : 1;
    this.#windows.set(what, { from, used });
    return used <= this[what];
  }
}

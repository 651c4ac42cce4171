// A Misskey server as visitors meet it: notes by tag, one by one, by account. Everything is a POST with a JSON body.
import { json } from '../answers.mjs';
import { aidx } from '../names.mjs';

const hashtag = /#([\p{L}\p{M}\p{N}_]+)/gu;
const normal = tag => tag.normalize('NFKC').toLowerCase();
const tagsOf = text => [...new Set([...(text ?? '').matchAll(hashtag)].map(([, name]) => normal(name)))];

/// Misskey's own error: an object, whatever the status.
export function misskeyError(status, code, message, id, info) {
  return json({ error: { message, code, id, kind: status >= 500 ? 'server' : 'client', ...(info && { info }) } }, status,
              { 'cache-control': 'private, max-age=0, must-revalidate' });
}
export const tooManyOfMisskey = wait => {
  const answer = misskeyError(429, 'RATE_LIMIT_EXCEEDED', 'Rate limit exceeded. Please try again later.',
                              'd5826d14-3982-4d2e-8011-b9e9f02499ef');
  if (wait !== undefined) answer.headers['retry-after'] = String(wait);
  return answer;
};
const noSuchNote = () => misskeyError(400, 'NO_SUCH_NOTE', 'No such note.', '24fcbfc6-2e37-42b6-8388-c29b3861a08d');
const noSuchUser = () => misskeyError(404, 'NO_SUCH_USER', 'No such user.', '4362f8dc-731f-4ad8-a694-be5a88922a24');
const invalid = (param, reason) =>
  misskeyError(400, 'INVALID_PARAM', 'Invalid param.', '3d81ceae-475f-4600-b2a8-2bc116157532', { param, reason });

const routes = { 'notes/search-by-tag': 'searchByTag', 'notes/show': 'show', 'users/show': 'showUser', 'users/notes': 'userNotes',
                 meta: 'meta' };

export class MisskeyHost {
  #people = new Map();     // "user@host" in lower case -> what is known of it
  #count = 0;
  notes = [];              // newest first: { id, note, by }

  /// visitors: 'all', 'local' or 'none' of the notes are shown to them.
  constructor(host, now, { visitors = 'all', version = '2025.4.0', software = 'misskey' } = {}) {
    Object.assign(this, { host, now, visitors, version, software });
  }

  // --- what its people do ------------------------------------------------------------------------------------------

  /// An account: name, isBot, followers, movedTo, isSuspended, isSilenced, requireSigninToViewContents.
  know(handle, about = {}) {
    const key = handle.toLowerCase();
    const [username, home] = handle.split('@');
    const known = this.#people.get(key) ?? { id: aidx(Date.UTC(2024, 0), this.#people.size), username, home, name: username,
                                             followers: 100 };
    this.#people.set(key, Object.assign(known, about));
    return known;
  }

  /// by: "user@host". uri, url: of another server's note. Gives what it keeps, with the note as visitors see it.
  add({ by, text, created = this.now(), uri, url, replyTo, renote, extra, ...counts }) {
    const person = this.know(by);
    const id = aidx(created, (this.#count += 1));
    const tags = tagsOf(text);
    const local = person.home === this.host;
    const note = {
      id, createdAt: new Date(created).toISOString(), userId: person.id, text: text ?? null, cw: null, visibility: 'public', localOnly: false,
      reactionAcceptance: null, renoteCount: 0, repliesCount: 0, reactionCount: 0, reactions: {}, reactionEmojis: {}, ...(tags.length && { tags }),
      fileIds: [], files: [], replyId: replyTo ?? null, renoteId: renote ?? null, clippedCount: 0, ...(!local && { uri, url: url ?? uri }), ...extra,
    };
    const record = { id, by: person, note, uri: local ? `https://${this.host}/notes/${id}` : uri };
    const at = this.notes.findIndex(other => other.id < id);
    this.notes.splice(at < 0 ? this.notes.length : at, 0, record);
    this.bump(id, counts);
    return record;
  }

  /// By its id here or its uri.
  find(key) {
    return this.notes.find(({ id, uri }) => id === key || uri === key);
  }

  /// likes come as reactions of several kinds.
  bump(key, { likes = 0, reposts = 0, replies = 0 }) {
    const { note } = this.find(key);
    const emoji = ['❤', ':blobcat@.:', '👍'][note.reactionCount % 3];
    if (likes) note.reactions[emoji] = (note.reactions[emoji] ?? 0) + likes;
    note.reactionCount += likes;
    note.renoteCount += reposts;
    note.repliesCount += replies;
  }

  remove(key) {
    this.notes.splice(this.notes.indexOf(this.find(key)), 1);
  }

  // --- what its visitors see ---------------------------------------------------------------------------------------

  answer(request) {
    if (request.path === '/.well-known/nodeinfo') return this.#nodeinfoLinks();
    if (request.path === '/nodeinfo/2.1') return this.#nodeinfo();
    const [, name] = request.path.match(/^\/api\/(.+)$/) ?? [];
    if (!name) return undefined;
    if (!routes[name] || request.method !== 'POST')
      return misskeyError(404, 'UNKNOWN_API_ENDPOINT', 'Unknown API endpoint.', '2ca3b769-540a-4f08-9dd5-b5a825b6d0f1');
    let question;
    try { question = JSON.parse(request.body || '{}'); } catch { return json({ statusCode: 400, error: 'Bad Request',
                                                                               message: 'Unexpected token in JSON' }, 400); }
    return this[routes[name]](question);
  }

  searchByTag(question) {
    const { tag, query } = question;
    if (tag === undefined && query === undefined) return invalid('#/anyOf', 'must match a schema in anyOf');
    const any = tag === undefined ? query.map(all => all.map(normal)) : [[normal(tag)]];
    const fits = ({ note }) => any.some(all => all.every(name => (note.tags ?? []).includes(name)));
    return this.#page(this.notes.filter(record => this.#isShown(record) && fits(record)), question);
  }

  userNotes(question) {
    if (typeof question.userId !== 'string') return invalid('#/required', "must have required property 'userId'");
    const own = ({ by, note }) => by.id === question.userId && (question.withRenotes !== false || !note.renoteId || note.text)
      && (question.withReplies || !note.replyId);
    return this.#page(this.notes.filter(record => this.#isShown(record) && own(record)), question);
  }

  /// Newest first; with sinceId alone the oldest first.
  #page(list, { limit = 10, untilId, sinceId }) {
    if (!(Number.isInteger(limit) && limit >= 1 && limit <= 100)) return invalid('#/properties/limit/maximum', 'must be <= 100');
    const between = list.filter(({ id }) => (!untilId || id < untilId) && (!sinceId || id > sinceId));
    if (sinceId && !untilId) between.reverse();
    return this.#say(between.slice(0, limit).map(record => this.#note(record)));
  }

  show({ noteId }) {
    if (typeof noteId !== 'string') return invalid('#/required', "must have required property 'noteId'");
    const record = this.notes.find(({ id }) => id === noteId);
    if (!record) return noSuchNote();
    if (record.by.requireSigninToViewContents)
      return misskeyError(400, 'CONTENT_RESTRICTED_BY_USER', 'Content restricted by user. Please sign in to view.',
                          'fbcc002d-37d9-4944-a6b0-d9e29f2d33ab');
    if (!this.#isShown(record))
      return misskeyError(400, 'CONTENT_RESTRICTED_BY_SERVER', 'Content restricted by server settings. Please sign in to view.',
                          '145f88d2-b03d-4087-8143-a78928883c4b');
    return this.#say(this.#note(record));
  }

  showUser({ username, host, userId }) {
    const home = host ?? this.host;
    const person = [...this.#people.values()].find(each => (userId ? each.id === userId : each.username.toLowerCase() === username?.toLowerCase() && each.home === home));
    if (!person) return noSuchUser();
    return this.#say({
      ...this.#user(person), url: null, uri: null, movedTo: person.movedTo ?? null, alsoKnownAs: null, createdAt: '2024-01-01T00:00:00.000Z',
      isLocked: false, isSilenced: person.isSilenced ?? false, isSuspended: person.isSuspended ?? false, description: person.description ?? null,
      followersCount: person.followers, followingCount: 3, notesCount: this.notes.filter(({ by }) => by === person).length,
      followersVisibility: 'public', followingVisibility: 'public' });
  }

  meta() {
    return this.#say({ maintainerName: null, version: this.version, name: this.host, uri: `https://${this.host}`, policies: {},
                       features: {} });
  }

  #isShown({ by }) {
    if (this.visitors === 'none') return false;
    return this.visitors === 'all' || by.home === this.host;
  }

  #user(person) {
    const remote = person.home !== this.host;
    return { id: person.id, name: person.name, username: person.username, host: remote ? person.home : null,
             avatarUrl: `https://${this.host}/identicon/${person.username}`,
             isBot: person.isBot ?? false, isCat: false, emojis: {}, onlineStatus: 'unknown', badgeRoles: [],
             ...(person.requireSigninToViewContents && { requireSigninToViewContents: true }),
             ...(remote && { instance: { name: person.home, softwareName: 'mastodon', softwareVersion: '4.5.3' } }) };
  }

  #note({ by, note }) {
    return { ...note, user: this.#user(by), ...(by.requireSigninToViewContents && { text: null, isHidden: true }) };
  }

  #say(value) {
    return json(value, 200, { 'cache-control': 'private, max-age=0, must-revalidate', 'access-control-allow-origin': '*' });
  }

  #nodeinfoLinks() {
    return json({ links: [{ rel: 'http://nodeinfo.diaspora.software/ns/schema/2.1', href: `https://${this.host}/nodeinfo/2.1` }] });
  }

  #nodeinfo() {
    return json({ version: '2.1', software: { name: this.software, version: this.version }, protocols: ['activitypub'],
                  services: { inbound: [], outbound: [] },
                  openRegistrations: false, usage: { users: {} }, metadata: {} }, 200, { 'cache-control': 'public, max-age=600' });
  }
}

// Accounts on the PDS, and what they do there: all over the open interface, as any client would.

/// Calls one procedure of a server; some take no body, and no empty object either. Throws what the server says.
async function call(server, method, body, token) {
  const headers = { ...(body && { 'content-type': 'application/json' }), ...(token && { authorization: `Bearer ${token}` }) };
  const answer = await fetch(`${server}/xrpc/${method}`, { method: 'POST', headers, body: body && JSON.stringify(body) });
  const said = await answer.text();
  if (!answer.ok) throw new Error(`${method} gave ${answer.status}: ${said.slice(0, 300)}`);
  return said ? JSON.parse(said) : undefined;
}

const collection = { post: 'app.bsky.feed.post', like: 'app.bsky.feed.like', repost: 'app.bsky.feed.repost',
                     follow: 'app.bsky.graph.follow', profile: 'app.bsky.actor.profile' };
const most = 100;                                            // writes in one commit; its event must stay small

const bytes = text => Buffer.byteLength(text);
const hashtags = text => [...text.matchAll(/#([\p{L}\p{N}_]+)/gu)].map(({ 0: whole, 1: tag, index }) => {
  const byteStart = bytes(text.slice(0, index));             // in UTF-8, whatever the letters before it
  return { index: { byteStart, byteEnd: byteStart + bytes(whole) }, features: [{ $type: 'app.bsky.richtext.facet#tag', tag }] };
});

/// The record of a post; `more` are members beside, or instead of, the usual ones.
export const post = (text, at, more = {}) =>
  ({ $type: collection.post, text, createdAt: new Date(at).toISOString(), facets: hashtags(text), ...more });
export const replyTo = (parent, root = parent) => ({ reply: { root: reference(root), parent: reference(parent) } });
export const quoteOf = quoted => ({ embed: { $type: 'app.bsky.embed.record', record: reference(quoted) } });
export const reference = ({ uri, cid }) => ({ uri, cid });

export class Person {
  constructor(pds, { did, handle, password, token }) {
    Object.assign(this, { pds, did, handle, password, token });
  }

  static async create(pds, name) {
    const handle = `${name}.test`;
    const password = `password of ${name}`;
    const { did, accessJwt } = await call(pds, 'com.atproto.server.createAccount', { handle, email: `${name}@people.test`, password });
    return new Person(pds, { did, handle, password, token: accessJwt });
  }

  /// Signs in again: in another process, or after hours.
  static async enter(pds, { did, handle, password }) {
    const { accessJwt } = await call(pds, 'com.atproto.server.createSession', { identifier: handle, password });
    return new Person(pds, { did, handle, password, token: accessJwt });
  }

  /// Writes the records in as few commits as may be; gives { uri, cid } of each, in their order.
  async write(records) {
    const written = [];
    for (let from = 0; from < records.length; from += most) {
      const writes = records.slice(from, from + most).map(record => ({
        $type: 'com.atproto.repo.applyWrites#create', collection: record.$type, value: record,
        ...(record.$type === collection.profile && { rkey: 'self' }) }));
      written.push(...(await this.do('com.atproto.repo.applyWrites', { repo: this.did, writes })).results.map(reference));
    }
    return written;
  }

  async post(...words) {
    return (await this.write([post(...words)]))[0];
  }

  remove(uri) {
    const [, , , kind, rkey] = uri.split('/');
    return this.do('com.atproto.repo.deleteRecord', { repo: this.did, collection: kind, rkey });
  }

  do(method, body) {
    return call(this.pds, method, body, this.token);
  }
}

/// Records of what people do beside posting.
export const like = ({ uri, cid }, at) => ({ $type: collection.like, subject: { uri, cid }, createdAt: new Date(at).toISOString() });
export const repost = ({ uri, cid }, at) => ({ $type: collection.repost, subject: { uri, cid }, createdAt: new Date(at).toISOString() });
export const follow = (did, at) => ({ $type: collection.follow, subject: did, createdAt: new Date(at).toISOString() });
export const profile = ({ labels, ...fields }) => ({
  $type: collection.profile, ...fields,
  ...(labels && { labels: { $type: 'com.atproto.label.defs#selfLabels', values: labels.map(val => ({ val })) } }) });

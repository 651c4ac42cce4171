// Jetstream, the v1 protocol: what happens at Bluesky as lines of JSON over a WebSocket, from a cursor on.
import { text } from '../answers.mjs';
import { Peer, refusal } from '../websocket.mjs';

const hour = 3_600_000;
const nsid = /^[a-zA-Z][\w-]*(\.[a-zA-Z][\w-]*)+(\.\*)?$/;
const slowest = 8 * 2 ** 20;                                 // bytes a reader may leave lying

/// What a reader asks for, or the sentence that refuses it, told before the upgrade.
function readOptions(query) {
  const collections = query.getAll('wantedCollections'), dids = query.getAll('wantedDids');
  if (collections.length > 100) return 'too many wanted collections';
  if (dids.length > 10_000) return 'too many wanted DIDs';
  const strange = collections.find(name => !nsid.test(name));
  if (strange !== undefined) return `invalid collection: ${strange}`;
  if (query.get('compress') === 'true') return 'this server compresses nothing';
  const cursor = query.get('cursor');
  if (cursor !== null && !/^\d+$/.test(cursor)) return `invalid cursor: ${cursor}`;
  return { collections, dids, cursor: cursor === null ? undefined : Number(cursor), hello: query.get('requireHello') === 'true' };
}

function wants({ collections, dids }, event) {
  if (dids.length && !dids.includes(event.did)) return false;
  if (event.kind !== 'commit' || !collections.length) return true;     // identities and accounts come to everybody
  return collections.some(name => (name.endsWith('.*') ? event.commit.collection.startsWith(name.slice(0, -1)) : event.commit.collection === name));
}

export class JetstreamHost {
  events = [];             // oldest first
  readers = new Set();     // { peer, options }
  asked = [];              // the cursor of each connection, undefined: from now on
  #sequence = 31_527_000_000;

  /// lookBack: ms of the past that are kept. every: ms between pings. Both in the world's time.
  constructor(host, now, { lookBack = 36 * hour, every = 30_000, rate = 1 } = {}) {
    Object.assign(this, { host, now, lookBack, pause: Math.max(20, every / rate) });
  }

  /// Tells of whatever happens there from now on.
  follow(bluesky) {
    bluesky.listeners.push(event => this.push(event));
    return this;
  }

  /// Takes { did, kind, … } and sends it, with its time, to whoever wants it.
  push({ did, kind, ...what }) {
    const last = this.events.at(-1)?.time_us ?? 0;
    const event = { did, time_us: Math.max(Math.floor(this.now() * 1000), last + 1), kind, ...what };
    if (kind !== 'commit') Object.assign(event[kind], { seq: (this.#sequence += 1),
                                                        time: new Date(event.time_us / 1000).toISOString() });
    this.events.push(event);
    for (const reader of this.readers) if (!reader.waiting) this.#send(reader, event);
  }

  #send(reader, event) {
    if (!wants(reader.options, event)) return;
    if (reader.peer.socket.writableLength > slowest) return reader.peer.close(1008, 'consumer is too slow');
    reader.peer.send(JSON.stringify(event));
  }

  answer({ path }) {
    if (path === '/') return text('Welcome to Jetstream\n');
    return path === '/subscribe' ? text('Bad Request\n', 400) : undefined;
  }

  /// True when the connection is a stream now; else the answer that refuses it.
  upgrade(request, socket, head) {
    if (request.path !== '/subscribe') return undefined;
    const status = refusal(request);
    if (status) return text('Bad Request\n', status);
    const options = readOptions(request.query);
    if (typeof options === 'string') return text(`${options}\n`, 400);
    const reader = { options, waiting: options.hello };
    const beat = setInterval(() => reader.peer.ping(), this.pause).unref();
    reader.peer = new Peer(socket, head, request.headers['sec-websocket-key'], {
      heard: words => this.#heard(reader, words),
      ended: () => { clearInterval(beat); this.readers.delete(reader); },
    });
    this.readers.add(reader);
    this.asked.push(options.cursor);
    if (!reader.waiting) this.#playBack(reader);
    return true;
  }

  #heard(reader, words) {
    let message;
    try { message = JSON.parse(words); } catch { return reader.peer.close(1003, 'no JSON'); }
    if (message.type !== 'options_update') return;
    const { wantedCollections = [], wantedDids = [] } = message.payload ?? {};
    Object.assign(reader.options, { collections: wantedCollections, dids: wantedDids });
    if (reader.waiting) this.#playBack(reader);
    reader.waiting = false;
  }

  /// An older cursor begins where the past does, a future one means now.
  #playBack(reader) {
    const { cursor } = reader.options;
    if (cursor === undefined) return;
    const from = Math.max(cursor, (this.now() - this.lookBack) * 1000);
    for (const event of this.events) if (event.time_us >= from) this.#send(reader, event);
  }

  // --- bad days ----------------------------------------------------------------------------------------------------

  /// The server restarts: every reader is closed, or cut off.
  restart({ politely = true } = {}) {
    for (const { peer } of this.readers) politely ? peer.close(1001, 'going away') : peer.cut();
  }

  /// At least once: the last n events come again.
  repeat(n) {
    for (const reader of this.readers) for (const event of this.events.slice(-n)) this.#send(reader, event);
  }

  /// Any words to everybody.
  say(words) {
    for (const { peer } of this.readers) peer.send(words);
  }
}

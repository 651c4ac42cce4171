// A small internet on loopback: many hosts behind one TLS listener (HTTP/2 or 1.1, by ALPN) and one plain one.
// Told apart by :authority or Host. Declare the hosts, start(), give connectTo() and ca to the daemon, read the log.
import fs from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { digest, json, send, text, unlessKnown } from './answers.mjs';
import { makeCertificates } from './certificates.mjs';
import { MastodonHost } from './mastodon_host.mjs';
import { recordedExchanges, recordedTimeline } from './recorded.mjs';

const loggedHeaders = ['if-none-match', 'if-modified-since', 'user-agent', 'accept-encoding'];
const limitHeaders = ['retry-after', ...['x-', ''].flatMap(x => ['remaining', 'reset'].map(name => `${x}ratelimit-${name}`))];
const longestQuestion = 64 * 1024;

export class World {
  #hosts = new Map();      // name -> { kinds: [answer functions], script, plain }
  #servers = [];
  #sockets = new Set();
  #began = performance.now();
  #pulse;                  // { timer, last, late }: how long our own loop keeps requests waiting
  #new = new Set();        // ports of visitors who have not asked yet
  #clock;
  #moment;                 // what now() says while something happens at its own time

  log = [];                // every request, in order of arrival
  errors = [];             // what a test's own script threw
  latency = 0;             // ms before every answer
  beforeAnswer;            // called before every answer: what has happened till now

  /// dir: for the certificates. clock: { start, rate }, the daemon's own [clock]. logFile: the log as JSONL.
  /// pulse: the log tells how late a request may have been heard because we were busy (late_ms), and whether it was the
  /// first on its connection, which had to be made before.
  constructor({ dir, clock, logFile, pulse = false } = {}) {
    this.dir = dir;
    if (pulse) this.#pulse = { timer: setInterval(() => this.#beat(), 2).unref(), last: performance.now(), late: 0 };
    this.logFile = logFile;
    this.setClock(clock);
  }

  // --- hosts -----------------------------------------------------------------------------------------------------

  /// A host that speaks one of dialects/ over a list in memory; add, edit, bump and remove posts at any time.
  speaks(host, Dialect, options) {
    return this.#add(host, new Dialect(host, () => this.now(), options));
  }

  /// The same, in Mastodon's.
  mastodon(host, options) {
    return this.speaks(host, MastodonHost, options);
  }

  /// A Mastodon server whose one tag timeline is made of recorded pages, each status byte for byte.
  pagesFromFiles(host, tag, files, metas, options) {
    return this.#add(host, recordedTimeline(host, tag, files, metas, () => this.now(), options));
  }

  /// Recorded answers, byte for byte: [{ path, query?, file, meta }].
  replay(host, exchanges) {
    return this.#add(host, recordedExchanges(exchanges));
  }

  /// A feed. `make()` gives { body, type }; options say which validators it has: { etag: true, lastModified: true, plain: false }.
  feed(host, at, make, { etag = true, lastModified = true, plain = false } = {}) {
    let seen, changed;
    return this.#add(host, { answer: request => {
      if (request.path !== at) return undefined;
      const { body, type = 'application/rss+xml; charset=utf-8' } = make();
      const tag = digest(body);
      if (tag !== seen) [seen, changed] = [tag, this.now()];
      const headers = { 'content-type': type };
      if (etag) headers.etag = `"${tag}"`;
      if (lastModified) headers['last-modified'] = new Date(changed).toUTCString();
      return unlessKnown(request, { status: 200, headers, body });
    } }, plain);
  }

  /// A host that exists and lets no visitor in.
  quiet(...hosts) {
    for (const host of hosts)
      this.#add(host, { answer: () => json({ error: 'This API requires an authenticated user' }, 401) });
  }

  /// `script(request, honest)` answers first: { status, headers, body, delay, slow, drop }, or undefined to leave it to
  /// the host; honest() is what that would say.
  fault(host, script) {
    this.#host(host).script = script;
  }

  #host(name) {
    if (!this.#hosts.has(name)) {
      if (this.#servers.length) throw new Error(`${name}: declare hosts before start(), the certificate names them`);
      this.#hosts.set(name, { kinds: [], script: undefined, plain: false });
    }
    return this.#hosts.get(name);
  }

  #add(name, kind, plain = false) {
    const host = this.#host(name);
    host.kinds.push(kind);
    host.plain ||= plain;
    return kind;
  }

  // --- time ------------------------------------------------------------------------------------------------------

  /// Starts the world's clock at `start`, running `rate` times as fast as ours; without one it is the real time.
  setClock(clock) {
    this.#clock = clock && { start: Date.parse(clock.start), rate: clock.rate ?? 1, from: performance.now() };
  }

  now() {
    const clock = this.#clock;
    if (this.#moment !== undefined) return this.#moment;
    return clock ? clock.start + (performance.now() - clock.from) * clock.rate : Date.now();
  }

  /// Somebody else's clock, of the same rate, said `instant` when ours of the log was at `elapsed`: now both agree.
  agree(instant, elapsed) {
    this.#clock = { ...this.#clock, start: instant, from: this.#began + elapsed };
  }

  /// Does something as if it were `instant`.
  happen(instant, act) {
    this.#moment = instant;
    try { return act(); } finally { this.#moment = undefined; }
  }

  /// A time of the log as the world's instant.
  instantOf(elapsed) {
    const clock = this.#clock;
    return clock ? clock.start + (this.#began + elapsed - clock.from) * clock.rate : Date.now() - this.elapsed() + elapsed;
  }

  /// Milliseconds since the world began, the unit of the log; never faked.
  elapsed() {
    return performance.now() - this.#began;
  }

  #beat() {
    const now = performance.now();
    Object.assign(this.#pulse, { last: now, late: now - this.#pulse.last });
  }

  /// A loop that was held up beats late once, and then hears what has come meanwhile.
  #lateness(port) {
    return { late_ms: Math.max(performance.now() - this.#pulse.last, this.#pulse.late), first: this.#new.delete(port) };
  }

  // --- life ------------------------------------------------------------------------------------------------------

  async start() {
    const { ca, cert, key } = makeCertificates(path.join(this.dir, 'certificates'), [...this.#hosts.keys()]);
    const handler = (request, response) => void this.#serve(request, response);
    const secure = http2.createSecureServer({ cert, key, allowHTTP1: true }, handler);
    const plain = http.createServer(handler);
    secure.on('sessionError', () => {});
    secure.on('upgrade', (request, socket, head) => void this.#upgrade(request, socket, head));
    for (const server of [secure, plain]) {
      server.on('connection', socket => {
        this.#sockets.add(socket);
        this.#new.add(socket.remotePort);
        socket.on('error', () => {});
        socket.on('close', () => this.#sockets.delete(socket));
      });
      server.on('secureConnection', socket => socket.on('error', () => {}));
      server.on('tlsClientError', () => {});
      await new Promise((done, failed) => server.once('error', failed).listen(0, '127.0.0.1', done));
      this.#servers.push(server);
    }
    this.ca = ca;
    this.tlsPort = secure.address().port;
    this.plainPort = plain.address().port;
    return this;
  }

  async stop() {
    clearInterval(this.#pulse?.timer);
    const closed = this.#servers.map(server => new Promise(done => server.close(done)));
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }

  /// For [fetch] connect_to: where each name really listens.
  connectTo() {
    return [...this.#hosts].flatMap(([name, { plain }]) => [
      `${name}:443=127.0.0.1:${this.tlsPort}`,
      ...(plain ? [`${name}:80=127.0.0.1:${this.plainPort}`] : []),
    ]);
  }

  /// The logged requests to one host.
  requests(host) {
    return this.log.filter(entry => entry.host === host);
  }

  // --- answering -------------------------------------------------------------------------------------------------

  async #serve(incoming, response) {
    const request = read(incoming);
    const entry = this.#note(request, incoming.socket.remotePort);
    if (request.method === 'POST') request.body = await bodyOf(incoming);
    const answer = await this.#answer(request);
    entry.status = answer.drop === true ? 0 : answer.status ?? 200;
    entry.told = toldBy(answer);
    const sent = () => { entry.end_ms = this.elapsed(); this.#write(entry); };
    const cut = () => (incoming.stream?.session ?? incoming.socket)?.destroy();
    try {
      const headers = { date: new Date(this.now()).toUTCString(), ...answer.headers };
      await send(request, response, { ...answer, headers, delay: (answer.delay ?? 0) + this.latency }, { cut, sent });
    } catch (error) {
      if (!response.destroyed) this.errors.push(error);
      cut();
    }
  }

  async #answer(request) {
    const host = this.#hosts.get(request.host);
    if (!host) return text(`no such host: ${request.host}\n`, 421);
    const honest = () => firstOf(host.kinds, kind => kind.answer(request)) ?? json({ error: 'Not Found' }, 404);
    try {
      this.beforeAnswer?.();
      return await host.script?.(request, honest) ?? honest();
    } catch (error) {
      this.errors.push(error);
      return text(`the world itself failed: ${error.stack}\n`, 500);
    }
  }

  /// A connection that wants to be another: a host's kind may take it, as jetstream.mjs does.
  async #upgrade(incoming, socket, head) {
    const request = read(incoming);
    const entry = this.#note(request, socket.remotePort);
    const host = this.#hosts.get(request.host);
    socket.on('close', () => { entry.end_ms ??= this.elapsed(); });
    try {
      this.beforeAnswer?.();
      const taken = await host?.script?.(request, () => undefined) ?? firstOf(host?.kinds ?? [],
                                                                              kind => kind.upgrade?.(request, socket, head));
      const answer = taken ?? json({ error: 'Not Found' }, 404);
      entry.status = answer === true ? 101 : answer.drop ? 0 : answer.status;
      if (answer !== true) refuse(socket, answer);
    } catch (error) {
      this.errors.push(error);
      socket.destroy();
    }
  }

  #note({ host, method, path: at, search, headers, http: version }, port) {
    const kept = Object.fromEntries(loggedHeaders.map(name => [name, headers[name]]));
    const entry = { t_ms: this.elapsed(), host, method, path: at, query: search, status: null, end_ms: null,
                    headers: kept, http: version, ...(this.#pulse && this.#lateness(port)) };
    this.log.push(entry);
    return entry;
  }

  #write(entry) {
    if (this.logFile) fs.appendFileSync(this.logFile, JSON.stringify(entry) + '\n');
  }
}

function firstOf(list, give) {
  for (const each of list) {
    const given = give(each);
    if (given) return given;
  }
  return undefined;
}

async function bodyOf(incoming) {
  let body = '';
  for await (const piece of incoming.setEncoding('utf8')) if (body.length < longestQuestion) body += piece;
  return body;
}

/// What an answer says of limits.
function toldBy({ headers = {} }) {
  return Object.fromEntries(limitHeaders.filter(name => headers[name] !== undefined).map(name => [name, headers[name]]));
}

/// Answers somebody who wanted to upgrade, in plain HTTP/1.1.
function refuse(socket, { status = 200, headers = {}, body = '', drop }) {
  if (drop) return socket.destroy();
  const lines = Object.entries({ ...headers, 'content-length': Buffer.byteLength(body),
                                 connection: 'close' }).map(([name, value]) => `${name}: ${value}\r\n`);
  return socket.end(`HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
}

function read(incoming) {
  const { headers, method } = incoming;
  const host = (headers[':authority'] ?? headers.host ?? '').toLowerCase().replace(/:\d+$/, '');
  const url = new URL(incoming.url, 'http://world.invalid');
  return { host, method, headers, path: url.pathname, search: url.search.slice(1), query: url.searchParams,
           http: incoming.httpVersionMajor === 2 ? '2' : '1.1' };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  import('./demo.mjs').then(({ demo }) => demo(process.argv.slice(2)));   // not awaited: the demo imports this file
}

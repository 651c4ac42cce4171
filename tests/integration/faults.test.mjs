// What fetch survives on the wire: too much, too slow, half of it, never an end, led astray, and strangers' certificates.
// Every fault is a feed of its own; one good feed must not notice. The server speaks raw bytes, so that it can misbehave.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import zlib from 'node:zlib';
import { grewLittle, test } from '../support/harness.mjs';
import { campaignTag, campaignToml, daemonToml, openEdition } from '../support/settings.mjs';

const secret = 'hunter2-0f3a9c';                             // stands in query strings and must stay out of every word of ours
const mib = 2 ** 20;

const rss = host => `<?xml version="1.0"?><rss version="2.0"><channel><title>${host}</title><link>https://${host}/</link>`
  + `<description>News</description><item><title>A dinner for neighbours</title><link>https://${host}/1</link><guid>https://${host}/1</guid>`
  + `<pubDate>Fri, 20 Jun 2025 08:00:00 GMT</pubDate><description>#AllInForIntegration</description></item></channel></rss>`;

const head = (status, headers = {}) =>
  `HTTP/1.1 ${status} Said\r\n${Object.entries({ 'content-type': 'application/rss+xml', ...headers }).map(([k, v]) => `${k}: ${v}\r\n`).join('')}\r\n`;
const whole = (body, headers) => Buffer.concat([Buffer.from(head(200, { 'content-length': Buffer.byteLength(body), ...headers })), Buffer.from(body)]);
const redirect = to => head(302, { location: to, 'content-length': 0 });
const good = (socket, host) => socket.write(whole(rss(host)));
const leads = to => socket => socket.write(redirect(typeof to === 'function' ? to() : to));

/// Writes `piece` every `pause` ms until the client leaves, or `times` times.
function drip(socket, piece, pause, times = Infinity) {
  let n = 0;
  const timer = setInterval(() => {
    if (socket.destroyed || n >= times) return clearInterval(timer);
    n += 1;
    socket.write(piece);
  }, pause);
  socket.on('close', () => clearInterval(timer));
}

let forbiddenPort = 0;                                       // on 127.0.0.2, which the operator did not allow
const forbidden = name => () => `http://${name}:${forbiddenPort}/latest/meta-data?token=${secret}`;
const bomb = zlib.gzipSync(Buffer.alloc(200 * mib), { level: 9 });
const chain = to => (socket, host, at) => {
  const hop = Number(new URLSearchParams(at.split('?')[1]).get('hop') ?? 0);
  if (hop < to) return leads(`/feed.xml?hop=${hop + 1}`)(socket);
  return good(socket, host);
};

// host -> [what it does with a connection that asked, the outcome in the ledger]
const faults = {
  bomb: [socket => setTimeout(() => socket.write(whole(bomb, { 'content-encoding': 'gzip' })), 3000), 'too_large'],
  hiddenbomb: [socket => socket.end(Buffer.concat([Buffer.from(head(200, { 'content-encoding': 'gzip' })), bomb])), 'too_large'],
  long: [socket => socket.write(whole(Buffer.alloc(9 * mib, ' '))), 'too_large'],
  lying: [socket => socket.write(Buffer.concat([Buffer.from(head(200, { 'content-length': 3e12 })), Buffer.alloc(9 * mib, ' ')])), 'too_large'],
  heads: [socket => socket.write(`HTTP/1.1 200 OK\r\n${`x-more: ${'m'.repeat(1000)}\r\n`.repeat(100)}content-length: 0\r\n\r\n`), 'too_large'],
  onehead: [socket => socket.write(`HTTP/1.1 200 OK\r\nx-more: ${'m'.repeat(90_000)}\r\ncontent-length: 0\r\n\r\n`), 'too_large'],
  trickle: [socket => { socket.write(head(200, { 'content-length': 100_000 })); drip(socket, '<', 1000); }, 'unreachable'],
  crawl: [socket => { socket.write(head(200, { 'content-length': 1e6 })); drip(socket, ' '.repeat(4096), 1000); }, 'unreachable'],
  halfhead: [socket => { socket.write('HTTP/1.1 200 OK\r\nx-slow: '); drip(socket, 'm', 1000); }, 'unreachable'],
  silent: [() => {}, 'unreachable'],
  interim: [socket => drip(socket, 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n', 50), ['unreachable', 'too_large']],
  endless: [socket => { socket.write(head(200, { 'transfer-encoding': 'chunked' })); drip(socket, `2000\r\n${' '.repeat(8192)}\r\n`, 5); }, ['too_large', 'unreachable']],
  dropped: [(socket, host) => { socket.write(head(200, { 'content-length': 5000 })); socket.write(rss(host), () => socket.destroy()); }, 'unreachable'],
  garbled: [socket => socket.end('\0\u0001\u0002 no HTTP at all\r\n\r\n'), 'unreachable'],
  badgzip: [socket => socket.write(whole('this is no gzip', { 'content-encoding': 'gzip' })), ['unreachable', 'malformed']],
  three: [chain(3), 'ok'],
  four: [chain(4), 'malformed'],
  loop: [leads('/feed.xml'), 'malformed'],
  nowhere: [socket => socket.write(head(302, { 'content-length': 0 })), 'malformed'],
  metadata: [leads('http://169.254.169.254/latest/meta-data/'), 'blocked_address'],
  file: [leads('file:///etc/passwd'), 'blocked_address'],
  gopher: [leads('gopher://127.0.0.1:70/1'), 'blocked_address'],
  private: [leads(forbidden('127.0.0.2')), 'blocked_address'],
  decimal: [leads(forbidden('2130706434')), 'blocked_address'],
  octal: [leads(forbidden('0177.0.0.2')), 'blocked_address'],
  mapped: [leads(forbidden('[::ffff:127.0.0.2]')), 'blocked_address'],
  rebound: [leads('http://inner.example/'), 'blocked_address'],            // a public name that lives at a private address
  port: [leads('http://127.0.0.1:22/'), 'blocked_address'],
  named: [leads(`http://user:${secret}@127.0.0.1/`), 'blocked_address'],
};
const secure = { wrongname: 'unreachable', selfsigned: 'unreachable', expired: 'unreachable', reset: 'unreachable', genuine: 'ok' };
const outcomes = { ...Object.fromEntries(Object.entries(faults).map(([name, [, outcome]]) => [name, outcome])), ...secure, steady: 'ok' };

const source = (scheme, every) => name =>
  ({ id: name, connector: 'feed', url: `${scheme}://${name}.example/feed.xml?key=${secret}`, every });
const campaignOf = (plain, secured = []) => campaignToml({
  editions: [openEdition],
  terms: [campaignTag],
  sources: [...[plain].flat().map(source('http', '10min')), ...secured.map(source('https', '10min')), source('http', '2s')('steady')],
});

/// What speaks HTTP in raw bytes: act(socket, host, path) after each request.
function speaks(act) {
  return socket => {
    let said = '';
    socket.on('error', () => {});
    socket.setEncoding('latin1').on('data', piece => {
      said += piece;
      for (let end; (end = said.indexOf('\r\n\r\n')) >= 0; said = said.slice(end + 4)) {
        const host = said.slice(0, end).match(/^host: *([^:\r]+)/im)?.[1] ?? '';
        act(socket, host, said.split(' ')[1]);
      }
    });
  };
}

const listen = (server, address) => new Promise((done, failed) => server.once('error', failed).listen(0, address, () => done(server.address().port)));

/// [certificate, key] files: `name` in it, signed by the world's authority unless `own`; days may be negative.
function certificate(dir, name, { own = false, days = 30 } = {}) {
  const at = file => path.join(dir, 'certificates', file);
  const openssl = (...words) => execFileSync('openssl', words, { stdio: ['ignore', 'ignore', 'pipe'] });
  fs.writeFileSync(at(`${name}.cnf`), `subjectAltName = DNS:${name}\n`);
  openssl('req', ...(own ? ['-x509', '-days', '30', '-addext', `subjectAltName=DNS:${name}`] : []), '-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${name}`,
          '-keyout', at(`${name}.key`), '-out', at(own ? `${name}.pem` : `${name}.csr`));
  if (!own) openssl('x509', '-req', '-in', at(`${name}.csr`), '-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-days', String(days),
                    '-extfile', at(`${name}.cnf`), '-out', at(`${name}.pem`));
  return { cert: fs.readFileSync(at(`${name}.pem`)), key: fs.readFileSync(at(`${name}.key`)) };
}

test('whatever a server does on the wire, one poll of one source fails and the rest goes on', async stage => {
  const world = await stage.world().start();                 // for its authority
  const log = [];
  const act = (socket, host, at) => {
    const name = host.split('.')[0];
    log.push({ name, at });
    (faults[name]?.[0] ?? good)(socket, host, at);
  };
  const plain = net.createServer(speaks(act));
  const strangers = { wrongname: certificate(stage.dir, 'other.example'), selfsigned: certificate(stage.dir, 'selfsigned.example', { own: true }),
                      expired: certificate(stage.dir, 'expired.example', { days: -1 }), genuine: certificate(stage.dir, 'genuine.example') };
  const servers = Object.entries(strangers).map(([name, pair]) => [name, tls.createServer(pair, speaks(act)).on('tlsClientError', () => {})]);
  servers.push(['reset', net.createServer(socket => socket.on('error', () => {}).once('data', () => socket.destroy()))]);
  let trespasses = 0;
  const inner = net.createServer(socket => { trespasses += 1; socket.on('error', () => {}).destroy(); });
  const port = await listen(plain, '127.0.0.1');
  forbiddenPort = await listen(inner, '127.0.0.2');
  const ports = await Promise.all(servers.map(async ([name, server]) => [name, await listen(server, '127.0.0.1')]));
  const connectTo = () => [
    ...[...Object.keys(faults), 'steady'].map(name => `${name}.example:80=127.0.0.1:${port}`),
    ...ports.map(([name, its]) => `${name}.example:443=127.0.0.1:${its}`), `inner.example:80=127.0.0.2:${forbiddenPort}`];
  const config = daemonToml({ connectTo, ca: world.ca, plainPort: port, tlsPort: forbiddenPort }).replace('127.0.0.0/8', '127.0.0.1/32');

  const began = performance.now();
  const daemon = await stage.start({ config, campaign: campaignOf(Object.keys(faults), Object.keys(secure)) });
  const ended = async () => Object.fromEntries((await daemon.sql("SELECT source, outcome, end_utc - start_utc AS ms, fresh FROM poll WHERE source <> 'steady' "
    + 'GROUP BY source HAVING id = min(id)')).map(row => [row.source, row]));
  await daemon.until(async () => Object.keys(await ended()).length === Object.keys(outcomes).length - 1, 45_000, 'every poll has ended');
  const polls = await ended();
  const steady = await daemon.sql("SELECT outcome, end_utc - start_utc AS ms FROM poll WHERE source = 'steady'");
  const slowest = Object.values(polls).reduce((a, b) => (b.ms > a.ms ? b : a));
  console.log(`${Object.keys(polls).length} faults in ${Math.round((performance.now() - began) / 1000)} s, the slowest ${slowest.source} ${slowest.ms} ms; steady was `
    + `polled ${steady.length} times, at most ${Math.max(...steady.map(({ ms }) => ms))} ms`);

  const wrong = Object.entries(polls).filter(([name, { outcome }]) => ![outcomes[name]].flat().includes(outcome)).map(([name, { outcome }]) => `${name}: ${outcome}`);
  assert.deepEqual(wrong, [], 'each fault has its name');
  for (const { source: name, ms } of Object.values(polls)) assert.ok(ms <= 31_000, `${name} was given up after ${ms} ms`);
  assert.ok(steady.length >= 3 && steady.every(({ outcome, ms }) => outcome === 'ok' && ms < 3000), 'the good feed did not notice');
  assert.equal(polls.genuine.fresh, 1);
  assert.equal(polls.three.fresh, 1, 'a chain of three is followed');
  assert.equal(await daemon.one('SELECT count(*) FROM post'), 3, 'nothing of the others was stored');
  assert.equal(trespasses, 0, 'nobody came to the address that is not allowed');
  for (const name of ['wrongname', 'selfsigned', 'expired']) assert.deepEqual(log.filter(entry => entry.name === name), [], `${name}: nothing was asked`);
  assert.equal(log.filter(({ name }) => name === 'four').length, 4);

  const { sources } = await daemon.get('/api/v1/sources');
  for (const { id, state, message } of sources) {
    const failed = polls[id] && polls[id].outcome !== 'ok';
    assert.equal(state, failed ? 'failing' : 'ok', id);
    assert.equal(Boolean(message), Boolean(failed), `${id} says why`);
  }
  const told = [daemon.stderr, JSON.stringify(sources), (await daemon.raw('/metrics')).body, (await daemon.raw('/report/sources.csv')).body].join('\n');
  assert.deepEqual(told.split('\n').filter(line => line.includes(secret)), [], 'no secret of a query string in any word of ours');
  assert.equal((await daemon.stop()).code, 0);
  await aBombTakesLittleMemory(stage, config);
  for (const server of [plain, inner, ...servers.map(([, each]) => each)]) server.close();
});

/// 200 KiB that unpack to 200 MiB, met by a daemon with nothing else to do. The bomb goes off three seconds after it was asked for.
async function aBombTakesLittleMemory(stage, config) {
  const daemon = await stage.start({ dir: path.join(stage.dir, 'bomb'), config, campaign: campaignOf('bomb') });
  const ended = outcome => async () => (await daemon.sql(`SELECT 1 FROM poll WHERE outcome = '${outcome}'`)).length > 0;
  await daemon.until(ended('ok'), 10_000, 'the good feed was read');
  const before = daemon.rss();
  await daemon.until(ended('too_large'), 20_000, 'the bomb was met');
  const growth = Number(fs.readFileSync(`/proc/${daemon.pid}/status`, 'utf8').match(/VmHWM:\s+(\d+) kB/)[1]) * 1024 - before;
  console.log(`a bomb of ${(bomb.length / 1024).toFixed(0)} KiB for 200 MiB took ${(growth / mib).toFixed(1)} MiB`);
  grewLittle(growth, 16 * mib, 'the bomb');
  assert.equal((await daemon.stop()).code, 0);
}

// The reference network of Bluesky: a directory of names (PLC), an AppView, a PDS, and a campaign on it. All of it on
// 127.0.0.1, on ports that were free, in a scratch folder of its own.
//
//   node start.mjs --packages build/npm-bluesky [--state FILE] [--search-most N]
//
// Prints "ready FILE" when the AppView has indexed everything; FILE says where it listens, what is on it, and what it
// cost to start. It ends, with all it started, on SIGTERM or SIGINT, or when a pipe that is its stdin closes.
import './loopback.mjs';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { fill } from './campaign.mjs';
import { startPostgres } from './postgres.mjs';
import { startSearch } from './search.mjs';

const { values: given } = parseArgs({ options: { packages: { type: 'string' }, state: { type: 'string' }, 'search-most': { type: 'string' } } });
const began = performance.now();
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'campaignd-bluesky-'));
fs.chmodSync(scratch, 0o711);                                // the database's user passes through
process.noDeprecation = true;                               // of the packages' own making
Object.assign(process.env, { TMPDIR: scratch, LOG_ENABLED: 'false', NODE_ENV: 'test' });   // the PDS keeps its files there

const running = [];                                          // what to stop, in the order it was started
let ending, isReady = false;
function end(code, why) {
  ending ??= (async () => {
    if (!isReady) console.error(`the network ends before it is ready: ${why}`);
    setTimeout(() => process.exit(code), 10_000).unref();
    for (const stop of running.reverse()) await stop().catch(error => console.error(error.message));
    fs.rmSync(scratch, { recursive: true, force: true });
    process.exit(code);
  })();
  return ending;
}
for (const name of ['SIGTERM', 'SIGINT']) process.on(name, () => end(0, name));
if (fs.fstatSync(0).isFIFO() || fs.fstatSync(0).isSocket()) process.stdin.on('end', () => end(0, 'its stdin is closed')).resume();

async function network() {
  const { TestBsky, TestPds, TestPlc, mockNetworkUtilities } = createRequire(path.resolve(given.packages, 'package.json'))('@atproto/dev-env');
  const keep = (part, close) => { running.push(close ?? (() => part.close())); return part; };
  const postgres = await startPostgres(scratch);
  running.push(postgres.stop);
  const plc = keep(await TestPlc.create({}));
  let bsky;
  const search = await startSearch(() => bsky.db.db, { most: Number(given['search-most'] ?? 10_000) });
  running.push(search.stop);
  // Each must know the other, and a port can only be chosen where one listens: the AppView looks for the PDS once this one does.
  const pdsPort = await freePort();
  bsky = keep(await TestBsky.create({ plcUrl: plc.url, pdsPort, repoProvider: `ws://localhost:${pdsPort}`, searchUrl: search.url,
                                      dbPostgresUrl: postgres.url, dbPostgresSchema: 'appview' }));
  const pds = keep(await TestPds.create({ port: pdsPort, didPlcUrl: plc.url, bskyAppViewUrl: bsky.url, bskyAppViewDid: bsky.serverDid }));
  mockNetworkUtilities(pds, bsky);
  return { postgres, plc, bsky, pds };
}

async function freePort() {
  const { createServer } = await import('node:net');
  const server = createServer();
  await new Promise(done => server.listen(0, done));
  const { port } = server.address();
  await new Promise(done => server.close(done));
  return port;
}

/// Until the AppView has read all that the PDS has written.
async function indexed({ bsky, pds }) {
  for (const late = Date.now() + 120_000; ;) {
    await pds.processAll();
    await bsky.sub.processAll();
    if (await bsky.sub.runner.getCursor() >= await pds.ctx.sequencer.curr()) return;
    if (Date.now() > late) throw new Error('the AppView does not catch up with the PDS');
    await new Promise(done => setTimeout(done, 50));
  }
}

try {
  const parts = await network();
  const up = performance.now();
  const local = port => `http://127.0.0.1:${port}`;
  const content = await fill(local(parts.pds.port));
  await indexed(parts);
  const seconds = since => Number(((performance.now() - since) / 1000).toFixed(1));
  const state = { plc: local(parts.plc.port), appview: local(parts.bsky.port), pds: local(parts.pds.port),
                  postgres: parts.postgres.pid, seconds: { start: Number(((up - began) / 1000).toFixed(1)), fill: seconds(up) }, ...content };
  const file = path.resolve(given.state ?? path.join(scratch, 'state.json'));
  fs.writeFileSync(file, JSON.stringify(state, null, 1));
  isReady = true;
  console.log(`ready ${file}`);
} catch (error) {
  await end(1, error.stack);
}

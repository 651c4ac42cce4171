// What systemd hears: READY, RELOADING, STOPPING and a line for people; and the watchdog's food, which comes while the
// daemon is alive, stops when it is not, and comes on while another program holds the database.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../support/daemon.mjs';
import { need, test } from '../support/harness.mjs';
import { campaignTag, campaignToml, daemonToml, openEdition } from '../support/settings.mjs';

const hosts = Array.from({ length: 8 }, (_, n) => `server${n + 1}.example`);
const edition = { ...openEdition, day: new Date().toISOString().slice(0, 10) };
const campaignOf = every => campaignToml({
  editions: [edition],
  terms: [campaignTag],
  sources: hosts.map(host => ({ id: host, connector: 'mastodon', host, tags: ['allinforintegration'], every })),
});
const watchdog = 12_000;                                     // ms; half of it is how often systemd wants to be told

/// The notification socket: Node has no datagrams of this kind, socat has. Every word is kept with the time it came.
class Listener {
  words = [];              // { at, text }
  #half = '';

  async listen(file) {
    this.child = spawn('socat', ['-u', `UNIX-RECV:${file}`, '-'], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.child.stdout.setEncoding('utf8').on('data', piece => {
      const lines = (this.#half + piece).split('\n');
      this.#half = lines.pop();
      for (const text of lines) this.words.push({ at: performance.now(), text });
    });
    await until(() => fs.existsSync(file), 5000, 'socat listens');
  }

  texts(from = 0) {
    return this.words.slice(from).map(({ text }) => text);
  }

  meals(since) {
    return this.words.filter(({ at, text }) => at >= since && text === 'WATCHDOG=1').map(({ at }) => at);
  }
}

/// The longest time without food from `since` until now.
function longestFast(listener, since) {
  const times = [since, ...listener.meals(since), performance.now()];
  return Math.max(...times.slice(1).map((at, n) => at - times[n]));
}

async function reloads(stage, daemon, listener) {
  const monotonic = () => Number(process.hrtime.bigint() / 1000n);
  const serving = new RegExp(`^STATUS=serving 127\\.0\\.0\\.1:${daemon.port}, 8 sources, edition 2025$`);
  assert.deepEqual(listener.texts().filter(text => !text.startsWith('WATCHDOG')).slice(0, 1), ['READY=1']);
  assert.match(listener.texts().find(text => text.startsWith('STATUS=')), serving);
  for (const [words, status] of [[campaignOf('2s'), serving], ['[broken', /^STATUS=serving .*kept as it was: .*campaign\.toml:\d+:\d+: /]]) {
    const [from, before] = [listener.words.length, monotonic()];
    fs.writeFileSync(path.join(stage.dir, 'campaign.toml'), words);
    daemon.signal('SIGHUP');
    await daemon.until(() => listener.texts(from).includes('READY=1'), 10_000, 'READY after a reload');
    await daemon.until(() => status.test(listener.texts(from)[listener.texts(from).indexOf('READY=1') + 1]), 1000, `a status like ${status}`);
    const heard = listener.texts(from).filter(text => /^(RELOADING|MONOTONIC_USEC|READY)=/.test(text));
    assert.equal(heard.length, 3, heard.join(' '));
    assert.equal(heard[0], 'RELOADING=1');
    const usec = Number(heard[1].match(/^MONOTONIC_USEC=(\d+)$/)[1]);
    assert.ok(usec >= before && usec <= monotonic(), `the monotonic time of the reload: ${before} <= ${usec}`);
  }
}

async function fedAtTheRate(listener) {
  const since = performance.now();
  await sleep(watchdog * 1.5);
  const fast = longestFast(listener, since);
  console.log(`fed ${listener.meals(since).length} times in ${watchdog * 1.5} ms, at most ${Math.round(fast)} ms apart`);
  assert.ok(fast < watchdog / 2, `fed within half the watchdog's time: ${fast}`);
  assert.ok(listener.meals(since).length < 10, 'and not in a frenzy');
  assert.match(listener.texts().at(-1), /kept as it was/, 'the status still says what is wrong with the file');
}

async function hungryWhileStopped(daemon, listener) {
  daemon.signal('SIGSTOP');
  await sleep(200);                                          // what it said before may still be on its way
  const since = performance.now();
  await sleep(watchdog * 0.75);
  assert.equal(listener.meals(since).length, 0, 'who does not run is not fed');
  daemon.signal('SIGCONT');
  await daemon.until(() => listener.meals(since).length > 0, watchdog / 2, 'fed again');
}

async function fedWhileLocked(daemon, listener) {
  const other = spawn('sqlite3', [daemon.database], { stdio: ['pipe', 'ignore', 'inherit'] });
  const since = performance.now();
  other.stdin.write('.timeout 5000\nBEGIN EXCLUSIVE;\n');
  await sleep(watchdog * 3);
  const fast = longestFast(listener, since);
  const told = listener.texts().some(text => /^STATUS=serving .*another program holds the database/.test(text));
  other.stdin.end('COMMIT;\n');
  console.log(`locked for ${watchdog * 3} ms: fed ${listener.meals(since).length} times, at most ${Math.round(fast)} ms apart`);
  assert.ok(told, 'the status says what is wrong');
  assert.ok(fast < watchdog, `fed while another program holds the database: ${fast} ms apart`);
  await daemon.until(() => daemon.stderr.includes('store writable again'), 20_000, 'it goes on');
}

test('systemd is told the truth', async stage => {
  need('socat', '-V');
  const world = stage.world();
  for (const host of hosts) world.mastodon(host, { limit: 1e6 });
  await world.start();
  const socket = path.join(stage.dir, 'notify');
  const listener = new Listener();
  await listener.listen(socket);
  try {
    const env = { NOTIFY_SOCKET: socket, WATCHDOG_USEC: String(watchdog * 1000) };
    const daemon = await stage.start({ config: daemonToml(world), campaign: campaignOf('1s'), env });
    await reloads(stage, daemon, listener);
    await fedAtTheRate(listener);
    await hungryWhileStopped(daemon, listener);
    await fedWhileLocked(daemon, listener);
    assert.equal((await daemon.stop()).code, 0);
    await until(() => listener.texts().includes('STOPPING=1'), 2000, 'STOPPING');
    const after = listener.texts(listener.texts().indexOf('STOPPING=1'));
    assert.ok(!after.includes('READY=1') && !after.includes('WATCHDOG=1'), `nothing else after it: ${after}`);
  } finally {
    listener.child.kill();
  }
});

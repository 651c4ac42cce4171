// A refresh of many feeds, first and unchanged: the daemon against the bare pipeline and, where it is installed,
// newsboat; turn by turn in one run, CPU seconds, medians. Wrong counts fail it; times never do.
//
//   node tests/bench/refresh.mjs --daemon BINARY --pipeline BINARY [--feeds 500] [--rounds 5]
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { launchDaemon, rows, until } from '../support/daemon.mjs';
import { campaignToml, daemonToml } from '../support/settings.mjs';
import { feedUrl, noon, tag, writeFeeds } from './feeds.mjs';
import { has, serve } from './server.mjs';

const later = 6 * 3_600_000;                                       // ms: all are due, and validators still trusted
const longest = 300_000;                                           // ms, for a phase

function arguments_() {
  const { values } = parseArgs({ options: {
    daemon: { type: 'string' }, pipeline: { type: 'string' }, feeds: { type: 'string', default: '500' },
    rounds: { type: 'string', default: '5' } } });
  if (values.daemon && values.pipeline && values.feeds > 0 && values.rounds > 0)
    return { ...values, feeds: Number(values.feeds), rounds: Number(values.rounds) };
  console.error('usage: node refresh.mjs --daemon BINARY --pipeline BINARY [--feeds 500] [--rounds 5]');
  process.exit(64);
}

const median = values => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const range = values => `${Math.min(...values).toFixed(2)}–${Math.max(...values).toFixed(2)}`;

/// CPU seconds of a process that runs: to the nanosecond where the kernel says so, else to its tick.
function cpuOf(pid) {
  const threads = fs.readdirSync(`/proc/${pid}/task`);
  try {
    const nanoseconds = threads.map(thread => Number(fs.readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]));
    return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e9;
  } catch {
    const [user, system] = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13);
    return (Number(user) + Number(system)) / 100;
  }
}

const peakMiB = pid => Number(fs.readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmHWM:\s+(\d+) kB/)[1]) / 1024;

class Bench {
  wrong = [];

  constructor(options, dir) {
    Object.assign(this, options);
    this.dir = dir;
    this.work = writeFeeds(dir, this.feeds);
    this.expected = { first: [this.feeds, 0], unchanged: [this.feeds, this.feeds] };
  }

  async start() {
    this.server = await serve(this.dir);
    this.urls = Array.from({ length: this.feeds }, (_, n) => feedUrl(n, this.server.port));
    fs.writeFileSync(path.join(this.dir, 'urls'), this.urls.map(url => `${url}\n`).join(''));
    fs.writeFileSync(path.join(this.dir, 'no-urls'), '');
  }

  check(what, is, should) {
    if (is !== should) this.wrong.push(`${what}: ${is}, and not ${should}`);
  }

  /// What the server was asked since `mark`. Of a peer only the requests are judged: newsboat knows no validator before
  /// its second refresh.
  counted(who, phase, mark, exact = true) {
    const { requests, unchanged } = this.server.since(mark);
    const [all, known] = this.expected[phase];
    this.check(`${who}, ${phase}: requests`, requests, all);
    if (exact) this.check(`${who}, ${phase}: 304s`, unchanged, known);
    return { requests, unchanged };
  }

  // --- the bare pipeline ---------------------------------------------------------------------------------------------

  bare(at, urls) {
    const words = [path.join(at, 'bare.db'), tag, path.join(this.dir, urls)];
    const said = execFileSync(this.pipeline, words, { encoding: 'utf8' });
    const [cpu, , , items, matches, peak] = said.match(/[\d.]+/g).map(Number);
    return { cpu, items, matches, peak: peak / 1024 };
  }

  barely(at, phase) {
    const mark = this.server.mark();
    const { cpu, items, matches, peak } = this.bare(at, 'urls');
    this.check(`bare pipeline, ${phase}: items`, items, phase === 'first' ? this.work.items : 0);
    this.check(`bare pipeline, ${phase}: matches`, matches, phase === 'first' ? this.work.tagged : 0);
    return { cpu, peak, ...this.counted('bare pipeline', phase, mark) };
  }

  // --- the daemon ----------------------------------------------------------------------------------------------------

  launch(at, start) {
    const here = { connectTo: () => [], plainPort: this.server.port, tlsPort: this.server.port };
    const sources = this.urls.map((url, n) => ({ id: `feed-${n}`, connector: 'feed', url, every: '1h' }));
    return launchDaemon({ binary: this.daemon, dir: at,
      config: daemonToml(here, { clock: { start, rate: 1 } }),
      campaign: campaignToml({
        editions: [{ id: '2027', day: '2027-06-20', from: '2027-01-01', until: '2027-12-31' }],
        terms: [{ id: 'tag', class: 'hashtag', text: tag }], sources }) });
  }

  /// From the start of the process until every source has been polled once more; six hours later, all are due at once.
  async refresh(at, phase) {
    const mark = this.server.mark();
    const began = performance.now();
    const daemon = this.launch(at, phase === 'first' ? noon : noon + later);
    await daemon.until(() => this.server.since(mark).requests >= this.feeds, longest, `${this.feeds} requests`);
    const polled = this.feeds * (phase === 'first' ? 1 : 2);
    const done = async () => (await daemon.one('SELECT count(*) FROM poll WHERE outcome = \'ok\'')) >= polled
      && (await daemon.one(`SELECT count(*) FROM source WHERE last_poll_utc < ${phase === 'first' ? noon : noon + later}`)) === 0;
    await daemon.until(done, longest, `${polled} polls in the ledger`);
    const out = { cpu: cpuOf(daemon.pid), peak: peakMiB(daemon.pid), wall: (performance.now() - began) / 1000 };
    await daemon.stop();
    const stored = Object.values((await rows(daemon.database, 'SELECT count(*) FROM match'))[0])[0];
    this.check(`daemon, ${phase}: matches stored`, stored, this.work.tagged);
    return { ...out, ...this.counted('daemon', phase, mark) };
  }

  /// The same start with nothing due: what is to be taken off a refresh.
  async idle(at) {
    const mark = this.server.mark();
    const daemon = this.launch(at, noon + later + 60_000);
    await daemon.until(() => daemon.stderr.includes('serving'), longest, 'a line "serving"');
    await sleep(1500);
    const out = { cpu: cpuOf(daemon.pid), peak: peakMiB(daemon.pid) };
    await daemon.stop();
    this.check('daemon, idle: requests', this.server.since(mark).requests, 0);
    return out;
  }

  // --- newsboat ------------------------------------------------------------------------------------------------------

  newsboat(at, phase) {
    const mark = this.server.mark();
    fs.writeFileSync(path.join(at, 'newsboat.conf'), 'reload-threads 1\nerror-log /dev/null\n');
    const words = ['-q', '-u', path.join(this.dir, 'urls'), '-c', path.join(at, 'newsboat.db'), '-C', path.join(at, 'newsboat.conf'), '-x', 'reload'];
    const timed = execFileSync('bash', ['-c', 'TIMEFORMAT="%U %S"; { time newsboat "$@" >/dev/null 2>&1; } 2>&1', 'bash', ...words],
                               { encoding: 'utf8', env: { ...process.env, HOME: at, LC_ALL: 'C.UTF-8' } });
    const [user, system] = timed.trim().split(' ').map(Number);
    return { cpu: user + system, ...this.counted('newsboat', phase, mark, false) };
  }

  // --- the run -------------------------------------------------------------------------------------------------------

  async round(number) {
    const at = path.join(this.dir, `round-${number}`);
    fs.mkdirSync(at);
    const out = { bare: {}, daemon: {}, newsboat: {} };
    for (const phase of ['first', 'unchanged']) {
      out.bare[phase] = this.barely(at, phase);
      out.daemon[phase] = await this.refresh(at, phase);
      if (this.peer) out.newsboat[phase] = this.newsboat(at, phase);
    }
    out.idle = { bare: this.bare(at, 'no-urls'), daemon: await this.idle(at) };
    fs.rmSync(at, { recursive: true });
    return out;
  }

  async run() {
    this.peer = has('newsboat', '-v');
    const { count, items, tagged, bytes } = this.work;
    console.log(`${count} feeds, ${(bytes / count / 1000).toFixed(1)} kB each, ${items} items, ${tagged} with the tag; served by ${this.server.name}`);
    const all = [];
    for (let n = 0; n < this.rounds; ++n) all.push(await this.round(n));
    this.print(all);
  }

  print(all) {
    const idle = who => median(all.map(each => each.idle[who].cpu));
    console.log(`a start with nothing to do, taken off below: daemon ${idle('daemon').toFixed(3)} s, `
      + `bare pipeline ${idle('bare').toFixed(3)} s; daemon's peak ${median(all.map(each => each.idle.daemon.peak)).toFixed(1)} MiB`);
    for (const [phase, most, least] of [['first', 1.5, 15], ['unchanged', 2, 25]]) {
      const cpu = Object.fromEntries(['bare', 'daemon', 'newsboat'].map(who =>
        [who, all.map(each => (each[who][phase]?.cpu ?? NaN) - (each.idle[who]?.cpu ?? 0))]));
      const peak = who => `, peak ${median(all.map(each => each[who][phase].peak)).toFixed(1)} MiB`;
      const line = (who, name, more) => console.log(`${phase.padEnd(10)} ${name.padEnd(14)}${median(cpu[who]).toFixed(3)} s CPU `
        + `(${range(cpu[who])}), ${(median(cpu[who]) / this.feeds * 1e6).toFixed(0)} µs a feed${more}`);
      const last = who => `, ${all.at(-1)[who][phase].requests} requests, ${all.at(-1)[who][phase].unchanged} of them 304`;
      const ratio = (one, other) => {
        const ratios = cpu[one].map((seconds, n) => seconds / cpu[other][n]);
        return `${one}/${other} ${median(ratios).toFixed(2)} (${range(ratios)})`;
      };
      line('bare', 'bare pipeline', peak('bare') + last('bare'));
      line('daemon', 'daemon', peak('daemon') + last('daemon'));
      console.log(`           wall ${median(all.map(each => each.daemon[phase].wall)).toFixed(1)} s, ${ratio('daemon', 'bare')}, target ≤ ${most}`);
      if (!this.peer) continue;
      line('newsboat', 'newsboat', last('newsboat'));
      console.log(`           ${ratio('newsboat', 'daemon')}, target ≥ ${least}`);
    }
  }
}

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'campaignd-bench-'));
process.on('exit', () => fs.rmSync(dir, { recursive: true, force: true, maxRetries: 3 }));
for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => process.exit(1));
const bench = new Bench(arguments_(), dir);
await bench.start();
try {
  await bench.run();
} finally {
  await bench.server.stop();
}
for (const each of new Set(bench.wrong)) console.error(`WRONG COUNT  ${each}`);
process.exit(bench.wrong.length ? 1 : 0);

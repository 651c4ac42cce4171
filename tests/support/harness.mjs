// What every integration test needs around it: a folder, a world, a daemon, and an end that leaves nothing behind.
// Exit 0: passed. 77: skipped, with the reason. Anything else: failed, with the reason and the daemon's last words.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchDaemon, startDaemon } from './daemon.mjs';
import { World } from './world.mjs';

export class Skip extends Error {}

/// Memory that grew by less than `most` bytes. Sanitizers keep what was freed: with them there is nothing to measure.
export function grewLittle(bytes, most, what) {
  if (!process.env.SANITIZED && bytes >= most) throw new Error(`${what} took ${(bytes / 2 ** 20).toFixed(1)} MiB`);
}

export function skip(why) {
  throw new Skip(why);
}

/// A folder of recorded answers beside the repository; skips when it is not there.
export function corpora(...words) {
  const dir = fileURLToPath(new URL(path.join('../../../shared/corpora', ...words), import.meta.url));
  return fs.existsSync(dir) ? dir : skip(`no recorded answers at ${dir}`);
}

/// The four linked pages of a real campaign: { files, metas, statuses }.
export function recordedCampaign() {
  const dir = corpora('social', 'mastodon');
  const files = [1, 2, 3, 4].map(n => path.join(dir, `tag-ichbinhanna-page${n}.json`));
  const statuses = files.flatMap(file => JSON.parse(fs.readFileSync(file, 'utf8')));
  return { files, metas: files.map(file => `${file}.meta.json`), statuses };
}

/// The author asked tools like ours to stay away: a flag of the account, or a tag in the bio.
export function optedOut({ account }) {
  // A tag is <a>#<span>nobot</span></a>, so inline elements go without trace; a paragraph's end parts words.
  const bio = (account.note ?? '').replace(/<(br|\/?(p|div|ul|ol|li|blockquote))\b[^>]*>/gi, '\n').replace(/<[^>]*>/g, '');
  return account.noindex === true || /#(nobots?|noindex)(?![\p{L}\p{N}_])/iu.test(bio);
}

/// Every server that statuses come from, apart from the one that showed them.
export function originHosts(statuses, observer) {
  const hosts = statuses.flatMap(({ uri, url, account }) => [uri, url, account.url]).filter(Boolean).map(at => new URL(at).host);
  return [...new Set(hosts)].filter(host => host !== observer);
}

/// Skips the test where a program is missing.
export function need(tool, ...words) {
  try {
    execFileSync(tool, words, { stdio: 'ignore' });
  } catch {
    skip(`this test needs the program ${tool}`);
  }
}

class Stage {
  daemons = [];
  #worlds = [];

  constructor(binary) {
    this.binary = binary;
    this.dir = fs.mkdtempSync(path.join(os.tmpdir(), 'campaignd-test-'));
  }

  world(options = {}) {
    const world = new World({ dir: this.dir, ...options });
    this.#worlds.push(world);
    return world;
  }

  /// Without waiting; start() waits until it is ready.
  launch(options) {
    return this.#keep(launchDaemon({ binary: this.binary, dir: this.dir, ...options }));
  }

  async start(options) {
    return this.#keep(await startDaemon({ binary: this.binary, dir: this.dir, ...options }));
  }

  #keep(daemon) {
    this.daemons.push(daemon);
    return daemon;
  }

  async clear() {
    for (const daemon of this.daemons) if (!daemon.ended) await daemon.kill9();
    for (const world of this.#worlds) await world.stop();
    if (process.env.KEEP) console.log(`kept ${this.dir}`);
    else fs.rmSync(this.dir, { recursive: true, force: true });
  }

  errors() {
    return this.#worlds.flatMap(world => world.errors);
  }
}

/// Runs one test. `act(stage)` throws to fail. With { binary: false } no daemon is needed.
export async function test(sentence, act, { binary = true } = {}) {
  let stage, code = 0;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(name, () => {
    for (const daemon of stage?.daemons ?? []) daemon.signal('SIGKILL');
    if (stage) fs.rmSync(stage.dir, { recursive: true, force: true, maxRetries: 3 });
    process.exit(1);                                         // a daemon still being started dies too, see daemon.mjs
  });
  try {
    const file = process.argv[2];
    if (binary && !(file && fs.existsSync(file))) throw new Error(`usage: node ${process.argv[1]} BINARY (no file at ${file})`);
    need('openssl', 'version');
    if (binary) need('sqlite3', '--version');
    stage = new Stage(binary ? path.resolve(file) : undefined);
    await act(stage);
    if (stage.errors().length) throw stage.errors()[0];
    console.log(`ok: ${sentence}`);
  } catch (error) {
    if (error instanceof Skip) {
      console.log(`skipped: ${error.message}`);
      code = 77;
    } else {
      console.error(`FAILED: ${sentence}\n${error.stack}`);
      const last = stage?.daemons.at(-1);
      if (last) console.error(`--- the daemon's last words (${JSON.stringify(last.ended ?? 'alive')}) ---\n${last.stderr.slice(-4000)}`);
      code = 1;
    }
  } finally {
    await stage?.clear();
  }
  process.exit(code);
}

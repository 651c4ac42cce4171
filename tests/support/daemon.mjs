// The built binary, started for a test, asked questions, and stopped in the ways the world stops programs.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const running = new Set();
process.on('exit', () => running.forEach(child => child.kill('SIGKILL')));

/// Asks `condition` every `pause` ms until it gives something true, for at most `ms`; gives that. What it throws counts as "not yet".
export async function until(condition, ms, what = condition.toString(), pause = 50) {
  const end = performance.now() + ms;
  for (let last; ;) {
    try {
      const found = await condition();
      if (found) return found;
      last = undefined;
    } catch (error) {
      if (error.final) throw error;
      last = error;
    }
    if (performance.now() > end) throw new Error(`waited ${ms} ms in vain for: ${what}${last ? `\n  last: ${last.message}` : ''}`);
    await sleep(pause);
  }
}

/// Rows of a database file, read beside whoever has it open.
export async function rows(database, query) {
  const { stdout } = await run('sqlite3', ['-readonly', '-json', '-cmd', '.timeout 5000', database, query], { maxBuffer: 1 << 28 });
  return stdout.trim() ? JSON.parse(stdout) : [];
}

function environment() {
  const own = { ...process.env };
  const foreign = /^((https?|all|no)_proxy|NOTIFY_SOCKET|LISTEN_\w+|CREDENTIALS_DIRECTORY)$/i;
  for (const name of Object.keys(own)) if (foreign.test(name)) delete own[name];
  return own;
}

export class Daemon {
  stderr = '';
  ended = undefined;       // { code, signal } once it has
  #lastAsked = 0;

  /// env: what it finds in its environment besides ours.
  constructor(binary, dir, env = {}) {
    this.dir = dir;
    this.database = path.join(dir, 'state', 'campaignd.db');
    this.child = spawn(binary, ['run', '--config', path.join(dir, 'campaignd.toml'), '--state', path.join(dir, 'state')],
                       { stdio: ['ignore', 'ignore', 'pipe'], env: { ...environment(), ...env } });
    this.pid = this.child.pid;
    running.add(this.child);
    this.child.stderr.setEncoding('utf8').on('data', words => { this.stderr += words; });
    this.gone = new Promise(done => {
      const end = (code, signal) => { running.delete(this.child); this.ended ??= { code, signal }; done(); };
      this.child.on('exit', end);
      this.child.on('error', error => { this.stderr += `${error.message}\n`; end(127, null); });
    });
  }

  /// Until it serves and says it is ready; gives how long that took.
  async ready(ms = 20_000) {
    const began = performance.now();
    const line = () => this.stderr.match(/serving url=http:\/\/127\.0\.0\.1:(\d+)\//);
    const [, port] = await this.until(line, ms, 'a line "serving url=http://127.0.0.1:PORT/" on stderr');
    this.port = Number(port);
    const left = Math.max(1000, began + ms - performance.now());
    await this.until(async () => (await this.raw('/readyz')).status === 200, left, 'GET /readyz 200');
    return performance.now() - began;
  }

  /// until(), which also gives up when the daemon has ended.
  until(condition, ms, what) {
    const alive = () => {
      if (!this.ended) return condition();
      const how = `the daemon ended (${JSON.stringify(this.ended)}) while we waited for: ${what}`;
      throw Object.assign(new Error(how), { final: true });
    };
    return until(alive, ms, what ?? condition.toString());
  }

  // --- asking --------------------------------------------------------------------------------------------------------

  /// One request, on a connection of its own: { status, headers, body (Buffer), ms }.
  async raw(at, headers = {}, method = 'GET') {
    await this.#breathe();
    const began = performance.now();
    const asked = http.request({ host: '127.0.0.1', port: this.port, path: at, method, headers, agent: false, timeout: 30_000 });
    asked.on('timeout', () => asked.destroy(new Error(`no answer to ${method} ${at} in 30 s`)));
    asked.end();
    const [response] = await once(asked, 'response');
    const pieces = [];
    for await (const piece of response) pieces.push(piece);
    return { status: response.statusCode, headers: response.headers, body: Buffer.concat(pieces), ms: performance.now() - began };
  }

  /// The port serves a visitor 40 requests a second; we stay below.
  async #breathe() {
    const due = this.#lastAsked + 30;
    this.#lastAsked = Math.max(due, performance.now());
    await sleep(Math.max(0, due - performance.now()));
  }

  async get(at) {
    const { status, body } = await this.raw(at);
    if (status !== 200) throw new Error(`GET ${at} gave ${status}: ${body.toString().slice(0, 300)}`);
    return JSON.parse(body);
  }

  sql(query) {
    return rows(this.database, query);
  }

  async one(query) {
    return Object.values((await this.sql(query))[0] ?? {})[0];
  }

  /// Resident bytes.
  rss() {
    return Number(fs.readFileSync(`/proc/${this.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+) kB/)[1]) * 1024;
  }

  fds() {
    return fs.readdirSync(`/proc/${this.pid}/fd`).length;
  }

  // --- ending --------------------------------------------------------------------------------------------------------

  signal(name) {
    this.child.kill(name);
  }

  async kill9() {
    this.signal('SIGKILL');
    await this.gone;
    return this.ended;
  }

  /// SIGTERM; gives { code, signal, ms }. What does not end within `ms` is killed, and that is an error.
  async stop(ms = 15_000) {
    const began = performance.now();
    this.signal('SIGTERM');
    const patience = new AbortController();
    const late = sleep(ms, 'late', { signal: patience.signal }).catch(() => {});
    if (!this.ended && (await Promise.race([this.gone, late])) === 'late') {
      await this.kill9();
      throw new Error(`the daemon did not end within ${ms} ms of SIGTERM`);
    }
    patience.abort();
    return { ...this.ended, ms: Math.round(performance.now() - began) };
  }
}

/// Writes the two files and starts the binary, without waiting.
export function launchDaemon({ binary, dir, config, campaign, env }) {
  fs.mkdirSync(dir, { recursive: true });
  fs.writeFileSync(path.join(dir, 'campaignd.toml'), config);
  fs.writeFileSync(path.join(dir, 'campaign.toml'), campaign);
  return new Daemon(binary, dir, env);
}

/// The same, and waits until it is ready.
export async function startDaemon(options) {
  const daemon = launchDaemon(options);
  try {
    await daemon.ready();
  } catch (error) {
    await daemon.kill9();
    throw new Error(`${error.message}\n--- its stderr ---\n${daemon.stderr.slice(-4000)}`);
  }
  return daemon;
}

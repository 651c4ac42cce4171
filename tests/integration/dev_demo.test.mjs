// `./dev demo`, as a newcomer starts it: it shows a page, and ends by itself or with Ctrl-C. Nothing of it is left.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '../support/daemon.mjs';
import { skip, test } from '../support/harness.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const installs = spawnSync('dpkg-query', ['-W', 'openssl']).status !== 0;

test('the demo ends and takes everything with it', async stage => {
  if (installs) skip('here ./dev would install packages first');
  await endsByItself(stage);
  await endsWithCtrlC(stage);
  saysWhatItDoesNotKnow();
});

/// In a process group of its own, as in a terminal; its folder is made below `dir`.
function demo(stage, minutes) {
  const dir = fs.mkdtempSync(path.join(stage.dir, 'demo-'));
  const child = spawn('./dev', ['demo', minutes], { cwd: root, detached: true, stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, TMPDIR: dir, CAMPAIGND: stage.binary } });
  const it = { dir, child, stderr: '', code: undefined };
  child.stderr.setEncoding('utf8').on('data', words => { it.stderr += words; });
  child.on('exit', (code, signal) => { it.code = code ?? signal; });
  process.on('exit', () => { try { process.kill(-child.pid, 'SIGKILL'); } catch { /* it has ended */ } });
  return it;
}

/// The command lines of processes that name the folder.
function processesOf({ dir }) {
  const read = pid => { try { return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8'); } catch { return ''; } };
  return fs.readdirSync('/proc').filter(name => /^\d+$/.test(name)).map(read).filter(words => words.includes(dir));
}

function serves(it) {
  return until(() => it.stderr.includes('serving url=') || it.code !== undefined, 20_000, 'the page, or an end');
}

async function leftNothing(it) {
  await until(() => it.code !== undefined, 30_000, 'its end');
  assert.equal(it.code, 0, it.stderr);
  assert.match(it.stderr, /info stopped/, 'the daemon stopped in order');
  assert.deepEqual(processesOf(it), []);
  assert.deepEqual(fs.readdirSync(it.dir), []);
}

async function endsByItself(stage) {
  const it = demo(stage, '0.05');
  await serves(it);
  assert.ok(processesOf(it).length >= 2, 'a scripted server and a daemon');
  await leftNothing(it);
}

async function endsWithCtrlC(stage) {
  const it = demo(stage, '5');
  await serves(it);
  process.kill(-it.child.pid, 'SIGINT');
  await leftNothing(it);
}

function saysWhatItDoesNotKnow() {
  const { status, stdout, stderr } = spawnSync('./dev', ['bogus'], { cwd: root, encoding: 'utf8' });
  assert.deepEqual([status, stdout], [64, '']);
  assert.match(stderr, /^\.\/dev: there is no command 'bogus'\nusage: \.\/dev COMMAND\n/);
  assert.match(stderr, /^ {2}demo \[MINUTES\] +\S/m);
}

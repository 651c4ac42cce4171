// A PostgreSQL of our own, on a Unix socket in a scratch folder: no port, no cluster of the machine's, no password.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const versions = '/usr/lib/postgresql';

/// The folder of the newest server that Debian has here; undefined where there is none.
function programs() {
  const newest = fs.existsSync(versions) && fs.readdirSync(versions).sort((a, b) => Number(a) - Number(b)).at(-1);
  return newest ? path.join(versions, newest, 'bin') : undefined;
}

// The server refuses to run as root. It ends with us, however we end.
function asServer(...words) {
  const user = process.getuid() === 0 ? ['--reuid=postgres', '--regid=postgres', '--clear-groups'] : [];
  return ['setpriv', ['--pdeathsig', 'INT', ...user, '--', ...words]];
}

function ownedByServer(folder) {
  fs.mkdirSync(folder);
  if (process.getuid() !== 0) return;
  const [uid, gid] = ['-u', '-g'].map(which => Number(execFileSync('id', [which, 'postgres'])));
  fs.chownSync(folder, uid, gid);
}

/// Starts it in `dir`, which everybody may pass through; gives { url, pid, stop }.
export async function startPostgres(dir) {
  const bin = programs() ?? (() => { throw new Error(`no PostgreSQL below ${versions}`); })();
  const [data, socket] = ['data', 'socket'].map(name => path.join(dir, name));
  [data, socket].forEach(ownedByServer);
  const [init, words] = asServer(path.join(bin, 'initdb'), '-D', data, '-U', 'bluesky', '-A', 'trust', '-E', 'UTF8', '--no-locale', '-N');
  execFileSync(init, words, { stdio: ['ignore', 'ignore', 'inherit'], cwd: '/' });

  const settings = { listen_addresses: '', unix_socket_directories: socket, fsync: 'off', full_page_writes: 'off',
                     synchronous_commit: 'off', shared_buffers: '32MB', autovacuum: 'off' };
  const log = fs.openSync(path.join(dir, 'postgres.log'), 'w');
  const given = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawn(...asServer(path.join(bin, 'postgres'), '-D', data, ...given), { stdio: ['ignore', log, log], cwd: '/' });
  fs.closeSync(log);
  const ended = once(server, 'exit');
  const answers = () => {
    try {
      execFileSync(path.join(bin, 'pg_isready'), ['-q', '-h', socket]);
      return true;
    } catch {
      return false;
    }
  };
  for (const end = Date.now() + 60_000; !answers(); await sleep(100))
    if (server.exitCode !== null || Date.now() > end)
      throw new Error(`PostgreSQL does not start: ${fs.readFileSync(path.join(dir, 'postgres.log'))}`);
  const stop = async () => {
    server.kill('SIGINT');                                   // "fast": clients are sent away
    await ended;
  };
  return { url: `socket://bluesky@${socket}?db=postgres`, pid: server.pid, stop };
}

// Serves dir/www on every address of 127.0.0.0/8 with ETag and Last-Modified, by nginx where there is one, else by this
// file, and writes down the status of every answer. What it costs is nobody's figure.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const nginxConfig = (dir, port) => `daemon off;
${process.getuid() === 0 ? 'user root;' : ''}
worker_processes 1;
worker_rlimit_nofile 20000;
pid ${dir}/nginx.pid;
error_log ${dir}/nginx.err;
events { worker_connections 16384; }
http {
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(name => `${name}_temp_path ${dir}/tmp;`).join('\n  ')}
  types { application/xml xml; }
  log_format status '$status';
  access_log ${dir}/answers.log status;
  sendfile on;
  tcp_nopush on;
  open_file_cache max=20000;
  server {
    listen ${port};
    allow 127.0.0.0/8;
    deny all;
    root ${dir}/www;
  }
}
`;

export function has(program, ...words) {
  try {
    execFileSync(program, words, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function freePort() {
  const probe = net.createServer().listen(0);
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

async function answers(port) {
  for (let i = 0; i < 200; ++i) {
    const socket = net.connect(port, '127.0.0.1');
    const up = await new Promise(done => socket.on('connect', () => done(true)).on('error', () => done(false)));
    socket.destroy();
    if (up) return;
    await sleep(25);
  }
  throw new Error(`nothing listens on port ${port}`);
}

/// { name, port, mark(), since(mark), stop() }: since() counts the answers after a mark: { requests, unchanged }.
export async function serve(dir) {
  const port = await freePort();
  const log = path.join(dir, 'answers.log');
  fs.writeFileSync(log, '');
  const nginx = has('nginx', '-v');
  if (nginx) fs.writeFileSync(path.join(dir, 'nginx.conf'), nginxConfig(dir, port));
  const child = nginx
    ? spawn('nginx', ['-c', path.join(dir, 'nginx.conf'), '-e', path.join(dir, 'nginx.err')], { stdio: ['ignore', 'ignore', 'inherit'] })
    : spawn(process.execPath, [fileURLToPath(import.meta.url), dir, String(port)], { stdio: ['ignore', 'ignore', 'inherit'] });
  const gone = once(child, 'exit');
  process.once('exit', () => child.kill('SIGTERM'));
  await answers(port);
  return {
    name: nginx ? 'nginx' : 'Node', port,
    mark: () => fs.statSync(log).size,
    since(mark) {
      const lines = fs.readFileSync(log, 'utf8').slice(mark).split('\n').filter(Boolean);
      return { requests: lines.length, unchanged: lines.filter(line => line === '304').length };
    },
    async stop() {
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/// What nginx does of it, as a program: server.mjs DIR PORT.
function serveAlone(dir, port) {
  const log = fs.openSync(path.join(dir, 'answers.log'), 'a');
  const known = new Map();
  const load = name => {
    const file = path.join(dir, 'www', path.basename(name));
    const stat = fs.statSync(file);
    return { body: fs.readFileSync(file), etag: `"${stat.size.toString(16)}"`, modified: stat.mtime.toUTCString() };
  };
  const server = http.createServer((request, response) => {
    let status = 200, file;
    try {
      file = known.get(request.url) ?? load(request.url);
      known.set(request.url, file);
      if (request.headers['if-none-match'] === file.etag) status = 304;
    } catch {
      status = 404;
    }
    fs.writeSync(log, `${status}\n`);
    response.writeHead(status, file && { etag: file.etag, 'last-modified': file.modified, 'content-type': 'application/xml' });
    response.end(status === 200 ? file.body : undefined);
  });
  server.on('connection', socket => { if (!socket.localAddress.startsWith('127.')) socket.destroy(); });
  server.listen(port, '0.0.0.0', 4096);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) serveAlone(process.argv[2], Number(process.argv[3]));

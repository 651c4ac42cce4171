// A visitor of the world who is no daemon: one request over HTTP/2, or a WebSocket, spoken by hand.
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import http2 from 'node:http2';
import https from 'node:https';
import { until } from './daemon.mjs';

/// One request to one of the world's hosts: { status, headers, body, json }. With a body it is a POST.
export function visit(world, host, at, { headers = {}, body } = {}) {
  return new Promise((done, failed) => {
    const session = http2.connect(`https://127.0.0.1:${world.tlsPort}`, { ca: fs.readFileSync(world.ca), servername: host });
    session.on('error', failed);
    const method = body === undefined ? 'GET' : 'POST';
    const stream = session.request({ ':path': at, ':authority': host, ':method': method, ...headers });
    let head;
    const pieces = [];
    stream.on('response', given => { head = given; });
    stream.on('data', piece => pieces.push(piece));
    stream.on('error', failed);
    stream.on('close', () => {
      session.close();
      if (!head) return failed(new Error('closed without an answer'));
      const whole = Buffer.concat(pieces);
      if (whole.length < Number(head['content-length'] ?? 0)) return failed(new Error('closed in the middle of the body'));
      done({ status: head[':status'], headers: head, body: whole, get json() { return JSON.parse(whole); } });
    });
    stream.end(body);
  });
}

function clientFrame(opcode, words = '') {
  const body = Buffer.from(words), mask = randomBytes(4);
  const head = Buffer.from(body.length < 126 ? [0x80 | opcode, 0x80 | body.length] : [0x80 | opcode, 0x80 | 126, body.length >> 8,
                                                                                      body.length & 255]);
  return Buffer.concat([head, mask, body.map((byte, n) => byte ^ mask[n % 4])]);
}

/// A WebSocket: { status } when it is refused; else messages, pings and closed as they come, say(text), pong() and end().
export function listen(world, host, at) {
  return new Promise((done, failed) => {
    const key = randomBytes(16).toString('base64');
    const asked = https.get({ port: world.tlsPort, host: '127.0.0.1', path: at, servername: host, ca: fs.readFileSync(world.ca),
                              headers: { host, connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-key': key,
                                         'sec-websocket-version': '13' } });
    asked.on('error', failed);
    asked.on('response', response => {
      let body = '';
      response.setEncoding('utf8').on('data', piece => { body += piece; }).on('end', () => done({ status: response.statusCode, body }));
    });
    asked.on('upgrade', (response, socket, head) => {
      const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
      if (response.headers['sec-websocket-accept'] !== accept) return failed(new Error('a handshake that accepts another key'));
      const ears = { status: 101, messages: [], pings: 0, closed: undefined, say: words => socket.write(clientFrame(1, words)),
                     pong: words => socket.write(clientFrame(10, words)), ping: words => socket.write(clientFrame(9, words)), end: () => socket.destroy(), pongs: 0,
                     hear: (n, ms = 5000) => until(() => ears.messages.length >= n, ms, `${n} messages`, 5) };
      let left = head, pieces = '';
      const take = bytes => {
        left = Buffer.concat([left, bytes]);
        for (;;) {
          if (left.length < 2) return;
          const length = left[1] & 0x7f, size = length === 126 ? 4 : length === 127 ? 10 : 2;
          if (left.length < size) return;
          const full = length === 126 ? left.readUInt16BE(2) : length === 127 ? Number(left.readBigUInt64BE(2)) : length;
          if (left.length < size + full) return;
          const [first, payload] = [left[0], left.subarray(size, size + full)];
          left = left.subarray(size + full);
          const opcode = first & 0x0f;
          if (opcode <= 1) {
            pieces += payload.toString();
            if (first & 0x80) { ears.messages.push(pieces); pieces = ''; }
          } else if (opcode === 9) { ears.pings += 1; ears.pong(payload); } else if (opcode === 10) ears.pongs += 1;
          else if (opcode === 8) { ears.closed = payload.length >= 2 ? payload.readUInt16BE(0) : 1005; socket.end(); }
        }
      };
      socket.on('data', take);
      socket.on('error', () => {});
      socket.on('close', () => { ears.closed ??= 1006; });
      take(Buffer.alloc(0));
      done(ears);
    });
  });
}

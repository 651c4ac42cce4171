// WebSocket as a server speaks it (RFC 6455), by hand: the handshake, text frames, ping and pong, the close.
import { createHash } from 'node:crypto';

const magic = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const [continued, text, binary, closing, ping, pong] = [0, 1, 2, 8, 9, 10];
const largest = 10 * 2 ** 20;

/// What a client must ask with to become a peer; else the status it gets.
export function refusal({ method, headers }) {
  const words = (headers.connection ?? '').toLowerCase().split(/\s*,\s*/);
  const asks = method === 'GET' && words.includes('upgrade') && headers.upgrade?.toLowerCase() === 'websocket';
  const key = Buffer.from(headers['sec-websocket-key'] ?? '', 'base64');
  if (!asks || key.length !== 16) return 400;
  return headers['sec-websocket-version'] === '13' ? undefined : 426;
}

/// One frame, as a server sends it: never masked.
export function frame(opcode, payload = '', last = true) {
  const body = Buffer.from(payload);
  const first = (last ? 0x80 : 0) | opcode;
  if (body.length < 126) return Buffer.concat([Buffer.from([first, body.length]), body]);
  const head = Buffer.alloc(body.length < 65536 ? 4 : 10);
  head[0] = first;
  head[1] = body.length < 65536 ? 126 : 127;
  if (body.length < 65536) head.writeUInt16BE(body.length, 2);
  else head.writeBigUInt64BE(BigInt(body.length), 2);
  return Buffer.concat([head, body]);
}

/// The first frame in `bytes`: { opcode, last, payload, size }; undefined while it is not whole; throws on a broken law.
function firstFrame(bytes) {
  if (bytes.length < 2) return undefined;
  const opcode = bytes[0] & 0x0f, last = (bytes[0] & 0x80) !== 0;
  if (bytes[0] & 0x70) throw new Error('reserved bits are set');
  if (!(bytes[1] & 0x80)) throw new Error('a client masks its frames');
  let length = bytes[1] & 0x7f, at = 2;
  if (opcode >= closing && (!last || length > 125)) throw new Error('a control frame is short and whole');
  if (length === 126 || length === 127) {
    const size = length === 126 ? 2 : 8;
    if (bytes.length < at + size) return undefined;
    length = size === 2 ? bytes.readUInt16BE(at) : Number(bytes.readBigUInt64BE(at));
    at += size;
  }
  if (length > largest) throw new Error('a frame is too large');
  if (bytes.length < at + 4 + length) return undefined;
  const mask = bytes.subarray(at, at + 4);
  const payload = Buffer.from(bytes.subarray(at + 4, at + 4 + length));
  for (let n = 0; n < payload.length; n += 1) payload[n] ^= mask[n % 4];
  return { opcode, last, payload, size: at + 4 + length };
}

/// The other end of a connection that was upgraded.
export class Peer {
  #left;                   // bytes of a frame that is not whole yet
  #pieces = [];            // of a message in several frames
  pongs = 0;
  open = true;

  /// heard(text): a message came. ended(): the connection is gone, however.
  constructor(socket, head, key, { heard = () => {}, ended = () => {} } = {}) {
    Object.assign(this, { socket, heard });
    this.#left = head;
    const accept = createHash('sha1').update(key + magic).digest('base64');
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    socket.setNoDelay(true);
    socket.on('data', bytes => this.#take(bytes));
    socket.on('end', () => socket.end());
    socket.on('close', () => { this.open = false; ended(); });
    if (head.length) this.#take(Buffer.alloc(0));
  }

  send(words) {
    if (this.open) this.socket.write(frame(text, words));
  }

  /// A message in several frames: a server may.
  sendInPieces(words, size = 100) {
    const body = Buffer.from(words);
    for (let at = 0; this.open && at < body.length; at += size)
      this.socket.write(frame(at ? continued : text, body.subarray(at, at + size), at + size >= body.length));
  }

  ping(words = '') {
    if (this.open) this.socket.write(frame(ping, words));
  }

  close(code = 1000, reason = '') {
    if (!this.open) return;
    this.open = false;
    const body = Buffer.alloc(2);
    body.writeUInt16BE(code);
    this.socket.end(frame(closing, Buffer.concat([body, Buffer.from(reason)])));
  }

  /// As when a cable is pulled.
  cut() {
    this.open = false;
    this.socket.destroy();
  }

  #take(bytes) {
    this.#left = Buffer.concat([this.#left, bytes]);
    try {
      for (let next; this.open && (next = firstFrame(this.#left));) {
        this.#left = this.#left.subarray(next.size);
        this.#use(next);
      }
    } catch (error) {
      this.close(1002, error.message);
    }
  }

  #use({ opcode, last, payload }) {
    if (opcode === ping) this.socket.write(frame(pong, payload));
    else if (opcode === pong) this.pongs += 1;
    else if (opcode === closing) this.close(payload.length >= 2 ? payload.readUInt16BE(0) : 1000);
    else if (opcode === text || opcode === binary || (opcode === continued && this.#pieces.length)) {
      this.#pieces.push(payload);
      if (!last) return;
      const message = Buffer.concat(this.#pieces).toString();
      this.#pieces = [];
      this.heard(message);
    } else throw new Error(`no frame has opcode ${opcode}`);
  }
}

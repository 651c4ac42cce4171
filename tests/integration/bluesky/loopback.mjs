// Holds this process to 127.0.0.1. Import it before anything else: the reference servers listen on every interface, and
// nothing here has any business elsewhere.
import net from 'node:net';

const here = '127.0.0.1';
const isHere = host => ['', here, 'localhost'].includes(host ?? '');
const isLocal = options => options.path !== undefined || options.fd !== undefined;

/// The options of listen() and connect() in any of the ways node takes them; it hands its own calls an array.
function optionsOf(words) {
  const [first, second] = Array.isArray(words[0]) ? words[0] : words;
  if (first !== null && typeof first === 'object') return first;
  if (typeof first === 'string' && !/^\d+$/.test(first)) return { path: first };
  return { port: typeof first === 'function' ? 0 : Number(first ?? 0), host: typeof second === 'string' ? second : undefined };
}

const { listen } = net.Server.prototype;
net.Server.prototype.listen = function (...words) {
  const options = optionsOf(words);
  if (isLocal(options)) return listen.apply(this, words);
  if (!isHere(options.host)) throw new Error(`this network stays on loopback: it will not listen on ${options.host}`);
  const listening = words.findLast(word => typeof word === 'function');
  return listen.call(this, { ...options, host: here }, ...(listening ? [listening] : []));
};

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...words) {
  const options = optionsOf(words);
  if (isLocal(options) || isHere(options.host)) return connect.apply(this, words);
  this.destroy(new Error(`this network stays on loopback: it will not connect to ${options.host}`));
  return this;
};

// What a host says, as a value: { status, headers, body } and, for a bad day, delay, slow, drop. One function puts it on the wire.
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import zlib from 'node:zlib';

export const digest = bytes => createHash('md5').update(bytes).digest('hex');

export const text = (body, status = 200, headers = {}) =>
  ({ status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body });

export const json = (value, status = 200, headers = {}) =>
  ({ status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body: JSON.stringify(value) });

const bare = tag => tag.trim().replace(/^W\//, '');

/// RFC 9110: If-None-Match decides when it is there, If-Modified-Since only otherwise.
export function unlessKnown(request, answer) {
  const tags = request.headers['if-none-match'];
  const since = request.headers['if-modified-since'];
  const { etag, 'last-modified': modified } = answer.headers;
  const known = tags !== undefined
    ? etag !== undefined && tags.split(',').some(tag => tag.trim() === '*' || bare(tag) === bare(etag))
    : since !== undefined && modified !== undefined && Date.parse(since) >= Date.parse(modified);
  return known ? { ...answer, status: 304, body: '' } : answer;
}

function encoded(request, answer) {
  const body = Buffer.from(answer.body ?? '');
  const zip = body.length > 200 && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  if (!zip || answer.headers?.['content-encoding']) return { headers: { ...answer.headers }, body };
  return { headers: { ...answer.headers, 'content-encoding': 'gzip' }, body: zlib.gzipSync(body) };
}

/// Sends `answer`. delay: ms before the first byte. slow: ms over which the body drips.
/// stream: takes the response over, and never ends it itself. drop: true closes the connection unanswered, 'body' closes it in the middle of the body.
/// `sent` is called just before the last byte goes, so the client cannot know the end before we do.
export async function send(request, response, answer, { cut, sent }) {
  if (answer.delay) await sleep(answer.delay);
  if (answer.drop === true) { sent(); return cut(); }

  if (answer.stream) {
    response.on('error', () => {});
    response.writeHead(answer.status ?? 200, answer.headers);
    sent();
    return answer.stream(response);
  }
  const { headers, body } = encoded(request, answer);
  const bodiless = request.method === 'HEAD' || answer.status === 304 || answer.status === 204;
  if (answer.status !== 304) headers['content-length'] = body.length;
  response.on('error', () => {});                            // the client may leave at any time
  response.writeHead(answer.status ?? 200, headers);
  if (bodiless) { sent(); return response.end(); }

  if (answer.drop === 'body') {
    await new Promise(done => response.write(body.subarray(0, Math.floor(body.length / 2)), done));
    sent();
    return cut();
  }
  if (answer.slow) {
    const size = Math.max(1, Math.ceil(body.length / 10));
    for (let from = 0; from < body.length && !response.destroyed; from += size) {
      response.write(body.subarray(from, from + size));
      await sleep(answer.slow / 10);
    }
    sent();
    return response.end();
  }
  sent();
  response.end(body);
}

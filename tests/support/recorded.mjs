// Recorded answers, told again byte for byte.
import fs from 'node:fs';
import { unlessKnown } from './answers.mjs';
import { MastodonHost } from './mastodon_host.mjs';

const notOurs = new Set(['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer',
                         'transfer-encoding', 'upgrade', 'content-length', 'content-encoding']);

/// { status, headers } of a NAME.meta.json, a NAME.headers (as curl -D writes it), or the value itself.
export function readMeta(meta) {
  const { status = 200, headers = {} } = typeof meta !== 'string' ? meta
    : meta.endsWith('.headers') ? parseHeaders(fs.readFileSync(meta, 'latin1')) : JSON.parse(fs.readFileSync(meta, 'utf8'));
  return { status, headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !notOurs.has(name.toLowerCase()))) };
}

function parseHeaders(dump) {
  const [first, ...lines] = dump.split(/\r?\n/);
  const headers = {};
  for (const line of lines.filter(line => line.includes(':'))) {
    const name = line.slice(0, line.indexOf(':')).toLowerCase();
    const value = line.slice(line.indexOf(':') + 1).trim();
    headers[name] = name in headers ? [headers[name], value].flat() : value;
  }
  return { status: Number(first.split(' ')[1]), headers };
}

const asked = query => [...new URLSearchParams(query)].map(pair => pair.join('=')).sort().join('&');

/// Answers the recorded paths; an exchange with a `query` (string or object) only when it is exactly that.
export function recordedExchanges(exchanges) {
  const told = exchanges.map(({ path, query, file, meta = {} }) =>
    ({ path, query: query === undefined ? undefined : asked(query), body: fs.readFileSync(file), ...readMeta(meta) }));
  return { answer: request => {
    const fits = told.filter(({ path, query }) => path === request.path && (query === undefined || query === asked(request.query)));
    const { status, headers, body } = fits.find(({ query }) => query !== undefined) ?? fits[0] ?? {};
    return status && (status === 200 ? unlessKnown(request, { status, headers, body }) : { status, headers, body });
  } };
}

/// The text of each element of a JSON array, untouched.
export function elements(array) {
  const found = [];
  let depth = 0, quoted = false, from = 0;
  for (let at = 0; at < array.length; at += 1) {
    const c = array[at];
    if (quoted) {
      if (c === '\\') at += 1;
      else if (c === '"') quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === '[' || c === '{') {
      depth += 1;
      if (depth === 1) from = at + 1;
    } else if ((c === ',' && depth === 1) || ((c === ']' || c === '}') && --depth === 0)) {
      if (array.slice(from, at).trim()) found.push(array.slice(from, at).trim());
      from = at + 1;
    }
  }
  return found;
}

/// The statuses of consecutive recorded pages as one server. A page that comes out exactly as recorded carries the recorded
/// headers (but a live reset); reveal(n) shows only the n oldest, as if the rest had not been written yet.
export function recordedTimeline(host, tag, files, metas, now, options) {
  const pages = files.map(file => elements(fs.readFileSync(file, 'utf8')).map(raw => ({ raw, status: JSON.parse(raw) })))
    .map(page => page.map(record => ({ id: record.status.id, ...record })));
  return new RecordedTimeline(host, tag, pages, metas.map(readMeta), now, options);
}

class RecordedTimeline extends MastodonHost {
  constructor(host, tag, pages, metas, now, options) {
    super(host, now, options);
    this.all = pages.flat();
    this.posts = this.all;
    this.recorded = new Map(pages.map((page, k) => [page.map(({ id }) => id).join(), metas[k].headers]));
    this.path = `/api/v1/timelines/tag/${encodeURIComponent(tag)}`.toLowerCase();
  }

  /// Shows the n oldest statuses; without n, all of them.
  reveal(n = this.all.length) {
    this.posts = this.all.slice(this.all.length - n);
  }

  answer(request) {
    const answer = super.answer(request);
    if (answer?.status !== 200 || request.path.toLowerCase() !== this.path) return answer;
    const was = this.recorded.get(JSON.parse(answer.body).map(({ id }) => id).join());
    if (!was) return answer;
    const { date, age, ...kept } = was;                                     // the time is ours, so that the reset lies ahead
    const headers = { ...answer.headers, ...kept, link: answer.headers.link, 'x-ratelimit-reset': answer.headers['x-ratelimit-reset'] };
    return unlessKnown(request, { ...answer, headers });
  }
}

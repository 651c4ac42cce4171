// What stands between a server and its visitors on a bad day, as it answers: proxies, CDNs, maintenance, moves.
import { text } from './answers.mjs';

const page = (title, words = '') =>
  `<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>${title}</title></head>\n<body><center><h1>${title}</h1>${words}`
  + `</center><hr></body></html>\n`;

export const html = (title, status, headers = {}, words = '') =>
  ({ ...text(page(title, words), status), headers: { 'content-type': 'text/html', server: 'nginx', ...headers } });

export const badGateway = () => html('502 Bad Gateway', 502);
export const notFoundPage = () => html('404 Not Found', 404);
export const forbiddenPage = () => html('403 Forbidden', 403);
/// 503 of a server that is being updated; wait: its Retry-After in seconds, or a date.
export const maintenance = wait => html('503 Service Unavailable', 503, wait === undefined ? {} : { 'retry-after': String(wait) });
/// A page with status 200 where something else is expected.
export const landingPage = () => html('Welcome', 200, {}, '<p>This service is being moved. Please come back later.</p>');
export const moved = (location, status = 301) => html(`${status} Moved`, status, { location });

/// The connection is closed unanswered, or in the middle of the body.
export const cutOff = () => ({ drop: true });
export const cutInTheMiddle = answer => ({ ...answer, drop: 'body' });
/// Whole for HTTP, but its end is missing: a back end died behind a proxy that buffers.
export const brokenOff = answer => ({ ...answer, body: answer.body.slice(0, Math.floor(answer.body.length * 0.6)) });
/// ms until the first byte, or over which the body drips.
export const late = (answer, delay) => ({ ...answer, delay });
export const dripping = (answer, slow) => ({ ...answer, slow });

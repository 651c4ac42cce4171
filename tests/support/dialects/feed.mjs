// A site with feeds, in RSS, Atom or JSON Feed, with the validators servers have; and one that has moved.
import { digest, text, unlessKnown } from '../answers.mjs';

export const escape = words => words.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

export function rss({ host, language, title, more = '' }, items) {
  const item = ({ headline, link, when, body, extra = '' }) =>
    `<item><title>${escape(headline)}</title><link>${escape(link)}</link><guid isPermaLink="true">${escape(link)}</guid>`
    + `<pubDate>${when.toUTCString()}</pubDate><description>${escape(body)}</description>${extra}</item>`;
  return { type: 'application/rss+xml; charset=utf-8', body: `<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>`
    + `<title>${escape(title)}</title><link>https://${host}/</link><description>${escape(title)}</description><language>${language}`
    + `</language>${more}\n`
    + `${items.map(item).join('\n')}\n</channel></rss>\n` };
}

export function atom({ host, at, language, title, begun = '2027-06-01T00:00:00.000Z' }, items) {
  const updated = items[0]?.when.toISOString() ?? begun;
  const entry = ({ headline, link, when, body, edited = when }) =>
    `<entry><id>${escape(link)}</id><title>${escape(headline)}</title><link rel="alternate" href="${escape(link)}"/>`
    + `<published>${when.toISOString()}</published><updated>${edited.toISOString()}</updated><summary>${escape(body)}</summary>`
    + `</entry>`;
  return { type: 'application/atom+xml; charset=utf-8', body: `<?xml version="1.0" encoding="UTF-8"?>\n`
    + `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${language}"><id>https://${host}${at}</id><title>${escape(title)}`
    + `</title>`
    + `<updated>${updated}</updated><author><name>${escape(title)}</name></author>\n${items.map(entry).join('\n')}\n</feed>\n` };
}

export function jsonFeed({ host, at, language, title }, items) {
  const item = ({ headline, link, when, body }) => ({ id: link, url: link, title: headline, content_text: body,
                                                      date_published: when.toISOString() });
  return { type: 'application/feed+json', body: JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', title, language,
                                                                 home_page_url: `https://${host}/`,
                                                                feed_url: `https://${host}${at}`, items: items.map(item) }) };
}

export class FeedHost {
  #seen;                   // digest of the body, and when it last changed
  #changed;
  items = [];              // newest first: { headline, link, when, body }
  movedTo;                 // the address it has moved to for good

  /// at: the feed's path. form: rss, atom or jsonFeed. home: a home page at / that names the feed.
  /// etag, lastModified: which validators it has. maxAge: seconds. keeps: how many items it shows.
  constructor(host, now, { at = '/feed.xml', form = rss, title = host, language = 'en', etag = true, lastModified = true, maxAge,
                           keeps = 20, home = false } = {}) {
    Object.assign(this, { host, now, at, form, title, language, etag, lastModified, maxAge, keeps, home });
  }

  add({ headline, body, link = `https://${this.host}/${headline.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-')}`,
        created = this.now() }) {
    const item = { headline, body, link, when: new Date(created) };
    this.items.unshift(item);
    return item;
  }

  answer(request) {
    if (this.home && request.path === '/') return this.#homePage();
    if (request.path !== this.at) return undefined;
    if (this.movedTo) return { ...text('Moved Permanently\n', 301), headers: { location: this.movedTo,
                                                                               'content-type': 'text/plain' } };
    const { body, type } = this.form(this, this.items.slice(0, this.keeps));
    const tag = digest(body);
    if (tag !== this.#seen) [this.#seen, this.#changed] = [tag, this.now()];
    const headers = { 'content-type': type, ...(this.etag && { etag: `"${tag}"` }),
                      ...(this.lastModified && { 'last-modified': new Date(this.#changed).toUTCString() }),
                      ...(this.maxAge !== undefined && { 'cache-control': `max-age=${this.maxAge}` }) };
    return unlessKnown(request, { status: 200, headers, body });
  }

  #homePage() {
    const type = { rss: 'application/rss+xml', atom: 'application/atom+xml', jsonFeed: 'application/feed+json' }[this.form.name];
    return { ...text(`<!DOCTYPE html><html lang="${this.language}"><head><title>${escape(this.title)}</title>`
                     + `<link rel="alternate" type="${type}" href="${this.at}"></head><body><p>${escape(this.title)}</p></body>`
                     + `</html>`),
             headers: { 'content-type': 'text/html; charset=utf-8' } };
  }
}

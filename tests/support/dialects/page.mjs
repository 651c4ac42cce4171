// A list of news on a page without a feed, as projects keep one: "25.01.2017 PLOVDIV, BULGARIA // Title … more>>>".
import { digest, text, unlessKnown } from '../answers.mjs';
import { escape } from './feed.mjs';

export class PageHost {
  items = [];              // newest first: { day, place, title, text, link }

  constructor(host, now, { at = '/news', title = host, language = 'en', etag = true } = {}) {
    Object.assign(this, { host, now, at, title, language, etag });
  }

  /// day: "20.06.2027"; without one the item has no date. place: "PLOVDIV, BULGARIA".
  add({ title, day, place, text: words, link = `/node/${this.items.length + 1}` }) {
    const item = { title, day, place, text: words, link };
    this.items.unshift(item);
    return item;
  }

  answer(request) {
    if (request.path !== this.at) return undefined;
    const head = ({ day, place, title }) => (day ? `${day} ${place} // ${title}` : title);
    const paragraphs = this.items.map(item => `<p>${escape(head(item))}</p><p>${escape(item.text)} `
                                              + `<a href="${item.link}">more&gt;&gt;&gt;</a></p>`);
    const body = `<!DOCTYPE html>\n<html lang="${this.language}"><head><title>${escape(this.title)}</title></head>\n<body><nav><ul>`
                 + `<li><a href="/about">Read more about us</a></li></ul></nav>\n`
      + `<div class="page"><p>Follow us on our wall</p>\n${paragraphs.join('\n')}\n<p>Contact us</p></div>\n<footer>`
      + `<a href="/imprint">More information</a></footer></body></html>\n`;
    const headers = { 'content-type': 'text/html; charset=utf-8', ...(this.etag && { etag: `"${digest(body)}"` }) };
    return unlessKnown(request, { ...text(body), headers });
  }
}

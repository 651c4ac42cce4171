// The news searches that answer with RSS: Google News, with links that only a browser can follow, and Bing, with links
// that carry the article's own address.
import { digest, text } from '../answers.mjs';
import { html } from '../trouble.mjs';
import { escape } from './feed.mjs';

/// "CBMi…": a message of which one field is text, and that says nothing.
function opaqueToken(words) {
  const inner = `AU_yqL${words}`;
  return Buffer.from(`\x08\x13\x22${String.fromCharCode(inner.length)}${inner}`, 'latin1').toString('base64url');
}

/// What is found: { url, title, outlet, body, when, language }.
class NewsHost {
  articles = [];

  constructor(host, now) {
    Object.assign(this, { host, now });
  }

  /// outlet: what the paper calls itself. language: 'en', of the edition that shows it.
  add({ url, title, outlet, body = title, created = this.now(), language = 'en' }) {
    const article = { url, title, outlet, body, language, when: new Date(created) };
    this.articles.push(article);
    return article;
  }

  /// Phrases in quotation marks, OR between them; words without stand for themselves.
  hits(query, language) {
    const wanted = query.split(/\s+OR\s+/).map(part => part.replace(/[()"]/g,
                                                                    '').replace(/\b(when|after|before):\S+/g, '').replace(/^#/, '').trim().toLowerCase());
    const fits = ({ title, body }) => wanted.some(words => `${title}\n${body}`.toLowerCase().includes(words));
    return this.articles.filter(article => (!language || article.language === language) && fits(article));
  }
}

export class GoogleNewsHost extends NewsHost {
  answer({ path, query, search }) {
    if (path !== '/rss/search') return undefined;
    const [hl, gl, ceid] = ['hl', 'gl', 'ceid'].map(name => query.get(name) ?? '');
    if (!query.get('q')) return html('400 Bad Request', 400);
    const agree = ceid === '' || (ceid.split(':')[0] === gl && ceid.split(':')[1].split('-')[0] === hl.split('-')[0]);
    const list = agree ? this.hits(query.get('q'), hl.split('-')[0] || 'en').slice(0, 100) : [];
    return { ...text(this.#feed(query.get('q'), list, hl || 'en-US', search)),
             headers: { 'content-type': 'application/xml; charset=utf-8',
                        'cache-control': 'no-cache, no-store, max-age=0, must-revalidate', pragma: 'no-cache', expires: 'Mon, 01 Jan 1990 00:00:00 GMT' } };
  }

  /// By relevance, which is no order of time; the date of the answer is in the body.
  #feed(words, list, hl, search) {
    const item = ({ url, title, outlet, when }) => {
      const token = opaqueToken(digest(url) + digest(title));
      const link = `https://news.google.com/rss/articles/${token}?oc=5`;
      return `<item><title>${escape(title)} - ${escape(outlet)}</title><link>${link}</link><guid isPermaLink="false">${token}`
             + `</guid><pubDate>${when.toUTCString()}</pubDate>`
        + `<description>${escape(`<a href="${link}" target="_blank">${escape(title)}</a>&nbsp;&nbsp;<font color="#6f6f6f">${escape(outlet)}</font>`)}</description>`
        + `<source url="${new URL(url).origin}">${escape(outlet)}</source></item>`;
    };
    const mixed = [...list].sort((a, b) => (digest(a.url) < digest(b.url) ? -1 : 1));
    return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/">`
           + `<channel><generator>NFE/5.0</generator>`
      + `<title>${escape(words)} - Google News</title><link>https://news.google.com/search?${escape(search)}</link><language>${hl}`
      + `</language><webMaster>news-webmaster@google.com</webMaster>`
      + `<copyright>This feed is only for display in a personal feed reader.</copyright>`
      + `<lastBuildDate>${new Date(this.now()).toUTCString()}</lastBuildDate><description>Google News</description>`
      + `${mixed.map(item).join('')}</channel></rss>`;
  }
}

export class BingNewsHost extends NewsHost {
  answer({ path, query, search }) {
    if (path !== '/news/search') return undefined;
    if (query.get('format')?.toLowerCase() !== 'rss') return html('Bing News', 200);
    const language = (query.get('setlang') ?? query.get('mkt') ?? 'en').split('-')[0].toLowerCase();
    const list = this.hits(query.get('q') ?? '', language).sort((a, b) => b.when - a.when).slice(0, 12);
    return { ...text(this.#feed(query.get('q') ?? '', list, search)), headers: { 'content-type': 'text/xml; charset=utf-8',
                                                                                 'cache-control': 'private', 'x-cache': 'CONFIG_NOCACHE' } };
  }

  /// The namespace is the address asked for; links have an identifier of the visit, and the article's address in lower-case hex.
  #feed(words, list, search) {
    const own = `https://www.bing.com:443/news/search?${escape(search)}`;
    const lower = url => encodeURIComponent(url).replace(/%../g, hex => hex.toLowerCase());
    const item = ({ url, title, outlet, body, when }, n) => `<item><title>${escape(title)}</title>`
      + `<link>http://www.bing.com/news/apiclick.aspx?ref=FexRss&amp;aid=&amp;tid=${digest(`${this.now()}${n}`).toUpperCase()}&amp;url=${lower(url)}&amp;c=${4438839993362862000 + n}&amp;mkt=en-us</link>`
      + `<description>${escape(body)}</description><pubDate>${when.toUTCString()}</pubDate><News:Source>${escape(outlet)}`
      + `</News:Source></item>`;
    return `<?xml version="1.0" encoding="utf-8" ?><rss version="2.0" xmlns:News="${own}"><channel>`
           + `<title>${escape(words)} - BingNews</title><link>${own}</link>`
      + `<description>Search results</description><image><url>http://www.bing.com/rsslogo.gif</url><title>${escape(words)}</title>`
      + `<link>${own}</link></image>`
      + `<copyright>Copyright © Microsoft. All rights reserved.</copyright>${list.map(item).join('')}</channel></rss>`;
  }
}

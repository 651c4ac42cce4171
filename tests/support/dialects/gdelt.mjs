// GDELT's open search of articles (DOC 2.0): its words in the articles' text, its answers titles and links. It says in
// plain sentences, with status 200, what it does not like.
import { text } from '../answers.mjs';

const slot = 900_000;
const gap = 5000;
const sentence = words => ({ ...text(`${words}\n`), headers: { 'content-type': 'text/html; charset=utf-8', server: 'nginx' } });
const stamp = ms => new Date(ms).toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '');
const units = { min: 60_000, h: 3_600_000, hours: 3_600_000, d: 86_400_000, days: 86_400_000, w: 604_800_000, weeks: 604_800_000,
                m: 2_592_000_000, months: 2_592_000_000 };

/// 20270620060000
function instant(words) {
  const [, ...parts] = words.match(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/) ?? [];
  return parts.length ? Date.UTC(parts[0], parts[1] - 1, ...parts.slice(2)) : NaN;
}

/// What it says to somebody in a hurry, with 429 or with 200.
export const tooManyOfGdelt = (status = 429) => ({
  ...sentence('Please limit requests to one every 5 seconds or contact kalev.leetaru5@gmail.com for larger queries.'), status });

export class GdeltHost {
  #last = -Infinity;
  articles = [];           // { url, title, about, language, country, seen }

  constructor(host, now) {
    Object.assign(this, { host, now });
  }

  /// about: the text in English, in which the words are looked for. It is seen with the next quarter of an hour.
  add({ url, title, about = title, language = 'English', country = 'Ireland', created = this.now() }) {
    const article = { url, title, about, language, country, seen: Math.ceil(created / slot) * slot };
    this.articles.push(article);
    return article;
  }

  answer({ path, query }) {
    if (path !== '/api/v2/doc/doc') return undefined;
    const soon = this.now() - this.#last < gap;
    this.#last = this.now();
    if (soon) return tooManyOfGdelt();
    const wanted = this.#read(query.get('query') ?? '');
    if (typeof wanted === 'string') return sentence(wanted);
    if (query.get('format') !== 'json') return sentence('The test world speaks JSON alone.');
    const most = Math.min(250, Number(query.get('maxrecords') ?? 75));
    const [from, until] = this.#window(query);
    if (Number.isNaN(from) || Number.isNaN(until)) return sentence('Invalid/missing start date/time.');
    const list = this.articles.filter(each => each.seen > from && each.seen < until && each.seen <= this.now() && wanted(each));
    if (query.get('sort') === 'datedesc') list.sort((a, b) => b.seen - a.seen);
    const answer = list.length ? { articles: list.slice(0, most).map(article => this.#row(article)) } : {};
    return { ...text(JSON.stringify(answer)), headers: { 'content-type': 'application/json; charset=utf-8',
                                                         'cache-control': 'public, max-age=900', server: 'nginx' } };
  }

  /// A function that tells whether an article fits, or the sentence that refuses the query.
  #read(query) {
    const [, lang] = query.match(/\bsourcelang:(\w+)/) ?? [];
    const words = query.replace(/\bsourcelang:\w+/, '').trim();
    const phrases = [...words.matchAll(/"([^"]+)"/g)].map(([, phrase]) => phrase.toLowerCase());
    if (words.length < 3 || words.length > 250) return 'Your query was too short or too long.';
    if (/ OR /.test(words) && !/\(.*\)/.test(words)) return "Queries containing OR'd terms must be surrounded by ().";
    if (/#/.test(words.replace(/"[^"]*"/g, ''))) return 'One or more of your keywords contained an illegal character.';
    if (!phrases.length) phrases.push(words.toLowerCase());
    return ({ about, language }) => phrases.some(phrase => about.toLowerCase().includes(phrase)) && (!lang || language.toLowerCase() === lang.toLowerCase());
  }

  /// Both ends are left out.
  #window(query) {
    if (query.has('startdatetime')) return [instant(query.get('startdatetime')), instant(query.get('enddatetime') ?? '')];
    const [, count, unit] = (query.get('timespan') ?? '3m').match(/^(\d+)(\w+)$/) ?? [];
    return [this.now() - Number(count) * (units[unit] ?? NaN), Infinity];
  }

  #row({ url, title, language, country, seen }) {
    return { url, url_mobile: '', title: title.replace(/([,.:;!?])(?=\s|$)/g, ' $1'), seendate: stamp(seen), socialimage: '',
             domain: new URL(url).host.replace(/^www\./, ''),
             language, sourcecountry: country };
  }
}

// The workload of the feed benchmarks: RSS (70 %) and Atom, 25 items and about 54 KB a feed, eight languages, about
// 4 % of the items carrying the campaign's tag. The same number of feeds is always the same bytes.
import fs from 'node:fs';
import path from 'node:path';

export const tag = 'AllInForIntegration';
export const noon = Date.parse('2027-06-20T12:00:00Z');
const spellings = ['AllInForIntegration', 'allinforintegration', 'ALLINFORINTEGRATION', 'AllinForIntegration'];
const itemsAFeed = 25;
const bytesAnItem = 1265;                            // of prose; markup, names and dates bring a feed to 54 KB

const words = {
  en: 'the council of city people with new homes and work for every family library choir summer language course open',
  pl: 'miasto ludzie biblioteka nowy dom praca rodzina lato kurs język sąsiedzi wspólnie szkoła każdy dzień świąteczny',
  bg: 'град хора библиотека нов дом работа семейство лято курс език съседи заедно училище всеки ден празник',
  uk: 'місто люди бібліотека новий дім робота родина літо курс мова сусіди разом школа кожен день свято',
  el: 'πόλη άνθρωποι βιβλιοθήκη νέο σπίτι δουλειά οικογένεια καλοκαίρι μάθημα γλώσσα γείτονες μαζί σχολείο μέρα γιορτή',
  de: 'stadt menschen bücherei neues zuhause arbeit familie sommer kurs sprache nachbarn gemeinsam schule jeder tag größe',
  sv: 'stad människor bibliotek nytt hem arbete familj sommar kurs språk grannar tillsammans skola varje dag fest',
  es: 'ciudad gente biblioteca nuevo hogar trabajo familia verano curso lengua vecinos juntos escuela cada día señal',
};
const vocabulary = Object.entries(words).map(([language, all]) => [language, all.split(' ')]);

/// Mulberry32: small, and the same everywhere.
function dice(seed) {
  let state = seed >>> 0;
  return most => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % most;
  };
}

const escaped = html => html.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

function sentence(all, roll, count) {
  const out = Array.from({ length: count }, () => all[roll(all.length)]);
  return `${out[0][0].toUpperCase()}${out.join(' ').slice(1)}`;
}

/// Paragraphs with a link, an image and character references, as content management systems write them.
function prose(all, roll, tagged, link) {
  const out = [];
  for (let size = 0; size < bytesAnItem;) {
    const odd = [' ', ' &ndash; ', ' <em>&amp;</em> ', ` <a href="${link}?p=${out.length}">${all[0]}</a> `][roll(4)];
    out.push(`<p>${sentence(all, roll, 12 + roll(16))}${odd}${sentence(all, roll, 8)}.</p>\n`);
    size += Buffer.byteLength(out.at(-1));
  }
  out.splice(1, 0, `<p><img src="${link}.jpg" alt="" width="640" height="360"/></p>\n`);
  if (tagged) out.splice(2, 0, `<p>${sentence(all, roll, 5)} <a href="https://social.example/tags/x">#${spellings[roll(4)]}</a></p>\n`);
  return out.join('');
}

function rssItem({ title, link, when, teaser, html, name }) {
  return `<item>\n<title>${title}</title>\n<link>${link}</link>\n<dc:creator><![CDATA[${name}]]></dc:creator>\n`
    + `<pubDate>${new Date(when).toUTCString()}</pubDate>\n<category><![CDATA[news]]></category>\n`
    + `<guid isPermaLink="false">${link}#id</guid>\n<description><![CDATA[<p>${teaser}</p>]]></description>\n`
    + `<content:encoded><![CDATA[${html}]]></content:encoded>\n</item>\n`;
}

function atomEntry({ title, link, when, teaser, html, name }) {
  const at = new Date(when).toISOString();
  return `<entry>\n<author><name>${name}</name></author>\n<title type="html">${title}</title>\n`
    + `<link rel="alternate" type="text/html" href="${link}"/>\n<id>${link}#id</id>\n<updated>${at}</updated>\n`
    + `<published>${at}</published>\n<category term="news"/>\n<summary type="html">${escaped(`<p>${teaser}</p>`)}</summary>\n`
    + `<content type="html">${escaped(html)}</content>\n</entry>\n`;
}

/// Feed `n`: { body, tagged }, the number of its items with the tag.
export function feed(n) {
  const roll = dice(n * 7919 + 1);
  const atom = n % 10 >= 7;
  const [language, all] = vocabulary[n % vocabulary.length];
  const site = `https://n${n}.news.example`;
  let tagged = 0, items = '';
  for (let i = 0; i < itemsAFeed; ++i) {
    const has = roll(25) === 0;
    const link = `${site}/2027/06/${i}-${roll(1e9)}/`;
    tagged += has;
    const item = { title: sentence(all, roll, 7), link, when: noon - (i * 5 + 1 + roll(4)) * 3_600_000, name: `Author ${roll(40)}`,
                   teaser: sentence(all, roll, 18), html: prose(all, roll, has, link) };
    items += atom ? atomEntry(item) : rssItem(item);
  }
  const body = atom
    ? `<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${language}">\n<title>News ${n}</title>\n`
      + `<link href="${site}/"/>\n<id>${site}/</id>\n<updated>${new Date(noon).toISOString()}</updated>\n${items}</feed>\n`
    : '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
      + `xmlns:dc="http://purl.org/dc/elements/1.1/">\n<channel>\n<title>News ${n}</title>\n<link>${site}/</link>\n`
      + `<description>News</description>\n<language>${language}</language>\n${items}</channel>\n</rss>\n`;
  return { body, tagged };
}

/// Writes `count` feeds into dir/www; gives { count, items, tagged, bytes }.
export function writeFeeds(dir, count) {
  const www = path.join(dir, 'www');
  fs.mkdirSync(www, { recursive: true });
  const sum = { count, items: count * itemsAFeed, tagged: 0, bytes: 0 };
  for (let n = 0; n < count; ++n) {
    const { body, tagged } = feed(n);
    const file = path.join(www, `${n}.xml`);
    fs.writeFileSync(file, body);
    fs.utimesSync(file, noon / 1000, noon / 1000);   // Last-Modified
    sum.tagged += tagged;
    sum.bytes += Buffer.byteLength(body);
  }
  return sum;
}

/// Each feed on an address of its own, so that no connection serves two.
export const feedUrl = (n, port) => `http://127.${1 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}:${port}/${n}.xml`;

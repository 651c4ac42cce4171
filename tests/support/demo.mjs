// A campaign day in miniature, for people who want to see the daemon at work: 20 June 2027, an hour a minute.
// Everybody and everything in it is invented.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { atom, rss } from './dialects/feed.mjs';
import { campaignToml, campaignTag, daemonToml } from './settings.mjs';
import { World } from './world.mjs';

const clock = { start: '2027-06-20T06:00:00Z', rate: 60 };
const [warsaw, sofia, dublin] = ['social.warszawa.example', 'social.sofia.example', 'social.dublin.example'];
const failing = 'social.away.example';

const people = [
  [`ania@${warsaw}`, 'pl'], [`janek@${warsaw}`, 'pl'], [`oksana@${warsaw}`, 'uk'], [`ola@${warsaw}`, 'pl'],
  [`maria@${sofia}`, 'bg'], [`ivan@${sofia}`, 'bg'], [`deyan@${sofia}`, 'bg'],
  [`niamh@${dublin}`, 'en'], [`sean@${dublin}`, 'en'], [`amina@${dublin}`, 'en'], [`oisin@${dublin}`, 'en'],
];
// One in each of the five states: dom forgets the tag, harbour is silent.
const partners = [
  { id: 'most', name: 'Fundacja Most', country: 'PL', type: 'ngo', accounts: [`mastodon:most@${warsaw}`], outlets: ['most.example'] },
  { id: 'dom', name: 'Сдружение Дом', country: 'BG', type: 'ngo', accounts: [`mastodon:dom@${sofia}`] },
  { id: 'harbour', name: 'Harbour City Council', country: 'IE', type: 'municipality', accounts: [`mastodon:harbour@${dublin}`] },
  { id: 'polderdam', name: 'Gemeente Polderdam', country: 'NL', type: 'municipality', accounts: ['x:polderdam'] },
  { id: 'forum', name: 'Forum Sąsiedzkie', country: 'PL', type: 'network' },
];
const forgetful = `dom@${sofia}`;
const voices = [...people, [`most@${warsaw}`, 'pl'], [forgetful, 'bg']];

const sentences = {
  en: ['Our neighbours taught us to bake flatbread today', 'Choir practice with twelve first languages',
       'The library opens its language café at five',
       'Football in the park, everyone welcome', 'Found my new job through a mentor from the next street'],
  pl: ['Wspólne gotowanie na podwórku', 'Biblioteka zaprasza na rozmowy po polsku',
       'Mecz na boisku przy szkole, grają wszyscy',
       'Warsztaty rowerowe dla sąsiadów', 'Dziękuję za dziś, było pięknie'],
  bg: ['Заедно сготвихме обяд за целия блок', 'Библиотеката кани на разговори', 'Концерт на площада довечера',
       'Футбол в парка, елате всички', 'Благодаря на съседите за помощта'],
  uk: ['Сьогодні співаємо разом у дворі', 'Перший день на новій роботі, дякую за підтримку',
       'Малюємо плакати з дітьми'],
};
const tags = ['#AllInForIntegration', '#allinforintegration', '#ALLINFORINTEGRATION', '#AllInForIntegration #WorldRefugeeDay'];

const papers = [
  { host: 'news.dublin.example', at: '/feed.xml', language: 'en', kind: rss, title: 'Harbour News',
    stories: ['Neighbours share a long table', 'City choir sings in twelve languages', 'A mentor scheme finds its hundredth pair'] },
  { host: 'wiadomosci.krakow.example', at: '/atom.xml', language: 'pl', kind: atom, title: 'Wiadomości Podwórkowe',
    stories: ['Długi stół na rynku', 'Rowery z drugiej ręki, przyjaźnie z pierwszej', 'Sąsiedzki mecz zakończony remisem'] },
  { host: 'novini.plovdiv.example', at: '/rss', language: 'bg', kind: rss, title: 'Новини от квартала',
    stories: ['Дълга маса на площада', 'Хорът пее на дванадесет езика', 'Читалището отвори врати'] },
];

const campaign = campaignToml({
  campaign: { id: 'demo', name: '#AllInForIntegration (demonstration)' },
  editions: [{ id: '2027', day: '2027-06-20', from: '2027-06-01', until: '2027-07-01' }],
  terms: [campaignTag, { id: 'phrase', class: 'phrase', text: 'All in for Integration' }],
  partners,
  sources: [
    ...[warsaw, sofia, dublin, failing].map(host =>
      ({ id: host.split('.')[1], connector: 'mastodon', host, tags: ['allinforintegration'], every: '2min' })),
    ...papers.map(({ host, at, language }) =>
      ({ id: host.split('.')[0], connector: 'feed', url: `https://${host}${at}`, language, every: '10min' })),
  ],
});

/// The day itself: what happens at each beat.
class Day {
  #beat = 0;
  #posts = [];             // uris, in order of writing
  #printed = new Map(papers.map(({ host }) => [host, []]));

  constructor(world) {
    this.world = world;
    this.servers = new Map([warsaw, sofia, dublin].map(host => [host, world.mastodon(host)]));
    this.servers.get(dublin).know(`harbour@${dublin}`, { followers: 640 });
    this.servers.get(sofia).know(forgetful, { followers: 410 });
    world.fault(failing, () => ({ status: 503, headers: { 'content-type': 'text/html' }, body: '<h1>Back soon</h1>' }));
    for (const paper of papers) world.feed(paper.host, paper.at, () => paper.kind(paper, this.#printed.get(paper.host)));
  }

  /// What was there before the doors opened.
  morning() {
    for (let n = 0; n < 12; n += 1) this.write(Date.parse(clock.start) - (12 - n) * 600_000);
    for (const paper of papers) this.print(paper, new Date(Date.parse(clock.start) - 3_600_000));
  }

  beat() {
    const n = (this.#beat += 1);
    this.write(this.world.now());
    this.applaud();
    if (n % 6 === 0) this.print(papers[(n / 6) % papers.length], new Date(this.world.now()));
    // Written some beats ago, so that the reading after a quarter of an hour finds them changed.
    if (n === 8) this.everywhere(this.#posts[15], (server, uri) => server.edit(uri, 'On second thoughts, without the tag'));
    if (n === 10) this.everywhere(this.#posts[17], (server, uri) => server.remove(uri));
  }

  /// A post on its author's server; the other two show it under ids and with counts of their own.
  write(created) {
    const n = this.#posts.length;
    const [by, language] = voices[n % voices.length];
    const home = by.split('@')[1];
    const words = sentences[language][n % sentences[language].length];
    const text = by === forgetful ? words : `${words} ${tags[n % tags.length]}`;
    const post = { by, language, created, text, followers: 50 + ((n % voices.length) * 337) % 900 };
    const { uri } = this.servers.get(home).add({ ...post, likes: n % 4 });
    for (const [host, server] of this.servers) if (host !== home) server.add({ ...post, uri, likes: 0 });
    this.#posts.push(uri);
  }

  /// The latest posts find friends, at home first.
  applaud() {
    for (const [n, uri] of this.#posts.slice(-30).entries()) {
      if ((n + this.#beat) % 3) continue;
      this.everywhere(uri, (server, key) => {
        const atHome = new URL(uri).host === server.host;
        if (atHome || this.#beat % 4 === 0) server.bump(key, { likes: 1 + n % 3, reposts: n % 2, replies: n % 5 === 0 ? 1 : 0 });
      });
    }
  }

  everywhere(uri, act) {
    for (const server of this.servers.values()) if (server.find(uri)) act(server, uri);
  }

  print(paper, when) {
    const items = this.#printed.get(paper.host);
    const story = paper.stories[items.length % paper.stories.length];
    const mentions = items.length % 2 === 0;                 // the others do not name the campaign
    items.unshift({ headline: `${story} (${items.length + 1})`, link: `https://${paper.host}/${items.length + 1}`, when,
                    body: mentions ? `${story}. #AllInForIntegration` : `${story}.` });
  }
}

/// node tests/support/world.mjs demo --dir DIR --minutes 5 [--listen 127.0.0.1:8620]
export async function demo(words) {
  const { values, positionals } = parseArgs({ args: words, allowPositionals: true, options: {
    dir: { type: 'string' }, minutes: { type: 'string', default: '5' }, listen: { type: 'string', default: '127.0.0.1:0' } } });
  if (positionals[0] !== 'demo' || !values.dir || !(Number(values.minutes) > 0)) {
    console.error('usage: node tests/support/world.mjs demo --dir DIR [--minutes 5] [--listen 127.0.0.1:8620]');
    process.exit(64);
  }
  const dir = path.resolve(values.dir);
  fs.mkdirSync(dir, { recursive: true });

  const world = new World({ dir, clock, logFile: path.join(dir, 'requests.jsonl') });
  const day = new Day(world);
  day.morning();
  await world.start();
  fs.writeFileSync(path.join(dir, 'campaignd.toml'), daemonToml(world, { clock, listen: values.listen }));
  fs.writeFileSync(path.join(dir, 'campaign.toml'), campaign);
  console.log(`ready ${path.join(dir, 'campaignd.toml')}`);

  // The day begins with the first visitor, so that its clock and ours agree.
  let begun = false;
  const beats = setInterval(() => {
    if (!begun && world.log.length === 0) return;
    if (!begun) world.setClock(clock);
    begun = true;
    day.beat();
  }, 3000);
  const end = async () => {
    clearInterval(beats);
    await world.stop();
    process.exit(0);
  };
  setTimeout(end, Number(values.minutes) * 60_000);
  for (const name of ['SIGINT', 'SIGTERM']) process.once(name, end);
}

// A campaign day, 20 June 2027, as it happens on every platform at once: from 23:00 in Warsaw the evening before, for 26
// hours. What happens is a list of moments; truth() says what must be known in the end.
import * as is from './day/cast.mjs';
import { Post } from './day/post.mjs';
import { happenings } from './day/happenings.mjs';
import { brew, weather } from './day/weather.mjs';

export const begins = Date.parse('2027-06-19T21:00:00Z');
export const ends = Date.parse('2027-06-20T23:00:00Z');
/// An instant of the day in UTC: '08:15'; with a day of June before or after it, t('21:30', 19).
export const t = (clock, day = 20) => Date.UTC(2027, 5, day, ...clock.split(':').map(Number));

const sourceOf = { [is.W]: 'warszawa', [is.S]: 'sofia', [is.D]: 'dublin', [is.L]: 'lemmy', [is.P]: 'piefed', [is.gazeta]: 'gazeta',
                   [is.vestnik]: 'vestnik',
                   [is.herald]: 'herald', [is.site]: is.source.site };
const minute = 60_000;

export class Day {
  #moments = [];           // { time, act }, sorted once the day begins
  #next = 0;
  #posts = [];             // every post that must be known, or known to be gone
  #never = [];             // posts that must leave no trace: { name, uri }
  lastChange = t('20:00');
  lastReading = t('21:30');

  /// Sets up the hosts of the day in `world` and what will happen there.
  constructor(world) {
    this.world = world;
    this.hosts = is.assemble(world);
    this.host(is.stream).follow(this.host(is.sky));
    happenings(this, t);
    this.#moments.sort((a, b) => a.time - b.time);
    this.troubles = brew(world, this.hosts, weather(t));
    world.beforeAnswer = () => this.advance(world.now());
  }

  host(name) {
    return this.hosts.get(name);
  }

  at(time, act) {
    if (time > this.lastChange) throw new Error(`too late for the day: ${new Date(time).toISOString()}`);
    this.#moments.push({ time, act });
  }

  /// Lets happen what has happened by now.
  advance(now) {
    while (this.#next < this.#moments.length && this.#moments[this.#next].time <= now) {
      const { time, act } = this.#moments[this.#next++];
      this.world.happen(time, act);
    }
  }

  /// { posts, removed, never }: what must be known at the end, what must be gone, what must never have been kept.
  truth() {
    if (this.#next < this.#moments.length) throw new Error('the day is not over');
    return { posts: this.#posts.filter(({ removed }) => !removed), removed: this.#posts.filter(({ removed }) => removed),
             never: this.#never };
  }

  // --- what is written ---------------------------------------------------------------------------------------------

  #post(created, about) {
    const post = new Post(this, about);
    this.at(created, post.write);
    this.#posts.push(post);
    return post;
  }

  /// Something that must leave no trace: write() gives its uri.
  never(time, name, write) {
    this.at(time, () => { this.#never.push({ name, uri: write() }); });
  }

  /// On Mastodon. on: the servers that show it besides its home, and after how many minutes.
  toot(created, { by, on = {}, name = `toot of ${by}`, class: matched, partner, kind, likes = 0, reposts = 0, replies = 0,
                  ...post }) {
    const host = by.split('@')[1];
    const counters = { likes, reposts, replies, quotes: 0 };
    const home = this.host(host);
    let uri;
    const told = this.#post(created, {
      name, platform: 'mastodon', host, kind, class: matched, partner, counters,
      write: () => { uri = home.add({ by, created, likes, reposts, replies, ...post }).uri; return uri; },
      home: { bump: steps => home.bump(uri, steps), edit: words => home.edit(uri, words), remove: () => home.remove(uri) },
    });
    for (const [other, minutes] of Object.entries(on))
      this.at(created + minutes * minute, () => this.host(other).receive({ by, created, uri, ...post }));
    return told.by(...[host, ...Object.keys(on)].map(each => sourceOf[each]).filter(Boolean));
  }

  /// The stream tells of what it still remembers when the day begins.
  streamed(created) {
    return created > begins - 36 * 60 * minute ? ['jetstream'] : [];
  }

  skeet(created, { by, name = `skeet of ${by}`, class: matched, partner, kind, likes = 0, reposts = 0, replies = 0, quotes = 0,
                   ...post }) {
    const appview = this.host(is.sky);
    let uri;
    return this.#post(created, {
      name, platform: 'bluesky', host: 'bsky.app', kind, class: matched, partner, counters: { likes, reposts, replies, quotes },
      write: () => { uri = appview.add({ by, created, indexed: created + 1500, likes, reposts, replies, quotes,
                                         ...post }).uri; return uri; },
      home: { bump: steps => appview.bump(uri, steps), remove: () => appview.remove(uri) },
      gone: 'deleted by its author',
    }).by('bluesky', ...this.streamed(created));
  }

  note(created, { by, name = `note of ${by}`, class: matched, partner, kind, likes = 0, reposts = 0, replies = 0, ...post }) {
    const server = this.host(is.M);
    let uri;
    return this.#post(created, {
      name, platform: 'misskey', host: is.M, kind, class: matched, partner, counters: { likes, reposts, replies },
      write: () => { uri = server.add({ by, created, likes, reposts, replies, ...post }).uri; return uri; },
      home: { bump: steps => server.bump(uri, steps), remove: () => server.remove(uri) },
    }).by('misskey');
  }

  /// On Lemmy or PieFed: a post, or a comment with `on`: the post's Post.
  thread(created, { at = is.L, by, on, name = `thread of ${by}`, class: matched, likes = 1, replies = 0, ...post }) {
    const server = this.host(at);
    let id;
    return this.#post(created, {
      name, platform: 'lemmy', host: at, kind: on ? 'reply' : 'original', class: matched, counters: { likes, replies },
      write: () => {
        const written = server.add({ by, created, likes, replies, ...post, ...(on && { on: server.find(on.uri) }) });
        id = written.id;
        return written.apId;
      },
      home: { bump: steps => server.bump(id, steps), edit: words => server.edit(id, words), remove: () => server.remove(id) },
    }).by(sourceOf[at]);
  }

  video(created, { by, name = `video of ${by}`, class: matched, partner, likes = 0, replies = 0, views = 0, ...post }) {
    const tube = this.host(is.T);
    let id;
    return this.#post(created, {
      name, platform: 'peertube', host: is.T, kind: 'video', class: matched, partner, counters: { likes, replies, views },
      write: () => { const video = tube.add({ by, created, likes, replies, views, ...post }); id = video.uuid; return video.url; },
      home: { bump: steps => tube.bump(id, steps), edit: changes => tube.edit(id, changes), remove: () => tube.remove(id) },
    }).by('tube');
  }

  /// On Telegram. Counts are shown rounded; below a thousand they are exact.
  message(created, { by = 'fundacjamost', name = `message of ${by}`, class: matched, partner = 'most', kind, likes, views = 1,
                     ...post }) {
    const channels = this.host(is.telegram);
    let id;
    return this.#post(created, {
      name, platform: 'telegram', host: 't.me', kind, class: matched, partner, counters: { views, ...(likes !== undefined && { likes }) },
      write: () => { id = channels.add({ by, created, likes, views, ...post }).id; return `https://t.me/${by}/${id}`; },
      home: { bump: steps => channels.bump(by, id, steps), edit: words => channels.edit(by, id, words),
              remove: () => channels.remove(by, id) },
    }).by(is.source.mostTelegram);
  }

  /// On YouTube. A channel whose ratings nobody gave shows none.
  upload(created, { by, name = `upload of ${by}`, class: matched, partner, likes, views = 0, ...post }) {
    const tube = this.host(is.youtube);
    let id;
    return this.#post(created, {
      name, platform: 'youtube', host: 'youtube.com', kind: 'video', class: matched, partner, counters: { views, ...(likes && { likes }) },
      write: () => { id = tube.add({ by, created, likes, views, ...post }).id; return `https://www.youtube.com/watch?v=${id}`; },
      home: { bump: steps => tube.bump(id, steps), edit: changes => tube.edit(id, changes), remove: () => tube.remove(id) },
    });
  }

  /// In a site's feed.
  article(created, { at, name = `article at ${at}`, class: matched, partner, ...item }) {
    const paper = this.host(at);
    return this.#post(created, { name, platform: 'feed', host: at, kind: 'article', class: matched, partner,
                                 write: () => paper.add({ created, ...item }).link, home: {} }).by(sourceOf[at]);
  }

  /// Known to GDELT alone.
  found(created, { url, name = `article at ${url}`, class: matched = 'phrase', ...item }) {
    return this.#post(created, { name, platform: 'gdelt', host: new URL(url).host, kind: 'article', class: matched,
                                 write: () => this.host(is.gdelt).add({ created, url, ...item }).url, home: {} }).by('gdelt');
  }

  /// On the project's list of news.
  listed(created, { name = 'item of the project', class: matched, ...item }) {
    return this.#post(created, { name, platform: 'page', host: is.project, kind: 'article', class: matched,
                                 write: () => `https://${is.project}${this.host(is.project).add(item).link}`, home: {} }).by('project');
  }
}

// www.youtube.com as visitors without a key meet it: a channel's feed (its fifteen newest videos) and its page.
import { text } from '../answers.mjs';
import { channelId, videoId } from '../names.mjs';

const most = 15;
const escape = words => words.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
const time = ms => new Date(ms).toISOString().replace(/\.\d+Z$/, '+00:00');

/// The page YouTube shows in place of a feed it does not find, or cannot give.
export const missingFeed = (status = 404) => ({ ...text(
  `<html lang="en" dir="ltr"><head><title>${status === 404 ? '404 Not Found' : 'Internal Server Error'}</title></head><body>`
  + `<p>${status}. That’s an error.</p></body></html>`, status),
headers: { 'content-type': 'text/html; charset=UTF-8', server: 'video-timedtext' } });

export class YouTubeHost {
  #channels = new Map();   // id -> { id, title, handle }
  #count = 0;
  videos = [];             // in order of upload

  /// consent: a channel's page leads to a question, as it does in the European Union.
  constructor(host, now, { consent = false } = {}) {
    Object.assign(this, { host, now, consent });
  }

  /// A channel by any name of ours: its id is made of it. title, handle ('@name').
  know(name, about = {}) {
    const id = channelId(name);
    const known = this.#channels.get(id) ?? { id, title: name };
    this.#channels.set(id, Object.assign(known, about));
    return known;
  }

  /// by: a channel's name. likes undefined: ratings are hidden.
  add({ by, title, text: words = '', created = this.now(), likes, views = 0, isShort = false }) {
    const video = { id: videoId(`${by} ${this.#count += 1}`), channel: this.know(by), title, text: words, created, updated: created,
                    likes, views, isShort };
    this.videos.push(video);
    return video;
  }

  find(id) {
    return this.videos.find(video => video.id === id);
  }

  edit(id, changes) {
    Object.assign(this.find(id), changes, { updated: this.now() });
  }

  bump(id, steps) {
    const video = this.find(id);
    for (const [name, step] of Object.entries(steps)) video[name] = (video[name] ?? 0) + step;
    video.updated = this.now();                              // it moves with the counts
  }

  remove(id) {
    this.videos.splice(this.videos.indexOf(this.find(id)), 1);
  }

  answer({ path, query }) {
    if (path === '/feeds/videos.xml') return this.#feedAnswer(query);
    if (!path.startsWith('/@')) return undefined;
    if (this.consent) return { ...text('', 302),
                               headers: { location: `https://consent.youtube.com/m?continue=https%3A%2F%2Fwww.youtube.com${encodeURIComponent(path)}&gl=DE` } };
    const handle = decodeURIComponent(path.slice(1)).toLowerCase();
    const channel = [...this.#channels.values()].find(each => each.handle?.toLowerCase() === handle);
    return channel ? this.#page(channel) : missingFeed(404);
  }

  #feedAnswer(query) {
    const id = query.get('channel_id') ?? query.get('playlist_id')?.replace(/^UU(?!SH|LF|LV)/, 'UC');
    const channel = this.#channels.get(id);
    if (!channel) return missingFeed(404);
    const videos = this.videos.filter(video => video.channel === channel).sort((a, b) => b.created - a.created).slice(0, most);
    return { ...text(this.#feed(channel, videos)), headers: { 'content-type': 'text/xml; charset=UTF-8',
                                                              'cache-control': 'public, max-age=900' } };
  }

  /// Without "UC" in the feed's own channelId, as YouTube writes it.
  #feed({ id, title }, videos) {
    const page = `https://www.youtube.com/channel/${id}`;
    return `<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns:media="http://search.yahoo.com/mrss/" xmlns="http://www.w3.org/2005/Atom">\n`
      + ` <link rel="self" href="http://www.youtube.com/feeds/videos.xml?channel_id=${id}"/>\n <id>yt:channel:${id.slice(2)}`
      + `</id>\n <yt:channelId>${id.slice(2)}</yt:channelId>\n`
      + ` <title>${escape(title)}</title>\n <link rel="alternate" href="${page}"/>\n <author>\n  <name>${escape(title)}</name>\n  `
      + `<uri>${page}</uri>\n </author>\n <published>2015-03-02T09:00:00+00:00</published>\n`
      + `${videos.map(video => this.#entry(video, page)).join('')}</feed>\n`;
  }

  #entry({ id, channel, title, text: words, created, updated, likes, views, isShort }, page) {
    const link = isShort ? `https://www.youtube.com/shorts/${id}` : `https://www.youtube.com/watch?v=${id}`;
    const rating = likes === undefined ? '' : `    <media:starRating count="${likes}" average="5.00" min="1" max="5"/>\n`;
    return ` <entry>\n  <id>yt:video:${id}</id>\n  <yt:videoId>${id}</yt:videoId>\n  <yt:channelId>${channel.id}</yt:channelId>\n  `
           + `<title>${escape(title)}</title>\n`
      + `  <link rel="alternate" href="${link}"/>\n  <author>\n   <name>${escape(channel.title)}</name>\n   <uri>${page}</uri>\n  `
      + `</author>\n  <published>${time(created)}</published>\n  <updated>${time(updated)}</updated>\n`
      + `  <media:group>\n   <media:title>${escape(title)}</media:title>\n   `
      + `<media:content url="https://www.youtube.com/v/${id}?version=3" type="application/x-shockwave-flash" width="640" height="390"/>\n`
      + `   <media:thumbnail url="https://i1.ytimg.com/vi/${id}/hqdefault.jpg" width="480" height="360"/>\n   `
      + `<media:description>${escape(words)}</media:description>\n   <media:community>\n${rating}`
      + `    <media:statistics views="${views}"/>\n   </media:community>\n  </media:group>\n </entry>\n`;
  }

  #page({ id, title, handle }) {
    const url = `https://www.youtube.com/channel/${id}`;
    return { ...text(`<!DOCTYPE html><html lang="en"><head><title>${escape(title)} - YouTube</title>`
                     + `<link rel="canonical" href="${url}">`
      + `<link rel="alternate" type="application/rss+xml" title="RSS" href="https://www.youtube.com/feeds/videos.xml?channel_id=${id}"></head>`
      + `<body><script>var ytInitialData = {"metadata":{"channelMetadataRenderer":{"title":${JSON.stringify(title)},"externalId":"${id}","vanityChannelUrl":"http://www.youtube.com/${handle}"}}};</script></body></html>`),
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache, no-store, max-age=0, must-revalidate',
               expires: 'Mon, 01 Jan 1990 00:00:00 GMT' } };
  }
}

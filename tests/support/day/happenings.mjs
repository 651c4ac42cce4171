// What happens on the day: each part of it in a function, told in order.
import { did } from '../names.mjs';
import * as is from './cast.mjs';

const tag = '#AllInForIntegration';
const minute = 60_000, hour = 60 * minute;
const { W, S, D, E, M, L, P, T } = is;

const people = [
  [`ania@${W}`, 'pl'], [`maria@${S}`, 'bg'], [`niamh@${D}`, 'en'], [`janek@${W}`, 'pl'], [`ivan@${S}`, 'bg'], [`sean@${D}`, 'en'],
  [`oksana@${W}`, 'uk'], [`deyan@${S}`, 'bg'], [`amina@${D}`, 'en'],
];
const sentences = {
  en: ['The library opens its language café at five', 'Football in the park, everyone welcome',
       'Choir practice with twelve first languages'],
  pl: ['Wspólne gotowanie na podwórku', 'Warsztaty rowerowe dla sąsiadów', 'Biblioteka zaprasza na rozmowy'],
  bg: ['Концерт на площада довечера', 'Библиотеката кани на разговори', 'Заедно сготвихме обяд'],
  uk: ['Сьогодні співаємо разом у дворі', 'Малюємо плакати з дітьми', 'Перший день на новій роботі'],
};
const says = (n, language) => `${sentences[language][n % 3]} (${n}) ${tag}`;

/// What was there before the clock begins: enough of it that every list has more than one page.
function theWeeksBefore(day, t) {
  const before = (n, hours) => t('06:00', 2) + n * hours * hour;
  for (let n = 0; n < 90; n += 1)
    day.toot(before(n, 4), { by: people[(n % 3) * 3][0], language: 'pl', text: says(n, 'pl'), likes: n % 5 });
  for (let n = 0; n < 12; n += 1) day.toot(before(n, 24), { by: people[1][0], text: says(n, 'bg'), likes: 1, on: { [W]: 2 } });
  for (let n = 0; n < 60; n += 1) day.note(before(n, 6), { by: `hana@${M}`, text: says(n, 'en'), likes: n % 4 });
  for (let n = 0; n < 30; n += 1) day.skeet(before(n, 12), { by: 'olek.example', text: says(n, 'en'), likes: n % 4 });
  for (let n = 0; n < 55; n += 1) day.thread(before(n, 6), { by: `ada@${L}`, title: `Thread ${n}`, text: says(n, 'en'),
                                                             likes: 1 + n % 3 });
  for (let n = 0; n < 8; n += 1) day.thread(before(n, 24), { at: P, by: `zoe@${P}`, title: says(n, 'en') });
  for (let n = 0; n < 45; n += 1) {
    const quiet = n % 3 === 2;
    day.message(before(n, 8), { text: quiet ? `Nowy tydzień (${n})` : says(n, 'pl'), class: quiet ? 'owned' : 'hashtag',
                                views: 100 + n, likes: n % 4 ? n : undefined });
  }
  for (let n = 0; n < 3; n += 1) day.video(before(n, 72), { by: `film@${T}`, title: `Film ${n}`, tags: ['AllInForIntegration'],
                                                            text: 'A film.', views: 20 + n });
  for (let n = 0; n < 17; n += 1) {                          // a feed holds fifteen
    const upload = { by: 'most', title: `Film ${n}`, text: `Każdy przynosi chleb. ${tag}`, views: 50 + n, likes: n };
    if (n >= 2) day.upload(before(n, 24), { ...upload, partner: 'most', name: `old upload ${n}` }).by(is.source.mostYouTube);
    else day.never(before(n, 24), `old upload ${n}`,
                   () => `https://www.youtube.com/watch?v=${day.host(is.youtube).add({ ...upload, created: before(n, 24) }).id}`);
  }
  day.never(t('10:00', 1) - 20 * 24 * hour, 'a toot of before the edition',
            () => day.host(W).add({ by: people[0][0], text: `Too early ${tag}`, created: t('10:00', 1) - 20 * 24 * hour }).uri);
  day.never(t('10:00', 10), 'a toot of somebody who asked to be left alone', () => {
    day.host(W).know(`cichy@${W}`, { note: 'Proszę, #nobot' });
    return day.host(W).add({ by: `cichy@${W}`, text: `Cicho ${tag}`, note: 'Proszę, #nobot', created: t('10:00', 10) }).uri;
  });
  day.never(t('11:00', 10), 'a skeet that is not for visitors', () => {
    day.host(is.sky).know('inside.example', { labels: ['!no-unauthenticated'] });
    return day.host(is.sky).add({ by: 'inside.example', text: `Among us ${tag}`, created: t('11:00', 10),
                                  indexed: t('11:00', 10) }).uri;
  });
}

/// Somebody writes every twenty minutes; a third of it reaches all three servers, a third one more, a third none.
function theFediverseTalks(day, t) {
  const servers = [W, S, D];
  for (let n = 0, time = t('21:20', 19); time <= t('19:30'); n += 1, time += 20 * minute) {
    const [by, language] = people[n % people.length];
    const others = servers.filter(host => !by.endsWith(`@${host}`)).slice(0, 2 - n % 3);
    const on = Object.fromEntries(others.map((host, k) => [host, 1 + (n + k) % 4]));
    day.toot(time, { by, language, text: says(n, language), on, likes: n % 3, name: `toot ${n} of ${by}` })
      .growsWithItsReadings(time, { likes: 1 + n % 4, reposts: n % 2, replies: n % 5 === 0 ? 1 : 0 });
  }
}

/// More notes of one hour than may be asked for in five minutes, one by one, when all of them are a day old.
function aBusyHour(day, t) {
  for (let n = 0; n < 70; n += 1)
    day.note(t('02:00', 19) + n * 10_000, { by: `hana@${M}`, text: says(n + 1000, 'en'), likes: n % 4,
                                            name: `note ${n} of a busy hour` })
      .grows(t('00:30') + n * 1000, { likes: 1 });
}

function otherNetworksTalk(day, t) {
  for (let n = 0, time = t('21:30', 19); time <= t('19:00'); n += 1, time += 50 * minute)
    day.skeet(time, { by: ['lena.example', 'tom.example', 'iza.example'][n % 3], text: says(n, 'en'), name: `skeet ${n}` })
      .growsWithItsReadings(time, { likes: 2 + n % 3, reposts: n % 2, quotes: n % 4 === 0 ? 1 : 0, replies: 1 });
  for (let n = 0, time = t('21:45', 19); time <= t('18:30'); n += 1, time += 70 * minute)
    day.note(time, { by: n % 2 ? `hana@${M}` : `riku@${M}`, text: says(n, 'en'), name: `note ${n}` })
      .tells(n === 4 && 'riku again')
      .growsWithItsReadings(time, { likes: 1 + n % 3, reposts: n % 2, replies: n % 3 === 0 ? 1 : 0 });
  for (let n = 0, time = t('22:10', 19); time <= t('18:00'); n += 1, time += 130 * minute) {
    const at = n % 2 ? P : L;
    day.thread(time, { at, by: `bo@${at}`, title: `Asking around ${n}`, text: says(n, 'en'), name: `thread ${n} at ${at}` })
      .growsWithItsReadings(time, { likes: 2, replies: 1 });
  }
  for (let n = 0, time = t('23:00', 19); time <= t('17:00'); n += 1, time += 6 * hour)
    day.video(time, { by: `film@${T}`, title: `Street film ${n}`, tags: n % 2 ? [] : ['AllInForIntegration'],
                      text: n % 2 ? says(n, 'en') : 'No words.', name: `video ${n}` })
      .growsWithItsReadings(time, { likes: 3, views: 40 + n, replies: 1 });
}

function partnersSpeak(day, t) {
  const most = `most@${W}`, dom = `dom@${S}`;
  // One text, four platforms, four posts.
  const words = `Długi stół na Pradze, przyjdźcie wszyscy! ${tag}`;
  const cross = { text: words, partner: 'most' };
  day.toot(t('10:00'),
           { ...cross, by: most, on: { [S]: 2, [D]: 3 }, likes: 1,
             name: 'cross-post on Mastodon' }).tells('the long table').by(is.source.mostW)
    .growsWithItsReadings(t('10:00'), { likes: 9, reposts: 4, replies: 2 });
  day.skeet(t('10:01'),
            { ...cross, by: 'most.example', langs: ['pl'],
              name: 'cross-post on Bluesky' }).tells('the long table').by(is.source.mostSky)
    .growsWithItsReadings(t('10:01'), { likes: 5, reposts: 2 });
  day.message(t('10:02'),
              { text: words, likes: 3, views: 120,
                name: 'cross-post on Telegram' }).tells('the long table').growsWithItsReadings(t('10:02'), { likes: 4, views: 90 });
  day.upload(t('10:03'), { by: 'most', title: 'Długi stół', text: words, likes: 2, views: 12, partner: 'most',
                           name: 'cross-post on YouTube' }).by(is.source.mostYouTube)
    .grows(t('12:00'), { likes: 10, views: 300 }).grows(t('18:00'), { likes: 3, views: 150 });

  // Without the tag: kept as the partner's own, no mention.
  day.toot(t('08:05'), { by: most, text: 'Dzień dobry', partner: 'most', class: 'owned',
                         name: 'most without the tag' }).grows(t('08:10'), { likes: 2 }).seen = new Set([is.source.mostW]);
  for (const [n, time] of [t('06:30', 15), t('07:00'), t('13:00')].entries())
    day.toot(time, { by: dom, text: `Днес в Дома (${n})`, partner: 'dom', class: 'owned',
                     name: `dom without the tag ${n}` }).seen = new Set([is.source.dom]);
  day.skeet(t('14:10'), { by: 'most.example', text: 'All in for integration, in three words', class: 'phrase', partner: 'most',
                          name: 'the slogan without the tag' }).seen = new Set([is.source.mostSky, ...day.streamed(t('14:10'))]);
  day.note(t('12:20'), { by: `kuchnia@${M}`, text: `Zupa na 200 osób ${tag}`, partner: 'kuchnia', likes: 2,
                         name: 'kuchnia on Misskey' }).by(is.source.kuchniaM)
    .growsWithItsReadings(t('12:20'), { likes: 3, reposts: 1 });
  day.video(t('09:10'), { by: `kuchnia@${T}`, title: 'Zupa', text: `Przepis ${tag}`, partner: 'kuchnia', views: 4,
                          name: 'kuchnia on PeerTube' }).by(is.source.kuchniaT)
    .growsWithItsReadings(t('09:10'), { likes: 2, views: 60 });
  day.upload(t('11:00'), { by: 'harbour', title: 'Our harbour', text: 'Ships.', views: 7, partner: 'harbour', class: 'owned',
                           name: 'harbour without the tag' }).by(is.source.harbourYouTube)
    .grows(t('15:00'), { views: 70 });
  day.at(t('06:00', 1), () => {
    for (const handle of [most, dom]) day.host(handle.split('@')[1]).know(handle, { followers: 300 });
    day.host(is.sky).know('most.example', { followers: 90 });
    day.host(is.youtube).know('harbour', { title: 'Harbour City', handle: is.channel.harbour });
    day.host(is.youtube).know('most', { title: 'Fundacja Most' });
    day.host(is.telegram).know('fundacjamost', { title: 'Fundacja Most', subscribers: 1234 });
    day.host(D).know(`harbour@${D}`, { followers: 640 });
    day.host(T).know(`kuchnia@${T}`, { displayName: 'Kuchnia' });
    day.host(M).know(`kuchnia@${M}`, { followers: 77 });
  });
  // What is not theirs: forwarded, and Telegram's own words.
  day.never(t('10:30'), 'a forwarded message',
            () => `https://t.me/fundacjamost/${day.host(is.telegram).add({ by: 'fundacjamost', text: `Of others ${tag}`, forwarded: 'elsewhere' }).id}`);
  day.never(t('10:31'), 'a service message',
            () => `https://t.me/fundacjamost/${day.host(is.telegram).add({ by: 'fundacjamost', text: `pinned "${tag}"`, service: true }).id}`);
}

/// The same words in more than one place, and whose they are.
function copiesAreOnePost(day, t) {
  const everywhere = day.toot(t('06:10'), { by: `ania@${W}`, text: says(1, 'pl'), on: { [S]: 1, [D]: 9 }, likes: 2,
                                            name: 'one toot on three servers' })
    .growsWithItsReadings(t('06:10'), { likes: 12, reposts: 3 });
  // Boosts, by a partner and by a stranger: they move a counter, and add nothing.
  day.at(t('06:50'), () => {
    const { status } = day.host(D).find(everywhere.uri);
    day.host(D).add({ by: `harbour@${D}`, boosts: status, created: t('06:50') });
    day.host(D).add({ by: `sean@${D}`, boosts: status, created: t('06:51') });
  });
  everywhere.grows(t('06:52'), { reposts: 2 });
  const liked = day.skeet(t('08:20'), { by: 'lena.example', text: `Sunrise run ${tag}`, name: 'a skeet a partner reposts' });
  day.at(t('08:40'), () => day.host(is.sky).repost('most.example', liked.uri));
  liked.moves(t('08:40'), { reposts: 1 });

  // Late: below everything the server has shown by then.
  day.toot(t('04:40'), { by: `ivan@${S}`, text: says(2, 'bg'), on: { [W]: 170, [D]: 240 }, name: 'a toot that federates late' });
  // On other software: a toot at Misskey, a note at Mastodon, a thread and a video at Mastodon.
  const toot = day.toot(t('07:10'), { by: `most@${W}`, text: `Na Misskey też ${tag}`, partner: 'most',
                                      name: 'a toot shown by Misskey' }).by(is.source.mostW, 'misskey')
    .growsWithItsReadings(t('07:10'), { likes: 2 });
  day.at(t('08:45'), () => day.host(M).add({ by: `most@${W}`, text: `Na Misskey też ${tag}`, created: t('07:10'), uri: toot.uri,
                                             likes: 40 }));
  const note = day.note(t('09:15'),
                        { by: `riku@${M}`, text: says(4, 'en'),
                          name: 'a note shown by Mastodon' }).tells('riku again').by('dublin').growsWithItsReadings(t('09:15'), { likes: 1 });
  day.at(t('10:05'), () => day.host(D).receive({ by: `riku@${M}`, text: says(4, 'en'), created: t('09:15'), uri: note.uri,
                                                 likes: 30 }));
  const thread = day.thread(t('05:20'), { by: `ada@${L}`, title: `Long table ${tag}`, text: 'Bring a chair.',
                                          name: 'a thread shown by Mastodon' }).by('warszawa').growsWithItsReadings(t('05:20'), { likes: 3 });
  day.at(t('06:40'), () => day.host(W).receive({ by: `ada@${L}`, text: `Long table ${tag}`, created: t('05:20'),
                                                 uri: thread.uri }));
  day.thread(t('06:00'),
             { by: `bo@${L}`, on: thread, text: `So do I ${tag}`,
               name: 'a comment' }).growsWithItsReadings(t('06:00'), { likes: 1 });
  const film = day.video(t('05:30'), { by: `film@${T}`, title: 'A walk', text: `Slowly ${tag}`,
                                       name: 'a video shown by Mastodon' }).by('sofia').growsWithItsReadings(t('05:30'), { views: 9 });
  day.at(t('06:45'), () => day.host(S).receive({ by: `film@${T}`, text: `A walk ${tag}`, created: t('05:30'), uri: film.uri }));

  // From a server nobody asks for tags: its word where it is asked, else the most that anybody shows.
  const far = day.toot(t('07:40'), { by: `wanda@${E}`, text: says(5, 'en'), likes: 40, reposts: 6,
                                     name: 'a toot from elsewhere' }).by('warszawa', 'sofia');
  day.at(t('07:43'), () => day.host(W).receive({ by: `wanda@${E}`, text: says(5, 'en'), created: t('07:40'), uri: far.uri,
                                                 likes: 5 }));
  day.at(t('07:44'), () => day.host(S).receive({ by: `wanda@${E}`, text: says(5, 'en'), created: t('07:40'), uri: far.uri, likes: 3,
                                                 reposts: 2 }));
}

/// Copies that Bridgy Fed makes, both ways.
function bridges(day, t) {
  const bridged = (created, after, name) => {
    const toot = day.toot(created,
                          { by: `niamh@${D}`, text: `${name} ${tag}`,
                            name }).by('bluesky', 'jetstream').growsWithItsReadings(created, { likes: 3 });
    day.at(created + after, () => day.host(is.sky).add({ by: `niamh.${D}.ap.brid.gy`, text: `${name} ${tag}`, likes: 50,
                                                         bridged: day.host(D).find(toot.uri).status.url }));
  };
  bridged(t('08:10'), 40 * minute, 'a toot, then its copy on Bluesky');
  // Its server tells the bridge at once and us an hour later: the copy is seen first.
  const created = t('11:20');
  const first = day.toot(created, { by: `wanda@${E}`, on: { [S]: 70 }, text: `Seen first as a copy ${tag}`,
                                    name: 'a copy on Bluesky, then the toot', likes: 4 }).by('bluesky', 'jetstream');
  day.at(created + minute, () => day.host(is.sky).add({ by: `wanda.${E}.ap.brid.gy`, text: `Seen first as a copy ${tag}`, likes: 50,
                                                        bridged: day.host(E).find(first.uri).status.url }));
  for (const [n, delay] of [45, 1].entries()) {
    const at = t(`1${n + 3}:40`);
    const words = `Over to the fediverse ${n} ${tag}`;
    const skeet = day.skeet(at, { by: 'tom.example', text: words, likes: 1,
                                  name: `a skeet with its copy on Mastodon ${n}` }).by('sofia').growsWithItsReadings(at, { likes: 2 });
    day.at(at + delay * minute, () => {
      const page = `https://bsky.app/profile/${did('tom.example')}/post/${skeet.uri.split('/').pop()}`;
      day.host(S).receive({ by: 'tom.example@bsky.brid.gy', text: words, created: at,
                            uri: `https://bsky.brid.gy/convert/ap/${skeet.uri}`, likes: 60,
                            extra: { url: `https://fed.brid.gy/r/${page}` } });
    });
  }
}

function wordsAreChanged(day, t) {
  const plain = 'Bez tagu';
  day.toot(t('09:20'), { by: `janek@${W}`, text: says(6, 'pl'), on: { [S]: 2 },
                         name: 'an edit that loses the tag' }).edited(t('10:05'), plain, null);
  day.toot(t('07:30'),
           { by: `amina@${D}`, text: 'Later with a tag',
             name: 'an edit that gains the tag' }).edited(t('08:10'), says(7, 'en'), 'hashtag');
  day.toot(t('11:10'), { by: `sean@${D}`, text: says(8, 'en'), name: 'an edit that loses the tag, and one that gains it back' })
    .edited(t('12:00'), 'Without', null).edited(t('13:30'), `${says(8, 'en')} again`, 'hashtag');
  day.toot(t('06:30'),
           { by: `dom@${S}`, text: 'Днес', partner: 'dom',
             name: 'a partner adds the tag' }).by(is.source.dom).edited(t('07:15'), `Днес ${tag}`, 'hashtag');
  day.message(t('10:40'), { text: `Zaraz ${tag}`, name: 'a partner takes the tag away' }).edited(t('11:20'), 'Zaraz', 'owned');
  day.upload(t('08:00'), { by: 'most', title: 'Rower', text: `Jedziemy ${tag}`, views: 5, partner: 'most',
                           name: 'a video that loses the tag' }).by(is.source.mostYouTube)
    .edited(t('12:30'), { text: 'Jedziemy' }, 'owned');
  day.thread(t('06:20'), { by: `ada@${L}`, title: 'Chairs', text: 'We need chairs.',
                           name: 'a thread that gains the tag' }).edited(t('07:40'), { text: `We need chairs. ${tag}` }, 'hashtag');
  day.video(t('06:15'), { by: `film@${T}`, title: 'Bread', tags: ['AllInForIntegration'], text: 'How to.',
                          name: 'a video that loses its tags' }).edited(t('08:00'), { tags: [] }, null);
  day.toot(t('16:40'), { by: `niamh@${D}`, text: 'All in #AllInForIntergration', class: 'variant', name: 'a misspelt tag',
                         on: { [W]: 2 } });
  day.skeet(t('16:45'), { by: 'iza.example', text: 'Yes! #AllInForIntergration', class: 'variant',
                          name: 'a misspelt tag on Bluesky' });
  // On Bluesky an edit is a new post.
  const old = day.skeet(t('07:00'), { by: 'tom.example', text: `A typpo ${tag}`, name: 'a skeet written anew' });
  old.deleted(t('07:25'));
  day.skeet(t('07:25'), { by: 'tom.example', text: `A typo ${tag}`, name: 'the skeet written anew' });
}

function postsAreDeleted(day, t) {
  day.toot(t('06:40'), { by: `oksana@${W}`, text: says(9, 'uk'), on: { [S]: 2 },
                         name: 'a deleted toot of which Sofia never heard' }).deleted(t('07:20'));
  day.skeet(t('07:05'), { by: 'iza.example', text: says(10, 'en'), name: 'a deleted skeet' }).deleted(t('07:40'));
  day.note(t('06:50'), { by: `riku@${M}`, text: says(11, 'en'), name: 'a deleted note' }).deleted(t('07:30'));
  day.thread(t('05:00'), { by: `ada@${L}`, title: says(12, 'en'), name: 'a deleted thread' }).deleted(t('05:40'));
  day.video(t('05:10'), { by: `film@${T}`, title: 'Gone', text: says(13, 'en'), name: 'a deleted video' }).deleted(t('05:50'));
  day.message(t('08:15'), { text: says(14, 'pl'), name: 'a deleted message' }).deleted(t('08:50'));
  // Taken down at one server that is not its home: it stays.
  const kept = day.toot(t('13:10'), { by: `maria@${S}`, text: says(15, 'bg'), on: { [D]: 1 },
                                      name: 'a toot one server does not show any more' });
  day.at(t('13:40'), () => day.host(D).remove(kept.uri));
  // An account that goes and comes back within the hour loses nothing.
  day.skeet(t('12:40'), { by: 'away.example', text: says(16, 'en'), likes: 2, name: 'a skeet of somebody who was away' });
  day.at(t('13:20'), () => day.host(is.sky).setStatus('away.example', 'deactivated'));
  day.at(t('14:15'), () => day.host(is.sky).setStatus('away.example'));
  // Who asks to be left alone at noon is left alone from then on.
  for (const time of ['09:40', '13:20'])
    day.toot(t(time), { by: `ola@${W}`, text: `${time} ${tag}`, on: { [S]: 2 },
                        name: `a toot of ${time} by somebody who opts out` }).removed = 'its author opted out';
  day.at(t('14:20'), () => day.host(W).change(`ola@${W}`, { note: 'From now on #nobot' }));
  day.skeet(t('06:35'),
            { by: 'shy.example', text: says(17, 'en'), name: 'a skeet of an opted-out account' }).removed = 'its author opted out';
  day.at(t('06:30'), () => day.host(is.sky).know('shy.example', { description: 'baker, #nobot' }));
}

function thePressWrites(day, t) {
  const report = 'A hundred neighbours sat down at one long table on Saturday, and shared soup, bread and songs in twelve languages until the street lamps went out.';
  const story = day.article(t('08:00'), { at: is.gazeta, headline: 'Długi stół, all in for integration', body: `${report} ${tag}`,
                                          name: 'an article found four times' }).by('gdelt', 'google', 'bing');
  const known = { url: story.uri, title: 'Długi stół, all in for integration', outlet: 'Gazeta Podwórkowa' };
  day.at(t('08:30'), () => day.host(is.gdelt).add({ ...known, url: `${story.uri}?utm_source=rss`, language: 'Polish',
                                                    country: 'Poland' }));
  day.at(t('09:00'), () => day.host(is.google).add({ ...known, url: story.uri, created: t('08:00') }));
  day.at(t('09:10'), () => day.host(is.bing).add({ ...known, url: `${story.uri}?utm_medium=news`, created: t('08:00') }));
  day.article(t('12:30'), { at: is.herald, headline: 'The long table of Praga', body: `${report} ${tag}`,
                            name: 'the same text in another paper' });
  day.article(t('07:20', 19), { at: is.gazeta, headline: 'Rowery z drugiej ręki', body: `Krótko ${tag}`,
                                name: 'an article of the day before' });
  day.article(t('14:00'), { at: is.gazeta, headline: 'Sąsiedzki mecz zakończony remisem', body: `Mecz. ${tag}`,
                            name: 'an article in the afternoon' });
  day.article(t('09:30'), { at: is.vestnik, headline: 'Дълга маса на площада', body: `Маса. ${tag}`,
                            name: 'an article in Bulgarian' });
  day.article(t('15:30'), { at: is.vestnik, headline: 'Хорът пее на дванадесет езика', body: `Хор. ${tag}`,
                            name: 'an article after the trouble' });
  day.article(t('08:40'), { at: is.herald, headline: 'City choir, all in for integration', body: 'No tag here.', class: 'phrase',
                            name: 'the slogan in a headline' });
  day.article(t('16:20'), { at: is.herald, headline: 'After the move', body: `We moved. ${tag}`,
                            name: 'an article behind a moved feed' });
  for (const at of [is.gazeta, is.vestnik, is.herald])
    day.never(t('09:05'), `an article about something else at ${at}`,
              () => day.host(at).add({ headline: `Traffic report of ${at}`, body: 'Roads.' }).link);
  day.article(t('09:50'), { at: is.site, headline: 'Dziękujemy', body: `Było pięknie ${tag}`, partner: 'most',
                            name: 'an article of a partner' });
  day.article(t('10:50'), { at: is.site, headline: 'Szukamy wolontariuszy', body: 'Pomóż.', partner: 'most', class: 'owned',
                            name: 'an article of a partner without the tag' });
  day.at(t('10:00'), () => {                                 // the paper moves, and takes its list along
    day.host(is.heraldNow).items = day.host(is.herald).items;
    day.host(is.herald).movedTo = `https://${is.heraldNow}/feed.json`;
  });
  day.at(t('09:00'), () => { day.host(is.project).at = '/aktualnosci'; });

  day.found(t('06:10'), { url: 'https://www.remote-news.example/2027/06/20/stadt', title: 'Eine Stadt: all in for integration',
                          language: 'German', country: 'Germany', name: 'an article GDELT alone has found' }).host = 'remote-news.example';
  day.found(t('06:20'), { url: 'https://other-news.example/1', title: 'A city', about: 'all in for integration',
                          name: 'an article whose headline does not say it' }).host = 'other-news.example';
  day.listed(t('06:00', 10), { title: 'First meeting', day: '09.06.2027', place: 'LUND, SWEDEN', text: `It was held. ${tag}`,
                               name: 'an item of the project, dated' });
  day.listed(t('12:00'), { title: 'The card is out', day: '20.06.2027', place: 'PLOVDIV, BULGARIA', text: `Take one. ${tag}`,
                           name: 'an item of the day' });
  day.listed(t('14:30'), { title: 'We are all in for integration', text: 'Thank you.', class: 'phrase',
                           name: 'an item without a date' });
  day.at(t('15:00'), () => day.host(is.project).add({ title: 'Privacy', day: '20.06.2027', place: 'LUND, SWEDEN',
                                                      text: 'New rules.' }));
}

/// It closes, breaks off, tells things twice, and says what nobody can read.
function theStreamStumbles(day, t) {
  const stream = day.host(is.stream);
  day.at(t('09:30'), () => stream.restart());
  day.at(t('13:05'), () => stream.restart({ politely: false }));
  day.at(t('15:00'), () => stream.repeat(10));
  day.at(t('16:00'), () => stream.say('{"did":"did:plc:x","kind":"commit","commit":{"operation":"create" #AllInForIntegration'));
}

export function happenings(day, t) {
  for (const part of [theWeeksBefore, aBusyHour, theFediverseTalks, otherNetworksTalk, partnersSpeak, copiesAreOnePost, bridges,
                      wordsAreChanged, postsAreDeleted, thePressWrites,
                      theStreamStumbles]) part(day, t);
}

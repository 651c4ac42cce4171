// A campaign on a network of our own: eleven accounts, some four hundred posts over a day, and an account of it all, so that
// a test can say what is to be found where, and how often each post was liked, shared, answered and quoted.
import { Person, follow, like, post, profile, quoteOf, replyTo, repost } from './people.mjs';

export const tag = 'AllInForIntegration';

const profiles = {
  ines: { displayName: 'Inês Marçal 🌻' },
  olena: { displayName: 'Олена Коваль' },
  yusuf: { displayName: 'Yusuf <b>&"Demir"' },
  mei: { displayName: '林美' },
  tadek: undefined,
  quiet: { displayName: 'Not for everybody', labels: ['!no-unauthenticated'] },
  shy: { displayName: 'Shy', description: 'Choirs and bread. #nobot' },
  most: { displayName: 'Fundacja Most' },
  hafen: { displayName: 'Hafen e. V.' },
  wanda: undefined,
  kasia: undefined,
};
const strangers = ['ines', 'olena', 'yusuf', 'mei', 'tadek'];
const sentences = [
  ['en', 'Soup for sixty in the old fire station'], ['pt', 'Almoço na praça, e ninguém ficou sozinho'],
  ['uk', 'Разом співаємо біля річки 🎶'], ['de', 'Straßenfest bei Regen – schön war’s'],
  ['zh', '今天一起做饺子'], ['pl', 'Gra w szachy na Łąkowej'],
];
const spellings = [tag, tag, tag.toLowerCase(), tag, tag.toUpperCase()];
const minute = 60_000;

/// The posts before anybody answers, as { by, at, text, tagged, more }.
function plan(now) {
  const ago = minutes => now - minutes * minute;
  const posts = [];
  // No two at the same millisecond: then their order is known.
  const add = (by, at, text, { tagged = false, ...more } = {}) => posts.push({ by, at: at - posts.length, text, tagged, more });
  for (let n = 0; n < 120; n += 1) {
    const [language, words] = sentences[n % sentences.length];
    const outside = n % 11 === 10;                           // the tag stands beside the text
    const text = `${words}, ${n} ${outside ? '' : `#${spellings[n % spellings.length]}`}`.trim();
    add(strangers[n % 5], ago(10 + 6 * n), text, { langs: [language], tagged: true, ...(outside && { tags: [tag] }) });
  }
  for (let n = 0; n < 8; n += 1) add(n < 6 ? 'quiet' : 'shy', ago(11 + 70 * n), `A quiet hour ${n} #${tag}`, { tagged: true });
  for (let n = 0; n < 230; n += 1) {
    const tagged = n % 9 === 0;
    add('most', ago(8 + 5 * n), `Day ${n} at the bridge${tagged ? ` #${tag}` : ''}`, { tagged });
  }
  add('hafen', ago(40), 'Open door at the harbour');
  add('hafen', ago(50), `Boats for everyone #${tag}`, { tagged: true });
  add('hafen', ago(3 * 365 * 24 * 60), `Long before it began #${tag}`, { tagged: true });
  const decoys = [`Save the date #${tag}Day`, `The yearbook #${tag}_2025`, 'All in for integration, says the mayor',
                  `${tag} without its sign`, 'A walk by the river #Integration'];
  decoys.forEach((text, n) => add(strangers[n], ago(20 + n), text));
  return posts;
}

async function write(people, posts) {
  for (const [name, person] of Object.entries(people)) {
    const own = posts.filter(({ by }) => by === name);
    const written = await person.write(own.map(({ text, at, more }) => post(text, at, more)));
    written.forEach((reference, n) => Object.assign(own[n], reference, { counts: { likes: 0, reposts: 0, replies: 0, quotes: 0 } }));
  }
}

/// Likes and reposts by other people than the author; each commits what is his at once.
async function react(people, posts, now) {
  const records = Object.fromEntries(Object.keys(people).map(name => [name, []]));
  posts.forEach((each, n) => {
    const others = strangers.filter(name => name !== each.by);
    const [likes, reposts] = [(n + Math.floor(n / 5)) % others.length, n % 3];
    others.slice(0, likes).forEach(name => records[name].push(like(each, now)));
    others.slice(0, reposts).forEach(name => records[name].push(repost(each, now)));
    each.counts.likes += likes;
    each.counts.reposts += reposts;
  });
  for (const each of posts.slice(0, 3)) {                    // a partner's reposts stand in its feed, and are not its posts
    records.most.push(repost(each, now));
    each.counts.reposts += 1;
  }
  for (const [name, person] of Object.entries(people)) await person.write(records[name]);
}

/// Replies and quotes, some with the tag; one answers, and one quotes, a post that is deleted then.
async function answer(people, posts, now) {
  const added = [];
  const say = async (by, text, link, minutes, counted) => {
    const at = now - minutes * minute;
    const reference = await people[by].post(text, at, link);
    added.push({ by, at, text, tagged: text.includes(`#${tag}`), ...reference, counts: { likes: 0, reposts: 0, replies: 0, quotes: 0 } });
    if (counted) counted[0].counts[counted[1]] += 1;
    return added.at(-1);
  };
  const [first, second, third] = posts;
  const reply = await say('olena', `Count us in #${tag}`, replyTo(first), 5, [first, 'replies']);
  await say('yusuf', 'And us', replyTo(reply, first), 4, [reply, 'replies']);
  for (const each of posts.slice(4, 12)) await say('mei', 'Well done', replyTo(each), 4, [each, 'replies']);
  await say('tadek', `Exactly this #${tag}`, quoteOf(second), 4, [second, 'quotes']);
  for (const each of posts.slice(6, 9)) await say('ines', 'Look at this', quoteOf(each), 3, [each, 'quotes']);
  const lost = await say('mei', 'This one goes', replyTo(third), 3, [third, 'replies']);
  await say('ines', `An answer to nothing #${tag}`, replyTo(lost, third), 2);
  await say('olena', `Who said that? #${tag}`, quoteOf(lost), 2);
  await people.mei.remove(lost.uri);
  third.counts.replies -= 1;
  return [...added.filter(each => each !== lost)];
}

/// Fills an empty PDS; gives { tag, accounts, posts, appPassword }, the posts with the newest first.
export async function fill(pds, now = Date.now()) {
  const people = {};
  for (const name of Object.keys(profiles)) people[name] = await Person.create(pds, name);
  for (const [name, fields] of Object.entries(profiles)) if (fields) await people[name].write([profile(fields)]);
  const followers = { ines: ['olena', 'mei', 'tadek'], most: strangers };
  for (const [name, by] of Object.entries(followers)) for (const who of by) await people[who].write([follow(people[name].did, now)]);

  const posts = plan(now);
  await write(people, posts);
  await react(people, posts.filter(({ tagged, by }) => tagged || by === 'hafen'), now);
  posts.push(...await answer(people, posts.filter(({ by }) => strangers.includes(by)), now));

  const { password } = await people.kasia.do('com.atproto.server.createAppPassword', { name: 'campaignd' });
  const accounts = Object.fromEntries(Object.entries(people).map(([name, { did, handle, password: word }]) => [name, {
    did, handle, password: word, followers: followers[name]?.length ?? 0 }]));
  const told = posts.map(({ uri, by, at, tagged, counts }) => ({ uri, by, at, tagged, counts }));
  return { tag, accounts, appPassword: password, posts: told.sort((a, b) => b.at - a.at) };
}

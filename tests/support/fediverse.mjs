// Posts and accounts as Mastodon tells them: status(), and the folding by which it compares hashtags.

const latin = { ß: 'ss', ł: 'l', ø: 'o', đ: 'd', æ: 'ae', œ: 'oe', þ: 'th', ı: 'i' };

/// Lower case, without a leading #, Latin letters without their accents; other scripts as they are.
export function fold(tag) {
  const letter = c => latin[c] ?? c.normalize('NFKD').replace(/^([a-z])\p{M}+$/u, '$1').normalize('NFC');
  return [...tag.replace(/^#/, '').normalize('NFKC').toLowerCase()].map(letter).join('');
}

const escaped = words => words.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
const hashtag = /#([\p{L}\p{M}\p{N}_]+)/gu;

export const tagsOf = words => [...words.matchAll(hashtag)].map(([, name]) => name);

export function html(words, host) {
  const link = (_, name) =>
    `<a href="https://${host}/tags/${encodeURIComponent(name)}" class="mention hashtag" rel="tag">#<span>${name}</span></a>`;
  return `<p>${escaped(words).replace(hashtag, link)}</p>`;
}

export const tagList = (names, host) =>
  names.map(name => ({ name, url: `https://${host}/tags/${encodeURIComponent(name)}` }));

/// The account `handle` (user@host) as `observer` shows it.
/// `moved`: the handle that follows it.
export function account(handle, observer, about = {}) {
  const { note = '', noindex, indexable = true, bot = false, followers = 100, moved, suspended, limited } = about;
  const [user, home] = handle.split('@');
  const local = home === observer;
  const image = `https://${home}/avatars/original/missing.png`;
  return {
    id: String([...handle].reduce((sum, c) => (sum * 131 + c.codePointAt(0)) % 1e15, 7)),
    username: user, acct: local ? user : handle, display_name: user,
    locked: false, bot, discoverable: true, indexable, group: false,
    ...(local ? { noindex: noindex ?? false } : {}),
    created_at: '2023-01-01T00:00:00.000Z', note: note && html(note, home),
    url: `https://${home}/@${user}`, uri: `https://${home}/users/${user}`,
    avatar: image, avatar_static: image, header: image, header_static: image,
    followers_count: followers, following_count: 10, statuses_count: 20, last_status_at: '2027-06-19',
    hide_collections: false, emojis: [], fields: [],
    ...(moved && { moved: account(moved, observer) }), ...(suspended && { suspended }), ...(limited && { limited }),
  };
}

/// A public status. `post`: { by: 'user@host', text, created, uri?, tags?, language?, likes?, reposts?, replies?, quotes?, extra? … },
/// or a boost: { by, boosts: the status it boosts, created }.
export function status(post, id, observer) {
  const { by, text = '', created, language = 'en' } = post;
  const [user, home] = by.split('@');
  const uri = post.uri ?? `https://${home}/users/${user}/statuses/${id}`;
  return {
    id, created_at: new Date(created).toISOString(),
    in_reply_to_id: null, in_reply_to_account_id: null, sensitive: false, spoiler_text: '', visibility: 'public', language,
    uri, url: `https://${home}/@${user}/${uri.split('/').pop()}`,
    replies_count: post.replies ?? 0, reblogs_count: post.reposts ?? 0, favourites_count: post.likes ?? 0, quotes_count: post.quotes ?? 0,
    edited_at: null, content: html(text, home), reblog: post.boosts ?? null, quote: null,
    account: account(by, observer, post),
    media_attachments: [], mentions: [], tags: tagList(post.tags ?? tagsOf(text), observer), emojis: [], card: null, poll: null,
    ...post.extra,
  };
}

// t.me as visitors meet it: the web preview of public channels, twenty messages a page, the oldest first.
import { text } from '../answers.mjs';

const pageSize = 20;
const escape = words => words.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
const say = body => ({ ...text(body), headers: { 'content-type': 'text/html; charset=utf-8', server: 'nginx/1.18.0',
                                                 'cache-control': 'no-store', pragma: 'no-cache',
                                                  'strict-transport-security': 'max-age=35768000' } });

/// 37249 as "37.2K".
export function short(count) {
  const [unit, letter] = count >= 1e6 ? [1e6, 'M'] : count >= 1e3 ? [1e3, 'K'] : [1, ''];
  return `${String(Math.floor((count / unit) * 10) / 10)}${letter}`;
}

/// Hashtags lead to a search of the channel, addresses to where they lead.
function rich(words) {
  return escape(words).replace(/(https:\/\/[^\s<]+)|#([\p{L}\p{M}\p{N}_]+)/gu, (all, url, tag) =>
    (url ? `<a href="${url}" target="_blank" rel="noopener">${url}</a>` : `<a href="?q=%23${encodeURIComponent(tag)}">#${tag}`
      + `</a>`)).replace(/\n/g, '<br>');
}

export class TelegramHost {
  #channels = new Map();   // name in lower case -> { name, title, subscribers, preview, messages }

  constructor(host, now) {
    Object.assign(this, { host, now });
  }

  // --- what channels do --------------------------------------------------------------------------------------------

  /// preview: false for a channel that shows none.
  know(name, about = {}) {
    const known = this.#channels.get(name.toLowerCase()) ?? { name, title: name, subscribers: 1000, preview: true, busy: false,
                                                              next: 1, messages: [] };
    this.#channels.set(name.toLowerCase(), Object.assign(known, about));
    return known;
  }

  /// forwarded: the channel it is taken from; service: Telegram's own message. likes undefined: reactions are off.
  add({ by, text: words = '', created = this.now(), likes, views = 1, photo = false, forwarded, service = false, replyTo }) {
    const channel = this.know(by);
    const message = { id: channel.next, channel, text: words, created, likes, views, photo, forwarded, service, replyTo,
                      edited: false };
    channel.next += photo ? 2 : 1;                           // the members of an album take a number each
    channel.messages.push(message);
    return message;
  }

  find(name, id) {
    return this.#channels.get(name.toLowerCase())?.messages.find(message => message.id === id);
  }

  edit(name, id, words) {
    Object.assign(this.find(name, id), { text: words, edited: true });
  }

  bump(name, id, steps) {
    const message = this.find(name, id);
    for (const [key, step] of Object.entries(steps)) message[key] = (message[key] ?? 0) + step;
  }

  remove(name, id) {
    const { messages } = this.#channels.get(name.toLowerCase());
    messages.splice(messages.findIndex(message => message.id === id), 1);
  }

  // --- what visitors see -------------------------------------------------------------------------------------------

  answer({ path, query }) {
    const [, preview, name] = path.match(/^\/(s\/)?(\w+)$/) ?? [];
    if (!name) return undefined;
    const channel = this.#channels.get(name.toLowerCase());
    if (!preview || !channel) return this.#card(channel, name);
    if (!channel.preview) return { ...text('', 302), headers: { location: `https://${this.host}/${channel.name}` } };
    const before = query.has('before') ? Number(query.get('before')) : Infinity;
    const older = channel.messages.filter(({ id }) => id < before);
    const page = channel.busy ? [] : older.slice(-pageSize);
    return say(this.#page(channel, page, older.length > page.length && page.length > 0));
  }

  #card(channel, name) {
    const about = channel ? `<div class="tgme_page_title"><span dir="auto">${escape(channel.title)}</span></div>`
                            + `<div class="tgme_page_extra">${channel.subscribers} subscribers</div>`
      : `<div class="tgme_page_icon"><i class="tgme_icon_user"></i></div><div class="tgme_page_description">If you have `
        + `<strong>Telegram</strong>, you can contact <a class="tgme_username_link" href="tg://resolve?domain=${name}">@${name}`
        + `</a> right away.</div>`;
    return say(`<!DOCTYPE html>\n<html>\n<head><meta charset="utf-8"><title>Telegram: Contact @${name}</title></head>\n`
               + `<body class="no_transition"><div class="tgme_page_wrap"><div class="tgme_body_wrap">`
               + `<div class="tgme_page">${about}</div></div></div></body>\n</html>\n`);
  }

  #page(channel, page, older) {
    const counter = (value, type) => `<div class="tgme_channel_info_counter"><span class="counter_value">${value}</span> `
                                     + `<span class="counter_type">${type}</span></div>`;
    const at = page[0]?.id;
    const more = older ? `<div class="tgme_widget_message_centered js-messages_more_wrap">`
                         + `<a href="/s/${channel.name}?before=${at}" class="tme_messages_more js-messages_more" data-before="${at}"></a></div>` : '';
    const messages = page.length ? page.map(message => this.#message(message)).join('\n')
      : '<div class="tgme_widget_message_wrap js-widget_message_wrap"><div class="tgme_widget_message_centered"><div class="tme_no_messages_found">No posts found</div></div></div>';
    return `<!DOCTYPE html>\n<html>\n<head><meta charset="utf-8"><title>${escape(channel.title)} – Telegram`
           + `</title>${older ? `<link rel="prev" href="/s/${channel.name}?before=${at}">` : ''}`
           + `<link rel="canonical" href="/s/${channel.name}"></head>\n`
      + `<body class="widget_frame_base tgme_webpreview"><main class="tgme_main" data-url="/${channel.name}">`
      + `<section class="tgme_right_column"><div class="tgme_channel_info">`
      + `<div class="tgme_channel_info_header_title"><span dir="auto">${escape(channel.title)}</span></div>`
      + `<div class="tgme_channel_info_header_username"><a href="https://t.me/${channel.name}">@${channel.name}</a></div>`
      + `<div class="tgme_channel_info_counters">${counter(short(channel.subscribers), 'subscribers')}${counter('12', 'photos')}`
      + `</div></div></section>\n`
      + `<section class="tgme_channel_history js-message_history">${more}${messages}</section></main></body>\n</html>\n`
      + `<!-- page generated in 9.1ms -->\n`;
  }

  #message({ id, channel, text: words, created, likes, views, photo, forwarded, service, replyTo, edited }) {
    const link = `https://t.me/${channel.name}/${id}`;
    const time = new Date(created).toISOString();
    const parts = [
      `<div class="tgme_widget_message_author accent_color">`
      + `<a class="tgme_widget_message_owner_name" href="https://t.me/${channel.name}"><span dir="auto">${escape(channel.title)}`
      + `</span></a></div>`,
      forwarded && `<div class="tgme_widget_message_forwarded_from accent_color">Forwarded from&nbsp;`
                   + `<a class="tgme_widget_message_forwarded_from_name" href="https://t.me/${forwarded}/7">`
                   + `<span dir="auto">${forwarded}</span></a></div>`,
      replyTo && `<a class="tgme_widget_message_reply" href="https://t.me/${channel.name}/${replyTo}">`
                 + `<div class="tgme_widget_message_metatext js-message_reply_text" dir="auto">…</div></a>`,
      photo && `<a class="tgme_widget_message_photo_wrap" href="${link}?single" style="background-image:url('https://cdn.example/${id}.jpg')"></a>`,
      words && `<div class="tgme_widget_message_text js-message_text" dir="auto">${rich(words)}</div>`,
      likes !== undefined && `<div class="tgme_widget_message_reactions js-message_reactions"><span class="tgme_reaction">`
                             + `<i class="emoji"><b>👍</b></i>${short(likes)}</span></div>`,
      `<div class="tgme_widget_message_footer compact js-message_footer">`
      + `<div class="tgme_widget_message_info short js-message_info">`
        + `${service ? '' : `<span class="tgme_widget_message_views">${short(views)}</span><span class="copyonly"> views</span>`}`
        + `<span class="tgme_widget_message_meta">${edited ? 'edited &nbsp;' : ''}`
        + `<a class="tgme_widget_message_date" href="${link}">`
        + `<time datetime="${time.slice(0, 19)}+00:00" class="time">${time.slice(11, 16)}</time></a></span></div></div>`,
    ];
    return `<div class="tgme_widget_message_wrap js-widget_message_wrap">`
           + `<div class="tgme_widget_message text_not_supported_wrap ${service ? 'service_message ' : ''}js-widget_message" data-post="${channel.name}/${id}" data-view="eyJ${id}">`
      + `<div class="tgme_widget_message_bubble">${parts.filter(Boolean).join('')}</div></div></div>`;
  }
}

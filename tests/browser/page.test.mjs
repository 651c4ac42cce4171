// The page in a real browser, over a recorded campaign and one hostile feed: node page.test.mjs BINARY [SCREENSHOT_DIR]
// PLAYWRIGHT_DIR is where playwright-core and axe-core are installed (../../build/npm-tests). Exit 77: no browser or no packages.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { originHosts, recordedCampaign, skip, Skip, test } from '../support/harness.mjs';
import { campaignToml, daemonToml, openEdition } from '../support/settings.mjs';
import { until } from '../support/daemon.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const modules = path.resolve(process.env.PLAYWRIGHT_DIR ?? path.join(here, '../../build/npm-tests'));
const pictures = process.argv[3];
const browserFile = process.env.CHROMIUM ?? '/usr/bin/chromium';
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

const hostile = '<img src=x onerror="window.hacked=1"><script>window.hacked=2</script>\u202Egnp.exe\u202C "\'&amp;';
const overlong = 'Donaudampfschifffahrtsgesellschaftskapitaen'.repeat(4);
const escaped = words => words.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
const feed = () => {
  const items = [hostile, overlong, 'javascript link'].map((title, n) => `<item><title>${escaped(escaped(title))}</title>`
    + `<link>${n === 2 ? 'javascript:window.hacked=3' : `https://hostile.example/${n}`}</link><guid isPermaLink="false">${n}</guid>`
    + `<pubDate>${new Date(Date.now() - n * 60_000).toUTCString()}</pubDate><description>#IchBinHanna</description></item>`);
  return { body: `<?xml version="1.0"?><rss version="2.0"><channel><title>x</title><link>https://hostile.example/</link><description/>${items.join('')}</channel></rss>` };
};

const campaign = campaignToml({
  campaign: { name: `A <b>bold</b> campaign` },
  editions: [openEdition],
  terms: [{ id: 'tag', class: 'hashtag', text: 'IchBinHanna' }],
  partners: [
    { id: 'one', name: 'Fundacja <script>window.hacked=4</script>', country: 'PL', type: 'ngo', accounts: ['mastodon:one@mastodon.social'], outlets: ['one.example'] },
    { id: 'two', name: 'Сдружение Дом', country: 'BG', type: 'ngo' },
    { id: 'hostile', name: 'Hostile News', country: 'IE', type: 'media', outlets: ['hostile.example'] },
    ...Array.from({ length: 14 }, (_, n) => ({ id: `many${n}`, name: `Town ${n}`, country: 'IE', type: 'municipality' })),
  ],
  sources: [
    { id: 'social', connector: 'mastodon', host: 'mastodon.social', tags: ['ichbinhanna'], every: '5min' },
    { id: 'paper', connector: 'feed', url: 'https://hostile.example/feed.xml', every: '5min' },
    { id: 'closed', connector: 'mastodon', host: 'closed.example', tags: ['ichbinhanna'], every: '5min' },
  ],
});

/// The recorded pages, or sixty invented posts where there are none.
function populate(world) {
  world.quiet('closed.example');
  world.feed('hostile.example', '/feed.xml', feed);
  try {
    const { files, metas, statuses } = recordedCampaign();
    world.pagesFromFiles('mastodon.social', 'ichbinhanna', files, metas);
    world.quiet(...originHosts(statuses, 'mastodon.social').filter(host => host !== 'closed.example'));
  } catch (error) {
    if (!(error instanceof Skip)) throw error;
    const server = world.mastodon('mastodon.social');
    for (let n = 0; n < 60; n += 1)
      server.add({ by: `${n % 7 ? 'ania' : 'one'}@mastodon.social`, text: `Table ${n} #IchBinHanna`, created: Date.now() - n * 5 * 3600_000, likes: n % 5 });
  }
}

function tools() {
  if (!fs.existsSync(browserFile)) skip(`no browser at ${browserFile}`);
  const need = createRequire(path.join(modules, 'package.json'));
  try {
    return { chromium: need('playwright-core').chromium, axe: fs.readFileSync(need.resolve('axe-core/axe.min.js'), 'utf8') };
  } catch (error) {
    return skip(`playwright-core and axe-core are not installed in ${modules}: ${error.message.split('\n')[0]}`);
  }
}

test('the page shows what the API says, to everybody, and nothing else', async stage => {
  const { chromium, axe } = tools();
  const world = stage.world();
  populate(world);
  await world.start();
  const daemon = await stage.start({ config: daemonToml(world), campaign });
  await daemon.until(async () => (await daemon.sql("SELECT source FROM poll WHERE outcome <> 'interrupted' AND source IN ('social','paper','closed') GROUP BY 1")).length === 3
    && (await daemon.get('/api/v1/sources')).sources.every(({ last_poll_utc: last }) => last), 90_000, 'every source was read once');
  const browser = await chromium.launch({ executablePath: browserFile, headless: true, args: flags });
  const problems = [];
  try {
    for (const [name, options] of Object.entries({
      'light-1400': { viewport: { width: 1400, height: 900 }, colorScheme: 'light' },
      'dark-1400': { viewport: { width: 1400, height: 900 }, colorScheme: 'dark' },
      'narrow-360': { viewport: { width: 360, height: 740 }, colorScheme: 'light' },
    })) problems.push(...(await look(browser, daemon, axe, name, options)).map(problem => `${name}: ${problem}`));
    problems.push(...await saysWhatIsAmiss(browser, daemon));
  } finally {
    await browser.close();
  }
  assert.equal((await daemon.stop()).code, 0);
  assert.deepEqual(problems, []);
});

/// Opens the page once and gives what is wrong with it.
async function look(browser, daemon, axe, name, options) {
  const problems = [];
  const context = await browser.newContext({ ...options, bypassCSP: false, reducedMotion: 'reduce', locale: 'en-GB', timezoneId: 'Europe/Warsaw' });
  const page = await context.newPage();
  const charts = (await daemon.raw('/web/echarts.js', { 'accept-encoding': 'gzip' })).status === 200;
  page.on('console', message => { if (['error', 'warning'].includes(message.type()) && !(!charts && `${message.location().url} ${message.text()}`.includes('/web/echarts.js'))) problems.push(`console: ${message.text()}`); });
  page.on('pageerror', error => problems.push(`error: ${error.message}`));
  page.on('dialog', dialog => { problems.push(`dialog: ${dialog.message()}`); void dialog.dismiss(); });
  page.on('request', request => { if (!/^(http:\/\/127\.0\.0\.1:|data:|blob:)/.test(request.url())) problems.push(`asked elsewhere: ${request.url()}`); });
  await page.addInitScript(() => { addEventListener('securitypolicyviolation', event => { (globalThis.violations ??= []).push(`${event.violatedDirective} ${event.blockedURI}`); }); });
  await page.goto(`http://127.0.0.1:${daemon.port}/`);
  const filled = () => document.querySelectorAll('#posts-table tbody tr').length > 0 && !document.querySelector('.waiting');
  await until(() => page.evaluate(filled), 15_000).catch(() => problems.push('the tables stayed empty'));   // waitForFunction needs eval
  await page.waitForTimeout(1200);                           // the chart draws itself

  problems.push(...await sameAsTheApi(page, daemon), ...await isFilled(page, charts), ...await speaksToPeople(page), ...await tellsTheHours(page, daemon), ...await isInert(page));
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (overflow > 0) problems.push(`the page is ${overflow} px wider than the window`);
  problems.push(...(await page.evaluate(() => globalThis.violations ?? [])).map(words => `policy: ${words}`));
  if (pictures) {
    fs.mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage: true });
  }
  problems.push(...await tellsItsWorth(page, daemon), ...await isAccessible(page, axe), ...await definitionsOpen(page), ...await unfolds(page));
  await context.close();
  return problems;
}

async function sameAsTheApi(page, daemon) {
  const { sentence, figures, campaign: { name } } = await daemon.get('/api/v1/summary');
  const shown = await page.evaluate(() => ({ sentence: document.querySelector('#sentence').textContent, title: document.querySelector('#campaign').textContent, facts: document.querySelector('#facts').innerText,
    cards: [...document.querySelectorAll('#cards article')].map(card => [card.querySelector('h3').firstChild.textContent.trim(), card.querySelector('.amount').firstChild.textContent.trim()]) }));
  const problems = [];
  const digits = words => words.replace(/[^\d]/g, '');
  if (!/(Running|Preliminary|Final)[,:;]/.test(shown.facts)) problems.push(`nothing says how far the figures have come: ${shown.facts}`);
  if (shown.title !== name) problems.push(`title: ${shown.title}`);
  // The API's sentence carries the minute it was made in; the page's may be a moment older.
  const timeless = words => words.replace(/\d{1,2}:\d{2}(:\d{2})?/g, 'TIME');
  if (timeless(shown.sentence) !== timeless(sentence)) problems.push(`sentence: ${JSON.stringify(shown.sentence)}, not ${JSON.stringify(sentence)}`);
  const mentions = Object.fromEntries(shown.cards).Mentions ?? '';
  if (!figures.mentions.value || digits(mentions) !== String(figures.mentions.value)) problems.push(`mentions: ${mentions}, not ${figures.mentions.value}`);
  return problems;
}

async function isFilled(page, charts) {
  const problems = [];
  const rows = await page.evaluate(() => Object.fromEntries(['platforms', 'partners', 'posts', 'sources', 'coverage', 'timeline', 'method']
    .map(part => [part, document.querySelectorAll(`#${part}-table tbody tr`).length])));
  for (const [part, least] of Object.entries({ platforms: 2, partners: 17, posts: 20, sources: 3, coverage: 3, timeline: 1, method: 25 }))
    if (rows[part] < least) problems.push(`table of ${part}: ${rows[part]} rows`);
  const canvas = await page.evaluate(() => {
    const drawn = document.querySelector('#chart canvas');
    return drawn && { width: drawn.width, label: document.querySelector('#chart').getAttribute('aria-label'),
      inked: new Set(drawn.getContext('2d').getImageData(0, 0, drawn.width, drawn.height).data).size > 8 };
  });
  if (charts && !(canvas?.width > 100 && canvas.inked && canvas.label)) problems.push(`the chart: ${JSON.stringify(canvas)}`);
  if (!charts && await page.isHidden('#chart-missing')) problems.push('no chart, and no word about it');
  return problems;
}

/// What a reader looks for in words: the press sheets, what an article is, what a source is and showed last.
async function speaksToPeople(page) {
  const told = await page.evaluate(() => ({
    downloads: [...document.querySelectorAll('#about a')].map(link => link.getAttribute('href')),
    posts: document.querySelector('#posts-table').textContent, sources: document.querySelector('#sources-table').textContent,
  }));
  const problems = ['/report/media.csv', '/report/terms.csv', '/report/changes.csv'].filter(at => !told.downloads.includes(at)).map(at => `no download of ${at}`);
  if (!told.posts.includes("partner's page")) problems.push('articles on a partner\'s site look like media pickup');
  if (!told.sources.includes('Feeds, hostile.example')) problems.push('the connector of a source is not in words');
  if (!/3 items3 about the campaign/.test(told.sources)) problems.push(`a source's last poll is not told: ${told.sources}`);
  return problems;
}

/// A letter an hour, and the same in words for who does not see it; as the API says it.
async function tellsTheHours(page, daemon) {
  const { sources, legend } = await daemon.get('/api/v1/coverage');
  const strips = await page.evaluate(() => [...document.querySelectorAll('#coverage-table tbody tr')].map(row => ({ source: row.querySelector('th').textContent,
    letters: row.querySelectorAll('.hour').length, label: row.querySelector('.strip')?.getAttribute('aria-label') ?? '' })));
  const problems = [];
  for (const { source, hours } of sources) {
    const strip = strips.find(each => each.source === source);
    if (Math.min(hours.length, 48) - (strip?.letters ?? 0) > 1) problems.push(`hours of ${source}: ${JSON.stringify(strip)}, not ${hours}`);
    if (!legend.some(({ state }) => strip?.label.includes(state))) problems.push(`hours of ${source} in words: ${strip?.label}`);
  }
  return problems;
}

/// What the numbers are worth is one click away, with a definition beside each figure; as the API says it.
async function tellsItsWorth(page, daemon) {
  const problems = [];
  if (await page.isVisible('#method-table')) problems.push('the method is unfolded before anybody asks');
  await page.locator('#method summary').click();
  if (!await page.isVisible('#method-table')) problems.push('the method does not unfold');
  const { figures, concentration } = await daemon.get('/api/v1/method');
  const shown = await page.evaluate(() => ({ text: document.querySelector('#method-table').textContent,
    ids: [...document.querySelectorAll('#method-table button')].map(button => button.textContent),
    posts: document.querySelector('#method-table tbody td').textContent, overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth }));
  for (const [id, { name }] of Object.entries(figures)) if (!shown.ids.includes(id) || !shown.text.includes(name)) problems.push(`the method lacks ${id} ${name}`);
  if (shown.posts.replace(/[^\d]/g, '') !== String(concentration.all.posts)) problems.push(`concentration: ${shown.posts} posts, not ${concentration.all.posts}`);
  if (!shown.text.includes('between 1 % and 20 % of the potential ones')) problems.push('potential impressions stand alone');
  if (shown.overflow > 0) problems.push(`the method is ${shown.overflow} px wider than the window`);
  await page.locator('#method-table button', { hasText: 'M-11' }).click();   // a rule: no file computes it
  const told = () => /Version\d+, valid from/.test(document.querySelector('#definition-text').textContent);
  await until(() => page.evaluate(told), 5000).catch(() => problems.push('a definition does not tell its version'));
  await page.keyboard.press('Escape');
  return problems;
}

/// Strangers' words are words.
async function isInert(page) {
  const found = await page.evaluate(() => ({
    hacked: globalThis.hacked, text: document.querySelector('main').innerText, images: document.querySelectorAll('main img, main svg script, main script, main iframe, main b').length,
    links: [...document.links].filter(({ href }) => !/^https?:/.test(href)).map(({ href }) => href),
    unmarked: [...document.links].filter(({ href, rel }) => !href.startsWith(location.origin) && !['noopener', 'noreferrer', 'nofollow'].every(word => rel.split(' ').includes(word))).map(({ href }) => href),
  }));
  const problems = [];
  if (found.hacked !== undefined) problems.push(`a stranger's script ran: ${found.hacked}`);
  if (found.images) problems.push(`${found.images} elements of a stranger's making`);
  if (found.links.length) problems.push(`links that lead nowhere good: ${found.links}`);
  if (found.unmarked.length) problems.push(`links out without noopener noreferrer nofollow: ${found.unmarked.slice(0, 3)}`);
  if (!found.text.includes('<script>')) problems.push('the hostile title is not shown as it was written');
  if (/[\u202A-\u202E\u2066-\u2069]/.test(found.text)) problems.push('direction marks are obeyed');
  return problems;
}

/// No serious or critical finding. axe is evaluated by the debugger, which no policy forbids.
async function isAccessible(page, axe) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return violations.filter(({ impact }) => ['serious', 'critical'].includes(impact))
    .map(({ id, impact, nodes }) => `axe ${impact} ${id}: ${nodes.slice(0, 3).map(({ target, failureSummary }) => `${target} (${failureSummary.split('\n')[1]?.trim()})`).join('; ')}`);
}

/// A definition opens with the keyboard, and the focus comes back.
async function definitionsOpen(page) {
  const button = page.locator('#cards button').first();
  if (await button.count() === 0) return ['no definition button'];
  await button.focus();
  await page.keyboard.press('Enter');
  const told = () => document.querySelector('#definition').open && document.querySelector('#definition-text').textContent.includes('valid from');
  const opened = await until(() => page.evaluate(told), 5000).catch(() => false);
  if (!opened) return ['the definition does not open'];
  await page.keyboard.press('Escape');
  const back = await page.evaluate(() => document.activeElement?.closest('#cards') !== null && !document.querySelector('#definition').open);
  return back ? [] : ['the focus is lost when the definition closes'];
}

/// Of a long table the rest is one click away, and on paper without one.
async function unfolds(page) {
  const problems = [];
  const last = page.locator('#partners-table details.more tr').last();
  if (await last.isVisible()) problems.push('a long table is not folded');
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  if (!await last.isVisible()) problems.push('paper lacks the rest of a table');
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  await page.emulateMedia({ media: 'screen' });
  if (await last.isVisible()) problems.push('what was unfolded for paper stays so');
  await page.locator('#partners-table summary').click();
  if (!await last.isVisible()) problems.push('a long table does not unfold');
  return problems;
}

/// What this daemon has no cause to say: its answers are changed on their way.
async function saysWhatIsAmiss(browser, daemon) {
  const page = await (await browser.newContext()).newPage();
  const answer = (at, change) => page.route(`**${at}*`, async route => {
    const response = await route.fetch();
    await route.fulfill({ response, json: change(await response.json()) });
  });
  await answer('/api/v1/summary', body => ({ ...body, configuration: { loaded_utc: '2026-06-20T10:00:00Z', problem: `campaign.toml:3:1: ${hostile}` },
    standing: { word: 'final', sentence: 'final: sealed on 4 July 2025, as of 2025-07-04T07:00:00Z' },
    figures: { ...body.figures, mentions: { ...body.figures.mentions, coverage: 0.97, refilled: 0.03, longest_gap_s: 7200, erased_since: 12 },
      actions: { ...body.figures.actions, value: 138, low: 140, high: 171, range: 'interval90', status: 'ok', reason: null } } }));
  await answer('/api/v1/partners', ({ partners }) => ({ partners: partners.map((partner, n) => (n > 0 ? partner : { ...partner,
    evidence: ['configured', 'domain handle', 'verified link'].map(why => ({ account: 'a', why, detail: null, since_utc: '2025-06-01T00:00:00Z' })),
    performance: { value: 1.8333, n: 5, earlier: 40, reason: null } })) }));
  await answer('/api/v1/sources', ({ sources }) => ({ sources: sources.map(source => ({ ...source, last_success_utc: null })) }));
  await answer('/api/v1/posts', () => ({ posts: [] }));
  await page.goto(`http://127.0.0.1:${daemon.port}/`);
  const text = at => page.evaluate(where => document.querySelector(where).textContent, at);
  const problems = [];
  await until(async () => (await text('#banners')).includes('campaign.toml:3:1: <img'), 10_000).catch(async () => problems.push(`no word of a refused configuration: ${await text('#banners')}`));
  await until(async () => (await text('#posts-table')).startsWith('Nothing has been read yet'), 10_000).catch(async () => problems.push(`nothing read: ${await text('#posts-table')}`));
  for (const [at, words] of [['#facts', 'Final: sealed on 4 July 2025, as of 2025-07-04T07:00:00Z (the seal)'],
    ['#cards', '97 % of planned time covered (3 % only afterwards), longest gap 2 h'], ['#cards', '12 posts were erased since'],
    ['#cards', 'between 140 and 171 by now, nine times in ten: they grow between readings'],
    ['#partners-table', 'domain handle, verified link'], ['#partners-table', '1.8 times its usual (5 posts)']])
    await until(async () => (await text(at)).includes(words), 10_000).catch(async () => problems.push(`${at} lacks "${words}": ${await text(at)}`));
  const seal = await page.evaluate(() => document.querySelector('#facts a')?.getAttribute('href'));
  if (seal !== `/report/seal.json?edition=${openEdition.id}`) problems.push(`the seal: ${seal}`);
  await page.context().close();
  return problems;
}

// The port as a browser, a spreadsheet and an attacker meet it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { parseCsv } from '../support/csv.mjs';
import { test } from '../support/harness.mjs';
import { campaignTag, campaignToml, daemonToml, openEdition } from '../support/settings.mjs';

const host = 'home.example';
const difficult = 'Dom "Przystań", Łódź';                     // a comma, quotes, letters beyond ASCII
const formula = '=HYPERLINK("https://evil.example","click")';

const campaign = campaignToml({
  editions: [openEdition],
  terms: [campaignTag],
  partners: [
    { id: 'dom', name: difficult, country: 'PL', type: 'ngo', accounts: [`mastodon:dom@${host}`], outlets: ['dom.example'] },
    { id: 'sum', name: formula, country: 'DE', type: 'ngo', accounts: [`mastodon:sum@${host}`], outlets: ['sum.example'] },
  ],
  sources: [{ id: 's1', connector: 'mastodon', host, tags: ['allinforintegration'] }],
});

const api = ['summary', 'timeline', 'posts', 'partners', 'sources', 'coverage', 'method', 'definitions'].map(name => `/api/v1/${name}`);
const sheets = ['summary', 'partners', 'by_day', 'by_platform', 'media', 'media_countries', 'terms', 'sources', 'changes', 'measures', 'dictionary'].map(name => `/report/${name}.csv`);
const plain = ['/healthz', '/readyz', '/metrics'];
const pages = [...plain, ...api, ...sheets];

test('the port is careful with browsers, spreadsheets and strangers', async stage => {
  const world = stage.world();
  const server = world.mastodon(host);
  for (const [n, name] of ['dom', 'sum', 'ania'].entries())
    server.add({ by: `${name}@${host}`, text: `Open day number ${n} #AllInForIntegration`, created: Date.UTC(2025, 5, 20, 8, n), likes: n });
  await world.start();
  const daemon = await stage.start({ config: daemonToml(world), campaign });
  await daemon.until(async () => await daemon.one('SELECT count(*) FROM post') === 3, 60_000, 'three posts');

  await everyPageAnswers(daemon);
  await sourcesTellOnePoll(daemon);
  await everyAnswerIsArmoured(daemon);
  await onlyOurOwnNames(daemon);
  await onlyReading(daemon);
  await noForeignPages(daemon);
  await unknownPathsAreProblems(daemon);
  await anIdleReaderCosts304(daemon);
  await headIsGetWithoutTheBody(daemon);
  await spreadsheetsAreSafe(daemon);
  await wholeNumbersAreWhole(daemon);
  await everySheetIsOffered(daemon);
  await theCommandLineHelps(stage);
  await refusedReloadsAreSeen(stage, daemon);
  assert.equal((await daemon.raw('/healthz')).status, 200, 'and it is still well');
  assert.equal((await daemon.stop()).code, 0);
});

async function everyPageAnswers(daemon) {
  for (const at of pages) assert.equal((await daemon.raw(at)).status, 200, `GET ${at}`);
  for (const at of api) {
    const { headers, body } = await daemon.raw(at);
    assert.match(headers['content-type'], /^application\/json/, at);
    JSON.parse(body);
  }
  assert.match((await daemon.raw('/')).headers['content-type'], /^text\/html/);
}

/// The items of one poll, however often the source was asked; a partner's own posts are owned.
async function sourcesTellOnePoll(daemon) {
  const told = async () => {
    const { found, matched } = (await daemon.get('/api/v1/sources')).sources.find(({ id }) => id === 's1');
    return found === 3 && matched === 3;
  };
  await daemon.until(told, 30_000, 'three items, and all about the campaign');
  for (const { relation, copy, partner } of (await daemon.get('/api/v1/posts')).posts)
    assert.deepEqual([relation, copy], [partner ? 'owned' : 'earned', false]);
}

async function everyAnswerIsArmoured(daemon) {
  const foreign = { host: 'evil.example' };
  const answers = { '/': {}, [api[0]]: {}, [sheets[0]]: {}, '/metrics': {}, '/no/such/path': {}, '/healthz': foreign };
  for (const [at, headers] of Object.entries(answers)) {
    const given = (await daemon.raw(at, headers)).headers;
    assert.equal(given['x-content-type-options'], 'nosniff', at);
    assert.equal(given['referrer-policy'], 'no-referrer', at);
    assert.equal(given['x-frame-options'], 'DENY', at);
    assert.equal(given['cross-origin-resource-policy'], 'same-origin', at);
    assert.equal(given['cross-origin-opener-policy'], 'same-origin', at);
    assert.equal(given['access-control-allow-origin'], undefined, at);
    assert.equal(given['x-powered-by'], undefined, at);
    for (const rule of ["default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"])
      assert.ok(given['content-security-policy']?.includes(rule), `${at}: ${rule} in ${given['content-security-policy']}`);
    assert.ok(!/unsafe-(inline|eval)/.test(given['content-security-policy']), `${at}: nothing unsafe`);
  }
}

async function onlyOurOwnNames(daemon) {
  const status = async name => (await daemon.raw('/api/v1/summary', { host: name })).status;
  assert.equal(await status(`127.0.0.1:${daemon.port}`), 200);
  assert.equal(await status(`localhost:${daemon.port}`), 200);
  for (const name of ['evil.example', `evil.example:${daemon.port}`, `127.0.0.1.evil.example:${daemon.port}`, `localhost.evil.example:${daemon.port}`,
                      '127.0.0.1:1', `127.0.0.2:${daemon.port}`])
    assert.equal(await status(name), 421, `Host: ${name}`);
  const hosts = (...names) => `GET /healthz HTTP/1.1\r\n${names.map(name => `Host: ${name}\r\n`).join('')}Connection: close\r\n\r\n`;
  assert.match(await wire(daemon, hosts()), /^HTTP\/1\.1 4(00|21) /, 'no Host at all');
  assert.match(await wire(daemon, hosts(`127.0.0.1:${daemon.port}`, 'evil.example')), /^HTTP\/1\.1 4(00|21) /, 'two of them');
  assert.match(await wire(daemon, `GET http://evil.example/healthz HTTP/1.1\r\nHost: 127.0.0.1:${daemon.port}\r\nConnection: close\r\n\r\n`),
               /^HTTP\/1\.1 4(00|04|21) /, 'another name in the request line');
}

/// The bytes that come back for the bytes that go.
function wire(daemon, bytes) {
  return new Promise((done, failed) => {
    let said = '';
    const socket = net.connect(daemon.port, '127.0.0.1', () => socket.write(bytes));
    socket.setTimeout(15_000, () => socket.destroy(new Error(`no end to the answer to ${JSON.stringify(bytes)}`)));
    socket.setEncoding('latin1').on('data', piece => { said += piece; }).on('close', () => done(said)).on('error', failed);
  });
}

async function onlyReading(daemon) {
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
    const { status, headers } = await daemon.raw('/api/v1/summary', {}, method);
    assert.equal(status, 405, method);
    assert.deepEqual(headers.allow?.split(/,\s*/).sort(), ['GET', 'HEAD'], `${method}: Allow`);
  }
}

async function noForeignPages(daemon) {
  const from = (site, mode, dest) => ({ 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': dest });
  const status = async (at, headers) => (await daemon.raw(at, headers)).status;
  for (const at of [sheets[0], api[0], '/'])
    for (const dest of ['script', 'image', 'empty', 'style'])
      assert.equal(await status(at, from('cross-site', dest === 'empty' ? 'cors' : 'no-cors', dest)), 403, `${at} as a stranger's ${dest}`);
  assert.equal(await status(api[0], { origin: 'https://evil.example' }), 403, 'a foreign Origin');
  assert.equal(await status('/', from('cross-site', 'navigate', 'document')), 200, 'a link on another page leads here');
  assert.equal(await status('/', from('none', 'navigate', 'document')), 200, 'typed by hand');
  assert.equal(await status(api[0], from('same-origin', 'cors', 'empty')), 200, 'our own page');
  assert.equal(await status(api[0], { origin: `http://127.0.0.1:${daemon.port}`, ...from('same-origin', 'cors', 'empty') }), 200, 'our own Origin');
}

async function unknownPathsAreProblems(daemon) {
  for (const at of ['/no/such/path', '/api/v1/nothing', '/report/nothing.csv']) {
    const { status, headers, body } = await daemon.raw(at);
    assert.equal(status, 404, at);
    assert.match(headers['content-type'], /^application\/problem\+json/, at);
    const problem = JSON.parse(body);
    assert.equal(problem.status, 404);
    assert.ok(problem.title, 'RFC 9457 has a title');
  }
  for (const at of ['/../../etc/passwd', '/report/..%2f..%2fetc%2fpasswd.csv', '/api/v1/%2e%2e/%2e%2e/etc/passwd'])
    assert.ok([400, 404].includes((await daemon.raw(at)).status), at);
}

async function anIdleReaderCosts304(daemon) {
  for (const at of ['/', '/api/v1/definitions', '/api/v1/summary', '/api/v1/timeline']) {
    const same = async () => {
      const first = await daemon.raw(at);
      assert.match(first.headers['cache-control'], /private/, at);
      assert.match(first.headers['cache-control'], /no-cache/, at);
      assert.match(first.headers.etag ?? '', /^(W\/)?"[^"]+"$/, `${at} has an ETag`);
      const again = await daemon.raw(at, { 'if-none-match': first.headers.etag });
      return again.status === 304 && again.body.length === 0 && again.headers.etag === first.headers.etag;
    };
    await daemon.until(same, 10_000, `${at}: the same ETag gives 304`);
    assert.equal((await daemon.raw(at, { 'if-none-match': '"something else"' })).status, 200, at);
  }
}

async function headIsGetWithoutTheBody(daemon) {
  for (const at of ['/', '/api/v1/definitions', '/report/partners.csv', '/healthz', '/no/such/path']) {
    let get, head, after;
    const still = async () => {                              // what is measured meanwhile gives another answer
      [get, head, after] = [await daemon.raw(at), await daemon.raw(at, {}, 'HEAD'), await daemon.raw(at)];
      return get.body.length === after.body.length;
    };
    await daemon.until(still, 10_000, `${at}: as long before HEAD as after it`);
    assert.equal(head.body.length, 0, at);
    for (const same of [answer => answer.status, answer => answer.headers['content-type'], answer => answer.headers['content-length']])
      assert.equal(same(head), same(get), `HEAD ${at}`);
  }
}

async function spreadsheetsAreSafe(daemon) {
  for (const at of sheets) {
    const { headers, body } = await daemon.raw(at);
    assert.match(headers['content-type'], /^text\/csv/, at);
    assert.match(headers['content-disposition'], /^attachment; filename="?[\w.-]+\.csv"?$/, at);
    assert.deepEqual([...body.subarray(0, 3)], [0xef, 0xbb, 0xbf], `${at} begins with a BOM`);
    const [head, ...rows] = parseCsv(body.toString('utf8').slice(1));
    assert.ok(head.length > 1 && new Set(head).size === head.length, `${at}: a header of its own: ${head}`);
    for (const row of rows) assert.equal(row.length, head.length, `${at}: every row has every cell`);
    for (const cell of rows.flat()) assert.ok(!/^[\s\uFEFF]*[=+@\t\r\n]/.test(cell) && !/^-\D/.test(cell), `${at}: a formula: ${cell}`);
  }
  const { body } = await daemon.raw('/report/partners.csv');
  assert.ok(body.includes('"Dom ""Przystań"", Łódź"'), 'quotes are doubled');
  const cells = parseCsv(body.toString('utf8').slice(1)).flat();
  assert.ok(cells.includes(difficult), 'and read back as written');
  assert.ok(cells.includes(`'${formula}`), 'a formula is only text');
}

/// Also of JSON on the command line: 0, not 0E0.
async function wholeNumbersAreWhole(daemon) {
  for (const at of api) assert.doesNotMatch((await daemon.raw(at)).body.toString(), /[:,[]-?\dE\d/, at);   // "5E-1" is a half
  const { configuration, clock_rate: rate, figures } = await daemon.get('/api/v1/summary');
  assert.equal(rate, 1);
  assert.deepEqual(Object.keys(configuration), ['loaded_utc', 'problem']);
  const { definitions } = await daemon.get('/api/v1/definitions');
  for (const [name, { definition }] of Object.entries(figures)) assert.ok(definitions.some(({ id }) => id === definition), `${name}: ${definition}`);
  assert.notEqual(figures.opted_out.definition, figures.mentions.definition);
}

/// Without scripts, too.
async function everySheetIsOffered(daemon) {
  const page = (await daemon.raw('/')).body.toString();
  const described = (await daemon.raw('/openapi.yaml')).body.toString().match(/enum: \[(summary,[^\]]+)\]/)[1].split(', ');
  for (const name of described) assert.ok(page.includes(`<a href="/report/${name}.csv">`), name);
  assert.equal(page.match(/<a href="\/report\/[a-z_]+\.csv">/g).length, described.length);
  assert.ok(!page.includes('<!--'), 'nothing was left to fill in');
}

async function theCommandLineHelps(stage) {
  const files = ['--config', path.join(stage.dir, 'campaignd.toml'), '--state', path.join(stage.dir, 'state')];
  const { CAMPAIGND_CONFIG, STATE_DIRECTORY, ...env } = process.env;
  const run = (...words) => spawnSync(stage.binary, words, { env, encoding: 'utf8', timeout: 30_000 });
  const refused = (words, sentence) => {
    const { status, stdout, stderr } = run(...words);
    assert.deepEqual([status, stdout], [64, ''], words.join(' '));
    assert.match(stderr, sentence);
  };
  refused(['reprot'], /there is no verb 'reprot'; did you mean 'report'\?\nverbs are run, .*sources/);
  refused([], /a verb is missing/);
  refused(['--bogus', 'run'], /--bogus/);
  refused(['report', ...files, '--edition', '2030'], /there is no edition '2030'; editions are 2025\n/);
  for (const verb of ['run', 'check', 'poll', 'parse', 'sources', 'report']) {
    const help = run(verb, '--help').stdout;
    for (const shared of ['--config', '--state', '--json']) assert.ok(help.includes(shared), `${verb} --help: ${shared}`);
    assert.doesNotMatch(help, /Exit codes/, verb);
  }
  assert.match(run('--help').stdout, /Exit codes/);
  for (const words of [['report', 'summary'], ['report', 'by_platform'], ['sources']]) {
    const { status, stdout } = run(...words, ...files, '--json');
    assert.equal(status, 0);
    assert.ok(JSON.parse(stdout).rows.length > 0);
    assert.doesNotMatch(stdout, /:-?\dE/, words.join(' '));
  }
  for (const { budgets } of JSON.parse(run('sources', '--contracts', '--json').stdout).rows) assert.equal(budgets, budgets.trim());
  const told = JSON.parse(run('check', ...files, '--json').stdout);
  assert.deepEqual([told.ok, told.problems, told.campaign.editions, told.campaign.partners], [true, [], 1, 2]);
  assert.ok(told.files.some(file => file.endsWith('campaignd.toml')));
}

/// A configuration that was refused is seen where people and programs look, until one is taken again.
async function refusedReloadsAreSeen(stage, daemon) {
  const file = path.join(stage.dir, 'campaign.toml');
  const loaded = async () => (await daemon.get('/api/v1/summary')).configuration;
  const metric = async name => Number((await daemon.raw('/metrics')).body.toString().match(new RegExp(`^campaignd_config_${name} (\\d+)$`, 'm'))[1]);
  const first = await loaded();
  assert.equal(first.problem, null);
  assert.equal(await metric('last_reload_successful'), 1);
  assert.ok(Math.abs(await metric('last_reload_success_timestamp_seconds') - Date.parse(first.loaded_utc) / 1000) <= 1);

  fs.writeFileSync(file, `${campaign}\n[[source]]\nconnektor = "feed"\n`);
  daemon.signal('SIGHUP');
  await daemon.until(async () => (await loaded()).problem, 10_000, 'the refusal');
  const { loaded_utc: since, problem } = await loaded();
  assert.match(problem, /campaign\.toml:\d+:\d+: .+; and \d+ more$/);
  assert.equal(since, first.loaded_utc, 'the one that runs');
  assert.equal(await metric('last_reload_successful'), 0);
  const { status, stdout, stderr } = spawnSync(stage.binary, ['check', '--json', '--config', path.join(stage.dir, 'campaignd.toml')], { encoding: 'utf8' });
  const told = JSON.parse(stdout);
  assert.deepEqual([status, told.ok, stderr], [78, false, '']);
  assert.ok(told.problems.length > 1 && told.problems.every(({ file: at, line, column, message }) => at.endsWith('campaign.toml') && line > 0 && column > 0 && message));

  fs.writeFileSync(file, campaign.replace('"sum.example"', '"sums.example"'));
  daemon.signal('SIGHUP');
  await daemon.until(async () => (await loaded()).problem === null, 15_000, 'a good one');
  assert.ok(Date.parse((await loaded()).loaded_utc) > Date.parse(first.loaded_utc));
  assert.equal(await metric('last_reload_successful'), 1);
  assert.match(daemon.stderr, /configuration read again file=\S+ sources=\d+ changes=1; campaignd report changes shows them\n/);
}

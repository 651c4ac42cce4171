// Every answer a real platform gave, as far as recordings are at hand: each post in it is found, refused with a reason,
// or gone by the platform's word; what holds no posts (an error, a profile, a web page) is refused, never half read.
// Prints what was made of each folder; a folder whose connector nobody has written is named.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { anything, folders, nothing } from './social_shapes.mjs';

const [reader] = process.argv.slice(2);
const corpora = process.env.CAMPAIGND_CORPORA ?? fileURLToPath(new URL('../../../shared/corpora', import.meta.url));
if (!existsSync(join(corpora, 'social'))) {
  console.log(`skipped: no recorded answers at ${corpora}`);
  process.exit(77);
}

const isBody = name => !/(\.meta\.json|\.headers|\.md|\.zdict|STATE\.json|INDEX\.tsv)$/.test(name);
const bodiesOf = ({ folder, only = /./ }) =>
  readdirSync(join(corpora, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath ?? entry.path, entry.name))
    .filter(file => isBody(file) && only.test(file))
    .sort();

const wrong = [], whys = new Map();
const blame = (file, what) => wrong.push(`${file.slice(corpora.length + 1)}: ${what}`);

/// The readers' answers by file. What the process did not live to say is a crash on the first file without an answer.
function read(rows) {
  const input = rows.flatMap(row => row.files.map(file => [row.connector, row.at ?? '', '', file].join('\t') + '\n')).join('');
  const { stdout, signal, status } = spawnSync(reader, [], { input, encoding: 'utf8', maxBuffer: 1 << 30 });
  const said = stdout.split('\n').filter(Boolean).map(line => JSON.parse(line));
  if (signal || status !== 0) {
    const last = input.split('\n')[said.length]?.split('\t').at(-1) ?? 'the end';
    console.error(`crashed (${signal ?? status}) at ${last}`);
    process.exit(1);
  }
  return said;
}

/// A connector's page, or the feed reader's list of entries.
const itemsOf = ({ posts, refused, gone, entries }) => ({ found: posts ?? entries ?? [], refused: refused ?? [], gone: gone ?? [] });

function judge(row, file, said, sum) {
  const text = readFileSync(file, 'utf8');
  const holds = row.count(text, file);
  sum.bodies += 1;
  if (said.failure !== undefined) {
    if (!said.message) blame(file, 'a failure without a sentence');
    if (holds === nothing || holds === anything || row.unread?.test(file)) sum['no list'] += 1;
    else if (holds === 1) sum.posts += 1, sum.refused += 1;  // a post on its own, refused with a sentence
    else blame(file, `${holds} posts, and none was read: ${said.message}`);
    return;
  }
  const { found, refused, gone } = itemsOf(said.out);
  for (const { why } of [...refused, ...gone]) {
    if (!why) blame(file, 'a refusal without a reason');
    whys.set(why, (whys.get(why) ?? 0) + 1);
  }
  sum.posts += typeof holds === 'number' ? holds : 0;
  sum.found += found.length;
  sum.refused += refused.length;
  sum.gone += gone.length;
  for (const post of found) if (row.is && !post.bridge && !row.is(post)) blame(file, `no proper post: ${JSON.stringify(post).slice(0, 200)}`);
  if (holds === anything || row.unread?.test(file)) return;
  const seen = found.length + refused.length + gone.length;
  if (holds === nothing) {
    if (found.length > 0) blame(file, `${found.length} posts found where there are none`);
  } else if (row.more ? seen < holds : seen !== holds) {
    blame(file, `${holds} posts, ${found.length} found, ${refused.length} refused, ${gone.length} gone`);
  }
}

const rows = folders.filter(({ folder }) => existsSync(join(corpora, folder))).map(row => ({ ...row, files: bodiesOf(row) }));
const answers = read(rows);
const columns = ['bodies', 'no list', 'posts', 'found', 'refused', 'gone'];
console.log(['folder'.padEnd(42), 'connector'.padEnd(10), ...columns.map(name => name.padStart(8))].join(' '));
for (const row of rows) {
  const sum = Object.fromEntries(columns.map(name => [name, 0]));
  const said = answers.splice(0, row.files.length);
  const name = [row.folder.padEnd(42), row.connector.padEnd(10)].join(' ');
  if (said.length === 0) blame(join(corpora, row.folder), 'no bodies at all');
  if (said[0]?.connector === null) {
    console.log(`${name} no connector yet (${row.files.length} bodies)`);
    continue;
  }
  row.files.forEach((file, i) => judge(row, file, said[i], sum));
  console.log([name, ...columns.map(column => String(sum[column]).padStart(8))].join(' '));
}
for (const [why, n] of [...whys].sort((a, b) => b[1] - a[1])) console.log(`refused ${String(n).padStart(4)}: ${why}`);
for (const line of wrong) console.error(line);
process.exit(wrong.length === 0 ? 0 : 1);

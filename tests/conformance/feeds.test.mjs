// Every case of the corpus of feeds, judged by the corpus's own runner: prints the rate of each group and fails when
// one falls below the bar that was reached. The bars are per cent of the assertions some other parser meets too.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [reader] = process.argv.slice(2);
const beside = fileURLToPath(new URL('../../../shared/corpora', import.meta.url));
const corpus = join(process.env.CAMPAIGND_CORPORA ?? beside, 'feeds');
const skip = (why) => { console.log(`skipped: ${why}`); process.exit(77); };
if (!existsSync(join(corpus, 'cases.jsonl'))) skip(`no corpus of feeds at ${corpus}`);
if (spawnSync('python3', ['--version']).status !== 0) skip('the corpus is judged by python3, which is not here');

const bars = {
  atom03: 100, atom10: 98, base: 100, dates: 100, 'dates-invalid': 93, 'dates-present': 100, encoding: 100,
  entities: 100, jsonfeed: 100, lang: 100, malformed: 100, namespaces: 99, rdf: 98, realworld: 99, rss: 98,
  sanitize: 99, 'encoding-exotic': 100, 'dates-exotic': 85, 'realworld-consensus': 96, robustness: 100, security: 100,
};
const headline = 99.3;

const results = join(mkdtempSync(join(tmpdir(), 'feeds-')), 'results.jsonl');
writeFileSync(results, execFileSync(reader, [corpus], { maxBuffer: 1 << 30 }));
const report = execFileSync('python3', [join(corpus, 'run.py'), '--results', results, '--core-only'],
                            { maxBuffer: 1 << 28, encoding: 'utf8' });

const low = [];
for (const [, group, cases, rate] of report.split('\nSOURCE')[0].matchAll(/^(\S+) +(\d+) +([\d.]+)% \|/gm)) {
  console.log(`${group.padEnd(20)} ${cases.padStart(5)} cases ${rate.padStart(6)} %`);
  if (Number(rate) < (bars[group] ?? 0) && Number(cases) > 0) low.push(`${group}: ${rate} %, was ${bars[group]} %`);
  if (Number(cases) > 0) delete bars[group];
}
for (const group of Object.keys(bars)) low.push(`${group}: not in the report`);
const [, rate] = report.match(/headline CORE \d+ of \d+ \(([\d.]+)%\)/);
console.log(`headline ${rate} %`);
if (Number(rate) < headline) low.push(`headline: ${rate} %, was ${headline} %`);
console.log(report.slice(report.indexOf('failing ids')));
for (const line of low) console.error(`below the bar: ${line}`);
process.exit(low.length === 0 ? 0 : 1);

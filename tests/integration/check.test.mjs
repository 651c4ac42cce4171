// `campaignd check` as people and scripts meet it: problems on stderr, word for word as the fixtures say, nothing on
// stdout, 78; a sound configuration on stdout, 0.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from '../support/harness.mjs';

const here = words => fileURLToPath(new URL(words, import.meta.url));
const broken = here('../fixtures/config/broken');

test('check tells every mistake, and nothing of what is sound', async stage => {
  const cases = fs.readdirSync(broken).filter(name => /^\d/.test(name) && !name.endsWith('.txt'));
  assert.ok(cases.length >= 30, `${cases.length} cases`);
  for (const name of cases) tellsTheMistakes(stage, name);
  tellsAMissingFile(stage);
  passesWhatIsShipped(stage);
  leavesTheStateAlone(stage);
});

/// In the folder of the fixtures, so that paths are short.
function check(stage, config) {
  const { CAMPAIGND_CONFIG, STATE_DIRECTORY, ...env } = process.env;
  const words = ['check', '--config', config, '--state', path.join(stage.dir, 'state')];
  return spawnSync(stage.binary, words, { cwd: broken, env, encoding: 'utf8', timeout: 30_000 });
}

function tellsTheMistakes(stage, name) {
  const isFolder = fs.statSync(path.join(broken, name)).isDirectory();
  const { status, stdout, stderr } = check(stage, isFolder ? `${name}/main.toml` : name);
  // Where shipped data lies, and which connectors there are, is not what the texts are about.
  const told = stderr.replaceAll(/none of that name in [^;\n]*/g, 'none of that name in SHARE')
                     .replaceAll(/there are [^;\n]* and \w+/g, 'there are CONNECTORS');
  assert.equal(told, fs.readFileSync(path.join(broken, `${name.replace(/\.toml$/, '')}.txt`), 'utf8'), name);
  assert.equal(stdout, '', `${name}: stdout`);
  assert.equal(status, 78, `${name}: exit`);
}

function tellsAMissingFile(stage) {
  const { status, stdout, stderr } = check(stage, 'no-such.toml');
  assert.deepEqual([status, stdout, stderr], [78, '', 'no-such.toml: cannot be read: there is no such file\n']);
}

function passesWhatIsShipped(stage) {
  const { status, stdout, stderr } = check(stage, here('../../config/campaignd.toml'));
  assert.equal(stderr, '');
  assert.match(stdout, /^read \S*config\/campaignd.toml\b.*\n(warning: .*\n)*(\S+ is off: it needs a credential, .*\n)*#AllInForIntegration: \d+ editions?, \d+ terms?, \d+ partners?, \d+ sources?( and \d+ off for want of a credential)?: no problem found$/m);
  assert.equal(status, 0);
}

/// Whoever checks before the first start must not make a database, as the wrong user perhaps.
function leavesTheStateAlone(stage) {
  assert.ok(!fs.existsSync(path.join(stage.dir, 'state')));
}

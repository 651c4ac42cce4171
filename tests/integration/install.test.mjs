// cmake --install into an empty folder: what lies where, who may read it, what a second one leaves alone; and the unit,
// judged by systemd itself.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { test } from '../support/harness.mjs';

const run = promisify(execFile);
const source = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../..');
const has = async (tool, ...words) => run(tool, words).then(() => true, () => false);

function cached(build, name) {
  const [, value] = fs.readFileSync(path.join(build, 'CMakeCache.txt'), 'utf8').match(new RegExp(`^${name}:\\w+=(.*)$`, 'm'));
  return value;
}

/// Installs below `root`, under the umask of a careful administrator.
async function install(build, root) {
  const script = 'umask 077; exec "$0" --install "$1"';
  await run('sh', ['-c', script, cached(build, 'CMAKE_COMMAND'), build], { env: { ...process.env, DESTDIR: root } });
}

function checkTree(root, prefix) {
  const at = (...words) => path.join(root, ...words);
  const expected = {
    file: [`${prefix}/lib/systemd/system/campaignd.service`, `${prefix}/lib/sysusers.d/campaignd.conf`,
           `${prefix}/lib/tmpfiles.d/campaignd.conf`, `${prefix}/share/campaignd/campaignd.toml`, '/etc/campaignd/campaignd.toml',
           `${prefix}/share/doc/campaignd/README.md`, `${prefix}/share/doc/campaignd/systemd/README.md`,
           `${prefix}/share/doc/campaignd/schema/metrics/README.md`,
           ...fs.readdirSync(path.join(source, 'config')).filter(name => name.endsWith('.toml')).map(name => `${prefix}/share/campaignd/${name}`)],
    program: [`${prefix}/bin/campaignd`],
    folder: ['/etc/campaignd', '/etc/campaignd/campaignd.d', `${prefix}/share/campaignd`],
  };
  const modes = { file: 0o644, program: 0o755, folder: 0o755 };
  for (const [kind, names] of Object.entries(expected)) {
    for (const name of names) {
      const found = fs.statSync(at(name));
      assert.equal(found.isDirectory(), kind === 'folder', name);
      assert.equal(found.mode & 0o777, modes[kind], `${name}: ${(found.mode & 0o777).toString(8)}`);
    }
  }
  assert.deepEqual(fs.readdirSync(at('/etc/campaignd/campaignd.d')), [], 'nothing local is shipped');
}

/// Every line of `text` that says something has a comment above it.
function uncommented(text) {
  const lines = text.split('\n');
  const says = line => line !== '' && !/^[#[]/.test(line) || /^#\w+=/.test(line);       // a directive, or one as an example
  return lines.filter((line, n) => says(line) && !/^# /.test(lines[n - 1]));
}

async function checkUnit(root, prefix, dir) {
  const installed = fs.readFileSync(path.join(root, prefix, 'lib/systemd/system/campaignd.service'), 'utf8');
  assert.ok(!installed.includes('@CMAKE'), 'every variable is filled in');
  assert.match(installed, new RegExp(`^ExecStart=${prefix}/bin/campaignd run$`, 'm'));
  if (!await has('systemd-analyze', '--version')) return 'no systemd-analyze here: the unit was not judged';
  // The program is where ExecStart says only once DESTDIR is the root.
  const unit = path.join(dir, 'campaignd.service');
  fs.writeFileSync(unit, installed.replaceAll(`=${prefix}/bin/`, `=${root}${prefix}/bin/`));
  const analyze = (...words) => run('systemd-analyze', [...words, unit], { env: { ...process.env, SYSTEMD_COLORS: '0' } });
  const { stderr } = await analyze('verify', '--recursive-errors=no', '--man=no');
  assert.deepEqual(stderr.split('\n').filter(line => line.includes('campaignd')), []);
  const { stdout } = await analyze('security', '--offline=true', '--threshold=15', '--no-pager');
  return stdout.match(/Overall exposure level.*: (.*)/)[0];
}

/// The user and the folders, made in `root` by systemd's own tools.
async function checkUser(root) {
  if (process.getuid() !== 0) return 'not root: user and folders were not made';
  if (!await has('systemd-sysusers', '--version')) return 'no systemd-sysusers here: user and folders were not made';
  await run('systemd-sysusers', [`--root=${root}`]);
  const [, uid, gid] = fs.readFileSync(path.join(root, 'etc/passwd'), 'utf8').match(/^campaignd:x:(\d+):(\d+):.*\/nologin$/m).map(Number);
  await run('systemd-tmpfiles', [`--root=${root}`, '--create', 'campaignd.conf']);
  const who = name => (({ mode, uid, gid }) => ({ mode: mode & 0o777, uid, gid }))(fs.statSync(path.join(root, name)));
  assert.deepEqual(who('/var/lib/campaignd'), { mode: 0o700, uid, gid });
  for (const name of ['/etc/campaignd', '/etc/campaignd/campaignd.d']) assert.deepEqual(who(name), { mode: 0o755, uid: 0, gid: 0 });
  return 'user and folders made';
}

test('cmake --install puts everything in its place and keeps what was changed', async stage => {
  const build = path.dirname(stage.binary);
  const prefix = cached(build, 'CMAKE_INSTALL_PREFIX');
  const root = path.join(stage.dir, 'root');
  await install(build, root);
  checkTree(root, prefix);

  const { stdout: version } = await run(path.join(root, prefix, 'bin/campaignd'), ['--version']);
  assert.match(version, /^\d+\.\d+\.\d+\n$/);
  await run(path.join(root, prefix, 'bin/campaignd'), ['check', '--config', path.join(root, prefix, 'share/campaignd/campaignd.toml')]);

  const configuration = path.join(root, '/etc/campaignd/campaignd.toml');
  const local = path.join(root, '/etc/campaignd/campaignd.d/10-ours.toml');
  fs.appendFileSync(configuration, '# changed\n');
  fs.writeFileSync(local, '# ours\n');
  await install(build, root);
  assert.ok(fs.readFileSync(configuration, 'utf8').endsWith('# changed\n'), 'a changed configuration stays');
  assert.equal(fs.readFileSync(local, 'utf8'), '# ours\n');
  assert.ok(!fs.readFileSync(path.join(root, prefix, 'share/campaignd/campaignd.toml'), 'utf8').includes('# changed'));

  for (const file of ['campaignd.service.in', 'campaignd.sysusers', 'campaignd.tmpfiles'])
    assert.deepEqual(uncommented(fs.readFileSync(path.join(source, 'systemd', file), 'utf8')), [], `${file}: why is this line there?`);
  console.log(await checkUnit(root, prefix, stage.dir));
  console.log(await checkUser(root));
});

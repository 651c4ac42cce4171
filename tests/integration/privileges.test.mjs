// Verbs run as root beside a service that is not root: they become the state directory's owner, so that no file of
// root's is left where the service then could not open it. Needs root.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { skip, test } from '../support/harness.mjs';
import { campaignTag, campaignToml, daemonToml, openEdition } from '../support/settings.mjs';

const host = 'home.example';
const campaign = campaignToml({
  editions: [openEdition],
  terms: [campaignTag],
  sources: [{ id: 's1', connector: 'mastodon', host, tags: ['allinforintegration'], every: '1h' }],
});
const idOf = (...words) => Number(execFileSync('id', words, { encoding: 'utf8' }));

/// A state directory of somebody's, and the configuration for everybody to read.
function prepare(dir, owner) {
  const state = path.join(dir, 'state');
  fs.mkdirSync(dir, { recursive: true });
  fs.mkdirSync(state, { mode: 0o700 });
  fs.chownSync(state, owner.uid, owner.gid);
  return state;
}

async function campaignd(stage, dir, words, { prefix = [] } = {}) {
  const [program, ...rest] = [...prefix, stage.binary, '--config', path.join(dir, 'campaignd.toml'), '--state', path.join(dir, 'state'), ...words];
  return new Promise(done => execFile(program, rest, { cwd: '/' }, (error, stdout, stderr) => done({ code: error ? error.code : 0, said: `${stdout}${stderr}` })));
}

/// The files of a state directory that are not the owner's.
const strangers = (state, owner) =>
  fs.readdirSync(state).filter(name => fs.lstatSync(path.join(state, name)).uid !== owner.uid);

const status = (pid, name) => fs.readFileSync(`/proc/${pid}/status`, 'utf8').match(new RegExp(`^${name}:\\s*(.*)$`, 'm'))[1].trim().split(/\s+/);

function isNobodyForGood(daemon, owner) {
  assert.deepEqual(status(daemon.pid, 'Uid'), Array(4).fill(String(owner.uid)), 'real, effective, saved and for files');
  assert.deepEqual(status(daemon.pid, 'Gid'), Array(4).fill(String(owner.gid)));
  assert.deepEqual(status(daemon.pid, 'Groups'), [String(owner.gid)], 'none of root\'s groups');
  for (const set of ['CapEff', 'CapPrm']) assert.match(status(daemon.pid, set)[0], /^0+$/, `no capability: ${set}`);
}

async function besideTheService(stage, world, owner) {
  const state = prepare(stage.dir, owner);
  const daemon = await stage.start({ config: daemonToml(world), campaign });
  isNobodyForGood(daemon, owner);
  await daemon.until(async () => await daemon.one('SELECT count(*) FROM post') === 1, 20_000, 'a post');
  const verbs = [['check'], ['sources'], ['report'], ['report', 'sources', '--format', 'csv'], ['poll', 's1', '--store']];
  const all = async when => {
    for (const words of verbs) {
      const { code, said } = await campaignd(stage, stage.dir, words);
      assert.equal(code, 0, `${words.join(' ')} ${when}: ${said}`);
      assert.deepEqual(strangers(state, owner), [], `${words.join(' ')} ${when} leaves no file of root's`);
    }
  };
  await all('beside the service');
  assert.equal((await daemon.raw('/api/v1/summary')).status, 200);
  assert.equal((await daemon.stop()).code, 0);
  await all('without the service');
  const again = await stage.start({ config: daemonToml(world), campaign });
  assert.equal((await again.stop()).code, 0);
}

/// A container's user has a number and no name.
async function withoutName(stage, world) {
  const owner = { uid: 54321, gid: 54322 };
  const dir = path.join(stage.dir, 'nameless');
  const state = prepare(dir, owner);
  for (const name of ['campaignd.toml', 'campaign.toml']) fs.copyFileSync(path.join(stage.dir, name), path.join(dir, name));
  const { code, said } = await campaignd(stage, dir, ['poll', 's1', '--store']);
  assert.equal(code, 0, said);
  assert.ok(fs.existsSync(path.join(state, 'campaignd.db')));
  assert.deepEqual(strangers(state, owner), []);
}

/// A root that may not change its user says so, and touches nothing.
async function notAllowed(stage, owner) {
  const dir = path.join(stage.dir, 'held');
  const state = prepare(dir, owner);
  const prefix = ['setpriv', '--bounding-set=-setuid,-setgid'];
  const { code, said } = await campaignd(stage, dir, ['poll', 's1', '--store'], { prefix });
  assert.equal(code, 77, said);
  assert.match(said, new RegExp(`cannot become user ${owner.uid}, who owns ${state}: .+; run it as that user`));
  assert.deepEqual(fs.readdirSync(state), []);
}

test('a verb run as root leaves nothing of root\'s in the service\'s directory', async stage => {
  if (process.getuid() !== 0) skip('only root can become somebody else');
  const owner = { uid: idOf('-u', 'nobody'), gid: idOf('-g', 'nobody') };
  const world = stage.world();
  world.mastodon(host, { limit: 1e6 }).add({ by: `ania@${host}`, text: 'Lunch #AllInForIntegration', created: Date.now() - 60_000 });
  fs.chmodSync(stage.dir, 0o755);
  await world.start();
  execFileSync('chmod', ['-R', 'a+rX', stage.dir]);          // the certificates, which the daemon is to believe
  await besideTheService(stage, world, owner);
  await withoutName(stage, world);
  await notAllowed(stage, owner);
});

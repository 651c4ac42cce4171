// Every answer a real server of the Mastodon API gave, as far as recordings are at hand: each post in it is found, or
// refused with a reason. What is no list of posts (an error, an instance, a web page) is refused too, never half read.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { corpora, test } from '../support/harness.mjs';

const folders = [['social', 'mastodon'], ['social', 'mastodon-compatible'], ['recorded', 'gotosocial-0.19.2']];
const isBody = name => !/(\.meta\.json|\.headers|STATE\.json|INDEX\.tsv)$/.test(name);

/// The statuses a body holds, counted apart from the program: lists of a search and of a thread are lists of posts.
function statusesIn(text) {
  let document;
  try {
    document = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (Array.isArray(document)) return document.length;
  const lists = ['statuses', 'ancestors', 'descendants'].filter(name => Array.isArray(document[name]));
  return lists.length ? lists.reduce((sum, name) => sum + document[name].length, 0) : 1;
}

test('every recorded answer is read, each post found or refused with a reason', async ({ binary }) => {
  for (const words of folders) {
    const dir = corpora(...words);
    const sum = { bodies: 0, found: 0, refused: 0, 'not JSON': 0 };
    const reasons = new Map();
    for (const name of fs.readdirSync(dir).filter(isBody).sort()) {
      const file = path.join(dir, name);
      const said = spawnSync(binary, ['parse', 'mastodon', '--url', 'https://observer.example/', file], { encoding: 'utf8', maxBuffer: 1 << 28 });
      const expected = statusesIn(fs.readFileSync(file, 'utf8'));
      sum.bodies += 1;
      if (expected === undefined) {
        assert.equal(said.status, 65, `${name} is no JSON: ${said.stderr}`);
        assert.match(said.stderr, /malformed/, name);
        sum['not JSON'] += 1;
        continue;
      }
      assert.equal(said.status, 0, `${name}: ${said.stderr}`);
      const { posts, refused } = JSON.parse(said.stdout);
      assert.equal(posts.length + refused.length, expected, `${name}: each one found or refused`);
      for (const { why } of refused) {
        assert.ok(why, `${name}: a refusal says why`);
        reasons.set(why, (reasons.get(why) ?? 0) + 1);
      }
      for (const post of posts) assert.ok(post.uri && post.local_id && (post.bridge || post.author.key.includes('@')), `${name}: a post has its names`);
      sum.found += posts.length;
      sum.refused += refused.length;
    }
    console.log(`${words.join('/')}: ${Object.entries(sum).map(([what, n]) => `${what} ${n}`).join(', ')}`);
    for (const [why, n] of [...reasons].sort((a, b) => b[1] - a[1])) console.log(`  refused ${n}: ${why}`);
  }
});

test('every recorded channel feed is read, each entry a video of that channel', async ({ binary }) => {
  const dir = corpora('social', 'youtube', 'feeds');
  for (const name of fs.readdirSync(dir)) {
    const said = spawnSync(binary, ['parse', 'youtube', path.join(dir, name)], { encoding: 'utf8' });
    assert.equal(said.status, 0, `${name}: ${said.stderr}`);
    const { posts, refused } = JSON.parse(said.stdout);
    const ids = [...fs.readFileSync(path.join(dir, name), 'utf8').matchAll(/<yt:videoId>(.*?)</g)].map(found => found[1]);
    assert.deepEqual(posts.map(post => post.local_id), ids, name);
    assert.deepEqual(refused, [], name);
    for (const post of posts) assert.match(post.author.key, /^UC[\w-]{22}$/, name);
    console.log(`${name}: found ${posts.length}`);
  }
});

test('every recorded answer of GDELT is read: articles, or the sentence it refuses with', async ({ binary }) => {
  const dir = corpora('social', 'gdelt');
  for (const name of fs.readdirSync(dir, { recursive: true }).filter(name => /\.(json|txt)$/.test(name))) {
    const text = fs.readFileSync(path.join(dir, name), 'utf8');
    const said = spawnSync(binary, ['parse', 'gdelt', path.join(dir, name)], { encoding: 'utf8' });
    if (name.endsWith('.txt')) {
      assert.equal(said.status, 65, name);
      assert.ok(said.stderr.includes('refused') && said.stderr.includes(text.trim()), `${name}: ${said.stderr}`);
      continue;
    }
    assert.equal(said.status, 0, `${name}: ${said.stderr}`);
    const { articles } = JSON.parse(text);
    assert.deepEqual(JSON.parse(said.stdout).posts.map(post => post.url), articles.map(article => article.url), name);
    console.log(`${name}: found ${articles.length}`);
  }
});

test('every recorded list of PeerTube and its index is read, each video found', async ({ binary }) => {
  const dir = corpora('social', 'peertube');
  for (const name of fs.readdirSync(dir).filter(isBody)) {
    const said = spawnSync(binary, ['parse', 'peertube', path.join(dir, name)], { encoding: 'utf8', maxBuffer: 1 << 26 });
    assert.equal(said.status, 0, `${name}: ${said.stderr}`);
    const { posts, refused } = JSON.parse(said.stdout);
    const { data } = JSON.parse(fs.readFileSync(path.join(dir, name), 'utf8'));
    assert.deepEqual(posts.map(post => post.uri), data.map(video => video.url), name);
    assert.deepEqual(posts.map(post => post.counters.views), data.map(video => video.views), name);
    assert.deepEqual(refused, [], name);
    console.log(`${name}: found ${posts.length}`);
  }
});

// Every answer a real AppView or repository of Bluesky gave, as far as recordings are at hand: each post in it is found,
// or refused with a reason; what holds no posts (an error, profiles, likes) is refused, never half read.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { corpora, test } from '../support/harness.mjs';

const folders = [['social', 'bluesky'], ['recorded', 'bluesky-appview']];
const isBody = name => /\.json$/.test(name) && !/(\.meta\.json|STATE\.json)$/.test(name);
const isRepost = ({ reason }) => reason !== undefined && reason.$type !== 'app.bsky.feed.defs#reasonPin';

function postsInThread({ post, parent, replies = [] }) {
  const below = [parent, ...replies].filter(Boolean).reduce((sum, each) => sum + postsInThread(each), 0);
  return below + (post ? 1 : 0);
}

/// The posts a body holds, counted apart from the program; a body without any counts as one that is refused.
function postsIn(document) {
  if (Array.isArray(document.posts)) return document.posts.length;
  if (Array.isArray(document.feed)) return document.feed.filter(item => !isRepost(item)).length;
  if (document.thread) return postsInThread(document.thread);
  return Array.isArray(document.records) ? document.records.length : 1;
}

test('every recorded answer is read, each post found or refused with a reason', async ({ binary }) => {
  for (const words of folders) {
    const dir = corpora(...words);
    const sum = { bodies: 0, found: 0, refused: 0 };
    for (const name of fs.readdirSync(dir).filter(isBody).sort()) {
      const file = path.join(dir, name);
      const said = spawnSync(binary, ['parse', 'bluesky', file], { encoding: 'utf8', maxBuffer: 1 << 28 });
      assert.equal(said.status, 0, `${name}: ${said.stderr}`);
      const { posts, refused } = JSON.parse(said.stdout);
      assert.equal(posts.length + refused.length, postsIn(JSON.parse(fs.readFileSync(file, 'utf8'))), `${name}: each one found or refused`);
      for (const { why } of refused) assert.ok(why, `${name}: a refusal says why`);
      for (const post of posts) {
        assert.ok(post.uri.startsWith('at://did:') && post.local_id === post.uri, `${name}: a post has its address`);
        assert.ok(post.uri.startsWith(`at://${post.author.key}/`), `${name}: and its author`);
        assert.ok(!Number.isNaN(Date.parse(post.published)), `${name}: and a date`);
      }
      sum.bodies += 1;
      sum.found += posts.length;
      sum.refused += refused.length;
    }
    console.log(`${words.join('/')}: ${Object.entries(sum).map(([what, n]) => `${what} ${n}`).join(', ')}`);
  }
});

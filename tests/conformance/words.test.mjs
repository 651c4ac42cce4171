// What the page writes of a figure, word for word: bounds, "or more", and nothing where nothing is known.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

// Served as a module; on disk nothing says so, and older Nodes take it for another kind.
const words = readFileSync(new URL('../../daemon/serve/web/words.js', import.meta.url), 'utf8');
const { amount, audienceSentence } = await import(`data:text/javascript,${encodeURIComponent(words)}`);

const figure = parts => ({ value: null, low: null, high: null, high_known: null, unit: 'follower accounts', ...parts });

// T-02
assert.equal(amount(figure({ low: 1300, high: 2070 })), '1,300 to 2,070');
assert.equal(audienceSentence(figure({ low: 1300, high: 2070 })),
  'Between 1,300 and 2,070 follower accounts could have been offered at least one post; how many saw one is not known.');
// T-03
assert.equal(amount(figure({ low: 1000, high_known: 1400 })), '1,000 to 1,400 or more');
assert.match(audienceSentence(figure({ low: 1000, high_known: 1400 })), /^Between 1,000 and 1,400 or more follower accounts .* No upper bound/);
assert.equal(amount(figure({ high_known: 1400 })), '1,400 or more');
// T-20
assert.equal(amount(figure({})), null);
assert.equal(amount(figure({ value: 0, unit: 'posts' })), '0');
console.log('ok');

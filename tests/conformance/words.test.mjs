// What the page writes of a figure, word for word: bounds, "or more", and nothing where nothing is known.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

// Served as a module; on disk nothing says so, and older Nodes take it for another kind.
const words = readFileSync(new URL('../../daemon/serve/web/words.js', import.meta.url), 'utf8');
const { amount, audienceSentence, capital, covered, erased, evidenceWords, intervalSentence, number, performanceWords } = await import(`data:text/javascript,${encodeURIComponent(words)}`);

const figure = parts => ({ value: null, low: null, high: null, high_known: null, unit: 'follower accounts', ...parts });

// T-02
assert.equal(amount(figure({ low: 1300, high: 2070 })), '1,300 to 2,070');
assert.equal(audienceSentence(figure({ low: 1300, high: 2070 })),
  'Between 1,300 and 2,070 follower accounts could have been offered at least one post; how many saw one is not known.');
// T-03
assert.equal(amount(figure({ low: 1000, high_known: 1400 })), '1,000 to 1,400 or more');
assert.match(audienceSentence(figure({ low: 1000, high_known: 1400 })), /^Between 1,000 and 1,400 or more follower accounts .* No upper bound/);
assert.match(audienceSentence(figure({ low: 1000, high_known: 1400, numerator: 2, denominator: 3 })),
  / No upper bound: the followers of 2 of 3 authors are known\.$/);
assert.equal(amount(figure({ high_known: 1400 })), '1,400 or more');
// T-20
assert.equal(amount(figure({})), null);
assert.equal(amount(figure({ value: 0, unit: 'posts' })), '0');

// What was counted stands large; where it is by now stands under it.
const reactions = figure({ definition: 'M-07', unit: 'actions', value: 138, low: 140, high: 171, range: 'interval90' });
assert.equal(amount(reactions), '138');
assert.equal(intervalSentence(reactions), 'between 140 and 171 by now, nine times in ten: they grow between readings');
assert.equal(intervalSentence(reactions, true), '140 to 171 by now');
assert.equal(intervalSentence({ ...reactions, low: 138, high: 138 }), null);
assert.equal(intervalSentence(figure({ value: 4, range: null })), null);
const growth = figure({ definition: 'M-07-growth', unit: 'actions', value: 11.6, low: 2, high: 33, range: 'interval90' });
assert.equal(amount(growth), '12');
assert.equal(intervalSentence(growth), 'between 2 and 33, nine times in ten');

// T-09: what other servers counted is a lower bound.
assert.equal(amount(figure({ value: 12, low: 12, range: null })), '12 or more');

// M-15
const unseen = figure({ value: 149.6, low: 140.2, high: 159.5, range: 'interval95', unit: 'posts, at least about' });
assert.equal(amount(unseen), 'at least about 150 (140 to 160)');
assert.equal(intervalSentence(unseen), null);
assert.equal(amount({ ...unseen, value: null, low: null, high: null }), null);

// Rates
assert.equal(amount(figure({ value: 17.666666666666668, unit: 'actions per post' })), '17.67');
assert.equal(amount(figure({ value: 1.06, unit: '%' })), '1.06 %');
assert.equal(number(0.00123), '0.0012');
assert.equal(number(123456789), '123,456,789');

// T-18: the share of the time, how much of it only afterwards, and the longest gap.
const hours = { unit: 'posts', coverage: 0.97, refilled: 0.03, longest_gap_s: 7200 };
assert.equal(covered(hours), '97 % of planned time covered (3 % only afterwards), longest gap 2 h');
assert.equal(covered({ ...hours, refilled: 0, longest_gap_s: 0 }, 'covered'), '97 % covered');
assert.equal(covered({ ...hours, unit: 'share' }), '3 % only afterwards, longest gap 2 h');
assert.equal(covered({ unit: 'posts', coverage: null, refilled: null, longest_gap_s: null }), 'coverage unknown');
assert.equal(erased({ erased_since: 12 }), '12 posts were erased since');
assert.equal(erased({ erased_since: 1 }), '1 post was erased since');
assert.equal(erased({ erased_since: null }), null);

// Partners
assert.equal(evidenceWords([{ why: 'configured' }, { why: 'verified link' }, { why: 'domain handle' }, { why: 'verified link' }]), 'verified link, domain handle');
assert.equal(evidenceWords([{ why: 'configured' }]), 'accounts as configured');
assert.equal(evidenceWords([]), null);
assert.equal(performanceWords({ value: 1.8333, n: 5, earlier: 40, reason: null }), '1.8 times its usual (5 posts)');
assert.equal(performanceWords({ value: 1, n: 1 }), 'as usual (1 post)');
assert.equal(performanceWords({ value: null, n: 0, reason: 'no post with the hashtag' }), null);

assert.equal(capital('preliminary, figures still rise; final on 4 July 2027'), 'Preliminary, figures still rise; final on 4 July 2027');
console.log('ok');

import { each, trial, write } from '../../compare-sets.mjs';

const near = trial('passed', 'A lamp.');
near.assertions[0].near = '790 candidate tokens, at most 800';
for (const folder of ['before', 'after'])
  write(folder, 'story', [each('a', [near], { model: 'gemini-flash-latest' }), each('b', [near])]);

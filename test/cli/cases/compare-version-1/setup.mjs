import { readFileSync, writeFileSync } from 'node:fs';
import { each, trial, write } from '../../compare-sets.mjs';

const png = { type: 'image', mimeType: 'image/png', bytes: 8, sha256: 'a'.repeat(64) };
const answer = { finishReason: 'STOP', text: ['A lamp.'] };
const talk = (turns) => trial('passed', 'A lamp.', { turns });
write('before', 'story', [
  each('draws', [trial('passed', 'A lamp.')]),
  each('ends otherwise', [trial('passed', 'A lamp.')]),
  each('talks', [talk([['Hello.']])]),
]);
const text = readFileSync('before/story.json', 'utf8');
writeFileSync('before/story.json', text.replace('assay/results/2', 'assay/results/1'));
write('after', 'story', [
  each('draws', [trial('passed', 'A lamp.', { candidates: [{ ...answer, parts: [png] }] })]),
  each('ends otherwise', [
    trial('passed', 'A lamp.', { candidates: [{ ...answer, finishReason: 'MAX_TOKENS' }] }),
  ]),
  each('talks', [
    talk([
      { outcome: 'answered', text: ['Hello.'] },
      { outcome: 'answered', ...answer },
    ]),
  ]),
]);

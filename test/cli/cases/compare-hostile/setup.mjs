import { each, trial, write } from '../../compare-sets.mjs';

const hostile =
  '\u001b[31m\u202e```\n</details><script>alert(1)</script> ![x](https://example.org) @everyone | {+not ours+}';
write('before', 'story', [each('hostile', [trial('passed', `a lamp ${hostile}`)])]);
write('after', 'story', [each('hostile', [trial('failed', `a lantern ${hostile}`)])]);

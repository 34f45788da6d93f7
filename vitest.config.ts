import { defineConfig } from 'vitest/config';

/** Tests of whole commands, example suites, modules of users, the page in a browser, and clients in processes of their own. */
const whole = ['test/{cli,e2e,library,suites}/**/*.test.ts', 'test/**/{module,page,sdk}.test.ts'];

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Commands are run as child processes; more workers than cores only makes them wait for each other.
    maxWorkers: 2,
    // Sessions share nothing, so test files need not be kept apart: each worker loads a module once.
    isolate: false,
    // CommonJS packages are imported as Node imports them.
    deps: { interopDefault: false },
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: whole } },
      { extends: true, test: { name: 'whole', include: whole } },
    ],
  },
});

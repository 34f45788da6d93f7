/** The import walls of docs/architecture.md: which room may import which. */
const mayImport = {
  lib: [],
  diagnostics: ['lib'],
  source: ['lib', 'diagnostics'],
  shape: ['lib', 'diagnostics'],
  gemini: ['lib'],
  assertions: ['lib', 'diagnostics', 'shape', 'gemini'],
  suite: ['lib', 'diagnostics', 'source', 'shape', 'gemini', 'assertions', 'generated'],
  plan: ['lib', 'diagnostics', 'gemini', 'assertions', 'suite'],
  journal: ['lib', 'diagnostics', 'gemini'],
  execute: ['lib', 'diagnostics', 'gemini', 'suite', 'plan', 'journal'],
  judge: ['lib', 'diagnostics', 'gemini', 'assertions', 'suite', 'plan', 'journal'],
  compare: ['lib', 'diagnostics', 'gemini', 'judge'],
  report: ['lib', 'diagnostics', 'shape', 'gemini', 'plan', 'judge', 'compare'],
  emulator: ['lib', 'diagnostics', 'source', 'shape'],
};

module.exports = {
  forbidden: [
    ...Object.entries(mayImport).map(([room, allowed]) => ({
      name: `walls-of-${room}`,
      comment: `${room}/ may import only ${allowed.join(', ') || 'nothing of ours'} (docs/architecture.md)`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: { path: '^src/', pathNot: [room, ...allowed].map((name) => `^src/${name}/`) },
    })),
    {
      name: 'only-transport-imports-undici',
      comment: 'three files speak HTTP as a client; everything else is testable without a network library',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/gemini/(transport|answer|connector)\\.ts$' },
      to: { path: 'node_modules/undici/' },
    },
    {
      name: 'cli-imports-commands-only',
      comment: 'the start loads nothing that a command might not need',
      severity: 'error',
      from: { path: '^src/cli\\.ts$' },
      to: { path: '^src/', pathNot: '^src/(commands/program|lib/version)\\.ts$' },
    },
    {
      name: 'no-cycles',
      comment: 'the road goes one way',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    parser: 'swc',
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/generated/' },
    enhancedResolveOptions: { extensions: ['.ts', '.js'] },
  },
};

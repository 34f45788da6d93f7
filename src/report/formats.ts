/** The format of results files, `<suite>.json`. */
export const resultsFormat = 'assay/results/2';

/** The format of run.json. */
export const runFormat = 'assay/run/1';

/** The format of compare.json. */
export const compareFormat = 'assay/compare/1';

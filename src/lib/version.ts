declare const ASSAY_VERSION: string | undefined;

/** Assay's version, written in by the build; `development` when run from source. */
export const version: string = typeof ASSAY_VERSION === 'string' ? ASSAY_VERSION : 'development';

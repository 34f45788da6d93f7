/** Bytes of summary.md at most: what a comment on GitHub holds. */
export const mostBytes = 65_536;

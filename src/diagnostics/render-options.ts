/** How to print a text on a terminal, or elsewhere. */
export interface RenderOptions {
  readonly color: boolean;
  /** Columns of the terminal; absent for output that needs no wrapping. */
  readonly columns?: number | undefined;
}

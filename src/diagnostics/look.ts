/** How texts are to look where they are shown. */
export interface Look {
  readonly color: boolean;
  /** Columns of the terminal; absent where the output goes elsewhere and nothing need fit. */
  readonly columns?: number | undefined;
}

/** Where something stands in the files of a service: line and column count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Whatever was read from a file knows where, so that every fault can say so. */
export interface Placed {
  readonly at: Position;
}

/** The place of everything that was decoded from a compiled definition rather than read. */
export const COMPILED: Position = { file: "(compiled definition)", line: 0, column: 0 };

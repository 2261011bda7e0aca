import type { Named } from "@tallystick/portal";

/** The text with a capital first letter. */
export const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** Names for a cell of their own: the first begins it. */
export const inCell = (names: readonly Named[]): readonly Named[] =>
  names.map((named, at) => (at === 0 ? { ...named, name: capital(named.name) } : named));

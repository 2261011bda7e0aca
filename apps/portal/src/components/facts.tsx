import type { ComponentChildren, VNode } from "preact";

export interface Fact {
  readonly label: string;
  readonly value: ComponentChildren;
}

/** Labelled facts, one below the other. */
export const Facts = ({ facts }: { readonly facts: readonly Fact[] }): VNode => (
  <dl class="facts">
    {facts.map(({ label, value }) => (
      <div key={label}>
        <dt>{label}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);

/** A hash or other run of characters that nobody reads aloud; it breaks anywhere. */
export const Code = ({ children }: { readonly children: ComponentChildren }): VNode => (
  <code class="hash">{children}</code>
);

/** Names in a row: "a, b and c". */
export const sayList = (names: readonly string[]): string =>
  names.length < 2
    ? names.join("")
    : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;

/** A count with its noun: "1 entry", "1,204 entries". */
export const sayCount = (count: number, one: string, many: string): string =>
  `${count.toLocaleString("en-GB")} ${count === 1 ? one : many}`;

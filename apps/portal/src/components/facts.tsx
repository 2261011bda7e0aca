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

import fc from "fast-check";
import { expect, test } from "vitest";
import { nodeSha256 } from "../../../../test/support/hosts.ts";
import { StateMap } from "../state/state-map.ts";
import type { StateWriter } from "../table.ts";
import { Overlay, takeIn } from "./overlay.ts";

type Change = { readonly key: number; readonly value: number | null };

const changes = fc.array(
  fc.record({ key: fc.nat(20), value: fc.option(fc.nat(9), { nil: null }) }),
  { maxLength: 30 },
);
const bytes = (value: number): Uint8Array => new Uint8Array([value]);

const write = (state: StateWriter, list: readonly Change[]): void => {
  for (const { key, value } of list) {
    if (value === null) state.delete("m", bytes(key));
    else state.put("m", bytes(key), bytes(value));
  }
};
const contentOf = (state: StateWriter, from: number, to: number | null): number[][] =>
  [...state.range("m", bytes(from), to === null ? null : bytes(to))].map(([key, value]) => [
    ...key,
    ...value,
  ]);

test("an overlay shows what the state would be with its changes, and takes them in", () => {
  fc.assert(
    fc.property(changes, changes, changes, fc.nat(20), (first, second, third, from) => {
      const model = new StateMap(nodeSha256);
      write(model, first);
      const base = new StateMap(nodeSha256);
      write(base, first);
      const root = base.root();
      const lower = new Overlay(base);
      write(lower, second);
      write(model, second);
      const upper = new Overlay(lower);
      write(upper, third);
      write(model, third);
      for (const to of [null, from + 5]) {
        expect(contentOf(upper, from, to)).toEqual(contentOf(model, from, to));
      }
      for (let key = 0; key <= 20; key += 1) {
        expect(upper.get("m", bytes(key))).toEqual(model.get("m", bytes(key)));
      }
      expect(base.root()).toEqual(root);
      takeIn(lower, upper.writes());
      takeIn(base, lower.writes());
      expect(base.root()).toEqual(model.root());
    }),
  );
});

test("a change back to what was there is no write", () => {
  const base = new StateMap(nodeSha256);
  base.put("m", bytes(1), bytes(1));
  const overlay = new Overlay(base);
  overlay.put("m", bytes(1), bytes(2));
  overlay.put("m", bytes(1), bytes(1));
  overlay.put("m", bytes(2), bytes(2));
  overlay.delete("m", bytes(2));
  expect(overlay.writes()).toEqual([]);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { compare, concat, equal } from "./bytes.ts";

const bytes = (...values: number[]) => new Uint8Array(values);

test("concat joins in order", () => {
  expect(concat(bytes(1, 2), bytes(), bytes(3))).toEqual(bytes(1, 2, 3));
  expect(concat()).toEqual(bytes());
});

test("equal looks at length and at every byte", () => {
  expect(equal(bytes(1, 2), bytes(1, 2))).toBe(true);
  expect(equal(bytes(1, 2), bytes(1, 3))).toBe(false);
  expect(equal(bytes(1, 2), bytes(1, 2, 0))).toBe(false);
});

test("compare orders as Buffer.compare does", () => {
  const array = fc.uint8Array({ maxLength: 4, max: 2 });
  fc.assert(
    fc.property(array, array, (a, b) => {
      expect(Math.sign(compare(a, b))).toBe(Buffer.compare(a, b));
    }),
  );
});

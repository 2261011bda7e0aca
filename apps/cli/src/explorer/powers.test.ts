import { readFileSync } from "node:fs";
import type { Service } from "@tallystick/definitions";
import { expect, test } from "vitest";
import { serviceFolder } from "../files.ts";
import { readFolder } from "../service/folder.ts";
import { decidingPower, disclosingPower } from "./powers.ts";

const { compilation } = readFolder(serviceFolder("bus-pass"), {
  readFile: (path) => readFileSync(path),
});
if (!compilation.ok) throw new Error("the bus pass does not compile");
const { service } = compilation.compiled;

test("a body decides by the power of its own jurisdiction", () => {
  expect(decidingPower(service, ["E06000023"])).toBe("Transport Act 2000 s.145A(4)");
  expect(decidingPower(service, ["W06000021"])).toBe("Transport Act 2000 s.145B");
});

test("where the area is not known every power is told with its jurisdiction", () => {
  const both = "Transport Act 2000 s.145A(4) (England); Transport Act 2000 s.145B (Wales)";
  for (const areas of [[], ["S12000033"], ["E06000023", "W06000021"]]) {
    expect(decidingPower(service, areas)).toBe(both);
  }
});

test("a disclosure has a power of its own, and an unknown one has none", () => {
  const law = service.law.map((basis) =>
    basis.name === "tell"
      ? { ...basis, powers: [{ jurisdiction: null, citation: "Digital Economy Act 2017 s.35" }] }
      : basis,
  );
  const changed: Service = { ...service, law };
  expect(disclosingPower(changed, "hotlist", ["E06000023"])).toBe("Digital Economy Act 2017 s.35");
  expect(decidingPower(changed, ["E06000023"])).toBe("Transport Act 2000 s.145A(4)");
  expect(disclosingPower(changed, "nothing", ["E06000023"])).toBeNull();
});

test("a definition without law tells no power", () => {
  expect(decidingPower({ ...service, law: [] }, ["E06000023"])).toBeNull();
});

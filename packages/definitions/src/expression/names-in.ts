import type { Tree } from "./ast.ts";

/** Every name that an expression reads. */
export function namesIn(tree: Tree): ReadonlySet<string> {
  if (tree.kind === "name") return new Set([tree.name]);
  const names = new Set<string>();
  for (const part of partsOf(tree)) for (const name of namesIn(part)) names.add(name);
  return names;
}

const partsOf = (tree: Tree): readonly Tree[] => {
  if (tree.kind === "select") return [tree.of];
  if (tree.kind === "call") return tree.target === null ? tree.parts : [tree.target, ...tree.parts];
  if (tree.kind === "list") return tree.items;
  return tree.kind === "loop" ? [tree.over, tree.start, tree.step] : [];
};

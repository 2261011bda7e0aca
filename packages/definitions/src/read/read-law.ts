import type { Disclosure, Fact, Give, LegalBasis, MembersSee, Power, Proof } from "../service.ts";
import type { SourceNode } from "../source/node.ts";
import type { NamedNode, Reader } from "../source/reader.ts";
import { isFactName } from "../source/words.ts";
import { readType } from "./read-type.ts";

const LAW_KEYS = {
  required: ["article6"],
  optional: ["power", "article9", "schedule1", "article10"],
};

/** A legal basis; a power is one citation, or one for each jurisdiction. */
export function readLegalBasis(reader: Reader, { name, at, value }: NamedNode): LegalBasis {
  const keys = reader.map(value, LAW_KEYS);
  return {
    name,
    at,
    powers: readPowers(reader, keys.get("power")),
    article6: reader.name(keys.get("article6")),
    article9: reader.optionalText(keys.get("article9")),
    schedule1: reader.optionalText(keys.get("schedule1")),
    article10: reader.optionalText(keys.get("article10")),
  };
}

const readPowers = (reader: Reader, node: SourceNode | undefined): readonly Power[] => {
  if (node === undefined || node.kind === "nothing") return [];
  if (node.kind !== "map") return [{ jurisdiction: null, citation: reader.text(node) }];
  return reader
    .entries(node)
    .map(({ name, value }) => ({ jurisdiction: name, citation: reader.text(value) }));
};

export function readMembersSee(reader: Reader, { name, at, value }: NamedNode): MembersSee {
  const keys = reader.map(value, { required: ["law", "why"] });
  return { name, at, law: reader.name(keys.get("law")), why: reader.text(keys.get("why")) };
}

const FACT_KEYS = { required: ["type", "class", "accept"], optional: ["seen-by", "keep"] };

const CLASSES = ["public", "official", "personal", "special", "criminal"] as const;

export function readFact(reader: Reader, { name, at, value }: NamedNode): Fact {
  const keys = reader.map(value, FACT_KEYS);
  const keep = keys.get("keep");
  return {
    name,
    at,
    type: readType(reader, keys.node("type")),
    dataClass: reader.oneOf(keys.get("class"), CLASSES),
    accept: reader.items(keys.get("accept")).map((item) => readProof(reader, item)),
    seenBy: reader.entries(keys.get("seen-by")).map((entry) => ({
      role: entry.name,
      law: reader.name(entry.value),
      at: entry.at,
    })),
    keep: keep === undefined || keep.kind === "nothing" ? null : reader.durationAfter(keep),
  };
}

/** `credential registrar/date-of-birth`, `document seen-by officer`, or a group with `when:`. */
function readProof(reader: Reader, node: SourceNode): Proof {
  if (node.kind === "map") {
    const keys = reader.map(node, { required: ["proof", "when"] });
    const proof = readProof(reader, keys.node("proof"));
    return { ...proof, when: reader.expression(keys.node("when")) };
  }
  const text = reader.text(node);
  const [kind, ...rest] = text.split(" ");
  const isCredential = kind === "credential" && rest.length === 1 && rest[0]?.includes("/");
  const isDocument = kind === "document" && rest.length === 2 && rest[0] === "seen-by";
  if (!isCredential && !isDocument) {
    reader.wrong(node, '"credential ISSUER/TYPE" or "document seen-by ROLE"');
  }
  const source = rest[rest.length - 1] ?? "";
  return { by: isDocument ? "document" : "credential", source, when: null, at: node.at };
}

export function readGive(reader: Reader, { name, at, value }: NamedNode): Give {
  const keys = reader.map(value, { required: ["to", "in", "claims"], optional: ["status"] });
  return {
    name,
    at,
    to: reader.name(keys.get("to")),
    in: reader.name(keys.get("in")),
    claims: reader.expressions(keys.get("claims"), isFactName),
    status: reader.optionalName(keys.get("status")),
  };
}

const DISCLOSURE_KEYS = {
  required: ["from", "to", "what", "why", "law", "acknowledge-within"],
  optional: ["gateway", "keep"],
};

export function readDisclosure(reader: Reader, { name, at, value }: NamedNode): Disclosure {
  const keys = reader.map(value, DISCLOSURE_KEYS);
  const keep = keys.get("keep");
  return {
    name,
    at,
    from: reader.name(keys.get("from")),
    to: reader.name(keys.get("to")),
    what: reader.paths(keys.get("what")),
    why: reader.name(keys.get("why")),
    law: reader.name(keys.get("law")),
    gateway: reader.optionalName(keys.get("gateway")),
    keep: keep === undefined || keep.kind === "nothing" ? null : reader.durationAfter(keep),
    acknowledgeWithin: reader.duration(keys.get("acknowledge-within")),
  };
}

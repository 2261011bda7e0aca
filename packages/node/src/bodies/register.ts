import { toHex } from "@tallystick/log";
import type { Body } from "./body.ts";
import { FACT_TYPES } from "./fact-types.ts";

/** What a demonstration's register holds about a made-up person: facts by name. */
export type RegisterEntry = Readonly<Record<string, unknown>>;

const RECORD = "register/facts";
const PERSON_BYTES = 16;

/**
 * Puts a made-up person into the body's register; answers with the random id under which the entry
 * is sealed. Null when a fact is none that this body attests, or not of its form.
 */
export async function registerPerson(body: Body, facts: unknown): Promise<string | null> {
  if (!isEntry(body, facts)) return null;
  const person = body.randomBytes(PERSON_BYTES);
  const bytes = new TextEncoder().encode(JSON.stringify(facts));
  await body.member.vault.put(person, [{ name: RECORD, bytes }]);
  return toHex(person);
}

/** The entry of a person; null when there is none, or it was erased. */
export async function findPerson(body: Body, person: Uint8Array): Promise<RegisterEntry | null> {
  const bytes = await body.member.vault.get(person, RECORD);
  return bytes === null ? null : (JSON.parse(new TextDecoder().decode(bytes)) as RegisterEntry);
}

/** Destroys the entry's key, and with it the record of what was issued. */
export function erasePerson({ member, ledger }: Body, person: Uint8Array): boolean {
  if (member.vault.list(person).length === 0) return false;
  member.vault.erase([person], Number(ledger.now()));
  return true;
}

function isEntry({ member }: Body, facts: unknown): facts is RegisterEntry {
  if (typeof facts !== "object" || facts === null || Array.isArray(facts)) return false;
  const entries = Object.entries(facts);
  return (
    entries.length > 0 &&
    entries.every(([fact, value]) =>
      FACT_TYPES.some((type) => type.fact === fact && type.accepts(value, member.registered.areas)),
    )
  );
}

import type { AgreementTerms, Message } from "@tallystick/ledger";
import { type Hash, toHex } from "@tallystick/log";
import { MEMBERS } from "./consortium.ts";
import type { DemonstrationKeys } from "./keys.ts";

/** Messages that one member signs in one transaction: all of them, or none. */
export interface FoundingAct {
  readonly member: string;
  readonly messages: readonly Message[];
}

/** What the bodies agree before the first resident comes: 1 April 2026. */
const FOUNDED_DAY = 20_544;
const REVIEW_DAY = FOUNDED_DAY + 365;

const OPERATOR_OF_BUSES = "severn-buses";
const REGISTRAR = "registrar";

/** The types of credential in the demonstration. */
export const VCT = {
  dateOfBirth: "tallystick:registrar/date-of-birth",
  residence: "tallystick:council/residence",
  pass: "tallystick:bus-pass/pass",
} as const;

/** The bodies that decide about bus passes: unitary councils, and the travel authority. */
export const AUTHORITIES: readonly string[] = MEMBERS.filter((member) =>
  member.roles.includes("travel-concession-authority"),
).map((member) => member.id);

/**
 * Everything that the members put on the ledger when the demonstration starts, in order: who may
 * issue which facts, the published definition with its votes and adoptions, the agreements.
 */
export function foundingActs(
  keys: DemonstrationKeys,
  definition: { readonly bytes: Uint8Array; readonly hash: Hash },
): FoundingAct[] {
  return [
    { member: REGISTRAR, messages: [...accreditations(keys)] },
    ...publication(definition),
    ...AUTHORITIES.map((member) => adoption(member, definition.hash)),
    ...AUTHORITIES.map((member) => ({
      member,
      messages: [
        { type: "agreements/publish" as const, id: `hotlist/${member}`, terms: hotlist(member) },
      ],
    })),
    {
      member: OPERATOR_OF_BUSES,
      messages: AUTHORITIES.map((member) => ({
        type: "agreements/accept" as const,
        id: `hotlist/${member}`,
      })),
    },
  ];
}

function* accreditations(keys: DemonstrationKeys): Iterable<Message> {
  const accredit = (vct: string, issuer: string): Message => ({
    type: "credentials/accredit",
    vct,
    issuer,
    level: "high",
    key: { kind: "p256", publicKey: keys.p256(`${issuer}/issuer`) },
  });
  yield accredit(VCT.dateOfBirth, REGISTRAR);
  for (const member of MEMBERS) {
    if (member.roles.includes("council")) yield accredit(VCT.residence, member.id);
  }
  for (const authority of AUTHORITIES) yield accredit(VCT.pass, authority);
}

function publication(definition: {
  readonly bytes: Uint8Array;
  readonly hash: Hash;
}): FoundingAct[] {
  const [publisher, ...voters] = ["avonbridge", "aberwye", "severn-travel"];
  return [
    {
      member: publisher as string,
      messages: [{ type: "services/publish", definition: definition.bytes }],
    },
    ...voters.map((member) => ({
      member,
      messages: [{ type: "services/vote" as const, definition: definition.hash }],
    })),
  ];
}

function adoption(member: string, definition: Hash): FoundingAct {
  const areas = MEMBERS.find(({ id }) => id === member)?.areas ?? [];
  const minute = `Concessionary travel, decision of 1 April 2026 (${toHex(definition).slice(0, 8)})`;
  return {
    member,
    messages: [
      { type: "services/adopt", definition, member, areas, minute, inForceFromDay: FOUNDED_DAY },
    ],
  };
}

const isWelsh = (member: string): boolean =>
  MEMBERS.some(({ id, areas }) => id === member && areas.some((area) => area.startsWith("W")));

const hotlist = (authority: string): AgreementTerms => ({
  name: "Stopping lost and withdrawn bus passes",
  purpose: "So that a pass which is lost, stolen or withdrawn is refused on the bus",
  power: isWelsh(authority) ? "Transport Act 2000 s.145B" : "Transport Act 2000 s.145A(4)",
  gateway: "agreement",
  controllers: [authority],
  recipients: [OPERATOR_OF_BUSES],
  disclosed: ["bus-pass/pass.status"],
  method: "Sealed delivery from node to node",
  retention: "P1D",
  startDay: FOUNDED_DAY,
  endDay: null,
  reviewDay: REVIEW_DAY,
  contact: `concessions@${authority}.example`,
  areas: MEMBERS.find(({ id }) => id === authority)?.areas ?? [],
  onEnd: "finish-open-cases",
});

import { keyId, type Message } from "@tallystick/ledger";
import { ed25519Signer, nodeSha256, p256Signer } from "@tallystick/node";
import type { By, Recorded, SampleNetwork } from "./sample-network.ts";

const filled = (bytes: number, value: number): Uint8Array => new Uint8Array(bytes).fill(value);

/** What stands in a sample case and may be shown to nobody: hexadecimal of these must not appear. */
export const CASE_ID: Uint8Array = filled(16, 0xca);
export const COMMITMENT: Uint8Array = filled(32, 0xc0);
export const ENVELOPE: Uint8Array = filled(32, 0xe0);
const STAFF_SECRET = filled(32, 0x51);
const RESIDENT: By = { resident: filled(32, 0x4e), sponsor: "avonbridge" };
const COUNCIL: By = { member: "avonbridge" };
const OFFICER: By = { staffOf: "avonbridge", secret: STAFF_SECRET };

/** The transactions of one bus pass from the application to the end of its data, by what each is. */
export type SampleCase = Readonly<
  Record<
    | "addStaff"
    | "addSite"
    | "open"
    | "decide"
    | "disclose"
    | "acknowledge"
    | "draw"
    | "openToAuditor"
    | "finding"
    | "stop"
    | "erase"
    | "refused"
    | "statusList",
    Recorded
  >
>;

/** Records the case; every act but `refused` is let through. */
export async function recordSampleCase(network: SampleNetwork): Promise<SampleCase> {
  const one = (by: By, message: Message): Promise<Recorded> => network.record(by, [message]);
  const inCase = { case: CASE_ID, commitment: COMMITMENT } as const;
  const addStaff = await one(COUNCIL, addStaffMessage());
  const addSite = await one(COUNCIL, addSiteMessage());
  const open = await one(RESIDENT, {
    ...{ type: "services/open", ...inCase, definition: network.definition },
    ...{ authority: "avonbridge", action: "apply" },
    tags: [{ name: "applicant", tag: filled(32, 0x7a) }],
  });
  const decide = await one(COUNCIL, {
    ...{ type: "services/decide", ...inCase, action: "decide", outcome: "grant" },
    ...{ ruleHash: network.definition, tables: [{ name: "pension-age", version: "2014" }] },
  });
  const disclose = await one(COUNCIL, {
    ...{ type: "services/disclose", ...inCase, disclosure: "hotlist", recipient: "severn-buses" },
    ...{ agreement: "hotlist/avonbridge", envelope: ENVELOPE },
    acknowledgeByMs: BigInt(Date.now()) + 3_600_000n,
  });
  const acknowledge = await one(
    { member: "severn-buses" },
    {
      type: "services/acknowledge",
      ...{ case: CASE_ID, disclosureId: disclose.hash, messageIndex: 0n },
    },
  );
  const drawn = await drawAndCheck(network, decide);
  const stop = await network.record(
    OFFICER,
    [{ type: "services/act", case: CASE_ID, action: "stop", commitment: null }],
    { kind: "uprn", uprn: HOME_UPRN },
  );
  const erase = await one(COUNCIL, {
    type: "services/erase",
    ...{ case: CASE_ID, holder: "avonbridge" },
  });
  const refused = await one(
    { member: "severn-buses" },
    { type: "agreements/accept", id: "hotlist/avonbridge" },
  );
  const statusList = await one(COUNCIL, {
    ...{ type: "credentials/status-list", issuer: "avonbridge", uri: "urn:status:1" },
    ...{ version: 1n, list: filled(32, 3) },
  });
  return {
    ...{ addStaff, addSite, open, decide, disclose, acknowledge, ...drawn },
    ...{ stop, erase, refused, statusList },
  };
}

async function drawAndCheck(
  network: SampleNetwork,
  decide: Recorded,
): Promise<Pick<SampleCase, "draw" | "openToAuditor" | "finding">> {
  await network.allSigned();
  const auditor: By = { member: "public-auditor" };
  const act = decide.hash;
  const checkpoint = network.auditorsNote();
  const draw = await network.record(auditor, [
    { type: "services/draw", act, checkpoint, cosigner: "public-auditor/executor" },
  ]);
  const openToAuditor = await network.record(COUNCIL, [
    { type: "services/open-to-auditor", act, auditor: "public-auditor", envelope: ENVELOPE },
  ]);
  const finding = await network.record(auditor, [
    { type: "services/finding", act, agrees: true, findings: COMMITMENT },
  ]);
  return { draw, openToAuditor, finding };
}

const addStaffMessage = (): Message => {
  const { publicKey } = ed25519Signer(STAFF_SECRET);
  return {
    type: "members/add-staff-key",
    member: "avonbridge",
    key: { kind: "ed25519", publicKey },
    role: "officer",
    pseudonym: "officer-4",
  };
};

const addSiteMessage = (): Message => ({
  type: "members/add-site",
  member: "avonbridge",
  siteId: "library",
  name: "Central Library, Avonbridge",
  place: { kind: "uprn", uprn: 200_001_234n },
});

/** The resident's key and its thumbprint, and the officer's: they must not appear either. */
export const PRIVATE_KEYS: readonly Uint8Array[] = (() => {
  const resident = p256Signer(filled(32, 0x4e)).publicKey;
  const officer = ed25519Signer(STAFF_SECRET).publicKey;
  return [
    ...[resident, officer],
    keyId(nodeSha256, { kind: "p256", publicKey: resident }),
    keyId(nodeSha256, { kind: "ed25519", publicKey: officer }),
  ];
})();

/** Where the officer was: at somebody's home. */
export const HOME_UPRN = 100_012_345_678n;

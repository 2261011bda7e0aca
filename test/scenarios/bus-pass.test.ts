import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fromBase64Url, toBase64, toHex } from "@tallystick/log";
import { afterAll, expect, test } from "vitest";
import { demonstrationKeys } from "../../apps/cli/src/demonstration/keys.ts";
import { applyForBusPass, type Journey } from "../../apps/cli/src/demonstration/resident.ts";
import { freePort, runNetwork } from "../../apps/cli/src/demonstration/run-network.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
const PROGRAM = join(ROOT, "apps/cli/bin/tallystick.js");
const VERIFIER = join(ROOT, "dist/verify.mjs");
const folders: string[] = [];

const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "tallystick-scenario-"));
  folders.push(folder);
  return folder;
};

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const environment = { ...process.env, XDG_STATE_HOME: newFolder() };

const run = (file: string, args: readonly string[]) =>
  spawnSync(process.execPath, [file, ...args], { encoding: "utf8", env: environment });

test("every official applicant gets the official date, and walks away with a receipt", () => {
  const data = newFolder();
  const demo = run(PROGRAM, ["demo", "--data", data, "--json"]);
  expect(demo.stderr.replace(/Built dist.*\n/g, "")).toBe("");
  expect(demo.status).toBe(0);
  expect(demo.stdout.trimEnd().split("\n")).toHaveLength(1);
  const figures = JSON.parse(demo.stdout);
  expect(Object.keys(figures)).toEqual([
    ...["cases", "agreedWithOfficialDates", "entitled", "tableCases", "tableCasesAgreed"],
    ...["receiptsVerified", "operatorsPerReceipt", "delivered", "acknowledged"],
    ...["entries", "logRoot", "stateRoot", "seconds"],
  ]);
  expect(figures).toMatchObject({
    ...{ cases: 116, agreedWithOfficialDates: 116, tableCases: 82, tableCasesAgreed: 82 },
    ...{ receiptsVerified: 116, operatorsPerReceipt: 3 },
  });
  expect(figures.entitled).toBeGreaterThan(0);
  expect(figures.entitled).toBeLessThan(116);
  expect(figures.delivered).toBe(figures.entitled);
  expect(figures.acknowledged).toBe(figures.entitled);
  expect(run(PROGRAM, ["audit", "--data", data]).status).toBe(0);
  receiptsOutliveTheLedger(data);
});

/** With the nodes stopped and their data gone, one file and the pinned policy are enough. */
function receiptsOutliveTheLedger(data: string): void {
  const kept = newFolder();
  const [name] = readdirSync(join(data, "receipts"));
  const receipt = join(kept, "receipt.txt");
  const policy = join(kept, "policy.txt");
  cpSync(join(data, "receipts", name ?? ""), receipt);
  cpSync(join(data, "auditor", "policy.txt"), policy);
  rmSync(data, { recursive: true });
  expect(run(VERIFIER, ["receipt", receipt, "--policy", policy]).status).toBe(0);
  expect(run(PROGRAM, ["receipt", "verify", receipt, "--policy", policy]).status).toBe(0);
  expect(run(VERIFIER, ["receipt", receipt]).status).toBe(4);
  const text = readFileSync(receipt, "utf8");
  const at = text.indexOf("\nindex ") + 20;
  const bent = `${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`;
  writeFileSync(receipt, bent);
  expect(run(VERIFIER, ["receipt", receipt, "--policy", policy]).status).not.toBe(0);
}

test("erasing a resident leaves nothing to find, and the receipt still verifies", async () => {
  Object.assign(process.env, { XDG_STATE_HOME: environment.XDG_STATE_HOME });
  const data = newFolder();
  const argv = process.argv[1];
  process.argv[1] = PROGRAM;
  const port = await freePort("127.0.0.1");
  const network = await runNetwork({ data, host: "127.0.0.1", port, say: () => {} });
  process.argv[1] = argv ?? "";
  const town = {
    urlOf: (operator: string) =>
      network.nodes.find((node) => node.operator === operator)?.url ?? "",
    keys: demonstrationKeys(network.network.genesis.random),
  };
  const dateOfBirth = "1943-07-19";
  const applicant = { name: "Resident", dateOfBirth, area: "E07000080", officialDate: null };
  let journey: Journey;
  let keys: readonly KeptKey[] = [];
  try {
    journey = await applyForBusPass(town, applicant);
    await until(async () => (await journey.look()).disclosures.some((one) => one.acknowledged));
    await until(
      async () => keysOf(data).filter(({ scope }) => scope === caseOf(journey)).length === 3,
    );
    keys = keysOf(data);
    // What is kept now is found by the same search: it can find something.
    expect(new Set(findings(data, keys)).size).toBeGreaterThanOrEqual(keys.length);
    await journey.erase();
    await expect(journey.look()).rejects.toMatchObject({ code: "bodies/case-erased" });
    await until(async () => (await erasuresOn(town.urlOf("auditor"))) === 3);
  } finally {
    await network.stop();
  }
  const left = keysOf(data).map(({ scope }) => scope);
  const destroyed = keys.filter(({ scope }) => !left.includes(scope));
  // The deciding body's, the bus operator's and the auditor's for the case, and both issuers'.
  expect(destroyed.map(({ member }) => member).sort()).toEqual([
    ...["deanforest", "public-auditor", "registrar", "severn-buses", "severn-travel"],
  ]);
  const secrets = [...secretsOf(journey), ...destroyed, secret("date of birth", dateOfBirth)];
  expect(findings(data, secrets)).toEqual([]);
  const receipt = join(newFolder(), "receipt.txt");
  writeFileSync(receipt, journey.receipt);
  const policy = join(data, "auditor", "policy.txt");
  expect(run(VERIFIER, ["receipt", receipt, "--policy", policy]).status).toBe(0);
  expect(run(PROGRAM, ["audit", "--data", data]).status).toBe(0);
});

interface Secret {
  readonly what: string;
  readonly forms: readonly Buffer[];
}

/** A data key as a vault keeps it, wrapped by its member's own key. */
interface KeptKey extends Secret {
  readonly member: string;
  /** The case or person that it is for, in hex. */
  readonly scope: string;
}

const caseOf = (journey: Journey): string => toHex(journey.case.id);

/** Every data key in every vault of every operator. */
function keysOf(data: string): KeptKey[] {
  const vaults = readdirSync(data, { recursive: true, encoding: "utf8" }).filter((path) =>
    /vault\/[a-z-]+\.sqlite$/.test(path),
  );
  expect(vaults.length).toBe(9);
  return vaults.flatMap((path) => {
    // The node holds its vaults locked: look at a copy.
    const copy = join(newFolder(), "vault.sqlite");
    cpSync(join(data, path), copy);
    if (existsSync(join(data, `${path}-wal`))) cpSync(join(data, `${path}-wal`), `${copy}-wal`);
    const database = new DatabaseSync(copy);
    const rows = database.prepare("SELECT scope, wrapped FROM data_key").all();
    database.close();
    const member = basename(path, ".sqlite");
    return rows.map((row) => ({
      member,
      what: `the wrapped key of ${member} for ${toHex(row["scope"] as Uint8Array)}`,
      scope: toHex(row["scope"] as Uint8Array),
      forms: [Buffer.from(row["wrapped"] as Uint8Array)],
    }));
  });
}

const secret = (what: string, text: string): Secret => ({ what, forms: [Buffer.from(text)] });

/** Every salt in each form that it could be kept in, and the pass itself. */
function secretsOf(journey: Journey): Secret[] {
  const openings = journey.view.decision?.openings ?? [];
  const given = journey.case.acts().flatMap(({ commitment }) => commitment?.opening.fields ?? []);
  const salts = [
    ...openings.map(({ salt }) => fromBase64Url(salt) ?? new Uint8Array()),
    ...given.map(({ salt }) => salt),
  ];
  expect(salts.length).toBeGreaterThan(8);
  return [
    ...salts.map((salt) => ({
      what: "a salt",
      forms: [
        Buffer.from(salt),
        Buffer.from(toHex(salt)),
        Buffer.from(toBase64(salt).slice(0, 40)),
      ],
    })),
    secret("the pass", (journey.view.credentials["pass"] ?? "no pass").slice(-60)),
  ];
}

/** Where any secret stands in any file below a directory. */
function findings(directory: string, secrets: readonly Secret[]): string[] {
  const files = readdirSync(directory, { recursive: true, encoding: "utf8" })
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile());
  expect(files.length).toBeGreaterThan(10);
  return files.flatMap((path) => {
    const bytes = readFileSync(path);
    return secrets
      .filter(({ forms }) => forms.some((form) => bytes.includes(form)))
      .map(({ what }) => `${what} in ${path}`);
  });
}

/** How many holders have recorded on the ledger that they erased. */
async function erasuresOn(url: string): Promise<number> {
  const response = await fetch(`${url}/v1/transactions?limit=50`);
  const { transactions } = (await response.json()) as { transactions: { kinds: string[] }[] };
  return transactions.filter(({ kinds }) => kinds.includes("services/erase")).length;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error("it did not come about within a minute");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

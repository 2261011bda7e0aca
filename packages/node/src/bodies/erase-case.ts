import { encodeContents } from "../delivery/contents.ts";
import { sealEnvelope } from "../delivery/envelope.ts";
import { sealedName } from "../delivery/receive.ts";
import { columnOf } from "../store/database.ts";
import { dueAfter } from "../vault/retention.ts";
import { act } from "./act.ts";
import type { Body } from "./body.ts";
import { sealingKeyOf } from "./disclose.ts";

/** How long a recipient has to erase what it was told: UK GDPR Articles 12(3) and 19. */
const ACKNOWLEDGE_WITHIN = { duration: "P1M", after: "erased" } as const;

/**
 * After a case was destroyed here: puts that on the ledger, and sends a sealed notice to every body
 * that was told something of it and has not erased it yet.
 */
export async function recordErasure(body: Body, caseId: Uint8Array): Promise<void> {
  const { view, member, ledger, outbox } = body;
  const found = view.caseOf(caseId);
  if (found === null) return;
  if (!found.erasedBy.includes(member.id)) {
    await act(body, [{ type: "services/erase", case: caseId, holder: member.id }]);
  }
  const { dueMs } = dueAfter(ACKNOWLEDGE_WITHIN, ledger.now());
  for (const recipient of view.recipientsOf(caseId, member.id)) {
    if (found.erasedBy.includes(recipient)) continue;
    const envelope = await sealEnvelope({
      networkId: ledger.networkId,
      recipientKey: sealingKeyOf(body, recipient),
      context: { caseId, name: sealedName("erasure", caseId), recipient },
      contents: encodeContents({ kind: "erasure", caseId, holder: member.id }),
    });
    const outgoing = { kind: "erasure", scope: caseId, recipient, reference: caseId } as const;
    outbox.add({ ...outgoing, envelope, acknowledgeByMs: dueMs }, Number(ledger.now()));
  }
}

/** Erasures that a stop kept from the ledger are put on the list of work again. */
export function resumeErasures({ member, view, tasks, ledger }: Body): void {
  for (const row of member.vault.database.prepare("SELECT scope FROM erased").all()) {
    const scope = columnOf(row, "scope") as Uint8Array;
    const found = view.caseOf(scope);
    if (found === null || found.erasedBy.includes(member.id)) continue;
    tasks.add({ kind: "erase", reference: scope, scope }, Number(ledger.now()));
  }
}

import type { Handler, Handlers, MessageStep } from "../../apply/step.ts";
import { namesKey } from "../../table.ts";
import { isSignedBy } from "../members/handlers.ts";
import { getMember, holdsRole } from "../members/queries.ts";
import { getIssuer, getStatusList, isIssuer } from "./queries.ts";
import { issuers, statusLists } from "./state.ts";

/** Whoever holds this role says who may issue what. */
export const REGISTRAR_ROLE: string = "registrar-of-issuers";

/** The registrar that signed, or null. */
const registrarOf = ({ signer, state }: MessageStep): string | null =>
  signer.kind === "member" && holdsRole(state, signer.member, REGISTRAR_ROLE)
    ? signer.member
    : null;

const accredit: Handler<"credentials/accredit"> = (step, { vct, issuer, level, key }) => {
  const { state } = step;
  const accreditedBy = registrarOf(step);
  if (accreditedBy === null) return "credentials/not-registrar";
  if (getMember(state, issuer) === null) return "credentials/issuer-unknown";
  if (key.kind !== "p256") return "credentials/key-kind-not-allowed";
  if (getIssuer(state, vct, issuer)?.withdrawn === false) return "credentials/already-accredited";
  // Commit point.
  issuers.put(state, namesKey(issuer, vct), { level, key, accreditedBy, withdrawn: false });
  step.emit({ kind: "credentials/accredited", vct, issuer });
  return null;
};

const withdraw: Handler<"credentials/withdraw"> = (step, { vct, issuer }) => {
  const { state } = step;
  if (registrarOf(step) === null) return "credentials/not-registrar";
  const entry = getIssuer(state, vct, issuer);
  if (entry === null || entry.withdrawn) return "credentials/not-accredited";
  // Commit point.
  issuers.put(state, namesKey(issuer, vct), { ...entry, withdrawn: true });
  step.emit({ kind: "credentials/withdrawn", vct, issuer });
  return null;
};

const publishStatusList: Handler<"credentials/status-list"> = (step, message) => {
  const { state } = step;
  const { issuer, uri, version, list } = message;
  if (!isSignedBy(step, issuer) || !isIssuer(state, issuer)) return "credentials/not-issuer";
  const newest = getStatusList(state, issuer, uri)?.version ?? 0n;
  if (version !== newest + 1n) return "credentials/wrong-version";
  // Commit point.
  statusLists.put(state, namesKey(issuer, uri), { version, list });
  step.emit({ kind: "credentials/status-list-published", issuer, uri, version });
  return null;
};

export const credentialsHandlers: Handlers<"credentials"> = {
  "credentials/accredit": accredit,
  "credentials/withdraw": withdraw,
  "credentials/status-list": publishStatusList,
};

import type { Handler, MessageStep } from "../../apply/step.ts";
import { decodeDefinition, definitionHash } from "../../definition.ts";
import { isSound } from "./check-definition.ts";
import { definitions, type Publication, publications } from "./state.ts";

/** Puts a definition to the vote; the publisher's is the first. spec/messages.md §services. */
export const publishDefinition: Handler<"services/publish"> = (step, { definition: bytes }) => {
  const { signer, state, host } = step;
  if (signer.kind !== "member") return "services/not-a-body";
  const definition = decodeDefinition(bytes);
  if (definition === null) return "services/definition-malformed";
  if (!isSound(definition)) return "services/definition-unsound";
  const hash = definitionHash(host.sha256, bytes);
  if (publications.has(state, hash)) return "services/definition-known";
  // Commit point.
  const { service, version } = definition;
  const publisher = signer.member;
  definitions.put(state, hash, bytes);
  step.emit({
    kind: "services/definition-proposed",
    ...{ definition: hash, service, version, publisher },
  });
  countVote(step, hash, { service, version, publisher, votes: [], publishedAtMs: null });
  return null;
};

/** Votes for a definition that another body has proposed. */
export const voteForDefinition: Handler<"services/vote"> = (step, { definition }) => {
  const { signer, state } = step;
  if (signer.kind !== "member") return "services/not-a-body";
  const publication = publications.get(state, definition);
  if (publication === null) return "services/definition-unknown";
  if (publication.votes.includes(signer.member)) return "services/already-voted";
  // Commit point.
  countVote(step, definition, publication);
  return null;
};

/** Writes the signer's vote, and the publication when it is the one that was missing. */
const countVote = (step: MessageStep, definition: Uint8Array, before: Publication): void => {
  const { signer, state, parameters, nowMs } = step;
  if (signer.kind !== "member") throw new Error("a vote without a member");
  const { service, version } = before;
  const votes = [...before.votes, signer.member];
  const isEnough = BigInt(votes.length) >= parameters.publicationVotes;
  const isNew = before.publishedAtMs === null && isEnough;
  const publishedAtMs = isNew ? nowMs : before.publishedAtMs;
  publications.put(state, definition, { ...before, votes, publishedAtMs });
  step.emit({ kind: "services/definition-voted", definition, member: signer.member });
  if (isNew) step.emit({ kind: "services/definition-published", definition, service, version });
};

import { STATUS_LIST_TYP } from "@tallystick/credentials";
import { toHex } from "@tallystick/log";
import type { Context, Hono } from "hono";
import { readDelivery } from "../delivery/read-delivery.ts";
import { eraseHere, receive } from "../delivery/receive.ts";
import { ActRefused, TryLater } from "./act.ts";
import { apply } from "./apply.ts";
import { askedJson, askFor } from "./ask.ts";
import { judgeCaseRequest } from "./case-signature.ts";
import type { Bodies, Served } from "./create-bodies.ts";
import { issueFacts, revokeFacts } from "./issue-facts.ts";
import { problem } from "./problem.ts";
import { readApplication, readId, readIssueRequest, readJson } from "./read-request.ts";
import { erasePerson, registerPerson } from "./register.ts";
import { isSettled, showCase } from "./show-case.ts";

type Handler = (served: Served, context: Context) => Promise<Response> | Response;

const MEMBER = "/v1/members/:member";
const MAX_WAIT_SECONDS = 30;

/** Everything that people, staff of a demonstration and other bodies ask of these members. */
export function mountBodies(app: Hono, bodies: Bodies): void {
  const member = (handler: Handler) => (context: Context) => answer(bodies, context, handler);
  app.post("/v1/deliveries", (context) => takeDelivery(bodies, context));
  app.post(`${MEMBER}/register/people`, member(demonstration(postPerson)));
  app.delete(`${MEMBER}/register/people/:person`, member(demonstration(deletePerson)));
  app.post(`${MEMBER}/credentials/:type`, member(postCredentials));
  app.post(`${MEMBER}/credentials/:type/revocations`, member(demonstration(postRevocation)));
  app.get(`${MEMBER}/status-lists/:name`, member(getStatusList));
  app.get(`${MEMBER}/services/:service/request`, member(getRequest));
  app.post(`${MEMBER}/cases`, member(postCase(bodies)));
  app.get(`${MEMBER}/cases/:case`, member(getCase(bodies)));
  app.post(`${MEMBER}/cases/:case/erasure`, member(postErasure(bodies)));
  app.get(`${MEMBER}/deliveries`, member(demonstration(getDeliveries)));
}

const json = (value: unknown, status = 200): Response =>
  new Response(JSON.stringify(value), {
    status,
    headers: { "Content-Type": "application/json", "Cache-Control": "no-store" },
  });

/** One member answers out of its own vault. What breaks is told by code, never by an error's text. */
async function answer(bodies: Bodies, context: Context, handler: Handler): Promise<Response> {
  const id = context.req.param("member");
  const served = bodies.served.find(({ body }) => body.member.id === id);
  if (served === undefined) return problem("bodies/unknown-member");
  try {
    return await handler(served, context);
  } catch (cause) {
    if (cause instanceof TryLater || cause instanceof ActRefused) return problem(cause.code);
    throw cause;
  }
}

/** Some resources stand in for a body's own systems: they exist in demonstrations only. */
const demonstration =
  (handler: Handler): Handler =>
  (served, context) =>
    served.body.ledger.genesis.demonstration
      ? handler(served, context)
      : problem("bodies/not-a-demonstration");

async function takeDelivery(bodies: Bodies, { req }: Context): Promise<Response> {
  const delivery = readDelivery(await readJson(req.raw));
  if (delivery === null) return problem("delivery/malformed");
  const served = bodies.served.find(({ body }) => body.member.id === delivery.recipient);
  if (served === undefined) return problem("delivery/not-ours");
  const received = await receive(served.body, delivery);
  if (!received.ok) return problem(received.code);
  bodies.wake();
  return json({ repeated: received.isRepeated });
}

const postPerson: Handler = async ({ body }, { req }) => {
  const { facts } = (await readJson(req.raw)) ?? {};
  const person = await registerPerson(body, facts);
  return person === null ? problem("bodies/malformed-request") : json({ person }, 201);
};

const deletePerson: Handler = ({ body }, { req }) => {
  const person = readId(req.param("person"));
  const isErased = person !== null && erasePerson(body, person);
  return isErased ? new Response(null, { status: 204 }) : problem("bodies/unknown-person");
};

const postCredentials: Handler = async (served, { req }) => {
  const request = readIssueRequest(await readJson(req.raw));
  if (request === null) return problem("bodies/malformed-request");
  const issued = await issueFacts(served, { type: req.param("type") ?? "", ...request });
  if (!issued.ok) return problem(issued.code);
  const { vct, credentials } = issued;
  return json({ vct, issuer: served.body.member.id, credentials }, 201);
};

const postRevocation: Handler = async (served, { req }) => {
  const { person: id } = (await readJson(req.raw)) ?? {};
  const person = readId(id);
  if (person === null) return problem("bodies/malformed-request");
  const revoked = await revokeFacts(served, { type: req.param("type") ?? "", person });
  return revoked === null ? problem("bodies/unknown-person") : json(revoked);
};

const getStatusList: Handler = ({ statusLists }, { req }) => {
  const token = statusLists.token(req.param("name") ?? "");
  if (token === null) return problem("bodies/unknown-status-list");
  const headers = { "Content-Type": `application/${STATUS_LIST_TYP}`, "Cache-Control": "no-store" };
  return new Response(token, { headers });
};

const getRequest: Handler = ({ body, nonces }, { req }) => {
  const asked = askFor(body, req.param("service") ?? "");
  return asked === null
    ? problem("bodies/service-not-offered")
    : json(askedJson(asked, nonces.issue(body)));
};

const postCase =
  (bodies: Bodies): Handler =>
  async ({ body, nonces, applications }, { req }) => {
    const application = readApplication(await readJson(req.raw));
    if (application === null) return problem("bodies/malformed-request");
    const { statuses } = bodies;
    const context = { body, nonces, statuses, underWay: applications };
    const applied = await apply(context, application);
    if (!applied.ok) {
      return problem(applied.code, applied.faults === undefined ? {} : { faults: applied.faults });
    }
    bodies.wake();
    const { caseId, transaction, leafIndex } = applied;
    const state = body.view.caseOf(caseId)?.state ?? null;
    return json({ case: toHex(caseId), transaction: toHex(transaction), leafIndex, state }, 201);
  };

/** What only the applicant may ask: the handler sees the case once the signature holds. */
const applicant =
  (handler: (served: Served, caseId: Uint8Array, context: Context) => Promise<Response>): Handler =>
  async (served, context) => {
    const caseId = readId(context.req.param("case"));
    if (caseId === null) return problem("bodies/unknown-case");
    const code = await judgeCaseRequest(served.body, caseId, context.req.raw);
    return code === null ? handler(served, caseId, context) : problem(code);
  };

const getCase = (bodies: Bodies): Handler =>
  applicant(async ({ body }, caseId, { req }) => {
    const wait = Math.min(MAX_WAIT_SECONDS, Math.max(0, Number(req.query("wait") ?? "0") || 0));
    const endMs = performance.now() + wait * 1000;
    while (!(await isSettled(body, caseId))) {
      const leftMs = endMs - performance.now();
      if (leftMs <= 0 || bodies.isStopping) break;
      await bodies.changed.next(leftMs);
    }
    const shown = await showCase(body, caseId);
    return shown === null ? problem("bodies/case-erased") : json(shown);
  });

const postErasure = (bodies: Bodies): Handler =>
  applicant(async ({ body }, caseId) => {
    const recipients = body.view.recipientsOf(caseId, body.member.id);
    eraseHere(body, caseId);
    bodies.wake();
    return json({ erased: true, recipients });
  });

const getDeliveries: Handler = ({ body }) => {
  const { outbox, tasks, ledger } = body;
  const overdue = outbox
    .overdue(Number(ledger.now()))
    .map(({ side, scope, reference, other, acknowledgeByMs }) => ({
      ...{ side, other, acknowledgeByMs },
      case: toHex(scope),
      reference: toHex(reference),
    }));
  const faults = [...tasks.faults(), ...outbox.faults()];
  return json({ waiting: outbox.size, overdue, faults });
};

import { STATUS_LIST_TYP } from "@tallystick/credentials";
import { toHex } from "@tallystick/log";
import type { Context, Hono } from "hono";
import type { TObject } from "typebox";
import { integerOf, json, mount, type Route, text } from "../api/route.ts";
import { readDelivery } from "../delivery/read-delivery.ts";
import { eraseHere, receive } from "../delivery/receive.ts";
import { ActRefused, TryLater } from "./act.ts";
import { apply } from "./apply.ts";
import { askedJson, askFor } from "./ask.ts";
import { judgeCaseRequest } from "./case-signature.ts";
import type { Bodies, Served } from "./create-bodies.ts";
import { issueFacts, revokeFacts } from "./issue-facts.ts";
import { problem } from "./problem.ts";
import {
  MAX_REQUEST_BYTES,
  readApplication,
  readId,
  readIssueRequest,
  readJson,
} from "./read-request.ts";
import { erasePerson, registerPerson } from "./register.ts";
import {
  applicationAnswer,
  applicationBody,
  caseAnswer,
  caseParameters,
  caseQuery,
  deliveriesAnswer,
  deliveryAnswer,
  deliveryBody,
  erasureAnswer,
  issueAnswer,
  issueBody,
  listParameters,
  memberParameters,
  personAnswer,
  personBody,
  personParameters,
  requestAnswer,
  revocationAnswer,
  revocationBody,
  serviceParameters,
  typeParameters,
} from "./schemas.ts";
import { isSettled, showCase } from "./show-case.ts";

const STATUS_LIST_TYPE = `application/${STATUS_LIST_TYP}`;
type Handler = (served: Served, context: Context) => Promise<Response> | Response;
type Wrap = (handler: Handler) => Route["handle"];

const MEMBER = "/v1/members/{member}";
const JSON_TYPE = "application/json";
const NOTHING = { what: "Done" };

/** Everything that people, staff of a demonstration and other bodies ask of these members. */
export function mountBodies(app: Hono, bodies: Bodies): void {
  const at: Wrap = (handler) => (context) => answer(bodies, context, handler);
  mount(app, [...deliveryRoutes(bodies, at), ...issuingRoutes(at), ...caseRoutes(bodies, at)]);
}

const takes = (schema: TObject): Pick<Route, "body"> => ({
  body: { contentType: JSON_TYPE, maxBytes: MAX_REQUEST_BYTES, schema },
});

const deliveryRoutes = (bodies: Bodies, at: Wrap): Route[] => [
  {
    method: "post",
    path: "/v1/deliveries",
    summary: "Take what another body sealed to a member at this node (spec/delivery.md)",
    ...takes(deliveryBody),
    answers: { 200: { what: "It is kept, and will be acknowledged", schema: deliveryAnswer } },
    handle: (context) => takeDelivery(bodies, context),
  },
  {
    method: "get",
    path: `${MEMBER}/deliveries`,
    summary: "What is on its way, and what is overdue; staff of a demonstration only",
    parameters: memberParameters,
    answers: { 200: { what: "Counts, alarms and codes", schema: deliveriesAnswer } },
    handle: at(demonstration(getDeliveries)),
  },
];

const issuingRoutes = (at: Wrap): Route[] => [
  {
    method: "post",
    path: `${MEMBER}/register/people`,
    summary: "Put a made-up person into the body's register; demonstrations only",
    parameters: memberParameters,
    ...takes(personBody),
    answers: { 201: { what: "The entry's id", schema: personAnswer } },
    handle: at(demonstration(postPerson)),
  },
  {
    method: "delete",
    path: `${MEMBER}/register/people/{person}`,
    summary: "Destroy an entry's key; demonstrations only",
    parameters: personParameters,
    answers: { 204: NOTHING },
    handle: at(demonstration(deletePerson)),
  },
  {
    method: "post",
    path: `${MEMBER}/credentials/{type}`,
    summary: "Issue copies of a fact, each bound to a key of the holder",
    parameters: typeParameters,
    ...takes(issueBody),
    answers: { 201: { what: "SD-JWT VCs, one for each key", schema: issueAnswer } },
    handle: at(postCredentials),
  },
  {
    method: "post",
    path: `${MEMBER}/credentials/{type}/revocations`,
    summary: "Take back every copy of a person's fact; demonstrations only",
    parameters: typeParameters,
    ...takes(revocationBody),
    answers: { 200: { what: "How many, in which list version", schema: revocationAnswer } },
    handle: at(demonstration(postRevocation)),
  },
  {
    method: "get",
    path: `${MEMBER}/status-lists/{name}`,
    summary: "A token status list",
    parameters: listParameters,
    answers: { 200: { what: "The newest list", contentType: STATUS_LIST_TYPE } },
    handle: at(getStatusList),
  },
];

const caseRoutes = (bodies: Bodies, at: Wrap): Route[] => [
  {
    method: "get",
    path: `${MEMBER}/services/{service}/request`,
    summary: "What the body asks of an applicant, from whom, and why",
    parameters: serviceParameters,
    answers: { 200: { what: "The request, for one use", schema: requestAnswer } },
    handle: at(getRequest),
  },
  {
    method: "post",
    path: `${MEMBER}/cases`,
    summary: "Apply (spec/bodies-api.md §4)",
    parameters: memberParameters,
    ...takes(applicationBody),
    answers: { 201: { what: "The case stands on the ledger", schema: applicationAnswer } },
    handle: at(postCase(bodies)),
  },
  {
    method: "get",
    path: `${MEMBER}/cases/{case}`,
    summary: "A case, for whoever opened it; the request is signed by the case's key (RFC 9421)",
    parameters: caseParameters,
    query: caseQuery,
    answers: { 200: { what: "Everything that the applicant may see", schema: caseAnswer } },
    handle: (context, parameters) =>
      answer(bodies, context, getCase(bodies, integerOf(parameters, "wait", 0))),
  },
  {
    method: "post",
    path: `${MEMBER}/cases/{case}/erasure`,
    summary: "Destroy what the body holds of a case; the request is signed by the case's key",
    parameters: caseParameters,
    answers: { 200: { what: "It is destroyed; these bodies are told", schema: erasureAnswer } },
    handle: at(postErasure(bodies)),
  },
];

/**
 * One member answers out of its own vault. What breaks is told by code, never by an error's text.
 */
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
  const delivery = readDelivery(await readJson(req.raw, deliveryBody));
  if (delivery === null) return problem("delivery/malformed");
  const served = bodies.served.find(({ body }) => body.member.id === delivery.recipient);
  if (served === undefined) return problem("delivery/not-ours");
  const received = await receive(served.body, delivery);
  if (!received.ok) return problem(received.code);
  bodies.wake();
  return json({ repeated: received.isRepeated });
}

const postPerson: Handler = async ({ body }, { req }) => {
  const { facts } = (await readJson(req.raw, personBody)) ?? {};
  const person = await registerPerson(body, facts);
  return person === null ? problem("bodies/malformed-request") : json({ person }, 201);
};

const deletePerson: Handler = ({ body }, { req }) => {
  const person = readId(req.param("person"));
  const isErased = person !== null && erasePerson(body, person);
  return isErased ? new Response(null, { status: 204 }) : problem("bodies/unknown-person");
};

const postCredentials: Handler = async (served, { req }) => {
  const request = await readIssueRequest(req.raw);
  if (request === null) return problem("bodies/malformed-request");
  const issued = await issueFacts(served, { type: req.param("type") ?? "", ...request });
  if (!issued.ok) return problem(issued.code);
  const { vct, credentials } = issued;
  return json({ vct, issuer: served.body.member.id, credentials }, 201);
};

const postRevocation: Handler = async (served, { req }) => {
  const { person: id } = (await readJson(req.raw, revocationBody)) ?? {};
  const person = readId(id);
  if (person === null) return problem("bodies/malformed-request");
  const revoked = await revokeFacts(served, { type: req.param("type") ?? "", person });
  return revoked === null ? problem("bodies/unknown-person") : json(revoked);
};

const getStatusList: Handler = ({ statusLists }, { req }) => {
  const token = statusLists.token(req.param("name") ?? "");
  if (token === null) return problem("bodies/unknown-status-list");
  return text(token, { "Content-Type": STATUS_LIST_TYPE });
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
    const application = await readApplication(req.raw);
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

const getCase = (bodies: Bodies, waitSeconds: number): Handler =>
  applicant(async ({ body }, caseId) => {
    const endMs = performance.now() + waitSeconds * 1000;
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

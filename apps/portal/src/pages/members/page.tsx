import { sayCount, sayList } from "@tallystick/client";
import type { VNode } from "preact";
import { Code, Facts } from "../../components/facts.tsx";
import type { Page } from "../../layout.tsx";
import type { MemberView, Named } from "../../portal-data.ts";

/** The bodies that take part, who runs each one's computer, and the keys they sign with. */
export const membersPage = (members: readonly MemberView[]): Page => ({
  title: "Members",
  section: "/members",
  body: (
    <>
      <p class="lead">
        These bodies take part in the ledger. Each signs with keys of its own, and keeps what it
        knows about people in a vault that no other body can read.
      </p>
      {members.map((member) => (
        <Member key={member.id} member={member} />
      ))}
    </>
  ),
});

const names = (items: readonly Named[], none: string): string =>
  items.length === 0 ? none : sayList(items.map(({ name }) => name));

const Member = ({ member }: { readonly member: MemberView }): VNode => (
  <section aria-labelledby={`member-${member.id}`}>
    <h2 id={`member-${member.id}`}>{member.name}</h2>
    <Facts
      facts={[
        { label: "Run by", value: member.operator.name },
        { label: "Areas", value: names(member.areas, "No area of its own") },
        {
          label: "Roles",
          value: member.roles.length === 0 ? "No special role" : sayList(member.roles.map(sayRole)),
        },
        { label: "Sites", value: names(member.sites, "None registered") },
        {
          label: "Staff who can sign",
          value: sayCount(member.staffKeys, "key", "keys"),
        },
        { label: "Own keys", value: <Keys keys={member.keys} /> },
      ]}
    />
  </section>
);

const sayRole = (role: string): string => role.replaceAll("-", " ");

const Keys = ({ keys }: { readonly keys: MemberView["keys"] }): VNode => (
  <ul class="plain">
    {keys.map(({ purpose, keyId }) => (
      <li key={keyId}>
        {purpose}: <Code>{keyId}</Code>
      </li>
    ))}
  </ul>
);

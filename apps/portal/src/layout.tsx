import type { ComponentChildren, VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import type { Network } from "./portal-data.ts";

/** A page: its own title, which is also its only first heading, and what stands below it. */
export interface Page {
  readonly title: string;
  readonly body: ComponentChildren;
  /** The entry of the navigation that this page belongs to. */
  readonly section?: string;
  readonly scripts?: readonly string[];
}

const SECTIONS: readonly { readonly href: string; readonly label: string }[] = [
  { href: "/", label: "Overview" },
  { href: "/blocks", label: "Blocks" },
  { href: "/members", label: "Members" },
  { href: "/definitions", label: "Services" },
  { href: "/agreements", label: "Agreements" },
  { href: "/check", label: "Check a receipt" },
];

/** The whole document as HTML text. Everything in it is escaped by the renderer. */
export const renderPage = (page: Page, network: Network): string =>
  `<!doctype html>${renderToString(<Document page={page} network={network} />)}`;

const Document = ({ page, network }: { readonly page: Page; readonly network: Network }): VNode => (
  <html lang="en-GB">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>{`${page.title} – ${network.name} – Tallystick`}</title>
      <link rel="stylesheet" href="/assets/style.css" />
      <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
      {page.scripts?.map((src) => (
        <script key={src} type="module" src={src} />
      ))}
    </head>
    <body>
      <a class="skip" href="#main">
        Skip to main content
      </a>
      <Banner network={network} />
      <Navigation section={page.section} />
      <main id="main" tabIndex={-1}>
        <h1>{page.title}</h1>
        {page.body}
      </main>
      <Footer network={network} />
    </body>
  </html>
);

const Banner = ({ network }: { readonly network: Network }): VNode => (
  <header>
    <div class="width">
      <a class="product" href="/">
        Tallystick
      </a>
      <span class="network">{network.name}</span>
    </div>
    {network.demonstration && (
      <p class="demonstration">
        <span class="width">
          <strong>DEMONSTRATION</strong> The people and public bodies here are made up.
        </span>
      </p>
    )}
  </header>
);

const Navigation = ({ section }: { readonly section: string | undefined }): VNode => (
  <nav aria-label="Explorer">
    <ul class="width">
      {SECTIONS.map(({ href, label }) => (
        <li key={href}>
          <a href={href} aria-current={href === section ? "true" : undefined}>
            {label}
          </a>
        </li>
      ))}
    </ul>
  </nav>
);

const Footer = ({ network }: { readonly network: Network }): VNode => (
  <footer>
    <div class="width">
      <p>
        Nothing on these pages has to be believed: <a href="/check">check a receipt</a> yourself.
      </p>
      <p class="small">
        Ledger <code class="hash">{network.origin}</code>
      </p>
    </div>
  </footer>
);

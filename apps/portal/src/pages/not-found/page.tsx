import type { Page } from "../../layout.tsx";

/** No such page, block, transaction or service. */
export const notFoundPage = (): Page => ({
  title: "Page not found",
  body: (
    <>
      <p class="lead">There is nothing on this ledger under that address.</p>
      <p>
        If you typed it, check that it is complete: the id of a transaction has 64 characters. A
        transaction that was refused before it was recorded has no page.
      </p>
      <p>
        <a href="/">Go to the overview</a>
      </p>
    </>
  ),
});

import { defineConfig } from "vitest/config";

/** One project for each kind of test, so that `npm run check` can leave the slow ones out. */
const project = (name: string, include: string[], testTimeout: number) => ({
  extends: true as const,
  test: { name, include, testTimeout, hookTimeout: testTimeout },
});

export default defineConfig({
  test: {
    projects: [
      project(
        "unit",
        ["packages/*/src/**/*.test.ts", "apps/*/src/**/*.test.{ts,tsx}", "test/tidy/**/*.test.ts"],
        30_000,
      ),
      project("subversion", ["test/subversion/**/*.test.ts"], 120_000),
      project("scenarios", ["test/scenarios/**/*.test.ts"], 300_000),
      project("interop", ["test/interop/**/*.test.ts"], 600_000),
    ],
  },
});

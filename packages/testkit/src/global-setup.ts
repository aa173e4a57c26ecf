import { adminUrlVariable, startTestPostgres, testRunFolder } from './test-postgres.ts';
import type { TestPostgres } from './test-postgres.ts';

let server: TestPostgres | undefined;

/** One PostgreSQL for the whole test run; every file clones its template. */
export async function globalSetup(): Promise<void> {
  server = await startTestPostgres(await testRunFolder());
  process.env[adminUrlVariable] = server.adminUrl;
}

export async function globalTeardown(): Promise<void> {
  await server?.[Symbol.asyncDispose]();
}

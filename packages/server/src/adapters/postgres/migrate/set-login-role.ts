import { escapeIdentifier, escapeLiteral } from 'pg';
import type { Client } from 'pg';

export interface LoginRole {
  readonly login: string;
  /** As `scramVerifier` makes it. */
  readonly verifier: string;
  /** Roles that a session of this login may take on. */
  readonly memberOf: readonly string[];
}

/** Creates or corrects a login that can do nothing by itself: it inherits no right of the roles that it may take on. */
export async function setLoginRole(client: Client, { login, verifier, memberOf }: LoginRole): Promise<void> {
  const name = escapeIdentifier(login);
  const attributes = 'login noinherit nosuperuser nocreatedb nocreaterole noreplication nobypassrls';
  const grants = memberOf.map((role) => `grant ${escapeIdentifier(role)} to ${name};`).join('\n');
  await client.query(`
    do ${escapeLiteral(`
      begin
        if not exists (select from pg_roles where rolname = ${escapeLiteral(login)}) then
          create role ${name};
        end if;
        alter role ${name} with ${attributes} password ${escapeLiteral(verifier)};
        ${grants}
      end`)}`);
}

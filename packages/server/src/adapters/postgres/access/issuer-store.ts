import { limits } from '../../../kernel/limits.ts';
import type { IssuerStore } from '../../../modules/access/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';

/** The issuers of our tokens in PostgreSQL, over a pool of the application's role. No tenant owns them. */
export function createIssuerStore(pool: DatabasePool): IssuerStore {
  const platformWide = { tenantIds: [] };
  return {
    async add(issuer) {
      await whenAvailable(inTransaction(pool, platformWide, [addIssuer(issuer), forgetOldIssuers()]));
    },
    async list() {
      const [{ rows }] = await whenAvailable(inTransaction(pool, platformWide, [listIssuers()]));
      return rows.map(({ issuer }) => issuer);
    },
  };
}

function addIssuer(issuer: string): Statement {
  return {
    name: 'add-issuer',
    text: `
      insert into colloquy.token_issuers (issuer) values ($1)
      on conflict (issuer) do update set started_at = colloquy.now_utc()`,
    values: [issuer],
  };
}

function forgetOldIssuers(): Statement {
  return {
    name: 'forget-old-issuers',
    text: `
      delete from colloquy.token_issuers where issuer in (
        select issuer from colloquy.token_issuers order by started_at desc, issuer offset $1
      )`,
    values: [limits.ownIssuersMax],
  };
}

function listIssuers(): Statement<{ readonly issuer: string }> {
  return { name: 'list-issuers', text: 'select issuer from colloquy.token_issuers', values: [] };
}

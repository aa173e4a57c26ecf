import { createExternalTokens, IssuerKeys } from '../adapters/issuers/index.ts';
import type { KeyVault } from '../adapters/keys/index.ts';
import { createApiKeyStore } from '../adapters/postgres/api-keys/api-key-store.ts';
import { createExternalIssuerStore } from '../adapters/postgres/federation/external-issuer-store.ts';
import type { EgressGuards } from '../adapters/upstream/egress-guards.ts';
import { createIssuerDocuments } from '../adapters/upstream/fetch-document.ts';
import type { Clock } from '../kernel/clock.ts';
import { accessTokenJudge, identityOf, judgeAccessToken, judgeCredential } from '../modules/access/index.ts';
import type { JudgeCredential, TokenJudgePorts } from '../modules/access/index.ts';
import { ApiKeyUses, judgeApiKey } from '../modules/api-keys/index.ts';
import { judgeExternalToken } from '../modules/federation/index.ts';
import type { Database } from './database.ts';

export interface JudgesOptions {
  readonly database: Pick<Database, 'readers'>;
  readonly vault: KeyVault;
  readonly tokens: TokenJudgePorts;
  readonly guards: EgressGuards;
  readonly publicUrl: string;
  readonly clock: Clock;
}

export interface Judges {
  /** One judge for every kind of credential. */
  readonly judge: JudgeCredential;
  /** Writes down what is left to write. */
  close(): Promise<void>;
}

/** What decides who is behind a credential. */
export function createJudges({ database, vault, tokens, guards, publicUrl, clock }: JudgesOptions): Judges {
  const apiKeys = createApiKeyStore(database.readers);
  const uses = new ApiKeyUses({ apiKeys, clock });
  const issuers = createExternalIssuerStore(database.readers);
  const issuerKeys = new IssuerKeys({ documents: createIssuerDocuments(guards), clock });
  const externalTokens = createExternalTokens({ keys: issuerKeys, clock });
  const judge = judgeCredential(publicUrl, {
    'access-token': accessTokenJudge(judgeAccessToken(tokens)),
    'external-token': identityOf(tokens, judgeExternalToken({ issuers, externalTokens, clock })),
    'api-key': identityOf(tokens, judgeApiKey({ apiKeys, secrets: vault, uses, clock })),
  });
  return { judge, close: () => uses.close() };
}

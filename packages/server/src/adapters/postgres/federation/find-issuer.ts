import type { TokenAddress } from '../../../modules/federation/index.ts';
import type { Statement } from '../statement.ts';
import type { IssuerTermColumns } from './issuer-row.ts';

export interface IssuerLookupRow extends IssuerTermColumns {
  readonly tenant_id: string;
  readonly tenant_slug: string;
  readonly issuer_id: string;
}

const text = `
  select tenant_id, tenant_slug, issuer_id, algorithms, token_type, subject_claim, scopes_claim, scope_map
  from colloquy.find_external_issuer($1, $2)`;

/** The registration of whichever tenant: issuer and audience are all that a token tells. */
export function findIssuer({ issuer, audience }: TokenAddress): Statement<IssuerLookupRow> {
  return { name: 'find-external-issuer', text, values: [issuer, audience] };
}

import { idOf } from '../../../kernel/ids.ts';
import type {
  ExternalAlgorithm,
  ExternalIssuer,
  ExternalTokenType,
  IssuerSettings,
} from '../../../modules/issuers/index.ts';

/** The columns that show an external issuer. */
export const issuerColumns = `
  i.issuer_id, i.name, i.issuer, i.audience, i.algorithms, i.token_type, i.subject_claim, i.scopes_claim, i.scope_map,
  i.added_by, i.created_at, i.removed_at`;

/** The module stores only values of its own lists. */
export interface IssuerSettingsColumns {
  readonly algorithms: readonly ExternalAlgorithm[];
  readonly token_type: ExternalTokenType;
  readonly subject_claim: string;
  readonly scopes_claim: string;
  readonly scope_map: IssuerSettings['scopeMap'];
}

export interface IssuerRow extends IssuerSettingsColumns {
  readonly issuer_id: string;
  readonly name: string;
  readonly issuer: string;
  readonly audience: string;
  readonly added_by: string;
  readonly created_at: Date;
  readonly removed_at: Date | null;
}

export function settingsOf(row: IssuerSettingsColumns): Omit<IssuerSettings, 'name'> {
  return {
    algorithms: row.algorithms,
    tokenType: row.token_type,
    subjectClaim: row.subject_claim,
    scopesClaim: row.scopes_claim,
    scopeMap: row.scope_map,
  };
}

export function issuerOf(row: IssuerRow): ExternalIssuer {
  return {
    ...settingsOf(row),
    issuerId: idOf('iss', row.issuer_id.slice(4)),
    name: row.name,
    issuer: row.issuer,
    audience: row.audience,
    addedBy: row.added_by,
    createdAt: row.created_at,
    removedAt: row.removed_at,
  };
}

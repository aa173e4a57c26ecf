import { within } from '../../kernel/clock.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { ErrorCode } from '../../kernel/error-catalog.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { IssuerDocuments, IssuerExaminer } from '../../modules/issuers/index.ts';
import { IssuerDocumentError, readIssuerKeys } from './read-issuer-keys.ts';

export interface IssuerExaminerOptions {
  readonly documents: IssuerDocuments;
  /** Rejects with `egress.refused` when the address is refused by its text alone. */
  readonly checkAddress: (url: string, tenantId: TenantId) => Promise<void>;
  /** Gives all failures the same message and the same delay. */
  readonly failures: { of<Result>(code: ErrorCode, work: () => Promise<Result>): Promise<Result> };
  readonly clock: Clock;
}

/** Reads an issuer's documents once and keeps nothing of them. Every failure looks the same. */
export function createIssuerExaminer({ documents, ...options }: IssuerExaminerOptions): IssuerExaminer {
  return {
    async examine(place) {
      await options.checkAddress(place.issuer, place.tenantId);
      await options.failures.of('access.issuer-unreachable', async () => {
        const keys = await within(options.clock, limits.issuerExaminationMs, readIssuerKeys(documents, place));
        if (keys === null) throw new IssuerDocumentError('The issuer took too long.');
      });
    },
  };
}

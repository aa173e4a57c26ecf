import { PlatformError } from '../../kernel/errors.ts';
import type { IssuerDocuments, IssuerExaminer } from '../../modules/federation/index.ts';
import { readIssuerKeys } from './read-issuer-keys.ts';

/** Reads once what an issuer publishes, and keeps nothing of it. */
export function createIssuerExaminer(documents: IssuerDocuments): IssuerExaminer {
  return {
    async examine(place) {
      try {
        await readIssuerKeys(documents, place);
      } catch (error) {
        if (error instanceof PlatformError && error.code === 'egress.refused') throw error;
        throw new PlatformError('access.issuer-unreachable', { cause: error });
      }
    },
  };
}

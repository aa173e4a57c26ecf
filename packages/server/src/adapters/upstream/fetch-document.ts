import { readJson } from '@colloquy/protocol/json';
import { limits } from '../../kernel/limits.ts';
import type { IssuerDocuments } from '../../modules/issuers/index.ts';
import type { EgressGuards } from './egress-guards.ts';
import { GuardedReadError, readGuarded } from './guarded-fetch.ts';

const headers = { accept: 'application/json' };
/** There is no document at the address, which says nothing against its server. */
const absent: ReadonlySet<number | null | undefined> = new Set([404, 410]);

/** Reads what issuers publish over connections that the guard has judged. */
export function createIssuerDocuments(guards: Pick<EgressGuards, 'forTenant'>): IssuerDocuments {
  return {
    async fetchDocument(tenantId, url) {
      const bounds = { bytesMax: limits.issuerDocumentBytesMax, timeMs: limits.issuerDocumentMs };
      try {
        return documentOf(await readGuarded(guards, { tenantId, url, headers, ...bounds }));
      } catch (error) {
        if (error instanceof GuardedReadError && absent.has(error.status)) return null;
        throw error;
      }
    },
  };
}

function documentOf(bytes: Uint8Array): unknown {
  const reading = readJson(bytes, { depthMax: limits.jsonDepthMax });
  if (reading.kind === 'refusal') throw new Error(`The document of the issuer is no plain JSON: ${reading.reason}.`);
  return reading.value;
}

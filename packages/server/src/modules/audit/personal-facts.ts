import { asPlatformError } from '../../kernel/errors.ts';
import type { TenantId } from '../../kernel/ids.ts';
import type { SecretBox, SecretPlace } from '../../kernel/secret-box.ts';
import type { AuditFacts } from './audit-entry.ts';
import type { FactCipher, SubjectKey, SubjectKeyStore } from './subject-key-store.ts';

/** The text that is shown for an erased personal fact. */
export const erasedFact = '[erased]';

export interface PersonalFactsPorts {
  readonly keys: SubjectKeyStore;
  readonly secretBox: SecretBox;
  readonly cipher: FactCipher;
}

/** Seals personal facts, each under its name, so that they can be made unreadable without changing an entry. */
export interface PersonalFacts {
  /** The facts in the form that an entry stores. Facts about an erased subject are not stored at all. */
  seal(tenantId: TenantId, subjectId: string, facts: AuditFacts): Promise<AuditFacts>;
  /** The facts with the sealed ones opened, for a reader of the log. */
  reveal(tenantId: TenantId, facts: readonly AuditFacts[]): Promise<readonly AuditFacts[]>;
}

/** The port of acts with personal facts, such as a name or a reason in free text. */
export interface PersonalFactPorts {
  readonly personal: Pick<PersonalFacts, 'seal'>;
}

export function createPersonalFacts(ports: PersonalFactsPorts): PersonalFacts {
  const { keys, secretBox, cipher } = ports;
  /** A key that does not open counts as erased: it must prevent neither an audited act nor the reading of the log. */
  const open = async (tenantId: TenantId, subjectId: string, sealed: SubjectKey): Promise<Uint8Array | null> => {
    if (sealed === null) return null;
    return secretBox.open(sealed, placeOf(tenantId, subjectId)).catch((error: unknown) => {
      if (asPlatformError(error).code !== 'secret.unreadable') throw error;
      return null;
    });
  };
  const keyOf = async (tenantId: TenantId, subjectId: string): Promise<Uint8Array | null> => {
    const known = (await keys.find(tenantId, [subjectId])).get(subjectId);
    if (known !== undefined) return open(tenantId, subjectId, known);
    const sealed = await secretBox.seal(cipher.newKey(), placeOf(tenantId, subjectId));
    return open(tenantId, subjectId, await keys.add(tenantId, subjectId, sealed));
  };
  return {
    async seal(tenantId, subjectId, facts) {
      const key = await keyOf(tenantId, subjectId);
      const sealed = (name: string, text: string): string =>
        key === null ? erasedFact : sealedFact(subjectId, cipher.seal(key, text, contextOf(tenantId, subjectId, name)));
      return Object.fromEntries(Object.entries(facts).map(([name, text]) => [name, sealed(name, text)]));
    },
    async reveal(tenantId, all) {
      const subjectIds = new Set(
        all.flatMap((facts) => Object.values(facts).flatMap((text) => readFact(text)?.subjectId ?? [])),
      );
      if (subjectIds.size === 0) return all;
      const found = await keys.find(tenantId, [...subjectIds]);
      const opened = await Promise.all(
        Array.from(found, async ([id, sealed]) => [id, await open(tenantId, id, sealed)] as const),
      );
      const bySubject = new Map(opened);
      const revealed = ([name, text]: readonly [string, string]): readonly [string, string] => {
        const read = readFact(text);
        if (read === null) return [name, text];
        const key = bySubject.get(read.subjectId) ?? null;
        const plain = key === null ? null : cipher.open(key, read.sealed, contextOf(tenantId, read.subjectId, name));
        return [name, plain ?? erasedFact];
      };
      return all.map((facts) => Object.fromEntries(Object.entries(facts).map(revealed)));
    },
  };
}

const placeOf = (tenantId: TenantId, subjectId: string): SecretPlace => ({
  tenantId,
  table: 'audit_subjects',
  column: 'key_sealed',
  rowId: subjectId,
  boundTo: '',
});

const contextOf = (tenantId: TenantId, subjectId: string, name: string): string =>
  JSON.stringify([tenantId, subjectId, name]);

const sealedFact = (subjectId: string, sealed: string): string => `sealed:1:${encodeURIComponent(subjectId)}:${sealed}`;

function readFact(text: string): { readonly subjectId: string; readonly sealed: string } | null {
  const [, id, sealed] = /^sealed:1:([^:]+):([\w-]+)$/.exec(text) ?? [];
  if (id === undefined || sealed === undefined) return null;
  try {
    return { subjectId: decodeURIComponent(id), sealed };
  } catch {
    return null;
  }
}

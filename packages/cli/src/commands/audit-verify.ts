import { verifyAudit } from '@colloquy/sdk/client';
import type { AuditDamage, AuditFinding, AuditKey } from '@colloquy/sdk/client';
import { stat } from 'node:fs/promises';
import type { Command } from '../command.ts';
import { exitStatus } from '../exit-status.ts';
import { jsonIn } from '../json-file.ts';
import { linesOf } from '../lines-of.ts';
import { LocalError, UsageError } from '../usage-error.ts';

export const auditVerify: Command = {
  name: 'audit verify',
  summary: 'Verify an export of audit entries, without the platform',
  positionals: ['file'],
  options: {
    checkpoints: {
      type: 'string',
      value: 'file',
      multiple: true,
      description: 'A file of signed checkpoints, kept outside of the database',
    },
    key: {
      type: 'string',
      value: 'file',
      multiple: true,
      description: 'The public key as a JWK',
    },
    tenant: {
      type: 'string',
      value: 'id',
      description: 'The tenant (tnt_…) that it must be; default: of the first entry',
    },
    behind: {
      type: 'string',
      value: 'seq',
      description: 'The entry behind which a pruned chain begins; a checkpoint was signed there',
    },
  },
  connects: false,
  details:
    'Asks no network and no database. Says the first sequence that is not what was sealed, and ends with\nstatus 6, as it does when the key has signed none of the checkpoints. Without checkpoints a cut at the\nend, and a history that was rewritten as a whole, can not be seen.',
  examples: ['colloquy audit verify audit.jsonl --checkpoints tnt_….jsonl --key audit-key.json'],
  async run({ args, output }) {
    const [checkpointFiles, keyFiles] = [args.texts('checkpoints'), args.texts('key')];
    if (checkpointFiles.length > 0 && keyFiles.length === 0)
      throw new UsageError('Checkpoints need the key that signed them.', 'Add --key; "colloquy audit key" shows it.');
    const checkpoints: string[] = [];
    for (const file of checkpointFiles) for await (const lines of readable(file)) checkpoints.push(...lines);
    const path = args.positional(0);
    const tenantId = args.text('tenant');
    const behind = args.wholeNumber('behind', 1, Number.MAX_SAFE_INTEGER);
    const finding = await verifyAudit({
      lines: readable(path),
      checkpoints,
      keys: keyFiles.map(keyIn),
      ...(tenantId === undefined ? {} : { tenantId }),
      ...(behind === undefined ? {} : { behind }),
    });
    // Who gives checkpoints wants a proof. Lines that no key signed are none, and may be all that somebody left of them.
    const isUnproven = finding.isIntact && checkpointFiles.length > 0 && finding.checkpoints === 0;
    output.print(
      { ...finding, isProven: finding.isIntact && finding.checkpoints > 0 },
      isUnproven ? unproven(finding) : textOf(finding),
    );
    if (finding.uselessCheckpoints > 0)
      output.note(`${finding.uselessCheckpoints} lines of checkpoints are none, or none of the keys signed them.`);
    return finding.isIntact && !isUnproven ? exitStatus.ok : exitStatus.conflict;
  },
};

async function* readable(path: string): AsyncGenerator<readonly string[]> {
  const facts = await stat(path).catch(() => null);
  if (facts?.isFile() !== true)
    throw new LocalError(`The file ${path} can not be read.`, 'Check its path and permissions.');
  yield* linesOf(path);
}

function keyIn(file: string): AuditKey {
  const { kty, crv, x, kid } = jsonIn(file);
  const isEd25519 = kty === 'OKP' && crv === 'Ed25519' && typeof x === 'string' && publicKeyShape.test(x);
  if (isEd25519 && typeof kid === 'string') return { kty, crv, x, kid };
  throw new LocalError(
    `The file ${file} holds no public key that signs checkpoints.`,
    '"colloquy audit key --json" writes one.',
  );
}

/** The 32 bytes of an Ed25519 key (RFC 8037). */
const publicKeyShape = /^[\w-]{43}$/;

const meanings: Readonly<Record<AuditDamage, string>> = {
  unreadable: 'the line is no audit entry',
  'out-of-order': 'an entry is missing, was put in or changed its place',
  foreign: 'the entry is of another tenant',
  changed: 'the entry, or one before it, was changed',
  rewritten: 'entries were changed and their hashes calculated anew; a checkpoint says otherwise',
  truncated: 'entries are missing at the end; a checkpoint knows of more',
  rootless: 'no signed checkpoint stands where the export begins',
  contradiction: 'two signed checkpoints of one length say different things',
};

function textOf({ isIntact, records, provenRecords, checkpoints, firstBadSeq, damage }: AuditFinding): string {
  const proven = `${provenRecords} of them proven by ${checkpoints} signed checkpoints`;
  if (isIntact) return `Intact: ${records} entries, ${proven}.`;
  return `NOT intact at sequence ${String(firstBadSeq)}: ${damage === null ? 'unknown' : meanings[damage]}. ${records} entries before it, ${proven}.`;
}

function unproven({ records }: AuditFinding): string {
  return `NOT proven: none of the checkpoints is signed by the key. ${records} entries follow each other.`;
}

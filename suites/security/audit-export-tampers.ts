import { chainStart, exportLineOf, readExportLine, recordTextOf } from '@colloquy/protocol/audit';
import { auditHashes } from '@colloquy/sdk/client';
import type { Draw } from './seeded.ts';

/** An export that was changed, and what a verification has to say about it. */
export interface Tampered {
  readonly lines: readonly string[];
  /** The first sequence that is not what was sealed. */
  readonly seq: number;
  /** Hashes were calculated anew, so that the damage shows at the next checkpoint and not at once. */
  readonly isRehashed: boolean;
}

type Tamper = (lines: readonly string[], draw: Draw) => Tampered;

const fields = ['actorId', 'action', 'outcome', 'resource', 'requestId', 'occurredAt', 'entryId'] as const;

const edited = (line: string, change: (record: Record<string, unknown>) => object): string => {
  const read = readExportLine(line);
  if (read === null) throw new TypeError('That is no line of an export.');
  return exportLineOf(read.hash, recordTextOf(change({ ...read.record }) as typeof read.record));
};

/** Every hash from `from` (0 is the first line) on as if these had always been the records. */
function rehashed(lines: readonly string[], from: number): string[] {
  let head = from === 0 ? chainStart : (readExportLine(lines[from - 1] ?? '')?.hash ?? chainStart);
  return lines.map((line, at) => {
    if (at < from) return line;
    const text = readExportLine(line)?.recordText ?? '';
    head = auditHashes.leaf(text, head);
    return exportLineOf(head, text);
  });
}

const plain = (lines: readonly string[], seq: number): Tampered => ({ lines, seq, isRehashed: false });

/** Ways to touch an export, each a function of what was drawn. */
export const exportTampers: Readonly<Record<string, Tamper>> = {
  'a field is edited': (lines, draw) => {
    const at = draw(lines.length);
    const field = fields[draw(fields.length)] ?? 'actorId';
    const change = (record: Record<string, unknown>): object => ({ ...record, [field]: `${String(record[field])}x` });
    return plain(lines.with(at, edited(lines[at] ?? '', change)), at + 1);
  },
  'a fact is added': (lines, draw) => {
    const at = draw(lines.length);
    const change = (record: Record<string, unknown>): object => ({ ...record, facts: { added: String(draw(1e6)) } });
    return plain(lines.with(at, edited(lines[at] ?? '', change)), at + 1);
  },
  'a byte is flipped': (lines, draw) => {
    const at = draw(lines.length);
    const line = lines[at] ?? '';
    const place = draw(line.length);
    const other = line[place] === '0' ? '1' : '0';
    return plain(lines.with(at, line.slice(0, place) + other + line.slice(place + 1)), at + 1);
  },
  'a record is deleted': (lines, draw) => {
    const at = draw(lines.length);
    return plain(lines.toSpliced(at, 1), at + 1);
  },
  'a run is deleted': (lines, draw) => {
    const at = draw(lines.length);
    return plain(lines.toSpliced(at, 1 + draw(20)), at + 1);
  },
  'two records change places': (lines, draw) => {
    const one = draw(lines.length - 1);
    const other = one + 1 + draw(lines.length - one - 1);
    return plain(lines.with(one, lines[other] ?? '').with(other, lines[one] ?? ''), one + 1);
  },
  'an earlier record is put in again': (lines, draw) => {
    const at = 1 + draw(lines.length - 1);
    return plain(lines.toSpliced(at, 0, lines[draw(at)] ?? ''), at + 1);
  },
  'a forged record is put in': (lines, draw) => {
    const at = draw(lines.length);
    const change = (record: Record<string, unknown>): object => ({ ...record, actorId: 'cli_forged' });
    return plain(lines.toSpliced(at, 0, edited(lines[at] ?? '', change)), at + 1);
  },
  'the end is cut off': (lines, draw) => {
    const left = draw(lines.length);
    return plain(lines.slice(0, left), left + 1);
  },
  'a record is edited and all hashes from it on calculated anew': (lines, draw) => {
    const at = draw(lines.length);
    const change = (record: Record<string, unknown>): object => ({ ...record, actorId: 'cli_forged' });
    return { lines: rehashed(lines.with(at, edited(lines[at] ?? '', change)), at), seq: at + 1, isRehashed: true };
  },
  'a record is edited and its own hash calculated anew': (lines, draw) => {
    const at = draw(lines.length);
    const change = (record: Record<string, unknown>): object => ({ ...record, outcome: 'refused', requestId: 'req_x' });
    const forged = rehashed(lines.with(at, edited(lines[at] ?? '', change)), at);
    return { lines: lines.with(at, forged[at] ?? ''), seq: at + 1, isRehashed: true };
  },
};

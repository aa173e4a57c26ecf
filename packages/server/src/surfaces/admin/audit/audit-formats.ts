import { exportLineOf, recordOf, recordTextOf } from '@colloquy/protocol/audit';
import type { EntryToSeal, KeptEntry } from '../../../modules/audit/index.ts';

/** How a part of a chain can be told. Only `jsonl` can be verified; the others are for reading machines. */
export const exportFormats = ['jsonl', 'cef', 'otlp'] as const;
type ExportFormat = (typeof exportFormats)[number];

type Present = KeptEntry & { readonly entry: EntryToSeal };

/** Lines of text, without line ends. A removed entry has no line, which shows as a gap in the sequence. */
export function formatted(format: ExportFormat, kept: readonly KeptEntry[]): string[] {
  const present = kept.filter((one): one is Present => one.entry !== null);
  return format === 'otlp' ? otlpLines(present) : present.map(format === 'cef' ? cefLine : jsonLine);
}

function jsonLine({ entry, seq, hash, digests }: Present): string {
  return exportLineOf(hash, recordTextOf(recordOf(entry, seq, digests)));
}

/** Severity of ArcSight's Common Event Format, 0 to 10, by outcome. */
const cefSeverities: Readonly<Record<string, number>> = { succeeded: 3, failed: 5, refused: 6 };

function cefLine({ entry, seq, hash }: Present): string {
  const { action, outcome } = entry;
  const head = ['CEF:0', 'Colloquy', 'Colloquy', '1', action, action.replaceAll(/[.-]/g, ' ')].map(cefHeader);
  const fields: readonly (readonly [string, string])[] = [
    ['rt', String(Date.parse(entry.occurredAt))],
    ['externalId', entry.entryId],
    ['suser', entry.actorId],
    ['act', action],
    ['outcome', outcome],
    ['request', entry.resource],
    ['cs1Label', 'tenant'],
    ['cs1', entry.tenantId],
    ['cs2Label', 'requestId'],
    ['cs2', entry.requestId],
    ['cs3Label', 'hash'],
    ['cs3', hash],
    ['cs4Label', 'facts'],
    ['cs4', JSON.stringify(entry.facts)],
    ['cn1Label', 'seq'],
    ['cn1', String(seq)],
  ];
  const extension = fields.map(([name, value]) => `${name}=${cefValue(value)}`).join(' ');
  return `${head.join('|')}|${String(cefSeverities[outcome] ?? 5)}|${extension}`;
}

const cefHeader = (text: string): string => text.replaceAll(/[\\|]/g, '\\$&').replaceAll(/[\r\n]/g, ' ');
const cefValue = (text: string): string =>
  text.replaceAll(/[\\=]/g, '\\$&').replaceAll('\r', '\\r').replaceAll('\n', '\\n');

/** Severity numbers of OpenTelemetry's log data model, by outcome: INFO, ERROR, WARN. */
const otlpSeverities: Readonly<Record<string, readonly [number, string]>> = {
  succeeded: [9, 'INFO'],
  failed: [17, 'ERROR'],
  refused: [13, 'WARN'],
};

/** One request of OTLP/JSON for all of them: fields in lower camel case, 64-bit numbers as strings. */
function otlpLines(present: readonly Present[]): string[] {
  const [first] = present;
  if (first === undefined) return [];
  const resource = {
    attributes: [attribute('service.name', 'colloquy'), attribute('colloquy.tenant.id', first.entry.tenantId)],
  };
  const scopeLogs = [{ scope: { name: 'colloquy.audit', version: '1' }, logRecords: present.map(otlpRecord) }];
  return [JSON.stringify({ resourceLogs: [{ resource, scopeLogs }] })];
}

function otlpRecord({ entry, seq, hash }: Present): object {
  const [severityNumber, severityText] = otlpSeverities[entry.outcome] ?? [9, 'INFO'];
  const attributes = [
    attribute('event.name', entry.action),
    attribute('colloquy.audit.entry_id', entry.entryId),
    attribute('colloquy.audit.actor_id', entry.actorId),
    attribute('colloquy.audit.outcome', entry.outcome),
    attribute('colloquy.audit.resource', entry.resource),
    attribute('colloquy.audit.request_id', entry.requestId),
    attribute('colloquy.audit.hash', hash),
    { key: 'colloquy.audit.seq', value: { intValue: String(seq) } },
    ...Object.entries(entry.facts).map(([name, value]) =>
      attribute(`colloquy.audit.fact.${name}`, typeof value === 'string' ? value : JSON.stringify(value)),
    ),
  ];
  return {
    timeUnixNano: nanosOf(entry.occurredAt),
    severityNumber,
    severityText,
    body: { stringValue: entry.action },
    attributes,
  };
}

function attribute(key: string, value: string): object {
  return { key, value: { stringValue: value } };
}

/** Nanoseconds since the epoch, of a time with microseconds. */
function nanosOf(occurredAt: string): string {
  const micros = occurredAt.slice(20, 26);
  return `${String(Math.floor(Date.parse(occurredAt) / 1000))}${micros}000`;
}

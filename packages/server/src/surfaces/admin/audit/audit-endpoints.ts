import { Type } from 'typebox';
import type { Static } from 'typebox';
import { PlatformError } from '../../../kernel/errors.ts';
import { limits } from '../../../kernel/limits.ts';
import { namePrincipals } from '../../../modules/access/index.ts';
import {
  auditActions,
  listAuditEntries,
  eraseSubject,
  searchAudit,
  exportAudit,
  listAuditCheckpoints,
  proveInclusion,
  proveConsistency,
  readRetention,
  setRetention,
  pruneEntries,
} from '../../../modules/audit/index.ts';
import type { AuditEntry, FoundEntry, AuditRetention } from '../../../modules/audit/index.ts';
import { endpoint } from '../endpoint.ts';
import {
  closed,
  component,
  pageAnswer,
  pageFields,
  pageOfSchema,
  pageRequestOf,
  principalName,
  time,
} from '../page-schemas.ts';
import { exportFormats, formatted } from './audit-formats.ts';

const auditEntrySchema = component(
  'AuditEntry',
  Type.Object(
    {
      entryId: Type.String(),
      occurredAt: time('When it happened.'),
      actorId: Type.String({ description: 'Id of the principal that acted.' }),
      actorName: principalName,
      action: Type.Enum([...auditActions]),
      outcome: Type.Enum(['succeeded', 'failed', 'refused']),
      resource: Type.String({ description: 'A task id, or `agents/{name}`, `clients/{id}`, `tenants/{slug}` …' }),
      requestId: Type.String(),
      facts: Type.Record(Type.String(), Type.String()),
    },
    closed,
  ),
);

const resource = Type.String({ pattern: '^[!-~]{1,300}$', description: 'Only entries about this resource.' });

type Names = ReadonlyMap<string, string>;

function actorOf(actorId: string, names: Names): { actorId: string; actorName?: string } {
  const actorName = names.get(actorId);
  return { actorId, ...(actorName === undefined ? {} : { actorName }) };
}

const answerOf = (entry: AuditEntry, names: Names): Static<typeof auditEntrySchema> => ({
  entryId: entry.entryId,
  occurredAt: entry.occurredAt.toISOString(),
  ...actorOf(entry.actorId, names),
  action: entry.action,
  outcome: entry.outcome,
  resource: entry.resource,
  requestId: entry.requestId,
  facts: { ...entry.facts },
});

const hash = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256, as hex digits.' });
const seq = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: "Place in the tenant's chain." });
const size = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'Entries from the first on.' });
const word = (description: string) => Type.String({ pattern: '^[!-~]{1,300}$', description });
const instant = (description: string) =>
  Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,6})?Z$', description });
const outcome = Type.Enum(['succeeded', 'failed', 'refused']);

const sealedEntrySchema = component(
  'SealedAuditEntry',
  Type.Object(
    {
      seq,
      hash,
      entryId: Type.String(),
      occurredAt: time('When it happened, with microseconds.'),
      actorId: Type.String(),
      actorName: principalName,
      action: Type.String(),
      outcome,
      resource: Type.String(),
      requestId: Type.String(),
      facts: Type.Record(Type.String(), Type.String()),
    },
    closed,
  ),
);

const searchQuery = Type.Object(
  {
    ...pageFields,
    from: Type.Optional(instant('Entries from then on.')),
    until: Type.Optional(instant('Entries before then.')),
    actor: Type.Optional(word('Only what this principal did.')),
    action: Type.Optional(Type.Enum([...auditActions])),
    resource: Type.Optional(word('Only what was done to this.')),
    outcome: Type.Optional(outcome),
  },
  closed,
);

const sealedAnswer = (
  { seq: place, hash: sealedHash, entry, facts }: FoundEntry,
  names: Names,
): Static<typeof sealedEntrySchema> => ({
  seq: place,
  hash: sealedHash,
  entryId: entry.entryId,
  occurredAt: entry.occurredAt,
  ...actorOf(entry.actorId, names),
  action: entry.action,
  outcome: entry.outcome === 'failed' || entry.outcome === 'refused' ? entry.outcome : 'succeeded',
  resource: entry.resource,
  requestId: entry.requestId,
  facts: { ...facts },
});

/** Null for none. Throws `request.invalid` for a time that no calendar has. */
function msOf(field: string, text: string | undefined): number | null {
  const ms = text === undefined ? null : Date.parse(text);
  if (!Number.isNaN(ms)) return ms;
  throw new PlatformError('request.invalid', { violations: [{ field, description: 'must be a time in UTC' }] });
}

const exportQuery = Type.Object(
  {
    afterSeq: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0 })),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: limits.auditExportEntriesMax, default: limits.auditExportEntriesMax }),
    ),
    format: Type.Optional(Type.Enum([...exportFormats])),
  },
  closed,
);
const exportAnswer = Type.Object(
  {
    lines: Type.Array(Type.String({ description: 'Without its line end. Of `otlp`, one request for all entries.' })),
    next: Type.Optional(Type.Integer({ description: 'Give it as `afterSeq` for what follows; absent at the end.' })),
  },
  closed,
);

const checkpointSchema = Type.Object({ size, createdAt: time('When it was signed.'), line: Type.String() }, closed);
const keySchema = Type.Object(
  {
    kty: Type.Literal('OKP'),
    crv: Type.Literal('Ed25519'),
    x: Type.String(),
    kid: Type.String(),
    alg: Type.Literal('EdDSA'),
    use: Type.Literal('sig'),
  },
  closed,
);
const proof = { root: hash, proof: Type.Array(hash, { description: 'RFC 9162 section 2.1, the nearest first.' }) };

const erasureBody = Type.Object({ subjectId: word('Id of the principal that the facts are about.') }, closed);
const erasureAnswer = Type.Object(
  { subjectId: Type.String(), isNew: Type.Boolean({ description: 'False: it had been done before.' }) },
  closed,
);

/** The public half of the key that signs checkpoints of audit chains. */
const showCheckpointKey = ({ auditKey }: { readonly auditKey: Static<typeof keySchema> }) => auditKey;

const keepDays = Type.Integer({
  minimum: limits.auditKeepDaysMin,
  maximum: limits.auditKeepDaysMax,
  description: 'Days for which entries are kept at least.',
});
const place = (description: string) => Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description });
const prunedThroughSeq = place('Entries from the first on that were pruned; the chain begins behind them.');

const retentionAnswer = Type.Object(
  {
    keepDays: Type.Optional(
      Type.Integer({ description: 'Days for which entries are kept at least; absent: for ever.' }),
    ),
    prunedThroughSeq,
  },
  closed,
);
const retentionAnswerOf = ({ keepDays: days, prunedSeq }: AuditRetention) => ({
  ...(days === null ? {} : { keepDays: days }),
  prunedThroughSeq: prunedSeq,
});

export const auditEndpoints = [
  endpoint({
    id: 'listAuditEntries',
    method: 'GET',
    path: '/tenants/{tenant}/audit',
    operation: 'audit.read',
    summary: 'List the audit entries of the tenant, oldest first',
    query: Type.Object({ ...pageFields, resource: Type.Optional(resource) }, closed),
    answer: pageOfSchema(auditEntrySchema),
    uses: { listAuditEntries, namePrincipals },
    handle: async ({ listAuditEntries, namePrincipals }, { caller, query: { resource, ...page } }) => {
      const request = { ...pageRequestOf(page), resource: resource ?? null };
      const entries = await listAuditEntries(caller, request);
      const actorIds = entries.items.map(({ actorId }) => actorId);
      const names = await namePrincipals(caller, actorIds);
      return pageAnswer(entries, (entry) => answerOf(entry, names));
    },
  }),
  endpoint({
    id: 'eraseAuditSubject',
    method: 'POST',
    path: '/tenants/{tenant}/audit/erasures',
    operation: 'audit.erase',
    summary: 'Make every personal fact about a subject unreadable, for ever',
    body: erasureBody,
    answer: erasureAnswer,
    uses: { eraseSubject },
    handle: async ({ eraseSubject }, { caller, body: { subjectId } }) => ({
      subjectId,
      isNew: await eraseSubject(caller, subjectId),
    }),
  }),
  endpoint({
    id: 'searchAudit',
    method: 'GET',
    path: '/tenants/{tenant}/audit/records',
    operation: 'audit.read',
    summary: 'Search the sealed audit entries of the tenant, newest first',
    query: searchQuery,
    answer: pageOfSchema(sealedEntrySchema),
    uses: { searchAudit, namePrincipals },
    handle: async (
      { searchAudit, namePrincipals },
      { caller, query: { from, until, actor, action, resource, outcome: wanted, ...page } },
    ) => {
      const search = {
        fromMs: msOf('from', from),
        untilMs: msOf('until', until),
        actorId: actor ?? null,
        action: action ?? null,
        resource: resource ?? null,
        outcome: wanted ?? null,
      };
      const entries = await searchAudit(caller, { ...search, ...pageRequestOf(page) });
      const actorIds = entries.items.map(({ entry }) => entry.actorId);
      const names = await namePrincipals(caller, actorIds);
      return pageAnswer(entries, (entry) => sealedAnswer(entry, names));
    },
  }),
  endpoint({
    id: 'exportAudit',
    method: 'GET',
    path: '/tenants/{tenant}/audit/export',
    operation: 'audit.read',
    summary: 'Export a part of the chain as JSON Lines, CEF or OTLP logs',
    query: exportQuery,
    answer: exportAnswer,
    uses: { exportAudit },
    handle: async ({ exportAudit }, { caller, query: { afterSeq, limit = limits.auditExportEntriesMax, format } }) => {
      const kept = await exportAudit(caller, afterSeq ?? 0, limit);
      const next = kept.length < limit ? undefined : kept.at(-1)?.seq;
      return { lines: formatted(format ?? 'jsonl', kept), ...(next === undefined ? {} : { next }) };
    },
  }),
  endpoint({
    id: 'listAuditCheckpoints',
    method: 'GET',
    path: '/tenants/{tenant}/audit/checkpoints',
    operation: 'audit.read',
    summary: 'List the signed checkpoints over the chain of the tenant, shortest first',
    query: Type.Object({ afterSize: Type.Optional(size), limit: pageFields.limit }, closed),
    answer: Type.Object({ items: Type.Array(checkpointSchema), next: Type.Optional(Type.Integer()) }, closed),
    uses: { listAuditCheckpoints },
    handle: async ({ listAuditCheckpoints }, { caller, query: { afterSize, limit = limits.pageItemsDefault } }) => {
      const kept = await listAuditCheckpoints(caller, afterSize ?? 0, limit);
      const items = kept
        .slice(0, limit)
        .map((one) => ({ size: one.size, createdAt: one.createdAt.toISOString(), line: one.line }));
      const next = kept.length > limit ? items.at(-1)?.size : undefined;
      return { items, ...(next === undefined ? {} : { next }) };
    },
  }),
  endpoint({
    id: 'readAuditKey',
    method: 'GET',
    path: '/tenants/{tenant}/audit/key',
    operation: 'audit.read',
    summary: 'Read the public key that checkpoints are signed with, as a JWK',
    answer: keySchema,
    uses: { showCheckpointKey },
    handle: async ({ showCheckpointKey }) => ({ ...showCheckpointKey }),
  }),
  endpoint({
    id: 'proveAuditInclusion',
    method: 'GET',
    path: '/tenants/{tenant}/audit/proofs/inclusion',
    operation: 'audit.read',
    summary: 'Prove that an entry is in the chain (RFC 9162 section 2.1.3)',
    query: Type.Object({ seq, size: Type.Optional(size) }, closed),
    answer: Type.Object({ seq, size, leaf: hash, ...proof }, closed),
    uses: { proveInclusion },
    handle: async ({ proveInclusion }, { caller, query }) => {
      const proven = await proveInclusion(caller, query.seq, query.size ?? null);
      return { seq: query.seq, ...proven, proof: [...proven.proof] };
    },
  }),
  endpoint({
    id: 'proveAuditConsistency',
    method: 'GET',
    path: '/tenants/{tenant}/audit/proofs/consistency',
    operation: 'audit.read',
    summary: 'Prove that the chain begins with what it was earlier (RFC 9162 section 2.1.4)',
    query: Type.Object({ earlier: size, size: Type.Optional(size) }, closed),
    answer: Type.Object({ earlier: size, size, ...proof }, closed),
    uses: { proveConsistency },
    handle: async ({ proveConsistency }, { caller, query }) => {
      const proven = await proveConsistency(caller, query.earlier, query.size ?? null);
      return { earlier: query.earlier, ...proven, proof: [...proven.proof] };
    },
  }),
  endpoint({
    id: 'readAuditRetention',
    method: 'GET',
    path: '/tenants/{tenant}/audit/retention',
    operation: 'audit.read',
    summary: 'Read how long the tenant keeps its audit entries, and where its chain begins',
    answer: retentionAnswer,
    uses: { readRetention },
    handle: async ({ readRetention }, { caller }) => retentionAnswerOf(await readRetention(caller)),
  }),
  endpoint({
    id: 'setAuditRetention',
    method: 'PUT',
    path: '/tenants/{tenant}/audit/retention',
    operation: 'audit.prune',
    summary: 'Set for how long the tenant keeps its audit entries at least',
    body: Type.Object({ keepDays }, closed),
    answer: retentionAnswer,
    uses: { setRetention },
    handle: async ({ setRetention }, { caller, body }) => retentionAnswerOf(await setRetention(caller, body.keepDays)),
  }),
  endpoint({
    id: 'pruneAudit',
    method: 'POST',
    path: '/tenants/{tenant}/audit/prunings',
    operation: 'audit.prune',
    summary: 'Take away the audit entries that are exported, signed over and older than the tenant keeps them',
    body: Type.Object(
      {
        throughSeq: Type.Integer({
          minimum: 1,
          maximum: Number.MAX_SAFE_INTEGER,
          description: 'Exported up to there.',
        }),
        hash: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'Of that entry, as the export has it.' }),
      },
      closed,
    ),
    answer: Type.Object({ prunedThroughSeq, entries: place('How many went.') }, closed),
    uses: { pruneEntries },
    handle: async ({ pruneEntries }, { caller, body }) => {
      const { throughSeq, entries } = await pruneEntries(caller, body);
      return { prunedThroughSeq: throughSeq, entries };
    },
  }),
];

import { Type } from 'typebox';
import { limits } from '../../kernel/limits.ts';
import type { AuditRetention } from '../../modules/audit/index.ts';
import { readRetention, setRetention, pruneEntries } from '../../modules/audit/index.ts';
import { endpoint } from './endpoint.ts';
import { closed } from './page-schemas.ts';

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
const answerOf = ({ keepDays: days, prunedSeq }: AuditRetention) => ({
  ...(days === null ? {} : { keepDays: days }),
  prunedThroughSeq: prunedSeq,
});

export const auditRetentionEndpoints = [
  endpoint({
    id: 'readAuditRetention',
    method: 'GET',
    path: '/tenants/{tenant}/audit/retention',
    operation: 'audit.read',
    summary: 'Read how long the tenant keeps its audit entries, and where its chain begins',
    answer: retentionAnswer,
    uses: { readRetention },
    handle: async ({ readRetention }, { caller }) => answerOf(await readRetention(caller)),
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
    handle: async ({ setRetention }, { caller, body }) => answerOf(await setRetention(caller, body.keepDays)),
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

import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { pageOf } from '../../../kernel/page.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { AgentCount, ReportFacts, ReportRequest, SlaStore } from '../../../modules/sla/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement, StatementResult, StatementResults } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { countOf, findInForce, findReportMonth, listChanges, summarizeMonth } from './report-month.ts';
import type { ReportMonthRow, SummaryRow } from './report-month.ts';
import { listObjectives, setObjective, unsetObjective } from './objectives.ts';
import { changeOf } from './objective-columns.ts';

/** Objectives and counts in PostgreSQL, over a pool of the application's role. */
export function createSlaStore(pool: DatabasePool): SlaStore {
  const read = async <Row>(tenantId: TenantId, statement: Statement<Row>): Promise<readonly Row[]> =>
    (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows;
  const change = async <Row>({ tenantId }: NewAuditEntry, statement: Statement<Row>): Promise<StatementResult<Row>> =>
    (await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, [statement])))[0];
  return {
    async list(tenantId, { after, limit }) {
      const tiers = await read(tenantId, listObjectives(tenantId, { kind: 'tier', after: '', rows: limit }));
      const wanted = { kind: 'agent', after: after ?? '', rows: limit + 1 } as const;
      const agents = await read(tenantId, listObjectives(tenantId, wanted));
      return { tiers: tiers.map(changeOf), agents: pageOf(agents.map(changeOf), limit, ({ subject }) => subject.name) };
    },
    async set(subject, objective, entry) {
      const [row] = (await change(entry, setObjective(subject, objective, entry))).rows;
      if (row?.outcome !== 'set') return { kind: row?.outcome ?? 'unknown' };
      return { kind: 'set', holdsFrom: row.holds_from };
    },
    async unset(subject, entry) {
      return (await change(entry, unsetObjective(subject, entry))).rows.length === 1;
    },
    async report(tenantId, request) {
      const statements = [
        findReportMonth(tenantId, request),
        summarizeMonth(tenantId, request, request.page.limit + 1),
        listChanges(tenantId, request),
        findInForce(tenantId, request),
      ] as const;
      const options = { tenantIds: [uuidOf(tenantId)] };
      return factsOf(request, await whenAvailable(inTransaction(pool, options, statements)));
    },
  };
}

export const slaPorts = (pool: DatabasePool) => ({ sla: createSlaStore(pool) });

type Reading = StatementResults<
  readonly [
    Statement<ReportMonthRow>,
    Statement<SummaryRow>,
    ReturnType<typeof listChanges>,
    ReturnType<typeof findInForce>,
  ]
>;

function factsOf({ page }: ReportRequest, [months, summary, changes, inForce]: Reading): ReportFacts {
  const [month] = months.rows;
  if (month === undefined) throw new Error('A month has no row.');
  const { rows } = summary;
  const total = rows.find(({ kind }) => kind === 'total');
  const agents = rows.flatMap((row): AgentCount[] => {
    if (row.kind !== 'agent' || row.agent_name === null || row.tier === null) return [];
    return [{ agentName: row.agent_name, tier: row.tier, count: countOf(row) }];
  });
  return {
    now: month.now,
    from: month.begins,
    to: month.ends,
    total: total === undefined ? null : countOf(total),
    tiers: new Map(
      rows.flatMap((row) => (row.kind !== 'tier' || row.tier === null ? [] : [[row.tier, countOf(row)] as const])),
    ),
    agents: pageOf(agents, page.limit, ({ agentName }) => agentName),
    changes: changes.rows.map(changeOf),
    inForce: inForce.rows.map(changeOf),
    agentTier: month.agent_tier,
    pendingEntries: month.pending,
  };
}

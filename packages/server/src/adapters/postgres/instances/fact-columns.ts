import type { Dependency, HealthState, StoredFacts, ReportedState } from '../../../modules/instances/index.ts';

/** The health facts of an instance `i` with its lease `l`, from `h`. */
export const factColumns = `
  h.revision, h.probe_state, h.probe_reason, h.probe_failures, h.probe_successes, h.report_state, h.report_reason, h.dependencies,
  h.outlier_reason, coalesce(h.outlier_until > colloquy.now_utc(), false) as is_outlier, h.outlier_count,
  coalesce(l.lease_until <= colloquy.now_utc(), false) as is_lapsed, i.health, i.health_reason`;

/** `h` joined with its instance and lease. */
export const factTables = `
  colloquy.instance_health h
  join colloquy.agent_instances i on i.tenant_id = h.tenant_id and i.instance_id = h.instance_id and i.left_at is null
  left join colloquy.instance_leases l on l.tenant_id = h.tenant_id and l.instance_id = h.instance_id`;

export interface FactRow {
  readonly revision: number;
  readonly probe_state: HealthState;
  readonly probe_reason: string | null;
  readonly probe_failures: number;
  readonly probe_successes: number;
  /** Null: the instance has sent no report. */
  readonly report_state: ReportedState | null;
  readonly report_reason: string | null;
  readonly dependencies: readonly Dependency[] | null;
  readonly outlier_reason: string | null;
  readonly is_outlier: boolean;
  readonly outlier_count: number;
  readonly is_lapsed: boolean;
  readonly health: HealthState;
  readonly health_reason: string | null;
}

export function factsOf(row: FactRow): StoredFacts {
  const { report_state: reported, outlier_reason: outlier } = row;
  return {
    revision: row.revision,
    probe: {
      state: row.probe_state,
      reason: row.probe_reason,
      failures: row.probe_failures,
      successes: row.probe_successes,
    },
    report:
      reported === null ? null : { state: reported, reason: row.report_reason, dependencies: row.dependencies ?? [] },
    outlier: outlier === null ? null : { reason: outlier, isCurrent: row.is_outlier, count: row.outlier_count },
    isLapsed: row.is_lapsed,
    health: { state: row.health, reason: row.health_reason },
  };
}

import type {
  FallbackCondition,
  ResilienceSettings,
  ResiliencePolicy,
  ConfiguredPolicy,
} from '../../../modules/resilience/index.ts';

/** The columns that show a policy of `colloquy.resilience_policies p`. */
export const policyColumns = `p.agent_name, p.skill_id, p.first_answer_ms, p.task_ms, p.calls_max, p.queue_ms_max, p.hedge_ms,
  p.fallback, p.fallback_on, p.partial_results, p.changed_by, p.changed_at`;

export interface SettingColumns {
  readonly first_answer_ms: number | null;
  readonly task_ms: number | null;
  readonly calls_max: number | null;
  readonly queue_ms_max: number | null;
  readonly hedge_ms: number | null;
  readonly fallback: readonly string[] | null;
  /** Only what the table's check lets in is stored. */
  readonly fallback_on: readonly FallbackCondition[] | null;
  readonly partial_results: ResiliencePolicy['partialResults'] | null;
}

export interface PolicyRow extends SettingColumns {
  readonly agent_name: string;
  readonly skill_id: string;
  readonly changed_by: string;
  readonly changed_at: Date;
}

export function settingsOf(row: SettingColumns): ResilienceSettings {
  return {
    firstAnswerMs: row.first_answer_ms,
    taskMs: row.task_ms,
    callsMax: row.calls_max,
    queueMsMax: row.queue_ms_max,
    hedgeMs: row.hedge_ms,
    fallback: row.fallback,
    fallbackOn: row.fallback_on,
    partialResults: row.partial_results,
  };
}

export function policyOf(row: PolicyRow): ConfiguredPolicy {
  return {
    subject: { agentName: row.agent_name, skillId: row.skill_id === '' ? null : row.skill_id },
    settings: settingsOf(row),
    changedBy: row.changed_by,
    changedAt: row.changed_at,
  };
}

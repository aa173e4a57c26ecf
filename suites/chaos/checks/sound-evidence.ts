import { agents, isAgentName, resultFor } from '../agents/behaviour.ts';
import type { AgentName } from '../agents/behaviour.ts';
import type {
  AgentRow,
  AuditRow,
  Effect,
  EventRow,
  Evidence,
  LedgerRow,
  OperationRecord,
  StreamLeg,
  TaskRow,
  WorkNote,
} from './evidence.ts';

/** Evidence that may be changed, to plant what must be found. */
export type Draft<T> = T extends bigint ? bigint : T extends object ? { -readonly [Key in keyof T]: Draft<T[Key]> } : T;

const tenantId = '0000000a';
const grant = 1_000_000n;

interface Story {
  readonly taskId: string;
  readonly messageId: string;
  readonly agent: AgentName;
  readonly state: 'completed' | 'failed';
  readonly kind: OperationRecord['kind'];
}

const stories: readonly Story[] = [
  { taskId: 'tsk_1', messageId: 'm1', agent: 'echo', state: 'completed', kind: 'send' },
  { taskId: 'tsk_2', messageId: 'm2', agent: 'steps', state: 'completed', kind: 'stream' },
  { taskId: 'tsk_3', messageId: 'm3', agent: 'once', state: 'failed', kind: 'poll' },
  { taskId: 'tsk_4', messageId: 'm4', agent: 'steps-once', state: 'completed', kind: 'watch' },
];

const priceOf = (agent: AgentName): bigint => BigInt(agents[agent].priceMicrocredits);

function logOf({ taskId, messageId, agent, state }: Story): EventRow[] {
  const history = [{ messageId, role: 'ROLE_USER', parts: [{ text: messageId }] }];
  const update = (wireState: string): object => ({
    statusUpdate: { taskId, contextId: 'ctx', status: { state: wireState } },
  });
  const text = resultFor(agent, messageId);
  const piece = (part: string, append: boolean): object => ({
    artifactUpdate: { taskId, contextId: 'ctx', artifact: { artifactId: 'a', parts: [{ text: part }] }, append },
  });
  const events: [string, object][] = [
    ['task', { task: { id: taskId, contextId: 'ctx', status: { state: 'TASK_STATE_SUBMITTED' }, history } }],
    ['status', update('TASK_STATE_WORKING')],
    ['artifact', piece(text.slice(0, 3), false)],
    ['artifact', piece(text.slice(3), true)],
    ['status', update(`TASK_STATE_${state.toUpperCase()}`)],
  ];
  return events.map(([kind, payload], index) => ({
    taskId,
    seq: index + 1,
    kind,
    payload: JSON.stringify(payload),
    occurredAtMs: index * 1000,
  }));
}

/** `stream` was cut after two events; `watch` began with a snapshot at the second. */
function legsOf(story: Story): Draft<StreamLeg>[] {
  const seen = logOf(story).map(({ seq, payload }) => ({ seq, json: payload, atMs: seq * 1000 }));
  if (story.kind === 'stream') {
    return [
      { kind: 'send', after: null, openedAtMs: 500, endedAtMs: 2500, events: seen.slice(0, 2) },
      { kind: 'resume', after: 2, openedAtMs: 2800, endedAtMs: 5000, events: seen.slice(2) },
    ];
  }
  if (story.kind !== 'watch') return [];
  const history = [{ messageId: story.messageId, role: 'ROLE_USER', parts: [{ text: story.messageId }] }];
  const task = { id: story.taskId, contextId: 'ctx', status: { state: 'TASK_STATE_WORKING' }, history };
  const snapshot = { seq: 2, json: JSON.stringify({ task }), atMs: 2000 };
  return [{ kind: 'watch', after: null, openedAtMs: 1500, endedAtMs: 5000, events: [snapshot, ...seen.slice(2)] }];
}

/** Two messages that overlap. */
function workOfTwo(atMs: number): WorkNote[] {
  const [one, other] = [`one-${atMs}`, `other-${atMs}`];
  const steps = [
    ['began', one, 1],
    ['began', other, 2],
    ['ended', one, 1],
    ['ended', other, 0],
  ] as const;
  return steps.map(([type, messageId, atWork], nth) => ({
    agent: 'slotted',
    messageId,
    type,
    atWork,
    atMs: atMs + nth,
  }));
}

/** A small run in which every promise was kept. New at each call. */
export function soundEvidence(): Draft<Evidence> {
  const used = stories.reduce((sum, { agent, state }) => (state === 'completed' ? sum + priceOf(agent) : sum), 0n);
  const ledger: LedgerRow[] = stories.flatMap(({ taskId, agent, state }) => [
    { tenantId, reservationId: taskId, kind: 'reserve', amount: priceOf(agent) },
    { tenantId, reservationId: taskId, kind: state === 'completed' ? 'settle' : 'release', amount: priceOf(agent) },
  ]);
  return {
    agents: Object.entries(agents).flatMap(([name, { priceMicrocredits, idempotent }]): AgentRow[] =>
      isAgentName(name) ? [{ agentId: name, name, priceMicrocredits: BigInt(priceMicrocredits), idempotent }] : [],
    ),
    tasks: stories.map(({ taskId, agent, state }): TaskRow => ({
      tenantId,
      taskId,
      agentId: agent,
      state,
      lastSeq: 5,
      nodeId: null,
      attempt: 2,
      errorCode: state === 'failed' ? 'upstream.outcome-unknown' : null,
    })),
    events: stories.flatMap(logOf),
    wallets: [{ tenantId, granted: grant, available: grant - used, reserved: 0n, used, expired: 0n, overage: 0n }],
    ledger: [{ tenantId, reservationId: 'grant-1', kind: 'grant', amount: grant }, ...ledger],
    audit: stories.map(({ taskId, state }): AuditRow => ({ tenantId, action: `task.${state}`, resource: taskId })),
    effects: stories.map(({ agent, messageId }): Effect => ({ agent, messageId })),
    operations: stories.map((story): Draft<OperationRecord> => ({
      operation: story.messageId,
      agent: story.agent,
      kind: story.kind,
      acknowledged: [story.taskId, story.taskId],
      unknownAttempts: 1,
      outcome: { kind: 'ok', state: story.state },
      legs: legsOf(story),
    })),
    kills: [
      { kind: 'loss', tasksInFlight: 3, atMs: 1700, takenAfterMs: 2500 },
      { kind: 'cut', tasksInFlight: 0, atMs: 1900, takenAfterMs: null },
    ],
    frozen: [
      {
        taskId: 'tsk_1',
        attempt: 1,
        atThaw: { state: 'completed', lastSeq: 5, nodeId: null, attempt: 2 },
      },
    ],
    work: [1000, 2000].flatMap(workOfTwo),
    slots: [{ agentId: 'slotted', slotsMax: 2, inUse: 0, queued: 0 }],
  };
}

import { Type } from 'typebox';
import type { Static } from 'typebox';
import { inspectTask } from '../../../modules/tasks/index.ts';
import type { DelegationChain, TaskInspection } from '../../../modules/tasks/index.ts';
import { endpoint } from '../endpoint.ts';
import { closed, component, time } from '../page-schemas.ts';

const eventSchema = Type.Object(
  { seq: Type.Integer({ minimum: 1 }), kind: Type.String(), occurredAt: time('When it was recorded.') },
  closed,
);

const inspectedTaskSchema = component(
  'InspectedTask',
  Type.Object(
    {
      taskId: Type.String(),
      contextId: Type.String(),
      agent: Type.String({ description: 'Name of the agent.' }),
      ownerId: Type.String({ description: 'Id of the principal that sent it.' }),
      state: Type.Enum([
        ...(['submitted', 'working', 'input-required', 'auth-required'] as const),
        ...(['completed', 'failed', 'canceled', 'rejected'] as const),
      ]),
      attempt: Type.Integer({ description: 'How often its work was begun.' }),
      decision: Type.Unknown({ description: 'The routing decision: which instance, and why.' }),
      reservedMicrocredits: Type.Integer({ minimum: 0, description: 'The price that was reserved.' }),
      errorCode: Type.Optional(Type.String({ description: 'Why it failed.' })),
      chain: Type.Optional(
        Type.Object(
          {
            root: Type.String({ description: 'The task that it all began with.' }),
            parent: Type.Optional(Type.String({ description: 'The task that this one was sent for.' })),
            depth: Type.Integer({ minimum: 0, description: 'Hops from the root.' }),
            ancestors: Type.Array(Type.String(), {
              description: 'Names of the agents on the way, the first one first.',
            }),
            budgetLeft: Type.Optional(
              Type.Integer({ minimum: 0, description: 'Microcredits that the chain had left when it was recorded.' }),
            ),
          },
          { ...closed, description: 'Only of a task that was sent for another, or that has a budget.' },
        ),
      ),
      createdAt: time('When it was recorded.'),
      statusAt: time('When its state last changed.'),
      lastSeq: Type.Integer({ minimum: 0, description: 'Length of its log.' }),
      events: Type.Array(eventSchema, { description: 'Its log after `afterSeq`, without content.' }),
    },
    closed,
  ),
);

type State = Static<typeof inspectedTaskSchema>['state'];

const answerOf = (task: TaskInspection): Static<typeof inspectedTaskSchema> => ({
  taskId: task.taskId,
  contextId: task.contextId,
  agent: task.agentName,
  ownerId: task.ownerId,
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the column allows these names only
  state: task.state as State,
  attempt: task.attempt,
  decision: task.decision,
  reservedMicrocredits: Number(task.reservedMicrocredits),
  ...(task.errorCode === null ? {} : { errorCode: task.errorCode }),
  ...(task.chain === null ? {} : { chain: chainOf(task.chain) }),
  createdAt: task.createdAt.toISOString(),
  statusAt: task.statusAt.toISOString(),
  lastSeq: task.lastSeq,
  events: task.events.map(({ seq, kind, occurredAt }) => ({ seq, kind, occurredAt: occurredAt.toISOString() })),
});

function chainOf({ parent, ancestors, ...chain }: DelegationChain) {
  return { ...chain, ...(parent === null ? {} : { parent }), ancestors: [...ancestors] };
}

const afterSeq = Type.Integer({ minimum: 0, maximum: 2_147_483_647, description: 'Show the log after this sequence.' });

export const taskEndpoints = [
  endpoint({
    id: 'inspectTask',
    method: 'GET',
    path: '/tenants/{tenant}/tasks/{task}',
    operation: 'task.inspect',
    summary: 'Inspect any task of the tenant, without its content',
    query: Type.Object({ afterSeq: Type.Optional(afterSeq) }, closed),
    answer: inspectedTaskSchema,
    errors: ['task.unknown'],
    uses: { inspectTask },
    handle: async ({ inspectTask }, { caller, path, query }) =>
      answerOf(await inspectTask(caller, { taskId: path.task, afterSeq: query.afterSeq ?? 0 })),
  }),
];

import { Type } from 'typebox';
import type { Static } from 'typebox';
import { namePrincipals } from '../../../modules/access/index.ts';
import { inspectTask, listInspectedTasks } from '../../../modules/tasks/index.ts';
import type { TaskUsage } from '../../../modules/prices/index.ts';
import type { DelegationChain, InspectedTask, InspectedTaskEvent, TaskSummary } from '../../../modules/tasks/index.ts';
import { endpoint } from '../endpoint.ts';
import {
  closed,
  component,
  ownerOf,
  pageAnswer,
  pageFields,
  pageOfSchema,
  pageRequestOf,
  principalName,
  time,
} from '../page-schemas.ts';
import { priceLineAnswer, priceLineFields, taskCostAnswer, taskCostFields } from '../prices/price-schemas.ts';

const stateSchema = Type.Enum([
  ...(['submitted', 'working', 'input-required', 'auth-required'] as const),
  ...(['completed', 'failed', 'canceled', 'rejected'] as const),
]);
type State = Static<typeof stateSchema>;

const eventSchema = Type.Object(
  {
    seq: Type.Integer({ minimum: 1 }),
    kind: Type.String(),
    state: Type.Optional(stateSchema),
    occurredAt: time('When it was recorded.'),
  },
  closed,
);

const lineSchema = Type.Object(priceLineFields, closed);

const usageSchema = Type.Object(
  {
    seconds: Type.Number({ minimum: 0, description: 'Working time, as the platform measured it.' }),
    items: Type.Optional(Type.Number({ minimum: 0, description: 'As its agent reported it.' })),
    units: Type.Optional(
      Type.Record(Type.String(), Type.Number({ minimum: 0 }), {
        description: 'As its agent reported them, by their names.',
      }),
    ),
  },
  {
    ...closed,
    description: 'What a completed task took. Only where the price depends on it.',
    examples: [{ seconds: 2.4, items: 120 }],
  },
);

const taskSummarySchema = component(
  'TaskSummary',
  Type.Object(
    {
      taskId: Type.String(),
      agent: Type.String({ description: 'Name of the agent.' }),
      ownerId: Type.String({ description: 'Id of the principal that sent it.' }),
      ownerName: principalName,
      state: stateSchema,
      errorCode: Type.Optional(Type.String({ description: 'Why it failed.' })),
      ...taskCostFields,
      createdAt: time('When it was recorded.'),
      statusAt: time('When its state last changed.'),
    },
    closed,
  ),
);

const inspectedTaskSchema = component(
  'InspectedTask',
  Type.Object(
    {
      taskId: Type.String(),
      contextId: Type.String(),
      agent: Type.String({ description: 'Name of the agent.' }),
      ownerId: Type.String({ description: 'Id of the principal that sent it.' }),
      ownerName: principalName,
      state: stateSchema,
      attempt: Type.Integer({ description: 'How often its work was begun.' }),
      decision: Type.Unknown({ description: 'The routing decision: which instance, and why.' }),
      ...taskCostFields,
      costLines: Type.Optional(
        Type.Array(lineSchema, {
          description:
            'The parts of the price of a completed task. They add up to what was settled, or to more when the price exceeded the reservation.',
          examples: [
            [{ component: 'items', quantity: 120, unitMicrocredits: 500_000, amountMicrocredits: 60_000_000 }],
          ],
        }),
      ),
      usage: Type.Optional(usageSchema),
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

type Names = ReadonlyMap<string, string>;

const summaryOf = (task: TaskSummary, names: Names): Static<typeof taskSummarySchema> => ({
  taskId: task.taskId,
  agent: task.agentName,
  ...ownerOf(task.ownerId, names),
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the column allows these names only
  state: task.state as State,
  ...(task.errorCode === null ? {} : { errorCode: task.errorCode }),
  ...taskCostAnswer(task),
  createdAt: task.createdAt.toISOString(),
  statusAt: task.statusAt.toISOString(),
});

const answerOf = (task: InspectedTask, names: Names): Static<typeof inspectedTaskSchema> => ({
  ...summaryOf(task, names),
  contextId: task.contextId,
  attempt: task.attempt,
  decision: task.decision,
  ...(task.lines.length === 0 ? {} : { costLines: task.lines.map(priceLineAnswer) }),
  ...(task.usage === null ? {} : { usage: usageAnswer(task.usage) }),
  ...(task.chain === null ? {} : { chain: chainOf(task.chain) }),
  lastSeq: task.lastSeq,
  events: task.events.map(eventOf),
});

const countOf = (millionths: bigint): number => Number(millionths) / 1_000_000;

function usageAnswer({ report, workedMs }: TaskUsage): Static<typeof usageSchema> {
  const units = Array.from(report?.units ?? [], ([name, count]) => [name, countOf(count)] as const);
  return {
    seconds: workedMs / 1_000,
    ...(report === null || report.items === null ? {} : { items: countOf(report.items) }),
    ...(units.length === 0 ? {} : { units: Object.fromEntries(units) }),
  };
}

const eventOf = ({ seq, kind, state, occurredAt }: InspectedTaskEvent): Static<typeof eventSchema> => ({
  seq,
  kind,
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the platform writes these names only
  ...(state === null ? {} : { state: state as State }),
  occurredAt: occurredAt.toISOString(),
});

function chainOf({ parent, ancestors, ...chain }: DelegationChain) {
  return { ...chain, ...(parent === null ? {} : { parent }), ancestors: [...ancestors] };
}

const afterSeq = Type.Integer({ minimum: 0, maximum: 2_147_483_647, description: 'Show the log after this sequence.' });

const agentName = Type.String({ minLength: 1, maxLength: 200, description: 'Only tasks of the agent of this name.' });

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
    uses: { inspectTask, namePrincipals },
    handle: async ({ inspectTask, namePrincipals }, { caller, path, query }) => {
      const task = await inspectTask(caller, { taskId: path.task, afterSeq: query.afterSeq ?? 0 });
      return answerOf(task, await namePrincipals(caller, [task.ownerId]));
    },
  }),
  endpoint({
    id: 'listTasks',
    method: 'GET',
    path: '/tenants/{tenant}/tasks',
    operation: 'task.inspect',
    summary:
      'List the tasks of the tenant, newest first, with their callers and costs; a page of some agents may be short, or empty, though others follow',
    query: Type.Object({ ...pageFields, agent: Type.Optional(agentName) }, closed),
    answer: pageOfSchema(taskSummarySchema),
    uses: { listInspectedTasks, namePrincipals },
    handle: async ({ listInspectedTasks, namePrincipals }, { caller, query }) => {
      const request = { ...pageRequestOf(query), agentName: query.agent ?? null };
      const tasks = await listInspectedTasks(caller, request);
      const ownerIds = tasks.items.map(({ ownerId }) => ownerId);
      const names = await namePrincipals(caller, ownerIds);
      return pageAnswer(tasks, (task) => summaryOf(task, names));
    },
  }),
];

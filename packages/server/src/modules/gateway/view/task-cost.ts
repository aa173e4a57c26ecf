import { isTerminal } from '@colloquy/protocol';
import type { JsonObject, Message, StreamResponse, Task, TaskState } from '@colloquy/protocol';
import type { Caller } from '../../../kernel/caller.ts';
import { isId } from '../../../kernel/ids.ts';
import type { TaskId } from '../../../kernel/ids.ts';
import { textOfMillionths } from '../../prices/index.ts';
import { costUri } from '../../registry/index.ts';
import type { TaskCost } from '../../tasks/index.ts';
import type { GatewayPorts, StreamedEvent, TaskStream } from '../ports.ts';
import type { sendMessage } from '../send/send-message.ts';
import type { streamMessage } from '../send/stream-message.ts';
import type { cancelTask } from './cancel-task.ts';
import type { getTask } from './get-task.ts';
import type { listTasks } from './list-tasks.ts';
import type { subscribeToTask } from './subscribe-to-task.ts';

/** The operations whose answers have tasks. */
export interface TaskOperations {
  readonly sendMessage: ReturnType<typeof sendMessage>;
  readonly streamMessage: ReturnType<typeof streamMessage>;
  readonly getTask: ReturnType<typeof getTask>;
  readonly listTasks: ReturnType<typeof listTasks>;
  readonly cancelTask: ReturnType<typeof cancelTask>;
  readonly subscribeToTask: ReturnType<typeof subscribeToTask>;
}

type CostPorts = Pick<GatewayPorts, 'store'>;
type Costs = ReadonlyMap<string, TaskCost>;

/** The operations for a caller that requests costs: the tasks in their answers, and the last event of a stream, say what the task costs. */
export function withCosts(ports: CostPorts, gateway: TaskOperations): TaskOperations {
  const priced = async (caller: Caller, task: Task): Promise<Task> =>
    pricedTask(await readCosts(ports, caller, [task.id]), task);
  return {
    async sendMessage(caller, ...asked) {
      const { task, message } = await gateway.sendMessage(caller, ...asked);
      if (task !== undefined) return { task: await priced(caller, task) };
      return { message: pricedMessage(await readCosts(ports, caller, [message.taskId ?? '']), message) };
    },
    getTask: async (caller, ...asked) => priced(caller, await gateway.getTask(caller, ...asked)),
    cancelTask: async (caller, ...asked) => priced(caller, await gateway.cancelTask(caller, ...asked)),
    async listTasks(caller, ...asked) {
      const page = await gateway.listTasks(caller, ...asked);
      const ids = page.tasks.map(({ id }) => id);
      const costs = await readCosts(ports, caller, ids);
      return { ...page, tasks: page.tasks.map((task) => pricedTask(costs, task)) };
    },
    streamMessage: async (caller, ...asked) =>
      pricedStream(ports, caller, await gateway.streamMessage(caller, ...asked)),
    subscribeToTask: async (caller, ...asked) =>
      pricedStream(ports, caller, await gateway.subscribeToTask(caller, ...asked)),
  };
}

/** Of tasks that the caller may see. */
async function readCosts({ store }: CostPorts, { tenant }: Caller, ids: readonly string[]): Promise<Costs> {
  const taskIds = ids.filter((id): id is TaskId => isId('tsk', id));
  return taskIds.length === 0 ? new Map() : store.readCosts(tenant.id, taskIds);
}

function pricedTask(costs: Costs, task: Task): Task {
  return withCost(task, costs.get(task.id), task.status.state);
}

/** A direct answer of an agent completes its task. */
function pricedMessage(costs: Costs, message: Message): Message {
  return withCost(message, costs.get(message.taskId ?? ''), 'TASK_STATE_COMPLETED');
}

/** In place of any cost that an agent states. */
function withCost<Shown extends { readonly metadata?: JsonObject }>(
  shown: Shown,
  cost: TaskCost | undefined,
  state: TaskState,
): Shown {
  const { [costUri]: _ofAgent, ...metadata } = shown.metadata ?? {};
  const added = cost === undefined ? metadata : { ...metadata, [costUri]: costOf(cost, state) };
  const { metadata: _before, ...rest } = shown;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same object but for its metadata
  return (Object.keys(added).length === 0 ? rest : { ...rest, metadata: added }) as Shown;
}

/** The cost of a task that was read in this state: before its end nothing is settled. */
export function costInState(cost: TaskCost, state: TaskState): TaskCost {
  return isTerminal(state) ? cost : { ...cost, settledMicrocredits: 0n, releasedMicrocredits: 0n };
}

function costOf(cost: TaskCost, state: TaskState): JsonObject {
  const told = costInState(cost, state);
  const { reservedMicrocredits: reserved, settledMicrocredits: settled, releasedMicrocredits: released } = told;
  return {
    reserved: textOfMillionths(reserved),
    settled: textOfMillionths(settled),
    released: textOfMillionths(released),
    reservedMicrocredits: Number(reserved),
    settledMicrocredits: Number(settled),
    releasedMicrocredits: Number(released),
  };
}

/** No generator: it could not be left while it waits for an event that may never come. */
function pricedStream(ports: CostPorts, caller: Caller, stream: TaskStream): TaskStream {
  const view = (): AsyncIterator<readonly StreamedEvent[], unknown> => {
    const events = stream[Symbol.asyncIterator]();
    return {
      next: async () => {
        const result = await events.next();
        if (result.done === true) return result;
        const { value } = result;
        return { done: false, value: await Promise.all(value.map((event) => pricedEvent(ports, caller, event))) };
      },
      return: async () => (await events.return?.()) ?? { done: true, value: undefined },
    };
  };
  return { [Symbol.asyncIterator]: view };
}

/** The log's text was written from the model by this platform. */
const parseLogged: (json: string) => StreamResponse = JSON.parse;

async function pricedEvent(ports: CostPorts, caller: Caller, event: StreamedEvent): Promise<StreamedEvent> {
  const { task, statusUpdate } = parseLogged(event.json);
  if (task !== undefined) {
    const costs = await readCosts(ports, caller, [task.id]);
    return { ...event, json: JSON.stringify({ task: pricedTask(costs, task) }) };
  }
  if (statusUpdate === undefined) return event;
  const { state } = statusUpdate.status;
  const costs = isTerminal(state) ? await readCosts(ports, caller, [statusUpdate.taskId]) : none;
  const cost = costs.get(statusUpdate.taskId);
  return { ...event, json: JSON.stringify({ statusUpdate: withCost(statusUpdate, cost, state) }) };
}

const none: Costs = new Map();

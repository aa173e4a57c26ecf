import { eventually } from '@colloquy/testkit';
import { cardAt } from './stage.ts';
import type { Stage } from './stage.ts';

const sendsAtOnce = 8;
const settleMs = 120_000;

/**
 * Puts URLs into the rows of agents and of push subscriptions, as if every check of what is written had been passed, and sends to them.
 * Answers how many were sent to, and how many of those tasks and notifications failed.
 */
export async function sendToWritten(
  stage: Stage,
  urls: readonly string[],
): Promise<{ sends: number; failedSends: number; notifications: number; deadNotifications: number }> {
  const storable = urls.filter((url) => url.length <= 2_048 && !url.includes('\u0000'));
  const failedSends = await sendToAgents(stage, storable);
  const deadNotifications = await notify(stage, storable);
  return { sends: storable.length, failedSends, notifications: storable.length, deadNotifications };
}

/** Each URL has an agent that was never called, so that no route of it is known. */
async function sendToAgents(stage: Stage, urls: readonly string[]): Promise<number> {
  let failed = 0;
  await mapAtOnce(urls, async (url, number) => {
    const name = `sent-${number}`;
    await stage.call('/api/v1/tenants/acme/agents', { name, card: cardAt(`${stage.agentUrl}/a2a`) });
    await stage.rows(
      `update colloquy.agent_instances i set url = $2 from colloquy.agents a
       where a.name = $1 and a.agent_id = i.agent_id and a.tenant_id = i.tenant_id`,
      name,
      url,
    );
    const { json } = await stage.call(`/t/acme/agents/${name}`, sending({}));
    if (stateOf(json) !== 'TASK_STATE_COMPLETED') failed += 1;
  });
  return failed;
}

/** A notification that has arrived is told again, to the URL. */
async function notify(stage: Stage, urls: readonly string[]): Promise<number> {
  const hooks = await mapAtOnce(urls, async (url, number) => {
    const id = `hook-${number}`;
    const taskPushNotificationConfig = { id, url: `${stage.agentUrl}/hook` };
    await stage.call('/t/acme/agents/agent', sending({ configuration: { taskPushNotificationConfig } }));
    return { id, url };
  });
  await eventually(
    'every notification told',
    async () => {
      const [row] = await stage.rows<{ open: number }>(
        `select count(*)::int as open from colloquy.push_subscriptions s
         where config_id like 'hook-%' and not exists (
           select from colloquy.deliveries d where d.subscription_id = s.subscription_id and d.state = 'delivered')`,
      );
      return row?.open === 0;
    },
    settleMs,
  );
  for (const { id, url } of hooks)
    await stage.rows('update colloquy.push_subscriptions set url = $2 where config_id = $1', id, url);
  const told = await stage.rows<{ id: string }>(
    `select distinct on (d.subscription_id) 'dlv_' || replace(d.delivery_id::text, '-', '') as id
     from colloquy.deliveries d join colloquy.push_subscriptions s on s.subscription_id = d.subscription_id
     where s.config_id like 'hook-%' order by d.subscription_id, d.seq desc`,
  );
  await mapAtOnce(told, ({ id }) => stage.call(`/api/v1/tenants/acme/deliveries/${id}/replay`, {}));
  return eventually(
    'every replay settled',
    async () => {
      const [row] = await stage.rows<{ open: number; dead: number }>(
        `select count(*) filter (where d.state in ('replaying', 'retrying'))::int as open,
           count(*) filter (where d.state = 'dead')::int as dead
         from colloquy.deliveries d join colloquy.push_subscriptions s on s.subscription_id = d.subscription_id
         where s.config_id like 'hook-%'`,
      );
      return row?.open === 0 ? row.dead : undefined;
    },
    settleMs,
  );
}

const sending = (more: object): object => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'SendMessage',
  params: { message: { messageId: crypto.randomUUID(), role: 'ROLE_USER', parts: [{ text: 'hello' }] }, ...more },
});

function stateOf(json: unknown): string | undefined {
  const answer = json as { readonly result?: { readonly task?: { readonly status?: { readonly state?: string } } } };
  return answer.result?.task?.status?.state;
}

async function mapAtOnce<Item, Result>(
  items: readonly Item[],
  work: (item: Item, number: number) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const next = items.entries();
  const worker = async (): Promise<void> => {
    for (const [number, item] of next) results.push(await work(item, number));
  };
  await Promise.all(Array.from({ length: sendsAtOnce }, worker));
  return results;
}

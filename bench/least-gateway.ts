/**
 * The least that can be called a gateway that loses nothing: JSON-RPC in, a task and its message committed, the agent asked, its
 * answer committed, JSON-RPC out, with transactions shared by whoever comes at the same time. It knows no callers, tenants, limits,
 * credits, leases, streams or audit, and its answers to bad input are no example. What it reaches is what a recorded call can cost
 * at best on the machine at hand: a yardstick, with an embedded PostgreSQL of its own. Arguments: URL of the agent, data folder.
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createPool, startEmbeddedPostgres } from '@colloquy/server/test';
import { Pool as HttpPool } from 'undici';
import { createTables } from './least/create-tables.ts';
import { endTasks } from './least/end-tasks.ts';
import { GroupCommit } from './least/group-commit.ts';
import { recordTasks } from './least/record-tasks.ts';
import { postmasterPidBelow } from './process/postgres-server.ts';
import { listen, sayReady } from './process/ready.ts';

interface Call {
  readonly id: unknown;
  readonly params: { readonly message: object };
}

interface Answer {
  readonly result: { readonly task: { readonly artifacts: object } };
}

const rowsMax = 64;
const agentConnectionsMax = 128;
const statementTimeoutMs = 10_000;

const [agentUrl = '', dataDir = ''] = process.argv.slice(2);
const database = await startEmbeddedPostgres({ dataDir });
const pool = createPool({
  url: database.adminUrl,
  connectionsMax: 2,
  applicationName: 'least-gateway',
  statementTimeoutMs,
});
await pool.query(createTables);
const recorded = new GroupCommit((values) => pool.query({ ...recordTasks, values: [...values] }), rowsMax);
const ended = new GroupCommit((values) => pool.query({ ...endTasks, values: [...values] }), rowsMax);
const agent = new HttpPool(new URL(agentUrl).origin, { connections: agentConnectionsMax });
const headers = { 'content-type': 'application/json', 'a2a-version': '1.0' };

async function perform(body: Buffer): Promise<object> {
  const { id, params } = JSON.parse(body.toString()) as Call;
  const taskId = randomUUID();
  await recorded.add(taskId, JSON.stringify(params.message));
  const call = JSON.stringify({ jsonrpc: '2.0', id: taskId, method: 'SendMessage', params });
  const response = await agent.request({ path: '/', method: 'POST', headers, body: call });
  const { result } = (await response.body.json()) as Answer;
  await ended.add(taskId, JSON.stringify(result.task.artifacts));
  return { jsonrpc: '2.0', id, result: { task: { ...result.task, id: taskId } } };
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const json = Buffer.from(JSON.stringify(await perform(Buffer.concat(chunks))));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': json.length });
  response.end(json);
}

const server = createServer((request, response) => {
  serve(request, response).catch((error: unknown) => {
    console.error(error);
    response.writeHead(500);
    response.end();
  });
});
const url = await listen(server);

/** The database goes too: it would outlive this process. */
async function leave(): Promise<never> {
  await pool.end();
  await database[Symbol.asyncDispose]();
  return process.exit(0);
}
process.once('SIGTERM', () => void leave());
sayReady({ url, postgresPid: postmasterPidBelow(dataDir) }, leave);

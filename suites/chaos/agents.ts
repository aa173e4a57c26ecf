/**
 * The agents of a run, in a process of their own that is never killed. The first argument names the file that keeps the effect
 * ledger: one line for each time the work of a message was done. The second names the file in which agents with slots note, by their own
 * clock, when they begin and end each work. The third says at how many addresses they serve.
 */
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { json } from 'node:stream/consumers';
import { agentCard } from '@colloquy/bench/process/agent-card';
import { listen, sayReady } from '@colloquy/bench/process/ready';
import { AgentCalls } from './agents/agent-calls.ts';
import type { AgentCall } from './agents/agent-calls.ts';
import { agents, isAgentName } from './agents/behaviour.ts';
import type { AgentName } from './agents/behaviour.ts';
import type { Effect, WorkNote } from './checks/evidence.ts';

const [effectFile, workFile, addresses = '1'] = process.argv.slice(2);
if (effectFile === undefined || workFile === undefined)
  throw new Error('name the files of the effect ledger and of the work');

const note = (file: string, line: Effect | WorkNote): void => appendFileSync(file, `${JSON.stringify(line)}\n`);

const calls = new Map<AgentName, AgentCalls>();
for (const agent of Object.keys(agents).filter(isAgentName)) {
  const listener = {
    onEffect: (messageId: string): void => note(effectFile, { agent, messageId }),
    onWork(type: WorkNote['type'], messageId: string, atWork: number): void {
      note(workFile, { agent, messageId, type, atWork, atMs: performance.timeOrigin + performance.now() });
    },
  };
  calls.set(agent, new AgentCalls(agent, listener));
}

const answer: RequestListener = (request, response) => {
  const [, name = '', ...rest] = (request.url ?? '').split('/');
  const agent = isAgentName(name) ? calls.get(name) : undefined;
  if (agent === undefined || !isAgentName(name)) return void response.writeHead(404).end();
  if (request.method === 'GET' && rest.join('/') === '.well-known/agent-card.json') {
    const url = `http://${request.headers.host ?? ''}/${name}/`;
    const card = agentCard({ name, url, streaming: agents[name].streaming });
    return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(card));
  }
  json(request)
    .then((call) => agent.answer(call as AgentCall, response))
    .catch(() => response.writeHead(400).end());
};

const urls: string[] = [];
while (urls.length < Number(addresses)) urls.push(await listen(createServer(answer)));
sayReady({ urls });

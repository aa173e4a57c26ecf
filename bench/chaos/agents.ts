/**
 * The agents of a run, in a process of their own that is never killed. The first argument names the file that keeps the effect
 * ledger: one line for each time the work of a message was done. The second says at how many addresses they serve.
 */
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { json } from 'node:stream/consumers';
import { agentCard } from '../process/agent-card.ts';
import { listen, sayReady } from '../process/ready.ts';
import { AgentCalls } from './agents/agent-calls.ts';
import type { AgentCall } from './agents/agent-calls.ts';
import { agents, isAgentName } from './agents/behaviour.ts';
import type { AgentName } from './agents/behaviour.ts';

const [effectFile, addresses = '1'] = process.argv.slice(2);
if (effectFile === undefined) throw new Error('name the file that keeps the effect ledger');

const calls = new Map<AgentName, AgentCalls>();
for (const agent of Object.keys(agents).filter(isAgentName)) {
  const onEffect = (messageId: string): void => appendFileSync(effectFile, `${JSON.stringify({ agent, messageId })}\n`);
  calls.set(agent, new AgentCalls(agent, onEffect));
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

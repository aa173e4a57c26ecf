/**
 * The thing to compare with: an echo server made of the official `@a2a-js/sdk`, express and its in-memory store, without
 * authentication, put together as its README and its sample agent show. It publishes one event: a message, the least it can do, or,
 * with the argument "task", a completed task like the one a recorded call ends in.
 */
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { createRequire } from 'node:module';
import { AGENT_CARD_PATH, AgentCard, Role, TaskState } from '@a2a-js/sdk';
import type { Message, Part } from '@a2a-js/sdk';
import { AgentEvent, DefaultRequestHandler, InMemoryTaskStore } from '@a2a-js/sdk/server';
import type { AgentExecutionEvent, AgentExecutor, ExecutionEventBus, RequestContext } from '@a2a-js/sdk/server';
import { UserBuilder, agentCardHandler, jsonRpcHandler } from '@a2a-js/sdk/server/express';
import { echoWord } from './load/request-template.ts';
import { echoCard } from './process/agent-card.ts';
import { announce } from './process/ready.ts';

interface ExpressApplication extends RequestListener {
  use(path: string, handler: unknown): void;
}

// Express brings no types of its own.
const express = createRequire(import.meta.url)('express') as () => ExpressApplication;

const echoPart = ({ parts }: Message): Part => {
  const content = parts[0]?.content;
  const value = echoWord + (content?.$case === 'text' ? content.value : '');
  return { content: { $case: 'text', value }, metadata: undefined, filename: '', mediaType: 'text/plain' };
};

const replyOf = ({ taskId, contextId, userMessage }: RequestContext): AgentExecutionEvent =>
  AgentEvent.message({
    messageId: taskId,
    taskId: '',
    contextId,
    role: Role.ROLE_AGENT,
    parts: [echoPart(userMessage)],
    metadata: undefined,
    extensions: [],
    referenceTaskIds: [],
  });

const taskOf = ({ taskId, contextId, userMessage }: RequestContext): AgentExecutionEvent => {
  const parts = [echoPart(userMessage)];
  const artifact = { artifactId: 'echo', name: '', description: '', parts, metadata: undefined, extensions: [] };
  const status = { state: TaskState.TASK_STATE_COMPLETED, message: undefined, timestamp: new Date().toISOString() };
  return AgentEvent.task({
    id: taskId,
    contextId,
    status,
    artifacts: [artifact],
    history: [userMessage],
    metadata: undefined,
  });
};

const [form = 'message'] = process.argv.slice(2);
const answerOf = form === 'task' ? taskOf : replyOf;

const echoExecutor: AgentExecutor = {
  async execute(context: RequestContext, eventBus: ExecutionEventBus) {
    eventBus.publish(answerOf(context));
    eventBus.finished();
  },
  async cancelTask() {},
};

const app = express();
const server = createServer(app);
const url = await announce(server);
const requestHandler = new DefaultRequestHandler(
  AgentCard.fromJSON(echoCard(url)),
  new InMemoryTaskStore(),
  echoExecutor,
);
app.use(`/${AGENT_CARD_PATH}`, agentCardHandler({ agentCardProvider: requestHandler }));
app.use('/', jsonRpcHandler({ requestHandler, userBuilder: UserBuilder.noAuthentication }));

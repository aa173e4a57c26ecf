/**
 * The thing to compare with: an echo server made of the official `@a2a-js/sdk`, express and its in-memory store, without
 * authentication, put together as its README and its sample agent show. It publishes one completed task, the least it can do.
 */
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { createRequire } from 'node:module';
import { AGENT_CARD_PATH, AgentCard, TaskState } from '@a2a-js/sdk';
import { AgentEvent, DefaultRequestHandler, InMemoryTaskStore } from '@a2a-js/sdk/server';
import type { AgentExecutor, ExecutionEventBus, RequestContext } from '@a2a-js/sdk/server';
import { UserBuilder, agentCardHandler, jsonRpcHandler } from '@a2a-js/sdk/server/express';
import { echoWord } from './load/request-template.ts';
import { echoCard } from './process/agent-card.ts';
import { announce } from './process/ready.ts';

interface ExpressApplication extends RequestListener {
  use(path: string, handler: unknown): void;
}

// Express brings no types of its own.
const express = createRequire(import.meta.url)('express') as () => ExpressApplication;

const echoExecutor: AgentExecutor = {
  async execute({ taskId, contextId, userMessage }: RequestContext, eventBus: ExecutionEventBus) {
    const content = userMessage.parts[0]?.content;
    const value = echoWord + (content?.$case === 'text' ? content.value : '');
    const part = {
      content: { $case: 'text', value },
      metadata: undefined,
      filename: '',
      mediaType: 'text/plain',
    } as const;
    const artifact = {
      artifactId: 'echo',
      name: '',
      description: '',
      parts: [part],
      metadata: undefined,
      extensions: [],
    };
    eventBus.publish(
      AgentEvent.task({
        id: taskId,
        contextId,
        status: {
          state: TaskState.TASK_STATE_COMPLETED,
          message: undefined,
          timestamp: new Date().toISOString(),
        },
        artifacts: [artifact],
        history: [userMessage],
        metadata: undefined,
      }),
    );
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

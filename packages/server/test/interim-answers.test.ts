/**
 * Guarantee: a peer that answers a request of the platform other than a task (a card, a document, a probe, a webhook, a model) may send as
 * many interim answers as an agent may before the answer to a task; with one more its connection ends.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventually, FakeClock, http, startRawAgent } from '@colloquy/testkit';
import { failuresAtOnce } from '../src/adapters/upstream/even-failures.ts';
import { createCardSource } from '../src/adapters/upstream/fetch-card.ts';
import { createIssuerDocuments } from '../src/adapters/upstream/fetch-document.ts';
import { createInstanceProber } from '../src/adapters/upstream/instance-prober.ts';
import { createOpenAiChooser } from '../src/adapters/upstream/openai-chooser.ts';
import { createWebhookSender, WebhookSigner } from '../src/adapters/webhooks/index.ts';
import type { Clock } from '../src/kernel/clock.ts';
import { idOf } from '../src/kernel/ids.ts';
import { limits } from '../src/kernel/limits.ts';
import { laptopGuard } from './upstream-setting.ts';

const tenantId = idOf('tnt', '0'.repeat(32));
const guards = { forTenant: () => Promise.resolve(laptopGuard) };
const patienceMs = 60_000;

const card = {
  name: 'Echo',
  description: 'Says it again',
  version: '1.0.0',
  supportedInterfaces: [{ url: 'https://agent.example/a2a', protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
  capabilities: {},
  defaultInputModes: ['text/plain'],
  defaultOutputModes: ['text/plain'],
  skills: [],
};

/** A question of ours, and an answer that it reads. */
interface Question {
  readonly answer: string;
  /** Answers whether the answer was read. */
  readonly ask: (url: string, clock: Clock) => Promise<boolean>;
}

const isRead = (reading: Promise<unknown>): Promise<boolean> =>
  reading.then(
    () => true,
    () => false,
  );

const offers = ['one', 'other'].map((skillId) => ({ agentName: 'echo', skillId, name: skillId, description: '' }));
const token = 'token-of-the-challenge';

const questions: Readonly<Record<string, Question>> = {
  'a card': {
    answer: JSON.stringify(card),
    ask: (url) => {
      const bounds = { cardBytesMax: limits.cardBytesMax, cardFetchMs: patienceMs };
      return isRead(
        createCardSource({ guards, bounds, failures: failuresAtOnce }).fetchCard(url, { tenantId, isOperator: false }),
      );
    },
  },
  'a document of an issuer': {
    answer: '{}',
    ask: (url) => isRead(createIssuerDocuments(guards).fetchDocument(tenantId, url)),
  },
  'the answer to a probe': {
    answer: '{}',
    ask: async (url) => {
      const probe = { tenantId, url, wire: '1.0 JSONRPC', pinnedKeys: [] } as const;
      const bounds = { kind: 'wire', path: null, timeoutMs: patienceMs } as const;
      return (await createInstanceProber(guards).probe({ ...probe, ...bounds })).kind === 'answered';
    },
  },
  'the choice of a model': {
    answer: JSON.stringify({ choices: [{ message: { content: '{"choice":1}' } }] }),
    ask: (url) => isRead(createOpenAiChooser({ url, model: 'small', key: null }).choose('hello', offers)),
  },
  'the answer of a receiver': {
    answer: token,
    ask: async (url, clock) => {
      const times = { answerMs: patienceMs, connectMs: patienceMs, answerBytesMax: 1_024 };
      const signer = new WebhookSigner(Buffer.alloc(32, 1));
      const sender = createWebhookSender({ guards, signer, signDelegation: () => '', clock, ...times });
      const line = sender.open(url, tenantId);
      const isAnswered = await line.challenge(token, new AbortController().signal);
      line.close();
      return isAnswered;
    },
  },
};

describe('interim answers', () => {
  for (const [what, { answer, ask }] of Object.entries(questions)) {
    for (const [count, wanted] of [
      [limits.upstreamInterimAnswersMax, true],
      [limits.upstreamInterimAnswersMax + 1, false],
    ] as const) {
      it(`before ${what}, ${String(count)} of them: ${wanted ? 'it is read' : 'the other end is cut off'}`, async () => {
        const closed = Promise.withResolvers<void>();
        const clock = new FakeClock();
        await using other = await startRawAgent((socket) => {
          socket.once('close', () => closed.resolve());
          socket.write('HTTP/1.1 102 Processing\r\n\r\n'.repeat(count) + http(answer));
        });
        const asked = ask(other.url, clock);
        let isOver = false;
        void asked.finally(() => (isOver = true));
        await closed.promise;
        // Of receivers a failure is told late, whatever it was.
        await eventually('it is told', async () => {
          await clock.advance(patienceMs);
          return isOver;
        });
        assert.equal(await asked, wanted);
      });
    }
  }
});

/** Guarantee: an exchange that is over leaves nothing to the old generation of the heap. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { oldGenerationGrowth } from '@colloquy/testkit';
import { AgentExchange } from './agent-exchange.ts';
import type { AnswerReader, ExchangeOptions } from './agent-exchange.ts';

const inFlight = 30;

it('exchanges that end leave nothing behind with the signals that could have aborted them', async () => {
  const open: AgentExchange[] = [];
  const begin = (at: number): void => {
    const words = Array.from({ length: 200 }, (_, word) => `${String(at)} ${String(word)}`);
    const ignore = (): void => void words;
    const reader: AnswerReader = { onStart: ignore, onData: ignore, onEnd: ignore, onFail: ignore };
    // Neither the wire nor what bounds its reading is asked before there is an answer.
    const options = { signal: new AbortController().signal, bytesMax: 1 } as ExchangeOptions;
    open.push(new AgentExchange(reader, options));
    if (open.length > inFlight) open.shift()?.cancel();
  };
  const grownBytes = await oldGenerationGrowth({ steps: 3_000, stepsBetweenCollections: 100 }, begin);
  // What the exchanges held is 20 MB.
  assert.ok(grownBytes < 3_000_000, `${String(grownBytes)} bytes`);
});

import assert from 'node:assert/strict';
import { eventually } from '@colloquy/testkit';
import { harnessCardAt, startHarnessAgent } from '../harness-agent.ts';
import { scenario } from '../run/scenario.ts';
import type { Stage } from '../run/stage.ts';
import { assertFailure } from '../bindings/wire-errors.ts';
import { say, taskOf } from './wire-objects.ts';

const once = { on: 'once' } as const;

const cardPath = (stage: Stage): string => `/t/${stage.tenant.slug}/agents/harness/.well-known/agent-card.json`;

const requiredFields = [
  ['name', 'string'],
  ['description', 'string'],
  ['version', 'string'],
  ['capabilities', 'object'],
  ['supportedInterfaces', 'object'],
  ['defaultInputModes', 'object'],
  ['defaultOutputModes', 'object'],
  ['skills', 'object'],
] as const;

/** Section 8 and the conduct of the gateway as a reader of cards and a client of agents. */
export const cardScenarios = [
  scenario(
    'the well-known address answers a card with every required field',
    ['CARD-1', 'CARD-2', 'WELL-KNOWN-1'],
    async ({ stage }) => {
      const response = await stage.fetch(cardPath(stage));
      assert.equal(response.status, 200);
      assert.match(response.headers.get('content-type') ?? '', /^application\/json/);
      const card = (await response.json()) as Record<string, unknown>;
      for (const [field, type] of requiredFields) assert.equal(typeof card[field], type, field);
      for (const list of ['supportedInterfaces', 'defaultInputModes', 'defaultOutputModes', 'skills']) {
        const found = card[list];
        assert.ok(Array.isArray(found) && found.length > 0, list);
      }
    },
    once,
  ),
  scenario(
    'the card declares all three bindings',
    ['CARD-3', 'CARD-4', 'EQUAL-2'],
    ({ stage }) => {
      const declared = new Set(stage.harness.card.supportedInterfaces.map(({ protocolBinding }) => protocolBinding));
      for (const name of ['JSONRPC', 'HTTP+JSON', 'GRPC']) assert.ok(declared.has(name), `no ${name}`);
      return Promise.resolve();
    },
    once,
  ),
  scenario('a declared interface is what it says', ['CARD-5', 'GRPC-1'], async ({ binding }) => {
    assert.equal(taskOf(await binding.call('SendMessage', say('echo'))).status.state, 'TASK_STATE_COMPLETED');
  }),
  scenario(
    'versions on the card have no patch number',
    ['VERSION-1'],
    ({ stage }) => {
      for (const { protocolVersion } of stage.harness.card.supportedInterfaces)
        assert.match(protocolVersion, /^\d+\.\d+$/);
      return Promise.resolve();
    },
    once,
  ),
  scenario(
    'a card may be kept, and is not sent again to who has it',
    ['CACHE-1', 'CACHE-2', 'CACHE-3'],
    async ({ stage }) => {
      const response = await stage.fetch(cardPath(stage));
      assert.match(response.headers.get('cache-control') ?? '', /max-age=\d+/);
      const etag = response.headers.get('etag') ?? '';
      assert.match(etag, /^(W\/)?"[^"]+"$/);
      assert.ok(response.headers.has('last-modified'));
      const again = await stage.fetch(cardPath(stage), { headers: { 'if-none-match': etag } });
      assert.equal(again.status, 304);
      assert.equal((await stage.fetch(cardPath(stage), { headers: { 'if-none-match': '"other"' } })).status, 200);
    },
    once,
  ),
  scenario(
    'a card shows neither the agent’s own address nor any secret',
    ['WELL-KNOWN-2'],
    async ({ stage, agent }) => {
      const text = await (await stage.fetch(cardPath(stage))).text();
      assert.doesNotMatch(text, new RegExp(new URL(agent.url).host));
      assert.ok(!text.includes(stage.tenant.clientSecret));
    },
    once,
  ),
  scenario(
    'every request to an agent names the version, in a header',
    ['VERSION-3'],
    async ({ binding, agent }) => {
      const request = say('echo');
      taskOf(await binding.call('SendMessage', request));
      const calls = agent.heard.filter(({ params }) => params.message?.messageId === request.message.messageId);
      assert.deepEqual(
        calls.map(({ headers }) => headers['a2a-version']),
        ['1.0'],
      );
      assert.ok(agent.heard.every(({ headers }) => headers['a2a-version'] === '1.0'));
    },
    once,
  ),
  scenario(
    'an agent is called at the first interface that the gateway speaks, with the tenant of that interface',
    ['CHOICE-1', 'CHOICE-2', 'CHOICE-3'],
    async ({ stage }) => {
      await using first = await startHarnessAgent();
      await using second = await startHarnessAgent();
      const at = (url: string, tenant?: string) => ({
        url,
        protocolBinding: 'JSONRPC',
        protocolVersion: '1.0',
        ...(tenant === undefined ? {} : { tenant }),
      });
      const odd = {
        url: 'https://example.com/odd',
        protocolBinding: 'https://example.com/bindings/odd/v1',
        protocolVersion: '1.0',
      };
      const supportedInterfaces = [odd, at(first.url, 'blue'), at(second.url)];
      const registered = await stage.register('chooser', { ...harnessCardAt(first.url), supportedInterfaces });
      const binding = registered.bindings.get('JSONRPC')?.();
      assert.ok(binding);
      taskOf(await binding.call('SendMessage', say('echo')));
      assert.deepEqual(
        first.heard.map(({ params }) => params.tenant),
        ['blue'],
      );
      assert.equal(second.heard.length, 0);
      assert.ok(stage.agent.heard.every(({ params }) => params.tenant === undefined));
    },
    once,
  ),
  scenario(
    'an agent that does not stream is not asked to',
    ['CAPABILITY-7'],
    async ({ stage }) => {
      await using plain = await startHarnessAgent({ card: { capabilities: {} } });
      const binding = (await stage.register('plain', plain.cardUrl)).bindings.get('JSONRPC')?.();
      assert.ok(binding);
      const stream = await binding.open('SendStreamingMessage', say('tck-artifact-text'));
      const events = await stream.rest();
      assert.match(JSON.stringify(events), /Generated text content/);
      assert.deepEqual(
        plain.heard.map(({ method }) => method),
        ['SendMessage'],
      );
    },
    once,
  ),
  scenario(
    'an extension that the agent requires is required of callers too, in exactly that version',
    ['CAPABILITY-1', 'CAPABILITY-6', 'EXTENSION-4', 'EXTENSION-5'],
    async ({ binding: { name }, stage }) => {
      const uri = 'https://example.com/extensions/needed/v2';
      const extensions = [{ uri, required: true }];
      await using strict = await startHarnessAgent({ card: { capabilities: { streaming: true, extensions } } });
      const agentName = `strict-${name.toLowerCase().replaceAll(/[^a-z]/g, '')}`;
      const binding = (await stage.register(agentName, strict.cardUrl)).bindings.get(name)?.();
      assert.ok(binding);
      const older = { 'a2a-extensions': uri.replace('v2', 'v1') };
      for (const parameters of [{}, older]) {
        assertFailure(name, await binding.call('SendMessage', say('echo'), { parameters }), 'ExtensionSupportRequired');
      }
      assert.equal(strict.heard.length, 0);
      const parameters = { 'a2a-extensions': `https://example.com/x/v1, ${uri}` };
      assert.equal(
        taskOf(await binding.call('SendMessage', say('echo'), { parameters })).status.state,
        'TASK_STATE_COMPLETED',
      );
      await eventually('the agent hears which extensions are in use', () =>
        strict.heard.some(({ headers }) => String(headers['a2a-extensions']).includes(uri)),
      );
    },
  ),
];

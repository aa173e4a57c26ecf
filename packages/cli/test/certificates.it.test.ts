/**
 * Guarantee: the operator of a tenant reads the certificates of agent endpoints by command and pins their keys; an endpoint with another key
 * receives nothing (T16).
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { serveAgent } from '@colloquy/sdk/agent';
import { completed, createTestAuthority, eventually, hostileCard, result } from '@colloquy/testkit';
import type { TestCertificate } from '@colloquy/testkit';
import { startCommandSetting } from './command-setting.ts';
import type { CommandSetting, Shell } from './command-setting.ts';

describe('certificates', () => {
  const common = getCACertificates('default');
  let setting: CommandSetting;
  let acme: Shell;
  let server: Server;
  let shown: TestCertificate;
  let other: TestCertificate;
  let origin: string;
  let heard = 0;

  before(async () => {
    const authority = await createTestAuthority();
    setDefaultCACertificates([...common, authority.certificate]);
    [shown, other] = [await authority.issue({ ips: ['127.0.0.1'] }), await authority.issue({ ips: ['127.0.0.1'] })];
    setting = await startCommandSetting();
    ({ acme } = setting);
    server = createServer({ cert: shown.certificate, key: shown.key }, (request, response) => {
      heard += 1;
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { id } = JSON.parse(Buffer.concat(chunks).toString()) as { id: string };
        response.setHeader('content-type', 'application/json').end(result(id, completed));
      });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    origin = `https://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const card = hostileCard({ wire: '1.0 JSONRPC', streaming: false }, `${origin}/`) as never;
    await setting.tenant.client.admin.registerAgent({ body: { name: 'secure', card } });
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await setting[Symbol.asyncDispose]();
    setDefaultCACertificates(common);
  });

  interface Certificate {
    readonly seen?: { readonly keyPin: string; readonly problem?: string };
    readonly pinnedKeys: readonly string[];
  }
  const send = async (): Promise<number> => (await acme.run('send', 'secure', 'hello')).status;

  it('are checked and listed without a message to the agent', async () => {
    const said = await acme.told('certificate', 'check', 'secure');
    assert.match(
      said,
      new RegExp(`^endpoint +${origin}\ninstances +ins_\\w{32}\nsubject +\\S.*\nissuer +\\S.*\nends +\\d{4}-`, 'm'),
    );
    const [, pin] = /^key +(\S{44})$/m.exec(said) ?? [];
    assert.equal(pin, shown.pin);
    assert.match(said, /^pinned key +none\nproblem +none$/m);
    const { seen } = await acme.value<Certificate>('certificate', 'check', 'secure');
    assert.deepEqual([seen?.keyPin, seen?.problem], [shown.pin, undefined]);
    const table = await acme.told('certificate', 'list');
    assert.match(table, new RegExp(`^AGENT +ENDPOINT +ENDS +PROBLEM +PINS\nsecure +${origin} +\\d{4}-\\d\\d-\\d\\d`));
    const own = await setting.operator.told('certificate', 'list', '--own');
    assert.equal(own, 'The platform listens without TLS.\n');
    assert.equal((await acme.refused(4, 'certificate', 'list', '--own')).code, 'access.scope-missing');
    assert.equal(heard, 0);
  });

  it('have to show the key that is pinned, until none is', async () => {
    assert.equal(await send(), 0);
    const pinned = await acme.told('certificate', 'pin', 'secure', '--key', other.pin);
    const warning = `${origin} presented another key: calls to it fail.`;
    assert.equal(pinned, `Endpoints must present this key. This applies everywhere within 5 seconds.\n${warning}\n`);
    await eventually('its messages fail', async () => (await send()) === 10, 15_000);
    const count = heard;
    const { status, stdout } = await acme.run('send', 'secure', 'a secret', '--json');
    assert.equal(status, 10);
    assert.match(stdout, /upstream\.key-refused/);
    assert.equal(heard, count, 'the endpoint was told nothing');
    assert.match(await acme.told('certificate', 'check', 'secure'), /^pinned key +does NOT match$/m);
    assert.match(await acme.told('certificate', 'list'), /^secure .* 1$/m);

    const both = ['--key', other.pin, '--key', shown.pin];
    const { pinnedKeys } = await acme.value<Certificate>('certificate', 'pin', 'secure', ...both);
    assert.deepEqual([...pinnedKeys].sort(), [other.pin, shown.pin].sort());
    await eventually('one of two is enough', async () => (await send()) === 0, 15_000);
    assert.match(await acme.told('certificate', 'check', 'secure'), /^pinned key +matches$/m);
    const none = await acme.told('certificate', 'pin', 'secure', '--none');
    assert.equal(none, 'Endpoints may present any key. This applies everywhere within 5 seconds.\n');
  });

  it('that can not be checked or pinned are refused, and nothing is pinned', async () => {
    const plain = await serveAgent({
      card: { name: 'Plain', description: 'Without TLS.', skills: [] },
      handle: (_message, task) => task.complete('Done.'),
    });
    await acme.told('agent', 'register', 'plain', plain.url);
    await plain.close();
    const wrong: readonly (readonly [status: number, says: RegExp, ...argv: readonly string[]])[] = [
      [2, /Missing required argument "agent"/, 'check'],
      [5, /no such agent/, 'check', 'missing'],
      [6, /called without TLS/, 'check', 'plain'],
      [2, /Either --key or --none is needed/, 'pin', 'secure'],
      [2, /Either --key or --none is needed/, 'pin', 'secure', '--none', '--key', shown.pin],
      [3, /^error: /, 'pin', 'secure', '--key', 'short'],
      [3, /^error: /, 'pin', 'secure', '--key', `${shown.pin.slice(0, 43)}!`],
      [5, /no such agent/, 'pin', 'missing', '--key', shown.pin],
      [6, /called without TLS/, 'pin', 'plain', '--key', shown.pin],
    ];
    for (const [status, says, ...argv] of wrong)
      assert.match((await acme.refused(status, 'certificate', ...argv)).said, says, argv.join(' '));
    const weak = await setting.newClient('weak', 'agents:write');
    assert.equal((await weak.refused(4, 'certificate', 'pin', 'secure', '--none')).code, 'access.scope-missing');
    const known = await acme.value<readonly Certificate[]>('certificate', 'list');
    assert.deepEqual(
      known.map(({ pinnedKeys }) => pinnedKeys),
      [[], []],
    );
    assert.equal(await send(), 0);
  });
});

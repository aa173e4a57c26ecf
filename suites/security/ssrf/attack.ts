import { connect } from 'node:net';
import { eventually } from '@colloquy/testkit';
import type { Figures, SuiteOptions } from '../figures.ts';
import { startCanaries } from './canaries.ts';
import type { Canaries } from './canaries.ts';
import { startNameServer } from './name-server.ts';
import { nameServerAddress } from './own-network.ts';
import { sendToWritten } from './send-to-written.ts';
import { cardAt, startStage } from './stage.ts';
import type { Stage } from './stage.ts';
import { forbiddenUrls, rebindingName } from './urls.ts';
import { addressFieldsOf, knownBodyFields, urlFields } from './url-fields.ts';

const ports = [80, 443, 8080, 8443, 22, 6379];
/** Most of a write is the wait before an address is said to fail (`limits.addressFailureMs`); all that wait wait together. */
const writesAtOnce = 64;
/** Of the URLs of the small tier, every so many-th. */
const quickStep = 14;

/** Writes every URL into every field, and sends to each behind the platform's back; nothing may reach a canary. */
export async function attack({ quick }: SuiteOptions, ownsAddresses: boolean): Promise<Figures> {
  const hosts = ownsAddresses ? ['0.0.0.0', '::'] : ['127.0.0.1', '::1'];
  await using canaries = await startCanaries(hosts, ports);
  await using names = ownsAddresses ? await startNameServer(nameServerAddress) : null;
  await using stage = await startStage();
  const violations = [...(await unknownFields(stage)), ...(await deafCanaries(canaries, ownsAddresses))];
  const base = canaries.connections();
  await stage.call('/api/v1/tenants/acme/agents', { name: 'agent', card: cardAt(`${stage.agentUrl}/a2a`) });
  await stage.call('/api/v1/tenants/acme/agents', { name: 'updated', card: cardAt(`${stage.agentUrl}/a2a`) });
  const all = forbiddenUrls(ownsAddresses);
  const urls = all.filter((_, at) => !quick || at % quickStep === 0);
  const written = await writeAll(stage, urls, canaries, violations);
  const rebound = names === null ? 0 : await rebind(stage, quick ? 3 : 20);
  const sent = await sendToWritten(stage, urls);
  if (canaries.connections() > base) violations.push(`${canaries.connections() - base} connections reached a canary`);
  return {
    counts: {
      urls: all.length,
      fields: urlFields.length,
      ...written,
      rebound,
      ...sent,
      canaryConnections: canaries.connections() - base,
      canaryBytes: canaries.bytes(),
      questionsToNameServer: names?.questions() ?? 0,
    },
    violations,
    skipped: [],
  };
}

async function unknownFields(stage: Stage): Promise<readonly string[]> {
  const document: unknown = await (await fetch(`${stage.platform.url}/api/v1/openapi.json`)).json();
  const fields = addressFieldsOf(document);
  const unknown = fields.filter((field) => !knownBodyFields.includes(field));
  const gone = knownBodyFields.filter((field) => !fields.includes(field));
  return [
    ...unknown.map((field) => `${field} takes an address, and the suite does not know it`),
    ...gone.map((field) => `${field} is not in the description of the API any more`),
  ];
}

/** A canary that hears nothing proves nothing. */
async function deafCanaries(canaries: Canaries, ownsAddresses: boolean): Promise<readonly string[]> {
  const targets = ownsAddresses ? ['10.0.0.1', '169.254.169.254', '127.0.0.1', '::1', 'fd00::1'] : ['127.0.0.1'];
  const before = canaries.connections();
  const [port = 0] = canaries.ports;
  const heard = await Promise.all(targets.map((host) => reaches(host, port)));
  const deaf = targets.filter((_, at) => heard[at] !== true).map((host) => `the canary at ${host} can not be reached`);
  await eventually('every canary has counted', () => canaries.connections() === before + targets.length - deaf.length);
  return deaf;
}

function reaches(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

async function writeAll(
  stage: Stage,
  urls: readonly string[],
  canaries: Canaries,
  violations: string[],
): Promise<{ writes: number; refusedWrites: number }> {
  const work = urls.flatMap((url, number) => urlFields.map((field) => ({ url, number, field })));
  let refusedWrites = 0;
  const next = work.values();
  const worker = async (): Promise<void> => {
    for (const { url, number, field } of next) {
      const before = canaries.connections();
      const status = await field.write(stage, url, number);
      if (status >= 400) refusedWrites += 1;
      if (status === 500) violations.push(`${field.name} ${JSON.stringify(url)}: ${status}`);
      if (canaries.connections() > before)
        violations.push(`${field.name} ${JSON.stringify(url)}: a canary was reached`);
    }
  };
  await Promise.all(Array.from({ length: writesAtOnce }, worker));
  return { writes: work.length, refusedWrites };
}

const message = (): object => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'SendMessage',
  params: { message: { messageId: crypto.randomUUID(), role: 'ROLE_USER', parts: [{ text: 'hello' }] } },
});

/** Names that are public when they are called first, and private when they are called again. */
async function rebind(stage: Stage, count: number): Promise<number> {
  for (let number = 0; number < count; number += 1) {
    const url = `https://${rebindingName(number)}:8443/x`;
    const name = `rebind-${number}`;
    await stage.call('/api/v1/tenants/acme/agents', { name, card: cardAt(url) });
    // The name is public when it is asked for first, and private from then on.
    for (let send = 0; send < 2; send += 1) await stage.call(`/t/acme/agents/${name}`, message());
  }
  return count;
}

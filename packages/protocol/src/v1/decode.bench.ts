/** Time to decode a parsed SendMessage of 1 KiB. Run: `node --conditions=source decode.bench.ts`. Prints microseconds. */
import { decodeSendMessageRequest } from './decode-request.ts';
import { defaultDecodeLimits } from '../codec/index.ts';

const rounds = 300_000;
const params: unknown = JSON.parse(
  JSON.stringify({
    message: {
      messageId: '0195f7a2-3a3c-7e0e-9d8a-1d4f0a6d2c12',
      contextId: '0195f7a2-3a3c-7e0e-9d8a-1d4f0a6d2c13',
      role: 'ROLE_USER',
      parts: [{ text: 'lorem ipsum dolor sit amet, '.repeat(16), mediaType: 'text/plain' }, { data: { order: 17 } }],
      metadata: { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' },
    },
    configuration: { acceptedOutputModes: ['text/plain', 'application/json'], historyLength: 10 },
  }),
);

const decode = (): unknown => decodeSendMessageRequest(params, defaultDecodeLimits);
for (let round = 0; round < rounds / 10; round += 1) decode();
const startedAt = performance.now();
for (let round = 0; round < rounds; round += 1) decode();
const decodeUs = ((performance.now() - startedAt) * 1_000) / rounds;
process.stdout.write(`decodeSendMessageRequest ${decodeUs.toFixed(2)} us\n`);

/** Time to read a 1 KiB SendMessage body. Run: `node --conditions=source read-json.bench.ts`. Prints microseconds per body. */
import { readJson } from './read-json.ts';

const rounds = 200_000;

function body(text: string): Uint8Array {
  return new TextEncoder().encode(
    JSON.stringify({
      jsonrpc: '2.0',
      id: '0195f7a2-3a3c-7e0e-9d8a-1d4f0a6d2c11',
      method: 'SendMessage',
      params: {
        message: {
          messageId: '0195f7a2-3a3c-7e0e-9d8a-1d4f0a6d2c12',
          contextId: '0195f7a2-3a3c-7e0e-9d8a-1d4f0a6d2c13',
          role: 'ROLE_USER',
          parts: [
            { text, mediaType: 'text/plain' },
            {
              data: {
                order: 17,
                lines: [
                  { sku: 'a-1', amount: 2 },
                  { sku: 'b-2', amount: 3.5 },
                ],
              },
            },
          ],
          metadata: { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' },
        },
        configuration: { acceptedOutputModes: ['text/plain', 'application/json'], historyLength: 10 },
      },
    }),
  );
}

const bodies: Readonly<Record<string, Uint8Array>> = {
  ascii: body('lorem ipsum dolor sit amet, '.repeat(14)),
  escaped: body('line one "quoted"\n\ttabbed \\ line\n'.repeat(10)),
  unicode: body('żółw 漢字 😀 '.repeat(22)),
};

for (const [name, bytes] of Object.entries(bodies)) {
  const text = new TextDecoder().decode(bytes);
  const strict = perBodyUs(() => readJson(bytes, { depthMax: 64 }));
  const plain = perBodyUs((): unknown => JSON.parse(text));
  process.stdout.write(`${name} ${bytes.length} B: readJson ${strict} us, JSON.parse alone ${plain} us\n`);
}

function perBodyUs(read: () => unknown): string {
  for (let round = 0; round < rounds / 10; round += 1) read();
  const startedAt = performance.now();
  for (let round = 0; round < rounds; round += 1) read();
  return (((performance.now() - startedAt) * 1_000) / rounds).toFixed(2);
}

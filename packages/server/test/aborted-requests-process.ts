/**
 * Sends long messages over gRPC to an agent that reads none, and aborts each when its input says so. Arguments: URL of the agent, number of
 * messages.
 */
import { mendHttp2 } from '../src/adapters/http2/index.ts';
import { PlatformError } from '../src/kernel/errors.ts';
import { callTo, hello, startUpstream } from './upstream-setting.ts';

const [, , url = '', count = '0'] = process.argv;
/** More than the window that an agent opens for a request of which it has read nothing (RFC 9113 section 6.9.2). */
const textChars = 300_000;

mendHttp2();
await using setting = startUpstream();
const message = { message: { ...hello.message, parts: [{ text: 'x'.repeat(textChars) }] } };
for (let left = Number(count); left > 0; left -= 1) {
  const canceled = new AbortController();
  process.stdin.once('data', () => canceled.abort());
  const call = callTo(url, { signal: canceled.signal });
  const sent = setting.upstream.send({ ...call, instance: { ...call.instance, wire: '1.0 GRPC' } }, message);
  console.log(
    await sent.then(
      () => 'answered',
      (error: unknown) => (error instanceof PlatformError ? error.code : String(error)),
    ),
  );
}
// What is still listened to would keep the process.
process.stdin.destroy();

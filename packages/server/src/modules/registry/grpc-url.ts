const schemes: ReadonlyMap<string, string> = new Map([
  ['grpc', 'http'],
  ['grpcs', 'https'],
  ['http', 'http'],
  ['https', 'https'],
]);

/** Names that resolve only on this machine or its network: `localhost`, services of a compose file or a cluster. */
const localName = /^(?:[a-z0-9-]+|.*\.(?:localhost|local|internal|intranet|lan|home\.arpa))$/i;
const addressLiteral = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\])$/i;

/**
 * The address of a gRPC interface as a URL without a path; null when it is invalid. A card has a bare `host:port` (A2A 1.0 section 8), which
 * does not say whether to use TLS. TLS is used, except for IP addresses and for local names on a port other than 443. A scheme on the
 * card overrides this.
 */
export function grpcUrlOf(text: string): string | null {
  const [, named, authority = ''] = /^(?:([a-z]+):\/\/)?([^/\s@?#]+)\/?$/i.exec(text) ?? [];
  const [, host, port] = /^(.+?)(?::(\d{1,5}))?$/.exec(authority) ?? [];
  if (host === undefined || (named === undefined && port === undefined)) return null;
  const isPlain = port !== '443' && (localName.test(host) || addressLiteral.test(host));
  const scheme = named === undefined ? (isPlain ? 'http' : 'https') : schemes.get(named.toLowerCase());
  const url = scheme === undefined ? null : URL.parse(`${scheme}://${authority}`);
  return url === null || url.hostname === '' ? null : url.origin;
}

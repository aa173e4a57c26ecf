/** The bounds of requests, of the connections that bring them, and of the streams that answer them. */
export const httpLimits = {
  /**
   * Connections that the kernel queues at one socket until the process accepts them, as far as the kernel allows so many. A client
   * above the bound connects again after seconds. When a process ends, all its streams reconnect to the others at once.
   */
  connectionsWaitingMax: 4_096,
  /** Sockets that listen at the address of one process. It accepts this many connections in each turn of its event loop. */
  acceptors: 16,
  /** An idle connection closes after this time. Longer than the idle time of common load balancers. */
  keepAliveMs: 65_000,
  /** Requests that one process works on at once. A further one is answered 503. */
  requestsInFlightMax: 5_000,
  /** Pipelined requests of one connection that are not answered yet. A further one is answered 503, in order, and the connection closes. */
  requestsAheadMax: 16,
  /** Bytes of header fields and announced bodies of pipelined requests that wait. More count as one request too many. Below what Node reads ahead. */
  bytesAheadMax: 32 * 1024,
  /** Requests of one connection, the refused ones included, that are not answered yet. With a further one the connection closes at once. */
  requestsOpenMax: 32,
  /** Bytes of header fields of all of them but the first. With more the connection closes at once. */
  headBytesOpenMax: 64 * 1024,
  /** A larger request body is refused with 413. */
  bodyBytesMax: 4 * 1024 * 1024,
  /** Announced body bytes of all requests that one process works on. A request above it is answered 503. Streams release theirs. */
  bodyBytesInFlightMax: 256 * 1024 * 1024,
  /** The share of one tenant in these bytes. A request above it is answered 503, so that no tenant uses them all. */
  tenantBodyBytesInFlightMax: 128 * 1024 * 1024,
  /** A body up to this length does not count towards them: `requestsInFlightMax` bounds small bodies. */
  smallBodyBytesMax: 64 * 1024,
  /** Deeper JSON is refused as invalid. */
  jsonDepthMax: 64,
  /** A longer id that a caller chose (messageId, contextId, Idempotency-Key) is refused as invalid. */
  callerIdCharsMax: 256,
  /** A message or artifact with more parts is refused as invalid. */
  partsPerMessageMax: 1000,
  /** A request with more header fields is refused as invalid. */
  headerFieldsMax: 100,
  /** A request with more bytes of header fields is refused with 431. */
  headerBytesMax: 16 * 1024,
  /** A connection that has not sent its header fields after this time is answered 408 and closes. */
  headersMs: 10_000,
  /**
   * A connection that has not sent its whole request after this time is answered 408 and closes. A pipelined request is judged when
   * its turn comes, by the speed of its body.
   */
  requestMs: 30_000,
  /** The speed of a body is checked first after this time, and again each time it has passed. */
  bodyPatienceMs: 5_000,
  /** A slower body is answered 408, and its connection closes. */
  bodyBytesPerSecondMin: 1_024,
  /** After an answer that does not need the rest of the body, the connection closes when the rest has not arrived within this time. */
  unwantedBodyMs: 1_000,
  /**
   * Unauthenticated connections from one address, or from one /64 of IPv6. A further one closes the oldest. Trusted proxies have no
   * such bound.
   */
  unauthenticatedConnectionsPerAddressMax: 2_000,
  /** Unauthenticated connections from all addresses. A further one closes the oldest. */
  unauthenticatedConnectionsMax: 8_000,
  /**
   * Connections that one client, key or person keeps. Further ones count as unauthenticated. Connections of trusted proxies, and of
   * streams without TLS, do not count.
   */
  callerConnectionsMax: 4_000,
  /** Connections of one process and surface. A further one is refused. */
  connectionsMax: 17_000,
  /** Calls at once on one gRPC connection. The client holds further ones back. */
  grpcStreamsPerConnectionMax: 1_000,
  /** A gRPC connection is pinged this often. */
  grpcPingMs: 30_000,
  /** A gRPC connection that has not answered a ping after this time closes. */
  grpcPingAnswerMs: 10_000,
  /** An idle stream carries a comment this often. */
  streamHeartbeatMs: 15_000,
  /** Events that wait for one slow reader. Above it the stream closes; its reader can resume it. */
  streamBufferEventsMax: 256,
  /** Bytes that wait for one slow reader. Above it the stream closes; its reader can resume it. */
  streamBufferBytesMax: 1024 * 1024,
  /** Open streams of one process. A further one is answered 429. */
  streamsMax: 12_000,
  /** Open streams of one tenant on one process. A further one is answered 429, so that no tenant uses them all. */
  tenantStreamsMax: 10_000,
  /** Open streams of one client, key or person on one process. A further one is answered 429, so that none uses all of its tenant's. */
  callerStreamsMax: 5_000,
  /** A stream whose reader reads nothing for this long loses its connection; its reader can resume it. */
  streamStallMs: 30_000,
  /** Items on a page when the request names no size, and the largest size (A2A 1.0 section 3.1.4). */
  pageItemsDefault: 50,
  pageItemsMax: 100,
  /** Bytes of the logs of the tasks on a page, or of their newest states. Further tasks are on the next page. */
  pageBytesMax: 4 * 1024 * 1024,
  /** A page token of an older list is refused; the client lists from the start. */
  pageTokenMs: 60 * 60_000,
  /** The certificate files of the listeners are read this often, so that new ones are used without a restart. */
  certificateCheckMs: 5_000,
  /** A larger certificate file is refused. */
  certificateFileBytesMax: 1024 * 1024,
  /** The log warns of a listener's certificate that ends within this time, */
  certificateWarningMs: 21 * 24 * 60 * 60_000,
  /** and repeats the warning this often until the certificate is renewed. */
  certificateWarningEveryMs: 24 * 60 * 60_000,
} as const;

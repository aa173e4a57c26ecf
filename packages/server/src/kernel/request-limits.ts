/** The bounds of requests over HTTP and of the connections that bring them; part of `limits`. */
export const requestLimits = {
  /** Requests admitted at once by one process; above it 503. */
  requestsInFlightMax: 5_000,
  /** Requests of one connection whose answers have not left; one more is answered 503 in its turn, and the connection ends. */
  requestsAheadMax: 16,
  /** Bytes of those of them that wait, fields and announced bodies; with more, as with one request too many. Below what Node reads ahead. */
  bytesAheadMax: 32 * 1024,
  /** Requests of one connection, the refused included, whose answers have not left; with one more it is closed at once. */
  requestsOpenMax: 32,
  /** Bytes of the fields of all but the first of them; with more, likewise. */
  headBytesOpenMax: 64 * 1024,
  /** Larger request bodies are refused with 413. */
  bodyBytesMax: 4 * 1024 * 1024,
  /** Bytes of the bodies of all requests that one process has admitted, by what they announce; above it 503. Streams let go of theirs. */
  bodyBytesInFlightMax: 256 * 1024 * 1024,
  /** The part of them that may be one tenant's; above it 503, so that no tenant takes the room of all. */
  tenantBodyBytesInFlightMax: 128 * 1024 * 1024,
  /** Bodies up to this length are not counted among them: requests under way have a bound of their own. */
  smallBodyBytesMax: 64 * 1024,
  /** Deeper JSON is refused as invalid. */
  jsonDepthMax: 64,
  /** Longer caller-chosen ids (messageId, contextId, Idempotency-Key) are refused as invalid. */
  callerIdCharsMax: 256,
  /** More parts in one message or artifact are refused as invalid. */
  partsPerMessageMax: 1000,
  /** More header fields of one request are refused as invalid. */
  headerFieldsMax: 100,
  /** More bytes of header fields are refused with 431. */
  headerBytesMax: 16 * 1024,
  /** A connection that has not sent its header fields after this time is answered 408 and closed. */
  headersMs: 10_000,
  /** A connection that has not sent its whole request after this time is answered 408 and closed; while others are answered before, in its turn and by its pace. */
  requestMs: 30_000,
  /** A body has this long before its speed is judged, and again after each judgement. */
  bodyPatienceMs: 5_000,
  /** A body that comes in more slowly is answered 408, and its connection closed. */
  bodyBytesPerSecondMin: 1_024,
  /** A connection is closed when the rest of a body that nobody wants has not come in this long after the answer. */
  unwantedBodyMs: 1_000,
  /** Connections from one address, or one /64 of IPv6, that have brought no caller yet; one more closes the oldest. Trusted proxies have no such bound. */
  strangerConnectionsPerAddressMax: 2_000,
  /** The same from all addresses together. */
  strangerConnectionsMax: 8_000,
  /** Connections that one client, key or person keeps; more of theirs count as strangers'. Those of trusted proxies, and of streams without TLS, do not count. */
  callerConnectionsMax: 4_000,
  /** Connections of one process and surface; more are refused. */
  connectionsMax: 17_000,
} as const;

import { exempt, grpcOnly, jsonRpcOnly, must, restOnly, section, should, stated } from '../requirement.ts';
import type { Requirement } from '../requirement.ts';

const custom = exempt('custom-binding', 'none is offered');

/** Sections 9 to 12: the bindings. */
export const bindingRequirements: readonly Requirement[] = [
  ...section('9.1', {
    'RPC-1': stated('Requests and answers are application/json, streams are text/event-stream.', jsonRpcOnly),
    'RPC-2': stated('Methods have the names of the operations; others are unknown.', jsonRpcOnly),
  }),
  ...section('9.2', {
    'RPC-3': must('Service parameters travel in headers.', jsonRpcOnly),
    'RPC-4': must('Their names are names of header fields.', jsonRpcOnly),
    'RPC-5': should('Several values stand in one header, with commas.', jsonRpcOnly),
  }),
  ...section('9.3', {
    'RPC-6': must('Requests are JSON-RPC 2.0; what is not is refused.', jsonRpcOnly),
    'RPC-7': stated('Answers repeat the id of their request.', jsonRpcOnly),
  }),
  ...section('9.5', {
    'RPC-8': must('Each detail of an error names its type.', jsonRpcOnly),
    'RPC-9': should('Details are ErrorInfo and BadRequest.', jsonRpcOnly),
    'RPC-10': stated('The standard codes of JSON-RPC are used for what they mean.', jsonRpcOnly),
  }),
  ...section('10.1', { 'GRPC-1': stated('The service of the schema is served with protocol buffers.', grpcOnly) }),
  ...section('10.2', {
    'GRPC-2': must('Service parameters travel in metadata.', grpcOnly),
    'GRPC-3': must('Their names are metadata keys.', grpcOnly),
    'GRPC-4': should('Several values stand in one entry, with commas.', grpcOnly),
    'GRPC-5': must('They are read from there.', grpcOnly),
    'GRPC-6': should('Required ones are checked.', grpcOnly),
  }),
  ...section('10.6', { 'GRPC-7': must('Errors of A2A carry an ErrorInfo in their status.', grpcOnly) }),
  ...section('11.1', {
    'REST-1': should('The media type is application/a2a+json.', restOnly),
  }),
  ...section('11.2', {
    'REST-2': must('Service parameters travel in headers.', restOnly),
    'REST-3': must('Their names are names of header fields.', restOnly),
    'REST-4': should('Several values stand in one header, with commas.', restOnly),
  }),
  ...section('11.3', { 'REST-5': stated('Each operation has its verb and its path.', restOnly) }),
  ...section('11.5', {
    'REST-6': must('GET and DELETE take parameters from path and query.', restOnly),
    'REST-7': must('Names in the query are in camel case.', restOnly),
    'REST-8': must(
      'What is nested needs a body.',
      exempt('author', 'binds the design of operations; none nests in a query'),
    ),
    'REST-9': must('Values in the query are percent-encoded.', restOnly),
  }),
  ...section('11.6', {
    'REST-10': must('Each detail of an error names its type.', restOnly),
    'REST-11': should('Details have well-known types.', restOnly),
    'REST-12': must('Errors of A2A carry an ErrorInfo.', restOnly),
    'REST-13': stated('An error is a google.rpc.Status with the HTTP status as its code.', restOnly),
  }),
  ...section('11.7', {
    'REST-14': should('Streams do not reorder events.', restOnly),
    'REST-15': stated('Each event of a stream is a bare StreamResponse.', restOnly),
  }),
  ...section('12', { 'OWN-1': must('Custom bindings obey section 5.', custom) }),
  ...section('12.1', { 'OWN-2': must('Custom bindings offer every operation.', custom) }),
  ...section('12.2', { 'OWN-3': must('Custom bindings map the types.', custom) }),
  ...section('12.3', { 'OWN-4': must('Custom bindings document service parameters.', { ...custom, keywords: 2 }) }),
  ...section('12.4', { 'OWN-5': must('Custom bindings map errors.', custom) }),
  ...section('12.5', { 'OWN-6': must('Custom bindings say so when they do not stream.', custom) }),
  ...section('12.6', { 'OWN-7': must('Custom bindings authenticate.', custom) }),
  ...section('12.7', { 'OWN-8': must('Custom bindings are on the card.', custom) }),
  ...section('12.8', { 'OWN-9': should('Custom bindings are tested.', custom) }),
];

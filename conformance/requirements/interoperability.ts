import { exempt, must, once, section, should, stated } from '../requirement.ts';
import type { Requirement } from '../requirement.ts';

const custom = exempt('custom-binding', 'none is offered');
const agents = exempt('agent', 'binds the agent that asks for a credential');

/** Sections 5 and 7: what all bindings share, and who may do what. */
export const interoperabilityRequirements: readonly Requirement[] = [
  ...section('5.1', {
    'EQUAL-1': must('All bindings of an agent do the same, fail the same and take the same tokens.'),
  }),
  ...section('5.2', {
    'EQUAL-2': must('The card declares every binding that is served.', once),
    'EQUAL-3': should('Clients can fall back.', exempt('caller', 'binds who calls the gateway')),
  }),
  ...section('5.4', {
    'CODES-1': must('Each error of A2A has its code in each binding.'),
    'CODES-2': must('Custom bindings map the errors.', custom),
    'CODES-3': should('Custom bindings show the map as a table.', custom),
  }),
  ...section('5.5', {
    'NAMES-1': must('Names of JSON fields are in camel case.', { on: ['JSONRPC', 'HTTP+JSON'] }),
    'NAMES-2': must('Enumerations are their names in the schema.', { on: ['JSONRPC', 'HTTP+JSON'] }),
  }),
  ...section('5.6.1', {
    'TIME-1': must('Times are ISO 8601 texts in UTC.', { on: ['JSONRPC', 'HTTP+JSON'] }),
    'TIME-2': should('Times are precise to the millisecond.'),
    'TIME-3': must('Times are read and written correctly.'),
    'TIME-4': must('Times have no other offset than Z.', { on: ['JSONRPC', 'HTTP+JSON'] }),
  }),
  ...section('5.7', {
    'FIELDS-1': must('Required fields are there.'),
    'FIELDS-2': should('Messages that lack a required field are refused.'),
    'FIELDS-3': must('Required lists have an element at least.'),
    'FIELDS-4': should('Unknown fields are passed over.', { on: ['JSONRPC', 'HTTP+JSON'] }),
    'FIELDS-5': stated('A part has exactly one content.', { on: ['JSONRPC', 'HTTP+JSON'] }),
  }),
  ...section('5.8', {
    'CUSTOM-1': should('A custom binding is named by a URI.', custom),
    'CUSTOM-2': should('The card names it so.', custom),
    'CUSTOM-3': must('A breaking change makes a new URI.', custom),
  }),
  ...section('7.1', {
    'TLS-1': must('In production everything is encrypted.', exempt('deployment', 'TLS is configured where it runs')),
    'TLS-2': should('With a modern TLS.', exempt('deployment', 'TLS is configured where it runs')),
  }),
  ...section('7.2', {
    'TLS-3': should(
      'Clients verify the certificate.',
      exempt('deployment', 'needs an authority that both sides trust'),
    ),
  }),
  ...section('7.4', {
    'AUTH-1': must('Every request is authenticated as the card says.'),
    'AUTH-2': should('Refusals use the codes of the binding.'),
    'AUTH-3': should('Refusals carry a challenge.', { on: ['JSONRPC', 'HTTP+JSON'] }),
  }),
  ...section('7.6.1', {
    'GRANT-1': must('An agent that needs authorization has a task.'),
    'GRANT-2': must('That task is in the state for it.'),
    'GRANT-3': must('Its status says in words what is needed.'),
    'GRANT-4': must('Credentials come out of band.', agents),
    'GRANT-5': should('Streams stay open while authorization is awaited.'),
    'GRANT-6': should('Messages to such a task are taken.'),
  }),
  ...section('7.6.2', {
    'GRANT-7': should('An agent in the middle passes the request on.', once),
    'GRANT-8': should('Clients keep an eye on such a task.', exempt('caller', 'binds who calls the gateway')),
  }),
  ...section('7.6.3', {
    'GRANT-9': should('Credentials travel on a secure way of their own.', agents),
    'GRANT-10': should('Credentials are bound to the agent that asked.', agents),
    'GRANT-11': should('Only that agent can read them.', agents),
  }),
];

import { exempt, must, once, section, should, stated } from '../requirement.ts';
import type { Requirement } from '../requirement.ts';

/** Sections 1 and 3.1: who keeps the schema, and what each operation does. */
export const operationRequirements: readonly Requirement[] = [
  ...section('1.4', {
    'SCHEMA-1': must('Derived forms of the schema are generated from it.', exempt('author', 'binds schema publishers')),
    'SCHEMA-2': must('Breaking changes come with guidance.', exempt('author', 'binds who edits the specification')),
    'SCHEMA-3': must('Old anchors stay.', exempt('author', 'binds who edits the specification')),
    'SCHEMA-4': should('Old names live on as aliases.', exempt('author', 'binds schema publishers')),
    'SCHEMA-5': should('No name goes before a major version.', exempt('author', 'binds who edits the schema')),
  }),
  ...section('3.1.1', {
    'SEND-1': must('A send is answered with a task or with a message.'),
    'SEND-2': stated('A message to a task that has ended is refused as an unsupported operation.'),
    'SEND-3': stated('A message in a media type that the agent does not take is refused as such.'),
  }),
  ...section('3.1.2', {
    'STREAM-1': must('A streamed send opens a stream of events.'),
    'STREAM-2': must('A stream has one of two forms: one message, or a task and its changes.'),
    'STREAM-3': must('A stream that begins with a message has nothing else in it and ends.'),
    'STREAM-4': must('A stream about a task begins with the task; only changes of it follow.'),
    'STREAM-5': must('A stream about a task ends when the task does.'),
    'STREAM-6': must('Progress is streamed as it happens, not kept until the end.'),
    'STREAM-7': stated('A streamed message to a task that has ended is refused as an unsupported operation.'),
  }),
  ...section('3.1.3', {
    'GET-1': stated('Getting a task answers its state and its artifacts.'),
    'GET-2': stated('Getting an unknown task is answered with TaskNotFound.'),
  }),
  ...section('3.1.4', {
    'LIST-1': must('Artifacts are left out of listed tasks, key and all, unless asked for.'),
    'LIST-2': must('Every list has a token for the next page.'),
    'LIST-3': must('The token of the last page is empty.'),
    'LIST-4': must('A list holds only what its reader may see.'),
    'LIST-5': must('Pages are found by a cursor, not by counting.'),
    'LIST-6': must('The task that changed last comes first.'),
    'LIST-7': must('Lists are confined to what the caller is allowed.'),
    'LIST-8': must('Tasks are ordered by the time of their status, newest first.'),
    'LIST-9': stated('A list can be narrowed by context, by state and by the time of the last change.'),
    'LIST-10': stated('A page holds 50 tasks unless asked otherwise, and 1 to 100 may be asked for.'),
    'LIST-11': stated('Artifacts are listed with the tasks when asked for.'),
  }),
  ...section('3.1.5', {
    'CANCEL-1': stated('Canceling a task answers the task as it is afterwards.'),
    'CANCEL-2': stated('A task that has completed cannot be canceled, and the answer says so.'),
    'CANCEL-3': stated('Canceling an unknown task is answered with TaskNotFound.'),
  }),
  ...section('3.1.6', {
    'SUBSCRIBE-1': must('A subscription ends when its task does.'),
    'SUBSCRIBE-2': must('A subscription begins with the task as it is.'),
    'SUBSCRIBE-3': stated('Subscribing to a task that has ended is refused as an unsupported operation.'),
    'SUBSCRIBE-4': stated('Subscribing to an unknown task is answered with TaskNotFound.'),
  }),
  ...section('3.1.7', {
    'PUSH-1': must('Creating a push configuration makes the webhook hear of the task.'),
    'PUSH-2': must('A push configuration stays until its task ends or it is deleted.'),
  }),
  ...section('3.1.8', {
    'PUSH-3': must('Getting a push configuration answers its address and settings.'),
    'PUSH-4': must('Getting a push configuration that is not there fails.'),
  }),
  ...section('3.1.9', { 'PUSH-5': must('Listing answers every active push configuration of the task.') }),
  ...section('3.1.10', {
    'PUSH-6': must('A deleted push configuration is gone for good.'),
    'PUSH-7': must('Deleting a push configuration twice is as good as once.'),
    'PUSH-8': stated('A deleted configuration gets no further notifications.'),
  }),
  ...section('3.1.11', {
    'EXTENDED-1': must('The extended card takes a caller who proved itself as the public card says.', { keywords: 1 }),
    'EXTENDED-2': should('The extended card replaces the cached one.', exempt('caller', 'what callers keep is theirs')),
  }),
  ...section('3.2.2', {
    'BLOCK-1': must('A send waits until its task ends or is interrupted, unless told otherwise.'),
    'BLOCK-2': must('The answer of a waiting send holds the latest state with all artifacts.'),
    'BLOCK-3': must('A send that asks for it returns as soon as the task exists.'),
    'BLOCK-4': stated('Whether to wait makes no difference to a direct message nor to a stream.'),
    'BLOCK-5': stated('Accepted output modes reach the agent.', once),
  }),
  ...section('3.2.4', {
    'HISTORY-1': should('A history of length 0 is left out.'),
    'HISTORY-2': stated('At most as many messages come back as asked for, the latest ones.'),
  }),
];

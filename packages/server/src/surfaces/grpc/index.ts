export { createGrpcServer } from './grpc-server.ts';
export type { GrpcServer, GrpcServerOptions } from './grpc-server.ts';

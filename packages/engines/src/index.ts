export { type ClickHouseOptions, type NoClickHouse, type RunningClickHouse, startClickHouse } from './clickhouse.ts'
export { acquireDataDir, type DataDir, type DataDirOptions, dataDirHolder, type FreeSpace } from './data-dir.ts'
export { EngineError, type EngineErrorCode, type Log, tailLines } from './errors.ts'
export { nodeBinary } from './node-binary.ts'
export { freePort, freePortNear, requirePort } from './ports.ts'
export { type PostgresOptions, type RunningPostgres, startPostgres, stopLeftoverPostgres } from './postgres.ts'
export { isAlive } from './process-info.ts'
export { readOrCreateSecret } from './secrets.ts'
export {
  type ChildOptions,
  createSupervisor,
  type LogFile,
  openLogFile,
  type Part,
  type RunningChild,
  type Supervisor,
  startChild,
} from './supervise.ts'

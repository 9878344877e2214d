export { type ClickHouseOptions, type NoClickHouse, type RunningClickHouse, startClickHouse } from './clickhouse.ts'
export { EngineError, type EngineErrorCode, type Log } from './errors.ts'
export { freePort, freePortNear, requirePort } from './ports.ts'
export { type PostgresOptions, type RunningPostgres, startPostgres } from './postgres.ts'

import { defineConfig } from 'vitest/config'
import LongestFirst from './tests/support/longest-first.ts'

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          isolate: false,
          include: ['{apps,packages,scripts,tests}/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**', '**/*.{int,web,mini}.test.ts'],
          environment: 'node',
        },
      },
      {
        test: {
          name: 'integration',
          // Files of a worker share the loaded program: half of the run was importing it anew.
          isolate: false,
          include: ['{apps,packages,scripts,tests}/**/*.int.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          environment: 'node',
          globalSetup: ['tests/support/engines.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Half of the time a worker waits for the database.
          maxWorkers: 3,
        },
      },
      {
        test: {
          name: 'web',
          include: ['tests/**/*.web.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          environment: 'node',
          globalSetup: ['tests/support/engines.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          isolate: false,
          maxWorkers: 2,
          // A click on what is still moving may go nowhere on a busy machine; what fails twice is wrong. The report says so.
          retry: 1,
        },
      },
      {
        test: {
          name: 'mini',
          include: ['apps/storefront/mini/test/*.mini.test.ts'],
          environment: 'node',
          globalSetup: ['apps/storefront/mini/test/setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 1,
          fileParallelism: false,
        },
      },
    ],
  },
})
